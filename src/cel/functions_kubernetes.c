/* What Kubernetes adds to lists (kubernetes.io, "CEL in Kubernetes", the list library), so that
 * whoever has written admission policies finds it here. An element that isn't known leaves the
 * result so. */
#include "cel/function.h"

/* The next element, known, into *RET_ITEM; NULL behind the last. False: *RET_ITEM is a stop. */
static bool next(struct eg_cel_eval *eval, struct eg_cel_items *items,
                 const struct eg_node **ret_item) {
    *ret_item = NULL;
    if (!eg_cel_next(eval, items)) {
        if (eg_cel_spend(eval, 0))
            return true;
        *ret_item = eg_cel_limit_error();
        return false;
    }
    *ret_item = items->maybe ? items->item : eg_cel_known(eval, items->item);
    return !items->maybe && !eg_cel_is_stop(*ret_item);
}

static const struct eg_node *sum(const struct eg_cel_call *call) {
    struct eg_cel_items items = eg_cel_items(call->arguments[0]);
    const struct eg_node *total = NULL, *item;
    while (next(call->eval, &items, &item) && item != NULL) {
        bool number = item->kind == EG_INT || item->kind == EG_UINT || item->kind == EG_DOUBLE ||
                      item->kind == EG_DURATION;
        if (!number)
            return eg_cel_error(call->eval, "no such overload: the list holds what has no sum");
        total = total == NULL ? item : eg_cel_apply(call->eval, EG_CEL_ADD, total, item);
        if (eg_cel_is_stop(total))
            return total;
    }
    return item != NULL ? item : total != NULL ? total : eg_cel_int(call->eval, 0);
}

/* Compares; a stop if the two have no order. */
static const struct eg_node *order_of(struct eg_cel_eval *eval, const struct eg_node *a,
                                      const struct eg_node *b, int *ret_order) {
    return eg_cel_compare(a, b, ret_order)
               ? NULL
               : eg_cel_error(eval, "no such overload: the list holds what has no order");
}

static const struct eg_node *extreme(const struct eg_cel_call *call, bool greatest) {
    struct eg_cel_items items = eg_cel_items(call->arguments[0]);
    const struct eg_node *best = NULL, *item;
    while (next(call->eval, &items, &item) && item != NULL) {
        int order = 0;
        const struct eg_node *stop = best == NULL ? NULL : order_of(call->eval, item, best, &order);
        if (stop != NULL)
            return stop;
        if (best == NULL || (greatest ? order > 0 : order < 0))
            best = item;
    }
    if (item != NULL)
        return item;
    return best != NULL ? best : eg_cel_error(call->eval, "an empty list has no min and no max");
}

static const struct eg_node *min_of(const struct eg_cel_call *call) {
    return extreme(call, false);
}

static const struct eg_node *max_of(const struct eg_cel_call *call) {
    return extreme(call, true);
}

static const struct eg_node *is_sorted(const struct eg_cel_call *call) {
    struct eg_cel_items items = eg_cel_items(call->arguments[0]);
    const struct eg_node *before = NULL, *item;
    bool sorted = true;
    while (next(call->eval, &items, &item) && item != NULL) {
        int order = 0;
        const struct eg_node *stop =
            before == NULL ? NULL : order_of(call->eval, before, item, &order);
        if (stop != NULL)
            return stop;
        sorted = sorted && order <= 0;
        before = item;
    }
    return item != NULL ? item : eg_node_bool(sorted);
}

static const struct eg_node *index_of(const struct eg_cel_call *call, bool last) {
    struct eg_cel_items items = eg_cel_items(call->arguments[0]);
    const struct eg_node *wanted = call->arguments[1], *item;
    int64_t found = -1;
    while (next(call->eval, &items, &item) && item != NULL) {
        enum eg_truth same = eg_cel_equal(call->eval, item, wanted);
        if (same != EG_TRUE && same != EG_FALSE)
            return eg_cel_truth(call->eval, same, item, wanted);
        if (same == EG_TRUE && (last || found < 0))
            found = items.index;
    }
    return item != NULL ? item : eg_cel_int(call->eval, found);
}

static const struct eg_node *first_index_of(const struct eg_cel_call *call) {
    return index_of(call, false);
}

static const struct eg_node *last_index_of(const struct eg_cel_call *call) {
    return index_of(call, true);
}

static const struct eg_cel_function functions[] = {
    {"list(T).sum() -> T", "the sum of numbers or durations; 0 of none", sum, false, NULL},
    {"list(T).min() -> T", "the least element; an error of none", min_of, false, NULL},
    {"list(T).max() -> T", "the greatest element; an error of none", max_of, false, NULL},
    {"list(T).isSorted() -> bool", "is no element less than the one before it", is_sorted, false,
     NULL},
    {"list(T).indexOf(T) -> int", "the number of the first such element, or -1", first_index_of,
     false, NULL},
    {"list(T).lastIndexOf(T) -> int", "the number of the last such element, or -1", last_index_of,
     false, NULL},
    {0},
};

const struct eg_cel_group eg_cel_kubernetes = {"kubernetes", functions};
