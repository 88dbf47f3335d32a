/* Optional values (cel-spec, proposal 246; cel-go's OptionalTypes). The macros optMap and
 * optFlatMap are in eval_macro.c. */
#include "cel/function.h"

static const struct eg_node *none(const struct eg_cel_call *call) {
    return eg_cel_optional(call->eval, NULL);
}

static const struct eg_node *of(const struct eg_cel_call *call) {
    return eg_cel_optional(call->eval, call->arguments[0]);
}

/* Is it the value that a field of its type has when it isn't given? */
static bool is_zero(const struct eg_node *value) {
    switch ((enum eg_kind)value->kind) {
    case EG_NULL:
        return true;
    case EG_BOOL:
        return !value->as.boolean;
    case EG_INT:
        return value->as.integer == 0;
    case EG_UINT:
        return value->as.unsigned_integer == 0;
    case EG_DOUBLE:
        return !(value->as.number < 0) && !(value->as.number > 0) &&
               value->as.number >= value->as.number;
    case EG_STRING:
    case EG_BYTES:
        return value->as.text.length == 0;
    case EG_DURATION:
    case EG_TIMESTAMP:
        return value->as.time.seconds == 0 && value->as.time.nanoseconds == 0;
    case EG_OPTIONAL:
        return value->as.optional == NULL;
    default:
        return false;
    }
}

static const struct eg_node *of_non_zero_value(const struct eg_cel_call *call) {
    const struct eg_node *value = call->arguments[0];
    bool zero = is_zero(value);
    if (value->kind == EG_LIST || eg_cel_is_map(value)) {
        int64_t sure;
        const struct eg_node *size = eg_cel_size(call->eval, value, &sure);
        zero = sure == 0;
        if (zero && size->kind != EG_INT)
            return eg_cel_derived(call->eval, size);
    }
    return eg_cel_optional(call->eval, zero ? NULL : value);
}

static const struct eg_node *has_value(const struct eg_cel_call *call) {
    return eg_node_bool(call->arguments[0]->as.optional != NULL);
}

static const struct eg_node *has_that_value(const struct eg_cel_call *call) {
    const struct eg_node *held = call->arguments[0]->as.optional;
    if (held == NULL)
        return eg_node_bool(false);
    enum eg_truth equal = eg_cel_equal(call->eval, held, call->arguments[1]);
    return eg_cel_truth(call->eval, equal, held, call->arguments[1]);
}

/* The values of those in a list that have one. */
static const struct eg_node *unwrap(const struct eg_cel_call *call) {
    struct eg_list_builder list;
    eg_list_begin(&list, call->eval->arena);
    struct eg_cel_items items = eg_cel_items(call->arguments[0]);
    while (eg_cel_next(call->eval, &items)) {
        if (items.maybe || items.item->kind == EG_UNKNOWN)
            return eg_cel_derived(call->eval, items.item);
        if (items.item->kind != EG_OPTIONAL)
            return eg_cel_error(call->eval, "unwrapping takes a list of optionals");
        if (items.item->as.optional != NULL)
            eg_list_add(&list, items.item->as.optional);
    }
    return eg_cel_spend(call->eval, 0) ? eg_list_node(&list, NULL) : eg_cel_limit_error();
}

static const struct eg_node *value(const struct eg_cel_call *call) {
    if (call->arguments[0]->as.optional == NULL)
        return eg_cel_error(call->eval, "optional.none() has no value");
    return call->arguments[0]->as.optional;
}

/* Open, so that what isn't needed may be unknown; the checker saw to it that the first is an
 * optional, or dyn. */
static const struct eg_node *choose(const struct eg_cel_call *call, bool unwrap) {
    const struct eg_node *first = call->arguments[0];
    if (first->kind == EG_UNKNOWN)
        return eg_cel_derived(call->eval, first);
    if (first->as.optional == NULL)
        return call->arguments[1];
    return unwrap ? first->as.optional : first;
}

static const struct eg_node *or_else(const struct eg_cel_call *call) {
    return choose(call, false);
}

static const struct eg_node *or_value(const struct eg_cel_call *call) {
    return choose(call, true);
}

/* Then the second argument isn't looked at, so it may be an error. */
bool eg_cel_optional_settles(const struct eg_cel_expr *call, const struct eg_node *first) {
    if (first->kind != EG_OPTIONAL || first->as.optional == NULL || call->overload_count == 0)
        return false;
    const struct eg_cel_function *function = call->overloads[0].function;
    return function->call == or_else || function->call == or_value;
}

static const struct eg_cel_function functions[] = {
    {".optional.none() -> optional(T)", "no value", none, false, NULL},
    {".optional.of(T) -> optional(T)", "a value", of, true, NULL},
    {".optional.ofNonZeroValue(T) -> optional(T)",
     "a value, or none if it is 0, '', false, null, [], {} and the like", of_non_zero_value, false,
     NULL},
    {"optional(T).hasValue() -> bool", "is there a value", has_value, false, NULL},
    {"optional(T).hasValue(T) -> bool", "is that the value", has_that_value, false, NULL},
    {"optional(T).value() -> T", "the value; an error if there is none", value, false, NULL},
    {"optional(T).or(optional(T)) -> optional(T)", "itself, or the other one if it has no value",
     or_else, true, NULL},
    {"optional(T).orValue(T) -> T", "its value, or the given one if it has none", or_value, true,
     NULL},
    {".optional.unwrap(list(optional(T))) -> list(T)", "the values of the optionals that have one",
     unwrap, false, NULL},
    {"list(optional(T)).unwrapOpt() -> list(T)", "the same, called on the list", unwrap, false,
     NULL},
    {0},
};

const struct eg_cel_group eg_cel_optionals = {"optional", functions};
