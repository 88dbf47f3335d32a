/* Values against what a property accepts: their kind, the allowed values, ranges and lengths.
 * Called by shape.c for every property and element.
 *
 * The kinds follow CloudFormation: a string is taken for a number or a boolean if its text is one,
 * a number or a boolean for a string by its text ("Resource property types" in its user guide:
 * values are converted). The ECS API's JSON is typed, and takes none of these. A value that is not
 * known fits if some value of its kind would: a reference or a partial string is always text. */
#include "model/shape_check.h"

#include "base/limits.h"
#include "node/text.h"

#include <math.h>

/* ---- which kinds fit ---- */

/* What a reference gives: text, unless the type of the resource tells otherwise or is not known.
 * Ref always gives text. */
static enum eg_value_kind kind_of_reference(struct eg_shape_checker *checker,
                                            const struct eg_reference *reference) {
    if (eg_str_is(reference->attribute, "Ref"))
        return EG_VALUE_STRING;
    const struct eg_resource_shape *shape = eg_shapes_find(checker->shapes, reference->type, false);
    const struct eg_property_shape *property =
        shape == NULL ? NULL : eg_shape_property(&shape->structures[0], reference->attribute);
    return property == NULL ? EG_VALUE_ANY : property->value->kind;
}

static bool is_integer(const struct eg_node *value) {
    int64_t ignored;
    enum eg_kind kind = eg_node_kind(value);
    return kind == EG_INT || (kind == EG_DOUBLE && floor(value->as.number) == value->as.number) ||
           (kind == EG_STRING && eg_str_to_int(eg_str_trim(value->as.text), &ignored));
}

/* The digits of TEXT from *AT on as a number, added to VALUE; false if there are none. */
static bool add_digits(struct eg_str text, size_t *at, double *value) {
    size_t start = *at;
    for (; *at < text.length && text.data[*at] >= '0' && text.data[*at] <= '9'; ++*at)
        *value = *value * 10 + (text.data[*at] - '0');
    return *at > start;
}

/* Does all of TEXT read as a decimal number, with a fraction and an exponent or without? (strtod
 * would ask the locale what a decimal point is.) */
static bool reads_as_number(struct eg_str text, double *ret) {
    double value = 0, exponent = 0, sign = 1;
    size_t at = 0;
    text = eg_str_trim(text);
    if (at < text.length && (text.data[at] == '-' || text.data[at] == '+'))
        sign = text.data[at++] == '-' ? -1 : 1;
    bool digits = add_digits(text, &at, &value);
    if (at < text.length && text.data[at] == '.') {
        size_t start = ++at;
        digits = add_digits(text, &at, &value) || digits;
        exponent = -(double)(at - start);
    }
    if (digits && at < text.length && (text.data[at] == 'e' || text.data[at] == 'E')) {
        double power = 0, power_sign = 1;
        at++;
        if (at < text.length && (text.data[at] == '-' || text.data[at] == '+'))
            power_sign = text.data[at++] == '-' ? -1 : 1;
        digits = add_digits(text, &at, &power);
        exponent += power_sign * power;
    }
    *ret = sign * value * pow(10, exponent);
    return digits && at == text.length;
}

static bool number_of(const struct eg_node *value, double *ret) {
    switch (eg_node_kind(value)) {
    case EG_INT:
        *ret = (double)value->as.integer;
        return true;
    case EG_DOUBLE:
        *ret = value->as.number;
        return true;
    case EG_STRING:
        return reads_as_number(value->as.text, ret);
    default:
        return false;
    }
}

static bool is_boolean(const struct eg_node *value) {
    return eg_node_kind(value) == EG_BOOL ||
           (eg_node_kind(value) == EG_STRING &&
            (eg_str_equal_nocase(value->as.text, EG_STR("true")) ||
             eg_str_equal_nocase(value->as.text, EG_STR("false"))));
}

/* May VALUE, of a known kind, stand for a SHAPE? */
static bool fits(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                 const struct eg_node *value) {
    enum eg_kind kind = eg_node_kind(value);
    double ignored;
    bool strict = checker->shape->api;
    bool exact = !strict || kind != EG_STRING;
    if (kind == EG_UNKNOWN)
        return true;
    if (kind == EG_REFERENCE && kind_of_reference(checker, value->as.reference) != EG_VALUE_STRING)
        return true;
    bool open_text = kind == EG_PARTIAL || kind == EG_REFERENCE;
    switch (shape->kind) {
    case EG_VALUE_ANY:
        return true;
    case EG_VALUE_STRING:
        return open_text || kind == EG_STRING ||
               (!strict && (kind == EG_INT || kind == EG_DOUBLE || kind == EG_BOOL));
    case EG_VALUE_INTEGER:
        return open_text || (exact && is_integer(value));
    case EG_VALUE_NUMBER:
        return open_text || (exact && number_of(value, &ignored));
    case EG_VALUE_BOOLEAN:
        return open_text || (exact && is_boolean(value));
    case EG_VALUE_LIST:
        return kind == EG_LIST;
    case EG_VALUE_MAP: /* a whole policy may be given as its JSON text */
        return kind == EG_MAP || (shape->element == NULL && (open_text || kind == EG_STRING));
    case EG_VALUE_STRUCTURE:
        return kind == EG_MAP;
    case EG_VALUE_ALTERNATIVES:
        for (uint32_t i = 0; i < shape->alternative_count; i++)
            if (fits(checker, shape->alternatives[i], value))
                return true;
        return false;
    }
    return true;
}

/* ---- wrong types ---- */

/* {"0": …, "1": …}: what an override of an element leaves of a list that was not there. */
static bool is_numbered(const struct eg_node *map) {
    int64_t number;
    for (uint32_t i = 0; i < map->as.map.count; i++)
        if (!eg_str_to_int(map->as.map.items[i].key, &number))
            return false;
    return map->as.map.count > 0;
}

/* "the string 'abc'", "a list": what was found. */
static struct eg_str found(struct eg_shape_checker *checker, const struct eg_node *value) {
    struct eg_arena *arena = &checker->scratch;
    struct eg_str text;
    switch (eg_node_kind(value)) {
    case EG_LIST:
        return EG_STR("a list");
    case EG_MAP:
        return EG_STR("a map");
    case EG_REFERENCE:
    case EG_PARTIAL:
        return EG_STR("text");
    default:
        break;
    }
    if (value->flags & EG_FLAG_SECRET || !eg_node_scalar_text(arena, value, &text))
        return eg_str_from(eg_kind_name(eg_node_kind(value)));
    if (eg_node_kind(value) != EG_STRING)
        return text;
    bool more = text.length > 40;
    return eg_str_format(arena, "the text '%.*s%s'", EG_STR_ARGS(eg_str_slice(text, 0, 40)),
                         more ? "…" : "");
}

static void report_type(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                        const struct eg_node *value, const struct eg_shape_place *place) {
    struct eg_arena *arena = &checker->scratch;
    struct eg_str wanted = eg_shape_value_text(arena, shape);
    struct eg_str got = found(checker, value);
    const char *more = "";
    if (shape->kind == EG_VALUE_LIST && eg_node_kind(value) == EG_MAP && is_numbered(value))
        more = " with numbers as keys; a property override of an element makes no list";
    else if (checker->shape->api && shape->kind != EG_VALUE_LIST &&
             eg_node_kind(value) != EG_LIST && eg_node_kind(value) != EG_MAP)
        more = "; the ECS API converts nothing";
    eg_shape_report(checker, "wrong-type", value, place, "%.*s expected, not %.*s%s",
                    EG_STR_ARGS(wanted), EG_STR_ARGS(got), more);
}

/* CloudFormation refuses null everywhere; the ECS API's clients leave it out. */
static void check_null(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                       const struct eg_node *value, const struct eg_shape_place *place) {
    struct eg_str wanted = eg_shape_value_text(&checker->scratch, shape);
    if (!checker->shape->api)
        eg_shape_report(checker, "wrong-type", value, place, "%.*s expected, not null",
                        EG_STR_ARGS(wanted));
}

/* ---- scalars ---- */

static void check_allowed(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                          const struct eg_node *value, const struct eg_shape_place *place) {
    struct eg_arena *arena = &checker->scratch;
    struct eg_str text, allowed, near = EG_STR("");
    if (!eg_node_scalar_text(arena, value, &text))
        return;
    uint32_t count = shape->values->as.list.count;
    for (uint32_t i = 0; i < count; i++) {
        if (!eg_node_scalar_text(arena, shape->values->as.list.items[i], &allowed))
            continue;
        bool same_letters = eg_str_equal_nocase(text, allowed);
        if (eg_str_equal(text, allowed) || (shape->nocase && same_letters))
            return;
        bool similar = shape->kind == EG_VALUE_STRING && eg_str_distance(text, allowed, 2) <= 2;
        if (same_letters || (near.length == 0 && similar))
            near = allowed;
    }
    struct eg_str list = EG_STR("");
    for (uint32_t i = 0; i < count && i < 12; i++)
        if (eg_node_scalar_text(arena, shape->values->as.list.items[i], &allowed))
            list = eg_str_format(arena, "%.*s%s%.*s", EG_STR_ARGS(list), i == 0 ? "" : ", ",
                                 EG_STR_ARGS(allowed));
    struct eg_str got = found(checker, value);
    const char *more = count > 12 ? ", …" : "";
    if (near.length > 0 && text.length > 0)
        eg_shape_report(checker, "value-not-allowed", value, place,
                        "%.*s is not allowed; did you mean '%.*s'? (one of %.*s%s)",
                        EG_STR_ARGS(got), EG_STR_ARGS(near), EG_STR_ARGS(list), more);
    else
        eg_shape_report(checker, "value-not-allowed", value, place,
                        "%.*s is not allowed; expected one of %.*s%s", EG_STR_ARGS(got),
                        EG_STR_ARGS(list), more);
}

static uint32_t characters(struct eg_str text) {
    uint32_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

static void check_range(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                        double size, const char *unit, const struct eg_node *value,
                        const struct eg_shape_place *place) {
    struct eg_arena *arena = &checker->scratch;
    if (!(shape->has_min && size < shape->min) && !(shape->has_max && size > shape->max))
        return;
    struct eg_str range =
        shape->has_min && shape->has_max
            ? eg_str_format(arena, "%.15g to %.15g", shape->min, shape->max)
            : eg_str_format(arena, shape->has_min ? "at least %.15g" : "at most %.15g",
                            shape->has_min ? shape->min : shape->max);
    eg_shape_report(checker, "out-of-range", value, place, "%.*s%s expected, not %.15g",
                    EG_STR_ARGS(range), unit, size);
}

static void check_scalar(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                         const struct eg_node *value, const struct eg_shape_place *place) {
    double number;
    struct eg_str text;
    if (shape->values != NULL)
        check_allowed(checker, shape, value, place);
    if (!shape->has_min && !shape->has_max)
        return;
    if (shape->kind != EG_VALUE_STRING && number_of(value, &number))
        check_range(checker, shape, number, "", value, place);
    else if (shape->kind == EG_VALUE_STRING && eg_node_scalar_text(&checker->scratch, value, &text))
        check_range(checker, shape, characters(text), " characters", value, place);
}

/* ---- what holds other values ---- */

static void check_list(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                       const struct eg_node *list, const struct eg_shape_place *place) {
    uint32_t there = 0;
    bool exact = true;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = list->as.list.items[i];
        struct eg_shape_step step = {.outer = place->path, .index = i};
        struct eg_shape_place inside = {.owner = list, .path = &step};
        enum eg_truth present = eg_shape_present(checker, item);
        there += present == EG_TRUE;
        exact = exact && present != EG_UNDECIDED && eg_node_kind(item) != EG_UNKNOWN;
        eg_shape_check_value(checker, shape->element, item, &inside);
    }
    if (exact && there > 0) /* an empty list is as good as none */
        check_range(checker, shape, there, " elements", list, place);
}

/* A map where a list is expected is reported; its elements are still looked at. */
static void check_numbered(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                           const struct eg_node *map, const struct eg_shape_place *place) {
    report_type(checker, shape, map, place);
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        struct eg_shape_step step = {.outer = place->path, .key = entry->key};
        struct eg_shape_place inside = {.owner = map, .entry = entry, .path = &step};
        eg_shape_check_value(checker, shape->element, entry->value, &inside);
    }
}

static void check_map(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                      const struct eg_node *map, const struct eg_shape_place *place) {
    for (uint32_t i = 0; shape->element != NULL && i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        struct eg_shape_step step = {.outer = place->path, .key = entry->key};
        struct eg_shape_place inside = {.owner = map, .entry = entry, .path = &step};
        eg_shape_check_value(checker, shape->element, entry->value, &inside);
    }
}

static void check_alternatives(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                               const struct eg_node *value, const struct eg_shape_place *place) {
    for (uint32_t i = 0; i < shape->alternative_count; i++)
        if (fits(checker, shape->alternatives[i], value)) {
            eg_shape_check_value(checker, shape->alternatives[i], value, place);
            return;
        }
}

/* VALUE is of a kind that fits. */
static void check_fitting(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                          const struct eg_node *value, const struct eg_shape_place *place) {
    enum eg_kind kind = eg_node_kind(value);
    if (shape->kind == EG_VALUE_ALTERNATIVES)
        check_alternatives(checker, shape, value, place);
    else if (kind == EG_LIST && shape->kind == EG_VALUE_LIST)
        check_list(checker, shape, value, place);
    else if (kind == EG_MAP && shape->kind == EG_VALUE_MAP)
        check_map(checker, shape, value, place);
    else if (kind == EG_MAP && shape->kind == EG_VALUE_STRUCTURE)
        eg_shape_check_structure(checker, shape->structure, value, place);
    else if (kind == EG_STRING || kind == EG_INT || kind == EG_DOUBLE || kind == EG_BOOL)
        check_scalar(checker, shape, value, place);
}

/* Both sides of a choice, each with what the condition then is. */
static void check_choice(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                         const struct eg_choice *choice, const struct eg_shape_place *place) {
    enum eg_truth truth = eg_shape_decide(checker, choice->condition);
    for (int side = 0; side < 2; side++) {
        if (truth == (side ? EG_FALSE : EG_TRUE))
            continue;
        struct eg_shape_branch branch = {checker->branch, choice->condition, side};
        checker->branch = &branch;
        eg_shape_check_value(checker, shape, side ? choice->if_true : choice->if_false, place);
        checker->branch = branch.outer;
    }
}

/* An unresolved function is all that the map holds: what it makes is not known. */
static bool is_function(const struct eg_node *value) {
    return eg_node_kind(value) == EG_MAP && value->as.map.count == 1 &&
           (eg_str_starts_with(value->as.map.items[0].key, EG_STR("Fn::")) ||
            eg_str_is(value->as.map.items[0].key, "Ref"));
}

/* A parameter whose default is empty is one that a deployment is meant to give. */
static bool is_empty_default(const struct eg_node *value) {
    return eg_node_kind(value) == EG_STRING && value->as.text.length == 0 &&
           (value->flags & EG_FLAG_DEFAULTED) != 0;
}

void eg_shape_check_value(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                          const struct eg_node *value, const struct eg_shape_place *place) {
    if (eg_node_kind(value) == EG_LAZY)
        value = eg_scenario_force(&checker->system->scenario, value);
    enum eg_kind kind = eg_node_kind(value);
    if (shape->kind == EG_VALUE_ANY || kind == EG_ABSENT || kind == EG_UNKNOWN ||
        is_empty_default(value) || checker->depth >= EG_LIMIT_DEPTH ||
        checker->problem_count >= EG_SHAPE_MOST_PROBLEMS ||
        (!checker->shape->api && is_function(value)))
        return;
    checker->depth++;
    if (kind == EG_CHOICE)
        check_choice(checker, shape, value->as.choice, place);
    else if (kind == EG_NULL)
        check_null(checker, shape, value, place);
    else if (fits(checker, shape, value))
        check_fitting(checker, shape, value, place);
    else if (shape->kind == EG_VALUE_LIST && kind == EG_MAP && is_numbered(value))
        check_numbered(checker, shape, value, place);
    else
        report_type(checker, shape, value, place);
    checker->depth--;
}
