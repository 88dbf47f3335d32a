/* Fn::Sub: a text with ${Name}, ${Resource.Attribute} and ${!Literal} in it.
 *
 *   "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Role}"
 *   ["${Name}-log", {"Name": {"Ref": "Family"}}]
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html
 */
#include "resolve/resolver.h"

struct sub {
    const struct eg_context *context;
    const struct eg_node *at;
    const struct eg_node *variables; /* map of the second argument, raw; or NULL */
    struct eg_map resolved;          /* of them, by name */
    struct eg_list_builder pieces;
    const struct eg_node *failure;
};

static const struct eg_node *variable(struct sub *sub, struct eg_str name) {
    const struct eg_node *raw = eg_node_get(sub->variables, name);
    if (raw == NULL)
        return NULL;
    const struct eg_node *value = eg_map_get(&sub->resolved, name);
    if (value != NULL)
        return value;
    value = eg_resolve_value(sub->context, raw);
    (void)eg_map_put(&sub->resolved, name, (void *)(uintptr_t)value);
    return value;
}

/* What ${NAME} stands for. */
static const struct eg_node *substitute(struct sub *sub, struct eg_str name) {
    const struct eg_node *value = variable(sub, name);
    if (value != NULL)
        return value;
    size_t point = eg_str_find(name, EG_STR("."), 0);
    if (point == SIZE_MAX)
        return eg_resolve_name(sub->context, name, sub->at);
    return eg_resolve_attribute(sub->context, eg_str_slice(name, 0, point),
                                eg_str_from_offset(name, point + 1), sub->at);
}

static void add_text(struct sub *sub, struct eg_str text) {
    if (text.length > 0)
        eg_list_add(&sub->pieces, eg_node_string(sub->context->resolver->arena, text, sub->at));
}

/* ${NAME} with what stands between the braces. */
static void add_hole(struct sub *sub, struct eg_str inner) {
    if (eg_str_starts_with(inner, EG_STR("!"))) {
        add_text(sub, eg_str_format(sub->context->resolver->arena, "${%.*s}",
                                    EG_STR_ARGS(eg_str_from_offset(inner, 1))));
        return;
    }
    struct eg_str name = eg_str_trim(inner);
    if (name.length == 0) {
        sub->failure = eg_resolve_broken(sub->context, "invalid-function", sub->at,
                                         "Fn::Sub has ${} without a name in it");
        return;
    }
    const struct eg_node *value = substitute(sub, name);
    if (value->kind == EG_LIST || value->kind == EG_MAP)
        sub->failure = eg_resolve_broken(sub->context, "invalid-function", sub->at,
                                         "Fn::Sub puts in text; ${%.*s} is a %s", EG_STR_ARGS(name),
                                         eg_kind_name(eg_node_kind(value)));
    else if (value->kind != EG_ABSENT)
        eg_list_add(&sub->pieces, value);
}

static void scan(struct sub *sub, struct eg_str text) {
    while (sub->failure == NULL) {
        size_t open = eg_str_find(text, EG_STR("${"), 0);
        size_t close = open == SIZE_MAX ? SIZE_MAX : eg_str_find(text, EG_STR("}"), open);
        if (close == SIZE_MAX)
            break;
        add_text(sub, eg_str_slice(text, 0, open));
        add_hole(sub, eg_str_slice(text, open + 2, close - open - 2));
        text = eg_str_from_offset(text, close + 1);
    }
    add_text(sub, text);
}

/* Joins the pieces, each looked at in the scenario. */
static const struct eg_node *call_sub(const struct eg_call *call) {
    struct eg_list_builder pieces;
    eg_list_begin(&pieces, call->arena);
    for (uint32_t i = 0; i < call->count; i++) {
        const struct eg_node *piece = call->arguments[i];
        if (call->scenario != NULL)
            piece = eg_scenario_force(call->scenario, piece);
        else if (eg_may_be_absent(piece))
            return NULL;
        if (piece->kind != EG_ABSENT)
            eg_list_add(&pieces, piece);
    }
    return eg_call_join_pieces(call, pieces.items, pieces.count);
}

const struct eg_node *eg_resolve_sub(const struct eg_context *context, const struct eg_node *at,
                                     const struct eg_node *argument) {
    struct sub sub = {.context = context, .at = at};
    const struct eg_node *text = argument;
    if (argument->kind == EG_LIST && argument->as.list.count >= 1 && argument->as.list.count <= 2) {
        text = argument->as.list.items[0];
        if (argument->as.list.count == 2)
            sub.variables = argument->as.list.items[1];
    }
    /* A macro may make the text. */
    if (text->kind == EG_MAP) {
        text = eg_resolve_value(context, text);
        if (text->kind == EG_UNKNOWN)
            return text;
    }
    struct eg_str template_;
    if ((sub.variables != NULL && sub.variables->kind != EG_MAP) ||
        !eg_node_scalar_text(context->resolver->arena, text, &template_))
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::Sub takes a text, or [text, map of variables]");
    eg_map_init(&sub.resolved, context->resolver->arena);
    eg_list_begin(&sub.pieces, context->resolver->arena);
    scan(&sub, template_);
    if (sub.failure != NULL)
        return sub.failure;
    return eg_call(context, call_sub, at, sub.pieces.items, sub.pieces.count);
}
