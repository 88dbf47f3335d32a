/* Fn::ForEach: a loop that makes resources, outputs, conditions or properties. Called where a map
 * has a key Fn::ForEach::NAME.
 *
 *   "Fn::ForEach::Topics": ["Name", ["A", "B"], {"Topic${Name}": {… "${Name}" …, {"Ref": "Name"}}}]
 *
 * &{Name} is the same as ${Name} with everything but letters and digits left out of the value. The
 * body is copied for each value with the identifier replaced; parts without it are shared.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
 */
#include "base/buf.h"
#include "resolve/resolver.h"

struct loop {
    const struct eg_context *context;
    struct eg_str identifier;
    struct eg_str hole;       /* ${Identifier} */
    struct eg_str plain_hole; /* &{Identifier} */
    struct eg_str value;
    struct eg_str plain_value; /* letters and digits only */
};

bool eg_is_foreach(struct eg_str key) {
    return eg_str_starts_with(key, EG_STR("Fn::ForEach::"));
}

static struct eg_str letters_and_digits(struct eg_arena *arena, struct eg_str text) {
    char *kept = eg_arena_alloc(arena, text.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            kept[length++] = c;
    }
    return (struct eg_str){kept, length};
}

/* ---- putting the value in ---- */

static struct eg_str replace(struct eg_arena *arena, struct eg_str text, struct eg_str hole,
                             struct eg_str value) {
    if (!eg_str_contains(text, hole))
        return text;
    struct eg_buf buf;
    eg_buf_init(&buf);
    for (size_t found = eg_str_find(text, hole, 0);
         found != SIZE_MAX && buf.length < EG_LIMIT_TEXT_BYTES;
         found = eg_str_find(text, hole, 0)) {
        eg_buf_add_str(&buf, eg_str_slice(text, 0, found));
        eg_buf_add_str(&buf, value);
        text = eg_str_from_offset(text, found + hole.length);
    }
    eg_buf_add_str(&buf, text);
    struct eg_str made = eg_str_copy(arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return made;
}

static struct eg_str replace_both(const struct loop *loop, struct eg_str text) {
    struct eg_arena *arena = loop->context->resolver->arena;
    return replace(arena, replace(arena, text, loop->hole, loop->value), loop->plain_hole,
                   loop->plain_value);
}

static const struct eg_node *put_in(const struct loop *loop, const struct eg_node *node);

static const struct eg_node *put_in_list(const struct loop *loop, const struct eg_node *list) {
    struct eg_list_builder builder;
    eg_list_begin(&builder, loop->context->resolver->arena);
    bool changed = false;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = put_in(loop, list->as.list.items[i]);
        changed = changed || item != list->as.list.items[i];
        eg_list_add(&builder, item);
    }
    return changed ? eg_list_node(&builder, list) : list;
}

static const struct eg_node *put_in_map(const struct loop *loop, const struct eg_node *map) {
    struct eg_arena *arena = loop->context->resolver->arena;
    if (map->as.map.count == 1 && eg_str_is(map->as.map.items[0].key, "Ref") &&
        eg_str_equal(eg_node_text(map->as.map.items[0].value), loop->identifier))
        return eg_node_string(arena, loop->value, map);
    struct eg_map_builder builder;
    eg_map_begin(&builder, arena);
    bool changed = false;
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        struct eg_str key = replace_both(loop, entry->key);
        const struct eg_node *value = put_in(loop, entry->value);
        changed = changed || value != entry->value || key.data != entry->key.data;
        (void)eg_map_add(&builder, key, entry->key_offset, value, NULL);
    }
    return changed ? eg_map_node(&builder, map) : map;
}

/* As deep as the template, which the readers bound. */
static const struct eg_node *put_in(const struct loop *loop, const struct eg_node *node) {
    /* Text counts as the nodes that it could be. */
    loop->context->scope->loop_nodes += 1 + (uint32_t)(eg_node_text(node).length / 64);
    if (loop->context->scope->loop_nodes > EG_LIMIT_FOREACH_NODES)
        return node;
    if (node->kind == EG_MAP)
        return put_in_map(loop, node);
    if (node->kind == EG_LIST)
        return put_in_list(loop, node);
    if (node->kind != EG_STRING)
        return node;
    struct eg_str text = replace_both(loop, node->as.text);
    if (text.data == node->as.text.data)
        return node;
    return eg_node_string(loop->context->resolver->arena, text, node);
}

/* ---- the loop ---- */

struct expansion {
    const struct eg_context *context;
    struct eg_map_builder made;
    const struct eg_node *unknown;
    unsigned depth;
};

static void expand(struct expansion *expansion, const struct eg_node *map);

static void fail(struct expansion *expansion, const struct eg_node *at, const char *text) {
    expansion->unknown = eg_resolve_broken(expansion->context, "invalid-function", at, "%s", text);
}

/* Values that can't be listed: what the loop makes is not known. */
static void leave_open(struct expansion *expansion, const struct eg_entry *entry,
                       const struct eg_node *collection) {
    struct eg_str shown = EG_STR("its collection");
    if (eg_text_is(collection))
        shown = eg_text_show(expansion->context->resolver->arena, collection);
    struct eg_problem *problem =
        eg_resolve_problem(expansion->context, "macro", entry->value,
                           "what %.*s makes is not known, since %.*s is not",
                           EG_STR_ARGS(entry->key), EG_STR_ARGS(shown));
    problem->unknown = true;
    expansion->unknown = eg_node_unknown(
        expansion->context->resolver->arena,
        (struct eg_unknown){.why = EG_WHY_MACRO, .name = entry->key, .scope = entry->value},
        entry->value);
}

/* The items of a collection as text; false if one is not known. */
static bool list_values(struct eg_arena *arena, const struct eg_node *collection,
                        struct eg_str *values) {
    for (uint32_t i = 0; i < collection->as.list.count; i++)
        if (!eg_node_scalar_text(arena, collection->as.list.items[i], &values[i]))
            return false;
    return true;
}

static void iterate(struct expansion *expansion, struct eg_str identifier, struct eg_str value,
                    const struct eg_node *body) {
    struct eg_arena *arena = expansion->context->resolver->arena;
    struct eg_scope *scope = expansion->context->scope;
    if (++scope->loops > EG_LIMIT_FOREACH_ITEMS || scope->loop_nodes > EG_LIMIT_FOREACH_NODES) {
        if (expansion->unknown == NULL)
            expansion->unknown =
                eg_resolve_limit(expansion->context, body, "Fn::ForEach makes too much");
        return;
    }
    const struct loop loop = {.context = expansion->context,
                              .identifier = identifier,
                              .hole = eg_str_format(arena, "${%.*s}", EG_STR_ARGS(identifier)),
                              .plain_hole =
                                  eg_str_format(arena, "&{%.*s}", EG_STR_ARGS(identifier)),
                              .value = value,
                              .plain_value = letters_and_digits(arena, value)};
    const struct eg_node *made = put_in(&loop, body);
    if (made->kind == EG_MAP)
        expand(expansion, made);
}

static void expand_loop(struct expansion *expansion, const struct eg_entry *entry) {
    struct eg_arena *arena = expansion->context->resolver->arena;
    const struct eg_node *loop = entry->value;
    if (loop->kind != EG_LIST || loop->as.list.count != 3 ||
        loop->as.list.items[0]->kind != EG_STRING || loop->as.list.items[2]->kind != EG_MAP) {
        fail(expansion, loop, "Fn::ForEach takes [identifier, collection, map]");
        return;
    }
    const struct eg_node *collection = eg_resolve_value(expansion->context, loop->as.list.items[1]);
    struct eg_str *values = collection->kind == EG_LIST
                                ? EG_NEW_ARRAY(arena, struct eg_str, collection->as.list.count + 1)
                                : NULL;
    if (values == NULL || !list_values(arena, collection, values)) {
        leave_open(expansion, entry, collection);
        return;
    }
    for (uint32_t i = 0; i < collection->as.list.count; i++)
        iterate(expansion, loop->as.list.items[0]->as.text, values[i], loop->as.list.items[2]);
}

/* Adds the entries of MAP, its loops run. Loops stand in loops no deeper than five times. */
static void expand(struct expansion *expansion, const struct eg_node *map) {
    enum { MOST_LOOPS_IN_LOOPS = 16 };
    if (expansion->depth >= MOST_LOOPS_IN_LOOPS) {
        fail(expansion, map, "Fn::ForEach is nested too deep");
        return;
    }
    expansion->depth++;
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        if (eg_is_foreach(entry->key))
            expand_loop(expansion, entry);
        else
            (void)eg_map_add(&expansion->made, entry->key, entry->key_offset, entry->value, NULL);
    }
    expansion->depth--;
}

const struct eg_node *eg_resolve_foreach(const struct eg_context *context,
                                         const struct eg_node *map,
                                         const struct eg_node **ret_unknown) {
    bool loops = false;
    for (uint32_t i = 0; !loops && i < map->as.map.count; i++)
        loops = eg_is_foreach(map->as.map.items[i].key);
    *ret_unknown = NULL;
    if (!loops)
        return map;
    struct expansion expansion = {.context = context};
    eg_map_begin(&expansion.made, context->resolver->arena);
    expand(&expansion, map);
    *ret_unknown = expansion.unknown;
    return eg_map_node(&expansion.made, map);
}
