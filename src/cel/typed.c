/* Typed values; see typed.h. Called by the command line and the conformance tests. */
#include "cel/typed.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "cel/eval.h"
#include "cel/network.h"
#include "cel/number.h"
#include "cel/time.h"
#include "node/text.h"

#include <math.h>
#include <string.h>

/* Of values that CEL makes: what is read is bounded by EG_LIMIT_DEPTH. */
enum { DEEPEST = 1000 };

struct writer {
    struct eg_buf *buf;
    struct eg_arena *arena;
    struct eg_scenario *scenario;
    int depth;
};

static void write_typed(struct writer *writer, const struct eg_node *raw);

/* ---- writing ---- */

static void write_string(struct writer *writer, struct eg_str text) {
    eg_buf_putc(writer->buf, '"');
    for (size_t i = 0; i < text.length;) {
        size_t length = eg_utf8_step(text, i);
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\')
            eg_buf_printf(writer->buf, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            eg_buf_printf(writer->buf, "\\u%04x", c);
        else if (length == 1 && c >= 0x80)
            eg_buf_puts(writer->buf, "\\ufffd");
        else
            eg_buf_add(writer->buf, text.data + i, length);
        i += length;
    }
    eg_buf_putc(writer->buf, '"');
}

static void write_text(struct writer *writer, const char *type, struct eg_str text) {
    eg_buf_printf(writer->buf, "{\"type\":\"%s\",\"value\":", type);
    write_string(writer, text);
    eg_buf_putc(writer->buf, '}');
}

static void write_bytes(struct writer *writer, struct eg_str bytes) {
    eg_buf_puts(writer->buf, "{\"type\":\"bytes\",\"value\":\"");
    for (size_t i = 0; i < bytes.length; i++)
        eg_buf_printf(writer->buf, "%02x", (unsigned char)bytes.data[i]);
    eg_buf_puts(writer->buf, "\"}");
}

static void write_double(struct writer *writer, double value) {
    struct eg_str text =
        isnan(value) ? EG_STR("nan")
        : isinf(value)
            ? (value < 0 ? EG_STR("-inf") : EG_STR("inf"))
            : eg_cel_double_text(writer->arena, value, EG_CEL_DOUBLE_LEAST, EG_CEL_DOUBLE_MOST);
    write_text(writer, "double", text);
}

static void write_list(struct writer *writer, const struct eg_node *list) {
    const char *separator = "";
    eg_buf_puts(writer->buf, "{\"type\":\"list\",\"value\":[");
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = eg_scenario_force(writer->scenario, list->as.list.items[i]);
        if (item->kind == EG_ABSENT)
            continue;
        eg_buf_puts(writer->buf, separator);
        write_typed(writer, item);
        separator = ",";
    }
    eg_buf_puts(writer->buf, "]}");
}

static void write_map(struct writer *writer, const struct eg_node *map) {
    const char *separator = "";
    eg_buf_puts(writer->buf, "{\"type\":\"map\",\"value\":[");
    uint32_t count = map->kind == EG_MAP ? map->as.map.count : map->as.list.count / 2;
    for (uint32_t i = 0; i < count; i++) {
        bool texts = map->kind == EG_MAP;
        const struct eg_node *value =
            texts ? map->as.map.items[i].value : map->as.list.items[i * 2 + 1];
        value = eg_scenario_force(writer->scenario, value);
        if (value->kind == EG_ABSENT)
            continue;
        eg_buf_printf(writer->buf, "%s[", separator);
        if (texts)
            write_text(writer, "string", map->as.map.items[i].key);
        else
            write_typed(writer, map->as.list.items[i * 2]);
        eg_buf_putc(writer->buf, ',');
        write_typed(writer, value);
        eg_buf_putc(writer->buf, ']');
        separator = ",";
    }
    eg_buf_puts(writer->buf, "]}");
}

/* Links lead in circles: an object inside another one is written by its id. */
static void write_object(struct writer *writer, const struct eg_object *object) {
    if (writer->depth > 1 && object->id.length > 0) {
        write_text(writer, "object", object->id);
        return;
    }
    const char *separator = "";
    eg_buf_puts(writer->buf, "{\"type\":\"object\",\"value\":[");
    for (uint32_t i = 0; object->fields != NULL && i < object->type->field_count; i++) {
        const struct eg_node *value = eg_scenario_force(writer->scenario, object->fields[i]);
        if (value->kind == EG_ABSENT)
            continue;
        eg_buf_printf(writer->buf, "%s[", separator);
        write_string(writer, object->type->fields[i].name);
        eg_buf_putc(writer->buf, ',');
        write_typed(writer, value);
        eg_buf_putc(writer->buf, ']');
        separator = ",";
    }
    eg_buf_puts(writer->buf, "]}");
}

static void write_special(struct writer *writer, const struct eg_node *value) {
    switch ((enum eg_kind)value->kind) {
    case EG_TIMESTAMP:
        write_text(writer, "timestamp", eg_cel_timestamp_text(writer->arena, &value->as.time));
        break;
    case EG_DURATION:
        write_text(writer, "duration", eg_cel_duration_text(writer->arena, &value->as.time));
        break;
    case EG_ADDRESS:
        write_text(writer, value->as.address->prefix < 0 ? "ip" : "cidr",
                   eg_cel_address_text(writer->arena, value->as.address));
        break;
    case EG_OPTIONAL:
        eg_buf_puts(writer->buf, "{\"type\":\"optional\"");
        if (value->as.optional != NULL) {
            eg_buf_puts(writer->buf, ",\"value\":");
            write_typed(writer, value->as.optional);
        }
        eg_buf_putc(writer->buf, '}');
        break;
    case EG_ERROR:
        eg_buf_puts(writer->buf, "{\"error\":");
        write_string(writer, value->as.text);
        eg_buf_putc(writer->buf, '}');
        break;
    default:
        eg_buf_puts(writer->buf, "{\"unknown\":");
        write_string(writer, value->kind == EG_UNKNOWN
                                 ? eg_unknown_text(writer->arena, value->as.unknown)
                                 : eg_text_show(writer->arena, value));
        eg_buf_putc(writer->buf, '}');
        break;
    }
}

static void write_value(struct writer *writer, const struct eg_node *value) {
    switch ((enum eg_kind)value->kind) {
    case EG_NULL:
        eg_buf_puts(writer->buf, "{\"type\":\"null\"}");
        break;
    case EG_BOOL:
        eg_buf_printf(writer->buf, "{\"type\":\"bool\",\"value\":%s}",
                      value->as.boolean ? "true" : "false");
        break;
    case EG_INT:
        eg_buf_printf(writer->buf, "{\"type\":\"int\",\"value\":\"%lld\"}",
                      (long long)value->as.integer);
        break;
    case EG_UINT:
        eg_buf_printf(writer->buf, "{\"type\":\"uint\",\"value\":\"%llu\"}",
                      (unsigned long long)value->as.unsigned_integer);
        break;
    case EG_DOUBLE:
        write_double(writer, value->as.number);
        break;
    case EG_STRING:
        write_text(writer, "string", value->as.text);
        break;
    case EG_TYPE:
        write_text(writer, "type", value->as.text);
        break;
    case EG_BYTES:
        write_bytes(writer, value->as.text);
        break;
    case EG_LIST:
        write_list(writer, value);
        break;
    case EG_MAP:
    case EG_PAIRS:
        write_map(writer, value);
        break;
    case EG_OBJECT:
        write_object(writer, value->as.object);
        break;
    default:
        write_special(writer, value);
        break;
    }
}

static void write_typed(struct writer *writer, const struct eg_node *raw) {
    const struct eg_node *value = eg_scenario_force(writer->scenario, raw);
    bool secret = (value->flags & EG_FLAG_SECRET) != 0 ||
                  (value->kind == EG_UNKNOWN && value->as.unknown->secret);
    if (secret || writer->depth == DEEPEST) {
        write_text(writer, "string", secret ? EG_STR("(secret)") : EG_STR("…"));
        return;
    }
    writer->depth++;
    write_value(writer, value);
    writer->depth--;
}

void eg_cel_typed_write(struct eg_buf *buf, struct eg_arena *arena, struct eg_scenario *scenario,
                        const struct eg_node *value) {
    struct writer writer = {.buf = buf, .arena = arena, .scenario = scenario};
    write_typed(&writer, value);
}

/* ---- reading ---- */

struct reader {
    struct eg_arena *arena;
    struct eg_error *error;
    int depth;
};

static const struct eg_node *read_typed(struct reader *reader, const struct eg_node *typed);

static const struct eg_node *wrong(struct reader *reader, const struct eg_node *at,
                                   const char *expected) {
    struct eg_place place = eg_node_place(at);
    (void)eg_error_set(reader->error, EG_ERROR_USAGE, place.file, place.line, place.column,
                       "a typed value: expected %s", expected);
    return NULL;
}

static const struct eg_node *read_number(struct reader *reader, const struct eg_node *typed,
                                         enum eg_kind kind, struct eg_str text) {
    struct eg_node *node = eg_node_new(reader->arena, kind, typed);
    if (kind == EG_INT && eg_str_to_int(text, &node->as.integer))
        return node;
    if (kind == EG_DOUBLE && eg_cel_double_parse(reader->arena, text, &node->as.number))
        return node;
    bool digits = text.length > 0;
    for (size_t i = 0; i < text.length && digits; i++)
        digits =
            text.data[i] >= '0' && text.data[i] <= '9' &&
            !__builtin_mul_overflow(node->as.unsigned_integer, 10u, &node->as.unsigned_integer) &&
            !__builtin_add_overflow(node->as.unsigned_integer, (uint64_t)(text.data[i] - '0'),
                                    &node->as.unsigned_integer);
    return kind == EG_UINT && digits ? node : wrong(reader, typed, "a number as text");
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const struct eg_node *read_bytes(struct reader *reader, const struct eg_node *typed,
                                        struct eg_str text) {
    char *out = eg_arena_alloc(reader->arena, text.length / 2);
    for (size_t i = 0; i + 1 < text.length; i += 2) {
        int high = hex_value(text.data[i]);
        int low = hex_value(text.data[i + 1]);
        if (high < 0 || low < 0)
            return wrong(reader, typed, "bytes as hexadecimal digits");
        out[i / 2] = (char)(high * 16 + low);
    }
    if (text.length % 2 != 0)
        return wrong(reader, typed, "bytes as pairs of hexadecimal digits");
    struct eg_node *node = eg_node_new(reader->arena, EG_BYTES, typed);
    node->as.text = (struct eg_str){out, text.length / 2};
    return node;
}

static const struct eg_node *read_list(struct reader *reader, const struct eg_node *typed,
                                       const struct eg_node *value) {
    if (eg_node_kind(value) != EG_LIST)
        return wrong(reader, typed, "a list of typed values");
    struct eg_list_builder list;
    eg_list_begin(&list, reader->arena);
    for (uint32_t i = 0; i < value->as.list.count; i++) {
        const struct eg_node *item = read_typed(reader, value->as.list.items[i]);
        if (item == NULL)
            return NULL;
        eg_list_add(&list, item);
    }
    return eg_list_node(&list, typed);
}

static bool read_entry(struct reader *reader, const struct eg_node *pair,
                       const struct eg_node **ret_key, const struct eg_node **ret_value) {
    if (eg_node_kind(pair) != EG_LIST || pair->as.list.count != 2) {
        wrong(reader, pair, "a list of [key, value]");
        return false;
    }
    *ret_key = read_typed(reader, pair->as.list.items[0]);
    *ret_value = *ret_key == NULL ? NULL : read_typed(reader, pair->as.list.items[1]);
    return *ret_value != NULL;
}

static const struct eg_node *read_map(struct reader *reader, const struct eg_node *typed,
                                      const struct eg_node *value) {
    if (eg_node_kind(value) != EG_LIST)
        return wrong(reader, typed, "a list of [key, value]");
    struct eg_list_builder pairs;
    struct eg_map_builder map;
    eg_list_begin(&pairs, reader->arena);
    eg_map_begin(&map, reader->arena);
    bool texts = true;
    for (uint32_t i = 0; i < value->as.list.count; i++) {
        const struct eg_node *key;
        const struct eg_node *entry;
        if (!read_entry(reader, value->as.list.items[i], &key, &entry))
            return NULL;
        texts = texts && key->kind == EG_STRING;
        if (texts)
            eg_map_add(&map, key->as.text, key->offset, entry, NULL);
        eg_list_add(&pairs, key);
        eg_list_add(&pairs, entry);
    }
    if (texts)
        return eg_map_node(&map, typed);
    struct eg_node *node = eg_node_new(reader->arena, EG_PAIRS, typed);
    node->as.list = eg_list_end(&pairs);
    return node;
}

static const struct eg_node *read_time(struct reader *reader, const struct eg_node *typed,
                                       enum eg_kind kind, struct eg_str text) {
    struct eg_node *node = eg_node_new(reader->arena, kind, typed);
    bool read = kind == EG_TIMESTAMP ? eg_cel_timestamp_parse(text, &node->as.time)
                                     : eg_cel_duration_parse(text, &node->as.time);
    return read ? node : wrong(reader, typed, "a timestamp or a duration as text");
}

static const struct eg_node *read_address(struct reader *reader, const struct eg_node *typed,
                                          bool network, struct eg_str text) {
    struct eg_address *address = EG_NEW(reader->arena, struct eg_address);
    struct eg_node *node = eg_node_new(reader->arena, EG_ADDRESS, typed);
    node->as.address = address;
    bool read = network ? eg_cel_network_parse(text, address) : eg_cel_address_parse(text, address);
    return read ? node : wrong(reader, typed, "an address as text");
}

static const struct eg_node *read_optional(struct reader *reader, const struct eg_node *typed,
                                           const struct eg_node *value) {
    struct eg_node *node = eg_node_new(reader->arena, EG_OPTIONAL, typed);
    if (value == NULL)
        return node;
    node->as.optional = read_typed(reader, value);
    return node->as.optional == NULL ? NULL : node;
}

static const struct eg_node *read_kind(struct reader *reader, const struct eg_node *typed,
                                       enum eg_kind kind, bool network) {
    const struct eg_node *value = EG_GET(typed, "value");
    struct eg_str text = eg_node_text(value);
    struct eg_node *node;
    switch (kind) {
    case EG_NULL:
        return eg_node_null();
    case EG_BOOL:
        if (eg_node_kind(value) != EG_BOOL)
            return wrong(reader, typed, "true or false");
        return eg_node_bool(value->as.boolean);
    case EG_LIST:
        return read_list(reader, typed, value);
    case EG_MAP:
        return read_map(reader, typed, value);
    case EG_OPTIONAL:
        return read_optional(reader, typed, value);
    default:
        break;
    }
    if (eg_node_kind(value) != EG_STRING)
        return wrong(reader, typed, "\"value\" as text");
    switch (kind) {
    case EG_INT:
    case EG_UINT:
    case EG_DOUBLE:
        return read_number(reader, typed, kind, text);
    case EG_BYTES:
        return read_bytes(reader, typed, text);
    case EG_TIMESTAMP:
    case EG_DURATION:
        return read_time(reader, typed, kind, text);
    case EG_ADDRESS:
        return read_address(reader, typed, network, text);
    default:
        node = eg_node_new(reader->arena, kind, typed);
        node->as.text = text;
        return node;
    }
}

/* {"unknown": "why"} or {"error": "message"}; NULL for anything else. */
static const struct eg_node *read_stop(struct reader *reader, const struct eg_node *typed) {
    const struct eg_node *why = EG_GET(typed, "unknown");
    const struct eg_node *message = EG_GET(typed, "error");
    if (eg_node_kind(why) == EG_STRING) {
        struct eg_unknown unknown = {
            .why = EG_WHY_POLICY, .name = why->as.text, .hint = why->as.text};
        return eg_node_unknown(reader->arena, unknown, typed);
    }
    if (eg_node_kind(message) != EG_STRING)
        return NULL;
    struct eg_node *node = eg_node_new(reader->arena, EG_ERROR, typed);
    node->as.text = message->as.text;
    return node;
}

static const struct eg_node *read_typed(struct reader *reader, const struct eg_node *typed) {
    static const struct {
        const char *name;
        enum eg_kind kind;
    } types[] = {
        {"null", EG_NULL},         {"bool", EG_BOOL},           {"int", EG_INT},
        {"uint", EG_UINT},         {"double", EG_DOUBLE},       {"string", EG_STRING},
        {"bytes", EG_BYTES},       {"list", EG_LIST},           {"map", EG_MAP},
        {"type", EG_TYPE},         {"timestamp", EG_TIMESTAMP}, {"duration", EG_DURATION},
        {"optional", EG_OPTIONAL}, {"ip", EG_ADDRESS},          {"cidr", EG_ADDRESS},
    };
    struct eg_str type = eg_node_text(EG_GET(typed, "type"));
    const struct eg_node *value = read_stop(reader, typed);
    if (value != NULL)
        return value;
    if (++reader->depth > DEEPEST)
        return wrong(reader, typed, "fewer levels");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (eg_str_is(type, types[i].name))
            value = read_kind(reader, typed, types[i].kind, eg_str_is(type, "cidr"));
    reader->depth--;
    return value != NULL ? value : wrong(reader, typed, "a map with \"type\" and \"value\"");
}

bool eg_cel_typed_read(struct eg_arena *arena, const struct eg_node *typed,
                       const struct eg_node **ret_value, struct eg_error *error) {
    struct reader reader = {.arena = arena, .error = error};
    const struct eg_node *value = read_typed(&reader, typed);
    if (value == NULL)
        return false;
    *ret_value = value;
    return true;
}
