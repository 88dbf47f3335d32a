/* Facts of services and of what scales them. */
#include "model/facts.h"
#include "model/launchsite.h"

static const struct eg_item *own_site(const struct eg_item *service) {
    return service->build->first_sites[service->resource->number];
}

static const struct eg_node *service_site(struct eg_scenario *scenario,
                                          const struct eg_item *service) {
    (void)scenario;
    const struct eg_item *site = own_site(service);
    return site == NULL ? NULL : site->node;
}

static const struct eg_node *service_task(struct eg_scenario *scenario,
                                          const struct eg_item *service) {
    const struct eg_item *site = own_site(service);
    return site == NULL ? NULL : eg_item_given(scenario, site, "taskDefinition");
}

static const struct eg_node *service_cluster(struct eg_scenario *scenario,
                                             const struct eg_item *service) {
    const struct eg_item *site = own_site(service);
    return site == NULL ? NULL : eg_item_given(scenario, site, "cluster");
}

static const struct eg_node *service_is_fargate(struct eg_scenario *scenario,
                                                const struct eg_item *service) {
    const struct eg_item *site = own_site(service);
    return site == NULL ? eg_node_bool(false) : eg_item_get(scenario, site, "isFargate");
}

static const struct eg_node *service_is_express(struct eg_scenario *scenario,
                                                const struct eg_item *service) {
    (void)scenario;
    return eg_node_bool(eg_str_is(service->resource->type, "AWS::ECS::ExpressGatewayService"));
}

static void add_target_groups(struct eg_scenario *scenario, struct eg_links *links,
                              const struct eg_node *entries) {
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, entries);
    while (eg_walk_next(&walk)) {
        const struct eg_item *entry = eg_item_in(walk.element);
        if (entry == NULL) {
            eg_links_add_node(links, walk.element);
            continue;
        }
        eg_links_add_node(links, eg_item_given(scenario, entry, "targetGroup"));
        eg_links_add_node(links, eg_item_given(scenario, entry, "alternateTargetGroup"));
    }
}

/* Its own, and those of its task sets (deployment controller EXTERNAL). */
static const struct eg_node *service_target_groups(struct eg_scenario *scenario,
                                                   const struct eg_item *service) {
    struct eg_links links;
    eg_links_begin(&links, service);
    add_target_groups(scenario, &links, eg_item_get(scenario, service, "loadBalancers"));
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &service->build->index, service->resource, "AWS::ECS::TaskSet");
    while (eg_incoming_next(&incoming)) {
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario, eg_property(scenario, incoming.resource, "LoadBalancers"));
        while (eg_walk_next(&walk))
            eg_links_add_node(&links,
                              eg_item_follow(scenario, service,
                                             eg_member(scenario, walk.element, "TargetGroupArn"),
                                             "targetGroup"));
    }
    return eg_links_end(&links);
}

static const struct eg_node *service_frontends(struct eg_scenario *scenario,
                                               const struct eg_item *service) {
    struct eg_links links;
    eg_links_begin(&links, service);
    struct eg_walk groups;
    eg_walk_begin(&groups, scenario, eg_item_get(scenario, service, "targetGroups"));
    while (eg_walk_next(&groups)) {
        const struct eg_item *group = eg_item_in(groups.element);
        if (group == NULL) {
            eg_links_add_node(&links, groups.element);
            continue;
        }
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, group, "loadBalancers"));
        while (eg_walk_next(&walk))
            eg_links_add_node(&links, walk.element);
    }
    return eg_links_end(&links);
}

/* ---- scaling ---- */

static const struct eg_node *service_scalable_target(struct eg_scenario *scenario,
                                                     const struct eg_item *service) {
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &service->build->index, service->resource,
                      "AWS::ApplicationAutoScaling::ScalableTarget");
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *target = eg_item_for(service->build, incoming.resource);
        if (target != NULL && eg_item_link(scenario, target, "service") == service)
            return eg_item_seen(service, target);
    }
    return NULL;
}

static const struct eg_node *service_minimum(struct eg_scenario *scenario,
                                             const struct eg_item *service) {
    const struct eg_node *desired = eg_item_get(scenario, service, "desiredCount");
    const struct eg_node *target = eg_item_given(scenario, service, "scalableTarget");
    const struct eg_item *item = eg_item_in(target);
    if (item == NULL)
        return target->kind == EG_UNKNOWN ? target : desired;
    const struct eg_node *least = eg_item_given(scenario, item, "minCapacity");
    if (least->kind != EG_INT)
        return least->kind == EG_ABSENT ? desired : least;
    /* Without a count of its own a service starts with what scaling keeps. */
    if (eg_item_given(scenario, service, "desiredCount")->kind == EG_ABSENT)
        return least;
    if (desired->kind != EG_INT)
        return desired;
    return least->as.integer < desired->as.integer ? least : desired;
}

static const struct eg_node *target_service(struct eg_scenario *scenario,
                                            const struct eg_item *target) {
    const struct eg_node *id = eg_item_given(scenario, target, "resourceId");
    /* service/CLUSTER/SERVICE: the service is the last thing named. */
    if (id->kind == EG_PARTIAL) {
        for (uint32_t i = id->as.list.count; i-- > 0;) {
            const struct eg_item *service =
                eg_item_target(target, eg_scenario_force(scenario, id->as.list.items[i]));
            if (eg_item_is_type(service, "service"))
                return service->node;
        }
    }
    const struct eg_node *space = eg_item_get(scenario, target, "serviceNamespace");
    if (space->kind == EG_STRING && !eg_node_is_string(space, "ecs"))
        return NULL;
    struct eg_resource *resource =
        eg_index_find(&target->build->index, EG_NAMES_SERVICE, target->stack, id);
    const struct eg_item *service = eg_item_for(target->build, resource);
    return eg_item_is_type(service, "service") ? service->node : eg_item_outside(target, id);
}

static const struct eg_node *target_policies(struct eg_scenario *scenario,
                                             const struct eg_item *target) {
    (void)scenario;
    struct eg_links links;
    eg_links_begin(&links, target);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &target->build->index, target->resource,
                      "AWS::ApplicationAutoScaling::ScalingPolicy");
    while (eg_incoming_next(&incoming))
        eg_links_add(&links, target->build->resource_items[incoming.resource->number]);
    return eg_links_end(&links);
}

/* ---- alarms and deployments ---- */

static void add_alarms(struct eg_scenario *scenario, struct eg_links *links,
                       const struct eg_resource *of) {
    const struct eg_build *build = links->self->build;
    (void)scenario;
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &build->index, of, "AWS::CloudWatch::Alarm");
    while (eg_incoming_next(&incoming))
        eg_links_add(links, eg_item_for(build, incoming.resource));
}

static const struct eg_node *service_alarms(struct eg_scenario *scenario,
                                            const struct eg_item *service) {
    struct eg_links links;
    eg_links_begin(&links, service);
    add_alarms(scenario, &links, service->resource);
    static const char *const fields[] = {"targetGroups", "frontends"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, service, fields[i]));
        while (eg_walk_next(&walk))
            if (eg_item_in(walk.element) != NULL)
                add_alarms(scenario, &links, eg_item_in(walk.element)->resource);
    }
    return eg_links_end(&links);
}

static const struct eg_node *service_deployment_group(struct eg_scenario *scenario,
                                                      const struct eg_item *service) {
    (void)scenario;
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &service->build->index, service->resource,
                      "AWS::CodeDeploy::DeploymentGroup");
    if (eg_incoming_next(&incoming))
        return eg_item_resource_node(service->build, incoming.resource);
    return NULL;
}

const struct eg_fact eg_facts_service[] = {
    {"service", "launchSite", service_site},
    {"service", "taskDefinition", service_task},
    {"service", "cluster", service_cluster},
    {"service", "isFargate", service_is_fargate},
    {"service", "isExpress", service_is_express},
    {"service", "targetGroups", service_target_groups},
    {"service", "frontends", service_frontends},
    {"service", "scalableTarget", service_scalable_target},
    {"service", "minimumTasks", service_minimum},
    {"service", "alarms", service_alarms},
    {"service", "deploymentGroup", service_deployment_group},
    {"scalableTarget", "service", target_service},
    {"scalableTarget", "policies", target_policies},
    {NULL, NULL, NULL},
};
