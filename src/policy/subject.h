/* Looking at one object through one rule: setting its variables, and what `each` and the checks
 * show under the present assumptions. */
#ifndef EG_POLICY_SUBJECT_H
#define EG_POLICY_SUBJECT_H

#include "policy/explore.h"

/* Sets up SUBJECT for RULE on the object NODE. The scratch arena is the caller's, empty. */
void eg_subject_init(struct eg_subject *subject, const struct eg_rule *rule, struct eg_model *model,
                     const struct eg_node *node, struct eg_arena *scratch,
                     const struct eg_judge_options *options);

/* Sets the element of `each`; lets that hang on it are forgotten. */
void eg_subject_set_element(struct eg_subject *subject, const struct eg_node *element);

/* An eg_explore_look: does the rule apply, and what is the list of `each`? Its pass has the list as
 * value. */
struct eg_look eg_subject_look_at_list(struct eg_subject *subject, void *context);

/* One check on one element. */
struct eg_inquiry {
    const struct eg_check *check;
    const struct eg_node *element; /* NULL: the rule has no `each` */
    bool list_varies;              /* the element may not be in the list in every scenario */
};

/* An eg_explore_look; CONTEXT is a struct eg_inquiry. */
struct eg_look eg_subject_look_at_check(struct eg_subject *subject, void *context);

/* The let whose name is EXPRESSION, or NULL. */
const struct eg_let *eg_subject_let(const struct eg_subject *subject, struct eg_str expression);

#endif
