/* The end of the Markdown document: the conclusion with its signatures, and where all of it comes
 * from. See markdown.h. */
#include "report/escape.h"
#include "report/markdown.h"
#include "report/summary.h"

enum {
    OPEN_LIMIT = 12,     /* objects named behind what would decide them */
    COMMAND_LIMIT = 600, /* characters of the command line */
};

/* ---- conclusion ---- */

static void write_strengths(struct eg_buf *out, const struct eg_compliance *document) {
    bool any = false;
    eg_buf_puts(out, "**Key Strengths**:\n\n");
    for (uint32_t c = 0; c < document->chapter_count; c++)
        for (uint32_t t = 0; t < document->chapters[c].topic_count; t++) {
            const struct eg_topic *topic = &document->chapters[c].topics[t];
            if (topic->standing != EG_STANDING_PASS)
                continue;
            any = true;
            eg_buf_puts(out, "- ");
            eg_md_mark(out, EG_STANDING_PASS);
            eg_md_prose(out, topic->title);
            eg_compliance_add_strength(out, topic);
            eg_buf_puts(out, "\n");
        }
    eg_buf_puts(out, any ? "\n" : "- none: no topic holds throughout\n\n");
}

static void write_open(struct eg_buf *out, const struct eg_compliance *document) {
    if (document->open_count == 0)
        return;
    eg_buf_puts(out, "What can't be decided before the deployment, and what would decide it:\n\n");
    for (uint32_t i = 0; i < document->open_count; i++) {
        const struct eg_open_reason *open = &document->open[i];
        eg_buf_puts(out, "- ");
        eg_md_mark(out, EG_STANDING_UNKNOWN);
        eg_md_prose(out, open->reason.length > 0 ? open->reason : EG_STR("no reason is known"));
        eg_buf_puts(out, ":");
        for (uint32_t k = 0; k < open->count && k < OPEN_LIMIT; k++) {
            const struct eg_result *result = &open->items[k]->result;
            eg_buf_puts(out, k == 0 ? " " : ", ");
            eg_md_code(out, eg_compliance_subject(document->arena, result));
            eg_buf_printf(out, " (%s)", eg_severity_name(result->severity));
            eg_md_rule_id(out, result->rule);
        }
        if (open->count > OPEN_LIMIT)
            eg_buf_printf(out, " and %u more", open->count - OPEN_LIMIT);
        eg_buf_putc(out, '\n');
    }
    eg_buf_putc(out, '\n');
}

void eg_md_conclusion(struct eg_buf *out, const struct eg_compliance *document, uint32_t number) {
    enum eg_standing standing = eg_readiness_standing(document->readiness);
    eg_buf_printf(out, "\n---\n\n## %u. Conclusion\n\n**Overall Assessment**: %s **%s** - ", number,
                  eg_standing_mark(standing), eg_compliance_assessment(document));
    eg_compliance_add_assessment(out, document);
    eg_buf_puts(out, ".\n\n");
    write_strengths(out, document);
    eg_buf_printf(out, "**Deployment Readiness**: %s **%s", eg_standing_mark(standing),
                  eg_readiness_words(document->readiness));
    if (document->options->deployment.length > 0) {
        eg_buf_puts(out, " ");
        eg_md_prose(out, document->options->deployment);
    }
    eg_buf_puts(out, "** - ");
    eg_summary_add_reason(out, document->summary, document->options);
    eg_buf_puts(out, ".\n\n");
    write_open(out, document);
    eg_buf_printf(out, "**Confidence Level**: **%s** - ", eg_confidence_word(document->confidence));
    eg_compliance_add_confidence(out, document);
    eg_buf_puts(out, ".\n\n**Next Step**: ");
    eg_compliance_add_next_step(out, document);
    eg_buf_puts(out, ".\n\n| Signed off by | Name | Date | Signature |\n| --- | --- | --- | --- |\n"
                     "| Author | | | |\n| Reviewer | | | |\n| Release manager | | | |\n");
}

/* ---- provenance ---- */

static void write_files(struct eg_buf *out, const struct eg_compliance *document) {
    eg_buf_puts(out, "| File | SHA-256 |\n| --- | --- |\n");
    for (uint32_t i = 0; i < document->file_count; i++) {
        eg_buf_puts(out, "| ");
        eg_md_code(out, document->files[i].name);
        eg_buf_puts(out, " | ");
        eg_md_code(out, document->files[i].digest);
        eg_buf_puts(out, " |\n");
    }
}

void eg_md_provenance(struct eg_buf *out, const struct eg_compliance *document) {
    eg_buf_puts(out, "\n---\n\n## Provenance\n\n");
    eg_buf_printf(out, "Written by ecsgate %s, from these files alone:\n\n", EG_VERSION);
    write_files(out, document);
    eg_buf_puts(out, "\nAssumed:\n\n");
    for (uint32_t i = 0; i < document->assumption_count; i++) {
        const struct eg_assumption_made *made = &document->assumptions[i];
        eg_buf_puts(out, "- ");
        eg_md_prose(out, made->text);
        if (made->value.length > 0) {
            eg_buf_puts(out, ": ");
            eg_md_code(out, made->value);
        }
        eg_buf_putc(out, '\n');
    }
    if (document->command_line.length > 0) {
        eg_buf_puts(out, "\nCommand: ");
        eg_report_add_cut(out, eg_report_add_code, document->command_line, COMMAND_LIMIT);
        eg_buf_putc(out, '\n');
    }
}
