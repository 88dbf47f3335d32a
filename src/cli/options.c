/* Parsing the command line; see options.h. Called by each command. */
#include "cli/options.h"

#include "policy/keys.h"
#include "report/report.h"

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
    eg_cli_tell(command->name, "%s '%s'; `ecsgate %s --help` lists the options", text, what,
                command->name);
    *ret_status = EG_STATUS_USAGE;
    return false;
}

/* NAME: of no option, without dashes and value. */
static bool unknown_option(const struct eg_command *command, const struct eg_option *options,
                           enum eg_status *ret_status, struct eg_str name) {
    enum { MOST = 64 };
    struct eg_str names[MOST] = {EG_STR("help")};
    uint32_t count = 1;
    for (const struct eg_option *option = options; option->name != NULL && count < MOST; option++)
        names[count++] = eg_str_from(option->name);
    struct eg_str nearest = eg_keys_nearest(name, names, count);
    if (nearest.length == 0)
        return usage(command, ret_status, "unknown option", name.data - 2);
    eg_cli_tell(command->name, "unknown option '--%.*s'; did you mean '--%.*s'?", EG_STR_ARGS(name),
                EG_STR_ARGS(nearest));
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
    eg_cli_tell(parse->command->name, "--%s: %s", option->name, error.text);
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
        return unknown_option(parse->command, parse->options, parse->ret_status,
                              (struct eg_str){argument, length});
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

/* TEXT comes from command lines, inputs and files beside them. It may have several lines, as an
 * error in an expression has; what would begin a command of GitHub's runners ("::error") there is
 * none. */
static void write_plain(struct eg_str text) {
    struct eg_buf out;
    eg_buf_init(&out);
    for (size_t at = 0; at <= text.length;) {
        size_t end = eg_str_find(text, EG_STR("\n"), at);
        struct eg_str line = eg_str_slice(text, at, end == SIZE_MAX ? SIZE_MAX : end - at);
        if (eg_str_starts_with(eg_str_trim(line), EG_STR("::")))
            eg_buf_puts(&out, "    | ");
        eg_report_add_plain(&out, line);
        eg_buf_putc(&out, '\n');
        at = end == SIZE_MAX ? text.length + 1 : end + 1;
    }
    (void)fwrite(out.data, 1, out.length, stderr);
    eg_buf_done(&out);
}

void eg_cli_tell(const char *command, const char *format, ...) {
    struct eg_buf text;
    eg_buf_init(&text);
    eg_buf_printf(&text, command == NULL ? "ecsgate: " : "ecsgate %s: ", command);
    va_list arguments;
    va_start(arguments, format);
    eg_buf_vprintf(&text, format, arguments);
    va_end(arguments);
    write_plain(eg_buf_str(&text));
    eg_buf_done(&text);
}

enum eg_status eg_cli_fail(const struct eg_error *error) {
    char place[40] = "";
    if (error->file[0] != '\0' && error->line > 0)
        (void)snprintf(place, sizeof place, ":%u:%u", error->line, error->column);
    eg_cli_tell(NULL, "%s%s%s%s", error->file, place, error->file[0] != '\0' ? ": " : "",
                error->text);
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
