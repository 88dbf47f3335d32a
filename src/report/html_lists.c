/* What follows the chapters of the HTML document: earlier findings, checklists, recommendations and
 * waivers, the conclusion with its signatures, and where all of it comes from. See html.h. */
#include "report/escape.h"
#include "report/html.h"
#include "report/summary.h"

enum { OPEN_LIMIT = 12 };

static void begin_section(struct eg_buf *out, const char *id, uint32_t number, const char *title) {
    eg_buf_printf(out, "<section class=\"chapter\" id=\"%s\"><h2>", id);
    if (number > 0)
        eg_buf_printf(out, "%u. ", number);
    eg_buf_printf(out, "%s</h2>\n", title);
}

static void end_section(struct eg_buf *out) {
    eg_buf_puts(out, "</section>\n");
}

/* A link to a finding; one that a long list left out can't be linked to. */
static void begin_link(struct eg_buf *out, const struct eg_kept *kept) {
    eg_buf_puts(out, "<a");
    if (kept->listed && kept->anchor.length > 0) {
        eg_buf_puts(out, " href=\"#");
        eg_report_add_html(out, kept->anchor);
        eg_buf_putc(out, '"');
    }
    eg_buf_putc(out, '>');
}

/* ---- previous issues ---- */

static void write_issue(struct eg_buf *out, const struct eg_compliance *document,
                        const struct eg_issue *issue) {
    const struct eg_rule_entry *entry = eg_map_get(&document->by_id, issue->rule);
    eg_buf_printf(out, "<li><span class=\"badge outcome %s\">%s</span> <strong>",
                  eg_html_class(eg_outcome_standing(issue->outcome)),
                  eg_outcome_words(issue->outcome));
    eg_html_text(out, issue->title);
    eg_buf_puts(out, "</strong>: ");
    eg_html_text(out, issue->message);
    eg_buf_putc(out, ' ');
    eg_html_code(out, issue->place);
    eg_buf_putc(out, ' ');
    if (entry != NULL)
        eg_html_rule_id(out, entry->rule);
    else
        eg_html_code(out, issue->rule);
    if (issue->outcome == EG_OUTCOME_GONE)
        eg_buf_puts(out, " (it is no longer there)");
    eg_buf_puts(out, "</li>\n");
}

void eg_html_previous(struct eg_buf *out, const struct eg_compliance *document, uint32_t number) {
    begin_section(out, "previous", number, "Previous Issues");
    if (document->options->previous == NULL) {
        eg_buf_puts(out, "<p>");
        eg_html_badge(out, EG_STANDING_UNSEEN);
        eg_buf_puts(out, " No earlier result was given (<code>--previous FILE</code>).</p>\n");
        end_section(out);
        return;
    }
    eg_buf_printf(out,
                  "<p>%u of the %u findings of the earlier result are resolved; %u are new.</p>\n"
                  "<ul class=\"plain\">\n",
                  document->resolved_count, document->issue_count, document->fresh_count);
    for (uint32_t i = 0; i < document->issue_count; i++)
        write_issue(out, document, &document->issues[i]);
    eg_buf_puts(out, "</ul>\n");
    if (document->fresh_count > 0)
        eg_buf_puts(out, "<h3>New findings</h3>\n<ul class=\"plain\">\n");
    for (uint32_t i = 0; i < document->fresh_count; i++) {
        const struct eg_kept *kept = document->fresh[i];
        eg_buf_puts(out, "<li>");
        eg_html_badge(out, EG_STANDING_FAIL);
        eg_buf_putc(out, ' ');
        begin_link(out, kept);
        eg_html_text(out, kept->result.message);
        eg_buf_puts(out, "</a> ");
        eg_html_code(out, kept->result.rule->id);
        eg_buf_puts(out, "</li>\n");
    }
    eg_buf_puts(out, document->fresh_count > 0 ? "</ul>\n" : "");
    end_section(out);
}

/* ---- checklists ---- */

static void write_line(struct eg_buf *out, const struct eg_checklist_line *line) {
    bool holds = eg_standing_holds(line->standing);
    eg_buf_printf(out, "<li><span class=\"box\" aria-hidden=\"true\">%s</span>",
                  holds ? "\xE2\x98\x91" : "\xE2\x98\x90");
    eg_buf_puts(out, "<span>");
    eg_html_text(out, line->text);
    eg_buf_puts(out, "</span>");
    eg_html_badge(out, line->standing);
    eg_buf_puts(out, "<span class=\"note\">");
    if (line->unseen.length > 0) {
        eg_buf_puts(out, "it takes ");
        eg_html_text(out, line->unseen);
        eg_buf_puts(out, line->rules.count > 0 ? "; the templates show: " : "");
    } else if (line->off.length > 0) {
        eg_buf_puts(out, "switched off: ");
        eg_html_text(out, line->off);
        eg_buf_putc(out, ' ');
    }
    for (uint32_t i = 0; i < line->rules.count; i++) {
        const struct eg_rule_entry *entry = line->rules.items[i];
        eg_buf_puts(out, i > 0 ? ", " : "");
        eg_html_rule_id(out, entry->rule);
        if (entry->standing != EG_STANDING_PASS || line->unseen.length > 0)
            eg_buf_printf(out, " (%s)", eg_standing_word(entry->standing));
    }
    eg_buf_puts(out, "</span></li>\n");
}

void eg_html_checklists(struct eg_buf *out, const struct eg_compliance *document, uint32_t number) {
    begin_section(out, "checklist", number, "Compliance Checklist");
    eg_buf_puts(out, "<div class=\"grid2\">\n");
    for (uint32_t i = 0; i < document->checklist_count; i++) {
        const struct eg_checklist *checklist = &document->checklists[i];
        eg_buf_puts(out, "<div><h3>");
        eg_html_text(out, checklist->title);
        eg_buf_puts(out, "</h3>\n<ul class=\"checks\">\n");
        for (uint32_t k = 0; k < checklist->line_count; k++)
            write_line(out, &checklist->lines[k]);
        eg_buf_puts(out, "</ul></div>\n");
    }
    eg_buf_puts(out, "</div>\n");
    end_section(out);
}

/* ---- recommendations and waivers ---- */

static void write_recommendation(struct eg_buf *out, struct eg_arena *arena,
                                 const struct eg_rule_entry *entry) {
    eg_buf_puts(out, "<li><p><strong>");
    eg_html_text(out, entry->rule->title);
    eg_buf_puts(out, "</strong>: ");
    eg_compliance_add_tally(out, entry);
    eg_buf_putc(out, ' ');
    eg_html_rule_id(out, entry->rule);
    eg_buf_puts(out, "</p><p>");
    eg_html_text(out, eg_report_one_line(arena, eg_compliance_advice(entry)));
    eg_buf_puts(out, "</p></li>\n");
}

static void write_cell(struct eg_buf *out, const char *label, struct eg_str text) {
    eg_buf_printf(out, "<td data-label=\"%s\">", label);
    eg_html_text(out, text);
    eg_buf_puts(out, "</td>");
}

static void write_waiver(struct eg_buf *out, struct eg_arena *arena, const struct eg_kept *kept) {
    const struct eg_waiver *waiver = kept->waiver;
    eg_buf_puts(out, "<tr><td data-label=\"Rule\">");
    eg_html_rule_id(out, kept->result.rule);
    eg_buf_puts(out, "</td><td data-label=\"Object\">");
    eg_html_code(out, eg_compliance_subject(arena, &kept->result));
    eg_buf_puts(out, "</td>");
    write_cell(out, "Reason", eg_report_one_line(arena, waiver->reason));
    write_cell(out, "Owner", waiver->owner);
    write_cell(out, "Until", waiver->until.length > 0 ? waiver->until : EG_STR("without end"));
    eg_buf_puts(out, "<td data-label=\"Where\">");
    eg_html_place(out, waiver->place);
    eg_buf_puts(out, "</td></tr>\n");
}

static void write_waiver_notes(struct eg_buf *out, const struct eg_compliance *document) {
    if (document->waiver_note_count == 0)
        return;
    eg_buf_puts(out, "<ul class=\"plain\">");
    for (uint32_t i = 0; i < document->waiver_note_count; i++) {
        eg_buf_puts(out, "<li>");
        eg_html_place(out, document->waiver_notes[i].place);
        eg_buf_puts(out, ": ");
        eg_html_text(out, document->waiver_notes[i].text);
        eg_buf_puts(out, "</li>\n");
    }
    eg_buf_puts(out, "</ul>\n");
}

static void write_waivers(struct eg_buf *out, const struct eg_compliance *document) {
    bool any = false;
    eg_buf_puts(out, "<h3>Waivers</h3>\n");
    for (uint32_t i = 0; i < document->kept_count; i++) {
        if (document->kept[i]->waiver == NULL)
            continue;
        if (!any)
            eg_buf_puts(out, "<div class=\"scroll\"><table class=\"list\"><thead><tr>"
                             "<th scope=\"col\">Rule</th><th scope=\"col\">Object</th>"
                             "<th scope=\"col\">Reason</th><th scope=\"col\">Owner</th>"
                             "<th scope=\"col\">Until</th><th scope=\"col\">Where</th></tr></thead>"
                             "<tbody>\n");
        any = true;
        write_waiver(out, document->arena, document->kept[i]);
    }
    eg_buf_puts(out, any ? "</tbody></table></div>\n" : "<p>Nothing is waived.</p>\n");
    write_waiver_notes(out, document);
}

void eg_html_recommendations(struct eg_buf *out, const struct eg_compliance *document,
                             uint32_t number) {
    begin_section(out, "recommendations", number, "Recommendations");
    if (document->priority_count == 0)
        eg_buf_puts(out, "<p>No rule that could be decided fails.</p>\n");
    for (uint32_t i = 0; i < document->priority_count; i++) {
        const struct eg_rule_entry *entry = document->by_priority[i];
        bool first = i == 0 || document->by_priority[i - 1]->severity != entry->severity;
        bool last = i + 1 == document->priority_count ||
                    document->by_priority[i + 1]->severity != entry->severity;
        if (first)
            eg_buf_printf(out, "<h3>Priority: %s</h3>\n<ol class=\"advice\">\n",
                          eg_severity_name(entry->severity));
        write_recommendation(out, document->arena, entry);
        eg_buf_puts(out, last ? "</ol>\n" : "");
    }
    write_waivers(out, document);
    end_section(out);
}

/* ---- conclusion ---- */

static void write_strengths(struct eg_buf *out, const struct eg_compliance *document) {
    bool any = false;
    eg_buf_puts(out, "<h3>Key strengths</h3>\n<ul class=\"plain\">\n");
    for (uint32_t c = 0; c < document->chapter_count; c++)
        for (uint32_t t = 0; t < document->chapters[c].topic_count; t++) {
            const struct eg_topic *topic = &document->chapters[c].topics[t];
            if (topic->standing != EG_STANDING_PASS)
                continue;
            any = true;
            eg_buf_puts(out, "<li>");
            eg_html_badge(out, EG_STANDING_PASS);
            eg_buf_putc(out, ' ');
            eg_html_text(out, topic->title);
            eg_compliance_add_strength(out, topic);
            eg_buf_puts(out, "</li>\n");
        }
    eg_buf_puts(out, any ? "</ul>\n" : "<li>none: no topic holds throughout</li></ul>\n");
}

static void write_open(struct eg_buf *out, const struct eg_compliance *document) {
    if (document->open_count == 0)
        return;
    eg_buf_puts(out, "<h3>What can\xE2\x80\x99t be decided before the deployment, and what would "
                     "decide it</h3>\n<ul class=\"plain\">\n");
    for (uint32_t i = 0; i < document->open_count; i++) {
        const struct eg_open_reason *open = &document->open[i];
        eg_buf_puts(out, "<li>");
        eg_html_badge(out, EG_STANDING_UNKNOWN);
        eg_buf_putc(out, ' ');
        eg_html_text(out, open->reason.length > 0 ? open->reason : EG_STR("no reason is known"));
        eg_buf_puts(out, ":");
        for (uint32_t k = 0; k < open->count && k < OPEN_LIMIT; k++) {
            const struct eg_kept *kept = open->items[k];
            eg_buf_puts(out, k == 0 ? " " : ", ");
            begin_link(out, kept);
            eg_html_code(out, kept->result.rule->id);
            eg_buf_printf(out, "</a> (%s)", eg_severity_name(kept->result.severity));
        }
        if (open->count > OPEN_LIMIT)
            eg_buf_printf(out, " and %u more", open->count - OPEN_LIMIT);
        eg_buf_puts(out, "</li>\n");
    }
    eg_buf_puts(out, "</ul>\n");
}

/* One of compliance.h's phrases as a paragraph behind a label. */
static void write_phrase(struct eg_buf *out, const char *label, const char *word,
                         void (*add)(struct eg_buf *, const struct eg_compliance *),
                         const struct eg_compliance *document) {
    struct eg_buf text;
    eg_buf_init(&text);
    add(&text, document);
    eg_buf_printf(out, "<p><strong>%s:</strong> ", label);
    if (word != NULL)
        eg_buf_printf(out, "<strong>%s</strong>: ", word);
    eg_html_text(out, eg_buf_str(&text));
    eg_buf_puts(out, ".</p>\n");
    eg_buf_done(&text);
}

static void add_reason(struct eg_buf *out, const struct eg_compliance *document) {
    eg_summary_add_reason(out, document->summary, document->options);
}

void eg_html_conclusion(struct eg_buf *out, const struct eg_compliance *document, uint32_t number) {
    begin_section(out, "conclusion", number, "Conclusion");
    write_phrase(out, "Overall assessment", eg_compliance_assessment(document),
                 eg_compliance_add_assessment, document);
    write_strengths(out, document);
    eg_buf_printf(out, "<div class=\"verdict %s\"><strong>Deployment readiness: %s ",
                  eg_html_class(eg_readiness_standing(document->readiness)),
                  eg_readiness_words(document->readiness));
    eg_html_text(out, document->options->deployment);
    eg_buf_puts(out, "</strong>");
    write_phrase(out, "Because", NULL, add_reason, document);
    eg_buf_puts(out, "</div>\n");
    write_open(out, document);
    write_phrase(out, "Confidence level", eg_confidence_word(document->confidence),
                 eg_compliance_add_confidence, document);
    write_phrase(out, "Next step", NULL, eg_compliance_add_next_step, document);
    eg_buf_puts(out, "<div class=\"sign\" role=\"group\" aria-label=\"Signatures\">"
                     "<div><b>Author</b>name, date, signature</div>"
                     "<div><b>Reviewer</b>name, date, signature</div>"
                     "<div><b>Release manager</b>name, date, signature</div></div>\n");
    end_section(out);
}

/* ---- provenance ---- */

static void write_files(struct eg_buf *out, const struct eg_compliance *document) {
    eg_buf_puts(out,
                "<div class=\"scroll\"><table class=\"list\"><thead><tr><th scope=\"col\">File</th>"
                "<th scope=\"col\">SHA-256</th></tr></thead><tbody>\n");
    for (uint32_t i = 0; i < document->file_count; i++) {
        eg_buf_puts(out, "<tr><td data-label=\"File\">");
        eg_html_code(out, document->files[i].name);
        eg_buf_puts(out, "</td><td class=\"digest\" data-label=\"SHA-256\">");
        eg_html_code(out, document->files[i].digest);
        eg_buf_puts(out, "</td></tr>\n");
    }
    eg_buf_puts(out, "</tbody></table></div>\n");
}

void eg_html_provenance(struct eg_buf *out, const struct eg_compliance *document) {
    begin_section(out, "provenance", 0, "Provenance");
    eg_buf_puts(out, "<p>Written by ecsgate " EG_VERSION ", from these files alone:</p>\n");
    write_files(out, document);
    eg_buf_puts(out, "<h3>Assumed</h3>\n<ul class=\"plain\">\n");
    for (uint32_t i = 0; i < document->assumption_count; i++) {
        const struct eg_assumption_made *made = &document->assumptions[i];
        eg_buf_puts(out, "<li>");
        eg_html_text(out, made->text);
        if (made->value.length > 0) {
            eg_buf_puts(out, ": ");
            eg_html_code(out, made->value);
        }
        eg_buf_puts(out, "</li>\n");
    }
    eg_buf_puts(out, "</ul>\n");
    if (document->command_line.length > 0) {
        eg_buf_puts(out, "<h3>Command</h3>\n<pre class=\"excerpt\"><code>");
        eg_html_text(out, document->command_line);
        eg_buf_puts(out, "</code></pre>\n");
    }
    end_section(out);
}
