/* What the parts of waivers share:
 *
 *   waiver_read.c      one entry, waiver files
 *   waiver_metadata.c  waivers and other tools' suppressions in a template's Metadata
 *   waiver.c           applying them, and what is said of each
 */
#ifndef EG_POLICY_WAIVER_READ_H
#define EG_POLICY_WAIVER_READ_H

#include "policy/waiver.h"

/* Reads the map NODE as a waiver. What could be read is in *RET_WAIVER even if it fails, as
 * eg_waivers_read does. SHORT: it stands under `suppress`, where `id` may name the rule and the
 * owner, who is the template's, may be left out. */
EG_MUST_USE bool eg_waiver_read(struct eg_arena *arena, const struct eg_node *node,
                                struct eg_str today, bool is_short, struct eg_waiver *ret_waiver,
                                struct eg_error *error);

/* Does RULE list the number ID of TOOL under same-as? */
bool eg_waiver_is_same(const struct eg_rule *rule, struct eg_str tool, struct eg_str id);

/* Notes whether WAIVER, one of ours, names a rule that POLICY knows and judges by. */
void eg_waiver_check(struct eg_waiver *waiver, struct eg_arena *arena,
                     const struct eg_policy *policy);

/* Where the waivers of one stack or resource are in the list. */
struct eg_waiver_range {
    uint32_t first, count;
};

/* The waivers in the Metadata of a system's templates. */
struct eg_metadata_waivers {
    struct eg_waiver_list list;
    uint32_t capacity;
    struct eg_waiver_range *of_stacks;    /* by the stack's place in the system */
    struct eg_waiver_range *of_resources; /* by the resource's number */
};

/* Collects them in the model's arena: our own, faulty ones too, and the suppressions of tools that
 * WAIVERS (may be NULL) honours. */
struct eg_metadata_waivers eg_waivers_collect(const struct eg_waivers *waivers,
                                              const struct eg_policy *policy,
                                              const struct eg_model *model);

#endif
