/* Scenarios over templates as they are resolved: which values conditions leave open, and that no
 * scenario contradicts itself. */
#include "support/resolved.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void resolve(struct resolved *resolved, const char *text) {
    resolved_begin(resolved);
    resolved_add(resolved, "t.yaml", text);
    resolved_run(resolved);
}

static const struct eg_node *force(struct resolved *resolved, const char *property) {
    const struct eg_resource *resource = resolved_resource(resolved, NULL, "R");
    return eg_scenario_force(&resolved->system->scenario, eg_resource_property(resource, property));
}

/* The forced property as text; an unknown as '?' and the name of the variable that decides it. */
static const char *look(struct resolved *resolved, const char *property) {
    const struct eg_node *value = force(resolved, property);
    if (value->kind != EG_UNKNOWN)
        return resolved_json(resolved, value);
    const struct eg_variable *variable = value->as.unknown->variable;
    return eg_str_format(&resolved->arena, "?%.*s",
                         EG_STR_ARGS(variable == NULL ? EG_STR("") : variable->name))
        .data;
}

/* Assigns VALUE to the variable NAME; NULL: "any other". */
static void assign(struct resolved *resolved, const char *name, const char *value) {
    struct eg_variable *variable = resolved_variable(resolved, name);
    int32_t number = -1;
    if (value == NULL)
        number = (int32_t)variable->count;
    for (uint32_t i = 0; value != NULL && i < variable->count; i++)
        if (eg_str_is(variable->values[i]->as.text, value))
            number = (int32_t)i;
    assert_int_not_equal(number, -1);
    eg_scenario_assign(&resolved->system->scenario, variable, number);
}

static const char two_conditions[] =
    "Parameters: {Env: {Type: String}}\n"
    "Conditions:\n"
    "  IsProd: !Equals [!Ref Env, prod]\n"
    "  IsDev: !Equals [dev, !Ref Env]\n"
    "  Both: !And [!Condition IsProd, !Condition IsDev]\n"
    "  Neither: !Not [!Or [!Condition IsProd, !Condition IsDev]]\n"
    "Resources:\n"
    "  R:\n"
    "    Type: Custom::R\n"
    "    Properties:\n"
    "      Prod: !If [IsProd, 'yes', 'no']\n"
    "      Dev: !If [IsDev, 'yes', 'no']\n"
    "      Both: !If [Both, 'yes', 'no']\n"
    "      Neither: !If [Neither, 'yes', 'no']\n"
    "      Nested: !If [IsProd, !If [IsDev, 'both', 'prod'], !If [IsDev, 'dev', 'none']]\n"
    "      Text: !Sub ['${e}!', {e: !If [IsProd, p, !Ref Env]}]\n";

static void conditions_on_one_parameter_never_contradict(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved, two_conditions);
    assert_int_equal(resolved_variable(&resolved, "Env")->count, 2);
    assert_true(resolved_variable(&resolved, "Env")->open);
    static const struct {
        const char *env, *prod, *dev, *neither, *nested, *text;
    } rows[] = {
        {"prod", "\"yes\"", "\"no\"", "\"no\"", "\"prod\"", "\"p!\""},
        {"dev", "\"no\"", "\"yes\"", "\"no\"", "\"dev\"", "\"dev!\""},
        {NULL, "\"no\"", "\"no\"", "\"yes\"", "\"none\"",
         "{\"$partial\": [{\"$unknown\": \"parameter Env has no value; give --parameter Env=…\"}, "
         "\"!\"]}"},
    };
    assert_string_equal(look(&resolved, "Prod"), "?Env");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assign(&resolved, "Env", rows[i].env);
        assert_string_equal(look(&resolved, "Prod"), rows[i].prod);
        assert_string_equal(look(&resolved, "Dev"), rows[i].dev);
        assert_string_equal(look(&resolved, "Both"), "\"no\"");
        assert_string_equal(look(&resolved, "Neither"), rows[i].neither);
        assert_string_equal(look(&resolved, "Nested"), rows[i].nested);
        assert_string_equal(look(&resolved, "Text"), rows[i].text);
    }
    resolved_done(&resolved);
}

static const char lazy_calls[] =
    "Parameters: {Env: {Type: String, AllowedValues: [dev, prod, test]}, Open: {Type: String}}\n"
    "Mappings: {M: {dev: {Zones: [a], Size: 1}, prod: {Zones: [b, c], Size: 2}}}\n"
    "Conditions: {IsProd: !Equals [!Ref Env, prod], IsX: !Equals [!Sub 'x-${Open}', x-big]}\n"
    "Resources:\n"
    "  R:\n"
    "    Type: Custom::R\n"
    "    Properties:\n"
    "      Size: !FindInMap [M, !Ref Env, Size]\n"
    "      Zones: !Join ['+', !FindInMap [M, !Ref Env, Zones]]\n"
    "      Select: !Select [0, !If [IsProd, [p, q], [r]]]\n"
    "      Skip: !Select [1, [a, !If [IsProd, b, !Ref AWS::NoValue], c]]\n"
    "      Joined: !Join ['-', [a, !If [IsProd, b, !Ref AWS::NoValue], c]]\n"
    "      Length: !Join ['', [{'Fn::Length': !If [IsProd, [p, q], [r]]}]]\n"
    "      Split: !Join ['/', !Split ['-', !Sub '${Env}-x']]\n"
    "      Solved: !If [IsX, big, small]\n";

static void functions_are_called_in_each_scenario(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved, lazy_calls);
    assert_string_equal(look(&resolved, "Size"), "?Env");
    assert_string_equal(look(&resolved, "Joined"),
                        "{\"$partial\": [\"a-\", {\"$unknown\": \"condition IsProd is not "
                        "decided\"}, \"-c\"]}");
    assign(&resolved, "Env", "prod");
    assert_string_equal(look(&resolved, "Size"), "2");
    assert_string_equal(look(&resolved, "Zones"), "\"b+c\"");
    assert_string_equal(look(&resolved, "Select"), "\"p\"");
    assert_string_equal(look(&resolved, "Skip"), "\"b\"");
    assert_string_equal(look(&resolved, "Joined"), "\"a-b-c\"");
    assert_string_equal(look(&resolved, "Length"), "\"2\"");
    assert_string_equal(look(&resolved, "Split"), "\"prod/x\"");
    assign(&resolved, "Env", "dev");
    assert_string_equal(look(&resolved, "Zones"), "\"a\"");
    assert_string_equal(look(&resolved, "Select"), "\"r\"");
    assert_string_equal(look(&resolved, "Skip"), "\"c\"");
    assert_string_equal(look(&resolved, "Joined"), "\"a-c\"");
    assert_string_equal(look(&resolved, "Length"), "\"1\"");
    assign(&resolved, "Env", "test");
    assert_string_equal(look(&resolved, "Size"), "?"); /* no such key: an error at deployment */
    assert_string_equal(look(&resolved, "Solved"), "?Open");
    assign(&resolved, "Open", "big"); /* what x-${Open} == 'x-big' comes to */
    assert_string_equal(look(&resolved, "Solved"), "\"big\"");
    assign(&resolved, "Open", NULL);
    assert_string_equal(look(&resolved, "Solved"), "\"small\"");
    resolved_done(&resolved);
}

static void mapping_keys_are_values_to_look_at(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved, "Mappings: {M: {eu-west-1: {A: one}, us-east-1: {A: two}}}\n"
                       "Conditions: {IsUs: !Equals [!Ref AWS::Region, us-east-1]}\n"
                       "Resources: {R: {Type: Custom::R, Properties: {\n"
                       "  V: !FindInMap [M, !Ref AWS::Region, A], W: !If [IsUs, us, other]}}}\n");
    assert_int_equal(resolved_variable(&resolved, "AWS::Region")->count, 2);
    assign(&resolved, "AWS::Region", "us-east-1");
    assert_string_equal(look(&resolved, "V"), "\"two\"");
    assert_string_equal(look(&resolved, "W"), "\"us\"");
    assign(&resolved, "AWS::Region", "eu-west-1");
    assert_string_equal(look(&resolved, "V"), "\"one\"");
    assert_string_equal(look(&resolved, "W"), "\"other\"");
    resolved_done(&resolved);
}

static void allowed_values_exclude_others(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved,
            "Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}\n"
            "Conditions: {IsTest: !Equals [!Ref Env, test], Same: !Equals [!Ref Env, !Ref Env]}\n"
            "Resources: {R: {Type: Custom::R, Properties: {\n"
            "  V: !If [IsTest, a, b], W: !If [Same, a, b]}}}\n");
    assert_string_equal(look(&resolved, "V"), "\"b\"");
    assert_string_equal(look(&resolved, "W"), "\"a\"");
    assert_false(resolved_variable(&resolved, "Env")->open);
    assert_true(resolved_variable(&resolved, "Env")->allowed);
    resolved_done(&resolved);
}

/* A comparison that no parameter decides alone is a truth of its own, the same for equal texts. */
static void undecidable_comparisons_are_one_truth(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved,
            "Parameters: {A: {Type: String}, B: {Type: String}}\n"
            "Conditions:\n"
            "  One: !Equals [!Sub '${A}${B}', x]\n"
            "  Two: !Not [!Equals [!Sub '${A}${B}', x]]\n"
            "Resources: {R: {Type: Custom::R, Properties: {V: !If [One, a, b], W: !If [Two, c, "
            "d]}}}\n");
    assign(&resolved, "A", NULL);
    assign(&resolved, "B", NULL);
    assert_string_equal(look(&resolved, "V"), "?One");
    struct eg_variable *one = resolved_variable(&resolved, "One");
    assert_true(one->condition);
    eg_scenario_assign(&resolved.system->scenario, one, 0);
    assert_string_equal(look(&resolved, "V"), "\"a\"");
    assert_string_equal(look(&resolved, "W"), "\"d\"");
    eg_scenario_assign(&resolved.system->scenario, one, 1);
    assert_string_equal(look(&resolved, "V"), "\"b\"");
    assert_string_equal(look(&resolved, "W"), "\"c\"");
    resolved_done(&resolved);
}

static void a_nested_stack_sees_the_parents_parameter(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_add_path(&resolved, "test/resolve/fixtures/nested/parent.yaml");
    resolved_run(&resolved);
    const struct eg_resource *inner = resolved_resource(&resolved, "parent/Child", "Inner");
    struct eg_scenario *scenario = &resolved.system->scenario;
    const struct eg_node *value = eg_resource_property(inner, "Mode");
    assert_int_equal(eg_scenario_force(scenario, value)->kind, EG_UNKNOWN);
    assign(&resolved, "Env", "prod"); /* the literal is in the child only */
    assert_string_equal(eg_scenario_force(scenario, value)->as.text.data, "strict");
    assign(&resolved, "Env", NULL);
    assert_string_equal(eg_scenario_force(scenario, value)->as.text.data, "loose");
    resolved_done(&resolved);
}

/* What grows with the combinations would need 2 to the power of 40 steps. */
static void forty_conditions_cost_forty_times_one(void **state) {
    (void)state;
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_puts(&text, "Parameters:\n");
    for (int i = 0; i < 40; i++)
        eg_buf_printf(&text, "  P%d: {Type: String}\n", i);
    eg_buf_puts(&text, "Conditions:\n");
    for (int i = 0; i < 40; i++)
        eg_buf_printf(&text, "  C%d: !Equals [!Ref P%d, x]\n", i, i);
    eg_buf_puts(&text, "Resources: {R: {Type: Custom::R, Properties: {L: [\n");
    for (int i = 0; i < 40; i++)
        eg_buf_printf(&text, "  !If [C%d, a%d, !Ref AWS::NoValue],\n", i, i);
    eg_buf_puts(&text, "  end], J: !Join ['', [\n");
    for (int i = 0; i < 40; i++)
        eg_buf_printf(&text, "  !If [C%d, a, b],\n", i);
    eg_buf_puts(&text, "  end]], S: !Select [39, [\n");
    for (int i = 0; i < 40; i++)
        eg_buf_printf(&text, "  !If [C%d, a%d, !Ref AWS::NoValue],\n", i, i);
    eg_buf_puts(&text, "  end]]}}}\n");
    eg_buf_putc(&text, '\0');
    clock_t before = clock();
    struct resolved resolved;
    resolve(&resolved, text.data);
    const struct eg_node *list = force(&resolved, "L");
    assert_int_equal(list->as.list.count, 41);
    assert_int_equal(force(&resolved, "J")->kind, EG_PARTIAL);
    for (int i = 0; i < 40; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "P%d", i);
        assign(&resolved, name, "x");
    }
    assert_string_equal(look(&resolved, "S"), "\"a39\"");
    assert_string_equal(look(&resolved, "J"), "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaend\"");
    assert_true(clock() - before < CLOCKS_PER_SEC);
    resolved_done(&resolved);
    eg_buf_done(&text);
}

/* Each condition names the one before twice: written out there would be 2 to the power of 60. */
static void doubling_conditions_meet_a_bound(void **state) {
    (void)state;
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_puts(&text, "Parameters: {P: {Type: String}}\nConditions:\n"
                       "  C0: !Equals [!Ref P, x]\n");
    for (int i = 1; i < 60; i++)
        eg_buf_printf(&text, "  C%d: !And [!Condition C%d, !Not [!Condition C%d]]\n", i, i - 1,
                      i - 1);
    eg_buf_puts(&text, "Resources: {R: {Type: Custom::R, Properties: {V: !If [C59, a, b]}}}\n");
    eg_buf_putc(&text, '\0');
    struct resolved resolved;
    resolve(&resolved, text.data);
    assert_int_equal(force(&resolved, "V")->kind, EG_UNKNOWN);
    assert_non_null(strstr(resolved_problems(&resolved), "limit? "));
    resolved_done(&resolved);
    eg_buf_done(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_on_one_parameter_never_contradict),
        cmocka_unit_test(functions_are_called_in_each_scenario),
        cmocka_unit_test(mapping_keys_are_values_to_look_at),
        cmocka_unit_test(allowed_values_exclude_others),
        cmocka_unit_test(undecidable_comparisons_are_one_truth),
        cmocka_unit_test(a_nested_stack_sees_the_parents_parameter),
        cmocka_unit_test(forty_conditions_cost_forty_times_one),
        cmocka_unit_test(doubling_conditions_meet_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
