/* One JSON object a line, each with a `kind`: written while judging goes on, so nothing is kept.
 * Results have the keys of schemas/result.json; the last line is the summary. */
#include "report/formats.h"
#include "report/result_json.h"

struct ndjson {
    const struct eg_waivers *waivers;
};

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    struct ndjson *ndjson = EG_NEW(arena, struct ndjson);
    ndjson->waivers = options->waivers;
    return ndjson;
}

static void write_line(struct eg_buf *out, const char *kind, cJSON *item) {
    cJSON *line = eg_json_object();
    eg_json_add_text(line, "kind", eg_str_from(kind));
    eg_json_add(line, kind, item);
    eg_json_write(out, line);
    eg_buf_putc(out, '\n');
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    (void)state;
    for (uint32_t i = 0; i < batch->input_count; i++)
        if (!batch->inputs[i]->skipped)
            write_line(out, "input", eg_json_input(batch->inputs[i]));
    for (uint32_t i = 0; batch->errors != NULL && i < batch->errors->count; i++)
        write_line(out, "error", eg_json_error(batch->errors->items[i]));
    for (uint32_t i = 0; i < batch->waivers.count; i++)
        write_line(out, "waiver", eg_json_waiver(&batch->waivers.items[i]));
    for (uint32_t i = 0; i < batch->results.count; i++)
        write_line(out, "result", eg_json_result(&batch->results.items[i]));
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    const struct ndjson *ndjson = state;
    for (uint32_t i = 0; ndjson->waivers != NULL && i < ndjson->waivers->count; i++)
        write_line(out, "waiver", eg_json_waiver(&ndjson->waivers->items[i]));
    for (uint32_t i = 0; i < summary->not_applicable_count; i++)
        write_line(out, "result", eg_json_not_applicable(summary->not_applicable[i]));
    cJSON *item = eg_json_object();
    eg_json_add_text(item, "ecsgate", EG_STR(EG_VERSION));
    eg_json_add_text(item, "verdict", eg_str_from(eg_verdict_name(summary->verdict)));
    eg_json_add(item, "counts", eg_json_summary(summary));
    write_line(out, "summary", item);
}

const struct eg_renderer eg_format_ndjson = {
    .name = "ndjson",
    .doc = "one JSON object a line, written as results come",
    .begin = begin,
    .batch = batch,
    .end = end,
};
