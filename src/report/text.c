/* Findings for people, as compilers write them: `file:line:column: severity: message [rule]`, the
 * line of source with a caret, what decided it, and what to do. Grouped by stack and resource;
 * repeated findings of one rule are folded; what can't be decided is listed by what would decide
 * it. Written batch by batch. */
#include "policy/path.h"
#include "report/compliance.h"
#include "report/escape.h"
#include "report/flow.h"
#include "report/formats.h"

#include <string.h>

enum {
    SHOWN_IN_FULL = 3,  /* findings of one rule in one batch; the others are folded */
    NAMED = 6,          /* objects that a folded line names */
    EXCERPT_WIDTH = 96, /* columns of source where the terminal's width is not known */
    MESSAGE_LIMIT = 600,
    NAME_LIMIT = 200,
};

struct text {
    const struct eg_report_options *options;
    struct eg_flow flow;
};

/* What one batch needs while it is written. */
struct page {
    struct text *text;
    struct eg_flow *flow;
    struct eg_arena arena;
    const struct eg_results *results;
    uint32_t *shown; /* findings written so far, by rule number */
    const struct eg_result *previous;
};

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    struct text *text = EG_NEW(arena, struct text);
    text->options = options;
    text->flow = (struct eg_flow){.width = options->width, .colour = options->colour};
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
    add_cut(flow, style, place.file, NAME_LIMIT * 2);
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
    eg_flow_puts(flow, EG_STYLE_NONE, " ");
    eg_flow_puts(flow, EG_STYLE_DIM, "[");
    add_cut(flow, EG_STYLE_DIM, rule->id, NAME_LIMIT);
    eg_flow_puts(flow, EG_STYLE_DIM, "]");
}

/* "  fix:     Set …" */
static void add_labelled(struct page *page, const char *label, struct eg_str text) {
    if (text.length == 0)
        return;
    eg_flow_begin(page->flow, 4, 13);
    eg_flow_puts(page->flow, EG_STYLE_DIM, label);
    for (size_t i = strlen(label); i < 9; i++)
        eg_flow_puts(page->flow, EG_STYLE_NONE, " ");
    add_cut(page->flow, EG_STYLE_NONE, eg_report_one_line(&page->arena, text), MESSAGE_LIMIT * 2);
    eg_flow_end(page->flow);
}

static void add_evidence(struct page *page, const struct eg_evidence *evidence) {
    struct eg_flow *flow = page->flow;
    eg_flow_begin(flow, 4, 13);
    eg_flow_puts(flow, EG_STYLE_DIM, "because: ");
    add_cut(flow, EG_STYLE_NONE, eg_compliance_evidence(&page->arena, evidence), NAME_LIMIT * 2);
    eg_flow_end(flow);
}

static void add_gutter(struct eg_buf *out, uint32_t line) {
    if (line > 0)
        eg_buf_printf(out, "%7u | ", line);
    else
        eg_buf_puts(out, "        | ");
}

/* The source line, and under it the caret. */
static void add_excerpt(struct page *page, const struct eg_result *result) {
    enum { GUTTER = 10, LEAST = 30 };
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
    for (uint32_t i = 0; i < result->evidence_count; i++)
        add_evidence(page, &result->evidence[i]);
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
    add_labelled(page, "fix:", eg_compliance_remediation(result));
}

static void add_findings(struct page *page) {
    bool all = page->text->options->verbose;
    for (uint32_t i = 0; i < page->results->count; i++) {
        const struct eg_result *result = &page->results->items[i];
        if (result->verdict == EG_VERDICT_FAIL &&
            (page->shown[result->rule->number]++ < SHOWN_IN_FULL || all))
            add_finding(page, result);
    }
}

/* "and 17 more: The root filesystem is read-only [ECS-HARD-001]", and the first of their names. */
static void add_folded_rule(struct page *page, uint32_t first, uint32_t count) {
    struct eg_flow *flow = page->flow;
    const struct eg_rule *rule = page->results->items[first].rule;
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_printf(&text, "and %u more: ", count);
    eg_flow_begin(flow, 0, 4);
    eg_flow_add(flow, EG_STYLE_BOLD, eg_buf_str(&text));
    add_cut(flow, EG_STYLE_NONE, eg_report_one_line(&page->arena, rule->title), MESSAGE_LIMIT);
    add_rule(flow, rule);
    eg_flow_end(flow);
    uint32_t named = 0;
    for (uint32_t i = first, seen = 0; i < page->results->count && named < NAMED; i++) {
        const struct eg_result *result = &page->results->items[i];
        if (result->rule != rule || result->verdict != EG_VERDICT_FAIL || seen++ < SHOWN_IN_FULL)
            continue;
        eg_flow_begin(flow, 4, 8);
        add_place(flow, EG_STYLE_NONE, result->place);
        eg_flow_puts(flow, EG_STYLE_NONE, ": ");
        add_subject(flow, result);
        eg_flow_end(flow);
        named++;
    }
    if (named < count)
        eg_buf_puts(flow->out, "    ... (all of them: --verbose)\n");
    eg_buf_done(&text);
}

static void add_folded(struct page *page) {
    bool first = true;
    for (uint32_t i = 0; i < page->results->count; i++) {
        const struct eg_result *result = &page->results->items[i];
        uint32_t count = page->shown[result->rule->number];
        if (result->verdict != EG_VERDICT_FAIL || count <= SHOWN_IN_FULL)
            continue;
        if (first)
            eg_buf_putc(page->flow->out, '\n');
        first = false;
        page->shown[result->rule->number] = 0;
        add_folded_rule(page, i, count - SHOWN_IN_FULL);
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
        if (group->count > limit)
            eg_buf_printf(flow->out, "    and %u more\n", group->count - limit);
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
    page.shown = EG_NEW_ARRAY(&page.arena, uint32_t, text->options->policy->rule_count);
    add_findings(&page);
    if (!text->options->verbose)
        add_folded(&page);
    add_open(&page);
    if (text->options->verbose)
        add_held(&page);
    eg_arena_done(&page.arena);
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    struct text *text = state;
    if (!text->options->quiet && eg_summary_judged(summary) > 0)
        eg_buf_putc(out, '\n');
    eg_summary_write(out, summary, text->options);
}

const struct eg_renderer eg_format_text = {
    .name = "text",
    .doc = "findings as compilers write them, for people",
    .begin = begin,
    .batch = batch,
    .end = end,
};
