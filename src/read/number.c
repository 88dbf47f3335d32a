/* Numbers of JSON and YAML; see number.h. Called by json.c and scalar.c. */
#include "read/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* A place in the text that gives '\0' behind its end. */
static char at(struct eg_str text, size_t i) {
    return i < text.length ? text.data[i] : '\0';
}

static size_t skip_digits(struct eg_str text, size_t i) {
    while (is_digit(at(text, i)))
        i++;
    return i;
}

size_t eg_number_scan(struct eg_str text, size_t *ret_wrong, const char **ret_expected) {
    size_t i = at(text, 0) == '-' ? 1 : 0;
    *ret_expected = NULL;
    *ret_wrong = i;
    if (!is_digit(at(text, i))) {
        if (i == 1)
            *ret_expected = "a digit after '-'";
        return 0;
    }
    if (at(text, i) == '0' && is_digit(at(text, i + 1))) {
        *ret_expected = "a number without leading zeros";
        return 0;
    }
    i = skip_digits(text, i);
    if (at(text, i) == '.') {
        *ret_wrong = ++i;
        if (!is_digit(at(text, i))) {
            *ret_expected = "a digit after '.'";
            return 0;
        }
        i = skip_digits(text, i);
    }
    if (at(text, i) == 'e' || at(text, i) == 'E') {
        i += at(text, i + 1) == '+' || at(text, i + 1) == '-' ? 2 : 1;
        *ret_wrong = i;
        if (!is_digit(at(text, i))) {
            *ret_expected = "a digit in the exponent";
            return 0;
        }
        i = skip_digits(text, i);
    }
    return i;
}

static bool read_double(struct eg_arena *arena, struct eg_str text, double *ret) {
    char small[64];
    const char *terminated = small;
    if (text.length < sizeof small) {
        memcpy(small, text.data, text.length);
        small[text.length] = '\0';
    } else {
        terminated = eg_str_copy(arena, text).data;
    }
    *ret = strtod(terminated, NULL);
    return isfinite(*ret);
}

bool eg_number_read(struct eg_arena *arena, struct eg_str text, struct eg_node *node) {
    if (eg_str_to_int(text, &node->as.integer)) {
        node->kind = EG_INT;
        return true;
    }
    node->kind = EG_DOUBLE;
    return read_double(arena, text, &node->as.number);
}
