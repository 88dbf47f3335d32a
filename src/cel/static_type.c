/* Static types: making, comparing, joining and naming them, and what signatures accept. Called by
 * the checker and the function tables. */
#include "cel/static_type.h"

#include <ctype.h>

static const struct eg_cel_type plain_types[] = {
    [EG_CEL_TYPE_DYN] = {.kind = EG_CEL_TYPE_DYN},
    [EG_CEL_TYPE_NULL] = {.kind = EG_CEL_TYPE_NULL},
    [EG_CEL_TYPE_BOOL] = {.kind = EG_CEL_TYPE_BOOL},
    [EG_CEL_TYPE_INT] = {.kind = EG_CEL_TYPE_INT},
    [EG_CEL_TYPE_UINT] = {.kind = EG_CEL_TYPE_UINT},
    [EG_CEL_TYPE_DOUBLE] = {.kind = EG_CEL_TYPE_DOUBLE},
    [EG_CEL_TYPE_STRING] = {.kind = EG_CEL_TYPE_STRING},
    [EG_CEL_TYPE_BYTES] = {.kind = EG_CEL_TYPE_BYTES},
    [EG_CEL_TYPE_TIMESTAMP] = {.kind = EG_CEL_TYPE_TIMESTAMP},
    [EG_CEL_TYPE_DURATION] = {.kind = EG_CEL_TYPE_DURATION},
    [EG_CEL_TYPE_TYPE] = {.kind = EG_CEL_TYPE_TYPE},
    [EG_CEL_TYPE_ADDRESS] = {.kind = EG_CEL_TYPE_ADDRESS},
    [EG_CEL_TYPE_NETWORK] = {.kind = EG_CEL_TYPE_NETWORK},
    [EG_CEL_TYPE_LIST] = {.kind = EG_CEL_TYPE_LIST, .element = &plain_types[EG_CEL_TYPE_DYN]},
    [EG_CEL_TYPE_MAP] = {.kind = EG_CEL_TYPE_MAP,
                         .key = &plain_types[EG_CEL_TYPE_DYN],
                         .element = &plain_types[EG_CEL_TYPE_DYN]},
    [EG_CEL_TYPE_OPTIONAL] = {.kind = EG_CEL_TYPE_OPTIONAL,
                              .element = &plain_types[EG_CEL_TYPE_DYN]},
    [EG_CEL_TYPE_OBJECT] = {.kind = EG_CEL_TYPE_DYN},
    [EG_CEL_TYPE_PARAMETER] = {.kind = EG_CEL_TYPE_DYN},
};

/* The names that signatures and messages use, in the order of the kinds. */
static const char *const type_names[] = {
    "dyn",      "null", "bool", "int",  "uint", "double", "string",   "bytes",  "timestamp",
    "duration", "type", "ip",   "cidr", "list", "map",    "optional", "object", "parameter",
};

const struct eg_cel_type *eg_cel_type_of(enum eg_cel_type_kind kind) {
    return &plain_types[kind];
}

static struct eg_cel_type *new_type(struct eg_arena *arena, enum eg_cel_type_kind kind) {
    struct eg_cel_type *type = EG_NEW(arena, struct eg_cel_type);
    type->kind = kind;
    return type;
}

const struct eg_cel_type *eg_cel_type_list(struct eg_arena *arena,
                                           const struct eg_cel_type *element) {
    struct eg_cel_type *type = new_type(arena, EG_CEL_TYPE_LIST);
    type->element = element;
    return type;
}

const struct eg_cel_type *eg_cel_type_map(struct eg_arena *arena, const struct eg_cel_type *key,
                                          const struct eg_cel_type *element) {
    struct eg_cel_type *type = new_type(arena, EG_CEL_TYPE_MAP);
    type->key = key;
    type->element = element;
    return type;
}

const struct eg_cel_type *eg_cel_type_optional(struct eg_arena *arena,
                                               const struct eg_cel_type *element) {
    struct eg_cel_type *type = new_type(arena, EG_CEL_TYPE_OPTIONAL);
    type->element = element;
    return type;
}

const struct eg_cel_type *eg_cel_type_from_shape(struct eg_arena *arena,
                                                 const struct eg_shape *shape) {
    if (shape == NULL)
        return eg_cel_type_of(EG_CEL_TYPE_DYN);
    switch (shape->kind) {
    case EG_FIELD_BOOL:
        return eg_cel_type_of(EG_CEL_TYPE_BOOL);
    case EG_FIELD_INT:
        return eg_cel_type_of(EG_CEL_TYPE_INT);
    case EG_FIELD_DOUBLE:
        return eg_cel_type_of(EG_CEL_TYPE_DOUBLE);
    case EG_FIELD_STRING:
        return eg_cel_type_of(EG_CEL_TYPE_STRING);
    case EG_FIELD_LIST:
        return eg_cel_type_list(arena, eg_cel_type_from_shape(arena, shape->element));
    case EG_FIELD_MAP:
        return eg_cel_type_map(arena, eg_cel_type_of(EG_CEL_TYPE_STRING),
                               eg_cel_type_from_shape(arena, shape->element));
    case EG_FIELD_OBJECT:
        if (shape->object != NULL) {
            struct eg_cel_type *type = new_type(arena, EG_CEL_TYPE_OBJECT);
            type->object = shape->object;
            return type;
        }
        break;
    case EG_FIELD_ANY:
        break;
    }
    return eg_cel_type_of(EG_CEL_TYPE_DYN);
}

static const struct eg_shape *element_shape(struct eg_arena *arena,
                                            const struct eg_cel_type *element) {
    struct eg_shape *shape = EG_NEW(arena, struct eg_shape);
    *shape = eg_cel_type_shape(arena, element);
    return shape;
}

struct eg_shape eg_cel_type_shape(struct eg_arena *arena, const struct eg_cel_type *type) {
    struct eg_shape shape = {.kind = EG_FIELD_ANY};
    switch (type->kind) {
    case EG_CEL_TYPE_BOOL:
        shape.kind = EG_FIELD_BOOL;
        break;
    case EG_CEL_TYPE_INT:
        shape.kind = EG_FIELD_INT;
        break;
    case EG_CEL_TYPE_DOUBLE:
        shape.kind = EG_FIELD_DOUBLE;
        break;
    case EG_CEL_TYPE_STRING:
        shape.kind = EG_FIELD_STRING;
        break;
    case EG_CEL_TYPE_LIST:
        shape.kind = EG_FIELD_LIST;
        shape.element = element_shape(arena, type->element);
        break;
    case EG_CEL_TYPE_MAP:
        if (type->key->kind == EG_CEL_TYPE_STRING) {
            shape.kind = EG_FIELD_MAP;
            shape.element = element_shape(arena, type->element);
        }
        break;
    case EG_CEL_TYPE_OBJECT:
        shape.kind = EG_FIELD_OBJECT;
        shape.object = type->object;
        break;
    default:
        break;
    }
    return shape;
}

bool eg_cel_type_same(const struct eg_cel_type *a, const struct eg_cel_type *b) {
    if (a == b)
        return true;
    if (a == NULL || b == NULL || a->kind != b->kind)
        return false;
    return a->object == b->object && a->parameter == b->parameter &&
           eg_cel_type_same(a->key, b->key) && eg_cel_type_same(a->element, b->element);
}

/* Does the type say nothing of its parts, as that of [] and optional.none() does? */
static bool is_open(const struct eg_cel_type *type) {
    return type->element != NULL && type->element->kind == EG_CEL_TYPE_DYN;
}

const struct eg_cel_type *eg_cel_type_join(struct eg_arena *arena, const struct eg_cel_type *a,
                                           const struct eg_cel_type *b) {
    if (eg_cel_type_same(a, b))
        return a;
    if (a->kind != b->kind || a->object != b->object)
        return eg_cel_type_of(EG_CEL_TYPE_DYN);
    if (a->element != NULL && b->element != NULL) {
        const struct eg_cel_type *element = eg_cel_type_join(arena, a->element, b->element);
        if (a->kind == EG_CEL_TYPE_LIST)
            return eg_cel_type_list(arena, element);
        if (a->kind == EG_CEL_TYPE_OPTIONAL)
            return eg_cel_type_optional(arena, element);
        if (a->kind == EG_CEL_TYPE_MAP)
            return eg_cel_type_map(arena, eg_cel_type_join(arena, a->key, b->key), element);
    }
    return is_open(a) ? a : b;
}

static bool is_number(enum eg_cel_type_kind kind) {
    return kind == EG_CEL_TYPE_INT || kind == EG_CEL_TYPE_UINT || kind == EG_CEL_TYPE_DOUBLE;
}

bool eg_cel_type_overlap(const struct eg_cel_type *a, const struct eg_cel_type *b) {
    if (a->kind == EG_CEL_TYPE_DYN || b->kind == EG_CEL_TYPE_DYN)
        return true;
    if (a->kind == EG_CEL_TYPE_NULL || b->kind == EG_CEL_TYPE_NULL)
        return true; /* anything may be compared with null */
    if (a->kind != b->kind)
        return is_number(a->kind) && is_number(b->kind);
    if (a->object != b->object)
        return false;
    if (a->key != NULL && !eg_cel_type_overlap(a->key, b->key))
        return false;
    return a->element == NULL || eg_cel_type_overlap(a->element, b->element);
}

static bool accepts_parameter(struct eg_arena *arena, char letter,
                              const struct eg_cel_type *argument,
                              struct eg_cel_bindings *bindings) {
    if (letter == 'N' && argument->kind != EG_CEL_TYPE_DYN && !is_number(argument->kind))
        return false;
    const struct eg_cel_type **bound = &bindings->types[letter - 'A'];
    *bound = *bound == NULL ? argument : eg_cel_type_join(arena, *bound, argument);
    return true;
}

bool eg_cel_type_accepts(struct eg_arena *arena, const struct eg_cel_type *parameter,
                         const struct eg_cel_type *argument, struct eg_cel_bindings *bindings) {
    if (parameter->kind == EG_CEL_TYPE_PARAMETER)
        return accepts_parameter(arena, parameter->parameter, argument, bindings);
    if (parameter->kind == EG_CEL_TYPE_DYN || argument->kind == EG_CEL_TYPE_DYN)
        return true;
    if (parameter->kind != argument->kind || parameter->object != argument->object)
        return false;
    if (parameter->key != NULL &&
        !eg_cel_type_accepts(arena, parameter->key, argument->key, bindings))
        return false;
    return parameter->element == NULL ||
           eg_cel_type_accepts(arena, parameter->element, argument->element, bindings);
}

const struct eg_cel_type *eg_cel_type_apply(struct eg_arena *arena, const struct eg_cel_type *type,
                                            const struct eg_cel_bindings *bindings) {
    if (type->kind == EG_CEL_TYPE_PARAMETER) {
        const struct eg_cel_type *bound = bindings->types[type->parameter - 'A'];
        return bound != NULL ? bound : eg_cel_type_of(EG_CEL_TYPE_DYN);
    }
    if (type->element == NULL)
        return type;
    const struct eg_cel_type *element = eg_cel_type_apply(arena, type->element, bindings);
    if (type->kind == EG_CEL_TYPE_LIST)
        return eg_cel_type_list(arena, element);
    if (type->kind == EG_CEL_TYPE_OPTIONAL)
        return eg_cel_type_optional(arena, element);
    return eg_cel_type_map(arena, eg_cel_type_apply(arena, type->key, bindings), element);
}

/* ---- as text ---- */

static bool take(struct eg_str *text, char c) {
    while (text->length > 0 && text->data[0] == ' ')
        *text = eg_str_from_offset(*text, 1);
    if (text->length == 0 || text->data[0] != c)
        return false;
    *text = eg_str_from_offset(*text, 1);
    return true;
}

static const struct eg_cel_type *parse_parts(struct eg_arena *arena, enum eg_cel_type_kind kind,
                                             struct eg_str *text) {
    if (!take(text, '('))
        return eg_cel_type_of(kind);
    const struct eg_cel_type *first = eg_cel_type_parse(arena, text);
    const struct eg_cel_type *second = take(text, ',') ? eg_cel_type_parse(arena, text) : NULL;
    take(text, ')');
    if (kind == EG_CEL_TYPE_MAP && second != NULL)
        return eg_cel_type_map(arena, first, second);
    return kind == EG_CEL_TYPE_LIST ? eg_cel_type_list(arena, first)
                                    : eg_cel_type_optional(arena, first);
}

const struct eg_cel_type *eg_cel_type_parse(struct eg_arena *arena, struct eg_str *text) {
    while (take(text, ' '))
        ;
    size_t length = 0;
    while (length < text->length && isalpha((unsigned char)text->data[length]))
        length++;
    struct eg_str word = eg_str_slice(*text, 0, length);
    *text = eg_str_from_offset(*text, length);
    if (length == 1) {
        struct eg_cel_type *type = new_type(arena, EG_CEL_TYPE_PARAMETER);
        type->parameter = word.data[0];
        return type;
    }
    for (int kind = EG_CEL_TYPE_DYN; kind <= EG_CEL_TYPE_OPTIONAL; kind++) {
        if (!eg_str_is(word, type_names[kind]))
            continue;
        if (kind >= EG_CEL_TYPE_LIST)
            return parse_parts(arena, (enum eg_cel_type_kind)kind, text);
        return eg_cel_type_of((enum eg_cel_type_kind)kind);
    }
    return eg_cel_type_of(EG_CEL_TYPE_DYN);
}

struct eg_str eg_cel_type_text(struct eg_arena *arena, const struct eg_cel_type *type) {
    if (type->kind == EG_CEL_TYPE_OBJECT)
        return type->object->name;
    if (type->kind == EG_CEL_TYPE_PARAMETER)
        return eg_str_format(arena, "%c", type->parameter);
    const char *name = type_names[type->kind];
    if (type->element == NULL || (is_open(type) && type->kind != EG_CEL_TYPE_MAP))
        return eg_str_from(name);
    struct eg_str element = eg_cel_type_text(arena, type->element);
    if (type->kind != EG_CEL_TYPE_MAP)
        return eg_str_format(arena, "%s(%.*s)", name, EG_STR_ARGS(element));
    struct eg_str key = eg_cel_type_text(arena, type->key);
    return eg_str_format(arena, "map(%.*s, %.*s)", EG_STR_ARGS(key), EG_STR_ARGS(element));
}
