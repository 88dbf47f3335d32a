/* ecsgate check: judges, prints findings as compilers do, exits with the verdict. */
#include "cli/run.h"
#include "cli/verbs.h"

#include <stdio.h>

static int run_check(int argc, char **argv) {
    struct eg_run run;
    eg_run_init(&run);
    struct eg_str command_line = eg_run_command_line(&run.arena, argc, argv);
    enum eg_status status;
    int paths;
    if (eg_options_parse(&eg_verb_check, eg_run_options, &run, argc, argv, &paths, &status)) {
        if (paths == 0) {
            fputs("ecsgate check: no PATH given: a template, a task definition, cdk.out, a folder, "
                  "or - for standard input\n",
                  stderr);
            status = EG_STATUS_USAGE;
        } else {
            status = eg_run_paths(&run, "text", argv, paths, command_line);
        }
    }
    eg_run_done(&run);
    return (int)status;
}

const struct eg_command eg_verb_check = {
    .name = "check",
    .arguments = "PATH...",
    .doc = "judge inputs, print findings, exit with the verdict",
    .more = "PATH is an ECS task definition, a CloudFormation template, a cdk.out folder,\n"
            "a folder with any of these, or - for standard input.",
    .run = run_check,
};
