/* ecsgate: decides before a deployment whether an Amazon ECS system meets a policy.
 *
 * The way of the data is that of the folders beside this one:
 *
 *   bytes -read-> document -load-> template -resolve-> stack -model-> objects
 *         -cel, policy-> results -report-> document, findings, SARIF, ...
 *
 * src/engine takes many inputs along it side by side; a command (verb_*.c) sets it up from its
 * options and turns the outcome into an exit status.
 */
#include "cli/verbs.h"
#include "policy/keys.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct eg_command *const commands[] = {
    &eg_verb_check, &eg_verb_report, &eg_verb_diff,  &eg_verb_verify,
    &eg_verb_rules, &eg_verb_test,   &eg_verb_model, &eg_verb_eval,
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

_Noreturn void eg_out_of_memory(void) {
    static const char text[] = "ecsgate: out of memory\n";
    (void)fwrite(text, 1, sizeof text - 1, stderr);
    _Exit(EG_STATUS_INTERNAL);
}

static void print_help(FILE *out) {
    fputs("Usage: ecsgate COMMAND [OPTION...] [ARGUMENT...]\n\n"
          "Decides, before a deployment, whether an Amazon ECS system meets a policy.\n"
          "Reads ECS task definitions, CloudFormation templates and CDK output (cdk.out).\n\n"
          "Commands:\n",
          out);
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-8s %s\n", commands[i]->name, commands[i]->doc);
    fputs("\n`ecsgate COMMAND --help` tells more.\n\n"
          "Exit status: 0 the policy holds, 1 it does not, 2 wrong usage or policy,\n"
          "3 an input that can't be read or judged, 4 an internal error.\n",
          out);
}

static int unknown_command(const char *name) {
    struct eg_str names[COMMAND_COUNT];
    for (uint32_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = eg_str_from(commands[i]->name);
    struct eg_str nearest = eg_keys_nearest(eg_str_from(name), names, COMMAND_COUNT);
    if (nearest.length > 0)
        eg_cli_tell(NULL, "unknown command '%s'; did you mean '%.*s'?", name, EG_STR_ARGS(nearest));
    else
        eg_cli_tell(NULL, "unknown command '%s'; `ecsgate --help` lists them", name);
    return EG_STATUS_USAGE;
}

/* Whatever was written to standard output must have arrived. */
static int finish(int status) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    perror("ecsgate: standard output");
    return EG_STATUS_INTERNAL;
}

int main(int argc, char **argv) {
    (void)signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write, told by finish() */
    if (argc < 2) {
        print_help(stderr);
        return EG_STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return finish(EG_STATUS_HOLDS);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("ecsgate " EG_VERSION);
        return finish(EG_STATUS_HOLDS);
    }
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return finish(commands[i]->run(argc - 1, argv + 1));
    return unknown_command(argv[1]);
}
