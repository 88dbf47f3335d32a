/* Where an error comes from: the smallest part of an expression whose value is that error. Called
 * by `ecsgate eval`, whose expressions are wrong only when they run. */
#include "cel/eval.h"
#include "cel/lexer.h"

struct search {
    struct eg_cel_eval eval;
    const struct eg_node *error;
};

static const struct eg_cel_expr *origin(struct search *search, const struct eg_cel_expr *expr);

static bool gives_it(struct search *search, const struct eg_cel_expr *expr) {
    if (!eg_cel_spend(&search->eval, 1))
        return false;
    const struct eg_node *value = eg_cel_evaluate(&search->eval, expr);
    return value->kind == EG_ERROR && eg_str_equal(value->as.text, search->error->as.text);
}

/* Of the macro's expressions the one that gives the error, with the element that it gives it for
 * still bound; NULL: none does. */
static const struct eg_cel_expr *in_elements(struct search *search,
                                             const struct eg_cel_expr *expr) {
    struct eg_cel_eval *eval = &search->eval;
    const struct eg_node *range = eg_cel_evaluate(eval, expr->operands[0]);
    if (range->kind != EG_LIST && !eg_cel_is_map(range))
        return NULL;
    struct eg_cel_items items = eg_cel_items(range);
    bool two = expr->bound[1].length > 0;
    while (eg_cel_next(eval, &items)) {
        const struct eg_node *key = items.key != NULL ? items.key : eg_cel_int(eval, items.index);
        eval->locals[expr->number] = two || items.key != NULL ? key : items.raw;
        if (two)
            eval->locals[expr->number + 1] = items.raw;
        for (uint32_t i = 1; i < expr->count; i++)
            if (gives_it(search, expr->operands[i]))
                return expr->operands[i];
    }
    return NULL;
}

static const struct eg_cel_expr *inner(struct search *search, const struct eg_cel_expr *expr) {
    if (expr->kind == EG_CEL_MACRO) {
        if (gives_it(search, expr->operands[0]))
            return expr->operands[0];
        return expr->op < EG_CEL_OPT_MAP ? in_elements(search, expr) : NULL;
    }
    for (uint32_t i = 0; i < expr->count; i++)
        if (gives_it(search, expr->operands[i]))
            return expr->operands[i];
    return NULL;
}

/* The recursion is as deep as the expression is high, which is bounded. */
static const struct eg_cel_expr *origin(struct search *search, const struct eg_cel_expr *expr) {
    const struct eg_cel_expr *part = inner(search, expr);
    return part == NULL ? expr : origin(search, part);
}

bool eg_cel_fail_where(const struct eg_cel_program *program, struct eg_cel_frame *frame,
                       const struct eg_node *value, const struct eg_node *at,
                       struct eg_error *error) {
    struct eg_cel_frame own = *frame;
    own.steps = 0;
    own.coverage = NULL;
    struct search *search = EG_NEW(frame->arena, struct search);
    search->error = value;
    eg_cel_eval_begin(&search->eval, program, &own);
    const struct eg_cel_expr *part = origin(search, eg_cel_program_root(program));
    struct eg_cel_fault fault = {0};
    eg_cel_fault_set(&fault, part->start, part->end, "%.*s", EG_STR_ARGS(value->as.text));
    return eg_cel_fault_fail(frame->arena, program->text, at, &fault, error);
}
