/* Roles: finding the one that a value names, telling whether two are the same. Inside src/model. */
#ifndef EG_MODEL_ROLE_H
#define EG_MODEL_ROLE_H

#include "model/item.h"

/* The role that VALUE (an ARN or a name, not forced) names, as SELF sees it: the role, EG_ABSENT
 * for none, an unknown for one outside the input. */
const struct eg_node *eg_role_find(struct eg_scenario *scenario, const struct eg_item *self,
                                   const struct eg_node *value);

/* Do two values name one role? By resource, else by name and path. False if either is blank. */
enum eg_truth eg_role_same(struct eg_scenario *scenario, const struct eg_item *self,
                           const struct eg_node *a, const struct eg_node *b,
                           const struct eg_node **ret_why);

#endif
