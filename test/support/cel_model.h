/* A small model for tests of CEL: a schema with containers, and undecided conditions V0, V1, … */
#ifndef TEST_SUPPORT_CEL_MODEL_H
#define TEST_SUPPORT_CEL_MODEL_H

#include "node/scenario.h"
#include "node/type.h"

enum { CEL_MODEL_VARIABLES = 50 };

/* Fields of a container, in their order. */
enum {
    CEL_CONTAINER_NAME,       /* string */
    CEL_CONTAINER_IMAGE,      /* string */
    CEL_CONTAINER_PRIVILEGED, /* bool */
    CEL_CONTAINER_CPU,        /* int */
    CEL_CONTAINER_LINUX,      /* LinuxParameters */
    CEL_CONTAINER_ESSENTIAL,  /* bool, true if absent */
    CEL_CONTAINER_LABELS,     /* map of strings */
    CEL_CONTAINER_PORTS,      /* list of ints */
    CEL_CONTAINER_FIELDS,
};

struct cel_model {
    struct eg_arena *arena;
    struct eg_schema schema;
    struct eg_type container;
    struct eg_type linux_parameters; /* initProcessEnabled: bool, drop: list of strings */
    struct eg_field container_fields[CEL_CONTAINER_FIELDS];
    struct eg_field linux_fields[2];
    struct eg_shape string_shape, int_shape, linux_shape, container_shape, containers_shape;
    struct eg_variable variables[CEL_MODEL_VARIABLES];
    struct eg_condition conditions[CEL_MODEL_VARIABLES];
};

/* Everything is made in ARENA, which must outlive the model. */
void cel_model_init(struct cel_model *model, struct eg_arena *arena);
/* A container with nothing but a name, read from RAW (which may be NULL). */
struct eg_object *cel_model_container(struct cel_model *model, const char *name,
                                      const struct eg_node *raw);
const struct eg_node *cel_model_node(struct cel_model *model, const struct eg_object *object,
                                     const struct eg_node *at);
/* YES if condition NUMBER is true, else NO. */
const struct eg_node *cel_model_choice(struct cel_model *model, uint32_t number,
                                       const struct eg_node *yes, const struct eg_node *no);

#endif
