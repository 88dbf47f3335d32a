/* Lists as sets (cel-go's ext/sets). */
#include "cel/function.h"

/* Is ITEM in LIST; undecided: *UNKNOWN is why. */
static enum eg_truth is_in(struct eg_cel_eval *eval, const struct eg_node *item,
                           const struct eg_node *list, const struct eg_node **unknown) {
    const struct eg_node *found = eg_cel_apply(eval, EG_CEL_IN, item, list);
    if (found->kind == EG_BOOL)
        return found->as.boolean ? EG_TRUE : EG_FALSE;
    *unknown = eg_cel_stop(*unknown, found);
    return EG_UNDECIDED;
}

/* Over all items of B: DECISIVE as soon as one is in A (or not, for contains); else the other. */
static const struct eg_node *compare(struct eg_cel_eval *eval, const struct eg_node *a,
                                     const struct eg_node *b, bool any) {
    const struct eg_node *unknown = NULL;
    struct eg_cel_items items = eg_cel_items(b);
    while (eg_cel_next(eval, &items)) {
        enum eg_truth found = is_in(eval, items.item, a, &unknown);
        if (found == (any ? EG_TRUE : EG_FALSE)) {
            if (!items.maybe)
                return eg_node_bool(any);
            unknown = eg_cel_stop(unknown, items.item);
        }
    }
    return unknown != NULL ? unknown : eg_node_bool(!any);
}

static const struct eg_node *contains(const struct eg_cel_call *call) {
    return compare(call->eval, call->arguments[0], call->arguments[1], false);
}

static const struct eg_node *equivalent(const struct eg_cel_call *call) {
    const struct eg_node *one = compare(call->eval, call->arguments[0], call->arguments[1], false);
    if (one->kind == EG_BOOL && !one->as.boolean)
        return one;
    const struct eg_node *other =
        compare(call->eval, call->arguments[1], call->arguments[0], false);
    if (other->kind == EG_BOOL && !other->as.boolean)
        return other;
    return eg_cel_is_stop(one) ? eg_cel_stop(one, other) : other;
}

static const struct eg_node *intersects(const struct eg_cel_call *call) {
    return compare(call->eval, call->arguments[0], call->arguments[1], true);
}

static const struct eg_cel_function functions[] = {
    {"sets.contains(list(T), list(T)) -> bool", "does the first hold all that the second holds",
     contains, false, NULL},
    {"sets.equivalent(list(T), list(T)) -> bool", "do both hold the same", equivalent, false, NULL},
    {"sets.intersects(list(T), list(T)) -> bool", "is there something that both hold", intersects,
     false, NULL},
    {0},
};

const struct eg_cel_group eg_cel_sets = {"sets", functions};
