/* Facts of log groups. */
#include "model/facts.h"
#include "model/task.h"

/* Of its own, or as the CDK's Custom::LogRetention sets it. */
static const struct eg_node *group_retention(struct eg_scenario *scenario,
                                             const struct eg_item *group) {
    const struct eg_node *own = eg_item_given(scenario, group, "retentionInDays");
    if (own->kind != EG_ABSENT)
        return own;
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &group->build->index, group->resource, "Custom::LogRetention");
    while (eg_incoming_next(&incoming)) {
        const struct eg_node *days = eg_property(scenario, incoming.resource, "RetentionInDays");
        int64_t number;
        if (days->kind == EG_STRING && eg_str_to_int(days->as.text, &number))
            return eg_node_int(group->build->arena, number, days);
        if (days->kind != EG_ABSENT)
            return days;
    }
    return eg_item_int(group, 0);
}

static const struct eg_node *group_key(struct eg_scenario *scenario, const struct eg_item *group) {
    return eg_item_follow(scenario, group, eg_item_given(scenario, group, "kmsKeyId"), "kmsKey");
}

static bool logs_to(struct eg_scenario *scenario, const struct eg_item *container,
                    const struct eg_item *group) {
    const struct eg_node *name;
    return eg_container_log_group(scenario, container, &name) == group;
}

static const struct eg_node *group_containers(struct eg_scenario *scenario,
                                              const struct eg_item *group) {
    struct eg_links links;
    eg_links_begin(&links, group);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &group->build->index, group->resource);
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *task = eg_item_for(group->build, incoming.resource);
        struct eg_walk walk;
        if (!eg_item_is_type(task, "taskDefinition"))
            continue;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, task, "containerDefinitions"));
        while (eg_walk_next(&walk)) {
            const struct eg_item *container = eg_item_in(walk.element);
            if (container != NULL && logs_to(scenario, container, group))
                eg_links_add(&links, container);
        }
    }
    return eg_links_end(&links);
}

/* Does a FireLens router's task definition mention the group outside of awslogs? */
static bool routes_here(struct eg_scenario *scenario, const struct eg_item *task,
                        const struct eg_item *group) {
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, task, "containerDefinitions"));
    bool router = false;
    while (eg_walk_next(&walk)) {
        const struct eg_item *container = eg_item_in(walk.element);
        if (container == NULL)
            continue;
        if (logs_to(scenario, container, group))
            return false;
        router = router || eg_item_link(scenario, container, "firelensConfiguration") != NULL;
    }
    return router;
}

static const struct eg_node *group_used_for(struct eg_scenario *scenario,
                                            const struct eg_item *group) {
    bool tasks = false, exec = false, connect = false, firelens = false;
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &group->build->index, group->resource);
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *item = eg_item_for(group->build, incoming.resource);
        if (eg_item_is_type(item, "cluster"))
            exec = exec || eg_item_link(scenario, item, "execLogGroup") == group;
        connect = connect || eg_item_is_type(item, "service");
        if (eg_item_is_type(item, "taskDefinition"))
            firelens = firelens || routes_here(scenario, item, group);
    }
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, group, "containers"));
    tasks = eg_walk_next(&walk);
    const struct {
        bool used;
        const char *name;
    } uses[] = {
        {tasks, "tasks"}, {exec, "exec"}, {connect, "service-connect"}, {firelens, "firelens"}};
    struct eg_list_builder list;
    eg_list_begin(&list, group->build->arena);
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
        if (uses[i].used)
            eg_list_add(&list, eg_item_text(group, eg_str_from(uses[i].name), group->object.raw));
    return eg_list_node(&list, group->object.raw);
}

const struct eg_fact eg_facts_log[] = {
    {"logGroup", "retention", group_retention},
    {"logGroup", "kmsKey", group_key},
    {"logGroup", "containers", group_containers},
    {"logGroup", "usedFor", group_used_for},
    {NULL, NULL, NULL},
};
