/* Operators on values: arithmetic, order, equality, `in` (langdef.md, "List of Standard
 * Definitions"). Called by the evaluator. Overflow is an error; so is a division by zero of
 * integers. */
#include "cel/function.h"
#include "cel/time.h"
#include "node/text.h"

static const char *const texts[] = {
    "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in"};

static const struct eg_node *no_overload(struct eg_cel_eval *eval, enum eg_cel_operator op,
                                         const struct eg_node *a, const struct eg_node *b) {
    struct eg_str left = eg_cel_type_name(a);
    struct eg_str right = eg_cel_type_name(b);
    return eg_cel_error(eval, "no such overload: %.*s %s %.*s", EG_STR_ARGS(left), texts[op],
                        EG_STR_ARGS(right));
}

static const struct eg_node *overflow(struct eg_cel_eval *eval) {
    return eg_cel_error(eval, "integer overflow");
}

/* ---- arithmetic ---- */

static const struct eg_node *int_arithmetic(struct eg_cel_eval *eval, enum eg_cel_operator op,
                                            int64_t a, int64_t b) {
    int64_t result = 0;
    bool fails = false;
    if ((op == EG_CEL_DIVIDE || op == EG_CEL_MODULO) && b == 0)
        return eg_cel_error(eval, op == EG_CEL_DIVIDE ? "division by zero" : "modulus by zero");
    switch (op) {
    case EG_CEL_ADD:
        fails = __builtin_add_overflow(a, b, &result);
        break;
    case EG_CEL_SUBTRACT:
        fails = __builtin_sub_overflow(a, b, &result);
        break;
    case EG_CEL_MULTIPLY:
        fails = __builtin_mul_overflow(a, b, &result);
        break;
    default:
        fails = a == INT64_MIN && b == -1;
        if (!fails)
            result = op == EG_CEL_DIVIDE ? a / b : a % b;
        break;
    }
    return fails ? overflow(eval) : eg_cel_int(eval, result);
}

static const struct eg_node *uint_arithmetic(struct eg_cel_eval *eval, enum eg_cel_operator op,
                                             uint64_t a, uint64_t b) {
    uint64_t result = 0;
    bool fails = false;
    if ((op == EG_CEL_DIVIDE || op == EG_CEL_MODULO) && b == 0)
        return eg_cel_error(eval, op == EG_CEL_DIVIDE ? "division by zero" : "modulus by zero");
    switch (op) {
    case EG_CEL_ADD:
        fails = __builtin_add_overflow(a, b, &result);
        break;
    case EG_CEL_SUBTRACT:
        fails = __builtin_sub_overflow(a, b, &result);
        break;
    case EG_CEL_MULTIPLY:
        fails = __builtin_mul_overflow(a, b, &result);
        break;
    default:
        result = op == EG_CEL_DIVIDE ? a / b : a % b;
        break;
    }
    return fails ? overflow(eval) : eg_cel_uint(eval, result);
}

static double double_arithmetic(enum eg_cel_operator op, double a, double b) {
    switch (op) {
    case EG_CEL_ADD:
        return a + b;
    case EG_CEL_SUBTRACT:
        return a - b;
    case EG_CEL_MULTIPLY:
        return a * b;
    default:
        return a / b;
    }
}

static const struct eg_node *join_texts(struct eg_cel_eval *eval, const struct eg_node *a,
                                        const struct eg_node *b) {
    if (!eg_cel_spend(eval, (a->as.text.length + b->as.text.length) / 64))
        return eg_cel_limit_error();
    struct eg_str text = eg_str_concat(eval->arena, a->as.text, b->as.text);
    struct eg_node *node = eg_node_new(eval->arena, a->kind, NULL);
    node->flags = (a->flags | b->flags) & EG_FLAG_SECRET;
    node->as.text = text;
    return node;
}

static const struct eg_node *join_lists(struct eg_cel_eval *eval, const struct eg_node *a,
                                        const struct eg_node *b) {
    if (!eg_cel_spend(eval, (a->as.list.count + b->as.list.count) / 8))
        return eg_cel_limit_error();
    struct eg_list_builder list;
    eg_list_begin(&list, eval->arena);
    for (uint32_t i = 0; i < a->as.list.count; i++)
        eg_list_add(&list, a->as.list.items[i]);
    for (uint32_t i = 0; i < b->as.list.count; i++)
        eg_list_add(&list, b->as.list.items[i]);
    return eg_list_node(&list, NULL);
}

static bool is_time(const struct eg_node *node) {
    return node->kind == EG_TIMESTAMP || node->kind == EG_DURATION;
}

/* Text of which a part isn't known. Two unknowns may be anything: they aren't joined. */
static bool is_partial_text(const struct eg_node *a, const struct eg_node *b) {
    if (!eg_text_is(a) || !eg_text_is(b))
        return false;
    return a->kind != EG_UNKNOWN || b->kind != EG_UNKNOWN;
}

static const struct eg_node *arithmetic(struct eg_cel_eval *eval, enum eg_cel_operator op,
                                        const struct eg_node *a, const struct eg_node *b) {
    if (a->kind == EG_INT && b->kind == EG_INT)
        return int_arithmetic(eval, op, a->as.integer, b->as.integer);
    if (a->kind == EG_UINT && b->kind == EG_UINT)
        return uint_arithmetic(eval, op, a->as.unsigned_integer, b->as.unsigned_integer);
    if (a->kind == EG_DOUBLE && b->kind == EG_DOUBLE && op != EG_CEL_MODULO)
        return eg_cel_double(eval, double_arithmetic(op, a->as.number, b->as.number));
    if (op == EG_CEL_ADD && a->kind == b->kind && (a->kind == EG_STRING || a->kind == EG_BYTES))
        return join_texts(eval, a, b);
    if (op == EG_CEL_ADD && a->kind == EG_LIST && b->kind == EG_LIST)
        return join_lists(eval, a, b);
    if (is_time(a) && is_time(b) && (op == EG_CEL_ADD || op == EG_CEL_SUBTRACT))
        return eg_cel_time_arithmetic(eval, op == EG_CEL_SUBTRACT, a, b);
    if (op == EG_CEL_ADD && is_partial_text(a, b))
        return eg_text_join(eval->arena, (const struct eg_node *const[]){a, b}, 2, a);
    a = eg_cel_known(eval, a);
    b = eg_cel_known(eval, b);
    if (eg_cel_is_stop(a) || eg_cel_is_stop(b))
        return eg_cel_stop(a, b);
    return no_overload(eval, op, a, b);
}

const struct eg_node *eg_cel_negate(struct eg_cel_eval *eval, const struct eg_node *value) {
    value = eg_cel_known(eval, value);
    if (value->kind == EG_INT)
        return int_arithmetic(eval, EG_CEL_SUBTRACT, 0, value->as.integer);
    if (value->kind == EG_DOUBLE)
        return eg_cel_double(eval, -value->as.number);
    if (eg_cel_is_stop(value))
        return value;
    struct eg_str type = eg_cel_type_name(value);
    return eg_cel_error(eval, "no such overload: -%.*s", EG_STR_ARGS(type));
}

/* ---- order, equality, membership ---- */

static const struct eg_node *order(struct eg_cel_eval *eval, enum eg_cel_operator op,
                                   const struct eg_node *a, const struct eg_node *b) {
    int order = 0;
    a = eg_cel_known(eval, a);
    b = eg_cel_known(eval, b);
    if (eg_cel_is_stop(a) || eg_cel_is_stop(b))
        return eg_cel_stop(a, b);
    if (!eg_cel_compare(a, b, &order)) {
        bool numbers = (a->kind == EG_DOUBLE || b->kind == EG_DOUBLE) &&
                       (a->kind == EG_INT || a->kind == EG_UINT || a->kind == EG_DOUBLE) &&
                       (b->kind == EG_INT || b->kind == EG_UINT || b->kind == EG_DOUBLE);
        return numbers ? eg_node_bool(false) : no_overload(eval, op, a, b);
    }
    switch (op) {
    case EG_CEL_LESS:
        return eg_node_bool(order < 0);
    case EG_CEL_LESS_EQUAL:
        return eg_node_bool(order <= 0);
    case EG_CEL_GREATER:
        return eg_node_bool(order > 0);
    default:
        return eg_node_bool(order >= 0);
    }
}

static const struct eg_node *equality(struct eg_cel_eval *eval, bool negated,
                                      const struct eg_node *a, const struct eg_node *b) {
    if (a->kind == EG_ERROR || b->kind == EG_ERROR)
        return eg_cel_stop(a, b);
    enum eg_truth equal = eg_cel_equal(eval, a, b);
    if (equal == EG_UNDECIDED)
        return eg_cel_truth(eval, equal, a, b);
    return eg_node_bool((equal == EG_TRUE) != negated);
}

/* Is ITEM equal to what stands in RAW, whichever way the conditions go? */
static enum eg_truth equal_raw(struct eg_cel_eval *eval, const struct eg_node *item,
                               const struct eg_node *raw) {
    const struct eg_node *value = eg_cel_force(eval, raw);
    if (value->kind == EG_ABSENT)
        return EG_FALSE;
    if (value->kind != EG_UNKNOWN || raw->kind != EG_CHOICE || !eg_cel_spend(eval, 1))
        return eg_cel_equal(eval, item, value);
    enum eg_truth yes = equal_raw(eval, item, raw->as.choice->if_true);
    enum eg_truth no = equal_raw(eval, item, raw->as.choice->if_false);
    return yes == no ? yes : EG_UNDECIDED;
}

static const struct eg_node *in_list(struct eg_cel_eval *eval, const struct eg_node *item,
                                     const struct eg_node *list) {
    const struct eg_node *stop = NULL;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *raw = list->as.list.items[i];
        switch (equal_raw(eval, item, raw)) {
        case EG_TRUE:
            return eg_node_bool(true);
        case EG_FALSE:
            break;
        case EG_UNDECIDED:
            stop =
                eg_cel_stop(stop, eg_cel_truth(eval, EG_UNDECIDED, item, eg_cel_force(eval, raw)));
            break;
        }
    }
    return stop != NULL ? stop : eg_node_bool(false);
}

static const struct eg_node *in(struct eg_cel_eval *eval, const struct eg_node *item,
                                const struct eg_node *of) {
    of = eg_cel_known(eval, of);
    if (item->kind == EG_ERROR || eg_cel_is_stop(of))
        return eg_cel_stop(item, of);
    if (of->kind == EG_LIST)
        return in_list(eval, item, of);
    if (!eg_cel_is_map(of))
        return no_overload(eval, EG_CEL_IN, item, of);
    item = eg_cel_known(eval, item);
    if (item->kind == EG_UNKNOWN)
        return item;
    const struct eg_node *raw = eg_cel_lookup_raw(eval, of, item);
    return eg_cel_truth(eval, eg_cel_present(eval, raw), eg_cel_force(eval, raw), NULL);
}

const struct eg_node *eg_cel_apply(struct eg_cel_eval *eval, enum eg_cel_operator op,
                                   const struct eg_node *left, const struct eg_node *right) {
    if (op < EG_CEL_EQUAL)
        return arithmetic(eval, op, left, right);
    if (op == EG_CEL_EQUAL || op == EG_CEL_NOT_EQUAL)
        return equality(eval, op == EG_CEL_NOT_EQUAL, left, right);
    return op == EG_CEL_IN ? in(eval, left, right) : order(eval, op, left, right);
}

/* For the reference page. */
static const struct eg_cel_function operators[] = {
    {.signature = "!bool -> bool", .doc = "not"},
    {.signature = "bool && bool -> bool",
     .doc = "and: false if either is, whatever the other one is, an error or unknown"},
    {.signature = "bool || bool -> bool",
     .doc = "or: true if either is, whatever the other one is"},
    {.signature = "bool ? T : T -> T",
     .doc = "the second value if the first is true, else the third"},
    {.signature = "T == T -> bool",
     .doc = "equal; numbers by their value, lists and maps by theirs"},
    {.signature = "T != T -> bool", .doc = "not equal"},
    {.signature = "T < T -> bool",
     .doc = "less; also <=, >, >=: for numbers, strings, bytes, bools, timestamps, durations"},
    {.signature = "T in list(T) -> bool", .doc = "is it an element"},
    {.signature = "K in map(K, V) -> bool", .doc = "is it a key"},
    {.signature = "N + N -> N",
     .doc = "sum; also -, *, /, and % for integers; overflow is an error"},
    {.signature = "string + string -> string", .doc = "joined; also for bytes and lists"},
    {.signature = "timestamp + duration -> timestamp", .doc = "later; also - for earlier"},
    {.signature = "timestamp - timestamp -> duration", .doc = "the time between"},
    {.signature = "list(T)[int] -> T", .doc = "the element with that number, counted from 0"},
    {.signature = "map(K, V)[K] -> V", .doc = "the value of the key; an error if there is none"},
    {.signature = "map(K, V)[?K] -> optional(V)",
     .doc = "the same as an optional; also list[?int]"},
    {.signature = "value.?field -> optional(T)",
     .doc = "the field as an optional: none if not given"},
    {0},
};

const struct eg_cel_group eg_cel_operators = {"operators", operators};
