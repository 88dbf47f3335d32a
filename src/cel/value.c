/* Values: making them, naming their types, and those that end an evaluation. Called by the
 * evaluator and the functions. */
#include "cel/eval.h"
#include "node/text.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- unknowns and errors ---- */

static bool has_variable(const struct eg_node *node) {
    return node->kind == EG_UNKNOWN && node->as.unknown->variable != NULL;
}

const struct eg_node *eg_cel_stop(const struct eg_node *a, const struct eg_node *b) {
    if (a == NULL || !eg_cel_is_stop(a))
        return b;
    if (b == NULL || !eg_cel_is_stop(b) || has_variable(a))
        return a;
    if (has_variable(b) || a->kind == EG_ERROR)
        return b->kind == EG_UNKNOWN ? b : a;
    return a;
}

const struct eg_node *eg_cel_error(struct eg_cel_eval *eval, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct eg_node *node = eg_node_new(eval->arena, EG_ERROR, NULL);
    node->as.text = eg_str_copy(eval->arena, eg_str_from(text));
    return node;
}

const struct eg_node *eg_cel_limit_error(void) {
    static const struct eg_node error = {
        .kind = EG_ERROR,
        .as.text = EG_STR_INIT("cost limit: the evaluation takes too many steps")};
    return &error;
}

const struct eg_node *eg_cel_derived(struct eg_cel_eval *eval, const struct eg_node *value) {
    if (value->kind != EG_UNKNOWN || (value->flags & EG_FLAG_DERIVED) != 0)
        return value;
    struct eg_node *derived = EG_NEW(eval->arena, struct eg_node);
    *derived = *value;
    derived->flags |= EG_FLAG_DERIVED;
    return derived;
}

static const struct eg_node *unknown_text(struct eg_cel_eval *eval, const struct eg_node *value) {
    struct eg_unknown unknown = {.why = EG_WHY_ATTRIBUTE, .name = eg_text_show(eval->arena, value)};
    return eg_cel_derived(eval, eg_node_unknown(eval->arena, unknown, value));
}

const struct eg_node *eg_cel_known(struct eg_cel_eval *eval, const struct eg_node *value) {
    if (value->kind == EG_REFERENCE)
        return unknown_text(eval, value);
    if (value->kind != EG_PARTIAL)
        return eg_cel_derived(eval, value);
    const struct eg_node *stop = NULL;
    for (uint32_t i = 0; i < value->as.list.count; i++)
        if (value->as.list.items[i]->kind == EG_UNKNOWN)
            stop = eg_cel_stop(stop, value->as.list.items[i]);
    return stop != NULL ? eg_cel_derived(eval, stop) : unknown_text(eval, value);
}

const struct eg_node *eg_cel_find_unknown(struct eg_cel_eval *eval, const struct eg_node *value) {
    if (value == NULL)
        return NULL;
    if (value->kind == EG_UNKNOWN)
        return value;
    if (value->kind == EG_PARTIAL || value->kind == EG_REFERENCE)
        return eg_cel_known(eval, value);
    if (value->kind == EG_OPTIONAL)
        return eg_cel_find_unknown(eval, value->as.optional);
    if (value->kind != EG_LIST && !eg_cel_is_map(value))
        return NULL;
    const struct eg_node *found = NULL;
    struct eg_cel_items items = eg_cel_items(value);
    while (eg_cel_next(eval, &items)) {
        found = eg_cel_stop(found, eg_cel_find_unknown(eval, items.item));
        if (found != NULL && has_variable(found))
            break;
    }
    return found;
}

const struct eg_node *eg_cel_truth(struct eg_cel_eval *eval, enum eg_truth truth,
                                   const struct eg_node *a, const struct eg_node *b) {
    if (truth != EG_UNDECIDED)
        return eg_node_bool(truth == EG_TRUE);
    const struct eg_node *unknown =
        eg_cel_stop(eg_cel_find_unknown(eval, a), eg_cel_find_unknown(eval, b));
    if (unknown != NULL)
        return eg_cel_derived(eval, unknown);
    if (!eg_cel_spend(eval, 0))
        return eg_cel_limit_error();
    struct eg_unknown part = {.why = EG_WHY_ATTRIBUTE, .name = EG_STR("a part of it")};
    return eg_cel_derived(eval, eg_node_unknown(eval->arena, part, a));
}

/* ---- making ---- */

const struct eg_node *eg_cel_int(struct eg_cel_eval *eval, int64_t value) {
    return eg_node_int(eval->arena, value, NULL);
}

const struct eg_node *eg_cel_uint(struct eg_cel_eval *eval, uint64_t value) {
    struct eg_node *node = eg_node_new(eval->arena, EG_UINT, NULL);
    node->as.unsigned_integer = value;
    return node;
}

const struct eg_node *eg_cel_double(struct eg_cel_eval *eval, double value) {
    struct eg_node *node = eg_node_new(eval->arena, EG_DOUBLE, NULL);
    node->as.number = value;
    return node;
}

const struct eg_node *eg_cel_string(struct eg_cel_eval *eval, struct eg_str text) {
    return eg_node_string(eval->arena, text, NULL);
}

const struct eg_node *eg_cel_bytes(struct eg_cel_eval *eval, struct eg_str text) {
    struct eg_node *node = eg_node_new(eval->arena, EG_BYTES, NULL);
    node->as.text = text;
    return node;
}

const struct eg_node *eg_cel_optional(struct eg_cel_eval *eval, const struct eg_node *value) {
    static const struct eg_node none = {.kind = EG_OPTIONAL};
    if (value == NULL)
        return &none;
    struct eg_node *node = eg_node_new(eval->arena, EG_OPTIONAL, value);
    node->as.optional = value;
    return node;
}

/* ---- types ---- */

struct eg_str eg_cel_type_name(const struct eg_node *value) {
    switch ((enum eg_kind)value->kind) {
    case EG_NULL:
        return EG_STR("null_type");
    case EG_BOOL:
        return EG_STR("bool");
    case EG_INT:
        return EG_STR("int");
    case EG_UINT:
        return EG_STR("uint");
    case EG_DOUBLE:
        return EG_STR("double");
    case EG_STRING:
    case EG_PARTIAL:
    case EG_REFERENCE:
        return EG_STR("string");
    case EG_BYTES:
        return EG_STR("bytes");
    case EG_LIST:
        return EG_STR("list");
    case EG_MAP:
    case EG_PAIRS:
        return EG_STR("map");
    case EG_TYPE:
        return EG_STR("type");
    case EG_TIMESTAMP:
        return EG_STR("google.protobuf.Timestamp");
    case EG_DURATION:
        return EG_STR("google.protobuf.Duration");
    case EG_OPTIONAL:
        return EG_STR("optional_type");
    case EG_ADDRESS:
        return value->as.address->prefix < 0 ? EG_STR("net.IP") : EG_STR("net.CIDR");
    case EG_OBJECT:
        return value->as.object->type->name;
    case EG_UNKNOWN:
    case EG_CHOICE:
    case EG_ABSENT:
    case EG_LAZY:
    case EG_ERROR:
        break;
    }
    return eg_str_from(eg_kind_name(value->kind));
}

const struct eg_node *eg_cel_type_value(struct eg_cel_eval *eval, const struct eg_node *value) {
    struct eg_node *node = eg_node_new(eval->arena, EG_TYPE, NULL);
    node->as.text = eg_cel_type_name(value);
    return node;
}
