/* evaluate FILE: how many expressions a second are evaluated, each on the first container of the
 * system in FILE, again and again. One line each: evaluations a second, a tab, the expression.
 * Called by bench/run. */
#include "cel/cel.h"
#include "load/load.h"
#include "model/model.h"
#include "resolve/resolve.h"
#include "schema/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 200000 };

_Noreturn void eg_out_of_memory(void) {
    fputs("evaluate: out of memory\n", stderr);
    exit(1);
}

_Noreturn static void stop(const char *why) {
    fprintf(stderr, "evaluate: %s\n", why);
    exit(1);
}

static double processor_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct eg_model *build_model(struct eg_arena *arena, const struct eg_schema *schema,
                                    const char *path) {
    struct eg_error_list errors = {0};
    struct eg_str name = eg_str_from(path);
    struct eg_input_list found = eg_load_find(arena, &name, 1, &errors);
    struct eg_input **inputs = EG_NEW_ARRAY(arena, struct eg_input *, 1);
    inputs[0] = EG_NEW(arena, struct eg_input);
    if (found.count != 1 || !eg_load_input(arena, &found.items[0], inputs[0], &errors))
        stop("the file can't be read");
    const struct eg_resolve_options options = {0};
    return eg_model_build(schema, eg_resolve(arena, inputs, 1, &options));
}

static const char *const expressions[] = {
    "container.readonlyRootFilesystem",
    "container.privileged == false && container.essential",
    "container.memory > 0 || container.memoryReservation > 0",
    "container.user in ['', '0', 'root']",
    "container.image.startsWith('public.ecr.aws/') || container.image.endsWith(':latest')",
    "container.portMappings.all(p, p.containerPort > 1024)",
    "container.user.matches('^(root|0*)(:.*)?$')",
};

/* Seconds that one evaluation takes. */
static double evaluate(struct eg_model *model, const struct eg_cel_env *env,
                       const struct eg_node *container, const char *expression) {
    struct eg_cel_program *program;
    struct eg_error error = {0};
    struct eg_arena arena;
    if (!eg_cel_compile(model->arena, env, eg_str_from(expression), NULL, &program, &error))
        stop(error.text);
    eg_arena_init(&arena);
    model->system->scenario.arena = &arena;
    double start = processor_seconds();
    for (int i = 0; i < ROUNDS; i++) {
        struct eg_cel_frame frame = {
            .arena = &arena, .scenario = &model->system->scenario, .values = &container};
        (void)eg_cel_eval(program, &frame);
        eg_arena_reset(&arena);
    }
    double took = processor_seconds() - start;
    model->system->scenario.arena = model->arena;
    eg_arena_done(&arena);
    return took / ROUNDS;
}

int main(int argc, char **argv) {
    struct eg_arena arena;
    struct eg_schema schema;
    struct eg_error error = {0};
    if (argc != 2)
        stop("usage: evaluate FILE");
    eg_arena_init(&arena);
    if (!eg_schema_load(&arena, &schema, &error))
        stop(error.text);
    struct eg_model *model = build_model(&arena, &schema, argv[1]);
    const struct eg_model_kind *containers = eg_model_kind(model, EG_STR("container"));
    if (containers == NULL || containers->count == 0)
        stop("the file has no container");
    const struct eg_cel_variable variable = {
        .name = EG_STR("container"),
        .shape = {.kind = EG_FIELD_OBJECT, .object = eg_schema_type(&schema, EG_STR("container"))}};
    const struct eg_cel_env env = {.schema = &schema, .variables = &variable, .variable_count = 1};
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++)
        printf("%.0f\t%s\n", 1 / evaluate(model, &env, containers->objects[0], expressions[i]),
               expressions[i]);
    eg_arena_done(&arena);
    return 0;
}
