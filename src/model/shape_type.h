/* What a resource type accepts: its properties, their types, bounds and demands.
 *
 * The files in schemas/resources/, which the program carries, hold one type each:
 * AWS-ECS-Service for CloudFormation's AWS::ECS::Service, ECS-Service for the ECS API's JSON.
 * tools/resources/make.py writes them. A file has
 *
 *   {"type": "AWS::ECS::Service", "source": "…", "resource": STRUCTURE,
 *    "structures": {"LoadBalancer": STRUCTURE, …}}
 *
 * STRUCTURE is {"properties": {NAME: VALUE, …}} and may have
 *   required   [NAME, …]            must be there
 *   one        [[NAME, …], …]       just one of each group must be there
 *   some       [[NAME, …], …]       at least one of each group must be there
 *   without    {NAME: [NAME, …]}    excludes those
 *   with       {NAME: [NAME, …]}    demands those
 *   open       true                 other names are allowed
 *   read-only  [NAME, …]            set by AWS: attributes, which no template may give
 *   attributes [NAME, …]            what Fn::GetAtt gives (of the resource only)
 * VALUE is
 *   "string", "integer", "number", "boolean", "json" (anything), "map" (the user's own keys),
 *   "Name" (a structure), [VALUE] (a list), {"map": VALUE}, {"any": [VALUE, …]},
 *   {"list": VALUE, "min": N, "max": N}, or
 *   {"is": SCALAR, "values": […], "nocase": true, "min": N, "max": N}: allowed values, a range for
 *   numbers, a length in characters for strings.
 */
#ifndef EG_MODEL_SHAPE_TYPE_H
#define EG_MODEL_SHAPE_TYPE_H

#include "base/map.h"
#include "node/node.h"

enum eg_value_kind {
    EG_VALUE_ANY,
    EG_VALUE_STRING,
    EG_VALUE_INTEGER,
    EG_VALUE_NUMBER,
    EG_VALUE_BOOLEAN,
    EG_VALUE_LIST,
    EG_VALUE_MAP,
    EG_VALUE_STRUCTURE,
    EG_VALUE_ALTERNATIVES,
};

struct eg_structure_shape;

struct eg_value_shape {
    enum eg_value_kind kind;
    const struct eg_value_shape *element;       /* list, map; NULL for a map: anything */
    const struct eg_structure_shape *structure; /* structure */
    const struct eg_value_shape *const *alternatives;
    uint32_t alternative_count;
    const struct eg_node *values; /* list of the allowed values, or NULL */
    bool nocase;                  /* the values' case doesn't matter */
    bool has_min, has_max;
    double min, max; /* of a number; of a string's length; of a list's count */
};

struct eg_property_shape {
    struct eg_str name;
    const struct eg_value_shape *value;
    bool required;
    bool read_only;
};

/* Names that are judged together. */
struct eg_property_group {
    struct eg_str owner;         /* without, with: the property that makes the demand; else empty */
    const struct eg_node *names; /* list of strings */
};

struct eg_property_groups {
    struct eg_property_group *items;
    uint32_t count;
};

struct eg_structure_shape {
    struct eg_str name; /* empty: the resource itself */
    struct eg_property_shape *properties;
    uint32_t property_count;
    struct eg_map by_name; /* to struct eg_property_shape * */
    struct eg_property_groups one, some, without, with;
    bool open;
};

struct eg_resource_shape {
    struct eg_str type;
    struct eg_str source;                  /* where the facts are from */
    struct eg_structure_shape *structures; /* the first is the resource */
    uint32_t structure_count;
    const struct eg_node *attributes; /* list of strings, or NULL */
    bool api;                         /* of the ECS API: other names, and nothing is coerced */
};

/* The shapes read so far: those of the types that occurred. They stay as they are once read, so
 * who checks many systems keeps one for all of them. Belongs to one thread at a time. */
struct eg_shapes {
    struct eg_arena arena;
    struct eg_map by_name; /* of the file, to struct eg_resource_shape * */
    struct eg_map ways;    /* type and "." and name in lower case, to struct eg_str * */
};

void eg_shapes_init(struct eg_shapes *shapes);
void eg_shapes_done(struct eg_shapes *shapes);

/* The shape of a resource TYPE in CloudFormation, or with API of the same object in the ECS API,
 * read when first asked for from the file that the program carries. NULL if it carries none. */
const struct eg_resource_shape *eg_shapes_find(struct eg_shapes *shapes, struct eg_str type,
                                               bool api);

/* The property, or NULL. */
const struct eg_property_shape *eg_shape_property(const struct eg_structure_shape *structure,
                                                  struct eg_str name);

/* Where in SHAPE a property NAME, whatever its case, belongs, by the shortest way:
 * "ContainerDefinitions[].RepositoryCredentials"; the empty text if nowhere. Lives as SHAPES. */
struct eg_str eg_shape_way(struct eg_shapes *shapes, const struct eg_resource_shape *shape,
                           struct eg_str name);

/* "a string", "a list of strings", "a map (HealthCheck)": for messages. */
struct eg_str eg_shape_value_text(struct eg_arena *arena, const struct eg_value_shape *value);

#endif
