/* Command-line options: a table per command, from which both parsing and --help are made. */
#ifndef EG_CLI_OPTIONS_H
#define EG_CLI_OPTIONS_H

#include "base/error.h"

/* Exit statuses of every command. */
enum eg_status {
    EG_STATUS_HOLDS = 0, /* the policy holds; the command did what it was asked */
    EG_STATUS_FAILS = 1, /* it does not hold */
    EG_STATUS_USAGE = 2, /* command line, configuration or policy is wrong */
    EG_STATUS_INPUT = 3, /* an input can't be read or isn't valid, or there was nothing to judge */
    EG_STATUS_INTERNAL = 4, /* a full disk, a closed pipe, out of memory, an error of ecsgate */
};

struct eg_option {
    char letter;          /* 0: none */
    const char *name;     /* without dashes */
    const char *argument; /* its name in --help; NULL: a switch */
    const char *doc;      /* one line; "\n" begins another */
    /* Takes the option's value (NULL for a switch). Fails with EG_ERROR_USAGE. */
    bool (*take)(void *context, const char *value, struct eg_error *error);
};

struct eg_command {
    const char *name;                  /* check */
    const char *arguments;             /* PATH... */
    const char *doc;                   /* one line */
    const char *more;                  /* further text of --help; may be NULL */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns enum eg_status */
};

/* Parses ARGV[1 …] by OPTIONS (ended by one without a name): options and operands in any order,
 * `--` ends the options. Operands are written to ARGV[0 …] and counted in *RET_OPERANDS. --help is
 * printed to standard output: then *RET_STATUS is EG_STATUS_HOLDS and the result false. A wrong
 * option is told on standard error: false, EG_STATUS_USAGE. */
bool eg_options_parse(const struct eg_command *command, const struct eg_option *options,
                      void *context, int argc, char **argv, int *ret_operands,
                      enum eg_status *ret_status);

/* Prints an error to standard error as "ecsgate: file:line:col: text" and returns its status. */
enum eg_status eg_cli_fail(const struct eg_error *error);

/* Prints "ecsgate COMMAND: text" to standard error; COMMAND may be NULL. Here as in eg_cli_fail
 * what a terminal would act upon, or what begins a line, is shown escaped. */
void eg_cli_tell(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
