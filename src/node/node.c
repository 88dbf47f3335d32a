/* Making nodes and looking at them; see node.h. Called by every layer. */
#include "node/node.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Up to this many entries a map is searched from the front. */
enum { LINEAR_ENTRIES = 8 };

static const struct eg_node null_node = {.kind = EG_NULL};
static const struct eg_node absent_node = {.kind = EG_ABSENT};
static const struct eg_node false_node = {.kind = EG_BOOL, .as.boolean = false};
static const struct eg_node true_node = {.kind = EG_BOOL, .as.boolean = true};
static const struct eg_node empty_list = {.kind = EG_LIST};
static const struct eg_node empty_map = {.kind = EG_MAP};

struct eg_node *eg_node_new(struct eg_arena *arena, enum eg_kind kind, const struct eg_node *at) {
    struct eg_node *node = EG_NEW(arena, struct eg_node);
    node->kind = (uint8_t)kind;
    if (at != NULL) {
        node->source = at->source;
        node->offset = at->offset;
    }
    return node;
}

const struct eg_node *eg_node_string(struct eg_arena *arena, struct eg_str text,
                                     const struct eg_node *at) {
    struct eg_node *node = eg_node_new(arena, EG_STRING, at);
    node->as.text = text;
    return node;
}

const struct eg_node *eg_node_int(struct eg_arena *arena, int64_t value, const struct eg_node *at) {
    struct eg_node *node = eg_node_new(arena, EG_INT, at);
    node->as.integer = value;
    return node;
}

const struct eg_node *eg_node_bool(bool value) {
    return value ? &true_node : &false_node;
}

const struct eg_node *eg_node_null(void) {
    return &null_node;
}

const struct eg_node *eg_node_absent(void) {
    return &absent_node;
}

const struct eg_node *eg_node_empty_list(void) {
    return &empty_list;
}

const struct eg_node *eg_node_empty_map(void) {
    return &empty_map;
}

const struct eg_node *eg_node_moved(struct eg_arena *arena, const struct eg_node *node,
                                    const struct eg_node *at) {
    struct eg_node *moved = EG_NEW(arena, struct eg_node);
    *moved = *node;
    moved->source = at->source;
    moved->offset = at->offset;
    moved->origin = node->origin != NULL ? node->origin : node;
    return moved;
}

const struct eg_node *eg_node_unknown(struct eg_arena *arena, struct eg_unknown unknown,
                                      const struct eg_node *at) {
    struct eg_unknown *copy = EG_NEW(arena, struct eg_unknown);
    *copy = unknown;
    struct eg_node *node = eg_node_new(arena, EG_UNKNOWN, at);
    node->as.unknown = copy;
    return node;
}

/* ---- lists ---- */

void eg_list_begin(struct eg_list_builder *builder, struct eg_arena *arena) {
    *builder = (struct eg_list_builder){.arena = arena};
}

void eg_list_add(struct eg_list_builder *builder, const struct eg_node *item) {
    if (builder->count == builder->capacity) {
        uint32_t larger = builder->capacity == 0 ? 4 : builder->capacity * 2;
        builder->items = eg_arena_grow(builder->arena, builder->items,
                                       builder->capacity * sizeof(void *), larger * sizeof(void *));
        builder->capacity = larger;
    }
    builder->items[builder->count++] = item;
}

struct eg_list eg_list_end(const struct eg_list_builder *builder) {
    return (struct eg_list){builder->items, builder->count};
}

const struct eg_node *eg_list_node(const struct eg_list_builder *builder,
                                   const struct eg_node *at) {
    struct eg_node *node = eg_node_new(builder->arena, EG_LIST, at);
    node->as.list = eg_list_end(builder);
    return node;
}

/* ---- maps ---- */

/* The number of slots of the index over COUNT entries: a power of two, at least half of it free. */
static uint32_t slots_for(uint32_t count) {
    uint32_t slots = 32;
    while (slots < count * 2)
        slots *= 2;
    return slots;
}

/* The slot of KEY, or the free one where it belongs. */
static uint32_t find_slot(const struct eg_entry *items, const uint32_t *slots, uint32_t slot_count,
                          struct eg_str key, uint32_t hash) {
    uint32_t mask = slot_count - 1;
    uint32_t i = hash & mask;
    while (slots[i] != 0) {
        const struct eg_entry *entry = &items[slots[i] - 1];
        if (entry->hash == hash && eg_str_equal(entry->key, key))
            break;
        i = (i + 1) & mask;
    }
    return i;
}

static void fill_slots(const struct eg_entry *items, uint32_t count, uint32_t *slots,
                       uint32_t slot_count) {
    for (uint32_t i = 0; i < count; i++)
        slots[find_slot(items, slots, slot_count, items[i].key, items[i].hash)] = i + 1;
}

void eg_map_begin(struct eg_map_builder *builder, struct eg_arena *arena) {
    *builder = (struct eg_map_builder){.arena = arena};
}

static struct eg_entry *find_built(const struct eg_map_builder *builder, struct eg_str key,
                                   uint32_t hash) {
    if (builder->slots != NULL) {
        uint32_t number =
            builder
                ->slots[find_slot(builder->items, builder->slots, builder->slot_count, key, hash)];
        return number == 0 ? NULL : &builder->items[number - 1];
    }
    for (uint32_t i = 0; i < builder->count; i++)
        if (builder->items[i].hash == hash && eg_str_equal(builder->items[i].key, key))
            return &builder->items[i];
    return NULL;
}

static void make_room(struct eg_map_builder *builder) {
    if (builder->count < builder->capacity)
        return;
    uint32_t larger = builder->capacity == 0 ? 4 : builder->capacity * 2;
    builder->items =
        eg_arena_grow(builder->arena, builder->items, builder->capacity * sizeof *builder->items,
                      larger * sizeof *builder->items);
    builder->capacity = larger;
    if (larger > LINEAR_ENTRIES) {
        builder->slot_count = slots_for(larger);
        builder->slots = EG_NEW_ARRAY(builder->arena, uint32_t, builder->slot_count);
        fill_slots(builder->items, builder->count, builder->slots, builder->slot_count);
    }
}

bool eg_map_add(struct eg_map_builder *builder, struct eg_str key, uint32_t key_offset,
                const struct eg_node *value, struct eg_entry *ret_earlier) {
    uint32_t hash = eg_str_hash(key);
    struct eg_entry *earlier = find_built(builder, key, hash);
    if (earlier != NULL) {
        if (ret_earlier != NULL)
            *ret_earlier = *earlier;
        earlier->value = value;
        earlier->key_offset = key_offset;
        return true;
    }
    make_room(builder);
    builder->items[builder->count++] = (struct eg_entry){key, key_offset, hash, value};
    if (builder->slots != NULL)
        builder->slots[find_slot(builder->items, builder->slots, builder->slot_count, key, hash)] =
            builder->count;
    return false;
}

/* The slots of the index behind COUNT entries; 0: they are few. */
static uint32_t index_slots(uint32_t count) {
    return count > LINEAR_ENTRIES ? slots_for(count) : 0;
}

struct eg_entry *eg_entries_new(struct eg_arena *arena, uint32_t count) {
    size_t entries_size = count * sizeof(struct eg_entry);
    void *memory = eg_arena_alloc(arena, entries_size + index_slots(count) * sizeof(uint32_t));
    return memory;
}

static struct eg_entries add_index(struct eg_entry *items, uint32_t count) {
    uint32_t slot_count = index_slots(count);
    if (slot_count > 0)
        fill_slots(items, count, (uint32_t *)(void *)(items + count), slot_count);
    return (struct eg_entries){count == 0 ? NULL : items, count};
}

struct eg_entries eg_entries_done(struct eg_entry *items, uint32_t count) {
    for (uint32_t i = 0; i < count && index_slots(count) > 0; i++)
        items[i].hash = eg_str_hash(items[i].key);
    return add_index(items, count);
}

struct eg_entries eg_map_end(const struct eg_map_builder *builder) {
    if (builder->count == 0)
        return (struct eg_entries){0};
    struct eg_entry *items = eg_entries_new(builder->arena, builder->count);
    memcpy(items, builder->items, builder->count * sizeof *items);
    return add_index(items, builder->count);
}

const struct eg_node *eg_map_node(const struct eg_map_builder *builder, const struct eg_node *at) {
    struct eg_node *node = eg_node_new(builder->arena, EG_MAP, at);
    node->as.map = eg_map_end(builder);
    return node;
}

/* ---- looking ---- */

const struct eg_entry *eg_node_entry(const struct eg_node *node, struct eg_str key) {
    if (node == NULL || node->kind != EG_MAP)
        return NULL;
    const struct eg_entry *items = node->as.map.items;
    uint32_t count = node->as.map.count;
    if (count <= LINEAR_ENTRIES) {
        for (uint32_t i = 0; i < count; i++)
            if (eg_str_equal(items[i].key, key))
                return &items[i];
        return NULL;
    }
    const uint32_t *slots = (const uint32_t *)(const void *)(items + count);
    uint32_t number = slots[find_slot(items, slots, slots_for(count), key, eg_str_hash(key))];
    return number == 0 ? NULL : &items[number - 1];
}

const struct eg_node *eg_node_get(const struct eg_node *node, struct eg_str key) {
    const struct eg_entry *entry = eg_node_entry(node, key);
    return entry == NULL ? NULL : entry->value;
}

bool eg_node_is_string(const struct eg_node *node, const char *text) {
    return node != NULL && node->kind == EG_STRING && eg_str_is(node->as.text, text);
}

struct eg_str eg_node_text(const struct eg_node *node) {
    return node != NULL && node->kind == EG_STRING ? node->as.text : EG_STR("");
}

enum eg_kind eg_node_kind(const struct eg_node *node) {
    return node == NULL ? EG_ABSENT : (enum eg_kind)node->kind;
}

const char *eg_kind_name(enum eg_kind kind) {
    static const char *const names[] = {
        [EG_NULL] = "null",
        [EG_BOOL] = "boolean",
        [EG_INT] = "integer",
        [EG_DOUBLE] = "number",
        [EG_STRING] = "string",
        [EG_LIST] = "list",
        [EG_MAP] = "map",
        [EG_UNKNOWN] = "unknown value",
        [EG_REFERENCE] = "reference",
        [EG_PARTIAL] = "partial string",
        [EG_CHOICE] = "choice",
        [EG_ABSENT] = "nothing",
        [EG_OBJECT] = "object",
        [EG_LAZY] = "computed value",
        [EG_UINT] = "unsigned integer",
        [EG_BYTES] = "bytes",
        [EG_TIMESTAMP] = "timestamp",
        [EG_DURATION] = "duration",
        [EG_TYPE] = "type",
        [EG_PAIRS] = "map",
        [EG_OPTIONAL] = "optional",
        [EG_ADDRESS] = "address",
        [EG_ERROR] = "error",
    };
    return names[kind];
}

struct eg_place eg_node_place(const struct eg_node *node) {
    if (node == NULL)
        return eg_source_place(NULL, 0);
    return eg_source_place(node->source, node->offset);
}

struct eg_place eg_entry_place(const struct eg_entry *entry) {
    return eg_source_place(entry->value->source, entry->key_offset);
}

bool eg_node_scalar_text(struct eg_arena *arena, const struct eg_node *node, struct eg_str *ret) {
    switch (eg_node_kind(node)) {
    case EG_STRING:
        *ret = node->as.text;
        return true;
    case EG_BOOL:
        *ret = node->as.boolean ? EG_STR("true") : EG_STR("false");
        return true;
    case EG_INT:
        *ret = eg_str_format(arena, "%lld", (long long)node->as.integer);
        return true;
    case EG_DOUBLE:
        for (int digits = 1; digits <= 17; digits++) {
            *ret = eg_str_format(arena, "%.*g", digits, node->as.number);
            double back = 0;
            if (sscanf(ret->data, "%lf", &back) == 1 && !(back < node->as.number) &&
                !(back > node->as.number))
                break;
        }
        return true;
    default:
        return false;
    }
}

/* ---- unknowns ---- */

bool eg_unknown_same(const struct eg_unknown *a, const struct eg_unknown *b) {
    return a == b || (a->why == b->why && a->scope == b->scope && a->name.length > 0 &&
                      eg_str_equal(a->name, b->name));
}

/* What is said around the name. */
static const struct {
    const char *before, *after;
} why_texts[] = {
    [EG_WHY_PARAMETER] = {"parameter ", " has no value"},
    [EG_WHY_SSM_PARAMETER] = {"parameter ", " takes its value from Parameter Store"},
    [EG_WHY_PSEUDO_PARAMETER] = {"", " is not given"},
    [EG_WHY_IMPORT] = {"the stack that exports ", " is not among the inputs"},
    [EG_WHY_STACK_OUTPUT] = {"the stack that gives ", " is not among the inputs"},
    [EG_WHY_DYNAMIC_REFERENCE] = {"", " is looked up at deployment"},
    [EG_WHY_MACRO] = {"", " is expanded by CloudFormation, not here"},
    [EG_WHY_CONDITION] = {"condition ", " is not decided"},
    [EG_WHY_CONTEXT] = {"the CDK context look-up of ", " never ran"},
    [EG_WHY_PLACEHOLDER] = {"", " is a placeholder"},
    [EG_WHY_OUTSIDE] = {"", " is outside the inputs"},
    [EG_WHY_ATTRIBUTE] = {"", " is known at deployment only"},
    [EG_WHY_BROKEN] = {"", " can't be resolved"},
    [EG_WHY_LIMIT] = {"", " went past a limit"},
    [EG_WHY_POLICY] = {"", ""},
};

struct eg_str eg_unknown_text(struct eg_arena *arena, const struct eg_unknown *unknown) {
    struct eg_str name = unknown->name, hint = unknown->hint;
    if (unknown->why == EG_WHY_POLICY || (name.length == 0 && hint.length > 0))
        return eg_str_copy(arena, hint);
    if (name.length == 0)
        name = EG_STR("a value");
    return eg_str_format(arena, "%s%.*s%s%s%.*s", why_texts[unknown->why].before, EG_STR_ARGS(name),
                         why_texts[unknown->why].after, hint.length == 0 ? "" : "; ",
                         EG_STR_ARGS(hint));
}
