/* Facts of task definitions: roles, launch types, who starts them. */
#include "model/task.h"

#include "model/facts.h"
#include "model/launchsite.h"
#include "model/role.h"
#include "node/text.h"

static const struct eg_node *task_execution_role(struct eg_scenario *scenario,
                                                 const struct eg_item *task) {
    return eg_role_find(scenario, task, eg_item_given(scenario, task, "executionRoleArn"));
}

static const struct eg_node *task_task_role(struct eg_scenario *scenario,
                                            const struct eg_item *task) {
    return eg_role_find(scenario, task, eg_item_given(scenario, task, "taskRoleArn"));
}

static const struct eg_node *task_roles_same(struct eg_scenario *scenario,
                                             const struct eg_item *task) {
    const struct eg_node *why = NULL;
    enum eg_truth same =
        eg_role_same(scenario, task, eg_item_given(scenario, task, "executionRoleArn"),
                     eg_item_given(scenario, task, "taskRoleArn"), &why);
    return eg_item_truth(task, same, why);
}

static const struct eg_node *task_launch_sites(struct eg_scenario *scenario,
                                               const struct eg_item *task) {
    struct eg_links links;
    eg_links_begin(&links, task);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &task->build->index, task->resource);
    while (eg_incoming_next(&incoming)) {
        struct eg_site_walk sites;
        eg_site_walk_begin(&sites, task->build, incoming.resource);
        while (eg_site_walk_next(&sites))
            eg_links_add_back(&links, scenario, sites.site, "taskDefinition");
    }
    /* An Express Gateway service starts its own. */
    struct eg_site_walk own;
    eg_site_walk_begin(&own, task->build, task->resource);
    while (eg_site_walk_next(&own))
        eg_links_add(&links, own.site);
    return eg_links_end(&links);
}

static const struct eg_node *task_services(struct eg_scenario *scenario,
                                           const struct eg_item *task) {
    struct eg_links links;
    eg_links_begin(&links, task);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, task, "launchSites"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *site = eg_item_in(walk.element);
        if (site == NULL)
            eg_links_add_node(&links, walk.element);
        else
            eg_links_add_node(&links, eg_item_given(scenario, site, "service"));
    }
    return eg_links_end(&links);
}

/* ---- launch types ---- */

static void add_type(struct eg_list_builder *types, const struct eg_node *type) {
    if (type->kind != EG_STRING && type->kind != EG_UNKNOWN)
        return;
    for (uint32_t i = 0; i < types->count; i++)
        if (types->items[i]->kind == EG_STRING && type->kind == EG_STRING &&
            eg_str_equal(types->items[i]->as.text, type->as.text))
            return;
    eg_list_add(types, type);
}

/* Does anything tell the type of a launch site beside the task definition? */
static bool site_tells(struct eg_scenario *scenario, const struct eg_item *site) {
    const struct eg_node *origin = eg_item_get(scenario, site, "origin");
    const struct eg_item *cluster = eg_item_link(scenario, site, "cluster");
    struct eg_walk walk;
    if (eg_node_is_string(origin, "express") || eg_node_is_string(origin, "daemon") ||
        !eg_is_blank(eg_site_part(scenario, site, EG_SITE_LAUNCH_TYPE)) ||
        !eg_is_blank(eg_site_part(scenario, site, EG_SITE_STRATEGY)))
        return true;
    if (cluster == NULL)
        return false;
    eg_walk_begin(&walk, scenario,
                  eg_item_get(scenario, cluster, "defaultCapacityProviderStrategy"));
    return eg_walk_next(&walk);
}

static void collect_types(struct eg_scenario *scenario, const struct eg_item *task,
                          struct eg_list_builder *types) {
    struct eg_walk walk;
    const struct eg_node *required = eg_item_get(scenario, task, "requiresCompatibilities");
    eg_walk_begin(&walk, scenario, required);
    while (eg_walk_next(&walk))
        add_type(types, walk.element);
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, task, "launchSites"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *site = eg_item_in(walk.element);
        if (site != NULL && site_tells(scenario, site))
            add_type(types, eg_item_get(scenario, site, "launchType"));
    }
}

static const struct eg_node *task_launch_types(struct eg_scenario *scenario,
                                               const struct eg_item *task) {
    struct eg_list_builder types;
    eg_list_begin(&types, task->build->arena);
    collect_types(scenario, task, &types);
    if (types.count == 0)
        eg_list_add(&types, eg_item_text(task, EG_STR("EC2"), task->object.raw));
    return eg_list_node(&types, task->object.raw);
}

static const struct eg_node *task_type_assumed(struct eg_scenario *scenario,
                                               const struct eg_item *task) {
    struct eg_list_builder types;
    eg_list_begin(&types, task->build->arena);
    collect_types(scenario, task, &types);
    return eg_node_bool(types.count == 0);
}

static const struct eg_node *has_type(struct eg_scenario *scenario, const struct eg_item *task,
                                      const char *type) {
    const struct eg_node *open = NULL;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, task, "launchTypes"));
    while (eg_walk_next(&walk)) {
        if (eg_node_is_string(walk.element, type))
            return eg_node_bool(true);
        if (walk.element->kind != EG_STRING)
            open = walk.element;
    }
    return open != NULL ? open : eg_node_bool(false);
}

static const struct eg_node *task_is_fargate(struct eg_scenario *scenario,
                                             const struct eg_item *task) {
    return has_type(scenario, task, "FARGATE");
}

static const struct eg_node *task_is_ec2(struct eg_scenario *scenario, const struct eg_item *task) {
    return has_type(scenario, task, "EC2");
}

static const struct eg_node *task_is_external(struct eg_scenario *scenario,
                                              const struct eg_item *task) {
    return has_type(scenario, task, "EXTERNAL");
}

static const struct eg_node *task_is_managed(struct eg_scenario *scenario,
                                             const struct eg_item *task) {
    return has_type(scenario, task, "MANAGED_INSTANCES");
}

static const struct eg_node *task_os(struct eg_scenario *scenario, const struct eg_item *task) {
    const struct eg_node *platform = eg_item_get(scenario, task, "runtimePlatform");
    if (platform->kind == EG_UNKNOWN)
        return platform;
    const struct eg_item *item = eg_item_in(platform);
    const struct eg_node *family =
        item == NULL ? eg_node_absent() : eg_item_get(scenario, item, "operatingSystemFamily");
    if (family->kind == EG_UNKNOWN)
        return family;
    enum eg_truth windows =
        eg_text_is(family) ? eg_text_starts_with(family, EG_STR("WINDOWS")) : EG_FALSE;
    if (windows == EG_UNDECIDED)
        return eg_item_outside(task, family);
    return eg_item_text(task, windows == EG_TRUE ? EG_STR("WINDOWS") : EG_STR("LINUX"), platform);
}

static const struct eg_node *task_is_express(struct eg_scenario *scenario,
                                             const struct eg_item *task) {
    (void)scenario;
    return eg_node_bool(eg_str_is(task->resource->type, "AWS::ECS::ExpressGatewayService"));
}

const struct eg_fact eg_facts_task[] = {
    {"taskDefinition", "executionRole", task_execution_role},
    {"taskDefinition", "taskRole", task_task_role},
    {"taskDefinition", "rolesAreSame", task_roles_same},
    {"taskDefinition", "services", task_services},
    {"taskDefinition", "launchSites", task_launch_sites},
    {"taskDefinition", "launchTypes", task_launch_types},
    {"taskDefinition", "launchTypeAssumed", task_type_assumed},
    {"taskDefinition", "isFargate", task_is_fargate},
    {"taskDefinition", "isEc2", task_is_ec2},
    {"taskDefinition", "isExternal", task_is_external},
    {"taskDefinition", "isManagedInstances", task_is_managed},
    {"taskDefinition", "os", task_os},
    {"taskDefinition", "isExpress", task_is_express},
    {NULL, NULL, NULL},
};
