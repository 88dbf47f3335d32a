/* Templates given as text, resolved: for tests of everything behind loading. */
#ifndef TEST_SUPPORT_RESOLVED_H
#define TEST_SUPPORT_RESOLVED_H

#include "resolve/resolve.h"

struct resolved {
    struct eg_arena arena;
    struct eg_system *system;
    struct eg_resolve_options options;
    struct eg_parameter_values parameters;
    struct eg_error_list errors;
    struct eg_input *inputs[16];
    uint32_t input_count;
};

void resolved_begin(struct resolved *resolved);
/* NAME=VALUE, as on the command line. */
void resolved_parameter(struct resolved *resolved, const char *assignment);
/* Adds a template; its stack's name is NAME without the extension. */
void resolved_add(struct resolved *resolved, const char *name, const char *text);
/* Adds what is at PATH. */
void resolved_add_path(struct resolved *resolved, const char *path);
void resolved_run(struct resolved *resolved);
void resolved_done(struct resolved *resolved);

const struct eg_resource *resolved_resource(const struct resolved *resolved, const char *stack,
                                            const char *logical_id);
/* NODE as one line of JSON, lazy values computed where nothing is assigned. */
const char *resolved_json(struct resolved *resolved, const struct eg_node *node);
/* The same of RESOURCE's property NAME (in the first stack that has it). */
const char *resolved_property(struct resolved *resolved, const char *logical_id, const char *name);
/* All problems as "code message" lines; a '?' behind the code: it leaves verdicts open. */
const char *resolved_problems(struct resolved *resolved);
struct eg_variable *resolved_variable(const struct resolved *resolved, const char *name);

#endif
