/* Functions: their table, and calls that wait for a scenario. Called by value.c for every map that
 * is one.
 *
 * Most functions are decided at once. One whose argument hangs on an undecided condition or
 * parameter becomes a lazy node that calls it anew in each scenario, with the argument as it is
 * there: so the work grows with the number of functions, not with the combinations of conditions.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
#include "resolve/resolver.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *name;
    eg_resolve_function_kind *resolve;
} functions[] = {
    {"Ref", eg_resolve_ref},
    {"Fn::GetAtt", eg_resolve_get_att},
    {"Fn::Sub", eg_resolve_sub},
    {"Fn::Join", eg_resolve_join},
    {"Fn::If", eg_resolve_if},
    {"Fn::Select", eg_resolve_select},
    {"Fn::FindInMap", eg_resolve_find_in_map},
    {"Fn::Split", eg_resolve_split},
    {"Fn::ImportValue", eg_resolve_import_value},
    {"Fn::GetStackOutput", eg_resolve_get_stack_output},
    {"Fn::GetAZs", eg_resolve_get_azs},
    {"Fn::Base64", eg_resolve_base64},
    {"Fn::Cidr", eg_resolve_cidr},
    {"Fn::Transform", eg_resolve_transform},
    {"Fn::Length", eg_resolve_length},
    {"Fn::ToJsonString", eg_resolve_to_json_string},
};

/* Those that are functions elsewhere only. */
static bool is_condition_function(struct eg_str key) {
    static const char *const names[] = {"Fn::And",
                                        "Fn::Or",
                                        "Fn::Not",
                                        "Fn::Equals",
                                        "Fn::Contains",
                                        "Fn::EachMemberIn",
                                        "Fn::EachMemberEquals",
                                        "Fn::RefAll",
                                        "Fn::ValueOf",
                                        "Fn::ValueOfAll"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (eg_str_is(key, names[i]))
            return true;
    return false;
}

/* A key "Fn::…" in a map: a mistake unless it is the only one. */
static const struct eg_node *misplaced(const struct eg_context *context,
                                       const struct eg_node *map) {
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        struct eg_str key = map->as.map.items[i].key;
        if (!eg_str_starts_with(key, EG_STR("Fn::")) || eg_is_foreach(key) ||
            eg_str_is(key, "Fn::Transform"))
            continue;
        return eg_resolve_broken(context, "invalid-function", map,
                                 "%.*s stands beside other keys; a function must be the only key "
                                 "of its map",
                                 EG_STR_ARGS(key));
    }
    return NULL;
}

const struct eg_node *eg_resolve_function(const struct eg_context *context,
                                          const struct eg_node *node) {
    if (node->as.map.count == 0)
        return NULL;
    if (node->as.map.count > 1)
        return misplaced(context, node);
    struct eg_str key = node->as.map.items[0].key;
    if (!eg_str_is(key, "Ref") && !eg_str_starts_with(key, EG_STR("Fn::")))
        return NULL;
    if (context->resolver->sealed)
        return eg_resolve_broken(context, "invalid-function", node,
                                 "%.*s in a place where it is not expected", EG_STR_ARGS(key));
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (eg_str_is(key, functions[i].name))
            return functions[i].resolve(context, node, node->as.map.items[0].value);
    if (eg_is_foreach(key))
        return NULL;
    if (is_condition_function(key))
        return eg_resolve_broken(context, "invalid-function", node,
                                 "%.*s may be used in conditions and rules only", EG_STR_ARGS(key));
    return eg_resolve_broken(context, "invalid-function", node,
                             "%.*s is no function of CloudFormation", EG_STR_ARGS(key));
}

/* ---- calls ---- */

static const struct eg_node *compute_call(struct eg_scenario *scenario, const void *context) {
    struct eg_call call = *(const struct eg_call *)context;
    call.scenario = scenario;
    call.arena = scenario->arena;
    const struct eg_node *value = call.function(&call);
    return value != NULL ? value : eg_call_broken(&call, "can't be decided");
}

const struct eg_node *eg_call(const struct eg_context *context, eg_function *function,
                              const struct eg_node *at, const struct eg_node *const *arguments,
                              uint32_t count) {
    struct eg_arena *arena = context->resolver->arena;
    struct eg_call call = {.context = *context,
                           .arena = arena,
                           .at = at,
                           .function = function,
                           .arguments = arguments,
                           .count = count};
    const struct eg_node *value = function(&call);
    if (value != NULL)
        return value; // cppcheck-suppress returnDanglingLifetime; no function keeps its call
    struct eg_call *kept = EG_NEW(arena, struct eg_call);
    const struct eg_node **kept_arguments = EG_NEW_ARRAY(arena, const struct eg_node *, count);
    for (uint32_t i = 0; i < count; i++)
        kept_arguments[i] = arguments[i];
    *kept = call;
    kept->arguments = kept_arguments;
    struct eg_lazy *lazy = EG_NEW(arena, struct eg_lazy);
    lazy->compute = compute_call;
    lazy->context = kept;
    struct eg_node *node = eg_node_new(arena, EG_LAZY, at);
    node->as.lazy = lazy;
    node->origin = at;
    return node;
}

const struct eg_node *eg_call_look(const struct eg_call *call, const struct eg_node *argument) {
    if (call->scenario != NULL)
        return eg_scenario_force(call->scenario, argument);
    return argument->kind == EG_CHOICE || argument->kind == EG_LAZY ? NULL : argument;
}

/* Is there a hole in it that a scenario may fill? */
static bool has_variable(const struct eg_node *node) {
    if (node->kind == EG_UNKNOWN)
        return node->as.unknown->variable != NULL;
    if (node->kind == EG_CHOICE || node->kind == EG_LAZY)
        return true;
    if (node->kind != EG_PARTIAL)
        return false;
    for (uint32_t i = 0; i < node->as.list.count; i++)
        if (has_variable(node->as.list.items[i]))
            return true;
    return false;
}

bool eg_call_waits(const struct eg_call *call, const struct eg_node *argument) {
    return call->scenario == NULL && has_variable(argument);
}

/* The variable in NODE that a scenario has not assigned yet. */
static struct eg_variable *open_variable(const struct eg_scenario *scenario,
                                         const struct eg_node *node) {
    if (node->kind == EG_UNKNOWN) {
        struct eg_variable *variable = node->as.unknown->variable;
        return variable != NULL && eg_scenario_value(scenario, variable) == EG_UNASSIGNED ? variable
                                                                                          : NULL;
    }
    for (uint32_t i = 0; node->kind == EG_PARTIAL && i < node->as.list.count; i++) {
        struct eg_variable *variable = open_variable(scenario, node->as.list.items[i]);
        if (variable != NULL)
            return variable;
    }
    return NULL;
}

/* The first unknown in a text, or NULL. */
static const struct eg_unknown *unknown_in(const struct eg_node *node) {
    if (node->kind == EG_UNKNOWN)
        return node->as.unknown;
    for (uint32_t i = 0; node->kind == EG_PARTIAL && i < node->as.list.count; i++)
        if (node->as.list.items[i]->kind == EG_UNKNOWN)
            return node->as.list.items[i]->as.unknown;
    return NULL;
}

const struct eg_node *eg_call_derived(const struct eg_call *call, const struct eg_node *of,
                                      struct eg_str name) {
    const struct eg_unknown *source = unknown_in(of);
    struct eg_unknown unknown = {
        .why = EG_WHY_ATTRIBUTE, .scope = eg_scope_root(call->context.scope), .name = name};
    if (source != NULL) {
        unknown.why = source->why;
        unknown.scope = source->scope;
        unknown.hint = source->hint;
        unknown.secret = source->secret;
    }
    if (call->scenario == NULL)
        return eg_resolve_symbol_node(call->context.resolver, unknown, call->at);
    unknown.variable = open_variable(call->scenario, of);
    const struct eg_node *derived = eg_node_unknown(call->arena, unknown, call->at);
    /* Kept until the variable has a value: that is the variable's then, not this one's. */
    return unknown.variable == NULL ? derived
                                    : eg_resolve_made(call->arena, derived, NULL, EG_FLAG_DERIVED);
}

const struct eg_node *eg_call_broken(const struct eg_call *call, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (call->scenario == NULL)
        return eg_resolve_broken(&call->context, "invalid-function", call->at, "%s", text);
    struct eg_str hint = eg_str_copy(call->arena, eg_str_from(text));
    return eg_node_unknown(call->arena, (struct eg_unknown){.why = EG_WHY_BROKEN, .hint = hint},
                           call->at);
}

bool eg_may_be_absent(const struct eg_node *value) {
    if (value->kind == EG_CHOICE)
        return eg_may_be_absent(value->as.choice->if_true) ||
               eg_may_be_absent(value->as.choice->if_false);
    return value->kind == EG_ABSENT;
}
