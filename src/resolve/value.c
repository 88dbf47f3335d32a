/* One value: walks what the template says and puts values in place of functions. Called for every
 * property, parameter, output and operand. What holds no function is shared, not copied.
 */
#include "resolve/resolver.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- problems ---- */

__attribute__((format(printf, 4, 0))) static struct eg_problem *
add_problem(const struct eg_context *context, const char *code, const struct eg_node *at,
            const char *format, va_list arguments) {
    char text[1024];
    (void)vsnprintf(text, sizeof text, format, arguments);
    /* What is found in a scenario belongs to that scenario, not to the input. */
    struct eg_problems thrown_away = {0};
    struct eg_problem *problem = eg_problem_add(
        context->resolver->sealed ? &thrown_away : &context->resolver->system->problems,
        context->resolver->arena, code, at, "%s", text);
    problem->resource = context->resource;
    problem->template_ = context->scope->stack.template_;
    return problem;
}

struct eg_problem *eg_resolve_problem(const struct eg_context *context, const char *code,
                                      const struct eg_node *at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    struct eg_problem *problem = add_problem(context, code, at, format, arguments);
    va_end(arguments);
    return problem;
}

const struct eg_node *eg_resolve_broken(const struct eg_context *context, const char *code,
                                        const struct eg_node *at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    struct eg_problem *problem = add_problem(context, code, at, format, arguments);
    va_end(arguments);
    return eg_node_unknown(context->resolver->arena,
                           (struct eg_unknown){.why = EG_WHY_BROKEN, .hint = problem->message}, at);
}

const struct eg_node *eg_resolve_limit(const struct eg_context *context, const struct eg_node *at,
                                       const char *what) {
    struct eg_problem *problem = eg_resolve_problem(context, "limit", at, "%s", what);
    problem->unknown = true;
    return eg_node_unknown(context->resolver->arena,
                           (struct eg_unknown){.why = EG_WHY_LIMIT, .hint = problem->message}, at);
}

/* ---- symbols ---- */

struct eg_symbol *eg_resolve_find_symbol(struct eg_resolver *resolver,
                                         const struct eg_unknown *unknown) {
    if (unknown->name.length == 0)
        return NULL;
    struct eg_symbol *symbol = eg_map_get(&resolver->symbols, unknown->name);
    while (symbol != NULL &&
           (symbol->unknown.why != unknown->why || symbol->unknown.scope != unknown->scope))
        symbol = symbol->next;
    return symbol;
}

struct eg_symbol *eg_resolve_symbol(struct eg_resolver *resolver, struct eg_unknown unknown) {
    struct eg_symbol *symbol = eg_resolve_find_symbol(resolver, &unknown);
    if (symbol != NULL)
        return symbol;
    symbol = EG_NEW(resolver->arena, struct eg_symbol);
    symbol->unknown = unknown;
    symbol->unknown.name = eg_str_copy(resolver->arena, unknown.name);
    symbol->next = eg_map_get(&resolver->symbols, symbol->unknown.name);
    (void)eg_map_put(&resolver->symbols, symbol->unknown.name, symbol);
    return symbol;
}

const struct eg_node *eg_resolve_symbol_node(struct eg_resolver *resolver,
                                             struct eg_unknown unknown, const struct eg_node *at) {
    struct eg_node *node = eg_node_new(resolver->arena, EG_UNKNOWN, at);
    node->as.unknown = &eg_resolve_symbol(resolver, unknown)->unknown;
    node->origin = at;
    return node;
}

/* ---- slots ---- */

bool eg_slot_begin(struct eg_resolver *resolver, struct eg_slot *slot, uint32_t *ret_reached) {
    if (slot->busy || slot->value != NULL) {
        if (slot->height > resolver->reached)
            resolver->reached = slot->height;
        return false;
    }
    slot->busy = true;
    *ret_reached = resolver->reached;
    resolver->reached = 0;
    return true;
}

void eg_slot_end(const struct eg_context *context, struct eg_slot *slot,
                 const struct eg_node *value, uint32_t reached, const struct eg_node *at) {
    struct eg_resolver *resolver = context->resolver;
    slot->height = resolver->reached + 1;
    if (slot->height > EG_LIMIT_CHAIN) {
        value = eg_resolve_limit(context, at, "too many values hang on each other in a row");
        slot->height = 1;
    }
    resolver->reached = reached > slot->height ? reached : slot->height;
    slot->value = value;
    slot->busy = false;
}

/* ---- walking ---- */

const struct eg_node *eg_resolve_made(struct eg_arena *arena, const struct eg_node *node,
                                      const struct eg_node *at, uint8_t flags) {
    struct eg_node *made = EG_NEW(arena, struct eg_node);
    *made = *node;
    made->flags |= flags;
    if (at != NULL) {
        made->source = at->source;
        made->offset = at->offset;
        made->origin = at;
    }
    return made;
}

static const struct eg_node *resolve_list(const struct eg_context *context,
                                          const struct eg_node *list) {
    struct eg_list_builder builder;
    eg_list_begin(&builder, context->resolver->arena);
    bool changed = false;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = list->as.list.items[i];
        const struct eg_node *value = eg_resolve_value(context, item);
        if (!changed && value != item) {
            changed = true;
            for (uint32_t j = 0; j < i; j++)
                eg_list_add(&builder, list->as.list.items[j]);
        }
        if (changed && value->kind != EG_ABSENT)
            eg_list_add(&builder, value);
    }
    return changed ? eg_list_node(&builder, list) : list;
}

static const struct eg_node *resolve_entries(const struct eg_context *context,
                                             const struct eg_node *map) {
    struct eg_map_builder builder;
    eg_map_begin(&builder, context->resolver->arena);
    bool changed = false;
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        const struct eg_node *value = eg_resolve_value(context, entry->value);
        if (!changed && value != entry->value) {
            changed = true;
            for (uint32_t j = 0; j < i; j++)
                (void)eg_map_add(&builder, map->as.map.items[j].key,
                                 map->as.map.items[j].key_offset, map->as.map.items[j].value, NULL);
        }
        if (changed && value->kind != EG_ABSENT)
            (void)eg_map_add(&builder, entry->key, entry->key_offset, value, NULL);
    }
    return changed ? eg_map_node(&builder, map) : map;
}

/* What Fn::Transform stands beside, a macro may change: all of it is unknown. */
static const struct eg_node *find_transform(const struct eg_node *map) {
    const struct eg_entry *entry = eg_node_entry(map, EG_STR("Fn::Transform"));
    return entry == NULL ? NULL : entry->value;
}

static bool has_foreach(const struct eg_node *map) {
    for (uint32_t i = 0; i < map->as.map.count; i++)
        if (eg_is_foreach(map->as.map.items[i].key))
            return true;
    return false;
}

static const struct eg_node *resolve_map(const struct eg_context *context,
                                         const struct eg_node *map) {
    const struct eg_node *value = eg_resolve_function(context, map);
    if (value != NULL)
        return value;
    const struct eg_node *transform = find_transform(map);
    if (transform != NULL)
        return eg_resolve_transform(context, map, transform);
    if (!has_foreach(map))
        return resolve_entries(context, map);
    const struct eg_node *unknown = NULL;
    const struct eg_node *expanded = eg_resolve_foreach(context, map, &unknown);
    return unknown != NULL ? unknown : resolve_entries(context, expanded);
}

static const struct eg_node *resolve_string(const struct eg_context *context,
                                            const struct eg_node *text) {
    struct eg_resolver *resolver = context->resolver;
    if (eg_str_contains(text->as.text, EG_STR("{{resolve:")))
        return eg_resolve_dynamic(resolver, context->scope, resolver->arena, text);
    /* The values that stand for look-ups are short. */
    if (text->as.text.length <= 128 &&
        eg_assembly_is_dummy(context->scope->stack.template_->assembly, text->as.text))
        return eg_resolve_symbol_node(
            resolver,
            (struct eg_unknown){.why = EG_WHY_CONTEXT,
                                .name = text->as.text,
                                .scope = eg_scope_root(context->scope),
                                .hint = EG_STR("run cdk synth with credentials once")},
            text);
    return text;
}

const struct eg_node *eg_resolve_value(const struct eg_context *context,
                                       const struct eg_node *raw) {
    struct eg_resolver *resolver = context->resolver;
    if (raw->kind == EG_STRING)
        return resolve_string(context, raw);
    if (raw->kind != EG_MAP && raw->kind != EG_LIST)
        return raw;
    if (resolver->depth >= EG_LIMIT_RESOLVE_DEPTH)
        return eg_resolve_limit(context, raw, "values are nested too deep");
    resolver->depth++;
    const struct eg_node *value =
        raw->kind == EG_MAP ? resolve_map(context, raw) : resolve_list(context, raw);
    resolver->depth--;
    return value;
}
