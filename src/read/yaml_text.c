/* The text that libyaml is given; see yaml_text.h. Called by yaml.c.
 *
 * The repair follows libyaml: where it stops at such a scalar, the scalar is quoted and the text
 * tried again. So what is quoted is certainly a scalar in `[…]` or `{…}`, never a piece of a quoted
 * or literal text or of a comment. The number of tries is bounded by the bytes they read.
 */
#include "read/yaml_text.h"

#include "base/buf.h"
#include "base/limits.h"

#include <string.h>

/* All tries of a repair together; a quarter of a second. */
enum { MOST_BYTES_TRIED = 16 * 1024 * 1024 };

static bool is_continuation(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

size_t eg_yaml_text_seek(struct eg_yaml_text *text, size_t index) {
    struct eg_str t = text->text;
    while (text->character < index && text->byte < t.length) {
        do
            text->byte++;
        while (text->byte < t.length && is_continuation(t.data[text->byte]));
        text->character++;
    }
    while (text->character > index && text->byte > 0) {
        do
            text->byte--;
        while (text->byte > 0 && is_continuation(t.data[text->byte]));
        text->character--;
    }
    return text->byte;
}

/* How many quotes were inserted before OFFSET. */
static uint32_t inserted_before(const struct eg_yaml_text *text, size_t offset) {
    uint32_t low = 0, high = text->inserted_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (text->inserted[middle] < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t eg_yaml_text_source(const struct eg_yaml_text *text, size_t offset) {
    return text->start + (uint32_t)offset - inserted_before(text, offset);
}

bool eg_yaml_text_is_inserted(const struct eg_yaml_text *text, size_t offset) {
    uint32_t i = inserted_before(text, offset);
    return i < text->inserted_count && text->inserted[i] == offset;
}

void eg_yaml_text_begin(const struct eg_yaml_text *text, yaml_parser_t *parser) {
    if (!yaml_parser_initialize(parser))
        eg_out_of_memory();
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, (const unsigned char *)text->text.data, text->text.length);
}

/* ---- the repair ---- */

static char at(struct eg_str text, size_t i) {
    return i < text.length ? text.data[i] : '\0';
}

static bool is_one_of(char c, const char *set) {
    return c == '\0' || strchr(set, c) != NULL;
}

bool eg_yaml_text_is_colon(struct eg_yaml_text *text, const yaml_parser_t *parser) {
    if (parser->error != YAML_PARSER_ERROR || parser->context == NULL ||
        strcmp(parser->context, "while parsing a flow node") != 0)
        return false;
    size_t offset = eg_yaml_text_seek(text, parser->problem_mark.index);
    return at(text->text, offset) == ':' && !is_one_of(at(text->text, offset + 1), " \t\r\n,[]{}");
}

/* Offset behind the plain scalar at FROM, which stands in `[…]` or `{…}`; FROM if it can't simply
 * be put in quotes. */
static size_t scalar_end(struct eg_str text, size_t from) {
    size_t end = from;
    for (size_t i = from; !is_one_of(at(text, i), ",[]{}\r\n"); i++) {
        char c = text.data[i];
        if (c == '\'')
            return from;
        if (c == ':' && is_one_of(at(text, i + 1), " \t\r\n,[]{}"))
            break;
        bool blank = c == ' ' || c == '\t';
        if (blank && at(text, i + 1) == '#')
            break;
        if (!blank)
            end = i + 1;
    }
    return end;
}

/* Lets libyaml read TEXT. True if it goes through; else *RET_COLON says whether it stopped at a
 * colon, whose offset is then text->byte. */
static bool try_text(struct eg_yaml_text *text, bool *ret_colon) {
    yaml_parser_t parser;
    eg_yaml_text_begin(text, &parser);
    bool good = true, ended = false;
    *ret_colon = false;
    for (int depth = 0; good && !ended;) {
        yaml_event_t event;
        good = yaml_parser_parse(&parser, &event) != 0;
        if (!good)
            break;
        if (event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT)
            good = ++depth <= EG_LIMIT_DEPTH;
        if (event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT)
            depth--;
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    if (!good && parser.error == YAML_MEMORY_ERROR)
        eg_out_of_memory();
    if (!good)
        *ret_colon = eg_yaml_text_is_colon(text, &parser);
    yaml_parser_delete(&parser);
    return good;
}

/* A text in the making. */
struct repair {
    struct eg_buf buf;
    struct eg_arena arena; /* holds `inserted` only */
    uint32_t *inserted;
    uint32_t count, capacity;
};

static void insert_quote(struct repair *repair, size_t offset) {
    if (repair->count == repair->capacity) {
        uint32_t larger = repair->capacity == 0 ? 16 : repair->capacity * 2;
        repair->inserted = eg_arena_grow(&repair->arena, repair->inserted,
                                         repair->capacity * sizeof *repair->inserted,
                                         larger * sizeof *repair->inserted);
        repair->capacity = larger;
    }
    repair->inserted[repair->count++] = (uint32_t)offset;
    eg_buf_putc(&repair->buf, '\'');
    char *gap = repair->buf.data + offset;
    memmove(gap + 1, gap, repair->buf.length - offset - 1);
    *gap = '\'';
}

static bool repair_all(struct repair *repair, struct eg_yaml_text *text) {
    bool good = false, colon = true;
    for (size_t tried = 0; !good && colon && tried < MOST_BYTES_TRIED; tried += text->text.length) {
        text->text = eg_buf_str(&repair->buf);
        good = try_text(text, &colon);
        if (good || !colon)
            break;
        size_t end = scalar_end(text->text, text->byte);
        if (end == text->byte)
            return false;
        insert_quote(repair, text->byte);
        insert_quote(repair, end + 1);
    }
    return good;
}

bool eg_yaml_text_repair(struct eg_arena *arena, struct eg_yaml_text *text) {
    struct repair repair = {.count = 0};
    eg_buf_init(&repair.buf);
    eg_buf_add_str(&repair.buf, text->text);
    eg_arena_init(&repair.arena);
    struct eg_yaml_text repaired = *text;
    bool good = repair_all(&repair, &repaired);
    if (good) {
        uint32_t *inserted = EG_NEW_ARRAY(arena, uint32_t, repair.count);
        if (repair.count > 0)
            memcpy(inserted, repair.inserted, repair.count * sizeof *inserted);
        *text = (struct eg_yaml_text){.text = eg_str_copy(arena, repaired.text),
                                      .start = text->start,
                                      .inserted = inserted,
                                      .inserted_count = repair.count};
    }
    eg_arena_done(&repair.arena);
    eg_buf_done(&repair.buf);
    return good;
}
