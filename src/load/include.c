/* AWS::Include of local files: {"Fn::Transform": {"Name": "AWS::Include", "Parameters":
 * {"Location": "file.yaml"}}} stands for the content of a file, which is merged with the keys
 * beside it. Called by template.c before the sections are looked at. ("AWS::Include transform" in
 * the CloudFormation user guide; a location in S3 is left for resolving, which knows that what it
 * covers can't be known.)
 */
#include "load/loader.h"

/* The Location of an AWS::Include, or the empty text. */
static struct eg_str include_location(const struct eg_node *transform) {
    if (!eg_node_is_string(EG_GET(transform, "Name"), "AWS::Include"))
        return EG_STR("");
    return eg_node_text(EG_GET(EG_GET(transform, "Parameters"), "Location"));
}

struct includer {
    struct eg_loader *loader;
    struct eg_template *template_;
    bool inside; /* in an included file, whose own includes CloudFormation doesn't take */
};

static const struct eg_node *expand(struct includer *includer, const struct eg_node *node);

/* What TRANSFORM includes, or NULL if it can't be included here. */
static const struct eg_node *included(struct includer *includer, const struct eg_node *transform) {
    struct eg_str location = include_location(transform), path;
    if (location.length == 0 || includer->inside || eg_str_contains(location, EG_STR("://")) ||
        !eg_load_inside(includer->loader, includer->template_->path, location, &path))
        return NULL;
    struct eg_loaded_file *file = eg_load_file(includer->loader, path);
    if (file->document.root != NULL)
        return file->document.root;
    *eg_error_list_add(includer->loader->errors, includer->loader->arena) = file->error;
    return NULL;
}

static bool is_transform(const struct eg_entry *entry, bool top) {
    return eg_str_is(entry->key, "Fn::Transform") || (top && eg_str_is(entry->key, "Transform"));
}

/* The entries of MAP and those of the maps that it includes. */
static const struct eg_node *expand_map(struct includer *includer, const struct eg_node *map) {
    struct eg_map_builder builder;
    eg_map_begin(&builder, includer->loader->arena);
    bool changed = false;
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        const struct eg_node *content =
            is_transform(entry, false) ? included(includer, entry->value) : NULL;
        if (content != NULL && content->kind != EG_MAP && map->as.map.count == 1)
            return content;
        if (content != NULL && content->kind == EG_MAP) {
            changed = true;
            for (uint32_t j = 0; j < content->as.map.count; j++)
                (void)eg_map_add(&builder, content->as.map.items[j].key,
                                 content->as.map.items[j].key_offset,
                                 content->as.map.items[j].value, NULL);
            continue;
        }
        const struct eg_node *value = expand(includer, entry->value);
        changed = changed || value != entry->value;
        (void)eg_map_add(&builder, entry->key, entry->key_offset, value, NULL);
    }
    return changed ? eg_map_node(&builder, map) : map;
}

static const struct eg_node *expand_list(struct includer *includer, const struct eg_node *list) {
    struct eg_list_builder builder;
    eg_list_begin(&builder, includer->loader->arena);
    bool changed = false;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = expand(includer, list->as.list.items[i]);
        changed = changed || item != list->as.list.items[i];
        eg_list_add(&builder, item);
    }
    return changed ? eg_list_node(&builder, list) : list;
}

/* The readers bound the depth (EG_LIMIT_DEPTH), and included files are not expanded again. */
static const struct eg_node *expand(struct includer *includer, const struct eg_node *node) {
    if (node->kind == EG_MAP)
        return expand_map(includer, node);
    if (node->kind == EG_LIST)
        return expand_list(includer, node);
    return node;
}

/* A top-level Transform of AWS::Include adds whole sections. */
static const struct eg_node *expand_top(struct includer *includer, const struct eg_node *root) {
    const struct eg_node *transform = EG_GET(root, "Transform");
    const struct eg_node *content = included(includer, transform);
    if (eg_node_kind(content) != EG_MAP)
        return root;
    struct eg_map_builder builder;
    eg_map_begin(&builder, includer->loader->arena);
    for (uint32_t i = 0; i < root->as.map.count; i++)
        if (!eg_str_is(root->as.map.items[i].key, "Transform"))
            (void)eg_map_add(&builder, root->as.map.items[i].key, root->as.map.items[i].key_offset,
                             root->as.map.items[i].value, NULL);
    for (uint32_t i = 0; i < content->as.map.count; i++)
        (void)eg_map_add(&builder, content->as.map.items[i].key,
                         content->as.map.items[i].key_offset, content->as.map.items[i].value, NULL);
    return eg_map_node(&builder, root);
}

const struct eg_node *eg_load_include(struct eg_loader *loader, struct eg_template *template_,
                                      const struct eg_node *root) {
    if (!eg_str_contains(template_->document.source->text, EG_STR("AWS::Include")))
        return root;
    struct includer includer = {loader, template_, false};
    return expand(&includer, expand_top(&includer, root));
}
