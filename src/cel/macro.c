/* The macros of the language and its extensions; see macro.h. Called by the parser and the
 * reference page. langdef.md, "Macros"; cel-go's comprehensions (two variables), bindings, optional
 * types. */
#include "cel/macro.h"

#include "cel/lexer.h"

const struct eg_cel_macro_form eg_cel_macro_forms[] = {
    {"all",
     "list(T).all(x, bool) -> bool",
     "is the expression true for every element (or key)",
     EG_CEL_ALL,
     1,
     {1, 1}},
    {"all",
     "list(T).all(i, x, bool) -> bool",
     "the same with the index; for a map with key and value",
     EG_CEL_ALL,
     2,
     {1, 1}},
    {"exists",
     "list(T).exists(x, bool) -> bool",
     "is it true for at least one",
     EG_CEL_EXISTS,
     1,
     {1, 1}},
    {"exists",
     "list(T).exists(i, x, bool) -> bool",
     "the same with the index; for a map with key and value",
     EG_CEL_EXISTS,
     2,
     {1, 1}},
    {"exists_one",
     "list(T).exists_one(x, bool) -> bool",
     "is it true for exactly one",
     EG_CEL_EXISTS_ONE,
     1,
     {1, 1}},
    {"existsOne",
     "list(T).existsOne(x, bool) -> bool",
     "is it true for exactly one",
     EG_CEL_EXISTS_ONE,
     1,
     {1, 1}},
    {"existsOne",
     "list(T).existsOne(i, x, bool) -> bool",
     "the same with the index; for a map with key and value",
     EG_CEL_EXISTS_ONE,
     2,
     {1, 1}},
    {"map",
     "list(T).map(x, U) -> list(U)",
     "the list of what the expression makes of each; map(x, bool, U) of those that it holds for",
     EG_CEL_MAP_LIST,
     1,
     {1, 2}},
    {"filter",
     "list(T).filter(x, bool) -> list(T)",
     "the elements that the expression holds for",
     EG_CEL_FILTER,
     1,
     {1, 1}},
    {"transformList",
     "list(T).transformList(i, x, U) -> list(U)",
     "map with index (or key) and value; transformList(i, x, bool, U) of those that it holds for",
     EG_CEL_TRANSFORM_LIST,
     2,
     {1, 2}},
    {"transformMap",
     "map(K, V).transformMap(k, v, U) -> map(K, U)",
     "the map with other values; transformMap(k, v, bool, U) of those that it holds for",
     EG_CEL_TRANSFORM_MAP,
     2,
     {1, 2}},
    {"transformMapEntry",
     "map(K, V).transformMapEntry(k, v, map(L, U)) -> map(L, U)",
     "the map of the entries that the expression makes",
     EG_CEL_TRANSFORM_MAP_ENTRY,
     2,
     {1, 2}},
    {"sortBy",
     "list(T).sortBy(x, U) -> list(T)",
     "the list in the order of what is made of each",
     EG_CEL_SORT_BY,
     1,
     {1, 1}},
    {"optMap",
     "optional(T).optMap(x, U) -> optional(U)",
     "what the expression makes of the value, if there is one",
     EG_CEL_OPT_MAP,
     1,
     {1, 1}},
    {"optFlatMap",
     "optional(T).optFlatMap(x, optional(U)) -> optional(U)",
     "the same where the expression gives an optional itself",
     EG_CEL_OPT_FLAT_MAP,
     1,
     {1, 1}},
    {"bind",
     "cel.bind(x, T, U) -> U",
     "the second expression, with x standing for the first",
     EG_CEL_BIND,
     1,
     {2, 2}},
    {"has", "has(value.field) -> bool", "is the field or key given", 0, 0, {0, 0}},
    {"block",
     "cel.block(list(dyn), U) -> U",
     "for what optimizers write: the second expression, with cel.index(0) for the first of the "
     "list",
     0,
     0,
     {0, 0}},
    {0},
};

static bool expand_has(struct eg_cel_expr *call, struct eg_cel_fault *fault) {
    if (call->count != 1)
        return eg_cel_fault_set(fault, call->start, call->end,
                                "has() takes one field: has(value.field)");
    struct eg_cel_expr *select = call->operands[0];
    if (select->kind != EG_CEL_SELECT)
        return eg_cel_fault_set(fault, select->start, select->end,
                                "has() takes a field: has(value.field)");
    call->kind = EG_CEL_HAS;
    call->name = select->name;
    call->optional = select->optional;
    call->anchor = select->anchor;
    call->anchor_end = select->anchor_end;
    call->operands = select->operands;
    return true;
}

static bool take_names(struct eg_arena *arena, struct eg_cel_expr *call, uint32_t names,
                       struct eg_cel_fault *fault) {
    call->bound = EG_NEW_ARRAY(arena, struct eg_str, 2);
    for (uint32_t i = 0; i < names; i++) {
        const struct eg_cel_expr *name = call->operands[1 + i];
        if (name->kind != EG_CEL_NAME || name->root)
            return eg_cel_fault_set(fault, name->start, name->end,
                                    "%.*s() binds a name here: a plain name is expected",
                                    EG_STR_ARGS(call->name));
        call->bound[i] = name->name;
    }
    if (names == 2 && eg_str_equal(call->bound[0], call->bound[1]))
        return eg_cel_fault_set(fault, call->operands[2]->start, call->operands[2]->end,
                                "the two names must differ");
    return true;
}

static const struct eg_cel_macro_form *find_form(const struct eg_cel_expr *call) {
    for (const struct eg_cel_macro_form *form = eg_cel_macro_forms; form->names > 0; form++) {
        uint32_t bodies = call->count - 1 - form->names;
        if (call->name.data[0] == form->name[0] && eg_str_is(call->name, form->name) &&
            call->count > form->names && bodies >= form->bodies[0] && bodies <= form->bodies[1])
            return form;
    }
    return NULL;
}

bool eg_cel_expand_macro(struct eg_arena *arena, struct eg_cel_expr *call,
                         struct eg_cel_fault *fault) {
    if (!call->member)
        return !eg_str_is(call->name, "has") || expand_has(call, fault);
    const struct eg_cel_macro_form *form = find_form(call);
    if (form == NULL)
        return eg_cel_expand_block(arena, call, fault);
    const struct eg_cel_expr *receiver = call->operands[0];
    if (form->macro == EG_CEL_BIND &&
        (receiver->kind != EG_CEL_NAME || !eg_str_is(receiver->name, "cel")))
        return true;
    if (!take_names(arena, call, form->names, fault))
        return false;
    /* Range, then the expressions; bind has its value in the place of the range. */
    uint32_t skipped = form->names + (form->macro == EG_CEL_BIND ? 1u : 0u);
    uint32_t count = call->count - form->names - (form->macro == EG_CEL_BIND ? 1u : 0u);
    struct eg_cel_expr **operands = EG_NEW_ARRAY(arena, struct eg_cel_expr *, count);
    for (uint32_t i = 0; i < count; i++)
        operands[i] = call->operands[i == 0 && form->macro != EG_CEL_BIND ? 0 : i + skipped];
    call->kind = EG_CEL_MACRO;
    call->op = form->macro;
    call->operands = operands;
    call->count = count;
    return true;
}
