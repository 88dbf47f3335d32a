/* What a role must be allowed for a task to start and work, and whether it is: requiredPermissions
 * of containers, task definitions and launch sites (catalogue REG-003, REG-005, LOG-003, SEC-005,
 * HARD-009). Which actions ECS needs is told in "Amazon ECS task execution IAM role" and "Task IAM
 * role" of the ECS developer guide. */
#include "model/facts.h"
#include "model/permission.h"
#include "model/reference.h"
#include "model/role.h"
#include "model/task.h"
#include "node/text.h"

/* What the rows of one list are made with. */
struct needs {
    struct eg_scenario *scenario;
    const struct eg_item *of;
    const struct eg_item *roles; /* whose roles: a task definition or a launch site */
    bool task_role;              /* which of them must have the permissions */
    struct eg_list_builder rows;
};

static void begin(struct needs *needs, struct eg_scenario *scenario, const struct eg_item *of,
                  const struct eg_item *roles, bool task_role) {
    *needs = (struct needs){.scenario = scenario, .of = of, .roles = roles, .task_role = task_role};
    eg_list_begin(&needs->rows, of->build->arena);
}

static const struct eg_node *role_of(struct eg_scenario *scenario, const struct eg_item *roles,
                                     bool task_role) {
    return eg_item_given(scenario, roles, task_role ? "taskRole" : "executionRole");
}

/* ---- one row: whether it is granted is asked under many scenarios ---- */

struct row {
    const struct eg_item *roles;
    bool task_role;
    const char *action;
    const struct eg_node *resource;
    const struct eg_permission *fixed; /* known beforehand; NULL: ask the role */
};

static struct eg_permission ask(struct eg_scenario *scenario, const struct row *row,
                                bool task_role) {
    const struct eg_node *role = role_of(scenario, row->roles, task_role);
    const struct eg_item *item = eg_item_in(role);
    if (item != NULL)
        return eg_model_permission(scenario, &item->object, row->action, row->resource);
    if (role->kind == EG_UNKNOWN)
        return (struct eg_permission){.granted = EG_UNDECIDED, .why = role};
    return (struct eg_permission){.granted = EG_FALSE};
}

static struct eg_permission permission_of(struct eg_scenario *scenario,
                                          const struct eg_item *item) {
    const struct row *row = item->extra;
    return row->fixed != NULL ? *row->fixed : ask(scenario, row, row->task_role);
}

static const struct eg_node *truth_of(struct eg_scenario *scenario, const struct eg_item *item,
                                      const struct eg_permission *permission) {
    const struct row *row = item->extra;
    const struct eg_node *why = permission->why;
    if (permission->granted == EG_UNDECIDED && why == NULL)
        why = eg_item_unknown(
            item, EG_WHY_ATTRIBUTE,
            eg_str_format(item->build->arena, "whether a policy's resource is %.*s",
                          EG_STR_ARGS(eg_node_text(eg_item_get(scenario, item, "resource")))),
            row->resource);
    return eg_item_truth(item, permission->granted, why);
}

static const struct eg_node *row_granted(struct eg_scenario *scenario, const struct eg_item *item) {
    struct eg_permission permission = permission_of(scenario, item);
    return truth_of(scenario, item, &permission);
}

static const struct eg_node *row_granted_to_other(struct eg_scenario *scenario,
                                                  const struct eg_item *item) {
    const struct row *row = item->extra;
    if (row->fixed != NULL)
        return NULL;
    struct eg_permission permission = ask(scenario, row, !row->task_role);
    return truth_of(scenario, item, &permission);
}

static const struct eg_node *row_conditional(struct eg_scenario *scenario,
                                             const struct eg_item *item) {
    return eg_node_bool(permission_of(scenario, item).conditional);
}

static const struct eg_node *row_reason(struct eg_scenario *scenario, const struct eg_item *item) {
    const struct row *row = item->extra;
    struct eg_permission permission = permission_of(scenario, item);
    const char *reason = permission.denied ? "a Deny statement forbids it"
                         : permission.granted == EG_TRUE
                             ? (permission.conditional ? "allowed under a condition" : "allowed")
                         : permission.granted == EG_UNDECIDED
                             ? "the role, one of its policies or a name can't be seen"
                         : role_of(scenario, row->roles, row->task_role)->kind == EG_ABSENT
                             ? "there is no such role"
                             : "no policy allows it";
    return eg_item_text(item, eg_str_from(reason), item->object.raw);
}

static void add_row(struct needs *needs, const char *purpose, const char *action,
                    const struct eg_node *resource, const struct eg_node *subject,
                    const struct eg_permission *fixed) {
    struct eg_arena *arena = needs->of->build->arena;
    struct row *row = EG_NEW(arena, struct row);
    *row = (struct row){needs->roles, needs->task_role, action, resource, fixed};
    struct eg_item *item =
        eg_item_new(needs->of->build, &(struct eg_item_spec){.type = "Permission",
                                                             .resource = needs->of->resource,
                                                             .stack = needs->of->stack,
                                                             .parent = needs->of,
                                                             .presence = needs->of->presence,
                                                             .raw = subject,
                                                             .extra = row});
    eg_item_set_text(item, "purpose", eg_str_from(purpose));
    eg_item_set_text(item, "action", eg_str_from(action));
    eg_item_set_text(item, "resource",
                     eg_text_is(resource) ? eg_text_show(arena, resource) : EG_STR("*"));
    eg_item_set_text(item, "subject",
                     eg_text_is(subject) ? eg_text_show(arena, subject) : EG_STR(""));
    eg_item_set_text(item, "role", eg_str_from(needs->task_role ? "task" : "execution"));
    eg_list_add(&needs->rows, item->node);
}

static void need(struct needs *needs, const char *purpose, const char *action,
                 const struct eg_node *resource, const struct eg_node *subject) {
    add_row(needs, purpose, action, resource, subject, NULL);
}

static const struct eg_node *everything(const struct needs *needs) {
    return eg_item_text(needs->of, EG_STR("*"), needs->of->object.raw);
}

/* ---- images ---- */

static const struct eg_node *repository_arn(struct needs *needs, const struct eg_item *image) {
    const struct eg_item *repository = eg_item_link(needs->scenario, image, "repositoryObject");
    if (repository != NULL)
        return eg_reference_to(repository->build->arena, repository->resource, "Arn",
                               image->object.raw);
    return eg_arn_of(needs->of->build->arena, "ecr", eg_item_get(needs->scenario, image, "region"),
                     eg_item_get(needs->scenario, image, "account"), "repository/",
                     eg_item_get(needs->scenario, image, "repository"), image->object.raw);
}

static void need_image(struct needs *needs, const struct eg_item *container) {
    static const char *const actions[] = {"ecr:BatchCheckLayerAvailability",
                                          "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"};
    const struct eg_item *image = eg_item_link(needs->scenario, container, "imageParts");
    if (image == NULL || !eg_item_is(needs->scenario, image, "isEcr"))
        return;
    const struct eg_node *subject = eg_item_get(needs->scenario, image, "text");
    need(needs, "image", "ecr:GetAuthorizationToken", everything(needs), subject);
    const struct eg_node *arn = repository_arn(needs, image);
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        need(needs, "image", actions[i], arn, subject);
}

/* ---- secrets ---- */

/* The key's own policy may allow a role by name; identity policies need not then. */
static bool key_allows(struct needs *needs, const struct eg_item *key) {
    const struct eg_item *role =
        eg_item_in(role_of(needs->scenario, needs->roles, needs->task_role));
    struct eg_walk walk;
    if (role == NULL)
        return false;
    eg_walk_begin(&walk, needs->scenario, eg_item_get(needs->scenario, key, "policyStatements"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *statement = eg_item_in(walk.element);
        if (statement == NULL ||
            !eg_node_is_string(eg_item_get(needs->scenario, statement, "effect"), "Allow") ||
            !eg_statement_has_action(needs->scenario, statement, "kms:Decrypt"))
            continue;
        struct eg_walk principals;
        eg_walk_begin(&principals, needs->scenario,
                      eg_item_get(needs->scenario, statement, "principals"));
        while (eg_walk_next(&principals)) {
            const struct eg_item *principal = eg_item_in(principals.element);
            if (principal != NULL &&
                eg_item_in(eg_role_find(needs->scenario, role,
                                        eg_item_given(needs->scenario, principal, "value"))) ==
                    role)
                return true;
        }
    }
    return false;
}

/* A secret that a key of one's own encrypts needs kms:Decrypt as well. */
static void need_key(struct needs *needs, const char *purpose, const struct eg_item *secret,
                     const struct eg_node *subject) {
    static const struct eg_permission granted = {.granted = EG_TRUE};
    const struct eg_node *id = eg_item_given(needs->scenario, secret, "kmsKeyId");
    if (eg_is_blank(id) || eg_str_ends_with(eg_node_text(id), EG_STR("alias/aws/secretsmanager")))
        return;
    const struct eg_item *key = eg_item_link(needs->scenario, secret, "kmsKey");
    if (key == NULL) {
        bool arn = eg_text_is(id) && eg_text_starts_with(id, EG_STR("arn:")) == EG_TRUE;
        need(needs, purpose, "kms:Decrypt", arn ? id : eg_item_outside(secret, id), subject);
        return;
    }
    const struct eg_node *arn =
        eg_reference_to(key->build->arena, key->resource, "Arn", secret->object.raw);
    if (key_allows(needs, key))
        add_row(needs, purpose, "kms:Decrypt", arn, subject, &granted);
    else
        need(needs, purpose, "kms:Decrypt", arn, subject);
}

/* A parameter under this path stands for a secret ("Referencing Secrets Manager secrets from
 * Parameter Store parameters"). */
static void need_secret_behind(struct needs *needs, const char *purpose,
                               const struct eg_item *reference, const struct eg_node *subject) {
    static const char path[] = "/aws/reference/secretsmanager/";
    struct eg_str name = eg_node_text(eg_item_get(needs->scenario, reference, "name"));
    if (!eg_str_starts_with(name, eg_str_from(path)))
        return;
    const struct eg_node *arn = eg_arn_of(
        needs->of->build->arena, "secretsmanager", needs->of->stack->region,
        needs->of->stack->account,
        "secret:", eg_item_text(reference, eg_str_from_offset(name, sizeof path - 1), subject),
        subject);
    need(needs, purpose, "secretsmanager:GetSecretValue", arn, subject);
}

static void need_reference(struct needs *needs, const char *purpose,
                           const struct eg_node *reference, const struct eg_node *subject) {
    const struct eg_item *item = eg_item_in(reference);
    if (item == NULL)
        return;
    const struct eg_node *service = eg_item_get(needs->scenario, item, "service");
    if (service->kind != EG_STRING) {
        struct eg_permission *open = EG_NEW(needs->of->build->arena, struct eg_permission);
        *open = (struct eg_permission){.granted = EG_UNDECIDED, .why = service};
        add_row(needs, purpose, "secretsmanager:GetSecretValue", service, subject, open);
        return;
    }
    if (eg_node_is_string(service, "secretsmanager")) {
        need(needs, purpose, "secretsmanager:GetSecretValue", item->value, subject);
        const struct eg_item *secret = eg_item_link(needs->scenario, item, "secret");
        if (secret != NULL && eg_item_is_type(secret, "secret"))
            need_key(needs, purpose, secret, subject);
    } else if (eg_node_is_string(service, "ssm")) {
        need(needs, purpose, "ssm:GetParameters", item->value, subject);
        need_secret_behind(needs, purpose, item, subject);
    }
}

static void need_secrets(struct needs *needs, const char *purpose, const struct eg_node *list) {
    struct eg_walk walk;
    eg_walk_begin(&walk, needs->scenario, list);
    while (eg_walk_next(&walk)) {
        const struct eg_item *secret = eg_item_in(walk.element);
        if (secret != NULL)
            need_reference(needs, purpose, eg_item_get(needs->scenario, secret, "reference"),
                           eg_item_get(needs->scenario, secret, "name"));
    }
}

/* ---- S3 and logs ---- */

/* arn:aws:s3:::bucket/key: the object, and the bucket's location. */
static void need_object(struct needs *needs, const char *purpose, const struct eg_node *arn) {
    if (!eg_text_is(arn))
        return;
    need(needs, purpose, "s3:GetObject", arn, arn);
    need(needs, purpose, "s3:GetBucketLocation", eg_bucket_of(needs->of->build->arena, arn), arn);
}

static void need_environment_files(struct needs *needs, const struct eg_item *container) {
    struct eg_walk walk;
    eg_walk_begin(&walk, needs->scenario,
                  eg_item_get(needs->scenario, container, "environmentFiles"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *file = eg_item_in(walk.element);
        if (file != NULL)
            need_object(needs, "environment-file", eg_item_given(needs->scenario, file, "value"));
    }
}

/* As Docker's awslogs driver reads it (Go's strconv.ParseBool). */
static bool is_yes(const struct eg_node *option) {
    static const char *const words[] = {"true", "True", "TRUE", "t", "T", "1"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (eg_node_is_string(option, words[i]))
            return true;
    return eg_is_true(option);
}

static void need_logs(struct needs *needs, const struct eg_item *container,
                      const struct eg_item *log) {
    if (!eg_node_is_string(eg_item_get(needs->scenario, log, "logDriver"), "awslogs"))
        return;
    const struct eg_node *options = eg_item_get(needs->scenario, log, "options");
    const struct eg_node *name;
    const struct eg_item *group = eg_container_log_group(needs->scenario, container, &name);
    const struct eg_node *create = eg_member(needs->scenario, options, "awslogs-create-group");
    struct eg_arena *arena = needs->of->build->arena;
    if (eg_is_blank(name))
        return;
    const struct eg_node *region = eg_member(needs->scenario, options, "awslogs-region");
    const struct eg_node *group_name = eg_text_is(name) ? name : eg_item_outside(container, name);
    const struct eg_node *arn =
        eg_arn_of(arena, "logs", eg_is_blank(region) ? container->stack->region : region,
                  container->stack->account, "log-group:", group_name, name);
    const struct eg_node *streams = group != NULL
                                        ? eg_reference_to(arena, group->resource, "Arn", name)
                                        : eg_arn_with(arena, arn, ":*");
    need(needs, "log-group", "logs:CreateLogStream", streams, name);
    need(needs, "log-group", "logs:PutLogEvents", streams, name);
    if (is_yes(create))
        need(needs, "log-group", "logs:CreateLogGroup", streams, name);
}

static void need_router_file(struct needs *needs, const struct eg_item *container) {
    const struct eg_item *router =
        eg_item_link(needs->scenario, container, "firelensConfiguration");
    if (router == NULL)
        return;
    const struct eg_node *options = eg_item_get(needs->scenario, router, "options");
    if (eg_node_is_string(eg_member(needs->scenario, options, "config-file-type"), "s3"))
        need_object(needs, "firelens", eg_member(needs->scenario, options, "config-file-value"));
}

/* ---- the lists ---- */

static void need_container(struct needs *needs, const struct eg_item *container) {
    const struct eg_item *log = eg_item_link(needs->scenario, container, "logConfiguration");
    const struct eg_item *credentials =
        eg_item_link(needs->scenario, container, "repositoryCredentials");
    need_image(needs, container);
    if (credentials != NULL)
        need_reference(needs, "registry",
                       eg_item_given(needs->scenario, container, "registryCredential"),
                       eg_item_given(needs->scenario, credentials, "credentialsParameter"));
    need_secrets(needs, "secret", eg_item_get(needs->scenario, container, "secrets"));
    need_environment_files(needs, container);
    need_router_file(needs, container);
    if (log != NULL) {
        need_secrets(needs, "log-secret", eg_item_get(needs->scenario, log, "secretOptions"));
        need_logs(needs, container, log);
    }
}

static const struct eg_node *container_needs(struct eg_scenario *scenario,
                                             const struct eg_item *container) {
    struct needs needs;
    begin(&needs, scenario, container, container->parent, false);
    need_container(&needs, container);
    return eg_list_node(&needs.rows, container->object.raw);
}

/* An EFS volume with IAM authorization is mounted with the task role. */
static void need_file_systems(struct needs *needs, const struct eg_item *task) {
    struct eg_walk walk;
    eg_walk_begin(&walk, needs->scenario, eg_item_get(needs->scenario, task, "volumes"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *volume = eg_item_in(walk.element);
        const struct eg_item *efs =
            volume == NULL ? NULL : eg_item_link(needs->scenario, volume, "efsVolumeConfiguration");
        const struct eg_item *authorization =
            efs == NULL ? NULL : eg_item_link(needs->scenario, efs, "authorizationConfig");
        if (authorization == NULL ||
            !eg_node_is_string(eg_item_get(needs->scenario, authorization, "iam"), "ENABLED"))
            continue;
        const struct eg_node *id = eg_item_given(needs->scenario, efs, "fileSystemId");
        need(needs, "file-system", "elasticfilesystem:ClientMount",
             eg_arn_of(task->build->arena, "elasticfilesystem", task->stack->region,
                       task->stack->account, "file-system/", id, efs->object.raw),
             id);
    }
}

static const struct eg_node *task_needs(struct eg_scenario *scenario, const struct eg_item *task) {
    struct needs needs;
    begin(&needs, scenario, task, task, true);
    struct eg_walk containers;
    eg_walk_begin(&containers, scenario, eg_item_get(scenario, task, "containerDefinitions"));
    while (eg_walk_next(&containers)) {
        const struct eg_item *container = eg_item_in(containers.element);
        if (container == NULL) {
            eg_list_add(&needs.rows, containers.element);
            continue;
        }
        struct eg_walk rows;
        eg_walk_begin(&rows, scenario, eg_item_get(scenario, container, "requiredPermissions"));
        while (eg_walk_next(&rows))
            eg_list_add(&needs.rows, rows.element);
    }
    need_file_systems(&needs, task);
    return eg_list_node(&needs.rows, task->object.raw);
}

static const struct eg_node *site_needs(struct eg_scenario *scenario, const struct eg_item *site) {
    static const char *const actions[] = {
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"};
    struct needs needs;
    begin(&needs, scenario, site, site, true);
    const struct eg_node *exec = eg_item_get(scenario, site, "enableExecuteCommand");
    const struct eg_node *subject = eg_item_text(site, EG_STR("ECS Exec"), site->object.raw);
    for (size_t i = 0; i < sizeof actions / sizeof actions[0] && eg_is_true(exec); i++)
        need(&needs, "exec", actions[i], everything(&needs), subject);
    return eg_list_node(&needs.rows, site->object.raw);
}

const struct eg_fact eg_facts_permission[] = {
    {"container", "requiredPermissions", container_needs},
    {"taskDefinition", "requiredPermissions", task_needs},
    {"launchSite", "requiredPermissions", site_needs},
    {"Permission", "granted", row_granted},
    {"Permission", "grantedToOther", row_granted_to_other},
    {"Permission", "conditional", row_conditional},
    {"Permission", "reason", row_reason},
    {NULL, NULL, NULL},
};
