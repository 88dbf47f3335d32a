/* The network as the compliance document pictures it: for each place that starts tasks, who may
 * connect to them and which data stores they may connect to. Read from the facts of the model when
 * a batch is kept; what the model can't tell stands as unknown, never as closed. */
#ifndef EG_REPORT_NETWORK_H
#define EG_REPORT_NETWORK_H

#include "model/model.h"

enum eg_network_kind {
    EG_NETWORK_INTERNET,      /* admitted by the security group: nothing stands between */
    EG_NETWORK_LOAD_BALANCER, /* forwards to the tasks */
    EG_NETWORK_INSIDE,        /* a private network or another security group */
    EG_NETWORK_OPEN,          /* not known */
};

/* Who may connect to the tasks. */
struct eg_network_source {
    enum eg_network_kind kind;
    struct eg_str name;   /* Internet, the load balancer's id, a network */
    struct eg_str detail; /* "internet-facing, HTTPS 443", "0.0.0.0/0" */
    struct eg_str ports;  /* of the tasks: "8000", "all ports"; empty: not known */
};

/* A database or cache whose security group admits the tasks. */
struct eg_network_store {
    struct eg_str name, detail; /* "postgres, port 5432" */
};

struct eg_network_site {
    struct eg_str stack, name, origin;
    struct eg_str exposure; /* public, private, isolated, mixed; unknown */
    struct eg_str address;  /* "public address", "no public address"; empty: not known */
    bool is_public;         /* public subnets and a public address */
    struct eg_network_source *sources;
    uint32_t source_count;
    struct eg_network_store *stores;
    uint32_t store_count;
};

/* The sites of MODEL in the order of the inputs, with all their texts in ARENA. MODEL may be NULL:
 * none. */
struct eg_network_site *eg_network_collect(struct eg_arena *arena, const struct eg_model *model,
                                           uint32_t *ret_count);

#endif
