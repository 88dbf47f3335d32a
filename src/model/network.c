/* Facts of VPCs, subnets and route tables: a subnet is what its default route makes it ("Route
 * tables" in the VPC user guide; catalogue A.7). Tags and names are not believed. */
#include "model/cidr.h"
#include "model/facts.h"
#include "node/text.h"

/* ---- following properties ---- */

static const struct eg_node *vpc_of(struct eg_scenario *scenario, const struct eg_item *item) {
    return eg_item_follow(scenario, item, eg_resource_property(item->resource, "VpcId"), "vpc");
}

/* What hides whether VALUE, or an element of it, names a resource. */
static const struct eg_node *hidden_in(struct eg_scenario *scenario, const struct eg_node *value) {
    const struct eg_node *hidden = value;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, value);
    while (eg_walk_next(&walk))
        if (walk.element->kind == EG_UNKNOWN && walk.element->as.unknown->why == EG_WHY_CONDITION)
            hidden = walk.element;
    return hidden;
}

/* Objects of resources of TYPE whose PROPERTY names the item; of KIND, or (NULL) as resources. */
static const struct eg_node *referring(struct eg_scenario *scenario, const struct eg_item *item,
                                       const char *type, const char *property, const char *kind) {
    struct eg_links links;
    eg_links_begin(&links, item);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &item->build->index, item->resource, type);
    while (eg_incoming_next(&incoming)) {
        const struct eg_node *value = eg_property(scenario, incoming.resource, property);
        enum eg_truth named = eg_list_names(scenario, value, item->resource);
        const struct eg_item *other = kind == NULL
                                          ? item->build->resource_items[incoming.resource->number]
                                          : eg_item_for(item->build, incoming.resource);
        if (named == EG_TRUE)
            eg_links_add(&links, other);
        else if (named == EG_UNDECIDED)
            eg_links_add_maybe(&links, hidden_in(scenario, value));
    }
    return eg_links_end(&links);
}

/* ---- VPCs ---- */

static const struct eg_node *vpc_has_gateway(struct eg_scenario *scenario,
                                             const struct eg_item *vpc) {
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &vpc->build->index, vpc->resource,
                      "AWS::EC2::VPCGatewayAttachment");
    while (eg_incoming_next(&incoming))
        if (!eg_is_blank(eg_property(scenario, incoming.resource, "InternetGatewayId")))
            return eg_node_bool(true);
    return eg_node_bool(false);
}

static const struct eg_node *vpc_subnets(struct eg_scenario *scenario, const struct eg_item *vpc) {
    return referring(scenario, vpc, "AWS::EC2::Subnet", "VpcId", "subnet");
}

static const struct eg_node *vpc_route_tables(struct eg_scenario *scenario,
                                              const struct eg_item *vpc) {
    return referring(scenario, vpc, "AWS::EC2::RouteTable", "VpcId", "routeTable");
}

static const struct eg_node *vpc_groups(struct eg_scenario *scenario, const struct eg_item *vpc) {
    return referring(scenario, vpc, "AWS::EC2::SecurityGroup", "VpcId", "securityGroup");
}

static const struct eg_node *vpc_endpoints(struct eg_scenario *scenario,
                                           const struct eg_item *vpc) {
    return referring(scenario, vpc, "AWS::EC2::VPCEndpoint", "VpcId", NULL);
}

static const struct eg_node *flow_logs(struct eg_scenario *scenario, const struct eg_item *item) {
    return referring(scenario, item, "AWS::EC2::FlowLog", "ResourceId", NULL);
}

/* ---- routes ---- */

static const struct {
    const char *property, *target;
} route_targets[] = {
    {"GatewayId", NULL}, /* by what it names */
    {"NatGatewayId", "nat-gateway"},
    {"EgressOnlyInternetGatewayId", "egress-only-gateway"},
    {"TransitGatewayId", "transit-gateway"},
    {"VpcPeeringConnectionId", "peering"},
    {"VpcEndpointId", "endpoint"},
    {"CarrierGatewayId", "carrier-gateway"},
    {"InstanceId", "nat-instance"},
    {"NetworkInterfaceId", "nat-instance"},
    {"LocalGatewayId", "other"},
    {"CoreNetworkArn", "other"},
    {"OdbNetworkArn", "other"},
};

/* What a GatewayId names; NULL: not known. */
static const char *gateway_target(const struct eg_node *value) {
    static const struct {
        const char *prefix, *target;
    } literals[] = {
        {"igw-", "internet-gateway"}, {"vgw-", "vpn-gateway"}, {"local", "local"},
        {"nat-", "nat-gateway"},      {"vpce-", "endpoint"},   {"eigw-", "egress-only-gateway"},
    };
    if (value->kind == EG_REFERENCE) {
        struct eg_str type = value->as.reference->type;
        if (eg_str_is(type, "AWS::EC2::InternetGateway") ||
            eg_str_is(type, "AWS::EC2::VPCGatewayAttachment"))
            return "internet-gateway";
        return eg_str_is(type, "AWS::EC2::VPNGateway") ? "vpn-gateway" : "other";
    }
    for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++)
        if (value->kind == EG_STRING &&
            eg_str_starts_with(value->as.text, eg_str_from(literals[i].prefix)))
            return literals[i].target;
    return NULL;
}

static void set_target(struct eg_scenario *scenario, struct eg_item *route,
                       const struct eg_resource *resource) {
    for (size_t i = 0; i < sizeof route_targets / sizeof route_targets[0]; i++) {
        const struct eg_node *value = eg_property(scenario, resource, route_targets[i].property);
        if (eg_is_blank(value))
            continue;
        const char *target =
            route_targets[i].target != NULL ? route_targets[i].target : gateway_target(value);
        if (target == NULL)
            eg_item_set(route, "target", eg_item_outside(route, value));
        else
            eg_item_set_text(route, "target", eg_str_from(target));
        eg_item_set(route, "targetResource",
                    eg_item_resource_node(route->build, eg_resolve_target(value)));
        return;
    }
    eg_item_set_text(route, "target", EG_STR("local"));
}

static const struct eg_node *destination_of(struct eg_scenario *scenario,
                                            const struct eg_resource *route) {
    static const char *const keys[] = {"DestinationCidrBlock", "DestinationIpv6CidrBlock",
                                       "DestinationPrefixListId"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct eg_node *value = eg_property(scenario, route, keys[i]);
        if (!eg_is_blank(value))
            return value;
    }
    return eg_node_absent();
}

/* Networks of a table's routes by target, to see which together cover all addresses. */
struct coverage {
    struct eg_cidr *cidrs;
    struct eg_item **routes;
    uint32_t count;
};

/* Marks routes to one target that cover everything only together: 0.0.0.0/1 and 128.0.0.0/1. */
static void mark_unions(struct eg_scenario *scenario, const struct coverage *coverage, bool v6) {
    struct eg_arena *arena = scenario->arena;
    struct eg_map targets;
    eg_map_init(&targets, arena);
    struct eg_cidr *cidrs = EG_NEW_ARRAY(arena, struct eg_cidr, coverage->count);
    for (uint32_t i = 0; i < coverage->count; i++)
        eg_map_put(&targets, eg_node_text(eg_item_get(scenario, coverage->routes[i], "target")),
                   &targets);
    for (uint32_t t = 0; t < targets.count; t++) {
        size_t count = 0;
        for (uint32_t i = 0; i < coverage->count; i++)
            if (coverage->cidrs[i].v6 == v6 && coverage->cidrs[i].prefix > 0 &&
                eg_str_equal(targets.entries[t].key,
                             eg_node_text(eg_item_get(scenario, coverage->routes[i], "target"))))
                cidrs[count++] = coverage->cidrs[i];
        if (!eg_cidr_cover_all(cidrs, count))
            continue;
        for (uint32_t i = 0; i < coverage->count; i++)
            if (coverage->cidrs[i].v6 == v6 &&
                eg_str_equal(targets.entries[t].key,
                             eg_node_text(eg_item_get(scenario, coverage->routes[i], "target"))))
                eg_item_set_bool(coverage->routes[i], "isDefault", true);
    }
}

static bool is_way_out(const struct eg_node *target) {
    return eg_node_is_string(target, "internet-gateway") ||
           eg_node_is_string(target, "carrier-gateway");
}

/* Does a prefix list hold every address? One of the input tells by its entries. Of others it
 * matters only where the route would make the subnet public: the lists of AWS's own services, which
 * gateway endpoints use, lead to no internet gateway. */
static const struct eg_node *list_is_default(struct eg_scenario *scenario,
                                             const struct eg_item *route,
                                             const struct eg_node *destination) {
    const struct eg_resource *list = eg_resolve_target(destination);
    const struct eg_node *target = eg_item_get(scenario, route, "target");
    if (list == NULL || !eg_str_is(list->type, "AWS::EC2::PrefixList")) {
        bool harmless = target->kind == EG_STRING && !is_way_out(target);
        return harmless ? eg_node_bool(false) : eg_item_outside(route, destination);
    }
    const struct eg_node *entries = eg_property(scenario, list, "Entries");
    uint32_t most = entries->kind == EG_LIST ? entries->as.list.count : 1;
    struct eg_cidr *cidrs = EG_NEW_ARRAY(scenario->arena, struct eg_cidr, most);
    size_t count = 0;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, entries);
    while (eg_walk_next(&walk)) {
        const struct eg_node *text = eg_member(scenario, walk.element, "Cidr");
        if (text->kind != EG_STRING || !eg_cidr_parse(text->as.text, &cidrs[count++]))
            return eg_item_outside(route, text);
    }
    return eg_node_bool(eg_cidr_cover_all(cidrs, count));
}

static struct eg_item *make_route(struct eg_scenario *scenario, const struct eg_item *table,
                                  struct eg_resource *resource, struct coverage *coverage) {
    struct eg_item *route = eg_item_part(table, "Route", resource->raw);
    const struct eg_node *destination = destination_of(scenario, resource);
    const struct eg_item *own = table->build->resource_items[resource->number];
    route->presence = own == NULL ? NULL : own->presence;
    set_target(scenario, route, resource);
    eg_item_set(route, "resource", eg_item_resource_node(table->build, resource));
    eg_item_set(route, "destination", destination);
    struct eg_cidr cidr;
    if (destination->kind == EG_STRING && eg_cidr_parse(destination->as.text, &cidr)) {
        eg_item_set_bool(route, "isDefault", cidr.prefix == 0);
        coverage->cidrs[coverage->count] = cidr;
        coverage->routes[coverage->count++] = route;
    } else if (destination->kind == EG_UNKNOWN) {
        eg_item_set(route, "isDefault", destination);
    } else {
        eg_item_set(route, "isDefault", list_is_default(scenario, route, destination));
    }
    return route;
}

static const struct eg_node *table_routes(struct eg_scenario *scenario,
                                          const struct eg_item *table) {
    struct eg_links links;
    eg_links_begin(&links, table);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &table->build->index, table->resource, "AWS::EC2::Route");
    uint32_t most = incoming.end - incoming.next;
    struct coverage coverage = {
        .cidrs = EG_NEW_ARRAY(scenario->arena, struct eg_cidr, most),
        .routes = EG_NEW_ARRAY(scenario->arena, struct eg_item *, most),
    };
    while (eg_incoming_next(&incoming)) {
        const struct eg_node *id = eg_property(scenario, incoming.resource, "RouteTableId");
        enum eg_truth named = eg_names(id, table->resource);
        if (named == EG_TRUE)
            eg_links_add(&links, make_route(scenario, table, incoming.resource, &coverage));
        else if (named == EG_UNDECIDED)
            eg_links_add_maybe(&links, id);
    }
    if (coverage.count > 1) {
        mark_unions(scenario, &coverage, false);
        mark_unions(scenario, &coverage, true);
    }
    return eg_links_end(&links);
}

static const struct eg_node *table_subnets(struct eg_scenario *scenario,
                                           const struct eg_item *table) {
    struct eg_links links;
    eg_links_begin(&links, table);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &table->build->index, table->resource,
                      "AWS::EC2::SubnetRouteTableAssociation");
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *subnet =
            eg_item_target(table, eg_property(scenario, incoming.resource, "SubnetId"));
        if (eg_item_is_type(subnet, "subnet"))
            eg_links_add_back(&links, scenario, subnet, "routeTable");
    }
    return eg_links_end(&links);
}

/* ---- subnets ---- */

/* The association that holds for a subnet: the last one. */
static struct eg_resource *association(struct eg_scenario *scenario, const struct eg_item *subnet,
                                       int64_t *ret_count, const struct eg_node **ret_open) {
    struct eg_resource *found = NULL;
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &subnet->build->index, subnet->resource,
                      "AWS::EC2::SubnetRouteTableAssociation");
    *ret_count = 0;
    *ret_open = NULL;
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *own = subnet->build->resource_items[incoming.resource->number];
        const struct eg_node *id = eg_property(scenario, incoming.resource, "SubnetId");
        /* An association under a condition counts where the condition holds. */
        const struct eg_node *there =
            own == NULL ? eg_node_absent() : eg_scenario_force(scenario, eg_item_seen(subnet, own));
        if (eg_names(id, subnet->resource) != EG_TRUE || there->kind == EG_ABSENT)
            continue;
        if (there->kind == EG_UNKNOWN) {
            *ret_open = there;
            continue;
        }
        found = incoming.resource;
        ++*ret_count;
    }
    return found;
}

static const struct eg_node *subnet_route_table(struct eg_scenario *scenario,
                                                const struct eg_item *subnet) {
    int64_t count;
    const struct eg_node *open;
    const struct eg_resource *found = association(scenario, subnet, &count, &open);
    if (found == NULL)
        return open;
    return eg_item_follow(scenario, subnet, eg_resource_property(found, "RouteTableId"),
                          "routeTable");
}

static const struct eg_node *subnet_association_count(struct eg_scenario *scenario,
                                                      const struct eg_item *subnet) {
    int64_t count;
    const struct eg_node *open;
    association(scenario, subnet, &count, &open);
    return open != NULL ? open : eg_item_int(subnet, count);
}

static const struct eg_node *subnet_routes(struct eg_scenario *scenario,
                                           const struct eg_item *subnet) {
    const struct eg_node *table = eg_item_given(scenario, subnet, "routeTable");
    const struct eg_item *item = eg_item_in(table);
    if (item != NULL)
        return eg_item_get(scenario, item, "routes");
    return table->kind == EG_UNKNOWN ? table : eg_node_empty_list();
}

enum exposure { ISOLATED, PRIVATE, PUBLIC, OPEN };

struct verdict {
    enum exposure exposure;
    const struct eg_node *why; /* open: an unknown */
    struct eg_str reason;
    const char *outbound;
};

static bool is_v6(const struct eg_node *destination) {
    return destination->kind == EG_STRING && eg_str_contains(destination->as.text, EG_STR(":"));
}

static void weigh(struct verdict *verdict, struct eg_scenario *scenario,
                  const struct eg_item *subnet, const struct eg_item *route) {
    const struct eg_node *target = eg_item_get(scenario, route, "target");
    struct eg_arena *arena = subnet->build->arena;
    if (target->kind != EG_STRING) {
        verdict->why = verdict->why == NULL ? target : verdict->why;
        return;
    }
    const struct eg_node *destination = eg_item_get(scenario, route, "destination");
    bool public = is_way_out(target);
    if (eg_node_is_string(target, "local") || (!public && verdict->exposure != ISOLATED))
        return;
    verdict->exposure = public ? PUBLIC : PRIVATE;
    verdict->outbound = public                                               ? "internet-gateway"
                        : eg_str_starts_with(target->as.text, EG_STR("nat")) ? "nat"
                                                                             : "other";
    verdict->reason = eg_str_format(
        arena, "route %.*s leads to %s %.*s",
        EG_STR_ARGS(eg_text_is(destination) ? eg_text_show(arena, destination) : EG_STR("?")),
        public || eg_str_is(target->as.text, "internet-gateway") ? "the" : "a",
        EG_STR_ARGS(target->as.text));
}

/* The verdict over IPv4's, IPv6's or all default routes. */
static struct verdict judge(struct eg_scenario *scenario, const struct eg_item *subnet, bool v4,
                            bool v6) {
    struct verdict verdict = {.exposure = ISOLATED, .outbound = "none"};
    const struct eg_node *table = eg_item_given(scenario, subnet, "routeTable");
    if (table->kind == EG_UNKNOWN) {
        verdict.why = table;
        verdict.exposure = OPEN;
        return verdict;
    }
    if (table->kind == EG_ABSENT) {
        /* The main route table, which a template can't describe: it has only the local route if
         * the VPC is made here. */
        const struct eg_node *vpc = eg_item_given(scenario, subnet, "vpc");
        verdict.reason = EG_STR("no route table is associated: the VPC's main one has no default "
                                "route");
        if (eg_item_in(vpc) == NULL) {
            verdict.exposure = OPEN;
            verdict.why = vpc->kind == EG_UNKNOWN
                              ? vpc
                              : eg_item_unknown(subnet, EG_WHY_OUTSIDE,
                                                EG_STR("the main route table of its VPC"),
                                                subnet->object.raw);
        }
        return verdict;
    }
    verdict.reason = EG_STR("its route table has no default route");
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, subnet, "routes"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *route = eg_item_in(walk.element);
        const struct eg_node *whole =
            route == NULL ? walk.element : eg_item_get(scenario, route, "isDefault");
        if (whole->kind == EG_UNKNOWN) {
            verdict.why = verdict.why == NULL ? whole : verdict.why;
            continue;
        }
        bool six = is_v6(eg_item_get(scenario, route, "destination"));
        if (eg_is_true(whole) && (six ? v6 : v4))
            weigh(&verdict, scenario, subnet, route);
    }
    if (verdict.why != NULL && verdict.exposure != PUBLIC)
        verdict.exposure = OPEN;
    return verdict;
}

static const struct eg_node *exposure_node(const struct eg_item *subnet, struct verdict verdict) {
    static const char *const names[] = {"isolated", "private", "public"};
    if (verdict.exposure == OPEN)
        return verdict.why;
    return eg_item_text(subnet, eg_str_from(names[verdict.exposure]), subnet->object.raw);
}

static const struct eg_node *subnet_exposure(struct eg_scenario *scenario,
                                             const struct eg_item *subnet) {
    return exposure_node(subnet, judge(scenario, subnet, true, true));
}

static const struct eg_node *subnet_exposure_v4(struct eg_scenario *scenario,
                                                const struct eg_item *subnet) {
    return exposure_node(subnet, judge(scenario, subnet, true, false));
}

static const struct eg_node *subnet_exposure_v6(struct eg_scenario *scenario,
                                                const struct eg_item *subnet) {
    return exposure_node(subnet, judge(scenario, subnet, false, true));
}

static const struct eg_node *subnet_reason(struct eg_scenario *scenario,
                                           const struct eg_item *subnet) {
    struct verdict verdict = judge(scenario, subnet, true, true);
    return verdict.exposure == OPEN ? verdict.why
                                    : eg_item_text(subnet, verdict.reason, subnet->object.raw);
}

static const struct eg_node *subnet_outbound(struct eg_scenario *scenario,
                                             const struct eg_item *subnet) {
    struct verdict verdict = judge(scenario, subnet, true, true);
    return verdict.exposure == OPEN
               ? verdict.why
               : eg_item_text(subnet, eg_str_from(verdict.outbound), subnet->object.raw);
}

static const struct eg_node *subnet_declared(struct eg_scenario *scenario,
                                             const struct eg_item *subnet) {
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, subnet, "tags"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *tag = eg_item_in(walk.element);
        if (tag != NULL &&
            eg_node_is_string(eg_item_get(scenario, tag, "key"), "aws-cdk:subnet-type"))
            return eg_item_get(scenario, tag, "value");
    }
    return NULL;
}

static const struct eg_node *subnet_sites(struct eg_scenario *scenario,
                                          const struct eg_item *subnet) {
    struct eg_links links;
    eg_links_begin(&links, subnet);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &subnet->build->index, subnet->resource);
    while (eg_incoming_next(&incoming)) {
        struct eg_site_walk sites;
        eg_site_walk_begin(&sites, subnet->build, incoming.resource);
        while (eg_site_walk_next(&sites))
            eg_links_add_back(&links, scenario, sites.site, "subnets");
    }
    return eg_links_end(&links);
}

const struct eg_fact eg_facts_network[] = {
    {"vpc", "hasInternetGateway", vpc_has_gateway},
    {"vpc", "subnets", vpc_subnets},
    {"vpc", "routeTables", vpc_route_tables},
    {"vpc", "securityGroups", vpc_groups},
    {"vpc", "endpoints", vpc_endpoints},
    {"vpc", "flowLogs", flow_logs},
    {"subnet", "vpc", vpc_of},
    {"subnet", "exposure", subnet_exposure},
    {"subnet", "exposureReason", subnet_reason},
    {"subnet", "exposureIpv4", subnet_exposure_v4},
    {"subnet", "exposureIpv6", subnet_exposure_v6},
    {"subnet", "outbound", subnet_outbound},
    {"subnet", "routeTable", subnet_route_table},
    {"subnet", "routes", subnet_routes},
    {"subnet", "associationCount", subnet_association_count},
    {"subnet", "declaredType", subnet_declared},
    {"subnet", "launchSites", subnet_sites},
    {"subnet", "flowLogs", flow_logs},
    {"routeTable", "vpc", vpc_of},
    {"routeTable", "routes", table_routes},
    {"routeTable", "subnets", table_subnets},
    {NULL, NULL, NULL},
};
