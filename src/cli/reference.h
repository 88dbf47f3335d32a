/* The reference of what rules are written with: the functions of the language, the kinds and fields
 * of the model. */
#ifndef EG_CLI_REFERENCE_H
#define EG_CLI_REFERENCE_H

#include "base/buf.h"
#include "node/type.h"

/* Appends it as Markdown (docs/reference.md). ARENA is for what is made on the way. */
void eg_reference_markdown(struct eg_buf *out, struct eg_arena *arena,
                           const struct eg_schema *schema);

#endif
