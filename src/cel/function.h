/* Functions of the language: one table for each group, one entry for each overload.
 *
 * To add a function, add an entry to a table (functions_strings.c and its like). The signature is
 * all that the checker and the evaluator know of it: `string.indexOf(string, int) -> int` is called
 * on a string, `math.abs(N) -> N` is called by its whole name. A capital letter is any type, the
 * same wherever it stands; N is any number; `...` behind the last parameter: one or more of it.
 * Private to src/cel.
 */
#ifndef EG_CEL_FUNCTION_H
#define EG_CEL_FUNCTION_H

#include "cel/eval.h"

/* One call: its arguments are forced, of the kinds that the signature wants, and known unless the
 * function is open. The receiver is the first. */
struct eg_cel_call {
    struct eg_cel_eval *eval;
    const struct eg_node *const *arguments;
    uint32_t count;
    const void *prepared;
};

typedef const struct eg_node *eg_cel_implementation(const struct eg_cel_call *call);

/* Makes of constant arguments, once, what the implementation would make at every call. NULL with
 * *RET_MESSAGE: they are wrong. ARGUMENTS are NULL where they aren't constant. */
typedef const void *eg_cel_preparation(struct eg_arena *arena,
                                       const struct eg_node *const *arguments, uint32_t count,
                                       struct eg_str *ret_message);

struct eg_cel_function {
    const char *signature;
    const char *doc;
    eg_cel_implementation *call;
    bool open; /* gets unknown, partial and reference arguments too */
    eg_cel_preparation *prepare;
};

struct eg_cel_group {
    const char *name;
    const struct eg_cel_function *functions; /* behind the last one with signature NULL */
};

/* NULL behind the last. */
extern const struct eg_cel_group *const eg_cel_groups[];

extern const struct eg_cel_group eg_cel_operators; /* for the reference page only */
extern const struct eg_cel_group eg_cel_standard;
extern const struct eg_cel_group eg_cel_times;
extern const struct eg_cel_group eg_cel_optionals;
extern const struct eg_cel_group eg_cel_strings;
extern const struct eg_cel_group eg_cel_math;
extern const struct eg_cel_group eg_cel_lists;
extern const struct eg_cel_group eg_cel_kubernetes;
extern const struct eg_cel_group eg_cel_sets;
extern const struct eg_cel_group eg_cel_encoders;
extern const struct eg_cel_group eg_cel_network;
extern const struct eg_cel_group eg_cel_policy;
extern const struct eg_cel_group eg_cel_iam;
extern const struct eg_cel_group eg_cel_arn;

/* A signature that has been read. */
struct eg_cel_overload {
    const struct eg_cel_function *function;
    bool member;
    bool variadic;  /* the last parameter may repeat */
    uint32_t count; /* of parameters, the receiver first */
    const struct eg_cel_type **parameters;
    uint32_t *kinds; /* for each: a bit for every enum eg_kind that it takes */
    const struct eg_cel_type *result;
};

/* All overloads of that name: their number, 0 if there is none. */
uint32_t eg_cel_function_overloads(struct eg_cel_signatures *signatures, struct eg_str name,
                                   bool member, const struct eg_cel_overload **ret_overloads);
/* Do functions have NAME before their dot, as `math` in math.abs? */
bool eg_cel_function_is_space(const struct eg_cel_signatures *signatures, struct eg_str name);
/* Lets the overload of the call EXPR that has as many parameters prepare for its constant
 * arguments. False: they are wrong. */
bool eg_cel_function_prepare(struct eg_arena *arena, struct eg_cel_expr *expr,
                             struct eg_str *ret_message);
/* The name of a function in its signature: `indexOf`, `math.abs`. */
struct eg_str eg_cel_function_name(const struct eg_cel_function *function, bool *ret_member);
/* The function whose name is nearest to NAME, or the empty text. */
struct eg_str eg_cel_function_nearest(struct eg_str name, bool member);

/* Does the first argument decide CALL: is it a value that or() or orValue() is called on? */
bool eg_cel_optional_settles(const struct eg_cel_expr *call, const struct eg_node *first);

/* Calls what EXPR means for these arguments. */
const struct eg_node *eg_cel_function_call(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                           const struct eg_node *const *arguments);

#endif
