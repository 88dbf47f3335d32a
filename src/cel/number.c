/* Doubles as text; see number.h. Called by the conversions, format and show. */
#include "cel/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool same_double(double a, double b) {
    return !(a < b) && !(a > b);
}

/* The shortest "-d.ddde+xx" that reads as VALUE. */
static struct eg_str shortest(struct eg_arena *arena, double value) {
    struct eg_str text = EG_STR("");
    int precision = 0;
    do
        text = eg_str_format(arena, "%.*e", precision, value);
    while (!same_double(strtod(text.data, NULL), value) && ++precision < 17);
    return text;
}

/* COUNT zeros. */
static char *zeros(struct eg_arena *arena, int count) {
    char *text = eg_arena_alloc(arena, (size_t)(count > 0 ? count : 0) + 1);
    memset(text, '0', (size_t)(count > 0 ? count : 0));
    return text;
}

struct eg_str eg_cel_double_text(struct eg_arena *arena, double value, int least, int most) {
    if (isnan(value))
        return EG_STR("NaN");
    if (isinf(value))
        return value < 0 ? EG_STR("-Infinity") : EG_STR("Infinity");
    struct eg_str text = shortest(arena, value);
    size_t e = eg_str_find_last(text, 'e');
    int exponent = atoi(text.data + e + 1);
    if (exponent < least || exponent > most)
        return text;
    const char *sign = signbit(value) ? "-" : "";
    size_t start = strlen(sign);
    struct eg_str first = eg_str_slice(text, start, 1);
    struct eg_str rest = eg_str_slice(text, start + 2, e > start + 2 ? e - start - 2 : 0);
    int count = (int)rest.length;
    if (exponent < 0)
        return eg_str_format(arena, "%s0.%s%.*s%.*s", sign, zeros(arena, -exponent - 1),
                             EG_STR_ARGS(first), EG_STR_ARGS(rest));
    if (exponent >= count)
        return eg_str_format(arena, "%s%.*s%.*s%s", sign, EG_STR_ARGS(first), EG_STR_ARGS(rest),
                             zeros(arena, exponent - count));
    struct eg_str decimals = eg_str_from_offset(rest, (size_t)exponent);
    return eg_str_format(arena, "%s%.*s%.*s.%.*s", sign, EG_STR_ARGS(first), exponent, rest.data,
                         EG_STR_ARGS(decimals));
}

bool eg_cel_double_parse(struct eg_arena *arena, struct eg_str text, double *ret) {
    static const char *const words[] = {"nan", "inf", "infinity"};
    struct eg_str bare = text;
    if (bare.length > 0 && (bare.data[0] == '-' || bare.data[0] == '+'))
        bare = eg_str_from_offset(bare, 1);
    bool word = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        word = word || eg_str_equal_nocase(bare, eg_str_from(words[i]));
    for (size_t i = 0; i < bare.length && !word; i++) {
        char c = bare.data[i];
        bool sign =
            (c == '+' || c == '-') && i > 0 && (bare.data[i - 1] == 'e' || bare.data[i - 1] == 'E');
        if ((c < '0' || c > '9') && c != '.' && c != 'e' && c != 'E' && !sign)
            return false;
    }
    if (bare.length == 0)
        return false;
    struct eg_str copy = eg_str_copy(arena, text);
    char *end = NULL;
    *ret = strtod(copy.data, &end);
    return end == copy.data + copy.length;
}
