/* Exploring scenarios: what one check says of one object, whatever the undecided parameters and
 * conditions turn out to be.
 *
 * A check is looked at under no assumption first; three-valued logic often decides it. Where it
 * hangs on a variable, each of the variable's values is assumed in turn, and so on, branch by
 * branch. What the branches say is merged. */
#ifndef EG_POLICY_EXPLORE_H
#define EG_POLICY_EXPLORE_H

#include "policy/judge.h"

enum { EG_EXPLORE_DEPTH = 24 }; /* variables assumed at once */

struct eg_assumption {
    const struct eg_variable *variable;
    int32_t value;
};

/* One rule on one object. Made by judge.c, filled by subject.c. */
struct eg_subject {
    const struct eg_rule *rule;
    struct eg_model *model;
    const struct eg_node *node; /* of kind EG_OBJECT */
    const struct eg_object *object;
    const struct eg_resource *resource; /* or NULL */
    struct eg_arena *scratch;           /* lasts for this rule on this object */
    struct eg_scenario *scenario;       /* the system's, assigning what is assumed below */
    struct eg_cel_frame frame;
    const struct eg_node **values; /* the frame's */
    uint32_t scenario_limit;
    struct eg_assumption assumed[EG_EXPLORE_DEPTH];
    uint64_t epochs[EG_EXPLORE_DEPTH]; /* the scenario's epoch before each assumption */
    uint32_t assumed_count;
};

/* What a look under the present assumptions shows. */
struct eg_look {
    enum eg_verdict verdict;
    bool impossible; /* the object doesn't exist under these assumptions */
    /* The expression that decided it, with its value if that is unknown or an error. */
    const struct eg_cel_program *program;
    const struct eg_node *value;
    const struct eg_unknown *open; /* unknown for want of this one's variable, or NULL */
};

typedef struct eg_look eg_explore_look(struct eg_subject *subject, void *context);
/* Called for each branch's end that is possible, with its assumptions in place. May be NULL. */
typedef void eg_explore_visit(struct eg_subject *subject, void *context,
                              const struct eg_look *look);

/* What all branches together say. */
struct eg_outcome {
    enum eg_verdict verdict;
    bool impossible;            /* in every branch */
    bool mixed;                 /* other branches say otherwise */
    struct eg_assumption *path; /* of the first branch that says so; in the subject's scratch */
    uint32_t path_count;
    struct eg_str reason; /* unknown, if the exploring itself is why; else empty */
};

struct eg_outcome eg_explore(struct eg_subject *subject, eg_explore_look *look,
                             eg_explore_visit *visit, void *context);

/* Joins what another branch says: fail over unknown over pass over not-applicable. */
void eg_outcome_join(struct eg_outcome *outcome, const struct eg_outcome *other);

/* The smallest part of a failing OUTCOME's path under which it still fails in every branch; in the
 * subject's scratch, *RET_COUNT assumptions. */
struct eg_assumption *eg_outcome_core(struct eg_subject *subject, eg_explore_look *look,
                                      void *context, const struct eg_outcome *outcome,
                                      uint32_t *ret_count);

/* Assumes a value; takes the last assumption back. */
void eg_subject_assume(struct eg_subject *subject, const struct eg_variable *variable,
                       int32_t value);
void eg_subject_retract(struct eg_subject *subject);

#endif
