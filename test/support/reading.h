/* Reading texts in tests. */
#ifndef EG_TEST_READING_H
#define EG_TEST_READING_H

#include "read/read.h"

/* The document as JSON in one line, or "LINE:COLUMN: error". In ARENA. */
const char *eg_test_read(struct eg_arena *arena, enum eg_syntax syntax, struct eg_str text,
                         struct eg_document *ret_document);
/* NODE as JSON in one line. In ARENA. */
const char *eg_test_json(struct eg_arena *arena, const struct eg_node *node);

#endif
