/* The order of judging: all objects of a model by stack, resource and kind, and for each the rules
 * that match it, by number. */
#ifndef EG_POLICY_ORDER_H
#define EG_POLICY_ORDER_H

#include "policy/policy.h"

struct eg_order_object {
    const struct eg_node *node;
    uint32_t stack;    /* number in the system */
    uint32_t resource; /* number in the system + 1; 0: none */
    uint32_t kind;     /* number in the schema */
    uint32_t index;    /* among the kind's objects */
};

struct eg_order_list {
    const struct eg_rule **rules;
    uint32_t count;
};

struct eg_order {
    struct eg_order_object *objects; /* those that some rule matches */
    uint32_t count;
    struct eg_map by_match; /* kind or resource type to struct eg_order_list * */
    struct eg_map stacks;   /* name to uint32_t *, its number; of several with a name the first's */
};

/* The rules of one object, on the way. */
struct eg_order_rules {
    struct eg_order_list of_kind, of_type;
};

/* Makes the order in the model's arena. */
void eg_order_make(struct eg_order *order, const struct eg_policy *policy, struct eg_model *model);

/* The rules that match MATCH, a kind or a resource type. */
struct eg_order_list eg_order_list_of(const struct eg_order *order, struct eg_str match);

struct eg_order_rules eg_order_rules(const struct eg_order *order,
                                     const struct eg_order_object *object);
/* The next of them; NULL: that was all. */
const struct eg_rule *eg_order_next(struct eg_order_rules *rules);

#endif
