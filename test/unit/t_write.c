/* Writing nodes as JSON, and reading it back. */
#include "base/buf.h"
#include "base/limits.h"
#include "node/scenario.h"
#include "node/type.h"
#include "support/reading.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct eg_arena arena;

static int set_up(void **state) {
    (void)state;
    eg_arena_init(&arena);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    eg_arena_done(&arena);
    return 0;
}

static struct eg_node *node_of(enum eg_kind kind) {
    return eg_node_new(&arena, kind, NULL);
}

static const struct eg_node *string(const char *text) {
    return eg_node_string(&arena, eg_str_from(text), NULL);
}

static void assert_written(const struct eg_node *node, const char *expected) {
    assert_string_equal(eg_test_json(&arena, node), expected);
}

static void test_strings(void **state) {
    (void)state;
    static const struct {
        const char *text, *written;
    } cases[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"\"\\/", "\"\\\"\\\\/\""},
        {"\b\t\n\v\f\r\x01\x1F\x7F", "\"\\b\\t\\n\\u000b\\f\\r\\u0001\\u001f\\u007f\""},
        {"\xC3\xA9\xF0\x9F\x98\x80", "\"\xC3\xA9\xF0\x9F\x98\x80\""},
        {"a\xFF"
         "b\xE2\x82",
         "\"a\xEF\xBF\xBD"
         "b\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xC2\x9B\xE2\x80\xA8\xE2\x80\xAE\xEF\xBB\xBF", "\"\\u009b\\u2028\\u202e\\ufeff\""},
        {"\x1B[31m", "\"\\u001b[31m\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_written(string(cases[i].text), cases[i].written);
    assert_written(eg_node_string(&arena, (struct eg_str){"a\0b", 3}, NULL), "\"a\\u0000b\"");
}

static void test_doubles(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *written;
    } cases[] = {
        {0, "0.0"},
        {-0.0, "-0.0"},
        {1, "1.0"},
        {0.1, "0.1"},
        {1e22, "1e+22"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {5e-324, "5e-324"},
        {123456789.25, "123456789.25"},
        {(double)INFINITY, "\"Infinity\""},
        {-(double)INFINITY, "\"-Infinity\""},
        {(double)NAN, "\"NaN\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct eg_node *node = node_of(EG_DOUBLE);
        node->as.number = cases[i].value;
        assert_written(node, cases[i].written);
    }
}

/* Every double comes back as it was. */
static void test_doubles_round_trip(void **state) {
    (void)state;
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        struct eg_node *node = node_of(EG_DOUBLE);
        memcpy(&node->as.number, &random, sizeof random);
        if (!isfinite(node->as.number))
            continue;
        struct eg_document document;
        struct eg_str written = eg_str_from(eg_test_json(&arena, node));
        (void)eg_test_read(&arena, EG_SYNTAX_JSON, written, &document);
        assert_int_equal(document.root->kind, EG_DOUBLE);
        assert_memory_equal(&document.root->as.number, &node->as.number, sizeof(double));
    }
}

static void test_scalars(void **state) {
    (void)state;
    assert_written(NULL, "null");
    assert_written(eg_node_null(), "null");
    assert_written(eg_node_absent(), "null");
    assert_written(eg_node_bool(true), "true");
    assert_written(eg_node_int(&arena, INT64_MIN, NULL), "-9223372036854775808");
    struct eg_node *node = node_of(EG_UINT);
    node->as.unsigned_integer = UINT64_MAX;
    assert_written(node, "18446744073709551615");
    node = node_of(EG_TYPE);
    node->as.text = EG_STR("int");
    assert_written(node, "\"int\"");
    node = node_of(EG_ERROR);
    node->as.text = EG_STR("divide by zero");
    assert_written(node, "{\"$error\": \"divide by zero\"}");
    node = node_of(EG_OPTIONAL);
    assert_written(node, "null");
    node->as.optional = string("x");
    assert_written(node, "\"x\"");
}

static void test_bytes(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"", "\"\""},        {"f", "\"Zg==\""},          {"fo", "\"Zm8=\""},
        {"foo", "\"Zm9v\""}, {"foobar", "\"Zm9vYmFy\""}, {"\xFF\xFE", "\"//4=\""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct eg_node *node = node_of(EG_BYTES);
        node->as.text = eg_str_from(cases[i][0]);
        assert_written(node, cases[i][1]);
    }
}

static void test_times(void **state) {
    (void)state;
    static const struct {
        enum eg_kind kind;
        struct eg_time time;
        const char *written;
    } cases[] = {
        {EG_TIMESTAMP, {0, 0}, "\"1970-01-01T00:00:00Z\""},
        {EG_TIMESTAMP, {-1, 0}, "\"1969-12-31T23:59:59Z\""},
        {EG_TIMESTAMP, {951782400, 500000000}, "\"2000-02-29T00:00:00.5Z\""},
        {EG_TIMESTAMP, {1709208000, 1}, "\"2024-02-29T12:00:00.000000001Z\""},
        {EG_TIMESTAMP, {253402300799, 0}, "\"9999-12-31T23:59:59Z\""},
        {EG_TIMESTAMP, {-62135596800, 0}, "\"0001-01-01T00:00:00Z\""},
        {EG_DURATION, {0, 0}, "\"0s\""},
        {EG_DURATION, {90, 250000000}, "\"90.25s\""},
        {EG_DURATION, {-1, -500000000}, "\"-1.5s\""},
        {EG_DURATION, {0, -500000000}, "\"-0.5s\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct eg_node *node = node_of(cases[i].kind);
        node->as.time = cases[i].time;
        assert_written(node, cases[i].written);
    }
}

static void test_addresses(void **state) {
    (void)state;
    struct eg_address v4 = {.bytes = {10, 0, 0, 0}, .length = 4, .prefix = 8};
    struct eg_address v6 = {
        .bytes = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}, .length = 16, .prefix = -1};
    struct eg_node *node = node_of(EG_ADDRESS);
    node->as.address = &v4;
    assert_written(node, "\"10.0.0.0/8\"");
    node->as.address = &v6;
    assert_written(node, "\"2001:db8::1\"");
}

static const struct eg_node *unknown(void) {
    return eg_node_unknown(
        &arena, (struct eg_unknown){.why = EG_WHY_PARAMETER, .name = EG_STR("Tag")}, NULL);
}

static const struct eg_node *list_of(const struct eg_node *a, const struct eg_node *b) {
    struct eg_list_builder builder;
    eg_list_begin(&builder, &arena);
    eg_list_add(&builder, a);
    eg_list_add(&builder, b);
    return eg_list_node(&builder, NULL);
}

static void test_what_is_not_known(void **state) {
    (void)state;
    assert_written(unknown(), "{\"$unknown\": \"parameter Tag has no value\"}");

    struct eg_reference reference = {.logical_id = EG_STR("Role"), .attribute = EG_STR("Arn")};
    struct eg_node *node = node_of(EG_REFERENCE);
    node->as.reference = &reference;
    assert_written(node, "{\"$ref\": \"Role.Arn\"}");

    struct eg_node *partial = node_of(EG_PARTIAL);
    partial->as.list = list_of(string("app:"), unknown())->as.list;
    assert_written(partial, "{\"$partial\": [\"app:\", {\"$unknown\": \"parameter Tag has no "
                            "value\"}]}");

    struct eg_condition condition = {.name = EG_STR("IsProd")};
    struct eg_choice choice = {&condition, string("a"), eg_node_absent()};
    struct eg_node *fork = node_of(EG_CHOICE);
    fork->as.choice = &choice;
    assert_written(fork, "{\"$choice\": {\"condition\": \"IsProd\", \"true\": \"a\"}}");

    struct eg_lazy lazy = {.compute = NULL};
    struct eg_node *later = node_of(EG_LAZY);
    later->as.lazy = &lazy;
    assert_written(list_of(eg_node_absent(), later), "[]");
}

static void test_secrets(void **state) {
    (void)state;
    struct eg_node *secret = node_of(EG_STRING);
    secret->as.text = EG_STR("hunter2");
    secret->flags = EG_FLAG_SECRET;
    assert_written(list_of(secret, string("x")), "[\"(secret)\", \"x\"]");
}

static void test_pairs(void **state) {
    (void)state;
    struct eg_node *one = node_of(EG_UINT), *pairs = node_of(EG_PAIRS);
    one->as.unsigned_integer = 1;
    const struct eg_node *items[] = {one, string("a"), eg_node_bool(true), string("b")};
    pairs->as.list = (struct eg_list){items, 4};
    assert_written(pairs, "{\"1\": \"a\", \"true\": \"b\"}");
}

static void test_objects(void **state) {
    (void)state;
    struct eg_field fields[] = {{.name = EG_STR_INIT("name")},
                                {.name = EG_STR_INIT("task"), .link = true},
                                {.name = EG_STR_INIT("services"), .link = true},
                                {.name = EG_STR_INIT("cpu")}};
    struct eg_type type = {.name = EG_STR("container"), .fields = fields, .field_count = 4};
    struct eg_object task = {.type = &type, .id = EG_STR("Task")};
    const struct eg_node *values[4] = {string("web"), NULL, NULL, NULL};
    struct eg_object container = {.type = &type, .fields = values, .id = EG_STR("Task/web")};
    struct eg_node *link = node_of(EG_OBJECT), *object = node_of(EG_OBJECT);
    link->as.object = &task;
    object->as.object = &container;
    values[1] = link;
    values[2] = list_of(link, eg_node_absent());
    assert_written(object, "{\"name\": \"web\", \"task\": {\"$object\": \"Task\"}, \"services\": "
                           "[{\"$object\": \"Task\"}]}");
}

static void test_indent(void **state) {
    (void)state;
    struct eg_document document;
    (void)eg_test_read(&arena, EG_SYNTAX_JSON, EG_STR("{\"a\":[1,{}],\"b\":[]}"), &document);
    struct eg_buf buf;
    eg_buf_init(&buf);
    eg_write_json(&buf, document.root, 2);
    eg_buf_putc(&buf, '\0');
    assert_string_equal(buf.data, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    eg_buf_done(&buf);
}

/* Deeper than any tree that is sound: cut off, not a crash. */
static void test_depth(void **state) {
    (void)state;
    const struct eg_node *deep = string("x");
    for (int i = 0; i < 100 * 1000; i++) {
        struct eg_list_builder builder;
        eg_list_begin(&builder, &arena);
        eg_list_add(&builder, deep);
        deep = eg_list_node(&builder, NULL);
    }
    assert_non_null(strstr(eg_test_json(&arena, deep), "[{\"$unknown\": \"nested too deep\"}]"));
}

static void test_syntax(void **state) {
    (void)state;
    static const struct {
        const char *name, *text;
        enum eg_syntax syntax;
    } cases[] = {
        {"a.json", "a: b", EG_SYNTAX_JSON},      {"a.template.JSON", "", EG_SYNTAX_JSON},
        {"a.yaml", "{}", EG_SYNTAX_YAML},        {"a.yml", "[]", EG_SYNTAX_YAML},
        {"a.template", " \n{}", EG_SYNTAX_JSON}, {"<stdin>", "\xEF\xBB\xBF[1]", EG_SYNTAX_JSON},
        {"a", "a: {}", EG_SYNTAX_YAML},          {"a", "", EG_SYNTAX_YAML},
        {"a", "# {}", EG_SYNTAX_YAML},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(eg_read_syntax(eg_str_from(cases[i].name), eg_str_from(cases[i].text)),
                         cases[i].syntax);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_doubles_round_trip),
        cmocka_unit_test(test_scalars),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_what_is_not_known),
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_indent),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_syntax),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
