/* What follows the chapters in Markdown: earlier findings, checklists, recommendations and waivers.
 * See markdown.h. */
#include "report/escape.h"
#include "report/markdown.h"

/* ---- previous issues ---- */

static void write_issue(struct eg_buf *out, const struct eg_compliance *document,
                        const struct eg_issue *issue, uint32_t number) {
    eg_buf_printf(out, "### Issue %u: ", number);
    eg_md_prose(out, issue->title);
    eg_buf_puts(out, "\n\n**Problem**: ");
    eg_md_prose(out, issue->message);
    eg_buf_puts(out, "  \n**Where**: ");
    eg_md_code(out, issue->resource);
    if (issue->object.length > 0) {
        eg_buf_putc(out, ' ');
        eg_md_code(out, issue->object);
    }
    eg_buf_puts(out, " at ");
    eg_md_code(out, issue->place);
    const struct eg_rule_entry *entry = eg_map_get(&document->by_id, issue->rule);
    if (entry != NULL && issue->outcome < EG_OUTCOME_PASSES) {
        eg_buf_puts(out, "  \n**Remedy**: ");
        eg_md_prose(out, eg_report_one_line(document->arena, entry->rule->remediation));
    }
    eg_buf_printf(out, "  \n**Status**: %s **%s**%s [",
                  eg_standing_mark(eg_outcome_standing(issue->outcome)),
                  eg_outcome_words(issue->outcome),
                  issue->outcome == EG_OUTCOME_GONE ? " (it is no longer there)" : "");
    eg_md_prose(out, issue->rule);
    eg_buf_puts(out, "]\n\n");
}

void eg_md_previous(struct eg_buf *out, const struct eg_compliance *document, uint32_t number) {
    bool all = document->issue_count > 0 && document->resolved_count == document->issue_count;
    eg_buf_printf(out, "\n---\n\n## %u. Previous Issues%s%s\n\n", number,
                  all ? " - All Resolved " : "", all ? eg_standing_mark(EG_STANDING_PASS) : "");
    if (document->options->previous == NULL) {
        eg_buf_printf(out, "%s Not examined: no earlier result was given (`--previous FILE`).\n",
                      eg_standing_mark(EG_STANDING_UNSEEN));
        return;
    }
    eg_buf_printf(out, "%u of the %u findings of the earlier result are resolved; %u are new.\n\n",
                  document->resolved_count, document->issue_count, document->fresh_count);
    for (uint32_t i = 0; i < document->issue_count; i++)
        write_issue(out, document, &document->issues[i], i + 1);
    if (document->fresh_count > 0)
        eg_buf_puts(out, "### New Findings\n\n");
    for (uint32_t i = 0; i < document->fresh_count; i++) {
        const struct eg_result *result = &document->fresh[i]->result;
        eg_buf_printf(out, "- %s ", eg_standing_mark(EG_STANDING_FAIL));
        eg_md_code(out, eg_compliance_subject(document->arena, result));
        eg_buf_puts(out, ": ");
        eg_md_prose(out, result->message);
        eg_md_rule_id(out, result->rule);
        eg_buf_putc(out, '\n');
    }
}

/* ---- checklist ---- */

static void write_line(struct eg_buf *out, const struct eg_checklist_line *line) {
    bool holds = eg_standing_holds(line->standing);
    eg_buf_puts(out, holds ? "- [x] " : "- [ ] ");
    eg_md_mark(out, line->standing);
    eg_md_prose(out, line->text);
    if (!holds) {
        eg_buf_puts(out, ": ");
        eg_buf_puts(out, eg_standing_word(line->standing));
    }
    if (line->unseen.length > 0) {
        eg_buf_puts(out, " (it takes ");
        eg_md_prose(out, line->unseen);
        eg_buf_puts(out, line->rules.count > 0 ? "; the templates show:" : ")");
    } else if (line->off.length > 0) {
        eg_buf_puts(out, " (switched off: ");
        eg_md_prose(out, line->off);
        eg_buf_putc(out, ')');
    }
    /* Where not all rules stand alike, each tells how it does. */
    bool marked = line->unseen.length > 0 || line->standing != EG_STANDING_PASS;
    for (uint32_t i = 0; i < line->rules.count; i++) {
        const struct eg_rule_entry *entry = line->rules.items[i];
        eg_buf_puts(out, i > 0 && marked ? "," : "");
        if (marked)
            eg_buf_printf(out, " %s", eg_standing_mark(entry->standing));
        eg_md_rule_id(out, entry->rule);
    }
    eg_buf_puts(out, line->unseen.length > 0 && line->rules.count > 0 ? ")\n" : "\n");
}

void eg_md_checklists(struct eg_buf *out, const struct eg_compliance *document, uint32_t number) {
    eg_buf_printf(out, "\n---\n\n## %u. Compliance Checklist\n", number);
    for (uint32_t i = 0; i < document->checklist_count; i++) {
        const struct eg_checklist *checklist = &document->checklists[i];
        eg_buf_puts(out, "\n### ");
        eg_md_prose(out, checklist->title);
        eg_buf_puts(out, "\n\n");
        for (uint32_t k = 0; k < checklist->line_count; k++)
            write_line(out, &checklist->lines[k]);
    }
}

/* ---- recommendations and waivers ---- */

static void write_recommendation(struct eg_buf *out, struct eg_arena *arena,
                                 const struct eg_rule_entry *entry, uint32_t number) {
    eg_buf_printf(out, "%u. **", number);
    eg_md_prose(out, entry->rule->title);
    eg_buf_puts(out, "**: ");
    eg_compliance_add_tally(out, entry);
    eg_md_rule_id(out, entry->rule);
    eg_buf_puts(out, "\n\n");
    struct eg_str advice = eg_compliance_advice(entry);
    if (advice.length > 0) {
        eg_buf_puts(out, "   - ");
        eg_md_prose(out, eg_report_one_line(arena, advice));
        eg_buf_putc(out, '\n');
    }
    if (entry->rule->why.length > 0) {
        eg_buf_puts(out, "   - ");
        eg_md_prose(out, eg_report_one_line(arena, entry->rule->why));
        eg_buf_putc(out, '\n');
    }
    eg_buf_putc(out, '\n');
}

static void write_waiver(struct eg_buf *out, struct eg_arena *arena, const struct eg_kept *kept) {
    const struct eg_waiver *waiver = kept->waiver;
    eg_buf_puts(out, "| ");
    eg_md_prose(out, kept->result.rule->id);
    eg_buf_puts(out, " | ");
    eg_md_code(out, eg_compliance_subject(arena, &kept->result));
    eg_buf_puts(out, " | ");
    eg_md_prose(out, eg_report_one_line(arena, waiver->reason));
    eg_buf_puts(out, " | ");
    eg_md_prose(out, eg_report_one_line(arena, waiver->owner));
    eg_buf_puts(out, " | ");
    eg_md_prose(out, waiver->until.length > 0 ? eg_report_one_line(arena, waiver->until)
                                              : EG_STR("without end"));
    eg_buf_puts(out, " | ");
    eg_md_place(out, waiver->place);
    eg_buf_puts(out, " |\n");
}

static void write_waiver_notes(struct eg_buf *out, const struct eg_compliance *document) {
    for (uint32_t i = 0; i < document->waiver_note_count; i++) {
        const struct eg_waiver_note *note = &document->waiver_notes[i];
        eg_buf_printf(out, "- %s ", eg_standing_mark(EG_STANDING_UNKNOWN));
        eg_md_place(out, note->place);
        eg_buf_puts(out, ": ");
        eg_md_prose(out, eg_report_one_line(document->arena, note->text));
        eg_buf_putc(out, '\n');
    }
}

static void write_waivers(struct eg_buf *out, const struct eg_compliance *document) {
    bool any = false;
    eg_buf_puts(out, "### Waivers\n\n");
    for (uint32_t i = 0; i < document->kept_count; i++) {
        const struct eg_kept *kept = document->kept[i];
        if (kept->result.verdict != EG_VERDICT_WAIVED || kept->waiver == NULL)
            continue;
        if (!any)
            eg_buf_puts(out, "| Rule | Object | Reason | Owner | Until | Where |\n"
                             "| --- | --- | --- | --- | --- | --- |\n");
        any = true;
        write_waiver(out, document->arena, kept);
    }
    eg_buf_puts(out, any ? "\n" : "Nothing is waived.\n\n");
    write_waiver_notes(out, document);
}

void eg_md_recommendations(struct eg_buf *out, const struct eg_compliance *document,
                           uint32_t number) {
    static const char *const priorities[] = {
        [EG_SEVERITY_INFO] = "Advice",
        [EG_SEVERITY_LOW] = "Priority: Low",
        [EG_SEVERITY_MEDIUM] = "Priority: Medium",
        [EG_SEVERITY_HIGH] = "Priority: High",
        [EG_SEVERITY_CRITICAL] = "Priority: Critical",
    };
    eg_buf_printf(out, "\n---\n\n## %u. Recommendations\n\n", number);
    if (document->priority_count == 0)
        eg_buf_puts(out, "No rule that could be decided fails.\n\n");
    for (uint32_t i = 0, of_priority = 0; i < document->priority_count; i++) {
        const struct eg_rule_entry *entry = document->by_priority[i];
        if (i == 0 || document->by_priority[i - 1]->severity != entry->severity) {
            eg_buf_printf(out, "### %s\n\n", priorities[entry->severity]);
            of_priority = 0;
        }
        write_recommendation(out, document->arena, entry, ++of_priority);
    }
    write_waivers(out, document);
}
