/* Indexes over a system's resources; see index.h. Called by model.c once and by the facts. */
#include "model/index.h"

#include "base/limits.h"
#include "node/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

/* Which property of which type is the resource's name. */
static const struct {
    const char *type;
    const char *property;
    enum eg_name_space space;
} name_properties[] = {
    {"AWS::IAM::Role", "RoleName", EG_NAMES_ROLE},
    {"AWS::ECS::TaskDefinition", "Family", EG_NAMES_FAMILY},
    {"AWS::ECS::Cluster", "ClusterName", EG_NAMES_CLUSTER},
    {"AWS::ECS::Service", "ServiceName", EG_NAMES_SERVICE},
    {"AWS::Logs::LogGroup", "LogGroupName", EG_NAMES_LOG_GROUP},
    {"AWS::SecretsManager::Secret", "Name", EG_NAMES_SECRET},
    {"AWS::SSM::Parameter", "Name", EG_NAMES_SSM_PARAMETER},
    {"AWS::S3::Bucket", "BucketName", EG_NAMES_BUCKET},
    {"AWS::ECR::Repository", "RepositoryName", EG_NAMES_REPOSITORY},
    {"AWS::IAM::ManagedPolicy", "ManagedPolicyName", EG_NAMES_MANAGED_POLICY},
    {"AWS::CloudWatch::Alarm", "AlarmName", EG_NAMES_ALARM},
    {"AWS::RDS::DBCluster", "DBClusterIdentifier", EG_NAMES_DB_CLUSTER},
    {"AWS::RDS::DBSubnetGroup", "DBSubnetGroupName", EG_NAMES_DB_SUBNET_GROUP},
    {"AWS::ElastiCache::SubnetGroup", "CacheSubnetGroupName", EG_NAMES_CACHE_SUBNET_GROUP},
    {"AWS::RDS::DBParameterGroup", "DBParameterGroupName", EG_NAMES_PARAMETER_GROUP},
    {"AWS::RDS::DBClusterParameterGroup", "DBClusterParameterGroupName", EG_NAMES_PARAMETER_GROUP},
    {"AWS::ECS::CapacityProvider", "Name", EG_NAMES_CAPACITY_PROVIDER},
    {"AWS::KMS::Alias", "AliasName", EG_NAMES_KEY_ALIAS},
    {"AWS::EC2::SecurityGroupIngress", "GroupId", EG_NAMES_SECURITY_GROUP},
    {"AWS::EC2::SecurityGroupEgress", "GroupId", EG_NAMES_SECURITY_GROUP},
};

/* Where other resources are named by text. "[]" walks a list. */
static const struct {
    const char *type;
    const char *path;
    enum eg_name_space space;
} name_uses[] = {
    {"AWS::ECS::TaskDefinition", "ExecutionRoleArn", EG_NAMES_ROLE},
    {"AWS::ECS::TaskDefinition", "TaskRoleArn", EG_NAMES_ROLE},
    {"AWS::ECS::TaskDefinition", "ContainerDefinitions.[].LogConfiguration.Options.awslogs-group",
     EG_NAMES_LOG_GROUP},
    {"AWS::ECS::TaskDefinition", "ContainerDefinitions.[].Secrets.[].ValueFrom", EG_NAMES_SECRET},
    {"AWS::ECS::TaskDefinition", "ContainerDefinitions.[].Secrets.[].ValueFrom",
     EG_NAMES_SSM_PARAMETER},
    {"AWS::ECS::TaskDefinition",
     "ContainerDefinitions.[].RepositoryCredentials.CredentialsParameter", EG_NAMES_SECRET},
    {"AWS::ECS::TaskDefinition", "ContainerDefinitions.[].Image", EG_NAMES_REPOSITORY},
    {"AWS::ECS::ExpressGatewayService", "ExecutionRoleArn", EG_NAMES_ROLE},
    {"AWS::ECS::ExpressGatewayService", "TaskRoleArn", EG_NAMES_ROLE},
    {"AWS::ECS::ExpressGatewayService", "Cluster", EG_NAMES_CLUSTER},
    {"AWS::ECS::Service", "TaskDefinition", EG_NAMES_FAMILY},
    {"AWS::ECS::Service", "Cluster", EG_NAMES_CLUSTER},
    {"AWS::ECS::Service", "DeploymentConfiguration.Alarms.AlarmNames.[]", EG_NAMES_ALARM},
    {"AWS::ECS::TaskSet", "TaskDefinition", EG_NAMES_FAMILY},
    {"AWS::ECS::TaskSet", "Cluster", EG_NAMES_CLUSTER},
    {"AWS::ECS::TaskSet", "Service", EG_NAMES_SERVICE},
    {"AWS::ECS::ClusterCapacityProviderAssociations", "Cluster", EG_NAMES_CLUSTER},
    {"AWS::Events::Rule", "Targets.[].EcsParameters.TaskDefinitionArn", EG_NAMES_FAMILY},
    {"AWS::Events::Rule", "Targets.[].Arn", EG_NAMES_CLUSTER},
    {"AWS::Events::Rule", "Targets.[].RoleArn", EG_NAMES_ROLE},
    {"AWS::Scheduler::Schedule", "Target.EcsParameters.TaskDefinitionArn", EG_NAMES_FAMILY},
    {"AWS::Scheduler::Schedule", "Target.Arn", EG_NAMES_CLUSTER},
    {"AWS::Scheduler::Schedule", "Target.RoleArn", EG_NAMES_ROLE},
    {"AWS::Pipes::Pipe", "TargetParameters.EcsTaskParameters.TaskDefinitionArn", EG_NAMES_FAMILY},
    {"AWS::Pipes::Pipe", "Target", EG_NAMES_CLUSTER},
    {"AWS::Pipes::Pipe", "RoleArn", EG_NAMES_ROLE},
    {"AWS::StepFunctions::StateMachine", "RoleArn", EG_NAMES_ROLE},
    {"AWS::IAM::Policy", "Roles.[]", EG_NAMES_ROLE},
    {"AWS::IAM::ManagedPolicy", "Roles.[]", EG_NAMES_ROLE},
    {"AWS::IAM::RolePolicy", "RoleName", EG_NAMES_ROLE},
    {"AWS::IAM::InstanceProfile", "Roles.[]", EG_NAMES_ROLE},
    {"AWS::IAM::Role", "ManagedPolicyArns.[]", EG_NAMES_MANAGED_POLICY},
    {"AWS::ApplicationAutoScaling::ScalableTarget", "ResourceId", EG_NAMES_SERVICE},
    {"AWS::CloudWatch::Alarm", "Dimensions.[].Value", EG_NAMES_SERVICE},
    {"AWS::CodeDeploy::DeploymentGroup", "ECSServices.[].ServiceName", EG_NAMES_SERVICE},
    {"AWS::RDS::DBInstance", "DBClusterIdentifier", EG_NAMES_DB_CLUSTER},
    {"AWS::RDS::DBInstance", "DBSubnetGroupName", EG_NAMES_DB_SUBNET_GROUP},
    {"AWS::RDS::DBCluster", "DBSubnetGroupName", EG_NAMES_DB_SUBNET_GROUP},
    {"Custom::LogRetention", "LogGroupName", EG_NAMES_LOG_GROUP},
    {"AWS::SecretsManager::RotationSchedule", "SecretId", EG_NAMES_SECRET},
    {"AWS::SecretsManager::ResourcePolicy", "SecretId", EG_NAMES_SECRET},
    {"AWS::S3::BucketPolicy", "Bucket", EG_NAMES_BUCKET},
    {"AWS::EC2::SecurityGroupIngress", "GroupId", EG_NAMES_SECURITY_GROUP},
    {"AWS::EC2::SecurityGroupEgress", "GroupId", EG_NAMES_SECURITY_GROUP},
    {"AWS::ECS::Service", "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups.[]",
     EG_NAMES_SECURITY_GROUP},
    {"AWS::ECS::TaskSet", "NetworkConfiguration.AwsVpcConfiguration.SecurityGroups.[]",
     EG_NAMES_SECURITY_GROUP},
    {"AWS::ECS::ExpressGatewayService", "NetworkConfiguration.SecurityGroups.[]",
     EG_NAMES_SECURITY_GROUP},
    {"AWS::Events::Rule",
     "Targets.[].EcsParameters.NetworkConfiguration.AwsVpcConfiguration.SecurityGroups.[]",
     EG_NAMES_SECURITY_GROUP},
    {"AWS::Scheduler::Schedule",
     "Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups.[]",
     EG_NAMES_SECURITY_GROUP},
    {"AWS::Pipes::Pipe",
     "TargetParameters.EcsTaskParameters.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups."
     "[]",
     EG_NAMES_SECURITY_GROUP},
    {"AWS::ElasticLoadBalancingV2::LoadBalancer", "SecurityGroups.[]", EG_NAMES_SECURITY_GROUP},
    {"AWS::RDS::DBInstance", "VPCSecurityGroups.[]", EG_NAMES_SECURITY_GROUP},
    {"AWS::RDS::DBCluster", "VpcSecurityGroupIds.[]", EG_NAMES_SECURITY_GROUP},
    {"AWS::RDS::DBProxy", "VpcSecurityGroupIds.[]", EG_NAMES_SECURITY_GROUP},
    {"AWS::DocDB::DBCluster", "VpcSecurityGroupIds.[]", EG_NAMES_SECURITY_GROUP},
    {"AWS::Neptune::DBCluster", "VpcSecurityGroupIds.[]", EG_NAMES_SECURITY_GROUP},
    {"AWS::ElastiCache::ReplicationGroup", "SecurityGroupIds.[]", EG_NAMES_SECURITY_GROUP},
    {"AWS::ElastiCache::CacheCluster", "VpcSecurityGroupIds.[]", EG_NAMES_SECURITY_GROUP},
    {"AWS::ElastiCache::ServerlessCache", "SecurityGroupIds.[]", EG_NAMES_SECURITY_GROUP},
    {"AWS::EFS::MountTarget", "SecurityGroups.[]", EG_NAMES_SECURITY_GROUP},
};

enum {
    PROPERTY_COUNT = sizeof name_properties / sizeof name_properties[0],
    USE_COUNT = sizeof name_uses / sizeof name_uses[0],
};

/* What stands before the name in an ARN, and what ends it. */
static const struct {
    const char *before;
    char behind;     /* 0: nothing */
    bool last_slash; /* only what follows the last '/' is the name: paths, clusters */
} arn_forms[EG_NAMES_COUNT] = {
    [EG_NAMES_ROLE] = {":role/", 0, true},
    [EG_NAMES_FAMILY] = {":task-definition/", ':', false},
    [EG_NAMES_CLUSTER] = {":cluster/", 0, false},
    [EG_NAMES_SERVICE] = {"service/", 0, true},
    [EG_NAMES_LOG_GROUP] = {":log-group:", ':', false},
    [EG_NAMES_SECRET] = {":secret:", ':', false},
    [EG_NAMES_SSM_PARAMETER] = {":parameter/", 0, false},
    [EG_NAMES_BUCKET] = {":::", '/', false},
    [EG_NAMES_REPOSITORY] = {":repository/", 0, false},
    [EG_NAMES_MANAGED_POLICY] = {":policy/", 0, true},
    [EG_NAMES_ALARM] = {":alarm:", 0, false},
    [EG_NAMES_DB_CLUSTER] = {":cluster:", 0, false},
    [EG_NAMES_DB_SUBNET_GROUP] = {":subgrp:", 0, false},
    [EG_NAMES_CACHE_SUBNET_GROUP] = {":subnetgroup:", 0, false},
    [EG_NAMES_PARAMETER_GROUP] = {":pg:", 0, false},
    [EG_NAMES_CAPACITY_PROVIDER] = {":capacity-provider/", 0, false},
    [EG_NAMES_KEY_ALIAS] = {":alias/", 0, false},
    [EG_NAMES_SECURITY_GROUP] = {":security-group/", 0, false},
};

/* Cuts TEXT to the name in it: an ARN's, or TEXT itself. */
static struct eg_str name_in(enum eg_name_space space, struct eg_str text) {
    struct eg_str before = eg_str_from(arn_forms[space].before);
    size_t found = eg_str_find(text, before, 0);
    if (found != SIZE_MAX) {
        text = eg_str_from_offset(text, found + before.length);
        char end[2] = {arn_forms[space].behind, 0};
        size_t stop = end[0] == 0 ? SIZE_MAX : eg_str_find(text, eg_str_from(end), 0);
        if (stop != SIZE_MAX)
            text = eg_str_slice(text, 0, stop);
    } else if (space == EG_NAMES_FAMILY) {
        size_t colon = eg_str_find(text, EG_STR(":"), 0);
        text = colon == SIZE_MAX ? text : eg_str_slice(text, 0, colon);
    }
    if (arn_forms[space].last_slash) {
        size_t slash = eg_str_find_last(text, '/');
        text = slash == SIZE_MAX ? text : eg_str_from_offset(text, slash + 1);
    }
    if (space == EG_NAMES_SSM_PARAMETER && eg_str_starts_with(text, EG_STR("/")))
        text = eg_str_from_offset(text, 1);
    if (space == EG_NAMES_KEY_ALIAS && eg_str_starts_with(text, EG_STR("alias/")))
        text = eg_str_from_offset(text, 6);
    return text;
}

/* The key under which a name is kept: in its stack, or (stack NULL) in all of them. */
static struct eg_str name_key(struct eg_arena *arena, enum eg_name_space space,
                              const struct eg_stack *stack, struct eg_str name) {
    return eg_str_format(arena, "%d %p %.*s", (int)space, (const void *)stack, EG_STR_ARGS(name));
}

/* A parameter or an import: whatever it holds, it is the same wherever it is named. */
static bool is_named_unknown(const struct eg_node *value) {
    return value->kind == EG_UNKNOWN && value->as.unknown->name.length > 0 &&
           (value->as.unknown->why == EG_WHY_PARAMETER ||
            value->as.unknown->why == EG_WHY_SSM_PARAMETER ||
            value->as.unknown->why == EG_WHY_IMPORT);
}

/* The text of a name, as far as it can be told. A name with holes is told by how it reads, which
 * is the same only in the same stack: *RET_LOCAL. */
static bool name_text(struct eg_arena *arena, enum eg_name_space space, const struct eg_node *value,
                      struct eg_str *ret_name, bool *ret_local) {
    *ret_local = false;
    if (value->kind == EG_STRING) {
        *ret_name = name_in(space, value->as.text);
        return ret_name->length > 0;
    }
    if (value->kind != EG_PARTIAL && !is_named_unknown(value))
        return false;
    struct eg_str end = eg_text_known_end(value);
    struct eg_str before = eg_str_from(arn_forms[space].before);
    if (eg_str_contains(end, before)) {
        *ret_name = name_in(space, end);
        return ret_name->length > 0;
    }
    *ret_local = true;
    *ret_name = name_in(space, eg_text_show(arena, value));
    return ret_name->length > 0;
}

/* Marks a name that several stacks give. */
static const struct eg_resource ambiguous;

static void add_name(struct eg_index *index, enum eg_name_space space, struct eg_resource *resource,
                     struct eg_scenario *scenario, const char *property) {
    const struct eg_node *value = eg_resource_property(resource, property);
    if (value == NULL) {
        char lower[64];
        snprintf(lower, sizeof lower, "%c%s", property[0] | 0x20, property + 1);
        value = eg_resource_property(resource, lower);
    }
    struct eg_str name;
    bool local;
    if (value == NULL ||
        !name_text(index->arena, space, eg_scenario_force(scenario, value), &name, &local))
        return;
    struct eg_str own_key = name_key(index->arena, space, resource->stack, name);
    struct eg_str key = name_key(index->arena, space, NULL, name);
    struct eg_resource *other = eg_map_get(&index->names, local ? own_key : key);
    /* Any rule of a group outside the input stands for it; the first does. */
    if (space == EG_NAMES_SECURITY_GROUP && other != NULL)
        return;
    eg_map_put(&index->names, own_key, resource);
    if (local)
        return;
    eg_map_put(&index->names, key,
               other == NULL || other->stack == resource->stack ? resource : (void *)&ambiguous);
}

struct eg_resource *eg_index_named(const struct eg_index *index, enum eg_name_space space,
                                   const struct eg_stack *stack, struct eg_str name) {
    struct eg_resource *found =
        eg_map_get(&index->names, name_key(index->arena, space, stack, name));
    if (found == NULL)
        found = eg_map_get(&index->names, name_key(index->arena, space, NULL, name));
    return found == &ambiguous ? NULL : found;
}

/* "name-AbCdEf": the name without the random end of a secret's ARN. */
static bool cut_secret_suffix(struct eg_str *name) {
    enum { SUFFIX = 7 };
    if (name->length <= SUFFIX || name->data[name->length - SUFFIX] != '-')
        return false;
    name->length -= SUFFIX;
    return true;
}

struct eg_resource *eg_index_find(const struct eg_index *index, enum eg_name_space space,
                                  const struct eg_stack *stack, const struct eg_node *value) {
    struct eg_resource *target = eg_resolve_target(value);
    if (target != NULL)
        return target;
    struct eg_str name;
    bool local;
    if (!name_text(index->arena, space, value, &name, &local))
        return NULL;
    struct eg_resource *found = eg_index_named(index, space, stack, name);
    if (found == NULL && space == EG_NAMES_SECRET && cut_secret_suffix(&name))
        found = eg_index_named(index, space, stack, name);
    return found;
}

/* ---- edges ---- */

struct edge_walk {
    struct eg_index *index;
    struct eg_scenario *scenario;
    const struct eg_resource *from;
    uint32_t type;
    uint32_t *last_from; /* by target: number + 1 of the resource that last referred to it */
};

static uint32_t type_number(const struct eg_index *index, struct eg_str type) {
    return (uint32_t)(uintptr_t)eg_map_get(&index->type_numbers, type);
}

static void add_edge(struct edge_walk *walk, const struct eg_resource *to) {
    struct eg_index *index = walk->index;
    if (to == NULL || to == walk->from || walk->last_from[to->number] == walk->from->number + 1)
        return;
    walk->last_from[to->number] = walk->from->number + 1;
    if (index->edge_count == index->edge_capacity) {
        uint32_t capacity = index->edge_capacity == 0 ? 64 : index->edge_capacity * 2;
        index->edges =
            eg_arena_grow(index->arena, index->edges, index->edge_capacity * sizeof *index->edges,
                          capacity * sizeof *index->edges);
        index->edge_capacity = capacity;
    }
    index->edges[index->edge_count++] =
        (struct eg_edge){.to = to->number, .type = walk->type, .from = walk->from->number};
}

/* All references in NODE, in every branch. */
static void walk_references(struct edge_walk *walk, const struct eg_node *node, unsigned depth) {
    if (node == NULL || depth > EG_LIMIT_DEPTH)
        return;
    switch (node->kind) {
    case EG_REFERENCE:
        add_edge(walk, eg_resolve_target(node));
        break;
    case EG_LIST:
    case EG_PARTIAL:
        for (uint32_t i = 0; i < node->as.list.count; i++)
            walk_references(walk, node->as.list.items[i], depth + 1);
        break;
    case EG_MAP:
        for (uint32_t i = 0; i < node->as.map.count; i++)
            walk_references(walk, node->as.map.items[i].value, depth + 1);
        break;
    case EG_CHOICE:
        walk_references(walk, node->as.choice->if_true, depth + 1);
        walk_references(walk, node->as.choice->if_false, depth + 1);
        break;
    case EG_LAZY:
        walk_references(walk, eg_scenario_force(walk->scenario, node), depth + 1);
        break;
    default:
        break;
    }
}

static const struct eg_node *member_of_either_spelling(const struct eg_node *map,
                                                       struct eg_str key) {
    const struct eg_node *value = eg_node_get(map, key);
    char lower[64];
    if (value != NULL || key.length == 0 || key.length >= sizeof lower)
        return value;
    memcpy(lower, key.data, key.length);
    lower[0] = (char)(lower[0] | 0x20);
    return eg_node_get(map, (struct eg_str){lower, key.length});
}

/* A repository named in an image: the path behind the ECR host, without tag and digest. */
static struct eg_str image_repository(struct eg_str text) {
    size_t slash = eg_str_find(text, EG_STR("/"), 0);
    if (slash == SIZE_MAX)
        return EG_STR("");
    text = eg_str_from_offset(text, slash + 1);
    size_t end = eg_str_find(text, EG_STR("@"), 0);
    text = end == SIZE_MAX ? text : eg_str_slice(text, 0, end);
    end = eg_str_find(text, EG_STR(":"), 0);
    return end == SIZE_MAX ? text : eg_str_slice(text, 0, end);
}

static void add_named_edge(struct edge_walk *walk, enum eg_name_space space,
                           const struct eg_node *value) {
    if (space == EG_NAMES_REPOSITORY) {
        struct eg_str text =
            value->kind == EG_PARTIAL ? eg_text_known_end(value) : eg_node_text(value);
        struct eg_str name = image_repository(text);
        if (name.length > 0)
            add_edge(walk, eg_index_named(walk->index, space, walk->from->stack, name));
        return;
    }
    add_edge(walk, eg_index_find(walk->index, space, walk->from->stack, value));
}

/* The values at PATH below NODE, in every branch. */
static void walk_names(struct edge_walk *walk, const struct eg_node *node, struct eg_str path,
                       enum eg_name_space space, unsigned depth) {
    if (node == NULL || depth > EG_LIMIT_DEPTH)
        return;
    if (node->kind == EG_CHOICE) {
        walk_names(walk, node->as.choice->if_true, path, space, depth + 1);
        walk_names(walk, node->as.choice->if_false, path, space, depth + 1);
        return;
    }
    if (path.length == 0) {
        if (node->kind == EG_STRING || node->kind == EG_PARTIAL || is_named_unknown(node))
            add_named_edge(walk, space, node);
        return;
    }
    size_t dot = eg_str_find(path, EG_STR("."), 0);
    struct eg_str step = dot == SIZE_MAX ? path : eg_str_slice(path, 0, dot);
    struct eg_str rest = dot == SIZE_MAX ? EG_STR("") : eg_str_from_offset(path, dot + 1);
    if (!eg_str_is(step, "[]")) {
        walk_names(walk, member_of_either_spelling(node, step), rest, space, depth + 1);
    } else if (node->kind == EG_LIST) {
        for (uint32_t i = 0; i < node->as.list.count; i++)
            walk_names(walk, node->as.list.items[i], rest, space, depth + 1);
    } else {
        walk_names(walk, node, rest, space, depth + 1);
    }
}

static int compare_edges(const void *left, const void *right) {
    const struct eg_edge *a = left;
    const struct eg_edge *b = right;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    return a->from < b->from ? -1 : a->from > b->from;
}

static void build_edges(struct eg_index *index, struct eg_scenario *scenario) {
    struct edge_walk walk = {
        .index = index,
        .scenario = scenario,
        .last_from = EG_NEW_ARRAY(index->arena, uint32_t, index->resource_count),
    };
    for (uint32_t i = 0; i < index->resource_count; i++) {
        walk.from = index->resources[i];
        if (walk.from == NULL)
            continue;
        walk.type = type_number(index, walk.from->type);
        walk_references(&walk, walk.from->properties, 0);
        for (size_t k = 0; k < USE_COUNT; k++)
            if (eg_str_is(walk.from->type, name_uses[k].type))
                walk_names(&walk, walk.from->properties, eg_str_from(name_uses[k].path),
                           name_uses[k].space, 0);
    }
    if (index->edge_count > 0)
        qsort(index->edges, index->edge_count, sizeof *index->edges, compare_edges);
}

/* ---- building ---- */

static void add_resource(struct eg_index *index, struct eg_resource *resource) {
    index->resources[resource->number] = resource;
    struct eg_resource_list *list = eg_map_get(&index->by_type, resource->type);
    if (list == NULL) {
        list = EG_NEW(index->arena, struct eg_resource_list);
        eg_map_put(&index->by_type, resource->type, list);
        eg_map_put(&index->type_numbers, resource->type,
                   (void *)(uintptr_t)(index->type_numbers.count + 1));
    }
    /* Grown by powers of two: count is the capacity whenever it is one. */
    if ((list->count & (list->count - 1)) == 0)
        list->items = eg_arena_grow(index->arena, list->items, list->count * sizeof *list->items,
                                    (list->count == 0 ? 1 : 2 * list->count) * sizeof *list->items);
    list->items[list->count++] = resource;
}

static void add_names(struct eg_index *index, struct eg_scenario *scenario) {
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        struct eg_resource_list list = eg_index_of_type(index, name_properties[i].type);
        for (uint32_t k = 0; k < list.count; k++)
            add_name(index, name_properties[i].space, list.items[k], scenario,
                     name_properties[i].property);
    }
}

void eg_index_build(struct eg_index *index, struct eg_system *system) {
    *index = (struct eg_index){
        .arena = system->arena,
        .resources = EG_NEW_ARRAY(system->arena, struct eg_resource *, system->resource_count),
        .resource_count = system->resource_count,
    };
    eg_map_init(&index->type_numbers, system->arena);
    eg_map_init(&index->by_type, system->arena);
    eg_map_init(&index->names, system->arena);
    for (uint32_t i = 0; i < system->stack_count; i++)
        for (uint32_t k = 0; k < system->stacks[i]->resource_count; k++)
            if (!system->stacks[i]->resources[k]->never)
                add_resource(index, system->stacks[i]->resources[k]);
    add_names(index, &system->scenario);
    build_edges(index, &system->scenario);
}

struct eg_resource_list eg_index_of_type(const struct eg_index *index, const char *type) {
    const struct eg_resource_list *list = eg_map_get(&index->by_type, eg_str_from(type));
    struct eg_resource_list none = {0};
    return list == NULL ? none : *list;
}

/* The first edge that is not before TO and TYPE. */
static uint32_t first_edge(const struct eg_index *index, uint32_t to, uint32_t type) {
    uint32_t low = 0;
    uint32_t high = index->edge_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct eg_edge *edge = &index->edges[middle];
        if (edge->to < to || (edge->to == to && edge->type < type))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void eg_incoming_begin(struct eg_incoming *incoming, const struct eg_index *index,
                       const struct eg_resource *to, const char *type) {
    *incoming = (struct eg_incoming){.index = index};
    uint32_t number = type_number(index, eg_str_from(type));
    if (number == 0)
        return;
    incoming->next = first_edge(index, to->number, number);
    incoming->end = first_edge(index, to->number, number + 1);
}

void eg_incoming_begin_all(struct eg_incoming *incoming, const struct eg_index *index,
                           const struct eg_resource *to) {
    *incoming = (struct eg_incoming){
        .index = index,
        .next = first_edge(index, to->number, 0),
        .end = first_edge(index, to->number + 1, 0),
    };
}

bool eg_incoming_next(struct eg_incoming *incoming) {
    if (incoming->next >= incoming->end)
        return false;
    incoming->resource = incoming->index->resources[incoming->index->edges[incoming->next].from];
    incoming->next++;
    return true;
}
