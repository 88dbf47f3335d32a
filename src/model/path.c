/* Ways to a task, a load balancer or a data store, step by step: who is let in by which rule, and
 * for a service behind a load balancer the whole way from its first door to the container's port.
 * What policies show with a finding (`path`), and what `ecsgate model` tells of the network.
 *
 * A way whose parts all stand is certain; one with a part that can't be seen is told too, and is
 * not certain. A rule that admits the internet where no route or address leads is no way. */
#include "base/limits.h"
#include "model/facts.h"
#include "model/reach.h"
#include "node/text.h"

/* A way while it is made. */
struct way {
    struct eg_scenario *scenario;
    const struct eg_item *of; /* what it leads to */
    struct eg_item *path;     /* a Path */
    struct eg_list_builder steps;
    bool certain;
};

/* ---- steps ---- */

static struct eg_str text_of(const struct eg_item *item, const struct eg_node *value) {
    if (!eg_text_is(value))
        return EG_STR("");
    return value->kind == EG_STRING ? value->as.text : eg_text_show(item->build->arena, value);
}

static struct eg_item *add_step(struct way *way, const char *role, struct eg_str name,
                                const struct eg_item *item) {
    struct eg_item *step =
        eg_item_part(way->of, "PathStep", item == NULL ? NULL : item->object.raw);
    eg_item_set_text(step, "role", eg_str_from(role));
    eg_item_set_text(step, "name", name);
    if (item != NULL)
        eg_item_set_text(step, "id", item->object.id);
    eg_list_add(&way->steps, step->node);
    return step;
}

/* "8000", "8000 to 8010", "all ports"; a symbol as it is written. */
static void set_ports(struct eg_item *step, const struct eg_node *from, const struct eg_node *to) {
    struct eg_arena *arena = step->build->arena;
    if (from->kind != EG_INT || to->kind != EG_INT) {
        eg_item_set_text(step, "ports", text_of(step, from));
        return;
    }
    long long first = from->as.integer, last = to->as.integer;
    eg_item_set_text(step, "ports",
                     first <= 0 && last >= 65535 ? EG_STR("all ports")
                     : first == last             ? eg_str_format(arena, "%lld", first)
                                     : eg_str_format(arena, "%lld to %lld", first, last));
}

static struct eg_item *add_resource_step(struct way *way, const char *role,
                                         const struct eg_item *item) {
    return add_step(way, role, item->resource->logical_id, item);
}

/* The rule of a security group, under the group's name. */
static void add_rule(struct way *way, const struct eg_item *rule) {
    struct eg_scenario *scenario = way->scenario;
    const struct eg_item *group = eg_item_link(scenario, rule, "group");
    const struct eg_item *source = eg_item_link(scenario, rule, "sourceGroup");
    const struct eg_node *protocol = eg_item_get(scenario, rule, "protocol");
    struct eg_item *step =
        add_step(way, "security-group",
                 group == NULL ? rule->resource->logical_id : group->resource->logical_id, rule);
    eg_item_set_text(step, "source",
                     source != NULL ? source->resource->logical_id
                                    : text_of(rule, eg_item_get(scenario, rule, "source")));
    if (eg_node_is_string(protocol, "all")) {
        eg_item_set_text(step, "ports", EG_STR("all ports"));
        return;
    }
    eg_item_set(step, "protocol", protocol);
    set_ports(step, eg_item_get(scenario, rule, "fromPort"), eg_item_get(scenario, rule, "toPort"));
}

/* The subnet's default route to an internet gateway for the family; NULL: it has none. */
static const struct eg_item *public_route(struct eg_scenario *scenario,
                                          const struct eg_item *subnet, bool v6) {
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, subnet, "routes"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *route = eg_item_in(walk.element);
        if (route == NULL || !eg_item_is(scenario, route, "isDefault"))
            continue;
        struct eg_str destination = eg_node_text(eg_item_get(scenario, route, "destination"));
        const struct eg_node *target = eg_item_get(scenario, route, "target");
        if (eg_str_contains(destination, EG_STR(":")) == v6 &&
            (eg_node_is_string(target, "internet-gateway") ||
             eg_node_is_string(target, "carrier-gateway")))
            return route;
    }
    return NULL;
}

/* The gateway at the place of the route that leads to it, and the subnet. */
static bool add_gateway(struct way *way, const struct eg_item *subnet, bool v6) {
    const struct eg_item *route = public_route(way->scenario, subnet, v6);
    if (route == NULL)
        return false;
    const struct eg_item *gateway = eg_item_link(way->scenario, route, "targetResource");
    struct eg_item *step =
        add_step(way, "internet-gateway",
                 gateway == NULL ? EG_STR("") : gateway->resource->logical_id, route);
    eg_item_set_text(step, "id", gateway == NULL ? EG_STR("") : gateway->object.id);
    add_resource_step(way, "subnet", subnet);
    return true;
}

/* The first subnet of ITEM that has such a route. */
static void add_first_gateway(struct way *way, const struct eg_item *item, bool v6) {
    struct eg_walk walk;
    eg_walk_begin(&walk, way->scenario, eg_item_get(way->scenario, item, "subnets"));
    while (eg_walk_next(&walk))
        if (eg_item_in(walk.element) != NULL && add_gateway(way, eg_item_in(walk.element), v6))
            return;
}

static void add_site(struct way *way, const struct eg_item *site) {
    add_step(way, "task", text_of(site, eg_item_get(way->scenario, site, "name")), site);
}

/* ITEM as a step: what a way leads to, or begins at. */
static void add_item(struct way *way, const struct eg_item *item) {
    if (eg_item_is_type(item, "launchSite"))
        add_site(way, item);
    else
        add_resource_step(way,
                          eg_item_is_type(item, "loadBalancer") ? "load-balancer"
                          : eg_item_is_type(item, "cache")      ? "cache"
                                                                : "database",
                          item);
}

/* The container's port: at its port mapping, if it has one for it. */
static void add_container(struct way *way, const struct eg_item *container,
                          const struct eg_node *port) {
    struct eg_scenario *scenario = way->scenario;
    struct eg_item *step = add_step(
        way, "container", text_of(container, eg_item_get(scenario, container, "name")), container);
    set_ports(step, port, port);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, container, "portMappings"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *mapping = eg_item_in(walk.element);
        const struct eg_node *own =
            mapping == NULL ? walk.element : eg_item_get(scenario, mapping, "containerPort");
        if (mapping == NULL || port->kind != EG_INT || own->kind != EG_INT ||
            own->as.integer != port->as.integer)
            continue;
        step->object.raw = mapping->object.raw;
        eg_item_set(step, "protocol", eg_item_get(scenario, mapping, "protocol"));
        return;
    }
}

/* The container of SITE's task that maps the one PORT; none: no step. */
static void add_container_of(struct way *way, const struct eg_item *site,
                             const struct eg_node *port) {
    struct eg_scenario *scenario = way->scenario;
    const struct eg_item *task = eg_item_link(scenario, site, "taskDefinition");
    struct eg_walk containers;
    if (task == NULL || port->kind != EG_INT)
        return;
    eg_walk_begin(&containers, scenario, eg_item_get(scenario, task, "containerDefinitions"));
    while (eg_walk_next(&containers)) {
        const struct eg_item *container = eg_item_in(containers.element);
        if (container == NULL)
            continue;
        struct eg_walk mappings;
        eg_walk_begin(&mappings, scenario, eg_item_get(scenario, container, "portMappings"));
        while (eg_walk_next(&mappings)) {
            const struct eg_item *mapping = eg_item_in(mappings.element);
            const struct eg_node *own = mapping == NULL
                                            ? mappings.element
                                            : eg_item_get(scenario, mapping, "containerPort");
            if (own->kind == EG_INT && own->as.integer == port->as.integer) {
                add_container(way, container, port);
                return;
            }
        }
    }
}

/* ---- ways ---- */

static void begin(struct way *way, struct eg_scenario *scenario, const struct eg_item *of,
                  const struct eg_node *at, const char *origin) {
    *way = (struct way){.scenario = scenario, .of = of, .certain = true};
    way->path = eg_item_part(of, "Path", at);
    eg_list_begin(&way->steps, of->build->arena);
    eg_item_set_text(way->path, "origin", eg_str_from(origin));
}

/* Past EG_LIMIT_PATHS no way is looked for: the list ends in an unknown, see end(). */
static bool is_full(const struct eg_list_builder *list) {
    return list->count > EG_LIMIT_PATHS;
}

/* The way that is one too many becomes the unknown that stands for it and all further ones. */
static void end(struct way *way, struct eg_list_builder *list) {
    if (list->count == EG_LIMIT_PATHS) {
        eg_list_add(list, eg_item_unknown(way->of, EG_WHY_LIMIT, EG_STR("the number of ways to it"),
                                          way->path->object.raw));
        return;
    }
    eg_item_set(way->path, "steps", eg_list_node(&way->steps, way->path->object.raw));
    eg_item_set_bool(way->path, "isCertain", way->certain);
    eg_list_add(list, way->path->node);
}

static void set_rule(struct way *way, const struct eg_item *rule) {
    eg_item_set(way->path, "rule", rule->node);
    eg_item_set(way->path, "fromPort", eg_item_get(way->scenario, rule, "fromPort"));
    eg_item_set(way->path, "toPort", eg_item_get(way->scenario, rule, "toPort"));
}

static bool is_class(struct eg_scenario *scenario, const struct eg_item *rule, const char *class) {
    return eg_node_is_string(eg_item_get(scenario, rule, "sourceClass"), class);
}

/* Has the database a public address? An instance that doesn't say has one if its VPC has an
 * internet gateway ("PubliclyAccessible", CreateDBInstance in the RDS API reference). */
static enum eg_truth has_public_address(struct eg_scenario *scenario,
                                        const struct eg_item *database) {
    const struct eg_node *given = eg_item_given(scenario, database, "publiclyAccessible");
    if (given->kind != EG_ABSENT)
        return eg_truth_of(given);
    if (!eg_str_is(database->resource->type, "AWS::RDS::DBInstance"))
        return EG_FALSE;
    const struct eg_item *vpc = eg_item_link(scenario, database, "vpc");
    return vpc == NULL ? EG_UNDECIDED
                       : eg_truth_of(eg_item_get(scenario, vpc, "hasInternetGateway"));
}

/* Can the internet use RULE of one of ITEM's groups? Only where an address and a route lead to it.
 * What faces the internet by its scheme is believed to: its subnets may be outside the input. */
static enum eg_truth is_open(struct eg_scenario *scenario, const struct eg_item *item,
                             const struct eg_item *rule) {
    const struct eg_node *why = NULL;
    if (eg_item_is_type(item, "launchSite"))
        return eg_reach_site(scenario, rule, item, &why);
    const struct eg_node *admits = eg_item_get(scenario, rule, "isInternet");
    enum eg_truth truth = eg_truth_of(admits);
    if (eg_item_is_type(item, "loadBalancer")) {
        const struct eg_node *scheme = eg_item_get(scenario, item, "scheme");
        if (scheme->kind != EG_STRING)
            return eg_truth_and(truth, EG_UNDECIDED);
        return eg_node_is_string(scheme, "internal") ? EG_FALSE : truth;
    }
    if (!eg_item_is_type(item, "database"))
        return EG_FALSE; /* has no public address */
    truth = eg_truth_and(truth, has_public_address(scenario, item));
    enum eg_truth routed = EG_FALSE;
    bool any = false;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, item, "subnets"));
    for (; eg_walk_next(&walk); any = true) {
        const struct eg_item *subnet = eg_item_in(walk.element);
        routed = eg_truth_or(routed, subnet == NULL
                                         ? EG_UNDECIDED
                                         : eg_reach_subnet(scenario, subnet, "exposure", &why));
    }
    return eg_truth_and(truth, any ? routed : EG_UNDECIDED);
}

/* Ways from the internet, a network or a prefix list through RULE. */
static void begin_entry(struct way *way, struct eg_scenario *scenario, const struct eg_item *item,
                        const struct eg_item *rule, enum eg_truth open) {
    if (open != EG_FALSE) {
        begin(way, scenario, item, rule->object.raw, "internet");
        add_step(way, "internet", EG_STR(""), NULL);
        add_first_gateway(way, item, eg_item_is(scenario, rule, "isIpv6"));
        way->certain = open == EG_TRUE;
        return;
    }
    bool list = is_class(scenario, rule, "prefix-list");
    const struct eg_node *source = eg_item_get(scenario, rule, "source");
    begin(way, scenario, item, rule->object.raw, list ? "prefix-list" : "network");
    add_step(way, list ? "prefix-list" : "network", text_of(rule, source), NULL);
    way->certain = source->kind == EG_STRING;
}

/* What has a security group, by the group's lists. */
static const char *const holders[] = {"loadBalancers", "launchSites", "databases"};
enum { HOLDER_COUNT = sizeof holders / sizeof *holders };

static void finish_entry(struct way *way, struct eg_list_builder *list, const struct eg_item *item,
                         const struct eg_item *rule) {
    set_rule(way, rule);
    add_rule(way, rule);
    add_item(way, item);
    if (eg_item_is_type(item, "launchSite")) {
        const struct eg_node *from = eg_item_get(way->scenario, rule, "fromPort");
        const struct eg_node *to = eg_item_get(way->scenario, rule, "toPort");
        if (from->kind == EG_INT && to->kind == EG_INT && from->as.integer == to->as.integer)
            add_container_of(way, item, from);
    }
    end(way, list);
}

/* A way from each thing that has the group which RULE admits; from the group itself if nothing is
 * known to have it. */
static void add_from_group(struct eg_scenario *scenario, struct eg_list_builder *list,
                           const struct eg_item *item, const struct eg_item *rule,
                           const struct eg_item *group) {
    struct way way;
    bool any = false;
    for (size_t i = 0; i < HOLDER_COUNT; i++) {
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, group, holders[i]));
        while (!is_full(list) && eg_walk_next(&walk)) {
            const struct eg_item *holder = eg_item_in(walk.element);
            if (holder == NULL)
                continue;
            any = true;
            begin(&way, scenario, item, rule->object.raw, "group");
            add_item(&way, holder);
            finish_entry(&way, list, item, rule);
        }
    }
    if (any)
        return;
    begin(&way, scenario, item, rule->object.raw, "group");
    add_resource_step(&way, "security-group", group);
    finish_entry(&way, list, item, rule);
}

static void add_entry(struct eg_scenario *scenario, struct eg_list_builder *list,
                      const struct eg_item *item, const struct eg_item *rule) {
    const struct eg_item *group = eg_item_link(scenario, rule, "sourceGroup");
    enum eg_truth open = is_open(scenario, item, rule);
    if (group != NULL) {
        add_from_group(scenario, list, item, rule, group);
        return;
    }
    /* Where nothing leads, a rule for the internet waits: that is no way. */
    if (open == EG_FALSE && eg_item_is(scenario, rule, "isInternet"))
        return;
    struct way way;
    begin_entry(&way, scenario, item, rule, open);
    finish_entry(&way, list, item, rule);
}

static void add_entries(struct eg_scenario *scenario, struct eg_list_builder *list,
                        const struct eg_item *item) {
    struct eg_walk groups;
    eg_walk_begin(&groups, scenario, eg_item_get(scenario, item, "securityGroups"));
    while (!is_full(list) && eg_walk_next(&groups)) {
        const struct eg_item *group = eg_item_in(groups.element);
        if (group == NULL)
            continue;
        struct eg_walk rules;
        eg_walk_begin(&rules, scenario, eg_item_get(scenario, group, "ingress"));
        while (!is_full(list) && eg_walk_next(&rules))
            if (eg_item_in(rules.element) != NULL)
                add_entry(scenario, list, item, eg_item_in(rules.element));
    }
}

/* A load balancer without groups admits everyone whom a route leads to it. */
static void add_bare_entry(struct eg_scenario *scenario, struct eg_list_builder *list,
                           const struct eg_item *balancer) {
    const struct eg_node *scheme = eg_item_get(scenario, balancer, "scheme");
    bool outside = !eg_node_is_string(scheme, "internal");
    struct way way;
    begin(&way, scenario, balancer, balancer->object.raw, outside ? "internet" : "network");
    add_step(&way, outside ? "internet" : "network", EG_STR(""), NULL);
    if (outside)
        add_first_gateway(&way, balancer, false);
    add_item(&way, balancer);
    /* An application load balancer has the VPC's default group, which can't be seen. */
    way.certain = scheme->kind == EG_STRING &&
                  eg_node_is_string(eg_item_get(scenario, balancer, "type"), "network");
    end(&way, list);
}

static const struct eg_node *entry_paths(struct eg_scenario *scenario, const struct eg_item *item) {
    struct eg_list_builder list;
    eg_list_begin(&list, item->build->arena);
    add_entries(scenario, &list, item);
    if (eg_item_is_type(item, "loadBalancer") &&
        !eg_item_is(scenario, item, "securityGroupsGiven") && !is_full(&list))
        add_bare_entry(scenario, &list, item);
    return eg_list_node(&list, item->object.raw);
}

/* ---- through a load balancer ---- */

struct passage {
    const struct eg_item *site, *entry, *target_group, *listener, *balancer;
    const struct eg_item *rule; /* of the task's groups, that lets the load balancer in */
    enum eg_truth admitted;     /* … as far as is known */
};

/* Does RULE let the load balancer in? By its group, or by a network it is in. */
static enum eg_truth lets_in(struct eg_scenario *scenario, const struct eg_item *rule,
                             const struct eg_item *balancer) {
    const struct eg_node *class = eg_item_get(scenario, rule, "sourceClass");
    const struct eg_item *source = eg_item_link(scenario, rule, "sourceGroup");
    if (source != NULL)
        return eg_reach_has_group(scenario, balancer, source);
    if (class->kind != EG_STRING || eg_node_is_string(class, "prefix-list") ||
        eg_node_is_string(class, "group"))
        return EG_UNDECIDED;
    return eg_node_is_string(class, "internet-some") ? EG_FALSE : EG_TRUE;
}

/* Finds the rule by which the task's groups let the load balancer in to the container's port: one
 * that surely does, else one that may. */
static void find_admission(struct eg_scenario *scenario, struct passage *passage,
                           const struct eg_node *port) {
    passage->rule = NULL;
    passage->admitted = EG_FALSE;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, passage->site, "ingress"));
    while (passage->admitted != EG_TRUE && eg_walk_next(&walk)) {
        const struct eg_item *rule = eg_item_in(walk.element);
        enum eg_truth admitted = rule == NULL
                                     ? EG_UNDECIDED
                                     : eg_truth_and(lets_in(scenario, rule, passage->balancer),
                                                    eg_reach_port(scenario, rule, port));
        if (admitted == EG_FALSE || (admitted == EG_UNDECIDED && passage->rule != NULL))
            continue;
        passage->admitted = admitted;
        passage->rule = rule;
    }
}

/* The steps behind the load balancer's. */
static void add_behind(struct way *way, const struct passage *passage) {
    struct eg_scenario *scenario = way->scenario;
    const struct eg_node *port = eg_item_get(scenario, passage->listener, "port");
    const struct eg_node *target = eg_item_get(scenario, passage->entry, "containerPort");
    struct eg_item *step = add_resource_step(way, "listener", passage->listener);
    eg_item_set(step, "protocol", eg_item_get(scenario, passage->listener, "protocol"));
    set_ports(step, port, port);
    step = add_resource_step(way, "target-group", passage->target_group);
    eg_item_set(step, "protocol", eg_item_get(scenario, passage->target_group, "protocol"));
    if (passage->rule != NULL) {
        set_rule(way, passage->rule);
        add_rule(way, passage->rule);
    }
    add_site(way, passage->site);
    const struct eg_item *container = eg_item_link(scenario, passage->entry, "container");
    if (container != NULL)
        add_container(way, container, target);
    eg_item_set(way->path, "fromPort", target);
    eg_item_set(way->path, "toPort", target);
    eg_item_set(way->path, "loadBalancer", passage->balancer->node);
    eg_item_set(way->path, "listener", passage->listener->node);
    eg_item_set(way->path, "targetGroup", passage->target_group->node);
}

/* One way for each way to the load balancer that leads to the listener's port. */
static void add_passage(struct eg_scenario *scenario, struct eg_list_builder *list,
                        const struct passage *passage) {
    const struct eg_node *port = eg_item_get(scenario, passage->listener, "port");
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, passage->balancer, "paths"));
    while (!is_full(list) && eg_walk_next(&walk)) {
        const struct eg_item *front = eg_item_in(walk.element);
        if (front == NULL) { /* more ways than are told */
            eg_list_add(list, walk.element);
            continue;
        }
        const struct eg_item *door = eg_item_link(scenario, front, "rule");
        enum eg_truth covered = door == NULL ? EG_TRUE : eg_reach_port(scenario, door, port);
        if (covered == EG_FALSE)
            continue;
        struct way way;
        begin(&way, scenario, passage->site, passage->listener->object.raw, "");
        eg_item_set(way.path, "origin", eg_item_get(scenario, front, "origin"));
        struct eg_walk steps;
        eg_walk_begin(&steps, scenario, eg_item_get(scenario, front, "steps"));
        while (eg_walk_next(&steps))
            eg_list_add(&way.steps, steps.element);
        way.certain = covered == EG_TRUE && passage->admitted == EG_TRUE &&
                      eg_item_is(scenario, front, "isCertain");
        add_behind(&way, passage);
        end(&way, list);
    }
}

/* The ways that one entry of the service's load balancers makes: for each of its target groups, by
 * each listener that forwards to it. */
static void add_registration(struct eg_scenario *scenario, struct eg_list_builder *list,
                             const struct eg_item *site, const struct eg_item *entry) {
    static const char *const fields[] = {"targetGroup", "alternateTargetGroup"};
    struct passage passage = {.site = site, .entry = entry};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        passage.target_group = eg_item_link(scenario, entry, fields[i]);
        struct eg_walk walk;
        if (passage.target_group == NULL)
            continue;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, passage.target_group, "listeners"));
        while (!is_full(list) && eg_walk_next(&walk)) {
            passage.listener = eg_item_in(walk.element);
            if (passage.listener == NULL)
                continue;
            passage.balancer = eg_item_link(scenario, passage.listener, "loadBalancer");
            if (passage.balancer == NULL)
                continue;
            find_admission(scenario, &passage, eg_item_get(scenario, entry, "containerPort"));
            if (passage.admitted != EG_FALSE)
                add_passage(scenario, list, &passage);
        }
    }
}

/* ---- is the load balancer let in? ---- */

/* The port that the health check asks: the container's, unless another is written. */
static const struct eg_node *check_port(struct eg_scenario *scenario, const struct passage *passage,
                                        const struct eg_node *container_port) {
    const struct eg_node *text = eg_item_get(scenario, passage->target_group, "healthCheckPort");
    int64_t number;
    if (text->kind == EG_STRING && eg_str_to_int(text->as.text, &number))
        return eg_node_int(scenario->arena, number, text);
    return eg_node_is_string(text, "traffic-port") ? container_port : text;
}

/* Do the task's groups let every load balancer that forwards to ENTRY's target groups in, to the
 * container's port or to the health check's? Absent if none is known to forward. */
static const struct eg_node *entry_admits(struct eg_scenario *scenario, const struct eg_item *entry,
                                          bool health) {
    static const char *const fields[] = {"targetGroup", "alternateTargetGroup"};
    struct passage passage = {.site = entry->build->first_sites[entry->resource->number],
                              .entry = entry};
    const struct eg_node *port = eg_item_get(scenario, entry, "containerPort");
    enum eg_truth all = EG_TRUE;
    bool any = false;
    for (size_t i = 0; passage.site != NULL && i < sizeof fields / sizeof *fields; i++) {
        passage.target_group = eg_item_link(scenario, entry, fields[i]);
        if (passage.target_group == NULL)
            continue;
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario,
                      eg_item_get(scenario, passage.target_group, "loadBalancers"));
        while (eg_walk_next(&walk)) {
            passage.balancer = eg_item_in(walk.element);
            if (passage.balancer == NULL)
                continue;
            any = true;
            find_admission(scenario, &passage,
                           health ? check_port(scenario, &passage, port) : port);
            all = eg_truth_and(all, passage.admitted);
        }
    }
    return any ? eg_item_truth(entry, all, NULL) : NULL;
}

static const struct eg_node *entry_admits_traffic(struct eg_scenario *scenario,
                                                  const struct eg_item *entry) {
    return entry_admits(scenario, entry, false);
}

static const struct eg_node *entry_admits_check(struct eg_scenario *scenario,
                                                const struct eg_item *entry) {
    return entry_admits(scenario, entry, true);
}

/* ---- the facts ---- */

static const struct eg_node *site_paths(struct eg_scenario *scenario, const struct eg_item *site) {
    struct eg_list_builder list;
    eg_list_begin(&list, site->build->arena);
    add_entries(scenario, &list, site);
    const struct eg_item *service = eg_item_link(scenario, site, "service");
    struct eg_walk walk;
    if (service == NULL)
        return eg_list_node(&list, site->object.raw);
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, service, "loadBalancers"));
    while (!is_full(&list) && eg_walk_next(&walk))
        if (eg_item_in(walk.element) != NULL)
            add_registration(scenario, &list, site, eg_item_in(walk.element));
    return eg_list_node(&list, site->object.raw);
}

/* Internet, gateway and subnet; and, of a launch site, the task in it. */
static const struct eg_node *subnet_steps(struct eg_scenario *scenario,
                                          const struct eg_item *subnet) {
    struct way way;
    begin(&way, scenario, subnet, subnet->object.raw, "internet");
    add_step(&way, "internet", EG_STR(""), NULL);
    if (!add_gateway(&way, subnet, false) && !add_gateway(&way, subnet, true))
        return eg_node_empty_list();
    return eg_list_node(&way.steps, subnet->object.raw);
}

static const struct eg_node *site_step(struct eg_scenario *scenario, const struct eg_item *site) {
    struct way way;
    begin(&way, scenario, site, site->object.raw, "");
    add_site(&way, site);
    return way.steps.items[0];
}

const struct eg_fact eg_facts_path[] = {
    {"launchSite", "paths", site_paths},
    {"launchSite", "step", site_step},
    {"loadBalancer", "paths", entry_paths},
    {"database", "paths", entry_paths},
    {"cache", "paths", entry_paths},
    {"subnet", "internetSteps", subnet_steps},
    {"ServiceLoadBalancer", "isAdmitted", entry_admits_traffic},
    {"ServiceLoadBalancer", "isHealthCheckAdmitted", entry_admits_check},
    {NULL, NULL, NULL},
};
