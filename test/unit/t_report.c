/* What the formats say about samples: that it can be read back, adds up, holds no secret, and lets
 * no text of an input out of its place. */
#include "report/compliance.h"
#include "report/excerpt.h"
#include "report/flow.h"
#include "support/sample_results.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const enum sample_kind kinds[] = {SAMPLE_SHOP,  SAMPLE_PASSING, SAMPLE_OPEN,
                                         SAMPLE_FLEET, SAMPLE_HOSTILE, SAMPLE_EMPTY};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* The output of a format for a sample, terminated. */
static char *render(enum sample_kind kind, const char *format, struct eg_buf *out) {
    struct sample sample;
    eg_buf_init(out);
    sample_make(&sample, kind);
    sample_render(&sample, format, out);
    sample_done(&sample);
    eg_buf_putc(out, '\0');
    return out->data;
}

static json_t *parse(const char *text) {
    json_error_t error;
    json_t *root = json_loads(text, 0, &error);
    if (root == NULL)
        fail_msg("line %d, column %d: %s", error.line, error.column, error.text);
    return root;
}

static bool holds(const char *text, const char *part) {
    return strstr(text, part) != NULL;
}

static uint32_t occurrences(const char *text, const char *part) {
    uint32_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
        count++;
    return count;
}

/* ---- every format ---- */

static void test_no_secret(void **state) {
    (void)state;
    uint32_t count;
    const struct eg_renderer *const *formats = eg_renderer_list(&count);
    for (uint32_t i = 0; i < count; i++)
        for (size_t k = 0; k < KINDS; k++) {
            struct eg_buf out;
            if (holds(render(kinds[k], formats[i]->name, &out), SAMPLE_SECRET))
                fail_msg("%s holds the secret", formats[i]->name);
            eg_buf_done(&out);
        }
}

/* The escape character, bidirectional controls and NUL never arrive anywhere. */
static void test_no_controls(void **state) {
    (void)state;
    uint32_t count;
    const struct eg_renderer *const *formats = eg_renderer_list(&count);
    for (uint32_t i = 0; i < count; i++) {
        struct eg_buf out;
        const char *text = render(SAMPLE_HOSTILE, formats[i]->name, &out);
        assert_int_equal(strlen(text), out.length - 1);
        assert_null(strchr(text, '\033'));
        assert_null(strchr(text, '\a'));
        eg_buf_done(&out);
    }
}

static void test_same_bytes(void **state) {
    (void)state;
    uint32_t count;
    const struct eg_renderer *const *formats = eg_renderer_list(&count);
    for (uint32_t i = 0; i < count; i++) {
        struct eg_buf first, second;
        render(SAMPLE_FLEET, formats[i]->name, &first);
        render(SAMPLE_FLEET, formats[i]->name, &second);
        assert_int_equal(first.length, second.length);
        assert_memory_equal(first.data, second.data, first.length);
        eg_buf_done(&first);
        eg_buf_done(&second);
    }
}

/* ---- the JSON family ---- */

static size_t results_with(json_t *results, const char *verdict) {
    size_t count = 0, i;
    json_t *result;
    json_array_foreach(results, i, result) count +=
        strcmp(json_string_value(json_object_get(result, "verdict")), verdict) == 0;
    return count;
}

static void test_json(void **state) {
    (void)state;
    static const char *const verdicts[] = {"pass", "fail", "unknown", "waived", "not-applicable"};
    for (size_t k = 0; k < KINDS; k++) {
        struct eg_buf out;
        json_t *root = parse(render(kinds[k], "json", &out));
        json_t *summary = json_object_get(root, "summary");
        json_t *results = json_object_get(root, "results");
        assert_string_equal(json_string_value(json_object_get(root, "ecsgate")), EG_VERSION);
        for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
            assert_int_equal(json_integer_value(json_object_get(summary, verdicts[i])),
                             results_with(results, verdicts[i]));
        json_decref(root);
        eg_buf_done(&out);
    }
}

/* The keys of design and schema, in their order, in every result. */
static void test_json_keys(void **state) {
    (void)state;
    static const char *const keys[] = {
        "rule",     "name",       "check",         "title",    "severity",   "verdict",
        "stack",    "resource",   "type",          "object",   "objectName", "file",
        "line",     "column",     "constructPath", "source",   "message",    "reason",
        "scenario", "condition",  "overridable",   "evidence", "path",       "waiver",
        "known",    "fingerprint"};
    struct eg_buf out;
    json_t *root = parse(render(SAMPLE_SHOP, "json", &out));
    json_t *results = json_object_get(root, "results"), *result, *value;
    size_t i;
    json_array_foreach(results, i, result) {
        const char *key;
        size_t k = 0;
        assert_int_equal(json_object_size(result), sizeof keys / sizeof keys[0]);
        json_object_foreach(result, key, value) assert_string_equal(key, keys[k++]);
    }
    json_decref(root);
    eg_buf_done(&out);
}

static void test_ndjson(void **state) {
    (void)state;
    struct eg_buf out;
    char *text = render(SAMPLE_FLEET, "ndjson", &out);
    size_t results = 0, others = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        json_t *root = parse(line);
        const char *kind = json_string_value(json_object_get(root, "kind"));
        assert_non_null(json_object_get(root, kind));
        results += strcmp(kind, "result") == 0;
        others += strcmp(kind, "result") != 0;
        json_decref(root);
    }
    assert_int_equal(results, 113);
    assert_int_equal(others, 3 + 1 + 1); /* inputs, an error, the summary */
    eg_buf_done(&out);
}

static void test_sarif(void **state) {
    (void)state;
    struct eg_buf out;
    json_t *root = parse(render(SAMPLE_SHOP, "sarif", &out));
    json_t *run = json_array_get(json_object_get(root, "runs"), 0), *result;
    json_t *rules =
        json_object_get(json_object_get(json_object_get(run, "tool"), "driver"), "rules");
    size_t i, suppressed = 0, open = 0;
    json_array_foreach(json_object_get(run, "results"), i, result) {
        size_t index = (size_t)json_integer_value(json_object_get(result, "ruleIndex"));
        assert_string_equal(json_string_value(json_object_get(result, "ruleId")),
                            json_string_value(json_object_get(json_array_get(rules, index), "id")));
        assert_non_null(json_object_get(json_object_get(result, "partialFingerprints"),
                                        "primaryLocationLineHash"));
        suppressed += json_object_get(result, "suppressions") != NULL;
        open += strcmp(json_string_value(json_object_get(result, "kind")), "open") == 0;
    }
    assert_int_equal(i, 17 + 2 + 1);
    assert_int_equal(suppressed, 1);
    assert_int_equal(open, 2);
    json_array_foreach(json_object_get(run, "results"), i, result) {
        json_t *steps = json_object_get(
            json_array_get(json_object_get(json_array_get(json_object_get(result, "codeFlows"), 0),
                                           "threadFlows"),
                           0),
            "locations");
        const char *id = json_string_value(json_object_get(result, "ruleId"));
        assert_int_equal(json_array_size(steps), strcmp(id, "ECS-SG-001") == 0 ? 3 : 0);
    }
    json_decref(root);
    eg_buf_done(&out);
}

static void test_gitlab(void **state) {
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct eg_buf out;
        json_t *root = parse(render(kinds[k], "gitlab", &out));
        assert_int_equal(json_array_size(root), kinds[k] == SAMPLE_SHOP      ? 17
                                                : kinds[k] == SAMPLE_HOSTILE ? 17
                                                : kinds[k] == SAMPLE_FLEET   ? 97
                                                                             : 0);
        json_decref(root);
        eg_buf_done(&out);
    }
}

/* ---- lines ---- */

/* Every line of a workflow file is one command of ours: no text of an input begins one. */
static void test_github(void **state) {
    (void)state;
    struct eg_buf out;
    char *text = render(SAMPLE_HOSTILE, "github", &out);
    size_t count = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"), count++) {
        bool ours = strncmp(line, "::error file=", 13) == 0 ||
                    strncmp(line, "::warning file=", 15) == 0 ||
                    strncmp(line, "::notice file=", 14) == 0;
        assert_true(ours);
        assert_null(strchr(line, '\r'));
        assert_null(strstr(line, "##["));
    }
    assert_int_equal(count, 17 + 2);
    eg_buf_done(&out);
}

/* A line of text that begins with "::" would be a command, whatever is written before it. */
static void test_text(void **state) {
    (void)state;
    struct eg_buf out;
    char *text = render(SAMPLE_HOSTILE, "text", &out);
    assert_null(strstr(text, "##["));
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_int_not_equal(strncmp(line + strspn(line, " "), "::", 2), 0);
    eg_buf_done(&out);
}

static void test_flow(void **state) {
    (void)state;
    static const struct {
        uint32_t width;
        const char *first, *second, *expected;
    } cases[] = {
        {0, "::error::x ::y", "", "  \\u{3a}:error::x ::y\n"},
        {0, "  ", "::error", "    \\u{3a}:error\n"},
        {0, "a", "::b", "  a::b\n"},
        {8, "aaaa", " ::b cc", "  aaaa ::b\n    cc\n"},
        {8, "::b", " aa bbb", "  \\u{3a}:b\n    aa\n    bbb\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct eg_buf out;
        struct eg_flow flow = {.out = &out, .width = cases[i].width};
        eg_buf_init(&out);
        eg_flow_begin(&flow, 2, 4);
        eg_flow_puts(&flow, EG_STYLE_NONE, cases[i].first);
        eg_flow_puts(&flow, EG_STYLE_NONE, cases[i].second);
        eg_flow_end(&flow);
        eg_buf_putc(&out, '\0');
        assert_string_equal(out.data, cases[i].expected);
        eg_buf_done(&out);
    }
}

/* GitHub links "[text](address)" in a message. */
static void test_sarif_links(void **state) {
    (void)state;
    struct eg_buf out;
    json_t *root = parse(render(SAMPLE_HOSTILE, "sarif", &out)), *result;
    size_t i;
    json_array_foreach(json_object_get(json_array_get(json_object_get(root, "runs"), 0), "results"),
                       i, result) {
        const char *text =
            json_string_value(json_object_get(json_object_get(result, "message"), "text"));
        assert_null(strstr(text, "]("));
    }
    assert_true(i > 0);
    json_decref(root);
    eg_buf_done(&out);
}

static void test_csv(void **state) {
    (void)state;
    struct eg_buf out;
    const char *text = render(SAMPLE_HOSTILE, "csv", &out);
    assert_int_equal(occurrences(text, "\r\n"), 1 + 33);
    assert_int_equal(occurrences(text, "\n"), 1 + 33);
    assert_false(holds(text, ",\"="));
    assert_false(holds(text, ",\"+"));
    assert_false(holds(text, ",\"-"));
    assert_false(holds(text, ",\"@"));
    eg_buf_done(&out);
}

static void test_html(void **state) {
    (void)state;
    struct eg_buf out;
    const char *text = render(SAMPLE_HOSTILE, "html", &out);
    assert_int_equal(occurrences(text, "<script"), 1);
    assert_int_equal(occurrences(text, "<style"), 1);
    assert_false(holds(text, "<img"));
    assert_false(holds(text, " style="));
    assert_false(holds(text, "href=\"javascript:"));
    assert_true(holds(text, "default-src 'none'; style-src 'sha256-"));
    eg_buf_done(&out);
}

static void test_markdown(void **state) {
    (void)state;
    struct eg_buf out;
    const char *text = render(SAMPLE_HOSTILE, "markdown", &out);
    assert_false(holds(text, "\n# heading"));
    assert_false(holds(text, "\n- list"));
    /* Headings are ours: the title, the chapters and their topics. */
    for (const char *at = text; (at = strstr(at, "\n# ")) != NULL; at++)
        fail_msg("a heading of the first level inside");
    eg_buf_done(&out);
}

/* Nothing is said to comply that no input shows. */
static void test_not_examined(void **state) {
    (void)state;
    struct eg_buf out;
    const char *text = render(SAMPLE_PASSING, "markdown", &out);
    assert_true(holds(text, "**Status**: \xE2\x9E\x96 **NOT EXAMINED**"));
    assert_true(holds(text, "- [ ] \xE2\x9E\x96 Multi-stage builds for efficiency: not examined"));
    assert_false(holds(text, "- [x] \xE2\x9C\x85 Pre-deployment testing"));
    assert_true(holds(text, "READY FOR DEPLOYMENT"));
    assert_true(holds(text, "**Confidence Level**: **HIGH**"));
    eg_buf_done(&out);
    assert_true(holds(render(SAMPLE_OPEN, "markdown", &out), "CONDITIONALLY READY"));
    eg_buf_done(&out);
    assert_true(holds(render(SAMPLE_EMPTY, "markdown", &out), "NOT READY"));
    eg_buf_done(&out);
}

/* Thirty-one lines, whatever was found. */
static void test_checklists(void **state) {
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        struct eg_buf out;
        const char *text = render(kinds[k], "markdown", &out);
        assert_int_equal(occurrences(text, "\n- [ ] ") + occurrences(text, "\n- [x] "), 31);
        eg_buf_done(&out);
    }
}

/* What fails as information only is advice: it holds nothing up, but hides nothing either. */
static void test_advice(void **state) {
    (void)state;
    struct eg_counts counts = {.verdicts = {[EG_VERDICT_PASS] = 3, [EG_VERDICT_FAIL] = 1},
                               .failed = {[EG_SEVERITY_INFO] = 1}};
    assert_int_equal(eg_standing_of(&counts), EG_STANDING_ADVICE);
    assert_true(eg_standing_holds(EG_STANDING_ADVICE));
    counts.verdicts[EG_VERDICT_UNKNOWN] = 1;
    counts.open[EG_SEVERITY_INFO] = 1;
    assert_int_equal(eg_standing_of(&counts), EG_STANDING_ADVICE);
    counts.open[EG_SEVERITY_INFO] = 0;
    assert_int_equal(eg_standing_of(&counts), EG_STANDING_UNKNOWN);
    counts.verdicts[EG_VERDICT_FAIL] = 2;
    counts.failed[EG_SEVERITY_LOW] = 1;
    assert_int_equal(eg_standing_of(&counts), EG_STANDING_FAIL);
    assert_false(eg_standing_holds(EG_STANDING_FAIL));
}

static void test_text_options(void **state) {
    (void)state;
    struct sample sample;
    struct eg_buf out;
    eg_buf_init(&out);
    sample_make(&sample, SAMPLE_FLEET);
    sample.options.quiet = true;
    sample_render(&sample, "text", &out);
    eg_buf_putc(&out, '\0');
    assert_int_equal(occurrences(out.data, "\n"), 2);
    sample.options.quiet = false;
    sample.options.verbose = true;
    eg_buf_clear(&out);
    sample_render(&sample, "text", &out);
    eg_buf_putc(&out, '\0');
    assert_int_equal(occurrences(out.data, "[ECS-HARD-001]"), 82);
    assert_false(holds(out.data, "more:"));
    assert_true(holds(out.data, ": pass: "));
    sample.options.verbose = false;
    sample.options.colour = true;
    sample.options.width = 60;
    eg_buf_clear(&out);
    sample_render(&sample, "text", &out);
    eg_buf_putc(&out, '\0');
    assert_true(holds(out.data, "\033[1mand 33 more, \033[0m\033[1;31mhigh\033[0m: "));
    assert_true(holds(out.data, "\033[1;31mhigh\033[0m"));
    for (char *line = strtok(out.data, "\n"); line != NULL; line = strtok(NULL, "\n"))
        if (strstr(line, "Set readonlyRootFilesystem") != NULL)
            assert_true(strlen(line) <= 60 + strlen("\033[2m\033[0m"));
    sample_done(&sample);
    eg_buf_done(&out);
}

/* ---- the earlier result ---- */

static void test_previous(void **state) {
    (void)state;
    static const char earlier[] =
        "{\"ecsgate\": \"0.1.0\", \"results\": ["
        "{\"rule\": \"ECS-HARD-001\", \"title\": \"Read-only\", \"verdict\": \"fail\","
        " \"message\": \"was open, is open\", \"fingerprint\": "
        "\"00000000000000000000000000000008\"},"
        "{\"rule\": \"ECS-REG-001\", \"title\": \"Credentials\", \"verdict\": \"fail\","
        " \"message\": \"is mended\", \"fingerprint\": \"00000000000000000000000000000002\"},"
        "{\"rule\": \"ECS-OLD-001\", \"title\": \"Gone\", \"verdict\": \"fail\","
        " \"message\": \"is not judged\", \"fingerprint\": \"ffffffffffffffffffffffffffffffff\"},"
        "{\"rule\": \"ECS-HARD-001\", \"title\": \"Read-only\", \"verdict\": \"fail\","
        " \"stack\": \"Shop\", \"resource\": \"Removed\","
        " \"message\": \"is gone\", \"fingerprint\": \"fffffffffffffffffffffffffffffffe\"},"
        "{\"rule\": \"ECS-ROLE-001\", \"title\": \"Roles\", \"verdict\": \"fail\","
        " \"stack\": \"Shop\", \"resource\": \"WebTask\","
        " \"message\": \"fails otherwise\", \"fingerprint\": "
        "\"fffffffffffffffffffffffffffffffd\"},"
        "{\"rule\": \"ECS-HARD-005\", \"title\": \"User\", \"verdict\": \"fail\","
        " \"message\": \"is waived\", \"fingerprint\": \"0000000000000000000000000000000d\"},"
        "{\"rule\": \"ECS-REG-004\", \"title\": \"Form\", \"verdict\": \"fail\", \"stack\": "
        "\"Shop\","
        " \"resource\": \"RegistrySecret\", \"severity\": \"critical\","
        " \"message\": \"passes now\", \"fingerprint\": \"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\"},"
        "{\"rule\": \"ECS-IMG-001\", \"title\": \"Pinned\", \"verdict\": \"pass\","
        " \"message\": \"passed\", \"fingerprint\": \"00000000000000000000000000000006\"}]}";
    struct sample sample;
    struct eg_document document;
    struct eg_error error = {0};
    struct eg_buf out;
    eg_buf_init(&out);
    sample_make(&sample, SAMPLE_SHOP);
    assert_true(eg_read_json(&sample.arena, EG_STR("previous.json"), eg_str_from(earlier),
                             &document, &error));
    sample.options.previous = document.root;
    sample_render(&sample, "markdown", &out);
    eg_buf_putc(&out, '\0');
    assert_true(
        holds(out.data, "3 of the 7 findings of the earlier result are resolved; 16 are new"));
    assert_int_equal(occurrences(out.data, "**STILL OPEN**"), 2);
    assert_int_equal(occurrences(out.data, "**RESOLVED**"), 3);
    assert_int_equal(occurrences(out.data, "**CAN NOT BE DECIDED NOW**"), 1);
    assert_int_equal(occurrences(out.data, "(it is no longer there)"), 1);
    assert_int_equal(occurrences(out.data, "**WAIVED**"), 1);
    eg_buf_clear(&out);
    sample_render(&sample, "html", &out);
    eg_buf_putc(&out, '\0');
    assert_true(
        holds(out.data, "3 of the 7 findings of the earlier result are resolved; 16 are new"));
    sample_done(&sample);
    eg_buf_done(&out);
}

/* Values of secret parameters are hidden, in the list and in the command line. */
static void test_parameters(void **state) {
    (void)state;
    struct sample sample;
    struct eg_parameter_values parameters;
    struct eg_buf out;
    eg_buf_init(&out);
    sample_make(&sample, SAMPLE_SHOP);
    eg_map_init(&parameters.values, &sample.arena);
    const struct eg_node *secret =
        eg_node_string(&sample.arena, EG_STR(SAMPLE_SECRET " it's"), NULL);
    const struct eg_node *open = eg_node_string(&sample.arena, EG_STR("1.2.3"), NULL);
    (void)eg_map_put(&parameters.values, EG_STR("Shop.DbPassword"), (void *)(uintptr_t)secret);
    const struct eg_node *url =
        eg_node_string(&sample.arena, EG_STR("postgres://app:hunter2@db/app"), NULL);
    (void)eg_map_put(&parameters.values, EG_STR("ImageTag"), (void *)(uintptr_t)open);
    (void)eg_map_put(&parameters.values, EG_STR("DbUrl"), (void *)(uintptr_t)url);
    sample.options.parameters = &parameters;
    sample.options.command_line = EG_STR("ecsgate report -p 'Shop:DbPassword=" SAMPLE_SECRET
                                         " it'\\''s' -p DbUrl=postgres://app:hunter2@db/app"
                                         " -p ImageTag=1.2.3 cdk.out");
    static const char *const formats[] = {"markdown", "html"};
    for (int i = 0; i < 2; i++) {
        eg_buf_clear(&out);
        sample_render(&sample, formats[i], &out);
        eg_buf_putc(&out, '\0');
        assert_false(holds(out.data, SAMPLE_SECRET));
        assert_true(holds(out.data, "DbPassword=(secret)"));
        assert_true(holds(out.data, "DbUrl=(secret) -p"));
        assert_false(holds(out.data, "hunter2"));
        assert_true(holds(out.data, "ImageTag=1.2.3 cdk.out"));
        assert_true(holds(out.data, "1.2.3"));
    }
    sample_done(&sample);
    eg_buf_done(&out);
}

/* ---- excerpts ---- */

static void test_hide(void **state) {
    (void)state;
    static const struct {
        const char *line, *neighbour, *expected;
    } rows[] = {
        {"\"Password\": \"abc\",", "", "\"Password\": \"(secret)\","},
        {"MasterUserPassword: abc", "", "MasterUserPassword: (secret)"},
        {"\"PasswordLength\": 32", "", "\"PasswordLength\": 32"},
        {"\"SecretArn\": \"arn:aws:x\"", "", "\"SecretArn\": \"arn:aws:x\""},
        {"\"CredentialsParameter\": {\"Ref\": \"Secret\"}", "",
         "\"CredentialsParameter\": {\"Ref\": \"Secret\"}"},
        {"Password: '{{resolve:secretsmanager:x}}'", "",
         "Password: '{{resolve:secretsmanager:x}}'"},
        {"{\"Name\": \"API_TOKEN\", \"Value\": \"abc\"}", "",
         "{\"Name\": \"API_TOKEN\", \"Value\": \"(secret)\"}"},
        {"- {Name: DB_PASSWORD, Value: abc}", "", "- {Name: DB_PASSWORD, Value: (secret)}"},
        {"\"Value\": \"abc\"", "\"Name\": \"DB_PASSWORD\",", "\"Value\": \"(secret)\""},
        {"{\"Value\": \"abc\", \"Name\": \"DB_PASSWORD\"}", "",
         "{\"Value\": \"(secret)\", \"Name\": \"DB_PASSWORD\"}"},
        {"\"Value\": \"abc\"", "\"Name\": \"LOG_LEVEL\",", "\"Value\": \"abc\""},
        {"Value: redis://user:pw@cache:6379/0", "", "Value: redis://user:(secret)@cache:6379/0"},
        {"\"Value\": \"AKIAABCDEFGHIJKLMNOP\"", "", "\"Value\": \"(secret)\""},
        {"\"Image\": \"acme/web:1\"", "", "\"Image\": \"acme/web:1\""},
        /* A function's arguments belong to the value, whatever they are called; what Ref names
         * does not; behind the function the keys speak again. */
        {"\"MasterUserPassword\":{\"Fn::Sub\":\"hunter2${AWS::Region}\"},\"Port\":\"1\"", "",
         "\"MasterUserPassword\":{\"Fn::Sub\":\"(secret)\"},\"Port\":\"1\""},
        {"{\"Name\":\"DB_PASSWORD\",\"Value\":{\"Fn::Join\":[\"\",[{\"Ref\":\"Env\"},\"hunter3\"]]}"
         "}",
         "",
         "{\"Name\":\"DB_PASSWORD\",\"Value\":{\"Fn::Join\":[\"\",[{\"Ref\":\"Env\"},\"(secret)\"]]"
         "}}"},
        {"Password: {Fn::Sub: ['${P}', {P: hunter4}]}, Port: 1", "",
         "Password: {Fn::Sub: ['(secret)', {P: (secret)}]}, Port: 1"},
        {"{\"Name\":{\"Fn::Sub\":\"DB_PASSWORD\"},\"Value\":\"abc\"}", "",
         "{\"Name\":{\"Fn::Sub\":\"DB_PASSWORD\"},\"Value\":\"(secret)\"}"},
    };
    struct eg_arena arena;
    eg_arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(
            eg_excerpt_hide(&arena, eg_str_from(rows[i].line), eg_str_from(rows[i].neighbour)).data,
            rows[i].expected);
    eg_arena_done(&arena);
}

/* The excerpt of a template in one line begins at the key, is short, and marks the value. */
static void test_long_line(void **state) {
    (void)state;
    struct eg_arena arena;
    struct eg_buf text;
    eg_arena_init(&arena);
    eg_buf_init(&text);
    eg_buf_puts(&text, "{");
    for (int i = 0; i < 2000; i++)
        eg_buf_puts(&text, "\"Password\":\"abc\",");
    uint32_t column = (uint32_t)text.length + 1 + 13;
    eg_buf_puts(&text, "\"Privileged\":true,\"Value\":\"abc\",\"z\":\"");
    for (int i = 0; i < 5000; i++)
        eg_buf_puts(&text, "zz");
    eg_buf_puts(&text, "\"}");
    struct eg_result result = {
        .source = eg_source_new(&arena, EG_STR("t.json"), eg_buf_str(&text)),
        .place = {EG_STR("t.json"), 1, column},
    };
    struct eg_excerpt excerpt = eg_excerpt_of(&arena, &result, 60);
    assert_int_equal(excerpt.line, 1);
    assert_true(excerpt.text.length < 80);
    assert_memory_equal(excerpt.text.data + excerpt.mark, "true", 4);
    assert_int_equal(excerpt.mark_length, 4);
    assert_true(eg_str_contains(excerpt.text, EG_STR("\"Value\":\"(secret)\"")));
    assert_false(eg_str_contains(excerpt.text, EG_STR("abc")));
    eg_buf_done(&text);
    eg_arena_done(&arena);
}

/* The lines of a container: its head goes on with what it opens, each line without its own secret;
 * a pass shows the value that decided it and where the container is named, not the head. */
static void test_excerpts(void **state) {
    (void)state;
    static const char template[] = "{\n"
                                   "  \"Containers\": [\n"
                                   "    {\n"
                                   "      \"Environment\": [\n"
                                   "        {\"Value\": \"hunter2\",\n"
                                   "         \"Name\": \"DB_PASSWORD\"}\n"
                                   "      ],\n"
                                   "      \"Name\": \"web\",\n"
                                   "      \"Privileged\": false\n"
                                   "    }\n"
                                   "  ]\n"
                                   "}\n";
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_source *source = eg_source_new(&arena, EG_STR("t.json"), eg_str_from(template));
    size_t value = eg_str_find(source->text, EG_STR("false"), 0);
    size_t name = eg_str_find(source->text, EG_STR("\"web\""), 0);
    const struct eg_node at = {.source = source, .offset = (uint32_t)value};
    const struct eg_node name_at = {.source = source, .offset = (uint32_t)name};
    struct eg_evidence evidence = {
        .at = &at, .expression = EG_STR("container.privileged"), .value = EG_STR("false")};
    struct eg_result result = {.verdict = EG_VERDICT_FAIL,
                               .source = source,
                               .place = {EG_STR("t.json"), 3, 5},
                               .object = EG_STR("containerDefinitions[0]"),
                               .name_at = &name_at,
                               .evidence = &evidence,
                               .evidence_count = 1};
    struct eg_excerpt *excerpts;
    assert_int_equal(eg_excerpts_of(&arena, &result, 200, &excerpts), 3);
    assert_string_equal(excerpts[0].text.data,
                        "    { \"Environment\": [ {\"Value\": \"(secret)\", \"Name\": "
                        "\"DB_PASSWORD\"} ], \"Name\": \"web\", \"Privileged\": false }");
    assert_int_equal(excerpts[1].line, 8);
    assert_int_equal(excerpts[2].line, 9);
    assert_memory_equal(excerpts[2].text.data + excerpts[2].mark, "false", 5);
    result.verdict = EG_VERDICT_PASS;
    assert_int_equal(eg_excerpts_of(&arena, &result, 200, &excerpts), 2);
    assert_int_equal(excerpts[0].line, 8);
    result.evidence_count = 0;
    assert_int_equal(eg_excerpts_of(&arena, &result, 200, &excerpts), 2);
    assert_int_equal(excerpts[0].line, 3);
    eg_arena_done(&arena);
}

/* The arguments of a function for a secret, over several lines and wherever the excerpt begins. */
static void test_hide_below(void **state) {
    (void)state;
    static const char template[] =
        "{\n"
        "  \"MasterUserPassword\": {\n"
        "    \"Fn::Join\": [\n"
        "      \"\",\n"
        "      [\n"
        "        \"hunter3\",\n"
        "        {\"Ref\": \"Env\"}\n"
        "      ]\n"
        "    ]\n"
        "  },\n"
        "  \"Environment\": [\n"
        "    {\"Name\": \"DB_PASSWORD\", \"Value\": {\"Fn::Join\": [\"\", [\n"
        "      \"hunter3\"]]}},\n"
        "    {\"Name\": \"LEVEL\",\n"
        "     \"Value\": \"debug\"}\n"
        "  ]\n"
        "}\n";
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_source *source = eg_source_new(&arena, EG_STR("t.json"), eg_str_from(template));
    static const struct eg_place places[] = {{{0}, 1, 1}, {{0}, 2, 3},   {{0}, 2, 25},
                                             {{0}, 3, 5}, {{0}, 11, 18}, {{0}, 12, 5}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct eg_result result = {.source = source, .place = places[i]};
        struct eg_excerpt excerpt = eg_excerpt_of(&arena, &result, 500);
        assert_false(eg_str_contains(excerpt.text, EG_STR("hunter")));
        assert_int_equal(eg_str_contains(excerpt.text, EG_STR("debug")), i == 0 || i == 4);
    }
    eg_arena_done(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_secret),    cmocka_unit_test(test_no_controls),
        cmocka_unit_test(test_same_bytes),   cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_keys),    cmocka_unit_test(test_ndjson),
        cmocka_unit_test(test_sarif),        cmocka_unit_test(test_gitlab),
        cmocka_unit_test(test_github),       cmocka_unit_test(test_csv),
        cmocka_unit_test(test_html),         cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_not_examined), cmocka_unit_test(test_checklists),
        cmocka_unit_test(test_advice),       cmocka_unit_test(test_text_options),
        cmocka_unit_test(test_previous),     cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_hide),         cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_text),         cmocka_unit_test(test_flow),
        cmocka_unit_test(test_sarif_links),  cmocka_unit_test(test_excerpts),
        cmocka_unit_test(test_hide_below),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
