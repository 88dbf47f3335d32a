/* Doubles as text; see number.h. Called by the conversions, format and show. Decimal notation from
 * 0.0001 up to 1e21, with an exponent outside. */
#include "cel/number.h"

#include <math.h>
#include <stdlib.h>

static bool same_double(double a, double b) {
    return !(a < b) && !(a > b);
}

struct eg_str eg_cel_double_text(struct eg_arena *arena, double value) {
    if (isnan(value))
        return EG_STR("NaN");
    if (isinf(value))
        return value < 0 ? EG_STR("-Infinity") : EG_STR("Infinity");
    struct eg_str text = EG_STR("");
    int precision = 0;
    do
        text = eg_str_format(arena, "%.*e", precision, value);
    while (!same_double(strtod(text.data, NULL), value) && ++precision < 17);
    int exponent = atoi(text.data + eg_str_find_last(text, 'e') + 1);
    if (exponent < -4 || exponent >= 21)
        return text;
    int decimals = precision - exponent;
    return eg_str_format(arena, "%.*f", decimals > 0 ? decimals : 0, value);
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
