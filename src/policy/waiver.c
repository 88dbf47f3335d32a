/* Reading waivers and applying them to results; see waiver.h. Called by the command line and the
 * engine. The file's form is schemas/waivers.json. */
#include "policy/waiver.h"

#include "node/text.h"
#include "policy/keys.h"

#include <stddef.h>
#include <string.h>

/* ---- waiver files ---- */

/* The keys of a waiver, and where their texts go. */
static const struct {
    const char *name;
    size_t slot;
} keys[] = {
    {"rule", offsetof(struct eg_waiver, rule)},
    {"stack", offsetof(struct eg_waiver, stack)},
    {"resource", offsetof(struct eg_waiver, resource)},
    {"construct", offsetof(struct eg_waiver, construct)},
    {"object", offsetof(struct eg_waiver, object)},
    {"reason", offsetof(struct eg_waiver, reason)},
    {"owner", offsetof(struct eg_waiver, owner)},
    {"until", offsetof(struct eg_waiver, until)},
};
enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

static struct eg_str *slot_of(struct eg_waiver *waiver, struct eg_str key) {
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (eg_str_is(key, keys[i].name))
            return (struct eg_str *)(void *)((char *)waiver + keys[i].slot);
    return NULL;
}

static bool unknown_key(const struct eg_entry *entry, struct eg_error *error) {
    struct eg_str names[KEY_COUNT];
    for (size_t i = 0; i < KEY_COUNT; i++)
        names[i] = eg_str_from(keys[i].name);
    struct eg_str nearest = eg_keys_nearest(entry->key, names, KEY_COUNT);
    return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_entry_place(entry)),
                        "a waiver has no '%.*s'%s%.*s%s", EG_STR_ARGS(entry->key),
                        nearest.length > 0 ? "; did you mean '" : "", EG_STR_ARGS(nearest),
                        nearest.length > 0 ? "'?" : "");
}

/* The first key that must be there and is not; NULL: none. */
static const char *lacking(const struct eg_waiver *waiver) {
    return waiver->rule.length == 0     ? "rule"
           : waiver->reason.length == 0 ? "reason"
           : waiver->owner.length == 0  ? "owner"
           : waiver->until.length == 0  ? "until"
                                        : NULL;
}

/* A day as YYYY-MM-DD, so that days compare as text. */
static bool is_day(struct eg_str text) {
    static const char form[] = "dddd-dd-dd";
    if (text.length != sizeof form - 1)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (form[i] == 'd' ? !digit : text.data[i] != form[i])
            return false;
    }
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int month = (text.data[5] - '0') * 10 + text.data[6] - '0';
    int day = (text.data[8] - '0') * 10 + text.data[9] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

static bool is_broad(const struct eg_waiver *waiver) {
    return waiver->resource.length == 0 && waiver->construct.length == 0 &&
           waiver->object.length == 0 && waiver->stack.length == 0;
}

/* One entry of the list. What could be read is in *RET_WAIVER even if it fails. */
static bool read_waiver(struct eg_arena *arena, const struct eg_node *node, struct eg_str today,
                        struct eg_waiver *ret_waiver, struct eg_error *error) {
    struct eg_place place = eg_node_place(node);
    *ret_waiver = (struct eg_waiver){.place = place};
    if (node->kind != EG_MAP)
        return eg_error_set(error, EG_ERROR_USAGE, EG_AT(place), "a waiver is a map, found %s",
                            eg_kind_name((enum eg_kind)node->kind));
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const struct eg_entry *entry = &node->as.map.items[i];
        struct eg_str *slot = slot_of(ret_waiver, entry->key);
        if (slot == NULL)
            return unknown_key(entry, error);
        if (!eg_node_scalar_text(arena, entry->value, slot))
            return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_node_place(entry->value)),
                                "expected a text for '%.*s', found %s", EG_STR_ARGS(entry->key),
                                eg_kind_name((enum eg_kind)entry->value->kind));
    }
    const char *key = lacking(ret_waiver);
    if (key != NULL)
        return eg_error_set(error, EG_ERROR_USAGE, EG_AT(place),
                            "a waiver needs rule, reason, owner and until; this one has no %s",
                            key);
    if (!is_day(ret_waiver->until))
        return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_node_place(EG_GET(node, "until"))),
                            "'%.*s' is no day; expected YYYY-MM-DD",
                            EG_STR_ARGS(ret_waiver->until));
    ret_waiver->expired = eg_str_compare(ret_waiver->until, today) < 0;
    ret_waiver->broad = is_broad(ret_waiver);
    return true;
}

/* The list of a waiver file: {waivers: [...]} and nothing else, or the list alone. */
static const struct eg_node *list_of(const struct eg_node *root, struct eg_error *error) {
    const struct eg_node *list = root->kind == EG_MAP ? EG_GET(root, "waivers") : root;
    for (uint32_t i = 0; root->kind == EG_MAP && i < root->as.map.count; i++)
        if (!eg_str_is(root->as.map.items[i].key, "waivers")) {
            (void)eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_entry_place(&root->as.map.items[i])),
                               "a waiver file has only 'waivers', found '%.*s'",
                               EG_STR_ARGS(root->as.map.items[i].key));
            return NULL;
        }
    static const struct eg_node empty = {.kind = EG_LIST};
    if (list != NULL && list->kind == EG_NULL)
        return &empty; /* the last one was taken out */
    if (eg_node_kind(list) == EG_LIST)
        return list;
    (void)eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_node_place(list == NULL ? root : list)),
                       "expected a list 'waivers', found %s",
                       eg_kind_name((enum eg_kind)(list == NULL ? root : list)->kind));
    return NULL;
}

bool eg_waivers_read(struct eg_waivers *waivers, struct eg_arena *arena, struct eg_str path,
                     struct eg_error *error) {
    struct eg_document document;
    if (!eg_read_file(arena, path, &document, error)) {
        error->code = EG_ERROR_USAGE;
        return false;
    }
    const struct eg_node *list = list_of(document.root, error);
    if (list == NULL)
        return false;
    struct eg_waiver *items =
        EG_NEW_ARRAY(arena, struct eg_waiver, waivers->count + list->as.list.count);
    if (waivers->count > 0)
        memcpy(items, waivers->items, waivers->count * sizeof *items);
    for (uint32_t i = 0; i < list->as.list.count; i++)
        if (!read_waiver(arena, list->as.list.items[i], waivers->today, &items[waivers->count + i],
                         error))
            return false;
    waivers->items = items;
    waivers->count += list->as.list.count;
    return true;
}

/* ---- matching ---- */

static bool matches(struct eg_str pattern, struct eg_str text) {
    struct eg_node node = {.kind = EG_STRING, .as.text = text};
    return pattern.length == 0 || eg_text_matches_glob(&node, pattern, false) == EG_TRUE;
}

static bool names_rule(struct eg_str name, const struct eg_rule *rule) {
    return eg_str_equal(name, rule->id) || eg_str_equal(name, rule->name) ||
           eg_str_equal(name, rule->section);
}

static bool covers(const struct eg_waiver *waiver, const struct eg_result *result) {
    return !waiver->expired && waiver->fault.length == 0 &&
           names_rule(waiver->rule, result->rule) && matches(waiver->stack, result->stack) &&
           matches(waiver->resource, result->resource) &&
           matches(waiver->construct, result->construct.path) &&
           (matches(waiver->object, result->object_name) ||
            matches(waiver->object, result->object));
}

/* ---- what the policy knows of the rule a waiver names ---- */

static void check_rule(struct eg_waiver *waiver, struct eg_arena *arena,
                       const struct eg_policy *policy) {
    bool known = false, on = false;
    for (uint32_t i = 0; !on && i < policy->known_count; i++)
        if (names_rule(waiver->rule, policy->known[i])) {
            known = true;
            on = policy->known[i]->on;
        }
    waiver->idle = !on;
    if (known || waiver->rule.length == 0 || waiver->fault.length > 0)
        return;
    struct eg_str nearest = eg_policy_nearest(policy, waiver->rule);
    waiver->fault = eg_str_format(arena, "there is no such rule%s%.*s%s",
                                  nearest.length > 0 ? "; did you mean '" : "",
                                  EG_STR_ARGS(nearest), nearest.length > 0 ? "'?" : "");
}

void eg_waivers_check(struct eg_waivers *waivers, struct eg_arena *arena,
                      const struct eg_policy *policy) {
    for (uint32_t i = 0; i < waivers->count; i++)
        check_rule(&waivers->items[i], arena, policy);
}

struct eg_str eg_waiver_trouble(struct eg_arena *arena, const struct eg_waiver *waiver) {
    struct eg_str rule = waiver->rule.length > 0 ? waiver->rule : EG_STR("(no rule)");
    if (waiver->fault.length > 0)
        return eg_str_format(arena, "the waiver of %.*s waives nothing: %.*s", EG_STR_ARGS(rule),
                             EG_STR_ARGS(waiver->fault));
    if (waiver->expired)
        return eg_str_format(arena, "the waiver of %.*s ended with %.*s and waives nothing",
                             EG_STR_ARGS(rule), EG_STR_ARGS(waiver->until));
    if (atomic_load(&waiver->used) == 0 && !waiver->idle)
        return eg_str_format(arena, "the waiver of %.*s matched nothing", EG_STR_ARGS(rule));
    if (waiver->broad)
        return eg_str_format(arena,
                             "the waiver of %.*s is too broad: it names no resource, construct, "
                             "object or stack",
                             EG_STR_ARGS(rule));
    return EG_STR("");
}

/* ---- a template's Metadata ---- */

/* Where other tools keep their suppressions: Metadata.KEY.LIST[*].ID, with the reason beside it. */
struct foreign_form {
    const char *tool; /* as in same-as */
    const char *key, *list, *id, *reason;
};

static const struct foreign_form foreign_forms[] = {
    {"cdk-nag", "cdk_nag", "rules_to_suppress", "id", "reason"},
    {"checkov", "checkov", "skip", "id", "comment"},
    {"cfn_nag", "cfn_nag", "rules_to_suppress", "id", "reason"},
    {"cfn-guard", "guard", "SuppressedRules", "id", "reason"},
};

static bool is_honoured(const struct eg_waivers *waivers, size_t form) {
    const bool honoured[] = {waivers->honour_cdk_nag, waivers->honour_checkov,
                             waivers->honour_cfn_nag, waivers->honour_cfn_guard};
    return honoured[form];
}

static bool is_same_rule(const struct eg_rule *rule, const char *tool, struct eg_str id) {
    for (uint32_t i = 0; i < rule->same_as_count; i++) {
        if (!eg_str_is(rule->same_as[i].tool, tool))
            continue;
        for (uint32_t j = 0; j < rule->same_as[i].count; j++)
            if (eg_str_equal(rule->same_as[i].ids[j], id))
                return true;
    }
    return false;
}

static struct eg_waiver *foreign_waiver(struct eg_arena *arena, const struct eg_node *metadata,
                                        const struct foreign_form *form,
                                        const struct eg_rule *rule) {
    const struct eg_node *list =
        eg_node_get(eg_node_get(metadata, eg_str_from(form->key)), eg_str_from(form->list));
    for (uint32_t i = 0; list != NULL && list->kind == EG_LIST && i < list->as.list.count; i++) {
        const struct eg_node *item = list->as.list.items[i];
        struct eg_str id = item->kind == EG_STRING
                               ? item->as.text
                               : eg_node_text(eg_node_get(item, eg_str_from(form->id)));
        if (!is_same_rule(rule, form->tool, id))
            continue;
        struct eg_waiver *waiver = EG_NEW(arena, struct eg_waiver);
        waiver->rule = id;
        waiver->tool = eg_str_from(form->tool);
        waiver->reason = eg_node_text(eg_node_get(item, eg_str_from(form->reason)));
        waiver->place = eg_node_place(item);
        return waiver;
    }
    return NULL;
}

/* Our own form in METADATA: {"ecsgate": {"waivers": [...]}}; NULL if there is none. */
static const struct eg_node *own_list(const struct eg_node *metadata) {
    const struct eg_node *list = EG_GET(EG_GET(metadata, "ecsgate"), "waivers");
    return eg_node_kind(list) == EG_LIST ? list : NULL;
}

/* The waivers that a model's templates hold, while they are collected. */
struct own {
    struct eg_waiver_list list;
    uint32_t capacity;
    struct eg_arena *arena;
    struct eg_str today;
    const struct eg_policy *policy;
};

static void add_own(struct own *own, const struct eg_node *metadata, const void *scope) {
    const struct eg_node *list = own_list(metadata);
    uint32_t count = list == NULL ? 0 : list->as.list.count;
    if (own->list.count + count > own->capacity) {
        uint32_t more = 2 * (own->list.count + count);
        own->list.items =
            eg_arena_grow(own->arena, own->list.items, own->capacity * sizeof *own->list.items,
                          more * sizeof *own->list.items);
        own->capacity = more;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct eg_waiver *waiver = &own->list.items[own->list.count++];
        struct eg_error error = {0};
        if (!read_waiver(own->arena, list->as.list.items[i], own->today, waiver, &error))
            waiver->fault = eg_str_copy(own->arena, eg_str_from(error.text));
        waiver->scope = scope;
        waiver->broad = false; /* it covers its template at most */
        check_rule(waiver, own->arena, own->policy);
    }
}

/* Those of a stack cover it, those of a resource that one. */
static void collect_own(struct own *own, const struct eg_system *system) {
    for (uint32_t i = 0; i < system->stack_count; i++) {
        const struct eg_stack *stack = system->stacks[i];
        add_own(own, stack->template_->metadata, stack);
        for (uint32_t j = 0; j < stack->resource_count; j++)
            add_own(own, stack->resources[j]->metadata, stack->resources[j]);
    }
}

static struct eg_waiver *own_waiver(const struct own *own, const struct eg_resource *resource,
                                    const struct eg_result *result) {
    for (uint32_t i = 0; i < own->list.count; i++) {
        struct eg_waiver *waiver = &own->list.items[i];
        if ((waiver->scope == resource || waiver->scope == resource->stack) &&
            covers(waiver, result))
            return waiver;
    }
    return NULL;
}

/* Of two stacks of one name it is the one in whose file the result lies. */
static const struct eg_resource *find_resource(const struct eg_model *model,
                                               const struct eg_result *result) {
    const struct eg_system *system = model->system;
    const struct eg_resource *first = NULL;
    for (uint32_t i = 0; i < system->stack_count; i++) {
        const struct eg_stack *stack = system->stacks[i];
        if (!eg_str_equal(stack->name, result->stack))
            continue;
        const struct eg_resource *found = eg_map_get(&stack->by_logical_id, result->resource);
        if (found != NULL && eg_str_equal(stack->template_->path, result->place.file))
            return found;
        if (first == NULL)
            first = found;
    }
    return first;
}

static struct eg_waiver *honoured_waiver(const struct eg_waivers *waivers, struct eg_arena *arena,
                                         const struct eg_resource *resource,
                                         const struct eg_result *result) {
    const struct eg_node *places[] = {resource->metadata, resource->stack->template_->metadata};
    struct eg_waiver *waiver = NULL;
    for (size_t i = 0; waiver == NULL && i < 2; i++)
        for (size_t form = 0; waiver == NULL && form < 4; form++)
            if (is_honoured(waivers, form))
                waiver = foreign_waiver(arena, places[i], &foreign_forms[form], result->rule);
    return waiver;
}

/* ---- applying ---- */

static struct eg_waiver *waiver_for(struct eg_waivers *waivers, const struct own *own,
                                    struct eg_model *model, const struct eg_result *result) {
    for (uint32_t i = 0; waivers != NULL && i < waivers->count; i++)
        if (covers(&waivers->items[i], result))
            return &waivers->items[i];
    const struct eg_resource *resource = find_resource(model, result);
    if (resource == NULL)
        return NULL;
    struct eg_waiver *waiver = own_waiver(own, resource, result);
    return waiver == NULL && waivers != NULL
               ? honoured_waiver(waivers, model->arena, resource, result)
               : waiver;
}

struct eg_waiver_list eg_waivers_apply(struct eg_waivers *waivers, const struct eg_policy *policy,
                                       struct eg_model *model, struct eg_results *results) {
    struct own own = {
        .arena = model->arena,
        .today = waivers == NULL ? EG_STR("") : waivers->today,
        .policy = policy,
    };
    collect_own(&own, model->system);
    for (uint32_t i = 0; i < results->count; i++) {
        struct eg_result *result = &results->items[i];
        if (result->verdict != EG_VERDICT_FAIL && result->verdict != EG_VERDICT_UNKNOWN)
            continue;
        struct eg_waiver *found = waiver_for(waivers, &own, model, result);
        if (found == NULL)
            continue;
        atomic_fetch_add(&found->used, 1);
        result->waiver = found;
        result->verdict = EG_VERDICT_WAIVED;
    }
    return own.list;
}
