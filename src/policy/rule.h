/* One rule: from its map in a policy file to a checked structure, and from there to programs. */
#ifndef EG_POLICY_RULE_H
#define EG_POLICY_RULE_H

#include "policy/policy.h"

/* Reads and checks the map NODE into *RET_RULE: keys, forms, id, match. Expressions are left as
 * text, params to eg_rule_read_params. PATH is the file's. Fails with EG_ERROR_USAGE at the faulty
 * place. */
EG_MUST_USE bool eg_rule_read(struct eg_arena *arena, const struct eg_schema *schema,
                              const struct eg_node *node, struct eg_str path,
                              struct eg_rule **ret_rule, struct eg_error *error);

/* Reads one ENTRY of a map `params` into *RET_PARAM. Fails as above. */
EG_MUST_USE bool eg_param_read(struct eg_arena *arena, const struct eg_entry *entry,
                               struct eg_param *ret_param, struct eg_error *error);

/* Reads `match`: a kind of the model, or a type of resource; part of eg_rule_read. */
EG_MUST_USE bool eg_rule_read_match(struct eg_arena *arena, const struct eg_schema *schema,
                                    struct eg_rule *rule, struct eg_error *error);

/* Reads `params` and `shared-params`, which name some of SHARED (to struct eg_param *): once all
 * policy files are read. Fails as above. */
EG_MUST_USE bool eg_rule_read_params(struct eg_arena *arena, struct eg_rule *rule,
                                     const struct eg_map *shared, struct eg_error *error);

/* Sets RULE's params to OVERRIDES (a map, or NULL) over what was set before. */
EG_MUST_USE bool eg_rule_set_params(struct eg_arena *arena, struct eg_rule *rule,
                                    const struct eg_node *overrides, struct eg_error *error);

/* The same, with those of VALUES (a map) that are shared params of RULE; others are left. */
EG_MUST_USE bool eg_rule_set_shared_params(struct eg_arena *arena, struct eg_rule *rule,
                                           const struct eg_node *values, struct eg_error *error);

/* Gives the rule and all its checks one severity, in place of what the rule says. */
void eg_rule_set_severity(struct eg_rule *rule, enum eg_severity severity);

/* Is it compiled? */
bool eg_rule_is_compiled(const struct eg_rule *rule);

/* Compiles the expressions into POLICY's arena. Fails with EG_ERROR_USAGE at the faulty place. */
EG_MUST_USE bool eg_rule_compile(const struct eg_policy *policy, struct eg_rule *rule,
                                 struct eg_error *error);

/* The same, and appends the programs to BUF as bytes, for a rule's `programs`. */
struct eg_buf;
EG_MUST_USE bool eg_rule_precompile(const struct eg_policy *policy, struct eg_rule *rule,
                                    struct eg_buf *buf, struct eg_error *error);

/* ECS-HARD-001: capital letters, digits and hyphens, at least two parts, the last one a number. */
bool eg_rule_is_id(struct eg_str text);
/* ECS-HARD: what an id has before its number. */
bool eg_rule_is_section(struct eg_str text);
/* readonly-root-filesystem: small letters, digits and hyphens, beginning with a letter. */
bool eg_rule_is_name(struct eg_str text);

#endif
