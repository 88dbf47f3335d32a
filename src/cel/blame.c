/* Blame: which values read from the input made an expression come out as it did; see cel.h. Called
 * by the judge for the places of a finding.
 *
 * The expression is walked from the top along what decided it: of a false `a && b` the operands
 * that are false, of `all` the elements that fail, and so on, down to comparisons and calls, whose
 * arguments are reads: chains of fields and keys that begin at a variable.
 */
#include "cel/eval.h"

struct blamer {
    struct eg_cel_eval eval;
    struct eg_cel_causes causes;
    uint32_t limit;
    bool stops_only; /* the result is unknown or an error: so must be what is blamed */
    /* By slot: what cel.bind and optMap took the local's value from; NULL: an element of a list. */
    const struct eg_cel_expr *origins[EG_CEL_LOCAL_LIMIT];
    /* By slot: an index or a key, which stands nowhere itself. */
    bool counters[EG_CEL_LOCAL_LIMIT];
    /* By slot: where the element comes from, container.portMappings[0]; empty: its name says all.
     */
    struct eg_str paths[EG_CEL_LOCAL_LIMIT];
};

static void blame(struct blamer *blamer, const struct eg_cel_expr *expr,
                  const struct eg_node *result);
static void blame_reads(struct blamer *blamer, const struct eg_cel_expr *expr);

/* ---- the list ---- */

static bool is_full(const struct blamer *blamer) {
    return blamer->causes.count == blamer->limit ||
           blamer->eval.frame->steps > blamer->eval.step_limit;
}

static void add(struct blamer *blamer, struct eg_cel_cause cause) {
    for (uint32_t i = 0; i < blamer->causes.count; i++) {
        const struct eg_cel_cause *other = &blamer->causes.items[i];
        if (other->value == cause.value && other->parent == cause.parent &&
            eg_str_equal(other->expression, cause.expression))
            return;
    }
    if (!is_full(blamer))
        blamer->causes.items[blamer->causes.count++] = cause;
}

/* ---- reads ---- */

/* The variable, local or whatever else a chain of fields and keys begins with. */
static const struct eg_cel_expr *chain_root(const struct eg_cel_expr *expr) {
    while (expr->kind == EG_CEL_SELECT || expr->kind == EG_CEL_INDEX || expr->kind == EG_CEL_HAS)
        expr = expr->operands[0];
    return expr;
}

static bool is_read(const struct eg_cel_expr *expr) {
    const struct eg_cel_expr *root = chain_root(expr);
    return root->kind == EG_CEL_VARIABLE || root->kind == EG_CEL_LOCAL;
}

static struct eg_str element_path(struct blamer *blamer, struct eg_str of,
                                  const struct eg_node *index) {
    enum { WIDTH = 60 };
    struct eg_arena *arena = blamer->eval.arena;
    struct eg_str key = eg_cel_show(arena, blamer->eval.scenario, index, WIDTH);
    return eg_str_format(arena, "%.*s[%.*s]", EG_STR_ARGS(of), EG_STR_ARGS(key));
}

/* A chain as a person would write it: elements by their place in the list, no question marks. */
static struct eg_str chain_path(struct blamer *blamer, const struct eg_cel_expr *expr) {
    struct eg_arena *arena = blamer->eval.arena;
    if (expr->kind == EG_CEL_LOCAL && blamer->paths[expr->number].length > 0)
        return blamer->paths[expr->number];
    if (expr->kind == EG_CEL_LOCAL || expr->kind == EG_CEL_VARIABLE)
        return expr->name;
    struct eg_str of = chain_path(blamer, expr->operands[0]);
    if (expr->kind == EG_CEL_INDEX)
        return element_path(blamer, of, eg_cel_evaluate(&blamer->eval, expr->operands[1]));
    return eg_str_format(arena, expr->kind == EG_CEL_HAS ? "has(%.*s.%.*s)" : "%.*s.%.*s",
                         EG_STR_ARGS(of), EG_STR_ARGS(expr->name));
}

static const struct eg_node *unwrap(const struct eg_node *value) {
    return value->kind == EG_OPTIONAL && value->as.optional != NULL ? value->as.optional : value;
}

static struct eg_cel_part part_of(struct blamer *blamer, const struct eg_cel_expr *expr,
                                  const struct eg_node *of) {
    if (expr->kind != EG_CEL_INDEX)
        return eg_cel_field(&blamer->eval, expr, of);
    return eg_cel_element(&blamer->eval, of, eg_cel_evaluate(&blamer->eval, expr->operands[1]));
}

static bool is_absent(struct blamer *blamer, const struct eg_cel_part *part) {
    if (part->raw == NULL)
        return !eg_cel_is_stop(part->value) || part->value->kind == EG_ERROR;
    return eg_cel_present(&blamer->eval, part->raw) == EG_FALSE;
}

/* What a chain reads: its value; or, as soon as a part of it is absent, the last given one before
 * it.
 */
static struct eg_cel_cause read_chain(struct blamer *blamer, const struct eg_cel_expr *expr) {
    struct eg_cel_cause cause = {.expression = eg_cel_expr_text(blamer->eval.program, expr)};
    if (expr->kind == EG_CEL_VARIABLE || expr->kind == EG_CEL_LOCAL) {
        cause.value = eg_cel_evaluate(&blamer->eval, expr);
        return cause;
    }
    struct eg_cel_cause of = read_chain(blamer, expr->operands[0]);
    const struct eg_node *parent = unwrap(of.value);
    bool none = parent->kind == EG_OPTIONAL || eg_cel_is_stop(parent);
    struct eg_cel_part part = {.value = parent};
    if (!none)
        part = part_of(blamer, expr, parent);
    cause.value = part.value->kind == EG_ABSENT ? eg_node_null() : part.value;
    cause.absent = of.absent || (!none && is_absent(blamer, &part));
    cause.parent = of.absent ? of.parent : parent;
    return cause;
}

static bool is_known(const struct eg_node *value) {
    return !eg_cel_is_stop(value) && value->kind != EG_PARTIAL && value->kind != EG_REFERENCE;
}

static void blame_chain(struct blamer *blamer, const struct eg_cel_expr *expr) {
    const struct eg_cel_expr *root = chain_root(expr);
    if (root->kind == EG_CEL_LOCAL && blamer->origins[root->number] != NULL) {
        blame_reads(blamer, blamer->origins[root->number]);
        return;
    }
    if (root->kind == EG_CEL_LOCAL && blamer->counters[root->number])
        return;
    struct eg_cel_cause cause = read_chain(blamer, expr);
    cause.path = chain_path(blamer, expr);
    if (!blamer->stops_only || !is_known(cause.value))
        add(blamer, cause);
    for (; expr != root; expr = expr->operands[0])
        if (expr->kind == EG_CEL_INDEX)
            blame_reads(blamer, expr->operands[1]);
}

static void blame_reads(struct blamer *blamer, const struct eg_cel_expr *expr) {
    if (is_full(blamer))
        return;
    if (is_read(expr)) {
        blame_chain(blamer, expr);
        return;
    }
    if (expr->kind == EG_CEL_MACRO && expr->op != EG_CEL_BIND) {
        blame_reads(blamer, expr->operands[0]);
        return;
    }
    if (expr->kind == EG_CEL_MACRO) {
        blamer->origins[expr->number] = expr->operands[0];
        blamer->counters[expr->number] = false;
        blamer->eval.locals[expr->number] = eg_cel_evaluate(&blamer->eval, expr->operands[0]);
        blame_reads(blamer, expr->operands[1]);
        return;
    }
    for (uint32_t i = 0; i < expr->count; i++)
        blame_reads(blamer, expr->operands[i]);
}

/* ---- what decides ---- */

static bool is_bool(const struct eg_node *value, bool wanted) {
    return value->kind == EG_BOOL && value->as.boolean == wanted;
}

/* Of && that is false the false operands, of || that is true the true ones, else all that aren't
 * settled. */
static void blame_junction(struct blamer *blamer, const struct eg_cel_expr *expr,
                           const struct eg_node *result) {
    bool decisive = expr->kind == EG_CEL_OR;
    for (uint32_t i = 0; i < expr->count && !is_full(blamer); i++) {
        const struct eg_node *value = eg_cel_evaluate(&blamer->eval, expr->operands[i]);
        bool counts = is_bool(result, decisive)    ? is_bool(value, decisive)
                      : result->kind == EG_UNKNOWN ? value->kind != EG_BOOL
                                                   : true;
        if (counts)
            blame(blamer, expr->operands[i], value);
    }
}

static void blame_conditional(struct blamer *blamer, const struct eg_cel_expr *expr) {
    const struct eg_node *condition = eg_cel_evaluate(&blamer->eval, expr->operands[0]);
    uint32_t before = blamer->causes.count;
    if (condition->kind == EG_BOOL)
        blame(blamer, expr->operands[condition->as.boolean ? 1 : 2], NULL);
    /* The condition itself is to blame where the way it led to reads nothing. */
    if (blamer->causes.count == before)
        blame(blamer, expr->operands[0], condition);
}

/* Binds an element: of a choice that isn't decided, the way that is there. */
static void bind(struct blamer *blamer, const struct eg_cel_expr *expr,
                 const struct eg_cel_items *items) {
    struct eg_cel_eval *eval = &blamer->eval;
    const struct eg_node *raw = items->raw;
    for (int i = 0; i < 100 && items->item->kind == EG_UNKNOWN && raw->kind == EG_CHOICE; i++)
        raw = eg_cel_present(eval, raw->as.choice->if_true) != EG_FALSE ? raw->as.choice->if_true
                                                                        : raw->as.choice->if_false;
    bool two = expr->bound[1].length > 0;
    const struct eg_node *key = items->key != NULL ? items->key : eg_cel_int(eval, items->index);
    bool counter = two || items->key != NULL;
    const struct eg_cel_expr *range = expr->operands[0];
    /* A let's or a local's own name says no more than the element's. */
    bool placed = is_read(range) && chain_root(range) != range;
    struct eg_str path = EG_STR("");
    if (placed)
        path = element_path(blamer, chain_path(blamer, range), key);
    eval->locals[expr->number] = counter ? key : raw;
    blamer->origins[expr->number] = NULL;
    blamer->counters[expr->number] = counter;
    blamer->paths[expr->number] = counter ? EG_STR("") : path;
    if (two) {
        eval->locals[expr->number + 1] = raw;
        blamer->origins[expr->number + 1] = NULL;
        blamer->counters[expr->number + 1] = false;
        blamer->paths[expr->number + 1] = path;
    }
}

/* An element of RANGE whose condition reads nothing of it. */
static struct eg_cel_cause element_cause(struct blamer *blamer, const struct eg_cel_expr *range,
                                         const struct eg_cel_items *items) {
    const struct eg_node *key =
        items->key != NULL ? items->key : eg_cel_int(&blamer->eval, items->index);
    struct eg_cel_cause cause = {.value = items->item};
    cause.expression = eg_cel_expr_text(blamer->eval.program, range);
    cause.path = cause.expression;
    if (is_read(range))
        cause.path = element_path(blamer, chain_path(blamer, range), key);
    return cause;
}

/* The elements for which the macro's condition is DECIDING (or not known, if the result isn't). */
static bool blame_elements(struct blamer *blamer, const struct eg_cel_expr *expr,
                           const struct eg_node *range, bool deciding) {
    bool any = false;
    struct eg_cel_items items = eg_cel_items(range);
    while (!is_full(blamer) && eg_cel_next(&blamer->eval, &items)) {
        bind(blamer, expr, &items);
        const struct eg_node *value = eg_cel_evaluate(&blamer->eval, expr->operands[1]);
        bool undecided = blamer->stops_only && (value->kind != EG_BOOL || items.maybe);
        if (!undecided && !is_bool(value, deciding))
            continue;
        any = true;
        uint32_t before = blamer->causes.count;
        blame(blamer, expr->operands[1], value);
        if (blamer->causes.count == before)
            add(blamer, element_cause(blamer, expr->operands[0], &items));
    }
    return any;
}

static void blame_macro(struct blamer *blamer, const struct eg_cel_expr *expr,
                        const struct eg_node *result) {
    struct eg_cel_eval *eval = &blamer->eval;
    const struct eg_node *range = eg_cel_evaluate(eval, expr->operands[0]);
    if (expr->op == EG_CEL_BIND || expr->op == EG_CEL_OPT_MAP || expr->op == EG_CEL_OPT_FLAT_MAP) {
        eval->locals[expr->number] = unwrap(range);
        blamer->origins[expr->number] = expr->operands[0];
        blamer->counters[expr->number] = false;
        if (expr->op == EG_CEL_BIND)
            blame(blamer, expr->operands[1], NULL);
        else
            blame_reads(blamer, expr->operands[0]);
        return;
    }
    bool decisive = expr->op == EG_CEL_EXISTS;
    bool walkable = range->kind == EG_LIST || eg_cel_is_map(range);
    bool by_elements = (expr->op == EG_CEL_ALL || expr->op == EG_CEL_EXISTS) && walkable &&
                       (is_bool(result, decisive) || result->kind != EG_BOOL);
    if (by_elements && blame_elements(blamer, expr, range, decisive))
        return;
    uint32_t before = blamer->causes.count;
    blame_reads(blamer, expr->operands[0]);
    if (blamer->causes.count == before && walkable && expr->op <= EG_CEL_EXISTS_ONE)
        blame_elements(blamer, expr, range, !decisive);
}

/* RESULT is what EXPR came to; NULL: it has not been evaluated yet. */
static void blame(struct blamer *blamer, const struct eg_cel_expr *expr,
                  const struct eg_node *result) {
    if (is_full(blamer))
        return;
    switch ((enum eg_cel_kind)expr->kind) {
    case EG_CEL_AND:
    case EG_CEL_OR:
    case EG_CEL_MACRO:
        if (result == NULL)
            result = eg_cel_evaluate(&blamer->eval, expr);
        if (expr->kind == EG_CEL_MACRO)
            blame_macro(blamer, expr, result);
        else
            blame_junction(blamer, expr, result);
        break;
    case EG_CEL_NOT:
        blame(blamer, expr->operands[0], NULL);
        break;
    case EG_CEL_CONDITIONAL:
        blame_conditional(blamer, expr);
        break;
    default:
        blame_reads(blamer, expr);
        break;
    }
}

struct eg_cel_causes eg_cel_blame(const struct eg_cel_program *program, struct eg_cel_frame *frame,
                                  struct eg_arena *arena, uint32_t limit) {
    struct eg_cel_frame own = *frame;
    own.steps = 0;
    own.coverage = NULL; /* looking afterwards takes no branch */
    struct blamer *blamer = EG_NEW(frame->arena, struct blamer);
    blamer->limit = limit;
    blamer->causes.items = EG_NEW_ARRAY(arena, struct eg_cel_cause, limit);
    eg_cel_eval_begin(&blamer->eval, program, &own);
    const struct eg_cel_expr *root = eg_cel_program_root(program);
    const struct eg_node *result = eg_cel_evaluate(&blamer->eval, root);
    blamer->stops_only = result->kind != EG_BOOL;
    blame(blamer, root, result);
    if (blamer->causes.count == 0 && blamer->stops_only) {
        blamer->stops_only = false;
        blame_reads(blamer, root);
    }
    return blamer->causes;
}
