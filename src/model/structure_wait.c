/* dependsOn: whether what a container waits for is there and can happen. Called by structure.c.
 *
 * The conditions are those of ContainerDependency in the ECS API reference. */
#include "base/buf.h"
#include "model/structure_check.h"

/* A container that waits for another one. */
struct wait {
    uint32_t container;
    uint32_t number; /* of the entry in its dependsOn */
    const struct eg_node *entry;
    const struct eg_node *name; /* the other one's, forced */
};

static struct eg_str path_of(struct eg_structure_checker *checker, const struct wait *wait,
                             const char *field) {
    return eg_str_format(checker->arena, "containerDefinitions[%u].dependsOn[%u].%s",
                         checker->numbers[wait->container], wait->number, field);
}

/* ---- what is waited for ---- */

static void check_named(struct eg_structure_checker *checker,
                        const struct eg_structure_names *containers, const struct wait *wait) {
    struct eg_str owner = eg_structure_name(checker, wait->container);
    enum eg_truth named = eg_structure_is_named(checker, containers, wait->name);
    if (named == EG_UNDECIDED)
        eg_structure_leave_open(checker, wait->name);
    if (named == EG_FALSE)
        eg_structure_report(
            checker, "undefined-container", wait->name, path_of(checker, wait, "containerName"),
            eg_str_format(checker->arena,
                          "container '%.*s' waits for container '%.*s', which is "
                          "not defined",
                          EG_STR_ARGS(owner), EG_STR_ARGS(eg_node_text(wait->name))));
}

/* ECS must look at the health of OTHER for anybody to wait for it. */
static void check_healthy(struct eg_structure_checker *checker, const struct wait *wait,
                          uint32_t other, const struct eg_node *condition) {
    const struct eg_node *check =
        eg_structure_given(checker, checker->containers[other], "healthCheck");
    struct eg_str owner = eg_structure_name(checker, wait->container);
    if (check->kind == EG_UNKNOWN)
        eg_structure_leave_open(checker, check);
    if (check->kind == EG_ABSENT)
        eg_structure_report(checker, "dependency-without-health-check", condition,
                            path_of(checker, wait, "condition"),
                            eg_str_format(checker->arena,
                                          "container '%.*s' waits until '%.*s' is healthy, which "
                                          "has no health check",
                                          EG_STR_ARGS(owner),
                                          EG_STR_ARGS(eg_node_text(wait->name))));
}

/* When an essential container ends, so does the task: nobody can wait for that. */
static void check_end(struct eg_structure_checker *checker, const struct wait *wait, uint32_t other,
                      const struct eg_node *condition) {
    const struct eg_node *essential =
        eg_structure_field(checker, checker->containers[other], "essential");
    struct eg_str owner = eg_structure_name(checker, wait->container);
    if (essential->kind == EG_UNKNOWN)
        eg_structure_leave_open(checker, essential);
    if (essential->kind == EG_BOOL && essential->as.boolean)
        eg_structure_report(
            checker, "dependency-on-essential", condition, path_of(checker, wait, "condition"),
            eg_str_format(checker->arena,
                          "container '%.*s' waits for the end of '%.*s', which is "
                          "essential: the task ends with it",
                          EG_STR_ARGS(owner), EG_STR_ARGS(eg_node_text(wait->name))));
}

static void check_condition(struct eg_structure_checker *checker, const struct wait *wait,
                            uint32_t other) {
    const struct eg_node *condition = eg_structure_given(checker, wait->entry, "condition");
    if (eg_structure_is_open(condition))
        eg_structure_leave_open(checker, condition);
    else if (eg_node_is_string(condition, "HEALTHY"))
        check_healthy(checker, wait, other, condition);
    else if (eg_node_is_string(condition, "COMPLETE") || eg_node_is_string(condition, "SUCCESS"))
        check_end(checker, wait, other, condition);
}

/* ---- circles ---- */

enum { UNSEEN, ON_THE_WAY, DONE };
enum { MOST_CIRCLES = 10 }; /* to tell; one is enough to refuse the task */

/* A container on the way through dependsOn, and the next of its dependencies to follow. */
struct visit {
    uint32_t container;
    uint32_t next;
};

struct waiting {
    struct eg_structure_checker *checker;
    struct eg_map by_name; /* containers' names to their numbers */
    unsigned char *seen;
    struct visit *way;
    uint32_t count; /* of visits on the way */
    uint32_t circle_count;
};

/* "a → b → a" for the visits from FIRST on. */
static struct eg_str circle_text(const struct waiting *waiting, uint32_t first) {
    struct eg_buf text;
    eg_buf_init(&text);
    for (uint32_t i = first; i < waiting->count; i++) {
        eg_buf_add_str(&text, eg_structure_name(waiting->checker, waiting->way[i].container));
        eg_buf_puts(&text, " → ");
    }
    eg_buf_add_str(&text, eg_structure_name(waiting->checker, waiting->way[first].container));
    struct eg_str copy = eg_str_copy(waiting->checker->arena, eg_buf_str(&text));
    eg_buf_done(&text);
    return copy;
}

static void report_circle(struct waiting *waiting, uint32_t again, const struct wait *wait) {
    struct eg_structure_checker *checker = waiting->checker;
    uint32_t first = 0;
    if (waiting->circle_count++ >= MOST_CIRCLES)
        return;
    while (waiting->way[first].container != again)
        first++;
    eg_structure_report(checker, "circular-depends-on", wait->name,
                        path_of(checker, wait, "containerName"),
                        eg_str_format(checker->arena, "containers wait for each other: %.*s",
                                      EG_STR_ARGS(circle_text(waiting, first))));
}

/* The next entry of dependsOn of the container that the way ends at; false: there is none. */
static bool next_wait(struct waiting *waiting, struct wait *ret_wait) {
    struct visit *visit = &waiting->way[waiting->count - 1];
    struct eg_structure_checker *checker = waiting->checker;
    const struct eg_node *list =
        eg_structure_given(checker, checker->containers[visit->container], "dependsOn");
    if (visit->next >= eg_structure_length(list))
        return false;
    const struct eg_node *entry = eg_structure_element(checker, list, visit->next);
    *ret_wait = (struct wait){.container = visit->container,
                              .number = visit->next++,
                              .entry = entry,
                              .name = eg_structure_field(checker, entry, "containerName")};
    return true;
}

/* Follows dependsOn from container START in depth, without recursion. */
static void follow(struct waiting *waiting, uint32_t start) {
    struct wait wait;
    waiting->way[waiting->count++] = (struct visit){.container = start};
    waiting->seen[start] = ON_THE_WAY;
    while (waiting->count > 0) {
        if (!next_wait(waiting, &wait)) {
            waiting->seen[waiting->way[--waiting->count].container] = DONE;
            continue;
        }
        const uint32_t *target = eg_map_get(&waiting->by_name, eg_node_text(wait.name));
        if (target == NULL)
            continue;
        if (waiting->seen[*target] == ON_THE_WAY)
            report_circle(waiting, *target, &wait);
        if (waiting->seen[*target] != UNSEEN)
            continue;
        waiting->seen[*target] = ON_THE_WAY;
        waiting->way[waiting->count++] = (struct visit){.container = *target};
    }
}

/* ---- all of it ---- */

static void check_entries(struct waiting *waiting, const struct eg_structure_names *containers,
                          uint32_t container) {
    struct eg_structure_checker *checker = waiting->checker;
    const struct eg_node *list =
        eg_structure_list(checker, checker->containers[container], "dependsOn");
    for (uint32_t i = 0; i < eg_structure_length(list); i++) {
        const struct eg_node *entry = eg_structure_element(checker, list, i);
        struct wait wait = {.container = container,
                            .number = i,
                            .entry = entry,
                            .name = eg_structure_given(checker, entry, "containerName")};
        if (wait.name->kind == EG_ABSENT)
            continue;
        check_named(checker, containers, &wait);
        const uint32_t *other = eg_map_get(&waiting->by_name, eg_node_text(wait.name));
        if (other != NULL)
            check_condition(checker, &wait, *other);
    }
}

void eg_structure_check_waiting(struct eg_structure_checker *checker,
                                const struct eg_structure_names *containers) {
    uint32_t count = checker->container_count;
    uint32_t *indices = EG_NEW_ARRAY(checker->arena, uint32_t, count);
    struct waiting waiting = {.checker = checker,
                              .seen = EG_NEW_ARRAY(checker->arena, unsigned char, count),
                              .way = EG_NEW_ARRAY(checker->arena, struct visit, count)};
    eg_map_init(&waiting.by_name, checker->arena);
    for (uint32_t i = 0; i < count; i++) {
        indices[i] = i;
        struct eg_str name = eg_structure_name(checker, i);
        if (name.length > 0)
            eg_map_put(&waiting.by_name, name, &indices[i]);
    }
    for (uint32_t i = 0; i < count; i++)
        check_entries(&waiting, containers, i);
    for (uint32_t i = 0; i < count; i++)
        if (waiting.seen[i] == UNSEEN)
            follow(&waiting, i);
}
