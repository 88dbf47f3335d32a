/* Strings (cel-go's ext/strings). Positions count code points. format() is in format.c. */
#include "base/utf8.h"
#include "cel/format.h"
#include "cel/function.h"
#include "node/text.h"

#include <string.h>

static struct eg_str text(const struct eg_cel_call *call, uint32_t argument) {
    return call->arguments[argument]->as.text;
}

static const struct eg_node *out_of_range(const struct eg_cel_call *call, int64_t index) {
    return eg_cel_error(call->eval, "index out of range: %lld", (long long)index);
}

/* The byte offset of a position; SIZE_MAX if there is none. */
static size_t offset_of(struct eg_str of, int64_t index) {
    return index < 0 || index > (int64_t)of.length ? SIZE_MAX : eg_utf8_offset(of, (size_t)index);
}

static const struct eg_node *position(const struct eg_cel_call *call, size_t offset) {
    if (offset == SIZE_MAX)
        return eg_cel_int(call->eval, -1);
    size_t index = eg_utf8_count(eg_str_slice(text(call, 0), 0, offset));
    return eg_cel_int(call->eval, (int64_t)index);
}

static const struct eg_node *char_at(const struct eg_cel_call *call) {
    struct eg_str of = text(call, 0);
    int64_t index = call->arguments[1]->as.integer;
    size_t offset = offset_of(of, index);
    if (offset == SIZE_MAX)
        return out_of_range(call, index);
    size_t length = offset == of.length ? 0 : eg_utf8_step(of, offset);
    return eg_cel_string(call->eval, eg_str_slice(of, offset, length));
}

/* ---- searching ---- */

static const struct eg_node *index_of(const struct eg_cel_call *call) {
    eg_cel_spend(call->eval, text(call, 0).length / 64);
    return position(call, eg_str_find(text(call, 0), text(call, 1), 0));
}

static const struct eg_node *index_of_from(const struct eg_cel_call *call) {
    int64_t from = call->arguments[2]->as.integer;
    size_t offset = offset_of(text(call, 0), from);
    if (offset == SIZE_MAX)
        return out_of_range(call, from);
    eg_cel_spend(call->eval, text(call, 0).length / 64);
    return position(call, eg_str_find(text(call, 0), text(call, 1), offset));
}

/* The last occurrence that begins at or before LIMIT. */
static size_t find_last(struct eg_str of, struct eg_str part, size_t limit) {
    if (part.length > of.length)
        return SIZE_MAX;
    size_t start = of.length - part.length;
    for (size_t i = limit < start ? limit : start;; i--) {
        if (memcmp(of.data + i, part.data, part.length) == 0)
            return i;
        if (i == 0)
            return SIZE_MAX;
    }
}

static const struct eg_node *last_index(const struct eg_cel_call *call, size_t limit) {
    struct eg_str of = text(call, 0);
    struct eg_str part = text(call, 1);
    eg_cel_spend(call->eval, of.length / 16);
    if (part.length == 0)
        return position(call, limit < of.length ? limit : of.length);
    return position(call, of.length == 0 ? SIZE_MAX : find_last(of, part, limit));
}

static const struct eg_node *last_index_of(const struct eg_cel_call *call) {
    return last_index(call, SIZE_MAX);
}

static const struct eg_node *last_index_of_from(const struct eg_cel_call *call) {
    int64_t from = call->arguments[2]->as.integer;
    size_t offset = offset_of(text(call, 0), from);
    return offset == SIZE_MAX ? out_of_range(call, from) : last_index(call, offset);
}

/* ---- parts ---- */

static const struct eg_node *substring(const struct eg_cel_call *call) {
    struct eg_str of = text(call, 0);
    int64_t start = call->arguments[1]->as.integer;
    size_t from = offset_of(of, start);
    if (from == SIZE_MAX)
        return out_of_range(call, start);
    if (call->count == 2)
        return eg_cel_string(call->eval, eg_str_from_offset(of, from));
    int64_t end = call->arguments[2]->as.integer;
    size_t to = offset_of(of, end);
    if (to == SIZE_MAX)
        return out_of_range(call, end);
    if (to < from)
        return eg_cel_error(call->eval, "substring(%lld, %lld): the end is before the start",
                            (long long)start, (long long)end);
    return eg_cel_string(call->eval, eg_str_slice(of, from, to - from));
}

/* Of text with holes: what lies in its known beginning, if that is ASCII. */
static const struct eg_node *known_substring(const struct eg_cel_call *call) {
    const struct eg_node *of = call->arguments[0];
    if (of->kind == EG_STRING)
        return substring(call);
    struct eg_str known = eg_text_known_start(of);
    int64_t start = call->arguments[1]->as.integer;
    int64_t end = call->count == 3 ? call->arguments[2]->as.integer : INT64_MAX;
    bool ascii = eg_utf8_count(known) == known.length;
    if (ascii && start >= 0 && end >= start && end <= (int64_t)known.length)
        return eg_cel_string(call->eval, eg_str_slice(known, (size_t)start, (size_t)(end - start)));
    return eg_cel_known(call->eval, of);
}

/* Unicode's White_Space. */
static bool is_space(uint32_t c) {
    return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

static const struct eg_node *trim(const struct eg_cel_call *call) {
    struct eg_str of = text(call, 0);
    size_t start = 0;
    while (start < of.length && is_space(eg_utf8_at(of, start)))
        start += eg_utf8_step(of, start);
    size_t end = start;
    for (size_t i = start; i < of.length;) {
        bool space = is_space(eg_utf8_at(of, i));
        i += eg_utf8_step(of, i);
        if (!space)
            end = i;
    }
    return eg_cel_string(call->eval, eg_str_slice(of, start, end - start));
}

/* ---- changing ---- */

static const struct eg_node *change_case(const struct eg_cel_call *call, char first, char last) {
    struct eg_str of = text(call, 0);
    eg_cel_spend(call->eval, of.length / 64);
    char *out = eg_arena_alloc(call->eval->arena, of.length);
    for (size_t i = 0; i < of.length; i++) {
        char c = of.data[i];
        out[i] = (char)(c >= first && c <= last ? c ^ 0x20 : c);
    }
    return eg_cel_string(call->eval, (struct eg_str){out, of.length});
}

static const struct eg_node *lower_ascii(const struct eg_cel_call *call) {
    return change_case(call, 'A', 'Z');
}

static const struct eg_node *upper_ascii(const struct eg_cel_call *call) {
    return change_case(call, 'a', 'z');
}

static const struct eg_node *reverse(const struct eg_cel_call *call) {
    struct eg_str of = text(call, 0);
    eg_cel_spend(call->eval, of.length / 64);
    char *out = eg_arena_alloc(call->eval->arena, of.length);
    for (size_t i = 0; i < of.length;) {
        size_t length = eg_utf8_step(of, i);
        memcpy(out + of.length - i - length, of.data + i, length);
        i += length;
    }
    return eg_cel_string(call->eval, (struct eg_str){out, of.length});
}

/* Where PART is next at or behind FROM; the empty part is between all characters. */
static size_t next_match(struct eg_str of, struct eg_str part, size_t from, bool first) {
    if (part.length > 0)
        return eg_str_find(of, part, from);
    if (first)
        return from;
    return from < of.length ? from + eg_utf8_step(of, from) : SIZE_MAX;
}

static const struct eg_node *replace_some(const struct eg_cel_call *call, int64_t limit) {
    struct eg_str of = text(call, 0);
    struct eg_str old = text(call, 1);
    struct eg_str new = text(call, 2);
    char *out = NULL;
    size_t length = 0;
    size_t capacity = 0;
    size_t done = 0;
    bool first = true;
    while (done <= of.length) {
        size_t match = limit == 0 ? SIZE_MAX : next_match(of, old, done, first);
        size_t end = match == SIZE_MAX ? of.length : match;
        size_t added = end - done + (match == SIZE_MAX ? 0 : new.length);
        if (!eg_cel_spend(call->eval, 1 + added / 64))
            return eg_cel_limit_error();
        if (length + added > capacity) {
            size_t larger = (length + added) * 2;
            out = eg_arena_grow(call->eval->arena, out, capacity, larger);
            capacity = larger;
        }
        if (end > done)
            memcpy(out + length, of.data + done, end - done);
        length += end - done;
        if (match == SIZE_MAX)
            break;
        if (new.length > 0)
            memcpy(out + length, new.data, new.length);
        length += new.length;
        done = match + old.length;
        limit -= limit > 0;
        first = false;
    }
    return eg_cel_string(call->eval, (struct eg_str){out == NULL ? "" : out, length});
}

static const struct eg_node *replace(const struct eg_cel_call *call) {
    return replace_some(call, -1);
}

static const struct eg_node *replace_limit(const struct eg_cel_call *call) {
    return replace_some(call, call->arguments[3]->as.integer);
}

/* ---- split and join ---- */

static const struct eg_node *split_some(const struct eg_cel_call *call, int64_t limit) {
    struct eg_str of = text(call, 0);
    struct eg_str separator = text(call, 1);
    struct eg_list_builder list;
    eg_list_begin(&list, call->eval->arena);
    size_t done = 0;
    while (limit != 0) {
        /* Between all characters, but neither before the first nor behind the last. */
        size_t match = next_match(of, separator, done, false);
        if (separator.length == 0 && match == of.length)
            match = SIZE_MAX;
        bool last = match == SIZE_MAX || limit == 1;
        size_t end = last ? of.length : match;
        if (!eg_cel_spend(call->eval, 1 + (end - done) / 64))
            return eg_cel_limit_error();
        if (separator.length > 0 || end > done)
            eg_list_add(&list, eg_cel_string(call->eval, eg_str_slice(of, done, end - done)));
        if (last)
            break;
        done = match + separator.length;
        limit -= limit > 0;
    }
    return eg_list_node(&list, NULL);
}

/* Text with holes is split where that is sure. */
static const struct eg_node *split(const struct eg_cel_call *call) {
    const struct eg_node *of = call->arguments[0];
    const struct eg_node *separator = eg_cel_known(call->eval, call->arguments[1]);
    if (separator->kind != EG_STRING)
        return eg_cel_derived(call->eval, eg_cel_stop(separator, of));
    if (of->kind == EG_STRING)
        return split_some(call, -1);
    bool exact = false;
    if (of->kind != EG_PARTIAL || separator->as.text.length == 0)
        return eg_cel_known(call->eval, of);
    struct eg_node *node = eg_node_new(call->eval->arena, EG_LIST, NULL);
    node->as.list = eg_text_split(call->eval->arena, of, separator->as.text, &exact);
    return exact ? node : eg_cel_known(call->eval, of);
}

static const struct eg_node *split_limit(const struct eg_cel_call *call) {
    return split_some(call, call->arguments[2]->as.integer);
}

static const struct eg_node *join_with(const struct eg_cel_call *call,
                                       const struct eg_node *separator) {
    struct eg_cel_eval *eval = call->eval;
    struct eg_list_builder pieces;
    eg_list_begin(&pieces, eval->arena);
    eg_list_add(&pieces, eg_cel_string(eval, EG_STR("")));
    struct eg_cel_items items = eg_cel_items(call->arguments[0]);
    unsigned flags = 0;
    while (eg_cel_next(eval, &items)) {
        if (items.maybe && eval->program == eval->frame->prose)
            continue;
        if (items.maybe || items.item->kind == EG_ERROR)
            return items.item;
        if (!eg_text_is(items.item)) {
            struct eg_str type = eg_cel_type_name(items.item);
            return eg_cel_error(eval, "no such overload: join() of a list with %.*s",
                                EG_STR_ARGS(type));
        }
        if (pieces.count > 1 && separator != NULL)
            eg_list_add(&pieces, separator);
        eg_list_add(&pieces, items.item);
        flags |= items.item->flags;
        eg_cel_spend(eval, items.item->kind == EG_STRING ? items.item->as.text.length / 64 : 1);
    }
    if (!eg_cel_spend(eval, 0))
        return eg_cel_limit_error();
    const struct eg_node *joined =
        eg_text_join(eval->arena, pieces.items, pieces.count, pieces.items[0]);
    if ((flags & EG_FLAG_SECRET) == 0 || joined->kind != EG_STRING)
        return joined;
    struct eg_node *secret = EG_NEW(eval->arena, struct eg_node);
    *secret = *joined;
    secret->flags |= EG_FLAG_SECRET;
    return secret;
}

static const struct eg_node *join(const struct eg_cel_call *call) {
    return join_with(call, NULL);
}

static const struct eg_node *join_separator(const struct eg_cel_call *call) {
    return join_with(call, call->arguments[1]);
}

/* ---- quote ---- */

static const struct eg_node *quote(const struct eg_cel_call *call) {
    static const char from[] = "\a\b\f\n\r\t\v\\\"";
    static const char to[] = "abfnrtv\\\"";
    struct eg_str of = text(call, 0);
    eg_cel_spend(call->eval, of.length / 32);
    char *out = eg_arena_alloc(call->eval->arena, of.length * 3 + 2);
    size_t length = 0;
    out[length++] = '"';
    for (size_t i = 0; i < of.length;) {
        const char *escape = of.data[i] == '\0' ? NULL : strchr(from, of.data[i]);
        if (escape != NULL) {
            out[length++] = '\\';
            out[length++] = to[escape - from];
        } else {
            length += eg_utf8_encode(eg_utf8_at(of, i), out + length);
        }
        i += eg_utf8_step(of, i);
    }
    out[length++] = '"';
    return eg_cel_string(call->eval, (struct eg_str){out, length});
}

static const struct eg_cel_function functions[] = {
    {"string.charAt(int) -> string", "the character at that position; '' at the end", char_at,
     false, NULL},
    {"string.indexOf(string) -> int", "the position of the first occurrence, or -1", index_of,
     false, NULL},
    {"string.indexOf(string, int) -> int", "the same from a position on", index_of_from, false,
     NULL},
    {"string.lastIndexOf(string) -> int", "the position of the last occurrence, or -1",
     last_index_of, false, NULL},
    {"string.lastIndexOf(string, int) -> int", "the last that begins at or before a position",
     last_index_of_from, false, NULL},
    {"string.substring(int) -> string", "the text from a position on", known_substring, true, NULL},
    {"string.substring(int, int) -> string", "the text from one position up to another",
     known_substring, true, NULL},
    {"string.trim() -> string", "without white space at both ends", trim, false, NULL},
    {"string.lowerAscii() -> string", "with a-z for A-Z", lower_ascii, false, NULL},
    {"string.upperAscii() -> string", "with A-Z for a-z", upper_ascii, false, NULL},
    {"string.reverse() -> string", "the characters from the last to the first", reverse, false,
     NULL},
    {"string.replace(string, string) -> string", "with every occurrence of the first replaced",
     replace, false, NULL},
    {"string.replace(string, string, int) -> string",
     "the same for so many of them; all if negative", replace_limit, false, NULL},
    {"string.split(string) -> list(string)", "the parts between the separators", split, true, NULL},
    {"string.split(string, int) -> list(string)", "at most so many parts; all if negative",
     split_limit, false, NULL},
    {"list(string).join() -> string", "the elements as one text", join, false, NULL},
    {"list(string).join(string) -> string", "the same with a separator between them",
     join_separator, false, NULL},
    {"string.format(list(dyn)) -> string",
     "with %s, %d, %f, %e, %b, %o, %x, %X replaced by the elements", eg_cel_format, false, NULL},
    {"strings.quote(string) -> string", "in double quotes, with escapes", quote, false, NULL},
    {0},
};

const struct eg_cel_group eg_cel_strings = {"strings", functions};
