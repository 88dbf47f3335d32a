/* The schema that the program carries: that it loads, and what the rest of the program relies on.
 */
#include "schema/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct eg_arena arena;
static struct eg_schema schema;

static int set_up(void **state) {
    (void)state;
    struct eg_error error = {0};
    eg_arena_init(&arena);
    if (!eg_schema_load(&arena, &schema, &error))
        fail_msg("%s:%u:%u: %s", error.file, error.line, error.column, error.text);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    eg_arena_done(&arena);
    return 0;
}

static const struct eg_type *type_named(const char *name) {
    const struct eg_type *type = eg_schema_type(&schema, eg_str_from(name));
    if (type == NULL)
        fail_msg("no type %s", name);
    return type;
}

static const struct eg_field *field_named(const char *type, const char *name) {
    const struct eg_field *field = eg_type_field(type_named(type), eg_str_from(name));
    if (field == NULL)
        fail_msg("no field %s.%s", type, name);
    return field;
}

static void kinds_of_the_design_are_there(void **state) {
    (void)state;
    static const char *const kinds[] = {
        "taskDefinition",
        "container",
        "service",
        "launchSite",
        "cluster",
        "vpc",
        "capacityProvider",
        "subnet",
        "routeTable",
        "securityGroup",
        "ingressRule",
        "egressRule",
        "loadBalancer",
        "listener",
        "targetGroup",
        "role",
        "repository",
        "logGroup",
        "secret",
        "kmsKey",
        "database",
        "bucket",
        "fileSystem",
        "cache",
        "alarm",
        "dashboard",
        "topic",
        "problem",
        "scalableTarget",
        "resource",
        "stack",
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        assert_true(type_named(kinds[i])->kind);
    assert_false(type_named("PortMapping")->kind);
}

/* Every field has a line of documentation; its number is its index; look-up finds it. */
static void fields_are_consistent(void **state) {
    (void)state;
    for (uint32_t i = 0; i < schema.types.count; i++) {
        const struct eg_type *type = schema.types.entries[i].value;
        for (uint32_t k = 0; k < type->field_count; k++) {
            const struct eg_field *field = &type->fields[k];
            assert_int_equal(field->number, k);
            assert_ptr_equal(eg_type_field(type, field->name), field);
            assert_true(field->doc.length > 0);
            assert_true(eg_str_ends_with(field->doc, EG_STR(".")) ||
                        eg_str_ends_with(field->doc, EG_STR("?")) ||
                        eg_str_ends_with(field->doc, EG_STR(")")) ||
                        eg_str_ends_with(field->doc, EG_STR("…")));
            assert_true(field->link || field->property.length > 0);
        }
    }
}

static void properties_are_cloudformations(void **state) {
    (void)state;
    static const struct {
        const char *type, *field, *property;
    } cases[] = {
        {"container", "readonlyRootFilesystem", "ReadonlyRootFilesystem"},
        {"EfsVolumeConfiguration", "fileSystemId", "FilesystemId"},
        {"Volume", "efsVolumeConfiguration", "EFSVolumeConfiguration"},
        {"service", "placementStrategy", "PlacementStrategies"},
        {"service", "taskDefinition", "TaskDefinition"},
        {"ProxyConfiguration", "properties", "ProxyConfigurationProperties"},
        {"ExecuteCommandLogConfiguration", "s3BucketName", "S3BucketName"},
        {"container", "task", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct eg_field *field = field_named(cases[i].type, cases[i].field);
        assert_true(eg_str_is(field->property, cases[i].property));
        if (field->property.length > 0)
            assert_ptr_equal(eg_type_property(type_named(cases[i].type), field->property), field);
    }
}

static void defaults_read_as_ecs_documents_them(void **state) {
    (void)state;
    struct eg_object container = {.type = type_named("container")};
    const struct eg_node *essential = eg_object_get(&container, EG_STR("essential"));
    assert_true(essential->kind == EG_BOOL && essential->as.boolean);
    const struct eg_node *readonly = eg_object_get(&container, EG_STR("readonlyRootFilesystem"));
    assert_true(readonly->kind == EG_BOOL && !readonly->as.boolean);
    assert_null(eg_object_given(&container, EG_STR("essential")));
}

/* container.linuxParameters.capabilities.drop reads [] though none of it is given. */
static void absent_structures_read_as_empty_ones(void **state) {
    (void)state;
    struct eg_object container = {.type = type_named("container")};
    const struct eg_node *linux_ = eg_object_get(&container, EG_STR("linuxParameters"));
    assert_int_equal(linux_->kind, EG_OBJECT);
    const struct eg_node *caps = eg_object_get(linux_->as.object, EG_STR("capabilities"));
    assert_int_equal(caps->kind, EG_OBJECT);
    const struct eg_node *drop = eg_object_get(caps->as.object, EG_STR("drop"));
    assert_int_equal(drop->kind, EG_LIST);
    assert_int_equal(drop->as.list.count, 0);
    /* A link that leads nowhere is no empty object: has() and null tell. */
    assert_int_equal(eg_object_get(&container, EG_STR("task"))->kind, EG_NULL);
}

static void shapes_print_as_written(void **state) {
    (void)state;
    static const struct {
        const char *type, *field, *text;
    } cases[] = {
        {"container", "environment", "list(EnvironmentVariable)"},
        {"container", "dockerLabels", "map(string)"},
        {"resource", "properties", "map(any)"},
        {"alarm", "threshold", "double"},
        {"container", "task", "taskDefinition"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct eg_field *field = field_named(cases[i].type, cases[i].field);
        assert_true(eg_str_is(eg_shape_text(&arena, &field->shape), cases[i].text));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_of_the_design_are_there),
        cmocka_unit_test(fields_are_consistent),
        cmocka_unit_test(properties_are_cloudformations),
        cmocka_unit_test(defaults_read_as_ecs_documents_them),
        cmocka_unit_test(absent_structures_read_as_empty_ones),
        cmocka_unit_test(shapes_print_as_written),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
