/* What a role may do; see permission.h. Called by need.c. The logic is that of "Policy evaluation
 * logic" in AWS's IAM user guide for one account, as far as a template shows it: identity policies;
 * permissions boundaries, service control policies and session policies are not seen. */
#include "model/permission.h"

#include "model/item.h"
#include "node/text.h"

/* Does any of LIST match? PATTERNS are actions or ARNs. */
static enum eg_truth any_action(struct eg_scenario *scenario, const struct eg_node *patterns,
                                const struct eg_node *action) {
    enum eg_truth any = EG_FALSE;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, patterns);
    while (any != EG_TRUE && eg_walk_next(&walk))
        any = eg_truth_or(any, walk.element->kind == EG_STRING
                                   ? eg_text_matches_glob(action, walk.element->as.text, true)
                                   : EG_UNDECIDED);
    return any;
}

bool eg_statement_has_action(struct eg_scenario *scenario, const struct eg_item *statement,
                             const char *action) {
    const struct eg_node *wanted = eg_node_string(scenario->arena, eg_str_from(action), NULL);
    return any_action(scenario, eg_item_get(scenario, statement, "actions"), wanted) == EG_TRUE;
}

static enum eg_truth any_resource(struct eg_scenario *scenario, const struct eg_node *patterns,
                                  const struct eg_node *resource) {
    enum eg_truth any = EG_FALSE;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, patterns);
    while (any != EG_TRUE && eg_walk_next(&walk))
        any = eg_truth_or(any, eg_arn_matches(scenario, walk.element, resource));
    return any;
}

static enum eg_truth covers(struct eg_scenario *scenario, const struct eg_item *statement,
                            const struct eg_node *action, const struct eg_node *resource) {
    const struct eg_node *actions = eg_item_given(scenario, statement, "actions");
    enum eg_truth matches =
        actions->kind != EG_ABSENT
            ? any_action(scenario, actions, action)
            : eg_truth_not(
                  any_action(scenario, eg_item_get(scenario, statement, "notActions"), action));
    if (matches == EG_FALSE)
        return EG_FALSE;
    const struct eg_node *resources = eg_item_given(scenario, statement, "resources");
    if (resources->kind != EG_ABSENT)
        return eg_truth_and(matches, any_resource(scenario, resources, resource));
    const struct eg_node *all_but = eg_item_given(scenario, statement, "notResources");
    if (all_but->kind == EG_ABSENT)
        return matches; /* a resource policy's statement may go without */
    return eg_truth_and(matches, eg_truth_not(any_resource(scenario, all_but, resource)));
}

struct eg_permission eg_model_permission(struct eg_scenario *scenario, const struct eg_object *role,
                                         const char *action, const struct eg_node *resource) {
    const struct eg_item *item = eg_item_of(role);
    const struct eg_node *wanted = eg_node_string(scenario->arena, eg_str_from(action), NULL);
    enum eg_truth plain = EG_FALSE;
    enum eg_truth conditional = EG_FALSE;
    enum eg_truth deny = EG_FALSE;
    const struct eg_node *why = NULL;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, item, "statements"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *statement = eg_item_in(walk.element);
        if (statement == NULL) {
            plain = eg_truth_or(plain, EG_UNDECIDED);
            why = why == NULL ? walk.element : why;
            continue;
        }
        enum eg_truth covered = covers(scenario, statement, wanted, resource);
        /* One that isn't known may be there. */
        bool has_condition =
            eg_truth_of(eg_item_get(scenario, statement, "hasCondition")) != EG_FALSE;
        if (eg_node_is_string(eg_item_get(scenario, statement, "effect"), "Deny"))
            /* A conditional Deny is for other requests (no TLS, another VPC). */
            deny = has_condition ? deny : eg_truth_or(deny, covered);
        else if (has_condition)
            conditional = eg_truth_or(conditional, covered);
        else
            plain = eg_truth_or(plain, covered);
    }
    struct eg_permission permission = {
        .granted = eg_truth_and(eg_truth_or(plain, conditional), eg_truth_not(deny)),
        .conditional = plain != EG_TRUE && conditional == EG_TRUE,
        .denied = deny == EG_TRUE,
        .why = why,
    };
    if (permission.granted == EG_FALSE && !permission.denied) {
        const struct eg_node *complete = eg_item_get(scenario, item, "policiesComplete");
        if (!eg_is_true(complete)) {
            permission.granted = EG_UNDECIDED;
            permission.why = complete;
        }
    }
    return permission;
}

enum eg_truth eg_model_role_allows(struct eg_scenario *scenario, const struct eg_object *role,
                                   const char *action, const struct eg_node *resource) {
    return eg_model_permission(scenario, role, action, resource).granted;
}
