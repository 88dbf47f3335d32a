/* IAM policy documents as lists of statements. Inside src/model only. */
#ifndef EG_MODEL_STATEMENT_H
#define EG_MODEL_STATEMENT_H

#include "model/item.h"

/* Where a policy document comes from. */
struct eg_policy_source {
    const struct eg_item *item;     /* what the statements are for: the role, the repository */
    const struct eg_item *resource; /* the `resource` item it is written in; may be NULL */
    const struct eg_node *name;     /* PolicyName or NULL */
    bool aws_managed;
};

/* Adds the statements of DOCUMENT (a map, or JSON as text) to LINKS; what can't be read becomes one
 * unknown element. */
void eg_statements_add(struct eg_scenario *scenario, struct eg_links *links,
                       const struct eg_policy_source *source, const struct eg_node *document);

/* Adds the statements of an AWS managed policy; none if it is not built in (managed.c). */
void eg_statements_add_managed(struct eg_links *links, const struct eg_policy_source *source,
                               struct eg_str name);
/* Is the AWS managed policy built in? */
bool eg_statements_know(struct eg_str name);

#endif
