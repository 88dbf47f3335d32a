/* Making references and ARNs that an input doesn't write, to ask about them. Inside src/model. */
#ifndef EG_MODEL_REFERENCE_H
#define EG_MODEL_REFERENCE_H

#include "model/item.h"

/* A reference to RESOURCE's ATTRIBUTE at the place of AT. */
const struct eg_node *eg_reference_to(struct eg_arena *arena, struct eg_resource *resource,
                                      const char *attribute, const struct eg_node *at);

/* arn:aws:SERVICE:REGION:ACCOUNT:BEFORE NAME, a string or partial. */
const struct eg_node *eg_arn_of(struct eg_arena *arena, const char *service,
                                const struct eg_node *region, const struct eg_node *account,
                                const char *before, const struct eg_node *name,
                                const struct eg_node *at);
/* ARN with text behind it. */
const struct eg_node *eg_arn_with(struct eg_arena *arena, const struct eg_node *arn,
                                  const char *behind);
/* The bucket of an object's ARN: what stands before the first '/'. */
const struct eg_node *eg_bucket_of(struct eg_arena *arena, const struct eg_node *arn);

#endif
