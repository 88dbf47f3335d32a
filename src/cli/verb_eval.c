/* ecsgate eval: evaluates one expression, to try things out and for conformance tests. */
#include "cli/verbs.h"

#include "base/buf.h"
#include "cel/cel.h"
#include "cel/typed.h"
#include "read/read.h"

#include <stdio.h>
#include <string.h>

enum { MOST_VARIABLES = 256 };

struct eval {
    struct eg_arena arena;
    struct eg_cel_variable variables[MOST_VARIABLES];
    const struct eg_node *values[MOST_VARIABLES];
    uint32_t count;
    const char *input; /* path, or NULL */
    bool typed;
};

/* ---- options ---- */

static bool set(struct eval *eval, struct eg_str name, const struct eg_node *value,
                struct eg_error *error) {
    uint32_t number = 0;
    while (number < eval->count && !eg_str_equal(eval->variables[number].name, name))
        number++;
    if (number == MOST_VARIABLES)
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0, "more than %d variables",
                            MOST_VARIABLES);
    if (number == eval->count)
        eval->count++;
    eval->variables[number] = (struct eg_cel_variable){.name = name};
    eval->values[number] = value;
    return true;
}

static bool take_var(void *context, const char *value, struct eg_error *error) {
    struct eval *eval = context;
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value)
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                            "expected NAME=JSON, found '%s'", value);
    struct eg_str name = {value, (size_t)(equals - value)};
    struct eg_document document;
    struct eg_error wrong = {0};
    if (!eg_read_json(&eval->arena, EG_STR("--var"), eg_str_from(equals + 1), &document, &wrong))
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0, "%.*s: %s", EG_STR_ARGS(name),
                            wrong.text);
    return set(eval, name, document.root, error);
}

static bool take_input(void *context, const char *value, struct eg_error *error) {
    (void)error;
    ((struct eval *)context)->input = value;
    return true;
}

static bool take_typed(void *context, const char *value, struct eg_error *error) {
    (void)value;
    (void)error;
    ((struct eval *)context)->typed = true;
    return true;
}

static const struct eg_option options[] = {
    {0, "var", "NAME=JSON", "a variable of the expression; repeatable", take_var},
    {0, "input", "PATH", "JSON or YAML file (-: standard input), as `input`", take_input},
    {0, "typed", NULL, "with its type: {\"type\": \"int\", \"value\": \"1\"}", take_typed},
    {0, NULL, NULL, NULL, NULL},
};

/* ---- the run ---- */

static bool read_input(struct eval *eval, struct eg_error *error) {
    struct eg_document document;
    return eval->input == NULL ||
           (eg_read_file(&eval->arena, eg_str_from(eval->input), &document, error) &&
            set(eval, EG_STR("input"), document.root, error));
}

/* With --typed a variable may be given with its type too: uint and bytes have no form in JSON. */
static bool read_typed_variables(struct eval *eval, struct eg_error *error) {
    for (uint32_t i = 0; eval->typed && i < eval->count; i++) {
        const struct eg_node *value = eval->values[i];
        if (EG_GET(value, "type") == NULL ||
            value->as.map.count > 2 - (EG_GET(value, "value") == NULL))
            continue;
        if (!eg_cel_typed_read(&eval->arena, value, &eval->values[i], error))
            return false;
    }
    return true;
}

static void print(struct eval *eval, struct eg_scenario *scenario, const struct eg_node *value) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    if (eval->typed)
        eg_cel_typed_write(&buf, &eval->arena, scenario, value);
    else
        eg_write_json(&buf, value, 2);
    if (buf.length == 0 || buf.data[buf.length - 1] != '\n')
        eg_buf_putc(&buf, '\n');
    (void)fwrite(buf.data, 1, buf.length, stdout); /* main() looks at the stream's error */
    eg_buf_done(&buf);
}

static enum eg_status evaluate(struct eval *eval, struct eg_str text) {
    struct eg_error error = {0};
    if (!read_input(eval, &error) || !read_typed_variables(eval, &error))
        return eg_cli_fail(&error);
    struct eg_cel_env env = {
        .variables = eval->variables, .variable_count = eval->count, .unchecked = true};
    struct eg_cel_program *program;
    if (!eg_cel_compile(&eval->arena, &env, text, NULL, &program, &error))
        return eg_cli_fail(&error);
    struct eg_scenario scenario;
    eg_scenario_init(&scenario, &eval->arena, 0);
    struct eg_cel_frame frame = {
        .arena = &eval->arena, .scenario = &scenario, .values = eval->values};
    const struct eg_node *value = eg_cel_eval(program, &frame);
    if (value->kind == EG_ERROR) {
        fprintf(stderr, "ecsgate eval: %.*s\n", EG_STR_ARGS(value->as.text));
        return EG_STATUS_USAGE;
    }
    print(eval, &scenario, value);
    return EG_STATUS_HOLDS;
}

static int run_eval(int argc, char **argv) {
    struct eval eval = {.input = NULL};
    eg_arena_init(&eval.arena);
    enum eg_status status;
    int operands;
    if (eg_options_parse(&eg_verb_eval, options, &eval, argc, argv, &operands, &status)) {
        if (operands == 1) {
            status = evaluate(&eval, eg_str_from(argv[0]));
        } else {
            fprintf(stderr, "ecsgate eval: expected one EXPR, found %d\n", operands);
            status = EG_STATUS_USAGE;
        }
    }
    eg_arena_done(&eval.arena);
    return (int)status;
}

const struct eg_command eg_verb_eval = {
    .name = "eval",
    .arguments = "EXPR",
    .doc = "evaluate a CEL expression",
    .more = "Prints the value as JSON. Exit status: 0 a value, 2 a wrong expression or one\n"
            "that ends in an error, 3 an unreadable input.",
    .run = run_eval,
};
