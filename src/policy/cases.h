/* The cases of rules: inputs with the verdicts they must have, as `ecsgate test` runs them.
 *
 * A file of cases (cases.yaml beside rule.yaml, or NAME.cases.yaml) holds a list of cases; each has
 * its input in it, or names files. docs/policies.md is the manual of the format. */
#ifndef EG_POLICY_CASES_H
#define EG_POLICY_CASES_H

#include "policy/judge.h"

/* One case that ran. */
struct eg_case {
    struct eg_str name;
    struct eg_place place;
    const struct eg_rule *rule;
    const struct eg_str *failures; /* what was otherwise than expected; none: it holds */
    uint32_t failure_count;
    uint32_t verdicts[EG_VERDICT_COUNT]; /* of its results */
    struct eg_str explanation;           /* of a failing case, if it was asked for */
};

/* What all cases showed of one rule. */
struct eg_case_coverage {
    uint32_t cases, passed, failed, unknown, not_applicable; /* cases with such a verdict */
    struct eg_cel_coverage *branches;
};

struct eg_case_run {
    struct eg_arena *arena;
    struct eg_policy *policy;  /* must know the rules of the cases */
    const struct eg_str *only; /* cases of other rules are left out; none: all run */
    uint32_t only_count;
    bool explain; /* failing cases tell how the rule was evaluated */
    struct eg_case *cases;
    uint32_t count, capacity;
    uint32_t failed;
    struct eg_case_coverage *coverage; /* by number of the rule */
};

/* The files of cases at PATHS: files as they are, folders walked in the order of names. Fails with
 * EG_ERROR_USAGE if a path doesn't exist. */
EG_MUST_USE bool eg_cases_find(struct eg_arena *arena, const struct eg_str *paths, uint32_t count,
                               struct eg_str **ret_files, uint32_t *ret_count,
                               struct eg_error *error);

void eg_cases_init(struct eg_case_run *run, struct eg_arena *arena, struct eg_policy *policy);

/* Runs the cases of a file, adding to RUN. Fails with EG_ERROR_USAGE if the file is wrong: that is
 * no failing case. */
EG_MUST_USE bool eg_cases_run_file(struct eg_case_run *run, struct eg_str path,
                                   struct eg_error *error);

/* The branches of RULE's expressions and whether cases took them, in the order of its file;
 * *RET_COUNT of them, in RUN's arena. Those of a let are its conditions, and the whole if it is
 * true or false. */
struct eg_cel_branch *eg_cases_branches(const struct eg_case_run *run, const struct eg_rule *rule,
                                        uint32_t *ret_count);

/* The root node of the cases beside RULE (a builtin one's are in the program), or NULL. For the
 * rule's page. */
const struct eg_node *eg_cases_of_rule(struct eg_arena *arena, const struct eg_rule *rule);

#endif
