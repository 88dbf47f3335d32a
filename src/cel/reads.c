/* What an expression reads; see cel.h. Called by src/policy, which tells a param or let that nobody
 * reads. */
#include "cel/expr.h"

static bool reads(const struct eg_cel_expr *expr, uint32_t variable, struct eg_str field) {
    if (expr->kind == EG_CEL_VARIABLE)
        return expr->number == variable; /* the whole of it */
    bool select = expr->kind == EG_CEL_SELECT || expr->kind == EG_CEL_HAS;
    if (select && expr->operands[0]->kind == EG_CEL_VARIABLE)
        return expr->operands[0]->number == variable &&
               (field.length == 0 || eg_str_equal(expr->name, field));
    for (uint32_t i = 0; i < expr->count; i++)
        if (reads(expr->operands[i], variable, field))
            return true;
    return false;
}

bool eg_cel_program_reads(const struct eg_cel_program *program, uint32_t variable,
                          struct eg_str field) {
    return reads(eg_cel_program_root(program), variable, field);
}
