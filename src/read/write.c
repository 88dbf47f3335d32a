/* Writing nodes as JSON; see read.h for the forms of what JSON has no value for. Called by `model`,
 * `eval` and the tool that embeds policies. */
#include "read/read.h"

#include "base/buf.h"
#include "base/limits.h"
#include "node/scenario.h"
#include "node/type.h"
#include "read/write_scalar.h"

/* Resolving may put read trees into each other, but no tree that is sound is deeper than this. */
enum { DEEPEST = 2 * EG_LIMIT_DEPTH };

struct writer {
    struct eg_buf *buf;
    int indent;
    int depth;
    bool first; /* nothing has been written yet in the innermost open list or map */
    struct eg_arena arena;
};

static void write_node(struct writer *writer, const struct eg_node *node);

static void open_bracket(struct writer *writer, char bracket) {
    eg_buf_putc(writer->buf, bracket);
    writer->depth++;
    writer->first = true;
}

static void start_line(struct writer *writer) {
    if (writer->indent == 0)
        return;
    eg_buf_putc(writer->buf, '\n');
    for (int i = 0; i < writer->indent * writer->depth; i++)
        eg_buf_putc(writer->buf, ' ');
}

static void close_bracket(struct writer *writer, char bracket) {
    writer->depth--;
    if (!writer->first)
        start_line(writer);
    eg_buf_putc(writer->buf, bracket);
    writer->first = false;
}

/* What goes before every element and key. */
static void begin_item(struct writer *writer) {
    if (!writer->first)
        eg_buf_puts(writer->buf, writer->indent == 0 ? ", " : ",");
    writer->first = false;
    start_line(writer);
}

static void write_key(struct writer *writer, struct eg_str key) {
    begin_item(writer);
    eg_write_string(writer->buf, key);
    eg_buf_puts(writer->buf, ": ");
}

static bool is_left_out(const struct eg_node *node) {
    return node == NULL || node->kind == EG_ABSENT || node->kind == EG_LAZY;
}

/* {"$NAME": "text"} */
static void write_special(struct writer *writer, struct eg_str name, struct eg_str text) {
    open_bracket(writer, '{');
    write_key(writer, name);
    eg_write_string(writer->buf, text);
    close_bracket(writer, '}');
}

static void write_list(struct writer *writer, const struct eg_list *list) {
    open_bracket(writer, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        if (is_left_out(list->items[i]))
            continue;
        begin_item(writer);
        write_node(writer, list->items[i]);
    }
    close_bracket(writer, ']');
}

static void write_map(struct writer *writer, const struct eg_entries *map) {
    open_bracket(writer, '{');
    for (uint32_t i = 0; i < map->count; i++) {
        if (is_left_out(map->items[i].value))
            continue;
        write_key(writer, map->items[i].key);
        write_node(writer, map->items[i].value);
    }
    close_bracket(writer, '}');
}

/* A map whose keys are not all text: JSON's keys are, so the others are written as text. */
static void write_pairs(struct writer *writer, const struct eg_list *pairs) {
    open_bracket(writer, '{');
    for (uint32_t i = 0; i + 1 < pairs->count; i += 2) {
        const struct eg_node *key = pairs->items[i];
        struct eg_str text = EG_STR("");
        if (key->kind == EG_UINT)
            text =
                eg_str_format(&writer->arena, "%llu", (unsigned long long)key->as.unsigned_integer);
        else
            (void)eg_node_scalar_text(&writer->arena, key, &text);
        write_key(writer, text);
        write_node(writer, pairs->items[i + 1]);
    }
    close_bracket(writer, '}');
}

static void write_partial(struct writer *writer, const struct eg_list *pieces) {
    open_bracket(writer, '{');
    write_key(writer, EG_STR("$partial"));
    write_list(writer, pieces);
    close_bracket(writer, '}');
}

static void write_choice(struct writer *writer, const struct eg_choice *choice) {
    open_bracket(writer, '{');
    write_key(writer, EG_STR("$choice"));
    open_bracket(writer, '{');
    write_key(writer, EG_STR("condition"));
    eg_write_string(writer->buf, choice->condition->name);
    const struct {
        struct eg_str key;
        const struct eg_node *value;
    } ways[] = {{EG_STR("true"), choice->if_true}, {EG_STR("false"), choice->if_false}};
    for (int i = 0; i < 2; i++) {
        if (is_left_out(ways[i].value))
            continue;
        write_key(writer, ways[i].key);
        write_node(writer, ways[i].value);
    }
    close_bracket(writer, '}');
    close_bracket(writer, '}');
}

/* A link leads to an object that is written elsewhere; one without an id would be found nowhere. */
static void write_link(struct writer *writer, const struct eg_node *link) {
    if (link->kind == EG_OBJECT && link->as.object->id.length > 0) {
        write_special(writer, EG_STR("$object"), link->as.object->id);
        return;
    }
    if (link->kind != EG_LIST) {
        write_node(writer, link);
        return;
    }
    open_bracket(writer, '[');
    for (uint32_t i = 0; i < link->as.list.count; i++) {
        if (is_left_out(link->as.list.items[i]))
            continue;
        begin_item(writer);
        write_link(writer, link->as.list.items[i]);
    }
    close_bracket(writer, ']');
}

static void write_object(struct writer *writer, const struct eg_object *object) {
    open_bracket(writer, '{');
    for (uint32_t i = 0; i < object->type->field_count; i++) {
        const struct eg_node *value = object->fields[i];
        if (is_left_out(value))
            continue;
        write_key(writer, object->type->fields[i].name);
        if (object->type->fields[i].link)
            write_link(writer, value);
        else
            write_node(writer, value);
    }
    close_bracket(writer, '}');
}

static void write_reference(struct writer *writer, const struct eg_reference *reference) {
    struct eg_str text =
        eg_str_format(&writer->arena, "%.*s.%.*s", EG_STR_ARGS(reference->logical_id),
                      EG_STR_ARGS(reference->attribute));
    write_special(writer, EG_STR("$ref"), text);
}

static void write_unknown(struct writer *writer, const struct eg_unknown *unknown) {
    write_special(writer, EG_STR("$unknown"), eg_unknown_text(&writer->arena, unknown));
}

/* The kinds that hold others. */
static void write_compound(struct writer *writer, const struct eg_node *node) {
    if (writer->depth >= DEEPEST) {
        write_special(writer, EG_STR("$unknown"), EG_STR("nested too deep"));
        return;
    }
    switch ((enum eg_kind)node->kind) {
    case EG_LIST:
        write_list(writer, &node->as.list);
        break;
    case EG_MAP:
        write_map(writer, &node->as.map);
        break;
    case EG_PAIRS:
        write_pairs(writer, &node->as.list);
        break;
    case EG_PARTIAL:
        write_partial(writer, &node->as.list);
        break;
    case EG_CHOICE:
        write_choice(writer, node->as.choice);
        break;
    case EG_OBJECT:
        write_object(writer, node->as.object);
        break;
    default:
        eg_buf_puts(writer->buf, "null");
        break;
    }
}

static void write_node(struct writer *writer, const struct eg_node *node) {
    struct eg_buf *buf = writer->buf;
    if (node->flags & EG_FLAG_SECRET) {
        eg_write_string(buf, EG_STR("(secret)"));
        return;
    }
    switch ((enum eg_kind)node->kind) {
    case EG_NULL:
    case EG_ABSENT:
    case EG_LAZY:
        eg_buf_puts(buf, "null");
        break;
    case EG_BOOL:
        eg_buf_puts(buf, node->as.boolean ? "true" : "false");
        break;
    case EG_INT:
        eg_buf_printf(buf, "%lld", (long long)node->as.integer);
        break;
    case EG_UINT:
        eg_buf_printf(buf, "%llu", (unsigned long long)node->as.unsigned_integer);
        break;
    case EG_DOUBLE:
        eg_write_double(buf, node->as.number);
        break;
    case EG_STRING:
    case EG_TYPE:
        eg_write_string(buf, node->as.text);
        break;
    case EG_BYTES:
        eg_write_bytes(buf, node->as.text);
        break;
    case EG_TIMESTAMP:
        eg_write_timestamp(buf, node->as.time);
        break;
    case EG_DURATION:
        eg_write_duration(buf, node->as.time);
        break;
    case EG_ADDRESS:
        eg_write_address(buf, node->as.address);
        break;
    case EG_UNKNOWN:
        write_unknown(writer, node->as.unknown);
        break;
    case EG_REFERENCE:
        write_reference(writer, node->as.reference);
        break;
    case EG_ERROR:
        write_special(writer, EG_STR("$error"), node->as.text);
        break;
    case EG_OPTIONAL:
        if (is_left_out(node->as.optional))
            eg_buf_puts(buf, "null");
        else
            write_node(writer, node->as.optional);
        break;
    case EG_LIST:
    case EG_MAP:
    case EG_PAIRS:
    case EG_PARTIAL:
    case EG_CHOICE:
    case EG_OBJECT:
        write_compound(writer, node);
        break;
    }
}

void eg_write_json(struct eg_buf *buf, const struct eg_node *node, int indent) {
    struct writer writer = {.buf = buf, .indent = indent};
    eg_arena_init(&writer.arena);
    if (is_left_out(node))
        eg_buf_puts(buf, "null");
    else
        write_node(&writer, node);
    eg_arena_done(&writer.arena);
}
