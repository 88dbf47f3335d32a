/* The JSON reader: RFC 8259 to the letter, but for a byte order mark, which is skipped, and
 * duplicate keys, which are noted. Called by read.c and the loaders.
 *
 *     document: space value space
 *     value:    '{' '}' | '{' key ':' value (',' key ':' value)* '}'
 *             | '[' ']' | '[' value (',' value)* ']'
 *             | string | number | "true" | "false" | "null"
 *
 * One pass, without recursion: what is open is on the tree's stack. A string without escapes is a
 * slice of the text.
 */
#include "base/utf8.h"
#include "read/number.h"
#include "read/tree.h"

#include <stdio.h>
#include <string.h>

struct reader {
    const char *start, *at, *end;
    struct eg_tree tree;
};

static uint32_t offset_of(const struct reader *reader, const char *at) {
    return (uint32_t)(at - reader->start);
}

/* The character here, '\0' at the end. */
static char here(const struct reader *reader) {
    return reader->at < reader->end ? *reader->at : '\0';
}

static void skip_space(struct reader *reader) {
    const char *at = reader->at, *end = reader->end;
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        if (*at++ == '\n')
            while (end - at >= 8 && memcmp(at, "        ", 8) == 0) /* indentation */
                at += 8;
    reader->at = at;
}

static bool fail_expected(struct reader *reader, const char *expected) {
    char buffer[64];
    uint32_t offset = offset_of(reader, reader->at);
    const char *found = eg_tree_found(&reader->tree, offset, buffer);
    if (reader->end - reader->at >= 2 && reader->at[0] == '/' &&
        (reader->at[1] == '/' || reader->at[1] == '*'))
        found = "a comment, which JSON does not have";
    return eg_tree_fail(&reader->tree, offset, "expected %s, found %s", expected, found);
}

/* ---- strings ---- */

/* Is it no ordinary part of a string: a quote, a backslash, a control character, not ASCII? */
static bool is_special(char c) {
    return (unsigned char)c < 0x20 || (unsigned char)c >= 0x80 || c == '"' || c == '\\';
}

/* The same for eight bytes at once: of the bytes that are special, the top bit is set in the result
 * for the lowest one, and for no ordinary byte below it. */
static uint64_t special_bytes(uint64_t word) {
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t quote = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
    return ((quote - ones) | (backslash - ones) | (word - ones * 0x20) | word) & tops;
}

static const char *skip_ordinary(const char *at, const char *end) {
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        uint64_t special = special_bytes(word);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        if (special != 0)
            return at + __builtin_ctzll(special) / 8;
#else
        if (special != 0)
            break;
#endif
        at += 8;
    }
    while (at < end && !is_special(*at))
        at++;
    return at;
}

/* The value of the four hexadecimal digits at AT, or -1. */
static int32_t hex4(const char *at, const char *end) {
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at + i < end ? at[i] : '\0';
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

static bool is_high_surrogate(int32_t code) {
    return code >= 0xD800 && code <= 0xDBFF;
}

static bool is_low_surrogate(int32_t code) {
    return code >= 0xDC00 && code <= 0xDFFF;
}

/* Checks the escape at reader->at and goes behind it. */
static bool check_escape(struct reader *reader) {
    const char *begin = reader->at, *end = reader->end;
    char c = begin + 1 < end ? begin[1] : '\0';
    if (c != '\0' && strchr("\"\\/bfnrt", c) != NULL) {
        reader->at += 2;
        return true;
    }
    if (c != 'u')
        return eg_tree_fail(&reader->tree, offset_of(reader, begin),
                            "found an escape that JSON does not have; expected one of \\\" \\\\ "
                            "\\/ \\b \\f \\n \\r \\t \\uXXXX");
    int32_t code = hex4(begin + 2, end);
    if (code < 0)
        return eg_tree_fail(&reader->tree, offset_of(reader, begin),
                            "expected four hexadecimal digits after \\u");
    reader->at += 6;
    if (is_high_surrogate(code) && end - reader->at >= 6 && reader->at[0] == '\\' &&
        reader->at[1] == 'u' && is_low_surrogate(hex4(reader->at + 2, end)))
        reader->at += 6;
    else if (is_high_surrogate(code) || is_low_surrogate(code))
        return eg_tree_fail(&reader->tree, offset_of(reader, begin),
                            "found \\u%.4s, half of a surrogate pair, without the other half",
                            begin + 2);
    return true;
}

/* What ended the run of ordinary characters is neither a quote nor an escape. */
static bool check_character(struct reader *reader, const char *begin) {
    if (reader->at == reader->end)
        return eg_tree_fail(&reader->tree, offset_of(reader, begin),
                            "the string that begins here has no closing '\"'");
    unsigned length = eg_utf8_length(reader->at, (size_t)(reader->end - reader->at));
    if (length > 1) {
        reader->at += length;
        return true;
    }
    if (length == 0)
        return fail_expected(reader, "a character of UTF-8");
    if (*reader->at == '\n' || *reader->at == '\r')
        return fail_expected(reader, "the closing '\"' of a string, or \\n in it");
    return fail_expected(reader,
                         "a character that may stand in a string (or \\uXXXX in its place)");
}

/* Goes over the string at reader->at, behind its closing quote. */
static bool check_string(struct reader *reader, bool *ret_escapes) {
    const char *begin = reader->at++;
    *ret_escapes = false;
    for (;;) {
        reader->at = skip_ordinary(reader->at, reader->end);
        char c = here(reader);
        if (c == '"') {
            reader->at++;
            return true;
        }
        if (c == '\\') {
            *ret_escapes = true;
            if (!check_escape(reader))
                return false;
        } else if (!check_character(reader, begin)) {
            return false;
        }
    }
}

/* Writes what the checked escape at AT means to *TARGET; returns behind the escape. */
static const char *decode_escape(const char *at, const char *end, char **target) {
    static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    if (at[1] != 'u') {
        const char *letter = strchr(letters, at[1]);
        *(*target)++ = letter == NULL ? at[1] : meanings[letter - letters];
        return at + 2;
    }
    int32_t code = hex4(at + 2, end);
    at += 6;
    if (is_high_surrogate(code)) {
        code = 0x10000 + ((code - 0xD800) << 10) + (hex4(at + 2, end) - 0xDC00);
        at += 6;
    }
    *target += eg_utf8_encode((uint32_t)code, *target);
    return at;
}

/* The text between AT and END, checked, with its escapes decoded: never longer than written. */
static struct eg_str decode(struct eg_arena *arena, const char *at, const char *end) {
    char *decoded = eg_arena_alloc(arena, (size_t)(end - at)), *target = decoded;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((escape == NULL ? end : escape) - at);
        memcpy(target, at, plain);
        target += plain;
        at += plain;
        if (escape != NULL)
            at = decode_escape(at, end, &target);
    }
    return (struct eg_str){decoded, (size_t)(target - decoded)};
}

static bool read_string(struct reader *reader, struct eg_str *ret) {
    const char *begin = reader->at;
    bool escapes;
    if (!check_string(reader, &escapes))
        return false;
    const char *end = reader->at - 1;
    if (escapes)
        *ret = decode(reader->tree.arena, begin + 1, end);
    else
        *ret = (struct eg_str){begin + 1, (size_t)(end - begin - 1)};
    return true;
}

/* ---- scalars ---- */

static bool read_string_value(struct reader *reader) {
    uint32_t offset = offset_of(reader, reader->at);
    struct eg_str text;
    if (!read_string(reader, &text))
        return false;
    struct eg_node *node = eg_tree_node(&reader->tree, EG_STRING, offset);
    node->as.text = text;
    eg_tree_add(&reader->tree, node, 0);
    return true;
}

static bool read_number(struct reader *reader) {
    struct eg_str rest = {reader->at, (size_t)(reader->end - reader->at)};
    size_t wrong;
    const char *expected;
    size_t length = eg_number_scan(rest, &wrong, &expected);
    if (length == 0) {
        reader->at += wrong;
        return fail_expected(reader, expected);
    }
    uint32_t offset = offset_of(reader, reader->at);
    struct eg_node *node = eg_tree_node(&reader->tree, EG_INT, offset);
    if (!eg_number_read(reader->tree.arena, eg_str_slice(rest, 0, length), node))
        return eg_tree_fail(&reader->tree, offset,
                            "found a number that is too large; expected less than 1.8e308");
    reader->at += length;
    eg_tree_add(&reader->tree, node, 0);
    return true;
}

static bool read_word(struct reader *reader) {
    static const struct {
        struct eg_str word;
        enum eg_kind kind;
        bool boolean;
    } words[] = {
        {EG_STR_INIT("true"), EG_BOOL, true},
        {EG_STR_INIT("false"), EG_BOOL, false},
        {EG_STR_INIT("null"), EG_NULL, false},
    };
    struct eg_str rest = {reader->at, (size_t)(reader->end - reader->at)};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!eg_str_starts_with(rest, words[i].word))
            continue;
        struct eg_node *node =
            eg_tree_node(&reader->tree, words[i].kind, offset_of(reader, reader->at));
        if (words[i].kind == EG_BOOL)
            node->as.boolean = words[i].boolean;
        reader->at += words[i].word.length;
        eg_tree_add(&reader->tree, node, 0);
        return true;
    }
    return fail_expected(reader, "a value");
}

static bool read_scalar(struct reader *reader) {
    char c = here(reader);
    if (c == '"')
        return read_string_value(reader);
    if (c == '-' || (c >= '0' && c <= '9'))
        return read_number(reader);
    return read_word(reader);
}

/* ---- lists and maps ---- */

/* Reads `"key" :`. */
static bool read_key(struct reader *reader, const char *expected) {
    skip_space(reader);
    if (here(reader) != '"')
        return fail_expected(reader, expected);
    uint32_t offset = offset_of(reader, reader->at);
    struct eg_str key;
    if (!read_string(reader, &key))
        return false;
    eg_tree_key(&reader->tree, key, offset);
    skip_space(reader);
    if (here(reader) != ':')
        return fail_expected(reader, "':' after the key");
    reader->at++;
    return true;
}

/* Reads a scalar or an empty list or map whole, of others the beginning: up to where the first
 * value is expected; *RET_COMPLETE is then false. */
static bool begin_value(struct reader *reader, bool *ret_complete) {
    skip_space(reader);
    *ret_complete = true;
    char c = here(reader);
    if (c != '{' && c != '[')
        return read_scalar(reader);
    if (!eg_tree_open(&reader->tree, c == '{' ? EG_MAP : EG_LIST, offset_of(reader, reader->at)))
        return false;
    reader->at++;
    skip_space(reader);
    if (here(reader) == (c == '{' ? '}' : ']')) {
        reader->at++;
        return eg_tree_close(&reader->tree);
    }
    *ret_complete = false;
    return c == '[' || read_key(reader, "a key in double quotes, or '}'");
}

/* After a value in a list or map comes neither ',' nor the end. */
static bool fail_after_value(struct reader *reader) {
    const struct eg_tree *tree = &reader->tree;
    char expected[160];
    if (!eg_tree_in_map(tree))
        return fail_expected(reader, "',' or ']' after an element of the list");
    struct eg_str key = tree->slots[tree->slot_count - 1].key;
    bool printable = key.length <= 80;
    for (size_t i = 0; i < key.length && printable; i++)
        printable = key.data[i] >= 0x20 && key.data[i] < 0x7F;
    if (!printable)
        return fail_expected(reader, "',' or '}' after the value");
    (void)snprintf(expected, sizeof expected, "',' or '}' after the value of \"%.*s\"",
                   EG_STR_ARGS(key));
    return fail_expected(reader, expected);
}

/* After a value in a list or map: on to where the next one is expected, or its end. */
static bool go_on(struct reader *reader, bool *ret_complete) {
    bool in_map = eg_tree_in_map(&reader->tree);
    skip_space(reader);
    char c = here(reader);
    if (c == ',') {
        reader->at++;
        *ret_complete = false;
        if (in_map)
            return read_key(reader, "a key in double quotes after ','");
        skip_space(reader);
        return here(reader) != ']' || fail_expected(reader, "a value after ','");
    }
    if (c != (in_map ? '}' : ']'))
        return fail_after_value(reader);
    reader->at++;
    *ret_complete = true;
    return eg_tree_close(&reader->tree);
}

static bool read_document(struct reader *reader) {
    do {
        bool complete;
        if (!begin_value(reader, &complete))
            return false;
        while (complete && reader->tree.depth > 0)
            if (!go_on(reader, &complete))
                return false;
    } while (reader->tree.depth > 0);
    skip_space(reader);
    return reader->at == reader->end || fail_expected(reader, "end of file");
}

bool eg_read_json(struct eg_arena *arena, struct eg_str name, struct eg_str text,
                  struct eg_document *ret_document, struct eg_error *error) {
    struct reader reader = {.start = text.data, .end = text.data + text.length};
    bool good = eg_tree_begin(&reader.tree, arena, name, text, error);
    if (good) {
        reader.at = text.data + eg_tree_start(&reader.tree);
        good = read_document(&reader);
    }
    if (good)
        eg_tree_end(&reader.tree, ret_document);
    eg_tree_done(&reader.tree);
    return good;
}
