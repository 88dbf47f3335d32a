/* Comparing results with what a case expects; see expect.h. Called by cases.c. */
#include "policy/expect.h"

#include "policy/path.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- failures ---- */

void eg_failures_add(struct eg_failures *failures, const char *format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (failures->count == failures->capacity) {
        uint32_t wanted = failures->capacity == 0 ? 4 : failures->capacity * 2;
        failures->items = eg_arena_grow(failures->arena, failures->items,
                                        failures->capacity * sizeof *failures->items,
                                        wanted * sizeof *failures->items);
        failures->capacity = wanted;
    }
    failures->items[failures->count++] = eg_str_copy(failures->arena, eg_str_from(text));
}

/* ---- which objects a key names ---- */

static bool names_object(struct eg_str key, struct eg_str path, struct eg_str name) {
    return eg_str_equal(key, name) || eg_str_equal(key, path);
}

/* RESOURCE, RESOURCE/NAME, RESOURCE/PATH, NAME or PATH; empty: everything. */
static bool names(struct eg_str key, struct eg_str resource, struct eg_str path,
                  struct eg_str name) {
    if (key.length == 0 || eg_str_equal(key, resource) || names_object(key, path, name))
        return true;
    size_t length = resource.length;
    return key.length > length + 1 && eg_str_starts_with(key, resource) &&
           key.data[length] == '/' && names_object(eg_str_from_offset(key, length + 1), path, name);
}

static bool names_result(struct eg_str key, const struct eg_result *result) {
    return names(key, result->resource.length > 0 ? result->resource : result->stack,
                 result->object, result->object_name);
}

static bool is_subject(const struct eg_rule *rule, const struct eg_resource *resource) {
    return rule->resource_type.length == 0 ||
           (resource != NULL && eg_str_equal(resource->type, rule->resource_type));
}

/* ---- which objects there are ---- */

struct comparing {
    const struct eg_rule *rule;
    struct eg_model *model;
    const struct eg_results *results;
    struct eg_failures *failures;
};

/* "Task/app" of the object with that number in the model, for the rule's kind; empty if the rule
 * doesn't judge it. */
static struct eg_str object_label(const struct comparing *comparing,
                                  const struct eg_object *object) {
    struct eg_arena *arena = comparing->failures->arena;
    const struct eg_resource *resource = eg_model_resource(object);
    if (!is_subject(comparing->rule, resource))
        return EG_STR("");
    struct eg_str name = eg_node_text(eg_model_name(object, &comparing->model->system->scenario));
    struct eg_str path = eg_model_path(object, arena);
    if (resource == NULL)
        return name.length > 0 ? name : path;
    return path.length == 0 ? resource->logical_id
                            : eg_str_format(arena, "%.*s/%.*s", EG_STR_ARGS(resource->logical_id),
                                            EG_STR_ARGS(name.length > 0 ? name : path));
}

/* Is there an object of the rule's kind that KEY names? */
static bool exists(const struct comparing *comparing, struct eg_str key) {
    const struct eg_model_kind *kind = eg_model_kind(comparing->model, comparing->rule->type->name);
    for (uint32_t i = 0; kind != NULL && i < kind->count; i++) {
        const struct eg_object *object = kind->objects[i]->as.object;
        const struct eg_resource *resource = eg_model_resource(object);
        if (is_subject(comparing->rule, resource) &&
            names(key, resource == NULL ? EG_STR("") : resource->logical_id,
                  eg_model_path(object, comparing->failures->arena),
                  eg_node_text(eg_model_name(object, &comparing->model->system->scenario))))
            return true;
    }
    return false;
}

/* "Task/app, Task/agent", or "none": what the rule could have judged. */
static struct eg_str object_labels(const struct comparing *comparing) {
    enum { MOST = 8 };
    struct eg_str list = EG_STR("");
    uint32_t shown = 0;
    const struct eg_model_kind *kind = eg_model_kind(comparing->model, comparing->rule->type->name);
    for (uint32_t i = 0; kind != NULL && i < kind->count; i++) {
        struct eg_str text = object_label(comparing, kind->objects[i]->as.object);
        if (text.length == 0)
            continue;
        if (shown++ == MOST)
            return eg_str_concat(comparing->failures->arena, list, EG_STR(", …"));
        list = eg_str_format(comparing->failures->arena, "%.*s%s%.*s", EG_STR_ARGS(list),
                             shown == 1 ? "" : ", ", EG_STR_ARGS(text));
    }
    return shown == 0 ? EG_STR("none") : list;
}

/* ---- what a result must have ---- */

static struct eg_str line_of(const struct eg_result *result) {
    return result->source == NULL ? EG_STR("") : eg_source_line(result->source, result->place.line);
}

/* The first thing in which RESULT isn't as expected, as a text in ARENA; empty: none. */
static struct eg_str difference(const struct eg_expected *expected, const struct eg_result *result,
                                struct eg_arena *arena) {
    struct eg_str check = result->check == NULL ? EG_STR("") : result->check->name;
    const struct {
        const char *what;
        struct eg_str wanted, found;
    } texts[] = {
        {"message", expected->message, result->message},
        {"reason", expected->reason, result->reason},
        {"scenario", expected->scenario, result->scenario},
        {"line", expected->at, eg_str_trim(line_of(result))},
        {"path", expected->path, eg_path_text(arena, result)},
    };
    if (expected->check.length > 0 && !eg_str_equal(expected->check, check))
        return eg_str_format(arena, "check is '%.*s', expected '%.*s'", EG_STR_ARGS(check),
                             EG_STR_ARGS(expected->check));
    if (expected->has_severity && expected->severity != result->severity)
        return eg_str_format(arena, "severity is %s, expected %s",
                             eg_severity_name(result->severity),
                             eg_severity_name(expected->severity));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!eg_str_contains(texts[i].found, texts[i].wanted))
            return eg_str_format(arena, "%s is \"%.*s\", expected \"%.*s\" in it", texts[i].what,
                                 EG_STR_ARGS(texts[i].found), EG_STR_ARGS(texts[i].wanted));
    return EG_STR("");
}

static bool is_open(const struct eg_result *result) {
    return result->verdict == EG_VERDICT_FAIL || result->verdict == EG_VERDICT_UNKNOWN;
}

/* ---- one expectation ---- */

static struct eg_str label(struct eg_str key) {
    return key.length == 0 ? EG_STR("every object") : key;
}

/* " at Task/app, line 12 (container app can write …)" of the first result under a key that has the
 * verdict FOUND. */
static struct eg_str found_where(const struct comparing *comparing,
                                 const struct eg_expectation *expectation, enum eg_verdict found) {
    for (uint32_t i = 0; i < comparing->results->count; i++) {
        const struct eg_result *result = &comparing->results->items[i];
        if (!names_result(expectation->key, result) || result->verdict != found || !is_open(result))
            continue;
        struct eg_str text =
            result->verdict == EG_VERDICT_UNKNOWN ? result->reason : result->message;
        return eg_str_format(
            comparing->failures->arena, " at %.*s%s%.*s, line %u (%.*s)",
            EG_STR_ARGS(result->resource.length > 0 ? result->resource : result->stack),
            result->object.length > 0 ? "/" : "",
            EG_STR_ARGS(result->object_name.length > 0 && result->object.length > 0
                            ? result->object_name
                            : result->object),
            result->place.line, EG_STR_ARGS(text));
    }
    return EG_STR("");
}

static void tell_verdict(const struct comparing *comparing,
                         const struct eg_expectation *expectation, enum eg_verdict found) {
    struct eg_str where = found_where(comparing, expectation, found);
    if (found == EG_VERDICT_NOT_APPLICABLE && expectation->key.length > 0)
        where = eg_str_format(comparing->failures->arena, ": 'when' is false for it");
    eg_failures_add(comparing->failures, "%.*s: expected %s, got %s%.*s",
                    EG_STR_ARGS(label(expectation->key)), eg_verdict_name(expectation->verdict),
                    eg_verdict_name(found), EG_STR_ARGS(where));
}

/* The verdict of what a key names: the worst; for "every object" one that isn't as expected. */
static enum eg_verdict found_verdict(const struct comparing *comparing,
                                     const struct eg_expectation *expectation) {
    enum eg_verdict worst = EG_VERDICT_NOT_APPLICABLE;
    for (uint32_t i = 0; i < comparing->results->count; i++) {
        const struct eg_result *result = &comparing->results->items[i];
        if (!names_result(expectation->key, result))
            continue;
        if (expectation->key.length == 0 && result->verdict != expectation->verdict)
            return result->verdict;
        if (result->verdict > worst)
            worst = result->verdict;
    }
    return worst;
}

static void compare_details(const struct comparing *comparing,
                            const struct eg_expectation *expectation) {
    struct eg_arena *arena = comparing->failures->arena;
    struct eg_str first = EG_STR("");
    uint32_t count = 0;
    bool found = false;
    for (uint32_t i = 0; i < comparing->results->count; i++) {
        const struct eg_result *result = &comparing->results->items[i];
        if (result->verdict != expectation->verdict || !names_result(expectation->key, result))
            continue;
        struct eg_str text = difference(&expectation->expected, result, arena);
        found = found || text.length == 0;
        if (count++ == 0)
            first = text;
    }
    if (!found && count > 0)
        eg_failures_add(comparing->failures, "%.*s: %.*s", EG_STR_ARGS(label(expectation->key)),
                        EG_STR_ARGS(first));
    if (expectation->expected.count > 0 && expectation->expected.count != count)
        eg_failures_add(comparing->failures, "%.*s: expected %u results, got %u",
                        EG_STR_ARGS(label(expectation->key)), expectation->expected.count, count);
}

static void compare_one(const struct comparing *comparing,
                        const struct eg_expectation *expectation) {
    enum eg_verdict found = found_verdict(comparing, expectation);
    if (found == EG_VERDICT_NOT_APPLICABLE && expectation->key.length > 0 &&
        !exists(comparing, expectation->key))
        eg_failures_add(comparing->failures,
                        "%.*s: there is no such %.*s in the input; there is %.*s",
                        EG_STR_ARGS(expectation->key), EG_STR_ARGS(comparing->rule->match),
                        EG_STR_ARGS(object_labels(comparing)));
    else if (found != expectation->verdict)
        tell_verdict(comparing, expectation, found);
    else
        compare_details(comparing, expectation);
}

/* ---- the case ---- */

static bool is_expected(const struct eg_expectations *expectations,
                        const struct eg_result *result) {
    for (uint32_t i = 0; i < expectations->count; i++)
        if (names_result(expectations->items[i].key, result))
            return true;
    return false;
}

static void compare_unexpected(const struct comparing *comparing,
                               const struct eg_expectations *expectations) {
    for (uint32_t i = 0; i < comparing->results->count; i++) {
        const struct eg_result *result = &comparing->results->items[i];
        if (!is_open(result) || is_expected(expectations, result))
            continue;
        struct eg_str text = result->verdict == EG_VERDICT_FAIL ? result->message : result->reason;
        eg_failures_add(comparing->failures, "%.*s%s%.*s: %s, which nothing expects (%.*s)",
                        EG_STR_ARGS(result->resource), result->object_name.length > 0 ? "/" : "",
                        EG_STR_ARGS(result->object_name), eg_verdict_name(result->verdict),
                        EG_STR_ARGS(text));
    }
}

static bool is_empty(const struct eg_expected *expected) {
    return expected->check.length + expected->message.length + expected->reason.length +
                   expected->scenario.length + expected->at.length + expected->path.length ==
               0 &&
           !expected->has_severity;
}

static void compare_any(const struct comparing *comparing, const struct eg_expected *any) {
    struct eg_str first = EG_STR("nothing failed or is unknown, so nothing has what is expected");
    bool seen = false;
    for (uint32_t i = 0; i < comparing->results->count; i++) {
        const struct eg_result *result = &comparing->results->items[i];
        if (!is_open(result))
            continue;
        struct eg_str text = difference(any, result, comparing->failures->arena);
        if (text.length == 0)
            return;
        if (!seen)
            first = text;
        seen = true;
    }
    eg_failures_add(comparing->failures, "%.*s", EG_STR_ARGS(first));
}

void eg_expect_compare(const struct eg_expectations *expectations, const struct eg_rule *rule,
                       struct eg_model *model, const struct eg_results *results,
                       struct eg_failures *failures) {
    const struct comparing comparing = {rule, model, results, failures};
    for (uint32_t i = 0; i < expectations->count; i++)
        compare_one(&comparing, &expectations->items[i]);
    compare_unexpected(&comparing, expectations);
    if (!is_empty(&expectations->any) && failures->count == 0)
        compare_any(&comparing, &expectations->any);
}
