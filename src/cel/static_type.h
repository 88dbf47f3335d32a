/* Static types: what the checker knows of a value before anything is evaluated. Gradual: `dyn` is
 * whatever it will turn out to be. Private to src/cel.
 */
#ifndef EG_CEL_STATIC_TYPE_H
#define EG_CEL_STATIC_TYPE_H

#include "node/type.h"

enum eg_cel_type_kind {
    EG_CEL_TYPE_DYN,
    EG_CEL_TYPE_NULL,
    EG_CEL_TYPE_BOOL,
    EG_CEL_TYPE_INT,
    EG_CEL_TYPE_UINT,
    EG_CEL_TYPE_DOUBLE,
    EG_CEL_TYPE_STRING,
    EG_CEL_TYPE_BYTES,
    EG_CEL_TYPE_TIMESTAMP,
    EG_CEL_TYPE_DURATION,
    EG_CEL_TYPE_TYPE,
    EG_CEL_TYPE_ADDRESS,  /* net.IP */
    EG_CEL_TYPE_NETWORK,  /* net.CIDR */
    EG_CEL_TYPE_LIST,     /* of element */
    EG_CEL_TYPE_MAP,      /* key to element */
    EG_CEL_TYPE_OPTIONAL, /* of element */
    EG_CEL_TYPE_OBJECT,   /* of the model */
    EG_CEL_TYPE_PARAMETER, /* in signatures: A … Z, the same type wherever it stands; N: a number */
};

struct eg_cel_type {
    enum eg_cel_type_kind kind;
    char parameter; /* its letter */
    const struct eg_cel_type *key;
    const struct eg_cel_type *element;
    const struct eg_type *object;
};

/* The type of a kind without parts; lists and the like are of dyn. */
const struct eg_cel_type *eg_cel_type_of(enum eg_cel_type_kind kind);
const struct eg_cel_type *eg_cel_type_list(struct eg_arena *arena,
                                           const struct eg_cel_type *element);
const struct eg_cel_type *eg_cel_type_map(struct eg_arena *arena, const struct eg_cel_type *key,
                                          const struct eg_cel_type *element);
const struct eg_cel_type *eg_cel_type_optional(struct eg_arena *arena,
                                               const struct eg_cel_type *element);
const struct eg_cel_type *eg_cel_type_from_shape(struct eg_arena *arena,
                                                 const struct eg_shape *shape);
/* What a shape can't say (uint, bytes, …) becomes EG_FIELD_ANY. */
struct eg_shape eg_cel_type_shape(struct eg_arena *arena, const struct eg_cel_type *type);

bool eg_cel_type_same(const struct eg_cel_type *a, const struct eg_cel_type *b);
/* The type of something that is either A or B: dyn if they differ. */
const struct eg_cel_type *eg_cel_type_join(struct eg_arena *arena, const struct eg_cel_type *a,
                                           const struct eg_cel_type *b);
/* Can a value of type A be one of type B too? Dyn parts can be anything; numbers of different types
 * can be equal. */
bool eg_cel_type_overlap(const struct eg_cel_type *a, const struct eg_cel_type *b);

/* What the parameters of one signature stand for; NULL: nothing yet. */
struct eg_cel_bindings {
    const struct eg_cel_type *types[26];
};
/* May an ARGUMENT stand where a signature says PARAMETER? Binds parameters. */
bool eg_cel_type_accepts(struct eg_arena *arena, const struct eg_cel_type *parameter,
                         const struct eg_cel_type *argument, struct eg_cel_bindings *bindings);
/* TYPE with its parameters replaced; unbound ones become dyn. */
const struct eg_cel_type *eg_cel_type_apply(struct eg_arena *arena, const struct eg_cel_type *type,
                                            const struct eg_cel_bindings *bindings);

/* Reads a type of a signature from the beginning of *TEXT and takes it off. */
const struct eg_cel_type *eg_cel_type_parse(struct eg_arena *arena, struct eg_str *text);
/* list(string) */
struct eg_str eg_cel_type_text(struct eg_arena *arena, const struct eg_cel_type *type);

#endif
