/* The facts: how every link and fact of schemas/model.json is computed, one table a subject, and
 * what each subject adds to the model when it is built. Inside src/model only. */
#ifndef EG_MODEL_FACTS_H
#define EG_MODEL_FACTS_H

#include "model/item.h"

/* Each ends with an entry whose type is NULL. */
extern const struct eg_fact
    eg_facts_common[]; /* stack.c: resource, stack, logicalId of every kind */
extern const struct eg_fact eg_facts_stack[];       /* stack.c: stack, resource, problem */
extern const struct eg_fact eg_facts_texts[];       /* texts.c: a stack's texts */
extern const struct eg_fact eg_facts_task[];        /* task.c: taskDefinition */
extern const struct eg_fact eg_facts_structure[];   /* structure_facts.c: a task as a whole */
extern const struct eg_fact eg_facts_expose[];      /* expose.c: ExposedValue */
extern const struct eg_fact eg_facts_container[];   /* container.c */
extern const struct eg_fact eg_facts_permission[];  /* need.c: requiredPermissions */
extern const struct eg_fact eg_facts_role[];        /* role.c */
extern const struct eg_fact eg_facts_service[];     /* service.c: service, scalableTarget */
extern const struct eg_fact eg_facts_cluster[];     /* cluster.c: cluster, capacityProvider */
extern const struct eg_fact eg_facts_launch_site[]; /* launchsite.c */
extern const struct eg_fact eg_facts_network[];     /* network.c: vpc, subnet, routeTable */
extern const struct eg_fact eg_facts_group[];       /* group.c: securityGroup */
extern const struct eg_fact eg_facts_rule[];        /* rule.c: ingressRule, egressRule */
extern const struct eg_fact eg_facts_balancer[];    /* balancer.c: load balancers */
extern const struct eg_fact eg_facts_reach[];       /* reach.c: may the internet connect */
extern const struct eg_fact eg_facts_path[];        /* path.c: ways in, step by step */
extern const struct eg_fact eg_facts_outbound[];    /* outbound.c: ways out */
extern const struct eg_fact eg_facts_registry[];    /* registry.c: repository */
extern const struct eg_fact eg_facts_log[];         /* logs.c: logGroup */
extern const struct eg_fact eg_facts_secret[];      /* secret.c: secret, kmsKey */
extern const struct eg_fact eg_facts_data[];        /* data.c: database, cache */
extern const struct eg_fact eg_facts_storage[];     /* storage.c: bucket, fileSystem */
extern const struct eg_fact eg_facts_observe[];     /* observe.c: alarm, dashboard, topic */

/* Makes the launch sites of every origin (rules of the catalogue, A.4). */
void eg_launch_sites_build(struct eg_build *build);
/* Gives clusters the capacity providers that resources of their own associate. */
void eg_clusters_build(struct eg_build *build);
/* Makes the rules of security groups, inline ones and resources of their own. */
void eg_groups_build(struct eg_build *build);
/* Makes task definition, container and service of Express Gateway services. */
void eg_express_build(struct eg_build *build);
/* Makes one object for each problem. After everything else, which may find problems. */
void eg_problems_build(struct eg_build *build);

#endif
