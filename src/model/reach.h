/* May this connect to that? Three-valued answers of reach.c. Inside src/model only. */
#ifndef EG_MODEL_REACH_H
#define EG_MODEL_REACH_H

#include "model/item.h"

/* Does the ingress RULE admit the internet, and can the internet route to a task of the launch site
 * SITE? Undecided: *WHY is what is not known, if that can be said. */
enum eg_truth eg_reach_site(struct eg_scenario *scenario, const struct eg_item *rule,
                            const struct eg_item *site, const struct eg_node **why);

/* Is the subnet public for FAMILY, the field "exposure", "exposureIpv4" or "exposureIpv6"? */
enum eg_truth eg_reach_subnet(struct eg_scenario *scenario, const struct eg_item *subnet,
                              const char *family, const struct eg_node **why);

/* Does the ingress RULE cover PORT (forced; an int or a symbol)? */
enum eg_truth eg_reach_port(struct eg_scenario *scenario, const struct eg_item *rule,
                            const struct eg_node *port);

/* Is GROUP one of the security groups of ITEM, a launch site or load balancer? Undecided if one of
 * those is not known: it may be this one. */
enum eg_truth eg_reach_has_group(struct eg_scenario *scenario, const struct eg_item *item,
                                 const struct eg_item *group);

#endif
