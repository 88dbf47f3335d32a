/* One stack: lists what its template holds, and resolves its resources and outputs. Called by
 * resolve.c for every stack, and by what refers to a stack that is not listed yet. */
#include "resolve/resolver.h"

/* ---- transforms ---- */

/* Transforms of AWS's that add to a template, or whose functions are known here. */
static bool is_aws_transform(struct eg_str name) {
    return eg_str_starts_with(name, EG_STR("AWS::"));
}

static void note_transform(const struct eg_context *context, const struct eg_node *transform) {
    const struct eg_node *name = transform->kind == EG_MAP ? EG_GET(transform, "Name") : transform;
    struct eg_str text = eg_node_text(name);
    if (eg_str_is(text, "AWS::LanguageExtensions"))
        return;
    context->scope->has_macro = true;
    if (is_aws_transform(text) && !eg_str_is(text, "AWS::Include"))
        return;
    eg_resolve_problem(
        context, "macro", transform,
        "the template is transformed by %.*s, which only CloudFormation can do; what "
        "is judged is what stands here",
        EG_STR_ARGS(text.length > 0 ? text : EG_STR("a macro")))
        ->unknown = true;
}

static void note_transforms(const struct eg_context *context) {
    const struct eg_node *transform = context->scope->stack.template_->transform;
    if (transform == NULL)
        return;
    if (transform->kind != EG_LIST) {
        note_transform(context, transform);
        return;
    }
    for (uint32_t i = 0; i < transform->as.list.count; i++)
        note_transform(context, transform->as.list.items[i]);
}

/* ---- listing ---- */

/* SECTION with its loops run; transforms in it are told. NULL: it is absent. */
static const struct eg_node *open_section(const struct eg_context *context,
                                          const struct eg_node *section) {
    if (section == NULL)
        return NULL;
    const struct eg_node *transform = EG_GET(section, "Fn::Transform"), *unknown;
    if (transform != NULL) {
        context->scope->has_macro = true;
        (void)eg_resolve_transform(context, section, transform);
    }
    const struct eg_node *expanded = eg_resolve_foreach(context, section, &unknown);
    context->scope->has_macro = context->scope->has_macro || unknown != NULL;
    return expanded;
}

static bool is_function_key(struct eg_str key) {
    return eg_str_starts_with(key, EG_STR("Fn::"));
}

static void list_conditions(const struct eg_context *context) {
    const struct eg_node *section =
        open_section(context, context->scope->stack.template_->conditions);
    for (uint32_t i = 0; section != NULL && i < section->as.map.count; i++) {
        const struct eg_entry *entry = &section->as.map.items[i];
        if (is_function_key(entry->key))
            continue;
        struct eg_condition_slot *slot = EG_NEW(context->resolver->arena, struct eg_condition_slot);
        slot->name = entry->key;
        slot->raw = entry->value;
        (void)eg_map_put(&context->scope->conditions, entry->key, slot);
    }
}

static void list_outputs(const struct eg_context *context) {
    const struct eg_node *section = open_section(context, context->scope->stack.template_->outputs);
    for (uint32_t i = 0; section != NULL && i < section->as.map.count; i++) {
        const struct eg_entry *entry = &section->as.map.items[i];
        if (is_function_key(entry->key))
            continue;
        struct eg_output_slot *slot = EG_NEW(context->resolver->arena, struct eg_output_slot);
        slot->output.name = entry->key;
        slot->output.raw = entry->value;
        slot->stack = &context->scope->stack;
        (void)eg_map_put(&context->scope->outputs, entry->key, slot);
        (void)eg_map_put(&context->scope->stack.outputs, entry->key, &slot->output);
    }
}

static void check_type(const struct eg_context *context, const struct eg_resource *resource) {
    const struct eg_node *type = EG_GET(resource->raw, "Type");
    struct eg_context own = *context;
    own.resource = (struct eg_resource *)(uintptr_t)resource;
    if (eg_node_kind(type) != EG_STRING) {
        (void)eg_resolve_problem(&own, "invalid-resource", resource->raw,
                                 "resource %.*s has no Type", EG_STR_ARGS(resource->logical_id));
        return;
    }
    bool module = eg_str_ends_with(type->as.text, EG_STR("::MODULE"));
    if (!module && !eg_str_starts_with(type->as.text, EG_STR("AWS::Serverless::")))
        return;
    if (module)
        context->scope->has_macro = true;
    eg_resolve_problem(&own, "macro", type,
                       "what %.*s becomes is known only when CloudFormation expands it",
                       EG_STR_ARGS(type->as.text))
        ->unknown = true;
}

static struct eg_resource *new_resource(const struct eg_context *context,
                                        const struct eg_entry *entry) {
    struct eg_resource *resource = EG_NEW(context->resolver->arena, struct eg_resource);
    *resource = (struct eg_resource){
        .logical_id = entry->key,
        .type = eg_node_text(EG_GET(entry->value, "Type")),
        .stack = &context->scope->stack,
        .raw = entry->value,
        .key_offset = entry->key_offset,
    };
    resource->skipped = eg_str_is(resource->type, "AWS::CDK::Metadata");
    return resource;
}

static void list_resources(const struct eg_context *context) {
    struct eg_stack *stack = &context->scope->stack;
    const struct eg_node *section = open_section(context, stack->template_->resources);
    if (section == NULL)
        return;
    stack->resources =
        EG_NEW_ARRAY(context->resolver->arena, struct eg_resource *, section->as.map.count);
    for (uint32_t i = 0; i < section->as.map.count; i++) {
        const struct eg_entry *entry = &section->as.map.items[i];
        if (is_function_key(entry->key))
            continue;
        if (entry->value->kind != EG_MAP) {
            (void)eg_resolve_problem(
                context, "invalid-resource", entry->value, "resource %.*s is a %s; expected a map",
                EG_STR_ARGS(entry->key), eg_kind_name(eg_node_kind(entry->value)));
            continue;
        }
        struct eg_resource *resource = new_resource(context, entry);
        stack->resources[stack->resource_count++] = resource;
        (void)eg_map_put(&stack->by_logical_id, resource->logical_id, resource);
        check_type(context, resource);
    }
}

/* Conditions of resources and outputs, once everything is listed. */
static const struct eg_condition *condition_of(const struct eg_context *context,
                                               const struct eg_node *raw, bool *ret_never) {
    const struct eg_node *name = EG_GET(raw, "Condition");
    *ret_never = false;
    if (name == NULL)
        return NULL;
    if (name->kind != EG_STRING) {
        (void)eg_resolve_problem(context, "invalid-function", name,
                                 "Condition takes the name of a condition, not a %s",
                                 eg_kind_name(eg_node_kind(name)));
        return NULL;
    }
    const struct eg_condition *condition = eg_resolve_condition(context, name->as.text, name);
    if (condition->kind != EG_CONDITION_CONSTANT)
        return condition;
    *ret_never = !condition->constant;
    return NULL;
}

static struct eg_scope *scope_of_template(struct eg_resolver *resolver,
                                          const struct eg_template *template_) {
    for (uint32_t i = 0; i < resolver->system->stack_count; i++)
        if (resolver->scopes[i]->stack.template_ == template_)
            return resolver->scopes[i];
    return NULL;
}

/* Meets the resource that makes this nested stack. */
static void link_maker(struct eg_resolver *resolver, struct eg_scope *scope) {
    const struct eg_template *template_ = scope->stack.template_;
    if (template_->parent == NULL)
        return;
    struct eg_scope *parent = scope_of_template(resolver, template_->parent);
    if (parent == NULL)
        return;
    scope->maker = eg_map_get(&parent->stack.by_logical_id, template_->parent_logical_id);
    if (scope->maker != NULL)
        scope->maker->nested = &scope->stack;
}

void eg_scope_prepare(struct eg_resolver *resolver, struct eg_scope *scope) {
    if (scope->ready)
        return;
    scope->ready = true;
    link_maker(resolver, scope);
    struct eg_context context = {.resolver = resolver, .scope = scope};
    note_transforms(&context);
    list_resources(&context);
    list_conditions(&context);
    list_outputs(&context);
    for (uint32_t i = 0; i < scope->stack.resource_count; i++) {
        struct eg_resource *resource = scope->stack.resources[i];
        context.resource = resource;
        resource->condition = condition_of(&context, resource->raw, &resource->never);
    }
    context.resource = NULL;
    for (uint32_t i = 0; i < scope->outputs.count; i++) {
        struct eg_output_slot *slot = scope->outputs.entries[i].value;
        slot->output.condition = condition_of(&context, slot->output.raw, &slot->never);
    }
}

/* ---- outputs ---- */

const struct eg_node *eg_resolve_output(struct eg_resolver *resolver, struct eg_scope *scope,
                                        struct eg_output_slot *output) {
    const struct eg_context context = {
        .resolver = resolver, .scope = scope, .maybe = output->output.condition != NULL};
    uint32_t reached;
    if (eg_slot_begin(resolver, &output->slot, &reached)) {
        const struct eg_node *raw = EG_GET(output->output.raw, "Value");
        const struct eg_node *value = eg_node_absent();
        if (raw != NULL && !output->never)
            value = eg_resolve_value(&context, raw);
        else if (raw == NULL)
            value = eg_resolve_broken(&context, "invalid-output", output->output.raw,
                                      "output %.*s has no Value", EG_STR_ARGS(output->output.name));
        eg_slot_end(&context, &output->slot, value, reached, output->output.raw);
        output->output.value = output->slot.value;
    }
    if (output->slot.value != NULL)
        return output->slot.value;
    return eg_resolve_broken(&context, "circular-dependency", output->output.raw,
                             "the value of output %.*s hangs on itself",
                             EG_STR_ARGS(output->output.name));
}

/* ---- resources ---- */

static const struct eg_node *new_choice(struct eg_arena *arena, const struct eg_node *choice,
                                        const struct eg_node *if_true,
                                        const struct eg_node *if_false) {
    struct eg_choice *made = EG_NEW(arena, struct eg_choice);
    *made = (struct eg_choice){choice->as.choice->condition,
                               if_true != NULL ? if_true : eg_node_absent(),
                               if_false != NULL ? if_false : eg_node_absent()};
    struct eg_node *node = eg_node_new(arena, EG_CHOICE, choice);
    node->as.choice = made;
    node->origin = choice->origin;
    return node;
}

/* A choice between maps as a map of choices, so that the properties are a map in any case. NULL: it
 * is a choice between other things. */
static const struct eg_node *spread(struct eg_arena *arena, const struct eg_node *value) {
    if (value->kind == EG_ABSENT)
        return eg_node_empty_map();
    if (value->kind != EG_CHOICE)
        return value->kind == EG_MAP ? value : NULL;
    const struct eg_node *if_true = spread(arena, value->as.choice->if_true);
    const struct eg_node *if_false = spread(arena, value->as.choice->if_false);
    if (if_true == NULL || if_false == NULL)
        return NULL;
    struct eg_map_builder builder;
    eg_map_begin(&builder, arena);
    for (uint32_t i = 0; i < if_true->as.map.count; i++) {
        const struct eg_entry *entry = &if_true->as.map.items[i];
        const struct eg_node *other = eg_node_get(if_false, entry->key);
        (void)eg_map_add(&builder, entry->key, entry->key_offset,
                         new_choice(arena, value, entry->value, other), NULL);
    }
    for (uint32_t i = 0; i < if_false->as.map.count; i++) {
        const struct eg_entry *entry = &if_false->as.map.items[i];
        if (eg_node_get(if_true, entry->key) == NULL)
            (void)eg_map_add(&builder, entry->key, entry->key_offset,
                             new_choice(arena, value, NULL, entry->value), NULL);
    }
    return eg_map_node(&builder, value);
}

static const struct eg_node *resolve_properties(const struct eg_context *context) {
    const struct eg_node *raw = EG_GET(context->resource->raw, "Properties");
    if (raw == NULL || raw->kind == EG_NULL)
        return eg_node_empty_map();
    if (context->scope->stack.template_->api_names)
        return eg_resolve_placeholders(context, raw);
    const struct eg_node *value = eg_resolve_value(context, raw);
    if (value->kind == EG_UNKNOWN)
        return value;
    const struct eg_node *map = spread(context->resolver->arena, value);
    if (map != NULL)
        return map;
    return eg_resolve_broken(
        context, "invalid-resource", raw, "Properties of %.*s is a %s; expected a map",
        EG_STR_ARGS(context->resource->logical_id), eg_kind_name(eg_node_kind(value)));
}

/* An attribute beside Properties, or NULL. */
static const struct eg_node *resolve_beside(const struct eg_context *context, const char *name) {
    const struct eg_node *raw = eg_node_get(context->resource->raw, eg_str_from(name));
    return raw == NULL ? NULL : eg_resolve_value(context, raw);
}

static void check_dependency(const struct eg_context *context, const struct eg_node *name) {
    if (name->kind != EG_STRING)
        return;
    const struct eg_resource *target =
        eg_map_get(&context->scope->stack.by_logical_id, name->as.text);
    if (target != NULL)
        eg_resolve_add_edge(context, target, name);
    else if (!context->scope->has_macro)
        (void)eg_resolve_problem(context, "undefined-reference", name,
                                 "DependsOn names %.*s, which is no resource of the template",
                                 EG_STR_ARGS(name->as.text));
}

static const struct eg_node *resolve_depends_on(const struct eg_context *context) {
    const struct eg_node *value = resolve_beside(context, "DependsOn");
    if (value == NULL || value->kind == EG_ABSENT)
        return NULL;
    if (value->kind != EG_LIST) {
        struct eg_list_builder builder;
        eg_list_begin(&builder, context->resolver->arena);
        eg_list_add(&builder, value);
        value = eg_list_node(&builder, value);
    }
    for (uint32_t i = 0; i < value->as.list.count; i++)
        check_dependency(context, value->as.list.items[i]);
    return value;
}

void eg_resolve_resource(struct eg_resolver *resolver, struct eg_resource *resource) {
    const struct eg_context context = {.resolver = resolver,
                                       .scope = (struct eg_scope *)(void *)resource->stack,
                                       .resource = resource};
    if (resource->never) {
        resource->properties = eg_node_empty_map();
        return;
    }
    resource->properties = resolve_properties(&context);
    resource->metadata = resolve_beside(&context, "Metadata");
    resource->deletion_policy = resolve_beside(&context, "DeletionPolicy");
    resource->update_replace_policy = resolve_beside(&context, "UpdateReplacePolicy");
    resource->depends_on = resolve_depends_on(&context);
}
