/* The model: ECS's objects with their links and facts, out of resolved resources.
 *
 * Every kind and field is described in schemas/model.json. Objects are nodes of kind EG_OBJECT. Own
 * fields come from the properties (CloudFormation's names mapped to the API's, values coerced to
 * their types). Links and facts are lazy: computed when a rule first reads them, under the scenario
 * it looks at, so undecided conditions are honoured and nothing is computed in vain.
 */
#ifndef EG_MODEL_MODEL_H
#define EG_MODEL_MODEL_H

#include "node/type.h"
#include "resolve/resolve.h"

/* All objects of one kind, in the order of the inputs. */
struct eg_model_kind {
    const struct eg_type *type;
    const struct eg_node **objects; /* of kind EG_OBJECT */
    uint32_t count;
};

struct eg_model {
    struct eg_arena *arena;
    const struct eg_schema *schema;
    struct eg_system *system;
    struct eg_model_kind *kinds; /* in the order of the schema */
    uint32_t kind_count;
};

/* Builds the model of SYSTEM in its arena. */
struct eg_model *eg_model_build(const struct eg_schema *schema, struct eg_system *system);

/* The objects of the kind named NAME; NULL if the schema has no such kind. */
const struct eg_model_kind *eg_model_kind(const struct eg_model *model, struct eg_str name);

/* The resource an object stands for or is part of; NULL for stacks and problems without one. */
const struct eg_resource *eg_model_resource(const struct eg_object *object);
/* "containerDefinitions[0]", "SecurityGroupIngress[1]"; empty for an object that is a resource. */
struct eg_str eg_model_path(const struct eg_object *object, struct eg_arena *arena);
/* A container's name, a rule's description: what a person calls it; may be absent or no text. */
const struct eg_node *eg_model_name(const struct eg_object *object, struct eg_scenario *scenario);

/* Does the object exist under the scenario? Its resource's condition and every Fn::If that it
 * stands in (a container in a branch) are decided. */
enum eg_truth eg_model_exists(const struct eg_object *object, struct eg_scenario *scenario);

/* Writes the model as JSON, for `ecsgate model`: kinds, each object with id, place and all fields
 * (links as ids, facts computed under the empty scenario). */
struct eg_buf;
void eg_model_write(struct eg_buf *buf, const struct eg_model *model);

#endif
