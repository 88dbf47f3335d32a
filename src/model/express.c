/* Express Gateway services: task definition, container and service in one resource. What can be
 * said there becomes fields of the usual objects; what can't be said is decided by ECS and so
 * unknown, not absent (AWS::ECS::ExpressGatewayService in the CloudFormation template reference).
 */
#include "model/facts.h"
#include "model/normalize.h"

static const struct eg_node *decided_by_ecs(const struct eg_item *item) {
    return eg_item_unknown(item, EG_WHY_ATTRIBUTE, EG_STR("what ECS Express Mode sets"),
                           item->object.raw);
}

/* Fields of ITEM that are not given and that ECS decides. */
static void open_fields(struct eg_item *item, const char *const *fields, size_t count) {
    for (size_t i = 0; i < count; i++)
        eg_item_set(item, fields[i], decided_by_ecs(item));
}

static void set_logs(struct eg_item *container, const struct eg_node *logs) {
    struct eg_arena *arena = container->build->arena;
    struct eg_map_builder options;
    eg_map_begin(&options, arena);
    const struct eg_node *group = EG_GET(logs, "LogGroup");
    const struct eg_node *prefix = EG_GET(logs, "LogStreamPrefix");
    if (group != NULL)
        eg_map_add(&options, EG_STR("awslogs-group"), logs->offset, group, NULL);
    if (prefix != NULL)
        eg_map_add(&options, EG_STR("awslogs-stream-prefix"), logs->offset, prefix, NULL);
    eg_map_add(&options, EG_STR("awslogs-region"), logs->offset, container->stack->region, NULL);
    struct eg_item *log = eg_item_part(container, "LogConfiguration", logs);
    eg_item_set_text(log, "logDriver", EG_STR("awslogs"));
    eg_item_set(log, "options", eg_map_node(&options, logs));
    eg_item_set(container, "logConfiguration", log->node);
}

static struct eg_item *make_container(struct eg_build *build, struct eg_item *task,
                                      const struct eg_node *map) {
    static const char *const open[] = {
        "readonlyRootFilesystem", "user", "linuxParameters", "healthCheck", "memory", "privileged"};
    struct eg_item *container = eg_item_new(build, &(struct eg_item_spec){
                                                       .type = "container",
                                                       .resource = task->resource,
                                                       .parent = task,
                                                       .path = EG_STR("PrimaryContainer"),
                                                       .presence = task->presence,
                                                       .raw = map,
                                                       .value = map,
                                                   });
    eg_normalize(container, map);
    open_fields(container, open, sizeof open / sizeof open[0]);
    eg_item_set_text(container, "name", EG_STR("Main"));
    const struct eg_node *logs = eg_member(&build->system->scenario, map, "AwsLogsConfiguration");
    if (logs->kind == EG_MAP)
        set_logs(container, logs);
    else
        eg_item_set(container, "logConfiguration", decided_by_ecs(container));
    return container;
}

/* ScalingTarget's MinTaskCount, one by default, as the service's count. */
static const struct eg_node *least_tasks(struct eg_scenario *scenario,
                                         const struct eg_item *service) {
    const struct eg_node *least =
        eg_member(scenario, eg_item_property(scenario, service, "ScalingTarget"), "MinTaskCount");
    int64_t number;
    if (least->kind == EG_STRING && eg_str_to_int(least->as.text, &number))
        return eg_node_int(service->build->arena, number, least);
    return least->kind == EG_INT || least->kind == EG_UNKNOWN ? least : NULL;
}

static struct eg_item *make_service(struct eg_build *build, const struct eg_item *task) {
    static const char *const open[] = {"deploymentConfiguration", "healthCheckGracePeriodSeconds",
                                       "loadBalancers", "propagateTags", "enableECSManagedTags"};
    struct eg_scenario *scenario = &build->system->scenario;
    struct eg_resource *resource = task->resource;
    struct eg_item *service = eg_item_new(build, &(struct eg_item_spec){
                                                     .type = "service",
                                                     .resource = resource,
                                                     .presence = task->presence,
                                                     .raw = resource->raw,
                                                     .value = resource->properties,
                                                 });
    eg_normalize(service, resource->properties);
    open_fields(service, open, sizeof open / sizeof open[0]);
    eg_item_set(service, "desiredCount", least_tasks(scenario, service));
    eg_item_set_text(service, "launchType", EG_STR("FARGATE"));
    return service;
}

static void make_task(struct eg_build *build, struct eg_resource *resource) {
    const struct eg_item *own = build->resource_items[resource->number];
    if (own == NULL)
        return;
    struct eg_item *task = eg_item_new(build, &(struct eg_item_spec){
                                                  .type = "taskDefinition",
                                                  .resource = resource,
                                                  .presence = own->presence,
                                                  .raw = resource->raw,
                                                  .value = resource->properties,
                                              });
    build->kind_items[resource->number] = task;
    eg_normalize(task, resource->properties);
    eg_item_set_text(task, "networkMode", EG_STR("awsvpc"));
    if (eg_item_given(&build->system->scenario, task, "cpu")->kind == EG_ABSENT)
        eg_item_set_text(task, "cpu", EG_STR("256"));
    if (eg_item_given(&build->system->scenario, task, "memory")->kind == EG_ABSENT)
        eg_item_set_text(task, "memory", EG_STR("512"));
    const struct eg_node *primary =
        eg_property(&build->system->scenario, resource, "PrimaryContainer");
    struct eg_list_builder containers;
    eg_list_begin(&containers, build->arena);
    if (primary->kind == EG_MAP)
        eg_list_add(&containers, make_container(build, task, primary)->node);
    else if (primary->kind == EG_UNKNOWN)
        eg_list_add(&containers, primary);
    eg_item_set(task, "containerDefinitions", eg_list_node(&containers, resource->raw));
    task->extra = make_service(build, task);
}

void eg_express_build(struct eg_build *build) {
    struct eg_resource_list list =
        eg_index_of_type(&build->index, "AWS::ECS::ExpressGatewayService");
    for (uint32_t i = 0; i < list.count; i++)
        make_task(build, list.items[i]);
}
