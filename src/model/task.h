/* What the facts of containers, task definitions and launch sites share. Inside src/model only. */
#ifndef EG_MODEL_TASK_H
#define EG_MODEL_TASK_H

#include "model/item.h"

/* image.c: an image reference (forced) taken apart, as an object of type Image. */
const struct eg_node *eg_image_parts(struct eg_scenario *scenario, const struct eg_item *of,
                                     const struct eg_node *image);

/* secretref.c: what names a secret (forced), as an object of type SecretReference. */
enum eg_secret_place { EG_SECRET_VALUE_FROM, EG_SECRET_CREDENTIALS };
const struct eg_node *eg_secret_reference(struct eg_scenario *scenario, const struct eg_item *of,
                                          const struct eg_node *value, enum eg_secret_place place);
/* The secret (or SSM parameter) of the input that a resource stands for: itself, or the secret of
 * an attachment or rotation. */
struct eg_resource *eg_secret_behind(struct eg_scenario *scenario, struct eg_resource *resource);

/* expose.c: what the holes of VALUE stand for, as a list of ValueSource; unknown, as the text
 * below, while a condition that VALUE hangs on is undecided. */
const struct eg_node *eg_value_sources(struct eg_scenario *scenario, const struct eg_item *of,
                                       const struct eg_node *value);
/* The known text of VALUE with its holes as ${…}, hidden if it looks like a secret's. */
const struct eg_node *eg_value_text(struct eg_scenario *scenario, const struct eg_item *of,
                                    struct eg_str name, const struct eg_node *value);
/* Adds an ExposedValue to LIST. */
void eg_expose(struct eg_scenario *scenario, struct eg_list_builder *list, const struct eg_item *of,
               const char *property, struct eg_str name, uint32_t index,
               const struct eg_node *value);
/* container.c: adds the environment variables and commands that a launch site's overrides give to
 * CONTAINER (NULL: to any). What can't be read is added as unknown. */
void eg_expose_overrides(struct eg_scenario *scenario, struct eg_list_builder *list,
                         const struct eg_item *site, const struct eg_item *container);

/* container.c: the log group that a container's awslogs-group names, whatever condition it exists
 * under; NULL: none of the input. *RET_NAME is what names it, forced. */
const struct eg_item *eg_container_log_group(struct eg_scenario *scenario,
                                             const struct eg_item *container,
                                             const struct eg_node **ret_name);

#endif
