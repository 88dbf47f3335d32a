/* The last lines of a run, shared by text and summary, and phrases on counts for the others. */
#ifndef EG_REPORT_SUMMARY_H
#define EG_REPORT_SUMMARY_H

#include "report/report.h"

/* Terminal styles: SGR sequences, empty without colour. */
enum eg_style {
    EG_STYLE_NONE,
    EG_STYLE_BOLD,
    EG_STYLE_DIM,
    EG_STYLE_BAD,
    EG_STYLE_WARN,
    EG_STYLE_NOTE,
    EG_STYLE_GOOD,
    EG_STYLE_OPEN, /* undecided */
};
const char *eg_style_start(enum eg_style style, bool colour);
const char *eg_style_end(enum eg_style style, bool colour);
enum eg_style eg_style_of_severity(enum eg_severity severity);
enum eg_style eg_style_of_verdict(enum eg_verdict verdict);

/* "1 failure", "2 failures"; PLURAL is the ending. */
void eg_report_add_count(struct eg_buf *out, uint32_t count, const char *noun);

/* "2 high, 1 medium" for counts by severity; nothing if all are 0. */
void eg_report_add_severities(struct eg_buf *out, const uint32_t counts[EG_SEVERITY_COUNT]);

/* Failures, or unknowns, that the gate's bar counts. */
uint32_t eg_summary_gated(const uint32_t counts[EG_SEVERITY_COUNT], enum eg_severity fail_on);

/* Results that were judged: passes, failures, unknowns and waived ones. */
uint32_t eg_summary_judged(const struct eg_summary *summary);

/* Why the verdict is what it is, in one sentence without a full stop. */
void eg_summary_add_reason(struct eg_buf *out, const struct eg_summary *summary,
                           const struct eg_report_options *options);

/* Both lines: counts, and the verdict with its reason. */
void eg_summary_write(struct eg_buf *out, const struct eg_summary *summary,
                      const struct eg_report_options *options);

#endif
