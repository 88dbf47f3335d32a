/* Explanation: an evaluation as a tree of sub-expressions with their values; see cel.h. Called by
 * the judge for `ecsgate check --explain` and `test --explain`.
 *
 * What was not evaluated isn't shown: of ?: the way that was not taken. Of a list's elements those
 * are shown that decide, and the first few others.
 */
#include "base/buf.h"
#include "base/utf8.h"
#include "cel/eval.h"

enum {
    ELEMENTS_SHOWN = 10,
    OTHERS_SHOWN = 3, /* elements that decide nothing */
    WIDTH = 100,      /* of an expression and of a value, if lines may have any length */
    NARROWEST = 24,   /* of both together, however deep in the tree */
};

struct explainer {
    struct eg_cel_eval eval;
    struct eg_buf *buf;
    size_t width; /* of a line; 0: any */
};

static void explain(struct explainer *explainer, const struct eg_cel_expr *expr, int indent);

/* ---- lines ---- */

/* TEXT with every stretch of white space as one space. */
static struct eg_str one_line(struct eg_arena *arena, struct eg_str text) {
    char *out = eg_arena_alloc(arena, text.length + 1);
    size_t length = 0;
    bool blank = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!(space && blank))
            out[length++] = space ? ' ' : c;
        blank = space;
    }
    return (struct eg_str){out, length};
}

static struct eg_str cut(struct eg_arena *arena, struct eg_str text, size_t width) {
    if (eg_utf8_count(text) <= width)
        return text;
    return eg_str_concat(arena, eg_str_slice(text, 0, eg_utf8_offset(text, width - 1)),
                         EG_STR("…"));
}

/* The two parts of a line share the room: what needs less than half leaves the rest to the other.
 */
static void share(const struct explainer *explainer, size_t indent, struct eg_str *text,
                  struct eg_str *value) {
    struct eg_arena *arena = explainer->eval.arena;
    size_t taken = indent + 3;
    size_t room = explainer->width > taken + NARROWEST ? explainer->width - taken : NARROWEST;
    size_t long_text = eg_utf8_count(*text), long_value = eg_utf8_count(*value);
    if (explainer->width == 0) {
        *text = cut(arena, *text, WIDTH);
        *value = cut(arena, *value, WIDTH);
    } else if (long_text + long_value > room) {
        *text = cut(arena, *text, long_value <= room / 2 ? room - long_value : room / 2);
        long_text = eg_utf8_count(*text);
        *value = cut(arena, *value, room - long_text);
    }
}

/* "  text = value" */
static void write_line(struct explainer *explainer, int indent, struct eg_str text,
                       const struct eg_node *node) {
    enum { LONGEST = 400 };
    struct eg_cel_eval *eval = &explainer->eval;
    struct eg_str value = eg_cel_show(eval->arena, eval->scenario, node, LONGEST);
    text = one_line(eval->arena, text);
    share(explainer, (size_t)indent * 2, &text, &value);
    eg_buf_printf(explainer->buf, "%*s%.*s = %.*s\n", indent * 2, "", EG_STR_ARGS(text),
                  EG_STR_ARGS(value));
}

/* ---- the tree ---- */

static bool is_chain(const struct eg_cel_expr *expr) {
    while (expr->kind == EG_CEL_SELECT || expr->kind == EG_CEL_HAS ||
           (expr->kind == EG_CEL_INDEX && expr->operands[1]->kind == EG_CEL_LITERAL))
        expr = expr->operands[0];
    return expr->kind == EG_CEL_VARIABLE || expr->kind == EG_CEL_LOCAL;
}

/* Does the macro's result rest on the element that is bound now? */
static bool decides(struct explainer *explainer, const struct eg_cel_expr *expr) {
    if (expr->op > EG_CEL_EXISTS_ONE && expr->op != EG_CEL_FILTER)
        return true;
    const struct eg_node *value = eg_cel_evaluate(&explainer->eval, expr->operands[1]);
    return value->kind != EG_BOOL || value->as.boolean == (expr->op != EG_CEL_ALL);
}

static void bind(struct explainer *explainer, const struct eg_cel_expr *expr,
                 const struct eg_cel_items *items) {
    struct eg_cel_eval *eval = &explainer->eval;
    bool two = expr->bound[1].length > 0;
    const struct eg_node *key = items->key != NULL ? items->key : eg_cel_int(eval, items->index);
    eval->locals[expr->number] = two || items->key != NULL ? key : items->raw;
    if (two)
        eval->locals[expr->number + 1] = items->raw;
}

static void explain_elements(struct explainer *explainer, const struct eg_cel_expr *expr,
                             const struct eg_node *range, int indent) {
    struct eg_cel_items items = eg_cel_items(range);
    bool two = expr->bound[1].length > 0;
    uint32_t shown = 0, others = 0, more = 0;
    while (eg_cel_next(&explainer->eval, &items)) {
        bind(explainer, expr, &items);
        bool decisive = shown < ELEMENTS_SHOWN && decides(explainer, expr);
        if (shown == ELEMENTS_SHOWN || (!decisive && others == OTHERS_SHOWN)) {
            more++;
            continue;
        }
        shown++;
        others += decisive ? 0 : 1;
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

/* Was that operand looked at? Of ?: only the way that was taken is. */
static bool is_taken(struct explainer *explainer, const struct eg_cel_expr *expr, uint32_t number) {
    if (expr->kind != EG_CEL_CONDITIONAL || number == 0)
        return true;
    const struct eg_node *condition = eg_cel_evaluate(&explainer->eval, expr->operands[0]);
    return condition->kind != EG_BOOL || condition->as.boolean == (number == 1);
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
        if (is_taken(explainer, expr, i))
            explain(explainer, expr->operands[i], indent + 1);
}

void eg_cel_explain(const struct eg_cel_program *program, struct eg_cel_frame *frame, int indent,
                    size_t width, struct eg_buf *buf) {
    struct eg_cel_frame own = *frame;
    own.steps = 0;
    own.coverage = NULL; /* looking afterwards takes no branch */
    struct explainer *explainer = EG_NEW(frame->arena, struct explainer);
    explainer->buf = buf;
    explainer->width = width;
    eg_cel_eval_begin(&explainer->eval, program, &own);
    explain(explainer, eg_cel_program_root(program), indent / 2);
}
