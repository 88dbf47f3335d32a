/* Doubles as text. Private to src/cel. */
#ifndef EG_CEL_NUMBER_H
#define EG_CEL_NUMBER_H

#include "base/str.h"

/* The shortest text that reads as the same double: "1.5", "1e+06", "NaN", "-Infinity". */
struct eg_str eg_cel_double_text(struct eg_arena *arena, double value);
/* A decimal number, "NaN", "Infinity", "inf" with an optional sign; all of TEXT. */
bool eg_cel_double_parse(struct eg_arena *arena, struct eg_str text, double *ret);

#endif
