/* Keys that a structure doesn't know: what was meant? Called by shape.c for each of them.
 *
 * Is it a name that is known here in another spelling, elsewhere in the type, or in another ECS
 * type, then the author's setting is not in force, and CloudFormation refuses it as an "extraneous
 * key". So it is too if its first letter has the wrong case: all of CloudFormation's names begin in
 * upper case, all of the ECS API's in lower case. Anything else may be newer than the facts here.
 */
#include "model/shape_check.h"

/* Comparing a name with all others takes long; of a system with more, some are left unexplained. */
enum { MOST_GUESSES = 2000 };

/* Settings that are known by name but are no properties. */
static const struct {
    const char *name;
    const char *belongs;
} settings[] = {
    {"containerInsights",
     "it is a setting of the cluster: ClusterSettings [{Name: containerInsights, Value: enabled}]"},
    {"fargateTaskRetirementWaitPeriod", "it is a setting of the account"},
    {"awsvpcTrunking", "it is a setting of the account"},
};

/* Is KNOWN what NAME would be with the usual end or the beginning that it lacks: TaskRoleArn for
 * TaskRole, ManagedPolicyName for PolicyName? */
static bool completes(struct eg_str known, struct eg_str name) {
    static const char *const ends[] = {"Arn", "Id", "Ids", "Name", "s"};
    if (name.length < 6 || known.length <= name.length)
        return false;
    if (eg_str_ends_with(known, name))
        return true;
    for (size_t i = 0; eg_str_starts_with(known, name) && i < sizeof ends / sizeof *ends; i++)
        if (eg_str_is(eg_str_from_offset(known, name.length), ends[i]))
            return true;
    return false;
}

/* The property nearest to NAME, or NULL: one edit for short names, up to three for long ones. */
static const struct eg_property_shape *nearest(const struct eg_structure_shape *structure,
                                               struct eg_str name) {
    unsigned best = (unsigned)(name.length < 5 ? 1 : name.length < 10 ? 2 : 3);
    const struct eg_property_shape *found = NULL, *completed = NULL;
    for (uint32_t i = 0; i < structure->property_count; i++) {
        const struct eg_property_shape *property = &structure->properties[i];
        unsigned distance = eg_str_distance(property->name, name, best);
        if (property->read_only)
            continue;
        if (distance < best || (distance == best && found == NULL)) {
            best = distance;
            found = property;
        }
        if (completed == NULL && completes(property->name, name))
            completed = property;
    }
    return found != NULL ? found : completed;
}

static const struct eg_property_shape *same_letters(const struct eg_structure_shape *structure,
                                                    struct eg_str name) {
    for (uint32_t i = 0; i < structure->property_count; i++)
        if (eg_str_equal_nocase(structure->properties[i].name, name))
            return &structure->properties[i];
    return NULL;
}

/* ---- what to say ---- */

static bool starts_upper(struct eg_str name) {
    return name.length > 0 && name.data[0] >= 'A' && name.data[0] <= 'Z';
}

/* The nearest property, as long as there are not too many keys to wonder about. */
static const struct eg_property_shape *guess(struct eg_shape_checker *checker,
                                             const struct eg_structure_shape *structure,
                                             struct eg_str name) {
    return checker->guesses++ < MOST_GUESSES ? nearest(structure, name) : NULL;
}

static bool report_near(struct eg_shape_checker *checker,
                        const struct eg_structure_shape *structure,
                        const struct eg_shape_place *place) {
    struct eg_str name = place->entry->key;
    const struct eg_property_shape *property = same_letters(structure, name);
    bool api = checker->shape->api;
    if (property != NULL && starts_upper(name) == api)
        eg_shape_report(checker, "unknown-property", NULL, place,
                        "'%.*s' is %s name; here it is '%.*s'", EG_STR_ARGS(name),
                        api ? "CloudFormation's" : "the ECS API's", EG_STR_ARGS(property->name));
    else if (property != NULL || (property = guess(checker, structure, name)) != NULL)
        eg_shape_report(checker, "unknown-property", NULL, place,
                        "unknown property; did you mean '%.*s'?", EG_STR_ARGS(property->name));
    return property != NULL;
}

static bool report_elsewhere(struct eg_shape_checker *checker, const struct eg_shape_place *place) {
    static const char *const types[] = {"AWS::ECS::TaskDefinition", "AWS::ECS::Service",
                                        "AWS::ECS::Cluster", "AWS::ECS::TaskSet"};
    struct eg_str name = place->entry->key;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (eg_str_equal_nocase(name, eg_str_from(settings[i].name))) {
            eg_shape_report(checker, "unknown-property", NULL, place, "no property here; %s",
                            settings[i].belongs);
            return true;
        }
    struct eg_str way = eg_shape_way(checker->shapes, checker->shape, name);
    if (way.length > 0) {
        bool top = !eg_str_contains(way, EG_STR("."));
        eg_shape_report(checker, "unknown-property", NULL, place,
                        "no property here; it belongs to %s%.*s", top ? "the top: " : "",
                        EG_STR_ARGS(way));
        return true;
    }
    if (!eg_str_starts_with(checker->shape->type, EG_STR("AWS::ECS::")))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const struct eg_resource_shape *other =
            eg_shapes_find(checker->shapes, eg_str_from(types[i]), checker->shape->api);
        way = other == NULL ? EG_STR("") : eg_shape_way(checker->shapes, other, name);
        if (way.length == 0)
            continue;
        eg_shape_report(checker, "unknown-property", NULL, place,
                        "no property here; it belongs to %s: %.*s", types[i], EG_STR_ARGS(way));
        return true;
    }
    return false;
}

void eg_shape_report_key(struct eg_shape_checker *checker,
                         const struct eg_structure_shape *structure,
                         const struct eg_shape_place *place) {
    if (checker->problem_count >= EG_SHAPE_MOST_PROBLEMS ||
        report_near(checker, structure, place) || report_elsewhere(checker, place))
        return;
    bool api = checker->shape->api;
    if (starts_upper(place->entry->key) == api)
        eg_shape_report(checker, "unknown-property", NULL, place,
                        "unknown property; %s names begin in %s case",
                        api ? "the ECS API's" : "CloudFormation's", api ? "lower" : "upper");
    else
        eg_shape_report(checker, "newer-property", NULL, place,
                        "not known of %.*s; misspelt, or newer than what is known (%.*s)",
                        EG_STR_ARGS(checker->shape->type), EG_STR_ARGS(checker->shape->source));
}
