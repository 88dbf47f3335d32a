/* The JSON result: the contract that other programs rely on (schemas/result.json).
 * One line for each result, so that two runs can be compared with diff. What the head must say
 * (verdict, inputs, counts) is known at the end only: results are spooled until then. */
#include "report/formats.h"
#include "report/result_json.h"
#include "report/spool.h"

struct json {
    const struct eg_report_options *options;
    struct eg_spool inputs, errors, waivers, results;
    uint32_t input_count, error_count, waiver_count, result_count;
};

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    struct json *json = EG_NEW(arena, struct json);
    json->options = options;
    eg_spool_begin(&json->inputs, arena);
    eg_spool_begin(&json->errors, arena);
    eg_spool_begin(&json->waivers, arena);
    eg_spool_begin(&json->results, arena);
    return json;
}

/* Keeps ITEM as the next of a list, and deletes it. */
static void add_item(struct eg_spool *spool, uint32_t *count, cJSON *item) {
    struct eg_buf line;
    eg_buf_init(&line);
    eg_buf_puts(&line, (*count)++ == 0 ? "\n  " : ",\n  ");
    eg_json_write(&line, item);
    eg_spool_add(spool, eg_buf_str(&line));
    eg_buf_done(&line);
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    struct json *json = state;
    (void)out;
    for (uint32_t i = 0; i < batch->input_count; i++)
        if (!batch->inputs[i]->skipped)
            add_item(&json->inputs, &json->input_count, eg_json_input(batch->inputs[i]));
    for (uint32_t i = 0; batch->errors != NULL && i < batch->errors->count; i++)
        add_item(&json->errors, &json->error_count, eg_json_error(batch->errors->items[i]));
    for (uint32_t i = 0; i < batch->waivers.count; i++)
        add_item(&json->waivers, &json->waiver_count, eg_json_waiver(&batch->waivers.items[i]));
    for (uint32_t i = 0; i < batch->results.count; i++)
        add_item(&json->results, &json->result_count, eg_json_result(&batch->results.items[i]));
}

static void write_list(struct eg_buf *out, const char *key, const struct eg_spool *spool,
                       uint32_t count) {
    eg_buf_printf(out, ",\n \"%s\": [", key);
    eg_spool_write(spool, out);
    eg_buf_puts(out, count > 0 ? "\n ]" : "]");
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    struct json *json = state;
    const struct eg_waivers *waivers = json->options->waivers;
    for (uint32_t i = 0; waivers != NULL && i < waivers->count; i++)
        add_item(&json->waivers, &json->waiver_count, eg_json_waiver(&waivers->items[i]));
    for (uint32_t i = 0; i < summary->not_applicable_count; i++)
        add_item(&json->results, &json->result_count,
                 eg_json_not_applicable(summary->not_applicable[i]));
    eg_buf_printf(out, "{\"ecsgate\": \"%s\", \"verdict\": \"%s\"", EG_VERSION,
                  eg_verdict_name(summary->verdict));
    write_list(out, "inputs", &json->inputs, json->input_count);
    eg_buf_puts(out, ",\n \"summary\": ");
    eg_json_write(out, eg_json_summary(summary));
    if (json->options->policy != NULL) {
        cJSON *policy = eg_json_object();
        eg_json_add_text_or_null(policy, "profile", json->options->policy->profile);
        eg_json_add_text_or_null(policy, "sha256", eg_str_from(json->options->policy->digest));
        eg_json_add_number(policy, "rules", json->options->policy->rule_count);
        eg_buf_puts(out, ",\n \"policy\": ");
        eg_json_write(out, policy);
    }
    write_list(out, "errors", &json->errors, json->error_count);
    write_list(out, "waivers", &json->waivers, json->waiver_count);
    write_list(out, "results", &json->results, json->result_count);
    eg_buf_puts(out, "}\n");
}

const struct eg_renderer eg_format_json = {
    .name = "json",
    .doc = "everything, in one JSON object (schemas/result.json)",
    .begin = begin,
    .batch = batch,
    .end = end,
};
