/* GitLab's code quality report (https://docs.gitlab.com/ci/testing/code_quality/): a list of
 * issues, shown in merge requests. Failures only, those of the baseline too: GitLab compares the
 * branch with its target by itself, and what is missing there counts as resolved. Written batch by
 * batch. */
#include "report/compliance.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/result_json.h"

struct gitlab {
    const struct eg_report_options *options;
    uint32_t count;
};

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    struct gitlab *gitlab = EG_NEW(arena, struct gitlab);
    gitlab->options = options;
    return gitlab;
}

/* GitLab takes paths from the repository's root, without "./". */
static struct eg_str repository_path(struct eg_str path) {
    while (eg_str_starts_with(path, EG_STR("./")))
        path = eg_str_from_offset(path, 2);
    return path;
}

static cJSON *issue_json(const struct eg_report_options *options, const struct eg_result *result) {
    struct eg_place place = eg_report_repository_place(options, result);
    static const char *const severities[] = {"info", "minor", "major", "critical", "blocker"};
    struct eg_arena arena;
    eg_arena_init(&arena);
    cJSON *item = eg_json_object(), *location = eg_json_object(), *lines = eg_json_object();
    struct eg_str message = eg_report_one_line(&arena, result->message);
    if (result->scenario.length > 0)
        message = eg_str_format(&arena, "%.*s, when %.*s", EG_STR_ARGS(message),
                                EG_STR_ARGS(result->scenario));
    eg_json_add_text(item, "description", message);
    eg_json_add_text(item, "check_name", result->rule->id);
    eg_json_add_text(item, "fingerprint", eg_str_from(result->fingerprint));
    eg_json_add_text(item, "severity", eg_str_from(severities[result->severity]));
    eg_json_add_text(location, "path", repository_path(place.file));
    eg_json_add_number(lines, "begin", place.line == 0 ? 1 : place.line);
    eg_json_add(location, "lines", lines);
    eg_json_add(item, "location", location);
    eg_arena_done(&arena);
    return item;
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    struct gitlab *gitlab = state;
    for (uint32_t i = 0; i < batch->results.count; i++) {
        if (batch->results.items[i].verdict != EG_VERDICT_FAIL)
            continue;
        eg_buf_puts(out, gitlab->count++ == 0 ? "[\n " : ",\n ");
        eg_json_write(out, issue_json(gitlab->options, &batch->results.items[i]));
    }
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    const struct gitlab *gitlab = state;
    (void)summary;
    eg_buf_puts(out, gitlab->count == 0 ? "[]\n" : "\n]\n");
}

const struct eg_renderer eg_format_gitlab = {
    .name = "gitlab",
    .doc = "code quality report (GitLab)",
    .begin = begin,
    .batch = batch,
    .end = end,
};
