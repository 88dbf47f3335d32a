/* Resolving: from templates to stacks whose resources' properties are values.
 *
 * Every intrinsic function is replaced by its value, or by what can be said of it: unknown,
 * reference, partial string, choice (node.h). The rules are CloudFormation's ("Intrinsic function
 * reference" and "Template sections" of its user guide); docs/cloudformation.md lists what is
 * decided for each function.
 *
 * Stacks that are resolved together form a system: exports meet imports, nested stacks get their
 * parameters from and give their outputs to their parents.
 */
#ifndef EG_RESOLVE_RESOLVE_H
#define EG_RESOLVE_RESOLVE_H

#include "load/load.h"
#include "node/scenario.h"

struct eg_stack;

struct eg_resource {
    struct eg_str logical_id;
    struct eg_str type; /* AWS::ECS::Service; empty if the template gives none */
    struct eg_stack *stack;
    uint32_t number;                  /* in the system, in the order of stacks and templates */
    const struct eg_node *raw;        /* the resource as it stands in the template */
    uint32_t key_offset;              /* of its logical id, in raw's source */
    const struct eg_node *properties; /* resolved: a map (empty if absent), or unknown */
    const struct eg_node *metadata;   /* resolved, or NULL */
    const struct eg_node *deletion_policy, *update_replace_policy; /* resolved, or NULL */
    const struct eg_node *depends_on;     /* list of strings (also for a single one), or NULL */
    const struct eg_condition *condition; /* NULL: always created */
    bool never;              /* its condition is decided and false: left out of the model */
    bool skipped;            /* AWS::CDK::Metadata and the like: no subject of any rule */
    struct eg_stack *nested; /* AWS::CloudFormation::Stack: the stack it makes, if read */
};

struct eg_output {
    struct eg_str name;
    const struct eg_node *raw;
    const struct eg_node *value;  /* resolved */
    const struct eg_node *export; /* resolved name, or NULL */
    const struct eg_condition *condition;
};

struct eg_stack {
    struct eg_template *template_;
    struct eg_str name;
    struct eg_stack *parent; /* nested in; NULL */
    struct eg_resource **resources;
    uint32_t resource_count;
    struct eg_map by_logical_id;            /* to struct eg_resource * */
    struct eg_map outputs;                  /* name to struct eg_output * */
    struct eg_map conditions;               /* name to struct eg_condition * */
    struct eg_map parameters;               /* name to const struct eg_node *: its value */
    const struct eg_node *region, *account; /* string or unknown */
};

struct eg_system {
    struct eg_arena *arena;
    struct eg_input **inputs;
    uint32_t input_count;
    struct eg_stack **stacks; /* in the order of the inputs; nested ones behind their parents */
    uint32_t stack_count;
    uint32_t resource_count;
    struct eg_variable **variables; /* by number */
    uint32_t variable_count;
    struct eg_problems problems; /* of all inputs and of resolving */
    struct eg_scenario scenario; /* assigns nothing; for building the model */
};

struct eg_resolve_options {
    const struct eg_parameter_values *parameters; /* may be NULL */
    struct eg_str region, account, partition;     /* empty: not given */
};

/* Resolves the templates of INPUTS together. Never fails: what is wrong in a template becomes a
 * problem and an unknown. */
struct eg_system *eg_resolve(struct eg_arena *arena, struct eg_input **inputs, uint32_t count,
                             const struct eg_resolve_options *options);

/* The resource that a (forced) value names: a reference to it whatever the attribute, or NULL. */
struct eg_resource *eg_resolve_target(const struct eg_node *value);

/* The resource's properties.NAME, resolved and not forced; NULL if absent. */
const struct eg_node *eg_resource_property(const struct eg_resource *resource, const char *name);

/* Where the app or template tells it was made. */
struct eg_construct eg_resource_construct(const struct eg_resource *resource);

#endif
