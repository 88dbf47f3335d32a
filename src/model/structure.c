/* What ECS demands of a task definition as a whole (see structure.h). Called by the model when a
 * policy first reads taskDefinition.structureProblems.
 *
 * The demands are those of "RegisterTaskDefinition" in the ECS API reference and of "Task
 * definition parameters" in its developer guide. */
#include "model/structure_check.h"
#include "node/text.h"

/* ---- reading ---- */

const struct eg_node *eg_structure_given(struct eg_structure_checker *checker,
                                         const struct eg_node *object, const char *name) {
    if (eg_node_kind(object) != EG_OBJECT)
        return eg_node_absent();
    return eg_scenario_force(checker->scenario,
                             eg_object_given(object->as.object, eg_str_from(name)));
}

const struct eg_node *eg_structure_field(struct eg_structure_checker *checker,
                                         const struct eg_node *object, const char *name) {
    if (eg_node_kind(object) != EG_OBJECT)
        return eg_node_absent();
    return eg_scenario_force(checker->scenario,
                             eg_object_get(object->as.object, eg_str_from(name)));
}

const struct eg_node *eg_structure_way(struct eg_structure_checker *checker,
                                       const struct eg_node *object, const char *path) {
    struct eg_str rest = eg_str_from(path);
    while (rest.length > 0 && (object->kind == EG_OBJECT || object->kind == EG_MAP)) {
        size_t end = eg_str_find(rest, EG_STR("."), 0);
        struct eg_str step = eg_str_slice(rest, 0, end);
        rest = end == SIZE_MAX ? EG_STR("") : eg_str_from_offset(rest, end + 1);
        const struct eg_node *next = object->kind == EG_MAP
                                         ? eg_node_get(object, step)
                                         : eg_object_given(object->as.object, step);
        object = eg_scenario_force(checker->scenario, next);
    }
    return rest.length == 0 || object->kind == EG_UNKNOWN ? object : eg_node_absent();
}

uint32_t eg_structure_length(const struct eg_node *list) {
    return eg_node_kind(list) == EG_LIST ? list->as.list.count : 0;
}

const struct eg_node *eg_structure_element(struct eg_structure_checker *checker,
                                           const struct eg_node *list, uint32_t index) {
    return eg_scenario_force(checker->scenario, list->as.list.items[index]);
}

const struct eg_node *eg_structure_list(struct eg_structure_checker *checker,
                                        const struct eg_node *object, const char *name) {
    const struct eg_node *list = eg_structure_given(checker, object, name);
    if (list->kind == EG_UNKNOWN)
        eg_structure_leave_open(checker, list);
    for (uint32_t i = 0; i < eg_structure_length(list); i++) {
        const struct eg_node *element = eg_structure_element(checker, list, i);
        if (element->kind == EG_UNKNOWN)
            eg_structure_leave_open(checker, element);
    }
    return list;
}

struct eg_str eg_structure_name(struct eg_structure_checker *checker, uint32_t container) {
    return eg_node_text(eg_structure_field(checker, checker->containers[container], "name"));
}

/* ---- telling ---- */

void eg_structure_report(struct eg_structure_checker *checker, const char *code,
                         const struct eg_node *at, struct eg_str path, struct eg_str message) {
    if (checker->count == checker->capacity) {
        uint32_t capacity = checker->capacity == 0 ? 4 : checker->capacity * 2;
        checker->items = eg_arena_grow(checker->arena, checker->items,
                                       checker->capacity * sizeof *checker->items,
                                       capacity * sizeof *checker->items);
        checker->capacity = capacity;
    }
    checker->items[checker->count++] = (struct eg_structure_problem){code, message, path, at};
}

enum { MOST_OPEN = 20 }; /* values to tell; others hang on the same few parameters */

void eg_structure_leave_open(struct eg_structure_checker *checker, const struct eg_node *value) {
    for (uint32_t i = 0; i < checker->open.count; i++)
        if (checker->open.items[i] == value)
            return;
    if (checker->open.count < MOST_OPEN)
        eg_list_add(&checker->open, value);
}

bool eg_structure_is_open(const struct eg_node *value) {
    return value->kind == EG_UNKNOWN || value->kind == EG_PARTIAL || value->kind == EG_REFERENCE;
}

/* ---- names ---- */

void eg_structure_names_of(struct eg_structure_checker *checker, struct eg_structure_names *names,
                           const struct eg_node *const *objects, uint32_t count,
                           const char *field) {
    *names = (struct eg_structure_names){
        .others = EG_NEW_ARRAY(checker->arena, const struct eg_node *, count)};
    eg_map_init(&names->literals, checker->arena);
    for (uint32_t i = 0; i < count; i++) {
        const struct eg_node *name = objects[i]->kind == EG_OBJECT
                                         ? eg_structure_given(checker, objects[i], field)
                                         : objects[i];
        if (eg_structure_is_open(name))
            names->others[names->other_count++] = name;
        else if (eg_node_text(name).length > 0)
            eg_map_put(&names->literals, eg_node_text(name), checker);
    }
}

enum eg_truth eg_structure_is_named(struct eg_structure_checker *checker,
                                    const struct eg_structure_names *names,
                                    const struct eg_node *name) {
    enum eg_truth found = EG_FALSE;
    if (name->kind == EG_STRING && eg_map_get(&names->literals, name->as.text) != NULL)
        return EG_TRUE;
    for (uint32_t i = 0; found != EG_TRUE && i < names->other_count; i++) {
        enum eg_truth same = eg_text_equal(checker->scenario, names->others[i], name);
        found = same == EG_FALSE ? found : same;
    }
    /* It may be one of the literals: which, only its value tells. */
    return found == EG_FALSE && name->kind != EG_STRING ? EG_UNDECIDED : found;
}

/* The objects of a list of TASK, unknown elements as they are. */
static const struct eg_node **objects_of(struct eg_structure_checker *checker, const char *name,
                                         uint32_t *ret_count) {
    const struct eg_node *list = eg_structure_list(checker, checker->task, name);
    uint32_t length = eg_structure_length(list);
    const struct eg_node **objects =
        EG_NEW_ARRAY(checker->arena, const struct eg_node *, length + 1);
    *ret_count = 0;
    for (uint32_t i = 0; i < length; i++) {
        const struct eg_node *element = eg_structure_element(checker, list, i);
        if (element->kind == EG_OBJECT || element->kind == EG_UNKNOWN)
            objects[(*ret_count)++] = element;
    }
    if (list->kind == EG_UNKNOWN)
        objects[(*ret_count)++] = list;
    return objects;
}

static void check_container_names(struct eg_structure_checker *checker) {
    struct eg_map names;
    eg_map_init(&names, checker->arena);
    for (uint32_t i = 0; i < checker->container_count; i++) {
        const struct eg_node *name = eg_structure_field(checker, checker->containers[i], "name");
        if (name->kind == EG_UNKNOWN && checker->container_count > 1)
            eg_structure_leave_open(checker, name);
        if (eg_node_text(name).length == 0 || eg_map_put(&names, name->as.text, checker) == NULL)
            continue;
        eg_structure_report(
            checker, "duplicate-container-name", name,
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

static void check_names(struct eg_structure_checker *checker, uint32_t container,
                        struct names *names, const struct names *others) {
    const struct eg_node *list =
        eg_structure_list(checker, checker->containers[container], names->list);
    eg_map_init(&names->map, checker->arena);
    for (uint32_t i = 0; i < eg_structure_length(list); i++) {
        const struct eg_node *name =
            eg_structure_field(checker, eg_structure_element(checker, list, i), "name");
        struct eg_str text = eg_node_text(name);
        if (name->kind == EG_UNKNOWN && eg_structure_length(list) > 1)
            eg_structure_leave_open(checker, name);
        if (text.length == 0)
            continue;
        bool twice = eg_map_put(&names->map, text, checker) != NULL;
        bool both = others != NULL && eg_map_get(&others->map, text) != NULL;
        if (!twice && !both)
            continue;
        struct eg_str owner = eg_structure_name(checker, container);
        eg_structure_report(
            checker, both ? "environment-and-secret" : names->code, name,
            eg_str_format(checker->arena, "containerDefinitions[%u].%s[%u].name",
                          checker->numbers[container], names->list, i),
            eg_str_format(checker->arena, "container '%.*s' has %s '%.*s' %s", EG_STR_ARGS(owner),
                          both ? "the name" : "the variable", EG_STR_ARGS(text),
                          both ? "as environment variable and as secret" : "twice"));
    }
}

static void check_variables(struct eg_structure_checker *checker) {
    for (uint32_t i = 0; i < checker->container_count; i++) {
        struct names environment = {.list = "environment", .code = "duplicate-environment-name"};
        struct names secrets = {.list = "secrets", .code = "duplicate-secret-name"};
        check_names(checker, i, &environment, NULL);
        check_names(checker, i, &secrets, &environment);
    }
}

/* ---- what is named ---- */

/* Lists of a container whose elements name something of the task. */
static const struct naming {
    const char *list, *field;
    const char *code;
    const char *does; /* "mounts volume" */
} mounts = {"mountPoints", "sourceVolume", "undefined-volume", "mounts volume"},
  takes = {"volumesFrom", "sourceContainer", "undefined-container", "takes volumes from container"};

static void check_naming(struct eg_structure_checker *checker, const struct naming *naming,
                         uint32_t container, const struct eg_structure_names *names) {
    const struct eg_node *list =
        eg_structure_list(checker, checker->containers[container], naming->list);
    for (uint32_t i = 0; i < eg_structure_length(list); i++) {
        const struct eg_node *name =
            eg_structure_given(checker, eg_structure_element(checker, list, i), naming->field);
        if (name->kind == EG_ABSENT || eg_node_is_string(name, ""))
            continue;
        enum eg_truth named = eg_structure_is_named(checker, names, name);
        if (named == EG_UNDECIDED)
            eg_structure_leave_open(checker, name);
        if (named != EG_FALSE)
            continue;
        struct eg_str owner = eg_structure_name(checker, container);
        eg_structure_report(
            checker, naming->code, name,
            eg_str_format(checker->arena, "containerDefinitions[%u].%s[%u].%s",
                          checker->numbers[container], naming->list, i, naming->field),
            eg_str_format(checker->arena, "container '%.*s' %s '%.*s', which is not defined",
                          EG_STR_ARGS(owner), naming->does, EG_STR_ARGS(eg_node_text(name))));
    }
}

static void check_proxy(struct eg_structure_checker *checker,
                        const struct eg_structure_names *containers) {
    const struct eg_node *proxy = eg_structure_given(checker, checker->task, "proxyConfiguration");
    const struct eg_node *name = eg_structure_given(checker, proxy, "containerName");
    if (name->kind == EG_ABSENT)
        return;
    enum eg_truth named = eg_structure_is_named(checker, containers, name);
    if (named == EG_UNDECIDED)
        eg_structure_leave_open(checker, name);
    if (named == EG_FALSE)
        eg_structure_report(
            checker, "undefined-container", name, EG_STR("proxyConfiguration.containerName"),
            eg_str_format(checker->arena,
                          "proxyConfiguration names container '%.*s', which is not defined",
                          EG_STR_ARGS(eg_node_text(name))));
}

static void check_references(struct eg_structure_checker *checker) {
    uint32_t count;
    struct eg_structure_names volumes, containers;
    const struct eg_node **objects = objects_of(checker, "volumes", &count);
    eg_structure_names_of(checker, &volumes, objects, count, "name");
    objects = objects_of(checker, "containerDefinitions", &count);
    eg_structure_names_of(checker, &containers, objects, count, "name");
    for (uint32_t i = 0; i < checker->container_count; i++) {
        check_naming(checker, &mounts, i, &volumes);
        check_naming(checker, &takes, i, &containers);
    }
    check_proxy(checker, &containers);
    eg_structure_check_waiting(checker, &containers);
}

/* ---- containers ---- */

enum { MOST_CONTAINERS = 10, LEAST_MEMORY = 6 };

static void check_container_count(struct eg_structure_checker *checker) {
    const struct eg_node *list = eg_structure_given(checker, checker->task, "containerDefinitions");
    const struct eg_node *at = list->kind == EG_ABSENT ? checker->task : list;
    uint32_t count = checker->container_count;
    if (count == 0 && checker->open.count == 0)
        eg_structure_report(checker, "no-container", at, EG_STR("containerDefinitions"),
                            EG_STR("the task has no container"));
    if (count > MOST_CONTAINERS)
        eg_structure_report(checker, "too-many-containers", at, EG_STR("containerDefinitions"),
                            eg_str_format(checker->arena,
                                          "a task has at most %d containers, this one has %u",
                                          MOST_CONTAINERS, count));
}

static void check_essential(struct eg_structure_checker *checker) {
    const struct eg_node *unknown = NULL;
    const struct eg_node *last = NULL;
    for (uint32_t i = 0; i < checker->container_count; i++) {
        last = eg_structure_field(checker, checker->containers[i], "essential");
        if (last->kind == EG_BOOL && last->as.boolean)
            return;
        unknown = last->kind == EG_UNKNOWN ? last : unknown;
    }
    if (unknown != NULL)
        eg_structure_leave_open(checker, unknown);
    else if (last != NULL && checker->open.count == 0)
        eg_structure_report(checker, "none-essential", last,
                            eg_str_format(checker->arena, "containerDefinitions[%u].essential",
                                          checker->numbers[checker->container_count - 1]),
                            EG_STR("no container is essential; ECS demands one"));
}

static void check_image(struct eg_structure_checker *checker, uint32_t container) {
    const struct eg_node *image =
        eg_structure_given(checker, checker->containers[container], "image");
    const struct eg_node *parts =
        eg_structure_given(checker, checker->containers[container], "imageParts");
    const struct eg_node *well = eg_structure_given(checker, parts, "isWellFormed");
    struct eg_str owner = eg_structure_name(checker, container);
    if (well->kind == EG_UNKNOWN)
        eg_structure_leave_open(checker, well);
    if (well->kind == EG_BOOL && !well->as.boolean)
        eg_structure_report(checker, "malformed-image", image,
                            eg_str_format(checker->arena, "containerDefinitions[%u].image",
                                          checker->numbers[container]),
                            eg_str_format(checker->arena,
                                          "the image of container '%.*s' is no image reference: "
                                          "'%.*s'",
                                          EG_STR_ARGS(owner),
                                          EG_STR_ARGS(eg_text_show(checker->arena, image))));
}

static void check_memory(struct eg_structure_checker *checker, uint32_t container) {
    const struct eg_node *object = checker->containers[container];
    const struct eg_node *memory = eg_structure_given(checker, object, "memory");
    const struct eg_node *reservation = eg_structure_given(checker, object, "memoryReservation");
    struct eg_str owner = eg_structure_name(checker, container);
    if (eg_structure_is_open(memory))
        eg_structure_leave_open(checker, memory);
    if (memory->kind != EG_INT)
        return;
    if (memory->as.integer < LEAST_MEMORY)
        eg_structure_report(checker, "memory-too-small", memory,
                            eg_str_format(checker->arena, "containerDefinitions[%u].memory",
                                          checker->numbers[container]),
                            eg_str_format(checker->arena,
                                          "container '%.*s' has %lld MiB of memory; Docker takes "
                                          "%d at least",
                                          EG_STR_ARGS(owner), (long long)memory->as.integer,
                                          LEAST_MEMORY));
    if (eg_structure_is_open(reservation))
        eg_structure_leave_open(checker, reservation);
    if (reservation->kind == EG_INT && reservation->as.integer > memory->as.integer)
        eg_structure_report(
            checker, "reservation-above-memory", reservation,
            eg_str_format(checker->arena, "containerDefinitions[%u].memoryReservation",
                          checker->numbers[container]),
            eg_str_format(checker->arena,
                          "container '%.*s' reserves %lld MiB of memory, more than its limit of "
                          "%lld",
                          EG_STR_ARGS(owner), (long long)reservation->as.integer,
                          (long long)memory->as.integer));
}

static void check_containers(struct eg_structure_checker *checker) {
    check_container_count(checker);
    check_essential(checker);
    check_container_names(checker);
    for (uint32_t i = 0; i < checker->container_count; i++) {
        check_image(checker, i);
        check_memory(checker, i);
    }
}

/* ---- sums ---- */

/* An amount of the task that its containers share. */
struct shared {
    const char *field; /* of the task and of containers */
    const char *code;
    const char *unit;
    int64_t (*parse)(struct eg_str);
};

/* The containers' amounts must not add up to more than the task's. One that isn't known leaves it
 * open, unless the others are too much already. */
static void check_sum(struct eg_structure_checker *checker, const struct shared *shared) {
    const struct eg_node *at = eg_structure_given(checker, checker->task, shared->field);
    const struct eg_node *unknown = eg_structure_is_open(at) ? at : NULL;
    int64_t limit = at->kind == EG_STRING ? shared->parse(at->as.text) : -1;
    int64_t sum = 0;
    for (uint32_t i = 0; i < checker->container_count; i++) {
        const struct eg_node *amount =
            eg_structure_given(checker, checker->containers[i], shared->field);
        if (eg_structure_is_open(amount))
            unknown = amount;
        if (amount->kind == EG_INT && amount->as.integer > 0 && amount->as.integer < INT32_MAX)
            sum += amount->as.integer;
    }
    if (limit >= 0 && sum > limit)
        eg_structure_report(
            checker, shared->code, at, eg_str_from(shared->field),
            eg_str_format(checker->arena,
                          "the containers' %s adds up to %lld %s, more than the task's %lld",
                          shared->field, (long long)sum, shared->unit, (long long)limit));
    else if (unknown != NULL && (unknown == at ? sum > 0 : limit >= 0))
        eg_structure_leave_open(checker, unknown);
}

static void check_sums(struct eg_structure_checker *checker) {
    static const struct shared cpu = {"cpu", "container-cpu-above-task", "units",
                                      eg_structure_cpu_units};
    static const struct shared memory = {"memory", "container-memory-above-task", "MiB",
                                         eg_structure_memory_mib};
    check_sum(checker, &cpu);
    check_sum(checker, &memory);
}

/* ---- all of it ---- */

static void collect_containers(struct eg_structure_checker *checker) {
    const struct eg_node *list = eg_structure_list(checker, checker->task, "containerDefinitions");
    uint32_t length = eg_structure_length(list);
    checker->containers = EG_NEW_ARRAY(checker->arena, const struct eg_node *, length);
    checker->numbers = EG_NEW_ARRAY(checker->arena, uint32_t, length);
    for (uint32_t i = 0; i < length; i++) {
        const struct eg_node *container = eg_structure_element(checker, list, i);
        if (eg_node_kind(container) != EG_OBJECT)
            continue;
        checker->containers[checker->container_count] = container;
        checker->numbers[checker->container_count++] = i;
    }
}

struct eg_structure_problems eg_structure_check(struct eg_scenario *scenario,
                                                const struct eg_node *task) {
    struct eg_structure_checker checker = {
        .scenario = scenario, .arena = scenario->lasting, .task = task};
    eg_list_begin(&checker.open, checker.arena);
    collect_containers(&checker);
    check_containers(&checker);
    check_variables(&checker);
    check_references(&checker);
    eg_structure_check_ports(&checker);
    check_sums(&checker);
    return (struct eg_structure_problems){checker.items, checker.count, eg_list_end(&checker.open)};
}
