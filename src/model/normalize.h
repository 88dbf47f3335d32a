/* From resolved properties to typed fields. Inside src/model only. */
#ifndef EG_MODEL_NORMALIZE_H
#define EG_MODEL_NORMALIZE_H

#include "model/item.h"

/* Fills the own fields of ITEM from PROPERTIES (resolved), which spell their keys as
 * CloudFormation does or, in an ECS API document, as the API does. Values are coerced to the
 * fields' types as CloudFormation coerces them. What can't be known is passed on as it is; a choice
 * stays a choice, with both its branches converted. What doesn't fit is an unknown (and a finding
 * of shape.h). Containers become objects of their own on the way. */
void eg_normalize(struct eg_item *item, const struct eg_node *properties);

/* A structure of its own from MAP: overrides, strategies. ITEM is what it is part of; API tells the
 * spelling. */
const struct eg_node *eg_normalize_part(const struct eg_item *item, const char *type,
                                        const struct eg_node *map, bool api, const char *path);

/* A list of structures. */
const struct eg_node *eg_normalize_list(const struct eg_item *item, const char *element_type,
                                        const struct eg_node *list, bool api, const char *path);

/* Is TEXT, the value of what is called NAME, likely a secret, so that it must not be printed?
 * Generous: it only hides. */
bool eg_looks_secret(struct eg_str name, struct eg_str text);
/* VALUE with EG_FLAG_SECRET. */
const struct eg_node *eg_hide(struct eg_arena *arena, const struct eg_node *value);

#endif
