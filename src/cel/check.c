/* The checker: resolves names, functions and fields, and gives every expression its static type
 * (langdef.md, "Gradual Type Checking", "Name Resolution"). Called by eg_cel_compile.
 *
 * Types are gradual: what is dyn, or comes from data without a schema, is checked when it
 * runs. Beyond the specification, numbers of different types may be compared, and elements of mixed
 * lists are dyn. Macros and calls are in check_call.c.
 */
#include "cel/check.h"

#include <string.h>

static const struct eg_cel_type *dyn(void) {
    return eg_cel_type_of(EG_CEL_TYPE_DYN);
}

/* ---- faults ---- */

const struct eg_cel_type *eg_cel_refuse(struct eg_cel_checker *checker, struct eg_cel_expr *expr) {
    if (!checker->env->unchecked)
        return NULL;
    expr->kind = EG_CEL_FAILURE;
    expr->name = eg_str_copy(checker->arena, eg_str_from(checker->fault->message));
    expr->count = 0;
    return dyn();
}

const char *eg_cel_did_you_mean(struct eg_cel_checker *checker, struct eg_str nearest) {
    if (nearest.length == 0)
        return "";
    return eg_str_format(checker->arena, "; did you mean '%.*s'?", EG_STR_ARGS(nearest)).data;
}

static struct eg_str type_text(struct eg_cel_checker *checker, const struct eg_cel_type *type) {
    return eg_cel_type_text(checker->arena, type);
}

/* ---- names ---- */

/* Types as values (langdef.md, "Abstract Types"). */
static const struct eg_str type_values[] = {
    EG_STR_INIT("bool"),
    EG_STR_INIT("int"),
    EG_STR_INIT("uint"),
    EG_STR_INIT("double"),
    EG_STR_INIT("string"),
    EG_STR_INIT("bytes"),
    EG_STR_INIT("list"),
    EG_STR_INIT("map"),
    EG_STR_INIT("null_type"),
    EG_STR_INIT("type"),
    EG_STR_INIT("google.protobuf.Timestamp"),
    EG_STR_INIT("google.protobuf.Duration"),
    EG_STR_INIT("optional_type"),
    EG_STR_INIT("net.IP"),
    EG_STR_INIT("net.CIDR"),
};

static bool is_type_value(struct eg_str name) {
    for (size_t i = 0; i < sizeof type_values / sizeof *type_values; i++)
        if (type_values[i].length == name.length && eg_str_equal(type_values[i], name))
            return true;
    return false;
}

/* Makes EXPR the type NAME, a value. */
static const struct eg_cel_type *make_type_value(struct eg_cel_checker *checker,
                                                 struct eg_cel_expr *expr, struct eg_str name) {
    struct eg_node *node = eg_node_new(checker->arena, EG_TYPE, NULL);
    node->as.text = name;
    expr->kind = EG_CEL_LITERAL;
    expr->value = node;
    expr->count = 0;
    return eg_cel_type_of(EG_CEL_TYPE_TYPE);
}

static int find_local(const struct eg_cel_checker *checker, struct eg_str name) {
    for (uint32_t i = checker->local_count; i > 0; i--)
        if (eg_str_equal(checker->locals[i - 1].name, name))
            return (int)i - 1;
    return -1;
}

int eg_cel_find_variable(const struct eg_cel_checker *checker, struct eg_str name) {
    for (uint32_t i = 0; i < checker->env->variable_count; i++)
        if (eg_str_equal(checker->env->variables[i].name, name))
            return (int)i;
    return -1;
}

static struct eg_str nearest_name(const struct eg_cel_checker *checker, struct eg_str name) {
    enum { FARTHEST = 3 };
    struct eg_str nearest = EG_STR("");
    unsigned smallest = FARTHEST + 1;
    for (uint32_t i = 0; i < checker->env->variable_count + checker->local_count; i++) {
        struct eg_str candidate = i < checker->env->variable_count
                                      ? checker->env->variables[i].name
                                      : checker->locals[i - checker->env->variable_count].name;
        unsigned distance = eg_str_distance(name, candidate, FARTHEST);
        if (distance < smallest && distance < candidate.length) {
            smallest = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

/* Makes EXPR the variable or type whose whole name is NAME; NULL: there is none. */
static const struct eg_cel_type *take_name(struct eg_cel_checker *checker, struct eg_cel_expr *expr,
                                           struct eg_str name) {
    int variable = eg_cel_find_variable(checker, name);
    if (variable < 0)
        return is_type_value(name) ? make_type_value(checker, expr, name) : NULL;
    expr->kind = EG_CEL_VARIABLE;
    expr->number = (uint32_t)variable;
    expr->name = name;
    expr->count = 0;
    return eg_cel_type_from_shape(checker->arena, &checker->env->variables[variable].shape);
}

/* The same for a name that may be meant relative to the container: in a.b, y is a.b.y, a.y or y,
 * whichever there is first (langdef.md, "Name Resolution"). */
static const struct eg_cel_type *resolve_name(struct eg_cel_checker *checker,
                                              struct eg_cel_expr *expr, struct eg_str name,
                                              bool root) {
    struct eg_str space = root ? EG_STR("") : checker->env->container;
    const struct eg_cel_type *type = NULL;
    while (space.length > 0 && type == NULL) {
        type = take_name(
            checker, expr,
            eg_str_format(checker->arena, "%.*s.%.*s", EG_STR_ARGS(space), EG_STR_ARGS(name)));
        while (space.length > 0 && space.data[--space.length] != '.')
            continue;
    }
    return type != NULL ? type : take_name(checker, expr, name);
}

/* "; there are container, params": what else could be meant. */
static const char *known_names(const struct eg_cel_checker *checker) {
    enum { MOST = 12 };
    struct eg_str list = EG_STR("");
    uint32_t shown = 0, count = checker->env->variable_count + checker->local_count;
    for (uint32_t i = 0; i < count; i++) {
        struct eg_str name = i < checker->env->variable_count
                                 ? checker->env->variables[i].name
                                 : checker->locals[i - checker->env->variable_count].name;
        bool usable =
            i >= checker->env->variable_count || checker->env->variables[i].refusal == NULL;
        if (name.length == 0 || !usable)
            continue;
        if (shown++ == MOST)
            return "";
        list = eg_str_format(checker->arena, "%.*s%s%.*s", EG_STR_ARGS(list),
                             shown == 1 ? "" : ", ", EG_STR_ARGS(name));
    }
    return shown == 0 ? ""
                      : eg_str_format(checker->arena, "; there %s %.*s", shown == 1 ? "is" : "are",
                                      EG_STR_ARGS(list))
                            .data;
}

/* container.task for `task`: a field of that name of some variable; or a name like it. */
static struct eg_str suggest(struct eg_cel_checker *checker, struct eg_str name) {
    for (uint32_t i = 0; i < checker->env->variable_count; i++) {
        const struct eg_cel_variable *variable = &checker->env->variables[i];
        bool object = variable->shape.kind == EG_FIELD_OBJECT && variable->shape.object != NULL;
        if (object && variable->name.length > 0 &&
            eg_type_field(variable->shape.object, name) != NULL)
            return eg_str_format(checker->arena, "%.*s.%.*s", EG_STR_ARGS(variable->name),
                                 EG_STR_ARGS(name));
    }
    return nearest_name(checker, name);
}

/* A variable that this expression may use? */
static bool is_usable(struct eg_cel_checker *checker, const struct eg_cel_expr *expr) {
    if (expr->kind != EG_CEL_VARIABLE || checker->env->variables[expr->number].refusal == NULL)
        return true;
    return eg_cel_fault_set(checker->fault, expr->start, expr->end, "'%.*s' %s",
                            EG_STR_ARGS(expr->name), checker->env->variables[expr->number].refusal);
}

static const struct eg_cel_type *check_name(struct eg_cel_checker *checker,
                                            struct eg_cel_expr *expr) {
    int local = expr->root ? -1 : find_local(checker, expr->name);
    if (local >= 0) {
        expr->kind = EG_CEL_LOCAL;
        expr->number = (uint32_t)local;
        return checker->locals[local].type;
    }
    const struct eg_cel_type *type = resolve_name(checker, expr, expr->name, expr->root);
    if (!is_usable(checker, expr))
        return eg_cel_refuse(checker, expr);
    if (type != NULL)
        return type;
    const struct eg_schema *schema = checker->env->schema;
    if (schema != NULL && eg_schema_type(schema, expr->name) != NULL)
        return make_type_value(checker, expr, expr->name);
    struct eg_str nearest = suggest(checker, expr->name);
    eg_cel_fault_set(
        checker->fault, expr->start, expr->end, "undeclared name '%.*s'%s", EG_STR_ARGS(expr->name),
        nearest.length > 0 ? eg_cel_did_you_mean(checker, nearest) : known_names(checker));
    return eg_cel_refuse(checker, expr);
}

/* The name that a chain of fields spells, white space and parentheses in it left out. */
static struct eg_str chain_name(struct eg_cel_checker *checker, const struct eg_cel_expr *expr,
                                const struct eg_cel_expr *first) {
    size_t length = first->name.length;
    for (const struct eg_cel_expr *part = expr; part != first; part = part->operands[0])
        length += part->name.length + 1;
    if (length == expr->end - first->anchor)
        return eg_str_slice(checker->text, first->anchor, length);
    char *name = eg_arena_alloc(checker->arena, length);
    size_t at = length;
    for (const struct eg_cel_expr *part = expr; part != first; part = part->operands[0]) {
        at -= part->name.length;
        memcpy(name + at, part->name.data, part->name.length);
        name[--at] = '.';
    }
    memcpy(name, first->name.data, first->name.length);
    return (struct eg_str){name, length};
}

bool eg_cel_qualified_name(struct eg_cel_checker *checker, const struct eg_cel_expr *expr,
                           struct eg_str *ret_name, bool *ret_root) {
    const struct eg_cel_expr *first = expr;
    while (first->kind == EG_CEL_SELECT && !first->optional)
        first = first->operands[0];
    if (first->kind != EG_CEL_NAME || (!first->root && find_local(checker, first->name) >= 0))
        return false;
    *ret_name = chain_name(checker, expr, first);
    *ret_root = first->root;
    return true;
}

/* ---- fields and elements ---- */

static const struct eg_cel_type *check_field(struct eg_cel_checker *checker,
                                             struct eg_cel_expr *expr,
                                             const struct eg_cel_type *operand) {
    const struct eg_type *object = operand->object;
    const struct eg_field *field = eg_type_field(object, expr->name);
    if (field == NULL) {
        eg_cel_fault_set(checker->fault, expr->anchor, expr->anchor_end,
                         "%.*s has no field '%.*s'%s", EG_STR_ARGS(object->name),
                         EG_STR_ARGS(expr->name),
                         eg_cel_did_you_mean(checker, eg_type_nearest_field(object, expr->name)));
        return checker->env->unchecked ? dyn() : NULL;
    }
    expr->object = object;
    expr->field = field->number;
    return eg_cel_type_from_shape(checker->arena, &field->shape);
}

/* The type of OPERAND.name, OPERAND no optional. */
static const struct eg_cel_type *field_type(struct eg_cel_checker *checker,
                                            struct eg_cel_expr *expr,
                                            const struct eg_cel_type *operand) {
    switch (operand->kind) {
    case EG_CEL_TYPE_OBJECT:
        return check_field(checker, expr, operand);
    case EG_CEL_TYPE_MAP:
        return operand->element;
    case EG_CEL_TYPE_DYN:
        return dyn();
    case EG_CEL_TYPE_TYPE:
        if (EG_CEL_MISMATCH(checker, expr->operands[0]->start, expr->operands[0]->end,
                            "'%.*s' is the name of a type here, not a variable%s",
                            EG_STR_ARGS(expr->operands[0]->name), known_names(checker)))
            return dyn();
        return NULL;
    default:
        if (EG_CEL_MISMATCH(checker, expr->anchor, expr->anchor_end,
                            "a value of type %.*s has no fields",
                            EG_STR_ARGS(type_text(checker, operand))))
            return dyn();
        return NULL;
    }
}

static const struct eg_cel_type *check_select(struct eg_cel_checker *checker,
                                              struct eg_cel_expr *expr) {
    struct eg_str name;
    bool root;
    if (!expr->optional && eg_cel_qualified_name(checker, expr, &name, &root)) {
        const struct eg_cel_type *type = resolve_name(checker, expr, name, root);
        if (type != NULL)
            return type;
    }
    const struct eg_cel_type *operand = eg_cel_check_expr(checker, expr->operands[0]);
    if (operand == NULL)
        return NULL;
    bool chained = operand->kind == EG_CEL_TYPE_OPTIONAL;
    const struct eg_cel_type *type =
        field_type(checker, expr, chained ? operand->element : operand);
    if (type == NULL || !(chained || expr->optional))
        return type;
    return eg_cel_type_optional(checker->arena, type);
}

static const struct eg_cel_type *check_has(struct eg_cel_checker *checker,
                                           struct eg_cel_expr *expr) {
    const struct eg_cel_type *operand = eg_cel_check_expr(checker, expr->operands[0]);
    if (operand == NULL)
        return NULL;
    if (operand->kind == EG_CEL_TYPE_OPTIONAL)
        operand = operand->element;
    if (field_type(checker, expr, operand) == NULL)
        return NULL;
    return eg_cel_type_of(EG_CEL_TYPE_BOOL);
}

static const struct eg_cel_type *element_type(struct eg_cel_checker *checker,
                                              struct eg_cel_expr *expr,
                                              const struct eg_cel_type *of,
                                              const struct eg_cel_type *index) {
    const struct eg_cel_expr *where = expr->operands[1];
    if (of->kind == EG_CEL_TYPE_DYN)
        return dyn();
    if (of->kind == EG_CEL_TYPE_MAP) {
        if (!eg_cel_type_overlap(of->key, index) &&
            !EG_CEL_MISMATCH(
                checker, where->start, where->end, "the keys are of type %.*s, not %.*s",
                EG_STR_ARGS(type_text(checker, of->key)), EG_STR_ARGS(type_text(checker, index))))
            return NULL;
        return of->element;
    }
    if (of->kind != EG_CEL_TYPE_LIST) {
        if (!EG_CEL_MISMATCH(checker, expr->anchor, expr->end,
                             "a value of type %.*s can't be indexed",
                             EG_STR_ARGS(type_text(checker, of))))
            return NULL;
        return dyn();
    }
    if (!eg_cel_type_overlap(eg_cel_type_of(EG_CEL_TYPE_INT), index) &&
        !EG_CEL_MISMATCH(checker, where->start, where->end,
                         "a list is indexed by an int, not by a value of type %.*s",
                         EG_STR_ARGS(type_text(checker, index))))
        return NULL;
    return of->element;
}

static const struct eg_cel_type *check_index(struct eg_cel_checker *checker,
                                             struct eg_cel_expr *expr) {
    const struct eg_cel_type *of = eg_cel_check_expr(checker, expr->operands[0]);
    const struct eg_cel_type *index =
        of == NULL ? NULL : eg_cel_check_expr(checker, expr->operands[1]);
    if (index == NULL)
        return NULL;
    bool chained = of->kind == EG_CEL_TYPE_OPTIONAL;
    const struct eg_cel_type *type = element_type(checker, expr, chained ? of->element : of, index);
    if (type == NULL || !(chained || expr->optional))
        return type;
    return eg_cel_type_optional(checker->arena, type);
}

/* ---- operators ---- */

bool eg_cel_check_bool(struct eg_cel_checker *checker, const struct eg_cel_expr *expr,
                       const struct eg_cel_type *type, struct eg_str what, const char *behind) {
    return type->kind == EG_CEL_TYPE_BOOL || type->kind == EG_CEL_TYPE_DYN ||
           EG_CEL_MISMATCH(checker, expr->start, expr->end,
                           "%.*s%s takes a bool, not a value of type %.*s", EG_STR_ARGS(what),
                           behind, EG_STR_ARGS(type_text(checker, type)));
}

/* An operand of the operator WHAT, which must be a bool. */
static bool check_operand(struct eg_cel_checker *checker, struct eg_cel_expr *expr,
                          struct eg_str what) {
    const struct eg_cel_type *type = eg_cel_check_expr(checker, expr);
    return type != NULL && eg_cel_check_bool(checker, expr, type, what, "");
}

static const struct eg_cel_type *check_junction(struct eg_cel_checker *checker,
                                                struct eg_cel_expr *expr) {
    for (uint32_t i = 0; i < expr->count; i++)
        if (!check_operand(checker, expr->operands[i],
                           expr->kind == EG_CEL_AND ? EG_STR("&&") : EG_STR("||")))
            return NULL;
    return eg_cel_type_of(EG_CEL_TYPE_BOOL);
}

static const struct eg_cel_type *check_conditional(struct eg_cel_checker *checker,
                                                   struct eg_cel_expr *expr) {
    if (!check_operand(checker, expr->operands[0], EG_STR("?:")))
        return NULL;
    const struct eg_cel_type *yes = eg_cel_check_expr(checker, expr->operands[1]);
    const struct eg_cel_type *no =
        yes == NULL ? NULL : eg_cel_check_expr(checker, expr->operands[2]);
    return no == NULL ? NULL : eg_cel_type_join(checker->arena, yes, no);
}

static const struct eg_cel_type *check_negate(struct eg_cel_checker *checker,
                                              struct eg_cel_expr *expr) {
    const struct eg_cel_type *type = eg_cel_check_expr(checker, expr->operands[0]);
    if (type == NULL || type->kind == EG_CEL_TYPE_INT || type->kind == EG_CEL_TYPE_DOUBLE ||
        type->kind == EG_CEL_TYPE_DYN ||
        EG_CEL_MISMATCH(checker, expr->start, expr->end, "a value of type %.*s has no negative",
                        EG_STR_ARGS(type_text(checker, type))))
        return type;
    return NULL;
}

/* The arithmetic of the language (langdef.md, "List of Standard Definitions"). */
static const struct {
    enum eg_cel_operator op;
    enum eg_cel_type_kind left;
    enum eg_cel_type_kind right;
    enum eg_cel_type_kind result;
} arithmetic[] = {
    {EG_CEL_ADD, EG_CEL_TYPE_STRING, EG_CEL_TYPE_STRING, EG_CEL_TYPE_STRING},
    {EG_CEL_ADD, EG_CEL_TYPE_BYTES, EG_CEL_TYPE_BYTES, EG_CEL_TYPE_BYTES},
    {EG_CEL_ADD, EG_CEL_TYPE_LIST, EG_CEL_TYPE_LIST, EG_CEL_TYPE_LIST},
    {EG_CEL_ADD, EG_CEL_TYPE_TIMESTAMP, EG_CEL_TYPE_DURATION, EG_CEL_TYPE_TIMESTAMP},
    {EG_CEL_ADD, EG_CEL_TYPE_DURATION, EG_CEL_TYPE_TIMESTAMP, EG_CEL_TYPE_TIMESTAMP},
    {EG_CEL_ADD, EG_CEL_TYPE_DURATION, EG_CEL_TYPE_DURATION, EG_CEL_TYPE_DURATION},
    {EG_CEL_SUBTRACT, EG_CEL_TYPE_TIMESTAMP, EG_CEL_TYPE_TIMESTAMP, EG_CEL_TYPE_DURATION},
    {EG_CEL_SUBTRACT, EG_CEL_TYPE_TIMESTAMP, EG_CEL_TYPE_DURATION, EG_CEL_TYPE_TIMESTAMP},
    {EG_CEL_SUBTRACT, EG_CEL_TYPE_DURATION, EG_CEL_TYPE_DURATION, EG_CEL_TYPE_DURATION},
};

static bool is_arithmetic(enum eg_cel_operator op, enum eg_cel_type_kind kind) {
    return kind == EG_CEL_TYPE_INT || kind == EG_CEL_TYPE_UINT ||
           (kind == EG_CEL_TYPE_DOUBLE && op != EG_CEL_MODULO);
}

static const struct eg_cel_type *arithmetic_type(struct eg_cel_checker *checker,
                                                 enum eg_cel_operator op,
                                                 const struct eg_cel_type *left,
                                                 const struct eg_cel_type *right) {
    if (left->kind == right->kind && is_arithmetic(op, left->kind))
        return left;
    const struct eg_cel_type *result = NULL;
    for (size_t i = 0; i < sizeof arithmetic / sizeof *arithmetic; i++) {
        if (arithmetic[i].op != op ||
            (left->kind != EG_CEL_TYPE_DYN && left->kind != arithmetic[i].left) ||
            (right->kind != EG_CEL_TYPE_DYN && right->kind != arithmetic[i].right))
            continue;
        const struct eg_cel_type *type = eg_cel_type_of(arithmetic[i].result);
        if (type->kind == EG_CEL_TYPE_LIST && left->kind == right->kind)
            type = eg_cel_type_join(checker->arena, left, right);
        result = result == NULL ? type : eg_cel_type_join(checker->arena, result, type);
    }
    bool open = left->kind == EG_CEL_TYPE_DYN || right->kind == EG_CEL_TYPE_DYN;
    if (open && (is_arithmetic(op, left->kind) || is_arithmetic(op, right->kind)))
        return left->kind == EG_CEL_TYPE_DYN ? right : left;
    return open && left->kind == right->kind ? dyn() : result;
}

static bool has_order(const struct eg_cel_type *type) {
    switch (type->kind) {
    case EG_CEL_TYPE_NULL:
    case EG_CEL_TYPE_LIST:
    case EG_CEL_TYPE_MAP:
    case EG_CEL_TYPE_OBJECT:
    case EG_CEL_TYPE_OPTIONAL:
    case EG_CEL_TYPE_TYPE:
    case EG_CEL_TYPE_ADDRESS:
    case EG_CEL_TYPE_NETWORK:
        return false;
    default:
        return true;
    }
}

static bool may_be_in(const struct eg_cel_type *item, const struct eg_cel_type *of) {
    switch (of->kind) {
    case EG_CEL_TYPE_LIST:
        return eg_cel_type_overlap(item, of->element);
    case EG_CEL_TYPE_MAP:
        return eg_cel_type_overlap(item, of->key);
    default:
        return of->kind == EG_CEL_TYPE_DYN;
    }
}

static const char *operator_text(enum eg_cel_operator op) {
    static const char *const texts[] = {
        "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in"};
    return texts[op];
}

static const struct eg_cel_type *check_binary(struct eg_cel_checker *checker,
                                              struct eg_cel_expr *expr) {
    const struct eg_cel_type *left = eg_cel_check_expr(checker, expr->operands[0]);
    const struct eg_cel_type *right =
        left == NULL ? NULL : eg_cel_check_expr(checker, expr->operands[1]);
    if (right == NULL)
        return NULL;
    enum eg_cel_operator op = expr->op;
    const struct eg_cel_type *result = eg_cel_type_of(EG_CEL_TYPE_BOOL);
    bool fits = true;
    if (op < EG_CEL_EQUAL) {
        result = arithmetic_type(checker, op, left, right);
        fits = result != NULL;
    } else if (op == EG_CEL_IN) {
        fits = may_be_in(left, right);
    } else {
        fits = eg_cel_type_overlap(left, right);
        if (op >= EG_CEL_LESS)
            fits = fits && has_order(left) && has_order(right);
    }
    if (fits)
        return result;
    bool text = op == EG_CEL_IN && right->kind == EG_CEL_TYPE_STRING;
    if (!EG_CEL_MISMATCH(checker, expr->start, expr->end,
                         "'%s' can't stand between %.*s and %.*s%s", operator_text(op),
                         EG_STR_ARGS(type_text(checker, left)),
                         EG_STR_ARGS(type_text(checker, right)),
                         text ? "; a part of a text is found by contains()" : ""))
        return NULL;
    return result != NULL ? result : dyn();
}

/* ---- literals ---- */

static const struct eg_cel_type *literal_type(const struct eg_node *value) {
    switch (value->kind) {
    case EG_NULL:
        return eg_cel_type_of(EG_CEL_TYPE_NULL);
    case EG_BOOL:
        return eg_cel_type_of(EG_CEL_TYPE_BOOL);
    case EG_INT:
        return eg_cel_type_of(EG_CEL_TYPE_INT);
    case EG_UINT:
        return eg_cel_type_of(EG_CEL_TYPE_UINT);
    case EG_DOUBLE:
        return eg_cel_type_of(EG_CEL_TYPE_DOUBLE);
    case EG_STRING:
        return eg_cel_type_of(EG_CEL_TYPE_STRING);
    case EG_BYTES:
        return eg_cel_type_of(EG_CEL_TYPE_BYTES);
    default:
        return dyn();
    }
}

/* The type of an item that may be marked with '?': then it is what the optional holds. */
static const struct eg_cel_type *check_item(struct eg_cel_checker *checker,
                                            struct eg_cel_expr *item, bool optional) {
    const struct eg_cel_type *type = eg_cel_check_expr(checker, item);
    if (type == NULL || !optional || type->kind == EG_CEL_TYPE_DYN)
        return type;
    if (type->kind == EG_CEL_TYPE_OPTIONAL)
        return type->element;
    if (EG_CEL_MISMATCH(checker, item->start, item->end,
                        "'?' takes an optional, not a value of type %.*s",
                        EG_STR_ARGS(type_text(checker, type))))
        return dyn();
    return NULL;
}

/* A list of constants is one itself: made here, and not at every evaluation. */
static void fold_list(struct eg_cel_checker *checker, struct eg_cel_expr *expr) {
    for (uint32_t i = 0; i < expr->count; i++)
        if (expr->operands[i]->kind != EG_CEL_LITERAL || expr->marks != NULL)
            return;
    const struct eg_node **items =
        EG_NEW_ARRAY(checker->arena, const struct eg_node *, expr->count);
    for (uint32_t i = 0; i < expr->count; i++)
        items[i] = expr->operands[i]->value;
    struct eg_node *list = eg_node_new(checker->arena, EG_LIST, NULL);
    list->as.list = (struct eg_list){items, expr->count};
    expr->kind = EG_CEL_LITERAL;
    expr->value = list;
    expr->count = 0;
}

static const struct eg_cel_type *check_list(struct eg_cel_checker *checker,
                                            struct eg_cel_expr *expr) {
    const struct eg_cel_type *element = NULL;
    for (uint32_t i = 0; i < expr->count; i++) {
        const struct eg_cel_type *type =
            check_item(checker, expr->operands[i], expr->marks != NULL && expr->marks[i]);
        if (type == NULL)
            return NULL;
        element = element == NULL ? type : eg_cel_type_join(checker->arena, element, type);
    }
    fold_list(checker, expr);
    return eg_cel_type_list(checker->arena, element == NULL ? dyn() : element);
}

static bool may_be_key(const struct eg_cel_type *type) {
    return type->kind == EG_CEL_TYPE_DYN || type->kind == EG_CEL_TYPE_STRING ||
           type->kind == EG_CEL_TYPE_BOOL || type->kind == EG_CEL_TYPE_INT ||
           type->kind == EG_CEL_TYPE_UINT;
}

static const struct eg_cel_type *check_map(struct eg_cel_checker *checker,
                                           struct eg_cel_expr *expr) {
    const struct eg_cel_type *key = NULL;
    const struct eg_cel_type *element = NULL;
    for (uint32_t i = 0; i < expr->count; i += 2) {
        const struct eg_cel_type *k = eg_cel_check_expr(checker, expr->operands[i]);
        if (k == NULL)
            return NULL;
        if (!may_be_key(k) &&
            !EG_CEL_MISMATCH(checker, expr->operands[i]->start, expr->operands[i]->end,
                             "a value of type %.*s can't be a key",
                             EG_STR_ARGS(type_text(checker, k))))
            return NULL;
        const struct eg_cel_type *v =
            check_item(checker, expr->operands[i + 1], expr->marks != NULL && expr->marks[i]);
        if (v == NULL)
            return NULL;
        key = key == NULL ? k : eg_cel_type_join(checker->arena, key, k);
        element = element == NULL ? v : eg_cel_type_join(checker->arena, element, v);
    }
    if (key == NULL)
        return eg_cel_type_of(EG_CEL_TYPE_MAP);
    return eg_cel_type_map(checker->arena, key, element);
}

const struct eg_cel_type *eg_cel_check_expr(struct eg_cel_checker *checker,
                                            struct eg_cel_expr *expr) {
    switch ((enum eg_cel_kind)expr->kind) {
    case EG_CEL_LITERAL:
        return literal_type(expr->value);
    case EG_CEL_NAME:
        return check_name(checker, expr);
    case EG_CEL_SELECT:
        return check_select(checker, expr);
    case EG_CEL_HAS:
        return check_has(checker, expr);
    case EG_CEL_INDEX:
        return check_index(checker, expr);
    case EG_CEL_NOT:
        return check_operand(checker, expr->operands[0], EG_STR("!"))
                   ? eg_cel_type_of(EG_CEL_TYPE_BOOL)
                   : NULL;
    case EG_CEL_NEGATE:
        return check_negate(checker, expr);
    case EG_CEL_BINARY:
        return check_binary(checker, expr);
    case EG_CEL_AND:
    case EG_CEL_OR:
        return check_junction(checker, expr);
    case EG_CEL_CONDITIONAL:
        return check_conditional(checker, expr);
    case EG_CEL_CALL:
        return eg_cel_check_call(checker, expr);
    case EG_CEL_LIST:
        return check_list(checker, expr);
    case EG_CEL_MAP:
        return check_map(checker, expr);
    case EG_CEL_MACRO:
        return eg_cel_check_macro(checker, expr);
    case EG_CEL_MESSAGE:
        eg_cel_fault_set(checker->fault, expr->start, expr->end,
                         "messages can't be made here: there is no type '%.*s' to make",
                         EG_STR_ARGS(expr->name));
        return eg_cel_refuse(checker, expr);
    case EG_CEL_VARIABLE:
    case EG_CEL_LOCAL:
    case EG_CEL_FAILURE:
        break;
    }
    return dyn();
}

const struct eg_cel_type *eg_cel_check(struct eg_arena *arena, const struct eg_cel_env *env,
                                       struct eg_str text, struct eg_cel_expr *root,
                                       struct eg_cel_fault *fault) {
    struct eg_cel_checker checker = {
        .arena = arena,
        .env = env,
        .signatures = env->signatures,
        .text = text,
        .fault = fault,
    };
    return eg_cel_check_expr(&checker, root);
}
