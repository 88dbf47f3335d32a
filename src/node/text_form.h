/* What is known of a hole: the text of an unknown or a reference that only a deployment gives. */
#ifndef EG_NODE_TEXT_FORM_H
#define EG_NODE_TEXT_FORM_H

#include "node/node.h"

#define EG_TEXT_UNBOUNDED UINT32_MAX

/* The text is `start`, then `least` to `most` characters for which holds() is true. */
struct eg_text_form {
    struct eg_str start;
    bool (*holds)(uint32_t code);
    uint32_t least;
    uint32_t most; /* EG_TEXT_UNBOUNDED: no bound */
};

/* The form of NODE, which is no string: anything, if no more is known. */
struct eg_text_form eg_text_form_of(const struct eg_node *node);
/* Is REFERENCE an attribute of an AWS resource that is an ARN? */
bool eg_text_form_is_arn(const struct eg_reference *reference);
/* Does the attribute belong to the resource alone, so that no other resource of its type has the
 * same value: Ref, Arn, a subnet's SubnetId (a security group's VpcId is not)? */
bool eg_text_form_is_identity(const struct eg_reference *reference);

/* The pieces of a text: of a partial string its items, else the one node. */
struct eg_list eg_text_form_pieces(const struct eg_node *const *text);

#endif
