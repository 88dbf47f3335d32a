/* What `ecsgate test` tells of a run of cases: text for people, JUnit for the pipeline. */
#ifndef EG_CLI_TEST_TEXT_H
#define EG_CLI_TEST_TEXT_H

#include "base/buf.h"
#include "policy/cases.h"

/* What the cases leave untested. */
struct eg_test_coverage {
    uint32_t rules;    /* with cases */
    uint32_t gaps;     /* rules of the tested paths without a passing or a failing case */
    uint32_t outcomes; /* of branches: each can be true and false */
    uint32_t taken;
};

/* Counts what RUN covers of the rules that are no builtin ones. */
struct eg_test_coverage eg_test_coverage(const struct eg_case_run *run);

/* Why RULE isn't tested both ways: "has no cases"; NULL: it is. */
const char *eg_test_gap(const struct eg_case_run *run, const struct eg_rule *rule);

/* Is RULE one whose cases this run is about? */
bool eg_test_is_tested(const struct eg_case_run *run, const struct eg_rule *rule);

/* Failing cases, with VERBOSE all; rules that aren't tested both ways. */
void eg_test_tell_cases(const struct eg_case_run *run, bool verbose, struct eg_buf *out);
void eg_test_tell_gaps(const struct eg_case_run *run, struct eg_buf *out);
/* For each rule the verdicts of its cases, and the branches that none of them took. */
void eg_test_tell_coverage(const struct eg_case_run *run, struct eg_buf *out);
/* The last line. */
void eg_test_tell_summary(const struct eg_case_run *run, const struct eg_test_coverage *coverage,
                          struct eg_buf *out);

/* The run as JUnit XML: a test case for each case, and one for each rule that isn't tested. */
void eg_test_junit(const struct eg_case_run *run, struct eg_buf *xml);

#endif
