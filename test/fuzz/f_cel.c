/* Fuzzes CEL: any text as an expression, evaluated over values of which some aren't known.
 *
 * Beside not crashing: the same expression gives the same value twice; exploring leaves the
 * scenario as it was; and what is decided while variables are open stays so whatever values they
 * take. Seeds in test/fuzz/corpus/cel. */
#include "base/buf.h"
#include "cel/cel.h"
#include "cel/typed.h"
#include "read/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VARIABLES = 3, CONDITIONS = 3, STEPS = 20000 };

/* The variables of the expressions, in the order of `make_values`. */
static const char *const names[] = {"s", "u", "a", "p", "c", "d",    "l",
                                    "m", "e", "t", "i", "o", "n.s.v"};
enum { NAMES = sizeof names / sizeof *names };

struct world {
    struct eg_arena arena;
    struct eg_scenario scenario;
    struct eg_variable variables[VARIABLES];    /* a condition, a condition, a parameter */
    struct eg_condition conditions[CONDITIONS]; /* of each condition; P == 'ab' */
    const struct eg_node *values[NAMES];
};

static const struct eg_node *text(struct world *world, const char *s) {
    return eg_node_string(&world->arena, eg_str_from(s), NULL);
}

static const struct eg_node *choice(struct world *world, int condition, const struct eg_node *yes,
                                    const struct eg_node *no) {
    struct eg_choice *made = EG_NEW(&world->arena, struct eg_choice);
    *made = (struct eg_choice){&world->conditions[condition], yes, no};
    struct eg_node *node = eg_node_new(&world->arena, EG_CHOICE, NULL);
    node->as.choice = made;
    return node;
}

static const struct eg_node *items(struct world *world, enum eg_kind kind, const struct eg_node *a,
                                   const struct eg_node *b, const struct eg_node *c) {
    struct eg_list_builder list;
    eg_list_begin(&list, &world->arena);
    eg_list_add(&list, a);
    eg_list_add(&list, b);
    eg_list_add(&list, c);
    struct eg_node *node = eg_node_new(&world->arena, kind, NULL);
    node->as.list = eg_list_end(&list);
    return node;
}

static void make_variables(struct world *world) {
    for (uint32_t i = 0; i < 2; i++) {
        world->variables[i] =
            (struct eg_variable){.name = EG_STR("V"), .count = 2, .condition = true, .number = i};
        world->conditions[i] = (struct eg_condition){
            .kind = EG_CONDITION_VARIABLE, .name = EG_STR("V"), .variable = &world->variables[i]};
    }
    const struct eg_node **allowed = EG_NEW_ARRAY(&world->arena, const struct eg_node *, 2);
    allowed[0] = text(world, "ab");
    allowed[1] = text(world, "cd");
    world->variables[2] = (struct eg_variable){
        .name = EG_STR("P"), .values = allowed, .count = 2, .allowed = true, .number = 2};
    struct eg_unknown open = {
        .why = EG_WHY_PARAMETER, .name = EG_STR("P"), .variable = &world->variables[2]};
    world->conditions[2] = (struct eg_condition){.kind = EG_CONDITION_EQUALS,
                                                 .name = EG_STR("IsAb"),
                                                 .left = eg_node_unknown(&world->arena, open, NULL),
                                                 .right = allowed[0],
                                                 .variable = &world->variables[0]};
}

static const struct eg_node *typed(struct world *world, const char *json) {
    struct eg_document document;
    struct eg_error error = {0};
    const struct eg_node *value = NULL;
    if (!eg_read_json(&world->arena, EG_STR("value"), eg_str_from(json), &document, &error) ||
        !eg_cel_typed_read(&world->arena, document.root, &value, &error))
        abort();
    return value;
}

static void make_values(struct world *world) {
    struct eg_unknown plain = {.why = EG_WHY_PARAMETER, .name = EG_STR("U")};
    struct eg_unknown open = {
        .why = EG_WHY_PARAMETER, .name = EG_STR("P"), .variable = &world->variables[2]};
    const struct eg_node *u = eg_node_unknown(&world->arena, plain, NULL);
    const struct eg_node *a = eg_node_unknown(&world->arena, open, NULL);
    const struct eg_node *maybe = choice(world, 1, text(world, "x"), eg_node_absent());
    struct eg_map_builder map;
    eg_map_begin(&map, &world->arena);
    eg_map_add(&map, EG_STR("k"), 0, maybe, NULL);
    eg_map_add(&map, EG_STR("n"), 0, eg_node_int(&world->arena, 7, NULL), NULL);
    eg_map_add(&map, EG_STR("a"), 0, a, NULL);
    uint32_t i = 0;
    world->values[i++] = text(world, "some text, é");
    world->values[i++] = u;
    world->values[i++] = a;
    world->values[i++] = items(world, EG_PARTIAL, text(world, "pre-"), a, text(world, "-post"));
    world->values[i++] = choice(world, 0, text(world, "yes"), text(world, "no"));
    world->values[i++] = choice(world, 2, a, text(world, "other"));
    world->values[i++] =
        items(world, EG_LIST, text(world, "x"), maybe, choice(world, 0, a, text(world, "z")));
    world->values[i++] = eg_map_node(&map, NULL);
    world->values[i++] =
        items(world, EG_PARTIAL, text(world, "arn:aws:iam::"), u, text(world, ":role/r"));
    world->values[i++] =
        typed(world, "{\"type\":\"timestamp\",\"value\":\"2024-03-31T01:00:00.5Z\"}");
    world->values[i++] = typed(world, "{\"type\":\"cidr\",\"value\":\"10.1.0.0/16\"}");
    struct eg_node *optional = eg_node_new(&world->arena, EG_OPTIONAL, NULL);
    optional->as.optional = a;
    world->values[i++] = optional;
    world->values[i++] = typed(world, "{\"type\":\"uint\",\"value\":\"5\"}");
}

static const struct eg_node *evaluate(struct world *world, const struct eg_cel_program *program) {
    struct eg_cel_frame frame = {.arena = &world->arena,
                                 .scenario = &world->scenario,
                                 .values = world->values,
                                 .step_limit = STEPS};
    return eg_cel_eval(program, &frame);
}

static struct eg_str shown(struct world *world, const struct eg_node *value) {
    return eg_cel_show(&world->arena, &world->scenario, value, 500);
}

static void complain(struct world *world, const char *what, struct eg_str expression,
                     const struct eg_node *value) {
    struct eg_str out = shown(world, value);
    fprintf(stderr, "%s: %.*s: %.*s\n", what, EG_STR_ARGS(expression), EG_STR_ARGS(out));
    abort();
}

/* Every assignment of the variables gives what was decided without. */
static void check_decided(struct world *world, const struct eg_cel_program *program,
                          struct eg_str expression, const struct eg_node *result) {
    for (int bits = 0; bits < 1 << VARIABLES; bits++) {
        for (int v = 0; v < VARIABLES; v++)
            eg_scenario_assign(&world->scenario, &world->variables[v], bits >> v & 1);
        const struct eg_node *value = evaluate(world, program);
        /* What isn't known may turn out to be an error: in a list that isn't looked at in time. */
        if (value->kind == EG_ERROR)
            continue;
        if (value->kind != EG_BOOL || value->as.boolean != result->as.boolean)
            complain(world, "decided otherwise under an assignment", expression, value);
    }
    for (int v = 0; v < VARIABLES; v++)
        eg_scenario_assign(&world->scenario, &world->variables[v], EG_UNASSIGNED);
}

static void exercise(struct world *world, const struct eg_cel_program *program,
                     struct eg_str expression) {
    const struct eg_node *result = evaluate(world, program);
    if (result->kind == EG_CHOICE || result->kind == EG_LAZY || result->kind == EG_ABSENT)
        complain(world, "not forced", expression, result);
    if (!eg_str_equal(shown(world, result), shown(world, evaluate(world, program))))
        complain(world, "another value the second time", expression, result);
    for (int v = 0; v < VARIABLES; v++)
        if (eg_scenario_value(&world->scenario, &world->variables[v]) != EG_UNASSIGNED)
            complain(world, "an assignment was left", expression, result);
    if (result->kind == EG_BOOL)
        check_decided(world, program, expression, result);
    struct eg_cel_frame frame = {.arena = &world->arena,
                                 .scenario = &world->scenario,
                                 .values = world->values,
                                 .step_limit = STEPS};
    (void)eg_cel_blame(program, &frame, &world->arena, 5);
    struct eg_buf buf;
    eg_buf_init(&buf);
    frame.step_limit = STEPS / 10;
    eg_cel_explain(program, &frame, 0, 0, &buf);
    eg_cel_typed_write(&buf, &world->arena, &world->scenario, result);
    eg_buf_done(&buf);
}

/* Checking adds errors before the evaluation; it never changes a value. */
static void check_unchecked(struct world *world, const struct eg_cel_program *program,
                            struct eg_cel_env env, struct eg_str expression) {
    struct eg_cel_program *unchecked = NULL;
    env.unchecked = true;
    if (!eg_cel_compile(&world->arena, &env, expression, NULL, &unchecked, &(struct eg_error){0}))
        complain(world, "compiled only when checked", expression, eg_node_null());
    const struct eg_node *a = evaluate(world, program);
    const struct eg_node *b = evaluate(world, unchecked);
    if (!eg_str_equal(shown(world, a), shown(world, b)))
        complain(world, "another value unchecked", expression, b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world *world = calloc(1, sizeof *world);
    if (world == NULL)
        abort();
    eg_arena_init(&world->arena);
    eg_scenario_init(&world->scenario, &world->arena, VARIABLES);
    make_variables(world);
    make_values(world);
    struct eg_cel_variable variables[NAMES] = {{.shape = {.kind = EG_FIELD_STRING}}};
    for (size_t i = 0; i < NAMES; i++)
        variables[i].name = eg_str_from(names[i]);
    struct eg_str expression = {(const char *)data, size};
    struct eg_cel_env env = {
        .variables = variables, .variable_count = NAMES, .container = EG_STR("n.s")};
    struct eg_cel_program *program = NULL;
    struct eg_error error = {0};
    /* What the checker refuses is evaluated all the same. */
    if (!eg_cel_compile(&world->arena, &env, expression, NULL, &program, &error))
        env.unchecked = true;
    else
        check_unchecked(world, program, env, expression);
    if (program != NULL ||
        eg_cel_compile(&world->arena, &env, expression, NULL, &program, &(struct eg_error){0}))
        exercise(world, program, expression);
    eg_arena_done(&world->arena);
    free(world);
    return 0;
}
