/* What the pages of a rule tell; see rule_facts.h. Called by rule_page.c and verb_rules.c. */
#include "cli/rule_facts.h"

#include "base/buf.h"
#include "policy/cases.h"
#include "policy/keys.h"
#include "read/read.h"
#include "schema/schema.h"

/* ---- examples ---- */

static enum eg_verdict worst_expected(const struct eg_node *expect, int level) {
    enum { MOST_LEVELS = 6 };
    enum eg_verdict worst = EG_VERDICT_NOT_APPLICABLE;
    if (eg_node_kind(expect) == EG_MAP && EG_GET(expect, "verdict") != NULL)
        expect = EG_GET(expect, "verdict");
    if (eg_node_kind(expect) != EG_MAP) {
        for (int i = 0; i < EG_VERDICT_COUNT; i++)
            if (eg_node_is_string(expect, eg_verdict_name((enum eg_verdict)i)))
                worst = (enum eg_verdict)i;
        return worst;
    }
    for (uint32_t i = 0; level < MOST_LEVELS && i < expect->as.map.count; i++) {
        enum eg_verdict inner = worst_expected(expect->as.map.items[i].value, level + 1);
        if (inner > worst)
            worst = inner;
    }
    return worst;
}

struct eg_rule_examples eg_rule_examples(struct eg_arena *arena, const struct eg_rule *rule) {
    struct eg_rule_examples examples = {0};
    const struct eg_node *cases = EG_GET(eg_cases_of_rule(arena, rule), "cases");
    if (eg_node_kind(cases) != EG_LIST)
        return examples;
    struct eg_str *names[EG_VERDICT_COUNT];
    for (int i = 0; i < EG_VERDICT_COUNT; i++) {
        names[i] = EG_NEW_ARRAY(arena, struct eg_str, cases->as.list.count);
        examples.items[i] = names[i];
    }
    for (uint32_t i = 0; i < cases->as.list.count; i++) {
        const struct eg_node *item = cases->as.list.items[i];
        enum eg_verdict verdict = worst_expected(EG_GET(item, "expect"), 0);
        names[verdict][examples.counts[verdict]++] = eg_node_text(EG_GET(item, "name"));
    }
    return examples;
}

/* ---- words ---- */

static bool says(struct eg_str text, enum eg_severity severity) {
    return eg_str_contains(text, eg_str_from(eg_severity_name(severity)));
}

struct eg_str eg_rule_severities(struct eg_arena *arena, const struct eg_rule *rule) {
    bool possible[EG_SEVERITY_COUNT] = {false};
    possible[rule->severity] = true;
    for (uint32_t i = 0; i < rule->check_count && !rule->severity_is_set; i++) {
        const struct eg_check *check = &rule->checks[i];
        struct eg_str expression = eg_rule_expression(arena, check->raw, "severity");
        possible[check->fixed] = true;
        for (int level = 0; level < EG_SEVERITY_COUNT; level++)
            if (says(expression, (enum eg_severity)level))
                possible[level] = true;
    }
    struct eg_str text = eg_str_from(eg_severity_name(rule->severity));
    bool first = true;
    for (int level = EG_SEVERITY_COUNT - 1; level >= 0; level--) {
        if (!possible[level] || level == (int)rule->severity)
            continue;
        text = eg_str_format(arena, "%.*s%s%s", EG_STR_ARGS(text), first ? " (or " : ", ",
                             eg_severity_name((enum eg_severity)level));
        first = false;
    }
    return first ? text : eg_str_format(arena, "%.*s)", EG_STR_ARGS(text));
}

struct eg_str eg_rule_expression(struct eg_arena *arena, const struct eg_node *map,
                                 const char *key) {
    return eg_str_trim(eg_keys_text(arena, eg_node_get(map, eg_str_from(key))));
}

struct eg_str eg_rule_section_title(const struct eg_policy *policy, const struct eg_rule *rule) {
    for (uint32_t i = 0; i < policy->section_count; i++)
        if (eg_str_equal(policy->sections[i].prefix, rule->section))
            return policy->sections[i].title;
    return rule->section;
}

struct eg_str eg_rule_param_type(struct eg_arena *arena, const struct eg_param *param) {
    return eg_shape_text(arena, &param->shape);
}

struct eg_str eg_rule_param_value(struct eg_arena *arena, const struct eg_rule *rule,
                                  const struct eg_param *param) {
    const struct eg_node *value = eg_node_get(rule->params, param->name);
    struct eg_buf buf;
    eg_buf_init(&buf);
    eg_write_json(&buf, value == NULL ? param->fallback : value, 0);
    struct eg_str text = eg_str_copy(arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return text;
}
