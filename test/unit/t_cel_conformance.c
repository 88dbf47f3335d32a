/* Conformance cases: our own (test/cel/<group>.json) and, where the material is at hand, the
 * specification's (ECSGATE_SHARED/cel/cases.json). A case: file, section, name, expr, vars (name to
 * typed value), container, want (a typed value, or {"error": any text}). */
#include "base/buf.h"
#include "base/file.h"
#include "cel/cel.h"
#include "cel/eval.h"
#include "cel/typed.h"
#include "read/read.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct tally {
    unsigned passed;
    unsigned failed;
};

struct run {
    struct eg_arena *arena;
    struct eg_scenario scenario;
    const struct eg_node *result;
    struct eg_str problem; /* why there is no result */
};

static void evaluate(struct run *run, const struct eg_node *item, bool unchecked) {
    const struct eg_node *vars = EG_GET(item, "vars");
    uint32_t count = eg_node_kind(vars) == EG_MAP ? vars->as.map.count : 0;
    struct eg_cel_variable *variables = EG_NEW_ARRAY(run->arena, struct eg_cel_variable, count);
    const struct eg_node **values = EG_NEW_ARRAY(run->arena, const struct eg_node *, count);
    struct eg_error error = {0};
    for (uint32_t i = 0; i < count; i++) {
        variables[i].name = vars->as.map.items[i].key;
        assert_true(eg_cel_typed_read(run->arena, vars->as.map.items[i].value, &values[i], &error));
    }
    struct eg_cel_env env = {.variables = variables,
                             .variable_count = count,
                             .container = eg_node_text(EG_GET(item, "container")),
                             .unchecked = unchecked};
    struct eg_cel_program *program = NULL;
    if (!eg_cel_compile(run->arena, &env, eg_node_text(EG_GET(item, "expr")), NULL, &program,
                        &error)) {
        run->problem = eg_str_copy(run->arena, eg_str_from(error.text));
        return;
    }
    struct eg_cel_frame frame = {.arena = run->arena, .scenario = &run->scenario, .values = values};
    run->result = eg_cel_eval(program, &frame);
    if (run->result->kind == EG_ERROR)
        run->problem = run->result->as.text;
}

/* The very same, the type and the sign of zero included. */
static bool same(struct run *run, const struct eg_node *a, const struct eg_node *b) {
    struct eg_cel_program program = {0};
    struct eg_cel_frame frame = {.arena = run->arena, .scenario = &run->scenario};
    struct eg_cel_eval eval;
    eg_cel_eval_begin(&eval, &program, &frame);
    if (a->kind == EG_DOUBLE && b->kind == EG_DOUBLE && isnan(a->as.number))
        return isnan(b->as.number);
    if (a->kind == EG_DOUBLE && b->kind == EG_DOUBLE &&
        signbit(a->as.number) != signbit(b->as.number))
        return false;
    if (a->kind != b->kind && !(eg_cel_is_map(a) && eg_cel_is_map(b)))
        return false;
    if (a->kind == EG_LIST) {
        if (a->as.list.count != b->as.list.count)
            return false;
        for (uint32_t i = 0; i < a->as.list.count; i++)
            if (!same(run, a->as.list.items[i], b->as.list.items[i]))
                return false;
        return true;
    }
    return eg_cel_equal(&eval, a, b) == EG_TRUE;
}

static bool passes(struct run *run, const struct eg_node *want) {
    if (EG_GET(want, "error") != NULL)
        return run->problem.length > 0;
    const struct eg_node *value = NULL;
    struct eg_error error = {0};
    assert_true(eg_cel_typed_read(run->arena, want, &value, &error));
    if (value->kind == EG_UNKNOWN)
        return run->problem.length == 0 && run->result->kind == EG_UNKNOWN;
    return run->problem.length == 0 && same(run, run->result, value);
}

static void run_case(const struct eg_node *item, bool unchecked, struct tally *tally) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct run run = {.arena = &arena};
    eg_scenario_init(&run.scenario, &arena, 0);
    evaluate(&run, item, unchecked);
    if (passes(&run, EG_GET(item, "want"))) {
        tally->passed++;
    } else {
        struct eg_buf buf;
        eg_buf_init(&buf);
        if (run.problem.length == 0)
            eg_cel_typed_write(&buf, &arena, &run.scenario, run.result);
        struct eg_str section = eg_node_text(EG_GET(item, "section"));
        struct eg_str name = eg_node_text(EG_GET(item, "name"));
        struct eg_str expr = eg_node_text(EG_GET(item, "expr"));
        struct eg_str got = run.problem.length > 0 ? run.problem : eg_buf_str(&buf);
        printf("%.*s/%.*s: %.*s\n    gave %.*s\n", EG_STR_ARGS(section), EG_STR_ARGS(name),
               EG_STR_ARGS(expr), EG_STR_ARGS(got));
        eg_buf_done(&buf);
        tally->failed++;
    }
    eg_arena_done(&arena);
}

/* False if there is no such file. */
static bool run_file(struct eg_str path, struct tally *tally) {
    struct eg_arena arena;
    struct eg_error error = {0};
    struct eg_document document = {0};
    eg_arena_init(&arena);
    bool read = eg_file_type(path) == EG_FILE_REGULAR;
    if (read) {
        if (!eg_read_file(&arena, path, &document, &error))
            fail_msg("%s:%u:%u: %s", error.file, error.line, error.column, error.text);
        const struct eg_node *cases = document.root;
        bool checked = eg_node_kind(cases) == EG_MAP; /* ours: {"cases": […]} */
        cases = checked ? EG_GET(cases, "cases") : cases;
        assert_int_equal(eg_node_kind(cases), EG_LIST);
        for (uint32_t i = 0; i < cases->as.list.count; i++) {
            const struct eg_node *item = cases->as.list.items[i];
            run_case(item, !checked || EG_GET(item, "unchecked") != NULL, tally);
        }
    }
    eg_arena_done(&arena);
    return read;
}

static void test_own_cases(void **state) {
    (void)state;
    struct eg_arena arena;
    struct eg_error error = {0};
    struct eg_str *names = NULL;
    size_t count = 0;
    struct tally tally = {0};
    eg_arena_init(&arena);
    assert_true(eg_file_list(&arena, EG_STR("test/cel"), &names, &count, &error));
    for (size_t i = 0; i < count; i++)
        if (eg_str_ends_with(names[i], EG_STR(".json")))
            assert_true(run_file(eg_file_join(&arena, EG_STR("test/cel"), names[i]), &tally));
    printf("own cases: %u pass, %u fail\n", tally.passed, tally.failed);
    assert_int_equal(tally.failed, 0);
    assert_true(tally.passed > 400);
    eg_arena_done(&arena);
}

static void test_specification_cases(void **state) {
    (void)state;
    const char *shared = getenv("ECSGATE_SHARED");
    char path[1024];
    struct tally tally = {0};
    snprintf(path, sizeof path, "%s/cel/cases.json", shared != NULL ? shared : "../shared");
    if (!run_file(eg_str_from(path), &tally)) {
        printf("no %s: skipped\n", path);
        skip();
    }
    printf("the specification's cases: %u pass, %u fail\n", tally.passed, tally.failed);
    assert_int_equal(tally.failed, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_cases),
        cmocka_unit_test(test_specification_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
