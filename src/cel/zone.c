/* Time zones; see zone.h. Called by the time functions.
 *
 * The program carries the tz database, so the same input gives the same result on every machine:
 * zones.txt, written by tools/zones/make.py. It is searched as it stands, nothing is unpacked. A
 * line holds a zone, sorted by name:
 *
 *   US/Central =America/Chicago                      the same as another one
 *   NAME 20476,19800,20700 -1577943676:1fovsay32 20700
 *
 * that is, the offsets that it ever had, the first one before all transitions; the first transition
 * in seconds since 1970; then for each transition the number of its offset, and the distance to the
 * next one. A number is written five bits a character, the least first; a character of the second
 * half of the alphabet has another one behind it. A distance's lowest bit tells its unit, seconds
 * or quarters of an hour. At last the rule for the time behind all transitions: one offset, or
 *
 *   -18000 -14400 3.2.0.7200 11.1.0.7200
 *
 * winter's and summer's, and when summer and winter begin: month, week (5: the last), day from
 * Sunday on, and the second of that day, by the clock as it is before.
 */
#include "cel/zone.h"

#include "base/embedded.h"
#include "cel/time.h"

enum {
    LONGEST_NAME = 64,
    MOST_OFFSETS = 32,
    QUARTER = 900,
    DAY = 86400,
};

/* ---- the table ---- */

static struct eg_str table(void) {
    return eg_embedded_find("src/cel/zones.txt");
}

/* The line that begins at or before OFFSET. */
static struct eg_str line_around(struct eg_str text, size_t offset) {
    size_t start = offset;
    while (start > 0 && text.data[start - 1] != '\n')
        start--;
    size_t end = eg_str_find(text, EG_STR("\n"), start);
    return eg_str_slice(text, start, (end == SIZE_MAX ? text.length : end) - start);
}

static struct eg_str name_of(struct eg_str line) {
    return eg_str_slice(line, 0, eg_str_find(line, EG_STR(" "), 0));
}

/* What stands behind the name; empty if there is no such zone. */
static struct eg_str find_line(struct eg_str name) {
    struct eg_str text = table();
    size_t low = 0, high = text.length;
    while (low < high) {
        struct eg_str line = line_around(text, low + (high - low) / 2);
        struct eg_str found = name_of(line);
        int order = eg_str_compare(name, found);
        if (order == 0)
            return eg_str_from_offset(line, found.length + 1);
        size_t start = (size_t)(line.data - text.data);
        if (order < 0)
            high = start;
        else
            low = start + line.length + 1;
    }
    return EG_STR("");
}

bool eg_cel_zone_find(struct eg_str name, struct eg_cel_zone *ret) {
    *ret = (struct eg_cel_zone){0};
    if (eg_cel_offset_parse(name, &ret->offset))
        return true;
    bool plain = name.length > 0 && name.length <= LONGEST_NAME && name.data[0] >= 'A';
    if (plain)
        ret->rules = find_line(name);
    if (eg_str_starts_with(ret->rules, EG_STR("=")))
        ret->rules = find_line(eg_str_from_offset(ret->rules, 1));
    return ret->rules.length > 0;
}

/* Berlin for Europe/Berlin; otherwise the one with the fewest letters changed. */
struct eg_str eg_cel_zone_nearest(struct eg_str name) {
    enum { FARTHEST = 3 };
    struct eg_str text = table();
    struct eg_str nearest = EG_STR("");
    unsigned smallest = FARTHEST + 1;
    if (name.length == 0 || name.length > LONGEST_NAME)
        return nearest;
    for (size_t start = 0; start < text.length;) {
        struct eg_str line = line_around(text, start);
        struct eg_str candidate = name_of(line);
        size_t slash = eg_str_find_last(candidate, '/');
        bool city = slash != SIZE_MAX &&
                    eg_str_equal_nocase(eg_str_from_offset(candidate, slash + 1), name);
        unsigned distance = city ? 0 : eg_str_distance(name, candidate, FARTHEST);
        if (distance < smallest && distance < candidate.length) {
            smallest = distance;
            nearest = candidate;
        }
        start += line.length + 1;
    }
    return nearest;
}

/* ---- reading a line ---- */

/* Takes a decimal number and the character behind it. */
static int64_t take_decimal(struct eg_str *text) {
    size_t length = 0;
    while (length < text->length &&
           (text->data[length] == '-' || (text->data[length] >= '0' && text->data[length] <= '9')))
        length++;
    int64_t number = 0;
    (void)eg_str_to_int(eg_str_slice(*text, 0, length), &number);
    *text = eg_str_from_offset(*text, length + 1);
    return number;
}

static int digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 36;
    return c == '-' ? 62 : 63;
}

static int64_t take_number(struct eg_str *text) {
    int64_t number = 0;
    int digit = 32;
    for (int shift = 0; digit >= 32 && text->length > 0 && shift < 60; shift += 5) {
        digit = digit_of(text->data[0]);
        number |= (int64_t)(digit % 32) << shift;
        *text = eg_str_from_offset(*text, 1);
    }
    return number;
}

static bool is_at(struct eg_str text, char c) {
    return text.length > 0 && text.data[0] == c;
}

/* ---- the rule ---- */

/* When a season begins in that year, by the clock. */
static int64_t take_begin(struct eg_str *text, int64_t year) {
    int64_t month = take_decimal(text);
    int64_t week = take_decimal(text);
    int64_t of_week = take_decimal(text);
    int64_t second = take_decimal(text);
    int64_t first = eg_cel_days_of(year, month, 1);
    int64_t next = eg_cel_days_of(year, month + 1, 1); /* no rule is of December */
    int64_t day = first + ((of_week - first - 4) % 7 + 7) % 7 + (week - 1) * 7;
    return (day < next ? day : day - 7) * DAY + second;
}

static int64_t offset_by_rule(struct eg_str rule, int64_t seconds) {
    int64_t winter = take_decimal(&rule);
    if (rule.length == 0)
        return winter;
    int64_t summer = take_decimal(&rule);
    int64_t year = eg_cel_calendar_of(seconds).year;
    int64_t summer_begin = take_begin(&rule, year) - winter;
    int64_t winter_begin = take_begin(&rule, year) - summer;
    bool is_summer = summer_begin < winter_begin
                         ? seconds >= summer_begin && seconds < winter_begin
                         : seconds >= summer_begin || seconds < winter_begin;
    return is_summer ? summer : winter;
}

int64_t eg_cel_zone_offset(const struct eg_cel_zone *zone, int64_t seconds) {
    if (zone->rules.length == 0)
        return zone->offset;
    struct eg_str text = zone->rules;
    int64_t offsets[MOST_OFFSETS] = {0};
    for (int i = 0; i < MOST_OFFSETS; i++) {
        offsets[i] = take_decimal(&text);
        if (text.data[-1] != ',')
            break;
    }
    if (is_at(text, '-') && eg_str_starts_with(text, EG_STR("- "))) /* no transitions */
        return offset_by_rule(eg_str_from_offset(text, 2), seconds);
    int64_t offset = offsets[0];
    int64_t moment = take_decimal(&text);
    while (seconds >= moment) {
        offset = offsets[take_number(&text) % MOST_OFFSETS];
        if (text.length == 0 || is_at(text, ' '))
            return offset_by_rule(eg_str_from_offset(text, 1), seconds);
        int64_t distance = take_number(&text);
        moment += distance / 2 * (distance % 2 == 0 ? QUARTER : 1);
    }
    return offset;
}
