/* What a rule judges: `match`, a kind of the model or a type of CloudFormation resource. Called by
 * rule.c.
 *
 * A name that nothing has would make a rule that never judges anything and never fails: so it is
 * looked at closely.
 */
#include "base/embedded.h"
#include "policy/keys.h"
#include "policy/rule.h"

#include <ctype.h>

/* ---- kinds ---- */

static bool unknown_kind(struct eg_arena *arena, const struct eg_schema *schema,
                         const struct eg_rule *rule, struct eg_error *error) {
    struct eg_str *names = EG_NEW_ARRAY(arena, struct eg_str, schema->types.count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < schema->types.count; i++)
        if (((const struct eg_type *)schema->types.entries[i].value)->kind)
            names[count++] = schema->types.entries[i].key;
    struct eg_str hint = eg_keys_hint(arena, eg_keys_nearest(rule->match, names, count));
    if (hint.length == 0)
        hint = EG_STR("; `ecsgate rules --reference` lists the kinds; a type of resource is "
                      "written as AWS::S3::Bucket");
    return eg_keys_fail(error, EG_GET(rule->raw, "match"), "the model has no kind '%.*s'%.*s",
                        EG_STR_ARGS(rule->match), EG_STR_ARGS(hint));
}

/* ---- types of resources ---- */

/* AWS::S3::Bucket, Custom::Anything, Own::Thing::Module::MODULE: names between pairs of colons. */
static bool is_resource_type(struct eg_str text) {
    size_t names = 1;
    size_t length = 0; /* of the present name */
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (isalnum(c) || c == '_' || c == '-' || c == '@') {
            length++;
        } else {
            bool colons = c == ':' && i + 1 < text.length && text.data[i + 1] == ':';
            if (!colons || length == 0)
                return false;
            i++;
            names++;
            length = 0;
        }
    }
    return length > 0 && (names > 2 || eg_str_starts_with(text, EG_STR("Custom::")));
}

/* schemas/resources/AWS-S3-Bucket.json: AWS::S3::Bucket; else the empty text. */
static struct eg_str type_of_file(struct eg_arena *arena, struct eg_str path) {
    struct eg_str folder = EG_STR("schemas/resources/AWS-"), end = EG_STR(".json");
    if (!eg_str_starts_with(path, folder) || !eg_str_ends_with(path, end))
        return EG_STR("");
    struct eg_str name =
        eg_str_slice(path, folder.length, path.length - folder.length - end.length);
    size_t dash = eg_str_find(name, EG_STR("-"), 0);
    return dash == SIZE_MAX ? EG_STR("")
                            : eg_str_format(arena, "AWS::%.*s::%.*s", (int)dash, name.data,
                                            (int)(name.length - dash - 1), name.data + dash + 1);
}

static bool same_service(struct eg_str a, struct eg_str b) {
    return eg_str_equal_nocase(eg_str_slice(a, 0, eg_str_find_last(a, ':')),
                               eg_str_slice(b, 0, eg_str_find_last(b, ':')));
}

/* The type of the same service that differs in case or by a letter or two. There are more types
 * than the program knows, so a name that is merely new is no slip; nor is AWS::EKS::Cluster. */
static struct eg_str nearest_type(struct eg_arena *arena, struct eg_str wanted) {
    enum { FARTHEST = 2 };
    struct eg_str nearest = EG_STR("");
    unsigned smallest = FARTHEST + 1;
    for (size_t i = 0; i < eg_embedded_file_count; i++) {
        struct eg_str type = type_of_file(arena, eg_str_from(eg_embedded_files[i].path));
        if (type.length == 0 || !same_service(type, wanted))
            continue;
        unsigned distance =
            eg_str_equal_nocase(type, wanted) ? 0 : eg_str_distance(type, wanted, FARTHEST);
        if (distance < smallest) {
            smallest = distance;
            nearest = type;
        }
    }
    return nearest;
}

static bool check_type(struct eg_arena *arena, const struct eg_rule *rule, struct eg_error *error) {
    const struct eg_node *at = EG_GET(rule->raw, "match");
    if (!is_resource_type(rule->resource_type))
        return eg_keys_fail(error, at,
                            "'%.*s' is no type of resource; one is written as "
                            "AWS::S3::Bucket",
                            EG_STR_ARGS(rule->match));
    struct eg_str nearest = nearest_type(arena, rule->resource_type);
    return nearest.length == 0 || eg_str_equal(nearest, rule->resource_type) ||
           eg_keys_fail(error, at, "there is no type of resource '%.*s'%.*s",
                        EG_STR_ARGS(rule->match), EG_STR_ARGS(eg_keys_hint(arena, nearest)));
}

bool eg_rule_read_match(struct eg_arena *arena, const struct eg_schema *schema,
                        struct eg_rule *rule, struct eg_error *error) {
    rule->match = eg_keys_text(arena, EG_GET(rule->raw, "match"));
    bool resource = eg_str_contains(rule->match, EG_STR("::"));
    if (resource)
        rule->resource_type = rule->match;
    rule->type = eg_schema_type(schema, resource ? EG_STR("resource") : rule->match);
    if (rule->type == NULL || !rule->type->kind)
        return unknown_kind(arena, schema, rule, error);
    return !resource || check_type(arena, rule, error);
}
