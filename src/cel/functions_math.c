/* Mathematics (cel-go's ext/math). */
#include "cel/function.h"

#include <math.h>

static const struct eg_node *extreme_of(struct eg_cel_eval *eval,
                                        const struct eg_node *const *items, uint32_t count,
                                        bool greatest) {
    const struct eg_node *best = items[0];
    for (uint32_t i = 1; i < count; i++) {
        int order = 0;
        if (!eg_cel_compare(items[i], best, &order))
            return eg_cel_error(eval, "NaN is neither greater nor less than a number");
        if (greatest ? order > 0 : order < 0)
            best = items[i];
    }
    return best;
}

static const struct eg_node *extreme_in(const struct eg_cel_call *call, bool greatest) {
    struct eg_list_builder list;
    eg_list_begin(&list, call->eval->arena);
    struct eg_cel_items items = eg_cel_items(call->arguments[0]);
    while (eg_cel_next(call->eval, &items)) {
        const struct eg_node *item = eg_cel_known(call->eval, items.item);
        if (eg_cel_is_stop(item))
            return item;
        if (item->kind != EG_INT && item->kind != EG_UINT && item->kind != EG_DOUBLE)
            return eg_cel_error(call->eval, "no such overload: the list holds what is no number");
        eg_list_add(&list, item);
    }
    if (list.count == 0)
        return eg_cel_error(call->eval, "an empty list has no greatest and no least");
    return extreme_of(call->eval, list.items, list.count, greatest);
}

static const struct eg_node *greatest(const struct eg_cel_call *call) {
    return extreme_of(call->eval, call->arguments, call->count, true);
}

static const struct eg_node *least(const struct eg_cel_call *call) {
    return extreme_of(call->eval, call->arguments, call->count, false);
}

static const struct eg_node *greatest_in(const struct eg_cel_call *call) {
    return extreme_in(call, true);
}

static const struct eg_node *least_in(const struct eg_cel_call *call) {
    return extreme_in(call, false);
}

/* ---- rounding ---- */

static double number(const struct eg_cel_call *call) {
    return call->arguments[0]->as.number;
}

static const struct eg_node *ceil_of(const struct eg_cel_call *call) {
    return eg_cel_double(call->eval, ceil(number(call)));
}

static const struct eg_node *floor_of(const struct eg_cel_call *call) {
    return eg_cel_double(call->eval, floor(number(call)));
}

static const struct eg_node *round_of(const struct eg_cel_call *call) {
    return eg_cel_double(call->eval, round(number(call)));
}

static const struct eg_node *trunc_of(const struct eg_cel_call *call) {
    return eg_cel_double(call->eval, trunc(number(call)));
}

static const struct eg_node *is_inf(const struct eg_cel_call *call) {
    return eg_node_bool(isinf(number(call)));
}

static const struct eg_node *is_nan(const struct eg_cel_call *call) {
    return eg_node_bool(isnan(number(call)));
}

static const struct eg_node *is_finite(const struct eg_cel_call *call) {
    return eg_node_bool(isfinite(number(call)));
}

static const struct eg_node *sqrt_of(const struct eg_cel_call *call) {
    const struct eg_node *value = call->arguments[0];
    double x = value->kind == EG_DOUBLE ? value->as.number
               : value->kind == EG_INT  ? (double)value->as.integer
                                        : (double)value->as.unsigned_integer;
    return eg_cel_double(call->eval, sqrt(x));
}

/* ---- signs ---- */

static const struct eg_node *abs_of(const struct eg_cel_call *call) {
    const struct eg_node *value = call->arguments[0];
    if (value->kind == EG_DOUBLE)
        return eg_cel_double(call->eval, fabs(value->as.number));
    if (value->kind == EG_UINT || value->as.integer >= 0)
        return value;
    if (value->as.integer == INT64_MIN)
        return eg_cel_error(call->eval, "integer overflow");
    return eg_cel_int(call->eval, -value->as.integer);
}

static const struct eg_node *sign_of(const struct eg_cel_call *call) {
    const struct eg_node *value = call->arguments[0];
    if (value->kind == EG_UINT)
        return eg_cel_uint(call->eval, value->as.unsigned_integer > 0);
    if (value->kind == EG_INT)
        return eg_cel_int(call->eval, (value->as.integer > 0) - (value->as.integer < 0));
    double x = value->as.number;
    return isnan(x) ? value : eg_cel_double(call->eval, (x > 0) - (x < 0));
}

/* ---- bits ---- */

static uint64_t bits(const struct eg_node *value) {
    return value->kind == EG_INT ? (uint64_t)value->as.integer : value->as.unsigned_integer;
}

static const struct eg_node *from_bits(const struct eg_cel_call *call, uint64_t value) {
    return call->arguments[0]->kind == EG_INT ? eg_cel_int(call->eval, (int64_t)value)
                                              : eg_cel_uint(call->eval, value);
}

static const struct eg_node *bit_and(const struct eg_cel_call *call) {
    return from_bits(call, bits(call->arguments[0]) & bits(call->arguments[1]));
}

static const struct eg_node *bit_or(const struct eg_cel_call *call) {
    return from_bits(call, bits(call->arguments[0]) | bits(call->arguments[1]));
}

static const struct eg_node *bit_xor(const struct eg_cel_call *call) {
    return from_bits(call, bits(call->arguments[0]) ^ bits(call->arguments[1]));
}

static const struct eg_node *bit_not(const struct eg_cel_call *call) {
    return from_bits(call, ~bits(call->arguments[0]));
}

static const struct eg_node *shift(const struct eg_cel_call *call, bool left) {
    int64_t by = call->arguments[1]->as.integer;
    uint64_t value = bits(call->arguments[0]);
    if (by < 0)
        return eg_cel_error(call->eval, "a shift by a negative number: %lld", (long long)by);
    if (by > 63)
        return from_bits(call, 0);
    return from_bits(call, left ? value << by : value >> by);
}

static const struct eg_node *shift_left(const struct eg_cel_call *call) {
    return shift(call, true);
}

static const struct eg_node *shift_right(const struct eg_cel_call *call) {
    return shift(call, false);
}

static const struct eg_cel_function functions[] = {
    {"math.greatest(N...) -> N", "the greatest of the numbers", greatest, false, NULL},
    {"math.greatest(list(N)) -> N", "the greatest number of the list", greatest_in, false, NULL},
    {"math.least(N...) -> N", "the least of the numbers", least, false, NULL},
    {"math.least(list(N)) -> N", "the least number of the list", least_in, false, NULL},
    {"math.ceil(double) -> double", "the next whole number above", ceil_of, false, NULL},
    {"math.floor(double) -> double", "the next whole number below", floor_of, false, NULL},
    {"math.round(double) -> double", "the nearest whole number; a half away from zero", round_of,
     false, NULL},
    {"math.trunc(double) -> double", "the whole number without what follows the point", trunc_of,
     false, NULL},
    {"math.abs(N) -> N", "the number without its sign", abs_of, false, NULL},
    {"math.sign(N) -> N", "-1, 0 or 1", sign_of, false, NULL},
    {"math.sqrt(N) -> double", "the square root; NaN of a negative number", sqrt_of, false, NULL},
    {"math.isInf(double) -> bool", "is it infinite", is_inf, false, NULL},
    {"math.isNaN(double) -> bool", "is it not a number", is_nan, false, NULL},
    {"math.isFinite(double) -> bool", "is it neither infinite nor NaN", is_finite, false, NULL},
    {"math.bitAnd(int, int) -> int", "the bits that both have", bit_and, false, NULL},
    {"math.bitAnd(uint, uint) -> uint", "the bits that both have", bit_and, false, NULL},
    {"math.bitOr(int, int) -> int", "the bits that either has", bit_or, false, NULL},
    {"math.bitOr(uint, uint) -> uint", "the bits that either has", bit_or, false, NULL},
    {"math.bitXor(int, int) -> int", "the bits that one of them has", bit_xor, false, NULL},
    {"math.bitXor(uint, uint) -> uint", "the bits that one of them has", bit_xor, false, NULL},
    {"math.bitNot(int) -> int", "the bits that it has not", bit_not, false, NULL},
    {"math.bitNot(uint) -> uint", "the bits that it has not", bit_not, false, NULL},
    {"math.bitShiftLeft(int, int) -> int", "the bits moved up", shift_left, false, NULL},
    {"math.bitShiftLeft(uint, int) -> uint", "the bits moved up", shift_left, false, NULL},
    {"math.bitShiftRight(int, int) -> int", "the bits moved down; zeros follow", shift_right, false,
     NULL},
    {"math.bitShiftRight(uint, int) -> uint", "the bits moved down", shift_right, false, NULL},
    {0},
};

const struct eg_cel_group eg_cel_math = {"math", functions};
