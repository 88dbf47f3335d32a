/* Reading the files in schemas/resources/ into shapes (the format is in shape_type.h). Called by
 * shape.c, once for each resource type that occurs. The files are the program's own, so what is not
 * as the format says is left out rather than reported; the unit test reads all of them. */
#include "model/shape_type.h"

#include "base/embedded.h"
#include "read/read.h"

#include <string.h>

struct shape_reader {
    struct eg_arena *arena;
    struct eg_map by_name; /* to struct eg_structure_shape * */
};

static const struct eg_value_shape scalars[] = {
    {.kind = EG_VALUE_ANY},    {.kind = EG_VALUE_STRING},  {.kind = EG_VALUE_INTEGER},
    {.kind = EG_VALUE_NUMBER}, {.kind = EG_VALUE_BOOLEAN}, {.kind = EG_VALUE_MAP},
};
static const char *const scalar_names[] = {"json", "string", "integer", "number", "boolean", "map"};

static const struct eg_value_shape *read_value(struct shape_reader *reader,
                                               const struct eg_node *node);

static const struct eg_value_shape *read_name(struct shape_reader *reader, struct eg_str name) {
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
        if (eg_str_is(name, scalar_names[i]))
            return &scalars[i];
    const struct eg_structure_shape *structure = eg_map_get(&reader->by_name, name);
    if (structure == NULL)
        return &scalars[0];
    struct eg_value_shape *value = EG_NEW(reader->arena, struct eg_value_shape);
    value->kind = EG_VALUE_STRUCTURE;
    value->structure = structure;
    return value;
}

static const struct eg_value_shape *read_list(struct shape_reader *reader,
                                              const struct eg_node *element) {
    struct eg_value_shape *value = EG_NEW(reader->arena, struct eg_value_shape);
    value->kind = EG_VALUE_LIST;
    value->element = read_value(reader, element);
    return value;
}

static bool read_bound(const struct eg_node *node, double *ret) {
    if (eg_node_kind(node) == EG_INT)
        *ret = (double)node->as.integer;
    else if (eg_node_kind(node) == EG_DOUBLE)
        *ret = node->as.number;
    else
        return false;
    return true;
}

static const struct eg_value_shape *read_alternatives(struct shape_reader *reader,
                                                      const struct eg_node *list) {
    struct eg_value_shape *value = EG_NEW(reader->arena, struct eg_value_shape);
    uint32_t count = list->as.list.count;
    const struct eg_value_shape **items =
        EG_NEW_ARRAY(reader->arena, const struct eg_value_shape *, count);
    for (uint32_t i = 0; i < count; i++)
        items[i] = read_value(reader, list->as.list.items[i]);
    value->kind = EG_VALUE_ALTERNATIVES;
    value->alternatives = items;
    value->alternative_count = count;
    return value;
}

static const struct eg_value_shape *read_described(struct shape_reader *reader,
                                                   const struct eg_node *node) {
    struct eg_value_shape *value = EG_NEW(reader->arena, struct eg_value_shape);
    if (EG_GET(node, "list") != NULL) {
        value->kind = EG_VALUE_LIST;
        value->element = read_value(reader, EG_GET(node, "list"));
    } else if (EG_GET(node, "map") != NULL) {
        value->kind = EG_VALUE_MAP;
        value->element = read_value(reader, EG_GET(node, "map"));
    } else {
        *value = *read_name(reader, eg_node_text(EG_GET(node, "is")));
    }
    const struct eg_node *values = EG_GET(node, "values");
    value->values = eg_node_kind(values) == EG_LIST ? values : NULL;
    value->nocase = EG_GET(node, "nocase") != NULL;
    value->has_min = read_bound(EG_GET(node, "min"), &value->min);
    value->has_max = read_bound(EG_GET(node, "max"), &value->max);
    return value;
}

static const struct eg_value_shape *read_value(struct shape_reader *reader,
                                               const struct eg_node *node) {
    switch (eg_node_kind(node)) {
    case EG_STRING:
        return read_name(reader, node->as.text);
    case EG_LIST:
        return read_list(reader, node->as.list.count > 0 ? node->as.list.items[0] : NULL);
    case EG_MAP:
        if (eg_node_kind(EG_GET(node, "any")) == EG_LIST)
            return read_alternatives(reader, EG_GET(node, "any"));
        return read_described(reader, node);
    default:
        return &scalars[0];
    }
}

/* [[NAME, …], …] and {NAME: [NAME, …], …}. */
static struct eg_property_groups read_groups(struct shape_reader *reader,
                                             const struct eg_node *node) {
    struct eg_property_groups groups = {0};
    if (eg_node_kind(node) == EG_LIST) {
        groups.count = node->as.list.count;
        groups.items = EG_NEW_ARRAY(reader->arena, struct eg_property_group, groups.count);
        for (uint32_t i = 0; i < groups.count; i++)
            groups.items[i].names = node->as.list.items[i];
    } else if (eg_node_kind(node) == EG_MAP) {
        groups.count = node->as.map.count;
        groups.items = EG_NEW_ARRAY(reader->arena, struct eg_property_group, groups.count);
        for (uint32_t i = 0; i < groups.count; i++)
            groups.items[i] =
                (struct eg_property_group){node->as.map.items[i].key, node->as.map.items[i].value};
    }
    return groups;
}

static struct eg_property_shape *find(const struct eg_structure_shape *structure,
                                      const struct eg_node *name) {
    return eg_map_get(&structure->by_name, eg_node_text(name));
}

static void read_structure(struct shape_reader *reader, struct eg_structure_shape *structure,
                           const struct eg_node *node) {
    const struct eg_node *properties = EG_GET(node, "properties");
    structure->property_count = eg_node_kind(properties) == EG_MAP ? properties->as.map.count : 0;
    structure->properties =
        EG_NEW_ARRAY(reader->arena, struct eg_property_shape, structure->property_count);
    eg_map_init(&structure->by_name, reader->arena);
    for (uint32_t i = 0; i < structure->property_count; i++) {
        const struct eg_entry *entry = &properties->as.map.items[i];
        struct eg_property_shape *property = &structure->properties[i];
        property->name = entry->key;
        property->value = read_value(reader, entry->value);
        eg_map_put(&structure->by_name, entry->key, property);
    }
    const struct eg_node *required = EG_GET(node, "required");
    for (uint32_t i = 0; eg_node_kind(required) == EG_LIST && i < required->as.list.count; i++) {
        struct eg_property_shape *property = find(structure, required->as.list.items[i]);
        if (property != NULL)
            property->required = true;
    }
    const struct eg_node *read_only = EG_GET(node, "read-only");
    for (uint32_t i = 0; eg_node_kind(read_only) == EG_LIST && i < read_only->as.list.count; i++) {
        struct eg_property_shape *property = find(structure, read_only->as.list.items[i]);
        if (property != NULL)
            property->read_only = true;
    }
    structure->one = read_groups(reader, EG_GET(node, "one"));
    structure->some = read_groups(reader, EG_GET(node, "some"));
    structure->without = read_groups(reader, EG_GET(node, "without"));
    structure->with = read_groups(reader, EG_GET(node, "with"));
    structure->open = EG_GET(node, "open") != NULL;
}

static struct eg_resource_shape *read_resource(struct eg_arena *arena, const struct eg_node *root) {
    const struct eg_node *resource = EG_GET(root, "resource");
    const struct eg_node *structures = EG_GET(root, "structures");
    if (resource == NULL || eg_node_kind(structures) != EG_MAP)
        return NULL;
    struct shape_reader reader = {.arena = arena};
    eg_map_init(&reader.by_name, arena);
    struct eg_resource_shape *shape = EG_NEW(arena, struct eg_resource_shape);
    shape->type = eg_node_text(EG_GET(root, "type"));
    shape->source = eg_node_text(EG_GET(root, "source"));
    shape->attributes = EG_GET(resource, "attributes");
    shape->structure_count = structures->as.map.count + 1;
    shape->structures = EG_NEW_ARRAY(arena, struct eg_structure_shape, shape->structure_count);
    for (uint32_t i = 1; i < shape->structure_count; i++) {
        shape->structures[i].name = structures->as.map.items[i - 1].key;
        eg_map_put(&reader.by_name, shape->structures[i].name, &shape->structures[i]);
    }
    read_structure(&reader, &shape->structures[0], resource);
    for (uint32_t i = 1; i < shape->structure_count; i++)
        read_structure(&reader, &shape->structures[i], structures->as.map.items[i - 1].value);
    return shape;
}

/* ---- finding shapes ---- */

void eg_shapes_init(struct eg_shapes *shapes) {
    eg_arena_init(&shapes->arena);
    eg_map_init(&shapes->by_name, &shapes->arena);
    eg_map_init(&shapes->ways, &shapes->arena);
}

void eg_shapes_done(struct eg_shapes *shapes) {
    eg_arena_done(&shapes->arena);
}

/* AWS::ECS::Service as schemas/resources/AWS-ECS-Service.json, or ECS-Service.json, terminated;
 * false if it is no such type or too long for one. */
static bool file_name(struct eg_str type, bool api, char *name, size_t size) {
    static const char folder[] = "schemas/resources/", end[] = ".json";
    size_t length = sizeof folder - 1;
    if (!eg_str_starts_with(type, EG_STR("AWS::")) || length + type.length + sizeof end > size)
        return false;
    memcpy(name, folder, length);
    for (size_t i = api ? 5 : 0; i < type.length; i++) {
        bool colons = type.data[i] == ':' && i + 1 < type.length && type.data[i + 1] == ':';
        name[length++] = colons ? '-' : type.data[i];
        i += colons;
    }
    memcpy(name + length, end, sizeof end);
    return true;
}

static struct eg_resource_shape *read_file(struct eg_arena *arena, const char *name, bool api) {
    const struct eg_node *root = eg_read_packed(arena, eg_str_from(name), eg_embedded_find(name));
    struct eg_resource_shape *shape = root == NULL ? NULL : read_resource(arena, root);
    if (shape != NULL)
        shape->api = api;
    return shape;
}

const struct eg_resource_shape *eg_shapes_find(struct eg_shapes *shapes, struct eg_str type,
                                               bool api) {
    static struct eg_resource_shape none; /* stands for: there is no such file */
    char name[128];
    if (!file_name(type, api, name, sizeof name))
        return NULL;
    struct eg_resource_shape *shape = eg_map_get(&shapes->by_name, eg_str_from(name));
    if (shape == NULL) {
        struct eg_str kept = eg_str_copy(&shapes->arena, eg_str_from(name));
        shape = read_file(&shapes->arena, kept.data, api);
        if (shape == NULL)
            shape = &none;
        eg_map_put(&shapes->by_name, kept, shape);
    }
    return shape == &none ? NULL : shape;
}

const struct eg_property_shape *eg_shape_property(const struct eg_structure_shape *structure,
                                                  struct eg_str name) {
    return eg_map_get(&structure->by_name, name);
}

/* ---- for messages ---- */

static const char *plural(const struct eg_value_shape *value) {
    static const char *const names[] = {
        [EG_VALUE_ANY] = "values",         [EG_VALUE_STRING] = "strings",
        [EG_VALUE_INTEGER] = "integers",   [EG_VALUE_NUMBER] = "numbers",
        [EG_VALUE_BOOLEAN] = "booleans",   [EG_VALUE_LIST] = "lists",
        [EG_VALUE_MAP] = "maps",           [EG_VALUE_STRUCTURE] = "maps",
        [EG_VALUE_ALTERNATIVES] = "values"};
    return names[value->kind];
}

struct eg_str eg_shape_value_text(struct eg_arena *arena, const struct eg_value_shape *value) {
    switch (value->kind) {
    case EG_VALUE_STRING:
        return EG_STR("a string");
    case EG_VALUE_INTEGER:
        return EG_STR("an integer");
    case EG_VALUE_NUMBER:
        return EG_STR("a number");
    case EG_VALUE_BOOLEAN:
        return EG_STR("true or false");
    case EG_VALUE_LIST:
        return eg_str_format(arena, "a list of %s", plural(value->element));
    case EG_VALUE_MAP:
    case EG_VALUE_STRUCTURE:
        return EG_STR("a map");
    case EG_VALUE_ALTERNATIVES: {
        struct eg_str text = EG_STR("");
        for (uint32_t i = 0; i < value->alternative_count; i++) {
            struct eg_str next = eg_shape_value_text(arena, value->alternatives[i]);
            text = i == 0
                       ? next
                       : eg_str_format(arena, "%.*s or %.*s", EG_STR_ARGS(text), EG_STR_ARGS(next));
        }
        return text;
    }
    case EG_VALUE_ANY:
        break;
    }
    return EG_STR("a value");
}
