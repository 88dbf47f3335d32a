/* Can the internet connect to a task without a load balancer (catalogue A.7, reachability)? It can,
 * if the task has an address that the internet can route to, in a public subnet, and a rule admits
 * it. A rule that admits the internet where nothing leads to is no way in. The ways themselves,
 * step by step, are path.c's. */
#include "model/reach.h"

#include "model/facts.h"
#include "model/group.h"
#include "node/text.h"

/* ---- addresses ---- */

enum eg_truth eg_reach_subnet(struct eg_scenario *scenario, const struct eg_item *subnet,
                              const char *family, const struct eg_node **why) {
    const struct eg_node *exposure = eg_item_get(scenario, subnet, family);
    if (exposure->kind == EG_STRING)
        return eg_node_is_string(exposure, "public") ? EG_TRUE : EG_FALSE;
    *why = exposure;
    return EG_UNDECIDED;
}

static bool has_ipv6(struct eg_scenario *scenario, const struct eg_item *subnet) {
    static const char *const fields[] = {"ipv6CidrBlock", "ipv6CidrBlocks", "ipv6IpamPoolId"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (!eg_is_blank(eg_item_given(scenario, subnet, fields[i])))
            return true;
    if (eg_item_is(scenario, subnet, "ipv6Native"))
        return true;
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &subnet->build->index, subnet->resource,
                      "AWS::EC2::SubnetCidrBlock");
    return eg_incoming_next(&incoming);
}

/* Can the internet route to a task's IPv4 address, were all ports open? */
static enum eg_truth routed_v4(struct eg_scenario *scenario, const struct eg_item *site,
                               const struct eg_node **why) {
    const struct eg_node *assign = eg_item_get(scenario, site, "assignPublicIp");
    if (assign->kind == EG_STRING && !eg_node_is_string(assign, "ENABLED"))
        return EG_FALSE;
    enum eg_truth given = assign->kind == EG_STRING ? EG_TRUE : EG_UNDECIDED;
    if (given == EG_UNDECIDED)
        *why = assign;
    enum eg_truth any = EG_FALSE;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, site, "subnets"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *subnet = eg_item_in(walk.element);
        if (subnet == NULL)
            *why = walk.element;
        any = eg_truth_or(any, subnet == NULL
                                   ? EG_UNDECIDED
                                   : eg_reach_subnet(scenario, subnet, "exposureIpv4", why));
    }
    return eg_truth_and(given, any);
}

/* A Fargate task in a dual-stack subnet has an IPv6 address, whatever assignPublicIp says ("Task
 * networking": IPv6). */
static enum eg_truth routed_v6(struct eg_scenario *scenario, const struct eg_item *site,
                               const struct eg_node **why) {
    enum eg_truth any = EG_FALSE;
    struct eg_walk walk;
    if (!eg_item_is(scenario, site, "isFargate"))
        return EG_FALSE;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, site, "subnets"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *subnet = eg_item_in(walk.element);
        if (subnet != NULL && has_ipv6(scenario, subnet))
            any = eg_truth_or(any, eg_reach_subnet(scenario, subnet, "exposureIpv6", why));
    }
    return any;
}

static const struct eg_node *site_has_address(struct eg_scenario *scenario,
                                              const struct eg_item *site) {
    const struct eg_node *why = NULL;
    const struct eg_node *assign = eg_item_get(scenario, site, "assignPublicIp");
    enum eg_truth v4 = assign->kind != EG_STRING              ? EG_UNDECIDED
                       : eg_node_is_string(assign, "ENABLED") ? EG_TRUE
                                                              : EG_FALSE;
    if (v4 == EG_UNDECIDED)
        why = assign;
    return eg_item_truth(site, eg_truth_or(v4, routed_v6(scenario, site, &why)), why);
}

/* ---- rules ---- */

static enum eg_truth routed_for(struct eg_scenario *scenario, const struct eg_item *site,
                                const struct eg_item *rule, const struct eg_node **why) {
    const struct eg_node *class = eg_item_get(scenario, rule, "sourceClass");
    if (eg_item_is(scenario, rule, "isIpv6"))
        return routed_v6(scenario, site, why);
    enum eg_truth v4 = routed_v4(scenario, site, why);
    /* A prefix list may hold either family. */
    return eg_node_is_string(class, "prefix-list") ? eg_truth_or(v4, routed_v6(scenario, site, why))
                                                   : v4;
}

/* Does the rule admit the internet, and can the internet route to SITE? */
static enum eg_truth rule_admits(struct eg_scenario *scenario, const struct eg_item *rule,
                                 const struct eg_node **why) {
    const struct eg_node *internet = eg_item_get(scenario, rule, "isInternet");
    if (internet->kind == EG_BOOL)
        return eg_truth_of(internet);
    *why = internet;
    return EG_UNDECIDED;
}

enum eg_truth eg_reach_site(struct eg_scenario *scenario, const struct eg_item *rule,
                            const struct eg_item *site, const struct eg_node **why) {
    enum eg_truth admitted = rule_admits(scenario, rule, why);
    if (admitted == EG_FALSE)
        return EG_FALSE;
    return eg_truth_and(admitted, routed_for(scenario, site, rule, why));
}

const struct eg_node *eg_group_routed(struct eg_scenario *scenario, const void *context) {
    const struct eg_item *group = context;
    const struct eg_node *why_v4 = NULL;
    const struct eg_node *why_v6 = NULL;
    enum eg_truth v4 = EG_FALSE;
    enum eg_truth v6 = EG_FALSE;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, group, "launchSites"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *site = eg_item_in(walk.element);
        if (site == NULL)
            continue;
        v4 = v4 == EG_TRUE ? v4 : eg_truth_or(v4, routed_v4(scenario, site, &why_v4));
        v6 = v6 == EG_TRUE ? v6 : eg_truth_or(v6, routed_v6(scenario, site, &why_v6));
    }
    struct eg_map_builder map;
    eg_map_begin(&map, group->build->arena);
    eg_map_add(&map, EG_STR("v4"), 0, eg_item_truth(group, v4, why_v4), NULL);
    eg_map_add(&map, EG_STR("v6"), 0, eg_item_truth(group, v6, why_v6), NULL);
    return eg_map_node(&map, group->object.raw);
}

static const struct eg_node *rule_reaches_directly(struct eg_scenario *scenario,
                                                   const struct eg_item *rule) {
    const struct eg_node *link = eg_item_get(scenario, rule, "group");
    const struct eg_item *group = eg_item_in(link);
    const struct eg_node *why = NULL;
    if (group == NULL)
        return link->kind == EG_UNKNOWN ? link : eg_node_bool(false);
    enum eg_truth admitted = rule_admits(scenario, rule, &why);
    if (admitted == EG_FALSE)
        return eg_node_bool(false);
    const struct eg_group *own = group->extra;
    const struct eg_node *routed = eg_scenario_force(scenario, own->routed);
    const struct eg_node *v4 = eg_member(scenario, routed, "v4");
    const struct eg_node *v6 = eg_member(scenario, routed, "v6");
    const struct eg_node *family = eg_item_is(scenario, rule, "isIpv6") ? v6 : v4;
    /* A prefix list may hold either family. */
    if (eg_node_is_string(eg_item_get(scenario, rule, "sourceClass"), "prefix-list") &&
        eg_truth_of(v4) == EG_FALSE)
        family = v6;
    return eg_item_truth(rule, eg_truth_and(admitted, eg_truth_of(family)),
                         family->kind == EG_UNKNOWN ? family : why);
}

static const struct eg_node *site_is_reachable(struct eg_scenario *scenario,
                                               const struct eg_item *site) {
    const struct eg_node *why = NULL;
    enum eg_truth any = EG_FALSE;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, site, "ingress"));
    while (any != EG_TRUE && eg_walk_next(&walk)) {
        const struct eg_item *rule = eg_item_in(walk.element);
        if (rule != NULL) {
            any = eg_truth_or(any, eg_reach_site(scenario, rule, site, &why));
            continue;
        }
        /* A group outside the input may admit anything, if there is an address at all. */
        const struct eg_node *ignored = NULL;
        enum eg_truth routed =
            eg_truth_or(routed_v4(scenario, site, &ignored), routed_v6(scenario, site, &ignored));
        any = eg_truth_or(any, routed == EG_FALSE ? EG_FALSE : EG_UNDECIDED);
        why = why == NULL ? walk.element : why;
    }
    return eg_item_truth(site, any, why);
}

/* ---- ports ---- */

enum eg_truth eg_reach_port(struct eg_scenario *scenario, const struct eg_item *rule,
                            const struct eg_node *port) {
    const struct eg_node *from = eg_item_get(scenario, rule, "fromPort");
    const struct eg_node *to = eg_item_get(scenario, rule, "toPort");
    if (eg_item_is(scenario, rule, "allPorts"))
        return EG_TRUE;
    if (from->kind == EG_INT && to->kind == EG_INT && port->kind == EG_INT)
        return from->as.integer <= port->as.integer && port->as.integer <= to->as.integer
                   ? EG_TRUE
                   : EG_FALSE;
    if (eg_text_is(from) && eg_text_is(port) && eg_text_equal(scenario, from, port) == EG_TRUE)
        return EG_TRUE;
    return EG_UNDECIDED;
}

/* ---- groups ---- */

/* A group outside the input that is named by its id is none of the input's: those have no id yet.
 */
static bool is_other_group(const struct eg_node *element) {
    return element->kind == EG_UNKNOWN && element->as.unknown->why == EG_WHY_OUTSIDE &&
           eg_str_starts_with(element->as.unknown->name, EG_STR("sg-"));
}

enum eg_truth eg_reach_has_group(struct eg_scenario *scenario, const struct eg_item *item,
                                 const struct eg_item *group) {
    enum eg_truth any = EG_FALSE;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, item, "securityGroups"));
    while (any != EG_TRUE && eg_walk_next(&walk)) {
        if (eg_item_in(walk.element) == group)
            any = EG_TRUE;
        else if (eg_item_in(walk.element) == NULL && !is_other_group(walk.element))
            any = EG_UNDECIDED;
    }
    return any;
}

const struct eg_fact eg_facts_reach[] = {
    {"launchSite", "hasPublicAddress", site_has_address},
    {"launchSite", "isDirectlyReachable", site_is_reachable},
    {"ingressRule", "reachesDirectly", rule_reaches_directly},
    {NULL, NULL, NULL},
};
