/* Types of the model: what schemas/model.json says of every kind and structure, as tables.
 *
 * src/schema reads the file into these; the normalizer (src/model) fills objects by them; CEL
 * checks expressions against them and reads fields through them.
 */
#ifndef EG_NODE_TYPE_H
#define EG_NODE_TYPE_H

#include "base/map.h"
#include "node/node.h"

enum eg_field_kind {
    EG_FIELD_ANY,
    EG_FIELD_BOOL,
    EG_FIELD_INT,
    EG_FIELD_DOUBLE,
    EG_FIELD_STRING,
    EG_FIELD_LIST,   /* of `element` */
    EG_FIELD_MAP,    /* text to `element`; the user's own keys */
    EG_FIELD_OBJECT, /* a structure of its own, or a link to another object */
};

/* What a value may be. */
struct eg_shape {
    enum eg_field_kind kind;
    const struct eg_shape *element; /* list, map */
    const struct eg_type *object;   /* object */
};

struct eg_field {
    struct eg_str name;     /* the ECS API's: readonlyRootFilesystem */
    struct eg_str property; /* CloudFormation's: ReadonlyRootFilesystem; empty if there is none */
    struct eg_str doc;      /* one line */
    struct eg_shape shape;
    const struct eg_node *value; /* ECS's default where the field is absent; NULL: none is known */
    bool link;                   /* filled by src/model (a link or a fact), not by the input */
    uint32_t number;             /* index in eg_type.fields and eg_object.fields */
};

struct eg_type {
    struct eg_str name; /* container; structures in upper case: LinuxParameters */
    struct eg_str doc;
    bool kind; /* may stand in a rule's `match`; else a structure */
    struct eg_field *fields;
    uint32_t field_count;
    struct eg_map by_name;     /* to struct eg_field * */
    struct eg_map by_property; /* to struct eg_field * */
};

struct eg_schema {
    struct eg_map types; /* name to struct eg_type * */
};

const struct eg_type *eg_schema_type(const struct eg_schema *schema, struct eg_str name);
const struct eg_field *eg_type_field(const struct eg_type *type, struct eg_str name);
const struct eg_field *eg_type_property(const struct eg_type *type, struct eg_str property);
/* The name nearest to NAME among the type's fields, or the empty text: "did you mean". */
struct eg_str eg_type_nearest_field(const struct eg_type *type, struct eg_str name);

/* The value of field NUMBER: what is there; for an absent one ECS's default; without one what the
 * shape gives ("", 0, false, [], {}, for a structure an empty object). Never NULL. Not forced. */
const struct eg_node *eg_object_field(const struct eg_object *object, uint32_t number);
/* By name; NULL if the type has no such field. */
const struct eg_node *eg_object_get(const struct eg_object *object, struct eg_str name);
/* As it was given: NULL if absent. Not forced. */
const struct eg_node *eg_object_given(const struct eg_object *object, struct eg_str name);

#endif
