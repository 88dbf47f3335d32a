/* Tokens and literals of CEL (langdef.md, "Syntax"). Called by the parser.
 *
 *   INT     digits | 0x hex         UINT    INT [uU]
 *   DOUBLE  digits . digits exp? | digits exp | . digits exp?
 *   STRING  [rR]? ("…" | '…' | """…""" | '''…''')
 *   BYTES   [bB] STRING, also [bB][rR] and [rR][bB]
 */
#include "cel/lexer.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool eg_cel_fault_set(struct eg_cel_fault *fault, uint32_t start, uint32_t end, const char *format,
                      ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->message, sizeof fault->message, format, arguments);
    va_end(arguments);
    fault->start = start;
    fault->end = end;
    return false;
}

/* What a character can be a part of. */
enum { BLANK = 1, DIGIT = 2, LETTER = 4 };

static const unsigned char classes[256] = {
    [' '] = BLANK,  ['\t'] = BLANK, ['\n'] = BLANK, ['\r'] = BLANK, ['\f'] = BLANK, ['0'] = DIGIT,
    ['1'] = DIGIT,  ['2'] = DIGIT,  ['3'] = DIGIT,  ['4'] = DIGIT,  ['5'] = DIGIT,  ['6'] = DIGIT,
    ['7'] = DIGIT,  ['8'] = DIGIT,  ['9'] = DIGIT,  ['_'] = LETTER, ['a'] = LETTER, ['A'] = LETTER,
    ['b'] = LETTER, ['B'] = LETTER, ['c'] = LETTER, ['C'] = LETTER, ['d'] = LETTER, ['D'] = LETTER,
    ['e'] = LETTER, ['E'] = LETTER, ['f'] = LETTER, ['F'] = LETTER, ['g'] = LETTER, ['G'] = LETTER,
    ['h'] = LETTER, ['H'] = LETTER, ['i'] = LETTER, ['I'] = LETTER, ['j'] = LETTER, ['J'] = LETTER,
    ['k'] = LETTER, ['K'] = LETTER, ['l'] = LETTER, ['L'] = LETTER, ['m'] = LETTER, ['M'] = LETTER,
    ['n'] = LETTER, ['N'] = LETTER, ['o'] = LETTER, ['O'] = LETTER, ['p'] = LETTER, ['P'] = LETTER,
    ['q'] = LETTER, ['Q'] = LETTER, ['r'] = LETTER, ['R'] = LETTER, ['s'] = LETTER, ['S'] = LETTER,
    ['t'] = LETTER, ['T'] = LETTER, ['u'] = LETTER, ['U'] = LETTER, ['v'] = LETTER, ['V'] = LETTER,
    ['w'] = LETTER, ['W'] = LETTER, ['x'] = LETTER, ['X'] = LETTER, ['y'] = LETTER, ['Y'] = LETTER,
    ['z'] = LETTER, ['Z'] = LETTER,
};

static bool is(char c, unsigned wanted) {
    return (classes[(unsigned char)c] & wanted) != 0;
}

static bool is_digit(char c) {
    return is(c, DIGIT);
}

static int hex_value(char c) {
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Behind the end there is a NUL. */
static char at(struct eg_str text, uint32_t i) {
    return i < text.length ? text.data[i] : '\0';
}

static uint32_t skip_blank(struct eg_str text, uint32_t i) {
    for (;;) {
        while (is(text.data[i], BLANK))
            i++;
        if (text.data[i] != '/' || text.data[i + 1] != '/')
            return i;
        while (i < text.length && text.data[i] != '\n')
            i++;
    }
}

static uint32_t skip_digits(struct eg_str text, uint32_t i) {
    while (is_digit(at(text, i)))
        i++;
    return i;
}

static struct eg_cel_token number_token(struct eg_str text, uint32_t start) {
    uint32_t i = start;
    enum eg_cel_token_kind kind = EG_CEL_TOKEN_INT;
    if (at(text, i) == '0' && at(text, i + 1) == 'x' && hex_value(at(text, i + 2)) >= 0) {
        i += 2;
        while (hex_value(at(text, i)) >= 0)
            i++;
    } else {
        i = skip_digits(text, i);
        if (at(text, i) == '.' && is_digit(at(text, i + 1))) {
            kind = EG_CEL_TOKEN_DOUBLE;
            i = skip_digits(text, i + 1);
        }
        if (at(text, i) == 'e' || at(text, i) == 'E') {
            uint32_t sign = at(text, i + 1) == '+' || at(text, i + 1) == '-' ? 1 : 0;
            if (is_digit(at(text, i + 1 + sign))) {
                kind = EG_CEL_TOKEN_DOUBLE;
                i = skip_digits(text, i + 1 + sign);
            }
        }
    }
    if (kind == EG_CEL_TOKEN_INT && (at(text, i) == 'u' || at(text, i) == 'U')) {
        kind = EG_CEL_TOKEN_UINT;
        i++;
    }
    return (struct eg_cel_token){.kind = kind, .start = start, .end = i};
}

/* ---- words ---- */

static const struct {
    char text[10];
    enum eg_cel_word word;
} words[] = {
    /* By length: */
    {"in", EG_CEL_WORD_IN},
    {"as", EG_CEL_WORD_RESERVED},
    {"if", EG_CEL_WORD_RESERVED},
    {"for", EG_CEL_WORD_RESERVED},
    {"let", EG_CEL_WORD_RESERVED},
    {"var", EG_CEL_WORD_RESERVED},
    {"true", EG_CEL_WORD_TRUE},
    {"null", EG_CEL_WORD_NULL},
    {"else", EG_CEL_WORD_RESERVED},
    {"loop", EG_CEL_WORD_RESERVED},
    {"void", EG_CEL_WORD_RESERVED},
    {"false", EG_CEL_WORD_FALSE},
    {"break", EG_CEL_WORD_RESERVED},
    {"const", EG_CEL_WORD_RESERVED},
    {"while", EG_CEL_WORD_RESERVED},
    {"import", EG_CEL_WORD_RESERVED},
    {"return", EG_CEL_WORD_RESERVED},
    {"package", EG_CEL_WORD_RESERVED},
    {"continue", EG_CEL_WORD_RESERVED},
    {"function", EG_CEL_WORD_RESERVED},
    {"namespace", EG_CEL_WORD_RESERVED},
};

/* The first of the words of a length; those of length 1 end where they begin. */
static const unsigned char words_of_length[] = {0, 0, 0, 3, 6, 11, 15, 17, 18, 20, 21};

static enum eg_cel_word find_word(const char *name, uint32_t length) {
    if (length > 9)
        return EG_CEL_WORD_NONE;
    for (unsigned i = words_of_length[length]; i < words_of_length[length + 1]; i++)
        if (words[i].text[0] == name[0] && memcmp(words[i].text, name, length) == 0)
            return words[i].word;
    return EG_CEL_WORD_NONE;
}

static struct eg_cel_token name_token(struct eg_str text, uint32_t start) {
    uint32_t end = start + 1;
    while (is(text.data[end], LETTER | DIGIT))
        end++;
    return (struct eg_cel_token){.kind = EG_CEL_TOKEN_NAME,
                                 .word = find_word(text.data + start, end - start),
                                 .start = start,
                                 .end = end};
}

/* ---- strings ---- */

/* What comes before the opening quote, and how long the quote is. */
struct prefix {
    uint32_t letters;
    uint32_t quote_length;
    bool raw;
    bool bytes;
};

static bool read_prefix(struct eg_str text, uint32_t start, struct prefix *prefix) {
    *prefix = (struct prefix){0};
    for (;;) {
        char c = at(text, start + prefix->letters);
        if ((c == 'r' || c == 'R') && !prefix->raw)
            prefix->raw = true;
        else if ((c == 'b' || c == 'B') && prefix->letters == 0)
            prefix->bytes = true;
        else
            break;
        prefix->letters++;
    }
    uint32_t i = start + prefix->letters;
    char quote = at(text, i);
    if (quote != '"' && quote != '\'')
        return false;
    prefix->quote_length = at(text, i + 1) == quote && at(text, i + 2) == quote ? 3 : 1;
    return true;
}

static bool closes(struct eg_str text, uint32_t i, char quote, uint32_t length) {
    for (uint32_t k = 0; k < length; k++)
        if (at(text, i + k) != quote)
            return false;
    return true;
}

static struct eg_cel_token string_token(struct eg_str text, uint32_t start,
                                        const struct prefix *prefix, struct eg_cel_fault *fault) {
    struct eg_cel_token token = {.kind = prefix->bytes ? EG_CEL_TOKEN_BYTES : EG_CEL_TOKEN_STRING,
                                 .start = start};
    uint32_t i = start + prefix->letters;
    char quote = text.data[i];
    for (i += prefix->quote_length; i < text.length; i++) {
        char c = text.data[i];
        if (c == quote && closes(text, i, quote, prefix->quote_length)) {
            token.end = i + prefix->quote_length;
            return token;
        }
        if (prefix->quote_length == 1 && (c == '\n' || c == '\r'))
            break;
        if (c == '\\' && !prefix->raw)
            i++;
    }
    token.kind = EG_CEL_TOKEN_BAD;
    token.end = start + prefix->letters + prefix->quote_length;
    eg_cel_fault_set(fault, start, token.end, "this string has no end");
    return token;
}

static struct eg_cel_token quoted_token(struct eg_str text, uint32_t start,
                                        struct eg_cel_fault *fault) {
    uint32_t i = start + 1;
    while (is(at(text, i), LETTER | DIGIT) ||
           (at(text, i) != '\0' && strchr("-./ ", at(text, i)) != NULL))
        i++;
    struct eg_cel_token token = {.kind = EG_CEL_TOKEN_QUOTED, .start = start, .end = i + 1};
    if (at(text, i) != '`' || i == start + 1) {
        token.kind = EG_CEL_TOKEN_BAD;
        token.end = i > start + 1 ? i : start + 1;
        eg_cel_fault_set(fault, start, token.end, "this quoted name has no end");
    }
    return token;
}

/* ---- signs ---- */

static struct eg_cel_token bad_sign(struct eg_str text, uint32_t start,
                                    struct eg_cel_fault *fault) {
    unsigned char c = (unsigned char)text.data[start];
    struct eg_cel_token token = {.kind = EG_CEL_TOKEN_BAD,
                                 .start = start,
                                 .end = start + (uint32_t)eg_utf8_step(text, start)};
    if (c == '=')
        eg_cel_fault_set(fault, start, token.end, "'=' is no operator; equality is '=='");
    else if (c == '&' || c == '|')
        eg_cel_fault_set(fault, start, token.end, "'%c' is no operator; there is '%c%c'", c, c, c);
    else if (c < 0x20 || c == 0x7f)
        eg_cel_fault_set(fault, start, token.end, "a character that no expression has");
    else
        eg_cel_fault_set(fault, start, token.end, "unexpected character '%.*s'",
                         (int)(token.end - start), text.data + start);
    return token;
}

static struct eg_cel_token sign_token(struct eg_str text, uint32_t start,
                                      struct eg_cel_fault *fault) {
    char c = text.data[start], next = text.data[start + 1];
    struct eg_cel_token token = {
        .kind = EG_CEL_TOKEN_SIGN, .sign = (unsigned char)c, .start = start, .end = start + 1};
    bool pair = false, alone = true;
    switch (c) {
    case '&':
    case '|':
        pair = next == c;
        alone = false;
        break;
    case '=':
        pair = next == '=';
        alone = false;
        break;
    case '!':
    case '<':
    case '>':
        pair = next == '=';
        break;
    default:
        alone = c != '\0' && strchr("+-*/%.,:?()[]{}", c) != NULL;
        break;
    }
    if (!pair)
        return alone ? token : bad_sign(text, start, fault);
    token.sign = EG_CEL_SIGN2(c, next);
    token.end++;
    return token;
}

struct eg_cel_token eg_cel_token_at(struct eg_str text, uint32_t from, struct eg_cel_fault *fault) {
    uint32_t i = skip_blank(text, from);
    if (i >= text.length)
        return (struct eg_cel_token){.kind = EG_CEL_TOKEN_END, .start = i, .end = i};
    char c = text.data[i];
    struct prefix prefix;
    if (is(c, LETTER)) {
        bool may_be_string = (c | 0x20) == 'r' || (c | 0x20) == 'b';
        return may_be_string && read_prefix(text, i, &prefix)
                   ? string_token(text, i, &prefix, fault)
                   : name_token(text, i);
    }
    if (is_digit(c) || (c == '.' && is_digit(text.data[i + 1])))
        return number_token(text, i);
    if (c == '"' || c == '\'') {
        (void)read_prefix(text, i, &prefix);
        return string_token(text, i, &prefix, fault);
    }
    if (c == '`')
        return quoted_token(text, i, fault);
    return sign_token(text, i, fault);
}

/* ---- values ---- */

static bool read_unsigned(struct eg_str digits, uint64_t *ret) {
    bool hex = digits.length > 2 && digits.data[1] == 'x';
    uint64_t base = hex ? 16 : 10;
    uint64_t value = 0;
    for (size_t i = hex ? 2 : 0; i < digits.length; i++)
        if (__builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, (uint64_t)hex_value(digits.data[i]), &value))
            return false;
    *ret = value;
    return true;
}

static const struct eg_node *integer_value(struct eg_arena *arena, struct eg_str digits,
                                           struct eg_cel_token token, bool negative,
                                           struct eg_cel_fault *fault) {
    uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    uint64_t magnitude = 0;
    if (!read_unsigned(digits, &magnitude) || magnitude > limit) {
        eg_cel_fault_set(fault, token.start, token.end, "this number does not fit 64 bits");
        return NULL;
    }
    return eg_node_int(arena, negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude, NULL);
}

static const struct eg_node *unsigned_value(struct eg_arena *arena, struct eg_str digits,
                                            struct eg_cel_token token, struct eg_cel_fault *fault) {
    struct eg_node *node = eg_node_new(arena, EG_UINT, NULL);
    if (!read_unsigned(eg_str_slice(digits, 0, digits.length - 1), &node->as.unsigned_integer)) {
        eg_cel_fault_set(fault, token.start, token.end, "this number does not fit 64 bits");
        return NULL;
    }
    return node;
}

static const struct eg_node *double_value(struct eg_arena *arena, struct eg_str digits,
                                          bool negative) {
    struct eg_node *node = eg_node_new(arena, EG_DOUBLE, NULL);
    double value = strtod(eg_str_copy(arena, digits).data, NULL);
    node->as.number = negative ? -value : value;
    return node;
}

/* One string literal being decoded. */
struct decoder {
    struct eg_str text;
    uint32_t i;
    uint32_t end;
    bool bytes;
    char *out;
    size_t length;
    struct eg_cel_fault *fault;
};

static void put_code_point(struct decoder *decoder, uint32_t code_point) {
    decoder->length += eg_utf8_encode(code_point, decoder->out + decoder->length);
}

static bool decode_number(struct decoder *decoder, uint32_t escape, uint32_t digits,
                          uint32_t base) {
    uint32_t value = 0;
    for (uint32_t k = 0; k < digits; k++) {
        int digit = decoder->i < decoder->end ? hex_value(decoder->text.data[decoder->i]) : -1;
        if (digit < 0 || (uint32_t)digit >= base)
            return eg_cel_fault_set(decoder->fault, escape, decoder->i,
                                    "this escape needs %u %s digits", digits,
                                    base == 8 ? "octal" : "hexadecimal");
        value = value * base + (uint32_t)digit;
        decoder->i++;
    }
    if (decoder->bytes && digits <= 3) {
        if (value > 0xff)
            return eg_cel_fault_set(decoder->fault, escape, decoder->i, "this is no byte");
        decoder->out[decoder->length++] = (char)value;
        return true;
    }
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return eg_cel_fault_set(decoder->fault, escape, decoder->i, "this is no code point");
    put_code_point(decoder, value);
    return true;
}

static bool decode_escape(struct decoder *decoder) {
    static const char from[] = "abfnrtv\\?\"'`";
    static const char to[] = "\a\b\f\n\r\t\v\\?\"'`";
    uint32_t escape = decoder->i;
    char c = decoder->text.data[escape + 1];
    decoder->i += 2;
    const char *simple = c == '\0' ? NULL : strchr(from, c);
    if (simple != NULL) {
        decoder->out[decoder->length++] = to[simple - from];
        return true;
    }
    if (c == 'x' || c == 'X')
        return decode_number(decoder, escape, 2, 16);
    if (c >= '0' && c <= '3') {
        decoder->i--;
        return decode_number(decoder, escape, 3, 8);
    }
    if (!decoder->bytes && c == 'u')
        return decode_number(decoder, escape, 4, 16);
    if (!decoder->bytes && c == 'U')
        return decode_number(decoder, escape, 8, 16);
    return eg_cel_fault_set(decoder->fault, escape, decoder->i,
                            "there is no such escape; a backslash is written \\\\");
}

static const struct eg_node *string_value(struct eg_arena *arena, struct eg_str text,
                                          struct eg_cel_token token, struct eg_cel_fault *fault) {
    struct prefix prefix;
    read_prefix(text, token.start, &prefix);
    struct decoder decoder = {
        .text = text,
        .i = token.start + prefix.letters + prefix.quote_length,
        .end = token.end - prefix.quote_length,
        .bytes = prefix.bytes,
        .fault = fault,
    };
    struct eg_node *node = eg_node_new(arena, prefix.bytes ? EG_BYTES : EG_STRING, NULL);
    node->as.text = eg_str_slice(text, decoder.i, decoder.end - decoder.i);
    if (prefix.raw || memchr(node->as.text.data, '\\', node->as.text.length) == NULL)
        return node;
    /* No escape is longer than its text. */
    decoder.out = eg_arena_alloc(arena, token.end - token.start);
    while (decoder.i < decoder.end) {
        char c = text.data[decoder.i];
        if (c == '\\') {
            if (!decode_escape(&decoder))
                return NULL;
        } else {
            decoder.out[decoder.length++] = c;
            decoder.i++;
        }
    }
    node->as.text = (struct eg_str){decoder.out, decoder.length};
    return node;
}

const struct eg_node *eg_cel_token_value(struct eg_arena *arena, struct eg_str text,
                                         struct eg_cel_token token, bool negative,
                                         struct eg_cel_fault *fault) {
    struct eg_str digits = eg_str_slice(text, token.start, token.end - token.start);
    switch (token.kind) {
    case EG_CEL_TOKEN_INT:
        return integer_value(arena, digits, token, negative, fault);
    case EG_CEL_TOKEN_UINT:
        return unsigned_value(arena, digits, token, fault);
    case EG_CEL_TOKEN_DOUBLE:
        return double_value(arena, digits, negative);
    case EG_CEL_TOKEN_STRING:
    case EG_CEL_TOKEN_BYTES:
        return string_value(arena, text, token, fault);
    default:
        return NULL;
    }
}
