/* Conditions, Fn::If and rules. Conditions are compiled once, when first named, into struct
 * eg_condition (node/scenario.h); what known parameters decide is a constant.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html
 */
#include "resolve/resolver.h"

static const struct eg_condition *compile(const struct eg_context *context,
                                          const struct eg_node *raw, struct eg_str name);

static struct eg_compiled *new_compiled(const struct eg_context *context,
                                        enum eg_condition_kind kind) {
    struct eg_compiled *compiled = EG_NEW(context->resolver->arena, struct eg_compiled);
    compiled->condition.kind = kind;
    compiled->weight = 1;
    compiled->height = 1;
    return compiled;
}

static const struct eg_compiled *compiled_of(const struct eg_condition *condition) {
    return (const struct eg_compiled *)(const void *)condition;
}

static const struct eg_condition *constant(const struct eg_context *context, bool value) {
    struct eg_compiled *compiled = new_compiled(context, EG_CONDITION_CONSTANT);
    compiled->condition.constant = value;
    return &compiled->condition;
}

static bool is_constant(const struct eg_condition *condition, bool value) {
    return condition->kind == EG_CONDITION_CONSTANT && condition->constant == value;
}

/* A variable that is a bare truth: the comparison of that text, one for equal texts in a stack. */
static struct eg_variable *truth_variable(const struct eg_context *context, struct eg_str name,
                                          struct eg_str text) {
    struct eg_resolver *resolver = context->resolver;
    struct eg_str key =
        eg_str_format(resolver->arena, "%u?%.*s", context->scope->number, EG_STR_ARGS(text));
    struct eg_variable *variable = eg_map_get(&resolver->variables, key);
    if (variable != NULL)
        return variable;
    variable =
        eg_resolve_add_variable(resolver, name.length > 0 ? name : text, &context->scope->stack);
    variable->condition = true;
    variable->open = false;
    variable->count = 2;
    (void)eg_map_put(&resolver->variables, key, variable);
    return variable;
}

/* A condition of which nothing is known. */
static const struct eg_condition *bare_truth(const struct eg_context *context, struct eg_str name) {
    struct eg_compiled *compiled = new_compiled(context, EG_CONDITION_VARIABLE);
    compiled->condition.variable =
        truth_variable(context, name, name.length > 0 ? name : EG_STR("a condition"));
    return &compiled->condition;
}

static const struct eg_condition *invalid(const struct eg_context *context, struct eg_str name,
                                          const struct eg_node *at, const char *text) {
    (void)eg_resolve_problem(context, "invalid-function", at, "%s", text);
    struct eg_place place = eg_node_place(at);
    if (name.length == 0)
        name = eg_str_format(context->resolver->arena, "the condition in line %u, column %u",
                             place.line, place.column);
    return bare_truth(context, name);
}

/* ---- Fn::Equals ---- */

/* VALUE with its scalars as the text that CloudFormation compares, also in the ways of a choice. */
static const struct eg_node *as_text(struct eg_arena *arena, const struct eg_node *value) {
    struct eg_str text;
    if (value->kind == EG_CHOICE) {
        const struct eg_choice *choice = value->as.choice;
        const struct eg_node *if_true = as_text(arena, choice->if_true);
        const struct eg_node *if_false = as_text(arena, choice->if_false);
        if (if_true == choice->if_true && if_false == choice->if_false)
            return value;
        struct eg_choice *made = EG_NEW(arena, struct eg_choice);
        *made = (struct eg_choice){choice->condition, if_true, if_false};
        struct eg_node *node = eg_node_new(arena, EG_CHOICE, value);
        node->as.choice = made;
        return node;
    }
    if (value->kind == EG_STRING || !eg_node_scalar_text(arena, value, &text))
        return value;
    return eg_resolve_made(arena, eg_node_string(arena, text, value), NULL, value->flags);
}

/* Can it be compared before there is a scenario? */
static bool is_settled(const struct eg_node *value) {
    if (value->kind == EG_PARTIAL) {
        for (uint32_t i = 0; i < value->as.list.count; i++)
            if (!eg_text_is(value->as.list.items[i]))
                return false;
        return true;
    }
    return eg_text_is(value);
}

static enum eg_truth compare_now(struct eg_resolver *resolver, const struct eg_node *left,
                                 const struct eg_node *right) {
    if (left->kind == EG_LIST && right->kind == EG_LIST) {
        if (left->as.list.count != right->as.list.count)
            return EG_UNDECIDED;
        for (uint32_t i = 0; i < left->as.list.count; i++) {
            const struct eg_node *a = left->as.list.items[i], *b = right->as.list.items[i];
            if (a->kind != EG_STRING || b->kind != EG_STRING)
                return EG_UNDECIDED;
            if (!eg_str_equal(a->as.text, b->as.text))
                return EG_FALSE;
        }
        return EG_TRUE;
    }
    if (!is_settled(left) || !is_settled(right))
        return EG_UNDECIDED;
    return eg_text_equal(&resolver->scenario, left, right);
}

/* What the one hole of TEXT must be for TEXT to be LITERAL; NULL: there is no such value. */
static const struct eg_node *solve(struct eg_arena *arena, const struct eg_node *text,
                                   const struct eg_node *literal, const struct eg_node **ret_hole) {
    *ret_hole = NULL;
    for (uint32_t i = 0; i < text->as.list.count; i++) {
        if (text->as.list.items[i]->kind == EG_STRING)
            continue;
        if (*ret_hole != NULL || text->as.list.items[i]->kind != EG_UNKNOWN)
            return NULL;
        *ret_hole = text->as.list.items[i];
    }
    struct eg_str start = eg_text_known_start(text), end = eg_text_known_end(text);
    struct eg_str whole = literal->as.text;
    if (*ret_hole == NULL || start.length + end.length > whole.length ||
        !eg_str_starts_with(whole, start) || !eg_str_ends_with(whole, end))
        return NULL;
    return eg_node_string(
        arena, eg_str_slice(whole, start.length, whole.length - start.length - end.length),
        literal);
}

/* 'app-${Env}' == 'app-dev' is Env == 'dev': a comparison that values of Env decide. */
static void simplify(struct eg_arena *arena, const struct eg_node **text,
                     const struct eg_node **literal) {
    const struct eg_node *hole, *solution;
    if ((*text)->kind != EG_PARTIAL || (*literal)->kind != EG_STRING)
        return;
    solution = solve(arena, *text, *literal, &hole);
    if (solution == NULL)
        return;
    *text = hole;
    *literal = solution;
}

/* Each literal that a variable is compared with is a value to look at. */
static void note_literal(const struct eg_context *context, const struct eg_node *value,
                         const struct eg_node *literal) {
    struct eg_resolver *resolver = context->resolver;
    if (literal->kind == EG_CHOICE) {
        note_literal(context, value, literal->as.choice->if_true);
        note_literal(context, value, literal->as.choice->if_false);
    } else if (value->kind == EG_CHOICE) {
        note_literal(context, value->as.choice->if_true, literal);
        note_literal(context, value->as.choice->if_false, literal);
    } else if (value->kind == EG_UNKNOWN && literal->kind == EG_STRING) {
        struct eg_symbol *symbol = eg_resolve_find_symbol(resolver, value->as.unknown);
        if (symbol == NULL)
            return;
        if (symbol->unknown.variable == NULL)
            symbol->unknown.variable =
                eg_resolve_add_variable(resolver, symbol->unknown.name, symbol->unknown.scope);
        eg_resolve_add_value(resolver, symbol->unknown.variable, literal);
    }
}

static struct eg_str show_operand(struct eg_arena *arena, const struct eg_node *value) {
    struct eg_str text;
    if (value->kind == EG_PARTIAL || eg_text_is(value))
        return value->kind == EG_STRING
                   ? eg_str_format(arena, "'%.*s'", EG_STR_ARGS(eg_text_show(arena, value)))
                   : eg_text_show(arena, value);
    if (eg_node_scalar_text(arena, value, &text))
        return text;
    struct eg_place place = eg_node_place(value);
    return eg_str_format(arena, "the %s in line %u, column %u", eg_kind_name(eg_node_kind(value)),
                         place.line, place.column);
}

/* LEFT and RIGHT are resolved. NAME is that of the condition, if this is all of it. */
static const struct eg_condition *equals(const struct eg_context *context,
                                         const struct eg_node *left, const struct eg_node *right,
                                         struct eg_str name) {
    struct eg_arena *arena = context->resolver->arena;
    left = as_text(arena, left);
    right = as_text(arena, right);
    enum eg_truth decided = compare_now(context->resolver, left, right);
    if (decided != EG_UNDECIDED) {
        if ((left->flags | right->flags) & EG_FLAG_DEFAULTED)
            context->resolver->used_default = true;
        return constant(context, decided == EG_TRUE);
    }
    simplify(arena, &left, &right);
    simplify(arena, &right, &left);
    note_literal(context, left, right);
    note_literal(context, right, left);
    struct eg_compiled *compiled = new_compiled(context, EG_CONDITION_EQUALS);
    compiled->condition.left = left;
    compiled->condition.right = right;
    struct eg_str text =
        eg_str_format(arena, "%.*s == %.*s", EG_STR_ARGS(show_operand(arena, left)),
                      EG_STR_ARGS(show_operand(arena, right)));
    compiled->condition.variable = truth_variable(context, name, text);
    return &compiled->condition;
}

static const struct eg_condition *compile_equals(const struct eg_context *context,
                                                 const struct eg_node *at,
                                                 const struct eg_node *argument,
                                                 struct eg_str name) {
    if (argument->kind != EG_LIST || argument->as.list.count != 2)
        return invalid(context, name, at, "Fn::Equals takes two values");
    return equals(context, eg_resolve_value(context, argument->as.list.items[0]),
                  eg_resolve_value(context, argument->as.list.items[1]), name);
}

/* ---- Fn::And, Fn::Or, Fn::Not ---- */

/* Past the bound a condition is taken for a truth of its own, which is less than can be known but
 * never wrong. */
static const struct eg_condition *bounded(const struct eg_context *context,
                                          struct eg_compiled *compiled, struct eg_str name,
                                          const struct eg_node *at) {
    for (uint32_t i = 0; i < compiled->condition.count; i++) {
        const struct eg_compiled *operand = compiled_of(compiled->condition.operands[i]);
        compiled->weight += operand->weight;
        if (operand->height >= compiled->height)
            compiled->height = operand->height + 1;
        if (compiled->weight <= EG_LIMIT_CONDITION_WEIGHT && compiled->height <= EG_LIMIT_CHAIN)
            continue;
        eg_resolve_problem(context, "limit", at, "the condition consists of too many others")
            ->unknown = true;
        return bare_truth(context, name);
    }
    return &compiled->condition;
}

static const struct eg_condition *negate(const struct eg_context *context,
                                         const struct eg_condition *operand, struct eg_str name,
                                         const struct eg_node *at) {
    if (operand->kind == EG_CONDITION_CONSTANT)
        return constant(context, !operand->constant);
    if (operand->kind == EG_CONDITION_NOT)
        return operand->operands[0];
    struct eg_compiled *compiled = new_compiled(context, EG_CONDITION_NOT);
    const struct eg_condition **operands =
        EG_NEW_ARRAY(context->resolver->arena, const struct eg_condition *, 1);
    operands[0] = operand;
    compiled->condition.operands = operands;
    compiled->condition.count = 1;
    return bounded(context, compiled, name, at);
}

/* OPERANDS joined by KIND (and, or); those that don't matter are left out. */
static const struct eg_condition *junction(const struct eg_context *context,
                                           enum eg_condition_kind kind,
                                           const struct eg_condition **operands, uint32_t count,
                                           struct eg_str name, const struct eg_node *at) {
    bool decisive = kind == EG_CONDITION_OR;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (is_constant(operands[i], decisive))
            return constant(context, decisive);
        if (!is_constant(operands[i], !decisive))
            operands[kept++] = operands[i];
    }
    if (kept == 0)
        return constant(context, !decisive);
    if (kept == 1)
        return operands[0];
    struct eg_compiled *compiled = new_compiled(context, kind);
    compiled->condition.operands = operands;
    compiled->condition.count = kept;
    return bounded(context, compiled, name, at);
}

static const struct eg_condition *
compile_junction(const struct eg_context *context, const struct eg_node *at,
                 const struct eg_node *argument, enum eg_condition_kind kind, struct eg_str name) {
    if (argument->kind != EG_LIST || argument->as.list.count == 0)
        return invalid(context, name, at, "Fn::And and Fn::Or take a list of conditions");
    uint32_t count = argument->as.list.count;
    const struct eg_condition **operands =
        EG_NEW_ARRAY(context->resolver->arena, const struct eg_condition *, count);
    for (uint32_t i = 0; i < count; i++)
        operands[i] = compile(context, argument->as.list.items[i], EG_STR(""));
    return junction(context, kind, operands, count, name, at);
}

/* ---- functions of the Rules section ---- */

/* An operand in a rule: also what AWS looks up there. */
static const struct eg_node *rule_operand(const struct eg_context *context,
                                          const struct eg_node *raw) {
    static const char *const lookups[] = {"Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"};
    if (raw->kind == EG_MAP && raw->as.map.count == 1)
        for (size_t i = 0; i < sizeof lookups / sizeof *lookups; i++)
            if (eg_str_is(raw->as.map.items[0].key, lookups[i]))
                return eg_node_unknown(
                    context->resolver->arena,
                    (struct eg_unknown){.why = EG_WHY_ATTRIBUTE,
                                        .hint = EG_STR("it is looked up at deployment")},
                    raw);
    return eg_resolve_value(context, raw);
}

/* Is VALUE equal to an item of LIST? */
static const struct eg_condition *is_member(const struct eg_context *context,
                                            const struct eg_node *value, const struct eg_node *list,
                                            const struct eg_node *at) {
    if (list->kind != EG_LIST)
        return bare_truth(context, EG_STR("a rule's list that is not known"));
    uint32_t count = list->as.list.count;
    const struct eg_condition **operands =
        EG_NEW_ARRAY(context->resolver->arena, const struct eg_condition *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        operands[i] = equals(context, value, list->as.list.items[i], EG_STR(""));
    return junction(context, EG_CONDITION_OR, operands, count, EG_STR(""), at);
}

enum membership { CONTAINS, EACH_MEMBER_IN, EACH_MEMBER_EQUALS };

static const struct eg_condition *compile_membership(const struct eg_context *context,
                                                     const struct eg_node *at,
                                                     const struct eg_node *argument,
                                                     enum membership kind, struct eg_str name) {
    if (argument->kind != EG_LIST || argument->as.list.count != 2)
        return invalid(context, name, at, "the function takes two arguments");
    const struct eg_node *first = rule_operand(context, argument->as.list.items[0]);
    const struct eg_node *second = rule_operand(context, argument->as.list.items[1]);
    if (kind == CONTAINS)
        return is_member(context, second, first, at);
    if (first->kind != EG_LIST)
        return bare_truth(context, EG_STR("a rule's list that is not known"));
    uint32_t count = first->as.list.count;
    const struct eg_condition **operands =
        EG_NEW_ARRAY(context->resolver->arena, const struct eg_condition *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        operands[i] = kind == EACH_MEMBER_IN
                          ? is_member(context, first->as.list.items[i], second, at)
                          : equals(context, first->as.list.items[i], second, EG_STR(""));
    return junction(context, EG_CONDITION_AND, operands, count, name, at);
}

/* ---- one condition ---- */

static const struct eg_condition *compile_function(const struct eg_context *context,
                                                   const struct eg_node *raw, struct eg_str name) {
    struct eg_str function = raw->as.map.items[0].key;
    const struct eg_node *argument = raw->as.map.items[0].value;
    if (eg_str_is(function, "Fn::Equals"))
        return compile_equals(context, raw, argument, name);
    if (eg_str_is(function, "Fn::And"))
        return compile_junction(context, raw, argument, EG_CONDITION_AND, name);
    if (eg_str_is(function, "Fn::Or"))
        return compile_junction(context, raw, argument, EG_CONDITION_OR, name);
    if (eg_str_is(function, "Fn::Not")) {
        if (argument->kind == EG_LIST && argument->as.list.count == 1)
            argument = argument->as.list.items[0];
        else
            return invalid(context, name, raw, "Fn::Not takes a list of one condition");
        return negate(context, compile(context, argument, EG_STR("")), name, raw);
    }
    if (eg_str_is(function, "Condition") && argument->kind == EG_STRING)
        return eg_resolve_condition(context, argument->as.text, argument);
    if (eg_str_is(function, "Fn::Contains"))
        return compile_membership(context, raw, argument, CONTAINS, name);
    if (eg_str_is(function, "Fn::EachMemberIn"))
        return compile_membership(context, raw, argument, EACH_MEMBER_IN, name);
    if (eg_str_is(function, "Fn::EachMemberEquals"))
        return compile_membership(context, raw, argument, EACH_MEMBER_EQUALS, name);
    if (eg_str_is(function, "Fn::Transform")) {
        (void)eg_resolve_transform(context, raw, argument);
        return bare_truth(context, name);
    }
    return invalid(context, name, raw,
                   "a condition is made of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition");
}

static const struct eg_condition *compile(const struct eg_context *context,
                                          const struct eg_node *raw, struct eg_str name) {
    struct eg_resolver *resolver = context->resolver;
    if (raw->kind == EG_BOOL)
        return constant(context, raw->as.boolean);
    if (raw->kind != EG_MAP || raw->as.map.count != 1)
        return invalid(context, name, raw,
                       "a condition is made of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition");
    if (resolver->depth >= EG_LIMIT_RESOLVE_DEPTH) {
        (void)eg_resolve_limit(context, raw, "conditions are nested too deep");
        return bare_truth(context, name);
    }
    resolver->depth++;
    const struct eg_condition *condition = compile_function(context, raw, name);
    resolver->depth--;
    return condition;
}

/* CONDITION under NAME. What it is may be shared with other names. */
static const struct eg_condition *named(const struct eg_context *context,
                                        const struct eg_condition *condition, struct eg_str name) {
    struct eg_compiled *compiled = EG_NEW(context->resolver->arena, struct eg_compiled);
    *compiled = *compiled_of(condition);
    compiled->condition.name = name;
    return &compiled->condition;
}

const struct eg_condition *eg_resolve_condition(const struct eg_context *context,
                                                struct eg_str name, const struct eg_node *at) {
    struct eg_scope *scope = context->scope;
    struct eg_condition_slot *slot = eg_map_get(&scope->conditions, name);
    if (slot == NULL) {
        if (!scope->has_macro)
            (void)eg_resolve_problem(context, "undefined-condition", at,
                                     "there is no condition %.*s", EG_STR_ARGS(name));
        return named(context, bare_truth(context, name), name);
    }
    if (slot->condition != NULL)
        return slot->condition;
    if (slot->busy) {
        if (!slot->cycle_told)
            (void)eg_resolve_problem(context, "circular-dependency", at,
                                     "condition %.*s hangs on itself", EG_STR_ARGS(name));
        slot->cycle_told = true;
        return bare_truth(context, name);
    }
    slot->busy = true;
    const struct eg_context own = {.resolver = context->resolver, .scope = scope};
    const struct eg_condition *condition =
        named(&own, compile(&own, slot->raw, slot->name), slot->name);
    slot->busy = false;
    slot->condition = condition;
    (void)eg_map_put(&scope->stack.conditions, slot->name, (void *)(uintptr_t)condition);
    return condition;
}

/* ---- Fn::If ---- */

const struct eg_node *eg_resolve_if(const struct eg_context *context, const struct eg_node *at,
                                    const struct eg_node *argument) {
    if (argument->kind != EG_LIST || argument->as.list.count != 3 ||
        argument->as.list.items[0]->kind != EG_STRING)
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::If takes [condition, value if true, value if false]");
    const struct eg_node *const *items = argument->as.list.items;
    const struct eg_condition *condition =
        eg_resolve_condition(context, items[0]->as.text, items[0]);
    if (condition->kind == EG_CONDITION_CONSTANT)
        return eg_resolve_value(context, items[condition->constant ? 1 : 2]);
    struct eg_context branch = *context;
    branch.maybe = true;
    struct eg_choice *choice = EG_NEW(context->resolver->arena, struct eg_choice);
    choice->condition = condition;
    choice->if_true = eg_resolve_value(&branch, items[1]);
    choice->if_false = eg_resolve_value(&branch, items[2]);
    struct eg_node *node = eg_node_new(context->resolver->arena, EG_CHOICE, at);
    node->as.choice = choice;
    node->origin = at;
    return node;
}

/* ---- rules ---- */

/* A default that breaks a rule is there to be overridden, so only given values are told of. */
static void check_assertion(const struct eg_context *context, struct eg_str rule,
                            const struct eg_node *assertion) {
    const struct eg_node *raw = EG_GET(assertion, "Assert");
    if (raw == NULL || !is_constant(compile(context, raw, EG_STR("")), false) ||
        context->resolver->used_default)
        return;
    struct eg_str description = eg_node_text(EG_GET(assertion, "AssertDescription"));
    (void)eg_resolve_problem(context, "rule-violated", assertion,
                             "the parameters break rule %.*s%s%.*s", EG_STR_ARGS(rule),
                             description.length > 0 ? ": " : "", EG_STR_ARGS(description));
}

void eg_resolve_check_rules(struct eg_resolver *resolver, struct eg_scope *scope) {
    const struct eg_node *rules = scope->stack.template_->rules;
    const struct eg_context context = {.resolver = resolver, .scope = scope};
    for (uint32_t i = 0; rules != NULL && i < rules->as.map.count; i++) {
        const struct eg_entry *rule = &rules->as.map.items[i];
        const struct eg_node *when = EG_GET(rule->value, "RuleCondition");
        const struct eg_node *assertions = EG_GET(rule->value, "Assertions");
        resolver->used_default = false;
        if (when != NULL && !is_constant(compile(&context, when, EG_STR("")), true))
            continue;
        for (uint32_t j = 0; eg_node_kind(assertions) == EG_LIST && j < assertions->as.list.count;
             j++)
            check_assertion(&context, rule->key, assertions->as.list.items[j]);
    }
}
