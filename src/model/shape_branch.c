/* The conditions under which the shape check looks at a value. Called by shape.c and shape_value.c.
 *
 * Inside Fn::If the check goes both ways, and remembers the side, so that a second Fn::If on the
 * same condition, or one that follows from it, is not taken for free. What follows from a side: the
 * condition itself; the operands of a true And and of a false Or; the operand of a Not; and of two
 * comparisons of the same parameter with different texts at most one is true. */
#include "model/shape_check.h"

#include "node/text.h"

enum { DEEPEST = 32 }; /* conditions in conditions that are looked through */

static enum eg_truth opposite(enum eg_truth truth) {
    return truth == EG_UNDECIDED ? EG_UNDECIDED : truth == EG_TRUE ? EG_FALSE : EG_TRUE;
}

/* What a comparison being SIDE tells of another. */
static enum eg_truth compare(struct eg_scenario *scenario, const struct eg_condition *known,
                             bool side, const struct eg_condition *asked) {
    if (known->kind != EG_CONDITION_EQUALS || asked->kind != EG_CONDITION_EQUALS)
        return EG_UNDECIDED;
    enum eg_truth left = eg_text_equal(scenario, eg_scenario_force(scenario, known->left),
                                       eg_scenario_force(scenario, asked->left));
    enum eg_truth right = eg_text_equal(scenario, eg_scenario_force(scenario, known->right),
                                        eg_scenario_force(scenario, asked->right));
    if (left == EG_TRUE && right == EG_TRUE)
        return side ? EG_TRUE : EG_FALSE;
    bool differ = (left == EG_TRUE && right == EG_FALSE) || (left == EG_FALSE && right == EG_TRUE);
    return side && differ ? EG_FALSE : EG_UNDECIDED;
}

/* What KNOWN being SIDE tells of ASKED, which is neither And, Or nor Not. */
static enum eg_truth follow(struct eg_scenario *scenario, const struct eg_condition *known,
                            bool side, const struct eg_condition *asked, int depth) {
    if (known == asked)
        return side ? EG_TRUE : EG_FALSE;
    if (depth > DEEPEST)
        return EG_UNDECIDED;
    bool all = known->kind == EG_CONDITION_NOT || (known->kind == EG_CONDITION_AND && side) ||
               (known->kind == EG_CONDITION_OR && !side);
    if (!all)
        return compare(scenario, known, side, asked);
    enum eg_truth truth = EG_UNDECIDED;
    for (uint32_t i = 0; i < known->count && truth == EG_UNDECIDED; i++)
        truth = follow(scenario, known->operands[i], known->kind == EG_CONDITION_NOT ? !side : side,
                       asked, depth + 1);
    return truth;
}

static enum eg_truth by_branches(const struct eg_shape_checker *checker,
                                 const struct eg_condition *condition) {
    enum eg_truth truth = EG_UNDECIDED;
    for (const struct eg_shape_branch *at = checker->branch; at != NULL && truth == EG_UNDECIDED;
         at = at->outer)
        truth = follow(&checker->system->scenario, at->condition, at->side, condition, 0);
    return truth;
}

static enum eg_truth decide(const struct eg_shape_checker *checker,
                            const struct eg_condition *condition, int depth) {
    enum eg_truth truth = by_branches(checker, condition);
    if (truth != EG_UNDECIDED || depth > DEEPEST)
        return truth;
    if (condition->kind == EG_CONDITION_NOT && condition->count == 1)
        return opposite(decide(checker, condition->operands[0], depth + 1));
    if (condition->kind != EG_CONDITION_AND && condition->kind != EG_CONDITION_OR)
        return EG_UNDECIDED;
    enum eg_truth strong = condition->kind == EG_CONDITION_AND ? EG_FALSE : EG_TRUE;
    truth = opposite(strong);
    for (uint32_t i = 0; i < condition->count; i++) {
        enum eg_truth operand = decide(checker, condition->operands[i], depth + 1);
        if (operand == strong)
            return strong;
        if (operand == EG_UNDECIDED)
            truth = EG_UNDECIDED;
    }
    return truth;
}

enum eg_truth eg_shape_decide(const struct eg_shape_checker *checker,
                              const struct eg_condition *condition) {
    enum eg_truth truth = eg_scenario_decide(&checker->system->scenario, condition, NULL);
    return truth != EG_UNDECIDED ? truth : decide(checker, condition, 0);
}

enum eg_truth eg_shape_present(const struct eg_shape_checker *checker,
                               const struct eg_node *value) {
    enum eg_truth side = EG_UNDECIDED;
    if (eg_node_kind(value) == EG_LAZY)
        value = eg_scenario_force(&checker->system->scenario, value);
    while (eg_node_kind(value) == EG_CHOICE) {
        side = eg_shape_decide(checker, value->as.choice->condition);
        if (side == EG_UNDECIDED)
            break;
        value = side == EG_TRUE ? value->as.choice->if_true : value->as.choice->if_false;
    }
    if (eg_node_kind(value) != EG_CHOICE)
        return eg_node_kind(value) == EG_ABSENT ? EG_FALSE : EG_TRUE;
    enum eg_truth yes = eg_shape_present(checker, value->as.choice->if_true);
    enum eg_truth no = eg_shape_present(checker, value->as.choice->if_false);
    return yes == no ? yes : EG_UNDECIDED;
}
