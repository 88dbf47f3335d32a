/* Where in a type a name belongs. Called by shape_key.c for names that stand in a wrong place.
 *
 * A type's names are listed with the way to each when first asked for: a search in breadth through
 * its structures, so that of two ways the shorter one counts. */
#include "model/shape_type.h"

#include <string.h>

/* A structure and the way to it. */
struct stop {
    const struct eg_structure_shape *structure;
    struct eg_str path; /* ContainerDefinitions[].LinuxParameters */
};

enum { LONGEST_NAME = 200 };

/* The name in lower case behind the file's key of the shape, as the ways are listed. */
static struct eg_str key_of(const struct eg_resource_shape *shape, struct eg_str name,
                            char *buffer) {
    size_t length = 0;
    if (shape->type.length + name.length + 2 > LONGEST_NAME)
        return EG_STR("");
    buffer[length++] = shape->api ? '-' : '+';
    memcpy(buffer + length, shape->type.data, shape->type.length);
    length += shape->type.length;
    buffer[length++] = '.';
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        buffer[length++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (struct eg_str){buffer, length};
}

static void put(struct eg_shapes *shapes, const struct eg_resource_shape *shape, struct eg_str name,
                struct eg_str way) {
    char buffer[LONGEST_NAME];
    struct eg_str key = key_of(shape, name, buffer);
    if (key.length == 0 || eg_map_get(&shapes->ways, key) != NULL)
        return;
    struct eg_str *kept = EG_NEW(&shapes->arena, struct eg_str);
    *kept = way;
    eg_map_put(&shapes->ways, eg_str_copy(&shapes->arena, key), kept);
}

/* The structure that VALUE holds, if any, and "[]" if in a list. */
static const struct eg_structure_shape *inner(const struct eg_value_shape *value,
                                              const char **ret_mark) {
    *ret_mark = "";
    if (value->kind == EG_VALUE_ALTERNATIVES && value->alternative_count > 0)
        value = value->alternatives[0];
    for (; value->kind == EG_VALUE_LIST; value = value->element)
        *ret_mark = "[]";
    return value->kind == EG_VALUE_STRUCTURE ? value->structure : NULL;
}

static bool is_seen(const struct stop *stops, uint32_t count,
                    const struct eg_structure_shape *structure) {
    for (uint32_t i = 0; i < count; i++)
        if (stops[i].structure == structure)
            return true;
    return false;
}

static void list_ways(struct eg_shapes *shapes, const struct eg_resource_shape *shape) {
    struct eg_arena *arena = &shapes->arena;
    struct stop *stops = EG_NEW_ARRAY(arena, struct stop, shape->structure_count);
    uint32_t count = 0;
    stops[count++].structure = &shape->structures[0];
    for (uint32_t at = 0; at < count; at++) {
        const struct stop *stop = &stops[at];
        for (uint32_t i = 0; i < stop->structure->property_count; i++) {
            const struct eg_property_shape *property = &stop->structure->properties[i];
            struct eg_str way =
                eg_str_format(arena, "%.*s%s%.*s", EG_STR_ARGS(stop->path),
                              stop->path.length > 0 ? "." : "", EG_STR_ARGS(property->name));
            put(shapes, shape, property->name, way);
            const char *mark;
            const struct eg_structure_shape *next = inner(property->value, &mark);
            if (next != NULL && !is_seen(stops, count, next))
                stops[count++] = (struct stop){next, eg_str_concat(arena, way, eg_str_from(mark))};
        }
    }
}

struct eg_str eg_shape_way(struct eg_shapes *shapes, const struct eg_resource_shape *shape,
                           struct eg_str name) {
    char buffer[LONGEST_NAME];
    if (eg_map_get(&shapes->ways, key_of(shape, EG_STR(""), buffer)) == NULL) {
        put(shapes, shape, EG_STR(""), EG_STR("")); /* says that they are listed */
        list_ways(shapes, shape);
    }
    const struct eg_str *way = eg_map_get(&shapes->ways, key_of(shape, name, buffer));
    return way == NULL ? EG_STR("") : *way;
}
