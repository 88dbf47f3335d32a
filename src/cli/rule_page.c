/* The page of a rule as text for a terminal, as Markdown (docs/rules/ID.md) and as JSON; see
 * rule_page.h. Called by verb_rules.c. */
#include "cli/rule_page.h"

#include "cli/rule_facts.h"
#include "policy/keys.h"
#include "report/escape.h"
#include "report/flow.h"
#include "report/result_json.h"

static const struct {
    enum eg_verdict verdict;
    const char *title;
} example_titles[] = {
    {EG_VERDICT_PASS, "Passes"},
    {EG_VERDICT_FAIL, "Fails"},
    {EG_VERDICT_UNKNOWN, "Is unknown"},
    {EG_VERDICT_NOT_APPLICABLE, "Does not apply"},
};
enum { EXAMPLE_KINDS = sizeof example_titles / sizeof example_titles[0] };

/* ---- text ---- */

struct text_page {
    struct eg_flow flow;
    struct eg_arena *arena;
    const struct eg_rule *rule;
};

static void heading(struct text_page *page, const char *title) {
    eg_buf_putc(page->flow.out, '\n');
    eg_flow_begin(&page->flow, 0, 0);
    eg_flow_puts(&page->flow, EG_STYLE_BOLD, title);
    eg_flow_end(&page->flow);
}

static void paragraph(struct text_page *page, struct eg_str text) {
    eg_flow_begin(&page->flow, 2, 2);
    eg_flow_add(&page->flow, EG_STYLE_NONE, eg_report_one_line(page->arena, text));
    eg_flow_end(&page->flow);
}

static void section(struct text_page *page, const char *title, struct eg_str text) {
    if (text.length == 0)
        return;
    heading(page, title);
    paragraph(page, text);
}

static void item(struct text_page *page, const char *mark, struct eg_str text) {
    eg_flow_begin(&page->flow, 2, 4);
    eg_flow_puts(&page->flow, EG_STYLE_NONE, mark);
    eg_flow_add(&page->flow, EG_STYLE_NONE, eg_report_one_line(page->arena, text));
    eg_flow_end(&page->flow);
}

static void text_checks(struct text_page *page) {
    const struct eg_rule *rule = page->rule;
    heading(page, "Demands");
    struct eg_str when = eg_rule_expression(page->arena, rule->raw, "when");
    paragraph(page, eg_str_format(page->arena, "of every %.*s%s%.*s%s", EG_STR_ARGS(rule->match),
                                  when.length > 0 ? " where " : "", EG_STR_ARGS(when), ":"));
    for (uint32_t i = 0; i < rule->check_count; i++) {
        const struct eg_check *check = &rule->checks[i];
        struct eg_str name = check->name.length > 0
                                 ? eg_str_format(page->arena, "%.*s: ", EG_STR_ARGS(check->name))
                                 : EG_STR("");
        item(page, "- ",
             eg_str_format(page->arena, "%.*s%.*s (%s)", EG_STR_ARGS(name),
                           EG_STR_ARGS(check->title), eg_severity_name(check->fixed)));
        eg_flow_begin(&page->flow, 4, 6);
        eg_flow_add(
            &page->flow, EG_STYLE_DIM,
            eg_report_one_line(page->arena, eg_rule_expression(page->arena, check->raw, "assert")));
        eg_flow_end(&page->flow);
    }
}

static void text_examples(struct text_page *page) {
    struct eg_rule_examples examples = eg_rule_examples(page->arena, page->rule);
    for (size_t i = 0; i < EXAMPLE_KINDS; i++) {
        enum eg_verdict verdict = example_titles[i].verdict;
        if (examples.counts[verdict] > 0)
            heading(page, example_titles[i].title);
        for (uint32_t j = 0; j < examples.counts[verdict]; j++)
            item(page, "- ", examples.items[verdict][j]);
    }
}

static void text_remediation(struct text_page *page) {
    const struct eg_rule *rule = page->rule;
    section(page, "What to do", rule->remediation);
    bool begun = rule->remediation.length > 0;
    for (uint32_t i = 0; i < rule->check_count; i++) {
        struct eg_str own = eg_rule_expression(page->arena, rule->checks[i].raw, "remediation");
        if (own.length == 0 || rule->checks[i].raw == rule->raw)
            continue;
        if (!begun)
            heading(page, "What to do");
        begun = true;
        item(page, "- ", own);
    }
}

static struct eg_str param_doc(struct eg_arena *arena, const struct eg_param *param) {
    struct eg_str doc = eg_report_one_line(arena, param->doc);
    if (!param->shared)
        return doc;
    return eg_str_format(arena, "%.*s Shared with other rules: see params of the configuration.",
                         EG_STR_ARGS(doc));
}

static void text_params(struct text_page *page) {
    const struct eg_rule *rule = page->rule;
    if (rule->param_count > 0)
        heading(page, "Params");
    for (uint32_t i = 0; i < rule->param_count; i++) {
        const struct eg_param *param = &rule->param_list[i];
        struct eg_str value = eg_rule_param_value(page->arena, rule, param);
        struct eg_str type = eg_rule_param_type(page->arena, param);
        item(page, "- ",
             eg_str_format(page->arena, "%.*s: %.*s = %.*s", EG_STR_ARGS(param->name),
                           EG_STR_ARGS(type), EG_STR_ARGS(value)));
        if (param->doc.length > 0) {
            eg_flow_begin(&page->flow, 4, 4);
            eg_flow_add(&page->flow, EG_STYLE_NONE, param_doc(page->arena, param));
            eg_flow_end(&page->flow);
        }
    }
}

static struct eg_str joined(struct eg_arena *arena, const struct eg_str *items, uint32_t count) {
    struct eg_str text = count > 0 ? items[0] : EG_STR("");
    for (uint32_t i = 1; i < count; i++)
        text = eg_str_format(arena, "%.*s, %.*s", EG_STR_ARGS(text), EG_STR_ARGS(items[i]));
    return text;
}

static void text_links(struct text_page *page) {
    const struct eg_rule *rule = page->rule;
    if (rule->same_as_count > 0)
        heading(page, "The same elsewhere");
    for (uint32_t i = 0; i < rule->same_as_count; i++)
        item(page, "- ",
             eg_str_format(
                 page->arena, "%.*s: %.*s", EG_STR_ARGS(rule->same_as[i].tool),
                 EG_STR_ARGS(joined(page->arena, rule->same_as[i].ids, rule->same_as[i].count))));
    if (rule->reference_count > 0)
        heading(page, "Read on");
    for (uint32_t i = 0; i < rule->reference_count; i++)
        item(page, "- ",
             eg_str_format(page->arena, "%.*s: %.*s", EG_STR_ARGS(rule->references[i].title),
                           EG_STR_ARGS(rule->references[i].url)));
}

void eg_rule_page_text(struct eg_buf *out, struct eg_arena *arena, const struct eg_policy *policy,
                       const struct eg_rule *rule, uint32_t width, bool colour) {
    struct text_page page = {
        .flow = {.out = out, .width = width, .colour = colour}, .arena = arena, .rule = rule};
    eg_flow_begin(&page.flow, 0, 2);
    eg_flow_add(&page.flow, EG_STYLE_BOLD, rule->id);
    eg_flow_puts(&page.flow, EG_STYLE_BOLD, " ");
    eg_flow_add(&page.flow, EG_STYLE_BOLD, rule->name);
    eg_flow_end(&page.flow);
    eg_flow_begin(&page.flow, 0, 0);
    eg_flow_add(&page.flow, EG_STYLE_NONE, rule->title);
    eg_flow_end(&page.flow);
    eg_flow_begin(&page.flow, 0, 0);
    eg_flow_add(&page.flow, EG_STYLE_NONE,
                eg_str_format(arena, "%.*s; severity %.*s%s",
                              EG_STR_ARGS(eg_rule_section_title(policy, rule)),
                              EG_STR_ARGS(eg_rule_severities(arena, rule)),
                              rule->on ? "" : "; not in this profile"));
    eg_flow_end(&page.flow);
    section(&page, "Why", rule->why);
    text_checks(&page);
    text_examples(&page);
    text_remediation(&page);
    text_params(&page);
    section(&page, "Notes", eg_rule_expression(arena, rule->raw, "notes"));
    text_links(&page);
}

/* ---- Markdown ---- */

struct markdown_page {
    struct eg_buf *out;
    struct eg_arena *arena;
    const struct eg_rule *rule;
};

static void prose(const struct markdown_page *page, struct eg_str text) {
    eg_report_add_markdown(page->out, eg_report_one_line(page->arena, text));
}

static void markdown_section(const struct markdown_page *page, const char *title,
                             struct eg_str text) {
    if (text.length == 0)
        return;
    eg_buf_printf(page->out, "\n## %s\n\n", title);
    prose(page, text);
    eg_buf_putc(page->out, '\n');
}

static void bullet(const struct markdown_page *page, struct eg_str text) {
    eg_buf_puts(page->out, "- ");
    prose(page, text);
    eg_buf_putc(page->out, '\n');
}

/* Expressions are told as they stand, in a block of code. */
static void code(const struct markdown_page *page, const char *indent, struct eg_str text) {
    eg_buf_printf(page->out, "\n%s```cel\n", indent);
    for (size_t at = 0; at < text.length;) {
        size_t end = eg_str_find(text, EG_STR("\n"), at);
        if (end == SIZE_MAX)
            end = text.length;
        eg_buf_puts(page->out, indent);
        eg_report_add_plain(page->out, eg_str_slice(text, at, end - at));
        eg_buf_putc(page->out, '\n');
        at = end + 1;
    }
    eg_buf_printf(page->out, "%s```\n", indent);
}

static void markdown_checks(const struct markdown_page *page) {
    const struct eg_rule *rule = page->rule;
    struct eg_str when = eg_rule_expression(page->arena, rule->raw, "when");
    eg_buf_puts(page->out, "\n## What it demands\n\nOf every ");
    eg_report_add_code(page->out, rule->match);
    if (when.length > 0) {
        eg_buf_puts(page->out, " for which this holds:\n");
        code(page, "", when);
        eg_buf_putc(page->out, '\n');
    } else {
        eg_buf_puts(page->out, ":\n\n");
    }
    for (uint32_t i = 0; i < rule->check_count; i++) {
        const struct eg_check *check = &rule->checks[i];
        eg_buf_puts(page->out, "- ");
        if (check->name.length > 0) {
            eg_report_add_code(page->out, check->name);
            eg_buf_puts(page->out, ": ");
        }
        prose(page, check->title);
        eg_buf_printf(page->out, " (%s)\n", eg_severity_name(check->fixed));
        code(page, "  ", eg_rule_expression(page->arena, check->raw, "assert"));
    }
}

static void markdown_lets(const struct markdown_page *page) {
    const struct eg_rule *rule = page->rule;
    if (rule->let_count == 0)
        return;
    eg_buf_puts(page->out, "\nwhere\n\n");
    for (uint32_t i = 0; i < rule->let_count; i++) {
        eg_buf_puts(page->out, "- ");
        eg_report_add_code(page->out, rule->lets[i].name);
        eg_buf_puts(page->out, " is\n");
        code(page, "  ", eg_keys_text(page->arena, rule->lets[i].raw));
    }
}

static void markdown_examples(const struct markdown_page *page) {
    struct eg_rule_examples examples = eg_rule_examples(page->arena, page->rule);
    for (size_t i = 0; i < EXAMPLE_KINDS; i++) {
        enum eg_verdict verdict = example_titles[i].verdict;
        if (examples.counts[verdict] > 0)
            eg_buf_printf(page->out, "\n## %s\n\n", example_titles[i].title);
        for (uint32_t j = 0; j < examples.counts[verdict]; j++)
            bullet(page, examples.items[verdict][j]);
    }
}

static void markdown_remediation(const struct markdown_page *page) {
    const struct eg_rule *rule = page->rule;
    markdown_section(page, "What to do", rule->remediation);
    bool begun = rule->remediation.length > 0, first = true;
    for (uint32_t i = 0; i < rule->check_count; i++) {
        struct eg_str own = eg_rule_expression(page->arena, rule->checks[i].raw, "remediation");
        if (own.length == 0 || rule->checks[i].raw == rule->raw)
            continue;
        if (!begun)
            eg_buf_puts(page->out, "\n## What to do\n");
        if (first)
            eg_buf_putc(page->out, '\n');
        begun = true;
        first = false;
        bullet(page, own);
    }
}

static void markdown_params(const struct markdown_page *page) {
    const struct eg_rule *rule = page->rule;
    if (rule->param_count > 0)
        eg_buf_puts(page->out,
                    "\n## Params\n\n| name | type | default | |\n| --- | --- | --- | --- |\n");
    for (uint32_t i = 0; i < rule->param_count; i++) {
        const struct eg_param *param = &rule->param_list[i];
        eg_buf_puts(page->out, "| ");
        eg_report_add_code(page->out, param->name);
        eg_buf_puts(page->out, " | ");
        eg_report_add_code(page->out, eg_rule_param_type(page->arena, param));
        eg_buf_puts(page->out, " | ");
        eg_report_add_code(page->out, eg_rule_param_value(page->arena, rule, param));
        eg_buf_puts(page->out, " | ");
        prose(page, param_doc(page->arena, param));
        eg_buf_puts(page->out, " |\n");
    }
}

static void markdown_links(const struct markdown_page *page) {
    const struct eg_rule *rule = page->rule;
    if (rule->same_as_count > 0)
        eg_buf_puts(page->out, "\n## The same elsewhere\n\n");
    for (uint32_t i = 0; i < rule->same_as_count; i++) {
        eg_buf_puts(page->out, "- ");
        prose(page, rule->same_as[i].tool);
        eg_buf_puts(page->out, ": ");
        prose(page, joined(page->arena, rule->same_as[i].ids, rule->same_as[i].count));
        eg_buf_putc(page->out, '\n');
    }
    if (rule->reference_count > 0)
        eg_buf_puts(page->out, "\n## Read on\n\n");
    for (uint32_t i = 0; i < rule->reference_count; i++) {
        struct eg_str url = eg_report_safe_url(rule->references[i].url);
        eg_buf_puts(page->out, url.length > 0 ? "- [" : "- ");
        prose(page, rule->references[i].title);
        if (url.length > 0)
            eg_buf_printf(page->out, "](%.*s)", EG_STR_ARGS(url));
        eg_buf_putc(page->out, '\n');
    }
}

void eg_rule_page_markdown(struct eg_buf *out, struct eg_arena *arena,
                           const struct eg_policy *policy, const struct eg_rule *rule) {
    const struct markdown_page page = {out, arena, rule};
    eg_buf_puts(out, "# ");
    prose(&page, rule->id);
    eg_buf_puts(out, ": ");
    prose(&page, rule->title);
    eg_buf_puts(out, "\n\n");
    eg_report_add_code(out, rule->name);
    eg_buf_puts(out, ", ");
    prose(&page, eg_rule_section_title(policy, rule));
    eg_buf_puts(out, ", severity ");
    prose(&page, eg_rule_severities(arena, rule));
    eg_buf_putc(out, '\n');
    if (rule->why.length > 0) {
        eg_buf_putc(out, '\n');
        prose(&page, rule->why);
        eg_buf_putc(out, '\n');
    }
    markdown_checks(&page);
    markdown_lets(&page);
    markdown_examples(&page);
    markdown_remediation(&page);
    markdown_params(&page);
    markdown_section(&page, "Notes", eg_rule_expression(arena, rule->raw, "notes"));
    markdown_links(&page);
}

/* ---- JSON ---- */

static cJSON *texts(const struct eg_str *items, uint32_t count) {
    cJSON *list = eg_json_list();
    for (uint32_t i = 0; i < count; i++)
        eg_json_append(list, eg_json_text(items[i]));
    return list;
}

static cJSON *json_checks(struct eg_arena *arena, const struct eg_rule *rule) {
    cJSON *list = eg_json_list();
    for (uint32_t i = 0; i < rule->check_count; i++) {
        const struct eg_check *check = &rule->checks[i];
        cJSON *object = eg_json_object();
        eg_json_add_text_or_null(object, "name", check->name);
        eg_json_add_text(object, "title", check->title);
        eg_json_add_text(object, "severity", eg_str_from(eg_severity_name(check->fixed)));
        eg_json_add_text(object, "assert", eg_rule_expression(arena, check->raw, "assert"));
        eg_json_add_text_or_null(object, "remediation", check->remediation);
        eg_json_append(list, object);
    }
    return list;
}

static cJSON *json_params(struct eg_arena *arena, const struct eg_rule *rule) {
    cJSON *object = eg_json_object();
    for (uint32_t i = 0; i < rule->param_count; i++) {
        const struct eg_param *param = &rule->param_list[i];
        struct eg_str value = eg_rule_param_value(arena, rule, param);
        cJSON *inner = eg_json_object();
        eg_json_add_text(inner, "type", eg_rule_param_type(arena, param));
        cJSON *parsed = cJSON_ParseWithLength(value.data, value.length);
        if (parsed != NULL)
            eg_json_add(inner, "value", parsed);
        eg_json_add_text_or_null(inner, "doc", param->doc);
        eg_json_add_bool(inner, "shared", param->shared);
        /* Keys are kept by reference: a copy that lasts as long as the page. */
        eg_json_add(object, eg_str_copy(arena, param->name).data, inner);
    }
    return object;
}

static cJSON *json_same_as(struct eg_arena *arena, const struct eg_rule *rule) {
    cJSON *object = eg_json_object();
    for (uint32_t i = 0; i < rule->same_as_count; i++)
        eg_json_add(object, eg_str_copy(arena, rule->same_as[i].tool).data,
                    texts(rule->same_as[i].ids, rule->same_as[i].count));
    return object;
}

static cJSON *json_references(const struct eg_rule *rule) {
    cJSON *list = eg_json_list();
    for (uint32_t i = 0; i < rule->reference_count; i++) {
        cJSON *object = eg_json_object();
        eg_json_add_text(object, "title", rule->references[i].title);
        eg_json_add_text(object, "url", rule->references[i].url);
        eg_json_append(list, object);
    }
    return list;
}

static cJSON *json_examples(struct eg_arena *arena, const struct eg_rule *rule) {
    struct eg_rule_examples examples = eg_rule_examples(arena, rule);
    cJSON *object = eg_json_object();
    for (size_t i = 0; i < EXAMPLE_KINDS; i++) {
        enum eg_verdict verdict = example_titles[i].verdict;
        eg_json_add(object, eg_verdict_name(verdict),
                    texts(examples.items[verdict], examples.counts[verdict]));
    }
    return object;
}

cJSON *eg_rule_page_json(struct eg_arena *arena, const struct eg_policy *policy,
                         const struct eg_rule *rule) {
    cJSON *page = eg_json_object();
    eg_json_add_text(page, "id", rule->id);
    eg_json_add_text(page, "name", rule->name);
    eg_json_add_text(page, "title", rule->title);
    eg_json_add_text(page, "severity", eg_str_from(eg_severity_name(rule->severity)));
    eg_json_add_text(page, "section", rule->section);
    eg_json_add_text(page, "sectionTitle", eg_rule_section_title(policy, rule));
    eg_json_add_bool(page, "on", rule->on);
    eg_json_add_bool(page, "optIn", rule->opt_in);
    eg_json_add(page, "profiles", texts(rule->profiles, rule->profile_count));
    eg_json_add_text(page, "match", rule->match);
    eg_json_add_text_or_null(page, "when", eg_rule_expression(arena, rule->raw, "when"));
    eg_json_add_text_or_null(page, "why", rule->why);
    eg_json_add_text_or_null(page, "remediation", rule->remediation);
    eg_json_add(page, "checks", json_checks(arena, rule));
    eg_json_add(page, "params", json_params(arena, rule));
    eg_json_add(page, "sameAs", json_same_as(arena, rule));
    eg_json_add(page, "references", json_references(rule));
    eg_json_add(page, "cases", json_examples(arena, rule));
    eg_json_add_text(page, "file", rule->path);
    return page;
}
