/* Doubles as text. Private to src/cel. */
#ifndef EG_CEL_NUMBER_H
#define EG_CEL_NUMBER_H

#include "base/str.h"

/* The shortest text that reads as the same double: "1.5", "NaN", "-Infinity"; with an exponent, as
 * "1e+06", if that is below LEAST or above MOST. */
struct eg_str eg_cel_double_text(struct eg_arena *arena, double value, int least, int most);
/* Bounds for people: what lies outside has rather many zeros. */
enum { EG_CEL_DOUBLE_LEAST = -4, EG_CEL_DOUBLE_MOST = 20 };
/* A decimal number, "NaN", "Infinity", "inf" with an optional sign; all of TEXT. */
bool eg_cel_double_parse(struct eg_arena *arena, struct eg_str text, double *ret);

#endif
