/* The evaluator's inside: what eval*.c, the functions, blame and explain share. Private to src/cel.
 */
#ifndef EG_CEL_EVAL_H
#define EG_CEL_EVAL_H

#include "cel/expr.h"

struct eg_cel_eval {
    struct eg_cel_frame *frame;
    const struct eg_cel_program *program;
    struct eg_arena *arena;
    struct eg_scenario *scenario;
    uint64_t step_limit;
    uint32_t exploring;             /* how many variables are tried, one inside the other */
    struct eg_cel_covered *covered; /* the program's branches; NULL: nobody asks */
    const struct eg_node *locals[EG_CEL_LOCAL_LIMIT];
};

/* Begins evaluating: everything but the locals. */
void eg_cel_eval_begin(struct eg_cel_eval *eval, const struct eg_cel_program *program,
                       struct eg_cel_frame *frame);

/* The value of one expression, forced; never NULL. */
const struct eg_node *eg_cel_evaluate(struct eg_cel_eval *eval, const struct eg_cel_expr *expr);

/* The same for what keeps the value: a choice that isn't decided is returned as it stands. */
const struct eg_node *eg_cel_evaluate_kept(struct eg_cel_eval *eval,
                                           const struct eg_cel_expr *expr);

/* Counts steps; false if the limit is passed. */
bool eg_cel_spend(struct eg_cel_eval *eval, uint64_t steps);
/* The error to return then. */
const struct eg_node *eg_cel_limit_error(void);

/* NODE (which may be NULL) under the scenario; EG_ABSENT for nothing. */
static inline const struct eg_node *eg_cel_force(struct eg_cel_eval *eval,
                                                 const struct eg_node *node) {
    if (node != NULL && node->kind <= EG_MAP)
        return node;
    return eg_scenario_force(eval->scenario, node);
}

/* ---- values that end an evaluation ---- */

/* Unknown or error: what has such an operand has that value itself. */
static inline bool eg_cel_is_stop(const struct eg_node *node) {
    return node->kind == EG_UNKNOWN || node->kind == EG_ERROR;
}

/* Of two values, one of them a stop, the one to go on with: unknown before error, and an unknown
 * with a variable, which can be explored, before one without. NULL stands for none. */
const struct eg_node *eg_cel_stop(const struct eg_node *a, const struct eg_node *b);

const struct eg_node *eg_cel_error(struct eg_cel_eval *eval, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What is computed from an unknown value is that unknown, but not its value any more: a copy with
 * EG_FLAG_DERIVED. Everything else is returned as it is. */
const struct eg_node *eg_cel_derived(struct eg_cel_eval *eval, const struct eg_node *value);

/* The value where it must be known: partial strings and references become an unknown that names
 * them, unknowns are derived; everything else is returned as it is. */
const struct eg_node *eg_cel_known(struct eg_cel_eval *eval, const struct eg_node *value);

/* A truth as a node; undecided: the unknown in A or B (which may be NULL) that would decide it. */
const struct eg_node *eg_cel_truth(struct eg_cel_eval *eval, enum eg_truth truth,
                                   const struct eg_node *a, const struct eg_node *b);
/* The unknown inside of a value, at any depth; NULL if there is none. */
const struct eg_node *eg_cel_find_unknown(struct eg_cel_eval *eval, const struct eg_node *value);

/* ---- making values ---- */

const struct eg_node *eg_cel_int(struct eg_cel_eval *eval, int64_t value);
const struct eg_node *eg_cel_uint(struct eg_cel_eval *eval, uint64_t value);
const struct eg_node *eg_cel_double(struct eg_cel_eval *eval, double value);
const struct eg_node *eg_cel_string(struct eg_cel_eval *eval, struct eg_str text);
const struct eg_node *eg_cel_bytes(struct eg_cel_eval *eval, struct eg_str text);
/* NULL: none. */
const struct eg_node *eg_cel_optional(struct eg_cel_eval *eval, const struct eg_node *value);
const struct eg_node *eg_cel_type_value(struct eg_cel_eval *eval, const struct eg_node *value);
/* The name of a value's type as CEL has it: "int", "google.protobuf.Timestamp", "container". */
struct eg_str eg_cel_type_name(const struct eg_node *value);

/* ---- equality and order ---- */

/* Three-valued equality of any two forced values; numbers by value across types. */
enum eg_truth eg_cel_equal(struct eg_cel_eval *eval, const struct eg_node *a,
                           const struct eg_node *b);
/* Less than, equal to or greater than 0; false if the two have no order. A NaN has none. */
bool eg_cel_compare(const struct eg_node *a, const struct eg_node *b, int *ret_order);

/* ITEMS in the order of KEYS, which must be of one type with an order; a stop if they aren't. */
const struct eg_node *eg_cel_sort(struct eg_cel_eval *eval, struct eg_list items,
                                  struct eg_list keys);

/* ---- parts of values ---- */

/* Is what stands in RAW (a field, an element, an entry's value, unforced) there: true, false, or
 * undecided as a condition is. */
enum eg_truth eg_cel_present(struct eg_cel_eval *eval, const struct eg_node *raw);

/* The elements of a list or the keys of a map, those that are absent left out. */
struct eg_cel_items {
    const struct eg_node *of;
    uint32_t next;
    /* The current item. */
    uint32_t index;             /* its number among those that are there */
    const struct eg_node *key;  /* maps: the key; lists: NULL */
    const struct eg_node *raw;  /* its value, not forced */
    const struct eg_node *item; /* forced */
    bool maybe;                 /* whether it is there is not decided */
    /* An unknown item before this one that may not be there: `index` is not sure. Or NULL. */
    const struct eg_node *unsure;
};
/* OF: a list, map or pairs. */
struct eg_cel_items eg_cel_items(const struct eg_node *of);
/* False behind the last, and when the step limit is passed. */
bool eg_cel_next(struct eg_cel_eval *eval, struct eg_cel_items *items);
bool eg_cel_is_map(const struct eg_node *node);

/* The value under KEY, forced; EG_ABSENT if there is none; a stop if that is not known. */
const struct eg_node *eg_cel_lookup(struct eg_cel_eval *eval, const struct eg_node *map,
                                    const struct eg_node *key);
/* Its value as it stands there; NULL if there is none. */
const struct eg_node *eg_cel_lookup_raw(struct eg_cel_eval *eval, const struct eg_node *map,
                                        const struct eg_node *key);
/* A field or an element. */
struct eg_cel_part {
    const struct eg_node *raw;   /* as it stands there; NULL: not there */
    const struct eg_node *value; /* forced, with ECS's default if absent; EG_ABSENT, or a stop */
    bool link; /* a field that the model fills: absent or not is a finding of its own */
};
/* The field or key that EXPR (a select or has) names, OF a value that is no optional. */
struct eg_cel_part eg_cel_field(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                const struct eg_node *of);
/* What stands in the field that a select reads, not forced; NULL if it is not there. */
const struct eg_node *eg_cel_select_raw(struct eg_cel_eval *eval, const struct eg_cel_expr *expr);
struct eg_cel_part eg_cel_element(struct eg_cel_eval *eval, const struct eg_node *of,
                                  const struct eg_node *index);

/* How many elements; a stop if that is not decided. OF: a list or map. *RET_SURE: how many there
 * are at least. */
const struct eg_node *eg_cel_size(struct eg_cel_eval *eval, const struct eg_node *of,
                                  int64_t *ret_sure);
/* What stands in a list for elements of which STOP (an unknown) doesn't let it be said whether they
 * are there. */
const struct eg_node *eg_cel_maybe(struct eg_cel_eval *eval, const struct eg_node *stop);
bool eg_cel_is_maybe(const struct eg_node *item);

/* Maps while they are made: EG_MAP if all keys are text, else EG_PAIRS. */
struct eg_cel_map_builder {
    struct eg_map_builder texts;
    struct eg_list_builder pairs;
    bool mixed;
};
void eg_cel_map_begin(struct eg_cel_eval *eval, struct eg_cel_map_builder *builder);
/* NULL if it was added; an error for a key that can't be one or is there already. */
const struct eg_node *eg_cel_map_add(struct eg_cel_eval *eval, struct eg_cel_map_builder *builder,
                                     const struct eg_node *key, const struct eg_node *value);
const struct eg_node *eg_cel_map_end(struct eg_cel_map_builder *builder);

/* ---- coverage ---- */

struct eg_cel_covered *eg_cel_covered(struct eg_cel_coverage *coverage,
                                      const struct eg_cel_program *program);
void eg_cel_cover(struct eg_cel_covered *covered, const struct eg_cel_expr *expr, bool value);

/* ---- the kinds of expressions, one file each ---- */

const struct eg_node *eg_cel_eval_select(struct eg_cel_eval *eval, const struct eg_cel_expr *expr);
const struct eg_node *eg_cel_eval_has(struct eg_cel_eval *eval, const struct eg_cel_expr *expr);
const struct eg_node *eg_cel_eval_index(struct eg_cel_eval *eval, const struct eg_cel_expr *expr);
const struct eg_node *eg_cel_eval_macro(struct eg_cel_eval *eval, const struct eg_cel_expr *expr);
const struct eg_node *eg_cel_eval_junction(struct eg_cel_eval *eval,
                                           const struct eg_cel_expr *expr);
const struct eg_node *eg_cel_eval_conditional(struct eg_cel_eval *eval,
                                              const struct eg_cel_expr *expr);
const struct eg_node *eg_cel_apply(struct eg_cel_eval *eval, enum eg_cel_operator op,
                                   const struct eg_node *left, const struct eg_node *right);
const struct eg_node *eg_cel_negate(struct eg_cel_eval *eval, const struct eg_node *value);

/* EXPR's value; where it is unknown for want of a variable, the value that all values of the
 * variable agree on, else that unknown. RESULT is what EXPR gave without. */
const struct eg_node *eg_cel_explore(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                     const struct eg_node *result);

#endif
