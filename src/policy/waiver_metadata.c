/* Waivers in a template's Metadata, of a resource or of the whole template: our own, and the
 * suppressions of other tools; see waiver_read.h. Called by waiver.c. */
#include "policy/keys.h"
#include "policy/waiver_read.h"

struct collecting {
    struct eg_metadata_waivers found;
    struct eg_arena *arena;
    const struct eg_waivers *run; /* may be NULL */
    const struct eg_policy *policy;
};

static struct eg_waiver *add(struct collecting *collecting, const struct eg_node *at) {
    struct eg_metadata_waivers *found = &collecting->found;
    if (found->list.count == found->capacity) {
        uint32_t larger = found->capacity == 0 ? 8 : found->capacity * 2;
        found->list.items = eg_arena_grow(collecting->arena, found->list.items,
                                          found->capacity * sizeof *found->list.items,
                                          larger * sizeof *found->list.items);
        found->capacity = larger;
    }
    struct eg_waiver *waiver = &found->list.items[found->list.count++];
    *waiver = (struct eg_waiver){.place = eg_node_place(at)};
    return waiver;
}

/* ---- our own ---- */

static void add_ours(struct collecting *collecting, const struct eg_node *item, bool is_short) {
    struct eg_waiver *waiver = add(collecting, item);
    struct eg_str today = collecting->run == NULL ? EG_STR("") : collecting->run->today;
    struct eg_error error = {0};
    if (!eg_waiver_read(collecting->arena, item, today, is_short, waiver, &error))
        waiver->fault = eg_str_copy(collecting->arena, eg_str_from(error.text));
    waiver->broad = false; /* it covers its template at most */
    eg_waiver_check(waiver, collecting->arena, collecting->policy);
}

static void add_entry(struct collecting *collecting, const struct eg_entry *entry) {
    bool is_short = eg_str_is(entry->key, "suppress");
    const struct eg_node *list = entry->value;
    if (!is_short && !eg_str_is(entry->key, "waivers")) {
        static const struct eg_str names[] = {{"waivers", 7}, {"suppress", 8}};
        struct eg_str nearest = eg_keys_nearest(entry->key, names, 2);
        struct eg_waiver *waiver = add(collecting, list);
        waiver->place = eg_entry_place(entry);
        waiver->fault =
            eg_str_format(collecting->arena, "Metadata of ecsgate has no '%.*s'%s%.*s%s",
                          EG_STR_ARGS(entry->key), nearest.length > 0 ? "; did you mean '" : "",
                          EG_STR_ARGS(nearest), nearest.length > 0 ? "'?" : "");
    } else if (list->kind != EG_LIST) {
        add(collecting, list)->fault =
            eg_str_format(collecting->arena, "expected a list of waivers under '%.*s', found %s",
                          EG_STR_ARGS(entry->key), eg_kind_name((enum eg_kind)list->kind));
    } else {
        for (uint32_t i = 0; i < list->as.list.count; i++)
            add_ours(collecting, list->as.list.items[i], is_short);
    }
}

static void collect_ours(struct collecting *collecting, const struct eg_node *metadata) {
    const struct eg_node *ours = EG_GET(metadata, "ecsgate");
    if (ours == NULL)
        return;
    if (ours->kind != EG_MAP)
        add(collecting, ours)->fault =
            eg_str_format(collecting->arena, "Metadata of ecsgate is a map with waivers, found %s",
                          eg_kind_name((enum eg_kind)ours->kind));
    for (uint32_t i = 0; ours->kind == EG_MAP && i < ours->as.map.count; i++)
        add_entry(collecting, &ours->as.map.items[i]);
}

/* ---- other tools' ---- */

/* Where they keep their suppressions: Metadata.KEY.LIST[*].ID, with the reason beside it. */
static const struct foreign_form {
    const char *tool; /* as in same-as */
    const char *key, *list, *id, *reason;
} foreign_forms[] = {
    {"cdk-nag", "cdk_nag", "rules_to_suppress", "id", "reason"},
    {"checkov", "checkov", "skip", "id", "comment"},
    {"cfn_nag", "cfn_nag", "rules_to_suppress", "id", "reason"},
    {"cfn-guard", "guard", "SuppressedRules", "id", "reason"},
};
enum { FORMS = sizeof foreign_forms / sizeof foreign_forms[0] };

static bool is_honoured(const struct eg_waivers *run, size_t form) {
    const bool honoured[FORMS] = {run->honour_cdk_nag, run->honour_checkov, run->honour_cfn_nag,
                                  run->honour_cfn_guard};
    return honoured[form];
}

/* Some write cfn_nag, some cfn-nag. */
static bool is_tool(struct eg_str name, struct eg_str tool) {
    bool same = name.length == tool.length;
    for (size_t i = 0; same && i < name.length; i++)
        same = name.data[i] == tool.data[i] || (name.data[i] == '-' && tool.data[i] == '_');
    return same;
}

bool eg_waiver_is_same(const struct eg_rule *rule, struct eg_str tool, struct eg_str id) {
    for (uint32_t i = 0; i < rule->same_as_count; i++)
        for (uint32_t j = 0; is_tool(rule->same_as[i].tool, tool) && j < rule->same_as[i].count;
             j++)
            if (eg_str_equal(rule->same_as[i].ids[j], id))
                return true;
    return false;
}

static bool is_ours_too(const struct eg_policy *policy, struct eg_str tool, struct eg_str id) {
    for (uint32_t i = 0; i < policy->known_count; i++)
        if (eg_waiver_is_same(policy->known[i], tool, id))
            return true;
    return false;
}

/* cdk-nag's applies_to names single findings of its own in words that ours don't have: waiving all
 * that the rule finds would waive too much. */
static void add_foreign(struct collecting *collecting, const struct foreign_form *form,
                        const struct eg_node *item) {
    struct eg_str tool = eg_str_from(form->tool);
    struct eg_str id = item->kind == EG_STRING
                           ? item->as.text
                           : eg_node_text(eg_node_get(item, eg_str_from(form->id)));
    if (!is_ours_too(collecting->policy, tool, id))
        return;
    struct eg_waiver *waiver = add(collecting, item);
    waiver->rule = id;
    waiver->tool = tool;
    waiver->reason = eg_node_text(eg_node_get(item, eg_str_from(form->reason)));
    waiver->idle = true;
    if (EG_GET(item, "applies_to") != NULL)
        waiver->fault =
            EG_STR("its applies_to names single findings of cdk-nag, which are not told "
                   "apart here");
}

static void collect_foreign(struct collecting *collecting, const struct eg_node *metadata) {
    for (size_t i = 0; collecting->run != NULL && i < FORMS; i++) {
        const struct foreign_form *form = &foreign_forms[i];
        const struct eg_node *list =
            eg_node_get(eg_node_get(metadata, eg_str_from(form->key)), eg_str_from(form->list));
        if (!is_honoured(collecting->run, i) || eg_node_kind(list) != EG_LIST)
            continue;
        for (uint32_t k = 0; k < list->as.list.count; k++)
            add_foreign(collecting, form, list->as.list.items[k]);
    }
}

/* ---- all ---- */

static struct eg_waiver_range collect(struct collecting *collecting,
                                      const struct eg_node *metadata) {
    uint32_t first = collecting->found.list.count;
    if (metadata != NULL) {
        collect_ours(collecting, metadata);
        collect_foreign(collecting, metadata);
    }
    return (struct eg_waiver_range){first, collecting->found.list.count - first};
}

struct eg_metadata_waivers eg_waivers_collect(const struct eg_waivers *waivers,
                                              const struct eg_policy *policy,
                                              const struct eg_model *model) {
    const struct eg_system *system = model->system;
    struct collecting collecting = {.arena = model->arena, .run = waivers, .policy = policy};
    struct eg_metadata_waivers *found = &collecting.found;
    found->of_stacks = EG_NEW_ARRAY(model->arena, struct eg_waiver_range, system->stack_count);
    found->of_resources =
        EG_NEW_ARRAY(model->arena, struct eg_waiver_range, system->resource_count);
    for (uint32_t i = 0; i < system->stack_count; i++) {
        const struct eg_stack *stack = system->stacks[i];
        found->of_stacks[i] = collect(&collecting, stack->template_->metadata);
        for (uint32_t k = 0; k < stack->resource_count; k++)
            found->of_resources[stack->resources[k]->number] =
                collect(&collecting, stack->resources[k]->metadata);
    }
    return *found;
}
