/* Functions on timestamps and durations (langdef.md, "Timestamps and durations"). */
#include "cel/function.h"
#include "cel/time.h"
#include "cel/zone.h"

static const struct eg_node *make_time(const struct eg_cel_call *call, enum eg_kind kind,
                                       struct eg_time time) {
    struct eg_node *node = eg_node_new(call->eval->arena, kind, NULL);
    node->as.time = time;
    return node;
}

static const struct eg_node *not_a(const struct eg_cel_call *call, const char *what) {
    struct eg_str text =
        eg_cel_show(call->eval->arena, call->eval->scenario, call->arguments[0], 60);
    return eg_cel_error(call->eval, "%.*s is no %s, or out of range", EG_STR_ARGS(text), what);
}

static const struct eg_node *same(const struct eg_cel_call *call) {
    return call->arguments[0];
}

static const struct eg_node *timestamp_from_string(const struct eg_cel_call *call) {
    struct eg_time time = {0};
    if (!eg_cel_timestamp_parse(call->arguments[0]->as.text, &time))
        return not_a(call, "timestamp (RFC 3339)");
    return make_time(call, EG_TIMESTAMP, time);
}

static const struct eg_node *timestamp_from_int(const struct eg_cel_call *call) {
    struct eg_time time = {.seconds = call->arguments[0]->as.integer};
    if (!eg_cel_timestamp_in_range(&time))
        return not_a(call, "timestamp");
    return make_time(call, EG_TIMESTAMP, time);
}

static const struct eg_node *duration_from_string(const struct eg_cel_call *call) {
    struct eg_time time = {0};
    if (!eg_cel_duration_parse(call->arguments[0]->as.text, &time))
        return not_a(call, "duration ('1h30m', '1.5s')");
    return make_time(call, EG_DURATION, time);
}

/* ---- parts of a timestamp ---- */

enum part {
    FULL_YEAR,
    MONTH,
    DATE,
    DAY_OF_MONTH,
    DAY_OF_WEEK,
    DAY_OF_YEAR,
    HOURS,
    MINUTES,
    SECONDS,
    MILLISECONDS,
};

static int64_t part_of(const struct eg_time *time, int64_t offset, enum part part) {
    struct eg_cel_calendar c = eg_cel_calendar_of(time->seconds + offset);
    switch (part) {
    case FULL_YEAR:
        return c.year;
    case MONTH:
        return c.month - 1;
    case DATE:
        return c.day;
    case DAY_OF_MONTH:
        return c.day - 1;
    case DAY_OF_WEEK:
        return c.of_week;
    case DAY_OF_YEAR:
        return c.of_year;
    case HOURS:
        return c.of_day / 3600;
    case MINUTES:
        return c.of_day / 60 % 60;
    case SECONDS:
        return c.of_day % 60;
    case MILLISECONDS:
        break;
    }
    return time->nanoseconds / 1000000;
}

static struct eg_str unknown_zone(struct eg_arena *arena, struct eg_str name) {
    struct eg_str nearest = eg_cel_zone_nearest(name);
    if (nearest.length > 0)
        return eg_str_format(arena, "unknown time zone '%.*s'; did you mean '%.*s'?",
                             EG_STR_ARGS(eg_str_slice(name, 0, 60)), EG_STR_ARGS(nearest));
    return eg_str_format(
        arena,
        "unknown time zone '%.*s'; give 'UTC', an offset as '+02:00', or a name of "
        "the tz database as 'Europe/Berlin'",
        EG_STR_ARGS(eg_str_slice(name, 0, 60)));
}

static const void *prepare_zone(struct eg_arena *arena, const struct eg_node *const *arguments,
                                uint32_t count, struct eg_str *ret_message) {
    (void)count;
    if (arguments[1] == NULL || arguments[1]->kind != EG_STRING)
        return NULL;
    struct eg_cel_zone *zone = EG_NEW(arena, struct eg_cel_zone);
    if (eg_cel_zone_find(arguments[1]->as.text, zone))
        return zone;
    *ret_message = unknown_zone(arena, arguments[1]->as.text);
    return NULL;
}

static const struct eg_node *get_part(const struct eg_cel_call *call, enum part part) {
    struct eg_cel_zone utc = {0}, found;
    const struct eg_cel_zone *zone = call->count == 2 ? call->prepared : &utc;
    if (zone == NULL) {
        struct eg_str name = call->arguments[1]->as.text;
        zone = &found;
        if (!eg_cel_zone_find(name, &found))
            return eg_cel_error(call->eval, "%.*s",
                                EG_STR_ARGS(unknown_zone(call->eval->arena, name)));
    }
    const struct eg_time *time = &call->arguments[0]->as.time;
    eg_cel_spend(call->eval, zone->rules.length / 64);
    return eg_cel_int(call->eval, part_of(time, eg_cel_zone_offset(zone, time->seconds), part));
}

static const struct eg_node *full_year(const struct eg_cel_call *call) {
    return get_part(call, FULL_YEAR);
}
static const struct eg_node *month(const struct eg_cel_call *call) {
    return get_part(call, MONTH);
}
static const struct eg_node *date(const struct eg_cel_call *call) {
    return get_part(call, DATE);
}
static const struct eg_node *day_of_month(const struct eg_cel_call *call) {
    return get_part(call, DAY_OF_MONTH);
}
static const struct eg_node *day_of_week(const struct eg_cel_call *call) {
    return get_part(call, DAY_OF_WEEK);
}
static const struct eg_node *day_of_year(const struct eg_cel_call *call) {
    return get_part(call, DAY_OF_YEAR);
}
static const struct eg_node *hours(const struct eg_cel_call *call) {
    return get_part(call, HOURS);
}
static const struct eg_node *minutes(const struct eg_cel_call *call) {
    return get_part(call, MINUTES);
}
static const struct eg_node *seconds(const struct eg_cel_call *call) {
    return get_part(call, SECONDS);
}
static const struct eg_node *milliseconds(const struct eg_cel_call *call) {
    return get_part(call, MILLISECONDS);
}

/* ---- durations in units: the whole of it, towards zero ---- */

static int64_t whole_seconds(const struct eg_time *time) {
    return time->seconds < 0 && time->nanoseconds > 0 ? time->seconds + 1 : time->seconds;
}

static const struct eg_node *in_hours(const struct eg_cel_call *call) {
    return eg_cel_int(call->eval, whole_seconds(&call->arguments[0]->as.time) / 3600);
}

static const struct eg_node *in_minutes(const struct eg_cel_call *call) {
    return eg_cel_int(call->eval, whole_seconds(&call->arguments[0]->as.time) / 60);
}

static const struct eg_node *in_seconds(const struct eg_cel_call *call) {
    return eg_cel_int(call->eval, whole_seconds(&call->arguments[0]->as.time));
}

/* Only the part below a second. */
static const struct eg_node *millisecond_part(const struct eg_cel_call *call) {
    const struct eg_time *time = &call->arguments[0]->as.time;
    int64_t nanoseconds = time->nanoseconds;
    if (time->seconds < 0 && nanoseconds > 0)
        nanoseconds -= 1000000000;
    return eg_cel_int(call->eval, nanoseconds / 1000000);
}

#define PART(name, implementation, text)                                                           \
    {"timestamp." name "() -> int", text ", in UTC", implementation, false, NULL}, {               \
        "timestamp." name "(string) -> int",                                                       \
            text ", in a time zone: 'UTC', '+02:00', 'Europe/Berlin'", implementation, false,      \
            prepare_zone                                                                           \
    }

static const struct eg_cel_function functions[] = {
    {"timestamp(timestamp) -> timestamp", "itself", same, false, NULL},
    {"timestamp(string) -> timestamp", "a time as RFC 3339 has it: '2024-05-01T00:00:00Z'",
     timestamp_from_string, false, NULL},
    {"timestamp(int) -> timestamp", "seconds since 1970", timestamp_from_int, false, NULL},
    {"duration(duration) -> duration", "itself", same, false, NULL},
    {"duration(string) -> duration", "a time span: '1h30m', '1.5s', '100ms'", duration_from_string,
     false, NULL},
    PART("getFullYear", full_year, "the year"),
    PART("getMonth", month, "the month, from 0"),
    PART("getDate", date, "the day of the month, from 1"),
    PART("getDayOfMonth", day_of_month, "the day of the month, from 0"),
    PART("getDayOfWeek", day_of_week, "the day of the week, from 0, Sunday"),
    PART("getDayOfYear", day_of_year, "the day of the year, from 0"),
    PART("getHours", hours, "the hour"),
    PART("getMinutes", minutes, "the minute"),
    PART("getSeconds", seconds, "the second"),
    PART("getMilliseconds", milliseconds, "the millisecond"),
    {"duration.getHours() -> int", "all of it in hours", in_hours, false, NULL},
    {"duration.getMinutes() -> int", "all of it in minutes", in_minutes, false, NULL},
    {"duration.getSeconds() -> int", "all of it in seconds", in_seconds, false, NULL},
    {"duration.getMilliseconds() -> int", "the milliseconds behind the whole seconds",
     millisecond_part, false, NULL},
    {0},
};

const struct eg_cel_group eg_cel_times = {"time", functions};
