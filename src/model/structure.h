/* What ECS demands of a task definition as a whole and what CEL can't state simply: comparing
 * elements of lists with each other, sums, circles, and text with units. src/model binds these to
 * lazy fields; policies judge them (ECS-RES-002, ECS-RES-005).
 *
 * Plain CEL over the model says the rest, so it is not here:
 *   ECS-RES-003  all of it: which fields are set, by launch type, network mode and system
 *   ECS-RES-005  no container, none essential; mount points, volumesFrom, dependsOn, FireLens and
 *                proxy naming what isn't there (their links are absent); COMPLETE or SUCCESS on an
 *                essential container; HEALTHY without a health check; hostPort other than
 *                containerPort; memoryReservation above memory; memory below 6; the image's form;
 *                ports without a network; two exclusive log options; more than ten containers
 */
#ifndef EG_MODEL_STRUCTURE_H
#define EG_MODEL_STRUCTURE_H

#include "node/scenario.h"
#include "node/type.h"

struct eg_structure_problem {
    const char *code;
    struct eg_str message;
    struct eg_str path;       /* containerDefinitions[1].environment[4].name */
    const struct eg_node *at; /* the value to point at */
};

struct eg_structure_problems {
    struct eg_structure_problem *items;
    uint32_t count;
};

/* What is wrong between the parts of TASK, a taskDefinition, as SCENARIO has it; values that are
 * not known are left out of the comparison that they belong to. In SCENARIO's lasting arena. Codes:
 *   duplicate-container-name     two containers of one name
 *   circular-depends-on          containers that wait for each other
 *   duplicate-port               one port and protocol used twice: of the task with awsvpc and host
 *                                networks, of the host with others
 *   container-cpu-above-task     the containers' cpu adds up to more than the task's
 *   container-memory-above-task  the same of their memory
 *   duplicate-environment-name   a name twice among the environment variables of a container
 *   duplicate-secret-name        a name twice among its secrets
 *   environment-and-secret       a name that is both */
struct eg_structure_problems eg_structure_check(struct eg_scenario *scenario,
                                                const struct eg_node *task);

/* A task's cpu as CPU units: "256", "1 vCPU", ".25 vcpu". -1: it is none of these. */
int64_t eg_structure_cpu_units(struct eg_str text);
/* A task's memory in MiB: "512", "0.5GB", "4 GB". -1: it is none of these. */
int64_t eg_structure_memory_mib(struct eg_str text);

/* Why Fargate doesn't take CPU with MEMORY, both as a task definition gives them and forced: a
 * string that is empty if it does, or an unknown if that depends on a value that isn't known. On
 * WINDOWS fewer sizes exist. One value alone may already be wrong. At the place of the wrong value;
 * made in ARENA. */
const struct eg_node *eg_structure_fargate_problem(struct eg_arena *arena,
                                                   const struct eg_node *cpu,
                                                   const struct eg_node *memory, bool windows);

#endif
