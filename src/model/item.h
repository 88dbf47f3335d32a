/* Items: the model's objects with what its facts need to know of them. Inside src/model only.
 *
 * Every object that the model makes is an item: its first member is the eg_object that others see.
 * Own fields are set when it is made. Links and facts are lazy nodes bound to the functions of
 * facts.c; one is called when a rule first reads the field, with the scenario it is read under.
 */
#ifndef EG_MODEL_ITEM_H
#define EG_MODEL_ITEM_H

#include "model/index.h"
#include "model/model.h"

/* A condition under which something exists, and what surrounds it. */
struct eg_presence {
    const struct eg_condition *condition;
    bool wanted;
    const struct eg_presence *outer; /* NULL: none */
};

struct eg_item {
    struct eg_object object; /* first: see eg_item_of */
    struct eg_build *build;
    const struct eg_node *node;         /* of kind EG_OBJECT, this object */
    struct eg_resource *resource;       /* it is or is part of; NULL: none */
    struct eg_stack *stack;             /* NULL: none */
    const struct eg_item *parent;       /* structure or container: what it stands in; else NULL */
    struct eg_str path;                 /* "containerDefinitions[0]"; empty: the resource itself */
    const struct eg_presence *presence; /* NULL: always */
    const struct eg_node *value;        /* what facts read: a target, a rule; NULL: properties */
    const void *extra;                  /* of the kind's own file */
    int variant;                        /* of the kind's own file: origin, form */
    const struct eg_item *next;         /* launch sites: the resource's next one */
};

/* How a link or a fact of a type is computed; compute NULL: it is set when the object is made. */
struct eg_fact {
    const char *type;
    const char *field;
    const struct eg_node *(*compute)(struct eg_scenario *scenario, const struct eg_item *item);
};

/* What building a model and computing its facts work with. */
struct eg_build {
    struct eg_model model;
    struct eg_arena *arena;
    struct eg_system *system;
    struct eg_map bindings; /* type name to its struct eg_binding */
    struct eg_index index;
    struct eg_item **resource_items; /* by resource number: of kind `resource` */
    struct eg_item **kind_items;     /* by resource number: of its own kind, or NULL */
    struct eg_item **outside_groups; /* by resource number: of a rule; see group.h */
    struct eg_item **stack_items;    /* in the order of the system's stacks */
    struct eg_map stack_numbers;     /* pointer to a stack, as bytes, to its number + 1 */
    struct eg_map parameter_names;   /* pointer to a parameter's value, as bytes, to its name */
    struct eg_item **first_sites;    /* by resource number: its first launch site, or NULL */
};

/* A type with the facts of its fields, and for a kind its objects so far. */
struct eg_binding {
    const struct eg_type *type;
    const struct eg_fact **facts; /* by field number, or NULL */
    struct eg_list_builder objects;
};

struct eg_item *eg_item_of(const struct eg_object *object);
/* NODE (forced) as an item; NULL if it is no object of the model. */
struct eg_item *eg_item_in(const struct eg_node *node);

struct eg_item_spec {
    const char *type;
    struct eg_resource *resource;
    struct eg_stack *stack;
    const struct eg_item *parent;
    struct eg_str path;
    const struct eg_presence *presence;
    const struct eg_node *raw; /* its place */
    const struct eg_node *value;
    const void *extra;
    int variant;
};

/* A new item with its facts bound; of a kind, it joins the kind's list. */
struct eg_item *eg_item_new(struct eg_build *build, const struct eg_item_spec *spec);
/* A structure that a fact makes: every field set by hand, no facts bound. */
struct eg_item *eg_item_part(const struct eg_item *of, const char *type, const struct eg_node *at);

/* ---- setting fields; an unknown field name is a mistake of the program and ends it ---- */

void eg_item_set(struct eg_item *item, const char *field, const struct eg_node *value);
void eg_item_set_text(struct eg_item *item, const char *field, struct eg_str text);
void eg_item_set_bool(struct eg_item *item, const char *field, bool value);
void eg_item_set_int(struct eg_item *item, const char *field, int64_t value);
void eg_item_set_truth(struct eg_item *item, const char *field, enum eg_truth truth,
                       const struct eg_node *why_unknown);

/* ---- reading ---- */

/* The field, forced: its value, ECS's default, or what its shape gives. */
const struct eg_node *eg_item_get(struct eg_scenario *scenario, const struct eg_item *item,
                                  const char *field);
/* The field as given, forced: EG_ABSENT if it is not. */
const struct eg_node *eg_item_given(struct eg_scenario *scenario, const struct eg_item *item,
                                    const char *field);
/* The item that a field (a structure or a link) holds; NULL if it holds none, or an unknown. */
struct eg_item *eg_item_link(struct eg_scenario *scenario, const struct eg_item *item,
                             const char *field);
/* Is the field known to be true? */
bool eg_item_is(struct eg_scenario *scenario, const struct eg_item *item, const char *field);

/* The property of the item's resource, forced; EG_ABSENT if absent. */
const struct eg_node *eg_item_property(struct eg_scenario *scenario, const struct eg_item *item,
                                       const char *name);
const struct eg_node *eg_property(struct eg_scenario *scenario, const struct eg_resource *resource,
                                  const char *name);
/* MAP's entry, forced; EG_ABSENT if there is none. MAP that is unknown gives that unknown. */
const struct eg_node *eg_member(struct eg_scenario *scenario, const struct eg_node *map,
                                const char *key);

/* ---- values ---- */

const struct eg_node *eg_item_text(const struct eg_item *item, struct eg_str text,
                                   const struct eg_node *at);
const struct eg_node *eg_item_int(const struct eg_item *item, int64_t value);
/* An unknown with a reason. */
const struct eg_node *eg_item_unknown(const struct eg_item *item, enum eg_why why,
                                      struct eg_str name, const struct eg_node *at);
/* "belongs to a resource outside the inputs", named as VALUE shows. */
const struct eg_node *eg_item_outside(const struct eg_item *item, const struct eg_node *value);
/* A truth as a node; undecided: WHY (an unknown), or one that says it hangs on a condition. */
const struct eg_node *eg_item_truth(const struct eg_item *item, enum eg_truth truth,
                                    const struct eg_node *why);
bool eg_is_true(const struct eg_node *node);
enum eg_truth eg_truth_of(const struct eg_node *node);
enum eg_truth eg_truth_and(enum eg_truth a, enum eg_truth b);
enum eg_truth eg_truth_or(enum eg_truth a, enum eg_truth b);
enum eg_truth eg_truth_not(enum eg_truth a);
/* Absent, or null, or the empty text: as good as not given. */
bool eg_is_blank(const struct eg_node *node);

/* ---- lists of links ---- */

struct eg_links {
    struct eg_list_builder list;
    const struct eg_item *self; /* whose link it is */
    struct eg_map seen;         /* ids that are in */
};

void eg_links_begin(struct eg_links *links, const struct eg_item *self);
/* Adds OTHER once; conditions that OTHER exists under and self doesn't make it a choice. */
void eg_links_add(struct eg_links *links, const struct eg_item *other);
/* An unknown element: which one it is can't be known. */
void eg_links_add_node(struct eg_links *links, const struct eg_node *node);
/* An unknown that says why there may be more. */
void eg_links_add_maybe(struct eg_links *links, const struct eg_node *unknown);
/* Links back: adds OTHER if its FIELD, a link or a list of links, leads to whose list this is. If a
 * condition that is not decided hides where it leads, that unknown is added: so the judge looks at
 * what the condition makes of it, and OTHER is not taken for absent. */
void eg_links_add_back(struct eg_links *links, struct eg_scenario *scenario,
                       const struct eg_item *other, const char *field);
const struct eg_node *eg_links_end(struct eg_links *links);

/* OTHER as SELF sees it: its node, or a choice between it and nothing. */
const struct eg_node *eg_item_seen(const struct eg_item *self, const struct eg_item *other);

/* Walks a forced list (an absent one is empty, a single value a list of one): forces the elements
 * and leaves out absent ones. An unknown list is walked as one unknown element. */
struct eg_walk {
    struct eg_scenario *scenario;
    const struct eg_node *list;
    uint32_t next;
    const struct eg_node *element; /* the current one, forced */
    const struct eg_node *given;   /* the same as it stands in the list */
    uint32_t index;                /* its place in the list */
};

void eg_walk_begin(struct eg_walk *walk, struct eg_scenario *scenario, const struct eg_node *list);
bool eg_walk_next(struct eg_walk *walk);

/* Has LIST an element? A bool, or the unknown of the condition that hides all there may be. */
const struct eg_node *eg_item_has_elements(struct eg_scenario *scenario,
                                           const struct eg_node *list);

/* ---- resources and their items ---- */

/* The item of its own kind (or NULL) of the resource that VALUE names, whatever the attribute. */
struct eg_item *eg_item_target(const struct eg_item *from, const struct eg_node *value);
struct eg_item *eg_item_for(const struct eg_build *build, const struct eg_resource *resource);
const struct eg_node *eg_item_resource_node(const struct eg_build *build,
                                            const struct eg_resource *resource);
/* A link from a property: the item of type KIND that VALUE (forced) names, as SELF sees it; absent
 * for blank values; else unknown: outside the input. */
const struct eg_node *eg_item_follow(struct eg_scenario *scenario, const struct eg_item *self,
                                     const struct eg_node *value, const char *kind);
/* The same for every element of a list of ids. */
const struct eg_node *eg_item_follow_list(struct eg_scenario *scenario, const struct eg_item *self,
                                          const struct eg_node *list, const char *kind);
bool eg_item_is_type(const struct eg_item *item, const char *type);
/* Does VALUE (forced) name RESOURCE? Undecided if it is not known what it names. */
enum eg_truth eg_names(const struct eg_node *value, const struct eg_resource *resource);
/* The same for a list of values: does any of them? */
enum eg_truth eg_list_names(struct eg_scenario *scenario, const struct eg_node *list,
                            const struct eg_resource *resource);

/* The launch sites that a resource makes: a service one, a rule one for each target. */
struct eg_site_walk {
    const struct eg_item *next;
    const struct eg_item *site; /* the current one */
};
void eg_site_walk_begin(struct eg_site_walk *walk, const struct eg_build *build,
                        const struct eg_resource *resource);
bool eg_site_walk_next(struct eg_site_walk *walk);

/* The name of the parameter whose known value NODE is (its origin, that is); NULL: of none. */
const struct eg_str *eg_item_parameter(const struct eg_build *build, const struct eg_node *node);

/* The item of a stack; NULL for NULL. */
const struct eg_item *eg_item_stack(const struct eg_build *build, const struct eg_stack *stack);

#endif
