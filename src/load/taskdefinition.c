/* ECS API documents made into templates of one resource, so that everything behind sees templates.
 * Called by load.c.
 *
 *   register-task-definition input                       {"family": …, "containerDefinitions": …}
 *   describe-task-definition output                      {"taskDefinition": {…}, "tags": […]}
 *   containerDefinitions alone                           [{"name": …, "image": …}]
 *   several in one file                                  [{…}, {…}], {"services": […]}
 *   create-service, create-task-set, run-task, create-cluster: input or output
 *
 * The resource's properties are the document itself, in the API's names (api_names).
 */
#include "load/loader.h"

static struct eg_str name_of(const struct eg_node *fields) {
    static const char *const keys[] = {"family",  "serviceName", "clusterName",
                                       "service", "startedBy",   "group"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct eg_str name = eg_node_text(eg_node_get(fields, eg_str_from(keys[i])));
        if (name.length > 0)
            return name;
    }
    return EG_STR("");
}

/* describe-task-definition tells the tags beside the definition, register-task-definition takes
 * them inside. */
static const struct eg_node *with_tags(struct eg_arena *arena, const struct eg_node *document,
                                       const struct eg_node *fields) {
    const struct eg_entry *tags = eg_node_entry(document, EG_STR("tags"));
    if (document == fields || tags == NULL || EG_GET(fields, "tags") != NULL)
        return fields;
    struct eg_map_builder builder;
    eg_map_begin(&builder, arena);
    for (uint32_t i = 0; i < fields->as.map.count; i++)
        (void)eg_map_add(&builder, fields->as.map.items[i].key, fields->as.map.items[i].key_offset,
                         fields->as.map.items[i].value, NULL);
    (void)eg_map_add(&builder, tags->key, tags->key_offset, tags->value, NULL);
    return eg_map_node(&builder, fields);
}

/* {ID: {"Type": TYPE, "Properties": PROPERTIES}} */
static const struct eg_node *resources_of(struct eg_arena *arena, struct eg_str id,
                                          const char *type, const struct eg_node *properties) {
    struct eg_map_builder resource, resources;
    eg_map_begin(&resource, arena);
    (void)eg_map_add(&resource, EG_STR("Type"), properties->offset,
                     eg_node_string(arena, eg_str_from(type), properties), NULL);
    (void)eg_map_add(&resource, EG_STR("Properties"), properties->offset, properties, NULL);
    eg_map_begin(&resources, arena);
    (void)eg_map_add(&resources, id, properties->offset, eg_map_node(&resource, properties), NULL);
    return eg_map_node(&resources, properties);
}

static void add_resource(struct eg_loader *loader, struct eg_loaded_file *file, const char *type,
                         const struct eg_node *properties) {
    struct eg_template *template_ = eg_load_add_template(loader, file);
    struct eg_str id = name_of(properties);
    template_->api_names = true;
    template_->stack_name = eg_load_stem(file->path);
    template_->display_name = template_->stack_name;
    template_->resources =
        resources_of(loader->arena, id.length > 0 ? id : template_->stack_name, type, properties);
}

static void add_document(struct eg_loader *loader, struct eg_loaded_file *file,
                         const struct eg_node *document) {
    const struct eg_node *fields;
    const char *type = eg_load_ecs_type(document, &fields);
    if (type != NULL)
        add_resource(loader, file, type, with_tags(loader->arena, document, fields));
}

static void add_list(struct eg_loader *loader, struct eg_loaded_file *file,
                     const struct eg_node *list) {
    for (uint32_t i = 0; i < list->as.list.count; i++)
        add_document(loader, file, list->as.list.items[i]);
}

/* The list of container definitions as a task definition. */
static void add_containers(struct eg_loader *loader, struct eg_loaded_file *file,
                           const struct eg_node *list) {
    struct eg_map_builder builder;
    eg_map_begin(&builder, loader->arena);
    (void)eg_map_add(&builder, EG_STR("containerDefinitions"), list->offset, list, NULL);
    add_resource(loader, file, "AWS::ECS::TaskDefinition", eg_map_node(&builder, list));
}

void eg_load_ecs(struct eg_loader *loader, struct eg_loaded_file *file) {
    const struct eg_node *root = file->document.root, *fields;
    if (root->kind == EG_LIST) {
        add_list(loader, file, root);
        if (loader->input->template_count == 0)
            add_containers(loader, file, root);
        return;
    }
    if (eg_load_ecs_type(root, &fields) != NULL) {
        add_document(loader, file, root);
        return;
    }
    static const char *const lists[] = {"taskDefinitions", "services", "taskSets", "clusters"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct eg_node *list = eg_node_get(root, eg_str_from(lists[i]));
        if (eg_node_kind(list) == EG_LIST)
            add_list(loader, file, list);
    }
}
