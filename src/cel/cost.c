/* What an expression may cost, estimated before it runs. Called by check.c, once an expression has
 * its types. The unit is that of the budget it runs with: an expression looked at is a step, and a
 * macro takes its body's steps once for each element. */
#include "cel/expr.h"

#include "base/limits.h"
#include "cel/lexer.h"

enum {
    /* Elements of a list that isn't written out. Containers, rules and subnets are fewer; what is
     * more is for the budget of the run. */
    ASSUMED_ELEMENTS = 20,
};

struct estimate {
    uint64_t steps;
    const struct eg_cel_expr *dearest; /* the macro in which the limit was passed */
};

static uint64_t elements_of(const struct eg_cel_expr *range) {
    const struct eg_node *value = range->kind == EG_CEL_LITERAL ? range->value : NULL;
    if (value != NULL)
        return value->kind == EG_LIST  ? value->as.list.count
               : value->kind == EG_MAP ? value->as.map.count
                                       : 1;
    if (range->kind == EG_CEL_LIST)
        return range->count;
    if (range->kind == EG_CEL_MAP)
        return range->count / 2;
    return ASSUMED_ELEMENTS;
}

/* Adds what EXPR costs where it is evaluated TIMES times, inside MACRO. A tree is as high as the
 * parser lets it be. */
static void add(struct estimate *estimate, const struct eg_cel_expr *expr, uint64_t times,
                const struct eg_cel_expr *macro) {
    uint64_t inside = times;
    if (expr->kind == EG_CEL_MACRO && expr->op < EG_CEL_OPT_MAP) {
        inside *= elements_of(expr->operands[0]);
        macro = expr;
    }
    if (inside > EG_LIMIT_EVALUATION_STEPS)
        inside = EG_LIMIT_EVALUATION_STEPS;
    estimate->steps += times;
    for (uint32_t i = 0; i < expr->count && estimate->dearest == NULL; i++)
        add(estimate, expr->operands[i], i == 0 ? times : inside, macro);
    if (estimate->steps > EG_LIMIT_EVALUATION_STEPS && estimate->dearest == NULL)
        estimate->dearest = macro;
}

bool eg_cel_is_affordable(const struct eg_cel_expr *root, struct eg_cel_fault *fault) {
    struct estimate estimate = {0};
    add(&estimate, root, 1, NULL);
    if (estimate.dearest == NULL)
        return true;
    return eg_cel_fault_set(fault, estimate.dearest->anchor, estimate.dearest->anchor_end,
                            "this is too costly: with lists of %d elements it takes more than the "
                            "%d steps that a rule has",
                            ASSUMED_ELEMENTS, EG_LIMIT_EVALUATION_STEPS);
}
