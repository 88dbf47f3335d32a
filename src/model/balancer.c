/* Facts of load balancers, listeners and target groups. */
#include "model/facts.h"
#include "model/launchsite.h"
#include "model/normalize.h"

/* Each entry's value by its key. */
static const struct eg_node *by_key(struct eg_scenario *scenario, const struct eg_item *item,
                                    const char *field) {
    struct eg_map_builder map;
    eg_map_begin(&map, item->build->arena);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, item, field));
    while (eg_walk_next(&walk)) {
        const struct eg_item *entry = eg_item_in(walk.element);
        if (entry == NULL)
            return walk.element; /* any key may be in it */
        const struct eg_node *key = eg_item_get(scenario, entry, "key");
        if (key->kind == EG_STRING)
            eg_map_add(&map, key->as.text, walk.element->offset,
                       eg_item_given(scenario, entry, "value"), NULL);
    }
    return eg_map_node(&map, item->object.raw);
}

/* ---- load balancers ---- */

static const struct eg_node *balancer_groups(struct eg_scenario *scenario,
                                             const struct eg_item *balancer) {
    return eg_item_follow_list(scenario, balancer,
                               eg_resource_property(balancer->resource, "SecurityGroups"),
                               "securityGroup");
}

static const struct eg_node *balancer_groups_given(struct eg_scenario *scenario,
                                                   const struct eg_item *balancer) {
    return eg_item_has_elements(scenario, eg_item_property(scenario, balancer, "SecurityGroups"));
}

static const struct eg_node *balancer_subnets(struct eg_scenario *scenario,
                                              const struct eg_item *balancer) {
    const struct eg_node *plain = eg_item_property(scenario, balancer, "Subnets");
    if (plain->kind != EG_ABSENT)
        return eg_item_follow_list(scenario, balancer, plain, "subnet");
    struct eg_links links;
    eg_links_begin(&links, balancer);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_property(scenario, balancer, "SubnetMappings"));
    while (eg_walk_next(&walk))
        eg_links_add_node(
            &links, walk.element->kind == EG_MAP
                        ? eg_item_follow(scenario, balancer,
                                         eg_member(scenario, walk.element, "SubnetId"), "subnet")
                        : eg_item_outside(balancer, walk.element));
    return eg_links_end(&links);
}

static const struct eg_node *balancer_attributes(struct eg_scenario *scenario,
                                                 const struct eg_item *balancer) {
    return by_key(scenario, balancer, "loadBalancerAttributes");
}

/* Nested stacks that get ITEM and aren't read may make listeners of it. */
static void add_nested(struct eg_links *links, const struct eg_item *item) {
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &item->build->index, item->resource, "AWS::CloudFormation::Stack");
    while (eg_incoming_next(&incoming)) {
        if (incoming.resource->nested != NULL)
            continue;
        struct eg_str what = eg_str_format(item->build->arena, "the nested stack %.*s",
                                           EG_STR_ARGS(incoming.resource->logical_id));
        eg_links_add_maybe(links,
                           eg_item_unknown(item, EG_WHY_OUTSIDE, what, incoming.resource->raw));
    }
}

static const struct eg_node *balancer_listeners(struct eg_scenario *scenario,
                                                const struct eg_item *balancer) {
    struct eg_links links;
    eg_links_begin(&links, balancer);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &balancer->build->index, balancer->resource,
                      "AWS::ElasticLoadBalancingV2::Listener");
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *listener = eg_item_for(balancer->build, incoming.resource);
        eg_links_add_back(&links, scenario, listener, "loadBalancer");
    }
    add_nested(&links, balancer);
    return eg_links_end(&links);
}

/* All elements of FIELD of every element of the item's list OVER, each once. */
static const struct eg_node *gathered(struct eg_scenario *scenario, const struct eg_item *item,
                                      const char *over, const char *field) {
    struct eg_links links;
    eg_links_begin(&links, item);
    struct eg_walk outer;
    eg_walk_begin(&outer, scenario, eg_item_get(scenario, item, over));
    while (eg_walk_next(&outer)) {
        const struct eg_item *element = eg_item_in(outer.element);
        if (element == NULL) {
            eg_links_add_node(&links, outer.element);
            continue;
        }
        struct eg_walk inner;
        eg_walk_begin(&inner, scenario, eg_item_get(scenario, element, field));
        while (eg_walk_next(&inner))
            eg_links_add_node(&links, inner.element);
    }
    return eg_links_end(&links);
}

static const struct eg_node *balancer_target_groups(struct eg_scenario *scenario,
                                                    const struct eg_item *balancer) {
    return gathered(scenario, balancer, "listeners", "targetGroups");
}

static const struct eg_node *balancer_services(struct eg_scenario *scenario,
                                               const struct eg_item *balancer) {
    return gathered(scenario, balancer, "targetGroups", "services");
}

/* Any known service tells; an unknown target group leaves it open. */
static const struct eg_node *has_services(struct eg_scenario *scenario, const struct eg_item *item,
                                          const struct eg_node *services) {
    const struct eg_node *open = NULL;
    struct eg_walk walk;
    (void)item;
    eg_walk_begin(&walk, scenario, services);
    while (eg_walk_next(&walk)) {
        if (eg_item_in(walk.element) != NULL)
            return eg_node_bool(true);
        open = walk.element;
    }
    return open != NULL ? open : eg_node_bool(false);
}

static const struct eg_node *balancer_serves(struct eg_scenario *scenario,
                                             const struct eg_item *balancer) {
    return has_services(scenario, balancer, eg_item_get(scenario, balancer, "services"));
}

static const struct eg_node *balancer_web_acls(struct eg_scenario *scenario,
                                               const struct eg_item *balancer) {
    struct eg_links links;
    eg_links_begin(&links, balancer);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &balancer->build->index, balancer->resource,
                      "AWS::WAFv2::WebACLAssociation");
    while (eg_incoming_next(&incoming)) {
        const struct eg_node *arn = eg_property(scenario, incoming.resource, "ResourceArn");
        enum eg_truth named = eg_names(arn, balancer->resource);
        if (named == EG_TRUE)
            eg_links_add(&links, balancer->build->resource_items[incoming.resource->number]);
        else if (named == EG_UNDECIDED)
            eg_links_add_maybe(&links, arn);
    }
    return eg_links_end(&links);
}

static const struct eg_node *balancer_zones(struct eg_scenario *scenario,
                                            const struct eg_item *balancer) {
    return eg_subnet_zones(scenario, balancer, eg_item_get(scenario, balancer, "subnets"));
}

static const struct eg_node *balancer_spans(struct eg_scenario *scenario,
                                            const struct eg_item *balancer) {
    return eg_zones_span(scenario, balancer, eg_item_get(scenario, balancer, "availabilityZones"));
}

/* ---- listeners ---- */

static const struct eg_node *listener_balancer(struct eg_scenario *scenario,
                                               const struct eg_item *listener) {
    return eg_item_follow(scenario, listener,
                          eg_resource_property(listener->resource, "LoadBalancerArn"),
                          "loadBalancer");
}

static const struct eg_node *listener_rules(struct eg_scenario *scenario,
                                            const struct eg_item *listener) {
    struct eg_links links;
    eg_links_begin(&links, listener);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &listener->build->index, listener->resource,
                      "AWS::ElasticLoadBalancingV2::ListenerRule");
    while (eg_incoming_next(&incoming)) {
        const struct eg_node *arn = eg_property(scenario, incoming.resource, "ListenerArn");
        enum eg_truth named = eg_names(arn, listener->resource);
        if (named == EG_TRUE)
            eg_links_add(&links, listener->build->resource_items[incoming.resource->number]);
        else if (named == EG_UNDECIDED)
            eg_links_add_maybe(&links, arn);
    }
    return eg_links_end(&links);
}

static const struct eg_node *listener_actions(struct eg_scenario *scenario,
                                              const struct eg_item *listener) {
    struct eg_links links;
    eg_links_begin(&links, listener);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, listener, "defaultActions"));
    while (eg_walk_next(&walk))
        eg_links_add_node(&links, walk.element);
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, listener, "rules"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *rule = eg_item_in(walk.element);
        const struct eg_node *actions =
            rule == NULL ? NULL : eg_resource_property(rule->resource, "Actions");
        if (actions == NULL) {
            if (rule == NULL)
                eg_links_add_node(&links, walk.element);
            continue;
        }
        struct eg_walk inner;
        eg_walk_begin(&inner, scenario,
                      eg_scenario_force(
                          scenario, eg_normalize_list(rule, "Action", actions, false, "Actions")));
        while (eg_walk_next(&inner))
            eg_links_add_node(&links, inner.element);
    }
    return eg_links_end(&links);
}

static const struct eg_node *action_target_groups(struct eg_scenario *scenario,
                                                  const struct eg_item *action) {
    struct eg_links links;
    eg_links_begin(&links, action);
    const struct eg_node *arn = eg_item_given(scenario, action, "targetGroupArn");
    if (!eg_is_blank(arn))
        eg_links_add_node(&links, eg_item_follow(scenario, action, arn, "targetGroup"));
    const struct eg_item *forward = eg_item_link(scenario, action, "forwardConfig");
    if (forward == NULL)
        return eg_links_end(&links);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, forward, "targetGroups"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *tuple = eg_item_in(walk.element);
        eg_links_add_node(
            &links, tuple == NULL ? walk.element
                                  : eg_item_follow(scenario, action,
                                                   eg_item_given(scenario, tuple, "targetGroupArn"),
                                                   "targetGroup"));
    }
    return eg_links_end(&links);
}

static const struct eg_node *action_resource(struct eg_scenario *scenario,
                                             const struct eg_item *action) {
    (void)scenario;
    return eg_item_resource_node(action->build, action->resource);
}

static const struct eg_node *listener_target_groups(struct eg_scenario *scenario,
                                                    const struct eg_item *listener) {
    return gathered(scenario, listener, "actions", "targetGroups");
}

static const struct eg_node *listener_serves(struct eg_scenario *scenario,
                                             const struct eg_item *listener) {
    return has_services(scenario, listener,
                        gathered(scenario, listener, "targetGroups", "services"));
}

/* ---- target groups ---- */

static const struct eg_node *group_vpc(struct eg_scenario *scenario, const struct eg_item *group) {
    return eg_item_follow(scenario, group, eg_resource_property(group->resource, "VpcId"), "vpc");
}

static const struct eg_node *group_attributes(struct eg_scenario *scenario,
                                              const struct eg_item *group) {
    return by_key(scenario, group, "targetGroupAttributes");
}

static const struct eg_node *group_listeners(struct eg_scenario *scenario,
                                             const struct eg_item *group) {
    struct eg_links links;
    eg_links_begin(&links, group);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &group->build->index, group->resource,
                      "AWS::ElasticLoadBalancingV2::Listener");
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *listener = eg_item_for(group->build, incoming.resource);
        eg_links_add_back(&links, scenario, listener, "targetGroups");
    }
    eg_incoming_begin(&incoming, &group->build->index, group->resource,
                      "AWS::ElasticLoadBalancingV2::ListenerRule");
    while (eg_incoming_next(&incoming)) {
        const struct eg_node *arn = eg_property(scenario, incoming.resource, "ListenerArn");
        const struct eg_item *listener = eg_item_target(group, arn);
        if (!eg_item_is_type(listener, "listener"))
            eg_links_add_node(&links, eg_item_outside(group, arn));
        else
            eg_links_add_back(&links, scenario, listener, "targetGroups");
    }
    add_nested(&links, group);
    return eg_links_end(&links);
}

static const struct eg_node *group_balancers(struct eg_scenario *scenario,
                                             const struct eg_item *group) {
    struct eg_links links;
    eg_links_begin(&links, group);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, group, "listeners"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *listener = eg_item_in(walk.element);
        eg_links_add_node(&links, listener == NULL
                                      ? walk.element
                                      : eg_item_given(scenario, listener, "loadBalancer"));
    }
    return eg_links_end(&links);
}

static const struct eg_node *group_services(struct eg_scenario *scenario,
                                            const struct eg_item *group) {
    static const char *const types[] = {"AWS::ECS::Service", "AWS::ECS::TaskSet"};
    struct eg_links links;
    eg_links_begin(&links, group);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct eg_incoming incoming;
        eg_incoming_begin(&incoming, &group->build->index, group->resource, types[i]);
        while (eg_incoming_next(&incoming)) {
            struct eg_site_walk sites;
            eg_site_walk_begin(&sites, group->build, incoming.resource);
            if (eg_site_walk_next(&sites))
                eg_links_add_back(&links, scenario, eg_item_link(scenario, sites.site, "service"),
                                  "targetGroups");
        }
    }
    return eg_links_end(&links);
}

const struct eg_fact eg_facts_balancer[] = {
    {"loadBalancer", "securityGroups", balancer_groups},
    {"loadBalancer", "securityGroupsGiven", balancer_groups_given},
    {"loadBalancer", "subnets", balancer_subnets},
    {"loadBalancer", "attributes", balancer_attributes},
    {"loadBalancer", "listeners", balancer_listeners},
    {"loadBalancer", "targetGroups", balancer_target_groups},
    {"loadBalancer", "services", balancer_services},
    {"loadBalancer", "servesEcs", balancer_serves},
    {"loadBalancer", "webAcls", balancer_web_acls},
    {"loadBalancer", "availabilityZones", balancer_zones},
    {"loadBalancer", "spansZones", balancer_spans},
    {"listener", "loadBalancer", listener_balancer},
    {"listener", "rules", listener_rules},
    {"listener", "actions", listener_actions},
    {"listener", "targetGroups", listener_target_groups},
    {"listener", "servesEcs", listener_serves},
    {"Action", "targetGroups", action_target_groups},
    {"Action", "resource", action_resource},
    {"targetGroup", "vpc", group_vpc},
    {"targetGroup", "attributes", group_attributes},
    {"targetGroup", "listeners", group_listeners},
    {"targetGroup", "loadBalancers", group_balancers},
    {"targetGroup", "services", group_services},
    {NULL, NULL, NULL},
};
