/* From resolved properties to typed fields; see normalize.h. Called for every resource of a kind.
 *
 * Coercions are CloudFormation's: "true" is a boolean and "256" an integer where one is wanted, a
 * number is text where text is wanted. Whether a value should have been written so is judged
 * elsewhere (shape.c); here it is read as far as it can be. A list written as a map of its indexes
 * (what a CDK property override on a list that isn't there leaves) is read as the list it was meant
 * to be.
 */
#include "model/normalize.h"

#include "base/limits.h"
#include "base/secret.h"

#include <math.h>
#include <string.h>

/* Where in the resource: ContainerDefinitions[0].Secrets[1], from the inside out. */
struct spot {
    const struct spot *outer;
    struct eg_str name; /* empty: an element of a list */
    uint32_t index;
};

struct normalizer {
    struct eg_build *build;
    struct eg_resource *resource;
    const struct eg_item *parent; /* of structures and containers made on the way */
    const struct eg_presence *presence;
    const struct spot *spot;
    bool api;
    unsigned depth;
};

static const struct eg_node *convert(const struct normalizer *normalizer,
                                     const struct eg_shape *shape, const struct eg_node *value);

/* ---- what doesn't fit ---- */

static struct eg_str spot_text(struct eg_arena *arena, const struct spot *spot) {
    if (spot == NULL)
        return EG_STR("");
    struct eg_str outer = spot_text(arena, spot->outer);
    if (spot->name.length == 0)
        return eg_str_format(arena, "%.*s[%u]", EG_STR_ARGS(outer), spot->index);
    if (outer.length == 0)
        return spot->name;
    return eg_str_format(arena, "%.*s.%.*s", EG_STR_ARGS(outer), EG_STR_ARGS(spot->name));
}

/* What shape_check tells as a finding is an unknown to everyone else. */
static const struct eg_node *wrong_type(const struct normalizer *normalizer,
                                        const struct eg_node *value) {
    struct eg_arena *arena = normalizer->build->arena;
    return eg_node_unknown(arena,
                           (struct eg_unknown){.why = EG_WHY_BROKEN,
                                               .name = spot_text(arena, normalizer->spot),
                                               .scope = value},
                           value);
}

/* MADE, which VALUE was turned into. */
static const struct eg_node *coerced(struct eg_node *made, const struct eg_node *value) {
    made->flags = value->flags | EG_FLAG_COERCED;
    made->origin = value->origin;
    return made;
}

/* ---- scalars ---- */

static const struct eg_node *to_bool(const struct normalizer *normalizer,
                                     const struct eg_node *value) {
    if (value->kind == EG_BOOL)
        return value;
    bool truth = value->kind == EG_STRING && eg_str_equal_nocase(value->as.text, EG_STR("true"));
    if (!truth &&
        !(value->kind == EG_STRING && eg_str_equal_nocase(value->as.text, EG_STR("false"))))
        return wrong_type(normalizer, value);
    struct eg_node *made = eg_node_new(normalizer->build->arena, EG_BOOL, value);
    made->as.boolean = truth;
    return coerced(made, value);
}

static const struct eg_node *to_int(const struct normalizer *normalizer,
                                    const struct eg_node *value) {
    int64_t number;
    if (value->kind == EG_INT)
        return value;
    if (value->kind == EG_DOUBLE && fabs(value->as.number) < 9e15 &&
        floor(value->as.number) == value->as.number)
        number = (int64_t)value->as.number;
    else if (value->kind != EG_STRING || !eg_str_to_int(eg_str_trim(value->as.text), &number))
        return wrong_type(normalizer, value);
    struct eg_node *made = eg_node_new(normalizer->build->arena, EG_INT, value);
    made->as.integer = number;
    return coerced(made, value);
}

static const struct eg_node *to_double(const struct normalizer *normalizer,
                                       const struct eg_node *value) {
    if (value->kind == EG_DOUBLE)
        return value;
    struct eg_node *made = eg_node_new(normalizer->build->arena, EG_DOUBLE, value);
    if (value->kind == EG_INT) {
        made->as.number = (double)value->as.integer;
        return made;
    }
    int64_t whole;
    if (value->kind != EG_STRING)
        return wrong_type(normalizer, value);
    struct eg_str text = eg_str_trim(value->as.text);
    if (eg_str_to_int(text, &whole)) {
        made->as.number = (double)whole;
        return coerced(made, value);
    }
    /* "0.5": whole and fraction apart, since strtod goes by the locale. */
    size_t dot = eg_str_find(text, EG_STR("."), 0);
    int64_t fraction;
    if (dot == SIZE_MAX || !eg_str_to_int(eg_str_slice(text, 0, dot), &whole) ||
        !eg_str_to_int(eg_str_from_offset(text, dot + 1), &fraction) || fraction < 0)
        return wrong_type(normalizer, value);
    double part = (double)fraction / pow(10, (double)(text.length - dot - 1));
    made->as.number = text.data[0] == '-' ? (double)whole - part : (double)whole + part;
    return coerced(made, value);
}

static const struct eg_node *to_text(const struct normalizer *normalizer,
                                     const struct eg_node *value) {
    struct eg_str text;
    if (value->kind == EG_STRING)
        return value;
    if (!eg_node_scalar_text(normalizer->build->arena, value, &text))
        return wrong_type(normalizer, value);
    struct eg_node *made = eg_node_new(normalizer->build->arena, EG_STRING, value);
    made->as.text = text;
    return coerced(made, value);
}

/* ---- lists and maps ---- */

static const struct eg_node *convert_at(const struct normalizer *normalizer, struct eg_str name,
                                        uint32_t index, const struct eg_shape *shape,
                                        const struct eg_node *value) {
    struct spot spot = {.outer = normalizer->spot, .name = name, .index = index};
    struct normalizer inner = *normalizer;
    inner.spot = &spot;
    return convert(&inner, shape, value);
}

/* {"0": …, "1": …} */
static bool is_map_of_indexes(const struct eg_node *value) {
    if (value->kind != EG_MAP || value->as.map.count == 0)
        return false;
    for (uint32_t i = 0; i < value->as.map.count; i++) {
        struct eg_str key = value->as.map.items[i].key;
        for (size_t k = 0; k < key.length; k++)
            if (key.data[k] < '0' || key.data[k] > '9')
                return false;
        if (key.length == 0)
            return false;
    }
    return true;
}

static const struct eg_node *to_list(const struct normalizer *normalizer,
                                     const struct eg_shape *shape, const struct eg_node *value) {
    struct eg_list_builder builder;
    eg_list_begin(&builder, normalizer->build->arena);
    if (value->kind == EG_LIST) {
        for (uint32_t i = 0; i < value->as.list.count; i++)
            eg_list_add(&builder, convert_at(normalizer, EG_STR(""), i, shape->element,
                                             value->as.list.items[i]));
    } else if (is_map_of_indexes(value)) {
        for (uint32_t i = 0; i < value->as.map.count; i++)
            eg_list_add(&builder, convert_at(normalizer, EG_STR(""), i, shape->element,
                                             value->as.map.items[i].value));
    } else {
        /* One value in place of a list of one. */
        eg_list_add(&builder, convert_at(normalizer, EG_STR(""), 0, shape->element, value));
    }
    struct eg_node *list = (struct eg_node *)(uintptr_t)eg_list_node(&builder, value);
    list->origin = value->origin;
    return list;
}

static const struct eg_node *to_map(const struct normalizer *normalizer,
                                    const struct eg_shape *shape, const struct eg_node *value) {
    if (value->kind != EG_MAP)
        return wrong_type(normalizer, value);
    struct eg_map_builder builder;
    eg_map_begin(&builder, normalizer->build->arena);
    for (uint32_t i = 0; i < value->as.map.count; i++) {
        const struct eg_entry *entry = &value->as.map.items[i];
        eg_map_add(&builder, entry->key, entry->key_offset,
                   convert_at(normalizer, entry->key, 0, shape->element, entry->value), NULL);
    }
    return eg_map_node(&builder, value);
}

/* ---- objects ---- */

static const struct eg_field *field_for_key(const struct normalizer *normalizer,
                                            const struct eg_type *type, struct eg_str key) {
    if (!normalizer->api)
        return eg_type_property(type, key);
    const struct eg_field *field = eg_type_field(type, key);
    return field != NULL && field->property.length > 0 ? field : NULL;
}

/* Fields whose values are secrets wherever they stand. */
static bool is_secret_field(const struct eg_type *type, const struct eg_field *field) {
    static const char *const names[] = {"secretString", "masterUserPassword", "authToken",
                                        "secretStringTemplate"};
    (void)type;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (eg_str_is(field->name, names[i]))
            return true;
    return false;
}

static void fill(const struct normalizer *normalizer, struct eg_item *item,
                 const struct eg_node *map) {
    const struct eg_type *type = item->object.type;
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        const struct eg_field *field = field_for_key(normalizer, type, entry->key);
        if (field == NULL || field->link || entry->value->kind == EG_NULL)
            continue; /* links compute from the property themselves; null is as if absent */
        const struct eg_node *value =
            convert_at(normalizer, entry->key, 0, &field->shape, entry->value);
        if (is_secret_field(type, field))
            value = eg_hide(normalizer->build->arena, value);
        item->object.fields[field->number] = value;
    }
}

/* An environment variable whose name or value says secret isn't printed. */
static void hide_variable(struct eg_item *item) {
    struct eg_scenario *scenario = &item->build->system->scenario;
    const struct eg_node *name = eg_item_get(scenario, item, "name");
    const struct eg_node *value = eg_item_get(scenario, item, "value");
    if (value->kind == EG_STRING && eg_looks_secret(eg_node_text(name), value->as.text))
        eg_item_set(item, "value", eg_hide(item->build->arena, value));
}

/* What was meant to name a secret may be it. */
static void hide_reference(struct eg_item *item) {
    struct eg_scenario *scenario = &item->build->system->scenario;
    const struct eg_node *value = eg_item_get(scenario, item, "valueFrom");
    if (value->kind == EG_STRING && !eg_str_starts_with(value->as.text, EG_STR("arn:")) &&
        eg_secret_has_form(value->as.text))
        eg_item_set(item, "valueFrom", eg_hide(item->build->arena, value));
}

static const struct eg_node *to_object(const struct normalizer *normalizer,
                                       const struct eg_type *type, const struct eg_node *value) {
    if (value->kind != EG_MAP)
        return wrong_type(normalizer, value);
    struct eg_arena *arena = normalizer->build->arena;
    char name[64];
    size_t length = type->name.length < sizeof name ? type->name.length : sizeof name - 1;
    memcpy(name, type->name.data, length);
    name[length] = 0;
    struct eg_item_spec spec = {
        .type = name,
        .resource = normalizer->resource,
        .parent = normalizer->parent,
        .presence = normalizer->presence,
        .raw = value,
        .value = value,
    };
    if (type->kind) {
        /* Only containers: containerDefinitions[0], in either spelling. */
        const struct spot *element = normalizer->spot;
        spec.path = eg_str_format(arena, "containerDefinitions[%u]", element->index);
    }
    struct eg_item *item = eg_item_new(normalizer->build, &spec);
    struct normalizer inner = *normalizer;
    inner.parent = item;
    fill(&inner, item, value);
    if (eg_str_is(type->name, "EnvironmentVariable"))
        hide_variable(item);
    if (eg_str_is(type->name, "Secret"))
        hide_reference(item);
    return item->node;
}

/* ---- any value ---- */

/* A value that each scenario may have its own of: a parameter, "true" where a boolean is wanted; a
 * text joined of what an undecided condition gives and leaves out. */
struct later {
    struct normalizer normalizer;
    const struct eg_shape *shape;
    const struct eg_node *value;
};

static const struct eg_node *compute_later(struct eg_scenario *scenario, const void *context) {
    const struct later *later = context;
    const struct eg_node *value = eg_scenario_force(scenario, later->value);
    switch (value->kind) {
    case EG_UNKNOWN:
    case EG_PARTIAL:
    case EG_REFERENCE:
    case EG_ABSENT:
        return value;
    default:
        return convert(&later->normalizer, later->shape, value);
    }
}

static const struct eg_node *make_later(const struct normalizer *normalizer,
                                        const struct eg_shape *shape, const struct eg_node *value) {
    struct eg_arena *arena = normalizer->build->arena;
    struct later *later = EG_NEW(arena, struct later);
    *later = (struct later){.normalizer = *normalizer, .shape = shape, .value = value};
    later->normalizer.spot = NULL;
    struct eg_lazy *lazy = EG_NEW(arena, struct eg_lazy);
    *lazy = (struct eg_lazy){.compute = compute_later, .context = later};
    struct eg_node *node = eg_node_new(arena, EG_LAZY, value);
    node->origin = value->origin;
    node->as.lazy = lazy;
    return node;
}

static const struct eg_node *convert_later(const struct normalizer *normalizer,
                                           const struct eg_shape *shape,
                                           const struct eg_node *value) {
    bool open = value->kind == EG_PARTIAL || value->as.unknown->variable != NULL;
    if (!open || (shape->kind != EG_FIELD_BOOL && shape->kind != EG_FIELD_INT &&
                  shape->kind != EG_FIELD_DOUBLE))
        return value;
    return make_later(normalizer, shape, value);
}

/* Objects are made once, of what no scenario decides: their identity must not hang on one. */
static const struct eg_node *convert_lazy(const struct normalizer *normalizer,
                                          const struct eg_shape *shape,
                                          const struct eg_node *value) {
    const struct eg_node *forced = eg_scenario_force(&normalizer->build->system->scenario, value);
    enum eg_field_kind kind = shape->element == NULL ? shape->kind : shape->element->kind;
    if (value->as.lazy->epoch == 0 || kind == EG_FIELD_OBJECT)
        return convert(normalizer, shape, forced);
    return make_later(normalizer, shape, value);
}

static const struct eg_node *to_choice(const struct normalizer *normalizer,
                                       const struct eg_shape *shape, const struct eg_node *value) {
    struct eg_arena *arena = normalizer->build->arena;
    struct eg_presence *presences = EG_NEW_ARRAY(arena, struct eg_presence, 2);
    struct normalizer inner = *normalizer;
    struct eg_choice *choice = EG_NEW(arena, struct eg_choice);
    choice->condition = value->as.choice->condition;
    presences[0] = (struct eg_presence){choice->condition, true, normalizer->presence};
    presences[1] = (struct eg_presence){choice->condition, false, normalizer->presence};
    inner.presence = &presences[0];
    choice->if_true = convert(&inner, shape, value->as.choice->if_true);
    inner.presence = &presences[1];
    choice->if_false = convert(&inner, shape, value->as.choice->if_false);
    struct eg_node *made = eg_node_new(arena, EG_CHOICE, value);
    made->origin = value->origin;
    made->as.choice = choice;
    return made;
}

static const struct eg_node *convert_known(const struct normalizer *normalizer,
                                           const struct eg_shape *shape,
                                           const struct eg_node *value) {
    switch (shape->kind) {
    case EG_FIELD_BOOL:
        return to_bool(normalizer, value);
    case EG_FIELD_INT:
        return to_int(normalizer, value);
    case EG_FIELD_DOUBLE:
        return to_double(normalizer, value);
    case EG_FIELD_STRING:
        return to_text(normalizer, value);
    case EG_FIELD_LIST:
        return to_list(normalizer, shape, value);
    case EG_FIELD_MAP:
        return to_map(normalizer, shape, value);
    case EG_FIELD_OBJECT:
        return to_object(normalizer, shape->object, value);
    case EG_FIELD_ANY:
        break;
    }
    return value;
}

static const struct eg_node *convert(const struct normalizer *normalizer,
                                     const struct eg_shape *shape, const struct eg_node *value) {
    if (normalizer->depth > EG_LIMIT_DEPTH)
        return eg_node_unknown(normalizer->build->arena, (struct eg_unknown){.why = EG_WHY_LIMIT},
                               value);
    struct normalizer inner = *normalizer;
    inner.depth++;
    switch (value->kind) {
    case EG_UNKNOWN:
    case EG_PARTIAL:
        return convert_later(&inner, shape, value);
    case EG_REFERENCE:
    case EG_ABSENT:
        return value;
    case EG_NULL:
        return eg_node_absent();
    case EG_CHOICE:
        return to_choice(&inner, shape, value);
    case EG_LAZY:
        return convert_lazy(&inner, shape, value);
    default:
        return convert_known(&inner, shape, value);
    }
}

/* ---- for others ---- */

void eg_normalize(struct eg_item *item, const struct eg_node *properties) {
    struct normalizer normalizer = {
        .build = item->build,
        .resource = item->resource,
        .parent = item,
        .presence = item->presence,
        .api = item->stack->template_->api_names,
    };
    const struct eg_type *type = item->object.type;
    if (properties->kind == EG_MAP) {
        fill(&normalizer, item, properties);
        return;
    }
    for (uint32_t i = 0; i < type->field_count; i++)
        if (!type->fields[i].link)
            item->object.fields[i] = properties;
}

static const struct eg_node *normalize_shape(const struct eg_item *item,
                                             const struct eg_shape *shape,
                                             const struct eg_node *value, bool api,
                                             const char *path) {
    struct spot spot = {.name = eg_str_from(path)};
    struct normalizer normalizer = {
        .build = item->build,
        .resource = item->resource,
        .parent = item,
        .presence = item->presence,
        .spot = &spot,
        .api = api,
    };
    return convert(&normalizer, shape, value);
}

const struct eg_node *eg_normalize_part(const struct eg_item *item, const char *type,
                                        const struct eg_node *map, bool api, const char *path) {
    struct eg_shape shape = {
        .kind = EG_FIELD_OBJECT,
        .object = eg_schema_type(item->build->model.schema, eg_str_from(type)),
    };
    return normalize_shape(item, &shape, map, api, path);
}

const struct eg_node *eg_normalize_list(const struct eg_item *item, const char *element_type,
                                        const struct eg_node *list, bool api, const char *path) {
    struct eg_shape element = {
        .kind = EG_FIELD_OBJECT,
        .object = eg_schema_type(item->build->model.schema, eg_str_from(element_type)),
    };
    struct eg_shape shape = {.kind = EG_FIELD_LIST, .element = &element};
    return normalize_shape(item, &shape, list, api, path);
}
