/* What a role may do, as IAM decides it (catalogue A.6): Allow and Deny, NotAction and NotResource,
 * wildcards, conditions. Three-valued where texts, policies or the role are not known. */
#ifndef EG_MODEL_PERMISSION_H
#define EG_MODEL_PERMISSION_H

#include "model/model.h"

struct eg_permission {
    enum eg_truth granted;
    bool conditional;          /* granted under a condition only */
    bool denied;               /* a Deny statement says so */
    const struct eg_node *why; /* undecided: an unknown, or NULL */
};

/* May ROLE (an object of kind role) do ACTION ("ecr:BatchGetImage") on RESOURCE (forced: an ARN as
 * text, partial text or reference; "*" for actions without resources)? */
struct eg_permission eg_model_permission(struct eg_scenario *scenario, const struct eg_object *role,
                                         const char *action, const struct eg_node *resource);
/* The same, the answer alone. */
enum eg_truth eg_model_role_allows(struct eg_scenario *scenario, const struct eg_object *role,
                                   const char *action, const struct eg_node *resource);

/* Is ACTION among those of a statement (an item of type Statement)? */
struct eg_item;
bool eg_statement_has_action(struct eg_scenario *scenario, const struct eg_item *statement,
                             const char *action);

/* Does an ARN match a policy's pattern? */
enum eg_truth eg_arn_matches(struct eg_scenario *scenario, const struct eg_node *pattern,
                             const struct eg_node *arn);

#endif
