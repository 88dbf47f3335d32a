/* Fuzzes the whole way: any bytes as an input of `ecsgate check`, judged by the policies that ship,
 * rendered in every format. The result must keep its promises: an input that could not be read is
 * counted as an error and never holds. Seeds in test/fuzz/corpus/check. */
#include "engine/engine.h"
#include "schema/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Loaded once: what the command line would load for every run. */
static const struct eg_policy *load_policy(void) {
    static struct eg_arena arena;
    static struct eg_schema schema;
    static struct eg_policy *policy;
    if (policy == NULL) {
        const struct eg_policy_options options = {.builtin = true, .profile = EG_STR("hardened")};
        struct eg_error error = {0};
        eg_arena_init(&arena);
        if (!eg_schema_load(&arena, &schema, &error) ||
            !eg_policy_load(&arena, &schema, &options, &policy, &error)) {
            fprintf(stderr, "%s:%u: %s\n", error.file, error.line, error.text);
            abort();
        }
    }
    return policy;
}

/* Every renderer at once. */
struct outputs {
    const struct eg_renderer *const *renderers;
    uint32_t count;
    void **states;
    struct eg_buf buf;
};

static bool render(void *context, const struct eg_batch *batch) {
    struct outputs *outputs = context;
    for (uint32_t i = 0; i < outputs->count; i++) {
        eg_buf_clear(&outputs->buf);
        outputs->renderers[i]->batch(outputs->states[i], batch, &outputs->buf);
    }
    return true;
}

static void judge(struct eg_str path) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_parameter_values parameters;
    eg_parameters_init(&parameters, &arena);
    const struct eg_resolve_options resolve = {.parameters = &parameters};
    const struct eg_report_options report = {.policy = load_policy(),
                                             .parameters = &parameters,
                                             .date = EG_STR("2026-01-15"),
                                             .verbose = true};
    const struct eg_engine_options engine = {
        .policy = report.policy, .resolve = &resolve, .fail_on = EG_SEVERITY_HIGH, .threads = 1};
    struct outputs outputs = {0};
    outputs.renderers = eg_renderer_list(&outputs.count);
    outputs.states = EG_NEW_ARRAY(&arena, void *, outputs.count);
    eg_buf_init(&outputs.buf);
    for (uint32_t i = 0; i < outputs.count; i++)
        outputs.states[i] = outputs.renderers[i]->begin(&arena, &report);
    struct eg_summary summary;
    if (!eg_engine_run(&arena, &engine, &path, 1, render, &outputs, &summary))
        abort();
    for (uint32_t i = 0; i < outputs.count; i++) {
        eg_buf_clear(&outputs.buf);
        outputs.renderers[i]->end(outputs.states[i], &summary, &outputs.buf);
    }
    if (summary.errors > 0 && summary.holds)
        abort();
    eg_buf_done(&outputs.buf);
    eg_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int file = memfd_create("fuzz", 0);
    if (file < 0)
        return 0;
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (write(file, data, size) == (ssize_t)size)
        judge(eg_str_from(path));
    (void)close(file);
    return 0;
}
