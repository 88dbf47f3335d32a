/* IAM policy documents as lists of statements; see statement.h. Called by the facts of roles,
 * repositories, keys, secrets and buckets.
 *
 * The grammar is that of "IAM JSON policy elements: grammar" in AWS's IAM user guide: a document is
 * a map or the same as JSON text; Statement is one map or a list; Action, Resource, the values of
 * principals and conditions are one text or a list; a principal is "*" or a map of types. */
#include "model/statement.h"

#include "model/holes.h"

/* ---- documents ---- */

/* One text or a list of them, as a list. */
static const struct eg_node *as_list(struct eg_scenario *scenario, const struct eg_item *item,
                                     const struct eg_node *value) {
    struct eg_list_builder list;
    eg_list_begin(&list, item->build->arena);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_scenario_force(scenario, value));
    while (eg_walk_next(&walk))
        eg_list_add(&list, walk.element);
    return eg_list_node(&list, value);
}

/* IAM reads accounts and the values of conditions as text, whatever they are written as. */
static const struct eg_node *as_text(const struct eg_item *statement, const struct eg_node *value) {
    struct eg_str text;
    bool written =
        value->kind != EG_STRING && eg_node_scalar_text(statement->build->arena, value, &text);
    return written ? eg_item_text(statement, text, value) : value;
}

static const struct eg_node *as_texts(struct eg_scenario *scenario, const struct eg_item *statement,
                                      const struct eg_node *value) {
    struct eg_list_builder list;
    eg_list_begin(&list, statement->build->arena);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_scenario_force(scenario, value));
    while (eg_walk_next(&walk))
        eg_list_add(&list, as_text(statement, walk.element));
    return eg_list_node(&list, value);
}

static void add_principal(struct eg_list_builder *list, const struct eg_item *statement,
                          struct eg_str type, const struct eg_node *value) {
    struct eg_item *principal = eg_item_part(statement, "Principal", value);
    eg_item_set_text(principal, "type", type);
    eg_item_set(principal, "value", as_text(statement, value));
    eg_list_add(list, principal->node);
}

static const struct eg_node *principals(struct eg_scenario *scenario,
                                        const struct eg_item *statement,
                                        const struct eg_node *value) {
    value = eg_scenario_force(scenario, value);
    if (value->kind == EG_UNKNOWN)
        return value;
    struct eg_list_builder list;
    eg_list_begin(&list, statement->build->arena);
    if (value->kind == EG_STRING)
        add_principal(&list, statement, value->as.text, value);
    for (uint32_t i = 0; value->kind == EG_MAP && i < value->as.map.count; i++) {
        const struct eg_entry *entry = &value->as.map.items[i];
        struct eg_walk walk;
        eg_walk_begin(&walk, scenario, eg_scenario_force(scenario, entry->value));
        while (eg_walk_next(&walk))
            add_principal(&list, statement, entry->key, walk.element);
    }
    return eg_list_node(&list, value);
}

static const struct eg_node *conditions(struct eg_scenario *scenario,
                                        const struct eg_item *statement,
                                        const struct eg_node *value) {
    value = eg_scenario_force(scenario, value);
    if (value->kind == EG_UNKNOWN)
        return value;
    struct eg_list_builder list;
    eg_list_begin(&list, statement->build->arena);
    for (uint32_t i = 0; value->kind == EG_MAP && i < value->as.map.count; i++) {
        const struct eg_entry *operator_ = &value->as.map.items[i];
        const struct eg_node *keys = eg_scenario_force(scenario, operator_->value);
        for (uint32_t k = 0; keys->kind == EG_MAP && k < keys->as.map.count; k++) {
            const struct eg_entry *key = &keys->as.map.items[k];
            struct eg_item *condition = eg_item_part(statement, "StatementCondition", key->value);
            eg_item_set_text(condition, "operator", operator_->key);
            eg_item_set_text(condition, "key", key->key);
            eg_item_set(condition, "values", as_texts(scenario, statement, key->value));
            eg_list_add(&list, condition->node);
        }
    }
    return eg_list_node(&list, value);
}

static void set_list(struct eg_scenario *scenario, struct eg_item *statement,
                     const struct eg_node *map, const char *key, const char *field) {
    const struct eg_node *value = eg_member(scenario, map, key);
    if (value->kind != EG_ABSENT)
        eg_item_set(statement, field, as_list(scenario, statement, value));
}

/* ---- resources that name nothing ---- */

/* What follows the account in an ARN; "*" is all of it. Empty: TEXT is no ARN. */
static struct eg_str resource_part(struct eg_str text, struct eg_str *ret_service) {
    *ret_service = EG_STR("");
    if (eg_str_is(text, "*"))
        return text;
    for (int field = 0; field < 5; field++) {
        size_t colon = eg_str_find(text, EG_STR(":"), 0);
        if (colon == SIZE_MAX)
            return EG_STR("");
        if (field == 2)
            *ret_service = eg_str_slice(text, 0, colon);
        text = eg_str_from_offset(text, colon + 1);
    }
    return text;
}

/* The part behind the type of a resource, a star in the ARN of every table. What comes before the
 * separator in the ARNs of these services is a name, not a type. */
static struct eg_str behind_type(struct eg_str part, struct eg_str service) {
    if (eg_str_is(service, "s3") || eg_str_is(service, "execute-api"))
        return part;
    size_t end = 0;
    while (end < part.length &&
           ((part.data[end] >= 'a' && part.data[end] <= 'z') ||
            (part.data[end] >= 'A' && part.data[end] <= 'Z') || part.data[end] == '-'))
        end++;
    bool separated = end < part.length && (part.data[end] == ':' || part.data[end] == '/');
    return separated ? eg_str_from_offset(part, end + 1) : part;
}

static bool is_any(struct eg_str name) {
    return eg_str_is(name, "*") || eg_str_starts_with(name, EG_STR("*/")) ||
           eg_str_starts_with(name, EG_STR("*:"));
}

/* May what stands here be any text, "*" too? What other resources give may not. */
static bool is_free(const struct eg_node *hole) {
    if (hole == NULL || hole->kind != EG_UNKNOWN)
        return false;
    switch (hole->as.unknown->why) {
    case EG_WHY_PARAMETER:
    case EG_WHY_SSM_PARAMETER:
    case EG_WHY_IMPORT:
    case EG_WHY_STACK_OUTPUT:
    case EG_WHY_DYNAMIC_REFERENCE:
    case EG_WHY_PLACEHOLDER:
        return true;
    default:
        return false;
    }
}

struct breadth {
    struct eg_list_builder wide, open;
    const struct eg_node *undecided; /* a resource that hangs on a condition; NULL: none */
};

static void weigh_resource(struct eg_scenario *scenario, const struct eg_node *resource,
                           struct breadth *breadth) {
    struct eg_holes holes;
    if (resource->kind == EG_UNKNOWN && eg_scenario_is_open(scenario, resource->as.unknown)) {
        breadth->undecided = resource;
        return;
    }
    if (!eg_holes_make(&holes, scenario->lasting, resource))
        return;
    if (is_free(eg_holes_at(&holes, holes.text, 0)) && holes.text.length == EG_HOLE_BYTES) {
        eg_list_add(&breadth->open, resource);
        return;
    }
    struct eg_str service;
    struct eg_str part = resource_part(holes.text, &service);
    struct eg_str name = behind_type(part, service);
    bool bucket = eg_str_is(service, "s3");
    if (is_any(name))
        eg_list_add(&breadth->wide, resource);
    else if (!bucket && name.length == EG_HOLE_BYTES && is_free(eg_holes_at(&holes, name, 0)))
        eg_list_add(&breadth->open, resource);
}

static void set_breadth(struct eg_scenario *scenario, struct eg_item *statement) {
    struct breadth breadth = {.undecided = NULL};
    eg_list_begin(&breadth.wide, statement->build->arena);
    eg_list_begin(&breadth.open, statement->build->arena);
    const struct eg_node *resources = eg_item_given(scenario, statement, "resources");
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, resources);
    while (eg_walk_next(&walk))
        weigh_resource(scenario, walk.element, &breadth);
    const struct eg_node *at = statement->object.raw;
    eg_item_set(statement, "wideResources",
                breadth.undecided != NULL ? breadth.undecided : eg_list_node(&breadth.wide, at));
    eg_item_set(statement, "openResources", eg_list_node(&breadth.open, at));
}

static struct eg_item *make_statement(struct eg_scenario *scenario,
                                      const struct eg_policy_source *source,
                                      const struct eg_node *map) {
    struct eg_item *statement = eg_item_part(source->item, "Statement", map);
    if (source->resource != NULL) {
        statement->presence = source->resource->presence;
        eg_item_set(statement, "policyResource", source->resource->node);
    }
    const struct eg_node *effect = eg_member(scenario, map, "Effect");
    eg_item_set(statement, "effect", effect);
    set_list(scenario, statement, map, "Action", "actions");
    set_list(scenario, statement, map, "NotAction", "notActions");
    set_list(scenario, statement, map, "Resource", "resources");
    set_list(scenario, statement, map, "NotResource", "notResources");
    set_breadth(scenario, statement);
    eg_item_set(statement, "principals",
                principals(scenario, statement, eg_node_get(map, EG_STR("Principal"))));
    eg_item_set(statement, "notPrincipals",
                principals(scenario, statement, eg_node_get(map, EG_STR("NotPrincipal"))));
    const struct eg_node *condition = eg_member(scenario, map, "Condition");
    eg_item_set(statement, "conditions", conditions(scenario, statement, condition));
    if (condition->kind == EG_UNKNOWN)
        eg_item_set(statement, "hasCondition", condition);
    else
        eg_item_set_bool(statement, "hasCondition",
                         condition->kind == EG_MAP && condition->as.map.count > 0);
    eg_item_set(statement, "sid", eg_member(scenario, map, "Sid"));
    if (source->name != NULL)
        eg_item_set(statement, "policyName", source->name);
    eg_item_set_bool(statement, "isAwsManaged", source->aws_managed);
    return statement;
}

void eg_statements_add(struct eg_scenario *scenario, struct eg_links *links,
                       const struct eg_policy_source *source, const struct eg_node *document) {
    document = eg_scenario_force(scenario, document);
    if (eg_is_blank(document))
        return;
    const struct eg_node *unknown;
    const struct eg_node *parsed = eg_holes_json(source->item->build->arena, document, &unknown);
    if (parsed == NULL) {
        eg_links_add_node(links, unknown != NULL && unknown->kind == EG_UNKNOWN
                                     ? unknown
                                     : eg_item_unknown(source->item, EG_WHY_BROKEN,
                                                       EG_STR("a policy document that is no JSON"),
                                                       document));
        return;
    }
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_member(scenario, parsed, "Statement"));
    while (eg_walk_next(&walk)) {
        if (walk.element->kind == EG_MAP)
            eg_links_add(links, make_statement(scenario, source, walk.element));
        else if (walk.element->kind == EG_UNKNOWN)
            eg_links_add_node(links, walk.element);
    }
}
