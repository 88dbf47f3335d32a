/* Values as CEL would write them, for messages. Called by the policies' messages, explain, and
 * errors. */
#include "base/secret.h"
#include "base/utf8.h"
#include "cel/eval.h"
#include "cel/network.h"
#include "cel/number.h"
#include "cel/time.h"
#include "node/text.h"

#include <math.h>

struct writer {
    struct eg_arena *arena;
    struct eg_scenario *scenario;
    char *out;
    size_t length;
    size_t limit; /* bytes: enough for the wanted characters */
    unsigned depth;
};

static bool is_full(const struct writer *writer) {
    return writer->length >= writer->limit;
}

static void put(struct writer *writer, struct eg_str text) {
    for (size_t i = 0; i < text.length && !is_full(writer); i++)
        writer->out[writer->length++] = text.data[i];
}

static void puts_text(struct writer *writer, const char *text) {
    put(writer, eg_str_from(text));
}

static void write_value(struct writer *writer, const struct eg_node *raw);

/* Quoted by the quotes that need fewer escapes. */
static void write_quoted(struct writer *writer, struct eg_str text, bool bytes) {
    bool double_quotes = eg_str_contains(text, EG_STR("'")) && !eg_str_contains(text, EG_STR("\""));
    char quote = double_quotes ? '"' : '\'';
    put(writer, (struct eg_str){&quote, 1});
    for (size_t i = 0; i < text.length && !is_full(writer);) {
        size_t length = bytes ? 1 : eg_utf8_step(text, i);
        unsigned char c = (unsigned char)text.data[i];
        if (c == (unsigned char)quote || c == '\\')
            put(writer, (struct eg_str){(char[]){'\\', (char)c}, 2});
        else if (c == '\n')
            puts_text(writer, "\\n");
        else if (c == '\t')
            puts_text(writer, "\\t");
        else if (c < 0x20 || c == 0x7f || (length == 1 && c >= 0x80))
            put(writer, eg_str_format(writer->arena, "\\x%02x", c));
        else
            put(writer, eg_str_slice(text, i, length));
        i += length;
    }
    put(writer, (struct eg_str){&quote, 1});
}

static void write_list(struct writer *writer, const struct eg_node *list) {
    puts_text(writer, "[");
    bool first = true;
    bool flagged = false; /* the word before is --password */
    for (uint32_t i = 0; i < list->as.list.count && !is_full(writer); i++) {
        const struct eg_node *item = eg_scenario_force(writer->scenario, list->as.list.items[i]);
        if (item->kind == EG_ABSENT)
            continue;
        puts_text(writer, first ? "" : ", ");
        if (flagged && item->kind == EG_STRING)
            puts_text(writer, "(secret)");
        else
            write_value(writer, item);
        flagged = eg_secret_is_flag(eg_node_text(item));
        first = false;
    }
    puts_text(writer, "]");
}

static void write_map(struct writer *writer, const struct eg_node *map) {
    struct eg_str name = eg_node_text(eg_scenario_force(writer->scenario, EG_GET(map, "Name")));
    puts_text(writer, "{");
    bool first = true;
    for (uint32_t i = 0; i < map->as.map.count && !is_full(writer); i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        const struct eg_node *value = eg_scenario_force(writer->scenario, entry->value);
        if (value->kind == EG_ABSENT)
            continue;
        puts_text(writer, first ? "" : ", ");
        write_quoted(writer, entry->key, false);
        puts_text(writer, ": ");
        if (eg_secret_is_entry(entry->key, name, eg_node_text(value)))
            puts_text(writer, "(secret)");
        else
            write_value(writer, value);
        first = false;
    }
    puts_text(writer, "}");
}

static void write_pairs(struct writer *writer, const struct eg_node *map) {
    puts_text(writer, "{");
    for (uint32_t i = 0; i + 1 < map->as.list.count && !is_full(writer); i += 2) {
        puts_text(writer, i == 0 ? "" : ", ");
        write_value(writer, map->as.list.items[i]);
        puts_text(writer, ": ");
        write_value(writer, map->as.list.items[i + 1]);
    }
    puts_text(writer, "}");
}

static bool is_empty(const struct eg_node *value) {
    return value->kind == EG_ABSENT || (value->kind == EG_LIST && value->as.list.count == 0) ||
           (value->kind == EG_STRING && value->as.text.length == 0);
}

/* The fields that hold something and no objects: {containerPort: 80, protocol: 'tcp'}. What would
 * have to be computed is left out. */
static void write_fields(struct writer *writer, const struct eg_object *object) {
    const char *separator = " {";
    for (uint32_t i = 0; object->fields != NULL && i < object->type->field_count; i++) {
        const struct eg_field *field = &object->type->fields[i];
        const struct eg_shape *inner =
            field->shape.kind == EG_FIELD_LIST ? field->shape.element : &field->shape;
        if (object->fields[i] == NULL || object->fields[i]->kind == EG_LAZY ||
            (inner != NULL && inner->kind == EG_FIELD_OBJECT) || is_full(writer))
            continue;
        const struct eg_node *value = eg_scenario_force(writer->scenario, object->fields[i]);
        if (is_empty(value) || (field->link && value->kind == EG_BOOL && !value->as.boolean))
            continue;
        puts_text(writer, separator);
        put(writer, field->name);
        puts_text(writer, ": ");
        write_value(writer, value);
        separator = ", ";
    }
    if (separator[0] == ',')
        puts_text(writer, "}");
}

/* An object by its type and what names it; one that nothing names by its fields. */
static void write_object(struct writer *writer, const struct eg_object *object) {
    put(writer, object->type->name);
    const struct eg_node *name = eg_object_given(object, EG_STR("name"));
    name = eg_scenario_force(writer->scenario, name);
    if (name->kind == EG_STRING) {
        puts_text(writer, " ");
        write_value(writer, name);
    } else if (object->id.length > 0) {
        puts_text(writer, " ");
        put(writer, object->id);
    } else {
        write_fields(writer, object);
    }
}

static void write_double(struct writer *writer, double value) {
    struct eg_str text =
        eg_cel_double_text(writer->arena, value, EG_CEL_DOUBLE_LEAST, EG_CEL_DOUBLE_MOST);
    if (!isfinite(value)) {
        puts_text(writer, "double('");
        put(writer, text);
        puts_text(writer, "')");
        return;
    }
    put(writer, text);
    if (!eg_str_contains(text, EG_STR(".")) && !eg_str_contains(text, EG_STR("e")))
        puts_text(writer, ".0");
}

static void write_call(struct writer *writer, const char *function, struct eg_str argument) {
    puts_text(writer, function);
    puts_text(writer, "('");
    put(writer, argument);
    puts_text(writer, "')");
}

static void write_special(struct writer *writer, const struct eg_node *value) {
    switch ((enum eg_kind)value->kind) {
    case EG_TIMESTAMP:
        write_call(writer, "timestamp", eg_cel_timestamp_text(writer->arena, &value->as.time));
        break;
    case EG_DURATION:
        write_call(writer, "duration", eg_cel_duration_text(writer->arena, &value->as.time));
        break;
    case EG_ADDRESS:
        write_call(writer, value->as.address->prefix < 0 ? "ip" : "cidr",
                   eg_cel_address_text(writer->arena, value->as.address));
        break;
    case EG_OPTIONAL:
        if (value->as.optional == NULL) {
            puts_text(writer, "optional.none()");
            break;
        }
        puts_text(writer, "optional.of(");
        write_value(writer, value->as.optional);
        puts_text(writer, ")");
        break;
    case EG_UNKNOWN:
        puts_text(writer, "unknown (");
        put(writer, eg_unknown_text(writer->arena, value->as.unknown));
        puts_text(writer, ")");
        break;
    case EG_ERROR:
        puts_text(writer, "error (");
        put(writer, value->as.text);
        puts_text(writer, ")");
        break;
    default:
        puts_text(writer, eg_kind_name(value->kind));
        break;
    }
}

static void write_plain(struct writer *writer, const struct eg_node *value) {
    switch ((enum eg_kind)value->kind) {
    case EG_NULL:
        puts_text(writer, "null");
        break;
    case EG_BOOL:
        puts_text(writer, value->as.boolean ? "true" : "false");
        break;
    case EG_INT:
        put(writer, eg_str_format(writer->arena, "%lld", (long long)value->as.integer));
        break;
    case EG_UINT:
        put(writer,
            eg_str_format(writer->arena, "%lluu", (unsigned long long)value->as.unsigned_integer));
        break;
    case EG_DOUBLE:
        write_double(writer, value->as.number);
        break;
    case EG_STRING:
        write_quoted(writer, value->as.text, false);
        break;
    case EG_BYTES:
        puts_text(writer, "b");
        write_quoted(writer, value->as.text, true);
        break;
    case EG_TYPE:
        put(writer, value->as.text);
        break;
    case EG_PARTIAL:
    case EG_REFERENCE:
        write_quoted(writer, eg_text_show(writer->arena, value), false);
        break;
    case EG_LIST:
        write_list(writer, value);
        break;
    case EG_MAP:
        write_map(writer, value);
        break;
    case EG_PAIRS:
        write_pairs(writer, value);
        break;
    case EG_OBJECT:
        write_object(writer, value->as.object);
        break;
    default:
        write_special(writer, value);
        break;
    }
}

static bool is_secret(const struct eg_node *value) {
    return (value->flags & EG_FLAG_SECRET) != 0 ||
           (value->kind == EG_UNKNOWN && value->as.unknown->secret);
}

static void write_value(struct writer *writer, const struct eg_node *raw) {
    enum { DEEPEST = 20 };
    const struct eg_node *value = eg_scenario_force(writer->scenario, raw);
    if (is_secret(value)) {
        puts_text(writer, "(secret)");
        return;
    }
    if (writer->depth == DEEPEST) {
        puts_text(writer, "…");
        return;
    }
    writer->depth++;
    write_plain(writer, value);
    writer->depth--;
}

struct eg_str eg_cel_show(struct eg_arena *arena, struct eg_scenario *scenario,
                          const struct eg_node *value, size_t width) {
    struct writer writer = {.arena = arena, .scenario = scenario};
    writer.limit = width < 100000 ? width * 4 + 4 : width;
    writer.out = eg_arena_alloc(arena, writer.limit);
    write_value(&writer, value);
    struct eg_str text = {writer.out, writer.length};
    if (eg_utf8_count(text) <= width)
        return text;
    size_t end = eg_utf8_offset(text, width > 0 ? width - 1 : 0);
    return eg_str_concat(arena, eg_str_slice(text, 0, end), EG_STR("…"));
}
