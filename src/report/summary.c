/* The summary: two lines at the end of text, and a format of its own; see summary.h. */
#include "report/summary.h"

#include "report/flow.h"
#include "report/formats.h"

/* ---- styles ---- */

const char *eg_style_start(enum eg_style style, bool colour) {
    static const char *const starts[] = {
        [EG_STYLE_NONE] = "",          [EG_STYLE_BOLD] = "\033[1m",    [EG_STYLE_DIM] = "\033[2m",
        [EG_STYLE_BAD] = "\033[1;31m", [EG_STYLE_WARN] = "\033[1;33m", [EG_STYLE_NOTE] = "\033[36m",
        [EG_STYLE_GOOD] = "\033[32m",  [EG_STYLE_OPEN] = "\033[35m",
    };
    return colour ? starts[style] : "";
}

const char *eg_style_end(enum eg_style style, bool colour) {
    return colour && style != EG_STYLE_NONE ? "\033[0m" : "";
}

enum eg_style eg_style_of_severity(enum eg_severity severity) {
    if (severity >= EG_SEVERITY_HIGH)
        return EG_STYLE_BAD;
    return severity == EG_SEVERITY_MEDIUM ? EG_STYLE_WARN : EG_STYLE_NOTE;
}

enum eg_style eg_style_of_verdict(enum eg_verdict verdict) {
    switch (verdict) {
    case EG_VERDICT_FAIL:
        return EG_STYLE_BAD;
    case EG_VERDICT_UNKNOWN:
        return EG_STYLE_OPEN;
    case EG_VERDICT_PASS:
        return EG_STYLE_GOOD;
    case EG_VERDICT_WAIVED:
    case EG_VERDICT_NOT_APPLICABLE:
    case EG_VERDICT_COUNT:
        break;
    }
    return EG_STYLE_DIM;
}

/* ---- counts ---- */

void eg_report_add_count(struct eg_buf *out, uint32_t count, const char *noun) {
    eg_buf_printf(out, "%u %s%s", count, noun, count == 1 ? "" : "s");
}

void eg_report_add_severities(struct eg_buf *out, const uint32_t counts[EG_SEVERITY_COUNT]) {
    const char *separator = "";
    for (int i = EG_SEVERITY_COUNT - 1; i >= 0; i--) {
        if (counts[i] == 0)
            continue;
        eg_buf_printf(out, "%s%u %s", separator, counts[i], eg_severity_name((enum eg_severity)i));
        separator = ", ";
    }
}

uint32_t eg_summary_gated(const uint32_t counts[EG_SEVERITY_COUNT], enum eg_severity fail_on) {
    uint32_t count = 0;
    for (int i = (int)fail_on; i < EG_SEVERITY_COUNT; i++)
        count += counts[i];
    return count;
}

uint32_t eg_summary_judged(const struct eg_summary *summary) {
    return summary->verdicts[EG_VERDICT_PASS] + summary->verdicts[EG_VERDICT_FAIL] +
           summary->verdicts[EG_VERDICT_UNKNOWN] + summary->verdicts[EG_VERDICT_WAIVED];
}

/* ---- the lines ---- */

static void add_in_brackets(struct eg_buf *out, const uint32_t counts[EG_SEVERITY_COUNT]) {
    struct eg_buf list;
    eg_buf_init(&list);
    eg_report_add_severities(&list, counts);
    if (list.length > 0)
        eg_buf_printf(out, " (%.*s)", EG_STR_ARGS(eg_buf_str(&list)));
    eg_buf_done(&list);
}

static void add_counts(struct eg_buf *out, const struct eg_summary *summary) {
    eg_buf_printf(out, "%u passed, %u failed", summary->verdicts[EG_VERDICT_PASS],
                  summary->verdicts[EG_VERDICT_FAIL]);
    add_in_brackets(out, summary->failed);
    if (summary->known > 0)
        eg_buf_printf(out, ", %u of them in the baseline", summary->known);
    eg_buf_printf(out, ", %u unknown", summary->verdicts[EG_VERDICT_UNKNOWN]);
    add_in_brackets(out, summary->unknown);
    eg_buf_printf(out, ", %u waived; ", summary->verdicts[EG_VERDICT_WAIVED]);
    eg_report_add_count(out, summary->not_applicable_count, "rule");
    eg_buf_puts(out, " not applicable; ");
    eg_report_add_count(out, summary->stacks, "stack");
    eg_buf_puts(out, " in ");
    eg_report_add_count(out, summary->inputs, "input");
}

void eg_summary_add_reason(struct eg_buf *out, const struct eg_summary *summary,
                           const struct eg_report_options *options) {
    const char *bar = eg_severity_name(options->fail_on);
    uint32_t failed = eg_summary_gated(summary->failed, options->fail_on) -
                      eg_summary_gated(summary->known_failed, options->fail_on);
    uint32_t unknown = eg_summary_gated(summary->unknown, options->fail_on);
    if (summary->verdict == EG_VERDICT_FAIL) {
        eg_report_add_count(out, failed, options->baseline ? "new failure" : "failure");
        eg_buf_printf(out, " of severity %s or above", bar);
    } else if (unknown > 0) {
        eg_report_add_count(out, unknown, "verdict");
        eg_buf_printf(out, " of severity %s or above can't be decided before the deployment%s", bar,
                      options->strict ? ", which --strict counts as failing" : "");
    } else if (eg_summary_judged(summary) == 0) {
        eg_buf_puts(out, "nothing was judged");
    } else { /* pass, or unknown for what could not be read */
        eg_buf_printf(out, "nothing%s of severity %s or above fails",
                      options->baseline ? " new" : "", bar);
    }
    if (summary->errors > 0) {
        eg_buf_puts(out, "; ");
        eg_report_add_count(out, summary->errors, "input");
        eg_buf_puts(out, " could not be read");
    }
}

void eg_summary_write(struct eg_buf *out, const struct eg_summary *summary,
                      const struct eg_report_options *options) {
    struct eg_flow flow = {.out = out, .width = options->width, .colour = options->colour};
    struct eg_buf text;
    eg_buf_init(&text);
    add_counts(&text, summary);
    eg_flow_begin(&flow, 0, 4);
    eg_flow_add(&flow, EG_STYLE_NONE, eg_buf_str(&text));
    eg_flow_end(&flow);
    eg_buf_clear(&text);
    eg_buf_printf(&text, "verdict: %s", eg_verdict_name(summary->verdict));
    eg_flow_begin(&flow, 0, 4);
    eg_flow_add(&flow, eg_style_of_verdict(summary->verdict), eg_buf_str(&text));
    eg_buf_clear(&text);
    eg_buf_puts(&text, " (");
    eg_summary_add_reason(&text, summary, options);
    eg_buf_putc(&text, ')');
    eg_flow_add(&flow, EG_STYLE_NONE, eg_buf_str(&text));
    eg_flow_end(&flow);
    eg_buf_done(&text);
}

/* ---- the format ---- */

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    const struct eg_report_options **state = EG_NEW(arena, const struct eg_report_options *);
    *state = options;
    return state;
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    (void)state;
    (void)batch;
    (void)out;
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    eg_summary_write(out, summary, *(const struct eg_report_options **)state);
}

const struct eg_renderer eg_format_summary = {
    .name = "summary",
    .doc = "the counts and the verdict, two lines",
    .begin = begin,
    .batch = batch,
    .end = end,
};
