/* Ref, Fn::GetAtt, Fn::ImportValue, Fn::GetStackOutput: what names something else. */
#include "resolve/resolver.h"

#include <string.h>

/* Near names are looked for so often only: the search goes through all names. */
enum { MOST_GUESSES = 50 };

/* ---- names that lead nowhere ---- */

static void consider(struct eg_str name, struct eg_str candidate, unsigned *best,
                     struct eg_str *found) {
    unsigned distance = eg_str_distance(name, candidate, *best);
    if (distance < *best) {
        *best = distance;
        *found = candidate;
    }
}

/* The name nearest to NAME among resources and parameters, or the empty text. */
static struct eg_str nearest(const struct eg_context *context, struct eg_str name) {
    const struct eg_stack *stack = &context->scope->stack;
    struct eg_str found = EG_STR("");
    if (context->resolver->guesses++ >= MOST_GUESSES || name.length > 255)
        return found;
    unsigned best = 3;
    for (uint32_t i = 0; i < stack->resource_count; i++)
        consider(name, stack->resources[i]->logical_id, &best, &found);
    for (uint32_t i = 0; i < context->scope->parameters.count; i++)
        consider(name, context->scope->parameters.entries[i].key, &best, &found);
    return found;
}

static const struct eg_node *undefined(const struct eg_context *context, struct eg_str name,
                                       const struct eg_node *at) {
    if (context->scope->has_macro)
        return eg_resolve_symbol_node(
            context->resolver,
            (struct eg_unknown){.why = EG_WHY_MACRO, .name = name, .scope = &context->scope->stack},
            at);
    if (eg_map_get(&context->scope->conditions, name) != NULL)
        return eg_resolve_broken(context, "undefined-reference", at,
                                 "%.*s is a condition; expected a resource or parameter",
                                 EG_STR_ARGS(name));
    struct eg_str near = nearest(context, name);
    if (near.length == 0)
        return eg_resolve_broken(context, "undefined-reference", at,
                                 "there is no resource or parameter %.*s", EG_STR_ARGS(name));
    return eg_resolve_broken(context, "undefined-reference", at,
                             "there is no resource or parameter %.*s; did you mean %.*s?",
                             EG_STR_ARGS(name), EG_STR_ARGS(near));
}

/* ---- resources ---- */

static const struct eg_node *reference(const struct eg_context *context,
                                       const struct eg_resource *target, struct eg_str attribute,
                                       const struct eg_node *at) {
    struct eg_reference *made = EG_NEW(context->resolver->arena, struct eg_reference);
    *made = (struct eg_reference){.resource = target,
                                  .logical_id = target->logical_id,
                                  .type = target->type,
                                  .attribute = attribute};
    struct eg_node *node = eg_node_new(context->resolver->arena, EG_REFERENCE, at);
    node->as.reference = made;
    node->origin = at;
    return node;
}

/* A secret's attachment to a database: Ref gives the secret's ARN. */
static const struct eg_resource *attached_secret(const struct eg_resource *attachment) {
    if (!eg_str_is(attachment->type, "AWS::SecretsManager::SecretTargetAttachment"))
        return NULL;
    const struct eg_node *id = EG_GET(EG_GET(attachment->raw, "Properties"), "SecretId");
    struct eg_str name = eg_node_text(EG_GET(id, "Ref"));
    const struct eg_resource *secret = eg_map_get(&attachment->stack->by_logical_id, name);
    return secret != NULL && eg_str_is(secret->type, "AWS::SecretsManager::Secret") ? secret : NULL;
}

/* A resource that is never made can't be referred to. */
static const struct eg_node *never_made(const struct eg_context *context,
                                        const struct eg_resource *target,
                                        const struct eg_node *at) {
    return eg_resolve_broken(context, "undefined-reference", at,
                             "resource %.*s is not made, as its condition is false here",
                             EG_STR_ARGS(target->logical_id));
}

static const struct eg_node *refer(const struct eg_context *context,
                                   const struct eg_resource *target, struct eg_str attribute,
                                   const struct eg_node *at) {
    eg_resolve_add_edge(context, target, at);
    bool conditional = context->resource != NULL && context->resource->condition != NULL;
    if (target->never && !context->maybe && !conditional)
        return never_made(context, target, at);
    const struct eg_resource *secret = attached_secret(target);
    if (secret != NULL && eg_str_is(attribute, "Arn"))
        target = secret;
    return reference(context, target, attribute, at);
}

const struct eg_node *eg_resolve_name(const struct eg_context *context, struct eg_str name,
                                      const struct eg_node *at) {
    struct eg_scope *scope = context->scope;
    struct eg_parameter *parameter = eg_map_get(&scope->parameters, name);
    if (parameter != NULL)
        return eg_node_moved(context->resolver->arena,
                             eg_resolve_parameter(context->resolver, scope, parameter), at);
    const struct eg_node *pseudo = eg_resolve_pseudo(context, name, at);
    if (pseudo != NULL)
        return pseudo;
    const struct eg_resource *target = eg_map_get(&scope->stack.by_logical_id, name);
    if (target != NULL)
        return refer(context, target, eg_attribute_of_ref(target->type), at);
    return undefined(context, name, at);
}

/* ---- outputs of other stacks ---- */

static const struct eg_node *stack_output_symbol(const struct eg_context *context,
                                                 struct eg_str name, const void *scope,
                                                 const struct eg_node *at) {
    return eg_resolve_symbol_node(
        context->resolver,
        (struct eg_unknown){.why = EG_WHY_STACK_OUTPUT, .name = name, .scope = scope}, at);
}

/* Outputs.NAME of the nested stack that TARGET makes. */
static const struct eg_node *nested_output(const struct eg_context *context,
                                           const struct eg_resource *target, struct eg_str name,
                                           const struct eg_node *at) {
    struct eg_resolver *resolver = context->resolver;
    eg_resolve_add_edge(context, target, at);
    if (target->nested == NULL)
        return stack_output_symbol(context,
                                   eg_str_format(resolver->arena, "%.*s.Outputs.%.*s",
                                                 EG_STR_ARGS(target->logical_id),
                                                 EG_STR_ARGS(name)),
                                   &context->scope->stack, at);
    struct eg_scope *nested = (struct eg_scope *)(void *)target->nested;
    eg_scope_prepare(resolver, nested);
    struct eg_output_slot *output = eg_map_get(&nested->outputs, name);
    if (output == NULL && nested->has_macro)
        return stack_output_symbol(context, name, &nested->stack, at);
    if (output == NULL)
        return eg_resolve_broken(context, "undefined-reference", at,
                                 "nested stack %.*s has no output %.*s",
                                 EG_STR_ARGS(target->logical_id), EG_STR_ARGS(name));
    const struct eg_node *value = eg_resolve_output(resolver, nested, output);
    return eg_node_moved(resolver->arena, value, at);
}

const struct eg_node *eg_resolve_attribute(const struct eg_context *context, struct eg_str name,
                                           struct eg_str attribute, const struct eg_node *at) {
    const struct eg_resource *target = eg_map_get(&context->scope->stack.by_logical_id, name);
    if (target == NULL) {
        if (eg_map_get(&context->scope->parameters, name) == NULL)
            return undefined(context, name, at);
        return eg_resolve_broken(context, "undefined-reference", at,
                                 "%.*s is a parameter and has no attribute %.*s", EG_STR_ARGS(name),
                                 EG_STR_ARGS(attribute));
    }
    if (eg_str_is(target->type, "AWS::CloudFormation::Stack") &&
        eg_str_starts_with(attribute, EG_STR("Outputs.")))
        return nested_output(context, target, eg_str_from_offset(attribute, 8), at);
    const char *known;
    if (eg_attribute_is_wrong(target->type, attribute, &known)) {
        eg_resolve_add_edge(context, target, at);
        return eg_resolve_broken(context, "undefined-reference", at,
                                 "%.*s has no attribute %.*s; those of a resource of type %.*s "
                                 "are: %.*s",
                                 EG_STR_ARGS(name), EG_STR_ARGS(attribute),
                                 EG_STR_ARGS(target->type),
                                 EG_STR_ARGS(eg_str_trim(eg_str_from(known))));
    }
    return refer(context, target, eg_attribute_canonical(target->type, attribute), at);
}

/* ---- Ref ---- */

static const struct eg_node *call_ref(const struct eg_call *call) {
    const struct eg_node *name = eg_call_look(call, call->arguments[0]);
    if (name == NULL || eg_call_waits(call, name))
        return NULL;
    if (name->kind == EG_STRING && call->scenario == NULL)
        return eg_resolve_name(&call->context, name->as.text, call->at);
    return eg_call_derived(call, name, EG_STR(""));
}

const struct eg_node *eg_resolve_ref(const struct eg_context *context, const struct eg_node *at,
                                     const struct eg_node *argument) {
    if (argument->kind == EG_STRING)
        return eg_resolve_name(context, argument->as.text, at);
    if (argument->kind != EG_MAP)
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Ref takes the name of a resource or parameter, not a %s",
                                 eg_kind_name(eg_node_kind(argument)));
    /* AWS::LanguageExtensions allows a function here. */
    const struct eg_node *name = eg_resolve_value(context, argument);
    return eg_call(context, call_ref, at, &name, 1);
}

/* ---- Fn::GetAtt ---- */

static const struct eg_node *call_get_att(const struct eg_call *call) {
    const struct eg_node *name = eg_call_look(call, call->arguments[0]);
    const struct eg_node *attribute = eg_call_look(call, call->arguments[1]);
    if (name == NULL || attribute == NULL || eg_call_waits(call, name) ||
        eg_call_waits(call, attribute))
        return NULL;
    if (name->kind != EG_STRING)
        return eg_call_derived(call, name, EG_STR(""));
    if (attribute->kind != EG_STRING)
        return eg_call_derived(call, attribute, EG_STR(""));
    return eg_resolve_attribute(&call->context, name->as.text, attribute->as.text, call->at);
}

/* "A.B.C" cut at its first point. */
static const struct eg_node *get_att_text(const struct eg_context *context,
                                          const struct eg_node *at, struct eg_str text) {
    size_t point = eg_str_find(text, EG_STR("."), 0);
    if (point == SIZE_MAX || point == 0 || point + 1 == text.length)
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::GetAtt takes Resource.Attribute, found '%.*s'",
                                 EG_STR_ARGS(text));
    return eg_resolve_attribute(context, eg_str_slice(text, 0, point),
                                eg_str_from_offset(text, point + 1), at);
}

/* [A, B, C] as well as [A, B.C]. */
static struct eg_str join_points(struct eg_arena *arena, const struct eg_list *list,
                                 uint32_t first) {
    struct eg_str text = eg_node_text(list->items[first]);
    for (uint32_t i = first + 1; i < list->count; i++)
        text = eg_str_format(arena, "%.*s.%.*s", EG_STR_ARGS(text),
                             EG_STR_ARGS(eg_node_text(list->items[i])));
    return text;
}

static bool all_strings(const struct eg_list *list) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i]->kind != EG_STRING)
            return false;
    return true;
}

const struct eg_node *eg_resolve_get_att(const struct eg_context *context, const struct eg_node *at,
                                         const struct eg_node *argument) {
    if (argument->kind == EG_STRING)
        return get_att_text(context, at, argument->as.text);
    if (argument->kind != EG_LIST || argument->as.list.count < 2 || argument->as.list.count > 8)
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::GetAtt takes [Resource, Attribute] or Resource.Attribute");
    const struct eg_list *list = &argument->as.list;
    if (all_strings(list))
        return eg_resolve_attribute(context, list->items[0]->as.text,
                                    join_points(context->resolver->arena, list, 1), at);
    if (list->count > 2)
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::GetAtt takes [Resource, Attribute] or Resource.Attribute");
    const struct eg_node *arguments[] = {eg_resolve_value(context, list->items[0]),
                                         eg_resolve_value(context, list->items[1])};
    return eg_call(context, call_get_att, at, arguments, 2);
}

/* ---- Fn::ImportValue ---- */

static struct eg_scenario *scenario_of(const struct eg_call *call) {
    return call->scenario != NULL ? call->scenario : &call->context.resolver->scenario;
}

/* What exports NAME, as far as its name tells: the CDK writes STACK:ExportsOutput…, others begin
 * with a parameter, ${NetworkStack}-VpcId. Empty: it doesn't tell. */
static struct eg_str exporter_of(struct eg_str name) {
    bool by_parameter = eg_str_starts_with(name, EG_STR("${"));
    size_t end = eg_str_find(name, by_parameter ? EG_STR("}") : EG_STR(":"), 0);
    return end == SIZE_MAX ? EG_STR("") : eg_str_slice(name, 0, end + (by_parameter ? 1 : 0));
}

/* Tells that nothing in the input exports NAME: once for an exporter and a stack that imports. */
static void tell_missing(const struct eg_call *call, struct eg_str name) {
    struct eg_resolver *resolver = call->context.resolver;
    struct eg_str exporter = exporter_of(name);
    struct eg_str key = eg_str_format(resolver->arena, "%p %.*s", (const void *)call->context.scope,
                                      EG_STR_ARGS(exporter.length > 0 ? exporter : name));
    if (resolver->sealed || eg_map_put(&resolver->missing, key, resolver) != NULL)
        return;
    struct eg_problem *problem =
        exporter.length > 0
            ? eg_resolve_problem(
                  &call->context, "missing-export", call->at,
                  "stack %.*s, whose exports are imported (%.*s), is not part of the "
                  "input; give it too",
                  EG_STR_ARGS(exporter), EG_STR_ARGS(name))
            : eg_resolve_problem(&call->context, "missing-export", call->at,
                                 "no stack of the input exports %.*s; give the one that does too",
                                 EG_STR_ARGS(name));
    problem->unknown = true;
}

static const struct eg_node *call_import(const struct eg_call *call) {
    struct eg_resolver *resolver = call->context.resolver;
    const struct eg_node *name = eg_call_look(call, call->arguments[0]);
    if (name == NULL || (eg_call_waits(call, name) && resolver->exports.count > 0))
        return NULL;
    if (!eg_text_is(name))
        return eg_call_broken(call, "Fn::ImportValue takes the name of an export, not a %s",
                              eg_kind_name(eg_node_kind(name)));
    struct eg_str text = eg_text_show(call->arena, name);
    struct eg_output_slot *output = eg_map_get(&resolver->exports, text);
    if (output != NULL &&
        eg_text_equal(scenario_of(call), output->output.export, name) == EG_TRUE) {
        struct eg_scope *exporter = (struct eg_scope *)(void *)output->stack;
        return eg_node_moved(call->arena, eg_resolve_output(resolver, exporter, output), call->at);
    }
    struct eg_unknown unknown = {.why = EG_WHY_IMPORT, .name = text};
    if (name->kind != EG_STRING) {
        unknown.scope = &call->context.scope->stack;
        unknown.hint = EG_STR("the name itself is not known");
    }
    if (call->scenario == NULL) {
        tell_missing(call, text);
        return eg_resolve_symbol_node(resolver, unknown, call->at);
    }
    unknown.variable = eg_call_derived(call, name, text)->as.unknown->variable;
    return eg_node_unknown(call->arena, unknown, call->at);
}

const struct eg_node *eg_resolve_import_value(const struct eg_context *context,
                                              const struct eg_node *at,
                                              const struct eg_node *argument) {
    const struct eg_node *name = eg_resolve_value(context, argument);
    return eg_call(context, call_import, at, &name, 1);
}

/* ---- Fn::GetStackOutput ---- */

/* The stack named NAME in the Region, if that is known. */
static struct eg_scope *find_stack(const struct eg_call *call, struct eg_str name,
                                   const struct eg_node *region) {
    struct eg_scope *scope = eg_map_get(&call->context.resolver->by_name, name);
    for (; scope != NULL; scope = scope->next_of_name)
        if (region == NULL ||
            eg_text_equal(scenario_of(call), region, scope->stack.region) != EG_FALSE)
            return scope;
    return NULL;
}

static const struct eg_node *call_stack_output(const struct eg_call *call) {
    struct eg_resolver *resolver = call->context.resolver;
    const struct eg_node *stack = eg_call_look(call, call->arguments[0]);
    const struct eg_node *name = eg_call_look(call, call->arguments[1]);
    const struct eg_node *region = NULL;
    if (call->count > 2) {
        region = eg_call_look(call, call->arguments[2]);
        if (region == NULL)
            return NULL;
    }
    if (stack == NULL || name == NULL || eg_call_waits(call, stack) || eg_call_waits(call, name))
        return NULL;
    if (!eg_text_is(stack) || !eg_text_is(name))
        return eg_call_broken(call, "Fn::GetStackOutput takes StackName and OutputName as text");
    struct eg_scope *found =
        stack->kind == EG_STRING && name->kind == EG_STRING
            ? find_stack(call, stack->as.text, region != NULL && eg_text_is(region) ? region : NULL)
            : NULL;
    struct eg_output_slot *output = NULL;
    if (found != NULL) {
        eg_scope_prepare(resolver, found);
        output = eg_map_get(&found->outputs, name->as.text);
        if (output == NULL && !found->has_macro)
            return eg_call_broken(call, "stack %.*s has no output %.*s",
                                  EG_STR_ARGS(stack->as.text), EG_STR_ARGS(name->as.text));
    }
    if (output != NULL)
        return eg_node_moved(call->arena, eg_resolve_output(resolver, found, output), call->at);
    struct eg_str text =
        eg_str_format(call->arena, "%.*s.%.*s", EG_STR_ARGS(eg_text_show(call->arena, stack)),
                      EG_STR_ARGS(eg_text_show(call->arena, name)));
    struct eg_unknown unknown = {.why = EG_WHY_STACK_OUTPUT, .name = text};
    if (call->scenario == NULL)
        return eg_resolve_symbol_node(resolver, unknown, call->at);
    return eg_node_unknown(call->arena, unknown, call->at);
}

const struct eg_node *eg_resolve_get_stack_output(const struct eg_context *context,
                                                  const struct eg_node *at,
                                                  const struct eg_node *argument) {
    const struct eg_node *stack = EG_GET(argument, "StackName");
    const struct eg_node *name = EG_GET(argument, "OutputName");
    const struct eg_node *region = EG_GET(argument, "Region");
    if (stack == NULL || name == NULL)
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::GetStackOutput takes a map of StackName and OutputName");
    const struct eg_node *arguments[3] = {eg_resolve_value(context, stack),
                                          eg_resolve_value(context, name)};
    uint32_t count = 2;
    if (region != NULL)
        arguments[count++] = eg_resolve_value(context, region);
    return eg_call(context, call_stack_output, at, arguments, count);
}

/* ---- Fn::Transform ---- */

const struct eg_node *eg_resolve_transform(const struct eg_context *context,
                                           const struct eg_node *at,
                                           const struct eg_node *argument) {
    struct eg_str name = eg_node_text(EG_GET(argument, "Name"));
    if (name.length == 0)
        name = EG_STR("a macro");
    struct eg_problem *problem = eg_resolve_problem(
        context, "macro", at, "what %.*s makes is known only when CloudFormation expands it",
        EG_STR_ARGS(name));
    problem->unknown = true;
    return eg_node_unknown(context->resolver->arena,
                           (struct eg_unknown){.why = EG_WHY_MACRO, .name = name, .scope = at}, at);
}
