/* What one document of a policy file holds: rules, sections, profiles, shared params. Called by
 * library.c. */
#include "policy/library.h"

#include "base/embedded.h"
#include "base/file.h"
#include "policy/keys.h"
#include "policy/rule.h"

static const struct eg_key bundle_keys[] = {
    {"rules", EG_KEY_LIST, false},    {"sections", EG_KEY_LIST, false},
    {"profiles", EG_KEY_LIST, false}, {"params", EG_KEY_MAP, false},
    {"include", EG_KEY_TEXTS, false}, {NULL, EG_KEY_ANY, false},
};
static const struct eg_key profile_keys[] = {
    {"profile", EG_KEY_TEXT, true},  {"title", EG_KEY_TEXT, true},   {"doc", EG_KEY_TEXT, false},
    {"extends", EG_KEY_TEXT, false}, {"all", EG_KEY_FLAG, false},    {"opt-in", EG_KEY_FLAG, false},
    {"rules", EG_KEY_MAP, false},    {"order", EG_KEY_TEXTS, false}, {"params", EG_KEY_MAP, false},
    {NULL, EG_KEY_ANY, false},
};
static const struct eg_key section_keys[] = {
    {"prefix", EG_KEY_TEXT, true},   {"title", EG_KEY_TEXT, true}, {"doc", EG_KEY_TEXT, false},
    {"chapter", EG_KEY_TEXT, false}, {NULL, EG_KEY_ANY, false},
};
static struct eg_str text_of(const struct eg_library *library, const struct eg_node *map,
                             const char *key) {
    return eg_keys_text(library->arena, eg_node_get(map, eg_str_from(key)));
}

/* Room for one more in a growing array. */
static void *room(struct eg_arena *arena, void *items, uint32_t count, uint32_t *capacity,
                  size_t size) {
    if (count < *capacity)
        return items;
    uint32_t wanted = *capacity == 0 ? 16 : *capacity * 2;
    items = eg_arena_grow(arena, items, count * size, wanted * size);
    *capacity = wanted;
    return items;
}

/* ---- rules ---- */

static bool same_id(const struct eg_rule *rule, const struct eg_rule *other,
                    struct eg_error *error) {
    struct eg_place place = eg_node_place(EG_GET(other->raw, "id"));
    return eg_keys_fail(error, EG_GET(rule->raw, "id"),
                        "there are two rules %.*s; the other is at %.*s:%u:%u",
                        EG_STR_ARGS(rule->id), EG_STR_ARGS(place.file), place.line, place.column);
}

/* Whoever replaces a rule means it, and keeps its name; the same id by chance would silently take a
 * rule away. */
static bool other_name(const struct eg_rule *rule, const struct eg_rule *other,
                       struct eg_error *error) {
    return eg_keys_fail(error, EG_GET(rule->raw, "id"),
                        "%.*s is the rule '%.*s' already (%.*s); take another id, or that name to "
                        "replace it",
                        EG_STR_ARGS(rule->id), EG_STR_ARGS(other->name), EG_STR_ARGS(other->path));
}

static bool add_rule(struct eg_library *library, const struct eg_node *node, struct eg_str path,
                     struct eg_error *error) {
    struct eg_rule *rule;
    if (!eg_rule_read(library->arena, library->schema, node, path, &rule, error))
        return false;
    rule->source = library->source;
    rule->builtin = library->source == 0;
    if (rule->builtin)
        rule->programs = eg_embedded_find_programs(rule->id);
    struct eg_rule *other = eg_map_put(&library->by_id, rule->id, rule);
    if (other != NULL && other->source == rule->source)
        return same_id(rule, other, error);
    if (other != NULL && !eg_str_equal(other->name, rule->name))
        return other_name(rule, other, error);
    if (other != NULL) {
        rule->number = other->number;
    } else {
        library->rules = room(library->arena, library->rules, library->rule_count,
                              &library->rule_capacity, sizeof(struct eg_rule *));
        rule->number = library->rule_count++;
    }
    library->rules[rule->number] = rule;
    return true;
}

/* ---- profiles ---- */

static bool add_profile(struct eg_library *library, const struct eg_node *node, struct eg_str path,
                        struct eg_error *error) {
    (void)path;
    if (!eg_keys_check(node, profile_keys, "a profile", error))
        return false;
    struct eg_profile *profile = EG_NEW(library->arena, struct eg_profile);
    const struct eg_node *all = EG_GET(node, "all"), *opt_in = EG_GET(node, "opt-in");
    *profile = (struct eg_profile){
        .name = text_of(library, node, "profile"),
        .title = text_of(library, node, "title"),
        .doc = text_of(library, node, "doc"),
        .extends = text_of(library, node, "extends"),
        .all = all != NULL && all->as.boolean,
        .opt_in = opt_in != NULL && opt_in->as.boolean,
        .rules = EG_GET(node, "rules"),
        .params = EG_GET(node, "params"),
        .source = library->source,
        .raw = node,
    };
    if (!eg_rule_is_name(profile->name))
        return eg_keys_fail(error, EG_GET(node, "profile"),
                            "'%.*s' is no name of a profile; expected small letters, digits and "
                            "hyphens",
                            EG_STR_ARGS(profile->name));
    profile->order = eg_keys_texts(library->arena, EG_GET(node, "order"), &profile->order_count);
    const struct eg_profile *other = eg_map_put(&library->profiles, profile->name, profile);
    if (other == NULL || other->source != profile->source)
        return true;
    return eg_keys_fail(error, EG_GET(node, "profile"), "there are two profiles '%.*s'",
                        EG_STR_ARGS(profile->name));
}

/* ---- shared params ---- */

static bool add_param(struct eg_library *library, const struct eg_entry *entry,
                      struct eg_error *error) {
    struct eg_param *param = EG_NEW(library->arena, struct eg_param);
    if (!eg_param_read(library->arena, entry, param, error))
        return false;
    param->shared = true;
    param->source = library->source;
    const struct eg_param *other = eg_map_put(&library->params, param->name, param);
    if (other == NULL || other->source != param->source)
        return true;
    return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_entry_place(entry)),
                        "there are two shared params '%.*s'", EG_STR_ARGS(param->name));
}

static bool add_params(struct eg_library *library, const struct eg_node *params,
                       struct eg_error *error) {
    for (uint32_t i = 0; params != NULL && i < params->as.map.count; i++)
        if (!add_param(library, &params->as.map.items[i], error))
            return false;
    return true;
}

/* ---- sections ---- */

static bool add_section(struct eg_library *library, const struct eg_node *node, struct eg_str path,
                        struct eg_error *error) {
    (void)path;
    if (!eg_keys_check(node, section_keys, "a section", error))
        return false;
    struct eg_section section = {
        .prefix = text_of(library, node, "prefix"),
        .title = text_of(library, node, "title"),
        .doc = text_of(library, node, "doc"),
        .chapter = text_of(library, node, "chapter"),
        .source = library->source,
    };
    if (!eg_rule_is_section(section.prefix))
        return eg_keys_fail(error, EG_GET(node, "prefix"),
                            "'%.*s' begins no id of a rule; expected capital letters, digits and "
                            "hyphens, as in ACME-TAG",
                            EG_STR_ARGS(section.prefix));
    for (uint32_t i = 0; i < library->section_count; i++) {
        struct eg_section *other = &library->sections[i];
        if (!eg_str_equal(other->prefix, section.prefix))
            continue;
        if (other->source == section.source)
            return eg_keys_fail(error, EG_GET(node, "prefix"), "there are two sections %.*s",
                                EG_STR_ARGS(section.prefix));
        *other = section;
        return true;
    }
    library->sections = room(library->arena, library->sections, library->section_count,
                             &library->section_capacity, sizeof section);
    library->sections[library->section_count++] = section;
    return true;
}

/* ---- documents ---- */

typedef bool add_one(struct eg_library *library, const struct eg_node *node, struct eg_str path,
                     struct eg_error *error);

static bool add_each(struct eg_library *library, const struct eg_node *list, add_one *add,
                     struct eg_str path, struct eg_error *error) {
    for (uint32_t i = 0; list != NULL && i < list->as.list.count; i++)
        if (!add(library, list->as.list.items[i], path, error))
            return false;
    return true;
}

static bool include(struct eg_library *library, const struct eg_node *texts, struct eg_str path,
                    struct eg_error *error) {
    uint32_t count;
    const struct eg_str *names = eg_keys_texts(library->arena, texts, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct eg_str target = eg_file_join(library->arena, eg_file_folder(path), names[i]);
        if (eg_file_path_is_inside(names[i]) && eg_file_type(target) == EG_FILE_NONE)
            return eg_keys_fail(error, texts, "can't include '%.*s': there is no %.*s",
                                EG_STR_ARGS(names[i]), EG_STR_ARGS(target));
        if (library->source == 0 || !eg_file_path_is_inside(names[i]) ||
            !eg_file_within(library->inside, target))
            return eg_keys_fail(error, texts,
                                "can't include '%.*s': it must be a file or folder inside %.*s",
                                EG_STR_ARGS(names[i]), EG_STR_ARGS(library->inside));
        if (!eg_library_read_included(library, target, error))
            return false;
    }
    return true;
}

static bool add_bundle(struct eg_library *library, const struct eg_node *node, struct eg_str path,
                       struct eg_error *error) {
    if (!eg_keys_check(node, bundle_keys, "a policy file", error) ||
        !add_each(library, EG_GET(node, "rules"), add_rule, path, error) ||
        !add_each(library, EG_GET(node, "sections"), add_section, path, error) ||
        !add_each(library, EG_GET(node, "profiles"), add_profile, path, error) ||
        !add_params(library, EG_GET(node, "params"), error))
        return false;
    return include(library, EG_GET(node, "include"), path, error);
}

bool eg_library_add(struct eg_library *library, const struct eg_node *node, struct eg_str path,
                    struct eg_error *error) {
    if (node->kind == EG_LIST)
        return add_each(library, node, add_rule, path, error);
    if (node->kind != EG_MAP)
        return eg_keys_fail(error, node,
                            "a policy file must be a rule, a list of rules, or a map with 'rules', "
                            "found %s",
                            eg_kind_name(node->kind));
    if (EG_GET(node, "chapters") != NULL)
        return true; /* the form of the compliance document (src/report) */
    if (EG_GET(node, "profile") != NULL)
        return add_profile(library, node, path, error);
    for (const struct eg_key *key = bundle_keys; key->name != NULL; key++)
        if (eg_node_entry(node, eg_str_from(key->name)) != NULL && EG_GET(node, "id") == NULL)
            return add_bundle(library, node, path, error);
    return add_rule(library, node, path, error);
}
