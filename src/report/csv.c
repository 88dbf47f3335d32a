/* One row for each result, for spreadsheets and databases: RFC 4180, with a head, every field
 * quoted, none that a spreadsheet would run. */
#include "report/escape.h"
#include "report/formats.h"

enum { FIELD_LIMIT = 32000 }; /* a spreadsheet's cell holds 32767 characters */

struct csv {
    bool started;
};

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    (void)options;
    return EG_NEW(arena, struct csv);
}

static void start(struct csv *csv, struct eg_buf *out) {
    if (!csv->started)
        eg_buf_puts(out,
                    "verdict,severity,rule,name,stack,resource,type,object,object name,file,"
                    "line,column,construct,message,reason,scenario,owner,until,fingerprint\r\n");
    csv->started = true;
}

static void write_row(struct eg_buf *out, const struct eg_result *result) {
    const struct eg_waiver *waiver = result->waiver;
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_str empty = EG_STR(""), line = empty, column = empty;
    if (result->place.line > 0) {
        line = eg_str_format(&arena, "%u", result->place.line);
        column = eg_str_format(&arena, "%u", result->place.column);
    }
    const struct eg_str fields[] = {
        eg_str_from(eg_verdict_name(result->verdict)),
        eg_str_from(eg_severity_name(result->severity)),
        result->rule->id,
        result->rule->name,
        result->stack,
        result->resource,
        result->type,
        result->object,
        result->object_name,
        result->place.file,
        line,
        column,
        result->construct.path,
        result->message,
        result->reason,
        result->scenario,
        waiver != NULL ? waiver->owner : empty,
        waiver != NULL ? waiver->until : empty,
        eg_str_from(result->fingerprint),
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        eg_buf_puts(out, i > 0 ? "," : "");
        eg_report_add_cut(out, eg_report_add_csv, fields[i], FIELD_LIMIT);
    }
    eg_buf_puts(out, "\r\n");
    eg_arena_done(&arena);
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    start(state, out);
    for (uint32_t i = 0; i < batch->results.count; i++)
        write_row(out, &batch->results.items[i]);
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    start(state, out);
    for (uint32_t i = 0; i < summary->not_applicable_count; i++) {
        const struct eg_rule *rule = summary->not_applicable[i];
        const struct eg_result none = {
            .rule = rule, .verdict = EG_VERDICT_NOT_APPLICABLE, .severity = rule->severity};
        write_row(out, &none);
    }
}

const struct eg_renderer eg_format_csv = {
    .name = "csv",
    .doc = "one row for each result",
    .begin = begin,
    .batch = batch,
    .end = end,
};
