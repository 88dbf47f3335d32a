/* From a path to an input: reads the file, recognizes it, loads what belongs to it. Called by the
 * engine for every path that find.c found. */
#include "load/loader.h"

#include "base/file.h"
#include "load/assembly.h"

#include <string.h>

/* ---- files ---- */

static void parse(struct eg_loader *loader, struct eg_loaded_file *file, struct eg_str text) {
    eg_file_digest(text, file->digest);
    struct eg_str name = eg_str_is(file->path, "-") ? EG_STR("<stdin>") : file->path;
    if (!eg_read(loader->arena, name, text, &file->document, &file->error))
        file->document.root = NULL;
}

struct eg_loaded_file *eg_load_file(struct eg_loader *loader, struct eg_str path) {
    struct eg_loaded_file *file = eg_map_get(&loader->files, path);
    if (file != NULL)
        return file;
    file = EG_NEW(loader->arena, struct eg_loaded_file);
    file->path = path;
    (void)eg_map_put(&loader->files, path, file);
    struct eg_str text;
    if (eg_file_read(loader->arena, path, path, &text, &file->error))
        parse(loader, file, text);
    return file;
}

struct eg_str eg_load_normalize(struct eg_arena *arena, struct eg_str path, bool take_back) {
    char *data = eg_arena_alloc(arena, path.length + 1);
    size_t length = 0;
    bool absolute = path.length > 0 && path.data[0] == '/';
    for (size_t at = 0; at < path.length;) {
        size_t end = eg_str_find(path, EG_STR("/"), at);
        if (end == SIZE_MAX)
            end = path.length;
        struct eg_str part = eg_str_slice(path, at, end - at);
        at = end + 1;
        struct eg_str last = eg_file_name((struct eg_str){data, length});
        if (part.length == 0 || eg_str_is(part, "."))
            continue;
        if (take_back && eg_str_is(part, "..") && last.length > 0 && !eg_str_is(last, "..")) {
            length -= last.length;
            length -= length > 0;
            continue;
        }
        if (length > 0 || absolute)
            data[length++] = '/';
        memcpy(data + length, part.data, part.length);
        length += part.length;
    }
    return length > 0 ? (struct eg_str){data, length} : EG_STR(".");
}

bool eg_load_inside(struct eg_loader *loader, struct eg_str from, struct eg_str name,
                    struct eg_str *ret_path) {
    if (loader->folder.length == 0 || name.length == 0 || eg_str_starts_with(name, EG_STR("/")) ||
        memchr(name.data, '\0', name.length) != NULL)
        return false;
    struct eg_str path = eg_load_normalize(
        loader->arena, eg_file_join(loader->arena, eg_file_folder(from), name), true);
    if (eg_file_type(path) != EG_FILE_REGULAR || !eg_file_within(loader->folder, path))
        return false;
    *ret_path = path;
    return true;
}

/* ---- one file as input ---- */

static bool refuse(struct eg_loader *loader, const struct eg_loaded_file *file) {
    struct eg_place place = eg_node_place(file->document.root);
    return eg_error_set(eg_error_list_add(loader->errors, loader->arena), EG_ERROR_INPUT,
                        EG_AT(place),
                        "is neither a CloudFormation template nor an ECS task definition: expected "
                        "Resources or containerDefinitions, found %s",
                        eg_kind_name(eg_node_kind(file->document.root)));
}

static bool load_file(struct eg_loader *loader, bool walked, struct eg_str stack_name,
                      struct eg_loaded_file *file) {
    struct eg_input *input = loader->input;
    if (file->document.root == NULL) {
        *eg_error_list_add(loader->errors, loader->arena) = file->error;
        return false;
    }
    memcpy(input->digest, file->digest, sizeof input->digest);
    switch (eg_load_recognize(file->document.root, walked)) {
    case EG_DOCUMENT_TEMPLATE:
        (void)eg_load_template(loader, file, stack_name);
        return true;
    case EG_DOCUMENT_ECS:
        input->kind = EG_INPUT_TASK_DEFINITION;
        eg_load_ecs(loader, file);
        return true;
    case EG_DOCUMENT_OTHER:
        break;
    }
    input->skipped = walked;
    return walked || refuse(loader, file);
}

bool eg_load_document(struct eg_arena *arena, const struct eg_document *document,
                      struct eg_str stack_name, struct eg_input *ret_input,
                      struct eg_error_list *errors) {
    struct eg_str path = document->source->name;
    *ret_input = (struct eg_input){.path = path, .kind = EG_INPUT_TEMPLATE};
    struct eg_loader loader = {.arena = arena, .input = ret_input, .errors = errors};
    eg_map_init(&loader.files, arena);
    struct eg_loaded_file *file = EG_NEW(arena, struct eg_loaded_file);
    *file = (struct eg_loaded_file){.path = path, .document = *document};
    eg_file_digest(EG_STR(""), file->digest);
    return load_file(&loader, false, stack_name.length > 0 ? stack_name : eg_load_stem(path), file);
}

bool eg_load_input(struct eg_arena *arena, const struct eg_input_path *path,
                   struct eg_input *ret_input, struct eg_error_list *errors) {
    struct eg_input *input = ret_input;
    *input = (struct eg_input){.path = path->path, .kind = path->kind};
    struct eg_loader loader = {.arena = arena, .input = input, .errors = errors};
    eg_map_init(&loader.files, arena);
    if (path->kind == EG_INPUT_ASSEMBLY) {
        loader.folder = path->path;
        return eg_load_assembly(&loader);
    }
    input->kind = EG_INPUT_TEMPLATE;
    if (!eg_str_is(path->path, "-"))
        loader.folder = eg_file_folder(path->path);
    struct eg_str text;
    struct eg_error error = {0};
    if (!eg_file_read(arena, path->path, path->path, &text, &error)) {
        *eg_error_list_add(errors, arena) = error;
        return false;
    }
    struct eg_loaded_file *file = EG_NEW(arena, struct eg_loaded_file);
    file->path = eg_str_is(path->path, "-") ? EG_STR("<stdin>") : path->path;
    (void)eg_map_put(&loader.files, file->path, file);
    if (path->walked && !eg_load_may_be_input(text)) {
        input->skipped = true;
        return true;
    }
    parse(&loader, file, text);
    if (path->walked && file->document.root == NULL && !eg_load_looks_like_input(text)) {
        input->skipped = true;
        return true;
    }
    return load_file(&loader, path->walked, eg_load_stem(file->path), file);
}

struct eg_str *eg_load_stack_names(struct eg_arena *arena, const struct eg_input_path *path,
                                   uint32_t *ret_count) {
    if (path->kind == EG_INPUT_ASSEMBLY)
        return eg_assembly_stack_names(arena, path->path, ret_count);
    struct eg_str *name = EG_NEW(arena, struct eg_str);
    *name = eg_load_stem(path->path);
    *ret_count = 1;
    return name;
}

/* ---- links ---- */

static bool template_is_linked(const struct eg_template *template_) {
    struct eg_str text = template_->document.source->text;
    if (eg_str_contains(text, EG_STR("ImportValue")) ||
        eg_str_contains(text, EG_STR("Fn::GetStackOutput")))
        return true;
    const struct eg_node *outputs = template_->outputs;
    for (uint32_t i = 0; outputs != NULL && i < outputs->as.map.count; i++) {
        const struct eg_entry *output = &outputs->as.map.items[i];
        /* The CDK names outputs so that are read by Fn::GetStackOutput. */
        if (EG_GET(output->value, "Export") != NULL ||
            eg_str_starts_with(output->key, EG_STR("PublishOutput")) ||
            eg_str_starts_with(output->key, EG_STR("Fn::ForEach")))
            return true;
    }
    return false;
}

bool eg_load_is_linked(const struct eg_input *input) {
    for (uint32_t i = 0; i < input->template_count; i++)
        if (!input->templates[i]->api_names && template_is_linked(input->templates[i]))
            return true;
    return false;
}
