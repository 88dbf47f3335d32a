/* policies FILE: what policies cost, apart from everything else, in processor time: making the
 * built-in rules ready, compiling them from their texts, and judging the system in FILE by them
 * again and again. Called by bench/run. */
#include "base/embedded.h"
#include "load/load.h"
#include "model/model.h"
#include "policy/judge.h"
#include "policy/policy.h"
#include "resolve/resolve.h"
#include "schema/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { COMPILATIONS = 20, JUDGEMENTS = 200 };

_Noreturn void eg_out_of_memory(void) {
    fputs("policies: out of memory\n", stderr);
    exit(1);
}

static double processor_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void load_schema(struct eg_arena *arena, struct eg_schema *schema) {
    struct eg_error error = {0};
    if (!eg_schema_load(arena, schema, &error)) {
        fprintf(stderr, "policies: %s\n", error.text);
        exit(1);
    }
}

static struct eg_policy *load_policy(struct eg_arena *arena, const struct eg_schema *schema,
                                     bool compiled) {
    const struct eg_policy_options options = {.builtin = true, .uncompiled = !compiled};
    struct eg_policy *policy;
    struct eg_error error = {0};
    if (!eg_policy_load(arena, schema, &options, &policy, &error)) {
        fprintf(stderr, "policies: %s\n", error.text);
        exit(1);
    }
    return policy;
}

/* Seconds from nothing to rules that are ready to judge: what every run begins with. */
static double ready_seconds(void) {
    struct eg_arena arena;
    struct eg_schema schema;
    eg_arena_init(&arena);
    double start = processor_seconds();
    for (int i = 0; i < COMPILATIONS; i++) {
        load_schema(&arena, &schema);
        (void)load_policy(&arena, &schema, true);
        eg_arena_reset(&arena);
    }
    double took = processor_seconds() - start;
    eg_arena_done(&arena);
    return took / COMPILATIONS;
}

/* Seconds that it takes to compile all rules from their texts, as those of users are. */
static double compile_seconds(const struct eg_schema *schema) {
    struct eg_arena arena;
    double took = 0;
    eg_arena_init(&arena);
    for (int i = 0; i < COMPILATIONS; i++) {
        struct eg_policy *policy = load_policy(&arena, schema, false);
        double start = processor_seconds();
        for (uint32_t k = 0; k < policy->rule_count; k++) {
            struct eg_error error = {0};
            policy->rules[k]->programs = EG_STR("");
            if (!eg_policy_compile(policy, policy->rules[k], &error)) {
                fprintf(stderr, "policies: %s\n", error.text);
                exit(1);
            }
        }
        took += processor_seconds() - start;
        eg_arena_reset(&arena);
    }
    eg_arena_done(&arena);
    return took / COMPILATIONS;
}

/* The system in the file at PATH, anew. */
static struct eg_model *build_model(struct eg_arena *arena, const struct eg_schema *schema,
                                    const char *path) {
    struct eg_error_list errors = {0};
    struct eg_str name = eg_str_from(path);
    struct eg_input_list found = eg_load_find(arena, &name, 1, &errors);
    struct eg_input **inputs = EG_NEW_ARRAY(arena, struct eg_input *, 1);
    inputs[0] = EG_NEW(arena, struct eg_input);
    if (found.count != 1 || !eg_load_input(arena, &found.items[0], inputs[0], &errors)) {
        fprintf(stderr, "policies: %s can't be read\n", path);
        exit(1);
    }
    const struct eg_resolve_options options = {0};
    return eg_model_build(schema, eg_resolve(arena, inputs, 1, &options));
}

/* Judging works in the model's arena, so each round has a model of its own, which isn't counted. */
static double judge_seconds(const struct eg_schema *schema, const struct eg_policy *policy,
                            const char *path, uint32_t *ret_results) {
    struct eg_arena arena;
    double took = 0;
    eg_arena_init(&arena);
    for (int i = 0; i < JUDGEMENTS; i++) {
        struct eg_model *model = build_model(&arena, schema, path);
        double start = processor_seconds();
        *ret_results = eg_judge(policy, model, NULL).count;
        took += processor_seconds() - start;
        eg_arena_reset(&arena);
    }
    eg_arena_done(&arena);
    return took / JUDGEMENTS;
}

/* One line: rules, seconds until they are ready, of compiling them, verdicts, seconds of judging.
 */
int main(int argc, char **argv) {
    struct eg_arena arena;
    struct eg_schema schema;
    if (argc != 2) {
        fputs("usage: policies FILE\n", stderr);
        return 2;
    }
    eg_arena_init(&arena);
    load_schema(&arena, &schema);
    double ready = ready_seconds(), compiling = compile_seconds(&schema);
    const struct eg_policy *policy = load_policy(&arena, &schema, true);
    uint32_t results = 0;
    double judging = judge_seconds(&schema, policy, argv[1], &results);
    printf("%u %.6f %.6f %u %.6f\n", policy->rule_count, ready, compiling, results, judging);
    eg_arena_done(&arena);
    return 0;
}
