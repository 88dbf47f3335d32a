/* What compiling refuses, how it says so and where; static types; limits; the tables of functions.
 */
#include "base/file.h"
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

static struct eg_arena arena;
static struct eg_scenario scenario;
static struct cel_model model;
static struct eg_cel_variable variables[3];
static struct eg_cel_env env;

static int set_up(void **state) {
    (void)state;
    eg_arena_init(&arena);
    eg_scenario_init(&scenario, &arena, CEL_MODEL_VARIABLES);
    cel_model_init(&model, &arena);
    variables[0] =
        (struct eg_cel_variable){.name = EG_STR("container"), .shape = model.container_shape};
    variables[1] =
        (struct eg_cel_variable){.name = EG_STR("containers"), .shape = model.containers_shape};
    variables[2] =
        (struct eg_cel_variable){.name = EG_STR("params"), .shape = {.kind = EG_FIELD_ANY}};
    env = (struct eg_cel_env){.schema = &model.schema, .variables = variables, .variable_count = 3};
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    eg_arena_done(&arena);
    return 0;
}

static struct eg_cel_program *compile(const char *text, struct eg_error *error) {
    struct eg_cel_program *program = NULL;
    *error = (struct eg_error){0};
    if (!eg_cel_compile(&arena, &env, eg_str_from(text), NULL, &program, error))
        return NULL;
    return program;
}

/* ---- messages ---- */

static const struct {
    const char *text;
    unsigned column;
    const char *message;
} faults[] = {
    {"contianer.image", 1, "undeclared name 'contianer'; did you mean 'container'?"},
    {"container.imge", 11, "container has no field 'imge'; did you mean 'image'?"},
    {"container.linux.initProcesEnabled", 17,
     "LinuxParameters has no field 'initProcesEnabled'; did you mean 'initProcessEnabled'?"},
    {"has(container.priviledged)", 15,
     "container has no field 'priviledged'; did you mean 'privileged'?"},
    {"containers.all(c, c.nmae != '')", 21, "container has no field 'nmae'; did you mean 'name'?"},
    {"containers.exists(c, cc.name == '')", 22,
     "undeclared name 'cc'; there are container, containers, params, c"},
    {"containers.exists(ctr, ctrl.name == '')", 24, "undeclared name 'ctrl'; did you mean 'ctr'?"},
    {"container.image.startWith('a')", 17,
     "unknown function 'startWith'; did you mean 'startsWith'?"},
    {"container.image.startsWith(1)", 17,
     "there is no string.startsWith(int); there is string.startsWith(string) -> bool"},
    {"container.cpu.startsWith('a')", 15,
     "there is no int.startsWith(string); there is string.startsWith(string) -> bool"},
    {"startsWith(container.image, 'a')", 1, "it is written string.startsWith(string) -> bool"},
    {"containers.all(true)", 12, "it is written list(T).all(x, bool) -> bool"},
    {"containers.all(c, c.cpu)", 19, "all() takes a bool, not a value of type int"},
    {"container.cpu && true", 1, "&& takes a bool, not a value of type int"},
    {"!container.image", 2, "! takes a bool, not a value of type string"},
    {"container.image ? 1 : 2", 1, "?: takes a bool, not a value of type string"},
    {"container.image == 5", 1, "'==' can't stand between string and int"},
    {"container.image < 5", 1, "'<' can't stand between string and int"},
    {"container.image + 5", 1, "'+' can't stand between string and int"},
    {"container.cpu in ['a']", 1, "'in' can't stand between int and list(string)"},
    {"container < container", 1, "'<' can't stand between container and container"},
    {"container.image.name", 17, "a value of type string has no fields"},
    {"container.image[0]", 16, "a value of type string can't be indexed"},
    {"containers['a']", 12, "a list is indexed by an int, not by a value of type string"},
    {"container.labels[1]", 18, "the keys are of type string, not int"},
    {"-container.image", 1, "a value of type string has no negative"},
    {"containers.optMap(c, c)", 1,
     "optMap() is for an optional, not for a value of type "
     "list(container)"},
    {"container.image.map(c, c)", 1,
     "map() is for a list or a map, not for a value of type string"},
    {"{1.5: 2}", 2, "a value of type double can't be a key"},
    {"[?container.image]", 3, "'?' takes an optional, not a value of type string"},
    {"container.image.matches('(a')", 25, "regular expression: missing ')', at character 3"},
    {"container.image.matches('((a{1000}){1000}){1000}')", 25,
     "regular expression: too large when its repetitions are written out"},
    {"container.image.matches('[z-a]')", 25,
     "regular expression: range out of order in character class, at character 6"},
    {"container.image.matches('a(?=b)')", 25,
     "regular expression: look-ahead is not allowed, at character 4"},
    {"math.graetest(1)", 1, "unknown function 'math.graetest'; did you mean 'math.greatest'?"},
    {"container.nothing()", 11, "unknown function 'nothing'"},
    {"Container{name: 'a'}", 1,
     "messages can't be made here: there is no type 'Container' to make"},
    {"1 +", 4, "the expression ends where a value is expected"},
    {"1 + * 2", 5, "found '*', expected a value"},
    {"(1", 3, "the expression ends where ')' is expected"},
    {"[1 2]", 4, "found '2', expected ',' or ']'"},
    {"a = 1", 3, "'=' is no operator; equality is '=='"},
    {"true & false", 6, "'&' is no operator; there is '&&'"},
    {"'abc", 1, "this string has no end"},
    {"'\\d'", 2, "there is no such escape; a backslash is written \\\\"},
    {"for", 1, "'for' is a reserved word and can't be a name"},
    {"99999999999999999999", 1, "this number does not fit 64 bits"},
    {"1 2", 3, "found '2', expected an operator or the end"},
    {"", 1, "the expression is empty"},
    {"a ; b", 3, "unexpected character ';'"},
    {"container.", 11, "the expression ends where the name of a field or a function is expected"},
    {"true and false", 6, "found 'and', expected an operator or the end; it is written &&"},
    {"true or (false", 6, "found 'or', expected an operator or the end; it is written ||"},
    {"'a' in 'abc'", 1,
     "'in' can't stand between string and string; a part of a text is found by contains()"},
    {"linux.initProcessEnabled", 1, "undeclared name 'linux'; did you mean 'container.linux'?"},
    {"has(container)", 5, "has() takes a field: has(value.field)"},
    {"[1].all(1, true)", 9, "all() binds a name here: a plain name is expected"},
    {"containers.all(a, containers.all(b, containers.all(c, containers.all(d, "
     "containers.all(e, true)))))",
     84,
     "this is too costly: with lists of 20 elements it takes more than the 2000000 steps that a "
     "rule has"},
};

static void test_faults(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct eg_error error;
        if (compile(faults[i].text, &error) != NULL)
            fail_msg("%s was compiled", faults[i].text);
        assert_int_equal(error.code, EG_ERROR_USAGE);
        char *end = strchr(error.text, '\n');
        assert_non_null(end);
        *end = '\0';
        if (strcmp(error.text, faults[i].message) != 0 || error.column != faults[i].column ||
            error.line != 1)
            fail_msg("%s: %u:%u: %s", faults[i].text, error.line, error.column, error.text);
    }
}

/* What is written out is as long as it is; what isn't costs what lists usually cost. */
static void test_cost(void **state) {
    (void)state;
    struct eg_error error;
    static const char *const affordable[] = {
        "containers.all(a, containers.all(b, containers.all(c, containers.all(d, true))))",
        "[1, 2].all(a, [1, 2].all(b, [1].all(c, [1].all(d, [1].all(e, [1].all(f, true))))))",
        "containers.map(a, a.name).all(b, true) && containers.map(a, a.name).all(b, true)",
    };
    for (size_t i = 0; i < sizeof affordable / sizeof *affordable; i++)
        if (compile(affordable[i], &error) == NULL)
            fail_msg("%s: %s", affordable[i], error.text);
    /* The same four macros with more to do in the innermost. */
    assert_null(compile("containers.all(a, containers.all(b, containers.all(c, containers.all(d, "
                        "a.name + b.name + c.name + d.name != a.name + b.name))))",
                        &error));
    assert_int_equal(error.column, 66);
}

static void expect_error(const char *text, const char *wanted) {
    struct eg_error error;
    assert_null(compile(text, &error));
    assert_string_equal(error.text, wanted);
}

static void test_carets(void **state) {
    (void)state;
    expect_error("container.imge == 'a'", "container has no field 'imge'; did you mean 'image'?\n"
                                          "    container.imge == 'a'\n"
                                          "              ^^^^");
    expect_error("container.cpu > 0 &&\n  'é' == container.cpu",
                 "'==' can't stand between string and int\n"
                 "      'é' == container.cpu\n"
                 "      ^^^^^^^^^^^^^^^^^^^^");
    expect_error("1 +", "the expression ends where a value is expected\n"
                        "    1 +\n"
                        "       ^");
}

static void test_long_lines(void **state) {
    (void)state;
    char text[3000] = "'";
    memset(text + 1, 'a', 2000);
    memcpy(text + 2001, "' == x", 7);
    struct eg_error error;
    assert_null(compile(text, &error));
    assert_int_equal(error.column, 2007);
    assert_true(strlen(error.text) < 400);
    assert_non_null(strstr(error.text, "' == x"));
}

/* ---- places in a file ---- */

static const struct {
    const char *file; /* the expression is the value of `a` */
    unsigned line;
    unsigned column;
} places[] = {
    {"a: container.imge\n", 1, 14},
    {"b: 1\na:   container.imge == 'x'\n", 2, 16},
    {"a: 'container.imge'\n", 1, 15},
    {"a: \"true && container.imge\"\n", 1, 23},
    {"a: '''x'' == container.imge'\n", 1, 24},
    {"a: \"\\\"x\\\" == container.imge\"\n", 1, 24},
    {"a: |\n  true &&\n    container.imge\n", 3, 15},
    {"a: >-\n  true &&\n\n  container.imge\n", 4, 13},
    {"a: true &&\n  container.imge\n", 2, 13},
    {"- a: |-\n    container.image != '' &&\n    container.imge\n", 3, 15},
    {"{\"a\": \"container.imge\"}", 1, 18},
    {"a: \"true &&\\n\\tcontainer.imge\"\n", 1, 26},
    {"a: \"'\\x41\\u00e9' == container.imge\"\n", 1, 31},
    {"a: \"true\\x20\\u0026& \\\n  container.imge\"\n", 2, 13},
    {"a: \"'é' != '' && container.imge\"\n", 1, 28},
};

static void test_places(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct eg_error error = {0};
        struct eg_document document;
        struct eg_str name = EG_STR("policy.yaml");
        struct eg_str text = eg_str_from(places[i].file);
        bool json = text.data[0] == '{';
        assert_true(json ? eg_read_json(&arena, name, text, &document, &error)
                         : eg_read_yaml(&arena, name, text, &document, &error));
        const struct eg_node *root = document.root;
        if (root->kind == EG_LIST)
            root = root->as.list.items[0];
        const struct eg_node *at = EG_GET(root, "a");
        struct eg_cel_program *program = NULL;
        assert_false(eg_cel_compile(&arena, &env, eg_node_text(at), at, &program, &error));
        assert_string_equal(error.file, "policy.yaml");
        if (error.line != places[i].line || error.column != places[i].column)
            fail_msg("%s: %u:%u", places[i].file, error.line, error.column);
    }
}

/* ---- types ---- */

static const struct {
    const char *text;
    const char *type;
} types[] = {
    {"1", "int"},
    {"1u + 2u", "uint"},
    {"1.5 * 2.0", "double"},
    {"container.image", "string"},
    {"container", "container"},
    {"containers", "list(container)"},
    {"containers[0].linux", "LinuxParameters"},
    {"containers.map(c, c.cpu)", "list(int)"},
    {"containers.filter(c, c.cpu > 1)", "list(container)"},
    {"containers.all(c, true)", "bool"},
    {"container.labels", "map(string, string)"},
    {"{'a': 1}", "map(string, int)"},
    {"[1, 'a']", "list"},
    {"[]", "list"},
    {"[[], [1]]", "list(list)"},
    {"container.?image", "optional(string)"},
    {"container.?image.orValue('')", "string"},
    {"containers.first()", "optional(container)"},
    {"containers.first().value().name", "string"},
    {"params.x", "dyn"},
    {"params.x + 1", "int"},
    {"params.x == 1", "bool"},
    {"size(container.ports)", "int"},
    {"container.image.split(',')", "list(string)"},
    {"cel.bind(x, container.cpu, [x])", "list(int)"},
    {"true ? 1 : 2", "int"},
    {"true ? 1 : 'a'", "dyn"},
    {"timestamp('2024-01-01T00:00:00Z') - timestamp(0)", "duration"},
    {"type(1)", "type"},
    {"optional.none()", "optional"},
    {"ip('10.0.0.1')", "ip"},
    {"math.greatest(1, 2)", "int"},
    {"math.greatest([1.5])", "double"},
    {"containers.transformMap(i, c, c.name)", "map(int, string)"},
    {"null", "null"},
    {"b'a'", "bytes"},
};

static void test_types(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct eg_error error;
        struct eg_cel_program *program = compile(types[i].text, &error);
        if (program == NULL)
            fail_msg("%s", error.text);
        struct eg_str type = eg_cel_program_type(program, &arena);
        if (!eg_str_is(type, types[i].type))
            fail_msg("%s is of type %.*s", types[i].text, EG_STR_ARGS(type));
    }
}

static void test_shapes(void **state) {
    (void)state;
    struct eg_error error;
    struct eg_shape shape = eg_cel_program_shape(compile("containers.filter(c, true)", &error));
    assert_int_equal(shape.kind, EG_FIELD_LIST);
    assert_int_equal(shape.element->kind, EG_FIELD_OBJECT);
    assert_ptr_equal(shape.element->object, &model.container);
    shape = eg_cel_program_shape(compile("container.labels", &error));
    assert_int_equal(shape.kind, EG_FIELD_MAP);
    assert_int_equal(shape.element->kind, EG_FIELD_STRING);
    assert_int_equal(eg_cel_program_shape(compile("1u", &error)).kind, EG_FIELD_ANY);
    assert_int_equal(eg_cel_program_shape(compile("{1: 2}", &error)).kind, EG_FIELD_ANY);
}

/* ---- limits ---- */

static void repeat(char *out, const char *part, int count) {
    size_t length = strlen(part);
    for (int i = 0; i < count; i++)
        memcpy(out + length * (size_t)i, part, length);
    out[length * (size_t)count] = '\0';
}

static void test_limits_of_the_text(void **state) {
    (void)state;
    static char text[400000];
    struct eg_error error;
    repeat(text, "(", 100000);
    assert_null(compile(text, &error));
    assert_non_null(strstr(error.text, "more than 250 levels"));
    repeat(text, "[", 100000);
    assert_null(compile(text, &error));
    repeat(text, "!", 100000);
    assert_null(compile(text, &error));
    repeat(text, "- ", 100000);
    assert_null(compile(text, &error));
    repeat(text, "true ? 1 : ", 10000);
    assert_null(compile(text, &error));
    repeat(text, "a.", 100000);
    assert_null(compile(text, &error));
    repeat(text, "1+", 100000);
    assert_null(compile(text, &error));
    assert_non_null(strstr(error.text, "more than 500 operators"));
    repeat(text, "1,", 100000);
    memcpy(text, "[1", 2);
    assert_null(compile(text, &error));
    assert_non_null(strstr(error.text, "more than 20000 parts"));
    repeat(text, "true || ", 5000);
    strcat(text, "false");
    assert_non_null(compile(text, &error));
    repeat(text, " ", 300000);
    assert_null(compile(text, &error));
    assert_non_null(strstr(error.text, "longer than"));
    assert_null(compile("'\xff'", &error));
}

static const struct eg_node *run(const char *text, uint64_t limit, uint64_t *ret_steps) {
    struct eg_error error;
    struct eg_cel_program *program = compile(text, &error);
    if (program == NULL)
        fail_msg("%s", error.text);
    const struct eg_node *values[3] = {NULL, NULL, NULL};
    struct eg_cel_frame frame = {
        .arena = &arena, .scenario = &scenario, .values = values, .step_limit = limit};
    const struct eg_node *result = eg_cel_eval(program, &frame);
    *ret_steps = frame.steps;
    return result;
}

/* Each of these would take for ever, or all memory. */
static const char *const endless[] = {
    "lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, true)))",
    "lists.range(1000).map(a, lists.range(1000).map(b, lists.range(1000)))",
    "lists.range(1000000).map(x, x).map(x, x)",
    "lists.range(100000).map(x, string(x)).distinct()",
    "cel.bind(a, [1, 1], cel.bind(b, [a, a, a, a, a, a, a, a], cel.bind(c, [b, b, b, b, b, b, b, "
    "b], cel.bind(d, [c, c, c, c, c, c, c, c], cel.bind(e, [d, d, d, d, d, d, d, d], cel.bind(f, "
    "[e, e, e, e, e, e, e, e], cel.bind(g, [f, f, f, f, f, f, f, f], g == g)))))))",
    "lists.range(5000).transformMap(i, x, x).size()",
    "true || lists.range(1000000000) == [] || 1/0 > lists.range(10000000).size()",
};

static void test_step_limit(void **state) {
    (void)state;
    uint64_t steps = 0;
    for (size_t i = 0; i < sizeof endless / sizeof *endless - 1; i++) {
        const struct eg_node *result = run(endless[i], 0, &steps);
        assert_int_equal(result->kind, EG_ERROR);
        assert_true(eg_str_starts_with(result->as.text, EG_STR("cost limit")));
    }
    /* What isn't needed costs nothing. */
    assert_int_equal(run(endless[sizeof endless / sizeof *endless - 1], 0, &steps)->kind, EG_BOOL);
    assert_true(steps < 10);
    /* Neither && nor || absorb it. */
    assert_int_equal(run("lists.range(100).all(x, x > -1) || true", 50, &steps)->kind, EG_ERROR);
    assert_int_equal(run("lists.range(100).all(x, x > -1) || true", 5000, &steps)->kind, EG_BOOL);
}

/* Patterns that take matchers which backtrack an age. */
static void test_patterns(void **state) {
    (void)state;
    static const struct {
        const char *pattern;
        bool matches;
    } patterns[] = {
        {"(x+x+)+y", false},
        {"^(x|xx|xxx)+$", true},
        {"(x*)*y", false},
        {"x*x*x*x*x*y", false},
        {"(x?){20}x{20}$", true},
        {"^(?:x*x*)*z|x$", true},
        {"(?i)(X+)+[^x]", false},
        {"(((((){1000}){1000}){1000}){1000}){1000}$", true},
        {"x{1,50}x{1,50}[^x]", false},
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        uint64_t steps = 0;
        struct eg_str text = eg_str_format(
            &arena, "lists.range(50000).map(i, 'x').join().matches('%s')", patterns[i].pattern);
        const struct eg_node *result = run(text.data, 0, &steps);
        assert_int_equal(result->kind, EG_BOOL);
        assert_int_equal(result->as.boolean, patterns[i].matches);
    }
}

/* ---- functions ---- */

static void test_functions(void **state) {
    (void)state;
    uint32_t count = 0;
    const struct eg_cel_function_doc *docs = eg_cel_functions(&arena, &count);
    assert_true(count > 190);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(strlen(docs[i].doc) > 0);
        assert_non_null(strstr(docs[i].signature, " -> "));
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(docs[i].signature, docs[k].signature) == 0 &&
                strcmp(docs[i].group, docs[k].group) == 0)
                fail_msg("%s stands twice", docs[i].signature);
    }
}

/* docs/cel.md lists them all, in the same words. */
static void test_reference_page(void **state) {
    (void)state;
    struct eg_error error = {0};
    struct eg_str page;
    uint32_t count = 0;
    const struct eg_cel_function_doc *docs = eg_cel_functions(&arena, &count);
    if (!eg_file_read(&arena, EG_STR("docs/cel.md"), EG_STR("docs/cel.md"), &page, &error))
        fail_msg("%s", error.text);
    for (uint32_t i = 0; i < count; i++) {
        struct eg_str row = eg_str_format(&arena, "| `%s` | %s |", docs[i].signature, docs[i].doc);
        /* In a table '|' is written with a backslash. */
        bool escaped = strchr(docs[i].signature, '|') != NULL;
        if (!escaped && !eg_str_contains(page, row))
            fail_msg("docs/cel.md lacks: %.*s", EG_STR_ARGS(row));
    }
}

static void test_unchecked(void **state) {
    (void)state;
    env.unchecked = true;
    struct eg_error error;
    assert_non_null(compile("nothing.x && container.imge == 5", &error));
    assert_null(compile("1 +", &error));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_faults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cost, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_carets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_shapes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits_of_the_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_step_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_patterns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_functions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reference_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unchecked, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
