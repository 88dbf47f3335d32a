/* Applying waivers to results, and what is said of each; see waiver.h. Called by the command line
 * and the engine. */
#include "policy/waiver_read.h"

#include "node/text.h"

/* ---- matching ---- */

static bool matches(struct eg_str pattern, struct eg_str text) {
    struct eg_node node = {.kind = EG_STRING, .as.text = text};
    return pattern.length == 0 || eg_text_matches_glob(&node, pattern, false) == EG_TRUE;
}

static bool names_rule(struct eg_str name, const struct eg_rule *rule) {
    return eg_str_equal(name, rule->id) || eg_str_equal(name, rule->name) ||
           eg_str_equal(name, rule->section);
}

static bool is_about(const struct eg_waiver *waiver, const struct eg_rule *rule) {
    return waiver->tool.length > 0 ? eg_waiver_is_same(rule, waiver->tool, waiver->rule)
                                   : names_rule(waiver->rule, rule);
}

static bool covers(const struct eg_waiver *waiver, const struct eg_result *result) {
    return !waiver->expired && waiver->fault.length == 0 && is_about(waiver, result->rule) &&
           matches(waiver->stack, result->stack) && matches(waiver->resource, result->resource) &&
           matches(waiver->construct, result->construct.path) &&
           (matches(waiver->object, result->object_name) ||
            matches(waiver->object, result->object));
}

/* ---- what is said of a waiver ---- */

void eg_waiver_check(struct eg_waiver *waiver, struct eg_arena *arena,
                     const struct eg_policy *policy) {
    bool known = false, on = false;
    for (uint32_t i = 0; !on && i < policy->known_count; i++)
        if (names_rule(waiver->rule, policy->known[i])) {
            known = true;
            on = policy->known[i]->on;
        }
    waiver->idle = !on;
    if (known || waiver->rule.length == 0 || waiver->fault.length > 0)
        return;
    struct eg_str nearest = eg_policy_nearest(policy, waiver->rule);
    waiver->fault = eg_str_format(arena, "there is no such rule%s%.*s%s",
                                  nearest.length > 0 ? "; did you mean '" : "",
                                  EG_STR_ARGS(nearest), nearest.length > 0 ? "'?" : "");
}

void eg_waivers_check(struct eg_waivers *waivers, struct eg_arena *arena,
                      const struct eg_policy *policy) {
    for (uint32_t i = 0; i < waivers->count; i++)
        eg_waiver_check(&waivers->items[i], arena, policy);
}

enum eg_waiver_state eg_waiver_state(const struct eg_waiver *waiver) {
    if (waiver->fault.length > 0)
        return EG_WAIVER_FAULTY;
    if (waiver->expired)
        return EG_WAIVER_EXPIRED;
    if (atomic_load(&waiver->used) == 0)
        return waiver->idle ? EG_WAIVER_IDLE : EG_WAIVER_UNUSED;
    return waiver->broad ? EG_WAIVER_BROAD : EG_WAIVER_HOLDS;
}

const char *eg_waiver_state_name(enum eg_waiver_state state) {
    static const char *const names[] = {
        [EG_WAIVER_HOLDS] = "holds",     [EG_WAIVER_IDLE] = "idle",
        [EG_WAIVER_UNUSED] = "unused",   [EG_WAIVER_BROAD] = "too-broad",
        [EG_WAIVER_EXPIRED] = "expired", [EG_WAIVER_FAULTY] = "faulty",
    };
    return names[state];
}

/* "the waiver of ECS-SG-001", "a waiver" */
static struct eg_str subject(struct eg_arena *arena, const struct eg_waiver *waiver) {
    if (waiver->rule.length == 0)
        return EG_STR("a waiver");
    return eg_str_format(arena, "the waiver of %.*s%s%.*s", EG_STR_ARGS(waiver->rule),
                         waiver->tool.length > 0 ? " by " : "", EG_STR_ARGS(waiver->tool));
}

struct eg_str eg_waiver_trouble(struct eg_arena *arena, const struct eg_waiver *waiver) {
    struct eg_str what = subject(arena, waiver);
    switch (eg_waiver_state(waiver)) {
    case EG_WAIVER_FAULTY:
        return eg_str_format(arena, "%.*s waives nothing: %.*s", EG_STR_ARGS(what),
                             EG_STR_ARGS(waiver->fault));
    case EG_WAIVER_EXPIRED:
        return eg_str_format(arena, "%.*s ended with %.*s and waives nothing", EG_STR_ARGS(what),
                             EG_STR_ARGS(waiver->until));
    case EG_WAIVER_UNUSED:
        return eg_str_format(arena, "%.*s matched nothing", EG_STR_ARGS(what));
    case EG_WAIVER_BROAD:
        return eg_str_format(arena,
                             "%.*s is too broad: it names no resource, construct, object or stack",
                             EG_STR_ARGS(what));
    case EG_WAIVER_HOLDS:
    case EG_WAIVER_IDLE:
        break;
    }
    return EG_STR("");
}

/* ---- applying ---- */

static struct eg_waiver *find_in(const struct eg_metadata_waivers *found,
                                 struct eg_waiver_range range, const struct eg_result *result) {
    for (uint32_t i = 0; i < range.count; i++) {
        struct eg_waiver *waiver = &found->list.items[range.first + i];
        if (covers(waiver, result))
            return waiver;
    }
    return NULL;
}

/* The stack of RESULT by its place in the system; of two of one name the one in whose file the
 * result lies. stack_count if there is none. */
static uint32_t find_stack(const struct eg_system *system, const struct eg_result *result) {
    uint32_t found = system->stack_count;
    for (uint32_t i = 0; i < system->stack_count; i++) {
        const struct eg_stack *stack = system->stacks[i];
        if (!eg_str_equal(stack->name, result->stack))
            continue;
        if (eg_str_equal(stack->template_->path, result->place.file))
            return i;
        if (found == system->stack_count)
            found = i;
    }
    return found;
}

/* In the Metadata of the result's resource, else of its template. */
static struct eg_waiver *find_in_metadata(const struct eg_metadata_waivers *found,
                                          const struct eg_system *system,
                                          const struct eg_result *result) {
    uint32_t stack = found->list.count == 0 ? system->stack_count : find_stack(system, result);
    if (stack == system->stack_count)
        return NULL;
    const struct eg_resource *resource =
        eg_map_get(&system->stacks[stack]->by_logical_id, result->resource);
    struct eg_waiver *waiver = NULL;
    if (resource != NULL)
        waiver = find_in(found, found->of_resources[resource->number], result);
    return waiver != NULL ? waiver : find_in(found, found->of_stacks[stack], result);
}

static struct eg_waiver *waiver_for(struct eg_waivers *waivers,
                                    const struct eg_metadata_waivers *found,
                                    const struct eg_system *system,
                                    const struct eg_result *result) {
    for (uint32_t i = 0; waivers != NULL && i < waivers->count; i++)
        if (covers(&waivers->items[i], result))
            return &waivers->items[i];
    return find_in_metadata(found, system, result);
}

struct eg_waiver_list eg_waivers_apply(struct eg_waivers *waivers, const struct eg_policy *policy,
                                       struct eg_model *model, struct eg_results *results) {
    struct eg_metadata_waivers found = eg_waivers_collect(waivers, policy, model);
    for (uint32_t i = 0; i < results->count; i++) {
        struct eg_result *result = &results->items[i];
        if (result->verdict != EG_VERDICT_FAIL && result->verdict != EG_VERDICT_UNKNOWN)
            continue;
        struct eg_waiver *waiver = waiver_for(waivers, &found, model->system, result);
        if (waiver == NULL)
            continue;
        atomic_fetch_add(&waiver->used, 1);
        result->waiver = waiver;
        result->verdict = EG_VERDICT_WAIVED;
    }
    return found.list;
}
