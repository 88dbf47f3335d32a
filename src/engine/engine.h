/* The engine: many inputs through the whole path, side by side, in a stable order.
 *
 * Inputs are found first; those that share exports and imports are judged together as one system,
 * every other alone, each in an arena of its own that is reset for the next. Workers take systems
 * in order; their batches are handed to the renderers in the same order whatever finishes first, so
 * the same inputs give the same bytes with any number of threads, and memory does not grow with the
 * number of inputs.
 */
#ifndef EG_ENGINE_ENGINE_H
#define EG_ENGINE_ENGINE_H

#include "report/report.h"

struct eg_engine_options {
    const struct eg_policy *policy;
    const struct eg_resolve_options *resolve;
    struct eg_judge_options judge;
    struct eg_waivers *waivers; /* NULL: only those in the templates */
    const struct eg_map *known; /* fingerprints of the baseline's failures; NULL: none */
    enum eg_severity fail_on;
    bool strict;
    uint32_t threads; /* 0: as many as there are processors */
};

/* Gets every batch, in order, from one thread at a time. False stops the run. */
typedef bool eg_engine_sink(void *context, const struct eg_batch *batch);

/* Judges PATHS. *RET_SUMMARY is in ARENA. Returns false only if the sink did; inputs that can't be
 * read are in the batches and counted in the summary. */
bool eg_engine_run(struct eg_arena *arena, const struct eg_engine_options *options,
                   const struct eg_str *paths, uint32_t path_count, eg_engine_sink *sink,
                   void *context, struct eg_summary *ret_summary);

#endif
