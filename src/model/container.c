/* Facts of containers and of the structures in them that name other objects. */
#include "model/facts.h"
#include "model/launchsite.h"
#include "model/task.h"
#include "node/text.h"

static const struct eg_node *container_task(struct eg_scenario *scenario,
                                            const struct eg_item *container) {
    (void)scenario;
    return container->parent->node;
}

static const struct eg_node *container_image(struct eg_scenario *scenario,
                                             const struct eg_item *container) {
    return eg_image_parts(scenario, container, eg_item_given(scenario, container, "image"));
}

static const struct eg_node *container_credential(struct eg_scenario *scenario,
                                                  const struct eg_item *container) {
    const struct eg_item *credentials = eg_item_link(scenario, container, "repositoryCredentials");
    if (credentials == NULL)
        return eg_item_given(scenario, container, "repositoryCredentials");
    const struct eg_node *value = eg_item_given(scenario, credentials, "credentialsParameter");
    return eg_is_blank(value)
               ? eg_node_absent()
               : eg_secret_reference(scenario, container, value, EG_SECRET_CREDENTIALS);
}

static const struct eg_node *secret_reference(struct eg_scenario *scenario,
                                              const struct eg_item *secret) {
    return eg_secret_reference(scenario, secret, eg_item_given(scenario, secret, "valueFrom"),
                               EG_SECRET_VALUE_FROM);
}

/* ---- values in plain text ---- */

static void expose_list(struct eg_scenario *scenario, struct eg_list_builder *list,
                        const struct eg_item *container, const struct eg_node *values,
                        const char *property) {
    if (values->kind == EG_UNKNOWN && eg_scenario_is_open(scenario, values->as.unknown)) {
        eg_list_add(list, values);
        return;
    }
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, values);
    while (eg_walk_next(&walk))
        eg_expose(scenario, list, container, property, EG_STR(""), walk.index, walk.given);
}

static void expose_map(struct eg_scenario *scenario, struct eg_list_builder *list,
                       const struct eg_item *container, const struct eg_node *map,
                       const char *property) {
    for (uint32_t i = 0; map->kind == EG_MAP && i < map->as.map.count; i++)
        eg_expose(scenario, list, container, property, map->as.map.items[i].key, i,
                  map->as.map.items[i].value);
    if (map->kind == EG_UNKNOWN)
        eg_list_add(list, map);
}

/* The variable's value, not forced; an override's may come from a state machine's input. */
static const struct eg_node *value_of(struct eg_scenario *scenario, const struct eg_item *of,
                                      const struct eg_item *variable) {
    if (eg_str_is(of->object.type->name, "ContainerOverride")) {
        const struct eg_node *computed =
            eg_site_member(scenario, variable->object.raw, EG_STR("Value"));
        if (computed->kind == EG_UNKNOWN)
            return computed;
    }
    return eg_object_given(&variable->object, EG_STR("value"));
}

static void expose_environment(struct eg_scenario *scenario, struct eg_list_builder *list,
                               const struct eg_item *of, const char *property) {
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, of, "environment"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *variable = eg_item_in(walk.element);
        if (variable == NULL) {
            eg_list_add(list, walk.element);
            continue;
        }
        eg_expose(scenario, list, of, property,
                  eg_node_text(eg_item_get(scenario, variable, "name")), walk.index,
                  value_of(scenario, of, variable));
    }
}

static bool is_for(struct eg_scenario *scenario, const struct eg_item *override,
                   const struct eg_item *container) {
    const struct eg_node *name = eg_item_get(scenario, container, "name");
    return eg_text_equal(scenario, eg_item_get(scenario, override, "name"), name) != EG_FALSE;
}

/* MAP's KEY comes from a state machine's input: all that is said of it is unknown. */
static bool expose_computed(struct eg_scenario *scenario, struct eg_list_builder *list,
                            const struct eg_node *map, struct eg_str key) {
    const struct eg_node *value = eg_site_member(scenario, map, key);
    if (value->kind != EG_UNKNOWN)
        return false;
    eg_list_add(list, value);
    return true;
}

static void expose_override(struct eg_scenario *scenario, struct eg_list_builder *list,
                            const struct eg_item *override) {
    if (!expose_computed(scenario, list, override->object.raw, EG_STR("Environment")))
        expose_environment(scenario, list, override, "override");
    if (!expose_computed(scenario, list, override->object.raw, EG_STR("Command")))
        expose_list(scenario, list, override, eg_item_get(scenario, override, "command"),
                    "override");
}

void eg_expose_overrides(struct eg_scenario *scenario, struct eg_list_builder *list,
                         const struct eg_item *site, const struct eg_item *container) {
    const struct eg_node *node = eg_item_get(scenario, site, "overrides");
    const struct eg_item *overrides = eg_item_in(node);
    if (node->kind == EG_UNKNOWN)
        eg_list_add(list, node);
    if (overrides == NULL ||
        expose_computed(scenario, list, overrides->object.raw, EG_STR("ContainerOverrides")))
        return;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, overrides, "containerOverrides"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *override = eg_item_in(walk.element);
        if (override == NULL)
            eg_list_add(list, walk.element);
        else if (container == NULL || is_for(scenario, override, container))
            expose_override(scenario, list, override);
    }
}

static const struct eg_node *container_exposed(struct eg_scenario *scenario,
                                               const struct eg_item *container) {
    struct eg_list_builder list;
    eg_list_begin(&list, container->build->arena);
    expose_environment(scenario, &list, container, "environment");
    expose_list(scenario, &list, container, eg_item_get(scenario, container, "command"), "command");
    expose_list(scenario, &list, container, eg_item_get(scenario, container, "entryPoint"),
                "entryPoint");
    const struct eg_item *check = eg_item_link(scenario, container, "healthCheck");
    if (check != NULL)
        expose_list(scenario, &list, container, eg_item_get(scenario, check, "command"),
                    "healthCheck");
    expose_map(scenario, &list, container, eg_item_get(scenario, container, "dockerLabels"),
               "dockerLabels");
    const struct eg_item *log = eg_item_link(scenario, container, "logConfiguration");
    if (log != NULL)
        expose_map(scenario, &list, container, eg_item_get(scenario, log, "options"), "logOptions");
    const struct eg_item *router = eg_item_link(scenario, container, "firelensConfiguration");
    if (router != NULL)
        expose_map(scenario, &list, container, eg_item_get(scenario, router, "options"),
                   "firelensOptions");
    struct eg_walk sites;
    eg_walk_begin(&sites, scenario, eg_item_get(scenario, container->parent, "launchSites"));
    while (eg_walk_next(&sites))
        if (eg_item_in(sites.element) != NULL)
            eg_expose_overrides(scenario, &list, eg_item_in(sites.element), container);
    return eg_list_node(&list, container->object.raw);
}

/* ---- links ---- */

const struct eg_item *eg_container_log_group(struct eg_scenario *scenario,
                                             const struct eg_item *container,
                                             const struct eg_node **ret_name) {
    const struct eg_item *log = eg_item_link(scenario, container, "logConfiguration");
    *ret_name = log == NULL
                    ? eg_node_absent()
                    : eg_member(scenario, eg_item_get(scenario, log, "options"), "awslogs-group");
    if (eg_is_blank(*ret_name))
        return NULL;
    const struct eg_item *item =
        eg_item_for(container->build, eg_index_find(&container->build->index, EG_NAMES_LOG_GROUP,
                                                    container->stack, *ret_name));
    return eg_item_is_type(item, "logGroup") ? item : NULL;
}

static const struct eg_node *container_log_group(struct eg_scenario *scenario,
                                                 const struct eg_item *container) {
    const struct eg_node *name;
    const struct eg_item *group = eg_container_log_group(scenario, container, &name);
    if (eg_is_blank(name))
        return eg_node_absent();
    return group != NULL ? eg_item_seen(container, group) : eg_item_outside(container, name);
}

static const struct eg_node *container_group_is_arn(struct eg_scenario *scenario,
                                                    const struct eg_item *container) {
    const struct eg_item *log = eg_item_link(scenario, container, "logConfiguration");
    if (log == NULL)
        return eg_node_bool(false);
    const struct eg_node *group =
        eg_member(scenario, eg_item_get(scenario, log, "options"), "awslogs-group");
    if (group->kind == EG_REFERENCE)
        return eg_node_bool(eg_str_is(group->as.reference->attribute, "Arn"));
    if (!eg_text_is(group))
        return eg_node_bool(false);
    return eg_item_truth(container, eg_text_starts_with(group, EG_STR("arn:")), group);
}

/* Walks the load balancer entries of services that run the container's task definition. */
static const struct eg_node *container_target_groups(struct eg_scenario *scenario,
                                                     const struct eg_item *container) {
    struct eg_links links;
    eg_links_begin(&links, container);
    const struct eg_node *name = eg_item_get(scenario, container, "name");
    struct eg_walk services;
    eg_walk_begin(&services, scenario, eg_item_get(scenario, container->parent, "services"));
    while (eg_walk_next(&services)) {
        const struct eg_item *service = eg_item_in(services.element);
        if (service == NULL)
            continue;
        struct eg_walk entries;
        eg_walk_begin(&entries, scenario, eg_item_get(scenario, service, "loadBalancers"));
        while (eg_walk_next(&entries)) {
            const struct eg_item *entry = eg_item_in(entries.element);
            if (entry != NULL &&
                eg_str_equal(eg_node_text(eg_item_get(scenario, entry, "containerName")),
                             eg_node_text(name)))
                eg_links_add_node(&links, eg_item_given(scenario, entry, "targetGroup"));
        }
    }
    return eg_links_end(&links);
}

static const struct eg_node *container_is_target(struct eg_scenario *scenario,
                                                 const struct eg_item *container) {
    return eg_item_has_elements(scenario, eg_item_get(scenario, container, "targetGroups"));
}

static const struct eg_node *container_is_express(struct eg_scenario *scenario,
                                                  const struct eg_item *container) {
    return eg_item_get(scenario, container->parent, "isExpress");
}

/* ---- names inside one task definition ---- */

static const struct eg_item *task_of(const struct eg_item *item) {
    while (item != NULL && !eg_item_is_type(item, "taskDefinition"))
        item = item->parent;
    return item;
}

/* The element of TASK's list FIELD whose name is NAME; absent if there is none, unknown if that
 * hangs on an element or name that is not known. */
static const struct eg_node *named_in_task(struct eg_scenario *scenario, const struct eg_item *task,
                                           const char *field, const struct eg_node *name) {
    if (task == NULL || eg_is_blank(name))
        return eg_node_absent();
    if (name->kind != EG_STRING)
        return eg_item_outside(task, name);
    const struct eg_node *open = NULL;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, task, field));
    while (eg_walk_next(&walk)) {
        const struct eg_item *element = eg_item_in(walk.element);
        const struct eg_node *other =
            element == NULL ? walk.element : eg_item_given(scenario, element, "name");
        if (other->kind == EG_STRING && eg_str_equal(other->as.text, name->as.text))
            return element->node;
        if (other->kind != EG_STRING && other->kind != EG_ABSENT)
            open = other;
    }
    return open == NULL ? eg_node_absent() : eg_item_outside(task, open);
}

static const struct eg_node *mount_volume(struct eg_scenario *scenario,
                                          const struct eg_item *mount) {
    return named_in_task(scenario, task_of(mount), "volumes",
                         eg_item_given(scenario, mount, "sourceVolume"));
}

static const struct eg_node *volumes_from_container(struct eg_scenario *scenario,
                                                    const struct eg_item *item) {
    return named_in_task(scenario, task_of(item), "containerDefinitions",
                         eg_item_given(scenario, item, "sourceContainer"));
}

static const struct eg_node *named_container(struct eg_scenario *scenario,
                                             const struct eg_item *item) {
    return named_in_task(scenario, task_of(item), "containerDefinitions",
                         eg_item_given(scenario, item, "containerName"));
}

static const struct eg_node *volume_file_system(struct eg_scenario *scenario,
                                                const struct eg_item *volume) {
    return eg_item_follow(scenario, volume, eg_item_given(scenario, volume, "fileSystemId"),
                          "fileSystem");
}

/* ---- services' entries ---- */

static const struct eg_node *entry_target_group(struct eg_scenario *scenario,
                                                const struct eg_item *entry) {
    return eg_item_follow(scenario, entry, eg_item_given(scenario, entry, "targetGroupArn"),
                          "targetGroup");
}

static const struct eg_node *entry_alternate(struct eg_scenario *scenario,
                                             const struct eg_item *entry) {
    const struct eg_item *advanced = eg_item_link(scenario, entry, "advancedConfiguration");
    if (advanced == NULL)
        return eg_node_absent();
    return eg_item_follow(scenario, entry,
                          eg_item_given(scenario, advanced, "alternateTargetGroupArn"),
                          "targetGroup");
}

static const struct eg_node *entry_container(struct eg_scenario *scenario,
                                             const struct eg_item *entry) {
    const struct eg_node *task = eg_item_get(scenario, entry->parent, "taskDefinition");
    if (eg_item_in(task) == NULL)
        return task->kind == EG_UNKNOWN ? task : eg_node_absent();
    return named_in_task(scenario, eg_item_in(task), "containerDefinitions",
                         eg_item_given(scenario, entry, "containerName"));
}

const struct eg_fact eg_facts_container[] = {
    {"container", "task", container_task},
    {"container", "imageParts", container_image},
    {"container", "registryCredential", container_credential},
    {"container", "exposedValues", container_exposed},
    {"container", "logGroup", container_log_group},
    {"container", "logGroupIsArn", container_group_is_arn},
    {"container", "targetGroups", container_target_groups},
    {"container", "isLoadBalancerTarget", container_is_target},
    {"container", "isExpress", container_is_express},
    {"Secret", "reference", secret_reference},
    {"MountPoint", "volume", mount_volume},
    {"VolumeFrom", "container", volumes_from_container},
    {"ContainerDependency", "container", named_container},
    {"ProxyConfiguration", "container", named_container},
    {"EfsVolumeConfiguration", "fileSystem", volume_file_system},
    {"ServiceLoadBalancer", "targetGroup", entry_target_group},
    {"ServiceLoadBalancer", "alternateTargetGroup", entry_alternate},
    {"ServiceLoadBalancer", "container", entry_container},
    {NULL, NULL, NULL},
};
