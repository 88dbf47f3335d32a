/* Types of the model and reading the fields of objects; see type.h. Called by CEL and the model. */
#include "node/type.h"

const struct eg_type *eg_schema_type(const struct eg_schema *schema, struct eg_str name) {
    return eg_map_get(&schema->types, name);
}

const struct eg_field *eg_type_field(const struct eg_type *type, struct eg_str name) {
    return eg_map_get(&type->by_name, name);
}

const struct eg_field *eg_type_property(const struct eg_type *type, struct eg_str property) {
    return eg_map_get(&type->by_property, property);
}

struct eg_str eg_type_nearest_field(const struct eg_type *type, struct eg_str name) {
    enum { FARTHEST = 3 };
    struct eg_str nearest = EG_STR("");
    unsigned smallest = FARTHEST + 1;
    for (uint32_t i = 0; i < type->field_count; i++) {
        unsigned distance = eg_str_distance(name, type->fields[i].name, FARTHEST);
        if (distance < smallest) {
            smallest = distance;
            nearest = type->fields[i].name;
        }
    }
    return nearest;
}

/* The empty object of a type: no memory of its own, so that reading an absent structure costs
 * nothing. Made once for each type by src/schema and kept as the field's `value`. */
static const struct eg_node *shape_default(const struct eg_shape *shape) {
    static const struct eg_node zero = {.kind = EG_INT, .flags = EG_FLAG_IMPLIED};
    static const struct eg_node zero_double = {.kind = EG_DOUBLE, .flags = EG_FLAG_IMPLIED};
    static const struct eg_node no_text = {
        .kind = EG_STRING, .flags = EG_FLAG_IMPLIED, .as.text = EG_STR_INIT("")};
    switch (shape->kind) {
    case EG_FIELD_BOOL:
        return eg_node_bool(false);
    case EG_FIELD_INT:
        return &zero;
    case EG_FIELD_DOUBLE:
        return &zero_double;
    case EG_FIELD_STRING:
        return &no_text;
    case EG_FIELD_LIST:
        return eg_node_empty_list();
    case EG_FIELD_MAP:
        return eg_node_empty_map();
    case EG_FIELD_OBJECT:
    case EG_FIELD_ANY:
        break;
    }
    return eg_node_null();
}

const struct eg_node *eg_object_field(const struct eg_object *object, uint32_t number) {
    if (object->fields != NULL && object->fields[number] != NULL)
        return object->fields[number];
    const struct eg_field *field = &object->type->fields[number];
    return field->value != NULL ? field->value : shape_default(&field->shape);
}

const struct eg_node *eg_object_get(const struct eg_object *object, struct eg_str name) {
    const struct eg_field *field = eg_type_field(object->type, name);
    return field == NULL ? NULL : eg_object_field(object, field->number);
}

const struct eg_node *eg_object_given(const struct eg_object *object, struct eg_str name) {
    const struct eg_field *field = eg_type_field(object->type, name);
    return field == NULL || object->fields == NULL ? NULL : object->fields[field->number];
}
