/* Checking the maps of policy files; see keys.h. Called by whatever reads such a file. */
#include "policy/keys.h"

#include <stdarg.h>
#include <stdio.h>

enum { FARTHEST_NAME = 3 };

bool eg_keys_fail(struct eg_error *error, const struct eg_node *at, const char *format, ...) {
    char text[sizeof error->text];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct eg_place place = eg_node_place(at);
    return eg_error_set(error, EG_ERROR_USAGE, place.file, place.line, place.column, "%s", text);
}

/* ---- forms ---- */

static bool is_scalar(const struct eg_node *node) {
    enum eg_kind kind = eg_node_kind(node);
    return kind == EG_STRING || kind == EG_BOOL || kind == EG_INT || kind == EG_DOUBLE;
}

static bool is_text(const struct eg_node *node) {
    return is_scalar(node) && !(node->kind == EG_STRING && node->as.text.length == 0);
}

static bool is_list_of_text(const struct eg_node *node) {
    if (eg_node_kind(node) != EG_LIST)
        return is_text(node);
    for (uint32_t i = 0; i < node->as.list.count; i++)
        if (!is_text(node->as.list.items[i]))
            return false;
    return true;
}

static bool is_map_of_text(const struct eg_node *node) {
    if (eg_node_kind(node) != EG_MAP)
        return false;
    for (uint32_t i = 0; i < node->as.map.count; i++)
        if (!is_text(node->as.map.items[i].value))
            return false;
    return true;
}

static bool has_form(const struct eg_node *node, enum eg_key_form form) {
    switch (form) {
    case EG_KEY_ANY:
        return true;
    case EG_KEY_TEXT:
        return is_text(node);
    case EG_KEY_FLAG:
        return node->kind == EG_BOOL;
    case EG_KEY_MAP:
        return node->kind == EG_MAP;
    case EG_KEY_LIST:
        return node->kind == EG_LIST;
    case EG_KEY_TEXTS:
        return is_list_of_text(node);
    case EG_KEY_EXPRESSIONS:
        return is_map_of_text(node);
    }
    return false;
}

static const char *form_name(enum eg_key_form form) {
    static const char *const names[] = {
        [EG_KEY_ANY] = "a value",
        [EG_KEY_TEXT] = "text",
        [EG_KEY_FLAG] = "true or false",
        [EG_KEY_MAP] = "a map",
        [EG_KEY_LIST] = "a list",
        [EG_KEY_TEXTS] = "a list of text",
        [EG_KEY_EXPRESSIONS] = "a map from names to expressions",
    };
    return names[form];
}

/* ---- maps ---- */

struct eg_str eg_keys_nearest(struct eg_str name, const struct eg_str *names, uint32_t count) {
    struct eg_str nearest = EG_STR("");
    unsigned smallest = FARTHEST_NAME + 1;
    for (uint32_t i = 0; i < count; i++) {
        unsigned distance = eg_str_distance(name, names[i], FARTHEST_NAME);
        /* A short word is "near" to every other one. */
        if (distance < smallest && distance * 2 <= names[i].length) {
            smallest = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

struct eg_str eg_keys_hint(struct eg_arena *arena, struct eg_str nearest) {
    return nearest.length == 0
               ? EG_STR("")
               : eg_str_format(arena, "; did you mean '%.*s'?", EG_STR_ARGS(nearest));
}

static const struct eg_key *find_key(const struct eg_key *keys, struct eg_str name) {
    for (const struct eg_key *key = keys; key->name != NULL && name.length > 0; key++)
        if (name.data[0] == key->name[0] && eg_str_is(name, key->name))
            return key;
    return NULL;
}

static bool unknown_key(const struct eg_entry *entry, const struct eg_key *keys, const char *what,
                        struct eg_error *error) {
    enum { MOST_KEYS = 40 };
    struct eg_str names[MOST_KEYS];
    uint32_t count = 0;
    for (const struct eg_key *key = keys; key->name != NULL && count < MOST_KEYS; key++)
        names[count++] = eg_str_from(key->name);
    struct eg_str nearest = eg_keys_nearest(entry->key, names, count);
    struct eg_place place = eg_entry_place(entry);
    if (nearest.length > 0)
        return eg_error_set(error, EG_ERROR_USAGE, place.file, place.line, place.column,
                            "%s has no key '%.*s'; did you mean '%.*s'?", what,
                            EG_STR_ARGS(entry->key), EG_STR_ARGS(nearest));
    return eg_error_set(error, EG_ERROR_USAGE, place.file, place.line, place.column,
                        "%s has no key '%.*s'", what, EG_STR_ARGS(entry->key));
}

static uint32_t count_required(const struct eg_key *keys) {
    uint32_t count = 0;
    for (const struct eg_key *key = keys; key->name != NULL; key++)
        count += key->required;
    return count;
}

bool eg_keys_check(const struct eg_node *map, const struct eg_key *keys, const char *what,
                   struct eg_error *error) {
    if (eg_node_kind(map) != EG_MAP)
        return eg_keys_fail(error, map, "%s must be a map, found %s", what,
                            eg_kind_name(eg_node_kind(map)));
    uint32_t found = 0; /* of the required keys */
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        const struct eg_key *key = find_key(keys, entry->key);
        found += key != NULL && key->required;
        if (key == NULL)
            return unknown_key(entry, keys, what, error);
        if (!has_form(entry->value, key->form))
            return eg_keys_fail(error, entry->value, "'%s' of %s must be %s, found %s", key->name,
                                what, form_name(key->form),
                                entry->value->kind == EG_STRING && entry->value->as.text.length == 0
                                    ? "an empty text"
                                    : eg_kind_name(entry->value->kind));
    }
    if (found == count_required(keys))
        return true;
    for (const struct eg_key *key = keys; key->name != NULL; key++)
        if (key->required && eg_node_entry(map, eg_str_from(key->name)) == NULL)
            return eg_keys_fail(error, map, "%s needs a key '%s'", what, key->name);
    return true;
}

/* ---- keys that are given twice ---- */

static bool is_inside(const struct eg_node *node, const struct eg_node *map, int depth) {
    enum { DEEPEST = 64 };
    if (node == map || depth == DEEPEST)
        return node == map;
    if (node->kind == EG_LIST)
        for (uint32_t i = 0; i < node->as.list.count; i++)
            if (is_inside(node->as.list.items[i], map, depth + 1))
                return true;
    if (node->kind == EG_MAP)
        for (uint32_t i = 0; i < node->as.map.count; i++)
            if (is_inside(node->as.map.items[i].value, map, depth + 1))
                return true;
    return false;
}

bool eg_keys_once(const struct eg_document *document, const struct eg_node *node, bool deep,
                  struct eg_error *error) {
    for (const struct eg_duplicate *twice = document->duplicates; node != NULL && twice != NULL;
         twice = twice->next) {
        if (twice->map != node && !(deep && is_inside(node, twice->map, 0)))
            continue;
        struct eg_place first = eg_source_place(document->source, twice->first_offset);
        struct eg_place second = eg_source_place(document->source, twice->second_offset);
        return eg_error_set(error, EG_ERROR_USAGE, second.file, second.line, second.column,
                            "the key '%.*s' is given twice, first in line %u",
                            EG_STR_ARGS(twice->key), first.line);
    }
    return true;
}

/* ---- values ---- */

struct eg_str eg_keys_text(struct eg_arena *arena, const struct eg_node *node) {
    struct eg_str text = EG_STR("");
    (void)eg_node_scalar_text(arena, node, &text);
    return text;
}

const struct eg_str *eg_keys_texts(struct eg_arena *arena, const struct eg_node *node,
                                   uint32_t *ret_count) {
    *ret_count = 0;
    if (node == NULL)
        return NULL;
    uint32_t count = node->kind == EG_LIST ? node->as.list.count : 1;
    struct eg_str *texts = EG_NEW_ARRAY(arena, struct eg_str, count);
    for (uint32_t i = 0; i < count; i++)
        texts[i] = eg_keys_text(arena, node->kind == EG_LIST ? node->as.list.items[i] : node);
    *ret_count = count;
    return texts;
}
