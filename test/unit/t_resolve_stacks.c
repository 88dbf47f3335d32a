/* Stacks as wholes: resources, conditions, loops, links, mistakes and bounds. */
#include "support/resolved.h"

#include "base/buf.h"
#include "base/limits.h"

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

/* ---- problems ---- */

static void mistakes_become_problems(void **state) {
    (void)state;
    static const struct {
        const char *text, *problems;
    } rows[] = {
        {"Resources: {A: {Type: T, DependsOn: B}}",
         "undefined-reference DependsOn names B, which is no resource of the template\n"},
        {"Resources: {A: {Type: T, DependsOn: [B]}, B: {Type: T, DependsOn: A}}",
         "circular-dependency resources depend on each other: A -> B -> A\n"},
        {"Resources: {A: {Type: T, Properties: {V: !Ref A}}}",
         "circular-dependency resources depend on each other: A -> A\n"},
        {"Resources:\n"
         "  A: {Type: T, Properties: {V: !Sub '${B.X}'}}\n"
         "  B: {Type: T, Properties: {V: !GetAtt C.X}}\n"
         "  C: {Type: T, Properties: {V: [!Ref A]}}\n"
         "  D: {Type: T, Properties: {V: [!Ref A]}}\n",
         "circular-dependency resources depend on each other: A -> B -> C -> A\n"},
        {"Parameters: {P: {Type: String}}\n"
         "Conditions: {C: !Equals [!Ref P, x]}\n"
         "Resources:\n"
         "  A: {Type: T, Properties: {V: !If [C, !Ref B, 1]}}\n"
         "  B: {Type: T, Properties: {V: !Ref A}}\n",
         "circular-dependency? resources depend on each other: A -> B -> A\n"},
        {"Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}\nResources: {}",
         "circular-dependency condition A hangs on itself\n"},
        {"Resources: {A: {Type: T, Condition: C}}",
         "undefined-condition there is no condition C\n"},
        {"Resources: {A: {Type: T, Condition: [C]}}",
         "invalid-function Condition takes the name of a condition, not a list\n"},
        {"Conditions: {C: !Equals [1]}\nResources: {}",
         "invalid-function Fn::Equals takes two values\n"},
        {"Conditions: {C: text}\nResources: {}",
         "invalid-function a condition is made of Fn::Equals, Fn::And, Fn::Or, Fn::Not and "
         "Condition\n"},
        {"Resources: {A: text}", "invalid-resource resource A is a string; expected a map\n"},
        {"Resources: {A: {Properties: {}}}", "invalid-resource resource A has no Type\n"},
        {"Resources: {A: {Type: T, Properties: [1]}}",
         "invalid-resource Properties of A is a list; expected a map\n"},
        {"AWSTemplateFormatVersion: x\nResources: [1]\n",
         "invalid-section section Resources is a list; expected a map\n"},
        {"Outputs: {O: {Description: d}}", "invalid-output output O has no Value\n"},
        {"Outputs: {O: {Value: !Ref Nothing}}",
         "undefined-reference there is no resource or parameter Nothing\n"},
        {"Conditions: {C: !Equals [1, 2]}\n"
         "Resources: {A: {Type: T, Condition: C}, B: {Type: T, Properties: {V: !Ref A}}}",
         "undefined-reference resource A is not made, as its condition is false here\n"},
        {"Transform: Mine\nResources: {A: {Type: T, Properties: {V: !Ref Made}}}",
         "macro? the template is transformed by Mine, which only CloudFormation can do; what is "
         "judged is what stands here\n"},
        {"Transform: AWS::Serverless-2016-10-31\n"
         "Resources: {A: {Type: AWS::Serverless::Function, Properties: {Role: !GetAtt "
         "ARole.Arn}}}",
         "macro? what AWS::Serverless::Function becomes is known only when CloudFormation expands "
         "it\n"},
        {"Resources: {A: {Type: 'My::Thing::MODULE'}}",
         "macro? what My::Thing::MODULE becomes is known only when CloudFormation expands it\n"},
        {"Resources: {A: {Type: T}}", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct resolved resolved;
        resolve(&resolved, rows[i].text);
        assert_string_equal(resolved_problems(&resolved), rows[i].problems);
        resolved_done(&resolved);
    }
}

static void problems_know_their_resource_and_place(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved, "Resources:\n  A:\n    Type: T\n    Properties:\n      V: !Ref Nothing\n");
    const struct eg_problem *problem = resolved.system->problems.first;
    assert_ptr_equal(problem->resource, resolved_resource(&resolved, NULL, "A"));
    assert_int_equal(eg_node_place(problem->at).line, 5);
    assert_ptr_equal(problem->template_, resolved.inputs[0]->templates[0]);
    resolved_done(&resolved);
}

/* ---- resources ---- */

static void resources_have_their_conditions(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved, "Parameters: {P: {Type: String}, D: {Type: String, Default: x}}\n"
                       "Conditions:\n"
                       "  Open: !Equals [!Ref P, x]\n"
                       "  Same: !Condition Open\n"
                       "  True: !Equals [!Ref D, x]\n"
                       "  False: !Not [!Condition True]\n"
                       "Resources:\n"
                       "  A: {Type: T, Condition: Open}\n"
                       "  B: {Type: T, Condition: 'True'}\n"
                       "  C: {Type: T, Condition: 'False', Properties: {V: !Ref Nothing}}\n"
                       "  D: {Type: T, Condition: Same}\n");
    /* YAML reads True and False as booleans, as keys they stay text. */
    const struct eg_resource *open = resolved_resource(&resolved, NULL, "A");
    assert_non_null(open->condition);
    assert_true(eg_str_is(open->condition->name, "Open"));
    assert_false(open->never);
    assert_null(resolved_resource(&resolved, NULL, "B")->condition);
    assert_true(resolved_resource(&resolved, NULL, "C")->never);
    assert_true(eg_str_is(resolved_resource(&resolved, NULL, "D")->condition->name, "Same"));
    assert_ptr_equal(resolved_resource(&resolved, NULL, "A")->condition,
                     eg_map_get(&resolved.system->stacks[0]->conditions, EG_STR("Open")));
    assert_string_equal(resolved_problems(&resolved), "");
    resolved_done(&resolved);
}

static void attributes_beside_properties_are_resolved(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved, "Transform: AWS::LanguageExtensions\n"
                       "Parameters: {Keep: {Type: String, Default: Retain}}\n"
                       "Resources:\n"
                       "  B: {Type: T}\n"
                       "  A:\n"
                       "    Type: T\n"
                       "    DependsOn: B\n"
                       "    DeletionPolicy: !Ref Keep\n"
                       "    UpdateReplacePolicy: Delete\n"
                       "    Metadata: {K: !Sub 'x-${Keep}'}\n");
    const struct eg_resource *a = resolved_resource(&resolved, NULL, "A");
    assert_string_equal(resolved_json(&resolved, a->deletion_policy), "\"Retain\"");
    assert_string_equal(resolved_json(&resolved, a->update_replace_policy), "\"Delete\"");
    assert_string_equal(resolved_json(&resolved, a->metadata), "{\"K\": \"x-Retain\"}");
    assert_string_equal(resolved_json(&resolved, a->depends_on), "[\"B\"]");
    assert_int_equal(a->properties->kind, EG_MAP);
    assert_int_equal(a->number, 1);
    resolved_done(&resolved);
}

static void a_choice_of_properties_is_a_map_of_choices(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved, "Parameters: {P: {Type: String}}\n"
                       "Conditions: {C: !Equals [!Ref P, x]}\n"
                       "Resources: {A: {Type: T, Properties: !If [C, {X: 1, Y: 2}, {X: 3}]}}\n");
    assert_string_equal(resolved_property(&resolved, "A", "X"),
                        "{\"$choice\": {\"condition\": \"C\", \"true\": 1, \"false\": 3}}");
    assert_string_equal(resolved_property(&resolved, "A", "Y"),
                        "{\"$choice\": {\"condition\": \"C\", \"true\": 2}}");
    resolved_done(&resolved);
}

/* ---- loops ---- */

static void loops_make_resources_conditions_and_outputs(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved,
            "Transform: AWS::LanguageExtensions\n"
            "Parameters: {Names: {Type: CommaDelimitedList, Default: 'Al.pha,Beta'}, P: {Type: "
            "String}}\n"
            "Conditions:\n"
            "  Fn::ForEach::Conds: [N, [One, Two], {'Is${N}': !Equals [!Ref P, !Ref N]}]\n"
            "Resources:\n"
            "  Fn::ForEach::Topics:\n"
            "    - Name\n"
            "    - !Ref Names\n"
            "    - Topic&{Name}:\n"
            "        Type: AWS::SNS::Topic\n"
            "        Condition: IsOne\n"
            "        Properties:\n"
            "          TopicName: !Sub '${Name}.fifo'\n"
            "          Plain: !Ref Name\n"
            "          Fn::ForEach::Inner: [K, [X, Y], {'${K}${Name}': !Ref K}]\n"
            "  Fn::ForEach::Outer:\n"
            "    - A\n"
            "    - [p, q]\n"
            "    - Fn::ForEach::InnerLoop: [B, ['1', '2'], {'R${A}${B}': {Type: 'T::${A}'}}]\n"
            "Outputs:\n"
            "  Fn::ForEach::Outs: [N, [p, q], {'Out${N}': {Value: !Ref 'R${N}1'}}]\n");
    assert_string_equal(resolved_problems(&resolved), "");
    assert_string_equal(resolved_property(&resolved, "TopicAlpha", "TopicName"), "\"Al.pha.fifo\"");
    assert_string_equal(resolved_property(&resolved, "TopicBeta", "Plain"), "\"Beta\"");
    assert_string_equal(resolved_property(&resolved, "TopicBeta", "YBeta"), "\"Y\"");
    assert_true(eg_str_is(resolved_resource(&resolved, NULL, "Rq2")->type, "T::q"));
    assert_int_equal(resolved.system->resource_count, 6);
    const struct eg_output *out = eg_map_get(&resolved.system->stacks[0]->outputs, EG_STR("Outq"));
    assert_string_equal(resolved_json(&resolved, out->value), "{\"$ref\": \"Rq1.Ref\"}");
    assert_non_null(resolved_resource(&resolved, NULL, "TopicAlpha")->condition);
    resolved_done(&resolved);
}

static void a_loop_over_what_is_not_known_is_told(void **state) {
    (void)state;
    struct resolved resolved;
    resolve(&resolved, "Transform: AWS::LanguageExtensions\n"
                       "Parameters: {Names: {Type: CommaDelimitedList}}\n"
                       "Resources:\n"
                       "  Fn::ForEach::L: [N, !Ref Names, {'T${N}': {Type: T}}]\n"
                       "  Other: {Type: T, Properties: {V: !Ref TAlpha}}\n");
    assert_string_equal(resolved_problems(&resolved),
                        "macro? what Fn::ForEach::L makes is not known, since Names is not\n");
    assert_string_equal(resolved_property(&resolved, "Other", "V"),
                        "{\"$unknown\": \"TAlpha is expanded by CloudFormation, not here\"}");
    resolved_done(&resolved);
}

/* ---- links ---- */

static void exports_meet_imports(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_parameter(&resolved, "Stage=prod");
    resolved_add(&resolved, "use.yaml",
                 "Parameters: {Stage: {Type: String}}\n"
                 "Resources:\n"
                 "  R:\n"
                 "    Type: T\n"
                 "    Properties:\n"
                 "      A: !ImportValue net-vpc\n"
                 "      B: {'Fn::ImportValue': !Sub '${Stage}-sg'}\n"
                 "      C: !ImportValue {'Fn::Sub': '${AWS::Region}-x'}\n"
                 "      D: !ImportValue elsewhere\n");
    resolved_add(&resolved, "net.yaml",
                 "Parameters: {Stage: {Type: String}}\n"
                 "Resources: {Vpc: {Type: AWS::EC2::VPC}, Sg: {Type: AWS::EC2::SecurityGroup}}\n"
                 "Outputs:\n"
                 "  A: {Value: !Ref Vpc, Export: {Name: net-vpc}}\n"
                 "  B: {Value: !GetAtt Sg.GroupId, Export: {Name: !Sub '${Stage}-sg'}}\n"
                 "  C: {Value: c, Export: {Name: !Sub '${AWS::Region}-x'}}\n");
    resolved_run(&resolved);
    assert_string_equal(resolved_property(&resolved, "R", "A"), "{\"$ref\": \"Vpc.VpcId\"}");
    assert_string_equal(resolved_property(&resolved, "R", "B"), "{\"$ref\": \"Sg.GroupId\"}");
    assert_string_equal(resolved_property(&resolved, "R", "C"), "\"c\"");
    assert_non_null(strstr(resolved_property(&resolved, "R", "D"), "exports elsewhere"));
    const struct eg_node *vpc = eg_resource_property(resolved_resource(&resolved, "use", "R"), "A");
    assert_ptr_equal(eg_resolve_target(vpc), resolved_resource(&resolved, "net", "Vpc"));
    assert_true(eg_str_is(eg_node_place(vpc).file, "use.yaml"));
    resolved_done(&resolved);
}

/* Parameters of the same name in two stacks need not have the same value. */
static void open_export_names_are_not_guessed(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_add(&resolved, "use.yaml",
                 "Parameters: {Stage: {Type: String}}\n"
                 "Resources: {R: {Type: T, Properties: {A: !ImportValue {'Fn::Sub': "
                 "'${Stage}-x'}}}}\n");
    resolved_add(&resolved, "net.yaml",
                 "Parameters: {Stage: {Type: String}}\n"
                 "Outputs: {A: {Value: 1, Export: {Name: !Sub '${Stage}-x'}}}\n");
    resolved_run(&resolved);
    const struct eg_node *value =
        eg_scenario_force(&resolved.system->scenario,
                          eg_resource_property(resolved_resource(&resolved, NULL, "R"), "A"));
    assert_int_equal(value->kind, EG_UNKNOWN);
    assert_int_equal(value->as.unknown->why, EG_WHY_IMPORT);
    resolved_done(&resolved);
}

static void nested_stacks_pass_values_both_ways(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_add_path(&resolved, "test/resolve/fixtures/nested/parent.yaml");
    resolved_run(&resolved);
    assert_string_equal(resolved_property(&resolved, "User", "Group"),
                        "{\"$ref\": \"Group.GroupId\"}");
    assert_string_equal(resolved_property(&resolved, "User", "Vpc"), "{\"$ref\": \"Vpc.VpcId\"}");
    assert_string_equal(resolved_property(&resolved, "Inner", "Size"), "\"small\"");
    assert_string_equal(resolved_property(&resolved, "Inner", "Second"), "\"sg-2\"");
    const struct eg_resource *group = resolved_resource(&resolved, "parent/Child", "Group");
    assert_ptr_equal(eg_resolve_target(eg_resource_property(group, "VpcId")),
                     resolved_resource(&resolved, "parent", "Vpc"));
    resolved_done(&resolved);
}

static void rules_are_asserted_with_given_values(void **state) {
    (void)state;
    static const char text[] =
        "Parameters: {Env: {Type: String, Default: test}, Open: {Type: String}}\n"
        "Rules:\n"
        "  OnlyKnown:\n"
        "    RuleCondition: !Not [!Equals [!Ref Env, local]]\n"
        "    Assertions:\n"
        "      - Assert: {'Fn::Contains': [[dev, prod], !Ref Env]}\n"
        "        AssertDescription: Env must be known\n"
        "      - Assert: {'Fn::EachMemberIn': [[!Ref Open], [a]]}\n"
        "      - Assert: {'Fn::EachMemberEquals': [{'Fn::RefAll': 'AWS::EC2::VPC::Id'}, x]}\n"
        "Resources: {}\n";
    struct resolved resolved;
    resolve(&resolved, text);
    assert_string_equal(resolved_problems(&resolved), ""); /* the default is there to be changed */
    resolved_done(&resolved);
    resolved_begin(&resolved);
    resolved_parameter(&resolved, "Env=stage");
    resolved_add(&resolved, "t.yaml", text);
    resolved_run(&resolved);
    assert_string_equal(resolved_problems(&resolved),
                        "rule-violated the parameters break rule OnlyKnown: Env must be known\n");
    resolved_done(&resolved);
}

/* ---- bounds ---- */

static void resolve_buffer(struct resolved *resolved, struct eg_buf *text) {
    eg_buf_putc(text, '\0');
    resolve(resolved, text->data);
}

/* Each text holds the one inside it twice: 2 to the power of 60 at the outermost. */
static void doubling_texts_meet_a_bound(void **state) {
    (void)state;
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_puts(&text, "{\"Resources\": {\"R\": {\"Type\": \"T\", \"Properties\": {\"V\": ");
    for (int i = 0; i < 60; i++)
        eg_buf_puts(&text, "{\"Fn::Sub\": [\"${a}${a}\", {\"a\": ");
    eg_buf_puts(&text, "\"xxxxxxxx\"");
    for (int i = 0; i < 60; i++)
        eg_buf_puts(&text, "}]}");
    eg_buf_puts(&text, "}}}}");
    struct resolved resolved;
    resolve_buffer(&resolved, &text);
    const struct eg_node *value =
        eg_resource_property(resolved_resource(&resolved, NULL, "R"), "V");
    assert_int_not_equal(value->kind, EG_STRING);
    assert_true(resolved.arena.total < 64 * 1024 * 1024);
    resolved_done(&resolved);
    eg_buf_done(&text);
}

static void deep_nesting_resolves(void **state) {
    (void)state;
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_puts(&text, "{\"Resources\": {\"R\": {\"Type\": \"T\", \"Properties\": {\"V\": ");
    enum { LEVELS = 150 };
    for (int i = 0; i < LEVELS; i++)
        eg_buf_puts(&text, "{\"Fn::Join\": [\"\", [\"a\", ");
    eg_buf_puts(&text, "\"\"");
    for (int i = 0; i < LEVELS; i++)
        eg_buf_puts(&text, "]]}");
    eg_buf_puts(&text, "}}}}");
    struct resolved resolved;
    resolve_buffer(&resolved, &text);
    const struct eg_node *value =
        eg_resource_property(resolved_resource(&resolved, NULL, "R"), "V");
    assert_int_equal(value->kind, EG_STRING);
    assert_int_equal(value->as.text.length, LEVELS);
    resolved_done(&resolved);
    eg_buf_done(&text);
}

/* Conditions that hang on each other in a row, the last named first. */
static void long_chains_meet_a_bound(void **state) {
    (void)state;
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_puts(&text, "Parameters: {P: {Type: String}}\nConditions:\n");
    enum { LENGTH = 5000 };
    for (int i = LENGTH; i > 0; i--)
        eg_buf_printf(&text, "  C%d: !And [!Condition C%d, !Equals [!Ref P, 'v%d']]\n", i, i - 1,
                      i);
    eg_buf_puts(&text, "  C0: !Equals [!Ref P, x]\nResources: {R: {Type: T, Condition: C5000}}\n");
    struct resolved resolved;
    resolve_buffer(&resolved, &text);
    assert_non_null(resolved_resource(&resolved, NULL, "R")->condition);
    const struct eg_unknown *cause = NULL;
    assert_int_equal(eg_scenario_decide(&resolved.system->scenario,
                                        resolved_resource(&resolved, NULL, "R")->condition, &cause),
                     EG_UNDECIDED);
    assert_non_null(strstr(resolved_problems(&resolved), "limit?"));
    resolved_done(&resolved);
    eg_buf_done(&text);
}

static void too_many_loops_meet_a_bound(void **state) {
    (void)state;
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_puts(&text, "Transform: AWS::LanguageExtensions\nResources:\n");
    for (int level = 0; level < 6; level++)
        eg_buf_printf(
            &text,
            "%*sFn::ForEach::L%d:\n%*s- N%d\n%*s- ['1','2','3','4','5','6','7','8','9']\n%*s- ",
            2 + level * 4, "", level, 4 + level * 4, "", level, 4 + level * 4, "", 4 + level * 4,
            ""),
            eg_buf_puts(&text, "\n");
    eg_buf_printf(&text, "%*s'R${N0}${N1}${N2}${N3}${N4}${N5}': {Type: T}\n", 30, "");
    struct resolved resolved;
    resolve_buffer(&resolved, &text);
    assert_non_null(strstr(resolved_problems(&resolved), "limit? Fn::ForEach makes too much"));
    assert_true(resolved.system->resource_count <= EG_LIMIT_FOREACH_ITEMS);
    resolved_done(&resolved);
    eg_buf_done(&text);
}

static double seconds_for(int resources) {
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_puts(&text, "{\"Parameters\": {\"P\": {\"Type\": \"String\"}}, \"Resources\": {");
    for (int i = 0; i < resources; i++)
        eg_buf_printf(&text,
                      "%s\n\"R%d\": {\"Type\": \"AWS::EC2::Subnet\", \"Properties\": {\"VpcId\": "
                      "{\"Ref\": \"R%d\"}, \"Name\": {\"Fn::Sub\": \"${P}-${R%d.SubnetId}\"}}}",
                      i > 0 ? "," : "", i, i + 1, i + 1);
    eg_buf_printf(&text, ",\"R%d\": {\"Type\": \"AWS::EC2::VPC\"}}}", resources);
    clock_t before = clock();
    struct resolved resolved;
    resolve_buffer(&resolved, &text);
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    assert_int_equal(resolved.system->resource_count, resources + 1);
    assert_string_equal(resolved_problems(&resolved), "");
    resolved_done(&resolved);
    eg_buf_done(&text);
    return seconds;
}

static void time_grows_with_the_resources(void **state) {
    (void)state;
    (void)seconds_for(1000);
    double one = seconds_for(2000), ten = seconds_for(20000);
    assert_true(ten < 40 * one + 0.05);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_become_problems),
        cmocka_unit_test(problems_know_their_resource_and_place),
        cmocka_unit_test(resources_have_their_conditions),
        cmocka_unit_test(attributes_beside_properties_are_resolved),
        cmocka_unit_test(a_choice_of_properties_is_a_map_of_choices),
        cmocka_unit_test(loops_make_resources_conditions_and_outputs),
        cmocka_unit_test(a_loop_over_what_is_not_known_is_told),
        cmocka_unit_test(exports_meet_imports),
        cmocka_unit_test(open_export_names_are_not_guessed),
        cmocka_unit_test(nested_stacks_pass_values_both_ways),
        cmocka_unit_test(rules_are_asserted_with_given_values),
        cmocka_unit_test(doubling_texts_meet_a_bound),
        cmocka_unit_test(deep_nesting_resolves),
        cmocka_unit_test(long_chains_meet_a_bound),
        cmocka_unit_test(too_many_loops_meet_a_bound),
        cmocka_unit_test(time_grows_with_the_resources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
