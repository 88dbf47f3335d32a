/* A source: one text that nodes point into, and the way from an offset to a line and a column. */
#ifndef EG_NODE_SOURCE_H
#define EG_NODE_SOURCE_H

#include "base/str.h"

struct eg_source {
    struct eg_str name; /* as the user knows it: the path, "<stdin>" */
    struct eg_str text; /* all of it, byte order mark included */
    struct eg_arena *arena;
    uint32_t *line_starts; /* offsets, made when the first place is asked for */
    uint32_t line_count;
    uint32_t last_offset, last_column; /* the place asked for last: a long line is counted once */
    /* Of policies, and of values given in files of their own: what all inputs are judged with. No
     * finding points into it, so no thread asks it for places. */
    bool shared;
};

/* A place a person can go to. Line and column count from 1, the column in characters (code points);
 * line 0: no place inside the file. */
struct eg_place {
    struct eg_str file;
    uint32_t line;
    uint32_t column;
};

/* A place as the three arguments of eg_error_set. */
#define EG_AT(place) (place).file, (place).line, (place).column

/* A source in ARENA; NAME and TEXT are not copied. */
struct eg_source *eg_source_new(struct eg_arena *arena, struct eg_str name, struct eg_str text);

/* Line and column of a byte offset. The first call for a source makes its index of lines, so a
 * source belongs to one thread at a time. SOURCE may be NULL: a place without file and line. */
struct eg_place eg_source_place(struct eg_source *source, uint32_t offset);

/* The text of a line (from 1) without its end; empty if there is no such line. */
struct eg_str eg_source_line(struct eg_source *source, uint32_t line);

#endif
