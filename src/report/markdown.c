/* The compliance document as GitHub Flavored Markdown. What it says is src/report/compliance*.c's;
 * this puts the parts of markdown_*.c together. */
#include "report/markdown.h"

#include "report/formats.h"
#include "report/summary.h"

/* ---- head ---- */

static void write_severities(struct eg_buf *out, const struct eg_summary *summary) {
    eg_buf_puts(out, "| Severity | Failed | Unknown |\n| --- | ---: | ---: |\n");
    for (int i = EG_SEVERITY_COUNT - 1; i >= 0; i--)
        eg_buf_printf(out, "| %s | %u | %u |\n", eg_severity_name((enum eg_severity)i),
                      summary->failed[i], summary->unknown[i]);
    eg_buf_printf(out, "| **all** | **%u** | **%u** |\n\n", summary->verdicts[EG_VERDICT_FAIL],
                  summary->verdicts[EG_VERDICT_UNKNOWN]);
    eg_buf_printf(out, "%u passed, %u waived; ", summary->verdicts[EG_VERDICT_PASS],
                  summary->verdicts[EG_VERDICT_WAIVED]);
    eg_report_add_count(out, summary->not_applicable_count, "rule");
    eg_buf_puts(out, " found nothing to judge.\n");
}

static void write_worst(struct eg_buf *out, const struct eg_compliance *document) {
    enum { WORST = 8 };
    if (document->priority_count == 0)
        return;
    eg_buf_puts(out, "\nThe most severe findings:\n\n");
    for (uint32_t i = 0; i < document->priority_count && i < WORST; i++) {
        const struct eg_rule_entry *entry = document->by_priority[i];
        eg_buf_printf(out, "- %s **%s**: ", eg_standing_mark(entry->standing),
                      eg_severity_name(entry->severity));
        eg_md_prose(out, entry->rule->title);
        eg_buf_puts(out, ": ");
        eg_compliance_add_tally(out, entry);
        eg_md_rule_id(out, entry->rule);
        eg_buf_putc(out, '\n');
    }
    if (document->priority_count > WORST)
        eg_buf_printf(out, "- and %u more rules that fail\n", document->priority_count - WORST);
}

static void write_head(struct eg_buf *out, const struct eg_compliance *document) {
    const struct eg_report_options *options = document->options;
    enum eg_readiness readiness = document->readiness;
    eg_buf_puts(out, "# ");
    eg_md_prose(out, document->title);
    eg_buf_puts(out, "\n\n");
    if (options->date.length > 0) {
        eg_buf_puts(out, "**Date**: ");
        eg_md_prose(out, options->date);
        eg_buf_puts(out, "  \n");
    }
    if (options->deployment.length > 0) {
        eg_buf_puts(out, "**Deployment**: ");
        eg_md_prose(out, options->deployment);
        eg_buf_puts(out, "  \n");
    }
    eg_buf_printf(out, "**Status**: %s **%s**\n\n## Executive Summary\n\n",
                  eg_standing_mark(eg_readiness_standing(readiness)),
                  eg_readiness_words(readiness));
    eg_compliance_add_overview(out, document);
    eg_buf_puts(out, "What no input could show stands as \"not examined\".\n\n");
    write_severities(out, document->summary);
    write_worst(out, document);
}

/* ---- the renderer ---- */

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    return eg_compliance_begin(arena, options);
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    (void)out;
    eg_compliance_add(state, batch);
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    struct eg_compliance *document = state;
    uint32_t number = 0;
    eg_compliance_end(document, summary);
    write_head(out, document);
    for (uint32_t i = 0; i < document->chapter_count; i++) {
        eg_md_chapter(out, document, &document->chapters[i]);
        if (document->chapters[i].number > 0)
            number = document->chapters[i].number;
    }
    eg_md_previous(out, document, ++number);
    eg_md_checklists(out, document, ++number);
    eg_md_recommendations(out, document, ++number);
    eg_md_conclusion(out, document, ++number);
    eg_md_provenance(out, document);
}

const struct eg_renderer eg_format_markdown = {
    .name = "markdown",
    .doc = "the compliance document, as GitHub Flavored Markdown",
    .proves = true,
    .begin = begin,
    .batch = batch,
    .end = end,
};
