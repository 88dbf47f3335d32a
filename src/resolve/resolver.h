/* What the parts of resolving share.
 *
 *   resolve.c             the order of work: stacks, exports, conditions, resources, outputs
 *   value.c               one value: walks maps and lists, calls functions
 *   function.c            the table of functions; calls that wait for a scenario
 *   function_reference.c  Ref, Fn::GetAtt and the links between stacks
 *   function_text.c       Fn::Join, Fn::Split, Fn::Base64, Fn::ToJsonString
 *   function_list.c       Fn::Select, Fn::FindInMap, Fn::Cidr, Fn::GetAZs, Fn::Length
 *   sub.c                 Fn::Sub
 *   condition.c           Fn::If and the Conditions and Rules sections
 *   foreach.c             Fn::ForEach
 *   dynamic.c             {{resolve:…}} and a task definition's placeholders
 *   parameter.c           parameters and pseudo parameters
 *   attribute.c           which attribute Ref stands for
 *   stack.c               one stack: its resources, outputs and exports
 *   graph.c               circular dependencies
 *
 * Values are resolved when first asked for and kept: a parameter, a condition, an output is
 * resolved once however often it is named, so the work grows with the size of the input. Values
 * that hang on other values are bounded in depth (base/limits.h).
 */
#ifndef EG_RESOLVE_RESOLVER_H
#define EG_RESOLVE_RESOLVER_H

#include "base/limits.h"
#include "node/text.h"
#include "resolve/resolve.h"

/* An unknown of the system with its identity; one for each why, scope and name. */
struct eg_symbol {
    struct eg_unknown unknown;
    struct eg_symbol *next; /* with the same name */
    /* What is known of a list that is otherwise not known: its first items. */
    struct eg_list first_items;
    struct eg_map *zones; /* Fn::GetAZs: number to struct eg_resource * */
};

/* A value that is resolved once. */
struct eg_slot {
    const struct eg_node *value; /* NULL until resolved */
    bool busy;                   /* being resolved: who asks now asks for himself */
    uint32_t height;             /* how many slots hang below it */
};

struct eg_parameter {
    struct eg_str name;
    const struct eg_node *raw;
    struct eg_slot slot;
};

struct eg_output_slot {
    struct eg_output output; /* value is set when the slot is */
    struct eg_stack *stack;
    struct eg_slot slot;
    bool never; /* its condition is decided and false */
};

/* A condition as compiled. Every struct eg_condition that resolving makes is one of these. */
struct eg_compiled {
    struct eg_condition condition;
    uint32_t weight; /* comparisons in it, written out */
    uint32_t height;
};

struct eg_condition_slot {
    struct eg_str name;
    const struct eg_node *raw;
    const struct eg_condition *condition;
    bool busy;
    bool cycle_told;
};

/* A stack and what only resolving needs of it. */
struct eg_scope {
    struct eg_stack stack;
    uint32_t number;               /* in the system */
    struct eg_map parameters;      /* name to struct eg_parameter * */
    struct eg_map conditions;      /* name to struct eg_condition_slot * */
    struct eg_map outputs;         /* name to struct eg_output_slot * */
    struct eg_resource *maker;     /* of a nested stack: the resource that makes it */
    struct eg_scope *next_of_name; /* another stack of the same name */
    bool has_macro;                /* a transform that may make anything */
    bool ready;                    /* resources, outputs and conditions are listed */
    uint32_t loops;                /* resources and the like made by Fn::ForEach */
    uint32_t loop_nodes;           /* nodes copied for them */
};

struct eg_edge {
    uint32_t from, to;
    bool maybe; /* only if an undecided Fn::If takes this way */
    const struct eg_node *at;
};

struct eg_resolver {
    struct eg_arena *arena;
    struct eg_system *system;
    const struct eg_resolve_options *options;
    struct eg_scope **scopes; /* as system->stacks */
    struct eg_map exports;    /* name, or how it is shown, to struct eg_output_slot * */
    struct eg_map by_name;    /* stack name to struct eg_scope * */
    struct eg_map missing;    /* exporters that no input has, told for a stack: see call_import */
    struct eg_map symbols;    /* name to struct eg_symbol * */
    struct eg_map variables;  /* what was noted of a variable, to struct eg_variable * */
    uint32_t variable_capacity;
    struct eg_scenario scenario; /* assigns nothing, while there are more and more variables */
    struct eg_edge *edges;
    uint32_t edge_count, edge_capacity;
    uint32_t depth;
    uint32_t reached;  /* the greatest height among the slots asked for so far */
    size_t made;       /* bytes of text made by functions */
    uint32_t guesses;  /* near names looked for */
    bool used_default; /* a comparison was decided by a parameter's default */
    bool sealed;       /* resolving is done: variables and problems don't change any more */
};

/* Where a value stands that is being resolved. */
struct eg_context {
    struct eg_resolver *resolver;
    struct eg_scope *scope;
    struct eg_resource *resource; /* it is part of; NULL: none */
    bool maybe;                   /* below an undecided Fn::If */
};

/* ---- value.c ---- */

/* RAW with every function replaced by its value. EG_ABSENT for AWS::NoValue. */
const struct eg_node *eg_resolve_value(const struct eg_context *context, const struct eg_node *raw);
/* A problem at AT in CONTEXT, and an unknown in place of the value. */
const struct eg_node *eg_resolve_broken(const struct eg_context *context, const char *code,
                                        const struct eg_node *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
struct eg_problem *eg_resolve_problem(const struct eg_context *context, const char *code,
                                      const struct eg_node *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The unknown in place of a value past a bound. */
const struct eg_node *eg_resolve_limit(const struct eg_context *context, const struct eg_node *at,
                                       const char *what);
/* NODE, made from the function at AT: a copy with AT as place and origin. */
const struct eg_node *eg_resolve_made(struct eg_arena *arena, const struct eg_node *node,
                                      const struct eg_node *at, uint8_t flags);

/* The one symbol for WHY, SCOPE and NAME. */
struct eg_symbol *eg_resolve_symbol(struct eg_resolver *resolver, struct eg_unknown unknown);
/* It as a node at AT. */
const struct eg_node *eg_resolve_symbol_node(struct eg_resolver *resolver,
                                             struct eg_unknown unknown, const struct eg_node *at);
/* The symbol behind a node of kind unknown, or NULL if it has none. */
struct eg_symbol *eg_resolve_find_symbol(struct eg_resolver *resolver,
                                         const struct eg_unknown *unknown);

/* Begins to resolve a slot: false if it is resolved already, or is being resolved (then the value
 * is NULL). */
bool eg_slot_begin(struct eg_resolver *resolver, struct eg_slot *slot, uint32_t *ret_reached);
void eg_slot_end(const struct eg_context *context, struct eg_slot *slot,
                 const struct eg_node *value, uint32_t reached, const struct eg_node *at);

/* ---- function.c ---- */

/* A function whose arguments are resolved. It looks at each argument it needs by eg_call_look and
 * returns NULL if that can't be looked at yet; then the call waits for a scenario (EG_LAZY). */
struct eg_call;
typedef const struct eg_node *eg_function(const struct eg_call *call);

struct eg_call {
    struct eg_context context;
    struct eg_scenario *scenario; /* NULL while resolving */
    struct eg_arena *arena;       /* for the result */
    const struct eg_node *at;     /* the function in the template */
    eg_function *function;
    const struct eg_node *const *arguments;
    uint32_t count;
};

/* Calls FUNCTION now or, if it can't be decided yet, in every scenario anew. */
const struct eg_node *eg_call(const struct eg_context *context, eg_function *function,
                              const struct eg_node *at, const struct eg_node *const *arguments,
                              uint32_t count);
/* ARGUMENT as it is in this scenario; NULL if there is none yet and it would matter. */
const struct eg_node *eg_call_look(const struct eg_call *call, const struct eg_node *argument);
/* Is the argument an unknown that a scenario may decide, and is there no scenario yet? */
bool eg_call_waits(const struct eg_call *call, const struct eg_node *argument);
/* Something made from the unknown OF: the same reason, an identity of its own. NAME in full. */
const struct eg_node *eg_call_derived(const struct eg_call *call, const struct eg_node *of,
                                      struct eg_str name);
/* A mistake: a problem while resolving, always an unknown. */
const struct eg_node *eg_call_broken(const struct eg_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* May VALUE turn out to be nothing in some scenario? */
bool eg_may_be_absent(const struct eg_node *value);

/* The value of the function map NODE ({"Fn::Join": …}); NULL if it is no function. */
const struct eg_node *eg_resolve_function(const struct eg_context *context,
                                          const struct eg_node *node);

/* How a function in the table is called: AT is the map, ARGUMENT its one value. */
typedef const struct eg_node *eg_resolve_function_kind(const struct eg_context *context,
                                                       const struct eg_node *at,
                                                       const struct eg_node *argument);
eg_resolve_function_kind eg_resolve_ref, eg_resolve_get_att, eg_resolve_import_value,
    eg_resolve_get_stack_output, eg_resolve_join, eg_resolve_split, eg_resolve_base64,
    eg_resolve_to_json_string, eg_resolve_select, eg_resolve_find_in_map, eg_resolve_cidr,
    eg_resolve_get_azs, eg_resolve_length, eg_resolve_sub, eg_resolve_if, eg_resolve_transform;

/* Joins resolved pieces into one text made at AT, with dynamic references in it recognized. */
const struct eg_node *eg_call_join_pieces(const struct eg_call *call,
                                          const struct eg_node *const *pieces, uint32_t count);
eg_function eg_call_split;

/* ---- function_reference.c, stack.c ---- */

/* What Ref NAME gives at AT. */
const struct eg_node *eg_resolve_name(const struct eg_context *context, struct eg_str name,
                                      const struct eg_node *at);
/* What Fn::GetAtt NAME.ATTRIBUTE gives. */
const struct eg_node *eg_resolve_attribute(const struct eg_context *context, struct eg_str name,
                                           struct eg_str attribute, const struct eg_node *at);
/* Lists what a stack holds; does nothing if that is done. */
void eg_scope_prepare(struct eg_resolver *resolver, struct eg_scope *scope);
/* The value of an output, resolved now if need be. */
const struct eg_node *eg_resolve_output(struct eg_resolver *resolver, struct eg_scope *scope,
                                        struct eg_output_slot *output);
void eg_resolve_resource(struct eg_resolver *resolver, struct eg_resource *resource);
void eg_resolve_add_edge(const struct eg_context *context, const struct eg_resource *target,
                         const struct eg_node *at);
/* Tells circular dependencies. */
void eg_resolve_check_graph(struct eg_resolver *resolver);

/* ---- parameter.c ---- */

const struct eg_node *eg_resolve_parameter(struct eg_resolver *resolver, struct eg_scope *scope,
                                           struct eg_parameter *parameter);
/* A pseudo parameter's value at AT; NULL if there is none of that name. */
const struct eg_node *eg_resolve_pseudo(const struct eg_context *context, struct eg_str name,
                                        const struct eg_node *at);
struct eg_variable *eg_resolve_add_variable(struct eg_resolver *resolver, struct eg_str name,
                                            const void *scope);
/* VALUE (a string) is one that VARIABLE may have. */
void eg_resolve_add_value(struct eg_resolver *resolver, struct eg_variable *variable,
                          const struct eg_node *value);
/* The outermost stack around SCOPE: one account and Region. */
const struct eg_stack *eg_scope_root(const struct eg_scope *scope);

/* ---- attribute.c ---- */

/* The attribute of a resource of TYPE that Ref gives; "Ref" if it is no attribute. */
struct eg_str eg_attribute_of_ref(struct eg_str type);
/* ATTRIBUTE under the one name that it and its twins go by. */
struct eg_str eg_attribute_canonical(struct eg_str type, struct eg_str attribute);
/* Is it known that resources of TYPE have no such attribute? *RET_KNOWN lists those they have. */
bool eg_attribute_is_wrong(struct eg_str type, struct eg_str attribute, const char **ret_known);

/* ---- condition.c ---- */

/* The condition named NAME; never NULL: an undefined one is a problem and a bare truth. */
const struct eg_condition *eg_resolve_condition(const struct eg_context *context,
                                                struct eg_str name, const struct eg_node *at);
/* Tells rules whose assertion is decided and false. */
void eg_resolve_check_rules(struct eg_resolver *resolver, struct eg_scope *scope);

/* ---- foreach.c ---- */

bool eg_is_foreach(struct eg_str key);
/* MAP with every Fn::ForEach:: entry expanded. If a collection is not known, *RET_UNKNOWN is
 * the unknown that tells why (else NULL); what the other entries give is then still right. */
const struct eg_node *eg_resolve_foreach(const struct eg_context *context,
                                         const struct eg_node *map,
                                         const struct eg_node **ret_unknown);

/* ---- dynamic.c ---- */

/* TEXT (string or partial) with its {{resolve:…}} as unknowns. */
const struct eg_node *eg_resolve_dynamic(struct eg_resolver *resolver, struct eg_scope *scope,
                                         struct eg_arena *arena, const struct eg_node *text);
/* An ECS API document with its placeholders as unknowns. */
const struct eg_node *eg_resolve_placeholders(const struct eg_context *context,
                                              const struct eg_node *document);

#endif
