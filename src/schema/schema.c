/* Reads schemas/model.json into types; see schema.h. Called once at every start, so it makes one
 * pass over the names (types may mention each other) and one over the fields. What it checks, the
 * rest of the program relies on: known types, defaults of the field's own shape, no two fields of a
 * type with one name or one property. */
#include "schema/schema.h"

#include "base/embedded.h"
#include "read/read.h"

#define SCHEMA_PATH "schemas/model.json"

struct loader {
    struct eg_arena *arena;
    struct eg_schema *schema;
    struct eg_error *error;
};

static bool fail(struct loader *loader, const struct eg_node *at, const char *what,
                 struct eg_str name) {
    struct eg_place place = eg_node_place(at);
    return eg_error_set(loader->error, EG_ERROR_SYSTEM, EG_STR(SCHEMA_PATH), place.line,
                        place.column, "%s '%.*s'", what, EG_STR_ARGS(name));
}

/* ---- shapes ---- */

static const struct {
    struct eg_str name;
    enum eg_field_kind kind;
} scalar_names[] = {
    {EG_STR_INIT("any"), EG_FIELD_ANY},       {EG_STR_INIT("bool"), EG_FIELD_BOOL},
    {EG_STR_INIT("int"), EG_FIELD_INT},       {EG_STR_INIT("double"), EG_FIELD_DOUBLE},
    {EG_STR_INIT("string"), EG_FIELD_STRING},
};

enum { SCALAR_COUNT = sizeof scalar_names / sizeof scalar_names[0] };

/* "list(" or "map(" at the start of TEXT: takes it and the closing bracket off. */
static bool take_container(struct eg_str *text, struct eg_str start) {
    if (!eg_str_starts_with(*text, start) || !eg_str_ends_with(*text, EG_STR(")")))
        return false;
    *text = eg_str_slice(*text, start.length, text->length - start.length - 1);
    return true;
}

static bool parse_shape(struct loader *loader, const struct eg_node *at, struct eg_shape *shape) {
    struct eg_str text = eg_node_text(at);
    for (;;) {
        bool list = take_container(&text, EG_STR("list("));
        if (!list && !take_container(&text, EG_STR("map(")))
            break;
        struct eg_shape *element = EG_NEW(loader->arena, struct eg_shape);
        *shape = (struct eg_shape){.kind = list ? EG_FIELD_LIST : EG_FIELD_MAP, .element = element};
        shape = element;
    }
    for (size_t i = 0; i < SCALAR_COUNT; i++) {
        if (eg_str_equal(text, scalar_names[i].name)) {
            shape->kind = scalar_names[i].kind;
            return true;
        }
    }
    shape->kind = EG_FIELD_OBJECT;
    shape->object = eg_schema_type(loader->schema, text);
    return shape->object != NULL || fail(loader, at, "no such type:", text);
}

struct eg_str eg_shape_text(struct eg_arena *arena, const struct eg_shape *shape) {
    struct eg_str before = EG_STR("");
    struct eg_str behind = EG_STR("");
    for (; shape->kind == EG_FIELD_LIST || shape->kind == EG_FIELD_MAP; shape = shape->element) {
        bool list = shape->kind == EG_FIELD_LIST;
        before = eg_str_concat(arena, before, list ? EG_STR("list(") : EG_STR("map("));
        behind = eg_str_concat(arena, behind, EG_STR(")"));
    }
    struct eg_str name = EG_STR("any");
    if (shape->kind == EG_FIELD_OBJECT) {
        name = shape->object->name;
    } else {
        for (size_t i = 0; i < SCALAR_COUNT; i++)
            if (scalar_names[i].kind == shape->kind)
                name = scalar_names[i].name;
    }
    return eg_str_concat(arena, eg_str_concat(arena, before, name), behind);
}

/* ---- fields ---- */

static bool is_true(const struct eg_node *node) {
    return node != NULL && node->kind == EG_BOOL && node->as.boolean;
}

/* readonlyRootFilesystem -> ReadonlyRootFilesystem */
static struct eg_str property_of(struct eg_arena *arena, struct eg_str name) {
    struct eg_str copy = eg_str_copy(arena, name);
    char *first = (char *)copy.data;
    if (*first >= 'a' && *first <= 'z')
        *first = (char)(*first - 'a' + 'A');
    return copy;
}

/* What an absent structure reads as: an object without any field given. One for each type. */
static const struct eg_node *empty_object(struct eg_arena *arena, const struct eg_type *type) {
    struct eg_object *object = EG_NEW(arena, struct eg_object);
    object->type = type;
    struct eg_node *node = eg_node_new(arena, EG_OBJECT, NULL);
    node->flags = EG_FLAG_IMPLIED;
    node->as.object = object;
    return node;
}

static bool default_fits(const struct eg_shape *shape, const struct eg_node *value) {
    switch (value->kind) {
    case EG_BOOL:
        return shape->kind == EG_FIELD_BOOL;
    case EG_INT:
        return shape->kind == EG_FIELD_INT;
    case EG_DOUBLE:
        return shape->kind == EG_FIELD_DOUBLE;
    case EG_STRING:
        return shape->kind == EG_FIELD_STRING;
    default:
        return false;
    }
}

static bool load_default(struct loader *loader, struct eg_field *field,
                         const struct eg_node *written, const struct eg_map *empty_objects) {
    if (written == NULL) {
        /* A link to an object of its own is null where there is none; a structure never is. */
        if (field->shape.kind == EG_FIELD_OBJECT && !field->shape.object->kind)
            field->value = eg_map_get(empty_objects, field->shape.object->name);
        return true;
    }
    if (!default_fits(&field->shape, written))
        return fail(loader, written, "the default is of another type than its field", field->name);
    /* Without a place: evidence for a default points at the object that lacks the field. */
    struct eg_node *value = eg_node_new(loader->arena, (enum eg_kind)written->kind, NULL);
    value->flags = EG_FLAG_IMPLIED;
    value->as = written->as;
    field->value = value;
    return true;
}

/* What model.json says of a field; NULL where it says nothing. */
struct written {
    const struct eg_node *doc, *type, *property, *link, *fallback;
};

/* In one pass: there are a thousand fields, and every start reads them. */
static struct written read_written(const struct eg_node *map) {
    struct written written = {0};
    for (uint32_t i = 0; eg_node_kind(map) == EG_MAP && i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        if (eg_str_is(entry->key, "doc"))
            written.doc = entry->value;
        else if (eg_str_is(entry->key, "type"))
            written.type = entry->value;
        else if (eg_str_is(entry->key, "property"))
            written.property = entry->value;
        else if (eg_str_is(entry->key, "link"))
            written.link = entry->value;
        else if (eg_str_is(entry->key, "default"))
            written.fallback = entry->value;
    }
    return written;
}

static bool load_field(struct loader *loader, struct eg_type *type, const struct eg_entry *entry,
                       const struct eg_map *empty_objects) {
    struct eg_field *field = &type->fields[type->field_count];
    struct written written = read_written(entry->value);
    *field = (struct eg_field){
        .name = entry->key,
        .doc = eg_node_text(written.doc),
        .link = is_true(written.link),
        .number = type->field_count,
    };
    if (field->doc.length == 0)
        return fail(loader, entry->value, "no doc for field", field->name);
    if (written.type == NULL)
        return fail(loader, entry->value, "no type for field", field->name);
    if (written.property != NULL)
        field->property = eg_node_text(written.property);
    else if (!field->link)
        field->property = property_of(loader->arena, field->name);
    if (!parse_shape(loader, written.type, &field->shape) ||
        !load_default(loader, field, written.fallback, empty_objects))
        return false;
    if (eg_map_put(&type->by_name, field->name, field) != NULL)
        return fail(loader, entry->value, "two fields named", field->name);
    if (field->property.length > 0 &&
        eg_map_put(&type->by_property, field->property, field) != NULL)
        return fail(loader, entry->value, "two fields for property", field->property);
    type->field_count++;
    return true;
}

/* ---- types ---- */

static bool declare_type(struct loader *loader, const struct eg_entry *entry) {
    const struct eg_node *fields = EG_GET(entry->value, "fields");
    if (eg_node_kind(fields) != EG_MAP)
        return fail(loader, entry->value, "no fields for type", entry->key);
    struct eg_type *type = EG_NEW(loader->arena, struct eg_type);
    *type = (struct eg_type){
        .name = entry->key,
        .doc = eg_node_text(EG_GET(entry->value, "doc")),
        .kind = is_true(EG_GET(entry->value, "kind")),
        .fields = EG_NEW_ARRAY(loader->arena, struct eg_field, fields->as.map.count),
    };
    eg_map_init(&type->by_name, loader->arena);
    eg_map_init(&type->by_property, loader->arena);
    eg_map_reserve(&type->by_name, fields->as.map.count);
    eg_map_reserve(&type->by_property, fields->as.map.count);
    if (type->doc.length == 0)
        return fail(loader, entry->value, "no doc for type", type->name);
    if (eg_map_put(&loader->schema->types, type->name, type) != NULL)
        return fail(loader, entry->value, "two types named", type->name);
    return true;
}

static bool load_types(struct loader *loader, const struct eg_node *types) {
    struct eg_map empty_objects;
    eg_map_init(&empty_objects, loader->arena);
    for (uint32_t i = 0; i < types->as.map.count; i++) {
        const struct eg_entry *entry = &types->as.map.items[i];
        if (!declare_type(loader, entry))
            return false;
        const struct eg_type *type = eg_schema_type(loader->schema, entry->key);
        eg_map_put(&empty_objects, type->name, (void *)empty_object(loader->arena, type));
    }
    for (uint32_t i = 0; i < types->as.map.count; i++) {
        const struct eg_entry *entry = &types->as.map.items[i];
        struct eg_type *type = eg_map_get(&loader->schema->types, entry->key);
        const struct eg_entries fields = EG_GET(entry->value, "fields")->as.map;
        for (uint32_t k = 0; k < fields.count; k++)
            if (!load_field(loader, type, &fields.items[k], &empty_objects))
                return false;
    }
    return true;
}

bool eg_schema_load(struct eg_arena *arena, struct eg_schema *ret_schema, struct eg_error *error) {
    struct eg_schema schema;
    eg_map_init(&schema.types, arena);
    struct loader loader = {.arena = arena, .schema = &schema, .error = error};
    const struct eg_node *root =
        eg_read_packed(arena, EG_STR(SCHEMA_PATH), eg_embedded_find(SCHEMA_PATH));
    const struct eg_node *types = EG_GET(root, "types");
    if (eg_node_kind(types) != EG_MAP)
        return fail(&loader, root, "no map named", EG_STR("types"));
    if (!load_types(&loader, types))
        return false;
    *ret_schema = schema;
    return true;
}
