/* Construct paths, names and source lines of an assembly's resources: read from its large files
 * when first asked for. Called by the reports for resources that have findings.
 *
 * Three places tell, in this order:
 *   - stack metadata, in the manifest or the file that additionalMetadataFile names:
 *       {"/Stack/Svc/Resource": [{"type": "aws:cdk:logicalId", "data": ID, "trace": […]},
 *                                {"type": "aws:cdk:creationStack", "data": ["f (app.js:12:5)"]}]}
 *   - the template's metadata aws:cdk:path: "Stack/Svc/Resource"
 *   - tree.json: {"tree": {"children": {"Stack": {"children": {…}, "constructInfo": …}}}}
 *
 * The metadata of a stack hold the resources of its nested stacks too, so a logical id may occur
 * twice. The resource that makes the nested stack has the path
 * "P/Name.NestedStack/Name.NestedStackResource"; what is in the nested stack is below "P/Name".
 */
#include "load/assembly.h"

#include "base/limits.h"

#include <string.h>

struct eg_construct_entry {
    struct eg_str path;                    /* without the leading slash */
    const struct eg_node *logical_id_item; /* of type aws:cdk:logicalId */
    const struct eg_node *frames; /* list of aws:cdk:creationStack, else of the item's trace */
};

/* ---- the metadata's index ---- */

static bool is_type(const struct eg_node *item, const char *type) {
    return eg_node_is_string(EG_GET(item, "type"), type);
}

static struct eg_construct_entry *make_entry(struct eg_artifact *artifact, struct eg_arena *arena,
                                             const struct eg_entry *metadata) {
    struct eg_construct_entry *entry = EG_NEW(arena, struct eg_construct_entry);
    entry->path = eg_str_starts_with(metadata->key, EG_STR("/"))
                      ? eg_str_from_offset(metadata->key, 1)
                      : metadata->key;
    const struct eg_node *items = metadata->value, *trace = NULL;
    for (uint32_t i = 0; eg_node_kind(items) == EG_LIST && i < items->as.list.count; i++) {
        const struct eg_node *item = items->as.list.items[i];
        if (is_type(item, "aws:cdk:logicalId"))
            entry->logical_id_item = item;
        if (is_type(item, "aws:cdk:creationStack"))
            entry->frames = EG_GET(item, "data");
        else if (is_type(item, "aws:cdk:logicalId"))
            trace = EG_GET(item, "trace");
    }
    if (entry->frames == NULL)
        entry->frames = trace;
    (void)eg_map_put(&artifact->by_path, entry->path, entry);
    return entry;
}

static const struct eg_str nested_end = EG_STR_INIT(".NestedStackResource");
static const struct eg_str nested_folder_end = EG_STR_INIT(".NestedStack");

/* "P/Name.NestedStack/Name.NestedStackResource" to "P/Name"; empty if PATH is no such path. */
static struct eg_str nested_root(struct eg_str path) {
    size_t slash = eg_str_find_last(path, '/');
    if (slash == SIZE_MAX || !eg_str_ends_with(path, nested_end))
        return EG_STR("");
    struct eg_str folder = eg_str_slice(path, 0, slash);
    if (!eg_str_ends_with(folder, nested_folder_end))
        return EG_STR("");
    return eg_str_slice(folder, 0, folder.length - nested_folder_end.length);
}

/* The nested stack that the construct at PATH is in: its root, or empty for the stack itself. */
static struct eg_str root_of(const struct eg_map *roots, struct eg_str path) {
    for (size_t end = eg_str_find_last(path, '/'); end != SIZE_MAX;
         end = eg_str_find_last(path, '/')) {
        path = eg_str_slice(path, 0, end);
        if (eg_map_get(roots, path) != NULL)
            return path;
    }
    return EG_STR("");
}

static struct eg_str id_key(struct eg_arena *arena, struct eg_str root, struct eg_str id) {
    return eg_str_format(arena, "%.*s\n%.*s", EG_STR_ARGS(root), EG_STR_ARGS(id));
}

static void index_metadata(struct eg_artifact *artifact, struct eg_arena *arena,
                           const struct eg_node *metadata) {
    struct eg_map roots;
    eg_map_init(&roots, arena);
    uint32_t count = metadata->as.map.count;
    struct eg_construct_entry **entries = EG_NEW_ARRAY(arena, struct eg_construct_entry *, count);
    for (uint32_t i = 0; i < count; i++) {
        entries[i] = make_entry(artifact, arena, &metadata->as.map.items[i]);
        struct eg_str root = nested_root(entries[i]->path);
        if (root.length > 0)
            (void)eg_map_put(&roots, root, artifact);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct eg_str id = eg_node_text(EG_GET(entries[i]->logical_id_item, "data"));
        if (id.length > 0)
            (void)eg_map_put(&artifact->by_id, id_key(arena, root_of(&roots, entries[i]->path), id),
                             entries[i]);
    }
}

static void read_metadata(struct eg_assembly *assembly, struct eg_artifact *artifact) {
    if (artifact->metadata_read)
        return;
    artifact->metadata_read = true;
    eg_map_init(&artifact->by_path, assembly->arena);
    eg_map_init(&artifact->by_id, assembly->arena);
    const struct eg_node *metadata = artifact->metadata;
    struct eg_document document = {0};
    struct eg_error error = {0};
    if (artifact->metadata_path.length > 0 &&
        eg_read_file(assembly->arena, artifact->metadata_path, &document, &error))
        metadata = document.root;
    if (eg_node_kind(metadata) == EG_MAP)
        index_metadata(artifact, assembly->arena, metadata);
}

/* The root of the constructs in TEMPLATE_: empty for a stack, "Stack/Name" for a nested one. False
 * if the metadata don't tell. */
static bool template_root(struct eg_assembly *assembly, const struct eg_artifact *artifact,
                          const struct eg_template *template_, struct eg_str *ret_root) {
    const struct eg_template *chain[EG_LIMIT_NESTED_STACKS];
    uint32_t depth = 0;
    for (; template_->parent != NULL && depth < EG_LIMIT_NESTED_STACKS;
         template_ = template_->parent)
        chain[depth++] = template_;
    struct eg_str root = EG_STR("");
    while (depth > 0) {
        struct eg_str id = chain[--depth]->parent_logical_id;
        const struct eg_construct_entry *maker =
            eg_map_get(&artifact->by_id, id_key(assembly->arena, root, id));
        root = maker == NULL ? EG_STR("") : nested_root(maker->path);
        if (root.length == 0)
            return false;
    }
    *ret_root = root;
    return true;
}

/* ---- tree.json ---- */

static const struct eg_node *read_tree(struct eg_assembly *assembly) {
    while (assembly->parent != NULL)
        assembly = assembly->parent;
    if (!assembly->tree_read && assembly->tree_path.length > 0) {
        struct eg_document document = {0};
        struct eg_error error = {0};
        if (eg_read_file(assembly->arena, assembly->tree_path, &document, &error))
            assembly->tree = EG_GET(document.root, "tree");
    }
    assembly->tree_read = true;
    return assembly->tree;
}

static const struct eg_node *find_in_tree(const struct eg_node *tree, struct eg_str path) {
    while (tree != NULL && path.length > 0) {
        size_t slash = eg_str_find(path, EG_STR("/"), 0);
        tree = eg_node_get(EG_GET(tree, "children"), eg_str_slice(path, 0, slash));
        path = eg_str_from_offset(path, slash == SIZE_MAX ? path.length : slash + 1);
    }
    return tree;
}

/* The constructs below NODE that have the logical id: their number, and one of them. The readers
 * bound the depth. */
static unsigned find_logical_id(const struct eg_node *node, struct eg_str id,
                                const struct eg_node **ret_found) {
    unsigned found = 0;
    const struct eg_node *attributes = EG_GET(node, "attributes");
    if (eg_str_equal(eg_node_text(EG_GET(attributes, "aws:cdk:cloudformation:logicalId")), id)) {
        *ret_found = node;
        found++;
    }
    const struct eg_node *children = EG_GET(node, "children");
    for (uint32_t i = 0; eg_node_kind(children) == EG_MAP && i < children->as.map.count; i++)
        found += find_logical_id(children->as.map.items[i].value, id, ret_found);
    return found;
}

/* ---- source lines ---- */

static bool is_digits(struct eg_str text, uint32_t *ret_value) {
    int64_t value;
    if (text.length == 0 || text.data[0] < '0' || text.data[0] > '9' ||
        !eg_str_to_int(text, &value) || value < 0 || value > UINT32_MAX)
        return false;
    *ret_value = (uint32_t)value;
    return true;
}

/* "…:12" cut into what stands before the last colon and the number behind it. */
static bool cut_number(struct eg_str *text, uint32_t *ret_number) {
    size_t colon = eg_str_find_last(*text, ':');
    if (colon == SIZE_MAX || !is_digits(eg_str_from_offset(*text, colon + 1), ret_number))
        return false;
    *text = eg_str_slice(*text, 0, colon);
    return true;
}

/* "new Stack (/app/app.js:124:21)", "/app/app.py:12": a frame of the user's own code. */
static bool parse_frame(struct eg_str frame, struct eg_construct *construct) {
    frame = eg_str_trim(frame);
    size_t open = eg_str_find_last(frame, '(');
    if (open != SIZE_MAX && eg_str_ends_with(frame, EG_STR(")")))
        frame = eg_str_slice(frame, open + 1, frame.length - open - 2);
    else if (eg_str_starts_with(frame, EG_STR("at ")))
        frame = eg_str_trim(eg_str_from_offset(frame, 3));
    uint32_t line, column = 0, number;
    if (!cut_number(&frame, &line))
        return false;
    if (cut_number(&frame, &number)) {
        column = line;
        line = number;
    }
    if (frame.length == 0 || line == 0 || eg_str_starts_with(frame, EG_STR("...")) ||
        eg_str_starts_with(frame, EG_STR("node:")) ||
        eg_str_starts_with(frame, EG_STR("internal/")) ||
        eg_str_contains(frame, EG_STR("node_modules/")) ||
        eg_str_contains(frame, EG_STR("site-packages/")))
        return false;
    construct->source_file = frame;
    construct->source_line = line;
    construct->source_column = column;
    return true;
}

static bool source_from(const struct eg_artifact *artifact, struct eg_str path,
                        struct eg_construct *construct) {
    const struct eg_construct_entry *entry = eg_map_get(&artifact->by_path, path);
    const struct eg_node *frames = entry == NULL ? NULL : entry->frames;
    for (uint32_t i = 0; eg_node_kind(frames) == EG_LIST && i < frames->as.list.count; i++)
        if (parse_frame(eg_node_text(frames->as.list.items[i]), construct))
            return true;
    return false;
}

/* The first frame of the user's, of the construct itself or of the nearest one around it. The
 * library's own constructs often have no frame, but the resource at their head ("…/Resource") has
 * the one that made them. */
static void find_source(struct eg_assembly *assembly, const struct eg_artifact *artifact,
                        struct eg_construct *construct) {
    struct eg_str path = construct->path;
    while (path.length > 0) {
        struct eg_str head = eg_str_concat(assembly->arena, path, EG_STR("/Resource"));
        if (source_from(artifact, path, construct) || source_from(artifact, head, construct))
            return;
        size_t slash = eg_str_find_last(path, '/');
        path = eg_str_slice(path, 0, slash == SIZE_MAX ? 0 : slash);
    }
}

/* ---- all together ---- */

static struct eg_str path_from_tree(struct eg_assembly *assembly,
                                    const struct eg_artifact *artifact, struct eg_str logical_id) {
    const struct eg_node *stack = find_in_tree(read_tree(assembly), artifact->construct_path);
    const struct eg_node *found = NULL;
    if (find_logical_id(stack, logical_id, &found) != 1)
        return EG_STR("");
    return eg_node_text(EG_GET(found, "path"));
}

static struct eg_str find_path(struct eg_assembly *assembly, const struct eg_artifact *artifact,
                               const struct eg_template *template_, struct eg_str logical_id,
                               const struct eg_node *metadata) {
    struct eg_str root;
    if (template_root(assembly, artifact, template_, &root)) {
        const struct eg_construct_entry *entry =
            eg_map_get(&artifact->by_id, id_key(assembly->arena, root, logical_id));
        if (entry != NULL)
            return entry->path;
    }
    struct eg_str path = eg_node_text(EG_GET(metadata, "aws:cdk:path"));
    return path.length > 0 ? path : path_from_tree(assembly, artifact, logical_id);
}

struct eg_construct eg_assembly_construct(struct eg_assembly *assembly,
                                          const struct eg_template *template_,
                                          struct eg_str logical_id,
                                          const struct eg_node *metadata) {
    struct eg_construct construct = {0};
    struct eg_artifact *artifact =
        assembly == NULL ? NULL : eg_map_get(&assembly->artifacts, template_->artifact);
    if (artifact == NULL) {
        construct.path = eg_node_text(EG_GET(metadata, "aws:cdk:path"));
        return construct;
    }
    read_metadata(assembly, artifact);
    construct.path = find_path(assembly, artifact, template_, logical_id, metadata);
    if (construct.path.length == 0)
        return construct;
    find_source(assembly, artifact, &construct);
    const struct eg_node *info =
        EG_GET(find_in_tree(read_tree(assembly), construct.path), "constructInfo");
    construct.fqn = eg_node_text(EG_GET(info, "fqn"));
    construct.library_version = eg_node_text(EG_GET(info, "version"));
    return construct;
}
