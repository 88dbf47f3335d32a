/* Explanation: an evaluation as a tree of sub-expressions with their values; see cel.h. Called by
 * `ecsgate rules` and `eval`. */
#include "base/buf.h"
#include "base/utf8.h"
#include "cel/eval.h"

enum { ELEMENTS_SHOWN = 10, WIDTH = 100 };

struct explainer {
    struct eg_cel_eval eval;
    struct eg_buf *buf;
};

static void explain(struct explainer *explainer, const struct eg_cel_expr *expr, int indent);

/* "  text = value", the text on one line. */
static void write_line(struct explainer *explainer, int indent, struct eg_str text,
                       const struct eg_node *value) {
    struct eg_cel_eval *eval = &explainer->eval;
    eg_buf_printf(explainer->buf, "%*s", indent * 2, "");
    bool blank = false;
    size_t end = eg_utf8_offset(text, WIDTH);
    struct eg_str shown = end < text.length ? eg_str_slice(text, 0, end) : text;
    for (size_t i = 0; i < shown.length; i++) {
        char c = shown.data[i];
        bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!(space && blank))
            eg_buf_putc(explainer->buf, space ? ' ' : c);
        blank = space;
    }
    if (shown.length < text.length)
        eg_buf_puts(explainer->buf, "…");
    struct eg_str result = eg_cel_show(eval->arena, eval->scenario, value, WIDTH);
    eg_buf_printf(explainer->buf, " = %.*s\n", EG_STR_ARGS(result));
}

static bool is_chain(const struct eg_cel_expr *expr) {
    while (expr->kind == EG_CEL_SELECT || expr->kind == EG_CEL_HAS ||
           (expr->kind == EG_CEL_INDEX && expr->operands[1]->kind == EG_CEL_LITERAL))
        expr = expr->operands[0];
    return expr->kind == EG_CEL_VARIABLE || expr->kind == EG_CEL_LOCAL;
}

static void explain_elements(struct explainer *explainer, const struct eg_cel_expr *expr,
                             const struct eg_node *range, int indent) {
    struct eg_cel_eval *eval = &explainer->eval;
    struct eg_cel_items items = eg_cel_items(range);
    uint32_t more = 0;
    while (eg_cel_next(eval, &items)) {
        if (items.index >= ELEMENTS_SHOWN) {
            more++;
            continue;
        }
        bool two = expr->bound[1].length > 0;
        const struct eg_node *key = items.key != NULL ? items.key : eg_cel_int(eval, items.index);
        eval->locals[expr->number] = two || items.key != NULL ? key : items.raw;
        if (two)
            eval->locals[expr->number + 1] = items.raw;
        write_line(explainer, indent, expr->bound[two ? 1 : 0],
                   two || items.key == NULL ? items.item : items.key);
        for (uint32_t i = 1; i < expr->count; i++)
            explain(explainer, expr->operands[i], indent + 1);
    }
    if (more > 0)
        eg_buf_printf(explainer->buf, "%*s… %u more\n", indent * 2, "", more);
}

static void explain_macro(struct explainer *explainer, const struct eg_cel_expr *expr, int indent) {
    struct eg_cel_eval *eval = &explainer->eval;
    const struct eg_node *range = eg_cel_evaluate(eval, expr->operands[0]);
    explain(explainer, expr->operands[0], indent);
    if (range->kind == EG_LIST || eg_cel_is_map(range)) {
        if (expr->op < EG_CEL_OPT_MAP)
            explain_elements(explainer, expr, range, indent);
        if (expr->op != EG_CEL_BIND)
            return;
    }
    bool optional = range->kind == EG_OPTIONAL && expr->op != EG_CEL_BIND;
    if (optional && range->as.optional == NULL)
        return;
    if (expr->op != EG_CEL_BIND && !optional)
        return;
    eval->locals[expr->number] = optional ? range->as.optional : range;
    explain(explainer, expr->operands[1], indent);
}

static void explain(struct explainer *explainer, const struct eg_cel_expr *expr, int indent) {
    struct eg_cel_eval *eval = &explainer->eval;
    if (expr->kind == EG_CEL_LITERAL || !eg_cel_spend(eval, 1))
        return;
    write_line(explainer, indent, eg_cel_expr_text(eval->program, expr),
               eg_cel_evaluate(eval, expr));
    if (is_chain(expr))
        return;
    if (expr->kind == EG_CEL_MACRO) {
        explain_macro(explainer, expr, indent + 1);
        return;
    }
    for (uint32_t i = 0; i < expr->count; i++)
        explain(explainer, expr->operands[i], indent + 1);
}

void eg_cel_explain(const struct eg_cel_program *program, struct eg_cel_frame *frame,
                    struct eg_buf *buf) {
    struct eg_cel_frame own = *frame;
    own.steps = 0;
    own.coverage = NULL; /* looking afterwards takes no branch */
    struct explainer *explainer = EG_NEW(frame->arena, struct explainer);
    explainer->buf = buf;
    eg_cel_eval_begin(&explainer->eval, program, &own);
    explain(explainer, eg_cel_program_root(program), 0);
}
