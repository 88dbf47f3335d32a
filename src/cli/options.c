/* Parsing the command line; see options.h. Called by each command. */
#include "cli/options.h"

#include <stdio.h>
#include <string.h>

static void print_option(const struct eg_option *option) {
    char form[80];
    int length =
        snprintf(form, sizeof form, "  %c%c%s--%s%s%s", option->letter ? '-' : ' ',
                 option->letter ? option->letter : ' ', option->letter ? ", " : "  ", option->name,
                 option->argument ? " " : "", option->argument ? option->argument : "");
    enum { COLUMN = 30 };
    const char *doc = option->doc;
    if (length >= COLUMN)
        printf("%s\n%*s", form, COLUMN, "");
    else
        printf("%-*s", COLUMN, form);
    for (const char *end = strchr(doc, '\n'); end != NULL; end = strchr(doc, '\n')) {
        printf("%.*s\n%*s", (int)(end - doc), doc, COLUMN, "");
        doc = end + 1;
    }
    printf("%s\n", doc);
}

static void print_help(const struct eg_command *command, const struct eg_option *options) {
    printf("Usage: ecsgate %s [OPTION...] %s\n\n%s\n", command->name, command->arguments,
           command->doc);
    if (command->more != NULL)
        printf("\n%s\n", command->more);
    printf("\nOptions:\n");
    for (const struct eg_option *option = options; option->name != NULL; option++)
        print_option(option);
    printf("      --help                  show this help\n");
}

static bool usage(const struct eg_command *command, enum eg_status *ret_status, const char *text,
                  const char *what) {
    fprintf(stderr, "ecsgate %s: %s '%s'; `ecsgate %s --help` lists the options\n", command->name,
            text, what, command->name);
    *ret_status = EG_STATUS_USAGE;
    return false;
}

static const struct eg_option *find_long(const struct eg_option *options, const char *name,
                                         size_t length) {
    for (const struct eg_option *option = options; option->name != NULL; option++)
        if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
            return option;
    return NULL;
}

static const struct eg_option *find_letter(const struct eg_option *options, char letter) {
    for (const struct eg_option *option = options; option->name != NULL; option++)
        if (option->letter == letter)
            return option;
    return NULL;
}

/* The walk over the command line. */
struct parse {
    const struct eg_command *command;
    const struct eg_option *options;
    void *context;
    int argc;
    char **argv;
    int next;
    enum eg_status *ret_status;
};

static bool take(struct parse *parse, const struct eg_option *option, const char *value) {
    struct eg_error error = {0};
    if (option->take(parse->context, value, &error))
        return true;
    fprintf(stderr, "ecsgate %s: --%s: %s\n", parse->command->name, option->name, error.text);
    *parse->ret_status = EG_STATUS_USAGE;
    return false;
}

static bool take_long(struct parse *parse, const char *argument) {
    const char *equals = strchr(argument, '=');
    size_t length = equals == NULL ? strlen(argument) : (size_t)(equals - argument);
    if (length == 4 && memcmp(argument, "help", 4) == 0) {
        print_help(parse->command, parse->options);
        *parse->ret_status = EG_STATUS_HOLDS;
        return false;
    }
    const struct eg_option *option = find_long(parse->options, argument, length);
    if (option == NULL)
        return usage(parse->command, parse->ret_status, "unknown option", argument - 2);
    if (option->argument == NULL) {
        if (equals != NULL)
            return usage(parse->command, parse->ret_status, "a value for the switch", argument - 2);
        return take(parse, option, NULL);
    }
    if (equals != NULL)
        return take(parse, option, equals + 1);
    if (parse->next >= parse->argc)
        return usage(parse->command, parse->ret_status, "no value for", argument - 2);
    return take(parse, option, parse->argv[parse->next++]);
}

static bool take_letters(struct parse *parse, const char *argument) {
    for (const char *at = argument + 1; *at != '\0'; at++) {
        const struct eg_option *option = find_letter(parse->options, *at);
        if (option == NULL)
            return usage(parse->command, parse->ret_status, "unknown option", argument);
        if (option->argument == NULL) {
            if (!take(parse, option, NULL))
                return false;
            continue;
        }
        if (at[1] != '\0')
            return take(parse, option, at + 1);
        if (parse->next >= parse->argc)
            return usage(parse->command, parse->ret_status, "no value for", argument);
        return take(parse, option, parse->argv[parse->next++]);
    }
    return true;
}

bool eg_options_parse(const struct eg_command *command, const struct eg_option *options,
                      void *context, int argc, char **argv, int *ret_operands,
                      enum eg_status *ret_status) {
    struct parse parse = {command, options, context, argc, argv, 1, ret_status};
    int operands = 0;
    bool only_operands = false;
    while (parse.next < argc) {
        char *argument = argv[parse.next++];
        if (only_operands || argument[0] != '-' || argument[1] == '\0') {
            argv[operands++] = argument;
        } else if (strcmp(argument, "--") == 0) {
            only_operands = true;
        } else if (argument[1] == '-') {
            if (!take_long(&parse, argument + 2))
                return false;
        } else if (!take_letters(&parse, argument)) {
            return false;
        }
    }
    *ret_operands = operands;
    return true;
}

enum eg_status eg_cli_fail(const struct eg_error *error) {
    fputs("ecsgate: ", stderr);
    if (error->file[0] != '\0') {
        fputs(error->file, stderr);
        if (error->line > 0)
            fprintf(stderr, ":%u:%u", error->line, error->column);
        fputs(": ", stderr);
    }
    fprintf(stderr, "%s\n", error->text);
    switch (error->code) {
    case EG_ERROR_INPUT:
        return EG_STATUS_INPUT;
    case EG_ERROR_USAGE:
        return EG_STATUS_USAGE;
    case EG_ERROR_NONE:
    case EG_ERROR_SYSTEM:
        break;
    }
    return EG_STATUS_INTERNAL;
}
