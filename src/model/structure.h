/* What ECS demands of a task definition as a whole and what CEL can't state simply: comparing
 * elements of lists with each other, sums, circles, and text with units. src/model binds these to
 * lazy fields; policies judge them (ECS-RES-002, ECS-RES-003, ECS-RES-005). */
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
    struct eg_list open; /* values that aren't known, each of which may be a problem too */
};

/* What is wrong between the parts of TASK, a taskDefinition, as SCENARIO has it. In SCENARIO's
 * lasting arena. Codes:
 *   no-container, too-many-containers
 *   none-essential               no container is essential
 *   duplicate-container-name     two containers of one name
 *   malformed-image              an image that can't be an image reference
 *   memory-too-small             a container's memory below Docker's least
 *   reservation-above-memory     its memoryReservation above its memory
 *   duplicate-environment-name   a name twice among the environment variables of a container
 *   duplicate-secret-name        a name twice among its secrets
 *   environment-and-secret       a name that is both
 *   undefined-volume             a mount point's volume that the task doesn't have
 *   undefined-container          a container that volumesFrom, dependsOn or the proxy names
 *   circular-depends-on          containers that wait for each other
 *   dependency-on-essential      waiting for the end of an essential container
 *   dependency-without-health-check  waiting for the health of one that has no health check
 *   port-without-network         a port mapping in network mode none
 *   host-port-differs            hostPort other than containerPort in network mode awsvpc or host
 *   duplicate-port               one port and protocol used twice: of the task with awsvpc and host
 *                                networks, of the host with others
 *   container-cpu-above-task     the containers' cpu adds up to more than the task's
 *   container-memory-above-task  the same of their memory */
struct eg_structure_problems eg_structure_check(struct eg_scenario *scenario,
                                                const struct eg_node *task);

/* A setting that the platform of a task doesn't support. */
struct eg_structure_use {
    const char *setting;  /* linuxParameters.maxSwap */
    const char *platform; /* Fargate, Network mode awsvpc, Windows; empty: no platform does */
    struct eg_str message;
    struct eg_str path;       /* containerDefinitions[1].linuxParameters.maxSwap */
    const struct eg_node *at; /* the value to point at */
};

struct eg_structure_uses {
    struct eg_structure_use *items;
    uint32_t count;
    struct eg_list open; /* values that aren't known, on each of which one may hang */
};

/* The settings of TASK, a taskDefinition, that the platforms it is for (Fargate, network mode
 * awsvpc, Windows) do not support, or that are no more. In SCENARIO's lasting arena. */
struct eg_structure_uses eg_structure_unsupported(struct eg_scenario *scenario,
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
