/* Lists (cel-go's ext/lists). Elements that aren't known stay elements of the result; where the
 * order or the number of elements matters and isn't decided, neither is the result. */
#include "cel/function.h"

#include <string.h>

/* The elements that are there, into LIST; NULL, or the unknown that says which aren't sure. */
static const struct eg_node *gather(struct eg_cel_eval *eval, const struct eg_node *of,
                                    struct eg_list_builder *list) {
    eg_list_begin(list, eval->arena);
    struct eg_cel_items items = eg_cel_items(of);
    while (eg_cel_next(eval, &items)) {
        if (items.maybe)
            return items.item;
        eg_list_add(list, items.raw);
    }
    return eg_cel_spend(eval, 0) ? NULL : eg_cel_limit_error();
}

static const struct eg_node *slice(const struct eg_cel_call *call) {
    int64_t start = call->arguments[1]->as.integer;
    int64_t end = call->arguments[2]->as.integer;
    struct eg_list_builder list;
    const struct eg_node *stop = gather(call->eval, call->arguments[0], &list);
    if (stop != NULL)
        return stop;
    if (start < 0 || start > end || end > (int64_t)list.count)
        return eg_cel_error(call->eval, "slice(%lld, %lld) of a list of %u elements",
                            (long long)start, (long long)end, list.count);
    struct eg_node *node = eg_node_new(call->eval->arena, EG_LIST, NULL);
    if (end > start)
        node->as.list = (struct eg_list){list.items + start, (uint32_t)(end - start)};
    return node;
}

/* ---- flatten ---- */

static const struct eg_node *flatten_into(struct eg_cel_eval *eval, const struct eg_node *of,
                                          int64_t depth, struct eg_list_builder *out) {
    struct eg_cel_items items = eg_cel_items(of);
    while (eg_cel_next(eval, &items)) {
        const struct eg_node *stop = NULL;
        if (items.maybe || (items.item->kind == EG_UNKNOWN && depth > 0))
            eg_list_add(out, eg_cel_maybe(eval, items.item));
        else if (items.item->kind == EG_LIST && depth > 0)
            stop = flatten_into(eval, items.item, depth - 1, out);
        else
            eg_list_add(out, items.raw);
        if (stop != NULL)
            return stop;
    }
    return eg_cel_spend(eval, 0) ? NULL : eg_cel_limit_error();
}

static const struct eg_node *flatten_to(const struct eg_cel_call *call, int64_t depth) {
    struct eg_list_builder list;
    eg_list_begin(&list, call->eval->arena);
    const struct eg_node *stop = flatten_into(call->eval, call->arguments[0], depth, &list);
    return stop != NULL ? stop : eg_list_node(&list, NULL);
}

static const struct eg_node *flatten(const struct eg_cel_call *call) {
    return flatten_to(call, 1);
}

static const struct eg_node *flatten_depth(const struct eg_cel_call *call) {
    int64_t depth = call->arguments[1]->as.integer;
    if (depth < 0)
        return eg_cel_error(call->eval, "flatten() takes no negative number");
    return flatten_to(call, depth);
}

/* ---- distinct ---- */

static const struct eg_node *distinct(const struct eg_cel_call *call) {
    struct eg_cel_eval *eval = call->eval;
    struct eg_list_builder list;
    eg_list_begin(&list, eval->arena);
    struct eg_cel_items items = eg_cel_items(call->arguments[0]);
    while (eg_cel_next(eval, &items)) {
        bool found = false;
        const struct eg_node *stop = items.maybe ? items.item : NULL;
        for (uint32_t i = 0; i < list.count && !found; i++) {
            if (eg_cel_is_maybe(list.items[i]))
                continue;
            enum eg_truth equal = eg_cel_equal(eval, items.item, list.items[i]);
            found = equal == EG_TRUE;
            if (equal == EG_UNDECIDED && stop == NULL)
                stop = eg_cel_truth(eval, equal, items.item, list.items[i]);
        }
        if (stop != NULL && stop->kind != EG_UNKNOWN)
            return stop;
        if (!found)
            eg_list_add(&list, stop != NULL ? eg_cel_maybe(eval, stop) : items.item);
    }
    return eg_list_node(&list, NULL);
}

/* ---- order ---- */

static const struct eg_node *check_keys(struct eg_cel_eval *eval, struct eg_list keys) {
    const struct eg_node *stop = NULL;
    for (uint32_t i = 0; i < keys.count; i++) {
        const struct eg_node *key = eg_cel_known(eval, keys.items[i]);
        if (eg_cel_is_stop(key))
            stop = eg_cel_stop(stop, key);
        int order = 0;
        bool nan = key->kind == EG_DOUBLE;
        if (stop == NULL && (keys.items[i]->kind != keys.items[0]->kind ||
                             (!nan && !eg_cel_compare(key, key, &order))))
            return eg_cel_error(eval, "sorting takes values of one type that has an order");
    }
    return stop;
}

/* Merges the sorted halves of ORDER[0..COUNT) into ROOM and back. */
static void merge(struct eg_list keys, uint32_t *order, uint32_t *room, uint32_t half,
                  uint32_t count) {
    uint32_t left = 0;
    uint32_t right = half;
    for (uint32_t i = 0; i < count; i++) {
        int difference = 0;
        if (left < half && right < count)
            eg_cel_compare(keys.items[order[left]], keys.items[order[right]], &difference);
        bool take_left = right == count || (left < half && difference <= 0);
        room[i] = order[take_left ? left++ : right++];
    }
    memcpy(order, room, count * sizeof *order);
}

static void sort_order(struct eg_list keys, uint32_t *order, uint32_t *room, uint32_t count) {
    if (count < 2)
        return;
    uint32_t half = count / 2;
    sort_order(keys, order, room, half);
    sort_order(keys, order + half, room, count - half);
    merge(keys, order, room, half, count);
}

const struct eg_node *eg_cel_sort(struct eg_cel_eval *eval, struct eg_list items,
                                  struct eg_list keys) {
    const struct eg_node *stop = check_keys(eval, keys);
    if (stop != NULL)
        return stop;
    /* n log n comparisons. */
    for (uint32_t n = keys.count; n > 0; n /= 2)
        eg_cel_spend(eval, keys.count);
    if (!eg_cel_spend(eval, 0))
        return eg_cel_limit_error();
    uint32_t *order = EG_NEW_ARRAY(eval->arena, uint32_t, keys.count);
    uint32_t *room = EG_NEW_ARRAY(eval->arena, uint32_t, keys.count);
    for (uint32_t i = 0; i < keys.count; i++)
        order[i] = i;
    sort_order(keys, order, room, keys.count);
    struct eg_list_builder sorted;
    eg_list_begin(&sorted, eval->arena);
    for (uint32_t i = 0; i < keys.count; i++)
        eg_list_add(&sorted, items.items[order[i]]);
    return eg_list_node(&sorted, NULL);
}

static const struct eg_node *sort(const struct eg_cel_call *call) {
    struct eg_list_builder list;
    const struct eg_node *stop = gather(call->eval, call->arguments[0], &list);
    if (stop != NULL)
        return stop;
    for (uint32_t i = 0; i < list.count; i++)
        list.items[i] = eg_cel_force(call->eval, list.items[i]);
    return eg_cel_sort(call->eval, eg_list_end(&list), eg_list_end(&list));
}

static const struct eg_node *reverse(const struct eg_cel_call *call) {
    struct eg_list_builder list;
    const struct eg_node *stop = gather(call->eval, call->arguments[0], &list);
    if (stop != NULL)
        return stop;
    for (uint32_t i = 0; i < list.count / 2; i++) {
        const struct eg_node *item = list.items[i];
        list.items[i] = list.items[list.count - 1 - i];
        list.items[list.count - 1 - i] = item;
    }
    return eg_list_node(&list, NULL);
}

/* ---- ends, ranges ---- */

static const struct eg_node *end_of(const struct eg_cel_call *call, bool last) {
    struct eg_list_builder list;
    const struct eg_node *stop = gather(call->eval, call->arguments[0], &list);
    if (stop != NULL)
        return stop;
    if (list.count == 0)
        return eg_cel_optional(call->eval, NULL);
    return eg_cel_optional(call->eval,
                           eg_cel_force(call->eval, list.items[last ? list.count - 1 : 0]));
}

static const struct eg_node *first(const struct eg_cel_call *call) {
    return end_of(call, false);
}

static const struct eg_node *last(const struct eg_cel_call *call) {
    return end_of(call, true);
}

static const struct eg_node *range(const struct eg_cel_call *call) {
    enum { MOST = 1000000 }; /* the specification's cases have one more be an error */
    int64_t count = call->arguments[0]->as.integer;
    if (count < 0)
        return eg_cel_error(call->eval, "lists.range() takes no negative number");
    if (count > MOST)
        return eg_cel_error(call->eval, "lists.range() makes at most %d elements", MOST);
    if (!eg_cel_spend(call->eval, (uint64_t)count))
        return eg_cel_limit_error();
    struct eg_arena *arena = call->eval->arena;
    struct eg_node *numbers = EG_NEW_ARRAY(arena, struct eg_node, (size_t)count);
    const struct eg_node **items = EG_NEW_ARRAY(arena, const struct eg_node *, (size_t)count);
    for (int64_t i = 0; i < count; i++) {
        numbers[i].kind = EG_INT;
        numbers[i].as.integer = i;
        items[i] = &numbers[i];
    }
    struct eg_node *list = eg_node_new(arena, EG_LIST, NULL);
    list->as.list = (struct eg_list){items, (uint32_t)count};
    return list;
}

static const struct eg_cel_function functions[] = {
    {"list(T).slice(int, int) -> list(T)", "the elements from the first number up to the second",
     slice, false, NULL},
    {"list(T).flatten() -> list(dyn)", "the elements of the lists in it, one level deep", flatten,
     false, NULL},
    {"list(T).flatten(int) -> list(dyn)", "the same, as many levels deep", flatten_depth, false,
     NULL},
    {"list(T).distinct() -> list(T)", "each element once, where it stands first", distinct, false,
     NULL},
    {"list(T).sort() -> list(T)", "the elements in ascending order", sort, false, NULL},
    {"list(T).reverse() -> list(T)", "the elements from the last to the first", reverse, false,
     NULL},
    {"list(T).first() -> optional(T)", "the first element, if there is one", first, false, NULL},
    {"list(T).last() -> optional(T)", "the last element, if there is one", last, false, NULL},
    {"lists.range(int) -> list(int)", "the numbers from 0 up to that one", range, false, NULL},
    {0},
};

const struct eg_cel_group eg_cel_lists = {"lists", functions};
