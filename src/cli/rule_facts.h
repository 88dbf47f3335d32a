/* What the pages of a rule tell, gathered from the rule and its cases, whatever their form. */
#ifndef EG_CLI_RULE_FACTS_H
#define EG_CLI_RULE_FACTS_H

#include "policy/policy.h"

/* The names of the rule's cases by the verdict they expect, in order. */
struct eg_rule_examples {
    const struct eg_str *items[EG_VERDICT_COUNT];
    uint32_t counts[EG_VERDICT_COUNT];
};

/* Cases that expect several verdicts count as examples of the worst. */
struct eg_rule_examples eg_rule_examples(struct eg_arena *arena, const struct eg_rule *rule);

/* "medium; high where it depends": the severities a rule may have, as words. */
struct eg_str eg_rule_severities(struct eg_arena *arena, const struct eg_rule *rule);

/* The text of an expression key of a rule or check; empty if there is none. */
struct eg_str eg_rule_expression(struct eg_arena *arena, const struct eg_node *map,
                                 const char *key);

/* The section's title, or its prefix. */
struct eg_str eg_rule_section_title(const struct eg_policy *policy, const struct eg_rule *rule);

/* The name of a param's type, and its value as JSON. */
struct eg_str eg_rule_param_type(struct eg_arena *arena, const struct eg_param *param);
struct eg_str eg_rule_param_value(struct eg_arena *arena, const struct eg_rule *rule,
                                  const struct eg_param *param);

#endif
