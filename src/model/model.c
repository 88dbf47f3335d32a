/* Building the model: which resource becomes an object of which kind; see model.h. Called by the
 * engine once for each system. */
#include "model/model.h"

#include "model/facts.h"
#include "model/item.h"
#include "model/normalize.h"

/* ---- resource types and kinds ---- */

static const struct kind_of_type {
    const char *type;
    const char *kind;
    const char *engine; /* databases whose type tells it */
} kinds_of_types[] = {
    {"AWS::ECS::TaskDefinition", "taskDefinition", NULL},
    {"AWS::ECS::Service", "service", NULL},
    {"AWS::ECS::Cluster", "cluster", NULL},
    {"AWS::ECS::CapacityProvider", "capacityProvider", NULL},
    {"AWS::EC2::VPC", "vpc", NULL},
    {"AWS::EC2::Subnet", "subnet", NULL},
    {"AWS::EC2::RouteTable", "routeTable", NULL},
    {"AWS::EC2::SecurityGroup", "securityGroup", NULL},
    {"AWS::ElasticLoadBalancingV2::LoadBalancer", "loadBalancer", NULL},
    {"AWS::ElasticLoadBalancingV2::Listener", "listener", NULL},
    {"AWS::ElasticLoadBalancingV2::TargetGroup", "targetGroup", NULL},
    {"AWS::IAM::Role", "role", NULL},
    {"AWS::ECR::Repository", "repository", NULL},
    {"AWS::Logs::LogGroup", "logGroup", NULL},
    {"AWS::SecretsManager::Secret", "secret", NULL},
    {"AWS::KMS::Key", "kmsKey", NULL},
    {"AWS::RDS::DBInstance", "database", NULL},
    {"AWS::RDS::DBCluster", "database", NULL},
    {"AWS::RDS::DBProxy", "database", NULL},
    {"AWS::DocDB::DBCluster", "database", "docdb"},
    {"AWS::DocDB::DBInstance", "database", "docdb"},
    {"AWS::Neptune::DBCluster", "database", "neptune"},
    {"AWS::Neptune::DBInstance", "database", "neptune"},
    {"AWS::S3::Bucket", "bucket", NULL},
    {"AWS::EFS::FileSystem", "fileSystem", NULL},
    {"AWS::ElastiCache::CacheCluster", "cache", NULL},
    {"AWS::ElastiCache::ReplicationGroup", "cache", NULL},
    {"AWS::ElastiCache::ServerlessCache", "cache", NULL},
    {"AWS::CloudWatch::Alarm", "alarm", NULL},
    {"AWS::CloudWatch::CompositeAlarm", "alarm", NULL},
    {"AWS::CloudWatch::Dashboard", "dashboard", NULL},
    {"AWS::SNS::Topic", "topic", NULL},
    {"AWS::ApplicationAutoScaling::ScalableTarget", "scalableTarget", NULL},
};

static const struct kind_of_type *kind_of(struct eg_str type) {
    for (size_t i = 0; i < sizeof kinds_of_types / sizeof kinds_of_types[0]; i++)
        if (eg_str_is(type, kinds_of_types[i].type))
            return &kinds_of_types[i];
    return NULL;
}

/* ---- binding facts to fields ---- */

static const struct eg_fact *const fact_tables[] = {
    eg_facts_stack,   eg_facts_task,      eg_facts_container, eg_facts_permission,
    eg_facts_role,    eg_facts_service,   eg_facts_cluster,   eg_facts_launch_site,
    eg_facts_network, eg_facts_group,     eg_facts_rule,      eg_facts_balancer,
    eg_facts_reach,   eg_facts_path,      eg_facts_outbound,  eg_facts_registry,
    eg_facts_log,     eg_facts_secret,    eg_facts_data,      eg_facts_storage,
    eg_facts_observe, eg_facts_structure, eg_facts_expose,    eg_facts_texts,
};

static void bind_tables(struct eg_build *build) {
    for (size_t i = 0; i < sizeof fact_tables / sizeof fact_tables[0]; i++) {
        for (const struct eg_fact *fact = fact_tables[i]; fact->type != NULL; fact++) {
            struct eg_binding *binding = eg_map_get(&build->bindings, eg_str_from(fact->type));
            const struct eg_field *field = eg_type_field(binding->type, eg_str_from(fact->field));
            binding->facts[field->number] = fact;
        }
    }
}

/* resource, stack and logicalId are the same in every kind. */
static void bind_common(struct eg_binding *binding) {
    for (const struct eg_fact *fact = eg_facts_common; fact->type != NULL; fact++) {
        const struct eg_field *field = eg_type_field(binding->type, eg_str_from(fact->field));
        if (field != NULL && binding->type->kind)
            binding->facts[field->number] = fact;
    }
}

static void make_bindings(struct eg_build *build) {
    const struct eg_map *types = &build->model.schema->types;
    eg_map_init(&build->bindings, build->arena);
    for (uint32_t i = 0; i < types->count; i++) {
        const struct eg_type *type = types->entries[i].value;
        struct eg_binding *binding = EG_NEW(build->arena, struct eg_binding);
        binding->type = type;
        binding->facts = EG_NEW_ARRAY(build->arena, const struct eg_fact *, type->field_count);
        eg_list_begin(&binding->objects, build->arena);
        bind_common(binding);
        eg_map_put(&build->bindings, type->name, binding);
    }
    bind_tables(build);
}

/* ---- objects ---- */

/* A value that comes from a parameter has the parameter's own value node as its origin. */
static void note_parameters(struct eg_build *build, struct eg_stack *stack) {
    for (uint32_t i = 0; i < stack->parameters.count; i++) {
        struct eg_map_entry *entry = &stack->parameters.entries[i];
        struct eg_str key = {(const char *)&entry->value, sizeof entry->value};
        eg_map_put(&build->parameter_names, key, &entry->key);
    }
}

static void make_stacks(struct eg_build *build) {
    struct eg_system *system = build->system;
    build->stack_items = EG_NEW_ARRAY(build->arena, struct eg_item *, system->stack_count);
    eg_map_init(&build->stack_numbers, build->arena);
    eg_map_init(&build->parameter_names, build->arena);
    for (uint32_t i = 0; i < system->stack_count; i++) {
        struct eg_stack *stack = system->stacks[i];
        struct eg_str key = {(const char *)&system->stacks[i], sizeof stack};
        eg_map_put(&build->stack_numbers, key, (void *)((uintptr_t)i + 1));
        note_parameters(build, stack);
        build->stack_items[i] = eg_item_new(
            build, &(struct eg_item_spec){
                       .type = "stack", .stack = stack, .raw = stack->template_->document.root});
    }
}

static const struct eg_presence *presence_of(struct eg_build *build,
                                             const struct eg_resource *resource) {
    if (resource->condition == NULL)
        return NULL;
    struct eg_presence *presence = EG_NEW(build->arena, struct eg_presence);
    *presence = (struct eg_presence){.condition = resource->condition, .wanted = true};
    return presence;
}

static void make_resource(struct eg_build *build, struct eg_resource *resource) {
    if (resource->never || resource->skipped)
        return;
    const struct eg_presence *presence = presence_of(build, resource);
    struct eg_item_spec spec = {.type = "resource",
                                .resource = resource,
                                .presence = presence,
                                .raw = resource->raw,
                                .value = resource->properties};
    build->resource_items[resource->number] = eg_item_new(build, &spec);
    const struct kind_of_type *kind = kind_of(resource->type);
    if (kind == NULL)
        return;
    spec.type = kind->kind;
    struct eg_item *item = eg_item_new(build, &spec);
    build->kind_items[resource->number] = item;
    eg_normalize(item, resource->properties);
    if (kind->engine != NULL)
        eg_item_set_text(item, "engine", eg_str_from(kind->engine));
}

static void make_resources(struct eg_build *build) {
    struct eg_system *system = build->system;
    build->resource_items = EG_NEW_ARRAY(build->arena, struct eg_item *, system->resource_count);
    build->kind_items = EG_NEW_ARRAY(build->arena, struct eg_item *, system->resource_count);
    build->outside_groups = EG_NEW_ARRAY(build->arena, struct eg_item *, system->resource_count);
    for (uint32_t i = 0; i < system->stack_count; i++)
        for (uint32_t k = 0; k < system->stacks[i]->resource_count; k++)
            make_resource(build, system->stacks[i]->resources[k]);
}

static void make_kinds(struct eg_build *build) {
    const struct eg_map *types = &build->model.schema->types;
    struct eg_model *model = &build->model;
    model->kinds = EG_NEW_ARRAY(build->arena, struct eg_model_kind, types->count);
    for (uint32_t i = 0; i < types->count; i++) {
        const struct eg_type *type = types->entries[i].value;
        if (!type->kind)
            continue;
        const struct eg_binding *binding = eg_map_get(&build->bindings, type->name);
        model->kinds[model->kind_count++] = (struct eg_model_kind){
            .type = type,
            .objects = binding->objects.items,
            .count = binding->objects.count,
        };
    }
}

struct eg_model *eg_model_build(const struct eg_schema *schema, struct eg_system *system) {
    struct eg_build *build = EG_NEW(system->arena, struct eg_build);
    build->arena = system->arena;
    build->system = system;
    build->model = (struct eg_model){.arena = system->arena, .schema = schema, .system = system};
    make_bindings(build);
    eg_index_build(&build->index, system);
    make_stacks(build);
    make_resources(build);
    eg_clusters_build(build);
    eg_groups_build(build);
    eg_express_build(build);
    eg_launch_sites_build(build);
    eg_problems_build(build);
    make_kinds(build);
    return &build->model;
}

/* ---- looking at it ---- */

const struct eg_model_kind *eg_model_kind(const struct eg_model *model, struct eg_str name) {
    for (uint32_t i = 0; i < model->kind_count; i++)
        if (eg_str_equal(model->kinds[i].type->name, name))
            return &model->kinds[i];
    return NULL;
}

const struct eg_resource *eg_model_resource(const struct eg_object *object) {
    return object->owner;
}

struct eg_str eg_model_path(const struct eg_object *object, struct eg_arena *arena) {
    (void)arena;
    return object->fields == NULL ? EG_STR("") : eg_item_of(object)->path;
}

/* The field that holds what a person calls an object, by kind. */
static const struct {
    const char *kind, *field;
} name_fields[] = {
    {"container", "name"},
    {"taskDefinition", "family"},
    {"service", "serviceName"},
    {"cluster", "clusterName"},
    {"launchSite", "name"},
    {"ingressRule", "description"},
    {"loadBalancer", "name"},
    {"egressRule", "description"},
    {"role", "roleName"},
    {"targetGroup", "name"},
    {"repository", "repositoryName"},
    {"logGroup", "logGroupName"},
    {"secret", "name"},
    {"bucket", "bucketName"},
    {"alarm", "alarmName"},
    {"dashboard", "dashboardName"},
    {"topic", "topicName"},
    {"securityGroup", "groupName"},
    {"stack", "name"},
    {"capacityProvider", "name"},
};

const struct eg_node *eg_model_name(const struct eg_object *object, struct eg_scenario *scenario) {
    if (object->fields == NULL)
        return eg_node_absent();
    for (size_t i = 0; i < sizeof name_fields / sizeof name_fields[0]; i++)
        if (eg_str_is(object->type->name, name_fields[i].kind))
            return eg_item_get(scenario, eg_item_of(object), name_fields[i].field);
    return eg_node_absent();
}

enum eg_truth eg_model_exists(const struct eg_object *object, struct eg_scenario *scenario) {
    enum eg_truth exists = EG_TRUE;
    if (object->fields == NULL)
        return exists;
    for (const struct eg_presence *p = eg_item_of(object)->presence; p != NULL; p = p->outer) {
        enum eg_truth decided = eg_scenario_decide(scenario, p->condition, NULL);
        exists = eg_truth_and(exists, p->wanted ? decided : eg_truth_not(decided));
    }
    return exists;
}
