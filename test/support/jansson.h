/* jansson as the oracle of the JSON reader. */
#ifndef EG_TEST_JANSSON_H
#define EG_TEST_JANSSON_H

#include "base/str.h"

/* Do both refuse TEXT, or read the same from it? Where jansson is known to differ (it takes no byte
 * order mark, no integer beyond 64 bits and no NUL in a key; it takes deeper nesting, and a raw NUL
 * behind a number), true. */
bool eg_test_agrees(struct eg_str text);

#endif
