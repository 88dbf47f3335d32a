/* Time zones: fixed offsets, and those of the tz database by name. Private to src/cel. */
#ifndef EG_CEL_ZONE_H
#define EG_CEL_ZONE_H

#include "base/str.h"

struct eg_cel_zone {
    int64_t offset;      /* seconds east of Greenwich */
    struct eg_str rules; /* of a zone by name: what to compute the offset from; else empty */
};

/* "UTC", "+02:00", "-02:30", "02:00", "Europe/Berlin". False for anything else. */
bool eg_cel_zone_find(struct eg_str name, struct eg_cel_zone *ret);
/* The name that NAME may be meant to be, or the empty text. */
struct eg_str eg_cel_zone_nearest(struct eg_str name);
/* The zone's offset at that time, given in seconds since 1970 in UTC. */
int64_t eg_cel_zone_offset(const struct eg_cel_zone *zone, int64_t seconds);

#endif
