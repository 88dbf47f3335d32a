/* Facts of ECR repositories. */
#include "model/facts.h"
#include "model/holes.h"
#include "model/statement.h"
#include "node/text.h"

/* Does a filter of a registry's scanning rule match NAME? "*" stands for any text; without one a
 * filter matches every name that has it somewhere ("Using filters" in the ECR user guide). */
static enum eg_truth filter_matches(struct eg_arena *arena, const struct eg_node *name,
                                    const struct eg_node *filter) {
    if (filter->kind != EG_STRING)
        return filter->kind == EG_ABSENT ? EG_FALSE : EG_UNDECIDED;
    struct eg_str pattern = filter->as.text;
    if (!eg_str_contains(pattern, EG_STR("*")))
        pattern = eg_str_format(arena, "*%.*s*", EG_STR_ARGS(pattern));
    if (eg_str_is(pattern, "*"))
        return EG_TRUE;
    return eg_text_is(name) ? eg_text_matches_glob(name, pattern, false) : EG_UNDECIDED;
}

static enum eg_truth rule_matches(struct eg_scenario *scenario, const struct eg_item *repository,
                                  const struct eg_node *rule, const struct eg_node *name) {
    if (rule->kind != EG_MAP)
        return EG_UNDECIDED;
    if (eg_node_is_string(eg_member(scenario, rule, "ScanFrequency"), "MANUAL"))
        return EG_FALSE;
    enum eg_truth any = EG_FALSE;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_member(scenario, rule, "RepositoryFilters"));
    while (eg_walk_next(&walk))
        any = eg_truth_or(any, filter_matches(repository->build->arena, name,
                                              eg_member(scenario, walk.element, "Filter")));
    return any;
}

static const struct eg_node *repository_scanned(struct eg_scenario *scenario,
                                                const struct eg_item *repository) {
    const struct eg_node *name = eg_item_given(scenario, repository, "repositoryName");
    if (name->kind == EG_ABSENT)
        name = eg_item_unknown(repository, EG_WHY_ATTRIBUTE,
                               EG_STR("the repository's generated name"), repository->object.raw);
    struct eg_resource_list list =
        eg_index_of_type(&repository->build->index, "AWS::ECR::RegistryScanningConfiguration");
    enum eg_truth any = EG_FALSE;
    for (uint32_t i = 0; i < list.count; i++) {
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario, eg_property(scenario, list.items[i], "Rules"));
        while (eg_walk_next(&walk))
            any = eg_truth_or(any, rule_matches(scenario, repository, walk.element, name));
    }
    return eg_item_truth(repository, any, name);
}

/* The policy of a repository, public or not, or of the whole registry. */
static const struct eg_node *registry_policy(struct eg_scenario *scenario,
                                             const struct eg_item *item) {
    struct eg_str type = item->resource->type;
    struct eg_links links;
    eg_links_begin(&links, item);
    struct eg_policy_source source = {
        .item = item, .resource = item->build->resource_items[item->resource->number]};
    if (eg_str_starts_with(type, EG_STR("AWS::ECR::")))
        eg_statements_add(
            scenario, &links, &source,
            eg_resource_property(item->resource, eg_str_is(type, "AWS::ECR::RegistryPolicy")
                                                     ? "PolicyText"
                                                     : "RepositoryPolicyText"));
    return eg_links_end(&links);
}

/* ---- lifecycle ---- */

static const struct eg_node *lifecycle(struct eg_scenario *scenario,
                                       const struct eg_item *repository,
                                       const struct eg_node **ret_unknown) {
    const struct eg_item *policy = eg_item_link(scenario, repository, "lifecyclePolicy");
    *ret_unknown = NULL;
    if (policy == NULL)
        return NULL;
    return eg_holes_json(repository->build->arena,
                         eg_item_given(scenario, policy, "lifecyclePolicyText"), ret_unknown);
}

static void copy_member(struct eg_scenario *scenario, struct eg_item *rule, const char *field,
                        const struct eg_node *map, const char *key) {
    const struct eg_node *value = eg_member(scenario, map, key);
    if (value->kind != EG_ABSENT)
        eg_item_set(rule, field, value);
}

static const struct eg_item *make_rule(struct eg_scenario *scenario,
                                       const struct eg_item *repository,
                                       const struct eg_node *map) {
    struct eg_item *rule = eg_item_part(repository, "LifecycleRule", map);
    const struct eg_node *selection = eg_member(scenario, map, "selection");
    const struct eg_node *action = eg_member(scenario, map, "action");
    copy_member(scenario, rule, "rulePriority", map, "rulePriority");
    copy_member(scenario, rule, "description", map, "description");
    copy_member(scenario, rule, "tagStatus", selection, "tagStatus");
    copy_member(scenario, rule, "tagPrefixes", selection, "tagPrefixList");
    copy_member(scenario, rule, "tagPatterns", selection, "tagPatternList");
    copy_member(scenario, rule, "countType", selection, "countType");
    copy_member(scenario, rule, "countNumber", selection, "countNumber");
    copy_member(scenario, rule, "action", action, "type");
    static const char *const needed[] = {"rulePriority", "tagStatus", "countType", "countNumber",
                                         "action"};
    bool complete = true;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        complete = complete && eg_item_given(scenario, rule, needed[i])->kind != EG_ABSENT;
    /* sinceImagePushed counts days; "tagged" needs to say which tags. */
    if (eg_node_is_string(eg_item_get(scenario, rule, "countType"), "sinceImagePushed"))
        complete = complete && eg_member(scenario, selection, "countUnit")->kind != EG_ABSENT;
    if (eg_node_is_string(eg_item_get(scenario, rule, "tagStatus"), "tagged"))
        complete = complete && (eg_item_given(scenario, rule, "tagPrefixes")->kind != EG_ABSENT ||
                                eg_item_given(scenario, rule, "tagPatterns")->kind != EG_ABSENT);
    eg_item_set_bool(rule, "isComplete", complete);
    return rule;
}

static const struct eg_node *repository_rules(struct eg_scenario *scenario,
                                              const struct eg_item *repository) {
    const struct eg_node *unknown;
    const struct eg_node *json = lifecycle(scenario, repository, &unknown);
    struct eg_links links;
    eg_links_begin(&links, repository);
    if (json == NULL && unknown != NULL)
        eg_links_add_node(&links, eg_item_outside(repository, unknown));
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_member(scenario, json, "rules"));
    while (eg_walk_next(&walk))
        if (walk.element->kind == EG_MAP)
            eg_links_add(&links, make_rule(scenario, repository, walk.element));
    return eg_links_end(&links);
}

static const struct eg_node *repository_lifecycle_valid(struct eg_scenario *scenario,
                                                        const struct eg_item *repository) {
    const struct eg_node *unknown;
    const struct eg_node *json = lifecycle(scenario, repository, &unknown);
    if (json == NULL && unknown != NULL)
        return eg_item_outside(repository, unknown);
    const struct eg_node *rules = eg_member(scenario, json, "rules");
    return eg_node_bool(rules->kind == EG_LIST && rules->as.list.count > 0);
}

/* ---- what is deployed from it ---- */

static const struct eg_node *repository_containers(struct eg_scenario *scenario,
                                                   const struct eg_item *repository) {
    struct eg_links links;
    eg_links_begin(&links, repository);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &repository->build->index, repository->resource);
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *task = eg_item_for(repository->build, incoming.resource);
        struct eg_walk walk;
        if (!eg_item_is_type(task, "taskDefinition"))
            continue;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, task, "containerDefinitions"));
        while (eg_walk_next(&walk)) {
            const struct eg_item *container = eg_item_in(walk.element);
            const struct eg_item *image =
                container == NULL ? NULL : eg_item_link(scenario, container, "imageParts");
            if (image != NULL && eg_item_link(scenario, image, "repositoryObject") == repository)
                eg_links_add(&links, container);
        }
    }
    return eg_links_end(&links);
}

static const struct eg_node *repository_tags(struct eg_scenario *scenario,
                                             const struct eg_item *repository) {
    struct eg_list_builder list;
    eg_list_begin(&list, repository->build->arena);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, repository, "containers"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *container = eg_item_in(walk.element);
        const struct eg_item *image =
            container == NULL ? NULL : eg_item_link(scenario, container, "imageParts");
        if (image == NULL)
            eg_list_add(&list, walk.element);
        else if (!eg_is_blank(eg_item_get(scenario, image, "tag")))
            eg_list_add(&list, eg_item_get(scenario, image, "tag"));
    }
    return eg_list_node(&list, repository->object.raw);
}

const struct eg_fact eg_facts_registry[] = {
    {"repository", "scannedByRegistry", repository_scanned},
    {"repository", "policyStatements", registry_policy},
    {"resource", "policyStatements", registry_policy},
    {"repository", "lifecycleRules", repository_rules},
    {"repository", "lifecycleIsValid", repository_lifecycle_valid},
    {"repository", "containers", repository_containers},
    {"repository", "deployedTags", repository_tags},
    {NULL, NULL, NULL},
};
