/* Facts of clusters. */
#include "model/facts.h"
#include "model/launchsite.h"
#include "model/normalize.h"

/* Launch sites whose cluster this is: those of resources that refer to it. */
static const struct eg_node *cluster_sites(struct eg_scenario *scenario,
                                           const struct eg_item *cluster) {
    struct eg_links links;
    eg_links_begin(&links, cluster);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &cluster->build->index, cluster->resource);
    while (eg_incoming_next(&incoming)) {
        struct eg_site_walk sites;
        eg_site_walk_begin(&sites, cluster->build, incoming.resource);
        while (eg_site_walk_next(&sites))
            if (eg_item_link(scenario, sites.site, "cluster") == cluster)
                eg_links_add(&links, sites.site);
    }
    return eg_links_end(&links);
}

static const struct eg_node *cluster_services(struct eg_scenario *scenario,
                                              const struct eg_item *cluster) {
    struct eg_links links;
    eg_links_begin(&links, cluster);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, cluster, "launchSites"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *site = eg_item_in(walk.element);
        if (site != NULL)
            eg_links_add_node(&links, eg_item_given(scenario, site, "service"));
    }
    return eg_links_end(&links);
}

static const struct eg_node *cluster_insights(struct eg_scenario *scenario,
                                              const struct eg_item *cluster) {
    const struct eg_node *open = NULL;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, cluster, "settings"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *setting = eg_item_in(walk.element);
        if (setting == NULL) {
            open = walk.element;
            continue;
        }
        const struct eg_node *name = eg_item_get(scenario, setting, "name");
        if (eg_node_is_string(name, "containerInsights"))
            return eg_item_get(scenario, setting, "value");
        if (name->kind != EG_STRING)
            open = name;
    }
    return open != NULL ? open : eg_item_text(cluster, EG_STR(""), cluster->object.raw);
}

static const struct eg_item *exec_log(struct eg_scenario *scenario, const struct eg_item *cluster) {
    static const char *const path[] = {"configuration", "executeCommandConfiguration",
                                       "logConfiguration"};
    const struct eg_item *item = cluster;
    for (size_t i = 0; i < sizeof path / sizeof path[0] && item != NULL; i++)
        item = eg_item_link(scenario, item, path[i]);
    return item;
}

static const struct eg_node *exec_target(struct eg_scenario *scenario,
                                         const struct eg_item *cluster, const char *field,
                                         enum eg_name_space space) {
    const struct eg_item *log = exec_log(scenario, cluster);
    const struct eg_node *name =
        log == NULL ? eg_node_absent() : eg_item_given(scenario, log, field);
    if (eg_is_blank(name))
        return NULL;
    const struct eg_item *item = eg_item_for(
        cluster->build, eg_index_find(&cluster->build->index, space, cluster->stack, name));
    return item != NULL ? item->node : eg_item_outside(cluster, name);
}

static const struct eg_node *cluster_exec_log_group(struct eg_scenario *scenario,
                                                    const struct eg_item *cluster) {
    return exec_target(scenario, cluster, "cloudWatchLogGroupName", EG_NAMES_LOG_GROUP);
}

static const struct eg_node *cluster_exec_bucket(struct eg_scenario *scenario,
                                                 const struct eg_item *cluster) {
    return exec_target(scenario, cluster, "s3BucketName", EG_NAMES_BUCKET);
}

/* A resource of its own may give a cluster's capacity providers: fold it in. */
void eg_clusters_build(struct eg_build *build) {
    struct eg_scenario *scenario = &build->system->scenario;
    struct eg_resource_list list =
        eg_index_of_type(&build->index, "AWS::ECS::ClusterCapacityProviderAssociations");
    for (uint32_t i = 0; i < list.count; i++) {
        struct eg_resource *resource = list.items[i];
        struct eg_item *cluster =
            eg_item_for(build, eg_index_find(&build->index, EG_NAMES_CLUSTER, resource->stack,
                                             eg_property(scenario, resource, "Cluster")));
        if (!eg_item_is_type(cluster, "cluster"))
            continue;
        const struct eg_node *providers = eg_resource_property(resource, "CapacityProviders");
        const struct eg_node *strategy =
            eg_resource_property(resource, "DefaultCapacityProviderStrategy");
        if (providers != NULL)
            eg_item_set(cluster, "capacityProviders", providers);
        if (strategy != NULL)
            eg_item_set(cluster, "defaultCapacityProviderStrategy",
                        eg_normalize_list(cluster, "CapacityProviderStrategyItem", strategy, false,
                                          "DefaultCapacityProviderStrategy"));
    }
}

/* The provider that an item of a strategy names; AWS's own two are none of anybody's. */
static const struct eg_node *item_provider(struct eg_scenario *scenario,
                                           const struct eg_item *item) {
    const struct eg_node *name = eg_item_given(scenario, item, "capacityProvider");
    if (eg_is_blank(name) || eg_str_starts_with(eg_node_text(name), EG_STR("FARGATE")))
        return NULL;
    const struct eg_item *provider =
        eg_item_for(item->build, eg_index_find(&item->build->index, EG_NAMES_CAPACITY_PROVIDER,
                                               item->stack, name));
    return eg_item_is_type(provider, "capacityProvider") ? provider->node
                                                         : eg_item_outside(item, name);
}

const struct eg_fact eg_facts_cluster[] = {
    {"CapacityProviderStrategyItem", "provider", item_provider},
    {"cluster", "launchSites", cluster_sites},
    {"cluster", "services", cluster_services},
    {"cluster", "containerInsights", cluster_insights},
    {"cluster", "execLogGroup", cluster_exec_log_group},
    {"cluster", "execBucket", cluster_exec_bucket},
    {NULL, NULL, NULL},
};
