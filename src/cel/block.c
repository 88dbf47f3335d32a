/* cel.block, which optimizers write for expressions that occur more than once:
 *
 *   cel.block([a, b + cel.index(0)], cel.index(1) * cel.index(1))
 *
 * cel.index(N) stands for entry N of the list, in the entries behind it and in the second
 * expression; cel.iterVar(D, N) and cel.accuVar(D, N) are names that macros bind. The names are
 * made such as no text can spell, and the block becomes one cel.bind inside the other. Called by
 * the macros; see macro.h. Rules: the specification's conformance cases, block_ext.
 */
#include "cel/lexer.h"
#include "cel/macro.h"

static bool is_small_int(const struct eg_cel_expr *expr) {
    return expr->kind == EG_CEL_LITERAL && expr->value->kind == EG_INT &&
           expr->value->as.integer >= 0 && expr->value->as.integer <= UINT16_MAX;
}

/* Makes CALL the name "@NAME:1:2", of its arguments. */
static bool expand_name(struct eg_arena *arena, struct eg_cel_expr *call, uint32_t arguments,
                        struct eg_cel_fault *fault) {
    struct eg_str name = eg_str_format(arena, "@%.*s", EG_STR_ARGS(call->name));
    bool right = call->count == 1 + arguments;
    for (uint32_t i = 1; i < call->count && right; i++) {
        right = is_small_int(call->operands[i]);
        if (right)
            name = eg_str_format(arena, "%.*s:%lld", EG_STR_ARGS(name),
                                 (long long)call->operands[i]->value->as.integer);
    }
    if (!right)
        return eg_cel_fault_set(fault, call->start, call->end, "cel.%.*s() takes %s",
                                EG_STR_ARGS(call->name),
                                arguments == 1 ? "a number" : "two numbers");
    call->kind = EG_CEL_NAME;
    call->name = name;
    call->member = false;
    call->count = 0;
    return true;
}

static bool expand_block(struct eg_arena *arena, struct eg_cel_expr *call,
                         struct eg_cel_fault *fault) {
    bool right = call->count == 3 && call->operands[1]->kind == EG_CEL_LIST &&
                 call->operands[1]->marks == NULL;
    if (!right)
        return eg_cel_fault_set(fault, call->start, call->end,
                                "cel.block() takes a list and an expression");
    const struct eg_cel_expr *list = call->operands[1];
    if (list->count == 0 || list->count > EG_CEL_LOCAL_LIMIT)
        return eg_cel_fault_set(fault, list->start, list->end,
                                "cel.block() takes 1 to %d entries, not %u", EG_CEL_LOCAL_LIMIT,
                                list->count);
    uint32_t height = (uint32_t)call->height + list->count;
    if (height > EG_CEL_HEIGHT_LIMIT)
        return eg_cel_fault_set(fault, call->start, call->end,
                                "more than %d operators one upon the other", EG_CEL_HEIGHT_LIMIT);
    struct eg_cel_expr *inner = call->operands[2];
    for (uint32_t i = list->count; i > 0; i--) {
        struct eg_cel_expr *bind = i == 1 ? call : EG_NEW(arena, struct eg_cel_expr);
        struct eg_cel_expr **operands = EG_NEW_ARRAY(arena, struct eg_cel_expr *, 2);
        operands[0] = list->operands[i - 1];
        operands[1] = inner;
        *bind = *call;
        bind->kind = EG_CEL_MACRO;
        bind->op = EG_CEL_BIND;
        bind->height = (uint16_t)height;
        bind->bound = EG_NEW_ARRAY(arena, struct eg_str, 2);
        bind->bound[0] = eg_str_format(arena, "@index:%u", i - 1);
        bind->operands = operands;
        bind->count = 2;
        inner = bind;
    }
    return true;
}

bool eg_cel_expand_block(struct eg_arena *arena, struct eg_cel_expr *call,
                         struct eg_cel_fault *fault) {
    const struct eg_cel_expr *receiver = call->operands[0];
    if (receiver->kind != EG_CEL_NAME || !eg_str_is(receiver->name, "cel"))
        return true;
    if (eg_str_is(call->name, "block"))
        return expand_block(arena, call, fault);
    if (eg_str_is(call->name, "index"))
        return expand_name(arena, call, 1, fault);
    if (eg_str_is(call->name, "iterVar") || eg_str_is(call->name, "accuVar"))
        return expand_name(arena, call, 2, fault);
    return true;
}
