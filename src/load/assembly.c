/* A CDK assembly (cdk.out): its manifest, the templates of its stacks, the assemblies nested in it
 * (stages). Called by load.c. ("Cloud assembly schema", package @aws-cdk/cloud-assembly-schema.)
 *
 *   manifest.json  {"version": "55.0.0", "artifacts": {ID: {"type": …, "properties": …}},
 *                   "missing": [look-ups that never ran]}
 *
 * The manifest is read by our own reader since errors and problems want its places; with keys given
 * twice it is refused.
 */
#include "load/assembly.h"

#include "base/file.h"
#include "base/limits.h"

#include <string.h>

/* The newest version whose shape is known. */
enum { NEWEST_VERSION = 55 };
/* Assemblies inside assemblies: stages may hold stages. */
enum { MOST_ASSEMBLY_DEPTH = 16 };

static bool load_folder(struct eg_loader *loader, struct eg_str folder, struct eg_assembly *parent,
                        unsigned depth);

/* ---- errors and problems ---- */

static struct eg_error *add_error(struct eg_loader *loader) {
    return eg_error_list_add(loader->errors, loader->arena);
}

/* About an artifact, at its place in the manifest. */
static void tell_error(struct eg_loader *loader, const struct eg_node *at, struct eg_str id,
                       const char *text) {
    struct eg_place place = eg_node_place(at);
    (void)eg_error_set(add_error(loader), EG_ERROR_INPUT, EG_AT(place), "artifact %.*s: %s",
                       EG_STR_ARGS(id), text);
}

static void tell_note(struct eg_loader *loader, const char *code, const struct eg_node *at,
                      struct eg_str subject, const char *text) {
    struct eg_problem *problem = eg_problem_add(&loader->input->problems, loader->arena, code, at,
                                                "%.*s %s", EG_STR_ARGS(subject), text);
    problem->unknown = true;
}

/* ---- look-ups that never ran ---- */

/* What the CDK's context providers write in place of a value (core's ContextProvider and its
 * callers), none of which AWS could ever give out. */
static bool is_known_dummy(struct eg_str text) {
    static const char *const dummies[] = {"dummy1a", "dummy1b", "dummy1c", "vpc-12345",
                                          "p-12345", "p-67890", "s-12345", "s-67890"};
    for (size_t i = 0; i < sizeof dummies / sizeof *dummies; i++)
        if (eg_str_is(text, dummies[i]))
            return true;
    return eg_str_starts_with(text, EG_STR("dummy-value-for-"));
}

bool eg_assembly_is_dummy(const struct eg_assembly *assembly, struct eg_str text) {
    for (; assembly != NULL; assembly = assembly->parent)
        if (eg_map_get(&assembly->dummies, text) != NULL)
            return true;
    return is_known_dummy(text);
}

/* Every text in a dummyValue that no real value can be mistaken for. The walk keeps its own stack
 * no deeper than the reader allows. */
static void note_dummies(struct eg_assembly *assembly, const struct eg_node *value) {
    if (value->kind == EG_STRING && value->as.text.length >= 8)
        (void)eg_map_put(&assembly->dummies, value->as.text, assembly);
    for (uint32_t i = 0; value->kind == EG_LIST && i < value->as.list.count; i++)
        note_dummies(assembly, value->as.list.items[i]);
    for (uint32_t i = 0; value->kind == EG_MAP && i < value->as.map.count; i++)
        note_dummies(assembly, value->as.map.items[i].value);
}

static void load_missing(struct eg_loader *loader, struct eg_assembly *assembly) {
    const struct eg_node *missing = EG_GET(assembly->manifest.root, "missing");
    for (uint32_t i = 0; eg_node_kind(missing) == EG_LIST && i < missing->as.list.count; i++) {
        const struct eg_node *item = missing->as.list.items[i];
        const struct eg_node *dummy = EG_GET(EG_GET(item, "props"), "dummyValue");
        if (dummy != NULL)
            note_dummies(assembly, dummy);
        struct eg_str key = eg_node_text(EG_GET(item, "key"));
        tell_note(loader, "missing-context", item,
                  key.length > 0 ? key : EG_STR("a context look-up"),
                  "was never looked up, so the templates hold made-up values in its place; run "
                  "cdk synth with credentials once");
    }
}

/* ---- the manifest ---- */

static bool read_manifest(struct eg_loader *loader, struct eg_assembly *assembly) {
    struct eg_loaded_file *file = eg_load_file(loader, assembly->manifest_path);
    assembly->manifest = file->document;
    struct eg_error *error = &file->error;
    const struct eg_duplicate *duplicate = file->document.duplicates;
    if (file->document.root == NULL) {
        *add_error(loader) = *error;
        return false;
    }
    if (duplicate != NULL) {
        struct eg_place place = eg_source_place(file->document.source, duplicate->second_offset);
        return eg_error_set(add_error(loader), EG_ERROR_INPUT, EG_AT(place),
                            "key %.*s is given twice; expected a manifest as the CDK writes it",
                            EG_STR_ARGS(duplicate->key));
    }
    const struct eg_node *artifacts = EG_GET(file->document.root, "artifacts");
    if (artifacts != NULL && artifacts->kind != EG_MAP) {
        struct eg_place place = eg_node_place(artifacts);
        return eg_error_set(add_error(loader), EG_ERROR_INPUT, EG_AT(place),
                            "artifacts is a %s; expected a map",
                            eg_kind_name(eg_node_kind(artifacts)));
    }
    if (EG_GET(file->document.root, "version") == NULL) {
        struct eg_place place = eg_node_place(file->document.root);
        return eg_error_set(add_error(loader), EG_ERROR_INPUT, EG_AT(place),
                            "is no manifest of a CDK assembly: it has no version");
    }
    return true;
}

static void check_version(struct eg_loader *loader, const struct eg_assembly *assembly) {
    const struct eg_node *version = EG_GET(assembly->manifest.root, "version");
    struct eg_str text = eg_node_text(version);
    int64_t major;
    size_t point = eg_str_find(text, EG_STR("."), 0);
    if (!eg_str_to_int(eg_str_slice(text, 0, point), &major))
        tell_note(loader, "assembly-version", version, EG_STR("the assembly's version"),
                  "is no number; it is read as if it were a known one");
    else if (major > NEWEST_VERSION)
        tell_note(loader, "assembly-version", version, text,
                  "is newer than the newest assembly version known here (55); what is new in it is "
                  "not seen");
}

/* ---- stacks ---- */

/* aws://123456789012/us-east-1; "unknown-account" and "unknown-region" are left empty. */
static void split_environment(struct eg_str environment, struct eg_str *ret_account,
                              struct eg_str *ret_region) {
    *ret_account = *ret_region = EG_STR("");
    if (!eg_str_starts_with(environment, EG_STR("aws://")))
        return;
    environment = eg_str_from_offset(environment, 6);
    size_t slash = eg_str_find(environment, EG_STR("/"), 0);
    if (slash == SIZE_MAX)
        return;
    struct eg_str account = eg_str_slice(environment, 0, slash);
    struct eg_str region = eg_str_from_offset(environment, slash + 1);
    if (!eg_str_is(account, "unknown-account"))
        *ret_account = account;
    if (!eg_str_is(region, "unknown-region"))
        *ret_region = region;
}

/* Stack tags: a property, or in older versions metadata [{"type": "aws:cdk:stack-tags", "data":
 * [{"Key", "Value"}]}] of the stack. */
static const struct eg_node *stack_tags(struct eg_arena *arena, const struct eg_node *properties,
                                        const struct eg_node *metadata) {
    const struct eg_node *tags = EG_GET(properties, "tags");
    if (eg_node_kind(tags) == EG_MAP)
        return tags;
    const struct eg_node *of_stack = NULL;
    for (uint32_t i = 0; eg_node_kind(metadata) == EG_MAP && i < metadata->as.map.count; i++) {
        const struct eg_node *items = metadata->as.map.items[i].value;
        for (uint32_t j = 0; eg_node_kind(items) == EG_LIST && j < items->as.list.count; j++)
            if (eg_node_is_string(EG_GET(items->as.list.items[j], "type"), "aws:cdk:stack-tags"))
                of_stack = EG_GET(items->as.list.items[j], "data");
    }
    if (eg_node_kind(of_stack) != EG_LIST)
        return NULL;
    struct eg_map_builder builder;
    eg_map_begin(&builder, arena);
    for (uint32_t i = 0; i < of_stack->as.list.count; i++) {
        const struct eg_node *tag = of_stack->as.list.items[i];
        const struct eg_node *key = EG_GET(tag, "Key"), *value = EG_GET(tag, "Value");
        if (key == NULL)
            key = EG_GET(tag, "key");
        if (value == NULL)
            value = EG_GET(tag, "value");
        if (eg_node_kind(key) == EG_STRING && value != NULL)
            (void)eg_map_add(&builder, key->as.text, key->offset, value, NULL);
    }
    return eg_map_node(&builder, of_stack);
}

static struct eg_artifact *add_artifact(struct eg_loader *loader, struct eg_assembly *assembly,
                                        struct eg_str id, const struct eg_node *node) {
    struct eg_artifact *artifact = EG_NEW(loader->arena, struct eg_artifact);
    artifact->id = id;
    const struct eg_node *metadata = EG_GET(node, "metadata");
    artifact->metadata = eg_node_kind(metadata) == EG_MAP ? metadata : NULL;
    struct eg_str display = eg_node_text(EG_GET(node, "displayName"));
    artifact->construct_path = display.length > 0 ? display : id;
    struct eg_str file = eg_node_text(EG_GET(node, "additionalMetadataFile"));
    if (file.length > 0 &&
        !eg_load_inside(loader, assembly->manifest_path, file, &artifact->metadata_path))
        tell_note(loader, "missing-metadata", EG_GET(node, "additionalMetadataFile"), file,
                  "is no file inside the assembly; construct paths and source lines are left out");
    (void)eg_map_put(&assembly->artifacts, id, artifact);
    return artifact;
}

/* The name that the stack of an artifact is deployed with. */
static struct eg_str deployed_name(struct eg_str id, const struct eg_node *artifact) {
    struct eg_str name = eg_node_text(EG_GET(EG_GET(artifact, "properties"), "stackName"));
    return name.length > 0 ? name : id;
}

static void load_stack(struct eg_loader *loader, struct eg_assembly *assembly, struct eg_str id,
                       const struct eg_node *node) {
    const struct eg_node *properties = EG_GET(node, "properties");
    struct eg_str name = eg_node_text(EG_GET(properties, "templateFile")), path;
    if (name.length == 0) {
        tell_error(loader, node, id, "names no templateFile");
        return;
    }
    if (!eg_load_inside(loader, assembly->manifest_path, name, &path)) {
        tell_error(loader, EG_GET(properties, "templateFile"), id,
                   "its templateFile is no file inside the assembly");
        return;
    }
    struct eg_loaded_file *file = eg_load_file(loader, path);
    if (file->document.root == NULL) {
        *add_error(loader) = file->error;
        return;
    }
    if (file->document.root->kind != EG_MAP) {
        tell_error(loader, file->document.root, id, "its template is no map");
        return;
    }
    struct eg_artifact *artifact = add_artifact(loader, assembly, id, node);
    struct eg_template *template_ = eg_load_add_template(loader, file);
    const struct eg_node *parameters = EG_GET(properties, "parameters");
    eg_load_sections(template_, file->document.root);
    template_->stack_name = deployed_name(id, node);
    template_->display_name = eg_str_equal(artifact->construct_path, id) ? template_->stack_name
                                                                         : artifact->construct_path;
    template_->assembly = assembly;
    template_->artifact = id;
    template_->tags = stack_tags(loader->arena, properties, artifact->metadata);
    template_->given_parameters = eg_node_kind(parameters) == EG_MAP ? parameters : NULL;
    split_environment(eg_node_text(EG_GET(node, "environment")), &template_->account,
                      &template_->region);
    eg_load_nested(loader, template_);
}

/* ---- assets ---- */

/* The hash that an asset's address ends with: 64 hexadecimal digits, then the file's extension. */
static struct eg_str find_hash(struct eg_str text) {
    size_t run = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        run = digit ? run + 1 : 0;
        if (run == 64)
            return eg_str_slice(text, i - 63, 64);
    }
    return EG_STR("");
}

/* The hash in any string of URL. */
static struct eg_str hash_in(const struct eg_node *url) {
    struct eg_str hash = EG_STR("");
    if (url == NULL)
        return hash;
    if (url->kind == EG_STRING)
        return find_hash(url->as.text);
    for (uint32_t i = 0; url->kind == EG_LIST && hash.length == 0 && i < url->as.list.count; i++)
        hash = hash_in(url->as.list.items[i]);
    for (uint32_t i = 0; url->kind == EG_MAP && hash.length == 0 && i < url->as.map.count; i++)
        hash = hash_in(url->as.map.items[i].value);
    return hash;
}

bool eg_assembly_find_asset(struct eg_loader *loader, const struct eg_assembly *assembly,
                            struct eg_str artifact, const struct eg_node *url,
                            struct eg_str *ret_path) {
    struct eg_str hash = hash_in(url), path;
    if (hash.length == 0)
        return false;
    const struct eg_node *artifacts = EG_GET(assembly->manifest.root, "artifacts");
    struct eg_str id = eg_str_concat(loader->arena, artifact, EG_STR(".assets"));
    struct eg_str name =
        eg_node_text(EG_GET(EG_GET(eg_node_get(artifacts, id), "properties"), "file"));
    if (!eg_load_inside(loader, assembly->manifest_path, name, &path))
        return false;
    const struct eg_node *files = EG_GET(eg_load_file(loader, path)->document.root, "files");
    struct eg_str source = eg_node_text(EG_GET(EG_GET(eg_node_get(files, hash), "source"), "path"));
    if (source.length == 0)
        return false;
    *ret_path = source;
    return true;
}

/* ---- assemblies ---- */

static void load_stage(struct eg_loader *loader, struct eg_assembly *assembly, struct eg_str id,
                       const struct eg_node *node, unsigned depth) {
    struct eg_str name = eg_node_text(EG_GET(EG_GET(node, "properties"), "directoryName"));
    struct eg_str folder = eg_file_join(loader->arena, assembly->folder, name);
    if (name.length == 0 || !eg_file_path_is_inside(name) ||
        !eg_file_within(loader->folder, folder))
        tell_error(loader, node, id, "its directoryName is no folder inside the assembly");
    else if (depth >= MOST_ASSEMBLY_DEPTH)
        tell_error(loader, node, id, "assemblies are nested too deep");
    else
        (void)load_folder(loader, folder, assembly, depth + 1);
}

/* tree.json of the root assembly; what it would tell is dispensable. */
static void find_tree(struct eg_loader *loader, struct eg_assembly *assembly,
                      const struct eg_node *node) {
    struct eg_str name = eg_node_text(EG_GET(EG_GET(node, "properties"), "file"));
    if (!eg_load_inside(loader, assembly->manifest_path, name, &assembly->tree_path))
        tell_note(loader, "missing-metadata", node, name.length > 0 ? name : EG_STR("tree.json"),
                  "is no file inside the assembly; construct names are left out");
}

static void load_artifacts(struct eg_loader *loader, struct eg_assembly *assembly, unsigned depth) {
    const struct eg_node *artifacts = EG_GET(assembly->manifest.root, "artifacts");
    for (uint32_t i = 0; artifacts != NULL && i < artifacts->as.map.count; i++) {
        const struct eg_entry *artifact = &artifacts->as.map.items[i];
        struct eg_str type = eg_node_text(EG_GET(artifact->value, "type"));
        if (eg_str_is(type, "aws:cloudformation:stack"))
            load_stack(loader, assembly, artifact->key, artifact->value);
        else if (eg_str_is(type, "cdk:cloud-assembly"))
            load_stage(loader, assembly, artifact->key, artifact->value, depth);
        else if (eg_str_is(type, "cdk:tree"))
            find_tree(loader, assembly, artifact->value);
    }
}

/* Has one of the assemblies around it the same real folder? */
static bool is_inside_itself(const struct eg_assembly *parent, struct eg_str folder) {
    for (; parent != NULL; parent = parent->parent)
        if (eg_file_within(folder, parent->folder))
            return true;
    return false;
}

static bool load_folder(struct eg_loader *loader, struct eg_str folder, struct eg_assembly *parent,
                        unsigned depth) {
    if (is_inside_itself(parent, folder))
        return eg_error_set(add_error(loader), EG_ERROR_INPUT, folder, 0, 0,
                            "the assembly nests itself");
    if (loader->assembly_count > EG_LIMIT_ASSEMBLIES)
        return false;
    if (loader->assembly_count++ == EG_LIMIT_ASSEMBLIES)
        return eg_error_set(add_error(loader), EG_ERROR_INPUT, folder, 0, 0,
                            "more than %d assemblies inside each other", EG_LIMIT_ASSEMBLIES);
    struct eg_assembly *assembly = EG_NEW(loader->arena, struct eg_assembly);
    assembly->arena = loader->arena;
    assembly->parent = parent;
    assembly->folder = folder;
    assembly->manifest_path = eg_file_join(loader->arena, folder, EG_STR("manifest.json"));
    eg_map_init(&assembly->artifacts, loader->arena);
    eg_map_init(&assembly->dummies, loader->arena);
    if (!read_manifest(loader, assembly))
        return false;
    if (parent == NULL) {
        loader->input->assembly = assembly;
        memcpy(loader->input->digest, eg_load_file(loader, assembly->manifest_path)->digest,
               sizeof loader->input->digest);
        check_version(loader, assembly);
    }
    load_missing(loader, assembly);
    load_artifacts(loader, assembly, depth);
    return true;
}

bool eg_load_assembly(struct eg_loader *loader) {
    if (!load_folder(loader, loader->folder, NULL, 0))
        return false;
    if (loader->input->template_count > 0 || loader->errors->count > 0)
        return true;
    return eg_error_set(add_error(loader), EG_ERROR_INPUT, loader->input->assembly->manifest_path,
                        0, 0, "the assembly holds no stack");
}

/* ---- names only ---- */

/* A walk over manifests. What it reads lies in the scratch arena, the names in the caller's. */
struct naming {
    struct eg_arena *arena, scratch;
    struct eg_str root;
    struct eg_map folders; /* each is read once, whoever names it */
    struct eg_str *names;
    uint32_t count, capacity;
};

static void add_name(struct naming *naming, struct eg_str name) {
    if (naming->count == naming->capacity) {
        uint32_t larger = naming->capacity == 0 ? 8 : naming->capacity * 2;
        naming->names =
            eg_arena_grow(naming->arena, naming->names, naming->count * sizeof *naming->names,
                          larger * sizeof *naming->names);
        naming->capacity = larger;
    }
    naming->names[naming->count++] = eg_str_copy(naming->arena, name);
}

static void name_stacks(struct naming *naming, struct eg_str folder, unsigned depth) {
    struct eg_document document;
    struct eg_error error = {0};
    struct eg_str path = eg_file_join(&naming->scratch, folder, EG_STR("manifest.json"));
    if (depth > MOST_ASSEMBLY_DEPTH || eg_map_put(&naming->folders, folder, naming) != NULL ||
        !eg_read_file(&naming->scratch, path, &document, &error))
        return;
    const struct eg_node *artifacts = EG_GET(document.root, "artifacts");
    for (uint32_t i = 0; eg_node_kind(artifacts) == EG_MAP && i < artifacts->as.map.count; i++) {
        const struct eg_entry *artifact = &artifacts->as.map.items[i];
        const struct eg_node *properties = EG_GET(artifact->value, "properties");
        struct eg_str nested = eg_node_text(EG_GET(properties, "directoryName"));
        if (eg_node_is_string(EG_GET(artifact->value, "type"), "aws:cloudformation:stack"))
            add_name(naming, deployed_name(artifact->key, artifact->value));
        else if (nested.length > 0 && eg_file_path_is_inside(nested) &&
                 eg_file_within(naming->root, eg_file_join(&naming->scratch, folder, nested)))
            name_stacks(naming, eg_file_join(&naming->scratch, folder, nested), depth + 1);
    }
}

struct eg_str *eg_assembly_stack_names(struct eg_arena *arena, struct eg_str folder,
                                       uint32_t *ret_count) {
    struct naming naming = {.arena = arena, .root = folder};
    eg_arena_init(&naming.scratch);
    eg_map_init(&naming.folders, &naming.scratch);
    name_stacks(&naming, folder, 0);
    eg_arena_done(&naming.scratch);
    *ret_count = naming.count;
    return naming.names;
}
