/* ecsgate eval: evaluates one expression, to try things out and for conformance tests. */
#include "cli/verbs.h"

#include "base/buf.h"
#include "base/file.h"
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
    const char *file;  /* the path of the expression; NULL: it is the operand */
    const char *input; /* path, or NULL */
    const char *container;
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

static bool take_file(void *context, const char *value, struct eg_error *error) {
    (void)error;
    ((struct eval *)context)->file = value;
    return true;
}

static bool take_input(void *context, const char *value, struct eg_error *error) {
    (void)error;
    ((struct eval *)context)->input = value;
    return true;
}

static bool take_container(void *context, const char *value, struct eg_error *error) {
    (void)error;
    ((struct eval *)context)->container = value;
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
    {0, "file", "PATH", "file with the expression (-: standard input)", take_file},
    {0, "input", "PATH", "JSON or YAML file (-: standard input), as `input`", take_input},
    {0, "container", "NAME", "name space that names are looked for in first", take_container},
    {0, "typed", NULL, "with its type: {\"type\": \"int\", \"value\": \"1\"}", take_typed},
    {0, NULL, NULL, NULL, NULL},
};

/* ---- the run ---- */

/* The expression: the one operand, or what is in the file. */
static bool read_expression(struct eval *eval, int operands, char **argv, struct eg_str *ret_text,
                            struct eg_error *error) {
    int expected = eval->file == NULL ? 1 : 0;
    if (operands != expected)
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0, "expected %s, found %d%s",
                            expected == 1 ? "one EXPR" : "no EXPR beside --file", operands,
                            expected == 1 ? "" : " of them");
    struct eg_str path = eg_str_from(eval->file == NULL ? "" : eval->file);
    if (eval->file == NULL)
        *ret_text = eg_str_from(argv[0]);
    return eval->file == NULL || eg_file_read(&eval->arena, path, path, ret_text, error);
}

static bool read_input(struct eval *eval, struct eg_error *error) {
    struct eg_document document;
    return eval->input == NULL ||
           (eg_read_file(&eval->arena, eg_str_from(eval->input), &document, error) &&
            set(eval, EG_STR("input"), document.root, error));
}

/* {"type": …}, {"type": …, "value": …}, {"unknown": …} or {"error": …}, and nothing beside it. */
static bool is_typed(const struct eg_node *value) {
    if (eg_node_kind(value) != EG_MAP)
        return false;
    if (value->as.map.count == 1)
        return EG_GET(value, "type") != NULL || EG_GET(value, "unknown") != NULL ||
               EG_GET(value, "error") != NULL;
    return value->as.map.count == 2 && EG_GET(value, "type") != NULL &&
           EG_GET(value, "value") != NULL;
}

/* With --typed a variable may be given with its type too: uint and bytes have no form in JSON. */
static bool read_typed_variables(struct eval *eval, struct eg_error *error) {
    for (uint32_t i = 0; eval->typed && i < eval->count; i++)
        if (is_typed(eval->values[i]) &&
            !eg_cel_typed_read(&eval->arena, eval->values[i], &eval->values[i], error))
            return false;
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

/* Compiles TEXT; an error has the file's name. */
/* The error is of the file that the expression was read from; returns false. */
static bool name_file(const struct eval *eval, struct eg_error *error) {
    if (eval->file != NULL)
        (void)snprintf(error->file, sizeof error->file, "%s",
                       strcmp(eval->file, "-") == 0 ? "<stdin>" : eval->file);
    return false;
}

static bool compile(struct eval *eval, const struct eg_cel_env *env, struct eg_str text,
                    struct eg_cel_program **ret_program, struct eg_error *error) {
    return eg_cel_compile(&eval->arena, env, text, NULL, ret_program, error) ||
           name_file(eval, error);
}

/* Tells an evaluation's error; one that checking would have found, with its place. */
static enum eg_status fail(struct eval *eval, struct eg_cel_env env, struct eg_str text,
                           const struct eg_cel_program *wrong, struct eg_cel_frame *frame,
                           const struct eg_node *value) {
    struct eg_error error = {0};
    struct eg_cel_program *program;
    env.unchecked = false;
    if (compile(eval, &env, text, &program, &error)) {
        (void)eg_cel_fail_where(wrong, frame, value, NULL, &error);
        (void)name_file(eval, &error);
    }
    return eg_cli_fail(&error);
}

static enum eg_status evaluate(struct eval *eval, int operands, char **argv) {
    struct eg_error error = {0};
    struct eg_str text;
    if (!read_expression(eval, operands, argv, &text, &error) || !read_input(eval, &error) ||
        !read_typed_variables(eval, &error))
        return eg_cli_fail(&error);
    struct eg_cel_env env = {.variables = eval->variables,
                             .variable_count = eval->count,
                             .container = eg_str_from(eval->container),
                             .unchecked = true};
    struct eg_cel_program *program;
    if (!compile(eval, &env, text, &program, &error))
        return eg_cli_fail(&error);
    struct eg_scenario scenario;
    eg_scenario_init(&scenario, &eval->arena, 0);
    struct eg_cel_frame frame = {
        .arena = &eval->arena, .scenario = &scenario, .values = eval->values};
    const struct eg_node *value = eg_cel_eval(program, &frame);
    if (value->kind == EG_ERROR)
        return fail(eval, env, text, program, &frame, value);
    print(eval, &scenario, value);
    return EG_STATUS_HOLDS;
}

static int run_eval(int argc, char **argv) {
    struct eval eval = {.container = ""};
    eg_arena_init(&eval.arena);
    enum eg_status status;
    int operands;
    if (eg_options_parse(&eg_verb_eval, options, &eval, argc, argv, &operands, &status))
        status = evaluate(&eval, operands, argv);
    eg_arena_done(&eval.arena);
    return (int)status;
}

const struct eg_command eg_verb_eval = {
    .name = "eval",
    .arguments = "[EXPR]",
    .doc = "evaluate a CEL expression",
    .more = "Prints the value as JSON. Exit status: 0 a value, 2 a wrong expression or one\n"
            "that ends in an error, 3 an unreadable input.",
    .run = run_eval,
};
