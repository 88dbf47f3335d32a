/* Facts of roles: trust, statements of every policy attached in the input, and who uses them.
 * Which policies a role has is collected as the IAM user guide describes it: inline ones of the
 * role, AWS::IAM::Policy, AWS::IAM::RolePolicy and AWS::IAM::ManagedPolicy that name it, and the
 * managed ones that it names. */
#include "model/role.h"

#include "model/facts.h"
#include "model/statement.h"
#include "node/text.h"

/* ---- finding and comparing ---- */

const struct eg_node *eg_role_find(struct eg_scenario *scenario, const struct eg_item *self,
                                   const struct eg_node *value) {
    value = eg_scenario_force(scenario, value);
    if (eg_is_blank(value))
        return eg_node_absent();
    struct eg_resource *resource =
        eg_index_find(&self->build->index, EG_NAMES_ROLE, self->stack, value);
    const struct eg_item *item = eg_item_for(self->build, resource);
    return eg_item_is_type(item, "role") ? item->node : eg_item_outside(self, value);
}

/* "svc/app" of arn:aws:iam::1:role/svc/app, "app" of a bare name; the empty text if not known. */
static struct eg_str path_and_name(const struct eg_node *value) {
    struct eg_str text = value->kind == EG_STRING ? value->as.text : eg_text_known_end(value);
    struct eg_str mark = EG_STR(":role/");
    size_t found = eg_str_find(text, mark, 0);
    if (found != SIZE_MAX)
        return eg_str_from_offset(text, found + mark.length);
    return value->kind == EG_STRING ? text : EG_STR("");
}

enum eg_truth eg_role_same(struct eg_scenario *scenario, const struct eg_item *self,
                           const struct eg_node *a, const struct eg_node *b,
                           const struct eg_node **ret_why) {
    a = eg_scenario_force(scenario, a);
    b = eg_scenario_force(scenario, b);
    if (eg_is_blank(a) || eg_is_blank(b))
        return EG_FALSE;
    const struct eg_item *role_a = eg_item_in(eg_role_find(scenario, self, a));
    const struct eg_item *role_b = eg_item_in(eg_role_find(scenario, self, b));
    if (role_a != NULL && role_b != NULL) {
        if (role_a == role_b)
            return EG_TRUE;
        /* Two resources of one name are one role (and a failed deployment). */
        const struct eg_node *name_a = eg_item_given(scenario, role_a, "roleName");
        const struct eg_node *name_b = eg_item_given(scenario, role_b, "roleName");
        if (eg_is_blank(name_a) || eg_is_blank(name_b))
            return EG_FALSE;
        return eg_text_equal(scenario, name_a, name_b) == EG_TRUE ? EG_TRUE : EG_FALSE;
    }
    struct eg_str name_a = path_and_name(a);
    struct eg_str name_b = path_and_name(b);
    if (name_a.length > 0 && name_b.length > 0)
        return eg_str_equal(name_a, name_b) ? EG_TRUE : EG_FALSE;
    enum eg_truth same = eg_text_equal(scenario, a, b);
    if (same == EG_UNDECIDED && ret_why != NULL)
        *ret_why = a->kind == EG_UNKNOWN ? a : b->kind == EG_UNKNOWN ? b : NULL;
    return same;
}

/* ---- policies ---- */

/* "AmazonECSTaskExecutionRolePolicy" of an AWS managed policy's ARN; empty if it is none of AWS's
 * or not known. */
static struct eg_str managed_name(const struct eg_node *arn, bool *ret_is_aws) {
    struct eg_str text = arn->kind == EG_STRING ? arn->as.text : eg_text_known_end(arn);
    size_t found = eg_str_find(text, EG_STR(":policy/"), 0);
    *ret_is_aws = eg_str_contains(text, EG_STR(":aws:policy/"));
    if (found == SIZE_MAX)
        return EG_STR("");
    size_t slash = eg_str_find_last(text, '/');
    return eg_str_from_offset(text, slash + 1);
}

/* What visiting a role's policies does with each. */
struct policy_visit {
    struct eg_scenario *scenario;
    const struct eg_item *role;
    struct eg_links *statements;   /* or NULL */
    struct eg_list_builder *names; /* or NULL: names of managed policies */
    bool own_only;                 /* what AWS's policies say need not be seen */
    const struct eg_node *unseen;  /* the first policy that can't be seen */
};

static void visit_document(struct policy_visit *visit, const struct eg_resource *resource,
                           const struct eg_node *name, const struct eg_node *document) {
    document = eg_scenario_force(visit->scenario, document);
    if (document->kind == EG_UNKNOWN && visit->unseen == NULL)
        visit->unseen = document;
    if (visit->statements == NULL)
        return;
    struct eg_policy_source source = {
        .item = visit->role,
        .resource = visit->role->build->resource_items[resource->number],
        .name = name,
    };
    eg_statements_add(visit->scenario, visit->statements, &source, document);
}

/* A policy that can't be seen, or that a condition hides: its statements may be there. */
static void note_unseen(struct policy_visit *visit, const struct eg_node *unknown) {
    if (visit->unseen == NULL)
        visit->unseen = unknown;
    if (visit->statements != NULL)
        eg_links_add_maybe(visit->statements, unknown);
}

static void visit_inline(struct policy_visit *visit) {
    struct eg_walk walk;
    eg_walk_begin(&walk, visit->scenario,
                  eg_item_property(visit->scenario, visit->role, "Policies"));
    while (eg_walk_next(&walk)) {
        if (walk.element->kind != EG_MAP) {
            note_unseen(visit, eg_item_outside(visit->role, walk.element));
            continue;
        }
        visit_document(visit, visit->role->resource,
                       eg_member(visit->scenario, walk.element, "PolicyName"),
                       eg_node_get(walk.element, EG_STR("PolicyDocument")));
    }
}

static void visit_policy_resource(struct policy_visit *visit, struct eg_resource *resource) {
    if (visit->role->build->resource_items[resource->number] == NULL)
        return;
    const struct eg_node *name = eg_property(visit->scenario, resource, "PolicyName");
    if (name->kind == EG_ABSENT)
        name = eg_item_text(visit->role, resource->logical_id, resource->raw);
    visit_document(visit, resource, name, eg_resource_property(resource, "PolicyDocument"));
}

/* Is the role among those a policy resource names? By reference or by name. *RET_HIDDEN: the
 * unknown of a condition that hides who is named, or NULL. */
static bool is_attached(struct policy_visit *visit, const struct eg_resource *resource,
                        const struct eg_node **ret_hidden) {
    *ret_hidden = NULL;
    const struct eg_index *index = &visit->role->build->index;
    const struct eg_node *roles = eg_property(visit->scenario, resource, "Roles");
    if (roles->kind == EG_ABSENT)
        roles = eg_property(visit->scenario, resource, "RoleName");
    struct eg_walk walk;
    eg_walk_begin(&walk, visit->scenario, roles);
    while (eg_walk_next(&walk)) {
        if (eg_index_find(index, EG_NAMES_ROLE, resource->stack, walk.element) ==
            visit->role->resource)
            return true;
        if (walk.element->kind == EG_UNKNOWN && walk.element->as.unknown->why == EG_WHY_CONDITION)
            *ret_hidden = walk.element;
    }
    return false;
}

static void visit_attached(struct policy_visit *visit, const char *type) {
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &visit->role->build->index, visit->role->resource, type);
    const struct eg_node *hidden;
    while (eg_incoming_next(&incoming))
        if (is_attached(visit, incoming.resource, &hidden))
            visit_policy_resource(visit, incoming.resource);
        else if (hidden != NULL)
            note_unseen(visit, hidden);
}

static void visit_managed_arn(struct policy_visit *visit, const struct eg_node *arn) {
    const struct eg_build *build = visit->role->build;
    struct eg_resource *resource =
        eg_index_find(&build->index, EG_NAMES_MANAGED_POLICY, visit->role->stack, arn);
    bool is_aws;
    struct eg_str name = managed_name(arn, &is_aws);
    if (resource != NULL && eg_str_is(resource->type, "AWS::IAM::ManagedPolicy") && !is_aws) {
        /* One that names the role as well was visited with those. */
        const struct eg_node *hidden;
        if (!is_attached(visit, resource, &hidden))
            visit_policy_resource(visit, resource);
        return;
    }
    if (visit->names != NULL) {
        if (name.length > 0)
            eg_list_add(visit->names, eg_item_text(visit->role, name, arn));
        else
            eg_list_add(visit->names, eg_item_outside(visit->role, arn));
    }
    if (visit->statements != NULL && is_aws) {
        struct eg_policy_source source = {.item = visit->role, .name = arn, .aws_managed = true};
        eg_statements_add_managed(visit->statements, &source, name);
    }
    if (visit->unseen == NULL && !(is_aws && (visit->own_only || eg_statements_know(name))))
        visit->unseen = eg_item_outside(visit->role, arn);
}

static void visit_policies(struct policy_visit *visit) {
    visit_inline(visit);
    visit_attached(visit, "AWS::IAM::Policy");
    visit_attached(visit, "AWS::IAM::RolePolicy");
    visit_attached(visit, "AWS::IAM::ManagedPolicy");
    struct eg_walk walk;
    eg_walk_begin(&walk, visit->scenario,
                  eg_item_property(visit->scenario, visit->role, "ManagedPolicyArns"));
    while (eg_walk_next(&walk))
        visit_managed_arn(visit, walk.element);
}

static const struct eg_node *role_statements(struct eg_scenario *scenario,
                                             const struct eg_item *role) {
    struct eg_links links;
    eg_links_begin(&links, role);
    struct policy_visit visit = {.scenario = scenario, .role = role, .statements = &links};
    visit_policies(&visit);
    return eg_links_end(&links);
}

static const struct eg_node *role_managed_policies(struct eg_scenario *scenario,
                                                   const struct eg_item *role) {
    struct eg_list_builder names;
    eg_list_begin(&names, role->build->arena);
    struct policy_visit visit = {.scenario = scenario, .role = role, .names = &names};
    visit_policies(&visit);
    return eg_list_node(&names, role->object.raw);
}

static const struct eg_node *role_policies_complete(struct eg_scenario *scenario,
                                                    const struct eg_item *role) {
    struct policy_visit visit = {.scenario = scenario, .role = role};
    visit_policies(&visit);
    return visit.unseen == NULL ? eg_node_bool(true) : visit.unseen;
}

static const struct eg_node *role_own_complete(struct eg_scenario *scenario,
                                               const struct eg_item *role) {
    struct policy_visit visit = {.scenario = scenario, .role = role, .own_only = true};
    visit_policies(&visit);
    return visit.unseen == NULL ? eg_node_bool(true) : visit.unseen;
}

static const struct eg_node *role_trust(struct eg_scenario *scenario, const struct eg_item *role) {
    struct eg_links links;
    eg_links_begin(&links, role);
    struct eg_policy_source source = {
        .item = role,
        .resource = role->build->resource_items[role->resource->number],
    };
    eg_statements_add(scenario, &links, &source,
                      eg_resource_property(role->resource, "AssumeRolePolicyDocument"));
    return eg_links_end(&links);
}

/* ---- who uses it ---- */

/* Task definitions whose FIELD (a link to a role) is this role, and those of launch sites whose
 * override says so. */
static const struct eg_node *users(struct eg_scenario *scenario, const struct eg_item *role,
                                   const char *field) {
    struct eg_links links;
    eg_links_begin(&links, role);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &role->build->index, role->resource);
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *user = eg_item_for(role->build, incoming.resource);
        if (eg_item_is_type(user, "taskDefinition")) {
            eg_links_add_back(&links, scenario, user, field);
            continue;
        }
        struct eg_site_walk sites;
        eg_site_walk_begin(&sites, role->build, incoming.resource);
        while (eg_site_walk_next(&sites))
            if (eg_item_link(scenario, sites.site, field) == role)
                eg_links_add(&links, eg_item_link(scenario, sites.site, "taskDefinition"));
    }
    return eg_links_end(&links);
}

static const struct eg_node *role_execution_users(struct eg_scenario *scenario,
                                                  const struct eg_item *role) {
    return users(scenario, role, "executionRole");
}

static const struct eg_node *role_task_users(struct eg_scenario *scenario,
                                             const struct eg_item *role) {
    return users(scenario, role, "taskRole");
}

static const struct eg_node *role_invocation_users(struct eg_scenario *scenario,
                                                   const struct eg_item *role) {
    struct eg_links links;
    eg_links_begin(&links, role);
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &role->build->index, role->resource);
    while (eg_incoming_next(&incoming)) {
        struct eg_site_walk sites;
        eg_site_walk_begin(&sites, role->build, incoming.resource);
        while (eg_site_walk_next(&sites))
            eg_links_add_back(&links, scenario, sites.site, "invocationRole");
    }
    return eg_links_end(&links);
}

static bool names_role(struct eg_scenario *scenario, const struct eg_item *role,
                       const struct eg_node *value) {
    return eg_item_in(eg_role_find(scenario, role, value)) == role;
}

static const struct eg_node *role_is_infrastructure(struct eg_scenario *scenario,
                                                    const struct eg_item *role) {
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &role->build->index, role->resource,
                      "AWS::ECS::ExpressGatewayService");
    while (eg_incoming_next(&incoming))
        if (names_role(scenario, role,
                       eg_resource_property(incoming.resource, "InfrastructureRoleArn")))
            return eg_node_bool(true);
    eg_incoming_begin(&incoming, &role->build->index, role->resource, "AWS::ECS::Service");
    while (eg_incoming_next(&incoming)) {
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario,
                      eg_property(scenario, incoming.resource, "VolumeConfigurations"));
        while (eg_walk_next(&walk))
            if (names_role(scenario, role,
                           eg_member(scenario,
                                     eg_member(scenario, walk.element, "ManagedEBSVolume"),
                                     "RoleArn")))
                return eg_node_bool(true);
        eg_walk_begin(&walk, scenario, eg_property(scenario, incoming.resource, "LoadBalancers"));
        while (eg_walk_next(&walk))
            if (names_role(scenario, role,
                           eg_member(scenario,
                                     eg_member(scenario, walk.element, "AdvancedConfiguration"),
                                     "RoleArn")))
                return eg_node_bool(true);
    }
    return eg_node_bool(false);
}

static const struct eg_node *role_is_instance(struct eg_scenario *scenario,
                                              const struct eg_item *role) {
    (void)scenario;
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &role->build->index, role->resource, "AWS::IAM::InstanceProfile");
    return eg_node_bool(eg_incoming_next(&incoming));
}

static bool is_ecs_tasks(struct eg_scenario *scenario, const struct eg_item *principal) {
    return eg_node_is_string(eg_item_get(scenario, principal, "type"), "Service") &&
           eg_text_starts_with(eg_item_get(scenario, principal, "value"), EG_STR("ecs-tasks.")) ==
               EG_TRUE;
}

/* May tasks have it, of whatever stack? A role is often made in one stack and used in another. */
static bool trusts_tasks(struct eg_scenario *scenario, const struct eg_item *role) {
    struct eg_walk statements;
    eg_walk_begin(&statements, scenario, eg_item_get(scenario, role, "trust"));
    while (eg_walk_next(&statements)) {
        const struct eg_item *statement = eg_item_in(statements.element);
        if (statement == NULL ||
            !eg_node_is_string(eg_item_get(scenario, statement, "effect"), "Allow"))
            continue;
        struct eg_walk principals;
        eg_walk_begin(&principals, scenario, eg_item_get(scenario, statement, "principals"));
        while (eg_walk_next(&principals)) {
            const struct eg_item *principal = eg_item_in(principals.element);
            if (principal != NULL && is_ecs_tasks(scenario, principal))
                return true;
        }
    }
    return false;
}

static const struct eg_node *role_is_used(struct eg_scenario *scenario,
                                          const struct eg_item *role) {
    static const char *const fields[] = {"usedAsExecutionRoleOf", "usedAsTaskRoleOf",
                                         "usedAsInvocationRoleOf"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, role, fields[i]));
        if (eg_walk_next(&walk))
            return eg_node_bool(true);
    }
    if (trusts_tasks(scenario, role))
        return eg_node_bool(true);
    return eg_item_get(scenario, role, "usedAsInfrastructureRole");
}

const struct eg_fact eg_facts_role[] = {
    {"role", "trust", role_trust},
    {"role", "statements", role_statements},
    {"role", "managedPolicies", role_managed_policies},
    {"role", "policiesComplete", role_policies_complete},
    {"role", "ownPoliciesComplete", role_own_complete},
    {"role", "usedAsExecutionRoleOf", role_execution_users},
    {"role", "usedAsTaskRoleOf", role_task_users},
    {"role", "usedAsInvocationRoleOf", role_invocation_users},
    {"role", "usedAsInfrastructureRole", role_is_infrastructure},
    {"role", "usedAsInstanceRole", role_is_instance},
    {"role", "usedByEcs", role_is_used},
    {NULL, NULL, NULL},
};
