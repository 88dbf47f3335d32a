/* Macros over lists, maps and optionals. Called by the evaluator.
 *
 * A list may hold elements of which a condition, not decided, says what they are or whether they
 * are there. For such a one the expression is evaluated both ways; only where the ways differ does
 * the result hang on the condition. `map` and `filter` give lists with such elements themselves.
 */
#include "cel/eval.h"

/* One macro at work. */
struct walk {
    struct eg_cel_eval *eval;
    const struct eg_cel_expr *expr;
    struct eg_cel_items items;
    bool exploring; /* second round: what is unknown is tried for each value of its variable */
};

static void bind(struct walk *walk, const struct eg_node *raw) {
    const struct eg_node **locals = walk->eval->locals + walk->expr->number;
    bool two = walk->expr->bound[1].length > 0;
    if (walk->items.key != NULL)
        locals[0] = walk->items.key;
    else if (two)
        locals[0] = walk->items.unsure != NULL ? eg_cel_derived(walk->eval, walk->items.unsure)
                                               : eg_cel_int(walk->eval, walk->items.index);
    else
        locals[0] = raw;
    if (two)
        locals[1] = raw;
}

/* The condition for the item bound now: a bool or a stop. */
static const struct eg_node *condition(struct walk *walk, const struct eg_cel_expr *body) {
    const struct eg_node *value = eg_cel_known(walk->eval, eg_cel_evaluate(walk->eval, body));
    if (walk->exploring && !walk->items.maybe)
        value = eg_cel_explore(walk->eval, body, value);
    if (value->kind == EG_BOOL || eg_cel_is_stop(value))
        return value;
    struct eg_str type = eg_cel_type_name(value);
    return eg_cel_error(walk->eval, "no such overload: %.*s() takes a bool, not %.*s",
                        EG_STR_ARGS(walk->expr->name), EG_STR_ARGS(type));
}

static bool is_undecided_choice(const struct eg_node *raw, const struct eg_node *item) {
    return item->kind == EG_UNKNOWN && raw->kind == EG_CHOICE;
}

/* The condition for what stands in RAW, both ways if it is not decided; VACUOUS if it is absent. */
static const struct eg_node *truth(struct walk *walk, const struct eg_node *raw, bool vacuous) {
    const struct eg_node *item = eg_cel_force(walk->eval, raw);
    if (item->kind == EG_ABSENT)
        return eg_node_bool(vacuous);
    if (!is_undecided_choice(raw, item)) {
        bind(walk, raw);
        return condition(walk, walk->expr->operands[1]);
    }
    if (!eg_cel_spend(walk->eval, 1))
        return eg_cel_limit_error();
    const struct eg_node *yes = truth(walk, raw->as.choice->if_true, vacuous);
    const struct eg_node *no = truth(walk, raw->as.choice->if_false, vacuous);
    if (yes->kind == EG_BOOL && no->kind == EG_BOOL && yes->as.boolean == no->as.boolean)
        return yes;
    return eg_cel_stop(item, eg_cel_stop(yes, no));
}

/* May the item not be there, without a choice that shows both ways? */
static bool is_hidden(const struct walk *walk) {
    return walk->items.maybe && walk->items.raw->kind != EG_CHOICE;
}

/* ---- all, exists, exists_one ---- */

static const struct eg_node *walk_junction(struct walk *walk, const struct eg_node *range,
                                           bool decisive) {
    const struct eg_node *stop = NULL;
    walk->items = eg_cel_items(range);
    while (eg_cel_next(walk->eval, &walk->items)) {
        const struct eg_node *value = truth(walk, walk->items.raw, !decisive);
        if (is_hidden(walk) && value->kind == EG_BOOL && value->as.boolean == decisive)
            value = walk->items.item;
        if (value->kind == EG_BOOL && value->as.boolean == decisive)
            return value;
        if (value->kind != EG_BOOL)
            stop = eg_cel_stop(stop, value);
    }
    return stop != NULL ? stop : eg_node_bool(!decisive);
}

static const struct eg_node *all_or_exists(struct walk *walk, const struct eg_node *range) {
    bool decisive = walk->expr->op == EG_CEL_EXISTS;
    const struct eg_node *result = walk_junction(walk, range, decisive);
    if (result->kind != EG_UNKNOWN || result->as.unknown->variable == NULL)
        return result;
    walk->exploring = true;
    return walk_junction(walk, range, decisive);
}

static const struct eg_node *exists_one(struct walk *walk, const struct eg_node *range) {
    const struct eg_node *stop = NULL;
    uint32_t count = 0;
    walk->exploring = true;
    walk->items = eg_cel_items(range);
    while (eg_cel_next(walk->eval, &walk->items)) {
        const struct eg_node *value = truth(walk, walk->items.raw, false);
        if (value->kind == EG_ERROR)
            return value;
        if (is_hidden(walk) && value->kind == EG_BOOL && value->as.boolean)
            value = walk->items.item;
        if (value->kind == EG_BOOL)
            count += value->as.boolean;
        else
            stop = eg_cel_stop(stop, value);
    }
    if (count > 1)
        return eg_node_bool(false);
    return stop != NULL ? stop : eg_node_bool(count == 1);
}

/* ---- map, filter, transformList ---- */

/* What the macro puts into its list for RAW: EG_ABSENT for nothing, a choice where a condition
 * decides. *STOP: whether or what can't be said. */
static const struct eg_node *produce(struct walk *walk, const struct eg_node *raw,
                                     const struct eg_node **stop) {
    struct eg_cel_eval *eval = walk->eval;
    const struct eg_cel_expr *expr = walk->expr;
    const struct eg_node *item = eg_cel_force(eval, raw);
    if (item->kind == EG_ABSENT)
        return item;
    if (is_undecided_choice(raw, item) && eg_cel_spend(eval, 1)) {
        struct eg_choice *choice = EG_NEW(eval->arena, struct eg_choice);
        choice->condition = raw->as.choice->condition;
        choice->if_true = produce(walk, raw->as.choice->if_true, stop);
        choice->if_false = produce(walk, raw->as.choice->if_false, stop);
        struct eg_node *node = eg_node_new(eval->arena, EG_CHOICE, raw);
        node->as.choice = choice;
        return node;
    }
    bind(walk, raw);
    bool filter = expr->op == EG_CEL_FILTER;
    if (filter || expr->count == 3) {
        const struct eg_node *keep = condition(walk, expr->operands[1]);
        if (keep->kind != EG_BOOL)
            *stop = eg_cel_stop(*stop, keep);
        if (keep->kind != EG_BOOL || !keep->as.boolean)
            return eg_node_absent();
    }
    if (filter)
        return eval->locals[expr->number];
    const struct eg_node *value = eg_cel_evaluate_kept(eval, expr->operands[expr->count - 1]);
    if (value->kind == EG_ERROR)
        *stop = eg_cel_stop(*stop, value);
    return value;
}

static const struct eg_node *make_list(struct walk *walk, const struct eg_node *range) {
    struct eg_list_builder list;
    eg_list_begin(&list, walk->eval->arena);
    walk->exploring = true;
    walk->items = eg_cel_items(range);
    while (eg_cel_next(walk->eval, &walk->items)) {
        const struct eg_node *stop = NULL;
        const struct eg_node *made = produce(walk, walk->items.raw, &stop);
        if (stop == NULL && is_hidden(walk))
            stop = walk->items.item;
        if (stop != NULL && stop->kind != EG_UNKNOWN)
            return stop;
        if (stop != NULL)
            made = eg_cel_maybe(walk->eval, stop);
        if (made->kind != EG_ABSENT)
            eg_list_add(&list, made);
    }
    return eg_list_node(&list, NULL);
}

/* ---- transformMap, transformMapEntry ---- */

static const struct eg_node *add_entries(struct eg_cel_eval *eval,
                                         struct eg_cel_map_builder *builder,
                                         const struct eg_node *entries) {
    entries = eg_cel_known(eval, entries);
    if (eg_cel_is_stop(entries))
        return entries;
    if (!eg_cel_is_map(entries)) {
        struct eg_str type = eg_cel_type_name(entries);
        return eg_cel_error(eval, "transformMapEntry() takes a map, not %.*s", EG_STR_ARGS(type));
    }
    struct eg_cel_items items = eg_cel_items(entries);
    while (eg_cel_next(eval, &items)) {
        const struct eg_node *stop = eg_cel_map_add(eval, builder, items.key, items.raw);
        if (stop != NULL)
            return stop;
    }
    return NULL;
}

static const struct eg_node *make_map(struct walk *walk, const struct eg_node *range) {
    struct eg_cel_eval *eval = walk->eval;
    const struct eg_cel_expr *expr = walk->expr;
    struct eg_cel_map_builder builder;
    eg_cel_map_begin(eval, &builder);
    walk->exploring = true;
    walk->items = eg_cel_items(range);
    while (eg_cel_next(eval, &walk->items)) {
        if (walk->items.maybe)
            return walk->items.item;
        bind(walk, walk->items.raw);
        const struct eg_node *key = eval->locals[expr->number];
        if (expr->count == 3) {
            const struct eg_node *keep = condition(walk, expr->operands[1]);
            if (keep->kind != EG_BOOL)
                return keep;
            if (!keep->as.boolean)
                continue;
        }
        const struct eg_node *value = eg_cel_evaluate(eval, expr->operands[expr->count - 1]);
        if (value->kind == EG_ERROR)
            return value;
        const struct eg_node *stop = expr->op == EG_CEL_TRANSFORM_MAP
                                         ? eg_cel_map_add(eval, &builder, key, value)
                                         : add_entries(eval, &builder, value);
        if (stop != NULL)
            return stop;
    }
    return eg_cel_map_end(&builder);
}

/* ---- sortBy ---- */

static const struct eg_node *sort_by(struct walk *walk, const struct eg_node *range) {
    struct eg_list_builder items;
    struct eg_list_builder keys;
    eg_list_begin(&items, walk->eval->arena);
    eg_list_begin(&keys, walk->eval->arena);
    walk->items = eg_cel_items(range);
    while (eg_cel_next(walk->eval, &walk->items)) {
        if (walk->items.maybe)
            return walk->items.item;
        bind(walk, walk->items.raw);
        eg_list_add(&items, walk->items.raw);
        eg_list_add(&keys, eg_cel_evaluate(walk->eval, walk->expr->operands[1]));
    }
    return eg_cel_sort(walk->eval, eg_list_end(&items), eg_list_end(&keys));
}

/* ---- optMap, optFlatMap, bind ---- */

static const struct eg_node *map_optional(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                          const struct eg_node *optional) {
    if (optional->kind != EG_OPTIONAL) {
        struct eg_str type = eg_cel_type_name(optional);
        return eg_cel_error(eval, "no such overload: %.*s.%.*s()", EG_STR_ARGS(type),
                            EG_STR_ARGS(expr->name));
    }
    if (optional->as.optional == NULL)
        return optional;
    eval->locals[expr->number] = optional->as.optional;
    const struct eg_node *value = eg_cel_evaluate(eval, expr->operands[1]);
    if (eg_cel_is_stop(value))
        return value;
    if (expr->op == EG_CEL_OPT_MAP)
        return eg_cel_optional(eval, value);
    if (value->kind == EG_OPTIONAL)
        return value;
    struct eg_str type = eg_cel_type_name(value);
    return eg_cel_error(eval, "optFlatMap() takes an optional, not %.*s", EG_STR_ARGS(type));
}

static const struct eg_node *walk_range(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                        const struct eg_node *range) {
    struct walk walk = {.eval = eval, .expr = expr};
    switch ((enum eg_cel_macro)expr->op) {
    case EG_CEL_ALL:
    case EG_CEL_EXISTS:
        return all_or_exists(&walk, range);
    case EG_CEL_EXISTS_ONE:
        return exists_one(&walk, range);
    case EG_CEL_TRANSFORM_MAP:
    case EG_CEL_TRANSFORM_MAP_ENTRY:
        return make_map(&walk, range);
    case EG_CEL_SORT_BY:
        return sort_by(&walk, range);
    default:
        return make_list(&walk, range);
    }
}

const struct eg_node *eg_cel_eval_macro(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    if (expr->op == EG_CEL_BIND) {
        eval->locals[expr->number] = eg_cel_evaluate_kept(eval, expr->operands[0]);
        return eg_cel_evaluate(eval, expr->operands[1]);
    }
    const struct eg_node *range = eg_cel_known(eval, eg_cel_evaluate(eval, expr->operands[0]));
    if (eg_cel_is_stop(range))
        return range;
    if (expr->op == EG_CEL_OPT_MAP || expr->op == EG_CEL_OPT_FLAT_MAP)
        return eg_cel_derived(eval, map_optional(eval, expr, range));
    bool map = eg_cel_is_map(range) && expr->op != EG_CEL_SORT_BY;
    if (range->kind != EG_LIST && !map) {
        struct eg_str type = eg_cel_type_name(range);
        return eg_cel_error(eval, "no such overload: %.*s.%.*s()", EG_STR_ARGS(type),
                            EG_STR_ARGS(expr->name));
    }
    const struct eg_node *result = walk_range(eval, expr, range);
    return eg_cel_spend(eval, 0) ? eg_cel_derived(eval, result) : eg_cel_limit_error();
}
