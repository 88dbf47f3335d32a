/* Facts of secrets and keys. */
#include "model/facts.h"
#include "model/holes.h"
#include "model/statement.h"
#include "model/task.h"
#include "node/text.h"

static const struct eg_node *secret_text(struct eg_scenario *scenario,
                                         const struct eg_item *secret) {
    const struct eg_node *value = eg_item_given(scenario, secret, "secretString");
    return value->kind == EG_ABSENT ? NULL
                                    : eg_value_text(scenario, secret, EG_STR("secret"), value);
}

static const struct eg_node *secret_sources(struct eg_scenario *scenario,
                                            const struct eg_item *secret) {
    const struct eg_node *value = eg_item_given(scenario, secret, "secretString");
    return value->kind == EG_ABSENT ? NULL : eg_value_sources(scenario, secret, value);
}

static const struct eg_item *generator(struct eg_scenario *scenario, const struct eg_item *secret) {
    return eg_item_link(scenario, secret, "generateSecretString");
}

/* The JSON that the secret holds; NULL: none. *RET_UNKNOWN: for want of knowledge. */
static const struct eg_node *content(struct eg_scenario *scenario, const struct eg_item *secret,
                                     const struct eg_node **ret_unknown) {
    const struct eg_node *value = eg_item_given(scenario, secret, "secretString");
    const struct eg_item *made = generator(scenario, secret);
    if (made != NULL)
        value = eg_item_given(scenario, made, "secretStringTemplate");
    return eg_holes_json(secret->build->arena, value, ret_unknown);
}

static const struct eg_node *secret_keys(struct eg_scenario *scenario,
                                         const struct eg_item *secret) {
    const struct eg_node *unknown;
    const struct eg_node *json = content(scenario, secret, &unknown);
    struct eg_list_builder keys;
    eg_list_begin(&keys, secret->build->arena);
    if (json == NULL && unknown != NULL)
        return eg_item_outside(secret, unknown);
    for (uint32_t i = 0; json != NULL && json->kind == EG_MAP && i < json->as.map.count; i++)
        eg_list_add(&keys, eg_item_text(secret, json->as.map.items[i].key, secret->object.raw));
    const struct eg_item *made = generator(scenario, secret);
    const struct eg_node *key =
        made == NULL ? eg_node_absent() : eg_item_given(scenario, made, "generateStringKey");
    if (!eg_is_blank(key))
        eg_list_add(&keys, key);
    /* An attachment to a database adds the connection: engine, host, port … */
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &secret->build->index, secret->resource,
                      "AWS::SecretsManager::SecretTargetAttachment");
    if (eg_incoming_next(&incoming)) {
        static const char *const added[] = {"engine", "host", "port", "dbname",
                                            "dbInstanceIdentifier"};
        for (size_t i = 0; i < sizeof added / sizeof added[0]; i++)
            eg_list_add(&keys, eg_item_text(secret, eg_str_from(added[i]), secret->object.raw));
    }
    return eg_list_node(&keys, secret->object.raw);
}

static const struct eg_node *secret_is_json(struct eg_scenario *scenario,
                                            const struct eg_item *secret) {
    const struct eg_node *unknown;
    const struct eg_node *json = content(scenario, secret, &unknown);
    if (json == NULL && unknown != NULL)
        return eg_item_outside(secret, unknown);
    return eg_node_bool(json != NULL && json->kind == EG_MAP);
}

static const struct eg_node *secret_is_empty(struct eg_scenario *scenario,
                                             const struct eg_item *secret) {
    return eg_node_bool(eg_is_blank(eg_item_given(scenario, secret, "secretString")) &&
                        eg_item_given(scenario, secret, "generateSecretString")->kind == EG_ABSENT);
}

static const struct eg_node *secret_key(struct eg_scenario *scenario,
                                        const struct eg_item *secret) {
    const struct eg_node *id = eg_item_given(scenario, secret, "kmsKeyId");
    if (eg_str_ends_with(eg_node_text(id), EG_STR("alias/aws/secretsmanager")))
        return NULL;
    return eg_item_follow(scenario, secret, id, "kmsKey");
}

static bool has_incoming(const struct eg_item *item, const char *type) {
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &item->build->index, item->resource, type);
    return eg_incoming_next(&incoming);
}

/* A schedule of its own, or of the attachment through which the CDK names it. */
static const struct eg_node *secret_is_rotated(struct eg_scenario *scenario,
                                               const struct eg_item *secret) {
    (void)scenario;
    if (has_incoming(secret, "AWS::SecretsManager::RotationSchedule"))
        return eg_node_bool(true);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &secret->build->index, secret->resource,
                      "AWS::SecretsManager::SecretTargetAttachment");
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *attachment = secret->build->resource_items[incoming.resource->number];
        if (attachment != NULL && has_incoming(attachment, "AWS::SecretsManager::RotationSchedule"))
            return eg_node_bool(true);
    }
    return eg_node_bool(false);
}

static const struct eg_node *secret_policy(struct eg_scenario *scenario,
                                           const struct eg_item *secret) {
    struct eg_links links;
    eg_links_begin(&links, secret);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &secret->build->index, secret->resource,
                      "AWS::SecretsManager::ResourcePolicy");
    while (eg_incoming_next(&incoming)) {
        struct eg_policy_source source = {
            .item = secret, .resource = secret->build->resource_items[incoming.resource->number]};
        eg_statements_add(scenario, &links, &source,
                          eg_resource_property(incoming.resource, "ResourcePolicy"));
    }
    return eg_links_end(&links);
}

/* ---- containers that get it ---- */

static bool reference_is(struct eg_scenario *scenario, const struct eg_node *reference,
                         const struct eg_item *secret) {
    const struct eg_item *item = eg_item_in(reference);
    return item != NULL && eg_item_link(scenario, item, "secret") == secret;
}

static bool any_secret_is(struct eg_scenario *scenario, const struct eg_node *list,
                          const struct eg_item *secret) {
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, list);
    while (eg_walk_next(&walk)) {
        const struct eg_item *entry = eg_item_in(walk.element);
        if (entry != NULL &&
            reference_is(scenario, eg_item_get(scenario, entry, "reference"), secret))
            return true;
    }
    return false;
}

static bool gets_secret(struct eg_scenario *scenario, const struct eg_item *container,
                        const struct eg_item *secret) {
    const struct eg_item *log = eg_item_link(scenario, container, "logConfiguration");
    return any_secret_is(scenario, eg_item_get(scenario, container, "secrets"), secret) ||
           (log != NULL &&
            any_secret_is(scenario, eg_item_get(scenario, log, "secretOptions"), secret));
}

static bool authenticates(struct eg_scenario *scenario, const struct eg_item *container,
                          const struct eg_item *secret) {
    return reference_is(scenario, eg_item_get(scenario, container, "registryCredential"), secret);
}

/* Adds the containers of task definitions that refer to RESOURCE and for which USES holds. */
static void add_users(struct eg_scenario *scenario, struct eg_links *links,
                      const struct eg_resource *resource, const struct eg_item *secret,
                      bool (*uses)(struct eg_scenario *, const struct eg_item *,
                                   const struct eg_item *)) {
    struct eg_incoming incoming;
    eg_incoming_begin_all(&incoming, &secret->build->index, resource);
    while (eg_incoming_next(&incoming)) {
        const struct eg_item *task = eg_item_for(secret->build, incoming.resource);
        struct eg_walk walk;
        if (!eg_item_is_type(task, "taskDefinition"))
            continue;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, task, "containerDefinitions"));
        while (eg_walk_next(&walk))
            if (eg_item_in(walk.element) != NULL &&
                uses(scenario, eg_item_in(walk.element), secret))
                eg_links_add(links, eg_item_in(walk.element));
    }
}

static const struct eg_node *users(struct eg_scenario *scenario, const struct eg_item *secret,
                                   bool (*uses)(struct eg_scenario *, const struct eg_item *,
                                                const struct eg_item *)) {
    struct eg_links links;
    eg_links_begin(&links, secret);
    add_users(scenario, &links, secret->resource, secret, uses);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &secret->build->index, secret->resource,
                      "AWS::SecretsManager::SecretTargetAttachment");
    while (eg_incoming_next(&incoming))
        add_users(scenario, &links, incoming.resource, secret, uses);
    return eg_links_end(&links);
}

static const struct eg_node *secret_containers(struct eg_scenario *scenario,
                                               const struct eg_item *secret) {
    return users(scenario, secret, gets_secret);
}

static const struct eg_node *secret_registry(struct eg_scenario *scenario,
                                             const struct eg_item *secret) {
    return users(scenario, secret, authenticates);
}

/* ---- keys ---- */

static const struct eg_node *key_policy(struct eg_scenario *scenario, const struct eg_item *key) {
    struct eg_links links;
    eg_links_begin(&links, key);
    struct eg_policy_source source = {
        .item = key, .resource = key->build->resource_items[key->resource->number]};
    eg_statements_add(scenario, &links, &source, eg_resource_property(key->resource, "KeyPolicy"));
    return eg_links_end(&links);
}

static const struct eg_node *key_aliases(struct eg_scenario *scenario, const struct eg_item *key) {
    struct eg_list_builder list;
    eg_list_begin(&list, key->build->arena);
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &key->build->index, key->resource, "AWS::KMS::Alias");
    while (eg_incoming_next(&incoming))
        eg_list_add(&list, eg_property(scenario, incoming.resource, "AliasName"));
    return eg_list_node(&list, key->object.raw);
}

const struct eg_fact eg_facts_secret[] = {
    {"secret", "text", secret_text},
    {"secret", "sources", secret_sources},
    {"secret", "keys", secret_keys},
    {"secret", "isJson", secret_is_json},
    {"secret", "isEmpty", secret_is_empty},
    {"secret", "kmsKey", secret_key},
    {"secret", "isRotated", secret_is_rotated},
    {"secret", "policyStatements", secret_policy},
    {"secret", "containers", secret_containers},
    {"secret", "registryCredentialOf", secret_registry},
    {"kmsKey", "policyStatements", key_policy},
    {"kmsKey", "aliases", key_aliases},
    {NULL, NULL, NULL},
};
