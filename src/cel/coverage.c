/* Which branches of a program its evaluations took; see cel.h. Called by the evaluator when it is
 * asked to, and by the runner of cases.
 *
 * A program is never changed, so the marks stand beside it: a table of the expressions that are
 * branches, sorted by address.
 */
#include "cel/eval.h"

#include <stdlib.h>

enum { WAS_TRUE = 1, WAS_FALSE = 2 };

struct mark {
    const struct eg_cel_expr *expr;
    uint8_t seen;
};

struct eg_cel_covered {
    const struct eg_cel_program *program;
    struct mark *marks; /* by address */
    uint32_t count, capacity;
    struct eg_cel_covered *next;
};

struct eg_cel_coverage {
    struct eg_arena *arena;
    struct eg_cel_covered *first;
};

struct eg_cel_coverage *eg_cel_coverage_new(struct eg_arena *arena) {
    struct eg_cel_coverage *coverage = EG_NEW(arena, struct eg_cel_coverage);
    coverage->arena = arena;
    return coverage;
}

/* ---- a program's branches ---- */

/* true, false and unknown('why') are neither way by chance. */
static bool is_constant(const struct eg_cel_expr *expr) {
    return expr->kind == EG_CEL_LITERAL ||
           (expr->kind == EG_CEL_CALL && eg_str_is(expr->name, "unknown"));
}

static void add(struct eg_arena *arena, struct eg_cel_covered *covered,
                const struct eg_cel_expr *expr) {
    if (is_constant(expr))
        return;
    if (covered->count == covered->capacity) {
        uint32_t wanted = covered->capacity == 0 ? 8 : covered->capacity * 2;
        covered->marks =
            eg_arena_grow(arena, covered->marks, covered->capacity * sizeof *covered->marks,
                          wanted * sizeof *covered->marks);
        covered->capacity = wanted;
    }
    covered->marks[covered->count++] = (struct mark){.expr = expr};
}

/* The recursion is as deep as the expression is high, which is bounded. */
static void collect(struct eg_arena *arena, struct eg_cel_covered *covered,
                    const struct eg_cel_expr *expr) {
    bool junction = expr->kind == EG_CEL_AND || expr->kind == EG_CEL_OR;
    for (uint32_t i = 0; i < expr->count; i++) {
        if (junction || (expr->kind == EG_CEL_CONDITIONAL && i == 0))
            add(arena, covered, expr->operands[i]);
        collect(arena, covered, expr->operands[i]);
    }
}

static int by_address(const void *left, const void *right) {
    const struct mark *a = left, *b = right;
    return a->expr < b->expr ? -1 : a->expr > b->expr;
}

static int by_text(const void *left, const void *right) {
    const struct mark *a = left, *b = right;
    if (a->expr->start != b->expr->start)
        return a->expr->start < b->expr->start ? -1 : 1;
    return a->expr->end > b->expr->end ? -1 : a->expr->end < b->expr->end;
}

struct eg_cel_covered *eg_cel_covered(struct eg_cel_coverage *coverage,
                                      const struct eg_cel_program *program) {
    struct eg_cel_covered *covered = coverage->first;
    while (covered != NULL && covered->program != program)
        covered = covered->next;
    if (covered != NULL)
        return covered;
    covered = EG_NEW(coverage->arena, struct eg_cel_covered);
    covered->program = program;
    covered->next = coverage->first;
    coverage->first = covered;
    const struct eg_cel_expr *root = eg_cel_program_root(program);
    if (program->shape.kind == EG_FIELD_BOOL)
        add(coverage->arena, covered, root);
    collect(coverage->arena, covered, root);
    if (covered->count > 0)
        qsort(covered->marks, covered->count, sizeof *covered->marks, by_address);
    return covered;
}

void eg_cel_cover(struct eg_cel_covered *covered, const struct eg_cel_expr *expr, bool value) {
    const struct mark wanted = {.expr = expr};
    struct mark *mark = covered->count == 0 ? NULL
                                            : bsearch(&wanted, covered->marks, covered->count,
                                                      sizeof wanted, by_address);
    if (mark != NULL)
        mark->seen |= value ? WAS_TRUE : WAS_FALSE;
}

/* ---- what is told ---- */

struct eg_cel_branch *eg_cel_branches(const struct eg_cel_program *program,
                                      struct eg_cel_coverage *coverage, const struct eg_node *at,
                                      struct eg_arena *arena, uint32_t *ret_count) {
    const struct eg_cel_covered *covered = eg_cel_covered(coverage, program);
    struct mark *marks = EG_NEW_ARRAY(arena, struct mark, covered->count);
    struct eg_cel_branch *branches = EG_NEW_ARRAY(arena, struct eg_cel_branch, covered->count);
    for (uint32_t i = 0; i < covered->count; i++)
        marks[i] = covered->marks[i];
    if (covered->count > 0)
        qsort(marks, covered->count, sizeof *marks, by_text);
    for (uint32_t i = 0; i < covered->count; i++)
        branches[i] = (struct eg_cel_branch){
            .expression = eg_cel_expr_text(program, marks[i].expr),
            .place = eg_cel_place(at, program->text, marks[i].expr->start),
            .was_true = (marks[i].seen & WAS_TRUE) != 0,
            .was_false = (marks[i].seen & WAS_FALSE) != 0,
        };
    *ret_count = covered->count;
    return branches;
}
