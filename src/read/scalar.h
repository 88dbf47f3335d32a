/* What a plain scalar of YAML means. */
#ifndef EG_READ_SCALAR_H
#define EG_READ_SCALAR_H

#include "node/node.h"

/* Fills NODE (whose place is kept) with what TEXT means when it is written without quotes: null, a
 * boolean, an integer, a float as YAML 1.1 has them, else a string with EG_FLAG_PLAIN. TEXT must
 * live as long as ARENA. What stays text though YAML 1.1 has a type for it is listed in scalar.c.
 */
void eg_scalar_resolve(struct eg_arena *arena, struct eg_str text, struct eg_node *node);

#endif
