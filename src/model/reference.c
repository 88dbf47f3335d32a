/* Making references and ARNs; see reference.h. Called by need.c and secretref.c. */
#include "model/reference.h"

#include "model/holes.h"
#include "node/text.h"

const struct eg_node *eg_reference_to(struct eg_arena *arena, struct eg_resource *resource,
                                      const char *attribute, const struct eg_node *at) {
    struct eg_reference *reference = EG_NEW(arena, struct eg_reference);
    *reference = (struct eg_reference){
        .resource = resource,
        .logical_id = resource->logical_id,
        .type = resource->type,
        .attribute = eg_str_from(attribute),
    };
    struct eg_node *node = eg_node_new(arena, EG_REFERENCE, at);
    node->as.reference = reference;
    return node;
}

const struct eg_node *eg_arn_of(struct eg_arena *arena, const char *service,
                                const struct eg_node *region, const struct eg_node *account,
                                const char *before, const struct eg_node *name,
                                const struct eg_node *at) {
    struct eg_str start = eg_str_format(arena, "arn:aws:%s:", service);
    struct eg_str middle = eg_str_format(arena, ":%s", before);
    const struct eg_node *pieces[] = {eg_node_string(arena, start, at),       region,
                                      eg_node_string(arena, EG_STR(":"), at), account,
                                      eg_node_string(arena, middle, at),      name};
    return eg_text_join(arena, pieces, sizeof pieces / sizeof pieces[0], at);
}

const struct eg_node *eg_arn_with(struct eg_arena *arena, const struct eg_node *arn,
                                  const char *behind) {
    const struct eg_node *pieces[] = {arn, eg_node_string(arena, eg_str_from(behind), arn)};
    return eg_text_join(arena, pieces, 2, arn);
}

const struct eg_node *eg_bucket_of(struct eg_arena *arena, const struct eg_node *arn) {
    struct eg_holes holes;
    if (!eg_holes_make(&holes, arena, arn))
        return arn;
    size_t slash = eg_str_find(holes.text, EG_STR("/"), 0);
    return slash == SIZE_MAX ? arn : eg_holes_node(&holes, eg_str_slice(holes.text, 0, slash));
}
