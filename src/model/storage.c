/* Facts of buckets and file systems. */
#include "model/facts.h"
#include "model/statement.h"

static const struct eg_node *bucket_policy(struct eg_scenario *scenario,
                                           const struct eg_item *bucket) {
    struct eg_links links;
    eg_links_begin(&links, bucket);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &bucket->build->index, bucket->resource, "AWS::S3::BucketPolicy");
    while (eg_incoming_next(&incoming)) {
        const struct eg_node *name = eg_property(scenario, incoming.resource, "Bucket");
        if (eg_index_find(&bucket->build->index, EG_NAMES_BUCKET, incoming.resource->stack, name) !=
            bucket->resource)
            continue;
        struct eg_policy_source source = {
            .item = bucket, .resource = bucket->build->resource_items[incoming.resource->number]};
        eg_statements_add(scenario, &links, &source,
                          eg_resource_property(incoming.resource, "PolicyDocument"));
    }
    return eg_links_end(&links);
}

static const struct eg_node *bucket_has_policy(struct eg_scenario *scenario,
                                               const struct eg_item *bucket) {
    (void)scenario;
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &bucket->build->index, bucket->resource, "AWS::S3::BucketPolicy");
    return eg_node_bool(eg_incoming_next(&incoming));
}

static const struct eg_node *bucket_is_website(struct eg_scenario *scenario,
                                               const struct eg_item *bucket) {
    const struct eg_node *website = eg_item_given(scenario, bucket, "websiteConfiguration");
    return website->kind == EG_UNKNOWN ? website : eg_node_bool(website->kind != EG_ABSENT);
}

/* ---- file systems ---- */

/* Walks the mount targets of a file system. */
static const struct eg_node *mount_targets(struct eg_scenario *scenario,
                                           const struct eg_item *system) {
    struct eg_links links;
    eg_links_begin(&links, system);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &system->build->index, system->resource, "AWS::EFS::MountTarget");
    while (eg_incoming_next(&incoming))
        if (eg_names(eg_property(scenario, incoming.resource, "FileSystemId"), system->resource) ==
            EG_TRUE)
            eg_links_add(&links, system->build->resource_items[incoming.resource->number]);
    return eg_links_end(&links);
}

/* The objects of KIND that PROPERTY of the mount targets names. */
static const struct eg_node *of_targets(struct eg_scenario *scenario, const struct eg_item *system,
                                        const char *property, const char *kind) {
    struct eg_links links;
    eg_links_begin(&links, system);
    struct eg_walk targets;
    eg_walk_begin(&targets, scenario, eg_item_get(scenario, system, "mountTargets"));
    while (eg_walk_next(&targets)) {
        const struct eg_item *target = eg_item_in(targets.element);
        if (target == NULL) {
            eg_links_add_node(&links, targets.element);
            continue;
        }
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario, eg_property(scenario, target->resource, property));
        while (eg_walk_next(&walk))
            eg_links_add_node(&links, eg_item_follow(scenario, system, walk.element, kind));
    }
    return eg_links_end(&links);
}

static const struct eg_node *system_groups(struct eg_scenario *scenario,
                                           const struct eg_item *system) {
    return of_targets(scenario, system, "SecurityGroups", "securityGroup");
}

static const struct eg_node *system_subnets(struct eg_scenario *scenario,
                                            const struct eg_item *system) {
    return of_targets(scenario, system, "SubnetId", "subnet");
}

static const struct eg_node *system_port(struct eg_scenario *scenario,
                                         const struct eg_item *system) {
    enum { NFS_PORT = 2049 };
    (void)scenario;
    return eg_item_int(system, NFS_PORT);
}

static const struct eg_node *system_tasks(struct eg_scenario *scenario,
                                          const struct eg_item *system) {
    struct eg_links links;
    eg_links_begin(&links, system);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &system->build->index, system->resource,
                      "AWS::ECS::TaskDefinition");
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *task = eg_item_for(system->build, incoming.resource);
        struct eg_walk walk;
        if (task == NULL)
            continue;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, task, "volumes"));
        while (eg_walk_next(&walk)) {
            const struct eg_item *volume = eg_item_in(walk.element);
            const struct eg_item *efs =
                volume == NULL ? NULL : eg_item_link(scenario, volume, "efsVolumeConfiguration");
            if (efs != NULL && eg_item_link(scenario, efs, "fileSystem") == system)
                eg_links_add(&links, task);
        }
    }
    return eg_links_end(&links);
}

const struct eg_fact eg_facts_storage[] = {
    {"bucket", "policyStatements", bucket_policy},
    {"bucket", "hasPolicy", bucket_has_policy},
    {"bucket", "isWebsite", bucket_is_website},
    {"fileSystem", "mountTargets", mount_targets},
    {"fileSystem", "securityGroups", system_groups},
    {"fileSystem", "subnets", system_subnets},
    {"fileSystem", "port", system_port},
    {"fileSystem", "taskDefinitions", system_tasks},
    {NULL, NULL, NULL},
};
