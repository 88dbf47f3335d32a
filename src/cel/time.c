/* Timestamps and durations; see time.h. Called by the operators, the time functions and show.
 *
 * Nanoseconds lie between 0 and 999999999 in both, so -0.5 s is {-1, 500000000}.
 */
#include "cel/time.h"

enum { BILLION = 1000000000 };

static const int64_t year_1 = -62135596800;     /* 0001-01-01T00:00:00Z */
static const int64_t year_10000 = 253402300800; /* 10000-01-01T00:00:00Z */

bool eg_cel_timestamp_in_range(const struct eg_time *time) {
    return time->seconds >= year_1 && time->seconds < year_10000;
}

bool eg_cel_duration_in_range(const struct eg_time *time) {
    static const int64_t most = 315576000000;
    return time->seconds <= most &&
           (time->seconds >= -most || (time->seconds == -most - 1 && time->nanoseconds > 0));
}

/* Howard Hinnant's days_from_civil. */
int64_t eg_cel_days_of(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool is_leap(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t month_days(int64_t year, int64_t month) {
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* ---- reading ---- */

/* Takes COUNT digits off the front. */
static bool take_digits(struct eg_str *text, size_t count, int64_t *ret) {
    if (text->length < count)
        return false;
    *ret = 0;
    for (size_t i = 0; i < count; i++) {
        if (text->data[i] < '0' || text->data[i] > '9')
            return false;
        *ret = *ret * 10 + (text->data[i] - '0');
    }
    *text = eg_str_from_offset(*text, count);
    return true;
}

static bool take(struct eg_str *text, char c) {
    if (text->length == 0 || text->data[0] != c)
        return false;
    *text = eg_str_from_offset(*text, 1);
    return true;
}

/* ".123": what is less than a nanosecond is cut off. */
static bool take_fraction(struct eg_str *text, int32_t *ret) {
    *ret = 0;
    if (!take(text, '.'))
        return true;
    int32_t unit = BILLION / 10;
    size_t digits = 0;
    int64_t digit = 0;
    while (take_digits(text, 1, &digit)) {
        *ret += (int32_t)digit * unit;
        unit /= 10;
        digits++;
    }
    return digits > 0;
}

static bool take_offset(struct eg_str *text, int64_t *ret_seconds) {
    *ret_seconds = 0;
    if (take(text, 'Z'))
        return true;
    bool minus = take(text, '-');
    int64_t hours = 0;
    int64_t minutes = 0;
    if ((!minus && !take(text, '+')) || !take_digits(text, 2, &hours) || !take(text, ':') ||
        !take_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_seconds = (hours * 60 + minutes) * (minus ? -60 : 60);
    return true;
}

bool eg_cel_offset_parse(struct eg_str text, int64_t *ret_seconds) {
    if (eg_str_is(text, "UTC"))
        text = EG_STR("Z");
    bool bare = text.length > 0 && text.data[0] >= '0' && text.data[0] <= '9';
    int64_t hours = 0;
    int64_t minutes = 0;
    if (!bare)
        return take_offset(&text, ret_seconds) && text.length == 0;
    if (!take_digits(&text, 2, &hours) || !take(&text, ':') || !take_digits(&text, 2, &minutes) ||
        hours > 23 || minutes > 59)
        return false;
    *ret_seconds = (hours * 60 + minutes) * 60;
    return text.length == 0;
}

bool eg_cel_timestamp_parse(struct eg_str text, struct eg_time *ret) {
    int64_t year, month, day, hour, minute, second, offset;
    if (!take_digits(&text, 4, &year) || !take(&text, '-') || !take_digits(&text, 2, &month) ||
        !take(&text, '-') || !take_digits(&text, 2, &day) || !take(&text, 'T') ||
        !take_digits(&text, 2, &hour) || !take(&text, ':') || !take_digits(&text, 2, &minute) ||
        !take(&text, ':') || !take_digits(&text, 2, &second) ||
        !take_fraction(&text, &ret->nanoseconds) || !take_offset(&text, &offset) || text.length > 0)
        return false;
    if (month < 1 || month > 12 || day < 1 || day > month_days(year, month) || hour > 23 ||
        minute > 59 || second > 59)
        return false;
    ret->seconds =
        eg_cel_days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    return eg_cel_timestamp_in_range(ret);
}

/* The nanoseconds of a unit, which is taken off; 0 if there is none. "us" may be written "µs". */
static int64_t take_unit(struct eg_str *text) {
    static const struct {
        const char *name;
        int64_t nanoseconds;
    } units[] = {
        {"ns", 1},
        {"us", 1000},
        {"\xc2\xb5s", 1000},
        {"\xce\xbcs", 1000},
        {"ms", 1000000},
        {"s", BILLION},
        {"m", 60 * (int64_t)BILLION},
        {"h", 3600 * (int64_t)BILLION},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct eg_str name = eg_str_from(units[i].name);
        if (!eg_str_starts_with(*text, name))
            continue;
        *text = eg_str_from_offset(*text, name.length);
        return units[i].nanoseconds;
    }
    return 0;
}

/* TIME and so many nanoseconds more. */
static bool add_nanoseconds(struct eg_time *time, int64_t nanoseconds) {
    nanoseconds += time->nanoseconds;
    int64_t seconds = nanoseconds / BILLION - (nanoseconds % BILLION < 0);
    time->nanoseconds = (int32_t)(nanoseconds - seconds * BILLION);
    return !__builtin_add_overflow(time->seconds, seconds, &time->seconds);
}

/* Adds one number with its unit: "1.5h". Of the fraction what is less than a nanosecond is cut off.
 */
static bool add_part(struct eg_str *text, struct eg_time *total) {
    int64_t whole = 0;
    int64_t fraction = 0;
    double scale = 1;
    int64_t digit = 0;
    size_t digits = 0;
    for (; take_digits(text, 1, &digit); digits++)
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, digit, &whole))
            return false;
    if (take(text, '.')) {
        for (; take_digits(text, 1, &digit); digits++) {
            if (fraction > INT64_MAX / 100)
                continue;
            fraction = fraction * 10 + digit;
            scale *= 10;
        }
    }
    int64_t unit = digits == 0 ? 0 : take_unit(text);
    if (unit == 0)
        return false;
    int64_t rest = (int64_t)((double)fraction * ((double)unit / scale));
    int64_t seconds = 0;
    if (unit < BILLION) {
        seconds = whole / (BILLION / unit);
        rest += whole % (BILLION / unit) * unit;
    } else if (__builtin_mul_overflow(whole, unit / BILLION, &seconds)) {
        return false;
    }
    return !__builtin_add_overflow(total->seconds, seconds, &total->seconds) &&
           add_nanoseconds(total, rest);
}

bool eg_cel_duration_parse(struct eg_str text, struct eg_time *ret) {
    bool minus = take(&text, '-');
    if (!minus)
        take(&text, '+');
    *ret = (struct eg_time){0};
    if (eg_str_is(text, "0"))
        return true;
    if (text.length == 0)
        return false;
    while (text.length > 0)
        if (!add_part(&text, ret))
            return false;
    if (minus) {
        ret->seconds = -ret->seconds - (ret->nanoseconds > 0);
        ret->nanoseconds = ret->nanoseconds > 0 ? BILLION - ret->nanoseconds : 0;
    }
    return eg_cel_duration_in_range(ret);
}

/* ---- calendar ---- */

/* civil_from_days, by the same author. */
struct eg_cel_calendar eg_cel_calendar_of(int64_t seconds) {
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    struct eg_cel_calendar c = {.of_day = seconds - days * 86400};
    c.of_week = ((days + 4) % 7 + 7) % 7;
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    c.day = of_year - (153 * month + 2) / 5 + 1;
    c.month = month < 10 ? month + 3 : month - 9;
    c.year = year + era * 400 + (c.month <= 2);
    c.of_year = days - eg_cel_days_of(c.year, 1, 1);
    return c;
}

/* ---- writing ---- */

/* ".5" with as many digits as it takes; nothing for 0. */
static struct eg_str fraction_text(struct eg_arena *arena, int32_t nanoseconds) {
    if (nanoseconds == 0)
        return EG_STR("");
    struct eg_str text = eg_str_format(arena, ".%09d", nanoseconds);
    while (text.data[text.length - 1] == '0')
        text.length--;
    return text;
}

struct eg_str eg_cel_timestamp_text(struct eg_arena *arena, const struct eg_time *time) {
    struct eg_cel_calendar c = eg_cel_calendar_of(time->seconds);
    struct eg_str fraction = fraction_text(arena, time->nanoseconds);
    return eg_str_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d%.*sZ", (int)c.year, (int)c.month,
                         (int)c.day, (int)(c.of_day / 3600), (int)(c.of_day / 60 % 60),
                         (int)(c.of_day % 60), EG_STR_ARGS(fraction));
}

struct eg_str eg_cel_duration_text(struct eg_arena *arena, const struct eg_time *time) {
    int64_t seconds = time->seconds;
    int32_t nanoseconds = time->nanoseconds;
    bool minus = seconds < 0;
    if (minus && nanoseconds > 0) {
        seconds++;
        nanoseconds = BILLION - nanoseconds;
    }
    uint64_t magnitude = minus ? 0 - (uint64_t)seconds : (uint64_t)seconds;
    struct eg_str fraction = fraction_text(arena, nanoseconds);
    return eg_str_format(arena, "%s%llu%.*ss", minus ? "-" : "", (unsigned long long)magnitude,
                         EG_STR_ARGS(fraction));
}

/* ---- arithmetic ---- */

/* The time between two timestamps is one that 64 bits of nanoseconds hold: 292 years either way. */
static bool is_counted_in_nanoseconds(const struct eg_time *time) {
    int64_t nanoseconds = 0;
    return !__builtin_mul_overflow(time->seconds, (int64_t)BILLION, &nanoseconds) &&
           !__builtin_add_overflow(nanoseconds, time->nanoseconds, &nanoseconds);
}

const struct eg_node *eg_cel_time_arithmetic(struct eg_cel_eval *eval, bool subtract,
                                             const struct eg_node *a, const struct eg_node *b) {
    bool points = a->kind == EG_TIMESTAMP && b->kind == EG_TIMESTAMP;
    if ((points && !subtract) || (subtract && a->kind == EG_DURATION && b->kind == EG_TIMESTAMP))
        return eg_cel_error(eval, "no such overload: %s %s %s",
                            a->kind == EG_TIMESTAMP ? "timestamp" : "duration",
                            subtract ? "-" : "+", "timestamp");
    /* Both are within ±10000 years of seconds: no overflow. */
    int64_t sign = subtract ? -1 : 1;
    struct eg_time time = {.seconds = a->as.time.seconds + sign * b->as.time.seconds};
    (void)add_nanoseconds(&time, a->as.time.nanoseconds + sign * b->as.time.nanoseconds);
    bool point = !points && (a->kind == EG_TIMESTAMP || b->kind == EG_TIMESTAMP);
    bool fits = point    ? eg_cel_timestamp_in_range(&time)
                : points ? is_counted_in_nanoseconds(&time)
                         : eg_cel_duration_in_range(&time);
    if (!fits)
        return eg_cel_error(eval, "%s out of range", point ? "timestamp" : "duration");
    struct eg_node *node = eg_node_new(eval->arena, point ? EG_TIMESTAMP : EG_DURATION, NULL);
    node->as.time = time;
    return node;
}
