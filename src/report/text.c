/* Findings for people, as compilers write them: `file:line:column: severity: message [rule]`, the
 * line of source with a caret, what decided it, and what to do. Grouped by stack and resource;
 * repeated findings of one rule are folded, and what to do is said once; what can't be decided is
 * listed by what would decide it; what the baseline holds already is only counted. Written batch by
 * batch. */
#include "policy/path.h"
#include "report/compliance.h"
#include "report/escape.h"
#include "report/flow.h"
#include "report/formats.h"

#include <string.h>

enum {
    SHOWN_IN_FULL = 3,  /* findings of one rule in one batch; the others are folded */
    FULL_IN_RUN = 12,   /* … and in all batches */
    NAMED = 6,          /* objects that a folded line names */
    MOST_EVIDENCE = 4,  /* values that one finding shows */
    EXCERPT_WIDTH = 96, /* columns of source where the terminal's width is not known */
    NARROW = 60,        /* columns; below it labels have no column of their own */
    MESSAGE_LIMIT = 600,
    NAME_LIMIT = 200,
};

struct text {
    const struct eg_report_options *options;
    struct eg_flow flow;
    uint32_t *in_full;           /* findings shown in full in the whole run, by rule number */
    const struct eg_rule *worst; /* of the worst finding shown */
    enum eg_severity worst_severity;
    bool folded; /* something was told in less than full */
};

/* What one batch needs while it is written. */
struct page {
    struct text *text;
    struct eg_flow *flow;
    struct eg_arena arena;
    const struct eg_results *results;
    /* By rule number: findings so far, those of them in full, and the remedy told last. */
    uint32_t *seen, *full;
    const char **remedies;
    const struct eg_result *previous;
};

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    struct text *text = EG_NEW(arena, struct text);
    text->options = options;
    text->flow = (struct eg_flow){.width = options->width, .colour = options->colour};
    text->in_full = EG_NEW_ARRAY(arena, uint32_t, options->policy->rule_count);
    return text;
}

/* ---- parts of a finding ---- */

static void add_cut(struct eg_flow *flow, enum eg_style style, struct eg_str text, size_t limit) {
    struct eg_buf cut;
    eg_buf_init(&cut);
    eg_report_add_cut(&cut, eg_buf_add_str, text, limit);
    eg_flow_add(flow, style, eg_buf_str(&cut));
    eg_buf_done(&cut);
}

static void add_place(struct eg_flow *flow, enum eg_style style, struct eg_place place) {
    struct eg_buf text;
    eg_buf_init(&text);
    eg_report_add_cut(&text, eg_buf_add_str, place.file, NAME_LIMIT * 2);
    if (place.line > 0)
        eg_buf_printf(&text, ":%u:%u", place.line, place.column);
    eg_flow_add(flow, style, eg_buf_str(&text));
    eg_buf_done(&text);
}

/* "BackendTaskDef containerDefinitions[0] (backend)" */
static void add_subject(struct eg_flow *flow, const struct eg_result *result) {
    add_cut(flow, EG_STYLE_NONE, result->resource, NAME_LIMIT);
    if (result->object.length > 0) {
        eg_flow_puts(flow, EG_STYLE_NONE, " ");
        add_cut(flow, EG_STYLE_NONE, result->object, NAME_LIMIT);
    }
    if (result->object_name.length > 0) {
        eg_flow_puts(flow, EG_STYLE_NONE, " (");
        add_cut(flow, EG_STYLE_NONE, result->object_name, NAME_LIMIT);
        eg_flow_puts(flow, EG_STYLE_NONE, ")");
    }
}

static void add_rule(struct eg_flow *flow, const struct eg_rule *rule) {
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_putc(&text, '[');
    eg_report_add_cut(&text, eg_buf_add_str, rule->id, NAME_LIMIT);
    eg_buf_putc(&text, ']');
    eg_flow_puts(flow, EG_STYLE_NONE, " ");
    eg_flow_add(flow, EG_STYLE_DIM, eg_buf_str(&text));
    eg_buf_done(&text);
}

/* "    fix:     Set …"; an empty label continues the one before. */
static void add_labelled(struct page *page, const char *label, struct eg_str text) {
    enum { INDENT = 4, COLUMN = 13, NARROW_COLUMN = 6 };
    struct eg_flow *flow = page->flow;
    bool narrow = flow->width > 0 && flow->width < NARROW;
    if (text.length == 0)
        return;
    if (label[0] == '\0') {
        eg_flow_begin(flow, narrow ? NARROW_COLUMN : COLUMN, narrow ? NARROW_COLUMN : COLUMN);
    } else {
        eg_flow_begin(flow, INDENT, narrow ? NARROW_COLUMN : COLUMN);
        eg_flow_puts(flow, EG_STYLE_DIM, label);
        size_t column = INDENT + strlen(label);
        do
            eg_flow_puts(flow, EG_STYLE_NONE, " ");
        while (++column < COLUMN && !narrow);
    }
    add_cut(flow, EG_STYLE_NONE, eg_report_one_line(&page->arena, text), MESSAGE_LIMIT * 2);
    eg_flow_end(flow);
}

/* The values that decided it, each once. */
static void add_evidence(struct page *page, const struct eg_result *result) {
    struct eg_str told[MOST_EVIDENCE];
    uint32_t count = 0, left = 0;
    for (uint32_t i = 0; i < result->evidence_count; i++) {
        struct eg_buf cut;
        eg_buf_init(&cut);
        eg_report_add_cut(&cut, eg_buf_add_str,
                          eg_compliance_evidence(&page->arena, &result->evidence[i]),
                          NAME_LIMIT * 2);
        struct eg_str text = eg_str_copy(&page->arena, eg_buf_str(&cut));
        bool again = false;
        for (uint32_t k = 0; k < count; k++)
            again = again || eg_str_equal(told[k], text);
        if (!again && count < MOST_EVIDENCE) {
            add_labelled(page, count == 0 ? "because:" : "", text);
            told[count++] = text;
        } else {
            left += !again;
        }
        eg_buf_done(&cut);
    }
    if (left > 0)
        add_labelled(page, "", eg_str_format(&page->arena, "and %u more", left));
}

/* What to do is said with the first of a rule's findings; the next ones point to it. */
static void add_remedy(struct page *page, const struct eg_result *result) {
    struct eg_str remedy = eg_compliance_remediation(result);
    const char **told = &page->remedies[result->rule->number];
    if (remedy.length > 0 && *told == remedy.data && !page->text->options->verbose)
        remedy = EG_STR("as above");
    else
        *told = remedy.data;
    add_labelled(page, "fix:", remedy);
}

static void add_gutter(struct eg_buf *out, uint32_t line) {
    if (line > 0)
        eg_buf_printf(out, "%7u | ", line);
    else
        eg_buf_puts(out, "        | ");
}

/* The source line, and under it the caret. */
static void add_excerpt(struct page *page, const struct eg_result *result) {
    enum { GUTTER = 10, LEAST = 20 };
    uint32_t width = page->flow->width;
    struct eg_buf *out = page->flow->out;
    bool colour = page->flow->colour;
    enum eg_style style = eg_style_of_severity(result->severity);
    width = width == 0 ? EXCERPT_WIDTH : width > GUTTER + LEAST ? width - GUTTER - 2 : LEAST;
    struct eg_excerpt excerpt = eg_excerpt_of(&page->arena, result, width);
    if (excerpt.line == 0)
        return;
    add_gutter(out, excerpt.line);
    eg_report_add_plain(out, excerpt.text);
    eg_buf_putc(out, '\n');
    add_gutter(out, 0);
    size_t before = eg_report_width(eg_str_slice(excerpt.text, 0, excerpt.mark));
    size_t marked = eg_report_width(eg_str_slice(excerpt.text, excerpt.mark, excerpt.mark_length));
    for (size_t i = 0; i < before; i++)
        eg_buf_putc(out, ' ');
    eg_buf_printf(out, "%s^", eg_style_start(style, colour));
    for (size_t i = 1; i < marked; i++)
        eg_buf_putc(out, '~');
    eg_buf_printf(out, "%s\n", eg_style_end(style, colour));
}

/* ---- findings ---- */

static bool same_resource(const struct eg_result *a, const struct eg_result *b) {
    return a != NULL && eg_str_equal(a->stack, b->stack) &&
           eg_str_equal(a->resource, b->resource) && eg_str_equal(a->place.file, b->place.file);
}

/* The stack, resource and construct, once for all that is found in it. */
static void begin_resource(struct page *page, const struct eg_result *result) {
    if (same_resource(page->previous, result))
        return;
    struct eg_flow *flow = page->flow;
    page->previous = result;
    eg_buf_putc(flow->out, '\n');
    eg_flow_begin(flow, 0, 2);
    add_cut(flow, EG_STYLE_BOLD, result->stack, NAME_LIMIT);
    if (result->resource.length > 0) {
        eg_flow_puts(flow, EG_STYLE_BOLD, result->stack.length > 0 ? " / " : "");
        add_cut(flow, EG_STYLE_BOLD, result->resource, NAME_LIMIT);
    }
    if (result->type.length > 0) {
        eg_flow_puts(flow, EG_STYLE_NONE, "  ");
        add_cut(flow, EG_STYLE_DIM, result->type, NAME_LIMIT);
    }
    eg_flow_end(flow);
    if (result->construct.path.length == 0 && result->construct.source_file.length == 0)
        return;
    eg_flow_begin(flow, 2, 2);
    add_cut(flow, EG_STYLE_DIM, result->construct.path, NAME_LIMIT * 2);
    if (result->construct.source_file.length > 0) {
        eg_flow_puts(flow, EG_STYLE_DIM,
                     result->construct.path.length > 0 ? ", made at " : "made at ");
        add_place(flow, EG_STYLE_DIM,
                  (struct eg_place){result->construct.source_file, result->construct.source_line,
                                    result->construct.source_column});
    }
    eg_flow_end(flow);
}

/* `file:line:column: WORD: message [rule]` */
static void add_headline(struct page *page, const struct eg_result *result, const char *word,
                         enum eg_style style) {
    struct eg_flow *flow = page->flow;
    eg_flow_begin(flow, 0, 4);
    add_place(flow, EG_STYLE_BOLD, result->place);
    eg_flow_puts(flow, EG_STYLE_NONE, ": ");
    eg_flow_puts(flow, style, word);
    eg_flow_puts(flow, EG_STYLE_NONE, ": ");
    add_cut(flow, EG_STYLE_NONE, eg_report_one_line(&page->arena, result->message), MESSAGE_LIMIT);
    if (result->known)
        eg_flow_puts(flow, EG_STYLE_DIM, " (in the baseline)");
    add_rule(flow, result->rule);
    eg_flow_end(flow);
}

static void add_finding(struct page *page, const struct eg_result *result) {
    begin_resource(page, result);
    add_headline(page, result, eg_severity_name(result->severity),
                 eg_style_of_severity(result->severity));
    add_excerpt(page, result);
    add_evidence(page, result);
    add_labelled(page, "path:", eg_path_text(&page->arena, result));
    add_labelled(page, "when:", result->scenario);
    if (result->condition.length > 0)
        add_labelled(page, "if:",
                     eg_str_format(&page->arena, "the resource exists (condition %.*s)",
                                   EG_STR_ARGS(result->condition)));
    if (result->overridable)
        add_labelled(page, "note:",
                     EG_STR("rests on a parameter's default, which a deployment may "
                            "override"));
    add_remedy(page, result);
}

/* Failures that are told: those of the baseline are asked for by --verbose. */
static bool is_told(const struct page *page, const struct eg_result *result) {
    return result->verdict == EG_VERDICT_FAIL && (!result->known || page->text->options->verbose);
}

static void note_worst(struct text *text, const struct eg_result *result) {
    if (text->worst != NULL && result->severity <= text->worst_severity)
        return;
    text->worst = result->rule;
    text->worst_severity = result->severity;
}

static void add_findings(struct page *page) {
    struct text *text = page->text;
    for (uint32_t i = 0; i < page->results->count; i++) {
        const struct eg_result *result = &page->results->items[i];
        uint32_t rule = result->rule->number;
        text->folded = text->folded || (result->known && !text->options->verbose);
        if (!is_told(page, result))
            continue;
        note_worst(text, result);
        page->seen[rule]++;
        if (!text->options->verbose &&
            (page->full[rule] == SHOWN_IN_FULL || text->in_full[rule] == FULL_IN_RUN))
            continue;
        page->full[rule]++;
        text->in_full[rule]++;
        add_finding(page, result);
    }
}

/* The findings of one rule in one batch that are told in less than full. */
struct fold {
    uint32_t count;
    enum eg_severity lowest, highest;
    const struct eg_result *named[NAMED]; /* the first, each object once */
    uint32_t named_count;
    uint32_t covered; /* findings that those names stand for */
};

static bool same_object(const struct eg_result *a, const struct eg_result *b) {
    return a->place.line == b->place.line && a->place.column == b->place.column &&
           eg_str_equal(a->object, b->object) && same_resource(a, b);
}

static void fold_add(struct fold *fold, const struct eg_result *result) {
    if (fold->count++ == 0)
        fold->lowest = fold->highest = result->severity;
    if (result->severity < fold->lowest)
        fold->lowest = result->severity;
    if (result->severity > fold->highest)
        fold->highest = result->severity;
    bool again = fold->named_count > 0 && same_object(fold->named[fold->named_count - 1], result);
    if (again && fold->covered + 1 == fold->count) {
        fold->covered++;
    } else if (!again && fold->named_count < NAMED) {
        fold->named[fold->named_count++] = result;
        fold->covered++;
    }
}

/* "and 17 more, high: The root filesystem is read-only [ECS-HARD-001]", and the first of their
 * names. FIRST is the first of all findings of the rule. */
static void add_folded_rule(struct page *page, uint32_t first) {
    struct eg_flow *flow = page->flow;
    const struct eg_rule *rule = page->results->items[first].rule;
    uint32_t full = page->full[rule->number], seen = 0;
    struct fold fold = {0};
    for (uint32_t i = first; i < page->results->count; i++) {
        const struct eg_result *result = &page->results->items[i];
        if (result->rule == rule && is_told(page, result) && seen++ >= full)
            fold_add(&fold, result);
    }
    eg_flow_begin(flow, 0, 4);
    eg_flow_add(flow, EG_STYLE_BOLD,
                eg_str_format(&page->arena, full > 0 ? "and %u more, " : "%u times, ", fold.count));
    eg_flow_puts(flow, EG_STYLE_NONE, fold.lowest < fold.highest ? "up to " : "");
    eg_flow_puts(flow, eg_style_of_severity(fold.highest), eg_severity_name(fold.highest));
    eg_flow_puts(flow, EG_STYLE_NONE, ": ");
    add_cut(flow, EG_STYLE_NONE, eg_report_one_line(&page->arena, rule->title), MESSAGE_LIMIT);
    add_rule(flow, rule);
    eg_flow_end(flow);
    for (uint32_t i = 0; i < fold.named_count; i++) {
        eg_flow_begin(flow, 4, 8);
        add_place(flow, EG_STYLE_NONE, fold.named[i]->place);
        eg_flow_puts(flow, EG_STYLE_NONE, ": ");
        add_subject(flow, fold.named[i]);
        eg_flow_end(flow);
    }
    if (fold.covered < fold.count)
        eg_buf_printf(flow->out, "    and %u more\n", fold.count - fold.covered);
    page->text->folded = true;
}

static void add_folded(struct page *page) {
    bool first = true;
    for (uint32_t i = 0; i < page->results->count; i++) {
        const struct eg_result *result = &page->results->items[i];
        uint32_t rule = result->rule->number;
        if (!is_told(page, result) || page->seen[rule] <= page->full[rule])
            continue;
        if (first)
            eg_buf_putc(page->flow->out, '\n');
        first = false;
        add_folded_rule(page, i);
        page->seen[rule] = 0;
    }
}

/* ---- what can't be decided, by what would decide it ---- */

struct open_group {
    struct eg_str reason;
    const struct eg_result **items;
    uint32_t count, capacity;
    struct open_group *next;
};

static void group_add(struct eg_arena *arena, struct open_group *group,
                      const struct eg_result *result) {
    if (group->count == group->capacity) {
        uint32_t capacity = group->capacity == 0 ? 8 : group->capacity * 2;
        group->items = eg_arena_grow(arena, group->items, group->count * sizeof *group->items,
                                     capacity * sizeof *group->items);
        group->capacity = capacity;
    }
    group->items[group->count++] = result;
}

static struct open_group *group_open(struct page *page) {
    struct eg_map by_reason;
    struct open_group *first = NULL, **end = &first;
    eg_map_init(&by_reason, &page->arena);
    for (uint32_t i = 0; i < page->results->count; i++) {
        const struct eg_result *result = &page->results->items[i];
        if (result->verdict != EG_VERDICT_UNKNOWN)
            continue;
        struct open_group *group = eg_map_get(&by_reason, result->reason);
        if (group == NULL) {
            group = EG_NEW(&page->arena, struct open_group);
            group->reason = result->reason;
            (void)eg_map_put(&by_reason, result->reason, group);
            *end = group;
            end = &group->next;
        }
        group_add(&page->arena, group, result);
    }
    return first;
}

static void add_open_result(struct page *page, const struct eg_result *result) {
    struct eg_flow *flow = page->flow;
    eg_flow_begin(flow, 4, 8);
    add_place(flow, EG_STYLE_NONE, result->place);
    eg_flow_puts(flow, EG_STYLE_NONE, ": unknown (");
    eg_flow_puts(flow, EG_STYLE_NONE, eg_severity_name(result->severity));
    eg_flow_puts(flow, EG_STYLE_NONE, "): ");
    add_subject(flow, result);
    add_rule(flow, result->rule);
    eg_flow_end(flow);
}

static void add_open(struct page *page) {
    struct eg_flow *flow = page->flow;
    struct open_group *group = group_open(page);
    if (group == NULL)
        return;
    eg_buf_putc(flow->out, '\n');
    eg_flow_begin(flow, 0, 0);
    eg_flow_puts(flow, EG_STYLE_OPEN, "Undecided, and what would decide it:");
    eg_flow_end(flow);
    for (; group != NULL; group = group->next) {
        eg_flow_begin(flow, 2, 6);
        add_cut(flow, EG_STYLE_NONE,
                group->reason.length > 0 ? eg_report_one_line(&page->arena, group->reason)
                                         : EG_STR("no reason is known"),
                MESSAGE_LIMIT);
        eg_flow_end(flow);
        uint32_t limit = page->text->options->verbose ? group->count : NAMED;
        for (uint32_t i = 0; i < group->count && i < limit; i++)
            add_open_result(page, group->items[i]);
        if (group->count > limit) {
            eg_buf_printf(flow->out, "    and %u more\n", group->count - limit);
            page->text->folded = true;
        }
    }
}

/* ---- what is accepted, and what holds ---- */

static void add_waived(struct page *page, const struct eg_result *result) {
    add_headline(page, result, "waived", EG_STYLE_DIM);
    if (result->waiver == NULL)
        return;
    add_labelled(page, "reason:", result->waiver->reason);
    add_labelled(page, "owner:", result->waiver->owner);
    add_labelled(page, "until:", result->waiver->until);
    if (result->waiver->tool.length > 0)
        add_labelled(page, "waiver:",
                     eg_str_format(&page->arena, "%.*s of %.*s", EG_STR_ARGS(result->waiver->rule),
                                   EG_STR_ARGS(result->waiver->tool)));
}

static void add_held(struct page *page) {
    bool first = true;
    for (uint32_t i = 0; i < page->results->count; i++) {
        const struct eg_result *result = &page->results->items[i];
        if (result->verdict != EG_VERDICT_PASS && result->verdict != EG_VERDICT_WAIVED)
            continue;
        if (first)
            eg_buf_putc(page->flow->out, '\n');
        first = false;
        if (result->verdict == EG_VERDICT_PASS)
            add_headline(page, result, "pass", EG_STYLE_GOOD);
        else
            add_waived(page, result);
    }
}

/* ---- the renderer ---- */

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    struct text *text = state;
    if (text->options->quiet || batch->results.count == 0)
        return;
    struct page page = {.text = text, .flow = &text->flow, .results = &batch->results};
    eg_arena_init(&page.arena);
    text->flow.out = out;
    uint32_t rules = text->options->policy->rule_count;
    page.seen = EG_NEW_ARRAY(&page.arena, uint32_t, rules);
    page.full = EG_NEW_ARRAY(&page.arena, uint32_t, rules);
    page.remedies = EG_NEW_ARRAY(&page.arena, const char *, rules);
    add_findings(&page);
    if (!text->options->verbose)
        add_folded(&page);
    add_open(&page);
    if (text->options->verbose)
        add_held(&page);
    eg_arena_done(&page.arena);
}

/* What somebody may want to do next: one line. */
static void add_next(struct text *text, const struct eg_summary *summary, struct eg_buf *out) {
    const struct eg_report_options *options = text->options;
    uint32_t failed = summary->verdicts[EG_VERDICT_FAIL] - summary->known;
    uint32_t gated = eg_summary_gated(summary->failed, options->fail_on) -
                     eg_summary_gated(summary->known_failed, options->fail_on);
    struct eg_buf line;
    if (text->worst == NULL && !text->folded)
        return;
    eg_buf_init(&line);
    /* One of the user's own needs --policies there, and is no stranger to them. */
    if (text->worst != NULL && text->worst->builtin)
        eg_buf_printf(&line, "; `ecsgate rules %.*s` explains a rule",
                      EG_STR_ARGS(text->worst->id));
    if (gated > 0 && gated < failed) {
        eg_buf_puts(&line, "; --only ");
        for (int i = EG_SEVERITY_COUNT - 1; i >= (int)options->fail_on; i--)
            eg_buf_printf(&line, "%s%s", eg_severity_name((enum eg_severity)i),
                          i > (int)options->fail_on ? "," : "");
        eg_buf_puts(&line, " shows the worst alone");
    }
    if (text->folded)
        eg_buf_puts(&line, "; --verbose shows every one");
    if (line.length > 0) {
        text->flow.out = out;
        eg_flow_begin(&text->flow, 0, 6);
        eg_flow_puts(&text->flow, EG_STYLE_DIM, "next:");
        eg_flow_add(&text->flow, EG_STYLE_NONE, eg_str_from_offset(eg_buf_str(&line), 1));
        eg_flow_end(&text->flow);
    }
    eg_buf_done(&line);
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    struct text *text = state;
    if (!text->options->quiet && eg_summary_judged(summary) > 0)
        eg_buf_putc(out, '\n');
    eg_summary_write(out, summary, text->options);
    if (!text->options->quiet)
        add_next(text, summary, out);
}

const struct eg_renderer eg_format_text = {
    .name = "text",
    .doc = "findings as compilers write them, for people",
    .begin = begin,
    .batch = batch,
    .end = end,
};
