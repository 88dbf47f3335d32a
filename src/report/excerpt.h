/* Lines of source that a result points to or rests on, as they may be shown: cut to a width, tabs
 * as spaces, and without secrets. */
#ifndef EG_REPORT_EXCERPT_H
#define EG_REPORT_EXCERPT_H

#include "report/report.h"

struct eg_excerpt {
    struct eg_str file;
    uint32_t line;      /* 0: there is nothing to show */
    struct eg_str text; /* in the arena; still to be escaped for the output */
    size_t mark;        /* offset in text of what is pointed at */
    size_t mark_length; /* in bytes, at least 1 unless the text ends there */
};

/* The excerpt for RESULT's place, at most WIDTH characters wide, in ARENA.
 *
 * If one of the result's evidences is a secret, all that stands behind the line's key is hidden. In
 * every other line literal values are hidden that a key or a variable's name calls a secret
 * (password, token, private key …), passwords in addresses, and texts with the form of well-known
 * access tokens: the line around a finding is evidence, not a leak. A line that opens an object or
 * a list is continued by those below it. */
struct eg_excerpt eg_excerpt_of(struct eg_arena *arena, const struct eg_result *result,
                                size_t width);

/* The lines that RESULT rests on, at most six, in the order of file and line: its own place, those
 * of its evidence, and where the object is named. A pass shows its own place, the object's
 * beginning, only where nothing of its evidence stands in a source. In *RET, in ARENA; returns how
 * many. */
uint32_t eg_excerpts_of(struct eg_arena *arena, const struct eg_result *result, size_t width,
                        struct eg_excerpt **ret);

/* The column behind what RESULT's place points at, in characters from 1; 0 where it is not known.
 */
uint32_t eg_excerpt_end_column(const struct eg_result *result);

/* LINE without secrets as described, in ARENA. NEIGHBOUR is the line beside it that may name what
 * its `Value` holds (empty: none). */
struct eg_str eg_excerpt_hide(struct eg_arena *arena, struct eg_str line, struct eg_str neighbour);

/* Is it evidence whose value must not be shown? */
bool eg_excerpt_is_secret(const struct eg_evidence *evidence);

#endif
