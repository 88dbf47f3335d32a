/* ecsgate report: writes the compliance document that a person signs. */
#include "cli/run.h"
#include "cli/verbs.h"

#include <stdio.h>

static int run_report(int argc, char **argv) {
    struct eg_run run;
    eg_run_init(&run);
    struct eg_str command_line = eg_run_command_line(&run.arena, argc, argv);
    enum eg_status status;
    int paths;
    if (eg_options_parse(&eg_verb_report, eg_run_options, &run, argc, argv, &paths, &status)) {
        if (paths == 0) {
            fputs(
                "ecsgate report: no PATH given: a template, a task definition, cdk.out, a folder, "
                "or - for standard input\n",
                stderr);
            status = EG_STATUS_USAGE;
        } else {
            status = eg_run_paths(&run, "markdown", argv, paths, command_line);
        }
    }
    eg_run_done(&run);
    return (int)status;
}

const struct eg_command eg_verb_report = {
    .name = "report",
    .arguments = "PATH...",
    .doc = "judge inputs and write the compliance document",
    .more = "PATH is an ECS task definition, a CloudFormation template, a cdk.out folder,\n"
            "a folder with any of these, or - for standard input.",
    .run = run_report,
};
