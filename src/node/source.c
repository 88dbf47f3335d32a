/* Sources and places; see source.h. Lines end with LF, CRLF or a lone CR, as editors count them. */
#include "node/source.h"

#include <string.h>

struct eg_source *eg_source_new(struct eg_arena *arena, struct eg_str name, struct eg_str text) {
    struct eg_source *source = EG_NEW(arena, struct eg_source);
    *source = (struct eg_source){.name = name, .text = text, .arena = arena};
    return source;
}

/* Offset behind the next line end at or behind FROM; the text's length if there is none. */
static size_t next_line(struct eg_str text, size_t from) {
    for (size_t i = from; i < text.length; i++) {
        if (text.data[i] == '\n')
            return i + 1;
        if (text.data[i] == '\r')
            return i + 1 < text.length && text.data[i + 1] == '\n' ? i + 2 : i + 1;
    }
    return text.length;
}

static void index_lines(struct eg_source *source) {
    uint32_t count = 1;
    for (size_t at = next_line(source->text, 0); at < source->text.length;
         at = next_line(source->text, at))
        count++;
    source->line_starts = EG_NEW_ARRAY(source->arena, uint32_t, count);
    source->line_count = count;
    size_t at = 0;
    for (uint32_t i = 1; i < count; i++) {
        at = next_line(source->text, at);
        source->line_starts[i] = (uint32_t)at;
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
    struct eg_str text = eg_str_slice(source->text, start, next_line(source->text, start) - start);
    while (text.length > 0 &&
           (text.data[text.length - 1] == '\n' || text.data[text.length - 1] == '\r'))
        text.length--;
    return text;
}
