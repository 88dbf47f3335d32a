/* Timestamps and durations: text, arithmetic, calendar. Private to src/cel. */
#ifndef EG_CEL_TIME_H
#define EG_CEL_TIME_H

#include "cel/eval.h"

/* "2009-02-13T23:31:30.5Z" or with an offset, RFC 3339. */
bool eg_cel_timestamp_parse(struct eg_str text, struct eg_time *ret);
/* "1h30m", "-1.5s", "100ms", "0": as Go's time.ParseDuration. False too if out of range. */
bool eg_cel_duration_parse(struct eg_str text, struct eg_time *ret);
/* From year 1 to 9999. */
bool eg_cel_timestamp_in_range(const struct eg_time *time);
/* As google.protobuf.Duration has it: 10,000 years either way. */
bool eg_cel_duration_in_range(const struct eg_time *time);

/* A date and time of day. */
struct eg_cel_calendar {
    int64_t year;
    int64_t month;   /* from 1 */
    int64_t day;     /* from 1 */
    int64_t of_week; /* from 0, Sunday */
    int64_t of_year; /* from 0 */
    int64_t of_day;  /* seconds */
};
/* Of seconds since 1970, in UTC. */
struct eg_cel_calendar eg_cel_calendar_of(int64_t seconds);
/* Days since 1970-01-01 of a date in the Gregorian calendar; MONTH and DAY from 1. */
int64_t eg_cel_days_of(int64_t year, int64_t month, int64_t day);
/* "UTC", "Z", "+02:00", "-02:30", "02:00": seconds east of Greenwich. False for anything else. */
bool eg_cel_offset_parse(struct eg_str text, int64_t *ret_seconds);

struct eg_str eg_cel_timestamp_text(struct eg_arena *arena, const struct eg_time *time);
struct eg_str eg_cel_duration_text(struct eg_arena *arena, const struct eg_time *time);

const struct eg_node *eg_cel_time_arithmetic(struct eg_cel_eval *eval, bool subtract,
                                             const struct eg_node *a, const struct eg_node *b);

#endif
