/* Typed values: JSON that says the type of every value, for tests and `ecsgate eval --typed`.
 *
 *   {"type": "int", "value": "1"}          int, uint, double as text; infinities "inf", "-inf"
 *   {"type": "string", "value": "a"}       also bool with true or false, {"type": "null"}
 *   {"type": "bytes", "value": "c3bf"}     hexadecimal
 *   {"type": "list", "value": [typed …]}
 *   {"type": "map", "value": [[typed key, typed value] …]}
 *   {"type": "timestamp", "value": "2009-02-13T23:31:30Z"}, duration "1.5s", type "int",
 *   ip "192.0.2.1", cidr "10.0.0.0/8", optional with a typed value or without one,
 *   object with the typed values of its given fields by name: [["name", typed] …]
 *   {"unknown": "why"}, {"error": "message"}
 */
#ifndef EG_CEL_TYPED_H
#define EG_CEL_TYPED_H

#include "base/error.h"
#include "node/scenario.h"

struct eg_buf;

/* Appends VALUE to BUF, on one line. Secrets are written as "(secret)". ARENA is for what is made
 * on the way. */
void eg_cel_typed_write(struct eg_buf *buf, struct eg_arena *arena, struct eg_scenario *scenario,
                        const struct eg_node *value);

/* The value that TYPED, a tree read from JSON, stands for: all of the above but objects. Fails with
 * EG_ERROR_USAGE at the place in TYPED. */
EG_MUST_USE bool eg_cel_typed_read(struct eg_arena *arena, const struct eg_node *typed,
                                   const struct eg_node **ret_value, struct eg_error *error);

#endif
