/* Parameter values in every form. */
#include "support/resolved.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static bool read_text(struct resolved *resolved, const char *name, const char *text,
                      struct eg_error *error) {
    char path[64];
    (void)snprintf(path, sizeof path, "/tmp/ecsgate-parameters-%ld-%s", (long)getpid(), name);
    assert_true(eg_file_write(eg_str_from(path), eg_str_from(text), error));
    bool good =
        eg_parameters_read(&resolved->parameters, &resolved->arena, eg_str_from(path), error);
    (void)unlink(path);
    return good;
}

static const char *value(struct resolved *resolved, const char *name) {
    const struct eg_node *node = eg_map_get(&resolved->parameters.values, eg_str_from(name));
    struct eg_str text;
    if (node == NULL)
        return "absent";
    if (node->kind == EG_LIST)
        return "list";
    assert_true(eg_node_scalar_text(&resolved->arena, node, &text));
    return eg_str_copy(&resolved->arena, text).data;
}

static void every_form_is_read(void **state) {
    (void)state;
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"cli.json", "[{\"ParameterKey\": \"Tag\", \"ParameterValue\": \"v1\"}, {\"ParameterKey\": "
                     "\"Port\", \"ParameterValue\": \"80\"}]"},
        {"pipeline.json", "{\"Parameters\": {\"Tag\": \"v1\", \"Port\": \"80\"}, \"Tags\": {}}"},
        {"map.json", "{\"Tag\": \"v1\", \"Port\": 80}"},
        {"map.yaml", "Tag: v1\nPort: 80\n"},
        {"list.json", "[\"Tag=v1\", \"Port=80\"]"},
        {"lines.txt", "# comment\nTag=v1\n\nPort = 80\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct resolved resolved;
        struct eg_error error = {0};
        resolved_begin(&resolved);
        if (!read_text(&resolved, rows[i].name, rows[i].text, &error))
            fail_msg("%s: %s", rows[i].name, error.text);
        assert_string_equal(value(&resolved, "Tag"), "v1");
        assert_non_null(strstr(value(&resolved, "Port"), "80"));
        resolved_done(&resolved);
    }
}

static void names_may_say_the_stack(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_parameter(&resolved, "Tag=a=b");
    resolved_parameter(&resolved, "App:Tag=c");
    resolved_parameter(&resolved, "AWS::Region=eu-west-1");
    resolved_parameter(&resolved, "App:AWS::StackName=x");
    assert_string_equal(value(&resolved, "Tag"), "a=b");
    assert_string_equal(value(&resolved, "App.Tag"), "c");
    assert_string_equal(value(&resolved, "AWS::Region"), "eu-west-1");
    assert_string_equal(value(&resolved, "App.AWS::StackName"), "x");
    resolved_done(&resolved);
}

static void mistakes_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name, *text, *error;
    } rows[] = {
        {"a.json", "[{\"Key\": \"Tag\"}]", "expected {\"ParameterKey\": …"},
        {"b.json", "{\"Tag\": {\"a\": 1}}", "expected a parameter's value"},
        {"c.json", "3", "expected parameters"},
        {"d.txt", "Tag=v1\nPort\n", "expected NAME=VALUE, found 'Port'"},
        {"e.json", "{", "expected"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct resolved resolved;
        struct eg_error error = {0};
        resolved_begin(&resolved);
        assert_false(read_text(&resolved, rows[i].name, rows[i].text, &error));
        if (strstr(error.text, rows[i].error) == NULL)
            fail_msg("%s: %s", rows[i].name, error.text);
        resolved_done(&resolved);
    }
    struct resolved resolved;
    struct eg_error error = {0};
    resolved_begin(&resolved);
    assert_false(
        eg_parameters_add(&resolved.parameters, &resolved.arena, EG_STR("nonsense"), &error));
    assert_int_equal(error.code, EG_ERROR_USAGE);
    resolved_done(&resolved);
}

static const char template_text[] =
    "Parameters:\n"
    "  Tag: {Type: String, Default: latest, AllowedValues: [latest, v1]}\n"
    "  Ids: {Type: 'List<AWS::EC2::Subnet::Id>'}\n"
    "  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /name}\n"
    "Resources: {R: {Type: T, Properties: {Tag: !Ref Tag, Ids: !Ref Ids, Image: !Ref Image}}}\n";

static void given_values_decide(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_parameter(&resolved, "Tag=v2");
    resolved_parameter(&resolved, "t:Tag=v1");
    resolved_parameter(&resolved, "Ids=subnet-1, subnet-2");
    resolved_parameter(&resolved, "Image=/other/name");
    resolved_parameter(&resolved, "Image.ResolvedValue=nginx:1.27");
    resolved_add(&resolved, "t.yaml", template_text);
    resolved_run(&resolved);
    assert_string_equal(resolved_property(&resolved, "R", "Tag"), "\"v1\"");
    assert_string_equal(resolved_property(&resolved, "R", "Ids"), "[\"subnet-1\", \"subnet-2\"]");
    assert_string_equal(resolved_property(&resolved, "R", "Image"), "\"nginx:1.27\"");
    const struct eg_node *tag =
        eg_resource_property(resolved_resource(&resolved, NULL, "R"), "Tag");
    assert_false(tag->flags & EG_FLAG_DEFAULTED);
    assert_string_equal(resolved_problems(&resolved), "");
    resolved_done(&resolved);
}

static void forbidden_values_are_told(void **state) {
    (void)state;
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_parameter(&resolved, "Tag=v2");
    resolved_add(&resolved, "t.yaml", template_text);
    resolved_run(&resolved);
    assert_string_equal(resolved_problems(&resolved),
                        "invalid-parameter the value of parameter Tag, 'v2', is none of its "
                        "AllowedValues\n");
    resolved_done(&resolved);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read),        cmocka_unit_test(names_may_say_the_stack),
        cmocka_unit_test(mistakes_are_told),         cmocka_unit_test(given_values_decide),
        cmocka_unit_test(forbidden_values_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
