/* Checking macros and calls: what the bound names are, which overloads fit, what comes out. Called
 * by check.c. */
#include "cel/check.h"
#include "cel/function.h"
#include "cel/macro.h"

static const struct eg_cel_type *dyn(void) {
    return eg_cel_type_of(EG_CEL_TYPE_DYN);
}

static struct eg_str type_text(struct eg_cel_checker *checker, const struct eg_cel_type *type) {
    return eg_cel_type_text(checker->arena, type);
}

/* ---- macros ---- */

static bool bind_local(struct eg_cel_checker *checker, struct eg_cel_expr *expr, uint32_t i,
                       const struct eg_cel_type *type) {
    if (checker->local_count == EG_CEL_LOCAL_LIMIT)
        return eg_cel_fault_set(checker->fault, expr->start, expr->end,
                                "more than %d names bound inside each other", EG_CEL_LOCAL_LIMIT);
    if (i == 0)
        expr->number = checker->local_count;
    checker->locals[checker->local_count].name = expr->bound[i];
    checker->locals[checker->local_count++].type = type;
    return true;
}

/* The types of the bound names by what the macro walks over. */
static bool bind_names(struct eg_cel_checker *checker, struct eg_cel_expr *expr,
                       const struct eg_cel_type *range) {
    bool two = expr->bound[1].length > 0;
    bool optional = expr->op == EG_CEL_OPT_MAP || expr->op == EG_CEL_OPT_FLAT_MAP;
    const struct eg_cel_type *first = dyn();
    const struct eg_cel_type *second = dyn();
    bool fits = range->kind == EG_CEL_TYPE_DYN;
    if (expr->op == EG_CEL_BIND) {
        first = range;
        fits = true;
    } else if (optional && range->kind == EG_CEL_TYPE_OPTIONAL) {
        first = range->element;
        fits = true;
    } else if (!optional && range->kind == EG_CEL_TYPE_LIST) {
        first = two ? eg_cel_type_of(EG_CEL_TYPE_INT) : range->element;
        second = range->element;
        fits = true;
    } else if (!optional && range->kind == EG_CEL_TYPE_MAP && expr->op != EG_CEL_SORT_BY) {
        first = range->key;
        second = range->element;
        fits = true;
    }
    if (!fits &&
        !EG_CEL_MISMATCH(checker, expr->operands[0]->start, expr->operands[0]->end,
                         "%.*s() is for %s, not for a value of type %.*s", EG_STR_ARGS(expr->name),
                         optional ? "an optional" : "a list or a map",
                         EG_STR_ARGS(type_text(checker, range))))
        return false;
    return bind_local(checker, expr, 0, first) && (!two || bind_local(checker, expr, 1, second));
}

static const struct eg_cel_type *macro_type(struct eg_cel_checker *checker,
                                            struct eg_cel_expr *expr,
                                            const struct eg_cel_type *range,
                                            const struct eg_cel_type *body) {
    struct eg_arena *arena = checker->arena;
    switch ((enum eg_cel_macro)expr->op) {
    case EG_CEL_ALL:
    case EG_CEL_EXISTS:
    case EG_CEL_EXISTS_ONE:
        return eg_cel_type_of(EG_CEL_TYPE_BOOL);
    case EG_CEL_MAP_LIST:
    case EG_CEL_TRANSFORM_LIST:
        return eg_cel_type_list(arena, body);
    case EG_CEL_FILTER:
        return eg_cel_type_list(arena, range->kind == EG_CEL_TYPE_LIST  ? range->element
                                       : range->kind == EG_CEL_TYPE_MAP ? range->key
                                                                        : dyn());
    case EG_CEL_TRANSFORM_MAP:
        return eg_cel_type_map(arena,
                               range->kind == EG_CEL_TYPE_MAP    ? range->key
                               : range->kind == EG_CEL_TYPE_LIST ? eg_cel_type_of(EG_CEL_TYPE_INT)
                                                                 : dyn(),
                               body);
    case EG_CEL_TRANSFORM_MAP_ENTRY:
        return body->kind == EG_CEL_TYPE_MAP ? body : eg_cel_type_of(EG_CEL_TYPE_MAP);
    case EG_CEL_SORT_BY:
        return range->kind == EG_CEL_TYPE_LIST ? range : eg_cel_type_of(EG_CEL_TYPE_LIST);
    case EG_CEL_OPT_MAP:
        return eg_cel_type_optional(arena, body);
    case EG_CEL_OPT_FLAT_MAP:
    case EG_CEL_BIND:
        break;
    }
    return body;
}

/* The conditions of a macro are its expressions before the last; all, exists and filter have only
 * such. */
static bool is_condition(const struct eg_cel_expr *expr, uint32_t operand) {
    return operand + 1 < expr->count || expr->op == EG_CEL_ALL || expr->op == EG_CEL_EXISTS ||
           expr->op == EG_CEL_EXISTS_ONE || expr->op == EG_CEL_FILTER;
}

static const struct eg_cel_type *check_bodies(struct eg_cel_checker *checker,
                                              struct eg_cel_expr *expr) {
    const struct eg_cel_type *body = dyn();
    for (uint32_t i = 1; i < expr->count; i++) {
        body = eg_cel_check_expr(checker, expr->operands[i]);
        if (body == NULL)
            return NULL;
        if (expr->op == EG_CEL_BIND || !is_condition(expr, i))
            continue;
        if (!eg_cel_check_bool(checker, expr->operands[i], body, expr->name, "()"))
            return NULL;
        body = eg_cel_type_of(EG_CEL_TYPE_BOOL);
    }
    return body;
}

const struct eg_cel_type *eg_cel_check_macro(struct eg_cel_checker *checker,
                                             struct eg_cel_expr *expr) {
    const struct eg_cel_type *range = eg_cel_check_expr(checker, expr->operands[0]);
    if (range == NULL)
        return NULL;
    uint32_t outside = checker->local_count;
    if (!bind_names(checker, expr, range)) {
        checker->local_count = outside;
        return eg_cel_refuse(checker, expr);
    }
    const struct eg_cel_type *body = check_bodies(checker, expr);
    checker->local_count = outside;
    return body == NULL ? NULL : macro_type(checker, expr, range, body);
}

/* ---- calls ---- */

/* math.greatest(1): the parser took `math` for a receiver. */
static bool make_global(struct eg_cel_checker *checker, struct eg_cel_expr *expr) {
    struct eg_str space;
    bool root;
    if (!expr->member || !eg_cel_qualified_name(checker, expr->operands[0], &space, &root) ||
        !eg_cel_function_is_space(checker->signatures, space))
        return false;
    struct eg_str name =
        eg_str_format(checker->arena, "%.*s.%.*s", EG_STR_ARGS(space), EG_STR_ARGS(expr->name));
    const struct eg_cel_overload *overloads;
    uint32_t count = eg_cel_function_overloads(checker->signatures, name, false, &overloads);
    if (count == 0)
        return false;
    expr->name = name;
    expr->member = false;
    expr->anchor = expr->operands[0]->start;
    expr->operands++;
    expr->count--;
    expr->overloads = overloads;
    expr->overload_count = count;
    return true;
}

/* What other languages call a function or macro that is here under another name. */
static struct eg_str familiar_name(struct eg_str name) {
    static const struct {
        const char *elsewhere, *here;
    } names[] = {
        {"any", "exists"},
        {"some", "exists"},
        {"every", "all"},
        {"len", "size"},
        {"length", "size"},
        {"count", "size"},
        {"includes", "contains"},
        {"toLowerCase", "lowerAscii"},
        {"lower", "lowerAscii"},
        {"toLower", "lowerAscii"},
        {"toUpperCase", "upperAscii"},
        {"upper", "upperAscii"},
        {"toUpper", "upperAscii"},
        {"strip", "trim"},
        {"match", "matches"},
        {"regex", "matches"},
        {"sprintf", "format"},
        {"concat", "join"},
        {"to_number", "int"},
        {"str", "string"},
        {"unique", "distinct"},
        {"glob", "matchesGlob"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (eg_str_is(name, names[i].elsewhere))
            return eg_str_from(names[i].here);
    return EG_STR("");
}

static const struct eg_cel_type *unknown_function(struct eg_cel_checker *checker,
                                                  struct eg_cel_expr *expr) {
    for (const struct eg_cel_macro_form *form = eg_cel_macro_forms; form->name != NULL; form++) {
        if (!eg_str_is(expr->name, form->name))
            continue;
        eg_cel_fault_set(checker->fault, expr->anchor, expr->anchor_end, "it is written %s",
                         form->signature);
        return eg_cel_refuse(checker, expr);
    }
    /* math.graetest(1): a name, unless `math` is a value. */
    struct eg_str space = EG_STR("");
    bool root;
    bool is_name = expr->member && eg_cel_qualified_name(checker, expr->operands[0], &space, &root);
    size_t dot = eg_str_find(space, EG_STR("."), 0);
    if (is_name && eg_cel_find_variable(checker, eg_str_slice(space, 0, dot)) < 0) {
        expr->name =
            eg_str_format(checker->arena, "%.*s.%.*s", EG_STR_ARGS(space), EG_STR_ARGS(expr->name));
        expr->anchor = expr->operands[0]->start;
        expr->member = false;
    }
    struct eg_str nearest = familiar_name(expr->name);
    if (nearest.length == 0)
        nearest = eg_cel_function_nearest(expr->name, expr->member);
    const struct eg_cel_overload *overloads;
    if (nearest.length == 0 &&
        eg_cel_function_overloads(checker->signatures, expr->name, !expr->member, &overloads) > 0)
        eg_cel_fault_set(checker->fault, expr->anchor, expr->anchor_end, "it is written %s",
                         overloads[0].function->signature);
    else
        eg_cel_fault_set(checker->fault, expr->anchor, expr->anchor_end,
                         "unknown function '%.*s'%s", EG_STR_ARGS(expr->name),
                         eg_cel_did_you_mean(checker, nearest));
    return eg_cel_refuse(checker, expr);
}

static bool accepts(struct eg_cel_checker *checker, const struct eg_cel_overload *overload,
                    const struct eg_cel_type **arguments, uint32_t count,
                    struct eg_cel_bindings *bindings) {
    if (count != overload->count && !(overload->variadic && count > overload->count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t parameter = i < overload->count ? i : overload->count - 1;
        if (!eg_cel_type_accepts(checker->arena, overload->parameters[parameter], arguments[i],
                                 bindings))
            return false;
    }
    return true;
}

static struct eg_str argument_texts(struct eg_cel_checker *checker, const struct eg_cel_expr *expr,
                                    const struct eg_cel_type **arguments) {
    struct eg_str list = EG_STR("");
    for (uint32_t i = expr->member ? 1 : 0; i < expr->count; i++)
        list = eg_str_format(checker->arena, "%.*s%s%.*s", EG_STR_ARGS(list),
                             list.length == 0 ? "" : ", ",
                             EG_STR_ARGS(type_text(checker, arguments[i])));
    struct eg_str receiver = expr->member ? type_text(checker, arguments[0]) : EG_STR("");
    return eg_str_format(checker->arena, "%.*s%s%.*s(%.*s)", EG_STR_ARGS(receiver),
                         expr->member ? "." : "", EG_STR_ARGS(expr->name), EG_STR_ARGS(list));
}

static bool no_overload(struct eg_cel_checker *checker, const struct eg_cel_expr *expr,
                        const struct eg_cel_type **arguments) {
    struct eg_str known = EG_STR("");
    for (uint32_t i = 0; i < expr->overload_count; i++)
        known = eg_str_format(checker->arena, "%.*s%s%s", EG_STR_ARGS(known), i == 0 ? "" : ", ",
                              expr->overloads[i].function->signature);
    struct eg_str called = argument_texts(checker, expr, arguments);
    return EG_CEL_MISMATCH(checker, expr->anchor, expr->anchor_end,
                           "there is no %.*s; there is %.*s", EG_STR_ARGS(called),
                           EG_STR_ARGS(known));
}

const struct eg_cel_type *eg_cel_check_call(struct eg_cel_checker *checker,
                                            struct eg_cel_expr *expr) {
    if (checker->signatures == NULL)
        checker->signatures = eg_cel_signatures_new(checker->arena);
    if (!make_global(checker, expr))
        expr->overload_count = eg_cel_function_overloads(checker->signatures, expr->name,
                                                         expr->member, &expr->overloads);
    if (expr->overload_count == 0)
        return unknown_function(checker, expr);
    const struct eg_cel_type **arguments =
        EG_NEW_ARRAY(checker->arena, const struct eg_cel_type *, expr->count);
    for (uint32_t i = 0; i < expr->count; i++)
        if ((arguments[i] = eg_cel_check_expr(checker, expr->operands[i])) == NULL)
            return NULL;
    const struct eg_cel_type *result = NULL;
    for (uint32_t i = 0; i < expr->overload_count; i++) {
        struct eg_cel_bindings bindings = {0};
        if (!accepts(checker, &expr->overloads[i], arguments, expr->count, &bindings))
            continue;
        const struct eg_cel_type *type =
            eg_cel_type_apply(checker->arena, expr->overloads[i].result, &bindings);
        result = result == NULL ? type : eg_cel_type_join(checker->arena, result, type);
    }
    if (result == NULL && !no_overload(checker, expr, arguments))
        return NULL;
    struct eg_str message = EG_STR("");
    if (!eg_cel_function_prepare(checker->arena, expr, &message)) {
        const struct eg_cel_expr *last = expr->operands[expr->count - 1];
        if (!EG_CEL_MISMATCH(checker, last->start, last->end, "%.*s", EG_STR_ARGS(message)))
            return NULL;
    }
    return result == NULL ? dyn() : result;
}
