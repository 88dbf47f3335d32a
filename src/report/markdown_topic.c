/* One topic of a chapter in Markdown: a line for each rule, under it what fails or is open with its
 * evidence and remedy, then the lines of source that the verdicts point to. See markdown.h. */
#include "report/escape.h"
#include "report/markdown.h"

#include <stdlib.h>

enum {
    FINDING_LIMIT = 100, /* findings listed under one rule */
    PASS_LIMIT = 8,      /* objects named under a rule that passes */
    EXCERPT_LIMIT = 24,  /* lines of evidence under one topic */
    NAME_LIMIT = 160,
};

/* ---- rules ---- */

static void write_evidence(struct eg_buf *out, struct eg_arena *arena,
                           const struct eg_result *result) {
    for (uint32_t i = 0; i < result->evidence_count; i++) {
        eg_buf_puts(out, "    - ");
        eg_md_code(out, eg_compliance_evidence(arena, &result->evidence[i]));
        eg_buf_putc(out, '\n');
    }
}

static void write_conditions(struct eg_buf *out, const struct eg_result *result) {
    if (result->scenario.length > 0) {
        eg_buf_puts(out, ", when ");
        eg_md_prose(out, result->scenario);
    }
    if (result->condition.length > 0) {
        eg_buf_puts(out, ", if the resource exists (condition ");
        eg_md_prose(out, result->condition);
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
    eg_md_code(out, eg_compliance_subject(arena, result));
    eg_buf_printf(out, " %s",
                  result->verdict == EG_VERDICT_FAIL ? eg_severity_name(result->severity)
                                                     : eg_verdict_name(result->verdict));
    eg_buf_puts(out, ": ");
    eg_md_prose(out, result->verdict == EG_VERDICT_UNKNOWN && result->reason.length > 0
                         ? result->reason
                         : result->message);
    write_conditions(out, result);
    eg_buf_puts(out, "; ");
    eg_md_place(out, result->place);
    if (result->construct.path.length > 0) {
        eg_buf_puts(out, ", ");
        eg_md_code(out, result->construct.path);
    }
    eg_buf_putc(out, '\n');
    write_evidence(out, arena, result);
    if (kept->way.length > 0) {
        eg_buf_puts(out, "    - reached by ");
        eg_md_prose(out, kept->way);
        eg_buf_putc(out, '\n');
    }
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

/* The objects that pass, each with the first value that decided it. */
static void write_passes(struct eg_buf *out, struct eg_arena *arena,
                         const struct eg_rule_entry *entry) {
    for (uint32_t i = 0; i < entry->count && i < PASS_LIMIT; i++) {
        const struct eg_result *result = &entry->items[i]->result;
        eg_buf_puts(out, "  - ");
        eg_md_code(out, eg_compliance_subject(arena, result));
        if (result->evidence_count > 0) {
            eg_buf_puts(out, ": ");
            eg_md_code(out, eg_compliance_evidence(arena, &result->evidence[0]));
        }
        eg_buf_putc(out, '\n');
    }
    if (entry->count > PASS_LIMIT)
        eg_buf_printf(out, "  - and %u more\n", entry->count - PASS_LIMIT);
}

static void write_remedies(struct eg_buf *out, const struct eg_rule_entry *entry) {
    for (uint32_t i = 0; i < entry->remedy_count; i++) {
        eg_buf_puts(out, "  - **Remedy**: ");
        eg_md_prose(out, entry->remedies[i]);
        eg_buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < entry->rule->reference_count; i++) {
        eg_buf_puts(out, "  - See ");
        eg_md_link(out, &entry->rule->references[i]);
        eg_buf_putc(out, '\n');
    }
}

static void write_rule(struct eg_buf *out, struct eg_arena *arena,
                       const struct eg_rule_entry *entry) {
    eg_buf_puts(out, "- ");
    eg_md_mark(out, entry->standing);
    eg_buf_puts(out, "**");
    eg_md_prose(out, entry->rule->title);
    eg_buf_puts(out, "**: ");
    eg_compliance_add_tally(out, entry);
    eg_md_rule_id(out, entry->rule);
    eg_buf_putc(out, '\n');
    if (entry->standing == EG_STANDING_PASS)
        write_passes(out, arena, entry);
    if (entry->standing <= EG_STANDING_PASS)
        return;
    write_findings(out, arena, entry);
    if (eg_standing_has_findings(entry->standing))
        write_remedies(out, entry);
}

static void write_also(struct eg_buf *out, const struct eg_rule_entry *entry) {
    eg_buf_puts(out, "- ");
    eg_md_mark(out, entry->standing);
    eg_buf_puts(out, "**");
    eg_md_prose(out, entry->rule->title);
    eg_buf_puts(out, "**: ");
    eg_compliance_add_tally(out, entry);
    if (entry->home != NULL) {
        eg_buf_puts(out, ", see ");
        eg_buf_add_str(out, entry->home->title);
    }
    eg_md_rule_id(out, entry->rule);
    eg_buf_putc(out, '\n');
}

/* ---- evidence: the lines of source that a topic's verdicts point to ---- */

/* A line, and the worst verdict among those that rest on it. */
struct line {
    const struct eg_excerpt *excerpt;
    enum eg_verdict verdict;
};

static int compare_lines(const void *a, const void *b) {
    const struct line *left = a, *right = b;
    int files = eg_str_compare(left->excerpt->file, right->excerpt->file);
    if (files != 0)
        return files;
    if (left->excerpt->line != right->excerpt->line)
        return left->excerpt->line < right->excerpt->line ? -1 : 1;
    if (left->verdict != right->verdict)
        return left->verdict > right->verdict ? -1 : 1;
    /* Long lines are cut around what is pointed at: one line may have several texts. */
    return eg_str_compare(left->excerpt->text, right->excerpt->text);
}

static bool same_line(const struct line *a, const struct line *b) {
    return a->excerpt->line == b->excerpt->line && eg_str_equal(a->excerpt->file, b->excerpt->file);
}

/* The lines of all results of TOPIC's rules, in order, each once. */
static uint32_t collect_lines(struct eg_arena *arena, const struct eg_topic *topic,
                              struct line **ret) {
    uint32_t most = 0, count = 0, kept = 0;
    for (uint32_t r = 0; r < topic->rules.count; r++)
        for (uint32_t i = 0; i < topic->rules.items[r]->count; i++)
            most += topic->rules.items[r]->items[i]->excerpt_count;
    struct line *lines = EG_NEW_ARRAY(arena, struct line, most);
    for (uint32_t r = 0; r < topic->rules.count; r++)
        for (uint32_t i = 0; i < topic->rules.items[r]->count; i++) {
            const struct eg_kept *item = topic->rules.items[r]->items[i];
            for (uint32_t k = 0; k < item->excerpt_count; k++)
                lines[count++] = (struct line){&item->excerpts[k], item->result.verdict};
        }
    if (count > 0)
        qsort(lines, count, sizeof *lines, compare_lines);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || !same_line(&lines[kept - 1], &lines[i]))
            lines[kept++] = lines[i];
    *ret = lines;
    return kept;
}

static void write_line(struct eg_buf *block, const struct line *line, const struct line *before) {
    struct eg_str file = line->excerpt->file;
    if (before == NULL || !eg_str_equal(before->excerpt->file, file)) {
        eg_buf_puts(block, before == NULL ? "" : "\n");
        eg_report_add_cut(block, eg_report_add_plain, file, NAME_LIMIT);
        eg_buf_putc(block, '\n');
    }
    char sign = line->verdict == EG_VERDICT_FAIL      ? 'x'
                : line->verdict == EG_VERDICT_UNKNOWN ? '?'
                                                      : ' ';
    eg_buf_printf(block, "%c %5u | ", sign, line->excerpt->line);
    eg_report_add_plain(block, line->excerpt->text);
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
    struct line *lines;
    uint32_t count = collect_lines(arena, topic, &lines);
    struct eg_buf block;
    eg_buf_init(&block);
    for (uint32_t i = 0; i < count && i < EXCERPT_LIMIT; i++)
        write_line(&block, &lines[i], i == 0 ? NULL : &lines[i - 1]);
    if (count > EXCERPT_LIMIT)
        eg_buf_printf(&block, "  and %u more lines\n", count - EXCERPT_LIMIT);
    if (block.length > 0) {
        eg_buf_puts(out, "\nEvidence (x fails, ? is open):\n\n");
        write_fenced(out, eg_buf_str(&block));
    }
    eg_buf_done(&block);
}

/* ---- the topic ---- */

void eg_md_topic(struct eg_buf *out, struct eg_arena *arena, const struct eg_topic *topic) {
    if (topic->rules.count + topic->also.count == 0)
        return;
    eg_buf_puts(out, "### ");
    eg_md_prose(out, topic->title);
    eg_buf_puts(out, "\n\n");
    for (uint32_t i = 0; i < topic->rules.count; i++)
        write_rule(out, arena, topic->rules.items[i]);
    for (uint32_t i = 0; i < topic->also.count; i++)
        write_also(out, topic->also.items[i]);
    write_excerpts(out, arena, topic);
    eg_buf_putc(out, '\n');
}
