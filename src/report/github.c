/* Annotations in a pull request: GitHub Actions' workflow commands
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).
 * GitHub shows ten of each kind for a step, so the worst of the run come first, and what the
 * baseline holds already is left out. */
#include "policy/path.h"
#include "report/compliance.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/spool.h"

enum { MESSAGE_LIMIT = 600, NAME_LIMIT = 200 };

struct github {
    const struct eg_report_options *options;
    struct eg_spool annotations[EG_SEVERITY_COUNT];
};

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    struct github *github = EG_NEW(arena, struct github);
    github->options = options;
    for (int i = 0; i < EG_SEVERITY_COUNT; i++)
        eg_spool_begin(&github->annotations[i], arena);
    return github;
}

/* A value of a command: '%' and line ends are written as %XX; in a property ':' and ',' too. What
 * else is not plain text is shown as \u{…}. */
static void add_value(struct eg_buf *out, struct eg_str text, bool property) {
    struct eg_buf plain;
    eg_buf_init(&plain);
    eg_report_add_plain(&plain, text);
    for (size_t i = 0; i < plain.length; i++) {
        char c = plain.data[i];
        if (c == '%' || (property && (c == ':' || c == ',')))
            eg_buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
        else
            eg_buf_putc(out, c);
    }
    eg_buf_done(&plain);
}

static void add_property_value(struct eg_buf *out, struct eg_str text) {
    add_value(out, text, true);
}

static void add_message_value(struct eg_buf *out, struct eg_str text) {
    add_value(out, text, false);
}

static void add_line(struct eg_buf *out, const char *start, struct eg_str text) {
    if (text.length == 0)
        return;
    eg_buf_printf(out, "%%0A%s", start);
    eg_report_add_cut(out, add_message_value, text, MESSAGE_LIMIT);
}

static void add_place(struct eg_buf *out, struct eg_place place) {
    eg_buf_puts(out, "file=");
    add_property_value(out, place.file);
    if (place.line > 0)
        eg_buf_printf(out, ",line=%u,col=%u", place.line, place.column);
    eg_buf_puts(out, ",title=");
}

static const char *command(const struct github *github, const struct eg_result *result) {
    bool gated = result->severity >= github->options->fail_on;
    if (result->verdict == EG_VERDICT_UNKNOWN)
        return gated && github->options->strict ? "error" : gated ? "warning" : "notice";
    return gated ? "error" : result->severity >= EG_SEVERITY_MEDIUM ? "warning" : "notice";
}

static void add_annotation(const struct github *github, struct eg_buf *out,
                           const struct eg_result *result) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    bool open = result->verdict == EG_VERDICT_UNKNOWN;
    eg_buf_printf(out, "::%s ", command(github, result));
    struct eg_place place = eg_report_repository_place(github->options, result);
    add_place(out, place);
    eg_report_add_cut(out, add_property_value, result->rule->id, NAME_LIMIT);
    eg_buf_printf(out, " (%s)::", open ? "unknown" : eg_severity_name(result->severity));
    eg_report_add_cut(out, add_message_value, eg_report_one_line(&arena, result->message),
                      MESSAGE_LIMIT);
    for (uint32_t i = 0; i < result->evidence_count; i++)
        add_line(out, "because ", eg_compliance_evidence(&arena, &result->evidence[i]));
    add_line(out, "path: ", eg_path_text(&arena, result));
    add_line(out, "when ", result->scenario);
    if (open)
        add_line(out, "needed: ", eg_report_one_line(&arena, result->reason));
    else
        add_line(out, "remedy: ", eg_report_one_line(&arena, eg_compliance_remediation(result)));
    add_line(out, "construct: ", result->construct.path);
    if (place.file.data != result->place.file.data)
        add_line(
            out, "template: ",
            eg_str_format(&arena, "%.*s:%u", EG_STR_ARGS(result->place.file), result->place.line));
    eg_buf_putc(out, '\n');
    eg_arena_done(&arena);
}

static void add_error(struct eg_buf *out, const struct eg_error *error) {
    eg_buf_puts(out, "::error ");
    add_place(out, (struct eg_place){eg_str_from(error->file), error->line, error->column});
    eg_buf_puts(out, "input::");
    add_message_value(out, eg_str_from(error->text));
    eg_buf_putc(out, '\n');
}

static void add_waivers(struct eg_buf *out, const struct eg_waiver *waivers, uint32_t count) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    for (uint32_t i = 0; i < count; i++) {
        struct eg_str trouble = eg_waiver_trouble(&arena, &waivers[i]);
        if (trouble.length == 0)
            continue;
        eg_buf_puts(out, "::warning ");
        add_place(out, waivers[i].place);
        eg_buf_puts(out, "waiver::");
        eg_report_add_cut(out, add_message_value, eg_report_one_line(&arena, trouble),
                          MESSAGE_LIMIT);
        eg_buf_putc(out, '\n');
    }
    eg_arena_done(&arena);
}

static bool is_told(const struct eg_result *result) {
    return (result->verdict == EG_VERDICT_FAIL && !result->known) ||
           result->verdict == EG_VERDICT_UNKNOWN;
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    struct github *github = state;
    struct eg_buf line;
    eg_buf_init(&line);
    for (uint32_t i = 0; batch->errors != NULL && i < batch->errors->count; i++)
        add_error(out, batch->errors->items[i]);
    for (uint32_t i = 0; i < batch->results.count; i++) {
        const struct eg_result *result = &batch->results.items[i];
        if (!is_told(result))
            continue;
        eg_buf_clear(&line);
        add_annotation(github, &line, result);
        eg_spool_add(&github->annotations[result->severity], eg_buf_str(&line));
    }
    eg_buf_done(&line);
    add_waivers(out, batch->waivers.items, batch->waivers.count);
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    const struct github *github = state;
    const struct eg_waivers *waivers = github->options->waivers;
    (void)summary;
    for (int i = EG_SEVERITY_COUNT - 1; i >= 0; i--)
        eg_spool_write(&github->annotations[i], out);
    if (waivers != NULL)
        add_waivers(out, waivers->items, waivers->count);
}

const struct eg_renderer eg_format_github = {
    .name = "github",
    .doc = "annotations in a pull request (GitHub Actions)",
    .begin = begin,
    .batch = batch,
    .end = end,
};
