/* Text with holes. In the tests' notation <A> is a parameter without a value, <AWS::X> a pseudo
 * parameter, <#Name.Attribute> a reference. */
#include "base/limits.h"
#include "node/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct eg_arena arena;
static struct eg_scenario scenario;

static int set_up(void **state) {
    (void)state;
    eg_arena_init(&arena);
    eg_scenario_init(&scenario, &arena, 4);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    eg_arena_done(&arena);
    return 0;
}

/* One identity per name, found by its characters: resources are told apart by pointer. */
static const char resources[256];

static const struct eg_node *reference(struct eg_str name) {
    size_t dot = eg_str_find(name, EG_STR("."), 0);
    struct eg_reference *made = EG_NEW(&arena, struct eg_reference);
    made->resource = &resources[(unsigned char)name.data[0]];
    made->logical_id = eg_str_slice(name, 0, dot);
    made->attribute = eg_str_from_offset(name, dot + 1);
    made->type = name.data[0] == 'R'   ? EG_STR("AWS::IAM::Role")
                 : name.data[0] == 'C' ? EG_STR("Custom::Thing")
                                       : EG_STR("AWS::EC2::SecurityGroup");
    struct eg_node *node = eg_node_new(&arena, EG_REFERENCE, NULL);
    node->as.reference = made;
    return node;
}

static const struct eg_node *hole(struct eg_str name) {
    if (name.data[0] == '#')
        return reference(eg_str_from_offset(name, 1));
    bool pseudo = eg_str_starts_with(name, EG_STR("AWS::"));
    return eg_node_unknown(
        &arena,
        (struct eg_unknown){.why = pseudo ? EG_WHY_PSEUDO_PARAMETER : EG_WHY_PARAMETER,
                            .name = name},
        NULL);
}

static const struct eg_node *text(const char *form) {
    struct eg_list_builder pieces;
    eg_list_begin(&pieces, &arena);
    struct eg_str rest = eg_str_copy(&arena, eg_str_from(form));
    while (rest.length > 0) {
        size_t begin = eg_str_find(rest, EG_STR("<"), 0);
        eg_list_add(&pieces, eg_node_string(&arena, eg_str_slice(rest, 0, begin), NULL));
        if (begin == SIZE_MAX)
            break;
        size_t end = eg_str_find(rest, EG_STR(">"), begin);
        eg_list_add(&pieces, hole(eg_str_slice(rest, begin + 1, end - begin - 1)));
        rest = eg_str_from_offset(rest, end + 1);
    }
    return eg_text_join(&arena, pieces.items, pieces.count, NULL);
}

static const char *const names[] = {"false", "true", "undecided"};

#define ASSERT_TRUTH(actual, expected, what)                                                       \
    do {                                                                                           \
        enum eg_truth found = (actual);                                                            \
        if (found != (expected))                                                                   \
            fail_msg("%s: %s, expected %s", (what), names[found], names[expected]);                \
    } while (0)

static void test_questions(void **state) {
    (void)state;
    static const struct {
        char question; /* ^ starts with, $ ends with, ~ contains, * glob, i glob without case */
        const char *text, *part;
        enum eg_truth expected;
    } cases[] = {
        {'^', "abc", "ab", EG_TRUE},
        {'^', "abc", "b", EG_FALSE},
        {'^', "abc", "abcd", EG_FALSE},
        {'^', "ab<A>", "ab", EG_TRUE},
        {'^', "ab<A>", "abc", EG_UNDECIDED},
        {'^', "ab<A>", "b", EG_FALSE},
        {'^', "<A>ab", "", EG_TRUE},
        {'^', "<A>ab", "x", EG_UNDECIDED},
        {'^', "<A>", "x", EG_UNDECIDED},
        {'^', "<AWS::AccountId>.dkr", "1", EG_UNDECIDED},
        {'^', "<AWS::AccountId>.dkr", "x", EG_FALSE},
        {'^', "<AWS::AccountId>.dkr", "123456789012.", EG_UNDECIDED},
        {'^', "<AWS::AccountId>.dkr", "1234567890123", EG_FALSE},
        {'^', "<#Role.Arn>", "arn:", EG_TRUE},
        {'^', "<#Role.Arn>", "arn:aws:", EG_UNDECIDED},
        {'^', "<#Role.Arn>", "http", EG_FALSE},
        {'^', "<#Custom.Arn>", "http", EG_UNDECIDED},
        {'^', "arn:<AWS::Partition>:iam", "arn:aws", EG_TRUE},
        {'^', "arn:<AWS::Partition>:iam", "arn:aws:s3", EG_FALSE},
        {'$', "<AWS::AccountId>.dkr.ecr.<AWS::Region>.amazonaws.com/app:latest", ":latest",
         EG_TRUE},
        {'$', "<AWS::AccountId>.dkr.ecr.<AWS::Region>.amazonaws.com/app:latest", ":1", EG_FALSE},
        {'$', "app:<Tag>", ":latest", EG_UNDECIDED},
        {'$', "app:<Tag>", "", EG_TRUE},
        {'$', "<A>b", "cb", EG_UNDECIDED},
        {'$', "x.<AWS::Region>", ".", EG_FALSE},
        {'~', "a<A>:b", ":", EG_TRUE},
        {'~', "a<A>b", ":", EG_UNDECIDED},
        {'~', "a<AWS::Region>b", ":", EG_FALSE},
        {'~', "a<AWS::Region>b", "-", EG_UNDECIDED},
        {'~', "abc", "d", EG_FALSE},
        {'~', "ab<A>", "bc", EG_UNDECIDED},
        {'*', "arn:aws:s3:::x/<A>", "arn:aws:s3:::*", EG_TRUE},
        {'*', "arn:aws:s3:::x/<A>", "arn:aws:s3:::x/?*", EG_UNDECIDED},
        {'*', "arn:aws:s3:::x/<AWS::StackName>", "arn:aws:s3:::x/?*", EG_TRUE},
        {'*', "arn:aws:s3:::x/<A>", "arn:aws:iam:*", EG_FALSE},
        {'*', "<A>", "*", EG_TRUE},
        {'*', "<A>", "**", EG_TRUE},
        {'*', "<A>", "?", EG_UNDECIDED},
        {'*', "<A>a<B>", "*a*", EG_TRUE},
        {'*', "<A>a<B>", "*?a*", EG_UNDECIDED},
        {'*', "xa<A>ab", "*?ab", EG_TRUE},
        {'*', "ecs:RunTask", "ecs:*", EG_TRUE},
        {'*', "ecs:RunTask", "ECS:run*", EG_FALSE},
        {'i', "ecs:RunTask", "ECS:run*", EG_TRUE},
        {'i', "ecs:<A>", "ECS:*", EG_TRUE},
        {'*', "\xC3\xA9", "?", EG_TRUE},
        {'*', "\xC3\xA9", "??", EG_FALSE},
        {'*', "", "*", EG_TRUE},
        {'*', "", "?", EG_FALSE},
        {'*', "abc", "a?c", EG_TRUE},
        {'*', "abcabcabd", "*abd", EG_TRUE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct eg_node *node = text(cases[i].text);
        struct eg_str part = eg_str_from(cases[i].part);
        char question = cases[i].question;
        enum eg_truth truth = question == '^'   ? eg_text_starts_with(node, part)
                              : question == '$' ? eg_text_ends_with(node, part)
                              : question == '~' ? eg_text_contains(node, part)
                                                : eg_text_matches_glob(node, part, question == 'i');
        char what[160];
        (void)snprintf(what, sizeof what, "%s %c %s", cases[i].text, question, cases[i].part);
        ASSERT_TRUTH(truth, cases[i].expected, what);
    }
}

static void test_empty(void **state) {
    (void)state;
    ASSERT_TRUTH(eg_text_is_empty(text("")), EG_TRUE, "nothing");
    ASSERT_TRUTH(eg_text_is_empty(text("a")), EG_FALSE, "a");
    ASSERT_TRUTH(eg_text_is_empty(text("<A>")), EG_UNDECIDED, "<A>");
    ASSERT_TRUTH(eg_text_is_empty(text("<A>x<B>")), EG_FALSE, "<A>x<B>");
    ASSERT_TRUTH(eg_text_is_empty(text("<A><B>")), EG_UNDECIDED, "<A><B>");
    ASSERT_TRUTH(eg_text_is_empty(text("<AWS::Region>")), EG_FALSE, "<AWS::Region>");
    ASSERT_TRUTH(eg_text_is_empty(text("<#Role.Arn>")), EG_FALSE, "<#Role.Arn>");
}

static void test_equal(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        enum eg_truth expected;
    } cases[] = {
        {"a", "a", EG_TRUE},
        {"a", "b", EG_FALSE},
        {"<A>", "<A>", EG_TRUE},
        {"<A>", "<B>", EG_UNDECIDED},
        {"<A>", "x", EG_UNDECIDED},
        {"<A>-x", "<A>-x", EG_TRUE},
        {"<A>-x", "<A>-y", EG_FALSE},
        {"<A>-x", "<B>-y", EG_FALSE},
        {"<A>-x", "<B>-x", EG_UNDECIDED},
        {"<A>", "<A>-x", EG_FALSE},
        {"x<A>", "x<A>y<B>", EG_FALSE},
        {"<A>x<B>", "<B>x<A>", EG_UNDECIDED},
        {"x<A>", "y<B>", EG_FALSE},
        {"x<A>", "y", EG_FALSE},
        {"x<A>", "xy", EG_UNDECIDED},
        {"x<A>x", "x", EG_FALSE},
        {"x<A>x", "xx", EG_UNDECIDED},
        {"ab<A>ba", "aba", EG_FALSE},
        {"<A>m<B>", "xnx", EG_FALSE},
        {"<A>m<B>", "xmx", EG_UNDECIDED},
        {"<AWS::AccountId>", "123456789012", EG_UNDECIDED},
        {"<AWS::AccountId>", "12345", EG_FALSE},
        {"<AWS::Region>", "eu-west-1", EG_UNDECIDED},
        {"<AWS::Region>", "", EG_FALSE},
        {"<#Role.Arn>", "<#Role.Arn>", EG_TRUE},
        {"<#Role.Arn>", "<#Sg.Arn>", EG_FALSE},
        {"<#Role.Arn>", "<#Role.RoleName>", EG_UNDECIDED},
        {"<#Sg.GroupId>", "<#Tg.GroupId>", EG_FALSE},
        {"<#Sg.VpcId>", "<#Tg.VpcId>", EG_UNDECIDED},
        {"<#Sg.Ref>", "<#Tg.Ref>", EG_FALSE},
        {"<#Sg.Ref>", "<#Role.Ref>", EG_UNDECIDED},
        {"<#Role.Arn>", "arn:aws:iam::1:role/x", EG_UNDECIDED},
        {"<#Role.Arn>", "*", EG_FALSE},
        {"<#Role.Arn>/*", "<#Role.Arn>/*", EG_TRUE},
        {"<#Role.Arn>/*", "<#Role.Arn>", EG_FALSE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char what[160];
        (void)snprintf(what, sizeof what, "%s == %s", cases[i].a, cases[i].b);
        const struct eg_node *a = text(cases[i].a), *b = text(cases[i].b);
        ASSERT_TRUTH(eg_text_equal(&scenario, a, b), cases[i].expected, what);
        ASSERT_TRUTH(eg_text_equal(&scenario, b, a), cases[i].expected, what);
    }
}

static struct eg_node number(enum eg_kind kind, double value) {
    struct eg_node node = {.kind = (uint8_t)kind};
    if (kind == EG_DOUBLE)
        node.as.number = value;
    else
        node.as.integer = (int64_t)value;
    return node;
}

static void test_equal_numbers(void **state) {
    (void)state;
    struct eg_node one = number(EG_INT, 1), uone = number(EG_UINT, 1), done = number(EG_DOUBLE, 1);
    struct eg_node half = number(EG_DOUBLE, 0.5), minus = number(EG_INT, -1);
    struct eg_node nan = number(EG_DOUBLE, (double)NAN), umax = {.kind = EG_UINT};
    umax.as.unsigned_integer = UINT64_MAX;
    struct eg_node large = number(EG_DOUBLE, 0x1p63), most = {.kind = EG_INT};
    most.as.integer = INT64_MAX;
    assert_int_equal(eg_text_equal(&scenario, &one, &uone), EG_TRUE);
    assert_int_equal(eg_text_equal(&scenario, &one, &done), EG_TRUE);
    assert_int_equal(eg_text_equal(&scenario, &uone, &done), EG_TRUE);
    assert_int_equal(eg_text_equal(&scenario, &one, &half), EG_FALSE);
    assert_int_equal(eg_text_equal(&scenario, &minus, &umax), EG_FALSE);
    assert_int_equal(eg_text_equal(&scenario, &most, &large), EG_FALSE);
    assert_int_equal(eg_text_equal(&scenario, &nan, &nan), EG_FALSE);
    assert_int_equal(eg_text_equal(&scenario, &one, text("1")), EG_FALSE);
    assert_int_equal(eg_text_equal(&scenario, &one, text("<A>")), EG_UNDECIDED);
    assert_int_equal(eg_text_equal(&scenario, &one, text("x<A>")), EG_FALSE);
}

static const struct eg_node *list(const char *a, const char *b) {
    struct eg_list_builder builder;
    eg_list_begin(&builder, &arena);
    if (a != NULL)
        eg_list_add(&builder, text(a));
    else
        eg_list_add(&builder, eg_node_absent());
    if (b != NULL)
        eg_list_add(&builder, text(b));
    return eg_list_node(&builder, NULL);
}

static const struct eg_node *map(const char *key, const char *value, const char *key2,
                                 const char *value2) {
    struct eg_map_builder builder;
    eg_map_begin(&builder, &arena);
    eg_map_add(&builder, eg_str_from(key), 0, text(value), NULL);
    if (key2 != NULL)
        eg_map_add(&builder, eg_str_from(key2), 0, value2 == NULL ? eg_node_absent() : text(value2),
                   NULL);
    return eg_map_node(&builder, NULL);
}

static void test_equal_collections(void **state) {
    (void)state;
    ASSERT_TRUTH(eg_text_equal(&scenario, list("a", "b"), list("a", "b")), EG_TRUE, "lists");
    ASSERT_TRUTH(eg_text_equal(&scenario, list("a", "b"), list("a", "c")), EG_FALSE, "lists");
    ASSERT_TRUTH(eg_text_equal(&scenario, list("a", "<A>"), list("a", "c")), EG_UNDECIDED, "hole");
    ASSERT_TRUTH(eg_text_equal(&scenario, list("<A>", "b"), list("a", "c")), EG_FALSE, "hole");
    ASSERT_TRUTH(eg_text_equal(&scenario, list("a", NULL), list("a", "c")), EG_FALSE, "length");
    ASSERT_TRUTH(eg_text_equal(&scenario, list(NULL, "a"), list("a", NULL)), EG_TRUE, "absent");
    ASSERT_TRUTH(eg_text_equal(&scenario, map("k", "a", "l", "b"), map("l", "b", "k", "a")),
                 EG_TRUE, "maps");
    ASSERT_TRUTH(eg_text_equal(&scenario, map("k", "a", "l", "b"), map("k", "a", NULL, NULL)),
                 EG_FALSE, "missing key");
    ASSERT_TRUTH(eg_text_equal(&scenario, map("k", "a", NULL, NULL), map("k", "a", "l", "b")),
                 EG_FALSE, "further key");
    ASSERT_TRUTH(eg_text_equal(&scenario, map("k", "a", "l", NULL), map("k", "a", NULL, NULL)),
                 EG_TRUE, "absent value");
    ASSERT_TRUTH(eg_text_equal(&scenario, map("k", "<A>", NULL, NULL), map("k", "a", NULL, NULL)),
                 EG_UNDECIDED, "hole");
    ASSERT_TRUTH(eg_text_equal(&scenario, list("a", "b"), map("k", "a", NULL, NULL)), EG_FALSE,
                 "kinds");
}

/* A parameter with AllowedValues dev and prod. */
static void test_equal_variable(void **state) {
    (void)state;
    const struct eg_node *values[] = {text("dev"), text("prod")};
    struct eg_variable variable = {
        .name = EG_STR("Env"), .values = values, .count = 2, .number = 1};
    const struct eg_node *env = eg_node_unknown(
        &arena,
        (struct eg_unknown){.why = EG_WHY_PARAMETER, .name = EG_STR("Env"), .variable = &variable},
        NULL);
    ASSERT_TRUTH(eg_text_equal(&scenario, env, text("dev")), EG_UNDECIDED, "one of them");
    ASSERT_TRUTH(eg_text_equal(&scenario, env, text("test")), EG_FALSE, "none of them");
    variable.open = true;
    ASSERT_TRUTH(eg_text_equal(&scenario, env, text("test")), EG_UNDECIDED, "open");
    eg_scenario_assign(&scenario, &variable, 2);
    ASSERT_TRUTH(eg_text_equal(&scenario, env, text("dev")), EG_FALSE, "another value");
    ASSERT_TRUTH(eg_text_equal(&scenario, env, text("test")), EG_UNDECIDED, "another value");
    eg_scenario_assign(&scenario, &variable, 1);
    ASSERT_TRUTH(eg_text_equal(&scenario, env, text("prod")), EG_TRUE, "assigned");
    eg_scenario_assign(&scenario, &variable, EG_UNASSIGNED);
}

/* ---- every small text against every small pattern ---- */

/* The classic backtracking match, the oracle. */
static bool matches(const char *pattern, const char *string) {
    if (*pattern == '\0')
        return *string == '\0';
    if (*pattern == '*')
        return matches(pattern + 1, string) || (*string != '\0' && matches(pattern, string + 1));
    return *string != '\0' && (*pattern == '?' || *pattern == *string) &&
           matches(pattern + 1, string + 1);
}

/* Fills the holes '<' of FORM with every text of up to 4 characters out of a, b and z (which no
 * pattern names), and counts how many of the results match. */
static void fill(const char *form, char *filled, size_t length, const char *pattern,
                 unsigned counts[2]) {
    if (*form == '\0') {
        filled[length] = '\0';
        counts[matches(pattern, filled)]++;
        return;
    }
    if (*form != '<') {
        filled[length] = *form;
        fill(form + 1, filled, length + 1, pattern, counts);
        return;
    }
    for (unsigned size = 0, texts = 1; size <= 4; size++, texts *= 3)
        for (unsigned i = 0; i < texts; i++) {
            for (unsigned j = 0, digits = i; j < size; j++, digits /= 3)
                filled[length + j] = "abz"[digits % 3];
            fill(form + 1, filled, length + size, pattern, counts);
        }
}

static void test_glob_exhaustively(void **state) {
    (void)state;
    static const char *const forms[] = {"<",    "a<", "<a",    "a<b",  "<a<", "ab<ba", "<ab<",
                                        "a<a<", "<<", "aa<aa", "b<ab", "",    "ab",    "aab<b"};
    char pattern[8];
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        char written[64] = "";
        for (const char *c = forms[f]; *c != '\0'; c++)
            (void)snprintf(written + strlen(written), sizeof written - strlen(written), "%s%c%s",
                           *c == '<' ? "<" : "", *c == '<' ? (char)('A' + (c - forms[f])) : *c,
                           *c == '<' ? ">" : "");
        const struct eg_node *node = text(written);
        for (unsigned size = 0, patterns = 1; size <= 4; size++, patterns *= 4)
            for (unsigned i = 0; i < patterns; i++) {
                for (unsigned j = 0, digits = i; j < size; j++, digits /= 4)
                    pattern[j] = "ab?*"[digits % 4];
                pattern[size] = '\0';
                char filled[32], what[80];
                unsigned counts[2] = {0, 0};
                fill(forms[f], filled, 0, pattern, counts);
                (void)snprintf(what, sizeof what, "%s against %s", written, pattern);
                enum eg_truth expected = counts[0] == 0   ? EG_TRUE
                                         : counts[1] == 0 ? EG_FALSE
                                                          : EG_UNDECIDED;
                ASSERT_TRUTH(eg_text_matches_glob(node, eg_str_from(pattern), false), expected,
                             what);
            }
    }
}

/* Patterns on which backtracking would not end in our time. */
static void test_glob_cost(void **state) {
    (void)state;
    char pattern[201], string[2001];
    for (size_t i = 0; i < 200; i += 2)
        memcpy(pattern + i, "*a", 2);
    pattern[199] = 'b';
    pattern[200] = '\0';
    memset(string, 'a', 2000);
    string[2000] = '\0';
    ASSERT_TRUTH(eg_text_matches_glob(text(string), eg_str_from(pattern), false), EG_FALSE, "a…b");
    string[1000] = '<';
    string[1001] = 'H';
    string[1002] = '>';
    ASSERT_TRUTH(eg_text_matches_glob(text(string), eg_str_from(pattern), false), EG_FALSE, "a…b");
    string[1999] = 'b';
    ASSERT_TRUTH(eg_text_matches_glob(text(string), eg_str_from(pattern), false), EG_TRUE, "a…b");
}

/* ---- joining, splitting, slicing, showing ---- */

static const char *shown(const struct eg_node *node) {
    return eg_text_show(&arena, node).data;
}

static void test_join(void **state) {
    (void)state;
    struct eg_node three = number(EG_INT, 3);
    const struct eg_node *scalars[] = {text("a"), &three, eg_node_bool(true), eg_node_absent()};
    const struct eg_node *joined = eg_text_join(&arena, scalars, 4, NULL);
    assert_int_equal(joined->kind, EG_STRING);
    assert_string_equal(shown(joined), "a3true");

    const struct eg_node *mixed[] = {text("a"), text("b<X>c"), text("d"), text("<Y>")};
    joined = eg_text_join(&arena, mixed, 4, NULL);
    assert_int_equal(joined->kind, EG_PARTIAL);
    assert_int_equal(joined->as.list.count, 4);
    assert_string_equal(shown(joined), "ab${X}cd${Y}");

    struct eg_source source = {.text = EG_STR("xyz")};
    struct eg_node at = {.source = &source, .offset = 2};
    const struct eg_node *one[] = {text(""), text("<X>"), text("")};
    joined = eg_text_join(&arena, one, 3, &at);
    assert_int_equal(joined->kind, EG_UNKNOWN);
    assert_int_equal(joined->offset, 2);
    assert_ptr_equal(joined->origin, one[1]);
    assert_int_equal(eg_text_join(&arena, NULL, 0, NULL)->kind, EG_STRING);
}

static void test_join_keeps_secrets(void **state) {
    (void)state;
    struct eg_node secret = *text("hunter2");
    secret.flags = EG_FLAG_SECRET;
    const struct eg_node *pieces[] = {text("password="), &secret};
    const struct eg_node *joined = eg_text_join(&arena, pieces, 2, NULL);
    assert_true(joined->flags & EG_FLAG_SECRET);
    assert_string_equal(shown(joined), "(secret)");
    const struct eg_node *holed[] = {text("<A>"), &secret};
    assert_string_equal(shown(eg_text_join(&arena, holed, 2, NULL)), "${A}(secret)");
}

static void test_join_is_bounded(void **state) {
    (void)state;
    const struct eg_node *doubled = text("0123456789");
    for (int i = 0; i < 500 && doubled->kind != EG_UNKNOWN; i++) {
        const struct eg_node *pieces[] = {doubled, doubled};
        doubled = eg_text_join(&arena, pieces, 2, NULL);
    }
    assert_int_equal(doubled->kind, EG_UNKNOWN);
    assert_true(arena.total < 16 * EG_LIMIT_TEXT_BYTES);
    doubled = text("<A>x");
    for (int i = 0; i < 20 && doubled->kind != EG_UNKNOWN; i++) {
        const struct eg_node *pieces[] = {doubled, doubled};
        doubled = eg_text_join(&arena, pieces, 2, NULL);
    }
    assert_int_equal(doubled->kind, EG_UNKNOWN);
}

static void test_split(void **state) {
    (void)state;
    static const struct {
        const char *text, *separator;
        bool exact;
        const char *parts; /* joined by " | " */
    } cases[] = {
        {"a,b,c", ",", true, "a | b | c"},
        {"", ",", true, ""},
        {",", ",", true, " | "},
        {"a", ",", true, "a"},
        {"a--b-c", "--", true, "a | b-c"},
        {"a,<X>,c", ",", false, "a | ? | c"},
        {"a,<AWS::Region>,c", ",", true, "a | AWS::Region | c"},
        {"a:x<AWS::AccountId>y:c", ":", true, "a | x${AWS::AccountId}y | c"},
        {"arn:<AWS::Partition>:s3", ":", true, "arn | AWS::Partition | s3"},
        {"<AWS::Region>", "-", false, "?"},
        {"<#Role.Arn>", ":", false, "arn | ? | ? | ? | ? | ?"},
        {"<#Role.Arn>", "/", false, "?"},
        {"a<X>b,c", ",", false, "? | c"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool exact;
        struct eg_list parts =
            eg_text_split(&arena, text(cases[i].text), eg_str_from(cases[i].separator), &exact);
        struct eg_str joined = EG_STR("");
        for (uint32_t j = 0; j < parts.count; j++) {
            bool nameless =
                parts.items[j]->kind == EG_UNKNOWN && parts.items[j]->as.unknown->name.length == 0;
            joined = eg_str_format(&arena, "%.*s%s%s", EG_STR_ARGS(joined), j == 0 ? "" : " | ",
                                   nameless ? "?" : shown(parts.items[j]));
        }
        assert_string_equal(joined.length == 0 ? "" : joined.data, cases[i].parts);
        assert_int_equal(exact, cases[i].exact);
    }
}

static void test_slice(void **state) {
    (void)state;
    assert_string_equal(shown(eg_text_slice(&arena, text("abcdef"), 1, 3)), "bcd");
    assert_string_equal(shown(eg_text_slice(&arena, text("abc<X>"), 1, 2)), "bc");
    assert_null(eg_text_slice(&arena, text("abc<X>"), 1, 3));
    assert_null(eg_text_slice(&arena, text("abc"), 4, 0));
    assert_null(eg_text_slice(&arena, text("<X>"), 0, 1));
}

static void test_show(void **state) {
    (void)state;
    assert_string_equal(shown(text("<AWS::AccountId>.dkr.ecr")), "${AWS::AccountId}.dkr.ecr");
    assert_string_equal(shown(text("<#PrivateA.Arn>")), "PrivateA.Arn");
    assert_string_equal(shown(text("<#PrivateA.Ref>")), "PrivateA");
    assert_string_equal(shown(text("x-<#PrivateA.Ref>")), "x-${PrivateA}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_equal_numbers),
        cmocka_unit_test(test_equal_collections),
        cmocka_unit_test(test_equal_variable),
        cmocka_unit_test(test_glob_exhaustively),
        cmocka_unit_test(test_glob_cost),
        cmocka_unit_test(test_join),
        cmocka_unit_test(test_join_keeps_secrets),
        cmocka_unit_test(test_join_is_bounded),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_slice),
        cmocka_unit_test(test_show),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
