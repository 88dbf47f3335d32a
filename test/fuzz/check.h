/* What holds for everything that a reader reads. */
#ifndef EG_FUZZ_CHECK_H
#define EG_FUZZ_CHECK_H

#include "read/read.h"

/* Stops the program unless: every place lies in the text, every string is UTF-8, the tree is no
 * deeper than the bound, and what is written of it as JSON reads back as the same. */
void eg_fuzz_check_document(struct eg_arena *arena, const struct eg_document *document);
/* Stops the program unless the error has a text and a place in the text. */
void eg_fuzz_check_error(const struct eg_error *error);

#endif
