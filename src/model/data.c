/* Facts of databases and caches. CloudFormation has many spellings for one idea (catalogue A.3):
 * VPCSecurityGroups, VpcSecurityGroupIds, SecurityGroupIds. */
#include "model/facts.h"
#include "model/task.h"
#include "node/text.h"

/* The first of the properties that is given, forced. */
static const struct eg_node *first_given(struct eg_scenario *scenario,
                                         const struct eg_resource *resource,
                                         const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct eg_node *value = eg_property(scenario, resource, names[i]);
        if (value->kind != EG_ABSENT && value->kind != EG_NULL)
            return value;
    }
    return eg_node_absent();
}

static const struct eg_node *groups_of(struct eg_scenario *scenario, const struct eg_item *item) {
    static const char *const names[] = {"VPCSecurityGroups", "VpcSecurityGroupIds",
                                        "SecurityGroupIds"};
    return first_given(scenario, item->resource, names, sizeof names / sizeof names[0]);
}

static const struct eg_node *own_groups_given(struct eg_scenario *scenario,
                                              const struct eg_item *item) {
    return eg_item_has_elements(scenario, groups_of(scenario, item));
}

static const struct eg_node *own_groups(struct eg_scenario *scenario, const struct eg_item *item) {
    return eg_item_follow_list(scenario, item, groups_of(scenario, item), "securityGroup");
}

/* ---- databases ---- */

static const struct eg_node *database_form(struct eg_scenario *scenario,
                                           const struct eg_item *database) {
    (void)scenario;
    struct eg_str type = database->resource->type;
    struct eg_str form = eg_str_ends_with(type, EG_STR("Instance"))  ? EG_STR("instance")
                         : eg_str_ends_with(type, EG_STR("Cluster")) ? EG_STR("cluster")
                                                                     : EG_STR("proxy");
    return eg_item_text(database, form, database->object.raw);
}

/* The ports that engines listen on by default. */
static const struct eg_node *engine_port(const struct eg_item *item, struct eg_str engine) {
    static const struct {
        const char *start;
        int port;
    } ports[] = {
        {"aurora-postgresql", 5432},
        {"postgres", 5432},
        {"aurora", 3306},
        {"mysql", 3306},
        {"mariadb", 3306},
        {"sqlserver", 1433},
        {"oracle", 1521},
        {"docdb", 27017},
        {"neptune", 8182},
        {"redis", 6379},
        {"valkey", 6379},
        {"memcached", 11211},
        {"custom-oracle", 1521},
        {"db2", 50000},
        {"MYSQL", 3306},
        {"POSTGRESQL", 5432},
        {"SQLSERVER", 1433},
        {"custom-sqlserver", 1433},
    };
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++)
        if (eg_str_starts_with(engine, eg_str_from(ports[i].start)))
            return eg_item_int(item, ports[i].port);
    return eg_item_unknown(item, EG_WHY_ATTRIBUTE, EG_STR("the port of an unknown engine"),
                           item->object.raw);
}

static const struct eg_node *as_int(const struct eg_item *item, const struct eg_node *value) {
    int64_t number;
    if (value->kind == EG_STRING && eg_str_to_int(value->as.text, &number))
        return eg_node_int(item->build->arena, number, value);
    return value;
}

static const struct eg_node *database_cluster(struct eg_scenario *scenario,
                                              const struct eg_item *database) {
    if (!eg_node_is_string(database_form(scenario, database), "instance"))
        return NULL;
    const struct eg_node *id = eg_item_given(scenario, database, "dbClusterIdentifier");
    if (eg_is_blank(id))
        return NULL;
    const struct eg_item *cluster =
        eg_item_for(database->build, eg_index_find(&database->build->index, EG_NAMES_DB_CLUSTER,
                                                   database->stack, id));
    return cluster != NULL ? cluster->node : eg_item_outside(database, id);
}

static const struct eg_node *database_port(struct eg_scenario *scenario,
                                           const struct eg_item *database) {
    static const char *const names[] = {"Port", "DBPort"};
    const struct eg_node *given = as_int(
        database, first_given(scenario, database->resource, names, sizeof names / sizeof names[0]));
    if (given->kind != EG_ABSENT)
        return given;
    const struct eg_item *cluster = eg_item_link(scenario, database, "cluster");
    if (cluster != NULL)
        return eg_item_get(scenario, cluster, "port");
    const struct eg_node *engine = eg_item_given(scenario, database, "engine");
    if (engine->kind == EG_ABSENT)
        engine = eg_item_given(scenario, database, "engineFamily");
    return engine->kind == EG_UNKNOWN ? engine : engine_port(database, eg_node_text(engine));
}

static const struct eg_node *database_groups(struct eg_scenario *scenario,
                                             const struct eg_item *database) {
    const struct eg_item *cluster = eg_item_link(scenario, database, "cluster");
    if (cluster != NULL && groups_of(scenario, database)->kind == EG_ABSENT)
        return eg_item_get(scenario, cluster, "securityGroups");
    return own_groups(scenario, database);
}

static const struct eg_node *database_groups_given(struct eg_scenario *scenario,
                                                   const struct eg_item *database) {
    const struct eg_item *cluster = eg_item_link(scenario, database, "cluster");
    return own_groups_given(scenario, cluster != NULL ? cluster : database);
}

/* ---- subnets ---- */

static const struct eg_node *subnet_group_name(struct eg_scenario *scenario,
                                               const struct eg_item *item) {
    static const char *const names[] = {"DBSubnetGroupName", "CacheSubnetGroupName"};
    return first_given(scenario, item->resource, names, sizeof names / sizeof names[0]);
}

/* The subnets a proxy or serverless cache names, or those of the subnet group. */
static const struct eg_node *subnets_of(struct eg_scenario *scenario, const struct eg_item *item,
                                        enum eg_name_space space) {
    static const char *const names[] = {"VpcSubnetIds", "SubnetIds"};
    const struct eg_node *own =
        first_given(scenario, item->resource, names, sizeof names / sizeof names[0]);
    if (own->kind != EG_ABSENT)
        return eg_item_follow_list(scenario, item, own, "subnet");
    const struct eg_node *name = subnet_group_name(scenario, item);
    if (eg_is_blank(name))
        return eg_node_empty_list();
    const struct eg_resource *group = eg_index_find(&item->build->index, space, item->stack, name);
    if (group == NULL || !eg_str_ends_with(group->type, EG_STR("SubnetGroup")))
        return eg_item_outside(item, name);
    return eg_item_follow_list(scenario, item, eg_resource_property(group, "SubnetIds"), "subnet");
}

static const struct eg_node *database_subnets(struct eg_scenario *scenario,
                                              const struct eg_item *database) {
    const struct eg_item *cluster = eg_item_link(scenario, database, "cluster");
    if (cluster != NULL && eg_is_blank(subnet_group_name(scenario, database)))
        return eg_item_get(scenario, cluster, "subnets");
    return subnets_of(scenario, database, EG_NAMES_DB_SUBNET_GROUP);
}

static const struct eg_node *database_subnets_given(struct eg_scenario *scenario,
                                                    const struct eg_item *database) {
    const struct eg_node *subnets = eg_item_get(scenario, database, "subnets");
    return eg_item_has_elements(scenario, subnets);
}

static const struct eg_node *database_vpc(struct eg_scenario *scenario,
                                          const struct eg_item *database) {
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, database, "subnets"));
    const struct eg_node *open = NULL;
    while (eg_walk_next(&walk)) {
        const struct eg_item *subnet = eg_item_in(walk.element);
        if (subnet == NULL)
            open = walk.element;
        else
            return eg_item_given(scenario, subnet, "vpc");
    }
    if (open != NULL)
        return open;
    return eg_item_unknown(database, EG_WHY_OUTSIDE, EG_STR("the default VPC"),
                           database->object.raw);
}

/* ---- the rest ---- */

static const struct eg_node *database_instances(struct eg_scenario *scenario,
                                                const struct eg_item *database) {
    struct eg_links links;
    eg_links_begin(&links, database);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &database->build->index, database->resource);
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *item = eg_item_for(database->build, incoming.resource);
        if (eg_item_is_type(item, "database"))
            eg_links_add_back(&links, scenario, item, "cluster");
    }
    return eg_links_end(&links);
}

static const struct eg_node *database_parameters(struct eg_scenario *scenario,
                                                 const struct eg_item *database) {
    static const char *const names[] = {"DBParameterGroupName", "DBClusterParameterGroupName"};
    const struct eg_node *name =
        first_given(scenario, database->resource, names, sizeof names / sizeof names[0]);
    /* RDS's own groups, default.postgres15, have the engine's values and can't be changed. */
    if (eg_is_blank(name) || eg_text_starts_with(name, EG_STR("default.")) == EG_TRUE)
        return eg_node_empty_map();
    const struct eg_resource *group =
        eg_index_find(&database->build->index, EG_NAMES_PARAMETER_GROUP, database->stack, name);
    if (group == NULL)
        return eg_item_outside(database, name);
    const struct eg_node *parameters = eg_property(scenario, group, "Parameters");
    if (parameters->kind != EG_MAP)
        return parameters->kind == EG_UNKNOWN ? parameters : eg_node_empty_map();
    /* Values are text, whatever is written: rds.force_ssl: 1. */
    struct eg_map_builder map;
    eg_map_begin(&map, database->build->arena);
    for (uint32_t i = 0; i < parameters->as.map.count; i++) {
        const struct eg_entry *entry = &parameters->as.map.items[i];
        const struct eg_node *value = eg_scenario_force(scenario, entry->value);
        struct eg_str text;
        if (eg_node_scalar_text(database->build->arena, value, &text))
            value = eg_item_text(database, text, value);
        eg_map_add(&map, entry->key, entry->key_offset, value, NULL);
    }
    return eg_map_node(&map, parameters);
}

/* Delete is CloudFormation's default, Snapshot for database clusters and for instances that are no
 * cluster's ("DeletionPolicy attribute"). */
static const struct eg_node *database_deletion(struct eg_scenario *scenario,
                                               const struct eg_item *database) {
    const struct eg_node *policy = eg_scenario_force(scenario, database->resource->deletion_policy);
    if (!eg_is_blank(policy))
        return policy;
    struct eg_str type = database->resource->type;
    bool snapshot = eg_str_is(type, "AWS::RDS::DBCluster") ||
                    (eg_str_is(type, "AWS::RDS::DBInstance") &&
                     eg_is_blank(eg_item_given(scenario, database, "dbClusterIdentifier")));
    return eg_item_text(database, snapshot ? EG_STR("Snapshot") : EG_STR("Delete"),
                        database->object.raw);
}

static const struct eg_node *database_password_text(struct eg_scenario *scenario,
                                                    const struct eg_item *database) {
    const struct eg_node *value = eg_item_given(scenario, database, "masterUserPassword");
    return value->kind == EG_ABSENT ? NULL
                                    : eg_value_text(scenario, database, EG_STR("password"), value);
}

static const struct eg_node *database_password_sources(struct eg_scenario *scenario,
                                                       const struct eg_item *database) {
    const struct eg_node *value = eg_item_given(scenario, database, "masterUserPassword");
    return value->kind == EG_ABSENT ? NULL : eg_value_sources(scenario, database, value);
}

static const struct eg_node *database_password_literal(struct eg_scenario *scenario,
                                                       const struct eg_item *database) {
    const struct eg_node *value = eg_item_given(scenario, database, "masterUserPassword");
    return eg_node_bool(value->kind == EG_STRING && value->as.text.length > 0 &&
                        !eg_str_starts_with(value->as.text, EG_STR("{{resolve:")));
}

/* ---- caches ---- */

static const struct eg_node *cache_form(struct eg_scenario *scenario, const struct eg_item *cache) {
    (void)scenario;
    struct eg_str type = cache->resource->type;
    struct eg_str form = eg_str_ends_with(type, EG_STR("ReplicationGroup"))
                             ? EG_STR("replication-group")
                         : eg_str_ends_with(type, EG_STR("ServerlessCache")) ? EG_STR("serverless")
                                                                             : EG_STR("cluster");
    return eg_item_text(cache, form, cache->object.raw);
}

static const struct eg_node *cache_port(struct eg_scenario *scenario, const struct eg_item *cache) {
    const struct eg_node *given = as_int(cache, eg_item_property(scenario, cache, "Port"));
    if (given->kind != EG_ABSENT)
        return given;
    const struct eg_node *engine = eg_item_given(scenario, cache, "engine");
    if (engine->kind == EG_UNKNOWN)
        return engine;
    /* A replication group without engine is Redis OSS. */
    return engine->kind == EG_ABSENT ? eg_item_int(cache, 6379)
                                     : engine_port(cache, eg_node_text(engine));
}

static const struct eg_node *cache_subnets(struct eg_scenario *scenario,
                                           const struct eg_item *cache) {
    return subnets_of(scenario, cache, EG_NAMES_CACHE_SUBNET_GROUP);
}

const struct eg_fact eg_facts_data[] = {
    {"database", "form", database_form},
    {"database", "port", database_port},
    {"database", "securityGroups", database_groups},
    {"database", "securityGroupsGiven", database_groups_given},
    {"database", "subnets", database_subnets},
    {"database", "subnetsGiven", database_subnets_given},
    {"database", "vpc", database_vpc},
    {"database", "cluster", database_cluster},
    {"database", "instances", database_instances},
    {"database", "parameters", database_parameters},
    {"database", "deletionPolicy", database_deletion},
    {"database", "passwordText", database_password_text},
    {"database", "passwordSources", database_password_sources},
    {"database", "passwordIsLiteral", database_password_literal},
    {"cache", "form", cache_form},
    {"cache", "port", cache_port},
    {"cache", "securityGroups", own_groups},
    {"cache", "securityGroupsGiven", own_groups_given},
    {"cache", "subnets", cache_subnets},
    {NULL, NULL, NULL},
};
