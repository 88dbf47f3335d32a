/* The evaluator: walks the tree. Called through eg_cel_eval by the judge and the command line.
 *
 * Every expression costs a step; elements walked over and texts searched cost steps too. Past the
 * limit every expression gives the same error, so an evaluation ends soon and is never decided by
 * absorbing it.
 */
#include "cel/eval.h"

#include "base/limits.h"
#include "cel/function.h"
#include "node/text.h"

void eg_cel_eval_begin(struct eg_cel_eval *eval, const struct eg_cel_program *program,
                       struct eg_cel_frame *frame) {
    eval->frame = frame;
    eval->program = program;
    eval->arena = frame->arena;
    eval->scenario = frame->scenario;
    eval->step_limit = frame->step_limit != 0 ? frame->step_limit : EG_LIMIT_EVALUATION_STEPS;
    eval->exploring = 0;
    eval->covered = frame->coverage == NULL ? NULL : eg_cel_covered(frame->coverage, program);
}

bool eg_cel_spend(struct eg_cel_eval *eval, uint64_t steps) {
    eval->frame->steps += steps;
    return eval->frame->steps <= eval->step_limit;
}

static const struct eg_node *eval_variable(struct eg_cel_eval *eval,
                                           const struct eg_cel_expr *expr) {
    const struct eg_node *value = eg_cel_force(eval, eval->frame->values[expr->number]);
    if (value->kind == EG_ABSENT)
        return eg_cel_error(eval, "no value for '%.*s'", EG_STR_ARGS(expr->name));
    return value;
}

static const struct eg_node *eval_local(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    const struct eg_node *value = eg_cel_force(eval, eval->locals[expr->number]);
    /* An element that isn't there for the value of a variable that is being tried. */
    if (value->kind == EG_ABSENT)
        return eg_cel_error(eval, "no value for '%.*s'", EG_STR_ARGS(expr->name));
    return value;
}

static const struct eg_node *eval_not(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    const struct eg_node *value = eg_cel_known(eval, eg_cel_evaluate(eval, expr->operands[0]));
    if (value->kind == EG_BOOL)
        return eg_node_bool(!value->as.boolean);
    if (eg_cel_is_stop(value))
        return value;
    struct eg_str type = eg_cel_type_name(value);
    return eg_cel_error(eval, "no such overload: !%.*s", EG_STR_ARGS(type));
}

/* How many elements EXPR counts at least, if it is the size of a list; else -1. */
static int64_t least_size(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    if (expr->kind != EG_CEL_CALL || !eg_str_is(expr->name, "size") || expr->count != 1)
        return -1;
    const struct eg_node *list = eg_cel_evaluate(eval, expr->operands[0]);
    int64_t sure = -1;
    if (list->kind == EG_LIST)
        eg_cel_size(eval, list, &sure);
    return sure;
}

/* Compares a size that isn't known, but not below LEAST, with NUMBER; STOP where that isn't enough:
 * a list with one known element is not empty, whatever else is in it. */
static const struct eg_node *compare_least(enum eg_cel_operator op, int64_t least, int64_t number,
                                           const struct eg_node *stop) {
    switch (op) {
    case EG_CEL_EQUAL:
        return least > number ? eg_node_bool(false) : stop;
    case EG_CEL_NOT_EQUAL:
        return least > number ? eg_node_bool(true) : stop;
    case EG_CEL_LESS:
        return least >= number ? eg_node_bool(false) : stop;
    case EG_CEL_LESS_EQUAL:
        return least > number ? eg_node_bool(false) : stop;
    case EG_CEL_GREATER:
        return least > number ? eg_node_bool(true) : stop;
    case EG_CEL_GREATER_EQUAL:
        return least >= number ? eg_node_bool(true) : stop;
    default:
        return stop;
    }
}

static const struct eg_node *eval_binary(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    const struct eg_node *left = eg_cel_evaluate(eval, expr->operands[0]);
    const struct eg_node *right = eg_cel_evaluate(eval, expr->operands[1]);
    const struct eg_node *value = eg_cel_derived(eval, eg_cel_apply(eval, expr->op, left, right));
    if (value->kind != EG_UNKNOWN || left->kind != EG_UNKNOWN || right->kind != EG_INT)
        return value;
    int64_t least = least_size(eval, expr->operands[0]);
    return least < 0 ? value : compare_least(expr->op, least, right->as.integer, value);
}

static const struct eg_node *eval_call(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    const struct eg_node *small[4];
    const struct eg_node **arguments =
        expr->count <= 4 ? small : EG_NEW_ARRAY(eval->arena, const struct eg_node *, expr->count);
    for (uint32_t i = 0; i < expr->count; i++)
        arguments[i] = i == 1 && eg_cel_optional_settles(expr, arguments[0])
                           ? arguments[0]
                           : eg_cel_evaluate(eval, expr->operands[i]);
    return eg_cel_function_call(eval, expr, arguments);
}

/* The value of an item marked with '?': NULL if it is none, a stop if it is no optional. */
static const struct eg_node *open_optional(struct eg_cel_eval *eval, const struct eg_node *value) {
    value = eg_cel_known(eval, eg_cel_force(eval, value));
    if (eg_cel_is_stop(value))
        return value;
    if (value->kind == EG_OPTIONAL)
        return value->as.optional;
    struct eg_str type = eg_cel_type_name(value);
    return eg_cel_error(eval, "'?' takes an optional, not %.*s", EG_STR_ARGS(type));
}

/* What a list, a map or cel.bind keeps of an expression: its value; of a field or variable that a
 * condition decides the choice itself, so that it can still be looked at either way. */
const struct eg_node *eg_cel_evaluate_kept(struct eg_cel_eval *eval,
                                           const struct eg_cel_expr *expr) {
    const struct eg_node *value = eg_cel_evaluate(eval, expr);
    if (value->kind != EG_UNKNOWN || value->as.unknown->variable == NULL)
        return value;
    const struct eg_node *raw = NULL;
    if (expr->kind == EG_CEL_VARIABLE)
        raw = eval->frame->values[expr->number];
    else if (expr->kind == EG_CEL_LOCAL)
        raw = eval->locals[expr->number];
    else if (expr->kind == EG_CEL_SELECT && !expr->optional)
        raw = eg_cel_select_raw(eval, expr);
    bool kept = raw != NULL && raw->kind == EG_CHOICE && eg_cel_present(eval, raw) == EG_TRUE;
    return kept ? raw : value;
}

static const struct eg_node *eval_list(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    struct eg_list_builder list;
    eg_list_begin(&list, eval->arena);
    for (uint32_t i = 0; i < expr->count; i++) {
        const struct eg_node *item = eg_cel_evaluate_kept(eval, expr->operands[i]);
        if (expr->marks != NULL && expr->marks[i]) {
            item = open_optional(eval, item);
            if (item != NULL && item->kind == EG_UNKNOWN)
                return item;
        }
        if (item != NULL && item->kind == EG_ERROR)
            return item;
        if (item != NULL)
            eg_list_add(&list, item);
    }
    return eg_list_node(&list, NULL);
}

static const struct eg_node *eval_map(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    struct eg_cel_map_builder map;
    eg_cel_map_begin(eval, &map);
    for (uint32_t i = 0; i < expr->count; i += 2) {
        const struct eg_node *key = eg_cel_evaluate(eval, expr->operands[i]);
        const struct eg_node *value = eg_cel_evaluate_kept(eval, expr->operands[i + 1]);
        if (expr->marks != NULL && expr->marks[i]) {
            value = open_optional(eval, value);
            if (value == NULL)
                continue;
            if (value->kind == EG_UNKNOWN)
                return value;
        }
        if (value->kind == EG_ERROR)
            return value;
        const struct eg_node *stop = eg_cel_map_add(eval, &map, key, value);
        if (stop != NULL)
            return stop;
    }
    return eg_cel_map_end(&map);
}

const struct eg_node *eg_cel_evaluate(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    if (!eg_cel_spend(eval, 1))
        return eg_cel_limit_error();
    switch ((enum eg_cel_kind)expr->kind) {
    case EG_CEL_LITERAL:
        return expr->value;
    case EG_CEL_VARIABLE:
        return eval_variable(eval, expr);
    case EG_CEL_LOCAL:
        return eval_local(eval, expr);
    case EG_CEL_SELECT:
        return eg_cel_eval_select(eval, expr);
    case EG_CEL_HAS:
        return eg_cel_eval_has(eval, expr);
    case EG_CEL_INDEX:
        return eg_cel_eval_index(eval, expr);
    case EG_CEL_NOT:
        return eval_not(eval, expr);
    case EG_CEL_NEGATE:
        return eg_cel_negate(eval, eg_cel_evaluate(eval, expr->operands[0]));
    case EG_CEL_BINARY:
        return eval_binary(eval, expr);
    case EG_CEL_AND:
    case EG_CEL_OR:
        return eg_cel_eval_junction(eval, expr);
    case EG_CEL_CONDITIONAL:
        return eg_cel_eval_conditional(eval, expr);
    case EG_CEL_CALL:
        return eval_call(eval, expr);
    case EG_CEL_LIST:
        return eval_list(eval, expr);
    case EG_CEL_MAP:
        return eval_map(eval, expr);
    case EG_CEL_MACRO:
        return eg_cel_eval_macro(eval, expr);
    case EG_CEL_FAILURE:
        return eg_cel_error(eval, "%.*s", EG_STR_ARGS(expr->name));
    case EG_CEL_NAME:
    case EG_CEL_MESSAGE:
        break;
    }
    return eg_cel_error(eval, "an expression that was never checked");
}

const struct eg_node *eg_cel_eval(const struct eg_cel_program *program,
                                  struct eg_cel_frame *frame) {
    struct eg_cel_eval eval;
    eg_cel_eval_begin(&eval, program, frame);
    const struct eg_cel_expr *root = eg_cel_program_root(program);
    const struct eg_node *result = eg_cel_evaluate(&eval, root);
    if (eval.covered != NULL && result->kind == EG_BOOL)
        eg_cel_cover(eval.covered, root, result->as.boolean);
    return eg_cel_spend(&eval, 0) ? result : eg_cel_limit_error();
}
