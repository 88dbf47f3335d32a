/* Ways out: can a task reach what it needs to start (catalogue NET-003)? Through a NAT gateway or
 * what else its default route leads to, through the internet gateway if it has a public address,
 * or through VPC endpoints ("Amazon ECR interface VPC endpoints", "Amazon ECS interface VPC
 * endpoints"). On Fargate the task's own interface fetches image, secrets and log stream; elsewhere
 * the agent does, by the network of its instance ("Allocate a network interface for an Amazon ECS
 * task"), and only ECS Exec is the task's. */
#include "model/facts.h"
#include "model/reach.h"
#include "node/text.h"

enum { HTTPS = 443 };

/* What stands in the way, in words; empty: nothing. */
struct way {
    enum eg_truth open;
    const char *through;
    struct eg_str why;
    const struct eg_node *unknown;
};

/* ---- endpoints ---- */

/* The last part of com.amazonaws.REGION.ecr.dkr behind the Region: "ecr.dkr". */
static bool is_service(const struct eg_node *name, const char *service) {
    struct eg_str wanted = eg_str_from(service);
    struct eg_str end = name->kind == EG_STRING ? name->as.text : eg_text_known_end(name);
    return eg_str_ends_with(end, wanted) && end.length > wanted.length &&
           end.data[end.length - wanted.length - 1] == '.';
}

/* Does the ingress rule admit one of SITE's groups, or its network, on port 443? */
static enum eg_truth rule_lets_in(struct eg_scenario *scenario, const struct eg_item *rule,
                                  const struct eg_item *site) {
    static const struct eg_node https = {.kind = EG_INT, .as = {.integer = HTTPS}};
    enum eg_truth covered = eg_reach_port(scenario, rule, &https);
    const struct eg_node *class = eg_item_get(scenario, rule, "sourceClass");
    const struct eg_node *peer = eg_item_given(scenario, rule, "sourceGroup");
    if (class->kind != EG_STRING || peer->kind == EG_UNKNOWN)
        return eg_truth_and(covered, EG_UNDECIDED);
    if (eg_item_in(peer) == NULL) /* a network: the VPC's own, or a wider one */
        return eg_node_is_string(class, "internet-some") ? EG_FALSE : covered;
    return eg_truth_and(covered, eg_reach_has_group(scenario, site, eg_item_in(peer)));
}

/* Do the groups of an interface endpoint let the task in? Without groups it has the VPC's default
 * one, which can't be seen. */
static enum eg_truth endpoint_admits(struct eg_scenario *scenario, const struct eg_item *endpoint,
                                     const struct eg_item *site) {
    enum eg_truth any = EG_FALSE;
    bool seen = false;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_property(scenario, endpoint, "SecurityGroupIds"));
    for (; any != EG_TRUE && eg_walk_next(&walk); seen = true) {
        const struct eg_item *group = eg_item_target(endpoint, walk.element);
        if (!eg_item_is_type(group, "securityGroup")) {
            any = eg_truth_or(any, EG_UNDECIDED);
            continue;
        }
        struct eg_walk rules;
        eg_walk_begin(&rules, scenario, eg_item_get(scenario, group, "ingress"));
        while (any != EG_TRUE && eg_walk_next(&rules)) {
            const struct eg_item *rule = eg_item_in(rules.element);
            any =
                eg_truth_or(any, rule == NULL ? EG_UNDECIDED : rule_lets_in(scenario, rule, site));
        }
    }
    return seen ? any : EG_UNDECIDED;
}

/* Does an endpoint of the subnet's VPC serve SERVICE to a task of SITE in the subnet? */
static enum eg_truth endpoint_serves(struct eg_scenario *scenario, const struct eg_item *site,
                                     const struct eg_item *endpoint, const struct eg_item *subnet,
                                     const char *service, bool gateway) {
    const struct eg_resource *resource = endpoint->resource;
    const struct eg_node *name = eg_property(scenario, resource, "ServiceName");
    if (!eg_text_is(name))
        return EG_FALSE;
    if (name->kind == EG_UNKNOWN)
        return EG_UNDECIDED;
    if (!is_service(name, service))
        return EG_FALSE;
    const struct eg_node *type = eg_property(scenario, resource, "VpcEndpointType");
    bool is_gateway = eg_is_blank(type) || eg_node_is_string(type, "Gateway");
    if (gateway != is_gateway)
        return EG_FALSE;
    if (!gateway) {
        const struct eg_node *dns = eg_property(scenario, resource, "PrivateDnsEnabled");
        bool resolves = eg_is_true(dns) || eg_str_equal_nocase(eg_node_text(dns), EG_STR("true"));
        enum eg_truth found = dns->kind == EG_UNKNOWN ? EG_UNDECIDED
                              : resolves              ? EG_TRUE
                                                      : EG_FALSE;
        return eg_truth_and(found, endpoint_admits(scenario, endpoint, site));
    }
    const struct eg_item *table = eg_item_link(scenario, subnet, "routeTable");
    if (table == NULL)
        return EG_UNDECIDED;
    return eg_list_names(scenario, eg_property(scenario, resource, "RouteTableIds"),
                         table->resource);
}

static enum eg_truth has_endpoint(struct eg_scenario *scenario, const struct eg_item *site,
                                  const struct eg_item *subnet, const char *service, bool gateway) {
    const struct eg_item *vpc = eg_item_link(scenario, subnet, "vpc");
    if (vpc == NULL)
        return EG_UNDECIDED;
    enum eg_truth any = EG_FALSE;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, vpc, "endpoints"));
    while (any != EG_TRUE && eg_walk_next(&walk)) {
        const struct eg_item *endpoint = eg_item_in(walk.element);
        any = eg_truth_or(any, endpoint == NULL ? EG_UNDECIDED
                                                : endpoint_serves(scenario, site, endpoint, subnet,
                                                                  service, gateway));
    }
    return any;
}

/* All the endpoints that a service takes. Images' layers come from S3, by its gateway. */
static enum eg_truth endpoints_serve(struct eg_scenario *scenario, const struct eg_item *site,
                                     const struct eg_item *subnet, struct eg_str service,
                                     struct eg_str *ret_missing) {
    static const struct {
        const char *service;
        struct {
            const char *name;
            bool gateway;
        } endpoints[3];
    } needs[] = {
        {"ecr", {{"ecr.api", false}, {"ecr.dkr", false}, {"s3", true}}},
        {"logs", {{"logs", false}}},
        {"secretsmanager", {{"secretsmanager", false}}},
        {"ssm", {{"ssm", false}}},
        {"ssmmessages", {{"ssmmessages", false}}},
        {"kms", {{"kms", false}}},
        {"s3", {{"s3", true}}},
    };
    *ret_missing = EG_STR("");
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        if (!eg_str_is(service, needs[i].service))
            continue;
        enum eg_truth all = EG_TRUE;
        for (size_t k = 0; k < 3 && needs[i].endpoints[k].name != NULL; k++) {
            enum eg_truth one = has_endpoint(scenario, site, subnet, needs[i].endpoints[k].name,
                                             needs[i].endpoints[k].gateway);
            if (one == EG_FALSE && ret_missing->length == 0)
                *ret_missing =
                    eg_str_format(subnet->build->arena, "no %s endpoint for %s that lets it in",
                                  needs[i].endpoints[k].gateway ? "gateway" : "interface",
                                  needs[i].endpoints[k].name);
            all = eg_truth_and(all, one);
        }
        return all;
    }
    return EG_FALSE; /* a registry outside AWS */
}

/* ---- default routes ---- */

/* A NAT gateway works in a public subnet; a private one leads nowhere on the internet. */
static enum eg_truth nat_works(struct eg_scenario *scenario, const struct eg_item *subnet,
                               struct eg_str *ret_why) {
    struct eg_walk walk;
    enum eg_truth works = EG_TRUE;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, subnet, "routes"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *route = eg_item_in(walk.element);
        if (route == NULL || !eg_item_is(scenario, route, "isDefault"))
            continue;
        const struct eg_item *gateway = eg_item_link(scenario, route, "targetResource");
        if (gateway == NULL || !eg_str_is(gateway->resource->type, "AWS::EC2::NatGateway"))
            continue;
        if (eg_node_is_string(eg_property(scenario, gateway->resource, "ConnectivityType"),
                              "private")) {
            *ret_why = EG_STR("the NAT gateway is a private one");
            return EG_FALSE;
        }
        const struct eg_item *home =
            eg_item_target(subnet, eg_property(scenario, gateway->resource, "SubnetId"));
        if (!eg_item_is_type(home, "subnet"))
            continue; /* regional, or outside the input */
        const struct eg_node *exposure = eg_item_get(scenario, home, "exposureIpv4");
        if (exposure->kind != EG_STRING) {
            works = eg_truth_and(works, EG_UNDECIDED);
        } else if (!eg_node_is_string(exposure, "public")) {
            *ret_why = EG_STR("the NAT gateway is not in a public subnet");
            return EG_FALSE;
        }
    }
    return works;
}

static struct way default_way(struct eg_scenario *scenario, const struct eg_item *site,
                              const struct eg_item *subnet) {
    const struct eg_node *outbound = eg_item_get(scenario, subnet, "outbound");
    struct way way = {.open = EG_FALSE, .through = ""};
    if (outbound->kind != EG_STRING) {
        way.open = EG_UNDECIDED;
        way.unknown = outbound;
    } else if (eg_node_is_string(outbound, "nat")) {
        way.open = nat_works(scenario, subnet, &way.why);
        way.through = "nat";
    } else if (eg_node_is_string(outbound, "other")) {
        way.open = EG_TRUE;
        way.through = "other";
    } else if (eg_node_is_string(outbound, "internet-gateway")) {
        const struct eg_node *address = eg_item_get(scenario, site, "hasPublicAddress");
        way.open = eg_truth_of(address);
        way.through = "internet-gateway";
        way.unknown = address;
        way.why = EG_STR("the subnet is public, but the task has no public address");
    } else {
        way.why = EG_STR("the subnet has no default route");
    }
    return way;
}

/* ---- egress rules ---- */

static enum eg_truth rule_lets_out(struct eg_scenario *scenario, const struct eg_item *rule) {
    const struct eg_node *protocol = eg_item_get(scenario, rule, "protocol");
    const struct eg_node *from = eg_item_get(scenario, rule, "fromPort");
    const struct eg_node *to = eg_item_get(scenario, rule, "toPort");
    if (eg_item_is(scenario, rule, "isPlaceholder"))
        return EG_FALSE;
    if (protocol->kind != EG_STRING || from->kind != EG_INT || to->kind != EG_INT)
        return EG_UNDECIDED;
    bool tcp = eg_node_is_string(protocol, "tcp") || eg_node_is_string(protocol, "all");
    return tcp && from->as.integer <= HTTPS && to->as.integer >= HTTPS ? EG_TRUE : EG_FALSE;
}

/* Do the task's groups let it out on port 443 to anywhere? */
static enum eg_truth lets_out(struct eg_scenario *scenario, const struct eg_item *site) {
    enum eg_truth any = EG_FALSE;
    bool groups = false;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, site, "securityGroups"));
    while (any != EG_TRUE && eg_walk_next(&walk)) {
        const struct eg_item *group = eg_item_in(walk.element);
        groups = true;
        if (group == NULL)
            any = eg_truth_or(any, EG_UNDECIDED);
        else if (eg_item_is(scenario, group, "egressOpenByDefault"))
            any = EG_TRUE;
    }
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, site, "egress"));
    while (any != EG_TRUE && eg_walk_next(&walk)) {
        const struct eg_item *rule = eg_item_in(walk.element);
        any = eg_truth_or(any, rule == NULL ? EG_UNDECIDED : rule_lets_out(scenario, rule));
    }
    return groups ? any : EG_TRUE; /* a default group lets everything out */
}

/* ---- one need ---- */

static struct way way_from(struct eg_scenario *scenario, const struct eg_item *site,
                           const struct eg_item *subnet, struct eg_str service) {
    struct way way = default_way(scenario, site, subnet);
    if (way.open == EG_TRUE)
        return way;
    struct eg_str missing;
    enum eg_truth served = endpoints_serve(scenario, site, subnet, service, &missing);
    if (served == EG_TRUE)
        return (struct way){.open = EG_TRUE, .through = "endpoint"};
    if (served == EG_UNDECIDED && way.open == EG_FALSE)
        way.unknown = eg_item_unknown(site, EG_WHY_ATTRIBUTE,
                                      eg_str_format(site->build->arena,
                                                    "whether a VPC endpoint for %.*s lets it in",
                                                    EG_STR_ARGS(service)),
                                      site->object.raw);
    way.open = eg_truth_or(way.open, served);
    if (way.open == EG_FALSE && missing.length > 0)
        way.why = eg_str_format(site->build->arena, "%.*s, and there is %.*s", EG_STR_ARGS(way.why),
                                EG_STR_ARGS(missing));
    return way;
}

/* A task may land in any of its subnets: the worst of them counts. */
static struct way way_of(struct eg_scenario *scenario, const struct eg_item *site,
                         struct eg_str service) {
    struct way worst = {.open = EG_TRUE, .through = ""};
    struct eg_walk walk;
    bool any = false;
    if (lets_out(scenario, site) == EG_FALSE)
        return (struct way){.open = EG_FALSE,
                            .through = "",
                            .why = EG_STR("no egress rule lets the task out on port 443")};
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, site, "subnets"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *subnet = eg_item_in(walk.element);
        struct way way = {.open = EG_UNDECIDED, .through = "", .unknown = walk.element};
        if (subnet != NULL)
            way = way_from(scenario, site, subnet, service);
        if (!any || (way.open == EG_FALSE && worst.open != EG_FALSE) ||
            (way.open == EG_UNDECIDED && worst.open == EG_TRUE))
            worst = way;
        any = true;
    }
    if (!any)
        worst = (struct way){.open = EG_UNDECIDED, .through = ""};
    return worst;
}

struct need_list {
    struct eg_scenario *scenario;
    const struct eg_item *site;
    struct eg_list_builder list;
    struct eg_map ways; /* service to its struct way: the same for every container */
};

static const struct way *way_to(struct need_list *needs, const char *service) {
    struct eg_str key = eg_str_from(service);
    struct way *way = eg_map_get(&needs->ways, key);
    if (way == NULL) {
        way = EG_NEW(needs->site->build->arena, struct way);
        *way = way_of(needs->scenario, needs->site, key);
        eg_map_put(&needs->ways, key, way);
    }
    return way;
}

static void add_need(struct need_list *needs, const char *service, const struct way *way,
                     struct eg_str reason, const struct eg_node *at) {
    struct eg_item *need = eg_item_part(needs->site, "OutboundNeed", at);
    eg_item_set_text(need, "service", eg_str_from(service));
    eg_item_set_text(need, "reason", reason);
    eg_item_set_truth(need, "reachable", way->open, way->unknown);
    eg_item_set_text(need, "through", eg_str_from(way->open == EG_TRUE ? way->through : ""));
    eg_item_set_text(need, "why", way->open == EG_TRUE ? EG_STR("") : way->why);
    eg_list_add(&needs->list, need->node);
}

static struct eg_str reason(const struct eg_item *container, struct eg_scenario *scenario,
                            const char *what) {
    const struct eg_node *name = eg_item_get(scenario, container, "name");
    return eg_str_format(container->build->arena, "%s of container %.*s", what,
                         EG_STR_ARGS(eg_node_text(name)));
}

static void add_permissions(struct need_list *needs, const struct eg_item *container) {
    static const struct {
        const char *action, *service, *what;
    } services[] = {
        {"secretsmanager:GetSecretValue", "secretsmanager", "a secret"},
        {"ssm:GetParameters", "ssm", "a parameter"},
        {"kms:Decrypt", "kms", "the key of a secret"},
        {"s3:GetObject", "s3", "a file"},
        {"logs:PutLogEvents", "logs", "the log"},
    };
    bool seen[sizeof services / sizeof services[0]] = {false};
    struct eg_walk walk;
    eg_walk_begin(&walk, needs->scenario,
                  eg_item_get(needs->scenario, container, "requiredPermissions"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *row = eg_item_in(walk.element);
        for (size_t i = 0; row != NULL && i < sizeof services / sizeof services[0]; i++)
            if (!seen[i] && eg_node_is_string(eg_item_get(needs->scenario, row, "action"),
                                              services[i].action)) {
                seen[i] = true;
                add_need(needs, services[i].service, way_to(needs, services[i].service),
                         reason(container, needs->scenario, services[i].what),
                         container->object.raw);
            }
    }
}

/* An image that isn't known comes from ECR or elsewhere: open, unless both or none can be reached.
 */
static void add_image(struct need_list *needs, const struct eg_item *container,
                      const struct eg_node *is_ecr) {
    bool sure = is_ecr->kind == EG_BOOL;
    bool outside = sure && !is_ecr->as.boolean;
    struct way way = *way_to(needs, outside ? "registry" : "ecr");
    if (!sure && way_to(needs, "registry")->open != way.open) {
        way.open = EG_UNDECIDED;
        way.unknown = is_ecr;
    }
    add_need(needs, outside ? "registry" : "ecr", &way,
             reason(container, needs->scenario, "the image"), container->object.raw);
}

static void add_container(struct need_list *needs, const struct eg_item *container) {
    const struct eg_item *image = eg_item_link(needs->scenario, container, "imageParts");
    if (image != NULL)
        add_image(needs, container, eg_item_get(needs->scenario, image, "isEcr"));
    add_permissions(needs, container);
}

static void add_task(struct need_list *needs, const struct eg_item *task) {
    struct eg_walk walk;
    eg_walk_begin(&walk, needs->scenario,
                  eg_item_get(needs->scenario, task, "containerDefinitions"));
    while (eg_walk_next(&walk))
        if (eg_item_in(walk.element) != NULL)
            add_container(needs, eg_item_in(walk.element));
}

static const struct eg_node *site_needs(struct eg_scenario *scenario, const struct eg_item *site) {
    struct need_list needs = {.scenario = scenario, .site = site};
    eg_list_begin(&needs.list, site->build->arena);
    eg_map_init(&needs.ways, site->build->arena);
    if (!eg_item_is(scenario, site, "usesAwsvpc"))
        return eg_node_empty_list();
    const struct eg_node *fargate = eg_item_get(scenario, site, "isFargate");
    const struct eg_node *task = eg_item_given(scenario, site, "taskDefinition");
    if (fargate->kind == EG_UNKNOWN)
        return fargate;
    if (eg_is_true(fargate) && task->kind == EG_UNKNOWN)
        return task;
    if (eg_is_true(fargate) && eg_item_in(task) != NULL)
        add_task(&needs, eg_item_in(task));
    if (eg_item_is(scenario, site, "enableExecuteCommand"))
        add_need(&needs, "ssmmessages", way_to(&needs, "ssmmessages"), EG_STR("ECS Exec"),
                 site->object.raw);
    return eg_list_node(&needs.list, site->object.raw);
}

const struct eg_fact eg_facts_outbound[] = {
    {"launchSite", "outboundNeeds", site_needs},
    {NULL, NULL, NULL},
};
