/* What the commands check and report share: their options, and one run of the engine into
 * renderers. */
#ifndef EG_CLI_RUN_H
#define EG_CLI_RUN_H

#include "cli/given.h"
#include "cli/options.h"
#include "engine/engine.h"

/* One -f NAME[=FILE]. */
struct eg_run_output {
    const struct eg_renderer *renderer;
    struct eg_str file; /* empty: standard output */
    bool attested;      /* --attest: FILE gets the signed envelope over what the renderer wrote */
    void *state;
    struct eg_buf buf;
};

struct eg_texts {
    struct eg_str *items;
    uint32_t count;
};

struct eg_run {
    struct eg_arena arena; /* lives as long as the run */
    struct eg_texts policies, only, skip, waiver_files;
    struct eg_waivers waivers;
    const struct eg_node *overrides; /* the configuration's `rules` */
    const struct eg_node *params;    /* its `params` */
    struct eg_run_output *outputs;
    uint32_t output_count;
    struct eg_parameter_values parameters;
    struct eg_given given; /* which of them the templates have */
    struct eg_str region, account, profile, title, deployment, date;
    struct eg_str previous; /* file of an earlier result, to compare with in the document */
    struct eg_str baseline; /* file of an earlier result whose failures don't count */
    struct eg_map known;    /* the baseline's fingerprints */
    struct eg_str config;   /* --config FILE */
    struct eg_str attest;   /* --attest FILE */
    struct eg_str key;      /* --key FILE: signs it */
    struct eg_str explain;  /* id or name of the rule to explain; empty: none */
    const struct eg_policy *policy;
    enum eg_severity fail_on;
    bool strict, quiet, verbose, no_builtin, no_config, fail_on_given;
    bool colour_always, colour_never;
    uint32_t threads, scenarios;
};

/* The options of both commands: context of eg_options_parse is the struct eg_run. */
extern const struct eg_option eg_run_options[];

void eg_run_init(struct eg_run *run);
void eg_run_done(struct eg_run *run);

/* Loads the policy, judges PATHS, writes every output (standard output as it comes, files whole at
 * the end; DEFAULT_FORMAT on standard output if none is asked for), and returns the exit status.
 * COMMAND_LINE is for the document's provenance. */
enum eg_status eg_run_paths(struct eg_run *run, const char *default_format, char **paths,
                            int path_count, struct eg_str command_line);

/* "ecsgate check cdk.out": the words of a command line, quoted where a shell needs it. */
struct eg_str eg_run_command_line(struct eg_arena *arena, int argc, char *const *argv);

#endif
