/* Resolving: the order of work. Called by the engine with the inputs that belong together.
 *
 *   1. a stack for every template, nested ones knowing their parents
 *   2. resources, conditions and outputs listed, Fn::ForEach expanded
 *   3. the names of exports, so that imports find them
 *   4. every parameter, condition, resource and output, each once
 *   5. circular dependencies
 */
#include "resolve/resolver.h"

/* ---- stacks ---- */

static void list_parameters(struct eg_resolver *resolver, struct eg_scope *scope) {
    const struct eg_node *section = scope->stack.template_->parameters;
    for (uint32_t i = 0; section != NULL && i < section->as.map.count; i++) {
        const struct eg_entry *entry = &section->as.map.items[i];
        if (entry->value->kind != EG_MAP)
            continue;
        struct eg_parameter *parameter = EG_NEW(resolver->arena, struct eg_parameter);
        parameter->name = entry->key;
        parameter->raw = entry->value;
        (void)eg_map_put(&scope->parameters, entry->key, parameter);
    }
}

static const struct eg_node *place_of(struct eg_resolver *resolver, struct eg_scope *scope,
                                      struct eg_str known, struct eg_str given, const char *name) {
    const struct eg_node *root = scope->stack.template_->document.root;
    const struct eg_context context = {.resolver = resolver, .scope = scope};
    if (known.length == 0)
        known = given;
    return known.length > 0 ? eg_node_string(resolver->arena, known, NULL)
                            : eg_resolve_pseudo(&context, eg_str_from(name), root);
}

static struct eg_scope *add_stack(struct eg_resolver *resolver, struct eg_template *template_) {
    struct eg_scope *scope = EG_NEW(resolver->arena, struct eg_scope);
    struct eg_stack *stack = &scope->stack;
    stack->template_ = template_;
    stack->name = template_->stack_name;
    scope->number = resolver->system->stack_count;
    eg_map_init(&stack->by_logical_id, resolver->arena);
    eg_map_init(&stack->outputs, resolver->arena);
    eg_map_init(&stack->conditions, resolver->arena);
    eg_map_init(&stack->parameters, resolver->arena);
    eg_map_init(&scope->parameters, resolver->arena);
    eg_map_init(&scope->conditions, resolver->arena);
    eg_map_init(&scope->outputs, resolver->arena);
    list_parameters(resolver, scope);
    resolver->scopes[resolver->system->stack_count] = scope;
    resolver->system->stacks[resolver->system->stack_count++] = stack;
    return scope;
}

/* Templates know their parents; those come first. */
static void link_parents(struct eg_resolver *resolver, uint32_t first) {
    struct eg_system *system = resolver->system;
    for (uint32_t i = first; i < system->stack_count; i++)
        for (uint32_t j = first; j < i && system->stacks[i]->parent == NULL; j++)
            if (system->stacks[j]->template_ == system->stacks[i]->template_->parent)
                system->stacks[i]->parent = system->stacks[j];
}

static void add_stacks(struct eg_resolver *resolver) {
    struct eg_system *system = resolver->system;
    const struct eg_resolve_options *options = resolver->options;
    for (uint32_t i = 0; i < system->input_count; i++) {
        const struct eg_input *input = system->inputs[i];
        uint32_t first = system->stack_count;
        for (uint32_t j = 0; j < input->template_count; j++)
            (void)add_stack(resolver, input->templates[j]);
        link_parents(resolver, first);
    }
    for (uint32_t i = 0; i < system->stack_count; i++) {
        struct eg_scope *scope = resolver->scopes[i];
        const struct eg_template *template_ = scope->stack.template_;
        scope->stack.region =
            place_of(resolver, scope, template_->region, options->region, "AWS::Region");
        scope->stack.account =
            place_of(resolver, scope, template_->account, options->account, "AWS::AccountId");
        scope->next_of_name = eg_map_get(&resolver->by_name, scope->stack.name);
        (void)eg_map_put(&resolver->by_name, scope->stack.name, scope);
    }
}

static void number_resources(struct eg_system *system) {
    for (uint32_t i = 0; i < system->stack_count; i++)
        for (uint32_t j = 0; j < system->stacks[i]->resource_count; j++)
            system->stacks[i]->resources[j]->number = system->resource_count++;
}

/* ---- exports ---- */

/* The name of an export, and under it the output. A name with holes is filed as it is shown: who
 * imports compares the names themselves. */
static void add_export(struct eg_resolver *resolver, struct eg_scope *scope,
                       struct eg_output_slot *slot) {
    const struct eg_node *raw = EG_GET(EG_GET(slot->output.raw, "Export"), "Name");
    if (raw == NULL || slot->never)
        return;
    const struct eg_context context = {.resolver = resolver, .scope = scope};
    const struct eg_node *name = eg_resolve_value(&context, raw);
    slot->output.export = name;
    if (!eg_text_is(name))
        return;
    struct eg_str shown = eg_text_show(resolver->arena, name);
    struct eg_output_slot *earlier = eg_map_get(&resolver->exports, shown);
    if (earlier == NULL)
        (void)eg_map_put(&resolver->exports, shown, slot);
}

static void add_exports(struct eg_resolver *resolver) {
    for (uint32_t i = 0; i < resolver->system->stack_count; i++) {
        struct eg_scope *scope = resolver->scopes[i];
        for (uint32_t j = 0; j < scope->outputs.count; j++)
            add_export(resolver, scope, scope->outputs.entries[j].value);
    }
}

/* ---- everything ---- */

static void resolve_conditions(struct eg_resolver *resolver, struct eg_scope *scope) {
    const struct eg_context context = {.resolver = resolver, .scope = scope};
    for (uint32_t i = 0; i < scope->conditions.count; i++) {
        const struct eg_condition_slot *slot = scope->conditions.entries[i].value;
        (void)eg_resolve_condition(&context, slot->name, slot->raw);
    }
}

static void resolve_stack(struct eg_resolver *resolver, struct eg_scope *scope) {
    for (uint32_t i = 0; i < scope->parameters.count; i++)
        (void)eg_resolve_parameter(resolver, scope, scope->parameters.entries[i].value);
    resolve_conditions(resolver, scope);
    for (uint32_t i = 0; i < scope->stack.resource_count; i++)
        eg_resolve_resource(resolver, scope->stack.resources[i]);
    for (uint32_t i = 0; i < scope->outputs.count; i++)
        (void)eg_resolve_output(resolver, scope, scope->outputs.entries[i].value);
    eg_resolve_check_rules(resolver, scope);
}

static void take_problems(struct eg_system *system, const struct eg_input *input) {
    for (const struct eg_problem *problem = input->problems.first; problem != NULL;
         problem = problem->next) {
        struct eg_problem *copy =
            eg_problem_add(&system->problems, system->arena, problem->code, problem->at, "%s", "");
        copy->message = problem->message;
        copy->offset = problem->offset;
        copy->has_offset = problem->has_offset;
        copy->template_ = problem->template_;
        copy->unknown = problem->unknown;
    }
}

static struct eg_resolver *new_resolver(struct eg_arena *arena, struct eg_input **inputs,
                                        uint32_t count, const struct eg_resolve_options *options) {
    static const struct eg_resolve_options none;
    struct eg_resolver *resolver = EG_NEW(arena, struct eg_resolver);
    struct eg_system *system = EG_NEW(arena, struct eg_system);
    uint32_t templates = 0;
    for (uint32_t i = 0; i < count; i++)
        templates += inputs[i]->template_count;
    *system = (struct eg_system){.arena = arena,
                                 .inputs = inputs,
                                 .input_count = count,
                                 .stacks = EG_NEW_ARRAY(arena, struct eg_stack *, templates)};
    *resolver = (struct eg_resolver){.arena = arena,
                                     .system = system,
                                     .options = options != NULL ? options : &none,
                                     .scopes = EG_NEW_ARRAY(arena, struct eg_scope *, templates)};
    eg_scenario_init(&resolver->scenario, arena, 0);
    eg_map_init(&resolver->exports, arena);
    eg_map_init(&resolver->by_name, arena);
    eg_map_init(&resolver->missing, arena);
    eg_map_init(&resolver->symbols, arena);
    eg_map_init(&resolver->variables, arena);
    return resolver;
}

struct eg_system *eg_resolve(struct eg_arena *arena, struct eg_input **inputs, uint32_t count,
                             const struct eg_resolve_options *options) {
    struct eg_resolver *resolver = new_resolver(arena, inputs, count, options);
    struct eg_system *system = resolver->system;
    for (uint32_t i = 0; i < count; i++)
        take_problems(system, inputs[i]);
    add_stacks(resolver);
    for (uint32_t i = 0; i < system->stack_count; i++)
        eg_scope_prepare(resolver, resolver->scopes[i]);
    number_resources(system);
    add_exports(resolver);
    for (uint32_t i = 0; i < system->stack_count; i++)
        resolve_stack(resolver, resolver->scopes[i]);
    eg_resolve_check_graph(resolver);
    resolver->sealed = true;
    eg_scenario_init(&system->scenario, arena, system->variable_count);
    return system;
}

/* ---- looking at what was resolved ---- */

struct eg_resource *eg_resolve_target(const struct eg_node *value) {
    if (eg_node_kind(value) != EG_REFERENCE ||
        eg_str_is(value->as.reference->type, "AWS::EC2::AvailabilityZone"))
        return NULL;
    return (struct eg_resource *)(uintptr_t)value->as.reference->resource;
}

const struct eg_node *eg_resource_property(const struct eg_resource *resource, const char *name) {
    return eg_node_get(resource->properties, eg_str_from(name));
}

struct eg_construct eg_resource_construct(const struct eg_resource *resource) {
    const struct eg_template *template_ = resource->stack->template_;
    const struct eg_node *metadata = EG_GET(resource->raw, "Metadata");
    return eg_assembly_construct(template_->assembly, template_, resource->logical_id, metadata);
}
