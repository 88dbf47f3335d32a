/* Text kept until the end of a run, for outputs whose head needs what only the end knows. It grows
 * in an arena by blocks: nothing is copied twice, nothing needs freeing. */
#ifndef EG_REPORT_SPOOL_H
#define EG_REPORT_SPOOL_H

#include "base/buf.h"

struct eg_spool_block;

struct eg_spool {
    struct eg_arena *arena;
    struct eg_spool_block *first, *last;
};

void eg_spool_begin(struct eg_spool *spool, struct eg_arena *arena);
/* Keeps TEXT. */
void eg_spool_add(struct eg_spool *spool, struct eg_str text);
/* Appends all of it to OUT. */
void eg_spool_write(const struct eg_spool *spool, struct eg_buf *out);

#endif
