/* The Common Expression Language: https://github.com/google/cel-spec, doc/langdef.md.
 *
 * An expression is compiled once into a program that is never changed afterwards (threads share
 * it), and evaluated over nodes. Values that aren't known take part in three-valued logic: `false
 * && unknown` is false, `unknown || true` is true, and what hangs on an unknown is that unknown.
 * Errors are values too (EG_ERROR) and are absorbed by && and || as the specification says.
 *
 * What differs from the specification is listed in docs/cel.md.
 */
#ifndef EG_CEL_CEL_H
#define EG_CEL_CEL_H

#include "base/error.h"
#include "node/scenario.h"
#include "node/type.h"

struct eg_cel_program;

/* A variable that an expression may use. */
struct eg_cel_variable {
    struct eg_str name;    /* may have dots: a.b.c */
    struct eg_shape shape; /* EG_FIELD_ANY: dyn, checked when it runs */
    /* Why an expression may not use it ("comes later"), or NULL: then it may. */
    const char *refusal;
};

/* The functions by name, and the signatures that were read so far: whoever compiles many
 * expressions makes one, so that each is read once. Compiling with it belongs to one thread. */
struct eg_cel_signatures;
struct eg_cel_signatures *eg_cel_signatures_new(struct eg_arena *arena);

/* What expressions are compiled against. Must outlive the programs. */
struct eg_cel_env {
    const struct eg_schema *schema; /* NULL: no types of the model */
    const struct eg_cel_variable *variables;
    uint32_t variable_count;
    struct eg_str container; /* the name space that names are looked for in first; empty: none */
    struct eg_cel_signatures *signatures; /* in an arena as lasting as the programs; may be NULL */
    /* Names, functions and types that are wrong are errors of the evaluation, not of compiling: the
     * specification's "parse only". Policies are checked; `ecsgate eval` is not. */
    bool unchecked;
};

/* Compiles TEXT into ARENA and checks it: syntax, variables, functions, fields (with "did you
 * mean"), types as far as they are known, and the estimated cost. A failure (EG_ERROR_USAGE) has
 * the place inside the policy's file: AT is the node the text was read from (NULL: file empty,
 * line 1), and the error's text holds a second line with the expression and a third with carets
 * under the faulty part. */
EG_MUST_USE bool eg_cel_compile(struct eg_arena *arena, const struct eg_cel_env *env,
                                struct eg_str text, const struct eg_node *at,
                                struct eg_cel_program **ret_program, struct eg_error *error);

/* Fails with EG_ERROR_USAGE about an expression as a whole, in the form that eg_cel_compile has. */
bool eg_cel_fail(struct eg_arena *arena, struct eg_str text, const struct eg_node *at,
                 struct eg_error *error, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The static type of the result, as text: "bool", "dyn", "list(string)". */
struct eg_str eg_cel_program_type(const struct eg_cel_program *program, struct eg_arena *arena);

/* The same as a shape, for a `let` that later expressions use. */
struct eg_shape eg_cel_program_shape(const struct eg_cel_program *program);

/* Does it read FIELD of the variable with that number, or the variable as a whole? An empty FIELD:
 * any of it. */
bool eg_cel_program_reads(const struct eg_cel_program *program, uint32_t variable,
                          struct eg_str field);

/* A compiled program as bytes, for policies that are compiled when ours is built; to the end of
 * BUF. ENV needs a schema and signatures. */
struct eg_buf;
void eg_cel_program_write(struct eg_buf *buf, const struct eg_cel_program *program);
/* What eg_cel_program_write wrote at the beginning of *IMAGE (those bytes and no others: nothing is
 * checked), which is moved behind it. TEXT and ENV are those that it was compiled from, but of the
 * shapes of variables only the types of objects play a part; its own shape is not known. NULL: it
 * is another text's. */
struct eg_cel_program *eg_cel_program_read(struct eg_arena *arena, const struct eg_cel_env *env,
                                           struct eg_str text, struct eg_str *image);

/* Which branches evaluations took, for the coverage of tests: an operand of && or ||, a condition
 * of ?:, and a bool expression as a whole each can be true and false. It belongs to one thread. */
struct eg_cel_coverage;
struct eg_cel_coverage *eg_cel_coverage_new(struct eg_arena *arena);

struct eg_cel_branch {
    struct eg_str expression; /* its text */
    struct eg_place place;    /* in the policy's file */
    bool was_true, was_false;
};
/* The branches of PROGRAM, whose text was read from the node AT, in the order of the text;
 * *RET_COUNT of them, in ARENA. Literals are none. */
struct eg_cel_branch *eg_cel_branches(const struct eg_cel_program *program,
                                      struct eg_cel_coverage *coverage, const struct eg_node *at,
                                      struct eg_arena *arena, uint32_t *ret_count);

/* What one evaluation works with. */
struct eg_cel_frame {
    struct eg_arena *arena;              /* for values made on the way */
    struct eg_scenario *scenario;        /* forces what is read; never NULL */
    const struct eg_node *const *values; /* by the number of the variable in the environment */
    uint64_t steps;                      /* counts up; one budget for all that shares the frame */
    struct eg_cel_coverage *coverage;    /* notes the branches taken; may be NULL */
    uint64_t step_limit;                 /* beyond it: an EG_ERROR "cost limit"; 0: the default */
    /* A text for people: in it join() leaves out elements that may not be there. NULL: none. */
    const struct eg_cel_program *prose;
};

/* Evaluates: a forced node, EG_UNKNOWN and EG_ERROR among the possible kinds; never NULL. */
const struct eg_node *eg_cel_eval(const struct eg_cel_program *program, struct eg_cel_frame *frame);

/* Fails with EG_ERROR_USAGE about VALUE, the error that PROGRAM gave: in the form that
 * eg_cel_compile has, at the smallest part of the expression that gives it. */
bool eg_cel_fail_where(const struct eg_cel_program *program, struct eg_cel_frame *frame,
                       const struct eg_node *value, const struct eg_node *at,
                       struct eg_error *error);

/* What made a boolean expression come out as it did: one item for each read value that decided it.
 * For unknown: the values that would decide it. */
struct eg_cel_cause {
    const struct eg_node *value;  /* the value read; its place is where to point, unless absent */
    const struct eg_node *parent; /* the object or map that it is read from, or should be in if
                                   * absent; NULL: none */
    struct eg_str expression;     /* its text: p.containerPort */
    struct eg_str path;           /* for people: container.portMappings[0].containerPort */
    bool absent;                  /* not given: the value is ECS's default or none */
};

struct eg_cel_causes {
    struct eg_cel_cause *items;
    uint32_t count;
};

/* Evaluates once more, looking for the causes of RESULT (false, true or unknown), at most LIMIT of
 * them, in the order of the text. ARENA holds the list. */
struct eg_cel_causes eg_cel_blame(const struct eg_cel_program *program, struct eg_cel_frame *frame,
                                  struct eg_arena *arena, uint32_t limit);

/* The evaluation as a tree of sub-expressions with their values, for people: one line each,
 * beginning INDENT columns in (an even number), appended to BUF. Lines are cut to WIDTH columns; 0:
 * for no terminal. */
struct eg_buf;
void eg_cel_explain(const struct eg_cel_program *program, struct eg_cel_frame *frame, int indent,
                    size_t width, struct eg_buf *buf);

/* A value as CEL would write it, cut to WIDTH characters; a secret's value as (secret). For
 * messages. */
struct eg_str eg_cel_show(struct eg_arena *arena, struct eg_scenario *scenario,
                          const struct eg_node *value, size_t width);

/* One function of the language or its extensions, for the reference page (docs/policies.md). */
struct eg_cel_function_doc {
    const char *group; /* standard, strings, math, lists, sets, encoders, network, iam, arn … */
    const char *signature; /* string.startsWith(string) -> bool */
    const char *doc;       /* one line */
};
/* All of them, operators and macros first, in the order of groups; *RET_COUNT of them, in ARENA. */
const struct eg_cel_function_doc *eg_cel_functions(struct eg_arena *arena, uint32_t *ret_count);

#endif
