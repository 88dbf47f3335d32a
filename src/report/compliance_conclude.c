/* The conclusion of the document: what to do first, what is open, whether it is ready, and how sure
 * that is; with the phrases for it. See compliance.h. Called by compliance.c and the two forms. */
#include "report/compliance.h"

#include "report/escape.h"
#include "report/summary.h"

#include <stdlib.h>

/* ---- priorities ---- */

/* The worst severity first, then the order of the policy. */
static int compare_priority(const void *a, const void *b) {
    const struct eg_rule_entry *left = *(const struct eg_rule_entry *const *)a;
    const struct eg_rule_entry *right = *(const struct eg_rule_entry *const *)b;
    if (left->severity != right->severity)
        return left->severity > right->severity ? -1 : 1;
    return left->rule->number < right->rule->number ? -1 : 1;
}

static void prioritize(struct eg_compliance *document) {
    uint32_t rules = document->options->policy->rule_count;
    document->by_priority = EG_NEW_ARRAY(document->arena, struct eg_rule_entry *, rules);
    for (uint32_t i = 0; i < rules; i++)
        if (document->entries[i].counts.verdicts[EG_VERDICT_FAIL] > 0)
            document->by_priority[document->priority_count++] = &document->entries[i];
    qsort(document->by_priority, document->priority_count, sizeof *document->by_priority,
          compare_priority);
}

/* ---- what is open ---- */

static void collect_open(struct eg_compliance *document) {
    struct eg_map by_reason;
    uint32_t most = document->summary->verdicts[EG_VERDICT_UNKNOWN];
    eg_map_init(&by_reason, document->arena);
    document->open = EG_NEW_ARRAY(document->arena, struct eg_open_reason, most);
    for (uint32_t i = 0; i < document->kept_count; i++) {
        struct eg_kept *kept = document->kept[i];
        if (kept->result.verdict != EG_VERDICT_UNKNOWN)
            continue;
        struct eg_open_reason *open = eg_map_get(&by_reason, kept->result.reason);
        if (open == NULL) {
            if (document->open_count == most)
                return; /* the summary counts other results: nothing to write beyond it */
            open = &document->open[document->open_count++];
            open->reason = kept->result.reason;
            (void)eg_map_put(&by_reason, open->reason, open);
        }
        eg_kept_add(document->arena, &open->items, &open->count, &open->capacity, kept);
    }
}

/* ---- readiness and confidence ---- */

/* Confidence: high if no verdict that the gate counts is open; low if more than a fifth of all
 * verdicts are open, or an input could not be read; else medium. */
static void weigh(struct eg_compliance *document) {
    const struct eg_summary *summary = document->summary;
    uint32_t judged = eg_summary_judged(summary);
    uint32_t open = summary->verdicts[EG_VERDICT_UNKNOWN];
    uint32_t gated = eg_summary_gated(summary->unknown, document->options->fail_on);
    document->open_share = judged == 0 ? 0 : (uint32_t)((uint64_t)open * 1000 / judged);
    document->confidence = judged == 0 || summary->errors > 0 || (uint64_t)open * 5 > judged
                               ? EG_CONFIDENCE_LOW
                           : gated > 0 ? EG_CONFIDENCE_MEDIUM
                                       : EG_CONFIDENCE_HIGH;
    document->readiness =
        summary->verdict == EG_VERDICT_FAIL || judged == 0 || summary->errors > 0 ? EG_NOT_READY
        : gated > 0 || summary->verdict == EG_VERDICT_UNKNOWN ? EG_CONDITIONALLY_READY
                                                              : EG_READY;
}

void eg_compliance_conclude(struct eg_compliance *document) {
    prioritize(document);
    collect_open(document);
    weigh(document);
}

/* ---- words ---- */

const char *eg_standing_mark(enum eg_standing standing) {
    static const char *const marks[EG_STANDING_COUNT] = {
        [EG_STANDING_UNSEEN] = "\xE2\x9E\x96",              /* heavy minus */
        [EG_STANDING_NOT_APPLICABLE] = "\xE2\x9E\x96",      /* heavy minus */
        [EG_STANDING_PASS] = "\xE2\x9C\x85",                /* check mark */
        [EG_STANDING_ADVICE] = "\xF0\x9F\x92\xA1",          /* electric light bulb */
        [EG_STANDING_WAIVED] = "\xF0\x9F\x93\x9D",          /* memo */
        [EG_STANDING_UNKNOWN] = "\xE2\x9A\xA0\xEF\xB8\x8F", /* warning sign */
        [EG_STANDING_FAIL] = "\xE2\x9D\x8C",                /* cross mark */
    };
    return marks[standing];
}

const char *eg_standing_word(enum eg_standing standing) {
    static const char *const words[EG_STANDING_COUNT] = {
        [EG_STANDING_UNSEEN] = "not examined", [EG_STANDING_NOT_APPLICABLE] = "not applicable",
        [EG_STANDING_PASS] = "pass",           [EG_STANDING_ADVICE] = "advice",
        [EG_STANDING_WAIVED] = "waived",       [EG_STANDING_UNKNOWN] = "unknown",
        [EG_STANDING_FAIL] = "fail",
    };
    return words[standing];
}

bool eg_standing_holds(enum eg_standing standing) {
    return standing == EG_STANDING_PASS || standing == EG_STANDING_ADVICE;
}

bool eg_standing_has_findings(enum eg_standing standing) {
    return standing == EG_STANDING_FAIL || standing == EG_STANDING_ADVICE;
}

static void add_findings(struct eg_buf *out, const struct eg_counts *counts) {
    uint32_t failed = counts->verdicts[EG_VERDICT_FAIL];
    uint32_t open = counts->verdicts[EG_VERDICT_UNKNOWN];
    if (failed + open == 0) {
        eg_buf_puts(out, "the findings are told in other sections");
        return;
    }
    if (failed > 0) {
        eg_report_add_count(out, failed, "finding");
        eg_buf_puts(out, ": ");
        eg_report_add_severities(out, counts->failed);
    }
    if (open > 0)
        eg_buf_printf(out, "%s%u unknown", failed > 0 ? "; " : "", open);
}

void eg_compliance_add_status(struct eg_buf *out, enum eg_standing standing,
                              const struct eg_counts *counts) {
    switch (standing) {
    case EG_STANDING_FAIL:
        eg_buf_puts(out, "NON-COMPLIANT (");
        add_findings(out, counts);
        eg_buf_puts(out, ")");
        break;
    case EG_STANDING_UNKNOWN:
        if (counts->verdicts[EG_VERDICT_UNKNOWN] == 0)
            eg_buf_puts(out, "NEEDS INPUT (what is unknown is told in other sections)");
        else
            eg_buf_printf(out, "NEEDS INPUT (%u unknown)", counts->verdicts[EG_VERDICT_UNKNOWN]);
        break;
    case EG_STANDING_WAIVED:
        eg_buf_printf(out, "COMPLIANT WITH WAIVERS (%u)", counts->verdicts[EG_VERDICT_WAIVED]);
        break;
    case EG_STANDING_ADVICE:
        eg_buf_puts(out, "COMPLIANT, WITH ADVICE (");
        add_findings(out, counts);
        eg_buf_puts(out, ")");
        break;
    case EG_STANDING_PASS:
        eg_buf_puts(out, "COMPLIANT");
        break;
    case EG_STANDING_NOT_APPLICABLE:
        eg_buf_puts(out, "NOT APPLICABLE");
        break;
    case EG_STANDING_UNSEEN:
    case EG_STANDING_COUNT:
        eg_buf_puts(out, "NOT EXAMINED");
        break;
    }
}

void eg_compliance_add_tally(struct eg_buf *out, const struct eg_rule_entry *entry) {
    const uint32_t *verdicts = entry->counts.verdicts;
    static const struct {
        enum eg_verdict verdict;
        const char *word;
    } parts[] = {{EG_VERDICT_FAIL, "failed"},
                 {EG_VERDICT_UNKNOWN, "unknown"},
                 {EG_VERDICT_WAIVED, "waived"},
                 {EG_VERDICT_PASS, "passed"}};
    if (entry->count == 0) {
        eg_buf_puts(out, entry->standing == EG_STANDING_PASS ? "no fault found" : "not applicable");
        return;
    }
    const char *separator = "";
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (verdicts[parts[i].verdict] == 0)
            continue;
        eg_buf_printf(out, "%s%u %s", separator, verdicts[parts[i].verdict], parts[i].word);
        separator = ", ";
    }
}

void eg_compliance_add_strength(struct eg_buf *out, const struct eg_topic *topic) {
    uint32_t passed = topic->counts.verdicts[EG_VERDICT_PASS];
    for (uint32_t i = 0; i < topic->also.count; i++)
        passed += topic->also.items[i]->counts.verdicts[EG_VERDICT_PASS];
    if (passed == 0)
        eg_buf_puts(out, ": no fault found");
    else
        eg_buf_printf(out, ": %u of %u hold", passed, passed);
}

const char *eg_readiness_words(enum eg_readiness readiness) {
    static const char *const words[] = {
        [EG_READY] = "READY FOR DEPLOYMENT",
        [EG_CONDITIONALLY_READY] = "CONDITIONALLY READY",
        [EG_NOT_READY] = "NOT READY",
    };
    return words[readiness];
}

enum eg_standing eg_readiness_standing(enum eg_readiness readiness) {
    return readiness == EG_READY                 ? EG_STANDING_PASS
           : readiness == EG_CONDITIONALLY_READY ? EG_STANDING_UNKNOWN
                                                 : EG_STANDING_FAIL;
}

const char *eg_confidence_word(enum eg_confidence confidence) {
    static const char *const words[] = {"HIGH", "MEDIUM", "LOW"};
    return words[confidence];
}

const char *eg_compliance_assessment(const struct eg_compliance *document) {
    const struct eg_summary *summary = document->summary;
    if (eg_summary_judged(summary) == 0)
        return "NOTHING JUDGED";
    if (document->readiness == EG_NOT_READY)
        return "INSUFFICIENT";
    if (document->readiness == EG_CONDITIONALLY_READY)
        return "INCOMPLETE";
    return summary->verdicts[EG_VERDICT_FAIL] == 0 ? "EXCELLENT" : "GOOD";
}

void eg_compliance_add_assessment(struct eg_buf *out, const struct eg_compliance *document) {
    const struct eg_summary *summary = document->summary;
    uint32_t failed = summary->verdicts[EG_VERDICT_FAIL];
    uint32_t judged = eg_summary_judged(summary);
    if (judged == 0) {
        eg_buf_puts(out, "the inputs held nothing that a rule judges");
        return;
    }
    if (failed == 0)
        eg_buf_puts(out, "no rule that could be decided fails");
    else {
        eg_buf_printf(out, "%u of ", failed);
        eg_report_add_count(out, judged, "verdict");
        eg_buf_puts(out, failed == 1 ? " fails (" : " fail (");
        eg_report_add_severities(out, summary->failed);
        eg_buf_puts(out, ")");
    }
    if (summary->verdicts[EG_VERDICT_UNKNOWN] > 0)
        eg_buf_printf(out, "; %u can't be decided before the deployment",
                      summary->verdicts[EG_VERDICT_UNKNOWN]);
    if (summary->errors > 0) {
        eg_buf_puts(out, "; ");
        eg_report_add_count(out, summary->errors, "input");
        eg_buf_puts(out, " could not be read");
    }
}

void eg_compliance_add_confidence(struct eg_buf *out, const struct eg_compliance *document) {
    const struct eg_summary *summary = document->summary;
    uint32_t gated = eg_summary_gated(summary->unknown, document->options->fail_on);
    eg_buf_printf(
        out,
        "%u of %u verdicts are unknown (%u.%u %%), %u of them of severity %s or above. "
        "HIGH: none of those that the gate counts is unknown; LOW: more than 20 %% of all "
        "are, an input could not be read, or nothing was judged; MEDIUM: all between",
        summary->verdicts[EG_VERDICT_UNKNOWN], eg_summary_judged(summary),
        document->open_share / 10, document->open_share % 10, gated,
        eg_severity_name(document->options->fail_on));
}

void eg_compliance_add_overview(struct eg_buf *out, const struct eg_compliance *document) {
    const struct eg_summary *summary = document->summary;
    eg_report_add_count(out, document->options->policy->rule_count, "rule");
    eg_buf_puts(out, " judged ");
    eg_report_add_count(out, summary->stacks, "stack");
    eg_buf_puts(out, " in ");
    eg_report_add_count(out, summary->inputs, "input");
    eg_buf_puts(out, " before the deployment, from the files alone: ");
    eg_compliance_add_assessment(out, document);
    eg_buf_puts(out, ". ");
}

void eg_compliance_add_next_step(struct eg_buf *out, const struct eg_compliance *document) {
    uint32_t failed = eg_summary_gated(document->summary->failed, document->options->fail_on);
    switch (document->readiness) {
    case EG_READY:
        eg_buf_puts(out, "Have this document signed, then deploy");
        return;
    case EG_CONDITIONALLY_READY:
        eg_buf_puts(out, "Supply what is named under Deployment Readiness, and run the gate again");
        return;
    case EG_NOT_READY:
        break;
    }
    if (failed == 0) {
        eg_buf_puts(out, "Correct the inputs, and run the gate again");
        return;
    }
    eg_buf_puts(out, "Remedy the ");
    eg_report_add_count(out, failed, "finding");
    eg_buf_printf(out, " of severity %s or above, and run the gate again",
                  eg_severity_name(document->options->fail_on));
}

struct eg_str eg_compliance_subject(struct eg_arena *arena, const struct eg_result *result) {
    struct eg_str subject = result->resource.length > 0 ? result->resource : result->stack;
    if (result->object.length > 0)
        subject =
            eg_str_format(arena, "%.*s %.*s", EG_STR_ARGS(subject), EG_STR_ARGS(result->object));
    if (result->object_name.length > 0)
        subject = eg_str_format(arena, "%.*s (%.*s)", EG_STR_ARGS(subject),
                                EG_STR_ARGS(result->object_name));
    return subject;
}

struct eg_str eg_compliance_remediation(const struct eg_result *result) {
    return result->check != NULL && result->check->remediation.length > 0
               ? result->check->remediation
               : result->rule->remediation;
}

struct eg_str eg_compliance_advice(const struct eg_rule_entry *entry) {
    if (entry->rule->remediation.length > 0)
        return entry->rule->remediation;
    const struct eg_result *worst = NULL;
    for (uint32_t i = 0; i < entry->count; i++) {
        const struct eg_result *result = &entry->items[i]->result;
        if (result->verdict == EG_VERDICT_FAIL && eg_compliance_remediation(result).length > 0 &&
            (worst == NULL || result->severity > worst->severity))
            worst = result;
    }
    return worst == NULL ? EG_STR("") : eg_compliance_remediation(worst);
}

/* An absent field without a default of ECS's reads as CEL's empty value of its type. */
static bool is_empty_value(struct eg_str value) {
    return value.length == 0 || eg_str_is(value, "''") || eg_str_is(value, "[]") ||
           eg_str_is(value, "{}") || eg_str_is(value, "null");
}

struct eg_str eg_compliance_evidence(struct eg_arena *arena, const struct eg_evidence *evidence) {
    bool none =
        evidence->value.length == 0 || (evidence->absent && is_empty_value(evidence->value));
    struct eg_str value = eg_excerpt_is_secret(evidence) ? EG_STR("(secret)")
                          : none                         ? EG_STR("absent")
                                                         : evidence->value;
    struct eg_str expression = evidence->expression;
    /* has(x) is blamed with the value of x. */
    if (eg_str_starts_with(expression, EG_STR("has(")) &&
        expression.data[expression.length - 1] == ')') {
        expression = eg_str_slice(expression, 4, expression.length - 5);
        if (evidence->absent) {
            value = EG_STR("absent");
            none = true;
        }
    }
    return eg_str_format(arena, "%.*s is %.*s%s", EG_STR_ARGS(expression), EG_STR_ARGS(value),
                         evidence->absent && !none ? " (absent: the default)" : "");
}
