/* CloudFormation templates: their sections, and the nested stacks whose templates are local files.
 * Called by load.c for a file, by assembly.c for each stack of an assembly.
 *
 * A nested stack (AWS::CloudFormation::Stack) names its template by TemplateURL. `aws
 * cloudformation package` takes a path relative to the parent's template there; the CDK writes the
 * address of an uploaded asset and tells the local file in the metadata aws:asset:path, or only in
 * the stack's .assets.json under the hash that the address ends with.
 */
#include "load/loader.h"

#include "base/file.h"
#include "base/limits.h"
#include "load/assembly.h"

#include <string.h>

/* ---- one template ---- */

struct eg_template *eg_load_add_template(struct eg_loader *loader, struct eg_loaded_file *file) {
    struct eg_input *input = loader->input;
    if (input->template_count == loader->template_capacity) {
        uint32_t larger = loader->template_capacity == 0 ? 4 : loader->template_capacity * 2;
        input->templates = eg_arena_grow(loader->arena, input->templates,
                                         loader->template_capacity * sizeof *input->templates,
                                         larger * sizeof *input->templates);
        loader->template_capacity = larger;
    }
    struct eg_template *template_ = EG_NEW(loader->arena, struct eg_template);
    input->templates[input->template_count++] = template_;
    template_->document = file->document;
    template_->path = file->path;
    memcpy(template_->digest, file->digest, sizeof template_->digest);
    if (file->duplicates_told)
        return template_;
    file->duplicates_told = true;
    for (const struct eg_duplicate *duplicate = file->document.duplicates; duplicate != NULL;
         duplicate = duplicate->next) {
        struct eg_place first = eg_source_place(file->document.source, duplicate->first_offset);
        struct eg_problem *problem = eg_load_problem(
            loader, template_, "duplicate-key", duplicate->map,
            "key %.*s is given twice; the first is in line %u, column %u, and this one is used",
            EG_STR_ARGS(duplicate->key), first.line, first.column);
        problem->offset = duplicate->second_offset;
        problem->has_offset = true;
    }
    return template_;
}

static const struct eg_node *map_section(const struct eg_node *root, const char *name) {
    const struct eg_node *section = eg_node_get(root, eg_str_from(name));
    return eg_node_kind(section) == EG_MAP ? section : NULL;
}

void eg_load_sections(struct eg_template *template_, const struct eg_node *root) {
    template_->parameters = map_section(root, "Parameters");
    template_->mappings = map_section(root, "Mappings");
    template_->conditions = map_section(root, "Conditions");
    template_->rules = map_section(root, "Rules");
    template_->resources = map_section(root, "Resources");
    template_->outputs = map_section(root, "Outputs");
    template_->metadata = map_section(root, "Metadata");
    template_->transform = EG_GET(root, "Transform");
}

/* Sections that are there but are no maps. */
static void tell_broken_sections(struct eg_loader *loader, struct eg_template *template_,
                                 const struct eg_node *root) {
    static const char *const names[] = {"Parameters", "Mappings",  "Conditions",
                                        "Rules",      "Resources", "Outputs"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct eg_entry *entry = eg_node_entry(root, eg_str_from(names[i]));
        if (entry == NULL || entry->value->kind == EG_MAP)
            continue;
        struct eg_problem *problem =
            eg_load_problem(loader, template_, "invalid-section", entry->value,
                            "section %s is a %s; expected a map", names[i],
                            eg_kind_name(eg_node_kind(entry->value)));
        problem->offset = entry->key_offset;
        problem->has_offset = true;
    }
}

struct eg_str eg_load_stem(struct eg_str path) {
    static const char *const ends[] = {".nested.template.json",
                                       ".template.json",
                                       ".template.yaml",
                                       ".template.yml",
                                       ".template",
                                       ".json",
                                       ".yaml",
                                       ".yml"};
    struct eg_str name = eg_file_name(path);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct eg_str end = eg_str_from(ends[i]);
        if (name.length > end.length && eg_str_ends_with(name, end))
            return eg_str_slice(name, 0, name.length - end.length);
    }
    return eg_str_is(name, "-") || eg_str_is(name, "<stdin>") ? EG_STR("stdin") : name;
}

/* FILE as a template, without its nested stacks. */
static struct eg_template *add_one(struct eg_loader *loader, struct eg_loaded_file *file,
                                   struct eg_str stack_name) {
    struct eg_template *template_ = eg_load_add_template(loader, file);
    template_->stack_name = stack_name;
    template_->display_name = stack_name;
    const struct eg_node *root = eg_load_include(loader, template_, file->document.root);
    eg_load_sections(template_, root);
    tell_broken_sections(loader, template_, root);
    return template_;
}

struct eg_template *eg_load_template(struct eg_loader *loader, struct eg_loaded_file *file,
                                     struct eg_str stack_name) {
    struct eg_template *template_ = add_one(loader, file, stack_name);
    eg_load_nested(loader, template_);
    return template_;
}

/* ---- nested stacks ---- */

static bool is_remote(struct eg_str url) {
    return eg_str_contains(url, EG_STR("://")) || eg_str_starts_with(url, EG_STR("arn:"));
}

/* Where the template of a nested stack is; false if it is not told here. */
static bool find_nested(struct eg_loader *loader, const struct eg_template *parent,
                        const struct eg_node *resource, struct eg_str *ret_path, bool *ret_told) {
    const struct eg_node *url = EG_GET(EG_GET(resource, "Properties"), "TemplateURL");
    const struct eg_node *metadata = EG_GET(resource, "Metadata");
    struct eg_str asset = eg_node_text(EG_GET(metadata, "aws:asset:path"));
    const struct eg_node *property = EG_GET(metadata, "aws:asset:property");
    if (asset.length > 0 && (property == NULL || eg_node_is_string(property, "TemplateURL"))) {
        *ret_told = true;
        return eg_load_inside(loader, parent->path, asset, ret_path);
    }
    if (eg_node_text(url).length > 0 && !is_remote(url->as.text)) {
        *ret_told = true;
        return eg_load_inside(loader, parent->path, url->as.text, ret_path);
    }
    if (parent->assembly == NULL ||
        !eg_assembly_find_asset(loader, parent->assembly, parent->artifact, url, &asset))
        return false;
    *ret_told = true;
    return eg_load_inside(loader, parent->assembly->manifest_path, asset, ret_path);
}

static unsigned depth_of(const struct eg_template *template_) {
    unsigned depth = 0;
    for (; template_->parent != NULL; template_ = template_->parent)
        depth++;
    return depth;
}

static bool is_ancestor(const struct eg_template *template_, struct eg_str path) {
    for (; template_ != NULL; template_ = template_->parent)
        if (eg_str_equal(template_->path, path))
            return true;
    return false;
}

/* May one more template be nested in PARENT? */
static bool may_nest(struct eg_loader *loader, struct eg_template *parent, const struct eg_node *at,
                     struct eg_str path) {
    if (is_ancestor(parent, path))
        (void)eg_load_problem(loader, parent, "circular-dependency", at,
                              "the template %.*s nests itself", EG_STR_ARGS(path));
    else if (depth_of(parent) + 1 >= EG_LIMIT_NESTED_STACKS)
        eg_load_problem(loader, parent, "limit", at,
                        "stacks are nested more than %d deep; the rest is left out",
                        EG_LIMIT_NESTED_STACKS)
            ->unknown = true;
    else if (loader->input->template_count >= EG_LIMIT_STACKS)
        eg_load_problem(loader, parent, "limit", at,
                        "the input has more than %d stacks; the rest is left out", EG_LIMIT_STACKS)
            ->unknown = true;
    else
        return true;
    return false;
}

static void load_nested_stack(struct eg_loader *loader, struct eg_template *parent,
                              const struct eg_entry *resource) {
    struct eg_str path = EG_STR("");
    bool told = false;
    if (!find_nested(loader, parent, resource->value, &path, &told)) {
        if (told)
            eg_load_problem(loader, parent, "nested-template", resource->value,
                            "the template of nested stack %.*s is no file inside the input's "
                            "folder; its resources are not judged",
                            EG_STR_ARGS(resource->key))
                ->unknown = true;
        return;
    }
    if (!may_nest(loader, parent, resource->value, path))
        return;
    struct eg_loaded_file *file = eg_load_file(loader, path);
    if (file->document.root == NULL) {
        *eg_error_list_add(loader->errors, loader->arena) = file->error;
        return;
    }
    if (eg_load_recognize(file->document.root, false) != EG_DOCUMENT_TEMPLATE) {
        eg_load_problem(loader, parent, "nested-template", resource->value,
                        "%.*s, named by nested stack %.*s, is no CloudFormation template",
                        EG_STR_ARGS(path), EG_STR_ARGS(resource->key));
        return;
    }
    struct eg_template *nested =
        add_one(loader, file,
                eg_str_format(loader->arena, "%.*s/%.*s", EG_STR_ARGS(parent->stack_name),
                              EG_STR_ARGS(resource->key)));
    nested->display_name = eg_str_format(
        loader->arena, "%.*s/%.*s", EG_STR_ARGS(parent->display_name), EG_STR_ARGS(resource->key));
    nested->parent = parent;
    nested->parent_logical_id = resource->key;
    nested->region = parent->region;
    nested->account = parent->account;
    nested->assembly = parent->assembly;
    nested->artifact = parent->artifact;
    nested->tags = parent->tags;
    eg_load_nested(loader, nested);
}

void eg_load_nested(struct eg_loader *loader, struct eg_template *template_) {
    const struct eg_node *resources = template_->resources;
    for (uint32_t i = 0; resources != NULL && i < resources->as.map.count; i++) {
        const struct eg_entry *resource = &resources->as.map.items[i];
        if (eg_node_is_string(EG_GET(resource->value, "Type"), "AWS::CloudFormation::Stack"))
            load_nested_stack(loader, template_, resource);
    }
}
