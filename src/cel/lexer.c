/* Tokens and literals of CEL (langdef.md, "Syntax"). Called by the parser.
 *
 *   INT     digits | 0x hex         UINT    INT [uU]
 *   DOUBLE  digits . digits exp? | digits exp | . digits exp?
 *   STRING  [rR]? ("…" | '…' | """…""" | '''…''')
 *   BYTES   [bB] STRING, also [bB][rR] and [rR][bB]
 */
#include "cel/lexer.h"

#include "cel/utf8.h"

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

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int hex_value(char c) {
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static char at(struct eg_str text, uint32_t i) {
    return i < text.length ? text.data[i] : '\0';
}

static uint32_t skip_blank(struct eg_str text, uint32_t i) {
    for (;;) {
        char c = at(text, i);
        if (i < text.length && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f')) {
            i++;
        } else if (c == '/' && at(text, i + 1) == '/') {
            while (i < text.length && text.data[i] != '\n')
                i++;
        } else {
            return i;
        }
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
    if (at(text, i) == '0' && (at(text, i + 1) == 'x' || at(text, i + 1) == 'X') &&
        hex_value(at(text, i + 2)) >= 0) {
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
        else if ((c == 'b' || c == 'B') && !prefix->bytes)
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
        if (closes(text, i, quote, prefix->quote_length)) {
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
    while (is_name_start(at(text, i)) || is_digit(at(text, i)) ||
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

static struct eg_cel_token sign_token(struct eg_str text, uint32_t start,
                                      struct eg_cel_fault *fault) {
    static const uint32_t pairs[] = {
        EG_CEL_SIGN2('&', '&'), EG_CEL_SIGN2('|', '|'), EG_CEL_SIGN2('=', '='),
        EG_CEL_SIGN2('!', '='), EG_CEL_SIGN2('<', '='), EG_CEL_SIGN2('>', '='),
    };
    unsigned char c = (unsigned char)text.data[start];
    struct eg_cel_token token = {.kind = EG_CEL_TOKEN_SIGN, .sign = c, .start = start};
    uint32_t both = EG_CEL_SIGN2(c, (unsigned char)at(text, start + 1));
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i] == both)
            token.sign = both;
    token.end = start + (token.sign == c ? 1 : 2);
    if (token.sign == c && (c == '\0' || strchr("+-*/%!<>.,:?()[]{}", c) == NULL)) {
        token.kind = EG_CEL_TOKEN_BAD;
        token.end = start + (uint32_t)eg_cel_utf8_length(text, start);
        if (c == '=')
            eg_cel_fault_set(fault, start, token.end, "'=' is no operator; equality is '=='");
        else if (c == '&' || c == '|')
            eg_cel_fault_set(fault, start, token.end, "'%c' is no operator; there is '%c%c'", c, c,
                             c);
        else if (c < 0x20 || c == 0x7f)
            eg_cel_fault_set(fault, start, token.end, "a character that no expression has");
        else
            eg_cel_fault_set(fault, start, token.end, "unexpected character '%.*s'",
                             (int)(token.end - start), text.data + start);
    }
    return token;
}

struct eg_cel_token eg_cel_token_at(struct eg_str text, uint32_t from, struct eg_cel_fault *fault) {
    uint32_t i = skip_blank(text, from);
    if (i >= text.length)
        return (struct eg_cel_token){.kind = EG_CEL_TOKEN_END, .start = i, .end = i};
    char c = text.data[i];
    if (is_digit(c) || (c == '.' && is_digit(at(text, i + 1))))
        return number_token(text, i);
    struct prefix prefix;
    if (read_prefix(text, i, &prefix))
        return string_token(text, i, &prefix, fault);
    if (is_name_start(c)) {
        uint32_t end = i;
        while (is_name_start(at(text, end)) || is_digit(at(text, end)))
            end++;
        return (struct eg_cel_token){.kind = EG_CEL_TOKEN_NAME, .start = i, .end = end};
    }
    if (c == '`')
        return quoted_token(text, i, fault);
    return sign_token(text, i, fault);
}

/* ---- values ---- */

static bool read_unsigned(struct eg_str digits, uint64_t *ret) {
    bool hex = digits.length > 2 && (digits.data[1] == 'x' || digits.data[1] == 'X');
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
    decoder->length += eg_cel_utf8_encode(code_point, decoder->out + decoder->length);
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
    /* No escape is longer than its text. */
    decoder.out = eg_arena_alloc(arena, token.end - token.start);
    while (decoder.i < decoder.end) {
        char c = text.data[decoder.i];
        if (c == '\\' && !prefix.raw) {
            if (!decode_escape(&decoder))
                return NULL;
        } else {
            decoder.out[decoder.length++] = c;
            decoder.i++;
        }
    }
    struct eg_node *node = eg_node_new(arena, prefix.bytes ? EG_BYTES : EG_STRING, NULL);
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
