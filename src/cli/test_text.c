/* Telling a run of cases to people; see test_text.h. Called by verb_test.c. */
#include "cli/test_text.h"

#include "cli/terminal.h"
#include "report/escape.h"
#include "report/report.h"

/* ---- coverage ---- */

/* Rules that came from the tested paths, not those that ship. */
bool eg_test_is_tested(const struct eg_case_run *run, const struct eg_rule *rule) {
    return !rule->builtin && eg_policy_selects(run->only, run->only_count, rule);
}

const char *eg_test_gap(const struct eg_case_run *run, const struct eg_rule *rule) {
    const struct eg_case_coverage *coverage = &run->coverage[rule->number];
    if (coverage->cases == 0)
        return "has no cases";
    if (coverage->passed == 0)
        return coverage->failed == 0 ? "has neither a case that passes nor one that fails"
                                     : "has no case that passes";
    return coverage->failed == 0 ? "has no case that fails" : NULL;
}

static uint32_t taken_of(const struct eg_cel_branch *branch) {
    return (branch->was_true ? 1u : 0u) + (branch->was_false ? 1u : 0u);
}

struct eg_test_coverage eg_test_coverage(const struct eg_case_run *run) {
    struct eg_test_coverage coverage = {0};
    for (uint32_t i = 0; i < run->policy->known_count; i++) {
        const struct eg_rule *rule = run->policy->known[i];
        coverage.rules += run->coverage[rule->number].cases > 0;
        if (!eg_test_is_tested(run, rule))
            continue;
        coverage.gaps += eg_test_gap(run, rule) != NULL;
        uint32_t count;
        const struct eg_cel_branch *branches = eg_cases_branches(run, rule, &count);
        coverage.outcomes += 2 * count;
        for (uint32_t j = 0; j < count; j++)
            coverage.taken += taken_of(&branches[j]);
    }
    return coverage;
}

/* ---- cases ---- */

static void add_line(struct eg_buf *out, const char *indent, struct eg_str text) {
    eg_buf_puts(out, indent);
    eg_report_add_plain(out, text);
    eg_buf_putc(out, '\n');
}

void eg_test_tell_cases(const struct eg_case_run *run, bool verbose, struct eg_buf *out) {
    for (uint32_t i = 0; i < run->count; i++) {
        const struct eg_case *ran = &run->cases[i];
        bool good = ran->failure_count == 0;
        if (good && !verbose)
            continue;
        eg_buf_puts(out, good ? "ok    " : "FAIL  ");
        if (!good) {
            eg_report_add_place(out, ran->place);
            eg_buf_puts(out, ": ");
        }
        eg_report_add_plain(out, ran->rule->id);
        add_line(out, ": ", ran->name);
        for (uint32_t j = 0; j < ran->failure_count; j++)
            add_line(out, "      ", ran->failures[j]);
        eg_terminal_add_lines(out, "      ", ran->explanation);
    }
}

/* ---- what is not tested ---- */

void eg_test_tell_gaps(const struct eg_case_run *run, struct eg_buf *out) {
    for (uint32_t i = 0; i < run->policy->known_count; i++) {
        const struct eg_rule *rule = run->policy->known[i];
        const char *gap = eg_test_is_tested(run, rule) ? eg_test_gap(run, rule) : NULL;
        if (gap == NULL)
            continue;
        eg_buf_puts(out, "FAIL  ");
        eg_report_add_place(out, eg_node_place(rule->raw));
        eg_buf_printf(out, ": %.*s %s\n", EG_STR_ARGS(rule->id), gap);
    }
}

/* ---- coverage, rule by rule ---- */

static void tell_verdicts(const struct eg_case_coverage *coverage, struct eg_buf *out) {
    const struct {
        const char *name;
        uint32_t count;
    } verdicts[] = {{"pass", coverage->passed},
                    {"fail", coverage->failed},
                    {"unknown", coverage->unknown},
                    {"not applicable", coverage->not_applicable}};
    eg_buf_printf(out, "%u %s", coverage->cases, coverage->cases == 1 ? "case" : "cases");
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
        eg_buf_printf(out, "%s %s %u", i == 0 ? ":" : ",", verdicts[i].name, verdicts[i].count);
}

static const char *untaken(const struct eg_cel_branch *branch) {
    if (branch->was_true)
        return "never false";
    return branch->was_false ? "never true" : "never reached";
}

void eg_test_tell_coverage(const struct eg_case_run *run, struct eg_buf *out) {
    for (uint32_t i = 0; i < run->policy->known_count; i++) {
        const struct eg_rule *rule = run->policy->known[i];
        if (!eg_test_is_tested(run, rule))
            continue;
        uint32_t count, taken = 0;
        const struct eg_cel_branch *branches = eg_cases_branches(run, rule, &count);
        for (uint32_t j = 0; j < count; j++)
            taken += taken_of(&branches[j]);
        eg_buf_printf(out, "%.*s %.*s: ", EG_STR_ARGS(rule->id), EG_STR_ARGS(rule->name));
        tell_verdicts(&run->coverage[rule->number], out);
        eg_buf_printf(out, "; %u of %u branches\n", taken, 2 * count);
        for (uint32_t j = 0; j < count; j++) {
            if (taken_of(&branches[j]) == 2)
                continue;
            eg_buf_puts(out, "      ");
            eg_report_add_place(out, branches[j].place);
            eg_buf_printf(out, ": %s", untaken(&branches[j]));
            add_line(out, ": ", eg_report_one_line(run->arena, branches[j].expression));
        }
    }
}

void eg_test_tell_summary(const struct eg_case_run *run, const struct eg_test_coverage *coverage,
                          struct eg_buf *out) {
    eg_buf_printf(out, "%u passed, %u failed", run->count - run->failed, run->failed);
    if (coverage->gaps > 0)
        eg_buf_printf(out, ", %u %s not tested both ways", coverage->gaps,
                      coverage->gaps == 1 ? "rule" : "rules");
    eg_buf_printf(out, "; %u %s", coverage->rules, coverage->rules == 1 ? "rule" : "rules");
    if (coverage->outcomes > 0)
        eg_buf_printf(out, ", %u of %u branches", coverage->taken, coverage->outcomes);
    eg_buf_putc(out, '\n');
}
