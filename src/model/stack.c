/* Facts of stacks, resources and problems, and those that every resource's object has. */
#include "base/secret.h"
#include "model/facts.h"
#include "model/normalize.h"
#include "model/task.h"

#include <string.h>

/* ---- what every object of a resource has ---- */

static const struct eg_node *common_resource(struct eg_scenario *scenario,
                                             const struct eg_item *item) {
    (void)scenario;
    return eg_item_resource_node(item->build, item->resource);
}

static const struct eg_node *common_stack(struct eg_scenario *scenario,
                                          const struct eg_item *item) {
    (void)scenario;
    const struct eg_item *stack = eg_item_stack(item->build, item->stack);
    return stack == NULL ? NULL : stack->node;
}

static const struct eg_node *common_logical_id(struct eg_scenario *scenario,
                                               const struct eg_item *item) {
    (void)scenario;
    return item->resource == NULL
               ? NULL
               : eg_item_text(item, item->resource->logical_id, item->object.raw);
}

/* Bound to the fields of these names in every kind that has them; see model.c. */
const struct eg_fact eg_facts_common[] = {
    {"", "resource", common_resource},
    {"", "stack", common_stack},
    {"", "logicalId", common_logical_id},
    {NULL, NULL, NULL},
};

/* ---- stacks ---- */

static const struct eg_node *text_of(const struct eg_item *item, struct eg_str text) {
    return eg_item_text(item, text, item->object.raw);
}

static const struct eg_node *stack_name(struct eg_scenario *scenario, const struct eg_item *item) {
    (void)scenario;
    return text_of(item, item->stack->name);
}

static const struct eg_node *stack_region(struct eg_scenario *scenario,
                                          const struct eg_item *item) {
    return eg_scenario_force(scenario, item->stack->region);
}

static const struct eg_node *stack_account(struct eg_scenario *scenario,
                                           const struct eg_item *item) {
    return eg_scenario_force(scenario, item->stack->account);
}

static const struct eg_node *stack_file(struct eg_scenario *scenario, const struct eg_item *item) {
    (void)scenario;
    return text_of(item, item->stack->template_->path);
}

/* The text "Description" of NODE, hidden where it has a secret in it; empty if there is none. */
static const struct eg_node *description(const struct eg_item *item, const struct eg_node *node) {
    const struct eg_node *text = EG_GET(node, "Description");
    if (eg_node_kind(text) != EG_STRING)
        return eg_item_text(item, EG_STR(""), node);
    return eg_secret_has_form(text->as.text) ? eg_hide(item->build->arena, text) : text;
}

static const struct eg_node *stack_description(struct eg_scenario *scenario,
                                               const struct eg_item *item) {
    (void)scenario;
    const struct eg_node *root = item->stack->template_->document.root;
    return eg_node_kind(EG_GET(root, "Description")) == EG_STRING ? description(item, root) : NULL;
}

static bool is_yes(const struct eg_node *node) {
    return eg_is_true(node) || eg_str_equal_nocase(eg_node_text(node), EG_STR("true"));
}

static const struct eg_node *stack_parameters(struct eg_scenario *scenario,
                                              const struct eg_item *item) {
    struct eg_list_builder list;
    eg_list_begin(&list, item->build->arena);
    const struct eg_node *map = item->stack->template_->parameters;
    for (uint32_t i = 0; map != NULL && i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        const struct eg_node *value = eg_map_get(&item->stack->parameters, entry->key);
        const struct eg_node *default_ = EG_GET(entry->value, "Default");
        struct eg_item *parameter = eg_item_part(item, "Parameter", entry->value);
        eg_item_set_text(parameter, "name", entry->key);
        eg_item_set_text(parameter, "type", eg_node_text(EG_GET(entry->value, "Type")));
        eg_item_set_bool(parameter, "hasDefault", default_ != NULL);
        eg_item_set_bool(parameter, "hasValue",
                         value != NULL && eg_scenario_force(scenario, value)->kind != EG_UNKNOWN);
        eg_item_set_bool(parameter, "noEcho", is_yes(EG_GET(entry->value, "NoEcho")));
        eg_item_set_text(parameter, "allowedPattern",
                         eg_node_text(EG_GET(entry->value, "AllowedPattern")));
        eg_item_set(parameter, "description", description(item, entry->value));
        struct eg_str text;
        if (default_ != NULL && eg_node_scalar_text(item->build->arena, default_, &text))
            eg_item_set(
                parameter, "default",
                eg_value_text(scenario, item, entry->key, eg_item_text(item, text, default_)));
        const struct eg_node *allowed = EG_GET(entry->value, "AllowedValues");
        if (eg_node_kind(allowed) == EG_LIST)
            eg_item_set(parameter, "allowedValues", allowed);
        eg_list_add(&list, parameter->node);
    }
    return eg_list_node(&list, item->object.raw);
}

static const struct eg_node *stack_outputs(struct eg_scenario *scenario,
                                           const struct eg_item *item) {
    struct eg_list_builder list;
    eg_list_begin(&list, item->build->arena);
    const struct eg_map *outputs = &item->stack->outputs;
    for (uint32_t i = 0; i < outputs->count; i++) {
        const struct eg_output *output = outputs->entries[i].value;
        const struct eg_node *value = eg_scenario_force(scenario, output->value);
        struct eg_item *made = eg_item_part(item, "Output", output->raw);
        eg_item_set_text(made, "name", output->name);
        eg_item_set(made, "description", description(item, output->raw));
        eg_item_set(made, "value", value);
        eg_item_set(made, "text", eg_value_text(scenario, item, output->name, value));
        eg_item_set(made, "sources", eg_value_sources(scenario, item, value));
        if (output->export != NULL)
            eg_item_set(made, "exportName", eg_scenario_force(scenario, output->export));
        eg_list_add(&list, made->node);
    }
    return eg_list_node(&list, item->object.raw);
}

static const struct eg_node *stack_tags(struct eg_scenario *scenario, const struct eg_item *item) {
    (void)scenario;
    return item->stack->template_->tags;
}

static const struct eg_node *stack_resources(struct eg_scenario *scenario,
                                             const struct eg_item *item) {
    (void)scenario;
    struct eg_links links;
    eg_links_begin(&links, item);
    for (uint32_t i = 0; i < item->stack->resource_count; i++)
        eg_links_add(&links, item->build->resource_items[item->stack->resources[i]->number]);
    return eg_links_end(&links);
}

static const struct eg_node *stack_nested(struct eg_scenario *scenario,
                                          const struct eg_item *item) {
    (void)scenario;
    struct eg_links links;
    eg_links_begin(&links, item);
    for (uint32_t i = 0; i < item->stack->resource_count; i++)
        eg_links_add(&links, eg_item_stack(item->build, item->stack->resources[i]->nested));
    return eg_links_end(&links);
}

static const struct eg_node *stack_parent(struct eg_scenario *scenario,
                                          const struct eg_item *item) {
    (void)scenario;
    const struct eg_item *parent = eg_item_stack(item->build, item->stack->parent);
    return parent == NULL ? NULL : parent->node;
}

static const struct eg_node *stack_is_task_definition(struct eg_scenario *scenario,
                                                      const struct eg_item *item) {
    (void)scenario;
    return eg_node_bool(item->stack->template_->api_names);
}

/* ---- objects in a stack ---- */

static const struct eg_node *in_stack(const struct eg_item *item, const char *kind) {
    struct eg_links links;
    eg_links_begin(&links, item);
    for (uint32_t i = 0; i < item->stack->resource_count; i++) {
        const struct eg_item *other = eg_item_for(item->build, item->stack->resources[i]);
        if (eg_item_is_type(other, kind))
            eg_links_add(&links, other);
    }
    return eg_links_end(&links);
}

static const struct eg_node *stack_services(struct eg_scenario *scenario,
                                            const struct eg_item *item) {
    (void)scenario;
    return in_stack(item, "service");
}

static const struct eg_node *stack_task_definitions(struct eg_scenario *scenario,
                                                    const struct eg_item *item) {
    (void)scenario;
    return in_stack(item, "taskDefinition");
}

static const struct eg_node *stack_secrets(struct eg_scenario *scenario,
                                           const struct eg_item *item) {
    (void)scenario;
    return in_stack(item, "secret");
}

static const struct eg_node *stack_dashboards(struct eg_scenario *scenario,
                                              const struct eg_item *item) {
    (void)scenario;
    return in_stack(item, "dashboard");
}

static const struct eg_node *stack_trails(struct eg_scenario *scenario,
                                          const struct eg_item *item) {
    (void)scenario;
    struct eg_links links;
    eg_links_begin(&links, item);
    for (uint32_t i = 0; i < item->stack->resource_count; i++)
        if (eg_str_is(item->stack->resources[i]->type, "AWS::CloudTrail::Trail"))
            eg_links_add(&links, item->build->resource_items[item->stack->resources[i]->number]);
    return eg_links_end(&links);
}

/* ---- resources ---- */

static const struct eg_node *resource_type(struct eg_scenario *scenario,
                                           const struct eg_item *item) {
    (void)scenario;
    return text_of(item, item->resource->type);
}

static const struct eg_node *resource_properties(struct eg_scenario *scenario,
                                                 const struct eg_item *item) {
    (void)scenario;
    return item->resource->properties;
}

static const struct eg_node *resource_metadata(struct eg_scenario *scenario,
                                               const struct eg_item *item) {
    (void)scenario;
    return item->resource->metadata;
}

static const struct eg_node *resource_condition(struct eg_scenario *scenario,
                                                const struct eg_item *item) {
    (void)scenario;
    return item->resource->condition == NULL ? NULL
                                             : text_of(item, item->resource->condition->name);
}

static const struct eg_node *resource_deletion_policy(struct eg_scenario *scenario,
                                                      const struct eg_item *item) {
    (void)scenario;
    return item->resource->deletion_policy;
}

static const struct eg_node *resource_replace_policy(struct eg_scenario *scenario,
                                                     const struct eg_item *item) {
    (void)scenario;
    return item->resource->update_replace_policy;
}

static const struct eg_node *resource_depends_on(struct eg_scenario *scenario,
                                                 const struct eg_item *item) {
    (void)scenario;
    return item->resource->depends_on;
}

static const struct eg_node *resource_dependencies(struct eg_scenario *scenario,
                                                   const struct eg_item *item) {
    struct eg_links links;
    eg_links_begin(&links, item);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_scenario_force(scenario, item->resource->depends_on));
    while (eg_walk_next(&walk)) {
        const struct eg_resource *other =
            eg_map_get(&item->stack->by_logical_id, eg_node_text(walk.element));
        if (other != NULL)
            eg_links_add(&links, item->build->resource_items[other->number]);
    }
    return eg_links_end(&links);
}

static const struct eg_node *resource_construct_path(struct eg_scenario *scenario,
                                                     const struct eg_item *item) {
    (void)scenario;
    return text_of(item, eg_resource_construct(item->resource).path);
}

/* ---- problems ---- */

void eg_problems_build(struct eg_build *build) {
    struct eg_system *system = build->system;
    for (const struct eg_problem *problem = system->problems.first; problem != NULL;
         problem = problem->next) {
        struct eg_stack *stack = NULL;
        for (uint32_t i = 0; i < system->stack_count && stack == NULL; i++)
            if (system->stacks[i]->template_ == problem->template_)
                stack = system->stacks[i];
        /* Its place is where the problem is: a key's, if it has one. */
        const struct eg_node *at = problem->at;
        if (problem->has_offset && at != NULL) {
            struct eg_node *key = eg_node_new(build->arena, EG_NULL, at);
            key->offset = problem->offset;
            at = key;
        }
        struct eg_item *item = eg_item_new(
            build,
            &(struct eg_item_spec){.type = "problem",
                                   .resource = (struct eg_resource *)(uintptr_t)problem->resource,
                                   .stack = stack,
                                   .raw = at});
        struct eg_binding *binding = eg_map_get(&build->bindings, EG_STR("problem"));
        item->object.id = eg_str_format(build->arena, "problem/%u", binding->objects.count);
        eg_item_set_text(item, "code", eg_str_from(problem->code));
        eg_item_set_text(item, "message", problem->message);
        eg_item_set_bool(item, "isUnknown", problem->unknown);
    }
}

/* ---- what a resource is in the model: for rules that judge several kinds at once ---- */

static const struct eg_node *resource_as(const struct eg_item *resource, const char *kind) {
    const struct eg_item *item = eg_item_for(resource->build, resource->resource);
    return eg_item_is_type(item, kind) ? item->node : NULL;
}

static const struct eg_node *resource_database(struct eg_scenario *scenario,
                                               const struct eg_item *resource) {
    (void)scenario;
    return resource_as(resource, "database");
}

static const struct eg_node *resource_cache(struct eg_scenario *scenario,
                                            const struct eg_item *resource) {
    (void)scenario;
    return resource_as(resource, "cache");
}

static const struct eg_node *resource_file_system(struct eg_scenario *scenario,
                                                  const struct eg_item *resource) {
    (void)scenario;
    return resource_as(resource, "fileSystem");
}

static const struct eg_node *resource_bucket(struct eg_scenario *scenario,
                                             const struct eg_item *resource) {
    (void)scenario;
    return resource_as(resource, "bucket");
}

static const struct eg_node *resource_cluster(struct eg_scenario *scenario,
                                              const struct eg_item *resource) {
    (void)scenario;
    return resource_as(resource, "cluster");
}

static const struct eg_node *resource_service(struct eg_scenario *scenario,
                                              const struct eg_item *resource) {
    (void)scenario;
    return resource_as(resource, "service");
}

static const struct eg_node *resource_task_definition(struct eg_scenario *scenario,
                                                      const struct eg_item *resource) {
    (void)scenario;
    return resource_as(resource, "taskDefinition");
}

static const struct eg_node *resource_vpc(struct eg_scenario *scenario,
                                          const struct eg_item *resource) {
    (void)scenario;
    return resource_as(resource, "vpc");
}

const struct eg_fact eg_facts_stack[] = {
    {"stack", "name", stack_name},
    {"stack", "region", stack_region},
    {"stack", "account", stack_account},
    {"stack", "file", stack_file},
    {"stack", "description", stack_description},
    {"stack", "parameters", stack_parameters},
    {"stack", "outputs", stack_outputs},
    {"stack", "tags", stack_tags},
    {"stack", "resources", stack_resources},
    {"stack", "nestedStacks", stack_nested},
    {"stack", "parent", stack_parent},
    {"stack", "isTaskDefinition", stack_is_task_definition},
    {"stack", "services", stack_services},
    {"stack", "taskDefinitions", stack_task_definitions},
    {"stack", "secrets", stack_secrets},
    {"stack", "dashboards", stack_dashboards},
    {"stack", "trails", stack_trails},
    {"resource", "type", resource_type},
    {"resource", "properties", resource_properties},
    {"resource", "metadata", resource_metadata},
    {"resource", "condition", resource_condition},
    {"resource", "deletionPolicy", resource_deletion_policy},
    {"resource", "updateReplacePolicy", resource_replace_policy},
    {"resource", "dependsOn", resource_depends_on},
    {"resource", "dependencies", resource_dependencies},
    {"resource", "constructPath", resource_construct_path},
    {"resource", "database", resource_database},
    {"resource", "cache", resource_cache},
    {"resource", "fileSystem", resource_file_system},
    {"resource", "bucket", resource_bucket},
    {"resource", "cluster", resource_cluster},
    {"resource", "service", resource_service},
    {"resource", "taskDefinition", resource_task_definition},
    {"resource", "vpc", resource_vpc},
    {NULL, NULL, NULL},
};
