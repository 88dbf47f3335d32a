/* Gathering: which inputs hang together and must be judged as one system. */
#ifndef EG_ENGINE_GATHER_H
#define EG_ENGINE_GATHER_H

#include "load/load.h"

struct eg_gathered_system {
    const struct eg_input_path **paths;
    uint32_t count;
};

struct eg_gathered {
    struct eg_gathered_system *systems; /* in the order of their first input */
    uint32_t count;
    struct eg_map nested; /* files that other inputs hold as nested stacks */
};

/* Puts inputs that import values together with those that export, every other input into a system
 * of its own, and leaves out files that another input names as the template of a nested stack: they
 * are judged with it. Looks into files only if there are several inputs. */
void eg_gather(struct eg_arena *arena, const struct eg_input_list *inputs,
               struct eg_gathered *ret_gathered);

#endif
