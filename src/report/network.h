/* The network as the compliance document pictures it: for each place that starts tasks, the ways
 * from the internet and from inside to the tasks, and from the tasks to data stores. Read from the
 * facts of the model when a batch is kept; what the model can't tell stands as unknown, never as
 * closed. */
#ifndef EG_REPORT_NETWORK_H
#define EG_REPORT_NETWORK_H

#include "model/model.h"

enum eg_network_kind {
    EG_NETWORK_INTERNET,
    EG_NETWORK_LOAD_BALANCER, /* forwards to the tasks */
    EG_NETWORK_INSIDE,        /* a private network or another security group */
    EG_NETWORK_OPEN,          /* not known */
    EG_NETWORK_TASKS,
    EG_NETWORK_STORE, /* a database or cache */
};

/* A resource that a part of the picture stands for, or one object of it (object empty: all of it).
 */
struct eg_network_subject {
    struct eg_str stack, resource, object;
    const struct eg_network_subject *next;
};

struct eg_kept;

struct eg_network_box {
    enum eg_network_kind kind;
    struct eg_str name;   /* Internet, a logical id, a network */
    struct eg_str detail; /* "internet-facing", "postgres" */
    const struct eg_network_subject *subjects;
    const struct eg_kept *fault; /* the worst finding about a subject; NULL: none */
};

enum { EG_NETWORK_LABELS = 8 }; /* at a wire; of others it says "and more" */

/* From one box to another, by their numbers. */
struct eg_network_wire {
    uint32_t from, to;
    struct eg_str label; /* "HTTPS 443, HTTP 80", "port 8000"; empty: not known */
    struct eg_str labels[EG_NETWORK_LABELS]; /* its parts, each once, while the site is read */
    uint32_t label_count;
    bool more_labels; /* there are others */
    bool open;        /* it is not known whether the way is there */
    const struct eg_network_subject *subjects;
    const struct eg_kept *fault;
};

struct eg_network_site {
    struct eg_str stack, name;
    struct eg_network_box *boxes; /* the first: the tasks */
    uint32_t box_count, box_capacity;
    struct eg_network_wire *wires;
    uint32_t wire_count, wire_capacity;
};

/* The sites of MODEL in the order of the inputs, with all their texts in ARENA, without faults.
 * MODEL may be NULL: none. */
struct eg_network_site *eg_network_collect(struct eg_arena *arena, const struct eg_model *model,
                                           uint32_t *ret_count);

#endif
