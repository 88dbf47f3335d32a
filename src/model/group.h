/* Security groups: what a group keeps beside its fields. Inside src/model only.
 *
 * A group outside the input of which the input makes rules (AWS::EC2::SecurityGroupIngress with the
 * id of an existing group, a parameter, an import) is a group too: it stands at the first of these
 * rules, has those of the input, and not known what others. */
#ifndef EG_MODEL_GROUP_H
#define EG_MODEL_GROUP_H

#include "model/cidr.h"
#include "model/item.h"

/* The extra of an item of kind securityGroup. */
struct eg_group {
    /* The inline rules: objects in the lists and choices that they are written in. NULL: none. */
    const struct eg_node *ingress, *egress;
    const struct eg_node *unions; /* lazy: see eg_group_unions */
    const struct eg_node *routed; /* lazy: see eg_group_routed */
    bool outside;                 /* its resource is a rule, not the group */
};

/* The group outside the input that a forced ID names, if the input makes rules of it; else NULL. */
const struct eg_item *eg_group_outside(const struct eg_item *from, const struct eg_node *id);

/* Map: "tcp 80 80 v4" -> true for those ports that rules of the group only together open to all
 * addresses (0.0.0.0/1 and 128.0.0.0/1). */
const struct eg_node *eg_group_unions(struct eg_scenario *scenario, const void *group);
struct eg_str eg_rule_key(struct eg_scenario *scenario, const struct eg_item *rule, bool v6);

/* Map: "v4" and "v6" -> whether the internet can route to a task of one of the group's launch sites
 * by that family, as a bool or unknown. The same for all the group's rules. (reach.c) */
const struct eg_node *eg_group_routed(struct eg_scenario *scenario, const void *group);

/* A rule's network, if it is one and is known. */
bool eg_rule_cidr(struct eg_scenario *scenario, const struct eg_item *rule,
                  struct eg_cidr *ret_cidr);

#endif
