/* Looking at values under an assignment; see scenario.h. Called by everything behind resolving. */
#include "node/scenario.h"

#include "node/text.h"

#include <string.h>

void eg_scenario_init(struct eg_scenario *scenario, struct eg_arena *lasting,
                      uint32_t variable_count) {
    *scenario = (struct eg_scenario){
        .arena = lasting,
        .lasting = lasting,
        .assigned = EG_NEW_ARRAY(lasting, int32_t, variable_count),
        .variable_count = variable_count,
        .epoch = 1,
        .last_epoch = 1,
    };
    eg_map_init(&scenario->patterns, lasting);
    for (uint32_t i = 0; i < variable_count; i++)
        scenario->assigned[i] = EG_UNASSIGNED;
}

void eg_scenario_assign(struct eg_scenario *scenario, const struct eg_variable *variable,
                        int32_t value) {
    scenario->assigned[variable->number] = value;
    scenario->epoch = ++scenario->last_epoch;
}

int32_t eg_scenario_value(const struct eg_scenario *scenario, const struct eg_variable *variable) {
    return scenario->assigned[variable->number];
}

bool eg_scenario_is_open(const struct eg_scenario *scenario, const struct eg_unknown *unknown) {
    const struct eg_variable *variable = unknown->variable;
    return variable != NULL && variable->number < scenario->variable_count &&
           eg_scenario_value(scenario, variable) == EG_UNASSIGNED &&
           (unknown->why == EG_WHY_CONDITION || (variable->allowed && variable->count > 0));
}

/* ---- conditions ---- */

static enum eg_truth decide_variable(struct eg_scenario *scenario,
                                     const struct eg_condition *condition,
                                     const struct eg_unknown **ret_cause) {
    scenario->consulted++;
    int32_t value = eg_scenario_value(scenario, condition->variable);
    if (value != EG_UNASSIGNED)
        return value == 0 ? EG_TRUE : EG_FALSE;
    if (ret_cause != NULL && *ret_cause == NULL) {
        struct eg_unknown *cause = EG_NEW(scenario->arena, struct eg_unknown);
        *cause = (struct eg_unknown){.why = EG_WHY_CONDITION,
                                     .name = condition->variable->name,
                                     .scope = condition->variable->scope,
                                     .variable = condition->variable};
        *ret_cause = cause;
    }
    return EG_UNDECIDED;
}

/* The first undecided parameter among the operands of a comparison: what to explore next. */
static const struct eg_unknown *open_variable(const struct eg_scenario *scenario,
                                              const struct eg_node *node) {
    if (node->kind == EG_UNKNOWN) {
        const struct eg_variable *variable = node->as.unknown->variable;
        if (variable != NULL && eg_scenario_value(scenario, variable) == EG_UNASSIGNED)
            return node->as.unknown;
        return NULL;
    }
    if (node->kind != EG_PARTIAL && node->kind != EG_LIST)
        return NULL;
    for (uint32_t i = 0; i < node->as.list.count; i++) {
        const struct eg_unknown *found = open_variable(scenario, node->as.list.items[i]);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* Is one side a parameter that has "any other" value, and the other a literal it is none of? */
static bool is_another(const struct eg_scenario *scenario, const struct eg_node *open,
                       const struct eg_node *literal) {
    if (open->kind != EG_UNKNOWN || literal->kind != EG_STRING)
        return false;
    const struct eg_variable *variable = open->as.unknown->variable;
    if (variable == NULL || variable->condition ||
        eg_scenario_value(scenario, variable) != (int32_t)variable->count)
        return false;
    for (uint32_t i = 0; i < variable->count; i++)
        if (eg_str_equal(variable->values[i]->as.text, literal->as.text))
            return true;
    return false;
}

static enum eg_truth decide_equals(struct eg_scenario *scenario,
                                   const struct eg_condition *condition,
                                   const struct eg_unknown **ret_cause) {
    const struct eg_node *left = eg_scenario_force(scenario, condition->left);
    const struct eg_node *right = eg_scenario_force(scenario, condition->right);
    enum eg_truth equal = eg_text_equal(scenario, left, right);
    if (equal != EG_UNDECIDED)
        return equal;
    if (is_another(scenario, left, right) || is_another(scenario, right, left))
        return EG_FALSE;
    const struct eg_unknown *open = open_variable(scenario, left);
    if (open == NULL)
        open = open_variable(scenario, right);
    if (open == NULL)
        return decide_variable(scenario, condition, ret_cause);
    if (ret_cause != NULL && *ret_cause == NULL)
        *ret_cause = open;
    return EG_UNDECIDED;
}

static enum eg_truth decide_junction(struct eg_scenario *scenario,
                                     const struct eg_condition *condition,
                                     const struct eg_unknown **ret_cause) {
    enum eg_truth decisive = condition->kind == EG_CONDITION_AND ? EG_FALSE : EG_TRUE;
    enum eg_truth result = decisive == EG_FALSE ? EG_TRUE : EG_FALSE;
    const struct eg_unknown *cause = NULL;
    for (uint32_t i = 0; i < condition->count; i++) {
        enum eg_truth operand = eg_scenario_decide(scenario, condition->operands[i], &cause);
        if (operand == decisive)
            return decisive;
        if (operand == EG_UNDECIDED)
            result = EG_UNDECIDED;
    }
    if (result == EG_UNDECIDED && ret_cause != NULL && *ret_cause == NULL)
        *ret_cause = cause;
    return result;
}

enum eg_truth eg_scenario_decide(struct eg_scenario *scenario, const struct eg_condition *condition,
                                 const struct eg_unknown **ret_cause) {
    enum eg_truth operand;
    switch (condition->kind) {
    case EG_CONDITION_CONSTANT:
        return condition->constant ? EG_TRUE : EG_FALSE;
    case EG_CONDITION_EQUALS:
        return decide_equals(scenario, condition, ret_cause);
    case EG_CONDITION_AND:
    case EG_CONDITION_OR:
        return decide_junction(scenario, condition, ret_cause);
    case EG_CONDITION_NOT:
        operand = eg_scenario_decide(scenario, condition->operands[0], ret_cause);
        return operand == EG_UNDECIDED ? EG_UNDECIDED : operand == EG_TRUE ? EG_FALSE : EG_TRUE;
    case EG_CONDITION_VARIABLE:
        break;
    }
    return decide_variable(scenario, condition, ret_cause);
}

/* ---- forcing ---- */

static const struct eg_node *force_choice(struct eg_scenario *scenario,
                                          const struct eg_node *node) {
    const struct eg_unknown *cause = NULL;
    switch (eg_scenario_decide(scenario, node->as.choice->condition, &cause)) {
    case EG_TRUE:
        return eg_scenario_force(scenario, node->as.choice->if_true);
    case EG_FALSE:
        return eg_scenario_force(scenario, node->as.choice->if_false);
    case EG_UNDECIDED:
        break;
    }
    /* No identity of its own: two choices on one condition need not have the same value. */
    struct eg_unknown unknown = {.why = EG_WHY_CONDITION,
                                 .name = node->as.choice->condition->name,
                                 .scope = node,
                                 .variable = cause == NULL ? NULL : cause->variable};
    if (unknown.name.length == 0 && cause != NULL)
        unknown.name = cause->name;
    return eg_node_unknown(scenario->arena, unknown, node);
}

static const struct eg_node *force_unknown(struct eg_scenario *scenario,
                                           const struct eg_node *node) {
    const struct eg_variable *variable = node->as.unknown->variable;
    /* The variable of an undecided choice, or of what was computed, has other values than they. */
    if (variable == NULL || variable->condition || node->as.unknown->why == EG_WHY_CONDITION ||
        (node->flags & EG_FLAG_DERIVED) != 0)
        return node;
    scenario->consulted++;
    int32_t value = eg_scenario_value(scenario, variable);
    if (value == EG_UNASSIGNED || value >= (int32_t)variable->count)
        return node;
    return eg_node_moved(scenario->arena, variable->values[value], node);
}

static const struct eg_node *force_partial(struct eg_scenario *scenario,
                                           const struct eg_node *node) {
    const struct eg_node **pieces = NULL;
    for (uint32_t i = 0; i < node->as.list.count; i++) {
        const struct eg_node *piece = eg_scenario_force(scenario, node->as.list.items[i]);
        if (piece == node->as.list.items[i] && pieces == NULL)
            continue;
        if (pieces == NULL) {
            pieces = EG_NEW_ARRAY(scenario->arena, const struct eg_node *, node->as.list.count);
            memcpy(pieces, node->as.list.items, i * sizeof *pieces);
        }
        pieces[i] = piece;
    }
    if (pieces == NULL)
        return node;
    return eg_text_join(scenario->arena, pieces, node->as.list.count, node);
}

static const struct eg_node *force_lazy(struct eg_scenario *scenario, const struct eg_node *node) {
    struct eg_lazy *lazy = node->as.lazy;
    if (lazy->value != NULL && (lazy->epoch == 0 || lazy->epoch == scenario->epoch)) {
        /* What rests on a value that an assignment mattered for rests on the assignment too. */
        if (lazy->epoch != 0)
            scenario->consulted++;
        return lazy->value;
    }
    if (lazy->busy)
        return eg_node_unknown(scenario->lasting,
                               (struct eg_unknown){.why = EG_WHY_BROKEN,
                                                   .name = EG_STR("a value that hangs on itself")},
                               node);
    struct eg_arena *arena = scenario->arena;
    scenario->arena = scenario->lasting;
    lazy->busy = true;
    uint32_t consulted = scenario->consulted;
    const struct eg_node *value =
        eg_scenario_force(scenario, lazy->compute(scenario, lazy->context));
    scenario->arena = arena;
    lazy->busy = false;
    lazy->value = value;
    lazy->epoch = scenario->consulted == consulted ? 0 : scenario->epoch;
    return value;
}

const struct eg_node *eg_scenario_force(struct eg_scenario *scenario, const struct eg_node *node) {
    if (node == NULL)
        return eg_node_absent();
    switch (node->kind) {
    case EG_CHOICE:
        return force_choice(scenario, node);
    case EG_UNKNOWN:
        return force_unknown(scenario, node);
    case EG_PARTIAL:
        return force_partial(scenario, node);
    case EG_LAZY:
        return force_lazy(scenario, node);
    default:
        return node;
    }
}

struct eg_str eg_scenario_text(const struct eg_scenario *scenario, struct eg_arena *arena,
                               const struct eg_variable *const *variables) {
    struct eg_str text = EG_STR("");
    for (uint32_t i = 0; i < scenario->variable_count; i++) {
        const struct eg_variable *variable = variables[i];
        int32_t value = scenario->assigned[i];
        if (value == EG_UNASSIGNED)
            continue;
        struct eg_str part;
        if (variable->condition)
            part = eg_str_format(arena, "%.*s is %s", EG_STR_ARGS(variable->name),
                                 value == 0 ? "true" : "false");
        else if (value < (int32_t)variable->count)
            part = eg_str_format(arena, "%.*s is '%.*s'", EG_STR_ARGS(variable->name),
                                 EG_STR_ARGS(variable->values[value]->as.text));
        else if (variable->count == 1)
            part = eg_str_format(arena, "%.*s is not '%.*s'", EG_STR_ARGS(variable->name),
                                 EG_STR_ARGS(variable->values[0]->as.text));
        else
            part = eg_str_format(arena, "%.*s is any other value", EG_STR_ARGS(variable->name));
        text = text.length == 0
                   ? part
                   : eg_str_format(arena, "%.*s and %.*s", EG_STR_ARGS(text), EG_STR_ARGS(part));
    }
    return text;
}
