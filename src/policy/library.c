/* Reading policy files from the program and from folders; see library.h. Called by policy.c. What
 * a document holds is library_add.c's. */
#include "policy/library.h"

#include "base/embedded.h"
#include "base/file.h"
#include "policy/keys.h"
#include "policy/rule.h"
#include "read/read.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LEVELS = 32 }; /* of folders and includes */

void eg_library_init(struct eg_library *library, struct eg_arena *arena,
                     const struct eg_schema *schema) {
    *library = (struct eg_library){.arena = arena, .schema = schema};
    eg_map_init(&library->by_id, arena);
    eg_map_init(&library->by_id_or_name, arena);
    eg_map_init(&library->profiles, arena);
    eg_map_init(&library->params, arena);
    eg_map_init(&library->read, arena);
    eg_file_digest(EG_STR(""), library->digest);
}

bool eg_library_is_cases(struct eg_str path) {
    struct eg_str name = eg_file_name(path);
    return eg_str_is(name, "cases.yaml") || eg_str_is(name, "cases.yml") ||
           eg_str_ends_with(name, EG_STR(".cases.yaml")) ||
           eg_str_ends_with(name, EG_STR(".cases.yml"));
}

/* The digest over the digests of all files so far. */
static void note_digest(struct eg_library *library, const char *digest) {
    char both[2 * 64];
    memcpy(both, library->digest, 64);
    memcpy(both + 64, digest, 64);
    eg_file_digest((struct eg_str){both, sizeof both}, library->digest);
}

/* Reading policies is the user's doing: whatever fails there is an error of usage. */
static bool read_document(struct eg_library *library, struct eg_str path, struct eg_str text,
                          struct eg_document *ret_document, struct eg_error *error) {
    char digest[65];
    eg_file_digest(text, digest);
    note_digest(library, digest);
    if (!eg_read(library->arena, path, text, ret_document, error)) {
        error->code = EG_ERROR_USAGE;
        return false;
    }
    ret_document->root->source->shared = true;
    return eg_keys_once(ret_document, ret_document->root, true, error);
}

/* ---- the program's own ---- */

bool eg_library_read_builtin(struct eg_library *library, struct eg_error *error) {
    note_digest(library, eg_embedded_digest);
    for (size_t i = 0; i < eg_embedded_file_count; i++) {
        const struct eg_embedded_file *file = &eg_embedded_files[i];
        struct eg_str path = eg_str_from(file->path);
        if (!eg_str_starts_with(path, EG_STR("policies/")) || eg_library_is_cases(path))
            continue;
        struct eg_str packed = {file->data, file->length};
        if (!eg_library_add(library, eg_read_packed(library->arena, path, packed), path, error))
            return false;
    }
    return true;
}

/* ---- files and folders ---- */

static bool read_file(struct eg_library *library, struct eg_str path, struct eg_error *error) {
    if (eg_map_put(&library->read, path, library) != NULL)
        return true;
    struct eg_str text;
    struct eg_document document;
    if (!eg_file_read(library->arena, path, path, &text, error)) {
        error->code = EG_ERROR_USAGE;
        return false;
    }
    return read_document(library, path, text, &document, error) &&
           eg_library_add(library, document.root, path, error);
}

static bool is_policy_file(struct eg_str name) {
    return (eg_str_ends_with(name, EG_STR(".yaml")) || eg_str_ends_with(name, EG_STR(".yml"))) &&
           !eg_library_is_cases(name);
}

static bool read_folder(struct eg_library *library, struct eg_str path, struct eg_error *error) {
    struct eg_str *names;
    size_t count;
    if (!eg_file_list(library->arena, path, &names, &count, error)) {
        error->code = EG_ERROR_USAGE;
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct eg_str inner = eg_file_join(library->arena, path, names[i]);
        bool wanted = names[i].data[0] != '.' &&
                      (eg_file_type(inner) == EG_FILE_FOLDER || is_policy_file(names[i]));
        if (wanted && !eg_library_read_included(library, inner, error))
            return false;
    }
    return true;
}

bool eg_library_read_included(struct eg_library *library, struct eg_str path,
                              struct eg_error *error) {
    if (library->depth == MOST_LEVELS)
        return eg_error_set(error, EG_ERROR_USAGE, path, 0, 0,
                            "more than %d folders or includes inside each other", MOST_LEVELS);
    bool good = false;
    library->depth++;
    switch (eg_file_type(path)) {
    case EG_FILE_FOLDER:
        good = read_folder(library, path, error);
        break;
    case EG_FILE_REGULAR:
        good = read_file(library, path, error);
        break;
    case EG_FILE_NONE:
    case EG_FILE_OTHER:
        good = eg_error_set(error, EG_ERROR_USAGE, path, 0, 0, "no such policy file or folder");
        break;
    }
    library->depth--;
    return good;
}

bool eg_library_read_path(struct eg_library *library, struct eg_str path, struct eg_error *error) {
    library->source++;
    library->inside = eg_file_type(path) == EG_FILE_FOLDER ? path : eg_file_folder(path);
    return eg_library_read_included(library, path, error);
}

/* ---- finishing ---- */

static int compare_ids(const void *left, const void *right) {
    const struct eg_rule *const *a = left, *const *b = right;
    return eg_str_compare((*a)->id, (*b)->id);
}

/* Told at the rule of the later source: an earlier one is somebody else's. */
static bool same_name(const struct eg_rule *rule, const struct eg_rule *other,
                      struct eg_error *error) {
    if (rule->source < other->source)
        return same_name(other, rule, error);
    struct eg_place place = eg_node_place(other->raw);
    return eg_keys_fail(error, EG_GET(rule->raw, "name"),
                        "rule %.*s has the name '%.*s' of rule %.*s (%.*s:%u:%u)",
                        EG_STR_ARGS(rule->id), EG_STR_ARGS(rule->name), EG_STR_ARGS(other->id),
                        EG_STR_ARGS(place.file), place.line, place.column);
}

static void ensure_section(struct eg_library *library, struct eg_str prefix) {
    for (uint32_t i = 0; i < library->section_count; i++)
        if (eg_str_equal(library->sections[i].prefix, prefix))
            return;
    library->sections = eg_arena_grow(library->arena, library->sections,
                                      library->section_count * sizeof *library->sections,
                                      (library->section_count + 1) * sizeof *library->sections);
    library->section_capacity = library->section_count + 1;
    library->sections[library->section_count++] =
        (struct eg_section){.prefix = prefix, .title = prefix};
}

bool eg_library_finish(struct eg_library *library, struct eg_error *error) {
    if (library->rule_count > 0)
        qsort(library->rules, library->rule_count, sizeof(struct eg_rule *), compare_ids);
    for (uint32_t i = 0; i < library->rule_count; i++) {
        struct eg_rule *rule = library->rules[i];
        (void)eg_map_put(&library->by_id_or_name, rule->id, rule);
        ensure_section(library, rule->section);
    }
    for (uint32_t i = 0; i < library->rule_count; i++) {
        struct eg_rule *rule = library->rules[i];
        const struct eg_rule *other = eg_map_put(&library->by_id_or_name, rule->name, rule);
        if (other != NULL)
            return same_name(rule, other, error);
        if (!eg_rule_read_params(library->arena, rule, &library->params, error))
            return false;
    }
    return true;
}
