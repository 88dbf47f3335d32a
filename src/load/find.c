/* Which inputs there are under the paths of the command line. Called by the engine first. */
#include "load/loader.h"

#include "base/file.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* Folders inside folders; a loop of links is cut by not following links. */
enum { MOST_FOLDER_DEPTH = 64 };

struct finder {
    struct eg_arena *arena;
    struct eg_input_list found;
    uint32_t capacity;
    struct eg_error_list *errors;
    struct eg_map seen; /* paths found: one is judged once, however often it is given */
    uint32_t met;       /* those met again counted too */
};

static void add(struct finder *finder, struct eg_str path, enum eg_input_kind kind, bool walked) {
    struct eg_input_list *found = &finder->found;
    finder->met++;
    if (eg_map_put(&finder->seen, path, finder) != NULL)
        return;
    if (found->count == finder->capacity) {
        uint32_t larger = finder->capacity == 0 ? 16 : finder->capacity * 2;
        found->items =
            eg_arena_grow(finder->arena, found->items, finder->capacity * sizeof *found->items,
                          larger * sizeof *found->items);
        finder->capacity = larger;
    }
    found->items[found->count++] =
        (struct eg_input_path){.path = path, .kind = kind, .walked = walked, .apart = EG_STR("")};
}

static bool fail(struct finder *finder, struct eg_str path, const char *text) {
    return eg_error_set(eg_error_list_add(finder->errors, finder->arena), EG_ERROR_INPUT, path, 0,
                        0, "%s", text);
}

/* Is MANIFEST the manifest of a cloud assembly? Beside one there is mostly a file named cdk.out;
 * without it the text must say so, since other programs have manifest.json files too. */
static bool is_manifest(struct finder *finder, struct eg_str folder, struct eg_str manifest) {
    if (eg_file_type(manifest) != EG_FILE_REGULAR)
        return false;
    if (eg_file_type(eg_file_join(finder->arena, folder, EG_STR("cdk.out"))) == EG_FILE_REGULAR)
        return true;
    struct eg_arena scratch;
    eg_arena_init(&scratch);
    struct eg_error error = {0};
    struct eg_str text;
    bool is = eg_file_read(&scratch, manifest, manifest, &text, &error) &&
              eg_str_contains(text, EG_STR("\"artifacts\"")) &&
              (eg_str_contains(text, EG_STR("aws:cloudformation:stack")) ||
               eg_str_contains(text, EG_STR("cdk:")));
    eg_arena_done(&scratch);
    return is;
}

static bool has_input_extension(struct eg_str name) {
    return eg_str_ends_with(name, EG_STR(".json")) || eg_str_ends_with(name, EG_STR(".yaml")) ||
           eg_str_ends_with(name, EG_STR(".yml")) || eg_str_ends_with(name, EG_STR(".template"));
}

static bool is_link(struct eg_str path) {
    char terminated[PATH_MAX];
    if (path.length >= sizeof terminated)
        return true;
    memcpy(terminated, path.data, path.length);
    terminated[path.length] = '\0';
    struct stat status;
    return lstat(terminated, &status) != 0 || S_ISLNK(status.st_mode);
}

static void walk(struct finder *finder, struct eg_str folder, bool named, unsigned depth);

static void walk_entry(struct finder *finder, struct eg_str folder, struct eg_str name,
                       unsigned depth) {
    struct eg_str path = eg_file_join(finder->arena, folder, name);
    switch (eg_file_type(path)) {
    case EG_FILE_FOLDER:
        if (name.data[0] != '.' && !eg_str_is(name, "node_modules") && !is_link(path) &&
            depth < MOST_FOLDER_DEPTH)
            walk(finder, path, false, depth + 1);
        break;
    case EG_FILE_REGULAR:
        if (name.data[0] != '.' && has_input_extension(name))
            add(finder, path, EG_INPUT_TEMPLATE, true);
        break;
    case EG_FILE_NONE:
    case EG_FILE_OTHER:
        break;
    }
}

/* NAMED: the folder was given on the command line. */
static void walk(struct finder *finder, struct eg_str folder, bool named, unsigned depth) {
    struct eg_str manifest = eg_file_join(finder->arena, folder, EG_STR("manifest.json"));
    if (is_manifest(finder, folder, manifest)) {
        add(finder, folder, EG_INPUT_ASSEMBLY, !named);
        return;
    }
    struct eg_str *names;
    size_t count;
    struct eg_error error = {0};
    if (!eg_file_list(finder->arena, folder, &names, &count, &error)) {
        *eg_error_list_add(finder->errors, finder->arena) = error;
        return;
    }
    for (size_t i = 0; i < count; i++)
        walk_entry(finder, folder, names[i], depth);
}

static void find_file(struct finder *finder, struct eg_str path) {
    struct eg_str folder = eg_file_folder(path);
    bool manifest =
        eg_str_is(eg_file_name(path), "manifest.json") && is_manifest(finder, folder, path);
    if (manifest)
        add(finder, folder, EG_INPUT_ASSEMBLY, false);
    else
        add(finder, path, EG_INPUT_TEMPLATE, false);
}

static void find(struct finder *finder, struct eg_str path) {
    uint32_t before = finder->met, errors = finder->errors->count;
    if (eg_str_is(path, "-")) {
        add(finder, path, EG_INPUT_TEMPLATE, false);
        return;
    }
    switch (eg_file_type(path)) {
    case EG_FILE_NONE:
        (void)fail(finder, path, "no such file or folder");
        break;
    case EG_FILE_REGULAR:
    case EG_FILE_OTHER: /* a pipe, as a shell's <(…) gives */
        find_file(finder, path);
        break;
    case EG_FILE_FOLDER:
        walk(finder, path, true, 0);
        if (finder->met == before && finder->errors->count == errors)
            (void)fail(finder, path,
                       "holds no template, task definition or assembly: expected files ending in "
                       ".json, .yaml, .yml or .template, or a manifest.json");
        break;
    }
}

struct eg_input_list eg_load_find(struct eg_arena *arena, const struct eg_str *paths,
                                  uint32_t path_count, struct eg_error_list *errors) {
    struct finder finder = {.arena = arena, .errors = errors};
    eg_map_init(&finder.seen, arena);
    for (uint32_t i = 0; i < path_count; i++) {
        /* "./folder/" and "folder" are one name. */
        struct eg_str path =
            paths[i].length == 0 ? paths[i] : eg_load_normalize(arena, paths[i], false);
        find(&finder, path);
    }
    return finder.found;
}
