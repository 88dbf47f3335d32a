/* Judging: every object of a model by every rule of a policy. */
#ifndef EG_POLICY_JUDGE_H
#define EG_POLICY_JUDGE_H

#include "policy/policy.h"

/* A value that decided a verdict, for evidence. */
struct eg_evidence {
    const struct eg_node *at; /* where it stands, or the object that lacks it; a node for its place
                               * and flags only */
    struct eg_str expression; /* container.readonlyRootFilesystem */
    struct eg_str value;      /* as CEL; "(secret)" for a secret */
    bool absent;
    struct eg_str key; /* expression and value, without what changes with their neighbours */
};

/* A step of the way through the network that leads to what a result is about: `path` of its rule,
 * as the model's PathStep (schemas/model.json) has it. */
struct eg_step {
    struct eg_str role;       /* internet, load-balancer, listener, security-group, task, … */
    struct eg_str name;       /* Front, 0.0.0.0/0; empty: its role says all */
    struct eg_str id;         /* of the model's object; empty: it is none, as the internet */
    struct eg_str protocol;   /* tcp, HTTPS; empty: has none, or not known */
    struct eg_str ports;      /* "443", "8000 to 8010", "all ports"; empty likewise */
    struct eg_str source;     /* security-group: whom its rule admits; else empty */
    const struct eg_node *at; /* where it stands, for its place only; NULL: nowhere */
};

/* Why a failure is accepted: see waiver.h. */
struct eg_waiver;

struct eg_result {
    const struct eg_rule *rule;
    const struct eg_check *check; /* the one that failed or is unknown; NULL for a pass, and where
                                   * already `each` is unknown */
    enum eg_verdict verdict;
    enum eg_severity severity;
    struct eg_str stack;
    struct eg_str resource;        /* logical id */
    struct eg_str type;            /* AWS::ECS::TaskDefinition */
    struct eg_str object;          /* containerDefinitions[0]; empty: the resource itself */
    struct eg_str object_name;     /* backend; may be empty */
    const struct eg_node *name_at; /* where that name stands; NULL: nowhere */
    struct eg_place place;         /* where to point */
    struct eg_source *source;      /* of the place, for the line's text */
    struct eg_construct construct;
    struct eg_str message;   /* what is wrong, or for a pass what holds (the title) */
    struct eg_str reason;    /* unknown: why and what to supply */
    struct eg_str scenario;  /* "EnvType is 'dev'": the case in which it fails; empty: always */
    struct eg_str condition; /* the resource's own condition if not decided; empty */
    bool overridable;        /* rests on a parameter's default */
    const struct eg_evidence *evidence;
    uint32_t evidence_count;
    const struct eg_step *path; /* of a failure or unknown whose rule tells one; the first step is
                                 * the farthest: internet → load balancer → … → container */
    uint32_t path_count;
    const struct eg_waiver *waiver; /* verdict waived */
    bool known; /* it failed already in the baseline: told, but the gate doesn't count it */
    char fingerprint[33]; /* stays when lines move, ids get a new hash, resources are reordered */
};

struct eg_results {
    struct eg_result *items;
    uint32_t count;
};

struct eg_judge_options {
    uint32_t scenario_limit;    /* for one check on one object; 0: EG_LIMIT_SCENARIOS */
    uint64_t step_limit;        /* for one rule on one object; 0: EG_LIMIT_EVALUATION_STEPS */
    const struct eg_map *apart; /* a template's file to const struct eg_str *: what tells its stack
                                 * from others of the same name, for fingerprints; NULL: none */
    bool prove;                 /* passes too get evidence and construct: for documents */
    struct eg_cel_coverage *coverage; /* of the expressions' branches; may be NULL */
};

/* Judges all of MODEL by the rules that are on and compiled; results in the model's arena, in the
 * order of stacks, resources, objects, rules. An object to which a rule doesn't apply has no
 * result. A rule that ends in an error for an object gives `unknown` with the error as reason:
 * never a pass. OPTIONS may be NULL.
 *
 * A rule that judges problems passes for each stack in which it finds none.
 *
 * An object has one result for each check (and element of `each`) that fails or is unknown, and if
 * there is none, one for the pass. Undecided conditions are explored: a check that fails in some
 * scenario fails, and the result names the scenario, the smallest that still fails. A parameter
 * without a value whose AllowedValues are used as they are makes a check unknown unless they all
 * agree. The condition of the resource itself is taken as met. */
struct eg_results eg_judge(const struct eg_policy *policy, struct eg_model *model,
                           const struct eg_judge_options *options);

/* The evaluation of one compiled rule on every object of MODEL as a tree with values, in the
 * scenario that decides the verdict, in lines of WIDTH columns (0: not for a terminal), appended to
 * BUF. */
struct eg_buf;
void eg_judge_explain(const struct eg_rule *rule, struct eg_model *model, size_t width,
                      struct eg_buf *buf);

#endif
