/* Describing: from the outcome of a check to a result that a person can act on, with place,
 * message, reason, scenario, evidence and fingerprint. */
#ifndef EG_POLICY_DESCRIBE_H
#define EG_POLICY_DESCRIBE_H

#include "policy/subject.h"

/* Fills RESULT, all of it in the model's arena, but for construct and the names of the resource
 * (eg_describe_subject's). INQUIRY's check is NULL where `each` itself is unknown. EVIDENCE: look
 * for the values that decided it (always done for what is no pass). */
void eg_describe(struct eg_subject *subject, struct eg_inquiry *inquiry,
                 const struct eg_outcome *outcome, bool evidence, struct eg_result *result);

/* Fills in what all results of SUBJECT have in common: stack, resource, type, object, condition. */
void eg_describe_subject(struct eg_subject *subject, struct eg_result *result);

/* Computes the fingerprint of a filled RESULT with its construct set: 128 bits over rule, check,
 * stack, resource, object and the value that decided it. Names stand in it, not places: it stays
 * when lines move, resources are reordered, or the CDK gives an id another hash. APART tells its
 * stack from another of the same name (mostly empty), OCCURRENCE results that are the same in all
 * of these.
 */
void eg_describe_fingerprint(struct eg_result *result, struct eg_str apart, uint32_t occurrence);

#endif
