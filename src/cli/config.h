/* The configuration file .ecsgate.yaml: what a project always says on the command line. */
#ifndef EG_CLI_CONFIG_H
#define EG_CLI_CONFIG_H

#include "cli/run.h"

/* Reads the configuration into RUN where the command line said nothing: the file that --config
 * names, else the first .ecsgate.yaml in the folder of PATH (empty or "-": the working folder) or
 * above it; none is fine. Paths inside it are taken from its own folder. Fails with EG_ERROR_USAGE:
 * an unknown key (with "did you mean"), a value of the wrong form. */
EG_MUST_USE bool eg_config_read(struct eg_run *run, struct eg_str path, struct eg_error *error);

#endif
