/* Choosing rules; see profile.h. Called by policy.c once all policy files are read. */
#include "policy/profile.h"

#include "policy/keys.h"
#include "policy/rule.h"

#include <stdlib.h>

enum { MOST_EXTENDED = 16 };

static const struct eg_key tuning_keys[] = {
    {"on", EG_KEY_FLAG, false},    {"off", EG_KEY_FLAG, false}, {"severity", EG_KEY_TEXT, false},
    {"params", EG_KEY_MAP, false}, {NULL, EG_KEY_ANY, false},
};

/* "; did you mean 'X'?", or nothing. */
static struct eg_str hint_in(const struct eg_library *library, const struct eg_map *map,
                             struct eg_str name) {
    struct eg_str *names = EG_NEW_ARRAY(library->arena, struct eg_str, map->count);
    for (uint32_t i = 0; i < map->count; i++)
        names[i] = map->entries[i].key;
    return eg_keys_hint(library->arena, eg_keys_nearest(name, names, map->count));
}

/* ---- tuning ---- */

static bool unknown_rule(const struct eg_library *library, const struct eg_entry *entry,
                         struct eg_error *error) {
    struct eg_place place = eg_entry_place(entry);
    return eg_error_set(error, EG_ERROR_USAGE, place.file, place.line, place.column,
                        "there is no rule '%.*s'%.*s", EG_STR_ARGS(entry->key),
                        EG_STR_ARGS(hint_in(library, &library->by_id_or_name, entry->key)));
}

static bool tune(struct eg_library *library, struct eg_rule *rule, const struct eg_node *tuning,
                 struct eg_error *error) {
    if (tuning->kind == EG_BOOL) {
        rule->on = tuning->as.boolean;
        return true;
    }
    if (tuning->kind != EG_MAP)
        return eg_keys_fail(error, tuning,
                            "a rule is tuned by true, false or a map, as in {severity: low}; "
                            "found %s",
                            eg_kind_name(tuning->kind));
    if (!eg_keys_check(tuning, tuning_keys, "the tuning of a rule", error))
        return false;
    const struct eg_node *on = EG_GET(tuning, "on"), *off = EG_GET(tuning, "off");
    if (on != NULL && off != NULL)
        return eg_keys_fail(error, off, "a rule is tuned by 'on' or by 'off', found both");
    if (on != NULL)
        rule->on = on->as.boolean;
    if (off != NULL)
        rule->on = !off->as.boolean;
    const struct eg_node *severity = EG_GET(tuning, "severity");
    if (severity != NULL) {
        enum eg_severity level;
        if (!eg_severity_parse(eg_node_text(severity), &level))
            return eg_keys_fail(error, severity,
                                "'%.*s' is no severity; expected critical, high, medium, low or "
                                "info",
                                EG_STR_ARGS(eg_node_text(severity)));
        eg_rule_set_severity(rule, level);
    }
    const struct eg_node *params = EG_GET(tuning, "params");
    return params == NULL || eg_rule_set_params(library->arena, rule, params, error);
}

bool eg_profile_tune(struct eg_library *library, const struct eg_node *rules,
                     struct eg_error *error) {
    if (rules == NULL)
        return true;
    if (rules->kind != EG_MAP)
        return eg_keys_fail(error, rules, "'rules' must be a map from rule ids, found %s",
                            eg_kind_name(rules->kind));
    for (uint32_t i = 0; i < rules->as.map.count; i++) {
        const struct eg_entry *entry = &rules->as.map.items[i];
        struct eg_rule *rule = eg_map_get(&library->by_id_or_name, entry->key);
        if (rule == NULL)
            return unknown_rule(library, entry, error);
        if (!tune(library, rule, entry->value, error))
            return false;
    }
    return true;
}

bool eg_profile_share(struct eg_library *library, const struct eg_node *params,
                      struct eg_error *error) {
    if (params == NULL)
        return true;
    if (params->kind != EG_MAP)
        return eg_keys_fail(error, params, "'params' must be a map, found %s",
                            eg_kind_name(params->kind));
    for (uint32_t i = 0; i < params->as.map.count; i++) {
        const struct eg_entry *entry = &params->as.map.items[i];
        if (eg_map_get(&library->params, entry->key) != NULL)
            continue;
        return eg_error_set(error, EG_ERROR_USAGE, EG_AT(eg_entry_place(entry)),
                            "there is no shared param '%.*s'%.*s", EG_STR_ARGS(entry->key),
                            EG_STR_ARGS(hint_in(library, &library->params, entry->key)));
    }
    for (uint32_t i = 0; i < library->rule_count; i++)
        if (!eg_rule_set_shared_params(library->arena, library->rules[i], params, error))
            return false;
    return true;
}

/* ---- profiles ---- */

static bool names_profile(const struct eg_rule *rule, struct eg_str name) {
    for (uint32_t i = 0; i < rule->profile_count; i++)
        if (eg_str_equal(rule->profiles[i], name))
            return true;
    return false;
}

static bool apply_one(struct eg_library *library, const struct eg_profile *profile,
                      struct eg_error *error) {
    for (uint32_t i = 0; i < library->rule_count; i++) {
        struct eg_rule *rule = library->rules[i];
        if ((profile->all && (!rule->opt_in || profile->opt_in)) ||
            names_profile(rule, profile->name))
            rule->on = true;
    }
    return eg_profile_share(library, profile->params, error) &&
           eg_profile_tune(library, profile->rules, error);
}

static bool unknown_profile(const struct eg_library *library, const struct eg_node *at,
                            struct eg_str name, struct eg_error *error) {
    struct eg_str hint = hint_in(library, &library->profiles, name), all = EG_STR("");
    for (uint32_t i = 0; hint.length == 0 && i < library->profiles.count; i++)
        all = eg_str_format(library->arena, "%.*s%s%.*s", EG_STR_ARGS(all), i == 0 ? "" : ", ",
                            EG_STR_ARGS(library->profiles.entries[i].key));
    if (hint.length == 0)
        hint = eg_str_format(library->arena, "; there are %.*s", EG_STR_ARGS(all));
    return eg_keys_fail(error, at, "there is no profile '%.*s'%.*s", EG_STR_ARGS(name),
                        EG_STR_ARGS(hint));
}

/* A profile that a rule says it belongs to must exist: else it was misspelt. */
static bool check_memberships(const struct eg_library *library, struct eg_error *error) {
    for (uint32_t i = 0; i < library->rule_count; i++) {
        const struct eg_rule *rule = library->rules[i];
        for (uint32_t j = 0; j < rule->profile_count; j++)
            if (eg_map_get(&library->profiles, rule->profiles[j]) == NULL)
                return unknown_profile(library, EG_GET(rule->raw, "profiles"), rule->profiles[j],
                                       error);
    }
    return true;
}

/* Is it what names a rule or a section? */
static bool is_named(const struct eg_library *library, struct eg_str text) {
    if (eg_map_get(&library->by_id_or_name, text) != NULL)
        return true;
    for (uint32_t i = 0; i < library->section_count; i++)
        if (eg_str_equal(text, library->sections[i].prefix))
            return true;
    return false;
}

static bool check_order(const struct eg_library *library, const struct eg_profile *profile,
                        struct eg_error *error) {
    const struct eg_node *order = EG_GET(profile->raw, "order");
    for (uint32_t i = 0; i < profile->order_count; i++)
        if (!is_named(library, profile->order[i]))
            return eg_keys_fail(
                error, order->kind == EG_LIST ? order->as.list.items[i] : order,
                "there is no rule or section '%.*s'%.*s", EG_STR_ARGS(profile->order[i]),
                EG_STR_ARGS(hint_in(library, &library->by_id_or_name, profile->order[i])));
    return true;
}

bool eg_profile_apply(struct eg_library *library, struct eg_str name,
                      const struct eg_profile **ret_profile, struct eg_error *error) {
    const struct eg_profile *chain[MOST_EXTENDED];
    uint32_t count = 0;
    const struct eg_node *at = NULL;
    for (struct eg_str next = name; next.length > 0; next = chain[count - 1]->extends) {
        const struct eg_profile *profile = eg_map_get(&library->profiles, next);
        if (profile == NULL)
            return unknown_profile(library, at, next, error);
        if (count == MOST_EXTENDED)
            return eg_keys_fail(error, profile->raw,
                                "more than %d profiles extend each other, or in a circle",
                                MOST_EXTENDED);
        chain[count++] = profile;
        at = EG_GET(profile->raw, "extends");
    }
    if (!check_memberships(library, error) || !check_order(library, chain[0], error))
        return false;
    for (uint32_t i = count; i > 0; i--)
        if (!apply_one(library, chain[i - 1], error))
            return false;
    *ret_profile = chain[0];
    return true;
}

/* ---- only and skip ---- */

enum match { MATCH_NONE, MATCH_GROUP, MATCH_RULE };

static enum match selects(struct eg_str selector, const struct eg_rule *rule) {
    if (eg_str_equal(selector, rule->id) || eg_str_equal(selector, rule->name))
        return MATCH_RULE;
    if (eg_str_equal(selector, rule->section) ||
        eg_str_is(selector, eg_severity_name(rule->severity)))
        return MATCH_GROUP;
    return MATCH_NONE;
}

static struct eg_str selector_hint(const struct eg_library *library, struct eg_str name) {
    const struct eg_map *rules = &library->by_id_or_name;
    uint32_t count = 0;
    struct eg_str *names = EG_NEW_ARRAY(library->arena, struct eg_str,
                                        rules->count + library->section_count + EG_SEVERITY_COUNT);
    for (uint32_t i = 0; i < rules->count; i++)
        names[count++] = rules->entries[i].key;
    for (uint32_t i = 0; i < library->section_count; i++)
        names[count++] = library->sections[i].prefix;
    for (int i = 0; i < EG_SEVERITY_COUNT; i++)
        names[count++] = eg_str_from(eg_severity_name((enum eg_severity)i));
    return eg_keys_hint(library->arena, eg_keys_nearest(name, names, count));
}

static bool check_selectors(const struct eg_library *library, const struct eg_str *selectors,
                            uint32_t count, struct eg_error *error) {
    for (uint32_t i = 0; i < count; i++) {
        enum eg_severity severity;
        if (eg_severity_parse(selectors[i], &severity) || is_named(library, selectors[i]))
            continue;
        return eg_keys_fail(error, NULL, "there is no rule, section or severity '%.*s'%.*s",
                            EG_STR_ARGS(selectors[i]),
                            EG_STR_ARGS(selector_hint(library, selectors[i])));
    }
    return true;
}

static enum match best_match(const struct eg_str *selectors, uint32_t count,
                             const struct eg_rule *rule) {
    enum match best = MATCH_NONE;
    for (uint32_t i = 0; i < count; i++) {
        enum match match = selects(selectors[i], rule);
        if (match > best)
            best = match;
    }
    return best;
}

bool eg_policy_selects(const struct eg_str *selectors, uint32_t count, const struct eg_rule *rule) {
    return count == 0 || best_match(selectors, count, rule) != MATCH_NONE;
}

bool eg_profile_select(struct eg_library *library, const struct eg_policy_options *options,
                       struct eg_error *error) {
    if (!check_selectors(library, options->only, options->only_count, error) ||
        !check_selectors(library, options->skip, options->skip_count, error))
        return false;
    for (uint32_t i = 0; i < library->rule_count; i++) {
        struct eg_rule *rule = library->rules[i];
        if (options->only_count > 0) {
            enum match match = best_match(options->only, options->only_count, rule);
            rule->on = match == MATCH_RULE || (match == MATCH_GROUP && rule->on);
        }
        if (best_match(options->skip, options->skip_count, rule) != MATCH_NONE)
            rule->on = false;
    }
    return true;
}

/* ---- order ---- */

/* Where the profile's order names the rule or its section, else behind, by section. */
static uint32_t rank(const struct eg_library *library, const struct eg_profile *profile,
                     const struct eg_rule *rule) {
    for (uint32_t i = 0; i < profile->order_count; i++)
        if (eg_str_equal(profile->order[i], rule->id) ||
            eg_str_equal(profile->order[i], rule->name) ||
            eg_str_equal(profile->order[i], rule->section))
            return i;
    for (uint32_t i = 0; i < library->section_count; i++)
        if (eg_str_equal(library->sections[i].prefix, rule->section))
            return profile->order_count + i;
    return UINT32_MAX;
}

static int compare_ranks(const void *left, const void *right) {
    const struct eg_rule *a = *(const struct eg_rule *const *)left;
    const struct eg_rule *b = *(const struct eg_rule *const *)right;
    if (a->on != b->on)
        return a->on ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return eg_str_compare(a->id, b->id);
}

void eg_profile_sort(struct eg_library *library, const struct eg_profile *profile) {
    for (uint32_t i = 0; i < library->rule_count; i++)
        library->rules[i]->number = rank(library, profile, library->rules[i]);
    if (library->rule_count > 0)
        qsort(library->rules, library->rule_count, sizeof(struct eg_rule *), compare_ranks);
    for (uint32_t i = 0; i < library->rule_count; i++)
        library->rules[i]->number = i;
}
