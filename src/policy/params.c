/* The params of a rule: tunables with a type, a default, and the values that profiles and
 * configurations give them. Expressions see them as the fields of one object, so that a misspelt
 * one is found when the rule is compiled. Called by rule.c, and by the cases of a rule. */
#include "policy/keys.h"
#include "policy/rule.h"

static const struct eg_key param_keys[] = {
    {"type", EG_KEY_TEXT, false},
    {"default", EG_KEY_ANY, true},
    {"doc", EG_KEY_TEXT, false},
    {NULL, EG_KEY_ANY, false},
};

/* ---- types ---- */

static const struct eg_shape any_shape = {.kind = EG_FIELD_ANY};
static const struct eg_shape string_shape = {.kind = EG_FIELD_STRING};
static const struct eg_shape int_shape = {.kind = EG_FIELD_INT};

static const struct {
    const char *name;
    struct eg_shape shape;
} type_names[] = {
    {"any", {.kind = EG_FIELD_ANY}},
    {"bool", {.kind = EG_FIELD_BOOL}},
    {"int", {.kind = EG_FIELD_INT}},
    {"double", {.kind = EG_FIELD_DOUBLE}},
    {"string", {.kind = EG_FIELD_STRING}},
    {"list(string)", {.kind = EG_FIELD_LIST, .element = &string_shape}},
    {"list(int)", {.kind = EG_FIELD_LIST, .element = &int_shape}},
    {"list(any)", {.kind = EG_FIELD_LIST, .element = &any_shape}},
    {"map(string)", {.kind = EG_FIELD_MAP, .element = &string_shape}},
    {"map(int)", {.kind = EG_FIELD_MAP, .element = &int_shape}},
    {"map(any)", {.kind = EG_FIELD_MAP, .element = &any_shape}},
};
enum { TYPE_COUNT = sizeof type_names / sizeof type_names[0] };

static const char *shape_name(const struct eg_shape *shape) {
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (type_names[i].shape.kind == shape->kind &&
            (shape->element == NULL) == (type_names[i].shape.element == NULL) &&
            (shape->element == NULL || shape->element->kind == type_names[i].shape.element->kind))
            return type_names[i].name;
    return "any";
}

static bool accepts(const struct eg_shape *shape, const struct eg_node *value) {
    switch (shape->kind) {
    case EG_FIELD_BOOL:
        return value->kind == EG_BOOL;
    case EG_FIELD_INT:
        return value->kind == EG_INT;
    case EG_FIELD_DOUBLE:
        return value->kind == EG_DOUBLE || value->kind == EG_INT;
    case EG_FIELD_STRING:
        return value->kind == EG_STRING;
    case EG_FIELD_LIST:
        if (value->kind != EG_LIST)
            return false;
        for (uint32_t i = 0; i < value->as.list.count; i++)
            if (!accepts(shape->element, value->as.list.items[i]))
                return false;
        return true;
    case EG_FIELD_MAP:
        if (value->kind != EG_MAP)
            return false;
        for (uint32_t i = 0; i < value->as.map.count; i++)
            if (!accepts(shape->element, value->as.map.items[i].value))
                return false;
        return true;
    case EG_FIELD_OBJECT:
    case EG_FIELD_ANY:
        break;
    }
    return true;
}

/* The type that a default without one has. */
static struct eg_shape shape_of(const struct eg_node *value) {
    switch (value->kind) {
    case EG_BOOL:
        return (struct eg_shape){.kind = EG_FIELD_BOOL};
    case EG_INT:
        return int_shape;
    case EG_DOUBLE:
        return (struct eg_shape){.kind = EG_FIELD_DOUBLE};
    case EG_STRING:
        return string_shape;
    case EG_LIST:
    case EG_MAP:
        break;
    default:
        return any_shape;
    }
    enum eg_field_kind kind = value->kind == EG_LIST ? EG_FIELD_LIST : EG_FIELD_MAP;
    struct eg_shape shape = {.kind = kind, .element = &string_shape};
    if (accepts(&shape, value))
        return shape;
    shape.element = &int_shape;
    if (!accepts(&shape, value))
        shape.element = &any_shape;
    return shape;
}

/* "list(int)", "null": what a value of the wrong type is. */
static const char *found_name(const struct eg_node *value) {
    struct eg_shape shape = shape_of(value);
    return shape.kind == EG_FIELD_ANY ? eg_kind_name(value->kind) : shape_name(&shape);
}

/* The value as expressions see it: without a place, so that no finding ever points into a policy,
 * and with an integer that was given for a double as one (expressions tell 1 from 1.0). */
static const struct eg_node *as_shape(struct eg_arena *arena, const struct eg_shape *shape,
                                      const struct eg_node *value) {
    struct eg_node *copy = eg_node_new(arena, (enum eg_kind)value->kind, NULL);
    copy->as = value->as;
    if (shape->kind == EG_FIELD_DOUBLE && value->kind == EG_INT) {
        copy->kind = EG_DOUBLE;
        copy->as.number = (double)value->as.integer;
    } else if (value->kind == EG_LIST) {
        const struct eg_shape *element = shape->element == NULL ? &any_shape : shape->element;
        struct eg_list_builder list;
        eg_list_begin(&list, arena);
        for (uint32_t i = 0; i < value->as.list.count; i++)
            eg_list_add(&list, as_shape(arena, element, value->as.list.items[i]));
        copy->as.list = eg_list_end(&list);
    } else if (value->kind == EG_MAP) {
        const struct eg_shape *element = shape->element == NULL ? &any_shape : shape->element;
        struct eg_map_builder map;
        eg_map_begin(&map, arena);
        for (uint32_t i = 0; i < value->as.map.count; i++)
            (void)eg_map_add(&map, value->as.map.items[i].key, 0,
                             as_shape(arena, element, value->as.map.items[i].value), NULL);
        copy->as.map = eg_map_end(&map);
    }
    return copy;
}

/* ---- reading ---- */

static bool find_type(const struct eg_node *node, struct eg_str name, struct eg_shape *ret_shape,
                      struct eg_error *error) {
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (eg_str_is(name, type_names[i].name)) {
            *ret_shape = type_names[i].shape;
            return true;
        }
    return eg_keys_fail(error, node,
                        "'%.*s' is no type of a param; expected bool, int, double, string, any, "
                        "list(…) or map(…)",
                        EG_STR_ARGS(name));
}

bool eg_param_read(struct eg_arena *arena, const struct eg_entry *entry, struct eg_param *param,
                   struct eg_error *error) {
    *param = (struct eg_param){.name = entry->key, .fallback = entry->value};
    if (entry->value->kind == EG_MAP) {
        if (!eg_keys_check(entry->value, param_keys, "a param", error))
            return false;
        param->fallback = EG_GET(entry->value, "default");
        param->doc = eg_keys_text(arena, EG_GET(entry->value, "doc"));
    }
    const struct eg_node *type = EG_GET(entry->value, "type");
    if (type == NULL)
        param->shape = shape_of(param->fallback);
    else if (!find_type(type, eg_node_text(type), &param->shape, error))
        return false;
    if (!accepts(&param->shape, param->fallback))
        return eg_keys_fail(
            error, param->fallback, "the default of param '%.*s' must be %s, found %s",
            EG_STR_ARGS(param->name), shape_name(&param->shape), found_name(param->fallback));
    param->fallback = as_shape(arena, &param->shape, param->fallback);
    return true;
}

/* The type whose fields are the params. */
static const struct eg_type *make_type(struct eg_arena *arena, const struct eg_rule *rule) {
    struct eg_type *type = EG_NEW(arena, struct eg_type);
    type->name = EG_STR("params");
    type->field_count = rule->param_count;
    type->fields = EG_NEW_ARRAY(arena, struct eg_field, rule->param_count);
    eg_map_init(&type->by_name, arena);
    eg_map_init(&type->by_property, arena);
    for (uint32_t i = 0; i < rule->param_count; i++) {
        const struct eg_param *param = &rule->param_list[i];
        type->fields[i] = (struct eg_field){.name = param->name,
                                            .doc = param->doc,
                                            .shape = param->shape,
                                            .value = param->fallback,
                                            .number = i};
        (void)eg_map_put(&type->by_name, param->name, &type->fields[i]);
    }
    return type;
}

static const struct eg_node *make_object(struct eg_arena *arena, const struct eg_type *type,
                                         const struct eg_node **fields, const struct eg_node *at) {
    struct eg_object *object = EG_NEW(arena, struct eg_object);
    *object = (struct eg_object){.type = type, .fields = fields, .raw = at};
    struct eg_node *node = eg_node_new(arena, EG_OBJECT, at);
    node->as.object = object;
    return node;
}

static const struct eg_param *param_named(const struct eg_rule *rule, struct eg_str name) {
    for (uint32_t i = 0; i < rule->param_count; i++)
        if (eg_str_equal(rule->param_list[i].name, name))
            return &rule->param_list[i];
    return NULL;
}

/* Puts the shared param NAME, named AT, behind RULE's other ones. */
static bool add_shared(struct eg_rule *rule, const struct eg_map *shared, struct eg_str name,
                       const struct eg_node *at, struct eg_error *error) {
    const struct eg_param *param = eg_map_get(shared, name);
    if (param == NULL)
        return eg_keys_fail(error, at, "there is no shared param '%.*s'", EG_STR_ARGS(name));
    if (param_named(rule, name) != NULL)
        return eg_keys_fail(error, at, "rule %.*s has the param '%.*s' already",
                            EG_STR_ARGS(rule->id), EG_STR_ARGS(name));
    rule->param_list[rule->param_count++] = *param;
    return true;
}

bool eg_rule_read_params(struct eg_arena *arena, struct eg_rule *rule, const struct eg_map *shared,
                         struct eg_error *error) {
    const struct eg_node *params = EG_GET(rule->raw, "params");
    const struct eg_node *named = EG_GET(rule->raw, "shared-params");
    uint32_t own_count = params == NULL ? 0 : params->as.map.count, shared_count;
    const struct eg_str *names = eg_keys_texts(arena, named, &shared_count);
    rule->param_list = EG_NEW_ARRAY(arena, struct eg_param, own_count + shared_count);
    for (rule->param_count = 0; rule->param_count < own_count; rule->param_count++)
        if (!eg_param_read(arena, &params->as.map.items[rule->param_count],
                           &rule->param_list[rule->param_count], error))
            return false;
    for (uint32_t i = 0; i < shared_count; i++)
        if (!add_shared(rule, shared, names[i], named, error))
            return false;
    const struct eg_node **fields = EG_NEW_ARRAY(arena, const struct eg_node *, rule->param_count);
    for (uint32_t i = 0; i < rule->param_count; i++)
        fields[i] = rule->param_list[i].fallback;
    rule->params_object = make_object(arena, make_type(arena, rule), fields, params);
    return eg_rule_set_params(arena, rule, NULL, error);
}

/* ---- giving values ---- */

static bool unknown_param(struct eg_arena *arena, const struct eg_rule *rule,
                          const struct eg_entry *entry, struct eg_error *error) {
    struct eg_str nearest = eg_type_nearest_field(rule->params_object->as.object->type, entry->key);
    struct eg_place place = eg_entry_place(entry);
    return eg_error_set(error, EG_ERROR_USAGE, place.file, place.line, place.column,
                        "rule %.*s has no param '%.*s'%.*s", EG_STR_ARGS(rule->id),
                        EG_STR_ARGS(entry->key), EG_STR_ARGS(eg_keys_hint(arena, nearest)));
}

bool eg_policy_params(struct eg_arena *arena, const struct eg_rule *rule,
                      const struct eg_node *overrides, const struct eg_node **ret_object,
                      struct eg_error *error) {
    const struct eg_object *before = rule->params_object->as.object;
    const struct eg_node **fields =
        EG_NEW_ARRAY(arena, const struct eg_node *, before->type->field_count);
    for (uint32_t i = 0; i < before->type->field_count; i++)
        fields[i] = before->fields[i];
    if (overrides != NULL && overrides->kind != EG_MAP)
        return eg_keys_fail(error, overrides, "'params' must be a map, found %s",
                            eg_kind_name(overrides->kind));
    for (uint32_t i = 0; overrides != NULL && i < overrides->as.map.count; i++) {
        const struct eg_entry *entry = &overrides->as.map.items[i];
        const struct eg_field *field = eg_type_field(before->type, entry->key);
        if (field == NULL)
            return unknown_param(arena, rule, entry, error);
        if (!accepts(&field->shape, entry->value))
            return eg_keys_fail(error, entry->value,
                                "param '%.*s' of rule %.*s must be %s, found %s",
                                EG_STR_ARGS(field->name), EG_STR_ARGS(rule->id),
                                shape_name(&field->shape), found_name(entry->value));
        fields[field->number] = as_shape(arena, &field->shape, entry->value);
    }
    *ret_object = make_object(arena, before->type, fields, rule->params_object);
    return true;
}

bool eg_rule_set_params(struct eg_arena *arena, struct eg_rule *rule,
                        const struct eg_node *overrides, struct eg_error *error) {
    if (!eg_policy_params(arena, rule, overrides, &rule->params_object, error))
        return false;
    const struct eg_object *object = rule->params_object->as.object;
    struct eg_map_builder map;
    eg_map_begin(&map, arena);
    for (uint32_t i = 0; i < object->type->field_count; i++)
        (void)eg_map_add(&map, object->type->fields[i].name, 0, object->fields[i], NULL);
    rule->params = eg_map_node(&map, rule->params_object);
    return true;
}

bool eg_rule_set_shared_params(struct eg_arena *arena, struct eg_rule *rule,
                               const struct eg_node *values, struct eg_error *error) {
    struct eg_map_builder map;
    eg_map_begin(&map, arena);
    for (uint32_t i = 0; i < values->as.map.count; i++) {
        const struct eg_entry *entry = &values->as.map.items[i];
        const struct eg_param *param = param_named(rule, entry->key);
        if (param != NULL && param->shared)
            (void)eg_map_add(&map, entry->key, entry->key_offset, entry->value, NULL);
    }
    return eg_rule_set_params(arena, rule, eg_map_node(&map, values), error);
}
