/* Reading schemas/model.json, the one description of the model, into types (node/type.h).
 *
 *   {"types": {"container": {"kind": true, "doc": "…", "fields": {
 *        "image": {"type": "string", "property": "Image", "doc": "…"},
 *        "essential": {"type": "bool", "property": "Essential", "default": true, "doc": "…"},
 *        "portMappings": {"type": "list(PortMapping)", …},
 *        "task": {"type": "taskDefinition", "link": true, "doc": "…"}}}}}
 *
 * Types: any, bool, int, double, string, list(T), map(T), or the name of a type. A field without
 * "property" has its own name with an upper-case first letter as CloudFormation's, unless "link".
 * A link with "property" takes that property's place: service.taskDefinition is what the property
 * TaskDefinition names.
 */
#ifndef EG_SCHEMA_SCHEMA_H
#define EG_SCHEMA_SCHEMA_H

#include "base/error.h"
#include "node/type.h"

/* The schema that the program carries, in ARENA. Fails only if the file itself is wrong. */
EG_MUST_USE bool eg_schema_load(struct eg_arena *arena, struct eg_schema *ret_schema,
                                struct eg_error *error);

/* "list(PortMapping)": a shape as model.json writes it. */
struct eg_str eg_shape_text(struct eg_arena *arena, const struct eg_shape *shape);

#endif
