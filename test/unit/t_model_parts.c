/* The parts that the model's facts are made with: networks, ARNs against patterns, text with holes.
 */
#include "model/cidr.h"
#include "model/holes.h"
#include "model/normalize.h"
#include "model/permission.h"
#include "node/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct eg_arena arena;
static struct eg_scenario scenario;

static int set_up(void **state) {
    (void)state;
    eg_arena_init(&arena);
    eg_scenario_init(&scenario, &arena, 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    eg_arena_done(&arena);
    return 0;
}

static const struct eg_node *text(const char *value) {
    return eg_node_string(&arena, eg_str_from(value), NULL);
}

static const struct eg_node *hole(enum eg_why why, const char *name) {
    return eg_node_unknown(&arena, (struct eg_unknown){.why = why, .name = eg_str_from(name)},
                           NULL);
}

/* "a${B}c": parts in braces are pseudo parameters if they begin with "AWS::", else parameters. */
static const struct eg_node *holed(const char *value) {
    struct eg_list_builder pieces;
    eg_list_begin(&pieces, &arena);
    struct eg_str rest = eg_str_from(value);
    for (;;) {
        size_t start = eg_str_find(rest, EG_STR("${"), 0);
        if (start == SIZE_MAX)
            break;
        size_t end = eg_str_find(rest, EG_STR("}"), start);
        struct eg_str name = eg_str_copy(&arena, eg_str_slice(rest, start + 2, end - start - 2));
        bool pseudo = eg_str_starts_with(name, EG_STR("AWS::"));
        eg_list_add(&pieces, eg_node_string(&arena, eg_str_slice(rest, 0, start), NULL));
        eg_list_add(&pieces, hole(pseudo ? EG_WHY_PSEUDO_PARAMETER : EG_WHY_PARAMETER, name.data));
        rest = eg_str_from_offset(rest, end + 1);
    }
    eg_list_add(&pieces, eg_node_string(&arena, rest, NULL));
    return eg_text_join(&arena, pieces.items, pieces.count, NULL);
}

static void reads_networks(void **state) {
    (void)state;
    static const struct {
        const char *written, *normal;
        enum eg_cidr_class class;
    } cases[] = {
        {"0.0.0.0/0", "0.0.0.0/0", EG_CIDR_ALL},
        {"1.2.3.4/0", "0.0.0.0/0", EG_CIDR_ALL},
        {"0:0:0:0:0:0:0:0/0", "::/0", EG_CIDR_ALL},
        {"0.0.0.0/1", "0.0.0.0/1", EG_CIDR_WIDE},
        {"8.0.0.0/7", "8.0.0.0/7", EG_CIDR_WIDE},
        {"2000::/3", "2000::/3", EG_CIDR_WIDE},
        {"203.0.113.7", "203.0.113.7/32", EG_CIDR_SOME},
        {"11.1.2.3/8", "11.0.0.0/8", EG_CIDR_SOME},
        {"2001:db8::1/32", "2001:db8::/32", EG_CIDR_SOME},
        {"10.1.0.0/16", "10.1.0.0/16", EG_CIDR_PRIVATE},
        {"172.31.255.1/20", "172.31.240.0/20", EG_CIDR_PRIVATE},
        {"172.32.0.0/16", "172.32.0.0/16", EG_CIDR_SOME},
        {"100.64.0.0/10", "100.64.0.0/10", EG_CIDR_PRIVATE},
        {"fd00::/8", "fd00::/8", EG_CIDR_PRIVATE},
        /* Wider than any private network is public. */
        {"10.0.0.0/7", "10.0.0.0/7", EG_CIDR_WIDE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct eg_cidr cidr;
        assert_true(eg_cidr_parse(eg_str_from(cases[i].written), &cidr));
        assert_true(eg_str_is(eg_cidr_text(&arena, &cidr), cases[i].normal));
        assert_int_equal(eg_cidr_class(&cidr), cases[i].class);
    }
    static const char *const broken[] = {"",
                                         "/",
                                         "10.0.0.0/33",
                                         "::/129",
                                         "10.0.0/8",
                                         "x/0",
                                         "10.0.0.0/-1",
                                         "10.0.0.0/ 8x",
                                         "1111:2222:3333:4444:5555:6666:7777:8888:9999/1"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct eg_cidr cidr;
        assert_false(eg_cidr_parse(eg_str_from(broken[i]), &cidr));
    }
}

static void adds_networks_up(void **state) {
    (void)state;
    static const struct {
        const char *networks[4];
        bool all;
    } cases[] = {
        {{"0.0.0.0/1", "128.0.0.0/1"}, true},
        {{"128.0.0.0/1", "0.0.0.0/2", "64.0.0.0/2"}, true},
        {{"0.0.0.0/1", "0.0.0.0/1"}, false},
        {{"0.0.0.0/1", "128.0.0.0/2"}, false},
        {{"10.0.0.0/8", "0.0.0.0/1", "64.0.0.0/2", "128.0.0.0/1"}, true},
        {{"::/1", "8000::/1"}, true},
        {{"::/1", "8000::/2"}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct eg_cidr cidrs[4];
        size_t count = 0;
        for (; count < 4 && cases[i].networks[count] != NULL; count++)
            assert_true(eg_cidr_parse(eg_str_from(cases[i].networks[count]), &cidrs[count]));
        assert_int_equal(eg_cidr_cover_all(cidrs, count), cases[i].all);
    }
}

static void matches_arns(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *arn;
        enum eg_truth matches;
    } cases[] = {
        {"*", "arn:aws:s3:::b/x", EG_TRUE},
        {"arn:aws:s3:::b/*", "arn:aws:s3:::b/x", EG_TRUE},
        {"arn:aws:s3:::b/*", "arn:aws:s3:::c/x", EG_FALSE},
        {"arn:aws:s3:::b", "arn:aws:s3:::b/x", EG_FALSE},
        {"arn:aws:s3:::?/x", "arn:aws:s3:::b/x", EG_TRUE},
        /* Holes that are the same, that may be the same, and that can't be. */
        {"arn:aws:s3:::${Name}/*", "arn:aws:s3:::${Name}/x", EG_TRUE},
        {"arn:aws:s3:::${Name}/*", "arn:aws:s3:::${Other}/x", EG_UNDECIDED},
        {"arn:aws:s3:::${Name}/*", "arn:aws:s3:::b/x", EG_UNDECIDED},
        {"arn:aws:s3:::b", "arn:aws:s3:::${Name}", EG_UNDECIDED},
        {"arn:aws:sqs:${AWS::Region}:1:q", "arn:aws:sqs:eu-west-1:1:q", EG_UNDECIDED},
        {"arn:aws:sqs:${AWS::Region}:1:q", "arn:aws:sqs:eu-west-1:2:q", EG_FALSE},
        {"arn:aws:sqs:${AWS::Region}:1:q", "arn:aws:sqs:${AWS::Region}:1:q", EG_TRUE},
        {"arn:aws:sqs:*:*:q", "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:q", EG_TRUE},
        /* A partition is the deployment's own. */
        {"arn:${AWS::Partition}:s3:::b", "arn:aws-cn:s3:::b", EG_TRUE},
        /* A secret's ARN ends in six random characters. */
        {"arn:aws:secretsmanager:eu-west-1:1:secret:db",
         "arn:aws:secretsmanager:eu-west-1:1:secret:db", EG_FALSE},
        {"arn:aws:secretsmanager:eu-west-1:1:secret:db-??????",
         "arn:aws:secretsmanager:eu-west-1:1:secret:db", EG_TRUE},
        {"arn:aws:secretsmanager:eu-west-1:1:secret:db*",
         "arn:aws:secretsmanager:eu-west-1:1:secret:db", EG_TRUE},
        {"arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf",
         "arn:aws:secretsmanager:eu-west-1:1:secret:db", EG_UNDECIDED},
        {"arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf",
         "arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf", EG_TRUE},
        {"arn:aws:secretsmanager:eu-west-1:1:secret:other-??????",
         "arn:aws:secretsmanager:eu-west-1:1:secret:db", EG_FALSE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum eg_truth found =
            eg_arn_matches(&scenario, holed(cases[i].pattern), holed(cases[i].arn));
        if (found != cases[i].matches)
            fail_msg("%s against %s: %d, expected %d", cases[i].arn, cases[i].pattern, (int)found,
                     (int)cases[i].matches);
    }
    /* Longer than any ARN: open, not slow. */
    char *longest = eg_arena_alloc(&arena, 5001);
    for (size_t i = 0; i < 5000; i++)
        longest[i] = i % 2 == 0 ? '*' : 'a';
    assert_int_equal(eg_arn_matches(&scenario, text(longest), text("arn:aws:s3:::b")),
                     EG_UNDECIDED);
}

static void keeps_holes_apart(void **state) {
    (void)state;
    struct eg_holes holes;
    const struct eg_node *value = holed("a${X}b:${AWS::Region}");
    assert_true(eg_holes_make(&holes, &arena, value));
    assert_int_equal(holes.count, 2);
    assert_true(eg_holes_in(&holes, holes.text));
    assert_non_null(eg_holes_at(&holes, holes.text, 1));
    assert_null(eg_holes_at(&holes, holes.text, 0));
    const struct eg_node *part = eg_holes_node(&holes, eg_str_slice(holes.text, 0, 5));
    assert_int_equal(part->kind, EG_PARTIAL);
    assert_true(eg_str_is(eg_text_show(&arena, part), "a${X}b"));
    size_t colon = eg_str_find(holes.text, EG_STR(":"), 0);
    const struct eg_node *last = eg_holes_node(&holes, eg_str_from_offset(holes.text, colon + 1));
    assert_int_equal(last->kind, EG_UNKNOWN);
    /* Text that holds such characters itself can't be told from holes. */
    assert_false(eg_holes_make(&holes, &arena, text("\xEE\x80\x80")));
}

static void parses_json_with_holes(void **state) {
    (void)state;
    const struct eg_node *unknown;
    const struct eg_node *json = eg_holes_json(
        &arena, holed("{\"a\": \"x${X}\", \"n\": ${N}, \"q\": \"\\\"${X}\"}"), &unknown);
    assert_non_null(json);
    assert_int_equal(EG_GET(json, "a")->kind, EG_PARTIAL);
    assert_int_equal(EG_GET(json, "n")->kind, EG_UNKNOWN);
    assert_int_equal(EG_GET(json, "q")->kind, EG_PARTIAL);
    /* No JSON: known to be none, or for want of knowledge. */
    assert_null(eg_holes_json(&arena, text("{"), &unknown));
    assert_null(unknown);
    assert_null(eg_holes_json(&arena, holed("{${X}"), &unknown));
    assert_non_null(unknown);
    assert_null(eg_holes_json(&arena, hole(EG_WHY_PARAMETER, "X"), &unknown));
    assert_non_null(unknown);
}

static void hides_secrets(void **state) {
    (void)state;
    static const struct {
        const char *name, *value;
        bool secret;
    } cases[] = {
        {"DB_PASSWORD", "x", true},
        {"ApiToken", "x", true},
        {"MODE", "production", false},
        {"URL", "postgres://app:pw@db/x", true},
        {"URL", "https://example.com/a@b", false},
        {"URL", "redis://host:6379/0", false},
        {"X", "AKIAIOSFODNN7EXAMPLE", true},
        {"X", "-----BEGIN PRIVATE KEY-----", true},
        {"DB_PASSWORD", "", false},
        /* What the CDK calls things is no secret; a random text that is as long is. */
        {"X", "CourtCaseServiceBackendTask52EB4B9D", false},
        {"X", "Court-Case-Service-Backend-Task52EB4B9D", false},
        {"X", "CourtCaseServiceBackend7ask52EB4B9D", true},
        {"X", "CourtCaseServiceBackendTask52EB4B9g", true},
        {"DB_PASSWORD", "CourtCaseServiceBackendTask52EB4B9D", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(eg_looks_secret(eg_str_from(cases[i].name), eg_str_from(cases[i].value)),
                         cases[i].secret);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_networks),         cmocka_unit_test(adds_networks_up),
        cmocka_unit_test(matches_arns),           cmocka_unit_test(keeps_holes_apart),
        cmocka_unit_test(parses_json_with_holes), cmocka_unit_test(hides_secrets),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
