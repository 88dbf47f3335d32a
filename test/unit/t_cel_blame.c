/* Which values made an expression come out as it did, the explanation as a tree, and values as
 * text. The expressions are about a list of containers read from JSON, so that causes have places.
 */
#include "base/buf.h"
#include "cel/cel.h"
#include "read/read.h"
#include "support/cel_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char input[] = "[\n"
                            " {\"name\": \"web\", \"image\": \"web:1\", \"cpu\": 256,\n"
                            "  \"privileged\": true, \"ports\": [80, 22]},\n"
                            " {\"name\": \"log\", \"image\": \"log:latest\",\n"
                            "  \"linux\": {\"initProcessEnabled\": true}}\n"
                            "]\n";

static struct eg_arena arena;
static struct eg_scenario scenario;
static struct cel_model model;
static struct eg_cel_variable variables[2];
static struct eg_cel_env env;
static const struct eg_node *values[2];

static const struct eg_node *make_linux(const struct eg_node *raw) {
    struct eg_object *object = EG_NEW(&arena, struct eg_object);
    object->type = &model.linux_parameters;
    object->raw = raw;
    object->fields = EG_NEW_ARRAY(&arena, const struct eg_node *, 2);
    object->fields[0] = EG_GET(raw, "initProcessEnabled");
    return cel_model_node(&model, object, raw);
}

static const struct eg_node *make_container(const struct eg_node *raw) {
    struct eg_object *object = cel_model_container(&model, "", raw);
    for (uint32_t i = 0; i < CEL_CONTAINER_FIELDS; i++)
        object->fields[i] = eg_node_get(raw, model.container_fields[i].name);
    if (object->fields[CEL_CONTAINER_LINUX] != NULL)
        object->fields[CEL_CONTAINER_LINUX] = make_linux(object->fields[CEL_CONTAINER_LINUX]);
    return cel_model_node(&model, object, raw);
}

static int set_up(void **state) {
    (void)state;
    struct eg_error error = {0};
    struct eg_document document;
    eg_arena_init(&arena);
    eg_scenario_init(&scenario, &arena, CEL_MODEL_VARIABLES);
    cel_model_init(&model, &arena);
    assert_true(eg_read_json(&arena, EG_STR("in.json"), eg_str_from(input), &document, &error));
    struct eg_list_builder list;
    eg_list_begin(&list, &arena);
    for (uint32_t i = 0; i < document.root->as.list.count; i++)
        eg_list_add(&list, make_container(document.root->as.list.items[i]));
    values[0] = eg_list_node(&list, document.root);
    values[1] = list.items[0];
    variables[0] =
        (struct eg_cel_variable){.name = EG_STR("containers"), .shape = model.containers_shape};
    variables[1] = (struct eg_cel_variable){.name = EG_STR("c"), .shape = model.container_shape};
    env = (struct eg_cel_env){.schema = &model.schema, .variables = variables, .variable_count = 2};
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    eg_arena_done(&arena);
    return 0;
}

static struct eg_cel_program *compile(const char *text) {
    struct eg_error error = {0};
    struct eg_cel_program *program = NULL;
    if (!eg_cel_compile(&arena, &env, eg_str_from(text), NULL, &program, &error))
        fail_msg("%s", error.text);
    return program;
}

static struct eg_cel_frame frame(void) {
    return (struct eg_cel_frame){.arena = &arena, .scenario = &scenario, .values = values};
}

/* The causes as text: "LINE:COLUMN expression = value", "LINE:COLUMN expression absent" at the
 * parent's place; joined by "; ". */
static struct eg_str causes_of(const char *text) {
    struct eg_cel_frame one = frame();
    struct eg_cel_causes causes = eg_cel_blame(compile(text), &one, &arena, 8);
    struct eg_str out = EG_STR("");
    for (uint32_t i = 0; i < causes.count; i++) {
        const struct eg_cel_cause *cause = &causes.items[i];
        struct eg_place place = eg_node_place(cause->absent ? cause->parent : cause->value);
        struct eg_str shown = eg_cel_show(&arena, &scenario, cause->value, 30);
        struct eg_str value =
            cause->absent ? EG_STR(" absent") : eg_str_concat(&arena, EG_STR(" = "), shown);
        out = eg_str_format(&arena, "%.*s%s%u:%u %.*s%.*s", EG_STR_ARGS(out), i == 0 ? "" : "; ",
                            place.line, place.column, EG_STR_ARGS(cause->expression),
                            EG_STR_ARGS(value));
    }
    return out;
}

static void expect(const char *text, const char *wanted) {
    struct eg_str causes = causes_of(text);
    if (!eg_str_is(causes, wanted))
        fail_msg("%s\ngave   %.*s\nwanted %s", text, EG_STR_ARGS(causes), wanted);
}

/* ---- blame ---- */

static void test_reads(void **state) {
    (void)state;
    expect("c.cpu > 512", "2:43 c.cpu = 256");
    expect("512 < c.cpu", "2:43 c.cpu = 256");
    expect("c.image.startsWith('x')", "2:27 c.image = 'web:1'");
    expect("!c.privileged", "3:17 c.privileged = true");
    expect("c.privileged == false", "3:17 c.privileged = true");
    expect("c.image in ['a', 'b']", "2:27 c.image = 'web:1'");
    expect("c.ports[1] == 80", "3:37 c.ports[1] = 22");
    expect("c.ports.size() == 1", "3:32 c.ports = [80, 22]");
    expect("size(c.image) + c.cpu == 0", "2:27 c.image = 'web:1'; 2:43 c.cpu = 256");
    expect("c.image + c.image == ''", "2:27 c.image = 'web:1'");
    expect("1 == 2", "");
}

static void test_absent(void **state) {
    (void)state;
    expect("c.linux.initProcessEnabled", "2:2 c.linux.initProcessEnabled absent");
    expect("has(c.linux)", "2:2 has(c.linux) absent");
    expect("has(c.name) && has(c.labels.x)", "2:2 has(c.labels.x) absent");
    expect("c.labels.size() > 0", "2:2 c.labels absent");
    expect("containers[1].privileged", "4:2 containers[1].privileged absent");
    expect("c.?labels.hasValue()", "2:2 c.?labels absent");
    expect("!containers[1].linux.initProcessEnabled",
           "5:35 containers[1].linux.initProcessEnabled = true");
    expect("containers[1].linux.drop.size() > 0", "5:12 containers[1].linux.drop absent");
    expect("c.?labels.x.orValue('') == 'y'", "2:2 c.?labels.x absent");
}

static void test_logic(void **state) {
    (void)state;
    expect("c.cpu > 1 && c.privileged && c.image == 'x'", "2:27 c.image = 'web:1'");
    expect("c.cpu > 512 || c.image == 'x'", "2:43 c.cpu = 256; 2:27 c.image = 'web:1'");
    expect("!(c.privileged && c.cpu > 1)", "3:17 c.privileged = true; 2:43 c.cpu = 256");
    expect("!(c.privileged || c.image == 'x')", "3:17 c.privileged = true");
    expect("c.privileged ? c.cpu > 512 : true", "2:43 c.cpu = 256");
    expect("c.privileged ? false : true", "3:17 c.privileged = true");
    expect("cel.bind(x, c.cpu, x > 512 && true)", "2:43 c.cpu = 256");
    expect("c.privileged", "3:17 c.privileged = true");
}

static void test_macros(void **state) {
    (void)state;
    expect("containers.all(x, x.image.endsWith(':1'))", "4:27 x.image = 'log:latest'");
    expect("containers.all(x, has(x.cpu) && !x.privileged)",
           "3:17 x.privileged = true; 4:2 has(x.cpu) absent");
    expect("containers.all(x, x.ports.all(p, p != 22))", "3:37 p = 22");
    expect("c.ports.all(p, p == 80)", "3:37 p = 22");
    expect("containers.all(i, x, i > 0)", "2:2 containers = container 'web'");
    expect("containers.exists(x, x.image == 'x')",
           "1:1 containers = [container 'web', container '…");
    expect("!containers.exists(x, x.image.endsWith(':latest'))", "4:27 x.image = 'log:latest'");
    expect("containers.filter(x, x.cpu > 1).size() == 0",
           "1:1 containers = [container 'web', container '…");
    expect("containers.exists_one(x, x.cpu > 1000)",
           "1:1 containers = [container 'web', container '…");
}

/* For people: where elements stand, and no question marks. */
static const struct {
    const char *text;
    const char *path; /* of the first cause */
} paths[] = {
    {"c.cpu > 512", "c.cpu"},
    {"containers.all(x, x.image.endsWith(':1'))", "x.image"},
    {"c.ports.all(p, p == 80)", "c.ports[1]"},
    {"containers[0].ports.all(p, p == 80)", "containers[0].ports[1]"},
    {"containers.all(x, x.ports.all(p, p != 22))", "x.ports[1]"},
    {"c.ports.all(i, p, p == 80 || i == 0)", "c.ports[1]"},
    {"[0, 1].all(i, c.ports[i] == 80)", "c.ports[1]"},
    {"has(c.linux)", "has(c.linux)"},
    {"c.?labels.x.orValue('') == 'y'", "c.labels.x"},
    {"c.?labels[?'x'].orValue('') == 'y'", "c.labels['x']"},
    {"c.ports.map(p, p + 1).all(n, n > 50)", "n"},
    {"c.ports.all(p, false)", "c.ports[0]"},
};

static void test_paths(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct eg_cel_frame one = frame();
        struct eg_cel_causes causes = eg_cel_blame(compile(paths[i].text), &one, &arena, 8);
        assert_true(causes.count > 0);
        if (!eg_str_is(causes.items[0].path, paths[i].path))
            fail_msg("%s: %.*s", paths[i].text, EG_STR_ARGS(causes.items[0].path));
    }
}

static void test_unknown(void **state) {
    (void)state;
    struct eg_unknown unknown = {.why = EG_WHY_PARAMETER, .name = EG_STR("Image")};
    struct eg_object *web = cel_model_container(&model, "web", NULL);
    web->fields[CEL_CONTAINER_IMAGE] = eg_node_unknown(&arena, unknown, NULL);
    web->fields[CEL_CONTAINER_CPU] = eg_node_int(&arena, 3, NULL);
    web->fields[CEL_CONTAINER_PRIVILEGED] =
        cel_model_choice(&model, 4, eg_node_bool(true), eg_node_bool(false));
    values[1] = cel_model_node(&model, web, NULL);
    expect("c.cpu == 3 && c.image == 'x'", "0:0 c.image = unknown (parameter Image has …");
    expect("c.privileged && c.cpu == 3", "0:0 c.privileged = unknown (condition V4 is not …");
    expect("[c].all(x, x.image == 'y')", "0:0 x.image = unknown (parameter Image has …");
    expect("unknown('why') && c.cpu == 3", "0:0 c.cpu = 3");
    expect("c.cpu / 0 == 1", "0:0 c.cpu = 3");
}

static void test_limit(void **state) {
    (void)state;
    struct eg_cel_frame one = frame();
    struct eg_cel_causes causes =
        eg_cel_blame(compile("c.cpu == 0 || c.image == 'a' || c.name == 'b'"), &one, &arena, 2);
    assert_int_equal(causes.count, 2);
    assert_int_equal(one.steps, 0);
}

/* ---- explain ---- */

static void test_explain(void **state) {
    (void)state;
    struct eg_buf buf;
    eg_buf_init(&buf);
    struct eg_cel_frame one = frame();
    eg_cel_explain(compile("c.cpu > 512 &&\n   containers.exists(x, has(x.linux))"), &one, 0, 0,
                   &buf);
    static const char wanted[] = "c.cpu > 512 && containers.exists(x, has(x.linux)) = false\n"
                                 "  c.cpu > 512 = false\n"
                                 "    c.cpu = 256\n"
                                 "  containers.exists(x, has(x.linux)) = true\n"
                                 "    containers = [container 'web', container 'log']\n"
                                 "    x = container 'web'\n"
                                 "      has(x.linux) = false\n"
                                 "    x = container 'log'\n"
                                 "      has(x.linux) = true\n";
    eg_buf_putc(&buf, '\0');
    assert_string_equal(buf.data, wanted);
    eg_buf_done(&buf);
}

/* Lines fit the terminal; a way that isn't taken and elements that decide nothing are left out. */
static void test_explain_in_short(void **state) {
    (void)state;
    struct eg_buf buf;
    eg_buf_init(&buf);
    struct eg_cel_frame one = frame();
    eg_cel_explain(
        compile("c.cpu > 512 ? c.cpu == 1 : [1, 2, 3, 4, 5, 6].exists(n, n == c.cpu - 250)"), &one,
        2, 50, &buf);
    static const char wanted[] = "  c.cpu > 512 ? c.cpu == 1 : [1, 2, 3, 4, … = true\n"
                                 "    c.cpu > 512 = false\n"
                                 "      c.cpu = 256\n"
                                 "    [1, 2, 3, 4, 5, 6].exists(n, n == c.cp… = true\n"
                                 "      n = 1\n"
                                 "        n == c.cpu - 250 = false\n"
                                 "          n = 1\n"
                                 "          c.cpu - 250 = 6\n"
                                 "            c.cpu = 256\n"
                                 "      n = 2\n"
                                 "        n == c.cpu - 250 = false\n"
                                 "          n = 2\n"
                                 "          c.cpu - 250 = 6\n"
                                 "            c.cpu = 256\n"
                                 "      n = 3\n"
                                 "        n == c.cpu - 250 = false\n"
                                 "          n = 3\n"
                                 "          c.cpu - 250 = 6\n"
                                 "            c.cpu = 256\n"
                                 "      n = 6\n"
                                 "        n == c.cpu - 250 = true\n"
                                 "          n = 6\n"
                                 "          c.cpu - 250 = 6\n"
                                 "            c.cpu = 256\n"
                                 "      … 2 more\n";
    eg_buf_putc(&buf, '\0');
    assert_string_equal(buf.data, wanted);
    eg_buf_done(&buf);
}

/* ---- show ---- */

static const struct {
    const char *text;
    size_t width;
    const char *shown;
} shows[] = {
    {"'it\\'s'", 80, "\"it's\""},
    {"'a\\'\"\\n\\t\\x01'", 80, "'a\\'\"\\n\\t\\x01'"},
    {"b'a\\xff'", 80, "b'a\\xff'"},
    {"[1, 2u, 3.0, 1e30, null, true]", 80, "[1, 2u, 3.0, 1e+30, null, true]"},
    {"{'a': [1], 2: {}}", 80, "{'a': [1], 2: {}}"},
    {"0.0/0.0", 80, "double('NaN')"},
    {"duration('90s')", 80, "duration('90s')"},
    {"timestamp(0)", 80, "timestamp('1970-01-01T00:00:00Z')"},
    {"cidr('10.0.0.0/8')", 80, "cidr('10.0.0.0/8')"},
    {"optional.of([optional.none()])", 80, "optional.of([optional.none()])"},
    {"int", 80, "int"},
    {"1/0", 80, "error (division by zero)"},
    {"'abcdefghij'", 6, "'abcd…"},
    {"'éééééééé'", 6, "'éééé…"},
    {"lists.range(1000)", 10, "[0, 1, 2,…"},
    {"'x'", 3, "'x'"},
};

static void test_show(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof shows / sizeof *shows; i++) {
        struct eg_cel_frame one = frame();
        const struct eg_node *value = eg_cel_eval(compile(shows[i].text), &one);
        struct eg_str shown = eg_cel_show(&arena, &scenario, value, shows[i].width);
        if (!eg_str_is(shown, shows[i].shown))
            fail_msg("%s: %.*s", shows[i].text, EG_STR_ARGS(shown));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_logic, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_macros, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_paths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_explain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_explain_in_short, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_show, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
