/* Waivers: failures that somebody accepts, for a reason and for a time.
 *
 * They come from waiver files (.ecsgate-waivers.yaml, docs/waivers.md), from a template's own
 * Metadata (`ecsgate: {waivers: [...]}`, or `suppress` in the short form), and, where the
 * configuration says so, from the suppressions that other tools left in a template's Metadata,
 * through the rules' same-as numbers. A waiver whose last day is past waives nothing and is
 * reported, as is one that matched nothing.
 */
#ifndef EG_POLICY_WAIVER_H
#define EG_POLICY_WAIVER_H

#include "policy/judge.h"

#include <stdatomic.h>

struct eg_waiver {
    struct eg_str rule;      /* id, name or section; of another tool's: its own number */
    struct eg_str stack;     /* patterns of '*' and '?'; empty: any */
    struct eg_str resource;  /* logical id */
    struct eg_str construct; /* construct path */
    struct eg_str object;    /* container name, or path of the object */
    struct eg_str reason, owner;
    struct eg_str until; /* 2027-01-31: the last day it holds; empty: another tool's, without end */
    struct eg_str tool;  /* cdk-nag, checkov, cfn_nag, cfn-guard; empty: our own */
    struct eg_place place;
    struct eg_str fault; /* why it can't waive anything: incomplete, no such rule; else empty */
    bool expired;
    bool broad; /* names neither resource, construct, object nor stack */
    bool idle;  /* what it names is switched off in this run, or it is another tool's: that it is
                 * unused says nothing */
    atomic_uint used; /* results it waived */
};

/* How a waiver stands once a run is over. */
enum eg_waiver_state {
    EG_WAIVER_HOLDS,  /* it waived something */
    EG_WAIVER_IDLE,   /* nothing it names was judged; or another tool's, which that tool may need */
    EG_WAIVER_UNUSED, /* nothing that it names fails */
    EG_WAIVER_BROAD,  /* it waived, more than anybody looked at */
    EG_WAIVER_EXPIRED, /* its last day is past */
    EG_WAIVER_FAULTY,  /* see its fault */
};
enum eg_waiver_state eg_waiver_state(const struct eg_waiver *waiver);
const char *eg_waiver_state_name(enum eg_waiver_state state); /* "too-broad" */

struct eg_waiver_list {
    struct eg_waiver *items;
    uint32_t count;
};

/* Those of the waiver files of a run. Shared by threads: only `used` changes. */
struct eg_waivers {
    struct eg_waiver *items;
    uint32_t count;
    struct eg_str today; /* 2026-11-22: decides what is expired */
    bool honour_cdk_nag, honour_checkov, honour_cfn_nag, honour_cfn_guard;
};

/* Reads a waiver file into WAIVERS (appending). Fails with EG_ERROR_USAGE at the faulty place: a
 * waiver without rule, reason, owner or until, an unknown key, a day that is none. */
EG_MUST_USE bool eg_waivers_read(struct eg_waivers *waivers, struct eg_arena *arena,
                                 struct eg_str path, struct eg_error *error);

/* Notes which of WAIVERS name a rule that POLICY does not know, or one that is off. */
void eg_waivers_check(struct eg_waivers *waivers, struct eg_arena *arena,
                      const struct eg_policy *policy);

/* Turns failing and unknown results that a waiver covers into waived ones. WAIVERS may be NULL:
 * then only our own form in the templates' Metadata counts. Returns what was found in the Metadata,
 * in the model's arena: our own waivers, faulty ones too, and those of honoured tools that name one
 * of the policy's rules. */
struct eg_waiver_list eg_waivers_apply(struct eg_waivers *waivers, const struct eg_policy *policy,
                                       struct eg_model *model, struct eg_results *results);

/* What is wrong with WAIVER once a run is over (faulty, expired, unused, too broad) as a sentence
 * in ARENA: "the waiver of ECS-SG-001 matched nothing"; the empty text if nothing is. */
struct eg_str eg_waiver_trouble(struct eg_arena *arena, const struct eg_waiver *waiver);

#endif
