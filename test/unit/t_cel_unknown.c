/* What isn't known: three-valued logic, text with holes, choices, looking ahead at variables,
 * objects of a schema. */
#include "base/buf.h"
#include "cel/cel.h"
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

static int set_up(void **state) {
    (void)state;
    eg_arena_init(&arena);
    eg_scenario_init(&scenario, &arena, CEL_MODEL_VARIABLES);
    cel_model_init(&model, &arena);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    eg_arena_done(&arena);
    return 0;
}

static const struct eg_node *text(const char *s) {
    return eg_node_string(&arena, eg_str_from(s), NULL);
}

static const struct eg_node *parameter(const char *name) {
    struct eg_unknown unknown = {.why = EG_WHY_PARAMETER, .name = eg_str_from(name)};
    return eg_node_unknown(&arena, unknown, NULL);
}

/* An unknown whose values are known: a parameter with AllowedValues. */
static const struct eg_node *allowed(uint32_t number, const char *one, const char *two) {
    struct eg_variable *variable = &model.variables[number];
    variable->condition = false;
    variable->allowed = true;
    variable->values = EG_NEW_ARRAY(&arena, const struct eg_node *, 2);
    variable->values[0] = text(one);
    variable->values[1] = text(two);
    struct eg_unknown unknown = {
        .why = EG_WHY_PARAMETER, .name = variable->name, .variable = variable};
    return eg_node_unknown(&arena, unknown, NULL);
}

static const struct eg_node *choice(uint32_t number, const struct eg_node *yes,
                                    const struct eg_node *no) {
    return cel_model_choice(&model, number, yes, no);
}

static const struct eg_node *partial(const struct eg_node *a, const struct eg_node *b,
                                     const struct eg_node *c) {
    const struct eg_node **pieces = EG_NEW_ARRAY(&arena, const struct eg_node *, 3);
    uint32_t count = 0;
    pieces[count++] = a;
    pieces[count++] = b;
    if (c != NULL)
        pieces[count++] = c;
    struct eg_node *node = eg_node_new(&arena, EG_PARTIAL, NULL);
    node->as.list = (struct eg_list){pieces, count};
    return node;
}

static const struct eg_node *list(const struct eg_node *const *items, uint32_t count) {
    struct eg_list_builder builder;
    eg_list_begin(&builder, &arena);
    for (uint32_t i = 0; i < count; i++)
        eg_list_add(&builder, items[i]);
    return eg_list_node(&builder, NULL);
}

/* Evaluates with `x` bound to VALUE and `c` to a container. */
static const struct eg_node *evaluate(const char *expression, const struct eg_node *x,
                                      const struct eg_node *c) {
    struct eg_cel_variable *names = EG_NEW_ARRAY(&arena, struct eg_cel_variable, 2);
    names[0].name = EG_STR("x");
    names[1].name = EG_STR("c");
    names[1].shape = model.container_shape;
    struct eg_cel_env *env = EG_NEW(&arena, struct eg_cel_env);
    *env = (struct eg_cel_env){.schema = &model.schema, .variables = names, .variable_count = 2};
    struct eg_cel_program *program = NULL;
    struct eg_error error = {0};
    if (!eg_cel_compile(&arena, env, eg_str_from(expression), NULL, &program, &error))
        fail_msg("%s", error.text);
    const struct eg_node **values = EG_NEW_ARRAY(&arena, const struct eg_node *, 2);
    values[0] = x;
    values[1] = c;
    struct eg_cel_frame frame = {.arena = &arena, .scenario = &scenario, .values = values};
    return eg_cel_eval(program, &frame);
}

/* The result as CEL would write it. */
static void expect(const char *expression, const struct eg_node *x, const char *wanted) {
    const struct eg_node *result = evaluate(expression, x, NULL);
    struct eg_str shown = eg_cel_show(&arena, &scenario, result, 200);
    if (!eg_str_is(shown, wanted))
        fail_msg("%s gave %.*s, not %s", expression, EG_STR_ARGS(shown), wanted);
}

#define UNKNOWN(name) "unknown (parameter " name " has no value)"

/* ---- tests ---- */

static void test_logic(void **state) {
    (void)state;
    const struct eg_node *p = parameter("P");
    expect("x && false", p, "false");
    expect("false && x", p, "false");
    expect("x && true", p, UNKNOWN("P"));
    expect("x || true", p, "true");
    expect("x || false", p, UNKNOWN("P"));
    expect("!x", p, UNKNOWN("P"));
    expect("x ? 1 : 2", p, UNKNOWN("P"));
    expect("x ? 3 : 3", p, "3");
    expect("x == x", p, "true");
    expect("x == 'a'", p, UNKNOWN("P"));
    expect("x != x", p, "false");
    expect("x.field.other", p, UNKNOWN("P"));
    expect("x[0]", p, UNKNOWN("P"));
    expect("has(x.field)", p, UNKNOWN("P"));
    expect("x + 1", p, UNKNOWN("P"));
    expect("size(x) > 0", p, UNKNOWN("P"));
    expect("x.all(y, y > 1)", p, UNKNOWN("P"));
    expect("[x, 'a'].exists(y, y == 'a')", p, "true");
    expect("[x, 'a'].all(y, y == 'a')", p, UNKNOWN("P"));
    expect("[x, 'b'].all(y, y == 'a')", p, "false");
    expect("'a' in [x, 'a']", p, "true");
    expect("'a' in [x, 'b']", p, UNKNOWN("P"));
    expect("[x].size()", p, "1");
    expect("int(x) / 0 == 1", p, UNKNOWN("P"));
    expect("optional.of(1).orValue(x)", p, "1");
    expect("unknown('ask the owner') || x", p, "unknown (ask the owner)");
    expect("known(x)", p, "false");
    expect("known(1) && known('')", p, "true");
    expect("known(x)", choice(0, text("a"), p), "unknown (condition V0 is not decided)");
}

/* What is computed from an unknown value is another one. */
static void test_computed(void **state) {
    (void)state;
    const struct eg_node *p = parameter("P");
    expect("x.a == x.b", p, UNKNOWN("P"));
    expect("x.a == x", p, UNKNOWN("P"));
    expect("(x == 'a') == (x == 'b')", p, UNKNOWN("P"));
    expect("size(x) == size(x)", p, UNKNOWN("P"));
    expect("cel.bind(y, x.a, y == y)", p, "true");
    const struct eg_node *q = allowed(5, "aa", "bb");
    expect("x == 'cc'", q, "false");
    expect("x.upperAscii() == 'AA'", q, "unknown (parameter V5 has no value)");
    expect("x.upperAscii() == 'AA' || x.upperAscii() == 'BB'", q,
           "unknown (parameter V5 has no value)");
    expect("(x.upperAscii() == 'AA' || x.upperAscii() == 'BB') && true", q, "true");
    expect("cel.bind(y, [x.upperAscii()], y.exists(z, z == 'cc'))", q,
           "unknown (parameter V5 has no value)");
}

static void test_text(void **state) {
    (void)state;
    const struct eg_node *image = partial(parameter("Account"), text(".dkr.ecr/app:latest"), NULL);
    expect("x.endsWith(':latest')", image, "true");
    expect("x.endsWith(':1')", image, "false");
    expect("x.startsWith('1')", image, UNKNOWN("Account"));
    expect("x.contains('/app')", image, "true");
    expect("x == 'nginx'", image, "false");
    expect("x.matchesGlob('*:latest')", image, "true");
    expect("x.size()", image, UNKNOWN("Account"));
    expect("x.matches('latest')", image, UNKNOWN("Account"));
    expect("(x + '!').endsWith('latest!')", image, "true");
    expect("('a' + x).startsWith('b')", image, "false");
    expect("[x, 'b'].join(',').endsWith(',b')", image, "true");
    expect("'%s-%d'.format([x, 3]).endsWith(':latest-3')", image, "true");
    expect("string(x).endsWith('latest')", image, "true");
    expect("x.lowerAscii()", image, UNKNOWN("Account"));
    expect("type(x) == string", image, "true");
    expect("x in ['a', 'b']", image, "false");
    expect("{'a': 1}[x]", image, UNKNOWN("Account"));
    const struct eg_node *arn =
        partial(text("arn:aws:iam::123456789012:role/"), parameter("Name"), NULL);
    expect("arn(x).account", arn, "'123456789012'");
    expect("arn(x).service == 'iam'", arn, "true");
    expect("arn(x).resource.startsWith('role/')", arn, "true");
    expect("isARN(x)", arn, "true");
    expect("x.substring(0, 7)", arn, "'arn:aws'");
    const struct eg_node *pieces[] = {text("arn:aws:s3:::"), parameter("Bucket"), text(":x")};
    const struct eg_node *bucket = partial(pieces[0], pieces[1], pieces[2]);
    expect("arn(x).service + arn(x).account", bucket, "'s3'");
    expect("arn(x).resource.endsWith(':x')", bucket, "true");
    expect("isARN(x)", partial(text("arn:aws:"), parameter("Service"), text(":::b")),
           UNKNOWN("Service"));
    expect("isARN(x)", partial(text("aws:"), parameter("P"), NULL), "false");
    expect("iam.matches('s3:*', x)", partial(text("s3:"), parameter("A"), NULL), "true");
}

static void test_choices(void **state) {
    (void)state;
    const struct eg_node *either = choice(0, text("a"), text("b"));
    expect("x == 'a'", either, "unknown (condition V0 is not decided)");
    /* Each operand hangs on it; only both together don't, as an operand does when it is explored.
     */
    expect("x == 'a' || x == 'b'", either, "unknown (condition V0 is not decided)");
    expect("(x == 'a' || x == 'b') && true", either, "true");
    expect("(x == 'a' && x == 'b') || false", either, "false");
    expect("true && x != 'c'", either, "true");
    expect("[x].all(y, y != 'c')", either, "true");
    expect("[x].exists(y, y == 'c')", either, "false");
    expect("[x].map(y, y + '!').all(z, z.endsWith('!'))", either, "true");
    expect("[x].filter(y, y != 'c').size() > 0", either, "true");
    expect("[x, 'c'].filter(y, y != 'a').size() > 0", either, "true");
    expect("[x, 'c'].filter(y, y != 'a').size() > 1", either,
           "unknown (condition V0 is not decided)");
    expect("true && [x, 'c'].filter(y, y != 'a').size() < 3", either, "true");
    eg_scenario_assign(&scenario, &model.variables[0], 1);
    expect("x", either, "'b'");
    expect("[x, 'c'].filter(y, y != 'b').size()", either, "1");
}

/* Of lists whose elements may be there or not, what is sure decides. */
static void test_perhaps(void **state) {
    (void)state;
    const struct eg_node *p = parameter("P");
    expect("[x, 'bad'].filter(y, y == 'bad').size() == 0", p, "false");
    expect("[x, 'bad'].filter(y, y == 'bad').size() > 0", p, "true");
    expect("[x, 'bad'].filter(y, y == 'bad').size() >= 1", p, "true");
    expect("[x, 'bad'].filter(y, y == 'bad').size() != 0", p, "true");
    expect("[x, 'bad'].filter(y, y == 'bad').size() <= 0", p, "false");
    expect("[x, 'bad'].filter(y, y == 'bad').size() < 1", p, "false");
    expect("[x, 'bad'].filter(y, y == 'bad').size() == 1", p, UNKNOWN("P"));
    expect("[x, 'bad'].filter(y, y == 'bad').size() > 1", p, UNKNOWN("P"));
    expect("[x, 'bad'].filter(y, y == 'bad').size() < 2", p, UNKNOWN("P"));
    expect("[x, 'good'].filter(y, y == 'bad').size() == 0", p, UNKNOWN("P"));
    expect("size([x, 'bad'].filter(y, y == 'bad')) == 0", p, "false");
    expect("[x].filter(y, y == 'bad') == []", p, UNKNOWN("P"));
    expect("[x, 'bad'].filter(y, y == 'bad')[0]", p, UNKNOWN("P"));
    expect("[x, 'bad'].filter(y, y == 'bad').exists(y, y == 'bad')", p, "true");
    expect("[x, 'bad'].filter(y, y == 'bad').all(y, y != 'bad')", p, "false");
    expect("[x, 'bad'].filter(y, y == 'bad').all(y, true)", p, "true");
    expect("[x, 'bad'].filter(y, y == 'bad').all(y, y == 'bad')", p, UNKNOWN("P"));
    expect("[x].filter(y, y == 'bad').exists(y, true)", p, UNKNOWN("P"));
    expect("'bad' in [x, 'bad'].filter(y, y == 'bad')", p, "true");
    expect("x in [x].filter(y, y == 'bad')", p, UNKNOWN("P"));
    expect("([x].filter(y, y == 'bad') + ['c']).size() > 0", p, "true");
    expect("[x, 'bad'].filter(y, y == 'bad').map(y, y + '!').size() > 0", p, "true");
    expect("[[x].filter(y, y == 'bad'), ['c']].flatten().size() > 0", p, "true");
    expect("[x, 'bad', 'bad'].filter(y, y == 'bad').distinct().size() == 0", p, "false");
    expect("[x, 'bad', 'bad'].filter(y, y == 'bad').distinct().size() > 1", p, UNKNOWN("P"));
    expect("[x, 'bad'].filter(y, y == 'bad').join(',')", p, UNKNOWN("P"));
    expect("[x, 'bad'].filter(y, y.size() / 0 == 1)", p, "error (division by zero)");
    expect("optional.ofNonZeroValue([x, 'bad'].filter(y, y == 'bad')).hasValue()", p, "true");
    expect("optional.ofNonZeroValue([x].filter(y, y == 'bad')).hasValue()", p, UNKNOWN("P"));
}

static void test_absent(void **state) {
    (void)state;
    const struct eg_node *maybe = choice(0, text("a"), eg_node_absent());
    const struct eg_node *items[] = {text("first"), maybe, text("last")};
    const struct eg_node *some = list(items, 3);
    const char *undecided = "unknown (condition V0 is not decided)";
    expect("x.size()", some, undecided);
    expect("x[0]", some, "'first'");
    expect("x[1]", some, undecided);
    expect("x.all(y, y != 'z')", some, "true");
    expect("x.exists(y, y == 'last')", some, "true");
    expect("x.exists(y, y == 'a')", some, undecided);
    expect("'a' in x", some, undecided);
    expect("'z' in x", some, "false");
    expect("x.map(y, size(y))[0]", some, "5");
    expect("x.exists_one(y, y == 'last')", some, "true");
    expect("x == ['first', 'last']", some, undecided);
    expect("x.join(',')", some, undecided);
    expect("true && x.size() > 1", some, "true");
    eg_scenario_assign(&scenario, &model.variables[0], 1);
    expect("x.size()", some, "2");
    expect("x[1]", some, "'last'");
    expect("x == ['first', 'last']", some, "true");
    expect("x.last().value()", some, "'last'");
    eg_scenario_assign(&scenario, &model.variables[0], 0);
    expect("x.size()", some, "3");
    expect("x.map(y, y)", some, "['first', 'a', 'last']");
}

static void test_maps_with_absent_values(void **state) {
    (void)state;
    struct eg_map_builder builder;
    eg_map_begin(&builder, &arena);
    eg_map_add(&builder, EG_STR("k"), 0, choice(0, text("v"), eg_node_absent()), NULL);
    eg_map_add(&builder, EG_STR("l"), 0, eg_node_absent(), NULL);
    const struct eg_node *map = eg_map_node(&builder, NULL);
    const char *undecided = "unknown (condition V0 is not decided)";
    expect("has(x.k)", map, undecided);
    expect("has(x.l)", map, "false");
    expect("'l' in x", map, "false");
    expect("'k' in x", map, undecided);
    expect("x.?l", map, "optional.none()");
    expect("x.?k.hasValue()", map, undecided);
    expect("x.size()", map, undecided);
    expect("x.all(k, k == 'k')", map, "true");
    expect("x.exists(k, k == 'k')", map, undecided);
    expect("x.exists(k, v, v == 'w')", map, "false");
    eg_scenario_assign(&scenario, &model.variables[0], 0);
    expect("x.size() == 1 && has(x.k)", map, "true");
}

static void test_which_unknown(void **state) {
    (void)state;
    const struct eg_node *items[] = {parameter("Plain"), allowed(3, "a", "b")};
    const struct eg_node *two = list(items, 2);
    const struct eg_node *result = evaluate("x[0] == 'z' && x[1] == 'a'", two, NULL);
    assert_int_equal(result->kind, EG_UNKNOWN);
    assert_ptr_equal(result->as.unknown->variable, &model.variables[3]);
    result = evaluate("[x[0], x[1]].map(y, y + 'c').exists(z, z == 'ac')", two, NULL);
    assert_int_equal(result->kind, EG_UNKNOWN);
    assert_ptr_equal(result->as.unknown->variable, &model.variables[3]);
    expect("x[1] in ['a', 'b'] && true", two, "true");
    expect("x[1].startsWith('c') || false", two, "false");
    assert_int_equal(eg_scenario_value(&scenario, &model.variables[3]), EG_UNASSIGNED);
}

/* 40 conditions that have nothing to do with each other: linear, not 2^40. */
static void test_independent_conditions(void **state) {
    (void)state;
    const struct eg_node *items[40];
    for (uint32_t i = 0; i < 40; i++)
        items[i] = choice(i, text("good"), i % 2 == 0 ? text("fine") : eg_node_absent());
    const struct eg_node *all = list(items, 40);
    expect("x.all(y, y in ['good', 'fine'])", all, "true");
    expect("x.exists(y, y == 'bad')", all, "false");
    expect("x.filter(y, y != 'bad').all(z, z.size() == 4)", all, "true");
    char expression[4000] = "x[0] != 'bad'";
    for (int i = 1; i < 40; i++)
        snprintf(expression + strlen(expression), 60, " && (x.size() > 50 || x[0] != 'b%d')", i);
    const struct eg_node *same[40];
    for (uint32_t i = 0; i < 40; i++)
        same[i] = choice(i, text("good"), text("fine"));
    expect(expression, list(same, 40), "true");
    const struct eg_node *result = evaluate("x.all(y, y == 'good')", list(same, 40), NULL);
    assert_int_equal(result->kind, EG_UNKNOWN);
    assert_non_null(result->as.unknown->variable);
}

/* ---- objects ---- */

static void check_container(const char *expression, const struct eg_object *object,
                            const char *wanted) {
    const struct eg_node *result =
        evaluate(expression, eg_node_null(), cel_model_node(&model, object, NULL));
    struct eg_str shown = eg_cel_show(&arena, &scenario, result, 200);
    if (!eg_str_is(shown, wanted))
        fail_msg("%s gave %.*s, not %s", expression, EG_STR_ARGS(shown), wanted);
}

static void test_objects(void **state) {
    (void)state;
    struct eg_object *c = cel_model_container(&model, "web", NULL);
    check_container("c.name", c, "'web'");
    check_container("c.image", c, "''");
    check_container("c.privileged", c, "false");
    check_container("c.essential", c, "true");
    check_container("c.cpu + 1", c, "1");
    check_container("c.linux.initProcessEnabled", c, "false");
    check_container("c.linux.drop.size()", c, "0");
    check_container("has(c.name) && !has(c.image) && !has(c.linux)", c, "true");
    check_container("has(c.linux.drop)", c, "false");
    check_container("c.labels.size()", c, "0");
    check_container("c.?image", c, "optional.none()");
    check_container("c.?name.value()", c, "'web'");
    check_container("c == c", c, "true");
    check_container("type(c) == container", c, "true");
    check_container("c", c, "container 'web'");
    c->fields[1] = choice(0, text("a:1"), eg_node_absent());
    check_container("has(c.image)", c, "unknown (condition V0 is not decided)");
    check_container("true && c.image != 'x'", c, "true");
    eg_scenario_assign(&scenario, &model.variables[0], 1);
    check_container("has(c.image)", c, "false");
    check_container("c.image", c, "''");
    eg_scenario_assign(&scenario, &model.variables[0], EG_UNASSIGNED);
    c->fields[1] = parameter("Image");
    check_container("has(c.image)", c, "true");
    check_container("c.image == ''", c, UNKNOWN("Image"));
    c->fields[5] = eg_node_absent();
    check_container("c.essential && !has(c.essential)", c, "true");
}

/* ---- secrets ---- */

static void test_secrets(void **state) {
    (void)state;
    struct eg_node *secret = eg_node_new(&arena, EG_STRING, NULL);
    secret->as.text = EG_STR("hunter2");
    secret->flags = EG_FLAG_SECRET;
    expect("x", secret, "(secret)");
    expect("[x, 'a']", secret, "[(secret), 'a']");
    expect("{'k': x}", secret, "{'k': (secret)}");
    expect("x + '!'", secret, "(secret)");
    expect("'a' + x", secret, "(secret)");
    expect("x.upperAscii()", secret, "(secret)");
    expect("[x].join()", secret, "(secret)");
    expect("'%s'.format([x])", secret, "(secret)");
    expect("'%s'.format([[x]])", secret, "(secret)");
    expect("base64.encode(bytes(x))", secret, "(secret)");
    expect("x.split('')[0] == 'h'", secret, "true");
    expect("x == 'hunter2'", secret, "true");
    expect("x.size()", secret, "7");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_logic, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_computed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_choices, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_perhaps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_maps_with_absent_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_which_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_independent_conditions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_objects, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_secrets, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
