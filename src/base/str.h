/* Text as pointer and length: may hold any byte, is not terminated, is never changed. */
#ifndef EG_BASE_STR_H
#define EG_BASE_STR_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct eg_str {
    const char *data;
    size_t length;
};

/* A literal as text: EG_STR("Ref"). */
#define EG_STR(literal) ((struct eg_str){"" literal, sizeof(literal) - 1})
/* The same for initializers of static objects. */
#define EG_STR_INIT(literal)                                                                       \
    { "" literal, sizeof(literal) - 1 }
/* The two arguments for "%.*s". */
#define EG_STR_ARGS(text) (int)(text).length, (text).data

/* The next three are here for their speed: of a literal the compiler knows the length, and texts
 * that differ mostly do so in theirs. */

/* The text of a terminated string; the empty text for NULL. */
static inline struct eg_str eg_str_from(const char *terminated) {
    return terminated == NULL ? EG_STR("") : (struct eg_str){terminated, strlen(terminated)};
}

static inline bool eg_str_equal(struct eg_str a, struct eg_str b) {
    if (a.length != b.length)
        return false;
    return a.length == 0 || (a.data[0] == b.data[0] && memcmp(a.data, b.data, a.length) == 0);
}
/* Equal to a terminated string? */
static inline bool eg_str_is(struct eg_str a, const char *terminated) {
    return eg_str_equal(a, eg_str_from(terminated));
}
/* Equal without regard to the case of ASCII letters? */
bool eg_str_equal_nocase(struct eg_str a, struct eg_str b);
/* Byte order: less than, equal to, or greater than 0. */
int eg_str_compare(struct eg_str a, struct eg_str b);

bool eg_str_starts_with(struct eg_str text, struct eg_str start);
bool eg_str_ends_with(struct eg_str text, struct eg_str end);
/* Offset of the first PART at or behind FROM, or SIZE_MAX. The empty part is found at FROM. */
size_t eg_str_find(struct eg_str text, struct eg_str part, size_t from);
/* Offset of the last C, or SIZE_MAX. */
size_t eg_str_find_last(struct eg_str text, char c);
bool eg_str_contains(struct eg_str text, struct eg_str part);

/* COUNT bytes from START; both are cut to what is there. */
struct eg_str eg_str_slice(struct eg_str text, size_t start, size_t count);
/* Everything from START on. */
struct eg_str eg_str_from_offset(struct eg_str text, size_t start);
/* Without ASCII white space at both ends. */
struct eg_str eg_str_trim(struct eg_str text);

/* The same for the same bytes, in this run; in another one another, so that nobody can write an
 * input whose keys fall together. No output may hang on it. */
uint32_t eg_str_hash(struct eg_str text);
/* The same for the same bytes in every run: whether a text is still the one that was seen before.
 */
uint32_t eg_str_checksum(struct eg_str text);

/* A copy in ARENA, terminated (the terminator is not counted). */
struct eg_str eg_str_copy(struct eg_arena *arena, struct eg_str text);
struct eg_str eg_str_concat(struct eg_arena *arena, struct eg_str a, struct eg_str b);
/* As printf, in ARENA, terminated. */
struct eg_str eg_str_format(struct eg_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Reads all of TEXT as a decimal integer with optional sign; false if it is not one or overflows.
 */
bool eg_str_to_int(struct eg_str text, int64_t *ret_value);

/* How many single-character edits turn A into B, or LIMIT + 1 if more than LIMIT: for "did you
 * mean". Case differences count as one half edit rounded up. */
unsigned eg_str_distance(struct eg_str a, struct eg_str b, unsigned limit);

#endif
