/* What the parts of the structure check share. Inside src/model only.
 *
 *   structure.c          the task as a whole: containers, what they name, memory, sums
 *   structure_wait.c     dependsOn
 *   structure_ports.c    port mappings
 *   structure_platform.c what the platform does not support
 */
#ifndef EG_MODEL_STRUCTURE_CHECK_H
#define EG_MODEL_STRUCTURE_CHECK_H

#include "base/map.h"
#include "model/structure.h"

struct eg_structure_checker {
    struct eg_scenario *scenario;
    struct eg_arena *arena; /* the scenario's lasting one */
    const struct eg_node *task;
    struct eg_structure_problem *items;
    uint32_t count, capacity;
    struct eg_list_builder open;       /* values that aren't known and on which something hangs */
    const struct eg_node **containers; /* objects, forced */
    uint32_t *numbers;                 /* their places in the list */
    uint32_t container_count;
};

/* ---- reading ---- */

/* OBJECT's field as it was given, forced; EG_ABSENT if it was not, or if OBJECT is none. */
const struct eg_node *eg_structure_given(struct eg_structure_checker *checker,
                                         const struct eg_node *object, const char *name);
/* The same with ECS's default for what is absent. */
const struct eg_node *eg_structure_field(struct eg_structure_checker *checker,
                                         const struct eg_node *object, const char *name);
/* What stands at PATH, "linuxParameters.maxSwap": fields of structures, keys of maps, as given. */
const struct eg_node *eg_structure_way(struct eg_structure_checker *checker,
                                       const struct eg_node *object, const char *path);
/* OBJECT's field, a list as it was given. A list, or an element of it, that isn't known is left
 * open, so that whoever walks it sees the known elements. */
const struct eg_node *eg_structure_list(struct eg_structure_checker *checker,
                                        const struct eg_node *object, const char *name);
uint32_t eg_structure_length(const struct eg_node *list);
const struct eg_node *eg_structure_element(struct eg_structure_checker *checker,
                                           const struct eg_node *list, uint32_t index);
/* A container's name; empty if it is not known. */
struct eg_str eg_structure_name(struct eg_structure_checker *checker, uint32_t container);

/* ---- telling ---- */

/* AT is the value to point at, PATH where it stands. */
void eg_structure_report(struct eg_structure_checker *checker, const char *code,
                         const struct eg_node *at, struct eg_str path, struct eg_str message);
/* Something hangs on VALUE: whatever is not known, for scenarios to explore or a person to give. */
void eg_structure_leave_open(struct eg_structure_checker *checker, const struct eg_node *value);
/* Is VALUE (forced) one that a comparison could be decided by only if it were known? */
bool eg_structure_is_open(const struct eg_node *value);

/* ---- names ---- */

/* What may be named: those known to the letter, and others. */
struct eg_structure_names {
    struct eg_map literals;
    const struct eg_node **others; /* partial texts, unknowns */
    uint32_t other_count;
};

/* The FIELD of each of COUNT objects. */
void eg_structure_names_of(struct eg_structure_checker *checker, struct eg_structure_names *names,
                           const struct eg_node *const *objects, uint32_t count, const char *field);
/* Is NAME (forced) among them? */
enum eg_truth eg_structure_is_named(struct eg_structure_checker *checker,
                                    const struct eg_structure_names *names,
                                    const struct eg_node *name);

/* ---- the other parts ---- */

/* CONTAINERS: the names of all. */
void eg_structure_check_waiting(struct eg_structure_checker *checker,
                                const struct eg_structure_names *containers);
void eg_structure_check_ports(struct eg_structure_checker *checker);

#endif
