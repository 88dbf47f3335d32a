/* What ECS demands of a task definition as a whole, and Fargate's sizes. */
#include "base/buf.h"
#include "model/structure.h"
#include "read/read.h"
#include "schema/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- objects of the model, made by hand ---- */

struct maker {
    struct eg_arena *arena;
    struct eg_schema schema;
};

static const struct eg_node *make(struct maker *maker, const struct eg_shape *shape,
                                  const struct eg_node *node);

static const struct eg_node *make_object(struct maker *maker, const struct eg_type *type,
                                         const struct eg_node *map) {
    struct eg_object *object = EG_NEW(maker->arena, struct eg_object);
    object->type = type;
    object->fields = EG_NEW_ARRAY(maker->arena, const struct eg_node *, type->field_count);
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        const struct eg_field *field = eg_type_field(type, entry->key);
        assert_non_null(field);
        object->fields[field->number] = make(maker, &field->shape, entry->value);
    }
    struct eg_node *node = eg_node_new(maker->arena, EG_OBJECT, map);
    node->as.object = object;
    return node;
}

/* NODE as SHAPE has it; {"Ref": NAME} is a parameter without a value. */
static const struct eg_node *make(struct maker *maker, const struct eg_shape *shape,
                                  const struct eg_node *node) {
    if (EG_GET(node, "Ref") != NULL)
        return eg_node_unknown(
            maker->arena,
            (struct eg_unknown){.why = EG_WHY_PARAMETER, .name = eg_node_text(EG_GET(node, "Ref"))},
            node);
    if (shape->kind == EG_FIELD_OBJECT)
        return make_object(maker, shape->object, node);
    if (shape->kind != EG_FIELD_LIST)
        return node;
    struct eg_list_builder list;
    eg_list_begin(&list, maker->arena);
    for (uint32_t i = 0; i < node->as.list.count; i++)
        eg_list_add(&list, make(maker, shape->element, node->as.list.items[i]));
    return eg_list_node(&list, node);
}

static const struct eg_node *make_task(struct maker *maker, const char *text) {
    struct eg_document document;
    struct eg_error error = {0};
    if (!eg_read_json(maker->arena, EG_STR("test.json"), eg_str_from(text), &document, &error))
        fail_msg("%s: %s", text, error.text);
    return make_object(maker, eg_schema_type(&maker->schema, EG_STR("taskDefinition")),
                       document.root);
}

/* ---- tasks and their problems ---- */

#define CONTAINERS(...) "{\"containerDefinitions\":[" __VA_ARGS__ "]}"
#define AWSVPC(...)     "{\"networkMode\":\"awsvpc\",\"containerDefinitions\":[" __VA_ARGS__ "]}"
#define ON(name)        "{\"containerName\":\"" name "\",\"condition\":\"START\"}"

static const struct {
    const char *task;
    struct {
        const char *code, *path, *message;
    } problems[3];
} cases[] = {
    {"{}", {{"no-container", "containerDefinitions", "the task has no container"}}},
    {CONTAINERS("{\"name\":\"a\"},{\"name\":\"b\"}"), {{0}}},
    {CONTAINERS("{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"a\"}"),
     {{"duplicate-container-name", "containerDefinitions[2].name",
       "two containers are named 'a'"}}},
    {CONTAINERS("{\"name\":{\"Ref\":\"P\"}},{\"name\":{\"Ref\":\"P\"}}"), {{0}}},

    /* dependsOn */
    {CONTAINERS("{\"name\":\"a\",\"dependsOn\":[" ON("b") "," ON(
         "c") "]},"
              "{\"name\":\"b\",\"dependsOn\":[" ON("c") "]},{\"name\":\"c\"}"),
     {{0}}},
    {CONTAINERS("{\"name\":\"a\",\"dependsOn\":[" ON("a") "]}"),
     {{"circular-depends-on", "containerDefinitions[0].dependsOn[0].containerName",
       "containers wait for each other: a → a"}}},
    {CONTAINERS("{\"name\":\"x\",\"dependsOn\":[" ON(
         "a") "]},"
              "{\"name\":\"a\",\"dependsOn\":[" ON(
                  "b") "]},"
                       "{\"name\":\"b\",\"dependsOn\":[" ON(
                           "c") "]},"
                                "{\"name\":\"c\",\"dependsOn\":[" ON("none") "," ON("a") "]}"),
     {{"undefined-container", "containerDefinitions[3].dependsOn[0].containerName",
       "container 'c' waits for container 'none', which is not defined"},
      {"circular-depends-on", "containerDefinitions[3].dependsOn[1].containerName",
       "containers wait for each other: a → b → c → a"}}},

    /* environment and secrets */
    {CONTAINERS(
         "{\"name\":\"a\",\"environment\":[{\"name\":\"X\",\"value\":\"1\"},"
         "{\"name\":\"Y\",\"value\":\"1\"}],\"secrets\":[{\"name\":\"Z\"}]},"
         "{\"name\":\"b\",\"environment\":[{\"name\":\"Z\"}],\"secrets\":[{\"name\":\"X\"}]}"),
     {{0}}},
    {CONTAINERS("{\"name\":\"a\",\"environment\":[{\"name\":\"X\"},{\"name\":\"X\"}],"
                "\"secrets\":[{\"name\":\"S\"},{\"name\":\"X\"},{\"name\":\"S\"}]}"),
     {{"duplicate-environment-name", "containerDefinitions[0].environment[1].name",
       "container 'a' has the variable 'X' twice"},
      {"environment-and-secret", "containerDefinitions[0].secrets[1].name",
       "container 'a' has the name 'X' as environment variable and as secret"},
      {"duplicate-secret-name", "containerDefinitions[0].secrets[2].name",
       "container 'a' has the variable 'S' twice"}}},

    /* ports */
    {AWSVPC("{\"name\":\"a\",\"portMappings\":[{\"containerPort\":80},"
            "{\"containerPort\":80,\"protocol\":\"udp\"}]},"
            "{\"name\":\"b\",\"portMappings\":[{\"containerPort\":81}]}"),
     {{0}}},
    {AWSVPC("{\"name\":\"a\",\"portMappings\":[{\"containerPort\":80}]},"
            "{\"name\":\"b\",\"portMappings\":[{\"containerPort\":80,\"protocol\":\"tcp\"}]}"),
     {{"duplicate-port", "containerDefinitions[1].portMappings[0].containerPort",
       "port 80/tcp is mapped twice in the task"}}},
    {CONTAINERS("{\"name\":\"a\",\"portMappings\":[{\"containerPort\":80,\"hostPort\":0},"
                "{\"containerPort\":80}]},{\"name\":\"b\",\"portMappings\":["
                "{\"containerPort\":80,\"hostPort\":0}]}"),
     {{0}}},
    {CONTAINERS("{\"name\":\"a\",\"portMappings\":[{\"containerPort\":80,\"hostPort\":8080}]},"
                "{\"name\":\"b\",\"portMappings\":[{\"containerPort\":81,\"hostPort\":8080}]}"),
     {{"duplicate-port", "containerDefinitions[1].portMappings[0].hostPort",
       "port 8080/tcp is mapped twice in the task"}}},
    {"{\"networkMode\":{\"Ref\":\"P\"},\"containerDefinitions\":[{\"name\":\"a\",\"portMappings\":"
     "[{\"containerPort\":80,\"hostPort\":80},{\"containerPort\":80,\"hostPort\":80}]}]}",
     {{0}}},

    /* sums */
    {"{\"cpu\":\"1 vCPU\",\"memory\":\"2GB\",\"containerDefinitions\":["
     "{\"cpu\":512,\"memory\":1024},{\"cpu\":512,\"memory\":1024}]}",
     {{0}}},
    {"{\"cpu\":\"1024\",\"memory\":\"2048\",\"containerDefinitions\":["
     "{\"cpu\":512,\"memory\":2048},{\"cpu\":768,\"memory\":{\"Ref\":\"P\"}},{\"memory\":6}]}",
     {{"container-cpu-above-task", "cpu",
       "the containers' cpu adds up to 1280 units, more than the task's 1024"},
      {"container-memory-above-task", "memory",
       "the containers' memory adds up to 2054 MiB, more than the task's 2048"}}},
    {"{\"cpu\":{\"Ref\":\"P\"},\"containerDefinitions\":[{\"cpu\":512,\"memory\":9999}]}", {{0}}},
};

static void test_tasks(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct eg_arena arena;
        eg_arena_init(&arena);
        struct maker maker = {.arena = &arena};
        struct eg_error error = {0};
        assert_true(eg_schema_load(&arena, &maker.schema, &error));
        const struct eg_node *task = make_task(&maker, cases[i].task);
        struct eg_scenario scenario;
        eg_scenario_init(&scenario, &arena, 0);
        struct eg_structure_problems problems = eg_structure_check(&scenario, task);
        uint32_t count = 0;
        for (; count < 3 && cases[i].problems[count].code != NULL; count++) {
            if (count >= problems.count)
                fail_msg("%s\n  lacks %s", cases[i].task, cases[i].problems[count].code);
            const struct eg_structure_problem *problem = &problems.items[count];
            assert_string_equal(problem->code, cases[i].problems[count].code);
            assert_string_equal(problem->path.data, cases[i].problems[count].path);
            assert_string_equal(problem->message.data, cases[i].problems[count].message);
            assert_non_null(problem->at);
        }
        if (count < problems.count)
            fail_msg("%s\n  gives also %s: %.*s", cases[i].task, problems.items[count].code,
                     EG_STR_ARGS(problems.items[count].message));
        eg_arena_done(&arena);
    }
}

/* A long chain and a dense graph of dependsOn end soon, with a bounded number of circles told. */
static void test_many_containers(void **state) {
    (void)state;
    enum { COUNT = 300 };
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct maker maker = {.arena = &arena};
    struct eg_error error = {0};
    assert_true(eg_schema_load(&arena, &maker.schema, &error));
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_puts(&text, "{\"containerDefinitions\":[");
    for (int i = 0; i < COUNT; i++) {
        eg_buf_printf(&text, "%s{\"name\":\"c%d\",\"dependsOn\":[", i == 0 ? "" : ",", i);
        for (int j = 0; j < COUNT; j++)
            eg_buf_printf(&text, "%s{\"containerName\":\"c%d\"}", j == 0 ? "" : ",", j);
        eg_buf_puts(&text, "]}");
    }
    eg_buf_puts(&text, "]}");
    eg_buf_putc(&text, '\0');
    const struct eg_node *task = make_task(&maker, text.data);
    struct eg_scenario scenario;
    eg_scenario_init(&scenario, &arena, 0);
    struct eg_structure_problems problems = eg_structure_check(&scenario, task);
    assert_int_equal(problems.count, 11); /* more than ten containers, and ten circles */
    eg_buf_done(&text);
    eg_arena_done(&arena);
}

/* ---- Fargate ---- */

static void test_units(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t cpu, memory;
    } units[] = {
        {"256", 256, 256},       {"1 vCPU", 1024, -1},
        {".25 vcpu", 256, -1},   {"0.5vCPU", 512, -1},
        {"0.5GB", -1, 512},      {"4 GB", -1, 4096},
        {" 2gb ", -1, 2048},     {"", -1, -1},
        {".", -1, -1},           {"vCPU", -1, -1},
        {"1.3", -1, -1},         {"1024.0", 1024, 1024},
        {"0.3 vCPU", -1, -1},    {"-1", -1, -1},
        {"1 2", -1, -1},         {"1e3", -1, -1},
        {"99999999999", -1, -1}, {"4 GiB", -1, -1},
        {"0.250 vCPU", 256, -1}, {"512MB", -1, -1},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        assert_int_equal(eg_structure_cpu_units(eg_str_from(units[i].text)), units[i].cpu);
        assert_int_equal(eg_structure_memory_mib(eg_str_from(units[i].text)), units[i].memory);
    }
}

/* NULL stands for a value that is not there, "?" for one that is not known. */
static const struct {
    const char *cpu, *memory;
    bool windows;
    const char *problem; /* its beginning; "" for none, "?" for undecided */
} sizes[] = {
    {"256", "512", false, ""},
    {"256", "2GB", false, ""},
    {".25 vCPU", "1 GB", false, ""},
    {"256", "4096", false, "256 CPU units go with 512, 1024 or 2048 MiB of memory, not 4096"},
    {"512", "1024", false, ""},
    {"512", "1500", false, "512 CPU units go with 1024 to 4096 MiB in steps of 1024 of memory"},
    {"1024", "8192", false, ""},
    {"1024", "1024", false, "1024 CPU units go with 2048"},
    {"2048", "4096", true, ""},
    {"4 vCPU", "30 GB", false, ""},
    {"4096", "31744", false, "4096 CPU units go with 8192 to 30720"},
    {"8192", "16384", false, ""},
    {"8192", "18432", false, "8192 CPU units go with 16384 to 61440 MiB in steps of 4096"},
    {"16384", "32768", false, ""},
    {"16384", "122880", false, ""},
    {"32768", "61440", false, ""},
    {"32768", "249856", false, ""},
    {"32768", "65536", false, "32768 CPU units go with 61440, 122880 or 249856 MiB"},
    {"300", "1024", false, "300 CPU units are no size of Fargate's: 256, 512"},
    {"256", "512", true, "256 CPU units are no size of Fargate's for Windows: 1024"},
    {"1 core", "512", false, "'1 core' is no number of CPU units or vCPU"},
    {"256", "512MB", false, "'512MB' is no number of MiB or GB"},
    {"?", "512", false, "?"},
    {"?", "700", false, "no size of Fargate's has 700 MiB of memory"},
    {"?", "512", true, "no size of Fargate's has 512 MiB of memory"},
    {"256", "?", false, "?"},
    {"300", "?", false, "300 CPU units are no size"},
    {"?", "?", false, "?"},
    {"256", NULL, false, ""},
    {NULL, NULL, false, ""},
    {NULL, "?", false, "?"},
};

static const struct eg_node *value(struct eg_arena *arena, const char *text) {
    if (text == NULL)
        return eg_node_absent();
    if (strcmp(text, "?") == 0)
        return eg_node_unknown(arena, (struct eg_unknown){.why = EG_WHY_PARAMETER}, NULL);
    return eg_node_string(arena, eg_str_from(text), NULL);
}

static void test_sizes(void **state) {
    (void)state;
    struct eg_arena arena;
    eg_arena_init(&arena);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct eg_node *problem = eg_structure_fargate_problem(
            &arena, value(&arena, sizes[i].cpu), value(&arena, sizes[i].memory), sizes[i].windows);
        bool open = strcmp(sizes[i].problem, "?") == 0;
        assert_int_equal(eg_node_kind(problem), open ? EG_UNKNOWN : EG_STRING);
        if (open)
            continue;
        struct eg_str text = eg_node_text(problem);
        bool good = sizes[i].problem[0] == '\0'
                        ? text.length == 0
                        : eg_str_starts_with(text, eg_str_from(sizes[i].problem));
        if (!good)
            fail_msg("%s with %s: '%.*s', not '%s'", sizes[i].cpu, sizes[i].memory,
                     EG_STR_ARGS(text), sizes[i].problem);
    }
    eg_arena_done(&arena);
}

/* Numbers are read as well as text, and what is told stands at the value that is wrong. */
static void test_size_places(void **state) {
    (void)state;
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_document document;
    struct eg_error error = {0};
    assert_true(eg_read_json(&arena, EG_STR("t"), EG_STR("[256, 4096, 300]"), &document, &error));
    const struct eg_node *const *items = document.root->as.list.items;
    assert_int_equal(eg_structure_fargate_problem(&arena, items[0], items[1], false)->offset, 6);
    assert_int_equal(eg_structure_fargate_problem(&arena, items[2], items[1], false)->offset, 12);
    eg_arena_done(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tasks),       cmocka_unit_test(test_many_containers),
        cmocka_unit_test(test_units),       cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_size_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
