/* Facts of launch sites; how they reach and are reached is in reach.c and outbound.c. */
#include "model/facts.h"
#include "model/holes.h"
#include "model/launchsite.h"
#include "model/normalize.h"
#include "model/role.h"
#include "model/task.h"
#include "node/text.h"

/* ---- what it starts, and where ---- */

const struct eg_node *eg_task_find(struct eg_scenario *scenario, const struct eg_item *self,
                                   const struct eg_node *value) {
    value = eg_scenario_force(scenario, value);
    if (eg_is_blank(value))
        return eg_node_absent();
    struct eg_resource *resource =
        eg_index_find(&self->build->index, EG_NAMES_FAMILY, self->stack, value);
    const struct eg_item *item = eg_item_for(self->build, resource);
    return eg_item_is_type(item, "taskDefinition") ? item->node : eg_item_outside(self, value);
}

const struct eg_node *eg_cluster_find(struct eg_scenario *scenario, const struct eg_item *self,
                                      const struct eg_node *value) {
    value = eg_scenario_force(scenario, value);
    if (eg_is_blank(value))
        return eg_node_absent();
    struct eg_resource *resource =
        eg_index_find(&self->build->index, EG_NAMES_CLUSTER, self->stack, value);
    const struct eg_item *item = eg_item_for(self->build, resource);
    return eg_item_is_type(item, "cluster") ? item->node : eg_item_outside(self, value);
}

static const struct eg_node *site_name(struct eg_scenario *scenario, const struct eg_item *site) {
    const struct eg_node *name = eg_site_part(scenario, site, EG_SITE_NAME);
    return eg_is_blank(name) ? eg_item_text(site, site->resource->logical_id, site->object.raw)
                             : name;
}

static const struct eg_node *site_task(struct eg_scenario *scenario, const struct eg_item *site) {
    if (eg_node_is_string(eg_item_given(scenario, site, "origin"), "express")) {
        const struct eg_item *express = eg_item_for(site->build, site->resource);
        return express == NULL ? NULL : express->node;
    }
    const struct eg_node *named = eg_site_part(scenario, site, EG_SITE_TASK_DEFINITION);
    if (!eg_is_blank(named))
        return eg_task_find(scenario, site, named);
    struct eg_str what =
        eg_str_format(site->build->arena, "the task definition of %.*s, which its task sets name,",
                      EG_STR_ARGS(site->resource->logical_id));
    return eg_item_unknown(site, EG_WHY_OUTSIDE, what, site->object.raw);
}

static const struct eg_node *site_service(struct eg_scenario *scenario,
                                          const struct eg_item *site) {
    const struct eg_item *item = eg_item_for(site->build, site->resource);
    if (eg_item_is_type(item, "service"))
        return item->node;
    if (eg_str_is(site->resource->type, "AWS::ECS::ExpressGatewayService"))
        return item == NULL ? NULL : ((const struct eg_item *)item->extra)->node;
    if (!eg_str_is(site->resource->type, "AWS::ECS::TaskSet"))
        return NULL;
    return eg_item_follow(scenario, site, eg_item_property(scenario, site, "Service"), "service");
}

static const struct eg_node *site_cluster(struct eg_scenario *scenario,
                                          const struct eg_item *site) {
    return eg_cluster_find(scenario, site, eg_site_part(scenario, site, EG_SITE_CLUSTER));
}

/* ---- launch type ---- */

const struct eg_node *eg_strategy_type(struct eg_scenario *scenario, const struct eg_item *self,
                                       const struct eg_node *strategy) {
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, strategy);
    if (!eg_walk_next(&walk))
        return eg_node_absent();
    const struct eg_item *item = eg_item_in(walk.element);
    const struct eg_node *provider = item != NULL
                                         ? eg_item_given(scenario, item, "capacityProvider")
                                         : eg_member(scenario, walk.element, "CapacityProvider");
    if (provider->kind == EG_ABSENT)
        provider = eg_member(scenario, walk.element, "capacityProvider");
    if (eg_node_is_string(provider, "FARGATE") || eg_node_is_string(provider, "FARGATE_SPOT"))
        return eg_item_text(self, EG_STR("FARGATE"), provider);
    struct eg_resource *resource =
        eg_index_find(&self->build->index, EG_NAMES_CAPACITY_PROVIDER, self->stack, provider);
    const struct eg_item *own = eg_item_for(self->build, resource);
    if (own != NULL && eg_item_given(scenario, own, "managedInstancesProvider")->kind == EG_MAP)
        return eg_item_text(self, EG_STR("MANAGED_INSTANCES"), provider);
    if (provider->kind == EG_UNKNOWN)
        return provider;
    return eg_item_text(self, EG_STR("EC2"), provider);
}

/* What the task definition alone tells. */
static const struct eg_node *type_by_task(struct eg_scenario *scenario,
                                          const struct eg_item *site) {
    static const char *const types[] = {"FARGATE", "MANAGED_INSTANCES", "EXTERNAL"};
    const struct eg_item *task = eg_item_link(scenario, site, "taskDefinition");
    if (task != NULL) {
        struct eg_walk walk;
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
            eg_walk_begin(&walk, scenario, eg_item_get(scenario, task, "requiresCompatibilities"));
            while (eg_walk_next(&walk))
                if (eg_node_is_string(walk.element, types[i]))
                    return walk.element;
        }
    }
    return eg_item_text(site, EG_STR("EC2"), site->object.raw);
}

static const struct eg_node *site_launch_type(struct eg_scenario *scenario,
                                              const struct eg_item *site) {
    const struct eg_node *origin = eg_item_given(scenario, site, "origin");
    if (eg_node_is_string(origin, "express"))
        return eg_item_text(site, EG_STR("FARGATE"), site->object.raw);
    if (eg_node_is_string(origin, "daemon"))
        return eg_item_text(site, EG_STR("MANAGED_INSTANCES"), site->object.raw);
    const struct eg_node *given = eg_site_part(scenario, site, EG_SITE_LAUNCH_TYPE);
    if (!eg_is_blank(given))
        return given;
    const struct eg_node *type =
        eg_strategy_type(scenario, site, eg_site_part(scenario, site, EG_SITE_STRATEGY));
    if (type->kind != EG_ABSENT)
        return type;
    const struct eg_item *cluster = eg_item_link(scenario, site, "cluster");
    if (cluster != NULL)
        type = eg_strategy_type(scenario, site,
                                eg_item_get(scenario, cluster, "defaultCapacityProviderStrategy"));
    return type->kind != EG_ABSENT ? type : type_by_task(scenario, site);
}

static const struct eg_node *site_is_fargate(struct eg_scenario *scenario,
                                             const struct eg_item *site) {
    const struct eg_node *type = eg_item_get(scenario, site, "launchType");
    return type->kind == EG_UNKNOWN ? type : eg_node_bool(eg_node_is_string(type, "FARGATE"));
}

static const struct eg_node *site_platform(struct eg_scenario *scenario,
                                           const struct eg_item *site) {
    const struct eg_node *given = eg_site_part(scenario, site, EG_SITE_PLATFORM_VERSION);
    return eg_is_blank(given) ? eg_item_text(site, EG_STR("LATEST"), site->object.raw) : given;
}

static const struct eg_node *site_strategy(struct eg_scenario *scenario,
                                           const struct eg_item *site) {
    const struct eg_node *strategy = eg_site_part(scenario, site, EG_SITE_STRATEGY);
    return strategy->kind == EG_ABSENT
               ? strategy
               : eg_normalize_list(site, "CapacityProviderStrategyItem", strategy,
                                   site->stack->template_->api_names, "CapacityProviderStrategy");
}

/* ---- network ---- */

static const struct eg_node *network_member(struct eg_scenario *scenario,
                                            const struct eg_item *site, const char *key) {
    return eg_site_member(scenario, eg_site_part(scenario, site, EG_SITE_NETWORK),
                          eg_str_from(key));
}

static const struct eg_node *site_network_given(struct eg_scenario *scenario,
                                                const struct eg_item *site) {
    const struct eg_node *network = eg_site_part(scenario, site, EG_SITE_NETWORK);
    if (network->kind == EG_UNKNOWN)
        return network;
    return eg_node_bool(network->kind != EG_ABSENT);
}

static const struct eg_node *site_uses_awsvpc(struct eg_scenario *scenario,
                                              const struct eg_item *site) {
    const struct eg_node *given = eg_item_get(scenario, site, "networkGiven");
    if (eg_is_true(given) || eg_item_is(scenario, site, "isFargate"))
        return eg_node_bool(true);
    /* A service whose task sets name both has neither. */
    if (eg_is_blank(eg_site_part(scenario, site, EG_SITE_TASK_DEFINITION)))
        return given;
    const struct eg_item *task = eg_item_link(scenario, site, "taskDefinition");
    if (task == NULL)
        return eg_item_get(scenario, site, "taskDefinition");
    const struct eg_node *mode = eg_item_get(scenario, task, "networkMode");
    return mode->kind == EG_UNKNOWN ? mode : eg_node_bool(eg_node_is_string(mode, "awsvpc"));
}

static bool is_express(struct eg_scenario *scenario, const struct eg_item *site) {
    return eg_node_is_string(eg_item_given(scenario, site, "origin"), "express");
}

/* The objects of KIND that the list KEY names. Where an Express Gateway service names none, it
 * takes those of the default VPC (ExpressGatewayServiceNetworkConfiguration in the API reference):
 * not none, but outside the input. */
static const struct eg_node *network_list(struct eg_scenario *scenario, const struct eg_item *site,
                                          const char *key, const char *kind) {
    const struct eg_node *list = network_member(scenario, site, key);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, list);
    if (is_express(scenario, site) && !eg_walk_next(&walk))
        return eg_item_unknown(site, EG_WHY_OUTSIDE, EG_STR("the default VPC"), site->object.raw);
    return eg_item_follow_list(scenario, site, list, kind);
}

static const struct eg_node *site_subnets(struct eg_scenario *scenario,
                                          const struct eg_item *site) {
    return network_list(scenario, site, "Subnets", "subnet");
}

static const struct eg_node *site_groups(struct eg_scenario *scenario, const struct eg_item *site) {
    return network_list(scenario, site, "SecurityGroups", "securityGroup");
}

static const struct eg_node *site_uses_default_group(struct eg_scenario *scenario,
                                                     const struct eg_item *site) {
    const struct eg_node *groups = network_member(scenario, site, "SecurityGroups");
    if (groups->kind == EG_UNKNOWN)
        return groups;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, groups);
    bool any = false;
    const struct eg_node *open = NULL;
    while (eg_walk_next(&walk)) {
        any = true;
        if (walk.element->kind == EG_REFERENCE &&
            eg_str_is(walk.element->as.reference->attribute, "DefaultSecurityGroup"))
            return eg_node_bool(true);
        if (walk.element->kind == EG_UNKNOWN)
            open = walk.element;
    }
    if (!any)
        return eg_item_get(scenario, site, "usesAwsvpc");
    return open != NULL ? open : eg_node_bool(false);
}

/* Is every subnet known not to be public? */
static bool is_in_private(struct eg_scenario *scenario, const struct eg_item *site) {
    bool any = false;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, site, "subnets"));
    for (; eg_walk_next(&walk); any = true) {
        const struct eg_item *subnet = eg_item_in(walk.element);
        const struct eg_node *exposure =
            subnet == NULL ? walk.element : eg_item_get(scenario, subnet, "exposure");
        if (exposure->kind != EG_STRING || eg_node_is_string(exposure, "public"))
            return false;
    }
    return any;
}

/* An Express Gateway service has no switch; in private subnets there is no public address to have.
 */
static const struct eg_node *site_assign(struct eg_scenario *scenario, const struct eg_item *site) {
    if (is_express(scenario, site) && is_in_private(scenario, site))
        return eg_item_text(site, EG_STR("DISABLED"), site->object.raw);
    if (is_express(scenario, site))
        return eg_item_unknown(site, EG_WHY_ATTRIBUTE,
                               EG_STR("whether ECS Express Mode assigns a public address"),
                               site->object.raw);
    const struct eg_node *given = network_member(scenario, site, "AssignPublicIp");
    return eg_is_blank(given) ? eg_item_text(site, EG_STR("DISABLED"), site->object.raw) : given;
}

static const struct eg_node *site_assign_given(struct eg_scenario *scenario,
                                               const struct eg_item *site) {
    return eg_node_bool(!eg_is_blank(network_member(scenario, site, "AssignPublicIp")));
}

const struct eg_node *eg_subnet_zones(struct eg_scenario *scenario, const struct eg_item *self,
                                      const struct eg_node *subnets) {
    struct eg_list_builder zones;
    eg_list_begin(&zones, self->build->arena);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, subnets);
    while (eg_walk_next(&walk)) {
        const struct eg_item *subnet = eg_item_in(walk.element);
        const struct eg_node *zone = walk.element;
        if (subnet != NULL) {
            zone = eg_item_given(scenario, subnet, "availabilityZone");
            if (eg_is_blank(zone))
                zone = eg_item_given(scenario, subnet, "availabilityZoneId");
            if (eg_is_blank(zone))
                zone = eg_node_unknown(
                    self->build->arena,
                    (struct eg_unknown){.why = EG_WHY_ATTRIBUTE,
                                        .name = EG_STR("the zone that AWS chooses for the subnet"),
                                        .scope = subnet},
                    subnet->object.raw);
        }
        bool seen = false;
        for (uint32_t i = 0; i < zones.count && !seen; i++)
            seen = eg_text_equal(scenario, zones.items[i], zone) == EG_TRUE;
        if (!seen)
            eg_list_add(&zones, zone);
    }
    return eg_list_node(&zones, self->object.raw);
}

/* Are they surely different? Two numbers of one list of zones are. */
static bool are_different(struct eg_scenario *scenario, const struct eg_node *a,
                          const struct eg_node *b) {
    if (a->kind == EG_REFERENCE && b->kind == EG_REFERENCE &&
        eg_str_is(a->as.reference->type, "AWS::EC2::AvailabilityZone") &&
        eg_str_equal(a->as.reference->type, b->as.reference->type))
        return a->as.reference->resource != b->as.reference->resource;
    return eg_text_is(a) && eg_text_is(b) && eg_text_equal(scenario, a, b) == EG_FALSE;
}

const struct eg_node *eg_zones_span(struct eg_scenario *scenario, const struct eg_item *self,
                                    const struct eg_node *zones) {
    enum { ENOUGH = 16 }; /* subnets that a launch site may have */
    if (zones->kind != EG_LIST || zones->as.list.count < 2)
        return zones->kind == EG_UNKNOWN ? zones : eg_node_bool(false);
    const struct eg_node *open = NULL;
    for (uint32_t i = 0; i < zones->as.list.count && i < ENOUGH; i++) {
        const struct eg_node *zone = eg_scenario_force(scenario, zones->as.list.items[i]);
        for (uint32_t k = 0; k < i; k++)
            if (are_different(scenario, zone, eg_scenario_force(scenario, zones->as.list.items[k])))
                return eg_node_bool(true);
        if (open == NULL || zone->kind == EG_UNKNOWN)
            open = zone;
    }
    /* Each stands in the list once, but two that aren't known may be one. */
    return eg_item_truth(self, EG_UNDECIDED, open);
}

static const struct eg_node *site_spans(struct eg_scenario *scenario, const struct eg_item *site) {
    return eg_zones_span(scenario, site, eg_item_get(scenario, site, "availabilityZones"));
}

static const struct eg_node *site_zones(struct eg_scenario *scenario, const struct eg_item *site) {
    return eg_subnet_zones(scenario, site, eg_item_get(scenario, site, "subnets"));
}

static const struct eg_node *site_exposures(struct eg_scenario *scenario,
                                            const struct eg_item *site) {
    struct eg_list_builder list;
    eg_list_begin(&list, site->build->arena);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, site, "subnets"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *subnet = eg_item_in(walk.element);
        eg_list_add(&list,
                    subnet == NULL ? walk.element : eg_item_get(scenario, subnet, "exposure"));
    }
    return eg_list_node(&list, site->object.raw);
}

/* The rules of all its groups; of a single group, that group's own list. */
static const struct eg_node *rules(struct eg_scenario *scenario, const struct eg_item *site,
                                   const char *direction) {
    const struct eg_node *list = eg_item_get(scenario, site, "securityGroups");
    if (list->kind == EG_LIST && list->as.list.count == 1) {
        const struct eg_item *only =
            eg_item_in(eg_scenario_force(scenario, list->as.list.items[0]));
        if (only != NULL)
            return eg_item_get(scenario, only, direction);
    }
    struct eg_links links;
    eg_links_begin(&links, site);
    struct eg_walk groups;
    eg_walk_begin(&groups, scenario, eg_item_get(scenario, site, "securityGroups"));
    while (eg_walk_next(&groups)) {
        const struct eg_item *group = eg_item_in(groups.element);
        if (group == NULL) {
            eg_links_add_node(&links, groups.element);
            continue;
        }
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, group, direction));
        while (eg_walk_next(&walk))
            eg_links_add_node(&links, walk.element);
    }
    return eg_links_end(&links);
}

static const struct eg_node *site_ingress(struct eg_scenario *scenario,
                                          const struct eg_item *site) {
    return rules(scenario, site, "ingress");
}

static const struct eg_node *site_egress(struct eg_scenario *scenario, const struct eg_item *site) {
    return rules(scenario, site, "egress");
}

/* ---- overrides and roles ---- */

static const struct eg_node *site_exec(struct eg_scenario *scenario, const struct eg_item *site) {
    const struct eg_node *value = eg_site_part(scenario, site, EG_SITE_EXEC);
    if (value->kind == EG_UNKNOWN || value->kind == EG_BOOL)
        return value;
    return eg_node_bool(value->kind == EG_STRING &&
                        eg_str_equal_nocase(value->as.text, EG_STR("true")));
}

/* Rules and schedules give them as JSON in the API's spelling, pipes and states as CloudFormation
 * spells. */
static const struct eg_node *site_overrides(struct eg_scenario *scenario,
                                            const struct eg_item *site) {
    const struct eg_node *value = eg_site_part(scenario, site, EG_SITE_OVERRIDES);
    if (eg_is_blank(value))
        return eg_node_absent();
    const struct eg_node *unknown;
    const struct eg_node *map = eg_holes_json(site->build->arena, value, &unknown);
    if (map == NULL || map->kind != EG_MAP)
        return unknown != NULL && unknown->kind == EG_UNKNOWN ? unknown : eg_node_absent();
    bool api = EG_GET(map, "containerOverrides") != NULL || EG_GET(map, "taskRoleArn") != NULL ||
               EG_GET(map, "executionRoleArn") != NULL;
    return eg_normalize_part(site, "TaskOverride", map, api, "overrides");
}

static const struct eg_node *overridden(struct eg_scenario *scenario, const struct eg_item *site,
                                        const char *field) {
    const struct eg_item *overrides = eg_item_link(scenario, site, "overrides");
    return overrides == NULL ? eg_node_absent() : eg_item_given(scenario, overrides, field);
}

static const struct eg_node *role_or_tasks(struct eg_scenario *scenario, const struct eg_item *site,
                                           const char *override, const char *field) {
    const struct eg_node *value = overridden(scenario, site, override);
    if (!eg_is_blank(value))
        return eg_role_find(scenario, site, value);
    const struct eg_node *task = eg_item_given(scenario, site, "taskDefinition");
    const struct eg_item *item = eg_item_in(task);
    return item == NULL ? task : eg_item_given(scenario, item, field);
}

static const struct eg_node *site_execution_role(struct eg_scenario *scenario,
                                                 const struct eg_item *site) {
    return role_or_tasks(scenario, site, "executionRoleArn", "executionRole");
}

static const struct eg_node *site_task_role(struct eg_scenario *scenario,
                                            const struct eg_item *site) {
    return role_or_tasks(scenario, site, "taskRoleArn", "taskRole");
}

static const struct eg_node *site_roles_same(struct eg_scenario *scenario,
                                             const struct eg_item *site) {
    const struct eg_node *execution = overridden(scenario, site, "executionRoleArn");
    const struct eg_node *task = overridden(scenario, site, "taskRoleArn");
    const struct eg_item *definition = eg_item_link(scenario, site, "taskDefinition");
    if (definition == NULL && (eg_is_blank(execution) || eg_is_blank(task)))
        return eg_item_get(scenario, site, "taskDefinition")->kind == EG_UNKNOWN
                   ? eg_item_get(scenario, site, "taskDefinition")
                   : eg_node_bool(false);
    if (eg_is_blank(execution))
        execution = eg_item_given(scenario, definition, "executionRoleArn");
    if (eg_is_blank(task))
        task = eg_item_given(scenario, definition, "taskRoleArn");
    const struct eg_node *why = NULL;
    enum eg_truth same = eg_role_same(scenario, site, execution, task, &why);
    return eg_item_truth(site, same, why);
}

static const struct eg_node *site_invocation_role(struct eg_scenario *scenario,
                                                  const struct eg_item *site) {
    return eg_role_find(scenario, site, eg_site_part(scenario, site, EG_SITE_ROLE));
}

static const struct eg_node *site_exposed(struct eg_scenario *scenario,
                                          const struct eg_item *site) {
    struct eg_list_builder list;
    eg_list_begin(&list, site->build->arena);
    eg_expose_overrides(scenario, &list, site, NULL);
    return eg_list_node(&list, site->object.raw);
}

const struct eg_fact eg_facts_launch_site[] = {
    {"launchSite", "name", site_name},
    {"launchSite", "taskDefinition", site_task},
    {"launchSite", "service", site_service},
    {"launchSite", "cluster", site_cluster},
    {"launchSite", "launchType", site_launch_type},
    {"launchSite", "isFargate", site_is_fargate},
    {"launchSite", "platformVersion", site_platform},
    {"launchSite", "capacityProviderStrategy", site_strategy},
    {"launchSite", "usesAwsvpc", site_uses_awsvpc},
    {"launchSite", "networkGiven", site_network_given},
    {"launchSite", "subnets", site_subnets},
    {"launchSite", "securityGroups", site_groups},
    {"launchSite", "usesDefaultSecurityGroup", site_uses_default_group},
    {"launchSite", "assignPublicIp", site_assign},
    {"launchSite", "assignPublicIpGiven", site_assign_given},
    {"launchSite", "availabilityZones", site_zones},
    {"launchSite", "spansZones", site_spans},
    {"launchSite", "exposures", site_exposures},
    {"launchSite", "enableExecuteCommand", site_exec},
    {"launchSite", "overrides", site_overrides},
    {"launchSite", "executionRole", site_execution_role},
    {"launchSite", "taskRole", site_task_role},
    {"launchSite", "rolesAreSame", site_roles_same},
    {"launchSite", "invocationRole", site_invocation_role},
    {"launchSite", "exposedValues", site_exposed},
    {"launchSite", "ingress", site_ingress},
    {"launchSite", "egress", site_egress},
    {NULL, NULL, NULL},
};
