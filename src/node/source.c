/* Sources and places; see source.h. Lines end with LF, CRLF or a lone CR, as editors count them. */
#include "node/source.h"

#include <string.h>

struct eg_source *eg_source_new(struct eg_arena *arena, struct eg_str name, struct eg_str text) {
    struct eg_source *source = EG_NEW(arena, struct eg_source);
    *source = (struct eg_source){.name = name, .text = text, .arena = arena};
    return source;
}

/* Offset of the next C at or behind FROM; the text's length if there is none. */
static size_t find(struct eg_str text, char c, size_t from) {
    const char *found = from < text.length ? memchr(text.data + from, c, text.length - from) : NULL;
    return found == NULL ? text.length : (size_t)(found - text.data);
}

/* The next line feed and carriage return; each is looked for again only when it has been passed. */
struct line_ends {
    struct eg_str text;
    size_t feed, carriage;
};

static struct line_ends begin_lines(struct eg_str text, size_t from) {
    return (struct line_ends){text, find(text, '\n', from), find(text, '\r', from)};
}

/* Offset behind the next line end at or behind FROM; the text's length if there is none. */
static size_t next_line(struct line_ends *ends, size_t from) {
    if (ends->feed < from)
        ends->feed = find(ends->text, '\n', from);
    if (ends->carriage < from)
        ends->carriage = find(ends->text, '\r', from);
    if (ends->feed <= ends->carriage + 1 && ends->feed < ends->text.length)
        return ends->feed + 1;
    return ends->carriage < ends->text.length ? ends->carriage + 1 : ends->text.length;
}

static void index_lines(struct eg_source *source) {
    struct line_ends ends = begin_lines(source->text, 0);
    uint32_t capacity = (uint32_t)(source->text.length / 32) + 2;
    source->line_starts = EG_NEW_ARRAY(source->arena, uint32_t, capacity);
    source->line_count = 1;
    for (size_t at = next_line(&ends, 0); at < source->text.length; at = next_line(&ends, at)) {
        if (source->line_count == capacity) {
            source->line_starts =
                eg_arena_grow(source->arena, source->line_starts, capacity * sizeof(uint32_t),
                              capacity * 2 * sizeof(uint32_t));
            capacity *= 2;
        }
        source->line_starts[source->line_count++] = (uint32_t)at;
    }
}

struct eg_place eg_source_place(struct eg_source *source, uint32_t offset) {
    if (source == NULL)
        return (struct eg_place){.file = EG_STR("")};
    if (source->line_starts == NULL)
        index_lines(source);
    uint32_t low = 0, high = source->line_count; /* the line is in [low, high) */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    size_t from = source->line_starts[low];
    uint32_t column = 1;
    if (source->last_offset > from && source->last_offset <= offset) {
        from = source->last_offset;
        column = source->last_column;
    } else if (low == 0 && eg_str_starts_with(source->text, EG_STR("\xEF\xBB\xBF"))) {
        from = 3;
    }
    for (size_t i = from; i < offset && i < source->text.length; i++)
        column += ((unsigned char)source->text.data[i] & 0xC0) != 0x80;
    source->last_offset = offset;
    source->last_column = column;
    return (struct eg_place){source->name, low + 1, column};
}

struct eg_str eg_source_line(struct eg_source *source, uint32_t line) {
    if (source == NULL || line == 0)
        return EG_STR("");
    if (source->line_starts == NULL)
        index_lines(source);
    if (line > source->line_count)
        return EG_STR("");
    size_t start = source->line_starts[line - 1];
    size_t end = line < source->line_count ? source->line_starts[line] : source->text.length;
    struct eg_str text = eg_str_slice(source->text, start, end - start);
    while (text.length > 0 &&
           (text.data[text.length - 1] == '\n' || text.data[text.length - 1] == '\r'))
        text.length--;
    return text;
}
