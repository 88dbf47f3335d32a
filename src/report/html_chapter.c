/* A chapter of the HTML document: what was examined, its rules with every finding and the line of
 * source it points to, and what no input could show. See html.h. */
#include "report/escape.h"
#include "report/html.h"

enum {
    RESOURCE_LIMIT = 60, /* rows of a chapter's table */
    FINDING_LIMIT = 500, /* findings under one rule */
    PASS_LIMIT = 50,     /* passes under one rule */
};

/* ---- findings ---- */

/* A line with its number and without its indentation; what is pointed at is marked. */
static void write_line(struct eg_buf *out, const struct eg_excerpt *excerpt) {
    struct eg_str text = excerpt->text;
    size_t start = 0;
    while (start < excerpt->mark && text.data[start] == ' ')
        start++;
    size_t end = excerpt->mark + excerpt->mark_length;
    eg_buf_printf(out, "<span class=\"number\">%u</span>", excerpt->line);
    eg_report_add_html(out, eg_str_slice(text, start, excerpt->mark - start));
    eg_buf_puts(out, "<mark>");
    eg_report_add_html(out, eg_str_slice(text, excerpt->mark, excerpt->mark_length));
    eg_buf_puts(out, "</mark>");
    eg_report_add_html(out, eg_str_from_offset(text, end < text.length ? end : text.length));
}

/* The lines that a result rests on; their file is told where it is not the result's own. */
static void write_excerpts(struct eg_buf *out, const struct eg_kept *kept) {
    struct eg_str file = kept->result.place.file;
    if (kept->excerpt_count == 0)
        return;
    eg_buf_puts(out, "<pre class=\"excerpt\"><code>");
    for (uint32_t i = 0; i < kept->excerpt_count; i++) {
        const struct eg_excerpt *excerpt = &kept->excerpts[i];
        eg_buf_puts(out, i > 0 ? "\n" : "");
        if (!eg_str_equal(excerpt->file, file)) {
            file = excerpt->file;
            eg_html_text(out, file);
            eg_buf_putc(out, '\n');
        }
        write_line(out, excerpt);
    }
    eg_buf_puts(out, "</code></pre>");
}

static void write_fact(struct eg_buf *out, const char *label, struct eg_str text) {
    if (text.length == 0)
        return;
    eg_buf_printf(out, "<li>%s ", label);
    eg_html_text(out, text);
    eg_buf_puts(out, "</li>");
}

static void write_where(struct eg_buf *out, const struct eg_result *result) {
    eg_buf_puts(out, "<li>at ");
    eg_html_place(out, result->place);
    if (result->construct.path.length > 0) {
        eg_buf_puts(out, ", construct ");
        eg_html_code(out, result->construct.path);
    }
    if (result->construct.source_file.length > 0) {
        eg_buf_puts(out, ", made at ");
        eg_html_place(out, (struct eg_place){result->construct.source_file,
                                             result->construct.source_line,
                                             result->construct.source_column});
    }
    eg_buf_puts(out, "</li>");
}

static void write_facts(struct eg_buf *out, struct eg_arena *arena, const struct eg_kept *kept) {
    const struct eg_result *result = &kept->result;
    eg_buf_puts(out, "<ul>");
    write_where(out, result);
    for (uint32_t i = 0; i < result->evidence_count; i++) {
        eg_buf_puts(out, "<li>because ");
        eg_html_code(out, eg_compliance_evidence(arena, &result->evidence[i]));
        eg_buf_puts(out, "</li>");
    }
    write_fact(out, "reached by", kept->way);
    write_fact(out, "when", result->scenario);
    write_fact(out, "if the resource exists: condition", result->condition);
    if (result->overridable)
        eg_buf_puts(out, "<li>rests on a parameter\xE2\x80\x99s default, which a deployment may "
                         "override</li>");
    if (result->known)
        eg_buf_puts(out, "<li>in the baseline already</li>");
    if (result->verdict == EG_VERDICT_UNKNOWN)
        write_fact(out, "needed:", result->reason);
    if (kept->waiver != NULL) {
        write_fact(out, "waived because", eg_report_one_line(arena, kept->waiver->reason));
        write_fact(out, "waived by", kept->waiver->owner);
        write_fact(out, "waived until", kept->waiver->until);
    }
    eg_buf_puts(out, "</ul>");
}

static void write_finding(struct eg_buf *out, struct eg_arena *arena, struct eg_kept *kept) {
    const struct eg_result *result = &kept->result;
    enum eg_standing standing = eg_html_standing(result->verdict, result->severity);
    kept->listed = true;
    eg_buf_puts(out, "<li class=\"finding\"");
    if (kept->anchor.length > 0)
        eg_html_attribute(out, "id", kept->anchor);
    eg_html_attribute(out, "data-verdict", eg_str_from(eg_verdict_name(result->verdict)));
    eg_html_attribute(out, "data-severity", eg_str_from(eg_severity_name(result->severity)));
    eg_html_attribute(out, "data-rule", result->rule->id);
    eg_html_attribute(out, "data-resource", result->resource);
    eg_buf_puts(out, "><p>");
    eg_html_badge(out, standing);
    eg_buf_putc(out, ' ');
    if (eg_standing_has_findings(standing) || standing == EG_STANDING_UNKNOWN) {
        eg_html_severity(out, result->severity);
        eg_buf_putc(out, ' ');
    }
    if (standing != EG_STANDING_PASS) {
        eg_buf_puts(out, "<span class=\"what\">");
        eg_html_text(out, result->message);
        eg_buf_puts(out, "</span> ");
    }
    eg_html_code(out, eg_compliance_subject(arena, result));
    if (kept->anchor.length > 0) {
        eg_buf_puts(out, "<a class=\"self\" aria-label=\"Link to this finding\" href=\"#");
        eg_report_add_html(out, kept->anchor);
        eg_buf_puts(out, "\">#</a>");
    }
    eg_buf_puts(out, "</p>");
    write_facts(out, arena, kept);
    write_excerpts(out, kept);
    eg_buf_puts(out, "</li>\n");
}

/* What does not hold first, then the passes. */
static void write_findings(struct eg_buf *out, struct eg_arena *arena,
                           const struct eg_rule_entry *entry) {
    uint32_t left = 0;
    eg_buf_puts(out, "<ul class=\"findings\">\n");
    for (int passes = 0; passes < 2; passes++)
        for (uint32_t i = 0, written = 0; i < entry->count; i++) {
            bool pass = entry->items[i]->result.verdict == EG_VERDICT_PASS;
            if (pass != (passes == 1))
                continue;
            if (written++ < (pass ? PASS_LIMIT : FINDING_LIMIT))
                write_finding(out, arena, entry->items[i]);
            else
                left++;
        }
    if (left > 0)
        eg_buf_printf(
            out, "<li class=\"more\">and %u more (all of them: <code>-f json</code>)</li>\n", left);
    eg_buf_puts(out, "</ul>\n");
}

/* ---- rules ---- */

static void write_remedies(struct eg_buf *out, const struct eg_rule_entry *entry) {
    for (uint32_t i = 0; i < entry->remedy_count; i++) {
        eg_buf_puts(out, "<p class=\"remedy\"><strong>Remedy:</strong> ");
        eg_html_text(out, entry->remedies[i]);
        eg_buf_puts(out, "</p>\n");
    }
    if (entry->rule->reference_count == 0)
        return;
    eg_buf_puts(out, "<ul class=\"plain\">");
    for (uint32_t i = 0; i < entry->rule->reference_count; i++) {
        eg_buf_puts(out, "<li>See ");
        eg_html_link(out, &entry->rule->references[i]);
        eg_buf_puts(out, "</li>");
    }
    eg_buf_puts(out, "</ul>\n");
}

static void write_same_as(struct eg_buf *out, const struct eg_rule *rule) {
    if (rule->same_as_count == 0)
        return;
    eg_buf_puts(out, "<p class=\"why\">The same demand elsewhere: ");
    const char *separator = "";
    for (uint32_t i = 0; i < rule->same_as_count; i++)
        for (uint32_t k = 0; k < rule->same_as[i].count; k++) {
            eg_buf_puts(out, separator);
            eg_html_text(out, rule->same_as[i].tool);
            eg_buf_putc(out, ' ');
            eg_html_code(out, rule->same_as[i].ids[k]);
            separator = ", ";
        }
    eg_buf_puts(out, "</p>\n");
}

static void write_summary(struct eg_buf *out, const struct eg_rule_entry *entry) {
    eg_buf_puts(out, "<summary>");
    eg_html_badge(out, entry->standing);
    eg_buf_puts(out, "<span class=\"title\">");
    eg_html_text(out, entry->rule->title);
    eg_buf_puts(out, "</span>");
    if (eg_standing_has_findings(entry->standing) || entry->standing == EG_STANDING_UNKNOWN)
        eg_html_severity(out, entry->severity);
    eg_buf_puts(out, "<span class=\"tally\">");
    eg_compliance_add_tally(out, entry);
    eg_buf_puts(out, "</span>");
    eg_html_code(out, entry->rule->id);
    eg_buf_puts(out, "</summary>");
}

static void write_rule(struct eg_buf *out, struct eg_arena *arena,
                       const struct eg_rule_entry *entry) {
    eg_buf_printf(out, "<details open class=\"rule %s\"", eg_html_class(entry->standing));
    eg_html_rule_anchor(out, "id", entry->rule);
    eg_buf_puts(out, ">");
    write_summary(out, entry);
    eg_buf_puts(out, "<div class=\"rule-body\">\n");
    if (entry->rule->why.length > 0) {
        eg_buf_puts(out, "<p class=\"why\">");
        eg_html_text(out, eg_report_one_line(arena, entry->rule->why));
        eg_buf_puts(out, "</p>\n");
    }
    if (eg_standing_has_findings(entry->standing))
        write_remedies(out, entry);
    if (entry->count > 0)
        write_findings(out, arena, entry);
    write_same_as(out, entry->rule);
    eg_buf_puts(out, "</div></details>\n");
}

/* Rules that judged nothing, in one list: a line each. */
static void write_not_applicable(struct eg_buf *out, const struct eg_topic *topic) {
    bool any = false;
    for (uint32_t i = 0; i < topic->rules.count; i++) {
        const struct eg_rule_entry *entry = topic->rules.items[i];
        if (entry->count > 0)
            continue;
        eg_buf_puts(out, any ? "" : "<ul class=\"plain\">\n");
        any = true;
        eg_buf_puts(out, "<li");
        eg_html_rule_anchor(out, "id", entry->rule);
        eg_buf_puts(out, ">");
        eg_html_badge(out, entry->standing);
        eg_buf_putc(out, ' ');
        eg_html_text(out, entry->rule->title);
        eg_buf_putc(out, ' ');
        eg_html_code(out, entry->rule->id);
        eg_buf_puts(out, "</li>\n");
    }
    eg_buf_puts(out, any ? "</ul>\n" : "");
}

static void write_also(struct eg_buf *out, const struct eg_topic *topic) {
    if (topic->also.count == 0)
        return;
    eg_buf_puts(out, "<ul class=\"plain\">\n");
    for (uint32_t i = 0; i < topic->also.count; i++) {
        const struct eg_rule_entry *entry = topic->also.items[i];
        eg_buf_puts(out, "<li>");
        eg_html_badge(out, entry->standing);
        eg_buf_putc(out, ' ');
        eg_html_text(out, entry->rule->title);
        eg_buf_puts(out, ": ");
        eg_compliance_add_tally(out, entry);
        if (entry->home != NULL) {
            eg_buf_puts(out, ", see ");
            eg_html_text(out, entry->home->title);
        }
        eg_buf_putc(out, ' ');
        eg_html_rule_id(out, entry->rule);
        eg_buf_puts(out, "</li>\n");
    }
    eg_buf_puts(out, "</ul>\n");
}

static void write_topic(struct eg_buf *out, struct eg_arena *arena, const struct eg_topic *topic) {
    if (topic->rules.count + topic->also.count == 0)
        return;
    eg_buf_puts(out, "<div class=\"topic\"><h3>");
    eg_html_text(out, topic->title);
    eg_buf_puts(out, "</h3>\n");
    for (uint32_t i = 0; i < topic->rules.count; i++)
        if (topic->rules.items[i]->count > 0)
            write_rule(out, arena, topic->rules.items[i]);
    write_also(out, topic);
    write_not_applicable(out, topic);
    eg_buf_puts(out, "</div>\n");
}

/* ---- the chapter ---- */

static void write_cell(struct eg_buf *out, const char *label, struct eg_str text) {
    eg_buf_printf(out, "<td data-label=\"%s\">", label);
    eg_html_code(out, text);
    eg_buf_puts(out, "</td>");
}

static void write_examined(struct eg_buf *out, const struct eg_chapter *chapter) {
    if (chapter->examined_count == 0)
        return;
    eg_buf_puts(out,
                "<div class=\"scroll\"><table class=\"list\"><caption>Examined</caption><thead>"
                "<tr><th scope=\"col\">Resource</th><th scope=\"col\">Type</th>"
                "<th scope=\"col\">Construct</th><th scope=\"col\">Place</th></tr></thead>"
                "<tbody>\n");
    for (uint32_t i = 0; i < chapter->examined_count && i < RESOURCE_LIMIT; i++) {
        const struct eg_examined *examined = &chapter->examined[i];
        eg_buf_puts(out, "<tr>");
        write_cell(out, "Resource", examined->resource);
        write_cell(out, "Type", examined->type);
        write_cell(out, "Construct", examined->construct);
        eg_buf_puts(out, "<td data-label=\"Place\">");
        eg_html_place(out, examined->place);
        eg_buf_puts(out, "</td></tr>\n");
    }
    if (chapter->examined_count > RESOURCE_LIMIT)
        eg_buf_printf(out, "<tr><td colspan=\"4\">and %u more</td></tr>\n",
                      chapter->examined_count - RESOURCE_LIMIT);
    eg_buf_puts(out, "</tbody></table></div>\n");
}

static void write_unseen(struct eg_buf *out, const struct eg_chapter *chapter) {
    if (chapter->unseen_count == 0)
        return;
    eg_buf_puts(out, "<h3>Not visible in the inputs</h3>\n<ul class=\"plain\">\n");
    for (uint32_t i = 0; i < chapter->unseen_count; i++) {
        eg_buf_puts(out, "<li>");
        eg_html_badge(out, EG_STANDING_UNSEEN);
        eg_buf_putc(out, ' ');
        eg_html_text(out, chapter->unseen[i].text);
        eg_buf_puts(out, "; it takes ");
        eg_html_text(out, chapter->unseen[i].needs);
        eg_buf_puts(out, "</li>\n");
    }
    eg_buf_puts(out, "</ul>\n");
}

static void write_inputs(struct eg_buf *out, const struct eg_compliance *document) {
    eg_buf_puts(out,
                "<div class=\"scroll\"><table class=\"list\"><caption>Inputs</caption><thead><tr>"
                "<th scope=\"col\">Input</th><th scope=\"col\">Kind</th>"
                "<th scope=\"col\">Stacks</th></tr></thead><tbody>\n");
    for (const struct eg_compliance_input *input = document->inputs; input != NULL;
         input = input->next) {
        eg_buf_puts(out, "<tr>");
        write_cell(out, "Input", input->path);
        eg_buf_puts(out, "<td data-label=\"Kind\">");
        eg_html_text(out, input->kind);
        eg_buf_puts(out, "</td><td data-label=\"Stacks\">");
        for (uint32_t i = 0; i < input->part_count; i++) {
            eg_buf_puts(out, i > 0 ? ", " : "");
            eg_html_code(out, input->parts[i].kind);
        }
        eg_buf_puts(out, "</td></tr>\n");
    }
    eg_buf_puts(out, "</tbody></table></div>\n");
    if (document->error_count == 0)
        return;
    eg_buf_puts(out, "<h3>Could not be read, so nothing is said about it</h3>\n"
                     "<ul class=\"plain\">\n");
    for (uint32_t i = 0; i < document->error_count; i++) {
        const struct eg_error *error = document->errors[i];
        eg_buf_puts(out, "<li>");
        eg_html_badge(out, EG_STANDING_FAIL);
        eg_buf_putc(out, ' ');
        eg_html_place(out, (struct eg_place){eg_str_from(error->file), error->line, error->column});
        eg_buf_puts(out, ": ");
        eg_html_text(out, eg_str_from(error->text));
        eg_buf_puts(out, "</li>\n");
    }
    eg_buf_puts(out, "</ul>\n");
}

void eg_html_chapter(struct eg_buf *out, const struct eg_compliance *document,
                     const struct eg_chapter *chapter) {
    eg_buf_printf(out, "<section class=\"chapter%s\"", chapter->number == 0 ? " follows" : "");
    eg_html_attribute(out, "id", chapter->id);
    eg_buf_puts(out, "><h2>");
    if (chapter->number > 0)
        eg_buf_printf(out, "%u. ", chapter->number);
    eg_html_text(out, chapter->title);
    eg_buf_putc(out, ' ');
    eg_html_badge(out, chapter->standing);
    eg_buf_puts(out, "</h2>\n");
    if (chapter->number == 0)
        write_inputs(out, document);
    write_examined(out, chapter);
    if (chapter->network)
        eg_html_network(out, document);
    for (uint32_t i = 0; i < chapter->topic_count; i++)
        write_topic(out, document->arena, &chapter->topics[i]);
    write_unseen(out, chapter);
    eg_buf_puts(out, "<p class=\"status\">Status: <strong>");
    eg_compliance_add_status(out, chapter->standing, &chapter->counts);
    eg_buf_puts(out, "</strong>");
    if (chapter->guide.url.length > 0) {
        eg_buf_puts(out, ". AWS on it: ");
        eg_html_link(out, &chapter->guide);
    }
    eg_buf_puts(out, "</p>\n</section>\n");
}
