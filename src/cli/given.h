/* Parameters that are given on the command line and that no template has. A misspelt name changes
 * nothing, and the verdict then rests on a default: so it is told. */
#ifndef EG_CLI_GIVEN_H
#define EG_CLI_GIVEN_H

#include "resolve/resolve.h"

struct eg_given {
    const struct eg_parameter_values *parameters;
    struct eg_arena *arena;
    struct eg_map known; /* the names that templates have, with and without their stack's */
};

/* PARAMETERS and ARENA must outlive GIVEN. */
void eg_given_init(struct eg_given *given, struct eg_arena *arena,
                   const struct eg_parameter_values *parameters);

/* Notes the parameters of SYSTEM's templates; NULL: none. Nothing of SYSTEM is kept. */
void eg_given_note(struct eg_given *given, const struct eg_system *system);

/* Tells on standard error each parameter of the command line (those of files may be for other
 * templates too) whose name was not noted, and what was perhaps meant. */
void eg_given_tell(const struct eg_given *given);

#endif
