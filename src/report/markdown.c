/* The compliance document as GitHub Flavored Markdown. What it says is src/report/compliance*.c's;
 * here is how it is written down. Names of inputs stand in code spans, prose is escaped, source in
 * fenced blocks. */
#include "report/compliance.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/summary.h"

#include <stdlib.h>

enum {
    NAME_LIMIT = 160,    /* characters of a name or path */
    MESSAGE_LIMIT = 600, /* of a message or reason */
    RESOURCE_LIMIT = 40, /* rows of a chapter's table */
    EXCERPT_LIMIT = 24,  /* lines of evidence under one topic */
    FINDING_LIMIT = 100, /* findings listed under one rule */
    PASS_LIMIT = 8,      /* objects named behind a rule that passes */
    SITE_LIMIT = 40,     /* places that start tasks */
    OPEN_LIMIT = 12,     /* objects named behind what would decide them */
};

/* ---- pieces of text ---- */

static void prose(struct eg_buf *out, struct eg_str text) {
    eg_report_add_cut(out, eg_report_add_markdown, text, MESSAGE_LIMIT);
}

static void code(struct eg_buf *out, struct eg_str text) {
    eg_report_add_cut(out, eg_report_add_code, text, NAME_LIMIT);
}

static void place(struct eg_buf *out, struct eg_place place) {
    struct eg_buf text;
    eg_buf_init(&text);
    eg_report_add_cut(&text, eg_buf_add_str, place.file, NAME_LIMIT);
    if (place.line > 0)
        eg_buf_printf(&text, ":%u:%u", place.line, place.column);
    eg_report_add_code(out, eg_buf_str(&text));
    eg_buf_done(&text);
}

static void mark(struct eg_buf *out, enum eg_standing standing) {
    eg_buf_printf(out, "%s ", eg_standing_mark(standing));
}

static void rule_id(struct eg_buf *out, const struct eg_rule *rule) {
    eg_buf_puts(out, " [");
    eg_report_add_cut(out, eg_report_add_markdown, rule->id, NAME_LIMIT);
    eg_buf_puts(out, "]");
}

static void link_to(struct eg_buf *out, const struct eg_reference_link *link) {
    struct eg_str url = eg_report_safe_url(link->url);
    struct eg_str title = link->title.length > 0 ? link->title : link->url;
    if (url.length == 0) {
        prose(out, title);
        return;
    }
    eg_buf_puts(out, "[");
    prose(out, title);
    eg_buf_puts(out, "](<");
    eg_buf_add_str(out, url);
    eg_buf_puts(out, ">)");
}

static void heading(struct eg_buf *out, const struct eg_chapter *chapter) {
    eg_buf_puts(out, "\n---\n\n## ");
    if (chapter->number > 0)
        eg_buf_printf(out, "%u. ", chapter->number);
    eg_buf_add_str(out, chapter->title);
    eg_buf_printf(out, " %s\n\n", eg_standing_mark(chapter->standing));
}

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
        eg_buf_printf(out, "- %s **%s**: ", eg_standing_mark(EG_STANDING_FAIL),
                      eg_severity_name(entry->severity));
        prose(out, entry->rule->title);
        eg_buf_puts(out, ": ");
        eg_compliance_add_tally(out, entry);
        rule_id(out, entry->rule);
        eg_buf_putc(out, '\n');
    }
    if (document->priority_count > WORST)
        eg_buf_printf(out, "- and %u more rules that fail\n", document->priority_count - WORST);
}

static void write_head(struct eg_buf *out, const struct eg_compliance *document) {
    const struct eg_report_options *options = document->options;
    enum eg_readiness readiness = document->readiness;
    eg_buf_puts(out, "# ");
    prose(out, document->title);
    eg_buf_puts(out, "\n\n");
    if (options->date.length > 0) {
        eg_buf_puts(out, "**Date**: ");
        prose(out, options->date);
        eg_buf_puts(out, "  \n");
    }
    if (options->deployment.length > 0) {
        eg_buf_puts(out, "**Deployment**: ");
        prose(out, options->deployment);
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

/* ---- inputs ---- */

static void write_input(struct eg_buf *out, const struct eg_compliance_input *input) {
    eg_buf_puts(out, "| ");
    code(out, input->path);
    eg_buf_puts(out, " | ");
    eg_buf_add_str(out, input->kind);
    eg_buf_puts(out, " | ");
    for (uint32_t i = 0; i < input->part_count; i++) {
        eg_buf_puts(out, i > 0 ? ", " : "");
        code(out, input->parts[i].kind);
    }
    eg_buf_puts(out, " |\n");
}

static void write_inputs(struct eg_buf *out, const struct eg_compliance *document) {
    eg_buf_puts(out, "| Input | Kind | Stacks |\n| --- | --- | --- |\n");
    for (const struct eg_compliance_input *input = document->inputs; input != NULL;
         input = input->next)
        write_input(out, input);
    eg_buf_putc(out, '\n');
    if (document->error_count == 0)
        return;
    eg_buf_printf(out, "%s **Could not be read, so nothing is said about it:**\n\n",
                  eg_standing_mark(EG_STANDING_FAIL));
    for (uint32_t i = 0; i < document->error_count; i++) {
        const struct eg_error *error = document->errors[i];
        eg_buf_puts(out, "- ");
        place(out, (struct eg_place){eg_str_from(error->file), error->line, error->column});
        eg_buf_puts(out, ": ");
        prose(out, eg_report_one_line(document->arena, eg_str_from(error->text)));
        eg_buf_putc(out, '\n');
    }
    eg_buf_putc(out, '\n');
}

/* ---- rules ---- */

static void write_evidence(struct eg_buf *out, struct eg_arena *arena,
                           const struct eg_result *result) {
    for (uint32_t i = 0; i < result->evidence_count; i++) {
        eg_buf_puts(out, "    - ");
        code(out, eg_compliance_evidence(arena, &result->evidence[i]));
        eg_buf_putc(out, '\n');
    }
}

static void write_conditions(struct eg_buf *out, const struct eg_result *result) {
    if (result->scenario.length > 0) {
        eg_buf_puts(out, ", when ");
        prose(out, result->scenario);
    }
    if (result->condition.length > 0) {
        eg_buf_puts(out, ", if the resource exists (condition ");
        prose(out, result->condition);
        eg_buf_putc(out, ')');
    }
    if (result->overridable)
        eg_buf_puts(out, ", resting on a parameter's default");
    if (result->known)
        eg_buf_puts(out, ", in the baseline");
}

/* One object under its rule: what is wrong, where, and what decided it. */
static void write_finding(struct eg_buf *out, struct eg_arena *arena, const struct eg_kept *kept) {
    const struct eg_result *result = &kept->result;
    eg_buf_puts(out, "  - ");
    code(out, eg_compliance_subject(arena, result));
    eg_buf_printf(out, " %s",
                  result->verdict == EG_VERDICT_FAIL ? eg_severity_name(result->severity)
                                                     : eg_verdict_name(result->verdict));
    eg_buf_puts(out, ": ");
    prose(out, result->verdict == EG_VERDICT_UNKNOWN && result->reason.length > 0
                   ? result->reason
                   : result->message);
    write_conditions(out, result);
    eg_buf_puts(out, "; ");
    place(out, result->place);
    if (result->construct.path.length > 0) {
        eg_buf_puts(out, ", ");
        code(out, result->construct.path);
    }
    eg_buf_putc(out, '\n');
    write_evidence(out, arena, result);
}

static void write_findings(struct eg_buf *out, struct eg_arena *arena,
                           const struct eg_rule_entry *entry) {
    uint32_t listed = 0, left = 0;
    for (uint32_t i = 0; i < entry->count; i++) {
        if (entry->items[i]->result.verdict == EG_VERDICT_PASS)
            continue;
        if (listed++ < FINDING_LIMIT)
            write_finding(out, arena, entry->items[i]);
        else
            left++;
    }
    if (left > 0)
        eg_buf_printf(out, "  - and %u more\n", left);
}

static void write_passes(struct eg_buf *out, struct eg_arena *arena,
                         const struct eg_rule_entry *entry) {
    for (uint32_t i = 0; i < entry->count && i < PASS_LIMIT; i++) {
        eg_buf_puts(out, i == 0 ? ": " : ", ");
        const struct eg_result *result = &entry->items[i]->result;
        code(out, eg_compliance_subject(arena, result));
        if (result->evidence_count > 0) {
            eg_buf_puts(out, " (");
            code(out, eg_compliance_evidence(arena, &result->evidence[0]));
            eg_buf_puts(out, ")");
        }
    }
    if (entry->count > PASS_LIMIT)
        eg_buf_printf(out, " and %u more", entry->count - PASS_LIMIT);
}

/* Each remedy of the rule's failing checks once, then the links. */
static void write_remedies(struct eg_buf *out, struct eg_arena *arena,
                           const struct eg_rule_entry *entry) {
    struct eg_map seen;
    eg_map_init(&seen, arena);
    for (uint32_t i = 0; i < entry->count; i++) {
        const struct eg_result *result = &entry->items[i]->result;
        struct eg_str remedy = eg_compliance_remediation(result);
        if (result->verdict != EG_VERDICT_FAIL || remedy.length == 0 ||
            eg_map_put(&seen, remedy, entry->items[i]) != NULL)
            continue;
        eg_buf_puts(out, "  - **Remedy**: ");
        prose(out, eg_report_one_line(arena, remedy));
        eg_buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < entry->rule->reference_count; i++) {
        eg_buf_puts(out, "  - See ");
        link_to(out, &entry->rule->references[i]);
        eg_buf_putc(out, '\n');
    }
}

static void write_rule(struct eg_buf *out, struct eg_arena *arena,
                       const struct eg_rule_entry *entry) {
    eg_buf_puts(out, "- ");
    mark(out, entry->standing);
    eg_buf_puts(out, "**");
    prose(out, entry->rule->title);
    eg_buf_puts(out, "**: ");
    eg_compliance_add_tally(out, entry);
    if (entry->standing == EG_STANDING_PASS)
        write_passes(out, arena, entry);
    rule_id(out, entry->rule);
    eg_buf_putc(out, '\n');
    if (entry->standing <= EG_STANDING_PASS)
        return;
    write_findings(out, arena, entry);
    if (entry->standing == EG_STANDING_FAIL)
        write_remedies(out, arena, entry);
}

static void write_also(struct eg_buf *out, const struct eg_rule_entry *entry) {
    eg_buf_puts(out, "- ");
    mark(out, entry->standing);
    eg_buf_puts(out, "**");
    prose(out, entry->rule->title);
    eg_buf_puts(out, "**: ");
    eg_compliance_add_tally(out, entry);
    if (entry->home != NULL) {
        eg_buf_puts(out, ", see ");
        eg_buf_add_str(out, entry->home->title);
    }
    rule_id(out, entry->rule);
    eg_buf_putc(out, '\n');
}

/* ---- evidence: the lines of source that a topic's verdicts point to ---- */

static int compare_excerpts(const void *a, const void *b) {
    const struct eg_kept *left = *(const struct eg_kept *const *)a;
    const struct eg_kept *right = *(const struct eg_kept *const *)b;
    int files = eg_str_compare(left->result.place.file, right->result.place.file);
    if (files != 0)
        return files;
    if (left->excerpt.line != right->excerpt.line)
        return left->excerpt.line < right->excerpt.line ? -1 : 1;
    /* The worst verdict of a line marks it; then any stable order. */
    if (left->result.verdict != right->result.verdict)
        return left->result.verdict > right->result.verdict ? -1 : 1;
    return left->result.rule->number < right->result.rule->number   ? -1
           : left->result.rule->number > right->result.rule->number ? 1
                                                                    : 0;
}

static uint32_t collect_excerpts(struct eg_arena *arena, const struct eg_topic *topic,
                                 struct eg_kept ***ret) {
    uint32_t most = 0, count = 0;
    for (uint32_t r = 0; r < topic->rules.count; r++)
        most += topic->rules.items[r]->count;
    struct eg_kept **items = EG_NEW_ARRAY(arena, struct eg_kept *, most);
    for (uint32_t r = 0; r < topic->rules.count; r++)
        for (uint32_t i = 0; i < topic->rules.items[r]->count; i++)
            if (topic->rules.items[r]->items[i]->excerpt.line > 0)
                items[count++] = topic->rules.items[r]->items[i];
    qsort(items, count, sizeof *items, compare_excerpts);
    *ret = items;
    return count;
}

static void write_excerpt(struct eg_buf *block, const struct eg_kept *kept,
                          const struct eg_kept *before) {
    struct eg_str file = kept->result.place.file;
    if (before == NULL || !eg_str_equal(before->result.place.file, file)) {
        eg_buf_puts(block, before == NULL ? "" : "\n");
        eg_report_add_cut(block, eg_report_add_plain, file, NAME_LIMIT);
        eg_buf_putc(block, '\n');
    }
    char sign = kept->result.verdict == EG_VERDICT_FAIL      ? 'x'
                : kept->result.verdict == EG_VERDICT_UNKNOWN ? '?'
                                                             : ' ';
    eg_buf_printf(block, "%c %5u | ", sign, kept->excerpt.line);
    eg_report_add_plain(block, kept->excerpt.text);
    eg_buf_putc(block, '\n');
}

/* A fenced block; the fence is longer than any in CONTENT. */
static void write_fenced(struct eg_buf *out, struct eg_str content) {
    size_t fence = 3;
    while (eg_str_find(content, eg_str_slice(EG_STR("````````````````"), 0, fence), 0) !=
               SIZE_MAX &&
           fence < 16)
        fence++;
    struct eg_str marks = eg_str_slice(EG_STR("````````````````"), 0, fence);
    eg_buf_add_str(out, marks);
    eg_buf_puts(out, "text\n");
    eg_buf_add_str(out, content);
    eg_buf_add_str(out, marks);
    eg_buf_putc(out, '\n');
}

static void write_excerpts(struct eg_buf *out, struct eg_arena *arena,
                           const struct eg_topic *topic) {
    struct eg_kept **items;
    uint32_t count = collect_excerpts(arena, topic, &items), written = 0, left = 0;
    const struct eg_kept *before = NULL;
    struct eg_buf block;
    eg_buf_init(&block);
    for (uint32_t i = 0; i < count; i++) {
        if (before != NULL && before->excerpt.line == items[i]->excerpt.line &&
            eg_str_equal(before->result.place.file, items[i]->result.place.file))
            continue;
        if (written < EXCERPT_LIMIT)
            write_excerpt(&block, items[i], before);
        else
            left++;
        before = items[i];
        written++;
    }
    if (left > 0)
        eg_buf_printf(&block, "  and %u more lines\n", left);
    if (block.length > 0) {
        eg_buf_puts(out, "\nEvidence (x fails, ? is open):\n\n");
        write_fenced(out, eg_buf_str(&block));
    }
    eg_buf_done(&block);
}

/* ---- the network ---- */

static void write_source(struct eg_buf *out, const struct eg_network_source *source) {
    code(out, source->name);
    if (source->detail.length > 0) {
        eg_buf_puts(out, " (");
        prose(out, source->detail);
        eg_buf_putc(out, ')');
    }
    if (source->ports.length > 0) {
        eg_buf_puts(out, " to ");
        prose(out, source->ports);
    }
}

static void write_site(struct eg_buf *out, const struct eg_network_site *site) {
    eg_buf_puts(out, "- ");
    code(out, site->name);
    eg_buf_puts(out, ": ");
    prose(out, site->exposure);
    eg_buf_puts(out, " subnets");
    if (site->address.length > 0) {
        eg_buf_puts(out, ", ");
        prose(out, site->address);
    }
    eg_buf_puts(out, site->source_count > 0 ? "; admitted: " : "; nothing is admitted");
    for (uint32_t i = 0; i < site->source_count; i++) {
        eg_buf_puts(out, i > 0 ? ", " : "");
        write_source(out, &site->sources[i]);
    }
    for (uint32_t i = 0; i < site->store_count; i++) {
        eg_buf_puts(out, i > 0 ? ", " : "; may connect to ");
        code(out, site->stores[i].name);
    }
    eg_buf_putc(out, '\n');
}

static void write_network(struct eg_buf *out, const struct eg_compliance *document) {
    if (document->site_count == 0)
        return;
    eg_buf_puts(out, "### Ways to the Tasks\n\n");
    for (uint32_t i = 0; i < document->site_count && i < SITE_LIMIT; i++)
        write_site(out, document->sites[i]);
    if (document->site_count > SITE_LIMIT)
        eg_buf_printf(out, "- and %u more places that start tasks\n",
                      document->site_count - SITE_LIMIT);
    eg_buf_putc(out, '\n');
}

/* ---- chapters ---- */

static void write_topic(struct eg_buf *out, struct eg_arena *arena, const struct eg_topic *topic) {
    if (topic->rules.count + topic->also.count == 0)
        return;
    eg_buf_puts(out, "### ");
    prose(out, topic->title);
    eg_buf_puts(out, "\n\n");
    for (uint32_t i = 0; i < topic->rules.count; i++)
        write_rule(out, arena, topic->rules.items[i]);
    for (uint32_t i = 0; i < topic->also.count; i++)
        write_also(out, topic->also.items[i]);
    write_excerpts(out, arena, topic);
    eg_buf_putc(out, '\n');
}

static void write_examined(struct eg_buf *out, const struct eg_chapter *chapter) {
    if (chapter->examined_count == 0)
        return;
    eg_buf_puts(out, "| Examined | Type | Construct | Place |\n| --- | --- | --- | --- |\n");
    for (uint32_t i = 0; i < chapter->examined_count && i < RESOURCE_LIMIT; i++) {
        const struct eg_examined *examined = &chapter->examined[i];
        eg_buf_puts(out, "| ");
        code(out, examined->resource);
        eg_buf_puts(out, " | ");
        code(out, examined->type);
        eg_buf_puts(out, " | ");
        code(out, examined->construct);
        eg_buf_puts(out, " | ");
        place(out, examined->place);
        eg_buf_puts(out, " |\n");
    }
    if (chapter->examined_count > RESOURCE_LIMIT)
        eg_buf_printf(out, "| and %u more | | | |\n", chapter->examined_count - RESOURCE_LIMIT);
    eg_buf_putc(out, '\n');
}

static void write_unseen(struct eg_buf *out, const struct eg_chapter *chapter) {
    if (chapter->unseen_count == 0)
        return;
    eg_buf_puts(out, "### Not Visible in the Inputs\n\n");
    for (uint32_t i = 0; i < chapter->unseen_count; i++) {
        eg_buf_puts(out, "- ");
        mark(out, EG_STANDING_UNSEEN);
        prose(out, chapter->unseen[i].text);
        eg_buf_puts(out, ": not examined; it takes ");
        prose(out, chapter->unseen[i].needs);
        eg_buf_putc(out, '\n');
    }
    eg_buf_putc(out, '\n');
}

static void write_chapter(struct eg_buf *out, const struct eg_compliance *document,
                          const struct eg_chapter *chapter) {
    heading(out, chapter);
    if (chapter->number == 0)
        write_inputs(out, document);
    write_examined(out, chapter);
    if (chapter->network)
        write_network(out, document);
    for (uint32_t i = 0; i < chapter->topic_count; i++)
        write_topic(out, document->arena, &chapter->topics[i]);
    write_unseen(out, chapter);
    eg_buf_printf(out, "**Status**: %s **", eg_standing_mark(chapter->standing));
    eg_compliance_add_status(out, chapter->standing, &chapter->counts);
    eg_buf_puts(out, "**");
    if (chapter->guide.url.length > 0) {
        eg_buf_puts(out, " - AWS on it: ");
        link_to(out, &chapter->guide);
    }
    eg_buf_putc(out, '\n');
}

/* ---- previous issues ---- */

static const char *const outcome_words[] = {
    [EG_OUTCOME_RESOLVED] = "RESOLVED",
    [EG_OUTCOME_OPEN] = "STILL OPEN",
    [EG_OUTCOME_UNDECIDED] = "CAN NOT BE DECIDED NOW",
    [EG_OUTCOME_WAIVED] = "WAIVED",
};
static const enum eg_standing outcome_standings[] = {
    [EG_OUTCOME_RESOLVED] = EG_STANDING_PASS,
    [EG_OUTCOME_OPEN] = EG_STANDING_FAIL,
    [EG_OUTCOME_UNDECIDED] = EG_STANDING_UNKNOWN,
    [EG_OUTCOME_WAIVED] = EG_STANDING_WAIVED,
};

static void write_issue(struct eg_buf *out, const struct eg_compliance *document,
                        const struct eg_issue *issue, uint32_t number) {
    eg_buf_printf(out, "### Issue %u: ", number);
    prose(out, issue->title);
    eg_buf_puts(out, "\n\n**Problem**: ");
    prose(out, issue->message);
    eg_buf_puts(out, "  \n**Where**: ");
    code(out, issue->resource);
    if (issue->object.length > 0) {
        eg_buf_putc(out, ' ');
        code(out, issue->object);
    }
    eg_buf_puts(out, " at ");
    code(out, issue->place);
    const struct eg_rule_entry *entry = eg_map_get(&document->by_id, issue->rule);
    if (entry != NULL && issue->outcome != EG_OUTCOME_RESOLVED) {
        eg_buf_puts(out, "  \n**Remedy**: ");
        prose(out, eg_report_one_line(document->arena, entry->rule->remediation));
    }
    eg_buf_printf(out, "  \n**Status**: %s **%s**",
                  eg_standing_mark(outcome_standings[issue->outcome]),
                  outcome_words[issue->outcome]);
    eg_buf_puts(out, issue->outcome == EG_OUTCOME_RESOLVED && issue->now == NULL
                         ? " (it is no longer there) ["
                         : " [");
    prose(out, issue->rule);
    eg_buf_puts(out, "]\n\n");
}

static void write_previous(struct eg_buf *out, const struct eg_compliance *document,
                           uint32_t number) {
    eg_buf_printf(out, "\n---\n\n## %u. Previous Issues\n\n", number);
    if (document->options->previous == NULL) {
        eg_buf_printf(out, "%s Not examined: no earlier result was given (`--previous FILE`).\n",
                      eg_standing_mark(EG_STANDING_UNSEEN));
        return;
    }
    uint32_t resolved = 0;
    for (uint32_t i = 0; i < document->issue_count; i++)
        resolved += document->issues[i].outcome == EG_OUTCOME_RESOLVED;
    eg_buf_printf(out, "%u of the %u findings of the earlier result are resolved; %u are new.\n\n",
                  resolved, document->issue_count, document->fresh_count);
    for (uint32_t i = 0; i < document->issue_count; i++)
        write_issue(out, document, &document->issues[i], i + 1);
    if (document->fresh_count > 0)
        eg_buf_puts(out, "### New Findings\n\n");
    for (uint32_t i = 0; i < document->fresh_count; i++) {
        const struct eg_result *result = &document->fresh[i]->result;
        eg_buf_printf(out, "- %s ", eg_standing_mark(EG_STANDING_FAIL));
        code(out, eg_compliance_subject(document->arena, result));
        eg_buf_puts(out, ": ");
        prose(out, result->message);
        rule_id(out, result->rule);
        eg_buf_putc(out, '\n');
    }
}

/* ---- checklist ---- */

static void write_line(struct eg_buf *out, const struct eg_checklist_line *line) {
    bool holds = line->standing == EG_STANDING_PASS;
    eg_buf_puts(out, holds ? "- [x] " : "- [ ] ");
    mark(out, line->standing);
    prose(out, line->text);
    if (!holds) {
        eg_buf_puts(out, ": ");
        eg_buf_puts(out, eg_standing_word(line->standing));
    }
    if (line->unseen.length > 0) {
        eg_buf_puts(out, " (it takes ");
        prose(out, line->unseen);
        eg_buf_puts(out, line->rules.count > 0 ? "; the templates show: " : ")");
    } else if (line->off.length > 0) {
        eg_buf_puts(out, " (switched off: ");
        prose(out, line->off);
        eg_buf_putc(out, ')');
    }
    for (uint32_t i = 0; i < line->rules.count; i++) {
        const struct eg_rule_entry *entry = line->rules.items[i];
        if (line->unseen.length > 0)
            eg_buf_printf(out, "%s%s", i > 0 ? ", " : "", eg_standing_mark(entry->standing));
        rule_id(out, entry->rule);
    }
    eg_buf_puts(out, line->unseen.length > 0 && line->rules.count > 0 ? ")\n" : "\n");
}

static void write_checklists(struct eg_buf *out, const struct eg_compliance *document,
                             uint32_t number) {
    eg_buf_printf(out, "\n---\n\n## %u. Compliance Checklist\n", number);
    for (uint32_t i = 0; i < document->checklist_count; i++) {
        const struct eg_checklist *checklist = &document->checklists[i];
        eg_buf_puts(out, "\n### ");
        prose(out, checklist->title);
        eg_buf_puts(out, "\n\n");
        for (uint32_t k = 0; k < checklist->line_count; k++)
            write_line(out, &checklist->lines[k]);
    }
}

/* ---- recommendations and waivers ---- */

static void write_recommendation(struct eg_buf *out, struct eg_arena *arena,
                                 const struct eg_rule_entry *entry, uint32_t number) {
    eg_buf_printf(out, "%u. **", number);
    prose(out, entry->rule->title);
    eg_buf_puts(out, "**: ");
    eg_compliance_add_tally(out, entry);
    rule_id(out, entry->rule);
    eg_buf_puts(out, "\n\n");
    if (entry->rule->remediation.length > 0) {
        eg_buf_puts(out, "   - ");
        prose(out, eg_report_one_line(arena, entry->rule->remediation));
        eg_buf_putc(out, '\n');
    }
    if (entry->rule->why.length > 0) {
        eg_buf_puts(out, "   - ");
        prose(out, eg_report_one_line(arena, entry->rule->why));
        eg_buf_putc(out, '\n');
    }
    eg_buf_putc(out, '\n');
}

static void write_waiver(struct eg_buf *out, struct eg_arena *arena, const struct eg_kept *kept) {
    const struct eg_waiver *waiver = kept->waiver;
    eg_buf_puts(out, "| ");
    prose(out, kept->result.rule->id);
    eg_buf_puts(out, " | ");
    code(out, eg_compliance_subject(arena, &kept->result));
    eg_buf_puts(out, " | ");
    prose(out, eg_report_one_line(arena, waiver->reason));
    eg_buf_puts(out, " | ");
    prose(out, eg_report_one_line(arena, waiver->owner));
    eg_buf_puts(out, " | ");
    prose(out, waiver->until.length > 0 ? eg_report_one_line(arena, waiver->until)
                                        : EG_STR("without end"));
    eg_buf_puts(out, " | ");
    place(out, waiver->place);
    eg_buf_puts(out, " |\n");
}

static void write_idle_waivers(struct eg_buf *out, const struct eg_waivers *waivers) {
    for (uint32_t i = 0; waivers != NULL && i < waivers->count; i++) {
        struct eg_waiver *waiver = &waivers->items[i];
        if (!waiver->expired && atomic_load(&waiver->used) > 0)
            continue;
        eg_buf_printf(out, "- %s ", eg_standing_mark(EG_STANDING_UNKNOWN));
        place(out, waiver->place);
        eg_buf_puts(out, ": the waiver of ");
        prose(out, waiver->rule);
        if (waiver->expired) {
            eg_buf_puts(out, " ended with ");
            prose(out, waiver->until);
            eg_buf_puts(out, " and waives nothing\n");
        } else {
            eg_buf_puts(out, " matched nothing\n");
        }
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
    write_idle_waivers(out, document->options->waivers);
}

static void write_recommendations(struct eg_buf *out, const struct eg_compliance *document,
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
            mark(out, EG_STANDING_PASS);
            prose(out, topic->title);
            eg_buf_printf(out, ": %u of %u hold\n", topic->counts.verdicts[EG_VERDICT_PASS],
                          topic->counts.verdicts[EG_VERDICT_PASS]);
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
        mark(out, EG_STANDING_UNKNOWN);
        prose(out, open->reason.length > 0 ? open->reason : EG_STR("no reason is known"));
        eg_buf_puts(out, ":");
        for (uint32_t k = 0; k < open->count && k < OPEN_LIMIT; k++) {
            const struct eg_result *result = &open->items[k]->result;
            eg_buf_puts(out, k == 0 ? " " : ", ");
            code(out, eg_compliance_subject(document->arena, result));
            eg_buf_printf(out, " (%s)", eg_severity_name(result->severity));
            rule_id(out, result->rule);
        }
        if (open->count > OPEN_LIMIT)
            eg_buf_printf(out, " and %u more", open->count - OPEN_LIMIT);
        eg_buf_putc(out, '\n');
    }
    eg_buf_putc(out, '\n');
}

static void write_conclusion(struct eg_buf *out, const struct eg_compliance *document,
                             uint32_t number) {
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
        prose(out, document->options->deployment);
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
    code(out, name);
    eg_buf_puts(out, " | ");
    code(out, digest);
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
    code(out, policy->profile);
    eg_buf_puts(out, " (");
    eg_report_add_count(out, policy->rule_count, "rule");
    eg_buf_puts(out, ") | ");
    code(out, eg_str_from(policy->digest));
    eg_buf_puts(out, " |\n\n");
}

static void write_assumed(struct eg_buf *out, const char *name, struct eg_str value) {
    if (value.length == 0)
        return;
    eg_buf_printf(out, "- %s: ", name);
    code(out, value);
    eg_buf_putc(out, '\n');
}

static void write_provenance(struct eg_buf *out, const struct eg_compliance *document) {
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
        code(out, document->parameters[i].name);
        eg_buf_puts(out, " = ");
        code(out, document->parameters[i].value);
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
        eg_report_add_cut(out, eg_report_add_code, document->command_line, MESSAGE_LIMIT);
        eg_buf_putc(out, '\n');
    }
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
        write_chapter(out, document, &document->chapters[i]);
        if (document->chapters[i].number > 0)
            number = document->chapters[i].number;
    }
    write_previous(out, document, ++number);
    write_checklists(out, document, ++number);
    write_recommendations(out, document, ++number);
    write_conclusion(out, document, ++number);
    write_provenance(out, document);
}

const struct eg_renderer eg_format_markdown = {
    .name = "markdown",
    .doc = "the compliance document, as GitHub Flavored Markdown",
    .begin = begin,
    .batch = batch,
    .end = end,
};
