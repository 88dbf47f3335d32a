/* The commands. Each is one file, verb_NAME.c, that defines one struct eg_command; main.c holds the
 * table. */
#ifndef EG_CLI_VERBS_H
#define EG_CLI_VERBS_H

#include "cli/options.h"

extern const struct eg_command eg_verb_check;
extern const struct eg_command eg_verb_report;
extern const struct eg_command eg_verb_rules;
extern const struct eg_command eg_verb_test;
extern const struct eg_command eg_verb_model;
extern const struct eg_command eg_verb_eval;
extern const struct eg_command eg_verb_diff;
extern const struct eg_command eg_verb_verify;

#endif
