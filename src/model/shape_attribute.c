/* The attributes that Fn::GetAtt and Fn::Sub ask for: does the type have them? Called by shape.c
 * for every resource and output.
 *
 * Resolving knows the attributes of the types that it follows, and makes an unknown of a wrong one;
 * here are those of all types whose shape is known: a type's read-only properties, and of types
 * that are older than the registry all properties ("Return values" of each type in CloudFormation's
 * template reference). */
#include "model/shape_check.h"

#include "base/limits.h"

static bool has_attribute(const struct eg_resource_shape *shape, struct eg_str attribute) {
    for (uint32_t i = 0; i < shape->attributes->as.list.count; i++)
        if (eg_str_equal(eg_node_text(shape->attributes->as.list.items[i]), attribute))
            return true;
    return false;
}

/* "Arn, RepositoryUri" */
static struct eg_str attributes_text(struct eg_arena *arena,
                                     const struct eg_resource_shape *shape) {
    struct eg_str text = EG_STR("");
    uint32_t count = shape->attributes->as.list.count;
    for (uint32_t i = 0; i < count && i < 12; i++)
        text = eg_str_format(arena, "%.*s%s%.*s", EG_STR_ARGS(text), i == 0 ? "" : ", ",
                             EG_STR_ARGS(eg_node_text(shape->attributes->as.list.items[i])));
    return count <= 12 ? text : eg_str_concat(arena, text, EG_STR(", …"));
}

/* A secret's only attribute is its ARN, which resolving calls by that name. */
static bool is_renamed(const struct eg_reference *reference) {
    return eg_str_is(reference->attribute, "Ref") ||
           (eg_str_is(reference->attribute, "Arn") &&
            eg_str_starts_with(reference->type, EG_STR("AWS::SecretsManager::")));
}

/* A reference that came from another stack was judged there. */
static bool is_own(const struct eg_shape_checker *checker, const struct eg_reference *reference) {
    const struct eg_resource *target = reference->resource;
    return target != NULL && target->stack == checker->stack;
}

static void check_reference(struct eg_shape_checker *checker, const struct eg_node *node) {
    const struct eg_reference *reference = node->as.reference;
    if (is_renamed(reference) || !is_own(checker, reference))
        return;
    const struct eg_resource_shape *shape = eg_shapes_find(checker->shapes, reference->type, false);
    if (shape == NULL || eg_node_kind(shape->attributes) != EG_LIST ||
        has_attribute(shape, reference->attribute))
        return;
    struct eg_arena *arena = &checker->scratch;
    struct eg_shape_place place = {.owner = node};
    eg_shape_report(checker, "undefined-reference", node, &place,
                    "%.*s has no attribute %.*s; those of a resource of type %.*s are: %.*s",
                    EG_STR_ARGS(reference->logical_id), EG_STR_ARGS(reference->attribute),
                    EG_STR_ARGS(reference->type), EG_STR_ARGS(attributes_text(arena, shape)));
}

void eg_shape_check_attributes(struct eg_shape_checker *checker, const struct eg_node *value) {
    if (value == NULL || checker->depth >= EG_LIMIT_DEPTH ||
        checker->problem_count >= EG_SHAPE_MOST_PROBLEMS)
        return;
    checker->depth++;
    switch (eg_node_kind(value)) {
    case EG_REFERENCE:
        check_reference(checker, value);
        break;
    case EG_LIST:
    case EG_PARTIAL:
        for (uint32_t i = 0; i < value->as.list.count; i++)
            eg_shape_check_attributes(checker, value->as.list.items[i]);
        break;
    case EG_MAP:
        for (uint32_t i = 0; i < value->as.map.count; i++)
            eg_shape_check_attributes(checker, value->as.map.items[i].value);
        break;
    case EG_CHOICE:
        eg_shape_check_attributes(checker, value->as.choice->if_true);
        eg_shape_check_attributes(checker, value->as.choice->if_false);
        break;
    default:
        break;
    }
    checker->depth--;
}
