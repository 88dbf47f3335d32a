/* Scalars as JSON; see write_scalar.h. Called by write.c. */
#include "read/write_scalar.h"

#include "base/utf8.h"

#include <arpa/inet.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- strings ---- */

/* Characters beyond ASCII that must not reach a terminal or a script as they are: C1 controls, line
 * separators, marks of direction (Unicode TR 36, section 3.1), the byte order mark. */
static bool is_hidden(uint32_t code) {
    return (code >= 0x80 && code <= 0x9F) || code == 0x061C || (code >= 0x200E && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xFEFF;
}

static void write_escape(struct eg_buf *buf, uint32_t code) {
    static const char letters[] = "btn_fr";
    if (code == '"' || code == '\\')
        eg_buf_printf(buf, "\\%c", (char)code);
    else if (code >= '\b' && code <= '\r' && code != '\v')
        eg_buf_printf(buf, "\\%c", letters[code - '\b']);
    else
        eg_buf_printf(buf, "\\u%04x", code);
}

/* The length of the character at DATA that may be written as it is; 0 if it needs an escape. */
static unsigned plain_length(const char *data, size_t left) {
    unsigned char first = (unsigned char)*data;
    if (first < 0x80)
        return first >= 0x20 && first != '"' && first != '\\' && first != 0x7F;
    unsigned length = eg_utf8_length(data, left);
    return length > 0 && is_hidden(eg_utf8_decode(data, length)) ? 0 : length;
}

void eg_write_string(struct eg_buf *buf, struct eg_str text) {
    eg_buf_putc(buf, '"');
    for (size_t i = 0, from = 0; i <= text.length;) {
        unsigned plain = i < text.length ? plain_length(text.data + i, text.length - i) : 0;
        if (plain > 0) {
            i += plain;
            continue;
        }
        eg_buf_add_str(buf, eg_str_slice(text, from, i - from));
        if (i == text.length)
            break;
        unsigned length = eg_utf8_length(text.data + i, text.length - i);
        if (length == 0)
            eg_buf_puts(buf, "\xEF\xBF\xBD");
        else
            write_escape(buf, eg_utf8_decode(text.data + i, length));
        i += length == 0 ? 1 : length;
        from = i;
    }
    eg_buf_putc(buf, '"');
}

/* ---- numbers ---- */

void eg_write_double(struct eg_buf *buf, double value) {
    if (!isfinite(value)) {
        eg_buf_puts(buf, isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
        return;
    }
    char text[32];
    int least = fabs(value) < DBL_MIN ? 1 : 15; /* denormal numbers have fewer digits */
    for (int digits = least; digits <= 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        double back = strtod(text, NULL);
        if (!(back < value) && !(back > value))
            break;
    }
    eg_buf_puts(buf, text);
    if (strpbrk(text, ".e") == NULL)
        eg_buf_puts(buf, ".0");
}

/* ---- what only CEL makes ---- */

void eg_write_bytes(struct eg_buf *buf, struct eg_str bytes) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    eg_buf_putc(buf, '"');
    for (size_t i = 0; i < bytes.length; i += 3) {
        uint32_t group = 0;
        for (size_t j = i; j < i + 3; j++)
            group = group << 8 | (j < bytes.length ? (unsigned char)bytes.data[j] : 0);
        for (unsigned j = 0; j < 4; j++) {
            bool padding = i + j > bytes.length;
            eg_buf_putc(buf, padding ? '=' : digits[group >> (18 - 6 * j) & 0x3F]);
        }
    }
    eg_buf_putc(buf, '"');
}

/* A fraction of a second without its trailing zeros; nothing for 0. */
static void write_fraction(struct eg_buf *buf, int32_t nanoseconds) {
    if (nanoseconds == 0)
        return;
    char text[16];
    int length = snprintf(text, sizeof text, ".%09d", abs(nanoseconds));
    while (text[length - 1] == '0')
        text[--length] = '\0';
    eg_buf_puts(buf, text);
}

/* Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar. Years run from
 * March here, so that the leap day is the last one; 400 of them are an era of 146097 days. */
static void civil_date(int64_t day, int64_t *ret_year, int64_t *ret_month, int64_t *ret_day) {
    day += 719468; /* from 0000-03-01 to 1970-01-01 */
    int64_t era = (day >= 0 ? day : day - 146096) / 146097;
    int64_t of_era = day - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153; /* 0: March */
    *ret_day = of_year - (153 * month + 2) / 5 + 1;
    *ret_month = month < 10 ? month + 3 : month - 9;
    *ret_year = year + era * 400 + (*ret_month <= 2);
}

void eg_write_timestamp(struct eg_buf *buf, struct eg_time time) {
    enum { DAY = 24 * 60 * 60 };
    int64_t day = time.seconds / DAY, second = time.seconds % DAY;
    if (second < 0) {
        second += DAY;
        day--;
    }
    int64_t year, month, of_month;
    civil_date(day, &year, &month, &of_month);
    eg_buf_printf(buf, "\"%04lld-%02lld-%02lldT%02lld:%02lld:%02lld", (long long)year,
                  (long long)month, (long long)of_month, (long long)(second / 3600),
                  (long long)(second / 60 % 60), (long long)(second % 60));
    write_fraction(buf, time.nanoseconds);
    eg_buf_puts(buf, "Z\"");
}

void eg_write_duration(struct eg_buf *buf, struct eg_time time) {
    bool negative_fraction = time.seconds == 0 && time.nanoseconds < 0;
    eg_buf_printf(buf, "\"%s%lld", negative_fraction ? "-" : "", (long long)time.seconds);
    write_fraction(buf, time.nanoseconds);
    eg_buf_puts(buf, "s\"");
}

void eg_write_address(struct eg_buf *buf, const struct eg_address *address) {
    char text[INET6_ADDRSTRLEN] = "";
    (void)inet_ntop(address->length == 4 ? AF_INET : AF_INET6, address->bytes, text, sizeof text);
    eg_buf_printf(buf, "\"%s", text);
    if (address->prefix >= 0)
        eg_buf_printf(buf, "/%d", address->prefix);
    eg_buf_putc(buf, '"');
}
