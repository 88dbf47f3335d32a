/* ecsgate diff: what was resolved, is new, is still open between two results. */
#include "base/map.h"
#include "cli/verbs.h"
#include "read/read.h"
#include "report/report.h"

#include <stdio.h>

static const struct eg_option options[] = {{0, NULL, NULL, NULL, NULL}};

/* The failures of one result, by fingerprint. */
static bool read_failures(struct eg_arena *arena, const char *path, struct eg_map *ret_failures,
                          struct eg_error *error) {
    struct eg_document document;
    if (!eg_read_file(arena, eg_str_from(path), &document, error))
        return false;
    const struct eg_node *results = EG_GET(document.root, "results");
    if (EG_GET(document.root, "ecsgate") == NULL || eg_node_kind(results) != EG_LIST)
        return eg_error_set(error, EG_ERROR_INPUT, eg_str_from(path), 0, 0,
                            "is no result of ecsgate: expected what -f json writes");
    eg_map_init(ret_failures, arena);
    for (uint32_t i = 0; i < results->as.list.count; i++) {
        const struct eg_node *result = results->as.list.items[i];
        if (eg_node_is_string(EG_GET(result, "verdict"), "fail"))
            (void)eg_map_put(ret_failures, eg_node_text(EG_GET(result, "fingerprint")),
                             (void *)result);
    }
    return true;
}

static void add_failure(struct eg_buf *out, const struct eg_node *result) {
    eg_buf_puts(out, "  ");
    eg_report_add_plain(out, eg_node_text(EG_GET(result, "file")));
    const struct eg_node *line = EG_GET(result, "line");
    if (line != NULL && line->kind == EG_INT)
        eg_buf_printf(out, ":%lld", (long long)line->as.integer);
    eg_buf_puts(out, ": ");
    eg_report_add_plain(out, eg_node_text(EG_GET(result, "severity")));
    eg_buf_puts(out, ": ");
    eg_report_add_plain(out, eg_node_text(EG_GET(result, "message")));
    eg_buf_puts(out, " [");
    eg_report_add_plain(out, eg_node_text(EG_GET(result, "rule")));
    eg_buf_puts(out, "]\n");
}

/* Those of FAILURES that OTHER has too (COMMON) or has not; returns how many. */
static uint32_t add_group(struct eg_buf *out, const char *title, const struct eg_map *failures,
                          const struct eg_map *other, bool common) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < failures->count; i++)
        count += (eg_map_get(other, failures->entries[i].key) != NULL) == common;
    eg_buf_printf(out, "%s: %u\n", title, count);
    for (uint32_t i = 0; i < failures->count; i++)
        if ((eg_map_get(other, failures->entries[i].key) != NULL) == common)
            add_failure(out, failures->entries[i].value);
    return count;
}

static enum eg_status diff(struct eg_arena *arena, const char *old_path, const char *new_path) {
    struct eg_error error = {0};
    struct eg_map old_failures, new_failures;
    if (!read_failures(arena, old_path, &old_failures, &error) ||
        !read_failures(arena, new_path, &new_failures, &error))
        return eg_cli_fail(&error);
    struct eg_buf out;
    eg_buf_init(&out);
    (void)add_group(&out, "resolved", &old_failures, &new_failures, false);
    uint32_t fresh = add_group(&out, "new", &new_failures, &old_failures, false);
    (void)add_group(&out, "still open", &new_failures, &old_failures, true);
    (void)fwrite(out.data, 1, out.length, stdout);
    eg_buf_done(&out);
    return fresh == 0 ? EG_STATUS_HOLDS : EG_STATUS_FAILS;
}

static int run_diff(int argc, char **argv) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    enum eg_status status;
    int operands;
    if (eg_options_parse(&eg_verb_diff, options, NULL, argc, argv, &operands, &status)) {
        if (operands == 2) {
            status = diff(&arena, argv[0], argv[1]);
        } else {
            fputs("ecsgate diff: expected OLD and NEW\n", stderr);
            status = EG_STATUS_USAGE;
        }
    }
    eg_arena_done(&arena);
    return (int)status;
}

const struct eg_command eg_verb_diff = {
    .name = "diff",
    .arguments = "OLD NEW",
    .doc = "compare two results: resolved, new, still open",
    .more = "OLD and NEW are files that `ecsgate check -f json=FILE` wrote.\n"
            "Exit status: 0 nothing is new, 1 something is.",
    .run = run_diff,
};
