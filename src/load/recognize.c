/* Telling what a document is from its content. Called when a file has been read.
 *
 * A CloudFormation template has the sections of "Template sections" in the CloudFormation user
 * guide; ECS documents are inputs and outputs of the ECS API's calls register-task-definition,
 * create-service, create-task-set, run-task and create-cluster.
 */
#include "load/loader.h"

static bool is_map(const struct eg_node *node) {
    return eg_node_kind(node) == EG_MAP;
}

static bool is_list(const struct eg_node *node) {
    return eg_node_kind(node) == EG_LIST;
}

static bool is_string(const struct eg_node *node) {
    return eg_node_kind(node) == EG_STRING;
}

static bool has_any(const struct eg_node *map, const char *const *keys, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (eg_node_get(map, eg_str_from(keys[i])) != NULL)
            return true;
    return false;
}

#define HAS_ANY(map, ...)                                                                          \
    has_any((map), (const char *const[]){__VA_ARGS__},                                             \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* ---- CloudFormation ---- */

/* Does every key of ROOT name a section of a template? */
static bool only_sections(const struct eg_node *root) {
    static const char *const sections[] = {"AWSTemplateFormatVersion",
                                           "Description",
                                           "Metadata",
                                           "Parameters",
                                           "Rules",
                                           "Mappings",
                                           "Conditions",
                                           "Transform",
                                           "Resources",
                                           "Outputs",
                                           "Hooks",
                                           "Globals"};
    for (uint32_t i = 0; i < root->as.map.count; i++) {
        bool known = false;
        for (size_t j = 0; !known && j < sizeof sections / sizeof *sections; j++)
            known = eg_str_is(root->as.map.items[i].key, sections[j]);
        if (!known)
            return false;
    }
    return true;
}

/* Does some entry of Resources look like a resource (or like what makes resources)? */
static bool has_resource(const struct eg_node *resources) {
    for (uint32_t i = 0; i < resources->as.map.count; i++) {
        const struct eg_entry *entry = &resources->as.map.items[i];
        if (is_string(EG_GET(entry->value, "Type")) ||
            eg_str_starts_with(entry->key, EG_STR("Fn::")))
            return true;
    }
    return resources->as.map.count == 0;
}

static bool is_template(const struct eg_node *root, bool walked) {
    if (!is_map(root))
        return false;
    if (EG_GET(root, "AWSTemplateFormatVersion") != NULL)
        return true;
    const struct eg_node *resources = EG_GET(root, "Resources");
    if (is_map(resources))
        return !walked || has_resource(resources);
    /* Without resources; "Parameters" alone is a parameter file. */
    return resources == NULL && only_sections(root) &&
           HAS_ANY(root, "Outputs", "Transform", "Conditions", "Mappings", "Rules");
}

/* ---- ECS ---- */

/* A map with the named key and nothing that contradicts it. */
static const char *type_by_fields(const struct eg_node *fields) {
    if (EG_GET(fields, "containerDefinitions") != NULL)
        return "AWS::ECS::TaskDefinition";
    if (is_string(EG_GET(fields, "serviceName")))
        return "AWS::ECS::Service";
    if (is_string(EG_GET(fields, "taskDefinition"))) {
        if (is_string(EG_GET(fields, "service")))
            return HAS_ANY(fields, "externalId", "scale") ? "AWS::ECS::TaskSet"
                                                          : "AWS::ECS::Service";
        if (EG_GET(fields, "desiredCount") != NULL)
            return "AWS::ECS::Service";
        if (HAS_ANY(fields, "cluster", "count", "launchType", "networkConfiguration", "overrides",
                    "startedBy", "platformVersion", "capacityProviderStrategy", "group"))
            return "AWS::ECS::RunTask";
    }
    if (is_string(EG_GET(fields, "clusterName")) &&
        HAS_ANY(fields, "settings", "configuration", "capacityProviders", "serviceConnectDefaults",
                "defaultCapacityProviderStrategy", "tags", "clusterArn"))
        return "AWS::ECS::Cluster";
    return NULL;
}

const char *eg_load_ecs_type(const struct eg_node *document, const struct eg_node **ret_fields) {
    static const struct {
        const char *key;
        const char *type;
    } wrappers[] = {
        {"taskDefinition", "AWS::ECS::TaskDefinition"},
        {"service", "AWS::ECS::Service"},
        {"taskSet", "AWS::ECS::TaskSet"},
        {"cluster", "AWS::ECS::Cluster"},
    };
    if (!is_map(document))
        return NULL;
    const char *type = type_by_fields(document);
    *ret_fields = document;
    for (size_t i = 0; type == NULL && i < sizeof wrappers / sizeof *wrappers; i++) {
        const struct eg_node *inner = eg_node_get(document, eg_str_from(wrappers[i].key));
        const char *inner_type = is_map(inner) ? type_by_fields(inner) : NULL;
        if (inner_type != NULL && eg_str_is(eg_str_from(inner_type), wrappers[i].type)) {
            type = inner_type;
            *ret_fields = inner;
        }
    }
    return type;
}

/* A list of container definitions, which have an image (CodePipeline's imagedefinitions.json has
 * imageUri). */
static bool is_containers(const struct eg_node *list) {
    for (uint32_t i = 0; i < list->as.list.count; i++)
        if (EG_GET(list->as.list.items[i], "image") == NULL ||
            EG_GET(list->as.list.items[i], "name") == NULL)
            return false;
    return list->as.list.count > 0;
}

static bool is_ecs(const struct eg_node *root) {
    const struct eg_node *fields;
    if (is_list(root)) {
        for (uint32_t i = 0; i < root->as.list.count; i++)
            if (eg_load_ecs_type(root->as.list.items[i], &fields) != NULL)
                return true;
        return is_containers(root);
    }
    if (eg_load_ecs_type(root, &fields) != NULL)
        return true;
    static const char *const lists[] = {"taskDefinitions", "services", "taskSets", "clusters"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct eg_node *list = eg_node_get(root, eg_str_from(lists[i]));
        for (uint32_t j = 0; is_list(list) && j < list->as.list.count; j++)
            if (eg_load_ecs_type(list->as.list.items[j], &fields) != NULL)
                return true;
    }
    return false;
}

enum eg_document_kind eg_load_recognize(const struct eg_node *root, bool walked) {
    if (is_template(root, walked))
        return EG_DOCUMENT_TEMPLATE;
    return is_ecs(root) ? EG_DOCUMENT_ECS : EG_DOCUMENT_OTHER;
}

bool eg_load_looks_like_input(struct eg_str text) {
    return eg_str_contains(text, EG_STR("containerDefinitions")) ||
           eg_str_contains(text, EG_STR("AWSTemplateFormatVersion")) ||
           (eg_str_contains(text, EG_STR("Resources")) && eg_str_contains(text, EG_STR("AWS::")));
}

bool eg_load_may_be_input(struct eg_str text) {
    static const char *const words[] = {"Resources",      "Outputs",     "Transform",
                                        "taskDefinition", "serviceName", "clusterName"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (eg_str_contains(text, eg_str_from(words[i])))
            return true;
    return eg_load_looks_like_input(text);
}
