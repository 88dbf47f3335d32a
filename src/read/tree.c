/* The tree while it is read; see tree.h. Called by json.c and yaml.c. */
#include "read/tree.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool eg_tree_fail(struct eg_tree *tree, size_t offset, const char *format, ...) {
    char text[sizeof tree->error->text];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct eg_place place = eg_source_place(tree->source, (uint32_t)offset);
    return eg_error_set(tree->error, EG_ERROR_INPUT, place.file, place.line, place.column, "%s",
                        text);
}

static bool is_word_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '+' || c == '-' || c == '.';
}

const char *eg_tree_found(const struct eg_tree *tree, size_t offset, char buffer[64]) {
    enum { LONGEST_WORD = 32 };
    struct eg_str rest = eg_str_from_offset(tree->source->text, offset);
    if (rest.length == 0)
        return "end of file";
    int word = 0;
    while ((size_t)word < rest.length && word < LONGEST_WORD && is_word_character(rest.data[word]))
        word++;
    unsigned char first = (unsigned char)rest.data[0];
    if (word > 0)
        (void)snprintf(buffer, 64, "'%.*s'", word, rest.data);
    else if (first == '\n' || first == '\r')
        (void)snprintf(buffer, 64, "a line break");
    else if (first == '\t')
        (void)snprintf(buffer, 64, "a tab");
    else if (first >= 0x20 && first < 0x7F)
        (void)snprintf(buffer, 64, "'%c'", first);
    else {
        unsigned length = eg_utf8_length(rest.data, rest.length);
        if (length == 0)
            (void)snprintf(buffer, 64, "byte 0x%02X, which is not UTF-8", first);
        else
            (void)snprintf(buffer, 64, "character U+%04X", eg_utf8_decode(rest.data, length));
    }
    return buffer;
}

bool eg_tree_begin(struct eg_tree *tree, struct eg_arena *arena, struct eg_str name,
                   struct eg_str text, struct eg_error *error) {
    tree->arena = arena;
    tree->source = eg_source_new(arena, name, text);
    tree->error = error;
    eg_arena_init(&tree->slots_arena);
    eg_arena_init(&tree->build_arena);
    tree->slots = NULL;
    tree->slot_count = tree->slot_capacity = 0;
    tree->depth = 0;
    tree->root = NULL;
    tree->duplicates = NULL;
    tree->duplicate_count = 0;
    tree->last = NULL;
    tree->last_height = 0;
    if (text.length > EG_LIMIT_FILE_BYTES)
        return eg_error_set(error, EG_ERROR_INPUT, name, 0, 0,
                            "is larger than %d MiB, the most that is read",
                            EG_LIMIT_FILE_BYTES / (1024 * 1024));
    if (eg_str_starts_with(text, EG_STR("\xFF\xFE")) ||
        eg_str_starts_with(text, EG_STR("\xFE\xFF")))
        return eg_error_set(error, EG_ERROR_INPUT, name, 0, 0,
                            "is UTF-16, expected UTF-8; save the file as UTF-8");
    return true;
}

void eg_tree_done(struct eg_tree *tree) {
    eg_arena_done(&tree->slots_arena);
    eg_arena_done(&tree->build_arena);
}

uint32_t eg_tree_start(const struct eg_tree *tree) {
    return eg_str_starts_with(tree->source->text, EG_STR("\xEF\xBB\xBF")) ? 3 : 0;
}

struct eg_node *eg_tree_node(struct eg_tree *tree, enum eg_kind kind, uint32_t offset) {
    struct eg_node *node = eg_node_new(tree->arena, kind, NULL);
    node->source = tree->source;
    node->offset = offset;
    return node;
}

bool eg_tree_in_map(const struct eg_tree *tree) {
    return tree->depth > 0 && tree->levels[tree->depth - 1].node->kind == EG_MAP;
}

static struct eg_tree_slot *push_slot(struct eg_tree *tree) {
    if (tree->slot_count == tree->slot_capacity) {
        uint32_t larger = tree->slot_capacity == 0 ? 64 : tree->slot_capacity * 2;
        tree->slots =
            eg_arena_grow(&tree->slots_arena, tree->slots,
                          tree->slot_capacity * sizeof *tree->slots, larger * sizeof *tree->slots);
        tree->slot_capacity = larger;
    }
    struct eg_tree_slot *slot = &tree->slots[tree->slot_count++];
    *slot = (struct eg_tree_slot){.merge = false};
    return slot;
}

void eg_tree_key(struct eg_tree *tree, struct eg_str key, uint32_t offset) {
    struct eg_tree_slot *slot = push_slot(tree);
    slot->key = key;
    slot->key_offset = offset;
}

void eg_tree_merge_key(struct eg_tree *tree, uint32_t offset) {
    struct eg_tree_slot *slot = push_slot(tree);
    slot->key_offset = offset;
    slot->merge = true;
}

void eg_tree_add(struct eg_tree *tree, const struct eg_node *value, uint32_t height) {
    tree->last = value;
    tree->last_height = height;
    if (tree->depth == 0) {
        tree->root = value;
        return;
    }
    struct eg_tree_level *level = &tree->levels[tree->depth - 1];
    if (level->height < height)
        level->height = height;
    if (level->node->kind == EG_MAP)
        tree->slots[tree->slot_count - 1].value = value;
    else
        push_slot(tree)->value = value;
}

bool eg_tree_check_depth(struct eg_tree *tree, uint32_t levels, uint32_t offset) {
    if (levels <= EG_LIMIT_DEPTH - tree->depth)
        return true;
    return eg_tree_fail(tree, offset, "is nested deeper than %d levels, the most that is read",
                        EG_LIMIT_DEPTH);
}

bool eg_tree_open(struct eg_tree *tree, enum eg_kind kind, uint32_t offset) {
    if (!eg_tree_check_depth(tree, 1, offset))
        return false;
    tree->levels[tree->depth++] =
        (struct eg_tree_level){eg_tree_node(tree, kind, offset), tree->slot_count, 0};
    return true;
}

static struct eg_list finish_list(struct eg_tree *tree, uint32_t first) {
    uint32_t count = tree->slot_count - first;
    if (count == 0)
        return (struct eg_list){0};
    const struct eg_node **items = EG_NEW_ARRAY(tree->arena, const struct eg_node *, count);
    for (uint32_t i = 0; i < count; i++)
        items[i] = tree->slots[first + i].value;
    return (struct eg_list){items, count};
}

static void add_duplicate(struct eg_tree *tree, const struct eg_tree_slot *slot,
                          const struct eg_entry *earlier, const struct eg_node *map) {
    struct eg_duplicate *duplicate = EG_NEW(tree->arena, struct eg_duplicate);
    *duplicate = (struct eg_duplicate){slot->key, earlier->key_offset, slot->key_offset, map,
                                       tree->duplicates};
    tree->duplicates = duplicate;
    tree->duplicate_count++;
}

/* The entries of MAP that BUILDER doesn't have: of several merged maps the first wins. */
static void merge_map(struct eg_map_builder *builder, const struct eg_node *map) {
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        struct eg_entry earlier;
        if (eg_map_add(builder, entry->key, entry->key_offset, entry->value, &earlier))
            (void)eg_map_add(builder, earlier.key, earlier.key_offset, earlier.value, NULL);
    }
}

/* https://yaml.org/type/merge.html */
static bool merge_slot(struct eg_tree *tree, struct eg_map_builder *builder,
                       const struct eg_tree_slot *slot) {
    const struct eg_node *value = slot->value;
    bool good = value->kind == EG_MAP || value->kind == EG_LIST;
    if (value->kind == EG_MAP)
        merge_map(builder, value);
    for (uint32_t i = 0; value->kind == EG_LIST && i < value->as.list.count; i++) {
        const struct eg_node *item = value->as.list.items[i];
        if (item->kind == EG_MAP)
            merge_map(builder, item);
        good = good && item->kind == EG_MAP;
    }
    if (good)
        return true;
    return eg_tree_fail(tree, slot->key_offset, "expected a map, or a list of maps, behind '<<'");
}

/* After the map's own entries, which win. */
static bool add_merged(struct eg_tree *tree, struct eg_map_builder *builder, uint32_t first) {
    for (uint32_t i = first; i < tree->slot_count; i++)
        if (tree->slots[i].merge && !merge_slot(tree, builder, &tree->slots[i]))
            return false;
    return true;
}

static bool finish_map(struct eg_tree *tree, struct eg_node *map, uint32_t first) {
    struct eg_map_builder builder;
    eg_map_begin(&builder, &tree->build_arena);
    for (uint32_t i = first; i < tree->slot_count; i++) {
        const struct eg_tree_slot *slot = &tree->slots[i];
        struct eg_entry earlier;
        if (!slot->merge &&
            eg_map_add(&builder, slot->key, slot->key_offset, slot->value, &earlier))
            add_duplicate(tree, slot, &earlier, map);
    }
    if (!add_merged(tree, &builder, first))
        return false;
    builder.arena = tree->arena; /* the finished entries go there; the builder's are forgotten */
    map->as.map = eg_map_end(&builder);
    eg_arena_reset(&tree->build_arena);
    return true;
}

bool eg_tree_close(struct eg_tree *tree) {
    struct eg_tree_level level = tree->levels[tree->depth - 1];
    if (level.node->kind == EG_LIST)
        level.node->as.list = finish_list(tree, level.first);
    else if (!finish_map(tree, level.node, level.first))
        return false;
    tree->slot_count = level.first;
    tree->depth--;
    eg_tree_add(tree, level.node, level.height + 1);
    return true;
}

static int compare_duplicates(const void *a, const void *b) {
    uint32_t x = (*(const struct eg_duplicate *const *)a)->second_offset;
    uint32_t y = (*(const struct eg_duplicate *const *)b)->second_offset;
    return x < y ? -1 : x > y;
}

/* Inner maps are closed before the outer ones, so the list is not yet in the order of the text. */
static struct eg_duplicate *sort_duplicates(struct eg_tree *tree) {
    uint32_t count = tree->duplicate_count;
    if (count == 0)
        return NULL;
    struct eg_duplicate **sorted = EG_NEW_ARRAY(&tree->build_arena, struct eg_duplicate *, count);
    struct eg_duplicate *next = tree->duplicates;
    for (uint32_t i = 0; i < count; i++, next = next->next)
        sorted[i] = next;
    qsort(sorted, count, sizeof *sorted, compare_duplicates);
    for (uint32_t i = 0; i < count; i++)
        sorted[i]->next = i + 1 < count ? sorted[i + 1] : NULL;
    return sorted[0];
}

void eg_tree_end(struct eg_tree *tree, struct eg_document *ret_document) {
    *ret_document = (struct eg_document){tree->source, tree->root, sort_duplicates(tree)};
}
