/* Reading the configuration; see config.h. The form is schemas/config.json; each key is one line of
 * the table below. Called by eg_run_paths. */
#include "cli/config.h"

#include "base/file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* One reading of one file. */
struct config {
    struct eg_run *run;
    struct eg_str folder; /* of the file: its paths start there */
    bool chosen;          /* the command line said which rules: --only */
    bool waived;          /* … and which waivers */
    struct eg_error *error;
};

static bool wrong(const struct config *config, const struct eg_node *node, const char *expected) {
    struct eg_str text = eg_node_text(node);
    if (text.length > 0)
        return eg_error_set(config->error, EG_ERROR_USAGE, EG_AT(eg_node_place(node)),
                            "expected %s, found '%.*s'", expected, EG_STR_ARGS(text));
    return eg_error_set(config->error, EG_ERROR_USAGE, EG_AT(eg_node_place(node)),
                        "expected %s, found %s", expected, eg_kind_name((enum eg_kind)node->kind));
}

static bool take_text(const struct config *config, const struct eg_node *node,
                      struct eg_str *slot) {
    struct eg_str text;
    if (!eg_node_scalar_text(&config->run->arena, node, &text))
        return wrong(config, node, "a text");
    if (slot->length == 0)
        *slot = text;
    return true;
}

static bool take_switch(const struct config *config, const struct eg_node *node, bool *slot) {
    if (node->kind != EG_BOOL)
        return wrong(config, node, "true or false");
    *slot = *slot || node->as.boolean;
    return true;
}

/* A text or a list of texts, appended; paths are joined to the file's folder. */
static bool take_texts(const struct config *config, const struct eg_node *node, bool paths,
                       struct eg_texts *texts) {
    const struct eg_node *const *items = node->kind == EG_LIST ? node->as.list.items : &node;
    uint32_t count = node->kind == EG_LIST ? node->as.list.count : 1;
    struct eg_arena *arena = &config->run->arena;
    texts->items = eg_arena_grow(arena, texts->items, texts->count * sizeof *texts->items,
                                 (texts->count + count) * sizeof *texts->items);
    for (uint32_t i = 0; i < count; i++) {
        struct eg_str text;
        if (!eg_node_scalar_text(arena, items[i], &text))
            return wrong(config, items[i], "a text");
        texts->items[texts->count++] = paths ? eg_file_join(arena, config->folder, text) : text;
    }
    return true;
}

static bool take_profile(const struct config *config, const struct eg_node *node) {
    return take_text(config, node, &config->run->profile);
}
static bool take_policies(const struct config *config, const struct eg_node *node) {
    return take_texts(config, node, true, &config->run->policies);
}
static bool take_builtin(const struct config *config, const struct eg_node *node) {
    if (node->kind != EG_BOOL)
        return wrong(config, node, "true or false");
    config->run->no_builtin = config->run->no_builtin || !node->as.boolean;
    return true;
}
static bool take_only(const struct config *config, const struct eg_node *node) {
    return config->chosen || take_texts(config, node, false, &config->run->only);
}
/* Rules that the command line asks for are judged though the file leaves them out. */
static bool take_skip(const struct config *config, const struct eg_node *node) {
    return config->chosen || take_texts(config, node, false, &config->run->skip);
}
static bool take_strict(const struct config *config, const struct eg_node *node) {
    return take_switch(config, node, &config->run->strict);
}
static bool take_region(const struct config *config, const struct eg_node *node) {
    return take_text(config, node, &config->run->region);
}
static bool take_account(const struct config *config, const struct eg_node *node) {
    return take_text(config, node, &config->run->account);
}
static bool take_title(const struct config *config, const struct eg_node *node) {
    return take_text(config, node, &config->run->title);
}
static bool take_deployment(const struct config *config, const struct eg_node *node) {
    return take_text(config, node, &config->run->deployment);
}
static bool take_waivers(const struct config *config, const struct eg_node *node) {
    return config->waived || take_texts(config, node, true, &config->run->waiver_files);
}

static bool take_baseline(const struct config *config, const struct eg_node *node) {
    struct eg_str path = EG_STR("");
    if (config->run->baseline.length > 0)
        return true;
    if (!take_text(config, node, &path))
        return false;
    config->run->baseline = eg_file_join(&config->run->arena, config->folder, path);
    return true;
}

static bool take_fail_on(const struct config *config, const struct eg_node *node) {
    enum eg_severity severity;
    if (!eg_severity_parse(eg_node_text(node), &severity))
        return wrong(config, node, "critical, high, medium, low or info");
    if (!config->run->fail_on_given)
        config->run->fail_on = severity;
    return true;
}

static bool take_parameters(const struct config *config, const struct eg_node *node) {
    if (node->kind != EG_MAP)
        return wrong(config, node, "a map of parameter values");
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const struct eg_entry *entry = &node->as.map.items[i];
        if (eg_map_get(&config->run->parameters.values, entry->key) == NULL)
            (void)eg_map_put(&config->run->parameters.values, entry->key, (void *)entry->value);
    }
    return true;
}

static bool take_rules(const struct config *config, const struct eg_node *node) {
    if (node->kind != EG_MAP)
        return wrong(config, node, "a map from rule to what is said of it");
    config->run->overrides = node;
    return true;
}

static bool take_params(const struct config *config, const struct eg_node *node) {
    if (node->kind != EG_MAP)
        return wrong(config, node, "a map of values of shared params");
    config->run->params = node;
    return true;
}

static bool take_honour(const struct config *config, const struct eg_node *node) {
    struct eg_texts tools = {0};
    struct eg_waivers *waivers = &config->run->waivers;
    if (!take_texts(config, node, false, &tools))
        return false;
    for (uint32_t i = 0; i < tools.count; i++) {
        bool *slot = eg_str_is(tools.items[i], "cdk-nag")     ? &waivers->honour_cdk_nag
                     : eg_str_is(tools.items[i], "checkov")   ? &waivers->honour_checkov
                     : eg_str_is(tools.items[i], "cfn_nag")   ? &waivers->honour_cfn_nag
                     : eg_str_is(tools.items[i], "cfn-guard") ? &waivers->honour_cfn_guard
                                                              : NULL;
        if (slot == NULL)
            return wrong(config, node, "tools among cdk-nag, checkov, cfn_nag and cfn-guard");
        *slot = true;
    }
    return true;
}

static const struct {
    const char *key;
    bool (*take)(const struct config *config, const struct eg_node *node);
} keys[] = {
    {"profile", take_profile},   {"policies", take_policies},
    {"builtin", take_builtin},   {"only", take_only},
    {"skip", take_skip},         {"fail-on", take_fail_on},
    {"strict", take_strict},     {"rules", take_rules},
    {"params", take_params},     {"parameters", take_parameters},
    {"region", take_region},     {"account", take_account},
    {"title", take_title},       {"deployment", take_deployment},
    {"waivers", take_waivers},   {"honour", take_honour},
    {"baseline", take_baseline},
};
enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

static bool unknown_key(const struct config *config, const struct eg_entry *entry) {
    const char *nearest = NULL;
    unsigned smallest = 4;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        unsigned distance = eg_str_distance(entry->key, eg_str_from(keys[i].key), 3);
        if (distance < smallest) {
            smallest = distance;
            nearest = keys[i].key;
        }
    }
    return eg_error_set(config->error, EG_ERROR_USAGE, EG_AT(eg_entry_place(entry)),
                        "a configuration has no '%.*s'%s%s%s", EG_STR_ARGS(entry->key),
                        nearest ? "; did you mean '" : "", nearest ? nearest : "",
                        nearest ? "'?" : "");
}

static bool take_entry(const struct config *config, const struct eg_entry *entry) {
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (eg_str_is(entry->key, keys[i].key))
            return keys[i].take(config, entry->value);
    return unknown_key(config, entry);
}

/* Nothing but blank lines and comments: a file whose settings are all commented out. */
static bool is_blank(struct eg_str text) {
    bool comment = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        comment = c != '\n' && (comment || c == '#');
        if (!comment && c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return false;
    }
    return true;
}

static bool read_config(struct eg_run *run, struct eg_str path, struct eg_error *error) {
    struct eg_document document;
    struct eg_str text;
    if (!eg_file_read(&run->arena, path, path, &text, error)) {
        error->code = EG_ERROR_USAGE;
        return false;
    }
    if (is_blank(text))
        return true;
    if (!eg_read_file(&run->arena, path, &document, error)) {
        error->code = EG_ERROR_USAGE;
        return false;
    }
    document.root->source->shared = true;
    struct config config = {run, eg_file_folder(path), run->only.count > 0,
                            run->waiver_files.count > 0, error};
    if (document.root->kind == EG_NULL)
        return true;
    if (document.root->kind != EG_MAP)
        return wrong(&config, document.root, "a map of settings");
    for (uint32_t i = 0; i < document.root->as.map.count; i++)
        if (!take_entry(&config, &document.root->as.map.items[i]))
            return false;
    return true;
}

/* The real PATH as it is named from the working folder, if it lies in that folder or one above: so
 * outputs don't hang on where a machine keeps its checkouts. */
static struct eg_str from_here(struct eg_arena *arena, struct eg_str path) {
    char real[PATH_MAX];
    if (realpath(".", real) == NULL)
        return path;
    struct eg_str here = eg_str_from(real), up = EG_STR(""), folder = eg_file_folder(path);
    if (eg_str_starts_with(path, here) && path.data[here.length] == '/')
        return eg_str_from_offset(path, here.length + 1);
    while (here.length > 1 && !eg_str_equal(here, folder)) {
        here = eg_file_folder(here);
        up = eg_str_concat(arena, up, EG_STR("../"));
    }
    return here.length > 1 ? eg_str_concat(arena, up, eg_file_name(path)) : path;
}

/* NAME in the folder of PATH or the nearest one above; the empty text if there is none. */
static struct eg_str find_upwards(struct eg_arena *arena, struct eg_str path, struct eg_str name) {
    struct eg_str start = EG_STR(".");
    if (path.length > 0 && !eg_str_is(path, "-"))
        start = eg_file_type(path) == EG_FILE_FOLDER ? path : eg_file_folder(path);
    char real[PATH_MAX];
    if (realpath(eg_str_copy(arena, start).data, real) == NULL)
        return EG_STR("");
    struct eg_str folder = eg_str_copy(arena, eg_str_from(real));
    for (;;) {
        struct eg_str candidate = eg_file_join(arena, folder, name);
        if (eg_file_type(candidate) == EG_FILE_REGULAR)
            return from_here(arena, candidate);
        if (folder.length <= 1)
            return EG_STR("");
        folder = eg_file_folder(folder);
    }
}

bool eg_config_read(struct eg_run *run, struct eg_str path, struct eg_error *error) {
    struct eg_str file = run->config;
    if (file.length == 0 && !run->no_config)
        file = find_upwards(&run->arena, path, EG_STR(".ecsgate.yaml"));
    if (file.length > 0 && !read_config(run, file, error))
        return false;
    if (run->waiver_files.count > 0 || run->no_config)
        return true;
    struct eg_str waivers = find_upwards(&run->arena, path, EG_STR(".ecsgate-waivers.yaml"));
    if (waivers.length > 0) {
        run->waiver_files.items = EG_NEW(&run->arena, struct eg_str);
        run->waiver_files.items[run->waiver_files.count++] = waivers;
    }
    return true;
}
