/* Regular expressions in RE2's syntax, matched in linear time. Private to src/cel. */
#ifndef EG_CEL_REGEX_H
#define EG_CEL_REGEX_H

#include "cel/eval.h"

struct eg_cel_regex;

/* Compiles PATTERN into ARENA; never changed afterwards. NULL: *RET_MESSAGE says what is wrong. */
const struct eg_cel_regex *eg_cel_regex_compile(struct eg_arena *arena, struct eg_str pattern,
                                                struct eg_str *ret_message);

/* Does it match a part of TEXT? A bool or an error. */
const struct eg_node *eg_cel_regex_match(struct eg_cel_eval *eval, const struct eg_cel_regex *regex,
                                         struct eg_str text);

#endif
