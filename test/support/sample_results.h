/* Results as a judge would hand them over, made by hand: what the renderers are tested with. They
 * depend on nothing left of src/report but its data structures. */
#ifndef TEST_SAMPLE_RESULTS_H
#define TEST_SAMPLE_RESULTS_H

#include "report/report.h"

enum sample_kind {
    SAMPLE_SHOP,    /* one CDK stack: every verdict, every section, scenarios, a waiver */
    SAMPLE_PASSING, /* the same stack, only what passes */
    SAMPLE_OPEN,    /* what passes and what is unknown */
    SAMPLE_FLEET,   /* three batches; one rule fails on many objects; an input can't be read */
    SAMPLE_HOSTILE, /* every text of every result tries to break out of its output */
    SAMPLE_EMPTY,   /* nothing was judged */
};

struct sample {
    struct eg_arena arena;
    struct eg_policy *policy;
    struct eg_report_options options;
    struct eg_batch *batches;
    uint32_t batch_count;
    struct eg_summary summary;
};

/* The value of the one secret in the sample: no output may hold it. */
#define SAMPLE_SECRET "hunter2-swordfish"

void sample_make(struct sample *sample, enum sample_kind kind);
void sample_done(struct sample *sample);
/* Everything that the format NAME writes, appended to OUT. */
void sample_render(const struct sample *sample, const char *name, struct eg_buf *out);

#endif
