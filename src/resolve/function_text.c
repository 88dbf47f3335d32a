/* Fn::Join, Fn::Split, Fn::Base64, Fn::ToJsonString: functions that make and take apart text. */
#include "base/buf.h"
#include "read/write_scalar.h"
#include "resolve/resolver.h"

#include <string.h>

/* ---- joining ---- */

/* The known bytes in a piece. */
static size_t known_length(const struct eg_node *piece) {
    if (piece->kind == EG_STRING)
        return piece->as.text.length;
    size_t length = 24; /* of a number */
    for (uint32_t i = 0; piece->kind == EG_PARTIAL && i < piece->as.list.count; i++)
        length += eg_node_text(piece->as.list.items[i]).length + sizeof(void *);
    return length;
}

static bool is_piece(const struct eg_node *node) {
    switch ((enum eg_kind)node->kind) {
    case EG_BOOL:
    case EG_INT:
    case EG_DOUBLE:
    case EG_STRING:
    case EG_UNKNOWN:
    case EG_REFERENCE:
    case EG_PARTIAL:
    case EG_CHOICE:
    case EG_LAZY:
        return true;
    default:
        return false;
    }
}

const struct eg_node *eg_call_join_pieces(const struct eg_call *call,
                                          const struct eg_node *const *pieces, uint32_t count) {
    struct eg_resolver *resolver = call->context.resolver;
    /* Alone it would be handed on as it is, perhaps as a number. */
    if (call->scenario == NULL && count == 1 &&
        (pieces[0]->kind == EG_LAZY || pieces[0]->kind == EG_CHOICE))
        return NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (!is_piece(pieces[i]))
            return eg_call_broken(call, "a %s can't be part of a text",
                                  eg_kind_name(eg_node_kind(pieces[i])));
        if (call->scenario == NULL)
            resolver->made += known_length(pieces[i]);
    }
    if (resolver->made > EG_LIMIT_MADE_BYTES)
        return eg_resolve_limit(&call->context, call->at,
                                "functions make more text than is put together");
    const struct eg_node *text = eg_text_join(call->arena, pieces, count, call->at);
    if (text->kind == EG_STRING || text->kind == EG_PARTIAL)
        text = eg_resolve_dynamic(resolver, call->context.scope, call->arena, text);
    if (text->origin != NULL)
        return text;
    return eg_resolve_made(call->arena, text, call->at, 0);
}

/* The items of LIST with DELIMITER between them. */
static const struct eg_node *join_items(const struct eg_call *call, const struct eg_node *delimiter,
                                        const struct eg_node *list) {
    struct eg_list_builder pieces;
    eg_list_begin(&pieces, call->arena);
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = list->as.list.items[i];
        if (call->scenario != NULL)
            item = eg_scenario_force(call->scenario, item);
        else if (eg_may_be_absent(item) && item->kind != EG_ABSENT)
            return NULL;
        if (item->kind == EG_ABSENT)
            continue;
        if (pieces.count > 0)
            eg_list_add(&pieces, delimiter);
        eg_list_add(&pieces, item);
    }
    return eg_call_join_pieces(call, pieces.items, pieces.count);
}

static const struct eg_node *call_join(const struct eg_call *call) {
    const struct eg_node *delimiter = call->arguments[0];
    const struct eg_node *list = eg_call_look(call, call->arguments[1]);
    if (list == NULL || eg_call_waits(call, list))
        return NULL;
    switch ((enum eg_kind)list->kind) {
    case EG_LIST:
        return join_items(call, delimiter, list);
    case EG_UNKNOWN:
    case EG_REFERENCE: /* an attribute that is a list */
        return eg_call_derived(call, list,
                               eg_str_format(call->arena, "%.*s (joined by '%.*s')",
                                             EG_STR_ARGS(eg_text_show(call->arena, list)),
                                             EG_STR_ARGS(eg_node_text(delimiter))));
    default:
        return eg_call_broken(call, "Fn::Join joins a list, not a %s",
                              eg_kind_name(eg_node_kind(list)));
    }
}

/* The two arguments of Fn::Join and Fn::Split, the first one text. */
static bool resolve_pair(const struct eg_context *context, const struct eg_node *argument,
                         const struct eg_node *ret_pair[2]) {
    if (argument->kind != EG_LIST || argument->as.list.count != 2)
        return false;
    struct eg_arena *arena = context->resolver->arena;
    const struct eg_node *delimiter = eg_resolve_value(context, argument->as.list.items[0]);
    struct eg_str text;
    if (!eg_node_scalar_text(arena, delimiter, &text))
        return false;
    ret_pair[0] = eg_node_string(arena, text, delimiter);
    ret_pair[1] = eg_resolve_value(context, argument->as.list.items[1]);
    return true;
}

const struct eg_node *eg_resolve_join(const struct eg_context *context, const struct eg_node *at,
                                      const struct eg_node *argument) {
    const struct eg_node *arguments[2];
    if (!resolve_pair(context, argument, arguments))
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::Join takes [delimiter, list]");
    return eg_call(context, call_join, at, arguments, 2);
}

/* ---- splitting ---- */

/* The service in the ARN of a resource of TYPE. */
static struct eg_str arn_service(struct eg_arena *arena, struct eg_str type) {
    static const struct {
        const char *of_type;
        const char *of_arn;
    } services[] = {
        {"ApplicationAutoScaling", "application-autoscaling"},
        {"ApiGatewayV2", "apigateway"},
        {"CertificateManager", "acm"},
        {"EFS", "elasticfilesystem"},
        {"ElasticLoadBalancing", "elasticloadbalancing"},
        {"ElasticLoadBalancingV2", "elasticloadbalancing"},
        {"KinesisFirehose", "firehose"},
        {"MSK", "kafka"},
        {"OpenSearchService", "es"},
        {"StepFunctions", "states"},
    };
    size_t start = eg_str_find(type, EG_STR("::"), 0);
    if (start == SIZE_MAX)
        return EG_STR("");
    struct eg_str name = eg_str_from_offset(type, start + 2);
    name = eg_str_slice(name, 0, eg_str_find(name, EG_STR("::"), 0));
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        if (eg_str_is(name, services[i].of_type))
            return eg_str_from(services[i].of_arn);
    char *lower = eg_arena_alloc(arena, name.length + 1);
    for (size_t i = 0; i < name.length; i++)
        lower[i] =
            (char)(name.data[i] >= 'A' && name.data[i] <= 'Z' ? name.data[i] + 32 : name.data[i]);
    return (struct eg_str){lower, name.length};
}

static bool is_global(struct eg_str type) {
    return eg_str_starts_with(type, EG_STR("AWS::IAM::")) ||
           eg_str_starts_with(type, EG_STR("AWS::S3::")) ||
           eg_str_starts_with(type, EG_STR("AWS::Route53::")) ||
           eg_str_starts_with(type, EG_STR("AWS::CloudFront::"));
}

static bool has_no_account(struct eg_str type) {
    return eg_str_starts_with(type, EG_STR("AWS::S3::")) ||
           eg_str_starts_with(type, EG_STR("AWS::Route53::"));
}

/* arn:partition:service:region:account:resource of a resource of this system, so that its parts can
 * be had. (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html) */
static const struct eg_node *spell_arn(const struct eg_call *call, const struct eg_node *node) {
    const struct eg_reference *reference = node->as.reference;
    const struct eg_resource *resource = reference->resource;
    if (!eg_str_starts_with(reference->type, EG_STR("AWS::")) ||
        eg_str_starts_with(reference->type, EG_STR("AWS::CloudFormation::")) ||
        !eg_str_ends_with(reference->attribute, EG_STR("Arn")))
        return node;
    struct eg_context context = call->context;
    context.scope = (struct eg_scope *)(void *)resource->stack;
    struct eg_str service = arn_service(call->arena, reference->type);
    const struct eg_node *none = eg_node_string(call->arena, EG_STR(""), node);
    const struct eg_node *colon = eg_node_string(call->arena, EG_STR(":"), node);
    struct eg_unknown rest = {.why = EG_WHY_ATTRIBUTE,
                              .name = eg_str_format(call->arena, "%.*s.%.*s (behind the account)",
                                                    EG_STR_ARGS(reference->logical_id),
                                                    EG_STR_ARGS(reference->attribute)),
                              .scope = resource->stack};
    const struct eg_node *pieces[] = {
        eg_node_string(call->arena, EG_STR("arn:"), node),
        eg_resolve_pseudo(&context, EG_STR("AWS::Partition"), node),
        colon,
        eg_node_string(call->arena, service, node),
        colon,
        is_global(reference->type) ? none
                                   : eg_resolve_pseudo(&context, EG_STR("AWS::Region"), node),
        colon,
        has_no_account(reference->type)
            ? none
            : eg_resolve_pseudo(&context, EG_STR("AWS::AccountId"), node),
        colon,
        eg_resolve_symbol_node(call->context.resolver, rest, node)};
    return eg_text_join(call->arena, pieces, sizeof pieces / sizeof *pieces, node);
}

/* A part of a text whose hole may hold further separators has no name. */
static bool is_breaker(const struct eg_node *part) {
    return part->kind == EG_UNKNOWN && part->as.unknown->name.length == 0;
}

/* A list of which only the first items are known. */
static const struct eg_node *inexact(const struct eg_call *call, const struct eg_node *text,
                                     struct eg_list parts) {
    uint32_t known = 0;
    while (known < parts.count && !is_breaker(parts.items[known]))
        known++;
    struct eg_unknown unknown = {.why = EG_WHY_ATTRIBUTE,
                                 .scope = call->context.scope,
                                 .name =
                                     eg_str_format(call->arena, "%.*s (split by '%.*s')",
                                                   EG_STR_ARGS(eg_text_show(call->arena, text)),
                                                   EG_STR_ARGS(eg_node_text(call->arguments[0])))};
    if (text->kind == EG_UNKNOWN) {
        unknown.why = text->as.unknown->why;
        unknown.hint = text->as.unknown->hint;
        unknown.secret = text->as.unknown->secret;
    }
    const struct eg_node *node = eg_resolve_symbol_node(call->context.resolver, unknown, call->at);
    eg_resolve_find_symbol(call->context.resolver, node->as.unknown)->first_items =
        (struct eg_list){parts.items, known};
    return node;
}

const struct eg_node *eg_call_split(const struct eg_call *call) {
    struct eg_str separator = eg_node_text(call->arguments[0]), scalar;
    const struct eg_node *text = eg_call_look(call, call->arguments[1]);
    if (text == NULL || eg_call_waits(call, text))
        return NULL;
    if (text->kind != EG_STRING && eg_node_scalar_text(call->arena, text, &scalar))
        text = eg_node_string(call->arena, scalar, text);
    if (!eg_text_is(text))
        return eg_call_broken(call, "Fn::Split splits a text, not a %s",
                              eg_kind_name(eg_node_kind(text)));
    if (separator.length == 0)
        return eg_call_broken(call, "Fn::Split takes a delimiter of at least one character");
    const struct eg_node *spelt =
        text->kind == EG_REFERENCE && eg_str_is(separator, ":") ? spell_arn(call, text) : text;
    bool exact;
    struct eg_list parts = eg_text_split(call->arena, spelt, separator, &exact);
    if (!exact)
        return inexact(call, text, parts);
    struct eg_node *list = eg_node_new(call->arena, EG_LIST, call->at);
    list->as.list = parts;
    list->origin = call->at;
    list->flags = text->flags & (EG_FLAG_DEFAULTED | EG_FLAG_SECRET);
    return list;
}

const struct eg_node *eg_resolve_split(const struct eg_context *context, const struct eg_node *at,
                                       const struct eg_node *argument) {
    const struct eg_node *arguments[2];
    if (!resolve_pair(context, argument, arguments))
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::Split takes [delimiter, text]");
    return eg_call(context, eg_call_split, at, arguments, 2);
}

/* ---- Fn::Base64 ---- */

static struct eg_str encode(struct eg_arena *arena, struct eg_str text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = (text.length + 2) / 3 * 4;
    char *out = eg_arena_alloc(arena, length + 1);
    for (size_t i = 0, o = 0; i < text.length; i += 3) {
        size_t left = text.length - i;
        uint32_t bits = (uint32_t)(unsigned char)text.data[i] << 16;
        if (left > 1)
            bits |= (uint32_t)(unsigned char)text.data[i + 1] << 8;
        if (left > 2)
            bits |= (uint32_t)(unsigned char)text.data[i + 2];
        out[o++] = digits[bits >> 18];
        out[o++] = digits[bits >> 12 & 63];
        out[o++] = left > 1 ? digits[bits >> 6 & 63] : '=';
        out[o++] = left > 2 ? digits[bits & 63] : '=';
    }
    return (struct eg_str){out, length};
}

static const struct eg_node *call_base64(const struct eg_call *call) {
    const struct eg_node *text = eg_call_look(call, call->arguments[0]);
    struct eg_str known;
    if (text == NULL || eg_call_waits(call, text))
        return NULL;
    if (eg_node_scalar_text(call->arena, text, &known)) {
        if (call->scenario == NULL)
            call->context.resolver->made += known.length;
        const struct eg_node *made =
            eg_node_string(call->arena, encode(call->arena, known), call->at);
        return eg_resolve_made(call->arena, made, call->at, text->flags);
    }
    if (!eg_text_is(text))
        return eg_call_broken(call, "Fn::Base64 takes a text, not a %s",
                              eg_kind_name(eg_node_kind(text)));
    struct eg_str shown = eg_text_show(call->arena, text);
    return eg_call_derived(call, text,
                           eg_str_format(call->arena, "%.*s%s (in Base64)",
                                         EG_STR_ARGS(eg_str_slice(shown, 0, 60)),
                                         shown.length > 60 ? "…" : ""));
}

const struct eg_node *eg_resolve_base64(const struct eg_context *context, const struct eg_node *at,
                                        const struct eg_node *argument) {
    const struct eg_node *text = eg_resolve_value(context, argument);
    return eg_call(context, call_base64, at, &text, 1);
}

/* ---- Fn::ToJsonString ---- */

struct json {
    const struct eg_call *call;
    struct eg_buf buf; /* text since the last hole */
    struct eg_list_builder pieces;
    size_t total;
    bool waits; /* something can't be looked at yet */
};

static void flush(struct json *json) {
    if (json->buf.length == 0)
        return;
    struct eg_str text = eg_str_copy(json->call->arena, eg_buf_str(&json->buf));
    eg_list_add(&json->pieces, eg_node_string(json->call->arena, text, json->call->at));
    json->total += text.length;
    eg_buf_clear(&json->buf);
}

/* TEXT as it stands between the quotes of a JSON string. */
static void write_inner(struct json *json, struct eg_str text) {
    struct eg_buf quoted;
    eg_buf_init(&quoted);
    eg_write_string(&quoted, text);
    eg_buf_add_str(&json->buf, eg_str_slice(eg_buf_str(&quoted), 1, quoted.length - 2));
    eg_buf_done(&quoted);
}

/* A text with holes, in quotes. */
static void write_text(struct json *json, const struct eg_node *text) {
    eg_buf_putc(&json->buf, '"');
    const struct eg_node *const *pieces = &text;
    uint32_t count = 1;
    if (text->kind == EG_PARTIAL) {
        pieces = text->as.list.items;
        count = text->as.list.count;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (pieces[i]->kind == EG_STRING) {
            write_inner(json, pieces[i]->as.text);
            continue;
        }
        flush(json);
        eg_list_add(&json->pieces, pieces[i]);
    }
    eg_buf_putc(&json->buf, '"');
}

static void write_value(struct json *json, const struct eg_node *value);

static void write_list(struct json *json, const struct eg_list *list) {
    eg_buf_putc(&json->buf, '[');
    bool first = true;
    for (uint32_t i = 0; i < list->count && !json->waits; i++) {
        const struct eg_node *item = eg_call_look(json->call, list->items[i]);
        if (item != NULL && item->kind == EG_ABSENT)
            continue;
        if (!first)
            eg_buf_putc(&json->buf, ',');
        first = false;
        write_value(json, list->items[i]);
    }
    eg_buf_putc(&json->buf, ']');
}

static void write_map(struct json *json, const struct eg_entries *map) {
    eg_buf_putc(&json->buf, '{');
    bool first = true;
    for (uint32_t i = 0; i < map->count && !json->waits; i++) {
        const struct eg_node *item = eg_call_look(json->call, map->items[i].value);
        if (item != NULL && item->kind == EG_ABSENT)
            continue;
        if (!first)
            eg_buf_putc(&json->buf, ',');
        first = false;
        eg_write_string(&json->buf, map->items[i].key);
        eg_buf_putc(&json->buf, ':');
        write_value(json, map->items[i].value);
    }
    eg_buf_putc(&json->buf, '}');
}

/* As deep as the template, which the readers bound. */
static void write_value(struct json *json, const struct eg_node *value) {
    struct eg_str text;
    value = eg_call_look(json->call, value);
    if (value == NULL || (value->kind == EG_UNKNOWN && eg_call_waits(json->call, value))) {
        json->waits = true;
        return;
    }
    if (value->kind == EG_MAP)
        write_map(json, &value->as.map);
    else if (value->kind == EG_LIST)
        write_list(json, &value->as.list);
    else if (eg_text_is(value))
        write_text(json, value);
    else if (eg_node_scalar_text(json->call->arena, value, &text))
        eg_buf_add_str(&json->buf, text);
    else
        eg_buf_puts(&json->buf, "null");
    json->waits = json->waits || json->total + json->buf.length > 2 * EG_LIMIT_TEXT_BYTES;
}

static const struct eg_node *call_to_json(const struct eg_call *call) {
    struct json json = {.call = call};
    eg_buf_init(&json.buf);
    eg_list_begin(&json.pieces, call->arena);
    write_value(&json, call->arguments[0]);
    flush(&json);
    eg_buf_done(&json.buf);
    if (json.waits)
        return json.total > EG_LIMIT_TEXT_BYTES
                   ? eg_resolve_limit(&call->context, call->at, "the JSON text is too long")
                   : NULL;
    return eg_call_join_pieces(call, json.pieces.items, json.pieces.count);
}

const struct eg_node *eg_resolve_to_json_string(const struct eg_context *context,
                                                const struct eg_node *at,
                                                const struct eg_node *argument) {
    if (argument->kind != EG_MAP && argument->kind != EG_LIST)
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::ToJsonString takes a map or a list, not a %s",
                                 eg_kind_name(eg_node_kind(argument)));
    const struct eg_node *value = eg_resolve_value(context, argument);
    return eg_call(context, call_to_json, at, &value, 1);
}
