/* The summary of a GitHub Actions job: Markdown for $GITHUB_STEP_SUMMARY, which takes 1 MiB. What
 * matters for a pull request, not the whole document: the verdict, the counts, the worst findings,
 * and what would decide the open ones. */
#include "report/compliance.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/summary.h"

enum {
    ROW_LIMIT = 60,   /* findings in the table */
    OPEN_LIMIT = 30,  /* reasons */
    NAME_LIMIT = 120, /* characters */
    MESSAGE_LIMIT = 240,
};

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    return eg_compliance_begin(arena, options);
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    (void)out;
    eg_compliance_add(state, batch);
}

static void code(struct eg_buf *out, struct eg_str text) {
    eg_report_add_cut(out, eg_report_add_code, text, NAME_LIMIT);
}

static void write_row(struct eg_buf *out, struct eg_arena *arena, const struct eg_kept *kept) {
    const struct eg_result *result = &kept->result;
    struct eg_buf place;
    eg_buf_init(&place);
    eg_report_add_place(&place, result->place);
    eg_buf_printf(out, "| %s | ", eg_severity_name(result->severity));
    code(out, result->rule->id);
    eg_buf_puts(out, " | ");
    eg_report_add_cut(out, eg_report_add_markdown, result->message, MESSAGE_LIMIT);
    if (result->scenario.length > 0) {
        eg_buf_puts(out, ", when ");
        eg_report_add_cut(out, eg_report_add_markdown, result->scenario, MESSAGE_LIMIT);
    }
    eg_buf_puts(out, " | ");
    code(out, eg_compliance_subject(arena, result));
    eg_buf_puts(out, " | ");
    code(out, eg_buf_str(&place));
    eg_buf_puts(out, " |\n");
    eg_buf_done(&place);
}

static void write_findings(struct eg_buf *out, const struct eg_compliance *document) {
    uint32_t written = 0, known = document->summary->known;
    uint32_t all = document->summary->verdicts[EG_VERDICT_FAIL] - known;
    if (known > 0)
        eg_buf_printf(out, "\n%u of the failures are in the baseline; what follows is new.\n",
                      known);
    if (all == 0)
        return;
    eg_buf_puts(out, "\n| Severity | Rule | Finding | Object | Place |\n"
                     "| --- | --- | --- | --- | --- |\n");
    for (uint32_t r = 0; r < document->priority_count; r++) {
        const struct eg_rule_entry *entry = document->by_priority[r];
        for (uint32_t i = 0; i < entry->count && written < ROW_LIMIT; i++)
            if (entry->items[i]->result.verdict == EG_VERDICT_FAIL &&
                !entry->items[i]->result.known) {
                write_row(out, document->arena, entry->items[i]);
                written++;
            }
    }
    if (all > written)
        eg_buf_printf(out, "\nand %u more finding%s\n", all - written,
                      all - written == 1 ? "" : "s");
}

static void write_open(struct eg_buf *out, const struct eg_compliance *document) {
    if (document->open_count == 0)
        return;
    eg_buf_printf(out,
                  "\n<details><summary>%u verdicts can't be decided before the deployment"
                  "</summary>\n\n",
                  document->summary->verdicts[EG_VERDICT_UNKNOWN]);
    for (uint32_t i = 0; i < document->open_count && i < OPEN_LIMIT; i++) {
        eg_buf_puts(out, "- ");
        eg_report_add_cut(out, eg_report_add_markdown,
                          document->open[i].reason.length > 0 ? document->open[i].reason
                                                              : EG_STR("no reason is known"),
                          MESSAGE_LIMIT);
        eg_buf_puts(out, " (");
        eg_report_add_count(out, document->open[i].count, "verdict");
        eg_buf_puts(out, ")\n");
    }
    if (document->open_count > OPEN_LIMIT)
        eg_buf_printf(out, "- and %u more reasons\n", document->open_count - OPEN_LIMIT);
    eg_buf_puts(out, "\n</details>\n");
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    struct eg_compliance *document = state;
    eg_compliance_end(document, summary);
    enum eg_standing standing = eg_readiness_standing(document->readiness);
    eg_buf_printf(out, "## ecsgate: %s %s\n\n", eg_standing_mark(standing),
                  eg_readiness_words(document->readiness));
    eg_compliance_add_overview(out, document);
    eg_buf_puts(out, "\n\n| | critical | high | medium | low | info |\n"
                     "| --- | ---: | ---: | ---: | ---: | ---: |\n");
    const uint32_t *const rows[] = {summary->failed, summary->unknown};
    static const char *const names[] = {"failed", "unknown"};
    for (int r = 0; r < 2; r++) {
        eg_buf_printf(out, "| **%s** |", names[r]);
        for (int i = EG_SEVERITY_COUNT - 1; i >= 0; i--)
            eg_buf_printf(out, " %u |", rows[r][i]);
        eg_buf_putc(out, '\n');
    }
    write_findings(out, document);
    write_open(out, document);
}

const struct eg_renderer eg_format_github_summary = {
    .name = "github-summary",
    .doc = "the summary of a job, in Markdown (GitHub Actions)",
    .begin = begin,
    .batch = batch,
    .end = end,
};
