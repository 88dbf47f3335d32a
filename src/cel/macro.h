/* Macros: calls that bind names, made into nodes of their own while parsing. Private to src/cel. */
#ifndef EG_CEL_MACRO_H
#define EG_CEL_MACRO_H

#include "cel/expr.h"

/* If CALL is one of a macro (by name, receiver and number of arguments), turns it into EG_CEL_MACRO
 * or EG_CEL_HAS; else leaves it alone. False with *FAULT if a macro is written wrongly. */
EG_MUST_USE bool eg_cel_expand_macro(struct eg_arena *arena, struct eg_cel_expr *call,
                                     struct eg_cel_fault *fault);

/* The same for cel.block and what goes with it; CALL has a receiver. */
EG_MUST_USE bool eg_cel_expand_block(struct eg_arena *arena, struct eg_cel_expr *call,
                                     struct eg_cel_fault *fault);

/* How the macros are written, for "did you mean" and the reference page: NULL behind the last. */
struct eg_cel_macro_form {
    const char *name;
    const char *signature;
    const char *doc;
    uint8_t macro;     /* enum eg_cel_macro */
    uint8_t names;     /* how many it binds */
    uint8_t bodies[2]; /* least and greatest number of expressions behind the names */
};
extern const struct eg_cel_macro_form eg_cel_macro_forms[];

#endif
