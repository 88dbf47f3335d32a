/* Errors: returned, located, the first one wins.
 *
 * A function that can fail returns false and fills the caller's struct eg_error, once: a later
 * failure leaves the first in place. Its ret_ outputs are then untouched. Nothing below src/cli
 * prints or exits. Texts begin in lower case, have no full stop, and say what was found and what
 * was expected.
 */
#ifndef EG_BASE_ERROR_H
#define EG_BASE_ERROR_H

#include "base/str.h"

#define EG_MUST_USE __attribute__((warn_unused_result))

/* What went wrong, as far as the exit status is concerned. */
enum eg_error_code {
    EG_ERROR_NONE,
    EG_ERROR_INPUT,  /* an input can't be read or is not valid: exit status 3 */
    EG_ERROR_USAGE,  /* command line, configuration or policy: exit status 2 */
    EG_ERROR_SYSTEM, /* a full disk, a closed pipe, a failed call: exit status 4 */
};

struct eg_error {
    enum eg_error_code code;
    uint32_t line;   /* from 1; 0: the error is about the file as a whole */
    uint32_t column; /* from 1, in characters */
    char file[512];  /* may be empty; a longer name keeps its end */
    char text[1024];
};

/* Fills ERROR unless it already holds one, and returns false, so that a caller can
 * `return eg_error_set(...)`. FILE may be empty. */
bool eg_error_set(struct eg_error *error, enum eg_error_code code, struct eg_str file,
                  uint32_t line, uint32_t column, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

#endif
