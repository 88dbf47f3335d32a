/* What a case expects: verdicts by object, and what their results must say. */
#ifndef EG_POLICY_EXPECT_H
#define EG_POLICY_EXPECT_H

#include "policy/judge.h"

/* What a result must have; what is empty doesn't matter. */
struct eg_expected {
    struct eg_str check, message, reason, scenario, at, path;
    enum eg_severity severity;
    bool has_severity;
    uint32_t count; /* of results with the verdict; 0: any number */
};

/* One entry of `expect`. */
struct eg_expectation {
    struct eg_str key; /* Task/app; empty: every object */
    enum eg_verdict verdict;
    struct eg_expected expected;
    const struct eg_node *at;
};

struct eg_expectations {
    struct eg_expectation *items;
    uint32_t count, capacity;
    struct eg_expected any; /* of the case: some failing or unknown result must have it */
};

/* The keys that say what a result must have, for tables of keys; then EG_KEY_ANY ends them. */
#define EG_EXPECTED_KEYS                                                                           \
    {"check", EG_KEY_TEXT, false}, {"severity", EG_KEY_TEXT, false},                               \
        {"message", EG_KEY_TEXT, false}, {"reason", EG_KEY_TEXT, false},                           \
        {"scenario", EG_KEY_TEXT, false}, {"at", EG_KEY_TEXT, false}, {                            \
        "path", EG_KEY_TEXT, false                                                                 \
    }

/* Reads `expect` and the keys above of the case NODE. */
EG_MUST_USE bool eg_expect_read(struct eg_arena *arena, const struct eg_node *node,
                                struct eg_expectations *ret_expectations, struct eg_error *error);

/* Texts of what is otherwise than expected, in ARENA. */
struct eg_failures {
    struct eg_arena *arena;
    struct eg_str *items;
    uint32_t count, capacity;
};
void eg_failures_add(struct eg_failures *failures, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Compares RESULTS of RULE on MODEL with what is expected. */
void eg_expect_compare(const struct eg_expectations *expectations, const struct eg_rule *rule,
                       struct eg_model *model, const struct eg_results *results,
                       struct eg_failures *failures);

#endif
