/* JUnit XML, as build servers read it: a suite for each stack, a test case for each result. A
 * failure is a failure, an undecided or waived one is skipped (with --strict an undecided one that
 * the gate counts fails), an input that can't be read is an error. Written batch by batch. */
#include "policy/path.h"
#include "report/compliance.h"
#include "report/escape.h"
#include "report/formats.h"

enum { TEXT_LIMIT = 2000 };

struct junit {
    const struct eg_report_options *options;
    bool started;
};

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    struct junit *junit = EG_NEW(arena, struct junit);
    junit->options = options;
    return junit;
}

static void start(struct junit *junit, struct eg_buf *out) {
    if (!junit->started)
        eg_buf_puts(out,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ecsgate\">\n");
    junit->started = true;
}

static void text(struct eg_buf *out, struct eg_str content) {
    eg_report_add_cut(out, eg_report_add_xml, content, TEXT_LIMIT);
}

static void attribute(struct eg_buf *out, const char *name, struct eg_str value) {
    eg_buf_printf(out, " %s=\"", name);
    text(out, value);
    eg_buf_putc(out, '"');
}

/* ---- what a result is to JUnit ---- */

enum outcome { PASSED, FAILED, SKIPPED };

static enum outcome outcome_of(const struct junit *junit, const struct eg_result *result) {
    switch (result->verdict) {
    case EG_VERDICT_FAIL:
        return result->known ? SKIPPED : FAILED;
    case EG_VERDICT_UNKNOWN:
        return junit->options->strict && result->severity >= junit->options->fail_on ? FAILED
                                                                                     : SKIPPED;
    case EG_VERDICT_WAIVED:
        return SKIPPED;
    case EG_VERDICT_PASS:
    case EG_VERDICT_NOT_APPLICABLE:
    case EG_VERDICT_COUNT:
        break;
    }
    return PASSED;
}

static struct eg_str skip_reason(struct eg_arena *arena, const struct eg_result *result) {
    if (result->verdict == EG_VERDICT_FAIL)
        return eg_str_format(arena, "in the baseline: %.*s", EG_STR_ARGS(result->message));
    if (result->verdict == EG_VERDICT_UNKNOWN)
        return eg_str_format(arena, "unknown: %.*s", EG_STR_ARGS(result->reason));
    if (result->waiver == NULL)
        return EG_STR("waived");
    return eg_str_format(arena, "waived: %.*s (%.*s)", EG_STR_ARGS(result->waiver->reason),
                         EG_STR_ARGS(result->waiver->owner));
}

/* ---- test cases ---- */

static void write_failure(struct eg_buf *out, struct eg_arena *arena,
                          const struct eg_result *result) {
    struct eg_str message =
        result->verdict == EG_VERDICT_UNKNOWN ? result->reason : result->message;
    eg_buf_puts(out, "    <failure");
    attribute(out, "message", eg_report_one_line(arena, message));
    attribute(out, "type", eg_str_from(eg_severity_name(result->severity)));
    eg_buf_putc(out, '>');
    struct eg_buf place;
    eg_buf_init(&place);
    eg_report_add_place(&place, result->place);
    text(out, eg_buf_str(&place));
    eg_buf_done(&place);
    for (uint32_t i = 0; i < result->evidence_count; i++) {
        eg_buf_putc(out, '\n');
        text(out, eg_compliance_evidence(arena, &result->evidence[i]));
    }
    if (result->path_count > 0) {
        eg_buf_puts(out, "\npath: ");
        text(out, eg_path_text(arena, result));
    }
    if (result->scenario.length > 0) {
        eg_buf_puts(out, "\nwhen ");
        text(out, result->scenario);
    }
    struct eg_str remedy = eg_report_one_line(arena, eg_compliance_remediation(result));
    if (remedy.length > 0) {
        eg_buf_puts(out, "\nremedy: ");
        text(out, remedy);
    }
    eg_buf_puts(out, "</failure>\n");
}

/* Readers know a test by its class and name. A rule that finds several things wrong with one object
 * has a case for each: the first bears the name that a pass would, the others a number. TAKEN has
 * how often each name was given, in its arena. */
static struct eg_str name_of(struct eg_map *taken, const struct eg_result *result) {
    struct eg_arena *arena = taken->arena;
    struct eg_str name = eg_str_format(arena, "%.*s: %.*s", EG_STR_ARGS(result->rule->title),
                                       EG_STR_ARGS(eg_compliance_subject(arena, result)));
    name = eg_report_one_line(arena, name);
    struct eg_str key = eg_str_format(arena, "%u %.*s", result->rule->number, EG_STR_ARGS(name));
    uint32_t *count = eg_map_get(taken, key);
    if (count == NULL) {
        count = EG_NEW(arena, uint32_t);
        (void)eg_map_put(taken, key, count);
    }
    return ++*count == 1 ? name : eg_str_format(arena, "%.*s, %u", EG_STR_ARGS(name), *count);
}

static void write_case(const struct junit *junit, struct eg_buf *out, struct eg_map *taken,
                       const struct eg_result *result) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    enum outcome outcome = outcome_of(junit, result);
    eg_buf_puts(out, "   <testcase");
    attribute(out, "name", name_of(taken, result));
    attribute(out, "classname", result->rule->id);
    eg_buf_puts(out, " time=\"0\"");
    if (outcome == PASSED) {
        eg_buf_puts(out, "/>\n");
        eg_arena_done(&arena);
        return;
    }
    eg_buf_puts(out, ">\n");
    if (outcome == FAILED) {
        write_failure(out, &arena, result);
    } else {
        eg_buf_puts(out, "    <skipped");
        attribute(out, "message", eg_report_one_line(&arena, skip_reason(&arena, result)));
        eg_buf_puts(out, "/>\n");
    }
    eg_buf_puts(out, "   </testcase>\n");
    eg_arena_done(&arena);
}

/* ---- suites ---- */

/* The results from FIRST on that belong to the same stack: until *RET_END. */
static void write_suite(const struct junit *junit, struct eg_buf *out,
                        const struct eg_results *results, uint32_t first, uint32_t *ret_end) {
    uint32_t counts[3] = {0}, end = first;
    struct eg_str stack = results->items[first].stack;
    while (end < results->count && eg_str_equal(results->items[end].stack, stack))
        counts[outcome_of(junit, &results->items[end++])]++;
    eg_buf_puts(out, "  <testsuite");
    attribute(out, "name", stack.length > 0 ? stack : EG_STR("ecsgate"));
    if (results->items[first].place.file.length > 0)
        attribute(out, "file", results->items[first].place.file);
    eg_buf_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\" time=\"0\">\n",
                  end - first, counts[FAILED], counts[SKIPPED]);
    struct eg_arena arena;
    struct eg_map taken;
    eg_arena_init(&arena);
    eg_map_init(&taken, &arena);
    for (uint32_t i = first; i < end; i++)
        write_case(junit, out, &taken, &results->items[i]);
    eg_arena_done(&arena);
    eg_buf_puts(out, "  </testsuite>\n");
    *ret_end = end;
}

static void write_errors(struct eg_buf *out, const struct eg_error_list *errors) {
    if (errors == NULL || errors->count == 0)
        return;
    eg_buf_printf(out,
                  "  <testsuite name=\"inputs\" tests=\"%u\" failures=\"0\" errors=\"%u\" "
                  "skipped=\"0\" time=\"0\">\n",
                  errors->count, errors->count);
    for (uint32_t i = 0; i < errors->count; i++) {
        const struct eg_error *error = errors->items[i];
        eg_buf_puts(out, "   <testcase");
        attribute(out, "name", eg_str_from(error->file));
        eg_buf_puts(out, " classname=\"input\" time=\"0\">\n    <error");
        attribute(out, "message", eg_str_from(error->text));
        eg_buf_printf(out, " type=\"input\">line %u, column %u</error>\n   </testcase>\n",
                      error->line, error->column);
    }
    eg_buf_puts(out, "  </testsuite>\n");
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    struct junit *junit = state;
    start(junit, out);
    write_errors(out, batch->errors);
    for (uint32_t i = 0; i < batch->results.count;)
        write_suite(junit, out, &batch->results, i, &i);
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    (void)summary;
    start(state, out);
    eg_buf_puts(out, "</testsuites>\n");
}

const struct eg_renderer eg_format_junit = {
    .name = "junit",
    .doc = "JUnit XML, for build servers",
    .begin = begin,
    .batch = batch,
    .end = end,
};
