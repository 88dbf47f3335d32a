/* Reading what a case expects; see expect.h. Called by cases.c.
 *
 *   expect: fail                          every object
 *   expect: {Task: fail}                  the worst of a resource's objects
 *   expect: {Task/app: fail}              one object, or {Task: {app: fail, agent: pass}}
 *   expect: {Task/app: {verdict: fail, check: writable, severity: high, count: 2}}
 */
#include "policy/expect.h"

#include "policy/keys.h"

enum { MOST_LEVELS = 4 };

static const struct eg_key expectation_keys[] = {
    {"verdict", EG_KEY_TEXT, true},
    {"count", EG_KEY_ANY, false},
    EG_EXPECTED_KEYS,
    {NULL, EG_KEY_ANY, false},
};

static bool read_verdict(const struct eg_node *node, enum eg_verdict *ret_verdict,
                         struct eg_error *error) {
    struct eg_str text = eg_node_text(node);
    for (int i = 0; i < EG_VERDICT_COUNT; i++)
        if (i != EG_VERDICT_WAIVED && eg_str_is(text, eg_verdict_name((enum eg_verdict)i))) {
            *ret_verdict = (enum eg_verdict)i;
            return true;
        }
    if (text.length == 0)
        return eg_keys_fail(error, node, "expected pass, fail, unknown or not-applicable, found %s",
                            eg_kind_name(node->kind));
    return eg_keys_fail(error, node,
                        "'%.*s' is no verdict; expected pass, fail, unknown or not-applicable",
                        EG_STR_ARGS(text));
}

static bool read_expected(struct eg_arena *arena, const struct eg_node *map,
                          struct eg_expected *expected, struct eg_error *error) {
    expected->check = eg_keys_text(arena, EG_GET(map, "check"));
    expected->message = eg_keys_text(arena, EG_GET(map, "message"));
    expected->reason = eg_keys_text(arena, EG_GET(map, "reason"));
    expected->scenario = eg_keys_text(arena, EG_GET(map, "scenario"));
    expected->at = eg_keys_text(arena, EG_GET(map, "at"));
    expected->path = eg_keys_text(arena, EG_GET(map, "path"));
    const struct eg_node *severity = EG_GET(map, "severity");
    if (severity == NULL)
        return true;
    expected->has_severity = true;
    return eg_severity_parse(eg_node_text(severity), &expected->severity) ||
           eg_keys_fail(error, severity, "'%.*s' is no severity",
                        EG_STR_ARGS(eg_node_text(severity)));
}

static struct eg_expectation *add(struct eg_arena *arena, struct eg_expectations *expectations,
                                  struct eg_str key, const struct eg_node *at) {
    if (expectations->count == expectations->capacity) {
        uint32_t wanted = expectations->capacity == 0 ? 8 : expectations->capacity * 2;
        expectations->items = eg_arena_grow(arena, expectations->items,
                                            expectations->capacity * sizeof *expectations->items,
                                            wanted * sizeof *expectations->items);
        expectations->capacity = wanted;
    }
    struct eg_expectation *expectation = &expectations->items[expectations->count++];
    *expectation = (struct eg_expectation){.key = key, .at = at};
    return expectation;
}

static bool read_full(struct eg_arena *arena, struct eg_expectation *expectation,
                      const struct eg_node *node, struct eg_error *error) {
    if (!eg_keys_check(node, expectation_keys, "an expectation", error))
        return false;
    const struct eg_node *count = EG_GET(node, "count");
    if (count != NULL) {
        if (count->kind != EG_INT || count->as.integer < 1 || count->as.integer > UINT32_MAX)
            return eg_keys_fail(error, count, "'count' must be a number from 1 on");
        expectation->expected.count = (uint32_t)count->as.integer;
    }
    return read_verdict(EG_GET(node, "verdict"), &expectation->verdict, error) &&
           read_expected(arena, node, &expectation->expected, error);
}

static bool read_expect(struct eg_arena *arena, struct eg_expectations *expectations,
                        struct eg_str key, const struct eg_node *node, int level,
                        struct eg_error *error) {
    if (node->kind != EG_MAP)
        return read_verdict(node, &add(arena, expectations, key, node)->verdict, error);
    if (EG_GET(node, "verdict") != NULL)
        return read_full(arena, add(arena, expectations, key, node), node, error);
    if (node->as.map.count == 0)
        return eg_keys_fail(error, node,
                            "'expect' names nothing; give a verdict, or a map as in "
                            "{Task: fail}");
    if (level == MOST_LEVELS)
        return eg_keys_fail(error, node, "expected a verdict, found a map");
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const struct eg_entry *entry = &node->as.map.items[i];
        struct eg_str inner = key.length == 0 ? entry->key
                                              : eg_str_format(arena, "%.*s/%.*s", EG_STR_ARGS(key),
                                                              EG_STR_ARGS(entry->key));
        if (!read_expect(arena, expectations, inner, entry->value, level + 1, error))
            return false;
    }
    return true;
}

bool eg_expect_read(struct eg_arena *arena, const struct eg_node *node,
                    struct eg_expectations *ret_expectations, struct eg_error *error) {
    *ret_expectations = (struct eg_expectations){0};
    return read_expected(arena, node, &ret_expectations->any, error) &&
           read_expect(arena, ret_expectations, EG_STR(""), EG_GET(node, "expect"), 0, error);
}
