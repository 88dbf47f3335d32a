/* Telling apart inputs whose stacks have the same name, so that their findings have fingerprints of
 * their own: services/a/template.yaml and services/b/template.yaml both make a stack `template`. */
#ifndef EG_ENGINE_APART_H
#define EG_ENGINE_APART_H

#include "load/load.h"

/* Sets `apart` of each of INPUTS a stack of which has the name of another input's: to the shortest
 * end of its path, in whole parts, that none of those others has ("a/template.yaml"). It hangs
 * neither on the order of the inputs nor on the folder that the program runs in, and one more input
 * changes nothing unless its path ends alike. Two that are one path can't be told apart. SCRATCH
 * may be reset afterwards. */
void eg_tell_apart(struct eg_arena *scratch, struct eg_input_list *inputs);

#endif
