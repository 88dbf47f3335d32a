/* Equality and order of values (langdef.md, "Equality and Ordering"). Called by the operators, `in`
 * and the list functions. Lists and maps are equal if their elements are; objects only to
 * themselves. */
#include "cel/eval.h"
#include "node/text.h"

#include <math.h>
#include <string.h>

/* ---- numbers ---- */

static bool is_number(const struct eg_node *node) {
    return node->kind == EG_INT || node->kind == EG_UINT || node->kind == EG_DOUBLE;
}

static int compare_ints(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int compare_uints(uint64_t a, uint64_t b) {
    return (a > b) - (a < b);
}

/* As the specification's conformance cases have it: integers beyond 2^53 are compared with doubles
 * by the double nearest to them, which is exact for what lies outside their range. */
static bool compare_doubles(double a, double b, int *ret_order) {
    if (isnan(a) || isnan(b))
        return false;
    *ret_order = (a > b) - (a < b);
    return true;
}

static double as_double(const struct eg_node *node) {
    if (node->kind == EG_INT)
        return (double)node->as.integer;
    return node->kind == EG_UINT ? (double)node->as.unsigned_integer : node->as.number;
}

static bool compare_numbers(const struct eg_node *a, const struct eg_node *b, int *ret_order) {
    if (a->kind == EG_DOUBLE || b->kind == EG_DOUBLE)
        return compare_doubles(as_double(a), as_double(b), ret_order);
    if (a->kind == EG_INT && b->kind == EG_INT)
        *ret_order = compare_ints(a->as.integer, b->as.integer);
    else if (a->kind == EG_UINT && b->kind == EG_UINT)
        *ret_order = compare_uints(a->as.unsigned_integer, b->as.unsigned_integer);
    else if (a->kind == EG_INT)
        *ret_order =
            a->as.integer < 0 ? -1 : compare_uints((uint64_t)a->as.integer, b->as.unsigned_integer);
    else
        *ret_order =
            b->as.integer < 0 ? 1 : compare_uints(a->as.unsigned_integer, (uint64_t)b->as.integer);
    return true;
}

static int compare_times(const struct eg_time *a, const struct eg_time *b) {
    int order = compare_ints(a->seconds, b->seconds);
    return order != 0 ? order : compare_ints(a->nanoseconds, b->nanoseconds);
}

bool eg_cel_compare(const struct eg_node *a, const struct eg_node *b, int *ret_order) {
    if (is_number(a) && is_number(b))
        return compare_numbers(a, b, ret_order);
    if (a->kind != b->kind)
        return false;
    switch ((enum eg_kind)a->kind) {
    case EG_BOOL:
        *ret_order = (int)a->as.boolean - (int)b->as.boolean;
        return true;
    case EG_STRING:
    case EG_BYTES:
        *ret_order = eg_str_compare(a->as.text, b->as.text);
        return true;
    case EG_TIMESTAMP:
    case EG_DURATION:
        *ret_order = compare_times(&a->as.time, &b->as.time);
        return true;
    default:
        return false;
    }
}

/* ---- equality ---- */

static enum eg_truth truth_of(bool value) {
    return value ? EG_TRUE : EG_FALSE;
}

static enum eg_truth equal_lists(struct eg_cel_eval *eval, const struct eg_node *a,
                                 const struct eg_node *b) {
    struct eg_cel_items left = eg_cel_items(a);
    struct eg_cel_items right = eg_cel_items(b);
    enum eg_truth result = EG_TRUE;
    for (;;) {
        bool more_left = eg_cel_next(eval, &left);
        bool more_right = eg_cel_next(eval, &right);
        if (!eg_cel_spend(eval, 0))
            return EG_UNDECIDED;
        if ((more_left && left.maybe) || (more_right && right.maybe))
            return EG_UNDECIDED;
        if (more_left != more_right)
            return EG_FALSE;
        if (!more_left)
            return result;
        enum eg_truth equal = eg_cel_equal(eval, left.item, right.item);
        if (equal == EG_FALSE)
            return EG_FALSE;
        if (equal == EG_UNDECIDED)
            result = EG_UNDECIDED;
    }
}

/* Is every entry of A in B with an equal value? *COUNT: how many there are. */
static enum eg_truth entries_in(struct eg_cel_eval *eval, const struct eg_node *a,
                                const struct eg_node *b, uint32_t *count) {
    enum eg_truth result = EG_TRUE;
    struct eg_cel_items items = eg_cel_items(a);
    while (eg_cel_next(eval, &items)) {
        if (items.maybe) {
            result = EG_UNDECIDED;
            continue;
        }
        ++*count;
        const struct eg_node *other = eg_cel_lookup(eval, b, items.key);
        enum eg_truth equal =
            other->kind == EG_ABSENT ? EG_FALSE : eg_cel_equal(eval, items.item, other);
        if (equal == EG_FALSE)
            return EG_FALSE;
        if (equal == EG_UNDECIDED)
            result = EG_UNDECIDED;
    }
    return result;
}

static enum eg_truth equal_maps(struct eg_cel_eval *eval, const struct eg_node *a,
                                const struct eg_node *b) {
    uint32_t count = 0;
    enum eg_truth result = entries_in(eval, a, b, &count);
    if (result == EG_FALSE || !eg_cel_spend(eval, 0))
        return result;
    uint32_t others = 0;
    struct eg_cel_items items = eg_cel_items(b);
    while (eg_cel_next(eval, &items)) {
        if (items.maybe)
            return EG_UNDECIDED;
        others++;
    }
    if (result == EG_UNDECIDED)
        return result;
    return truth_of(count == others);
}

static enum eg_truth equal_optionals(struct eg_cel_eval *eval, const struct eg_node *a,
                                     const struct eg_node *b) {
    if (a == NULL || b == NULL)
        return truth_of(a == b);
    return eg_cel_equal(eval, a, b);
}

static bool equal_addresses(const struct eg_address *a, const struct eg_address *b) {
    return a->length == b->length && a->prefix == b->prefix &&
           memcmp(a->bytes, b->bytes, a->length) == 0;
}

static enum eg_truth equal_kinds(struct eg_cel_eval *eval, const struct eg_node *a,
                                 const struct eg_node *b) {
    int order = 0;
    switch ((enum eg_kind)a->kind) {
    case EG_NULL:
        return EG_TRUE;
    case EG_LIST:
        return equal_lists(eval, a, b);
    case EG_OBJECT:
        return truth_of(a->as.object == b->as.object);
    case EG_TYPE:
        return truth_of(eg_str_equal(a->as.text, b->as.text));
    case EG_OPTIONAL:
        return equal_optionals(eval, a->as.optional, b->as.optional);
    case EG_ADDRESS:
        return truth_of(equal_addresses(a->as.address, b->as.address));
    default:
        return truth_of(eg_cel_compare(a, b, &order) && order == 0);
    }
}

enum eg_truth eg_cel_equal(struct eg_cel_eval *eval, const struct eg_node *a,
                           const struct eg_node *b) {
    if (!eg_cel_spend(eval, 1))
        return EG_UNDECIDED;
    int order = 0;
    if (is_number(a) && is_number(b))
        return truth_of(compare_numbers(a, b, &order) && order == 0);
    if (a->kind == EG_STRING && b->kind == EG_STRING)
        return truth_of(eg_str_equal(a->as.text, b->as.text));
    if (eg_text_is(a) && eg_text_is(b))
        return eg_text_equal(eval->scenario, a, b);
    if (a->kind == EG_UNKNOWN || b->kind == EG_UNKNOWN)
        return EG_UNDECIDED;
    if (eg_cel_is_map(a) && eg_cel_is_map(b))
        return equal_maps(eval, a, b);
    if (a->kind != b->kind)
        return EG_FALSE;
    return equal_kinds(eval, a, b);
}
