/* ecsgate model: prints the resource model of inputs as JSON, to see what rules see. */
#include "cli/verbs.h"

#include "base/buf.h"
#include "model/model.h"
#include "model/shape.h"
#include "schema/schema.h"

#include <stdio.h>

struct model {
    struct eg_arena arena;
    struct eg_schema schema;
    struct eg_parameter_values parameters;
    struct eg_str region, account;
    struct eg_input **inputs;
    uint32_t input_count;
    struct eg_error_list errors;
};

/* ---- options ---- */

static bool take_parameter(void *context, const char *value, struct eg_error *error) {
    struct model *model = context;
    return eg_parameters_add(&model->parameters, &model->arena, eg_str_from(value), error);
}

static bool take_parameters(void *context, const char *value, struct eg_error *error) {
    struct model *model = context;
    return eg_parameters_read(&model->parameters, &model->arena, eg_str_from(value), error);
}

static bool take_region(void *context, const char *value, struct eg_error *error) {
    (void)error;
    ((struct model *)context)->region = eg_str_from(value);
    return true;
}

static bool take_account(void *context, const char *value, struct eg_error *error) {
    (void)error;
    ((struct model *)context)->account = eg_str_from(value);
    return true;
}

static const struct eg_option options[] = {
    {'p', "parameter", "NAME=VALUE", "value of a template parameter; repeatable", take_parameter},
    {0, "parameters", "FILE", "parameter file: CLI, CodePipeline or NAME=VALUE", take_parameters},
    {0, "region", "REGION", "value of AWS::Region", take_region},
    {0, "account", "ID", "value of AWS::AccountId", take_account},
    {0, NULL, NULL, NULL, NULL},
};

/* ---- the run ---- */

static void load_inputs(struct model *model, char *const *paths, int count) {
    struct eg_str *names = EG_NEW_ARRAY(&model->arena, struct eg_str, (size_t)count);
    for (int i = 0; i < count; i++)
        names[i] = eg_str_from(paths[i]);
    struct eg_input_list found =
        eg_load_find(&model->arena, names, (uint32_t)count, &model->errors);
    model->inputs = EG_NEW_ARRAY(&model->arena, struct eg_input *, found.count);
    for (uint32_t i = 0; i < found.count; i++) {
        struct eg_input *input = EG_NEW(&model->arena, struct eg_input);
        if (eg_load_input(&model->arena, &found.items[i], input, &model->errors) && !input->skipped)
            model->inputs[model->input_count++] = input;
    }
}

static void print(struct model *model) {
    const struct eg_resolve_options wanted = {
        .parameters = &model->parameters, .region = model->region, .account = model->account};
    struct eg_system *system =
        eg_resolve(&model->arena, model->inputs, model->input_count, &wanted);
    eg_shape_check(system, NULL);
    struct eg_buf buf;
    eg_buf_init(&buf);
    eg_model_write(&buf, eg_model_build(&model->schema, system));
    if (buf.length == 0 || buf.data[buf.length - 1] != '\n')
        eg_buf_putc(&buf, '\n');
    (void)fwrite(buf.data, 1, buf.length, stdout); /* main() looks at the stream's error */
    eg_buf_done(&buf);
}

static enum eg_status show(struct model *model, char *const *paths, int count) {
    struct eg_error error = {0};
    if (!eg_schema_load(&model->arena, &model->schema, &error))
        return eg_cli_fail(&error);
    load_inputs(model, paths, count);
    enum eg_status status = EG_STATUS_HOLDS;
    for (uint32_t i = 0; i < model->errors.count; i++)
        status = eg_cli_fail(model->errors.items[i]);
    if (model->input_count > 0)
        print(model);
    else if (status == EG_STATUS_HOLDS) {
        fputs("ecsgate model: nothing was found to print\n", stderr);
        status = EG_STATUS_INPUT;
    }
    return status;
}

static int run_model(int argc, char **argv) {
    struct model model = {.input_count = 0};
    eg_arena_init(&model.arena);
    eg_parameters_init(&model.parameters, &model.arena);
    enum eg_status status;
    int paths;
    if (eg_options_parse(&eg_verb_model, options, &model, argc, argv, &paths, &status)) {
        if (paths == 0) {
            fputs("ecsgate model: no PATH given: a template, a task definition, cdk.out, a folder, "
                  "or - for standard input\n",
                  stderr);
            status = EG_STATUS_USAGE;
        } else {
            status = show(&model, argv, paths);
        }
    }
    eg_arena_done(&model.arena);
    return (int)status;
}

const struct eg_command eg_verb_model = {
    .name = "model",
    .arguments = "PATH...",
    .doc = "print the resource model as JSON",
    .more = "What rules see of the inputs, taken together as one system.",
    .run = run_model,
};
