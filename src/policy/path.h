/* The way of a result: what leads to the thing that it is about, as `path` of its rule has it. */
#ifndef EG_POLICY_PATH_H
#define EG_POLICY_PATH_H

#include "policy/judge.h"

struct eg_subject;

/* Evaluates PATH (NULL: none) on what SUBJECT stands at, and reads its steps into RESULT, in ARENA.
 * A path that is empty, not known or can't be evaluated leaves RESULT without one: it explains a
 * verdict and makes none. */
void eg_path_read(struct eg_subject *subject, const struct eg_cel_program *path,
                  struct eg_arena *arena, struct eg_result *result);

/* "load balancer Front", "security group TaskGroup (FrontGroup, tcp 8000)", in ARENA. */
struct eg_str eg_path_step_text(struct eg_arena *arena, const struct eg_step *step);

/* RESULT's steps with arrows between them; empty: it has none. */
struct eg_str eg_path_text(struct eg_arena *arena, const struct eg_result *result);

#endif
