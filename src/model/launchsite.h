/* Launch sites: reading what starts a task, wherever it is written. Inside src/model only. */
#ifndef EG_MODEL_LAUNCHSITE_H
#define EG_MODEL_LAUNCHSITE_H

#include "model/item.h"

/* The value at one of the places an origin has: EG_SITE_SUBNETS of a rule's target. Forced;
 * EG_ABSENT if it is not given, or the origin has no such place. */
enum eg_site_part {
    EG_SITE_TASK_DEFINITION,
    EG_SITE_CLUSTER,
    EG_SITE_NETWORK,
    EG_SITE_LAUNCH_TYPE,
    EG_SITE_PLATFORM_VERSION,
    EG_SITE_STRATEGY,
    EG_SITE_EXEC,
    EG_SITE_OVERRIDES,
    EG_SITE_ROLE,
    EG_SITE_NAME,
    EG_SITE_PART_COUNT
};
const struct eg_node *eg_site_part(struct eg_scenario *scenario, const struct eg_item *site,
                                   enum eg_site_part part);
/* MAP's KEY in whatever spelling the origins have; unknown if a state machine computes it. */
const struct eg_node *eg_site_member(struct eg_scenario *scenario, const struct eg_node *map,
                                     struct eg_str key);

/* The task definition (a forced link), EG_ABSENT or unknown, that VALUE names. */
const struct eg_node *eg_task_find(struct eg_scenario *scenario, const struct eg_item *self,
                                   const struct eg_node *value);
/* The cluster that VALUE names. */
const struct eg_node *eg_cluster_find(struct eg_scenario *scenario, const struct eg_item *self,
                                      const struct eg_node *value);

/* The zones of a list of subnets (forced), each once. */
const struct eg_node *eg_subnet_zones(struct eg_scenario *scenario, const struct eg_item *self,
                                      const struct eg_node *subnets);
/* Are ZONES, such a list, two or more: a bool, or unknown where two of them may be one. */
const struct eg_node *eg_zones_span(struct eg_scenario *scenario, const struct eg_item *self,
                                    const struct eg_node *zones);

/* What capacity providers mean: FARGATE, EC2, … or an unknown. EG_ABSENT: no
 * strategy. */
const struct eg_node *eg_strategy_type(struct eg_scenario *scenario, const struct eg_item *self,
                                       const struct eg_node *strategy);

#endif
