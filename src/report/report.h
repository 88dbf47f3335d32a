/* Reports: renderers that turn results into text, Markdown, HTML, JSON, SARIF and so on.
 *
 * An output format is one file and one line of the table in report.c. A renderer sees the results
 * in batches (one per system, in the stable order of the inputs) and writes into a buffer of its
 * own; what it must know before it can write (counts, the verdict) comes with `end`. Memory behind
 * a batch is gone after the call: what a renderer keeps it copies into its arena.
 */
#ifndef EG_REPORT_REPORT_H
#define EG_REPORT_REPORT_H

#include "base/buf.h"
#include "policy/judge.h"
#include "policy/waiver.h"

/* One judged system: inputs that were resolved together. */
struct eg_batch {
    struct eg_input **inputs;
    uint32_t input_count;
    const struct eg_system *system;
    struct eg_model *model;
    struct eg_results results;
    struct eg_waiver_list waivers;      /* of the templates' Metadata, faulty ones too */
    const struct eg_error_list *errors; /* inputs, or parts of them, that could not be read */
};

/* Counts over a run. */
struct eg_summary {
    uint32_t verdicts[EG_VERDICT_COUNT];
    uint32_t failed[EG_SEVERITY_COUNT]; /* by severity */
    uint32_t unknown[EG_SEVERITY_COUNT];
    uint32_t inputs, stacks, errors;
    uint32_t known;                           /* of the failed ones: in the baseline already */
    uint32_t known_failed[EG_SEVERITY_COUNT]; /* … by severity */
    const struct eg_rule **not_applicable;    /* rules that judged nothing */
    uint32_t not_applicable_count;
    enum eg_verdict
        verdict; /* of the gate: pass or fail; unknown if only unknowns stand against it */
    bool holds;  /* exit status 0 */
};

struct eg_report_options {
    const struct eg_policy *policy;
    enum eg_severity fail_on;
    bool strict;
    bool colour;    /* terminal escapes may be written */
    uint32_t width; /* of the terminal in columns; 0: not a terminal */
    bool quiet, verbose;
    bool baseline;                         /* there is one: results that are not `known` are new */
    struct eg_str title, deployment, date; /* of the document; date as 2026-01-15, may be empty */
    struct eg_str command_line;
    struct eg_str folder; /* the working folder's real path: of the checkout; empty: not known */
    const struct eg_parameter_values *parameters;
    struct eg_str region, account;
    const struct eg_node *previous;   /* an earlier result (JSON), or NULL */
    const struct eg_waivers *waivers; /* of the run, or NULL: used, unused and expired ones */
};

struct eg_renderer {
    const char *name; /* of -f NAME */
    const char *doc;  /* one line for --help */
    bool proves;      /* passes too are shown with what decided them: judged so */
    /* State in ARENA, which lives until after `end`. */
    void *(*begin)(struct eg_arena *arena, const struct eg_report_options *options);
    /* Appends to OUT; what is appended may be written away and cleared after each call. */
    void (*batch)(void *state, const struct eg_batch *batch, struct eg_buf *out);
    void (*end)(void *state, const struct eg_summary *summary, struct eg_buf *out);
};

/* By name; NULL if there is none. */
const struct eg_renderer *eg_renderer_find(struct eg_str name);
/* All of them, in the order of --help. */
const struct eg_renderer *const *eg_renderer_list(uint32_t *ret_count);

/* ---- what renderers share ---- */

/* Text of an input made safe for a terminal or log: control characters, escapes and bidirectional
 * controls are shown as \u{…}. */
void eg_report_add_plain(struct eg_buf *out, struct eg_str text);
void eg_report_add_html(struct eg_buf *out, struct eg_str text);     /* text and attributes */
void eg_report_add_markdown(struct eg_buf *out, struct eg_str text); /* inline text */
void eg_report_add_xml(struct eg_buf *out, struct eg_str text);
/* Where somebody who reads the repository finds RESULT. CDK output is not checked in: a finding in
 * it is shown at the line of the app that made the resource, if that lies in OPTIONS' folder (then
 * the place is relative to it and has no template's line); everything else stands at its own place.
 */
struct eg_place eg_report_repository_place(const struct eg_report_options *options,
                                           const struct eg_result *result);
/* file:line:column, without what is not known. */
void eg_report_add_place(struct eg_buf *out, struct eg_place place);

#endif
