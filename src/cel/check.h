/* The checker's inside: what check.c (names, fields, operators, literals) and check_call.c (macros
 * and calls) share. Private to src/cel.
 */
#ifndef EG_CEL_CHECK_H
#define EG_CEL_CHECK_H

#include "cel/expr.h"
#include "cel/lexer.h"

struct eg_cel_checker {
    struct eg_arena *arena;
    const struct eg_cel_env *env;
    struct eg_cel_signatures *signatures; /* the environment's, or made at the first call */
    struct eg_str text;
    struct eg_cel_fault *fault;
    struct {
        struct eg_str name;
        const struct eg_cel_type *type;
    } locals[EG_CEL_LOCAL_LIMIT];
    uint32_t local_count;
};

/* Resolves EXPR and what is in it, and gives it its type; NULL: checker->fault says what is wrong.
 */
const struct eg_cel_type *eg_cel_check_expr(struct eg_cel_checker *checker,
                                            struct eg_cel_expr *expr);
const struct eg_cel_type *eg_cel_check_macro(struct eg_cel_checker *checker,
                                             struct eg_cel_expr *expr);
const struct eg_cel_type *eg_cel_check_call(struct eg_cel_checker *checker,
                                            struct eg_cel_expr *expr);
/* Is the TYPE of EXPR, an operand of WHAT with BEHIND at its end, bool, or may be? */
bool eg_cel_check_bool(struct eg_cel_checker *checker, const struct eg_cel_expr *expr,
                       const struct eg_cel_type *type, struct eg_str what, const char *behind);

/* What is wrong with EXPR is in checker->fault: NULL; unchecked, it becomes an error when it runs.
 */
const struct eg_cel_type *eg_cel_refuse(struct eg_cel_checker *checker, struct eg_cel_expr *expr);

/* A type that doesn't fit, with a fault as of eg_cel_fault_set: false; unchecked, evaluating will
 * tell: true. */
#define EG_CEL_MISMATCH(checker, ...)                                                              \
    ((checker)->env->unchecked || eg_cel_fault_set((checker)->fault, __VA_ARGS__))

/* "; did you mean 'x'?", or nothing for the empty text. */
const char *eg_cel_did_you_mean(struct eg_cel_checker *checker, struct eg_str nearest);

/* The number of the variable of that name, or -1. */
int eg_cel_find_variable(const struct eg_cel_checker *checker, struct eg_str name);
/* a.b.c as one name: false if it isn't one, or its first part is a local. *RET_ROOT: it is written
 * .a.b.c, so the container plays no part. */
bool eg_cel_qualified_name(struct eg_cel_checker *checker, const struct eg_cel_expr *expr,
                           struct eg_str *ret_name, bool *ret_root);

#endif
