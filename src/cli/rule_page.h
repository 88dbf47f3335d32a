/* The page of a rule: what it demands, why, what passes and fails, how to mend it. */
#ifndef EG_CLI_RULE_PAGE_H
#define EG_CLI_RULE_PAGE_H

#include "base/buf.h"
#include "policy/policy.h"

#include <cjson/cJSON.h>

/* ARENA is for what is made on the way. WIDTH: columns of the terminal, 0 for none. */
void eg_rule_page_text(struct eg_buf *out, struct eg_arena *arena, const struct eg_policy *policy,
                       const struct eg_rule *rule, uint32_t width, bool colour);
void eg_rule_page_markdown(struct eg_buf *out, struct eg_arena *arena,
                           const struct eg_policy *policy, const struct eg_rule *rule);
cJSON *eg_rule_page_json(struct eg_arena *arena, const struct eg_policy *policy,
                         const struct eg_rule *rule);

#endif
