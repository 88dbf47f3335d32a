/* precompile: compiles the expressions of all rules that the program carries and writes them as a C
 * source that defines eg_embedded_programs (src/base/embedded.h). Run by the Makefile, between
 * embedding the policies and linking the program; a rule that is wrong fails the build. */
#include "base/buf.h"
#include "base/embedded.h"
#include "literal.h"
#include "policy/policy.h"
#include "policy/rule.h"
#include "schema/schema.h"

#include <stdio.h>
#include <stdlib.h>

/* This program has none yet. */
const struct eg_embedded_file eg_embedded_programs[1] = {{0}};
const size_t eg_embedded_program_count = 0;

_Noreturn void eg_out_of_memory(void) {
    fputs("precompile: out of memory\n", stderr);
    exit(1);
}

static int compare_ids(const void *left, const void *right) {
    const struct eg_rule *const *a = left, *const *b = right;
    return eg_str_compare((*a)->id, (*b)->id);
}

static bool write_rule(const struct eg_policy *policy, struct eg_rule *rule,
                       struct eg_error *error) {
    struct eg_buf programs;
    eg_buf_init(&programs);
    bool good = eg_rule_precompile(policy, rule, &programs, error);
    if (good) {
        printf("    {\"%.*s\",\n", EG_STR_ARGS(rule->id));
        write_literal(eg_buf_str(&programs));
        printf(",\n     %zu},\n", programs.length);
    }
    eg_buf_done(&programs);
    return good;
}

static bool write_rules(struct eg_arena *arena, struct eg_error *error) {
    struct eg_schema schema;
    struct eg_policy *policy;
    const struct eg_policy_options options = {.builtin = true, .uncompiled = true};
    if (!eg_schema_load(arena, &schema, error) ||
        !eg_policy_load(arena, &schema, &options, &policy, error))
        return false;
    qsort(policy->known, policy->known_count, sizeof *policy->known, compare_ids);
    for (uint32_t i = 0; i < policy->known_count; i++)
        if (!write_rule(policy, policy->known[i], error))
            return false;
    printf("    {0, 0, 0},\n};\nconst size_t eg_embedded_program_count = %u;\n",
           policy->known_count);
    return true;
}

int main(void) {
    struct eg_arena arena;
    struct eg_error error = {0};
    write_head("precompile", "eg_embedded_programs");
    eg_arena_init(&arena);
    bool good = write_rules(&arena, &error);
    if (!good)
        fprintf(stderr, "%s:%u:%u: %s\n", error.file, error.line, error.column, error.text);
    eg_arena_done(&arena);
    return good ? 0 : 1;
}
