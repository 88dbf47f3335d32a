/* The order of judging; see order.h. Called by judge.c. */
#include "policy/order.h"

#include "policy/rule.h"

#include <stdlib.h>

/* ---- rules by what they match ---- */

static void index_rules(struct eg_order *order, const struct eg_policy *policy,
                        struct eg_arena *arena) {
    eg_map_init(&order->by_match, arena);
    for (uint32_t i = 0; i < policy->rule_count; i++) {
        const struct eg_rule *rule = policy->rules[i];
        if (!eg_rule_is_compiled(rule))
            continue;
        struct eg_order_list *list = eg_map_get(&order->by_match, rule->match);
        if (list == NULL) {
            list = EG_NEW(arena, struct eg_order_list);
            list->rules = EG_NEW_ARRAY(arena, const struct eg_rule *, policy->rule_count - i);
            (void)eg_map_put(&order->by_match, rule->match, list);
        }
        list->rules[list->count++] = rule;
    }
}

struct eg_order_list eg_order_list_of(const struct eg_order *order, struct eg_str match) {
    const struct eg_order_list *list =
        match.length == 0 ? NULL : eg_map_get(&order->by_match, match);
    return list == NULL ? (struct eg_order_list){0} : *list;
}

/* Only the objects of kind `resource` are also matched by a type of resource. */
static struct eg_str resource_type(const struct eg_object *object) {
    if (!eg_str_is(object->type->name, "resource"))
        return EG_STR("");
    const struct eg_resource *resource = eg_model_resource(object);
    return resource == NULL ? EG_STR("") : resource->type;
}

struct eg_order_rules eg_order_rules(const struct eg_order *order,
                                     const struct eg_order_object *object) {
    const struct eg_object *typed = object->node->as.object;
    return (struct eg_order_rules){.of_kind = eg_order_list_of(order, typed->type->name),
                                   .of_type = eg_order_list_of(order, resource_type(typed))};
}

static const struct eg_rule *take(struct eg_order_list *list) {
    list->count--;
    return *list->rules++;
}

const struct eg_rule *eg_order_next(struct eg_order_rules *rules) {
    if (rules->of_kind.count == 0)
        return rules->of_type.count == 0 ? NULL : take(&rules->of_type);
    if (rules->of_type.count > 0 &&
        rules->of_type.rules[0]->number < rules->of_kind.rules[0]->number)
        return take(&rules->of_type);
    return take(&rules->of_kind);
}

/* ---- objects ---- */

/* By the names of stacks: an object without a resource says its stack, or is one. */
static uint32_t stack_number(const struct eg_map *stacks, struct eg_scenario *scenario,
                             const struct eg_node *node) {
    const struct eg_node *stack = eg_object_get(node->as.object, EG_STR("stack"));
    if (stack != NULL)
        stack = eg_scenario_force(scenario, stack);
    if (stack == NULL || stack->kind != EG_OBJECT)
        stack = node;
    const struct eg_node *name = eg_object_get(stack->as.object, EG_STR("name"));
    const uint32_t *number = eg_map_get(stacks, eg_node_text(eg_scenario_force(scenario, name)));
    return number == NULL ? 0 : *number;
}

static struct eg_order_object place_object(const struct eg_map *stacks,
                                           struct eg_scenario *scenario,
                                           const struct eg_node *node) {
    struct eg_order_object object = {.node = node};
    const struct eg_resource *resource = eg_model_resource(node->as.object);
    if (resource == NULL) {
        object.stack = stack_number(stacks, scenario, node);
        return object;
    }
    /* Resources are numbered in the order of stacks already. */
    const uint32_t *number = eg_map_get(stacks, resource->stack->name);
    object.stack = number == NULL ? 0 : *number;
    object.resource = resource->number + 1;
    return object;
}

static int compare(const void *left, const void *right) {
    const struct eg_order_object *a = left, *b = right;
    if (a->stack != b->stack)
        return a->stack < b->stack ? -1 : 1;
    if (a->resource != b->resource)
        return a->resource < b->resource ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static void number_stacks(struct eg_map *stacks, const struct eg_model *model) {
    eg_map_init(stacks, model->arena);
    for (uint32_t i = model->system->stack_count; i > 0; i--) {
        uint32_t *number = EG_NEW(model->arena, uint32_t);
        *number = i - 1;
        (void)eg_map_put(stacks, model->system->stacks[i - 1]->name, number);
    }
}

void eg_order_make(struct eg_order *order, const struct eg_policy *policy, struct eg_model *model) {
    uint32_t total = 0;
    index_rules(order, policy, model->arena);
    number_stacks(&order->stacks, model);
    for (uint32_t i = 0; i < model->kind_count; i++)
        total += model->kinds[i].count;
    order->objects = EG_NEW_ARRAY(model->arena, struct eg_order_object, total);
    order->count = 0;
    for (uint32_t i = 0; i < model->kind_count; i++)
        for (uint32_t j = 0; j < model->kinds[i].count; j++) {
            struct eg_order_object object =
                place_object(&order->stacks, &model->system->scenario, model->kinds[i].objects[j]);
            object.kind = i;
            object.index = j;
            struct eg_order_rules rules = eg_order_rules(order, &object);
            if (rules.of_kind.count + rules.of_type.count > 0)
                order->objects[order->count++] = object;
        }
    if (order->count > 0)
        qsort(order->objects, order->count, sizeof *order->objects, compare);
}
