/* Taking many inputs along the whole way; see engine.h. Called by the commands check and report.
 *
 * A run has three steps: find the inputs, gather those that hang together (one system), judge the
 * systems. Workers take systems by number; a worker that is done waits for its turn to hand the
 * batch on, so at most one finished system for each worker is in memory.
 */
#include "engine/engine.h"

#include "engine/apart.h"
#include "engine/gather.h"
#include "model/shape.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { MOST_THREADS = 64 };

struct run {
    const struct eg_engine_options *options;
    struct eg_gathered work;
    atomic_uint next;     /* the next system to take */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t turn_came;
    uint32_t turn; /* the system whose batch is handed on next */
    bool stopped;  /* the sink said so */
    bool *judged;  /* by rule number: has it had a subject? */
    eg_engine_sink *sink;
    void *context;
    struct eg_summary *summary;
};

/* ---- counting ---- */

static void count_result(struct run *run, const struct eg_result *result) {
    struct eg_summary *summary = run->summary;
    summary->verdicts[result->verdict]++;
    run->judged[result->rule->number] = true;
    summary->known += result->known;
    summary->known_failed[result->severity] += result->known;
    if (result->verdict == EG_VERDICT_FAIL)
        summary->failed[result->severity]++;
    else if (result->verdict == EG_VERDICT_UNKNOWN)
        summary->unknown[result->severity]++;
}

static void count_batch(struct run *run, const struct eg_batch *batch) {
    run->summary->inputs += batch->input_count;
    if (batch->system != NULL)
        run->summary->stacks += batch->system->stack_count;
    run->summary->errors += batch->errors->count;
    for (uint32_t i = 0; i < batch->results.count; i++)
        count_result(run, &batch->results.items[i]);
}

static void conclude(struct eg_arena *arena, const struct run *run) {
    struct eg_summary *summary = run->summary;
    const struct eg_policy *policy = run->options->policy;
    summary->not_applicable = EG_NEW_ARRAY(arena, const struct eg_rule *, policy->rule_count);
    for (uint32_t i = 0; i < policy->rule_count; i++)
        if (!run->judged[policy->rules[i]->number])
            summary->not_applicable[summary->not_applicable_count++] = policy->rules[i];
    summary->verdicts[EG_VERDICT_NOT_APPLICABLE] = summary->not_applicable_count;
    uint32_t failed = 0, unknown = 0; /* that the gate counts */
    for (int severity = (int)run->options->fail_on; severity < EG_SEVERITY_COUNT; severity++) {
        failed += summary->failed[severity] - summary->known_failed[severity];
        unknown += summary->unknown[severity];
    }
    /* What could not be read was not judged: that is no pass. */
    summary->verdict = failed > 0                           ? EG_VERDICT_FAIL
                       : unknown > 0 || summary->errors > 0 ? EG_VERDICT_UNKNOWN
                                                            : EG_VERDICT_PASS;
    summary->holds = failed == 0 && summary->errors == 0 && !(run->options->strict && unknown > 0);
}

/* ---- judging ---- */

/* Marks the failures that the baseline holds already. */
static void mark_known(const struct eg_map *known, struct eg_results *results) {
    for (uint32_t i = 0; known != NULL && i < results->count; i++) {
        struct eg_result *result = &results->items[i];
        result->known = result->verdict == EG_VERDICT_FAIL &&
                        eg_map_get(known, eg_str_from(result->fingerprint)) != NULL;
    }
}

/* Notes, by the files of INPUT's templates, what tells its stacks from others of the same name. */
static void note_apart(struct eg_map *apart, const struct eg_input_path *path,
                       const struct eg_input *input) {
    for (uint32_t i = 0; path->apart.length > 0 && i < input->template_count; i++)
        (void)eg_map_put(apart, input->templates[i]->path, (void *)(uintptr_t)&path->apart);
}

/* Loads what is not loaded yet, and judges it. What can't be read is in the batch's errors. */
static void judge_system(const struct run *run, const struct eg_gathered_system *work,
                         struct eg_shapes *shapes, struct eg_arena *arena, struct eg_batch *batch) {
    struct eg_error_list *errors = EG_NEW(arena, struct eg_error_list);
    struct eg_input **inputs = EG_NEW_ARRAY(arena, struct eg_input *, work->count);
    struct eg_judge_options judge = run->options->judge;
    struct eg_map apart;
    uint32_t count = 0;
    eg_map_init(&apart, arena);
    judge.apart = &apart;
    for (uint32_t i = 0; i < work->count; i++) {
        struct eg_input *input = EG_NEW(arena, struct eg_input);
        if (!eg_load_input(arena, work->paths[i], input, errors) || input->skipped)
            continue;
        note_apart(&apart, work->paths[i], input);
        inputs[count++] = input;
    }
    *batch = (struct eg_batch){.inputs = inputs, .input_count = count, .errors = errors};
    if (count == 0)
        return;
    struct eg_system *system = eg_resolve(arena, inputs, count, run->options->resolve);
    eg_shape_check(system, shapes);
    struct eg_model *model = eg_model_build(run->options->policy->schema, system);
    batch->system = system;
    batch->model = model;
    batch->results = eg_judge(run->options->policy, model, &judge);
    batch->waivers =
        eg_waivers_apply(run->options->waivers, run->options->policy, model, &batch->results);
    mark_known(run->options->known, &batch->results);
}

/* Waits until SYSTEM's turn, then hands its batch on. */
static void hand_on(struct run *run, uint32_t system, const struct eg_batch *batch) {
    (void)pthread_mutex_lock(&run->lock);
    while (run->turn != system)
        (void)pthread_cond_wait(&run->turn_came, &run->lock);
    if (!run->stopped) {
        count_batch(run, batch);
        if (!run->sink(run->context, batch))
            run->stopped = true;
    }
    run->turn++;
    (void)pthread_cond_broadcast(&run->turn_came);
    (void)pthread_mutex_unlock(&run->lock);
}

static bool is_stopped(struct run *run) {
    (void)pthread_mutex_lock(&run->lock);
    bool stopped = run->stopped;
    (void)pthread_mutex_unlock(&run->lock);
    return stopped;
}

static void *work(void *context) {
    struct run *run = context;
    struct eg_arena arena;
    struct eg_shapes shapes;
    eg_arena_init(&arena);
    eg_shapes_init(&shapes);
    for (;;) {
        uint32_t system = atomic_fetch_add(&run->next, 1);
        if (system >= run->work.count)
            break;
        static const struct eg_error_list no_errors;
        struct eg_batch batch = {.errors = &no_errors};
        if (!is_stopped(run))
            judge_system(run, &run->work.systems[system], &shapes, &arena, &batch);
        hand_on(run, system, &batch);
        eg_arena_reset(&arena);
    }
    eg_shapes_done(&shapes);
    eg_arena_done(&arena);
    return NULL;
}

static uint32_t thread_count(const struct run *run) {
    uint32_t wanted = run->options->threads;
    if (wanted == 0) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        wanted = processors < 1 ? 1 : (uint32_t)processors;
    }
    if (wanted > MOST_THREADS)
        wanted = MOST_THREADS;
    return wanted > run->work.count ? run->work.count : wanted;
}

/* This thread works too: a run with one system starts no other. */
static void judge_all(struct run *run) {
    pthread_t others[MOST_THREADS];
    uint32_t wanted = thread_count(run), started = 0;
    while (started + 1 < wanted && pthread_create(&others[started], NULL, work, run) == 0)
        started++;
    (void)work(run);
    for (uint32_t i = 0; i < started; i++)
        (void)pthread_join(others[i], NULL);
}

bool eg_engine_run(struct eg_arena *arena, const struct eg_engine_options *options,
                   const struct eg_str *paths, uint32_t path_count, eg_engine_sink *sink,
                   void *context, struct eg_summary *ret_summary) {
    *ret_summary = (struct eg_summary){0};
    struct run run = {
        .options = options,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .turn_came = PTHREAD_COND_INITIALIZER,
        .judged = EG_NEW_ARRAY(arena, bool, options->policy->by_id_or_name.count + 1),
        .sink = sink,
        .context = context,
        .summary = ret_summary,
    };
    struct eg_error_list errors = {0};
    struct eg_input_list found = eg_load_find(arena, paths, path_count, &errors);
    eg_tell_apart(arena, &found);
    eg_gather(arena, &found, &run.work);
    if (errors.count > 0) {
        struct eg_batch batch = {.errors = &errors};
        count_batch(&run, &batch);
        run.stopped = !sink(context, &batch);
    }
    judge_all(&run);
    (void)pthread_cond_destroy(&run.turn_came);
    (void)pthread_mutex_destroy(&run.lock);
    conclude(arena, &run);
    return !run.stopped;
}
