/* Loading a policy: files to library, library through profile and options to compiled rules; see
 * policy.h. Called by the commands before anything is judged. */
#include "policy/policy.h"

#include "base/file.h"
#include "policy/keys.h"
#include "policy/library.h"
#include "policy/profile.h"
#include "policy/rule.h"

static bool read_sources(struct eg_library *library, const struct eg_policy_options *options,
                         struct eg_error *error) {
    if (options->builtin && !eg_library_read_builtin(library, error))
        return false;
    for (uint32_t i = 0; i < options->folder_count; i++)
        if (!eg_library_read_path(library, options->folders[i], error))
            return false;
    return eg_library_finish(library, error);
}

/* Without the program's files there may be no profile `default`: then it is every rule. */
static void ensure_default(struct eg_library *library) {
    if (eg_map_get(&library->profiles, EG_STR("default")) != NULL)
        return;
    struct eg_profile *profile = EG_NEW(library->arena, struct eg_profile);
    *profile =
        (struct eg_profile){.name = EG_STR("default"), .title = EG_STR("Every rule"), .all = true};
    (void)eg_map_put(&library->profiles, profile->name, profile);
}

/* The library as a policy: the first COUNT of its rules are on. */
static struct eg_policy *make_policy(const struct eg_library *library,
                                     const struct eg_profile *profile) {
    struct eg_policy *policy = EG_NEW(library->arena, struct eg_policy);
    *policy = (struct eg_policy){
        .arena = library->arena,
        .schema = library->schema,
        .signatures = eg_cel_signatures_new(library->arena),
        .rules = library->rules,
        .known = library->rules,
        .known_count = library->rule_count,
        .by_id_or_name = library->by_id_or_name,
        .sections = library->sections,
        .section_count = library->section_count,
        .profile = profile->name,
    };
    while (policy->rule_count < library->rule_count && library->rules[policy->rule_count]->on)
        policy->rule_count++;
    struct eg_str all =
        eg_str_format(library->arena, "%s %.*s", library->digest, EG_STR_ARGS(profile->name));
    eg_file_digest(all, policy->digest);
    return policy;
}

bool eg_policy_load(struct eg_arena *arena, const struct eg_schema *schema,
                    const struct eg_policy_options *options, struct eg_policy **ret_policy,
                    struct eg_error *error) {
    struct eg_library library;
    eg_library_init(&library, arena, schema);
    if (!read_sources(&library, options, error))
        return false;
    ensure_default(&library);
    struct eg_str name = options->profile.length > 0 ? options->profile : EG_STR("default");
    const struct eg_profile *profile;
    if (!eg_profile_apply(&library, name, &profile, error) ||
        !eg_profile_share(&library, options->params, error) ||
        !eg_profile_tune(&library, options->overrides, error) ||
        !eg_profile_select(&library, options, error))
        return false;
    eg_profile_sort(&library, profile);
    struct eg_policy *policy = make_policy(&library, profile);
    for (uint32_t i = 0; i < policy->rule_count; i++)
        if (!options->uncompiled && !eg_policy_compile(policy, policy->rules[i], error))
            return false;
    *ret_policy = policy;
    return true;
}

const struct eg_rule *eg_policy_find(const struct eg_policy *policy, struct eg_str id_or_name) {
    return eg_map_get(&policy->by_id_or_name, id_or_name);
}

struct eg_str eg_policy_nearest(const struct eg_policy *policy, struct eg_str id_or_name) {
    const struct eg_map *map = &policy->by_id_or_name;
    struct eg_str nearest = EG_STR("");
    for (uint32_t i = 0; i < map->count; i++) {
        struct eg_str both[] = {nearest, map->entries[i].key};
        nearest = eg_keys_nearest(id_or_name, both, 2);
    }
    return nearest;
}

bool eg_policy_compile(struct eg_policy *policy, struct eg_rule *rule, struct eg_error *error) {
    return eg_rule_is_compiled(rule) || eg_rule_compile(policy, rule, error);
}
