/* && || ?: in three-valued logic, and looking ahead at what a variable would decide. Called by the
 * evaluator.
 *
 * An operand that is unknown for want of one variable is tried under each of its values: where all
 * agree, nothing hangs on the variable and the judge need not explore it. So conditions that have
 * nothing to do with each other cost their sum, not their product.
 */
#include "cel/eval.h"

enum {
    /* Variables tried inside each other. */
    EXPLORING_LIMIT = 2,
    /* Values of one variable that are tried. */
    EXPLORED_VALUES = 32,
};

const struct eg_node *eg_cel_explore(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                     const struct eg_node *result) {
    if (result->kind != EG_UNKNOWN || eval->exploring == EXPLORING_LIMIT ||
        eval->frame->steps > eval->step_limit / 2)
        return result;
    const struct eg_variable *variable = result->as.unknown->variable;
    if (variable == NULL || variable->number >= eval->scenario->variable_count ||
        eg_scenario_value(eval->scenario, variable) != EG_UNASSIGNED)
        return result;
    uint32_t count = variable->count + (variable->open ? 1u : 0u);
    if (count == 0 || count > EXPLORED_VALUES)
        return result;
    const struct eg_node *agreed = NULL;
    eval->exploring++;
    for (uint32_t i = 0; i < count; i++) {
        eg_scenario_assign(eval->scenario, variable, (int32_t)i);
        const struct eg_node *value = eg_cel_evaluate(eval, expr);
        value = eg_cel_explore(eval, expr, value);
        bool agrees =
            value->kind == EG_BOOL && (agreed == NULL || agreed->as.boolean == value->as.boolean);
        agreed = agrees ? value : NULL;
        if (!agrees)
            break;
    }
    eg_scenario_assign(eval->scenario, variable, EG_UNASSIGNED);
    eval->exploring--;
    return agreed != NULL ? agreed : result;
}

/* An operand's value: a bool or a stop. */
static const struct eg_node *truth_operand(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                           const struct eg_cel_expr *operand) {
    const struct eg_node *value = eg_cel_known(eval, eg_cel_evaluate(eval, operand));
    if (eval->covered != NULL && value->kind == EG_BOOL)
        eg_cel_cover(eval->covered, operand, value->as.boolean);
    if (value->kind == EG_BOOL || eg_cel_is_stop(value))
        return value;
    struct eg_str type = eg_cel_type_name(value);
    return eg_cel_error(eval, "no such overload: %s takes a bool, not %.*s",
                        expr->kind == EG_CEL_AND ? "&&" : "||", EG_STR_ARGS(type));
}

/* The operands that were unknown, once more, each with its variable tried. */
static const struct eg_node *explore_operands(struct eg_cel_eval *eval,
                                              const struct eg_cel_expr *expr,
                                              const struct eg_node *const *values, bool decisive) {
    const struct eg_node *stop = NULL;
    for (uint32_t i = 0; i < expr->count; i++) {
        if (values[i] == NULL)
            continue;
        const struct eg_node *value = eg_cel_explore(eval, expr->operands[i], values[i]);
        if (value->kind == EG_BOOL && value->as.boolean == decisive)
            return value;
        if (value->kind != EG_BOOL)
            stop = eg_cel_stop(stop, value);
    }
    return stop != NULL ? stop : eg_node_bool(!decisive);
}

const struct eg_node *eg_cel_eval_junction(struct eg_cel_eval *eval,
                                           const struct eg_cel_expr *expr) {
    bool decisive = expr->kind == EG_CEL_OR;
    const struct eg_node **stops = NULL;
    const struct eg_node *stop = NULL;
    for (uint32_t i = 0; i < expr->count; i++) {
        const struct eg_node *value = truth_operand(eval, expr, expr->operands[i]);
        if (value->kind == EG_BOOL) {
            if (value->as.boolean == decisive)
                return value;
            continue;
        }
        if (stops == NULL)
            stops = EG_NEW_ARRAY(eval->arena, const struct eg_node *, expr->count);
        stops[i] = value;
        stop = eg_cel_stop(stop, value);
    }
    if (stop == NULL)
        return eg_node_bool(!decisive);
    if (stop->kind == EG_ERROR || stop->as.unknown->variable == NULL)
        return stop;
    return explore_operands(eval, expr, stops, decisive);
}

const struct eg_node *eg_cel_eval_conditional(struct eg_cel_eval *eval,
                                              const struct eg_cel_expr *expr) {
    const struct eg_node *condition = eg_cel_known(eval, eg_cel_evaluate(eval, expr->operands[0]));
    if (eval->covered != NULL && condition->kind == EG_BOOL)
        eg_cel_cover(eval->covered, expr->operands[0], condition->as.boolean);
    if (condition->kind == EG_BOOL)
        return eg_cel_evaluate(eval, expr->operands[condition->as.boolean ? 1 : 2]);
    if (condition->kind == EG_ERROR)
        return condition;
    if (condition->kind != EG_UNKNOWN) {
        struct eg_str type = eg_cel_type_name(condition);
        return eg_cel_error(eval, "no such overload: ?: takes a bool, not %.*s", EG_STR_ARGS(type));
    }
    /* Whichever it is, the value may be the same. */
    const struct eg_node *yes = eg_cel_evaluate(eval, expr->operands[1]);
    if (eg_cel_is_stop(yes))
        return condition;
    const struct eg_node *no = eg_cel_evaluate(eval, expr->operands[2]);
    return !eg_cel_is_stop(no) && eg_cel_equal(eval, yes, no) == EG_TRUE ? yes : condition;
}
