/* What the document rests on: the files with their digests, what is taken for granted, and the
 * command line without secrets. See compliance.h. Called by compliance.c. */
#include "base/secret.h"
#include "report/compliance.h"

/* ---- files ---- */

static void add_file(struct eg_compliance *document, struct eg_str name, struct eg_str digest) {
    document->files[document->file_count++] = (struct eg_source_file){name, digest};
}

/* An input of one file has that file's digest: it is listed once. */
static void collect_files(struct eg_compliance *document) {
    const struct eg_policy *policy = document->options->policy;
    uint32_t most = 1;
    for (const struct eg_compliance_input *in = document->inputs; in != NULL; in = in->next)
        most += 1 + in->part_count;
    document->files = EG_NEW_ARRAY(document->arena, struct eg_source_file, most);
    for (const struct eg_compliance_input *in = document->inputs; in != NULL; in = in->next) {
        bool same = in->part_count == 1 && eg_str_equal(in->parts[0].digest, in->digest);
        add_file(document, in->path, in->digest);
        for (uint32_t i = 0; i < in->part_count && !same; i++)
            add_file(document, in->parts[i].path, in->parts[i].digest);
    }
    add_file(document,
             eg_str_format(document->arena, "policy %.*s, %u %s", EG_STR_ARGS(policy->profile),
                           policy->rule_count, policy->rule_count == 1 ? "rule" : "rules"),
             eg_str_from(policy->digest));
}

/* ---- parameters ---- */

/* Stack.Parameter: Parameter. */
static struct eg_str bare_name(struct eg_str name) {
    size_t dot = eg_str_find_last(name, '.');
    return dot == SIZE_MAX ? name : eg_str_from_offset(name, dot + 1);
}

/* Has VALUE, or an element of it, the form of a secret, under whatever name? */
static bool has_form(struct eg_arena *arena, const struct eg_node *value) {
    struct eg_str text;
    if (eg_node_kind(value) != EG_LIST)
        return eg_node_scalar_text(arena, value, &text) && eg_secret_has_form(text);
    for (uint32_t i = 0; i < value->as.list.count; i++)
        if (eg_node_scalar_text(arena, value->as.list.items[i], &text) && eg_secret_has_form(text))
            return true;
    return false;
}

static struct eg_str shown_value(struct eg_compliance *document, struct eg_str name,
                                 const struct eg_node *value) {
    struct eg_str text, bare = bare_name(name);
    if (eg_map_get(&document->hidden, bare) != NULL || eg_secret_is_name(bare) ||
        has_form(document->arena, value))
        return EG_STR("(secret)");
    if (eg_node_scalar_text(document->arena, value, &text))
        return text;
    return EG_STR("(a list)");
}

/* The end of the shell's word at AT: at a space, or for one in quotes at the quote that is not that
 * of a quoted quote ('\\''). */
static size_t word_end(struct eg_str line, size_t at, bool quoted) {
    if (!quoted) {
        size_t end = eg_str_find(line, EG_STR(" "), at);
        return end == SIZE_MAX ? line.length : end;
    }
    while (at < line.length && line.data[at] != '\'')
        at++;
    while (eg_str_starts_with(eg_str_from_offset(line, at), EG_STR("'\\''")))
        for (at += 4; at < line.length && line.data[at] != '\'';)
            at++;
    return at;
}

/* Hides the value of every NAME=VALUE in the command line. */
static struct eg_str hide_word(struct eg_arena *arena, struct eg_str line, struct eg_str name) {
    struct eg_str needle = eg_str_concat(arena, name, EG_STR("="));
    size_t from = 0, at;
    while ((at = eg_str_find(line, needle, from)) != SIZE_MAX) {
        size_t begin = at + needle.length, word = at;
        while (word > 0 && line.data[word - 1] != ' ' && line.data[word - 1] != '\'')
            word--;
        size_t end = word_end(line, begin, word > 0 && line.data[word - 1] == '\'');
        from = begin + sizeof "(secret)" - 1;
        line = eg_str_format(arena, "%.*s(secret)%.*s", (int)begin, line.data,
                             EG_STR_ARGS(eg_str_from_offset(line, end)));
    }
    return line;
}

/* ---- what is taken for granted ---- */

static void assume(struct eg_compliance *document, struct eg_str text, struct eg_str value) {
    document->assumptions[document->assumption_count++] = (struct eg_assumption_made){text, value};
}

static void assume_parameters(struct eg_compliance *document,
                              const struct eg_parameter_values *given) {
    struct eg_arena *arena = document->arena;
    for (uint32_t i = 0; i < given->values.count; i++) {
        const struct eg_map_entry *entry = &given->values.entries[i];
        struct eg_str value = shown_value(document, entry->key, entry->value);
        assume(document, eg_str_format(arena, "parameter %.*s", EG_STR_ARGS(entry->key)), value);
        if (eg_str_is(value, "(secret)"))
            document->command_line =
                hide_word(arena, document->command_line, bare_name(entry->key));
    }
}

/* How many verdicts rest on the default of a parameter. */
static struct eg_str count_defaults(struct eg_compliance *document) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < document->kept_count; i++)
        count += document->kept[i]->result.overridable;
    return eg_str_format(document->arena,
                         "%u %s on the default of a parameter, which a deployment may override",
                         count, count == 1 ? "verdict" : "verdicts");
}

void eg_compliance_trace(struct eg_compliance *document) {
    enum { FIXED = 4 };
    const struct eg_report_options *options = document->options;
    const struct eg_parameter_values *given = options->parameters;
    uint32_t most = FIXED + (given == NULL ? 0 : given->values.count);
    document->command_line = options->command_line;
    document->assumptions = EG_NEW_ARRAY(document->arena, struct eg_assumption_made, most);
    collect_files(document);
    if (options->region.length > 0)
        assume(document, EG_STR("Region"), options->region);
    if (options->account.length > 0)
        assume(document, EG_STR("account"), options->account);
    if (given != NULL)
        assume_parameters(document, given);
    assume(document, count_defaults(document), EG_STR(""));
    assume(document,
           eg_str_format(document->arena, "the gate's bar: severity %s%s",
                         eg_severity_name(options->fail_on),
                         options->strict ? "; unknown counts as failing" : ""),
           EG_STR(""));
}
