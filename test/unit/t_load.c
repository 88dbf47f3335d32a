/* Telling inputs apart, the shapes of ECS documents, finding files. */
#include "support/resolved.h"

#include "base/buf.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- what documents are ---- */

#define CONTAINERS "[{\"name\": \"a\", \"image\": \"nginx\"}]"

/* "TYPE logicalId, …" of a document's resources; "template" for a template, or the error. */
static struct eg_str summary(struct eg_arena *arena, const char *name, const char *text) {
    struct eg_document document;
    struct eg_error error = {0};
    struct eg_error_list errors = {0};
    struct eg_input input;
    if (!eg_read(arena, eg_str_from(name), eg_str_from(text), &document, &error))
        return eg_str_copy(arena, eg_str_from(error.text));
    if (!eg_load_document(arena, &document, EG_STR(""), &input, &errors))
        return eg_str_format(arena, "error %u:%u", errors.items[0]->line, errors.items[0]->column);
    if (!input.templates[0]->api_names)
        return EG_STR("template");
    struct eg_str all = EG_STR("");
    for (uint32_t i = 0; i < input.template_count; i++) {
        const struct eg_entry *entry = &input.templates[i]->resources->as.map.items[0];
        all = eg_str_format(
            arena, "%.*s%s%.*s %.*s", EG_STR_ARGS(all), i > 0 ? ", " : "",
            EG_STR_ARGS(eg_str_from_offset(eg_node_text(EG_GET(entry->value, "Type")), 10)),
            EG_STR_ARGS(entry->key));
    }
    return all;
}

static void documents_are_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"{\"Resources\": {}}", "template"},
        {"{\"AWSTemplateFormatVersion\": \"2010-09-09\"}", "template"},
        {"{\"Outputs\": {\"A\": {\"Value\": 1}}}", "template"},
        {"{\"Description\": \"d\", \"Transform\": \"AWS::Include\"}", "template"},
        {"{\"Parameters\": {\"A\": \"b\"}}", "error 1:1"}, /* a parameter file */
        {"{\"Resources\": []}", "error 1:1"},
        {"{\"a\": 1}", "error 1:1"},
        {"[]", "error 1:1"},
        {"3", "error 1:1"},
        {"{\"family\": \"f\", \"containerDefinitions\": " CONTAINERS "}", "TaskDefinition f"},
        {"{\"containerDefinitions\": " CONTAINERS "}", "TaskDefinition file"},
        {CONTAINERS, "TaskDefinition file"},
        {"[{\"name\": \"a\", \"imageUri\": \"x\"}]", "error 1:1"}, /* imagedefinitions.json */
        {"[{\"family\": \"f\", \"containerDefinitions\": []}, {\"taskDefinition\": {\"family\": "
         "\"g\", \"containerDefinitions\": []}}]",
         "TaskDefinition f, TaskDefinition g"},
        {"{\"taskDefinition\": {\"family\": \"f\", \"revision\": 3, \"containerDefinitions\": []}, "
         "\"tags\": []}",
         "TaskDefinition f"},
        {"{\"serviceName\": \"s\", \"taskDefinition\": \"f:1\"}", "Service s"},
        {"{\"service\": {\"serviceName\": \"s\"}}", "Service s"},
        {"{\"services\": [{\"serviceName\": \"s\"}, {\"serviceName\": \"t\"}], \"failures\": []}",
         "Service s, Service t"},
        {"{\"service\": \"s\", \"taskDefinition\": \"f\", \"desiredCount\": 2}", "Service s"},
        {"{\"service\": \"s\", \"taskDefinition\": \"f\", \"scale\": {\"value\": 1}}", "TaskSet s"},
        {"{\"cluster\": \"c\", \"taskDefinition\": \"f\", \"count\": 1}", "RunTask file"},
        {"{\"clusterName\": \"c\", \"settings\": []}", "Cluster c"},
        {"{\"cluster\": {\"clusterName\": \"c\", \"settings\": []}}", "Cluster c"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct eg_arena arena;
        eg_arena_init(&arena);
        struct eg_str found = summary(&arena, "folder/file.json", rows[i].text);
        if (!eg_str_is(found, rows[i].expected))
            fail_msg("%s: %.*s, expected %s", rows[i].text, EG_STR_ARGS(found), rows[i].expected);
        eg_arena_done(&arena);
    }
}

static void refusal_says_what_was_expected(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    struct eg_document document;
    struct eg_error error = {0};
    struct eg_input input;
    assert_true(
        eg_read(&resolved.arena, EG_STR("x.yaml"), EG_STR("# c\na: 1\n"), &document, &error));
    assert_false(
        eg_load_document(&resolved.arena, &document, EG_STR(""), &input, &resolved.errors));
    assert_int_equal(resolved.errors.count, 1);
    assert_string_equal(resolved.errors.items[0]->text,
                        "is neither a CloudFormation template nor an ECS task definition: "
                        "expected Resources or containerDefinitions, found map");
    assert_int_equal(resolved.errors.items[0]->line, 2);
    assert_int_equal(resolved.errors.items[0]->code, EG_ERROR_INPUT);
    resolved_done(&resolved);
}

static void described_tags_belong_to_the_definition(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_add(&resolved, "d.json",
                 "{\"taskDefinition\": {\"family\": \"f\", \"containerDefinitions\": []},\n"
                 " \"tags\": [{\"key\": \"k\", \"value\": \"v\"}]}");
    resolved_run(&resolved);
    assert_string_equal(resolved_property(&resolved, "f", "tags"),
                        "[{\"key\": \"k\", \"value\": \"v\"}]");
    resolved_done(&resolved);
}

static void placeholders_are_unknown(void **state) {
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"<IMAGE1_NAME>",
         "{\"$unknown\": \"<IMAGE1_NAME> is a placeholder; judge the file after it "
         "has been filled in\"}"},
        {"${IMAGE}", "{\"$unknown\": \"${IMAGE} is a placeholder; judge the file after it has been "
                     "filled in\"}"},
        {"{{ image }}",
         "{\"$unknown\": \"{{ image }} is a placeholder; judge the file after it has "
         "been filled in\"}"},
        {"%IMAGE%", "{\"$unknown\": \"%IMAGE% is a placeholder; judge the file after it has been "
                    "filled in\"}"},
        {"repo:${TAG}",
         "{\"$partial\": [\"repo:\", {\"$unknown\": \"${TAG} is a placeholder; judge "
         "the file after it has been filled in\"}]}"},
        {"{{.Name}}", "\"{{.Name}}\""},
        {"%Y-%m-%d", "\"%Y-%m-%d\""},
        {"<b>x</b>", "\"<b>x</b>\""},
        {"a < b", "\"a < b\""},
        {"$IMAGE", "{\"$unknown\": \"$IMAGE is a placeholder; judge the file after it has been "
                   "filled in\"}"},
        {"$HOME/bin", "\"$HOME/bin\""},
        {"$5", "\"$5\""},
        {"$(ecs_task_id)", "\"$(ecs_task_id)\""},
        {"${", "\"${\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct resolved resolved;
        resolved_begin(&resolved);
        char text[512];
        (void)snprintf(text, sizeof text,
                       "{\"family\": \"f\", \"containerDefinitions\": [], \"x\": \"%s\", "
                       "\"command\": [\"echo ${HOME}\", \"%s\"]}",
                       rows[i].text, "<CMD>");
        resolved_add(&resolved, "t.json", text);
        resolved_run(&resolved);
        assert_string_equal(resolved_property(&resolved, "f", "x"), rows[i].expected);
        assert_string_equal(resolved_property(&resolved, "f", "command"),
                            "[\"echo ${HOME}\", {\"$unknown\": \"<CMD> is a placeholder; judge the "
                            "file after it has been filled in\"}]");
        resolved_done(&resolved);
    }
}

static void duplicate_keys_are_told_with_both_places(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_add(&resolved, "t.json",
                 "{\"Resources\": {\n \"A\": {\"Type\": \"T\"},\n \"A\": {\"Type\": \"U\"}}}");
    resolved_run(&resolved);
    assert_string_equal(
        resolved_problems(&resolved),
        "duplicate-key key A is given twice; the first is in line 2, column 2, and this one is "
        "used\n");
    const struct eg_problem *problem = resolved.system->problems.first;
    assert_int_equal(eg_source_place(problem->at->source, problem->offset).line, 3);
    assert_true(eg_str_is(resolved_resource(&resolved, NULL, "A")->type, "U"));
    resolved_done(&resolved);
}

/* ---- finding ---- */

static char folder[64];

static void put(const char *name, const char *text) {
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    struct eg_error error = {0};
    if (!eg_file_write(eg_str_from(path), eg_str_from(text), &error))
        fail_msg("%s", error.text);
}

static void make_folder(const char *name) {
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static int make_tree(void **state) {
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/ecsgate-load-XXXXXX");
    assert_non_null(mkdtemp(folder));
    put("b.yaml", "Resources: {A: {Type: AWS::ECS::Cluster}}\n");
    put("a.json", "{\"containerDefinitions\": []}");
    put("package.json", "{\"name\": \"x\", \"dependencies\": {}}");
    put("broken.yaml", "just: [some\n");
    put("notes.md", "Resources");
    make_folder("node_modules");
    put("node_modules/c.yaml", "Resources: {}\n");
    make_folder(".hidden");
    put(".hidden/d.yaml", "Resources: {}\n");
    make_folder("z");
    put("z/wrong.template", "Resources: {A: {Type: AWS::ECS::Cluster\n");
    make_folder("z/cdk.out");
    put("z/cdk.out/cdk.out", "{\"version\":\"1.0.0\"}");
    put("z/cdk.out/manifest.json", "{\"version\": \"1.0.0\", \"artifacts\": {}}");
    put("z/cdk.out/x.template.json", "{\"Resources\": {}}");
    make_folder("web");
    put("web/manifest.json", "{\"name\": \"a web app\"}");
    make_folder("empty");
    return 0;
}

static int remove_tree(void **state) {
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void folders_are_walked_in_order(void **state) {
    (void)state;
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_error_list errors = {0};
    struct eg_str paths[] = {eg_str_format(&arena, "%s/.//", folder)};
    struct eg_input_list found = eg_load_find(&arena, paths, 1, &errors);
    static const char *const expected[] = {
        "a.json",    "b.yaml",          "broken.yaml", "package.json", "web/manifest.json",
        "z/cdk.out", "z/wrong.template"};
    assert_int_equal(errors.count, 0);
    assert_int_equal(found.count, sizeof expected / sizeof *expected);
    for (uint32_t i = 0; i < found.count; i++) {
        struct eg_str name = eg_str_from_offset(found.items[i].path, strlen(folder) + 1);
        assert_true(eg_str_is(name, expected[i]));
        assert_true(found.items[i].walked);
    }
    assert_int_equal(found.items[5].kind, EG_INPUT_ASSEMBLY);
    eg_arena_done(&arena);
}

static void other_files_are_skipped_quietly(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_add_path(&resolved, folder);
    assert_int_equal(resolved.input_count, 2); /* a.json, b.yaml */
    assert_int_equal(resolved.errors.count, 2);
    assert_non_null(strstr(resolved.errors.items[0]->text, "holds no stack"));
    assert_non_null(strstr(resolved.errors.items[1]->file, "wrong.template"));
    resolved_done(&resolved);
}

static void named_files_must_be_inputs(void **state) {
    (void)state;
    static const struct {
        const char *name, *error;
    } rows[] = {
        {"package.json", "is neither a CloudFormation template"},
        {"broken.yaml", "expected"},
        {"nowhere.yaml", "no such file or folder"},
        {"empty", "holds no template"},
        {"web/manifest.json", "is neither a CloudFormation template"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct resolved resolved;
        resolved_begin(&resolved);
        char path[256];
        (void)snprintf(path, sizeof path, "%s/%s", folder, rows[i].name);
        resolved_add_path(&resolved, path);
        assert_int_equal(resolved.input_count, 0);
        assert_int_equal(resolved.errors.count, 1);
        assert_non_null(strstr(resolved.errors.items[0]->text, rows[i].error));
        resolved_done(&resolved);
    }
}

/* ---- nested stacks and includes ---- */

static void includes_stay_inside_the_folder(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_add_path(&resolved, "test/resolve/fixtures/include/main.yaml");
    resolved_run(&resolved);
    assert_string_equal(resolved_property(&resolved, "Part", "Vpc"),
                        "{\"$ref\": \"Included.VpcId\"}");
    const struct eg_resource *included = resolved_resource(&resolved, NULL, "Included");
    assert_true(eg_str_ends_with(eg_node_place(included->raw).file, EG_STR("more.yaml")));
    const char *macro = "{\"$unknown\": \"AWS::Include is expanded by CloudFormation, not here\"}";
    assert_string_equal(resolved_property(&resolved, "Remote", "V"), macro);
    assert_string_equal(resolved_property(&resolved, "Outside", "V"), macro);
    resolved_done(&resolved);
}

static void nested_templates_stay_inside_the_folder(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    char path[256];
    make_folder("nest");
    put("nest/main.yaml",
        "Resources:\n"
        "  Out: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../b.yaml}}\n"
        "  Gone: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: gone.yaml}}\n"
        "  Self: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ././main.yaml}}\n"
        "  Far: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "
        "'https://x/y.yaml'}}\n");
    (void)snprintf(path, sizeof path, "%s/nest/main.yaml", folder);
    resolved_add_path(&resolved, path);
    resolved_run(&resolved);
    assert_int_equal(resolved.system->stack_count, 1);
    const char *problems = resolved_problems(&resolved);
    assert_non_null(strstr(problems, "nested-template? the template of nested stack Out"));
    assert_non_null(strstr(problems, "nested-template? the template of nested stack Gone"));
    assert_non_null(strstr(problems, "circular-dependency the template "));
    assert_null(strstr(problems, "Far"));
    resolved_done(&resolved);
}

static void links_are_seen(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool linked;
    } rows[] = {
        {"Outputs: {A: {Value: 1}}", false},
        {"Outputs: {A: {Value: 1, Export: {Name: x}}}", true},
        {"Resources: {A: {Type: T, Properties: {V: !ImportValue x}}}", true},
        {"Outputs: {PublishOutputRefX: {Value: 1}}", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct resolved resolved;
        resolved_begin(&resolved);
        resolved_add(&resolved, "t.yaml", rows[i].text);
        assert_int_equal(eg_load_is_linked(resolved.inputs[0]), rows[i].linked);
        resolved_done(&resolved);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_told_apart),
        cmocka_unit_test(refusal_says_what_was_expected),
        cmocka_unit_test(described_tags_belong_to_the_definition),
        cmocka_unit_test(placeholders_are_unknown),
        cmocka_unit_test(duplicate_keys_are_told_with_both_places),
        cmocka_unit_test(links_are_seen),
        cmocka_unit_test(includes_stay_inside_the_folder),
        cmocka_unit_test_setup_teardown(folders_are_walked_in_order, make_tree, remove_tree),
        cmocka_unit_test_setup_teardown(other_files_are_skipped_quietly, make_tree, remove_tree),
        cmocka_unit_test_setup_teardown(named_files_must_be_inputs, make_tree, remove_tree),
        cmocka_unit_test_setup_teardown(nested_templates_stay_inside_the_folder, make_tree,
                                        remove_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
