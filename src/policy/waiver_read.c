/* Reading waivers: one entry, and the files of them; see waiver.h. Called by the command line and
 * by waiver_metadata.c. The file's form is schemas/waivers.json. */
#include "policy/waiver_read.h"

#include "policy/keys.h"

#include <stddef.h>
#include <string.h>

/* ---- one waiver ---- */

/* The keys of a waiver, and where their texts go. */
static const struct {
    const char *name;
    size_t slot;
} keys[] = {
    {"rule", offsetof(struct eg_waiver, rule)},
    {"stack", offsetof(struct eg_waiver, stack)},
    {"resource", offsetof(struct eg_waiver, resource)},
    {"construct", offsetof(struct eg_waiver, construct)},
    {"object", offsetof(struct eg_waiver, object)},
    {"reason", offsetof(struct eg_waiver, reason)},
    {"owner", offsetof(struct eg_waiver, owner)},
    {"until", offsetof(struct eg_waiver, until)},
};
enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

static struct eg_str *slot_of(struct eg_waiver *waiver, struct eg_str key) {
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (eg_str_is(key, keys[i].name))
            return (struct eg_str *)(void *)((char *)waiver + keys[i].slot);
    return NULL;
}

static bool unknown_key(const struct eg_entry *entry, struct eg_error *error) {
    struct eg_str names[KEY_COUNT];
    for (size_t i = 0; i < KEY_COUNT; i++)
        names[i] = eg_str_from(keys[i].name);
    struct eg_str nearest = eg_keys_nearest(entry->key, names, KEY_COUNT);
    return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_entry_place(entry)),
                        "a waiver has no '%.*s'%s%.*s%s", EG_STR_ARGS(entry->key),
                        nearest.length > 0 ? "; did you mean '" : "", EG_STR_ARGS(nearest),
                        nearest.length > 0 ? "'?" : "");
}

/* The first key that must be there and is not; NULL: none. */
static const char *lacking(const struct eg_waiver *waiver, bool is_short) {
    return waiver->rule.length == 0                 ? (is_short ? "id" : "rule")
           : waiver->reason.length == 0             ? "reason"
           : waiver->owner.length == 0 && !is_short ? "owner"
           : waiver->until.length == 0              ? "until"
                                                    : NULL;
}

/* A day as YYYY-MM-DD, so that days compare as text. */
static bool is_day(struct eg_str text) {
    static const char form[] = "dddd-dd-dd";
    if (text.length != sizeof form - 1)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (form[i] == 'd' ? !digit : text.data[i] != form[i])
            return false;
    }
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int month = (text.data[5] - '0') * 10 + text.data[6] - '0';
    int day = (text.data[8] - '0') * 10 + text.data[9] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/* Does PATTERN name anything more than "something"? */
static bool narrows(struct eg_str pattern) {
    for (size_t i = 0; i < pattern.length; i++)
        if (pattern.data[i] != '*' && pattern.data[i] != '?')
            return true;
    return false;
}

static bool is_broad(const struct eg_waiver *waiver) {
    return !narrows(waiver->resource) && !narrows(waiver->construct) && !narrows(waiver->object) &&
           !narrows(waiver->stack);
}

/* Reads the values of NODE's keys into the waiver. */
static bool read_keys(struct eg_arena *arena, const struct eg_node *node, bool is_short,
                      struct eg_waiver *waiver, struct eg_error *error) {
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const struct eg_entry *entry = &node->as.map.items[i];
        bool is_id = is_short && eg_str_is(entry->key, "id");
        struct eg_str *slot = is_id ? &waiver->rule : slot_of(waiver, entry->key);
        if (slot == NULL)
            return unknown_key(entry, error);
        if (!eg_node_scalar_text(arena, entry->value, slot))
            return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_node_place(entry->value)),
                                "expected a text for '%.*s', found %s", EG_STR_ARGS(entry->key),
                                eg_kind_name((enum eg_kind)entry->value->kind));
    }
    return true;
}

bool eg_waiver_read(struct eg_arena *arena, const struct eg_node *node, struct eg_str today,
                    bool is_short, struct eg_waiver *ret_waiver, struct eg_error *error) {
    struct eg_place place = eg_node_place(node);
    *ret_waiver = (struct eg_waiver){.place = place};
    if (node->kind != EG_MAP)
        return eg_error_set(error, EG_ERROR_USAGE, EG_AT(place), "a waiver is a map, found %s",
                            eg_kind_name((enum eg_kind)node->kind));
    if (!read_keys(arena, node, is_short, ret_waiver, error))
        return false;
    const char *key = lacking(ret_waiver, is_short);
    if (key != NULL)
        return eg_error_set(
            error, EG_ERROR_USAGE, EG_AT(place), "a waiver needs %s; this one has no %s",
            is_short ? "id, reason and until" : "rule, reason, owner and until", key);
    if (!is_day(ret_waiver->until))
        return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_node_place(EG_GET(node, "until"))),
                            "'%.*s' is no day; expected YYYY-MM-DD",
                            EG_STR_ARGS(ret_waiver->until));
    ret_waiver->expired = eg_str_compare(ret_waiver->until, today) < 0;
    ret_waiver->broad = is_broad(ret_waiver);
    return true;
}

/* ---- waiver files ---- */

/* The list of a waiver file: {waivers: [...]} and nothing else, or the list alone. */
static const struct eg_node *list_of(const struct eg_node *root, struct eg_error *error) {
    const struct eg_node *list = root->kind == EG_MAP ? EG_GET(root, "waivers") : root;
    for (uint32_t i = 0; root->kind == EG_MAP && i < root->as.map.count; i++)
        if (!eg_str_is(root->as.map.items[i].key, "waivers")) {
            (void)eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_entry_place(&root->as.map.items[i])),
                               "a waiver file has only 'waivers', found '%.*s'",
                               EG_STR_ARGS(root->as.map.items[i].key));
            return NULL;
        }
    static const struct eg_node empty = {.kind = EG_LIST};
    if (list != NULL && list->kind == EG_NULL)
        return &empty; /* the last one was taken out */
    if (eg_node_kind(list) == EG_LIST)
        return list;
    (void)eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_node_place(list == NULL ? root : list)),
                       "expected a list 'waivers', found %s",
                       eg_kind_name((enum eg_kind)(list == NULL ? root : list)->kind));
    return NULL;
}

bool eg_waivers_read(struct eg_waivers *waivers, struct eg_arena *arena, struct eg_str path,
                     struct eg_error *error) {
    struct eg_document document;
    if (!eg_read_file(arena, path, &document, error)) {
        error->code = EG_ERROR_USAGE;
        return false;
    }
    const struct eg_node *list = list_of(document.root, error);
    if (list == NULL)
        return false;
    struct eg_waiver *items =
        EG_NEW_ARRAY(arena, struct eg_waiver, waivers->count + list->as.list.count);
    if (waivers->count > 0)
        memcpy(items, waivers->items, waivers->count * sizeof *items);
    for (uint32_t i = 0; i < list->as.list.count; i++)
        if (!eg_waiver_read(arena, list->as.list.items[i], waivers->today, false,
                            &items[waivers->count + i], error))
            return false;
    waivers->items = items;
    waivers->count += list->as.list.count;
    return true;
}
