/* Reading waivers and applying them to results; see waiver.h. Called by the command line and the
 * engine. The file's form is schemas/waivers.json. */
#include "policy/waiver.h"

#include "node/text.h"

#include <string.h>

/* ---- waiver files ---- */

/* The keys of a waiver, and where their texts go. */
static struct eg_str *slot_of(struct eg_waiver *waiver, struct eg_str key) {
    const struct {
        const char *name;
        struct eg_str *slot;
    } slots[] = {
        {"rule", &waiver->rule},           {"id", &waiver->rule},
        {"stack", &waiver->stack},         {"resource", &waiver->resource},
        {"construct", &waiver->construct}, {"object", &waiver->object},
        {"reason", &waiver->reason},       {"owner", &waiver->owner},
        {"until", &waiver->until},
    };
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++)
        if (eg_str_is(key, slots[i].name))
            return slots[i].slot;
    return NULL;
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
    int month = (text.data[5] - '0') * 10 + text.data[6] - '0';
    int day = (text.data[8] - '0') * 10 + text.data[9] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool is_broad(const struct eg_waiver *waiver) {
    return waiver->resource.length == 0 && waiver->construct.length == 0 &&
           waiver->object.length == 0 && waiver->stack.length == 0;
}

/* One entry of the list. */
static bool read_waiver(struct eg_arena *arena, const struct eg_node *node, struct eg_str today,
                        struct eg_waiver *ret_waiver, struct eg_error *error) {
    struct eg_place place = eg_node_place(node);
    if (node->kind != EG_MAP)
        return eg_error_set(error, EG_ERROR_USAGE, EG_AT(place), "a waiver is a map, found a %s",
                            eg_kind_name((enum eg_kind)node->kind));
    struct eg_waiver waiver = {.place = place};
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const struct eg_entry *entry = &node->as.map.items[i];
        struct eg_str *slot = slot_of(&waiver, entry->key);
        if (slot == NULL)
            return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_entry_place(entry)),
                                "a waiver has no '%.*s'", EG_STR_ARGS(entry->key));
        if (!eg_node_scalar_text(arena, entry->value, slot))
            return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_node_place(entry->value)),
                                "'%.*s' is not a text", EG_STR_ARGS(entry->key));
    }
    if (waiver.rule.length == 0 || waiver.reason.length == 0 || waiver.owner.length == 0 ||
        waiver.until.length == 0)
        return eg_error_set(error, EG_ERROR_USAGE, EG_AT(place),
                            "a waiver needs rule, reason, owner and until");
    if (!is_day(waiver.until))
        return eg_error_set(error, EG_ERROR_USAGE, EG_AT(place),
                            "'%.*s' is no day; expected YYYY-MM-DD", EG_STR_ARGS(waiver.until));
    waiver.expired = eg_str_compare(waiver.until, today) < 0;
    waiver.broad = is_broad(&waiver);
    *ret_waiver = waiver;
    return true;
}

bool eg_waivers_read(struct eg_waivers *waivers, struct eg_arena *arena, struct eg_str path,
                     struct eg_error *error) {
    struct eg_document document;
    if (!eg_read_file(arena, path, &document, error)) {
        error->code = EG_ERROR_USAGE;
        return false;
    }
    const struct eg_node *list =
        document.root->kind == EG_MAP ? EG_GET(document.root, "waivers") : document.root;
    if (list == NULL || list->kind != EG_LIST)
        return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_node_place(document.root)),
                            "expected a list 'waivers'");
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
    return !waiver->expired && names_rule(waiver->rule, result->rule) &&
           matches(waiver->stack, result->stack) && matches(waiver->resource, result->resource) &&
           matches(waiver->construct, result->construct.path) &&
           (matches(waiver->object, result->object_name) ||
            matches(waiver->object, result->object));
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

/* Our own form in METADATA: {"ecsgate": {"waivers": [...]}} ("suppress" is read too). An entry that
 * lacks something waives nothing; src/model reports it. */
static struct eg_waiver *own_waiver(struct eg_arena *arena, const struct eg_node *metadata,
                                    struct eg_str today, const struct eg_result *result) {
    const struct eg_node *own = EG_GET(metadata, "ecsgate");
    const struct eg_node *list = EG_GET(own, "waivers");
    if (list == NULL)
        list = EG_GET(own, "suppress");
    for (uint32_t i = 0; list != NULL && list->kind == EG_LIST && i < list->as.list.count; i++) {
        struct eg_waiver *waiver = EG_NEW(arena, struct eg_waiver);
        struct eg_error ignored = {0};
        if (read_waiver(arena, list->as.list.items[i], today, waiver, &ignored) &&
            covers(waiver, result))
            return waiver;
    }
    return NULL;
}

static const struct eg_resource *find_resource(const struct eg_model *model,
                                               const struct eg_result *result) {
    const struct eg_system *system = model->system;
    for (uint32_t i = 0; i < system->stack_count; i++)
        if (eg_str_equal(system->stacks[i]->name, result->stack)) {
            const struct eg_resource *found =
                eg_map_get(&system->stacks[i]->by_logical_id, result->resource);
            if (found != NULL)
                return found;
        }
    return NULL;
}

static struct eg_waiver *metadata_waiver(const struct eg_waivers *waivers, struct eg_model *model,
                                         const struct eg_result *result) {
    const struct eg_resource *resource = find_resource(model, result);
    if (resource == NULL)
        return NULL;
    const struct eg_node *places[] = {resource->metadata, resource->stack->template_->metadata};
    for (size_t i = 0; i < 2; i++) {
        struct eg_str today = waivers == NULL ? EG_STR("") : waivers->today;
        struct eg_waiver *waiver = own_waiver(model->arena, places[i], today, result);
        for (size_t form = 0; waiver == NULL && waivers != NULL && form < 4; form++)
            if (is_honoured(waivers, form))
                waiver =
                    foreign_waiver(model->arena, places[i], &foreign_forms[form], result->rule);
        if (waiver != NULL)
            return waiver;
    }
    return NULL;
}

/* ---- applying ---- */

void eg_waivers_apply(struct eg_waivers *waivers, struct eg_model *model,
                      struct eg_results *results) {
    for (uint32_t i = 0; i < results->count; i++) {
        struct eg_result *result = &results->items[i];
        if (result->verdict != EG_VERDICT_FAIL && result->verdict != EG_VERDICT_UNKNOWN)
            continue;
        struct eg_waiver *found = NULL;
        for (uint32_t j = 0; found == NULL && waivers != NULL && j < waivers->count; j++)
            if (covers(&waivers->items[j], result))
                found = &waivers->items[j];
        if (found == NULL)
            found = metadata_waiver(waivers, model, result);
        if (found == NULL)
            continue;
        atomic_fetch_add(&found->used, 1);
        result->waiver = found;
        result->verdict = EG_VERDICT_WAIVED;
    }
}
