/* Indexes over a system's resources, so that no fact has to search them all: who refers to whom,
 * and who has which name. Inside src/model only. Built once. */
#ifndef EG_MODEL_INDEX_H
#define EG_MODEL_INDEX_H

#include "resolve/resolve.h"

struct eg_edge {
    uint32_t to;   /* resource number */
    uint32_t type; /* number of the referring resource's type */
    uint32_t from; /* resource number */
};

struct eg_index {
    struct eg_arena *arena;
    struct eg_resource **resources; /* by number */
    uint32_t resource_count;
    struct eg_map type_numbers; /* resource type to its number + 1 */
    struct eg_map by_type;      /* resource type to struct eg_resource_list */
    struct eg_edge *edges;      /* sorted by to, type, from */
    uint32_t edge_count;
    uint32_t edge_capacity;
    struct eg_map names; /* "role\0stack\0name" and "role\0\0name" to struct eg_resource * */
};

struct eg_resource_list {
    struct eg_resource **items;
    uint32_t count;
};

void eg_index_build(struct eg_index *index, struct eg_system *system);

/* All resources of a type, in the order of the inputs. */
struct eg_resource_list eg_index_of_type(const struct eg_index *index, const char *type);

/* The resources of TYPE that refer to RESOURCE anywhere in their properties, in any branch of any
 * condition, by reference or by name: candidates, of which a fact keeps those that do so in the
 * place it is about, under the scenario it is computed for. */
struct eg_incoming {
    const struct eg_index *index;
    uint32_t next, end;
    struct eg_resource *resource; /* the current one */
};
void eg_incoming_begin(struct eg_incoming *incoming, const struct eg_index *index,
                       const struct eg_resource *to, const char *type);
/* Of any type. */
void eg_incoming_begin_all(struct eg_incoming *incoming, const struct eg_index *index,
                           const struct eg_resource *to);
bool eg_incoming_next(struct eg_incoming *incoming);

/* What a name is a name of; each has name spaces of its own. */
enum eg_name_space {
    EG_NAMES_ROLE,
    EG_NAMES_FAMILY,
    EG_NAMES_CLUSTER,
    EG_NAMES_SERVICE,
    EG_NAMES_LOG_GROUP,
    EG_NAMES_SECRET,
    EG_NAMES_SSM_PARAMETER,
    EG_NAMES_BUCKET,
    EG_NAMES_REPOSITORY,
    EG_NAMES_MANAGED_POLICY,
    EG_NAMES_ALARM,
    EG_NAMES_DB_CLUSTER,
    EG_NAMES_DB_SUBNET_GROUP,
    EG_NAMES_CACHE_SUBNET_GROUP,
    EG_NAMES_PARAMETER_GROUP,
    EG_NAMES_CAPACITY_PROVIDER,
    EG_NAMES_KEY_ALIAS,
    EG_NAMES_SECURITY_GROUP, /* of one outside the input: its name is its id; see group.h */
    EG_NAMES_COUNT
};

/* The resource of that name: in STACK, else in one other stack; NULL if there is none, or several
 * that can't be told apart. */
struct eg_resource *eg_index_named(const struct eg_index *index, enum eg_name_space space,
                                   const struct eg_stack *stack, struct eg_str name);

/* The resource that a forced VALUE names: by reference; or by its text, a plain name or an ARN
 * (whose last part after SPACE's separator is the name). NULL: none of the input. */
struct eg_resource *eg_index_find(const struct eg_index *index, enum eg_name_space space,
                                  const struct eg_stack *stack, const struct eg_node *value);

#endif
