/* Parameters, pseudo parameters, and the variables behind those without a value. Called when a
 * parameter is first named.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 */
#include "resolve/resolver.h"

/* ---- variables ---- */

struct eg_variable *eg_resolve_add_variable(struct eg_resolver *resolver, struct eg_str name,
                                            const void *scope) {
    struct eg_system *system = resolver->system;
    if (system->variable_count == resolver->variable_capacity) {
        uint32_t larger = resolver->variable_capacity == 0 ? 16 : resolver->variable_capacity * 2;
        system->variables = eg_arena_grow(resolver->arena, system->variables,
                                          resolver->variable_capacity * sizeof *system->variables,
                                          larger * sizeof *system->variables);
        resolver->variable_capacity = larger;
        eg_scenario_init(&resolver->scenario, resolver->arena, larger);
    }
    struct eg_variable *variable = EG_NEW(resolver->arena, struct eg_variable);
    *variable = (struct eg_variable){
        .name = name, .scope = scope, .open = true, .number = system->variable_count};
    system->variables[system->variable_count++] = variable;
    return variable;
}

/* A key of the map of values that were added to variables. */
static struct eg_str value_key(struct eg_resolver *resolver, const struct eg_variable *variable,
                               struct eg_str value) {
    return eg_str_format(resolver->arena, "%u=%.*s", variable->number, EG_STR_ARGS(value));
}

static void append_value(struct eg_arena *arena, struct eg_variable *variable,
                         const struct eg_node *value) {
    if ((variable->count & (variable->count - 1)) == 0) { /* full: 0, 1, 2, 4 … */
        uint32_t larger = variable->count == 0 ? 1 : variable->count * 2;
        variable->values =
            eg_arena_grow(arena, variable->values, variable->count * sizeof *variable->values,
                          larger * sizeof *variable->values);
    }
    variable->values[variable->count++] = value;
}

/* Beyond the limit a variable takes no more values; what is compared with the others is then a
 * truth of its own. */
void eg_resolve_add_value(struct eg_resolver *resolver, struct eg_variable *variable,
                          const struct eg_node *value) {
    if (variable->allowed || variable->condition || value->kind != EG_STRING ||
        variable->count >= EG_LIMIT_VALUES)
        return;
    struct eg_str key = value_key(resolver, variable, value->as.text);
    if (eg_map_put(&resolver->variables, key, variable) == NULL)
        append_value(resolver->arena, variable, value);
}

/* ---- a parameter's type ---- */

static struct eg_str type_of(const struct eg_parameter *parameter) {
    struct eg_str type = eg_node_text(EG_GET(parameter->raw, "Type"));
    return type.length > 0 ? type : EG_STR("String");
}

static bool is_ssm(struct eg_str type) {
    return eg_str_starts_with(type, EG_STR("AWS::SSM::Parameter::Value<"));
}

static bool is_list(struct eg_str type) {
    return eg_str_is(type, "CommaDelimitedList") || eg_str_contains(type, EG_STR("List<"));
}

static bool is_no_echo(const struct eg_parameter *parameter) {
    const struct eg_node *flag = EG_GET(parameter->raw, "NoEcho");
    if (eg_node_kind(flag) == EG_BOOL)
        return flag->as.boolean;
    return eg_str_equal_nocase(eg_node_text(flag), EG_STR("true"));
}

/* ---- values ---- */

/* VALUE, a scalar, as the text that CloudFormation makes of it. */
static const struct eg_node *as_text(struct eg_arena *arena, const struct eg_node *value) {
    struct eg_str text;
    if (value->kind == EG_STRING || !eg_node_scalar_text(arena, value, &text))
        return value;
    return eg_node_string(arena, text, value);
}

/* "a, b" as a list of two. */
static const struct eg_node *split_commas(struct eg_arena *arena, const struct eg_node *value) {
    struct eg_list_builder builder;
    eg_list_begin(&builder, arena);
    struct eg_str text = value->as.text;
    for (;;) {
        size_t comma = eg_str_find(text, EG_STR(","), 0);
        struct eg_str part = eg_str_trim(eg_str_slice(text, 0, comma));
        eg_list_add(&builder, eg_node_string(arena, part, value));
        if (comma == SIZE_MAX)
            return eg_list_node(&builder, value);
        text = eg_str_from_offset(text, comma + 1);
    }
}

static const struct eg_node *list_as_text(struct eg_arena *arena, const struct eg_node *list) {
    struct eg_list_builder builder;
    eg_list_begin(&builder, arena);
    for (uint32_t i = 0; i < list->as.list.count; i++)
        eg_list_add(&builder, as_text(arena, list->as.list.items[i]));
    return eg_list_node(&builder, list);
}

/* VALUE as a parameter of TYPE holds it. */
static const struct eg_node *convert(const struct eg_context *context, struct eg_str type,
                                     const struct eg_node *value) {
    struct eg_arena *arena = context->resolver->arena;
    if (value->kind == EG_LIST)
        return list_as_text(arena, value);
    value = as_text(arena, value);
    if (!is_list(type))
        return value;
    if (value->kind == EG_STRING)
        return split_commas(arena, value);
    if (value->kind != EG_PARTIAL && value->kind != EG_CHOICE && value->kind != EG_LAZY)
        return value;
    const struct eg_node *arguments[] = {eg_node_string(arena, EG_STR(","), value), value};
    return eg_call(context, eg_call_split, value, arguments, 2);
}

/* Is VALUE a member of the scalars in ALLOWED? */
static bool is_allowed(struct eg_arena *arena, const struct eg_node *allowed, struct eg_str value) {
    for (uint32_t i = 0; i < allowed->as.list.count; i++)
        if (eg_str_equal(eg_node_text(as_text(arena, allowed->as.list.items[i])), value))
            return true;
    return false;
}

/* The first text of VALUE (a string or a list) that AllowedValues forbids, or NULL. GIVEN is the
 * value before it was made a list: a list may also be allowed as a whole. */
static const struct eg_node *find_forbidden(struct eg_arena *arena, const struct eg_node *allowed,
                                            const struct eg_node *given,
                                            const struct eg_node *value) {
    if (given->kind == EG_STRING && is_allowed(arena, allowed, given->as.text))
        return NULL;
    if (value->kind == EG_STRING)
        return is_allowed(arena, allowed, value->as.text) ? NULL : value;
    for (uint32_t i = 0; value->kind == EG_LIST && i < value->as.list.count; i++) {
        const struct eg_node *item = value->as.list.items[i];
        if (item->kind == EG_STRING && !is_allowed(arena, allowed, item->as.text))
            return item;
    }
    return NULL;
}

static void check_allowed(const struct eg_context *context, const struct eg_parameter *parameter,
                          const struct eg_node *given, const struct eg_node *value,
                          const char *what) {
    const struct eg_node *allowed = EG_GET(parameter->raw, "AllowedValues");
    if (eg_node_kind(allowed) != EG_LIST)
        return;
    const struct eg_node *forbidden =
        find_forbidden(context->resolver->arena, allowed, given, value);
    if (forbidden == NULL)
        return;
    (void)eg_resolve_problem(
        context, "invalid-parameter", forbidden,
        "%s of parameter %.*s, '%.*s', is none of its AllowedValues", what,
        EG_STR_ARGS(parameter->name),
        EG_STR_ARGS(is_no_echo(parameter) ? EG_STR("(secret)") : forbidden->as.text));
}

/* ---- where a value comes from ---- */

/* From the command line or a parameter file; SUFFIX as in "Name.ResolvedValue". */
static const struct eg_node *find_option(const struct eg_resolver *resolver,
                                         const struct eg_scope *scope, struct eg_str name,
                                         const char *suffix) {
    const struct eg_parameter_values *values = resolver->options->parameters;
    if (values == NULL)
        return NULL;
    struct eg_str stack = scope->stack.name;
    struct eg_str key = eg_str_format(resolver->arena, "%.*s.%.*s%s", EG_STR_ARGS(stack),
                                      EG_STR_ARGS(name), suffix);
    const struct eg_node *value = eg_map_get(&values->values, key);
    /* A nested stack gets its values from its parent. */
    if (value != NULL || scope->stack.parent != NULL)
        return value;
    key = eg_str_format(resolver->arena, "%.*s%s", EG_STR_ARGS(name), suffix);
    return eg_map_get(&values->values, key);
}

/* What the parent passes to a nested stack, or NULL. */
static const struct eg_node *find_passed(struct eg_resolver *resolver, struct eg_scope *scope,
                                         struct eg_str name) {
    if (scope->maker == NULL)
        return NULL;
    struct eg_scope *parent = (struct eg_scope *)(void *)scope->maker->stack;
    const struct eg_node *passed = EG_GET(EG_GET(scope->maker->raw, "Properties"), "Parameters");
    const struct eg_context context = {.resolver = resolver, .scope = parent};
    const struct eg_node *value = eg_node_get(passed, name);
    if (value != NULL)
        value = eg_resolve_value(&context, value);
    return eg_node_kind(value) == EG_ABSENT ? NULL : value;
}

/* What to supply, for messages. */
static struct eg_str hint_for(struct eg_resolver *resolver, const struct eg_parameter *parameter) {
    struct eg_str pattern = eg_node_text(EG_GET(parameter->raw, "AllowedPattern"));
    struct eg_str hint =
        eg_str_format(resolver->arena, "give --parameter %.*s=…", EG_STR_ARGS(parameter->name));
    if (pattern.length == 0 || pattern.length > 200)
        return hint;
    return eg_str_format(resolver->arena, "%.*s (AllowedPattern %.*s)", EG_STR_ARGS(hint),
                         EG_STR_ARGS(pattern));
}

static const struct eg_node *ssm_value(struct eg_resolver *resolver, struct eg_scope *scope,
                                       const struct eg_parameter *parameter) {
    struct eg_str hint = eg_str_format(
        resolver->arena, "its value here is only the name; give --parameter %.*s.ResolvedValue=…",
        EG_STR_ARGS(parameter->name));
    return eg_resolve_symbol_node(resolver,
                                  (struct eg_unknown){.why = EG_WHY_SSM_PARAMETER,
                                                      .name = parameter->name,
                                                      .scope = &scope->stack,
                                                      .hint = hint,
                                                      .secret = is_no_echo(parameter)},
                                  parameter->raw);
}

/* A parameter without a value: a symbol, and the variable that scenarios assign. */
static const struct eg_node *open_value(struct eg_resolver *resolver, struct eg_scope *scope,
                                        const struct eg_parameter *parameter) {
    struct eg_symbol *symbol =
        eg_resolve_symbol(resolver, (struct eg_unknown){.why = EG_WHY_PARAMETER,
                                                        .name = parameter->name,
                                                        .scope = &scope->stack,
                                                        .hint = hint_for(resolver, parameter),
                                                        .secret = is_no_echo(parameter)});
    struct eg_node *node = eg_node_new(resolver->arena, EG_UNKNOWN, parameter->raw);
    node->as.unknown = &symbol->unknown;
    if (is_list(type_of(parameter)))
        return node;
    struct eg_variable *variable =
        eg_resolve_add_variable(resolver, parameter->name, &scope->stack);
    symbol->unknown.variable = variable;
    const struct eg_node *allowed = EG_GET(parameter->raw, "AllowedValues");
    if (eg_node_kind(allowed) == EG_LIST && allowed->as.list.count <= EG_LIMIT_VALUES) {
        for (uint32_t i = 0; i < allowed->as.list.count; i++)
            eg_resolve_add_value(resolver, variable,
                                 as_text(resolver->arena, allowed->as.list.items[i]));
        variable->allowed = variable->count > 0;
        variable->open = variable->count == 0;
    }
    return node;
}

static const struct eg_node *find_value(const struct eg_context *context,
                                        const struct eg_parameter *parameter) {
    struct eg_resolver *resolver = context->resolver;
    struct eg_scope *scope = context->scope;
    struct eg_str type = type_of(parameter);
    uint8_t flags = is_no_echo(parameter) ? EG_FLAG_SECRET : 0;
    if (is_ssm(type)) {
        const struct eg_node *known =
            find_option(resolver, scope, parameter->name, ".ResolvedValue");
        return known == NULL
                   ? ssm_value(resolver, scope, parameter)
                   : eg_resolve_made(resolver->arena, convert(context, type, known), NULL, flags);
    }
    const char *what = "the value";
    const struct eg_node *value = find_option(resolver, scope, parameter->name, "");
    if (value == NULL)
        value = find_passed(resolver, scope, parameter->name);
    if (value == NULL)
        value = eg_node_get(scope->stack.template_->given_parameters, parameter->name);
    if (value == NULL) {
        value = EG_GET(parameter->raw, "Default");
        flags |= EG_FLAG_DEFAULTED;
        what = "the Default";
    }
    if (value == NULL || value->kind == EG_NULL)
        return open_value(resolver, scope, parameter);
    const struct eg_node *given = value;
    value = convert(context, type, given);
    check_allowed(context, parameter, given, value, what);
    return eg_resolve_made(resolver->arena, value, NULL, flags);
}

const struct eg_node *eg_resolve_parameter(struct eg_resolver *resolver, struct eg_scope *scope,
                                           struct eg_parameter *parameter) {
    const struct eg_context context = {.resolver = resolver, .scope = scope};
    uint32_t reached;
    if (eg_slot_begin(resolver, &parameter->slot, &reached)) {
        const struct eg_node *value = find_value(&context, parameter);
        eg_slot_end(&context, &parameter->slot, value, reached, parameter->raw);
        (void)eg_map_put(&scope->stack.parameters, parameter->name,
                         (void *)(uintptr_t)parameter->slot.value);
    }
    if (parameter->slot.value != NULL)
        return parameter->slot.value;
    return eg_resolve_broken(&context, "circular-dependency", parameter->raw,
                             "the value of parameter %.*s hangs on itself",
                             EG_STR_ARGS(parameter->name));
}

/* ---- pseudo parameters ---- */

const struct eg_stack *eg_scope_root(const struct eg_scope *scope) {
    const struct eg_stack *stack = &scope->stack;
    while (stack->parent != NULL)
        stack = stack->parent;
    return stack;
}

/* Of every partition: how its Regions begin, its name, its domain. */
static const struct {
    const char *region;
    const char *name;
    const char *suffix;
} partitions[] = {
    {"cn-", "aws-cn", "amazonaws.com.cn"},       {"us-gov-", "aws-us-gov", "amazonaws.com"},
    {"us-iso-", "aws-iso", "c2s.ic.gov"},        {"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
    {"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"}, {"us-isof-", "aws-iso-f", "csp.hci.ic.gov"},
    {"eusc-", "aws-eusc", "amazonaws.eu"},       {"", "aws", "amazonaws.com"},
};

/* The partition of a stack's Region or of the options; -1: not known. */
static int find_partition(const struct eg_context *context) {
    struct eg_str name = context->resolver->options->partition;
    const struct eg_node *region = context->scope->stack.region;
    int count = sizeof partitions / sizeof *partitions;
    for (int i = 0; i < count && name.length > 0; i++)
        if (eg_str_is(name, partitions[i].name))
            return i;
    for (int i = 0; i < count && name.length == 0 && eg_node_kind(region) == EG_STRING; i++)
        if (eg_str_starts_with(region->as.text, eg_str_from(partitions[i].region)))
            return i;
    return -1;
}

static const struct eg_node *pseudo_symbol(const struct eg_context *context, struct eg_str name,
                                           const void *scope, const struct eg_node *at) {
    const char *option = eg_str_is(name, "AWS::Region")      ? "give --region"
                         : eg_str_is(name, "AWS::AccountId") ? "give --account"
                         : eg_str_is(name, "AWS::Partition") || eg_str_is(name, "AWS::URLSuffix")
                             ? "give --region"
                             : "";
    struct eg_symbol *symbol =
        eg_resolve_symbol(context->resolver, (struct eg_unknown){.why = EG_WHY_PSEUDO_PARAMETER,
                                                                 .name = name,
                                                                 .scope = scope,
                                                                 .hint = eg_str_from(option)});
    if (symbol->unknown.variable == NULL && !context->resolver->sealed)
        symbol->unknown.variable =
            eg_resolve_add_variable(context->resolver, symbol->unknown.name, scope);
    struct eg_node *node = eg_node_new(context->resolver->arena, EG_UNKNOWN, at);
    node->as.unknown = &symbol->unknown;
    node->origin = at;
    return node;
}

/* The value where it is known, or NULL. */
static const struct eg_node *known_pseudo(const struct eg_context *context, struct eg_str name,
                                          const struct eg_node *at) {
    struct eg_arena *arena = context->resolver->arena;
    const struct eg_stack *stack = &context->scope->stack;
    if (eg_str_is(name, "AWS::Region") && eg_node_kind(stack->region) == EG_STRING)
        return eg_resolve_made(arena, stack->region, at, 0);
    if (eg_str_is(name, "AWS::AccountId") && eg_node_kind(stack->account) == EG_STRING)
        return eg_resolve_made(arena, stack->account, at, 0);
    bool partition = eg_str_is(name, "AWS::Partition");
    if (partition || eg_str_is(name, "AWS::URLSuffix")) {
        int found = find_partition(context);
        if (found >= 0)
            return eg_resolve_made(arena,
                                   eg_node_string(arena,
                                                  eg_str_from(partition ? partitions[found].name
                                                                        : partitions[found].suffix),
                                                  at),
                                   at, 0);
    }
    /* An assembly tells the name a stack is deployed by; a nested stack's is generated. */
    if (eg_str_is(name, "AWS::StackName") && stack->parent == NULL &&
        stack->template_->assembly != NULL)
        return eg_resolve_made(arena, eg_node_string(arena, stack->template_->stack_name, at), at,
                               0);
    return NULL;
}

const struct eg_node *eg_resolve_pseudo(const struct eg_context *context, struct eg_str name,
                                        const struct eg_node *at) {
    static const char *const global[] = {"AWS::Region", "AWS::AccountId", "AWS::Partition",
                                         "AWS::URLSuffix"};
    static const char *const of_stack[] = {"AWS::StackName", "AWS::StackId",
                                           "AWS::NotificationARNs"};
    if (eg_str_is(name, "AWS::NoValue"))
        return eg_node_absent();
    if (!eg_str_starts_with(name, EG_STR("AWS::")))
        return NULL;
    const struct eg_node *given = find_option(context->resolver, context->scope, name, "");
    if (given != NULL)
        return eg_node_moved(context->resolver->arena, as_text(context->resolver->arena, given),
                             at);
    const struct eg_node *known = known_pseudo(context, name, at);
    if (known != NULL)
        return known;
    /* What is imported comes from the same account and Region, so these are one symbol in the whole
     * system. */
    for (size_t i = 0; i < sizeof global / sizeof *global; i++)
        if (eg_str_is(name, global[i]))
            return pseudo_symbol(context, name, NULL, at);
    for (size_t i = 0; i < sizeof of_stack / sizeof *of_stack; i++)
        if (eg_str_is(name, of_stack[i]))
            return pseudo_symbol(context, name, &context->scope->stack, at);
    return NULL;
}
