/* What a plain scalar of YAML means; see scalar.h. Called by yaml.c.
 *
 * The types are YAML 1.1's, as CloudFormation reads templates:
 *   https://yaml.org/type/null.html   ~ null Null NULL, nothing
 *   https://yaml.org/type/bool.html   yes no true false on off, lower, upper or title case
 *   https://yaml.org/type/int.html    decimal, 0x…, 0b…, 0… (octal), '_' between digits
 *   https://yaml.org/type/float.html  with a point: 1.5, .5, 1., 1.5e+3; '_' between digits
 *
 * What stays text, and why:
 * - dates (2010-09-09, 2012-10-17): CloudFormation has no timestamps;
 * - base 60 (22:22, 12:30:45): ports and times of day are never meant as numbers;
 * - y and n alone: no YAML 1.1 reader in use takes them as booleans;
 * - .inf and .nan: JSON, which a template becomes, has no such numbers;
 * - 1e3: a float of YAML 1.1 has a point, and commit hashes look like this;
 * - 089, 0o17: the first is no octal number, the second YAML 1.2's form of one;
 * - octal numbers of more than 11 digits: 012345670123 is an AWS account id, which would be
 *   destroyed as a number; file modes are shorter;
 * - integers that don't fit 64 bits: an id again, whose digits a double would lose.
 */
#include "read/scalar.h"

#include "read/number.h"

#include <string.h>

enum { LONGEST_OCTAL = 11, LONGEST_NUMBER = 64 };

/* Letters in lower, upper or title case, as YAML 1.1's words are: WORD is in lower case. */
static bool is_word(struct eg_str text, const char *word) {
    size_t length = strlen(word);
    if (!eg_str_equal_nocase(text, (struct eg_str){word, length}))
        return false;
    bool upper = text.data[length - 1] < 'a';
    for (size_t i = 1; i < length; i++)
        if ((text.data[i] < 'a') != upper)
            return false;
    return !upper || text.data[0] < 'a';
}

static bool resolve_bool(struct eg_str text, struct eg_node *node) {
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!is_word(text, words[i]))
            continue;
        node->kind = EG_BOOL;
        node->as.boolean = i % 2 == 1;
        return true;
    }
    return false;
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

static bool read_based(struct eg_str digits, int base, bool negative, struct eg_node *node) {
    int64_t value = 0;
    if (digits.length == 0)
        return false;
    for (size_t i = 0; i < digits.length; i++) {
        int digit = digit_value(digits.data[i]);
        if (digit >= base || __builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return false;
    }
    node->kind = EG_INT;
    node->as.integer = negative ? -value : value;
    return true;
}

/* NUMBER is without underscores. */
static bool resolve_int(struct eg_str number, struct eg_node *node) {
    bool negative = number.data[0] == '-';
    bool sign = negative || number.data[0] == '+';
    struct eg_str digits = eg_str_from_offset(number, sign ? 1 : 0);
    if (eg_str_starts_with(digits, EG_STR("0x")))
        return read_based(eg_str_from_offset(digits, 2), 16, negative, node);
    if (eg_str_starts_with(digits, EG_STR("0b")))
        return read_based(eg_str_from_offset(digits, 2), 2, negative, node);
    if (digits.length > 1 && digits.data[0] == '0')
        return digits.length <= LONGEST_OCTAL && read_based(digits, 8, negative, node);
    if (!eg_str_to_int(number, &node->as.integer))
        return false;
    node->kind = EG_INT;
    return true;
}

static bool is_digit(struct eg_str text, size_t i) {
    return i < text.length && text.data[i] >= '0' && text.data[i] <= '9';
}

/* [-+]? ([0-9]+ '.' [0-9]* | '.' [0-9]+) ([eE] [-+] [0-9]+)?, without underscores */
static bool is_float(struct eg_str text) {
    size_t i = text.data[0] == '-' || text.data[0] == '+' ? 1 : 0;
    size_t digits = 0;
    for (; is_digit(text, i); i++)
        digits++;
    if (i == text.length || text.data[i++] != '.')
        return false;
    for (; is_digit(text, i); i++)
        digits++;
    if (digits == 0)
        return false;
    if (i < text.length && (text.data[i] == 'e' || text.data[i] == 'E')) {
        i++;
        if (i == text.length || (text.data[i] != '+' && text.data[i] != '-') ||
            !is_digit(text, ++i))
            return false;
        while (is_digit(text, i))
            i++;
    }
    return i == text.length;
}

/* TEXT without its underscores in BUFFER; false if it can't be a number. */
static bool strip_underscores(struct eg_str text, char buffer[LONGEST_NUMBER],
                              struct eg_str *ret_number) {
    if (text.length > LONGEST_NUMBER || strchr("+-.0123456789", text.data[0]) == NULL ||
        text.data[0] == '\0' || text.data[text.length - 1] == '_')
        return false;
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] != '_')
            buffer[length++] = text.data[i];
    *ret_number = (struct eg_str){buffer, length};
    return length > 0;
}

static bool resolve_number(struct eg_arena *arena, struct eg_str text, struct eg_node *node) {
    char buffer[LONGEST_NUMBER];
    struct eg_str number;
    if (!strip_underscores(text, buffer, &number))
        return false;
    return resolve_int(number, node) || (is_float(number) && eg_number_read(arena, number, node));
}

void eg_scalar_resolve(struct eg_arena *arena, struct eg_str text, struct eg_node *node) {
    if (text.length == 0 || eg_str_is(text, "~") || is_word(text, "null")) {
        node->kind = EG_NULL;
        return;
    }
    if (resolve_bool(text, node) || resolve_number(arena, text, node))
        return;
    node->kind = EG_STRING;
    node->flags |= EG_FLAG_PLAIN;
    node->as.text = text;
}
