/* Security groups and the objects of their rules: inline ones and resources of their own as one
 * list (catalogue A.7). The facts of a single rule are in rule.c. */
#include "model/group.h"

#include "base/limits.h"
#include "model/facts.h"
#include "node/text.h"

#include <string.h>

/* ---- making the rules ---- */

struct rule_maker {
    struct eg_build *build;
    const struct eg_item *group;
    const char *kind;
    const char *property;
    uint32_t index;
};

static const struct eg_node *make_rules(struct rule_maker *maker, const struct eg_node *value,
                                        const struct eg_presence *presence, unsigned depth);

static const struct eg_node *make_rule(const struct rule_maker *maker, const struct eg_node *value,
                                       const struct eg_presence *presence) {
    struct eg_str path =
        eg_str_format(maker->build->arena, "%s[%u]", maker->property, maker->index);
    return eg_item_new(maker->build, &(struct eg_item_spec){.type = maker->kind,
                                                            .resource = maker->group->resource,
                                                            .parent = maker->group,
                                                            .path = path,
                                                            .presence = presence,
                                                            .raw = value,
                                                            .value = value})
        ->node;
}

static const struct eg_node *make_choice(struct rule_maker *maker, const struct eg_node *value,
                                         const struct eg_presence *presence, unsigned depth) {
    struct eg_presence *branches = EG_NEW_ARRAY(maker->build->arena, struct eg_presence, 2);
    struct eg_choice *choice = EG_NEW(maker->build->arena, struct eg_choice);
    choice->condition = value->as.choice->condition;
    branches[0] = (struct eg_presence){choice->condition, true, presence};
    branches[1] = (struct eg_presence){choice->condition, false, presence};
    choice->if_true = make_rules(maker, value->as.choice->if_true, &branches[0], depth);
    choice->if_false = make_rules(maker, value->as.choice->if_false, &branches[1], depth);
    struct eg_node *node = eg_node_new(maker->build->arena, EG_CHOICE, value);
    node->as.choice = choice;
    return node;
}

/* The same tree of lists and choices with objects in place of maps. */
static const struct eg_node *make_rules(struct rule_maker *maker, const struct eg_node *value,
                                        const struct eg_presence *presence, unsigned depth) {
    if (depth > EG_LIMIT_DEPTH)
        return eg_node_absent();
    switch (value->kind) {
    case EG_MAP:
        return make_rule(maker, value, presence);
    case EG_CHOICE:
        return make_choice(maker, value, presence, depth + 1);
    case EG_LIST:
        break;
    case EG_NULL:
        return eg_node_absent();
    default:
        return value;
    }
    struct eg_list_builder list;
    eg_list_begin(&list, maker->build->arena);
    for (uint32_t i = 0; i < value->as.list.count; i++) {
        maker->index = i;
        eg_list_add(&list, make_rules(maker, value->as.list.items[i], presence, depth + 1));
    }
    return eg_list_node(&list, value);
}

static const struct eg_node *inline_rules(struct eg_build *build, const struct eg_item *group,
                                          const char *kind, const char *property) {
    struct rule_maker maker = {.build = build, .group = group, .kind = kind, .property = property};
    const struct eg_node *value = group->resource->properties->kind == EG_MAP
                                      ? eg_resource_property(group->resource, property)
                                      : group->resource->properties;
    return value == NULL ? NULL : make_rules(&maker, value, group->presence, 0);
}

/* Of a rule's resource: the group it is a rule of, as written. */
static const struct eg_node *id_of_group(struct eg_scenario *scenario,
                                         const struct eg_resource *rule) {
    const struct eg_node *id = eg_property(scenario, rule, "GroupId");
    return id->kind == EG_ABSENT ? eg_property(scenario, rule, "GroupName") : id;
}

static void make_separate(struct eg_build *build, const char *type, const char *kind) {
    struct eg_resource_list list = eg_index_of_type(&build->index, type);
    for (uint32_t i = 0; i < list.count; i++) {
        struct eg_resource *resource = list.items[i];
        const struct eg_item *own = build->resource_items[resource->number];
        if (own == NULL)
            continue;
        build->kind_items[resource->number] =
            eg_item_new(build, &(struct eg_item_spec){.type = kind,
                                                      .resource = resource,
                                                      .presence = own->presence,
                                                      .raw = resource->raw,
                                                      .value = resource->properties});
    }
}

/* A fact of the group that is no field: others' facts share it. */
static const struct eg_node *hidden_fact(struct eg_build *build, struct eg_item *group,
                                         const struct eg_node *(*compute)(struct eg_scenario *,
                                                                          const void *)) {
    struct eg_lazy *lazy = EG_NEW(build->arena, struct eg_lazy);
    *lazy = (struct eg_lazy){.compute = compute, .context = group};
    struct eg_node *node = eg_node_new(build->arena, EG_LAZY, group->object.raw);
    node->as.lazy = lazy;
    return node;
}

static struct eg_group *new_group(struct eg_build *build, struct eg_item *item) {
    struct eg_group *group = EG_NEW(build->arena, struct eg_group);
    group->unions = hidden_fact(build, item, eg_group_unions);
    group->routed = hidden_fact(build, item, eg_group_routed);
    item->extra = group;
    return group;
}

/* ---- groups outside the input ---- */

static struct eg_resource *outside_resource(const struct eg_build *build,
                                            const struct eg_stack *stack,
                                            const struct eg_node *id) {
    struct eg_resource *found = eg_index_find(&build->index, EG_NAMES_SECURITY_GROUP, stack, id);
    bool is_rule = found != NULL && (eg_str_is(found->type, "AWS::EC2::SecurityGroupIngress") ||
                                     eg_str_is(found->type, "AWS::EC2::SecurityGroupEgress"));
    return is_rule && eg_resolve_target(id) == NULL ? found : NULL;
}

const struct eg_item *eg_group_outside(const struct eg_item *from, const struct eg_node *id) {
    const struct eg_resource *at = outside_resource(from->build, from->stack, id);
    return at == NULL ? NULL : from->build->outside_groups[at->number];
}

static void make_outside(struct eg_build *build, const char *type) {
    struct eg_scenario *scenario = &build->system->scenario;
    struct eg_resource_list list = eg_index_of_type(&build->index, type);
    for (uint32_t i = 0; i < list.count; i++) {
        struct eg_resource *at =
            outside_resource(build, list.items[i]->stack, id_of_group(scenario, list.items[i]));
        const struct eg_item *own = at == NULL ? NULL : build->resource_items[at->number];
        if (own == NULL || build->outside_groups[at->number] != NULL)
            continue;
        struct eg_item *item = eg_item_new(build, &(struct eg_item_spec){.type = "securityGroup",
                                                                         .resource = at,
                                                                         .presence = own->presence,
                                                                         .raw = at->raw});
        eg_item_set(item, "logicalId", id_of_group(scenario, at)); /* so that messages name it */
        new_group(build, item)->outside = true;
        build->outside_groups[at->number] = item;
    }
}

static bool is_outside(const struct eg_item *group) {
    const struct eg_group *own = group->extra;
    return own->outside;
}

/* Why more can't be said of it. */
static const struct eg_node *rest_of_outside(struct eg_scenario *scenario,
                                             const struct eg_item *group) {
    return eg_item_outside(group, id_of_group(scenario, group->resource));
}

/* ---- building ---- */

void eg_groups_build(struct eg_build *build) {
    struct eg_resource_list list = eg_index_of_type(&build->index, "AWS::EC2::SecurityGroup");
    for (uint32_t i = 0; i < list.count; i++) {
        struct eg_item *item = eg_item_for(build, list.items[i]);
        if (item == NULL)
            continue;
        struct eg_group *group = new_group(build, item);
        group->ingress = inline_rules(build, item, "ingressRule", "SecurityGroupIngress");
        group->egress = inline_rules(build, item, "egressRule", "SecurityGroupEgress");
    }
    make_separate(build, "AWS::EC2::SecurityGroupIngress", "ingressRule");
    make_separate(build, "AWS::EC2::SecurityGroupEgress", "egressRule");
    make_outside(build, "AWS::EC2::SecurityGroupIngress");
    make_outside(build, "AWS::EC2::SecurityGroupEgress");
}

/* ---- a group's rules ---- */

static const struct eg_node *all_rules(struct eg_scenario *scenario, const struct eg_item *group,
                                       const struct eg_node *own, const char *type) {
    struct eg_links links;
    eg_links_begin(&links, group);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_scenario_force(scenario, own));
    while (eg_walk_next(&walk))
        eg_links_add_node(&links, walk.element);
    if (is_outside(group) && eg_str_is(group->resource->type, type))
        eg_links_add(&links, eg_item_for(group->build, group->resource));
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &group->build->index, group->resource, type);
    while (eg_incoming_next(&incoming)) {
        const struct eg_node *id = id_of_group(scenario, incoming.resource);
        enum eg_truth named = is_outside(group) && eg_group_outside(group, id) == group
                                  ? EG_TRUE
                                  : eg_names(id, group->resource);
        if (named == EG_TRUE)
            eg_links_add(&links, eg_item_for(group->build, incoming.resource));
        else if (named == EG_UNDECIDED)
            eg_links_add_maybe(&links, id);
    }
    if (is_outside(group))
        eg_links_add_maybe(&links, rest_of_outside(scenario, group));
    return eg_links_end(&links);
}

static const struct eg_node *group_ingress(struct eg_scenario *scenario,
                                           const struct eg_item *group) {
    const struct eg_group *own = group->extra;
    return all_rules(scenario, group, own->ingress, "AWS::EC2::SecurityGroupIngress");
}

static const struct eg_node *group_egress(struct eg_scenario *scenario,
                                          const struct eg_item *group) {
    const struct eg_group *own = group->extra;
    return all_rules(scenario, group, own->egress, "AWS::EC2::SecurityGroupEgress");
}

static const struct eg_node *group_open_egress(struct eg_scenario *scenario,
                                               const struct eg_item *group) {
    if (is_outside(group))
        return rest_of_outside(scenario, group);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, group, "egress"));
    return eg_node_bool(!eg_walk_next(&walk));
}

static const struct eg_node *group_vpc(struct eg_scenario *scenario, const struct eg_item *group) {
    if (is_outside(group))
        return rest_of_outside(scenario, group);
    return eg_item_follow(scenario, group, eg_resource_property(group->resource, "VpcId"), "vpc");
}

/* ---- rules that together open a port to all ---- */

struct eg_str eg_rule_key(struct eg_scenario *scenario, const struct eg_item *rule, bool v6) {
    const struct eg_node *protocol = eg_item_get(scenario, rule, "protocol");
    const struct eg_node *from = eg_item_get(scenario, rule, "fromPort");
    const struct eg_node *to = eg_item_get(scenario, rule, "toPort");
    if (protocol->kind != EG_STRING || from->kind != EG_INT || to->kind != EG_INT)
        return EG_STR("");
    return eg_str_format(rule->build->arena, "%.*s %lld %lld %s", EG_STR_ARGS(protocol->as.text),
                         (long long)from->as.integer, (long long)to->as.integer, v6 ? "v6" : "v4");
}

struct bucket {
    struct eg_cidr *cidrs;
    uint32_t count;
    uint32_t capacity;
};

static void add_to_bucket(struct eg_map *buckets, struct eg_arena *arena, struct eg_str key,
                          const struct eg_cidr *cidr) {
    struct bucket *bucket = eg_map_get(buckets, key);
    if (bucket == NULL) {
        bucket = EG_NEW(arena, struct bucket);
        eg_map_put(buckets, key, bucket);
    }
    if (bucket->count == bucket->capacity) {
        uint32_t capacity = bucket->capacity == 0 ? 4 : bucket->capacity * 2;
        bucket->cidrs =
            eg_arena_grow(arena, bucket->cidrs, bucket->capacity * sizeof *bucket->cidrs,
                          capacity * sizeof *bucket->cidrs);
        bucket->capacity = capacity;
    }
    bucket->cidrs[bucket->count++] = *cidr;
}

const struct eg_node *eg_group_unions(struct eg_scenario *scenario, const void *context) {
    const struct eg_item *group = context;
    struct eg_arena *arena = group->build->arena;
    struct eg_map buckets;
    eg_map_init(&buckets, arena);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, group, "ingress"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *rule = eg_item_in(walk.element);
        struct eg_cidr cidr;
        if (rule == NULL || !eg_rule_cidr(scenario, rule, &cidr) || cidr.prefix == 0)
            continue;
        struct eg_str key = eg_rule_key(scenario, rule, cidr.v6);
        if (key.length > 0)
            add_to_bucket(&buckets, arena, key, &cidr);
    }
    struct eg_map_builder map;
    eg_map_begin(&map, arena);
    for (uint32_t i = 0; i < buckets.count; i++) {
        struct bucket *bucket = buckets.entries[i].value;
        if (eg_cidr_cover_all(bucket->cidrs, bucket->count))
            eg_map_add(&map, buckets.entries[i].key, 0, eg_node_bool(true), NULL);
    }
    return eg_map_node(&map, group->object.raw);
}

/* ---- what a group is attached to ---- */

static const struct eg_node *group_sites(struct eg_scenario *scenario,
                                         const struct eg_item *group) {
    struct eg_links links;
    eg_links_begin(&links, group);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &group->build->index, group->resource);
    while (eg_incoming_next(&incoming)) {
        struct eg_site_walk sites;
        eg_site_walk_begin(&sites, group->build, incoming.resource);
        while (eg_site_walk_next(&sites))
            eg_links_add_back(&links, scenario, sites.site, "securityGroups");
    }
    return eg_links_end(&links);
}

/* A cluster's instances have its groups. */
static void add_instances(struct eg_scenario *scenario, struct eg_links *links,
                          const struct eg_item *cluster) {
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, cluster, "instances"));
    while (eg_walk_next(&walk))
        eg_links_add_back(links, scenario, eg_item_in(walk.element), "securityGroups");
}

/* Objects of KIND whose securityGroups has the group. */
static const struct eg_node *attached(struct eg_scenario *scenario, const struct eg_item *group,
                                      const char *kind) {
    struct eg_links links;
    eg_links_begin(&links, group);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &group->build->index, group->resource);
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *item = eg_item_for(group->build, incoming.resource);
        if (!eg_item_is_type(item, kind))
            continue;
        eg_links_add_back(&links, scenario, item, "securityGroups");
        if (eg_item_is_type(item, "database"))
            add_instances(scenario, &links, item);
    }
    return eg_links_end(&links);
}

static const struct eg_node *group_balancers(struct eg_scenario *scenario,
                                             const struct eg_item *group) {
    return attached(scenario, group, "loadBalancer");
}

static const struct eg_node *group_databases(struct eg_scenario *scenario,
                                             const struct eg_item *group) {
    return attached(scenario, group, "database");
}

static const struct eg_node *group_caches(struct eg_scenario *scenario,
                                          const struct eg_item *group) {
    return attached(scenario, group, "cache");
}

static const struct eg_node *group_file_systems(struct eg_scenario *scenario,
                                                const struct eg_item *group) {
    struct eg_links links;
    eg_links_begin(&links, group);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &group->build->index, group->resource, "AWS::EFS::MountTarget");
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *item =
            eg_item_target(group, eg_property(scenario, incoming.resource, "FileSystemId"));
        if (eg_item_is_type(item, "fileSystem"))
            eg_links_add(&links, item);
    }
    return eg_links_end(&links);
}

/* Resources that name a group without having it: rules, other groups, what only passes it on. */
static bool only_mentions(struct eg_str type) {
    static const char *const types[] = {
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::CloudFormation::Stack",
        "AWS::SSM::Parameter",
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Role",
        "AWS::CloudFormation::CustomResource",
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (eg_str_is(type, types[i]))
            return true;
    return eg_str_starts_with(type, EG_STR("Custom::"));
}

static const struct eg_node *group_used_by(struct eg_scenario *scenario,
                                           const struct eg_item *group) {
    (void)scenario;
    struct eg_links links;
    eg_links_begin(&links, group);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &group->build->index, group->resource);
    while (eg_incoming_next(&incoming))
        if (!only_mentions(incoming.resource->type))
            eg_links_add(&links, group->build->resource_items[incoming.resource->number]);
    return eg_links_end(&links);
}

/* Does a resource of TYPE refer to TO? */
static bool is_named_by(const struct eg_item *group, const struct eg_resource *to,
                        const char *type) {
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &group->build->index, to, type);
    return eg_incoming_next(&incoming);
}

/* Does a rotation of a secret use the resource: a function, or the application that makes one? */
static bool rotates_secrets(const struct eg_item *group, const struct eg_resource *resource) {
    return eg_str_is(resource->type, "AWS::SecretsManager::RotationSchedule") ||
           is_named_by(group, resource, "AWS::SecretsManager::RotationSchedule");
}

/* Stands TEXT in any string of NODE as it was written? */
static bool is_written(const struct eg_node *node, struct eg_str text, unsigned depth) {
    if (node == NULL || depth > EG_LIMIT_DEPTH)
        return false;
    if (node->kind == EG_STRING)
        return eg_str_contains(node->as.text, text);
    for (uint32_t i = 0; node->kind == EG_LIST && i < node->as.list.count; i++)
        if (is_written(node->as.list.items[i], text, depth + 1))
            return true;
    for (uint32_t i = 0; node->kind == EG_MAP && i < node->as.map.count; i++)
        if (is_written(node->as.map.items[i].value, text, depth + 1))
            return true;
    return false;
}

/* Is it what container instances are made from: do its user data name a cluster to the agent, or
 * does a capacity provider's Auto Scaling group use it? Tasks with bridge and host networks have
 * the groups of their instances. */
static bool makes_instances(const struct eg_item *group, const struct eg_resource *resource) {
    static const char *const types[] = {"AWS::AutoScaling::LaunchConfiguration",
                                        "AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"};
    bool any = false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        any = any || eg_str_is(resource->type, types[i]);
    if (any && is_written(resource->raw, EG_STR("ECS_CLUSTER"), 0))
        return true;
    struct eg_incoming users;
    eg_incoming_begin(&users, &group->build->index, resource, "AWS::AutoScaling::AutoScalingGroup");
    while (any && eg_incoming_next(&users))
        if (is_named_by(group, users.resource, "AWS::ECS::CapacityProvider"))
            return true;
    return false;
}

/* "launchSite", "database": what a resource type is in attachedTo. */
static const char *use_of(const struct eg_item *group, const struct eg_resource *resource) {
    static const struct {
        const char *type, *use;
    } uses[] = {
        {"AWS::EFS::MountTarget", "fileSystem"},
        {"AWS::EC2::VPCEndpoint", "endpoint"},
        {"AWS::Lambda::Function", "function"},
    };
    if (group->build->first_sites[resource->number] != NULL)
        return "launchSite";
    if (rotates_secrets(group, resource))
        return "rotation";
    if (makes_instances(group, resource))
        return "containerInstance";
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
        if (eg_str_is(resource->type, uses[i].type))
            return uses[i].use;
    const struct eg_item *item = eg_item_for(group->build, resource);
    if (eg_item_is_type(item, "loadBalancer"))
        return "loadBalancer";
    if (eg_item_is_type(item, "database"))
        return "database";
    return eg_item_is_type(item, "cache") ? "cache" : "other";
}

static const struct eg_node *group_attached_to(struct eg_scenario *scenario,
                                               const struct eg_item *group) {
    struct eg_list_builder list;
    eg_list_begin(&list, group->build->arena);
    struct eg_map seen;
    eg_map_init(&seen, group->build->arena);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, group, "usedBy"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *item = eg_item_in(walk.element);
        if (item == NULL) {
            eg_list_add(&list, walk.element);
            continue;
        }
        struct eg_str use = eg_str_from(use_of(group, item->resource));
        if (eg_map_put(&seen, use, &seen) == NULL)
            eg_list_add(&list, eg_item_text(group, use, item->object.raw));
    }
    return eg_list_node(&list, group->object.raw);
}

const struct eg_fact eg_facts_group[] = {
    {"securityGroup", "vpc", group_vpc},
    {"securityGroup", "ingress", group_ingress},
    {"securityGroup", "egress", group_egress},
    {"securityGroup", "egressOpenByDefault", group_open_egress},
    {"securityGroup", "launchSites", group_sites},
    {"securityGroup", "loadBalancers", group_balancers},
    {"securityGroup", "databases", group_databases},
    {"securityGroup", "caches", group_caches},
    {"securityGroup", "fileSystems", group_file_systems},
    {"securityGroup", "usedBy", group_used_by},
    {"securityGroup", "attachedTo", group_attached_to},
    {NULL, NULL, NULL},
};
