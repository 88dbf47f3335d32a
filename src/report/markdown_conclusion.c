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

static void write_digest(struct eg_buf *out, struct eg_str name, struct eg_str digest) {
    eg_buf_puts(out, "| ");
    eg_md_code(out, name);
    eg_buf_puts(out, " | ");
    eg_md_code(out, digest);
    eg_buf_puts(out, " |\n");
}

static void write_digests(struct eg_buf *out, const struct eg_compliance *document) {
    const struct eg_policy *policy = document->options->policy;
    eg_buf_puts(out, "| File | SHA-256 |\n| --- | --- |\n");
    for (const struct eg_compliance_input *input = document->inputs; input != NULL;
         input = input->next) {
        bool same = input->part_count == 1 && eg_str_equal(input->parts[0].digest, input->digest);
        write_digest(out, input->path, input->digest);
        for (uint32_t i = 0; i < input->part_count && !same; i++)
            write_digest(out, input->parts[i].path, input->parts[i].digest);
    }
    eg_buf_puts(out, "| policy ");
    eg_md_code(out, policy->profile);
    eg_buf_puts(out, " (");
    eg_report_add_count(out, policy->rule_count, "rule");
    eg_buf_puts(out, ") | ");
    eg_md_code(out, eg_str_from(policy->digest));
    eg_buf_puts(out, " |\n\n");
}

static void write_assumed(struct eg_buf *out, const char *name, struct eg_str value) {
    if (value.length == 0)
        return;
    eg_buf_printf(out, "- %s: ", name);
    eg_md_code(out, value);
    eg_buf_putc(out, '\n');
}

void eg_md_provenance(struct eg_buf *out, const struct eg_compliance *document) {
    uint32_t defaults = 0;
    for (uint32_t i = 0; i < document->kept_count; i++)
        defaults += document->kept[i]->result.overridable;
    eg_buf_puts(out, "\n---\n\n## Provenance\n\n");
    eg_buf_printf(out, "Written by ecsgate %s, from these files alone:\n\n", EG_VERSION);
    write_digests(out, document);
    eg_buf_puts(out, "Assumed:\n\n");
    write_assumed(out, "Region", document->options->region);
    write_assumed(out, "account", document->options->account);
    for (uint32_t i = 0; i < document->parameter_count; i++) {
        eg_buf_puts(out, "- parameter ");
        eg_md_code(out, document->parameters[i].name);
        eg_buf_puts(out, " = ");
        eg_md_code(out, document->parameters[i].value);
        eg_buf_putc(out, '\n');
    }
    eg_buf_puts(out, "- ");
    eg_report_add_count(out, defaults, "verdict");
    eg_buf_puts(out, " on the default of a parameter, which a deployment may override\n");
    eg_buf_printf(out, "- the gate's bar: severity %s%s\n",
                  eg_severity_name(document->options->fail_on),
                  document->options->strict ? "; unknown counts as failing" : "");
    if (document->command_line.length > 0) {
        eg_buf_puts(out, "\nCommand: ");
        eg_report_add_cut(out, eg_report_add_code, document->command_line, COMMAND_LIMIT);
        eg_buf_putc(out, '\n');
    }
}
