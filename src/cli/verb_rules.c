/* ecsgate rules: lists the rules, or explains one. */
#include "cli/verbs.h"

#include "base/embedded.h"
#include "cli/reference.h"
#include "cli/rule_facts.h"
#include "cli/rule_page.h"
#include "cli/terminal.h"
#include "read/read.h"
#include "report/escape.h"
#include "report/result_json.h"
#include "schema/schema.h"

#include <stdio.h>
#include <string.h>

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN };

struct rules {
    struct eg_arena arena;
    struct eg_schema schema;
    struct eg_str *folders;
    uint32_t folder_count;
    struct eg_str profile;
    enum format format;
    bool no_builtin, reference, schema_wanted;
    struct eg_policy *policy;
    struct eg_buf out;
};

/* ---- options ---- */

static bool take_format(void *context, const char *value, struct eg_error *error) {
    static const char *const names[] = {"text", "json", "markdown"};
    for (int i = 0; i < 3; i++)
        if (strcmp(value, names[i]) == 0) {
            ((struct rules *)context)->format = (enum format)i;
            return true;
        }
    return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                        "there is no format '%s'; expected text, json or markdown", value);
}

static bool take_profile(void *context, const char *value, struct eg_error *error) {
    (void)error;
    ((struct rules *)context)->profile = eg_str_from(value);
    return true;
}

static bool take_policies(void *context, const char *value, struct eg_error *error) {
    (void)error;
    struct rules *rules = context;
    rules->folders =
        eg_arena_grow(&rules->arena, rules->folders, rules->folder_count * sizeof *rules->folders,
                      (rules->folder_count + 1) * sizeof *rules->folders);
    rules->folders[rules->folder_count++] = eg_str_from(value);
    return true;
}

static bool take_no_builtin(void *context, const char *value, struct eg_error *error) {
    (void)value;
    (void)error;
    ((struct rules *)context)->no_builtin = true;
    return true;
}

static bool take_reference(void *context, const char *value, struct eg_error *error) {
    (void)value;
    (void)error;
    ((struct rules *)context)->reference = true;
    return true;
}

static bool take_schema(void *context, const char *value, struct eg_error *error) {
    (void)value;
    (void)error;
    ((struct rules *)context)->schema_wanted = true;
    return true;
}

static const struct eg_option options[] = {
    {'f', "format", "NAME", "text, json or markdown", take_format},
    {0, "profile", "NAME", "only the rules of this profile", take_profile},
    {0, "policies", "DIR", "rules of your own, added or replacing; repeatable", take_policies},
    {0, "no-builtin", NULL, "leave the built-in rules out", take_no_builtin},
    {0, "reference", NULL, "functions, kinds and fields to write rules with", take_reference},
    {0, "schema", NULL, "the JSON Schema of policy files, for editors", take_schema},
    {0, NULL, NULL, NULL, NULL},
};

/* ---- the list ---- */

/* Is the known rule with that number listed? Without --profile every one is; a SECTION, if it isn't
 * empty, keeps its own. */
static bool is_listed(const struct rules *rules, uint32_t number, struct eg_str section) {
    uint32_t count =
        rules->profile.length > 0 ? rules->policy->rule_count : rules->policy->known_count;
    return number < count &&
           (section.length == 0 || eg_str_equal(rules->policy->known[number]->section, section));
}

static void list_text(struct rules *rules, struct eg_str section) {
    const struct eg_rule *before = NULL;
    uint32_t count = 0;
    size_t widest = 0;
    for (uint32_t i = 0; is_listed(rules, i, EG_STR("")); i++)
        if (rules->policy->known[i]->name.length > widest)
            widest = rules->policy->known[i]->name.length;
    for (uint32_t i = 0; i < rules->policy->known_count; i++) {
        const struct eg_rule *rule = rules->policy->known[i];
        if (!is_listed(rules, i, section))
            continue;
        if (before == NULL || !eg_str_equal(before->section, rule->section)) {
            eg_buf_puts(&rules->out, before == NULL ? "" : "\n");
            eg_report_add_plain(&rules->out, eg_rule_section_title(rules->policy, rule));
            eg_buf_putc(&rules->out, '\n');
        }
        before = rule;
        count++;
        eg_buf_printf(&rules->out, "  %-13.*s %-8s  %-*.*s  ", EG_STR_ARGS(rule->id),
                      eg_severity_name(rule->severity), (int)widest, EG_STR_ARGS(rule->name));
        eg_report_add_plain(&rules->out, eg_report_one_line(&rules->arena, rule->title));
        eg_buf_puts(&rules->out, rule->on ? "\n" : " (off)\n");
    }
    eg_buf_printf(&rules->out, "\n%u %s\n", count, count == 1 ? "rule" : "rules");
}

static void list_markdown(struct rules *rules, struct eg_str section) {
    eg_buf_puts(&rules->out, "| rule | name | severity | demand |\n| --- | --- | --- | --- |\n");
    for (uint32_t i = 0; i < rules->policy->known_count; i++) {
        const struct eg_rule *rule = rules->policy->known[i];
        if (!is_listed(rules, i, section))
            continue;
        eg_buf_printf(&rules->out, "| [%.*s](%.*s.md) | ", EG_STR_ARGS(rule->id),
                      EG_STR_ARGS(rule->id));
        eg_report_add_code(&rules->out, rule->name);
        eg_buf_printf(&rules->out, " | %s | ", eg_severity_name(rule->severity));
        eg_report_add_markdown(&rules->out, eg_report_one_line(&rules->arena, rule->title));
        eg_buf_puts(&rules->out, " |\n");
    }
}

static void list_json(struct rules *rules, struct eg_str section) {
    cJSON *root = eg_json_object(), *list = eg_json_list();
    for (uint32_t i = 0; i < rules->policy->known_count; i++)
        if (is_listed(rules, i, section))
            eg_json_append(
                list, eg_rule_page_json(&rules->arena, rules->policy, rules->policy->known[i]));
    eg_json_add(root, "rules", list);
    eg_json_write(&rules->out, root);
}

static void list(struct rules *rules, struct eg_str section) {
    switch (rules->format) {
    case FORMAT_TEXT:
        list_text(rules, section);
        break;
    case FORMAT_JSON:
        list_json(rules, section);
        break;
    case FORMAT_MARKDOWN:
        list_markdown(rules, section);
        break;
    }
}

/* ---- one rule ---- */

static uint32_t page_width(void) {
    enum { USUAL = 80, WIDEST = 100 };
    uint32_t width = eg_terminal_width();
    return width == 0 ? USUAL : width > WIDEST ? WIDEST : width;
}

static void explain(struct rules *rules, const struct eg_rule *rule) {
    switch (rules->format) {
    case FORMAT_TEXT:
        eg_rule_page_text(&rules->out, &rules->arena, rules->policy, rule, page_width(), false);
        break;
    case FORMAT_JSON:
        eg_json_write(&rules->out, eg_rule_page_json(&rules->arena, rules->policy, rule));
        break;
    case FORMAT_MARKDOWN:
        eg_rule_page_markdown(&rules->out, &rules->arena, rules->policy, rule);
        break;
    }
}

/* ---- the command ---- */

static bool is_section(const struct rules *rules, struct eg_str name) {
    for (uint32_t i = 0; i < rules->policy->section_count; i++)
        if (eg_str_equal(name, rules->policy->sections[i].prefix))
            return true;
    return false;
}

static bool unknown_rule(const struct rules *rules, struct eg_str name, struct eg_error *error) {
    struct eg_str nearest = eg_policy_nearest(rules->policy, name);
    return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                        "there is no rule or section '%.*s'%s%.*s%s", EG_STR_ARGS(name),
                        nearest.length > 0 ? "; did you mean '" : "", EG_STR_ARGS(nearest),
                        nearest.length > 0 ? "'?" : "");
}

static bool load(struct rules *rules, char *const *names, int count, struct eg_error *error) {
    const struct eg_policy_options wanted = {
        .folders = rules->folders,
        .folder_count = rules->folder_count,
        .builtin = !rules->no_builtin,
        .profile = rules->profile,
        .uncompiled = true,
    };
    if (!eg_schema_load(&rules->arena, &rules->schema, error) ||
        !eg_policy_load(&rules->arena, &rules->schema, &wanted, &rules->policy, error))
        return false;
    for (int i = 0; i < count; i++)
        if (eg_policy_find(rules->policy, eg_str_from(names[i])) == NULL &&
            !is_section(rules, eg_str_from(names[i])))
            return unknown_rule(rules, eg_str_from(names[i]), error);
    return true;
}

static void write_schema(struct rules *rules) {
    static const char path[] = "schemas/policy.json";
    const struct eg_node *schema =
        eg_read_packed(&rules->arena, eg_str_from(path), eg_embedded_find(path));
    eg_write_json(&rules->out, schema, 2);
    eg_buf_putc(&rules->out, '\n');
}

static enum eg_status show(struct rules *rules, char *const *names, int count) {
    struct eg_error error = {0};
    if (!load(rules, names, count, &error))
        return eg_cli_fail(&error);
    bool other = rules->reference || rules->schema_wanted;
    if (rules->schema_wanted)
        write_schema(rules);
    else if (rules->reference)
        eg_reference_markdown(&rules->out, &rules->arena, &rules->schema);
    else if (count == 0)
        list(rules, EG_STR(""));
    for (int i = 0; i < count && !other; i++) {
        struct eg_str name = eg_str_from(names[i]);
        const struct eg_rule *rule = eg_policy_find(rules->policy, name);
        eg_buf_puts(&rules->out, i == 0 ? "" : "\n");
        if (rule != NULL)
            explain(rules, rule);
        else
            list(rules, name);
    }
    bool good = fwrite(rules->out.data, 1, rules->out.length, stdout) == rules->out.length;
    return good ? EG_STATUS_HOLDS : EG_STATUS_INTERNAL;
}

static int run_rules(int argc, char **argv) {
    struct rules rules = {.format = FORMAT_TEXT};
    eg_arena_init(&rules.arena);
    eg_buf_init(&rules.out);
    enum eg_status status;
    int names;
    if (eg_options_parse(&eg_verb_rules, options, &rules, argc, argv, &names, &status))
        status = show(&rules, argv, names);
    eg_buf_done(&rules.out);
    eg_arena_done(&rules.arena);
    return (int)status;
}

const struct eg_command eg_verb_rules = {
    .name = "rules",
    .arguments = "[RULE...]",
    .doc = "list the rules, or explain one",
    .more = "RULE is an id (ECS-HARD-001) or a name (readonly-root-filesystem); a section\n"
            "(ECS-HARD) lists its rules.",
    .run = run_rules,
};
