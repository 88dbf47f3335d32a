/* CDK assemblies: own small ones in the newest and an old form, and a broken one. */
#include "support/resolved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FIXTURES "test/resolve/fixtures/"

static void load(struct resolved *resolved, const char *path) {
    resolved_begin(resolved);
    resolved_add_path(resolved, path);
    resolved_run(resolved);
}

static const struct eg_stack *stack(const struct resolved *resolved, const char *name) {
    for (uint32_t i = 0; i < resolved->system->stack_count; i++)
        if (eg_str_is(resolved->system->stacks[i]->name, name))
            return resolved->system->stacks[i];
    fail_msg("no stack %s", name);
    return NULL;
}

static void assert_construct(const struct resolved *resolved, const char *of_stack, const char *id,
                             const char *path, const char *file, unsigned line, unsigned column) {
    struct eg_construct construct =
        eg_resource_construct(resolved_resource(resolved, of_stack, id));
    if (!eg_str_is(construct.path, path) || !eg_str_is(construct.source_file, file) ||
        construct.source_line != line || construct.source_column != column)
        fail_msg("%s: %.*s %.*s:%u:%u", id, EG_STR_ARGS(construct.path),
                 EG_STR_ARGS(construct.source_file), construct.source_line,
                 construct.source_column);
}

static void stacks_have_their_names_and_places(void **state) {
    (void)state;
    struct resolved resolved;
    load(&resolved, FIXTURES "cdk-new");
    assert_int_equal(resolved.errors.count, 0);
    assert_int_equal(resolved.system->stack_count, 3);
    const struct eg_template *app = stack(&resolved, "App")->template_;
    assert_true(eg_str_is(app->region, "eu-central-1"));
    assert_true(eg_str_is(app->account, "123456789012"));
    assert_true(eg_node_is_string(EG_GET(app->tags, "team"), "blue"));
    const struct eg_template *service = stack(&resolved, "Prod-Svc")->template_;
    assert_true(eg_str_is(service->display_name, "Prod/Svc"));
    assert_int_equal(service->region.length, 0);
    const struct eg_stack *nested = stack(&resolved, "App/Nested11");
    assert_ptr_equal(nested->parent, stack(&resolved, "App"));
    assert_true(eg_str_is(nested->template_->region, "eu-central-1"));
    assert_ptr_equal(resolved_resource(&resolved, "App", "Nested11")->nested, nested);
    assert_true(eg_str_is(resolved.inputs[0]->path, FIXTURES "cdk-new"));
    resolved_done(&resolved);
}

static void links_between_stacks_are_followed(void **state) {
    (void)state;
    struct resolved resolved;
    load(&resolved, FIXTURES "cdk-new");
    assert_string_equal(resolved_property(&resolved, "Service99", "Cluster"),
                        "{\"$ref\": \"Plain.Ref\"}");
    const struct eg_node *cluster =
        eg_resource_property(resolved_resource(&resolved, NULL, "Service99"), "Cluster");
    assert_ptr_equal(eg_resolve_target(cluster), resolved_resource(&resolved, "App", "Plain"));
    assert_string_equal(resolved_property(&resolved, "Service99", "ServiceName"),
                        "{\"$ref\": \"Vpc8378.VpcId\"}");
    assert_string_equal(resolved_property(&resolved, "Task", "TaskRoleArn"),
                        "{\"$ref\": \"Role.Arn\"}");
    const struct eg_resource *group = resolved_resource(&resolved, "App/Nested11", "Plain");
    assert_ptr_equal(eg_resolve_target(eg_resource_property(group, "VpcId")),
                     resolved_resource(&resolved, "App", "Vpc8378"));
    resolved_done(&resolved);
}

static void the_assembly_tells_values(void **state) {
    (void)state;
    struct resolved resolved;
    load(&resolved, FIXTURES "cdk-new");
    assert_string_equal(resolved_property(&resolved, "Task", "Family"), "\"App\"");
    assert_string_equal(resolved_property(&resolved, "Task", "ContainerDefinitions"),
                        "[{\"Name\": \"a\", \"Image\": \"app:v7\"}]");
    assert_non_null(strstr(resolved_property(&resolved, "Subnet", "AvailabilityZone"),
                           "the CDK context look-up of zone-made-up never ran"));
    assert_non_null(
        strstr(resolved_problems(&resolved), "missing-context? availability-zones:account="));
    resolved_done(&resolved);
}

static void constructs_are_found_in_the_metadata_file(void **state) {
    (void)state;
    struct resolved resolved;
    load(&resolved, FIXTURES "cdk-new/manifest.json");
    assert_construct(&resolved, "App", "Vpc8378", "App/Vpc/Resource", "/src/app.js", 31, 17);
    assert_construct(&resolved, "App", "Task", "App/Task/Resource", "/src/app.py", 44, 0);
    /* no frame of its own: that of the construct it belongs to */
    assert_construct(&resolved, "App", "Subnet", "App/Vpc/Subnet1/Subnet", "/src/app.js", 31, 17);
    /* one logical id in two stacks */
    assert_construct(&resolved, "App", "Plain", "App/Plain/Resource", "", 0, 0);
    assert_construct(&resolved, "App/Nested11", "Plain", "App/Nested/Plain/Resource", "", 0, 0);
    /* tree.json alone knows it */
    assert_construct(&resolved, "Prod-Svc", "Service99", "Prod/Svc/Service", "", 0, 0);
    struct eg_construct task = eg_resource_construct(resolved_resource(&resolved, "App", "Task"));
    assert_true(eg_str_is(task.fqn, "aws-cdk-lib.aws_ecs.CfnTaskDefinition"));
    assert_true(eg_str_is(task.library_version, "2.276.0"));
    resolved_done(&resolved);
}

static void old_assemblies_have_their_metadata_inline(void **state) {
    (void)state;
    struct resolved resolved;
    load(&resolved, FIXTURES "cdk-old");
    assert_string_equal(resolved_problems(&resolved), ""); /* tree.json is broken: no matter */
    assert_construct(&resolved, "Old", "Cluster1", "Old/Cluster/Resource", "/src/old.js", 5, 9);
    assert_construct(&resolved, "Old", "Unlisted", "Old/Unlisted/Resource", "", 0, 0);
    assert_true(eg_node_is_string(EG_GET(stack(&resolved, "Old")->template_->tags, "team"), "red"));
    assert_true(resolved_resource(&resolved, NULL, "CDKMetadata")->skipped);
    resolved_done(&resolved);
}

static void broken_parts_leave_the_others(void **state) {
    (void)state;
    struct resolved resolved;
    load(&resolved, FIXTURES "cdk-broken");
    assert_int_equal(resolved.system->stack_count, 1);
    static const char *const texts[] = {
        "artifact Gone: its templateFile is no file inside the assembly",
        "expected a key in double quotes",
        "artifact Out: its templateFile is no file inside the assembly",
        "artifact assembly-Gone: its directoryName is no folder inside the assembly",
        "the assembly nests itself",
    };
    assert_int_equal(resolved.errors.count, 5);
    for (uint32_t i = 0; i < 5; i++)
        assert_non_null(strstr(resolved.errors.items[i]->text, texts[i]));
    assert_int_equal(resolved.errors.items[0]->line, 6);
    const char *problems = resolved_problems(&resolved);
    assert_non_null(strstr(problems, "assembly-version? 99.0.0 is newer"));
    assert_non_null(strstr(problems, "missing-metadata? nowhere.metadata.json"));
    resolved_done(&resolved);
}

/* What the CDK really writes, where such assemblies are at hand. */
static void real_assemblies_of_many_versions_resolve(void **state) {
    (void)state;
    static const char *const versions[] = {"2.1.0", "2.120.0", "2.200.0", "2.245.0", "2.260.0"};
    unsigned seen = 0;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "../shared/cdk/versions/%s", versions[i]);
        struct resolved resolved;
        load(&resolved, path);
        if (resolved.input_count > 0) {
            seen++;
            assert_int_equal(resolved.errors.count, 0);
            assert_int_equal(resolved.system->stack_count, 15);
            assert_string_equal(resolved_problems(&resolved), "");
            struct eg_construct construct =
                eg_resource_construct(resolved_resource(&resolved, "Prod-Service", "Task79114B6B"));
            assert_true(eg_str_is(construct.path, "Prod/Service/Task/Resource"));
        }
        resolved_done(&resolved);
    }
    if (seen == 0)
        print_message("no real assemblies here: skipped\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stacks_have_their_names_and_places),
        cmocka_unit_test(links_between_stacks_are_followed),
        cmocka_unit_test(the_assembly_tells_values),
        cmocka_unit_test(constructs_are_found_in_the_metadata_file),
        cmocka_unit_test(old_assemblies_have_their_metadata_inline),
        cmocka_unit_test(broken_parts_leave_the_others),
        cmocka_unit_test(real_assemblies_of_many_versions_resolve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
