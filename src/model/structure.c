/* What ECS demands of a task definition as a whole (see structure.h). Called by the model when a
 * policy first reads taskDefinition.structureProblems.
 *
 * The demands are those of "RegisterTaskDefinition" in the ECS API reference and of "Task
 * definition parameters" in its developer guide. */
#include "model/structure.h"

#include "base/buf.h"
#include "base/map.h"

struct checker {
    struct eg_scenario *scenario;
    struct eg_arena *arena; /* the scenario's lasting one */
    struct eg_structure_problem *items;
    uint32_t count, capacity;
    const struct eg_node **containers; /* objects, forced */
    uint32_t *numbers;                 /* their places in the list */
    uint32_t container_count;
    uint32_t circle_count;
};

/* ---- reading ---- */

/* OBJECT's field as it was given, forced; EG_ABSENT if it was not. */
static const struct eg_node *given(struct checker *checker, const struct eg_node *object,
                                   const char *name) {
    if (eg_node_kind(object) != EG_OBJECT)
        return eg_node_absent();
    return eg_scenario_force(checker->scenario,
                             eg_object_given(object->as.object, eg_str_from(name)));
}

/* The same with ECS's default for what is absent. */
static const struct eg_node *field(struct checker *checker, const struct eg_node *object,
                                   const char *name) {
    if (eg_node_kind(object) != EG_OBJECT)
        return eg_node_absent();
    return eg_scenario_force(checker->scenario,
                             eg_object_get(object->as.object, eg_str_from(name)));
}

static uint32_t length(const struct eg_node *list) {
    return eg_node_kind(list) == EG_LIST ? list->as.list.count : 0;
}

static const struct eg_node *element(struct checker *checker, const struct eg_node *list,
                                     uint32_t index) {
    return eg_scenario_force(checker->scenario, list->as.list.items[index]);
}

static void report(struct checker *checker, const char *code, const struct eg_node *at,
                   struct eg_str path, struct eg_str message) {
    if (checker->count == checker->capacity) {
        uint32_t capacity = checker->capacity == 0 ? 4 : checker->capacity * 2;
        checker->items = eg_arena_grow(checker->arena, checker->items,
                                       checker->capacity * sizeof *checker->items,
                                       capacity * sizeof *checker->items);
        checker->capacity = capacity;
    }
    checker->items[checker->count++] = (struct eg_structure_problem){code, message, path, at};
}

static struct eg_str name_of(struct checker *checker, uint32_t container) {
    return eg_node_text(field(checker, checker->containers[container], "name"));
}

/* ---- names ---- */

static void check_container_names(struct checker *checker) {
    struct eg_map names;
    eg_map_init(&names, checker->arena);
    for (uint32_t i = 0; i < checker->container_count; i++) {
        const struct eg_node *name = field(checker, checker->containers[i], "name");
        if (eg_node_text(name).length == 0 || eg_map_put(&names, name->as.text, checker) == NULL)
            continue;
        report(checker, "duplicate-container-name", name,
               eg_str_format(checker->arena, "containerDefinitions[%u].name", checker->numbers[i]),
               eg_str_format(checker->arena, "two containers are named '%.*s'",
                             EG_STR_ARGS(name->as.text)));
    }
}

/* The names in one list of a container, to which OTHERS may not be added either. */
struct names {
    const char *list; /* environment, secrets */
    const char *code; /* of a name that is in the list twice */
    struct eg_map map;
};

static void check_names(struct checker *checker, uint32_t container, struct names *names,
                        const struct names *others) {
    const struct eg_node *list = given(checker, checker->containers[container], names->list);
    eg_map_init(&names->map, checker->arena);
    for (uint32_t i = 0; i < length(list); i++) {
        const struct eg_node *name = field(checker, element(checker, list, i), "name");
        struct eg_str text = eg_node_text(name);
        if (text.length == 0)
            continue;
        bool twice = eg_map_put(&names->map, text, checker) != NULL;
        bool both = others != NULL && eg_map_get(&others->map, text) != NULL;
        if (!twice && !both)
            continue;
        struct eg_str owner = name_of(checker, container);
        report(checker, both ? "environment-and-secret" : names->code, name,
               eg_str_format(checker->arena, "containerDefinitions[%u].%s[%u].name",
                             checker->numbers[container], names->list, i),
               eg_str_format(checker->arena, "container '%.*s' has %s '%.*s' %s",
                             EG_STR_ARGS(owner), both ? "the name" : "the variable",
                             EG_STR_ARGS(text),
                             both ? "as environment variable and as secret" : "twice"));
    }
}

static void check_variables(struct checker *checker) {
    for (uint32_t i = 0; i < checker->container_count; i++) {
        struct names environment = {.list = "environment", .code = "duplicate-environment-name"};
        struct names secrets = {.list = "secrets", .code = "duplicate-secret-name"};
        check_names(checker, i, &environment, NULL);
        check_names(checker, i, &secrets, &environment);
    }
}

/* ---- dependsOn ---- */

enum { UNSEEN, ON_THE_WAY, DONE };
enum { MOST_CIRCLES = 10 }; /* to tell; one is enough to refuse the task */

/* A container on the way through dependsOn, and the next of its dependencies to follow. */
struct visit {
    uint32_t container;
    uint32_t next;
};

/* "a → b → a" for the visits from FIRST on. */
static struct eg_str circle_text(struct checker *checker, const struct visit *way, uint32_t first,
                                 uint32_t count) {
    struct eg_buf text;
    eg_buf_init(&text);
    for (uint32_t i = first; i < count; i++) {
        eg_buf_add_str(&text, name_of(checker, way[i].container));
        eg_buf_puts(&text, " → ");
    }
    eg_buf_add_str(&text, name_of(checker, way[first].container));
    struct eg_str copy = eg_str_copy(checker->arena, eg_buf_str(&text));
    eg_buf_done(&text);
    return copy;
}

static void report_circle(struct checker *checker, const struct visit *way, uint32_t count,
                          uint32_t again, const struct eg_node *at) {
    uint32_t first = 0;
    if (checker->circle_count++ >= MOST_CIRCLES)
        return;
    while (way[first].container != again)
        first++;
    uint32_t from = way[count - 1].container;
    report(checker, "circular-depends-on", at,
           eg_str_format(checker->arena, "containerDefinitions[%u].dependsOn[%u].containerName",
                         checker->numbers[from], way[count - 1].next - 1),
           eg_str_format(checker->arena, "containers wait for each other: %.*s",
                         EG_STR_ARGS(circle_text(checker, way, first, count))));
}

/* Follows dependsOn from container START in depth, without recursion. */
static void follow(struct checker *checker, const struct eg_map *by_name, unsigned char *seen,
                   struct visit *way, uint32_t start) {
    uint32_t count = 0;
    way[count++] = (struct visit){.container = start};
    seen[start] = ON_THE_WAY;
    while (count > 0) {
        struct visit *visit = &way[count - 1];
        const struct eg_node *list =
            given(checker, checker->containers[visit->container], "dependsOn");
        if (visit->next >= length(list)) {
            seen[visit->container] = DONE;
            count--;
            continue;
        }
        const struct eg_node *name =
            field(checker, element(checker, list, visit->next++), "containerName");
        const uint32_t *target = eg_map_get(by_name, eg_node_text(name));
        if (target == NULL)
            continue;
        if (seen[*target] == ON_THE_WAY)
            report_circle(checker, way, count, *target, name);
        if (seen[*target] != UNSEEN)
            continue;
        seen[*target] = ON_THE_WAY;
        way[count++] = (struct visit){.container = *target};
    }
}

static void check_circles(struct checker *checker) {
    uint32_t count = checker->container_count;
    uint32_t *indices = EG_NEW_ARRAY(checker->arena, uint32_t, count);
    unsigned char *seen = EG_NEW_ARRAY(checker->arena, unsigned char, count);
    struct visit *way = EG_NEW_ARRAY(checker->arena, struct visit, count);
    struct eg_map by_name;
    eg_map_init(&by_name, checker->arena);
    for (uint32_t i = 0; i < count; i++) {
        indices[i] = i;
        struct eg_str name = name_of(checker, i);
        if (name.length > 0)
            eg_map_put(&by_name, name, &indices[i]);
    }
    for (uint32_t i = 0; i < count; i++)
        if (seen[i] == UNSEEN)
            follow(checker, &by_name, seen, way, i);
}

/* ---- ports ---- */

/* The port that a mapping takes where clashes can be: the task's own with awsvpc and host networks,
 * where the host's is the same, else the host's, unless Docker chooses it (0 or absent). */
static const struct eg_node *port_of(struct checker *checker, const struct eg_node *mapping,
                                     bool shared, const char **ret_field) {
    *ret_field = shared ? "containerPort" : "hostPort";
    return given(checker, mapping, *ret_field);
}

static void check_ports(struct checker *checker, const struct eg_node *task) {
    const struct eg_node *mode = field(checker, task, "networkMode");
    bool shared = eg_node_is_string(mode, "awsvpc") || eg_node_is_string(mode, "host");
    if (eg_node_kind(mode) != EG_STRING || eg_node_is_string(mode, "none"))
        return;
    struct eg_map used;
    eg_map_init(&used, checker->arena);
    for (uint32_t i = 0; i < checker->container_count; i++) {
        const struct eg_node *list = given(checker, checker->containers[i], "portMappings");
        for (uint32_t j = 0; j < length(list); j++) {
            const char *port_field;
            const struct eg_node *mapping = element(checker, list, j);
            const struct eg_node *port = port_of(checker, mapping, shared, &port_field);
            const struct eg_node *protocol = field(checker, mapping, "protocol");
            if (eg_node_kind(port) != EG_INT || port->as.integer == 0 ||
                eg_node_kind(protocol) != EG_STRING)
                continue;
            bool udp = eg_node_is_string(protocol, "udp");
            struct eg_str key = eg_str_format(checker->arena, "%lld/%s",
                                              (long long)port->as.integer, udp ? "udp" : "tcp");
            if (eg_map_put(&used, key, checker) == NULL)
                continue;
            report(checker, "duplicate-port", port,
                   eg_str_format(checker->arena, "containerDefinitions[%u].portMappings[%u].%s",
                                 checker->numbers[i], j, port_field),
                   eg_str_format(checker->arena, "port %.*s is mapped twice in the task",
                                 EG_STR_ARGS(key)));
        }
    }
}

/* ---- sums ---- */

/* Do the containers' FIELD add up to more than LIMIT (negative: none is given)? An amount that is
 * not known counts as nothing: the sum of the others may already be too much. */
static void check_sum(struct checker *checker, const char *field_name, const char *code,
                      const char *unit, int64_t limit, const struct eg_node *at) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < checker->container_count; i++) {
        const struct eg_node *amount = given(checker, checker->containers[i], field_name);
        if (eg_node_kind(amount) == EG_INT && amount->as.integer > 0 &&
            amount->as.integer < INT32_MAX)
            sum += amount->as.integer;
    }
    if (limit >= 0 && sum > limit)
        report(checker, code, at, eg_str_from(field_name),
               eg_str_format(checker->arena,
                             "the containers' %s adds up to %lld %s, more than the task's %lld",
                             field_name, (long long)sum, unit, (long long)limit));
}

/* -1 for what is absent, not known or no number. */
static int64_t limit_of(const struct eg_node *text, int64_t (*parse)(struct eg_str)) {
    return eg_node_kind(text) == EG_STRING && text->as.text.length > 0 ? parse(text->as.text) : -1;
}

static void check_sums(struct checker *checker, const struct eg_node *task) {
    const struct eg_node *cpu = given(checker, task, "cpu");
    const struct eg_node *memory = given(checker, task, "memory");
    check_sum(checker, "cpu", "container-cpu-above-task", "units",
              limit_of(cpu, eg_structure_cpu_units), cpu);
    check_sum(checker, "memory", "container-memory-above-task", "MiB",
              limit_of(memory, eg_structure_memory_mib), memory);
}

/* ---- all of it ---- */

static void collect_containers(struct checker *checker, const struct eg_node *task) {
    const struct eg_node *list = given(checker, task, "containerDefinitions");
    checker->containers = EG_NEW_ARRAY(checker->arena, const struct eg_node *, length(list));
    checker->numbers = EG_NEW_ARRAY(checker->arena, uint32_t, length(list));
    for (uint32_t i = 0; i < length(list); i++) {
        const struct eg_node *container = element(checker, list, i);
        if (eg_node_kind(container) != EG_OBJECT)
            continue;
        checker->containers[checker->container_count] = container;
        checker->numbers[checker->container_count++] = i;
    }
}

struct eg_structure_problems eg_structure_check(struct eg_scenario *scenario,
                                                const struct eg_node *task) {
    struct checker checker = {.scenario = scenario, .arena = scenario->lasting};
    collect_containers(&checker, task);
    check_container_names(&checker);
    check_variables(&checker);
    check_circles(&checker);
    check_ports(&checker, task);
    check_sums(&checker, task);
    return (struct eg_structure_problems){checker.items, checker.count};
}
