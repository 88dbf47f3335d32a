/* Are two values equal? See eg_text_equal in text.h. Called by conditions (scenario.c) and by CEL.
 *
 * Values compare as CEL's do (https://github.com/cel-expr/cel-spec/blob/master/doc/langdef.md,
 * "Equality"): numbers by value whatever their type, values of different kinds are not equal. What
 * is not known can be anything, also another kind, unless its form (text_form.c) or the values that
 * its variable can have say more.
 */
#include "base/limits.h"
#include "node/text.h"
#include "node/text_form.h"
#include "node/text_match.h"
#include "node/type.h"

#include <string.h>

struct comparison {
    struct eg_scenario *scenario;
    uint32_t depth;
};

static enum eg_truth compare(struct comparison *comparison, const struct eg_node *a,
                             const struct eg_node *b);

static enum eg_truth truth_of(bool value) {
    return value ? EG_TRUE : EG_FALSE;
}

/* Both must hold. */
static enum eg_truth both(enum eg_truth a, enum eg_truth b) {
    if (a == EG_FALSE || b == EG_FALSE)
        return EG_FALSE;
    return a == EG_TRUE && b == EG_TRUE ? EG_TRUE : EG_UNDECIDED;
}

/* ---- text with holes ---- */

/* A text of which some pieces and bytes are already dealt with. */
struct rest {
    const struct eg_node *const *items;
    uint32_t count;
    size_t skipped; /* bytes at the start of the first piece */
    size_t dropped; /* bytes at the end of the last piece */
};

static struct eg_str rest_text(const struct rest *rest, uint32_t i) {
    struct eg_str text = eg_node_text(rest->items[i]);
    if (i + 1 == rest->count)
        text.length -= rest->dropped;
    return i == 0 ? eg_str_from_offset(text, rest->skipped) : text;
}

/* What a macro makes, or what an included file holds, is many values under one name: fields of an
 * object that isn't seen at all are one node. */
static bool is_of_macro(const struct eg_node *node) {
    return node->kind == EG_UNKNOWN && node->as.unknown->why == EG_WHY_MACRO;
}

static bool same_symbol(const struct eg_node *a, const struct eg_node *b) {
    if (is_of_macro(a) || is_of_macro(b))
        return false;
    if (a == b)
        return true;
    if (((a->flags | b->flags) & EG_FLAG_DERIVED) != 0)
        return false;
    if (a->kind == EG_UNKNOWN && b->kind == EG_UNKNOWN)
        return eg_unknown_same(a->as.unknown, b->as.unknown);
    return a->kind == EG_REFERENCE && b->kind == EG_REFERENCE &&
           a->as.reference->resource == b->as.reference->resource &&
           eg_str_equal(a->as.reference->attribute, b->as.reference->attribute);
}

static void skip_first(struct rest *rest) {
    rest->items++;
    rest->count--;
    rest->skipped = 0;
    if (rest->count == 0)
        rest->dropped = 0;
}

static void skip_last(struct rest *rest) {
    rest->count--;
    rest->dropped = 0;
    if (rest->count == 0)
        rest->skipped = 0;
}

/* Takes away what both begin with. False: they begin differently. */
static bool strip_starts(struct rest *a, struct rest *b) {
    while (a->count > 0 && b->count > 0) {
        if (a->items[0]->kind != EG_STRING || b->items[0]->kind != EG_STRING) {
            if (!same_symbol(a->items[0], b->items[0]))
                return true;
            skip_first(a);
            skip_first(b);
            continue;
        }
        struct eg_str x = rest_text(a, 0), y = rest_text(b, 0);
        size_t common = x.length < y.length ? x.length : y.length;
        if (common > 0 && memcmp(x.data, y.data, common) != 0)
            return false;
        a->skipped += common;
        b->skipped += common;
        if (common == x.length)
            skip_first(a);
        if (common == y.length)
            skip_first(b);
    }
    return true;
}

/* Takes away what both end with. False: they end differently. */
static bool strip_ends(struct rest *a, struct rest *b) {
    while (a->count > 0 && b->count > 0) {
        const struct eg_node *last_a = a->items[a->count - 1], *last_b = b->items[b->count - 1];
        if (last_a->kind != EG_STRING || last_b->kind != EG_STRING) {
            if (!same_symbol(last_a, last_b))
                return true;
            skip_last(a);
            skip_last(b);
            continue;
        }
        struct eg_str x = rest_text(a, a->count - 1), y = rest_text(b, b->count - 1);
        size_t common = x.length < y.length ? x.length : y.length;
        if (common > 0 &&
            memcmp(x.data + x.length - common, y.data + y.length - common, common) != 0)
            return false;
        a->dropped += common;
        b->dropped += common;
        if (common == x.length)
            skip_last(a);
        if (common == y.length)
            skip_last(b);
    }
    return true;
}

/* REST as a text of its own. */
static const struct eg_node *rest_node(struct eg_arena *arena, const struct rest *rest) {
    struct eg_list_builder pieces;
    eg_list_begin(&pieces, arena);
    for (uint32_t i = 0; i < rest->count; i++) {
        const struct eg_node *piece = rest->items[i];
        if (piece->kind == EG_STRING)
            piece = eg_node_string(arena, rest_text(rest, i), NULL);
        eg_list_add(&pieces, piece);
    }
    return eg_text_join(arena, pieces.items, pieces.count, NULL);
}

/* The known text that REST begins with. */
static struct eg_str known_start(const struct rest *rest) {
    if (rest->items[0]->kind == EG_STRING)
        return rest_text(rest, 0);
    return eg_text_form_of(rest->items[0]).start;
}

/* Both have holes, and begin and end with different pieces. */
static enum eg_truth compare_open(const struct rest *a, const struct rest *b) {
    struct eg_str x = known_start(a), y = known_start(b);
    return eg_str_starts_with(x, y) || eg_str_starts_with(y, x) ? EG_UNDECIDED : EG_FALSE;
}

static bool is_known(const struct rest *rest) {
    return rest->count == 0 || (rest->count == 1 && rest->items[0]->kind == EG_STRING);
}

static struct eg_str known_text(const struct rest *rest) {
    return rest->count == 0 ? EG_STR("") : rest_text(rest, 0);
}

/* References to two resources. */
static enum eg_truth compare_references(const struct eg_reference *a,
                                        const struct eg_reference *b) {
    if (a->resource == b->resource && eg_str_equal(a->attribute, b->attribute))
        return EG_TRUE;
    if (a->resource == b->resource || !eg_str_equal(a->attribute, b->attribute))
        return EG_UNDECIDED;
    bool arns = eg_text_form_is_arn(a) && eg_text_form_is_arn(b);
    bool same_type = eg_str_equal(a->type, b->type);
    bool identities = eg_text_form_is_identity(a) && eg_text_form_is_identity(b);
    return identities && (same_type || arns) ? EG_FALSE : EG_UNDECIDED;
}

static enum eg_truth compare_texts(struct comparison *comparison, const struct eg_node *a,
                                   const struct eg_node *b) {
    struct eg_list pieces_a = eg_text_form_pieces(&a), pieces_b = eg_text_form_pieces(&b);
    struct rest x = {pieces_a.items, pieces_a.count, 0, 0};
    struct rest y = {pieces_b.items, pieces_b.count, 0, 0};
    if (!strip_starts(&x, &y) || !strip_ends(&x, &y))
        return EG_FALSE;
    if (is_known(&x) && is_known(&y))
        return truth_of(eg_str_equal(known_text(&x), known_text(&y)));
    if (x.count == 1 && y.count == 1 && x.items[0]->kind == EG_REFERENCE &&
        y.items[0]->kind == EG_REFERENCE)
        return compare_references(x.items[0]->as.reference, y.items[0]->as.reference);
    if (!is_known(&x) && !is_known(&y))
        return compare_open(&x, &y);
    const struct rest *open = is_known(&x) ? &y : &x, *known = is_known(&x) ? &x : &y;
    struct eg_text_pattern pattern = {.literal = known_text(known)};
    return eg_text_match(rest_node(comparison->scenario->arena, open), &pattern);
}

/* ---- unknowns with a variable ---- */

/* NODE, an unknown, against a text, by the values that its variable can have. */
static enum eg_truth compare_variable(struct comparison *comparison, const struct eg_node *node,
                                      const struct eg_node *text) {
    const struct eg_variable *variable = node->as.unknown->variable;
    if (variable == NULL || variable->condition || node->as.unknown->why == EG_WHY_CONDITION ||
        (node->flags & EG_FLAG_DERIVED) != 0)
        return EG_UNDECIDED;
    comparison->scenario->consulted++;
    bool some = false, none = true, all = true;
    for (uint32_t i = 0; i < variable->count; i++) {
        enum eg_truth equal = compare(comparison, variable->values[i], text);
        some = some || equal == EG_TRUE;
        none = none && equal == EG_FALSE;
        all = all && equal == EG_TRUE;
    }
    if (eg_scenario_value(comparison->scenario, variable) == (int32_t)variable->count)
        return some ? EG_FALSE : EG_UNDECIDED; /* it is none of the values */
    if (variable->open || variable->count == 0)
        return EG_UNDECIDED;
    return none ? EG_FALSE : all ? EG_TRUE : EG_UNDECIDED;
}

/* One of them is unknown, perhaps both. What is compared with may be no text: a parameter's "2"
 * becomes the number 2 where the model wants one. */
static enum eg_truth compare_unknowns(struct comparison *comparison, const struct eg_node *a,
                                      const struct eg_node *b) {
    if (same_symbol(a, b))
        return EG_TRUE;
    if (!eg_text_is(a) || !eg_text_is(b))
        return EG_UNDECIDED;
    enum eg_truth equal = EG_UNDECIDED;
    if (a->kind != EG_UNKNOWN)
        equal = compare_variable(comparison, b, a);
    else if (b->kind != EG_UNKNOWN)
        equal = compare_variable(comparison, a, b);
    return equal != EG_UNDECIDED ? equal : compare_texts(comparison, a, b);
}

/* ---- numbers ---- */

static bool is_number(const struct eg_node *node) {
    return node->kind == EG_INT || node->kind == EG_UINT || node->kind == EG_DOUBLE;
}

/* Is the double just this integer? Beyond 2^63 no double is an int64. */
static bool equal_double(double number, const struct eg_node *integer) {
    if (integer->kind == EG_INT)
        return number >= -0x1p63 && number < 0x1p63 && !((double)(int64_t)number < number) &&
               !((double)(int64_t)number > number) && (int64_t)number == integer->as.integer;
    return number >= 0 && number < 0x1p64 && !((double)(uint64_t)number < number) &&
           !((double)(uint64_t)number > number) && (uint64_t)number == integer->as.unsigned_integer;
}

static bool equal_numbers(const struct eg_node *a, const struct eg_node *b) {
    if (a->kind == EG_DOUBLE && b->kind == EG_DOUBLE)
        return a->as.number >= b->as.number && a->as.number <= b->as.number; /* NaN: false */
    if (a->kind == EG_DOUBLE)
        return equal_double(a->as.number, b);
    if (b->kind == EG_DOUBLE)
        return equal_double(b->as.number, a);
    if (a->kind == b->kind)
        return a->as.integer == b->as.integer;
    const struct eg_node *with_sign = a->kind == EG_INT ? a : b, *without = with_sign == a ? b : a;
    return with_sign->as.integer >= 0 &&
           (uint64_t)with_sign->as.integer == without->as.unsigned_integer;
}

/* ---- lists ---- */

/* Does it hang on a condition whether there is a value at all? */
static bool may_be_absent(const struct eg_node *node) {
    return node->kind == EG_UNKNOWN && node->as.unknown->why == EG_WHY_CONDITION;
}

/* The next value of LIST that is not absent, forced; NULL at the end. */
static const struct eg_node *next_item(struct comparison *comparison, const struct eg_list *list,
                                       uint32_t *index) {
    while (*index < list->count) {
        const struct eg_node *item =
            eg_scenario_force(comparison->scenario, list->items[(*index)++]);
        if (item->kind != EG_ABSENT)
            return item;
    }
    return NULL;
}

static enum eg_truth compare_lists(struct comparison *comparison, const struct eg_list *a,
                                   const struct eg_list *b) {
    enum eg_truth equal = EG_TRUE;
    for (uint32_t i = 0, j = 0;;) {
        const struct eg_node *x = next_item(comparison, a, &i);
        const struct eg_node *y = next_item(comparison, b, &j);
        if (x == NULL && y == NULL)
            return equal;
        if (x != NULL && y != NULL && same_symbol(x, y))
            continue;
        if ((x != NULL && may_be_absent(x)) || (y != NULL && may_be_absent(y)))
            return EG_UNDECIDED; /* what stands behind may have another place */
        if (x == NULL || y == NULL)
            return EG_FALSE;
        equal = both(equal, compare(comparison, x, y));
        if (equal == EG_FALSE)
            return EG_FALSE;
    }
}

/* ---- maps ---- */

static uint32_t map_count(const struct eg_node *map) {
    return map->kind == EG_MAP ? map->as.map.count : map->as.list.count / 2;
}

static const struct eg_node *map_value(const struct eg_node *map, uint32_t i) {
    return map->kind == EG_MAP ? map->as.map.items[i].value : map->as.list.items[2 * i + 1];
}

/* The value of MAP under key I of OTHER; NULL if there is none. */
static const struct eg_node *map_look_up(struct comparison *comparison, const struct eg_node *map,
                                         const struct eg_node *other, uint32_t i) {
    struct eg_node text = {.kind = EG_STRING};
    const struct eg_node *key = &text;
    if (other->kind == EG_MAP)
        text.as.text = other->as.map.items[i].key;
    else
        key = other->as.list.items[2 * i];
    if (map->kind == EG_MAP)
        return key->kind == EG_STRING ? eg_node_get(map, key->as.text) : NULL;
    for (uint32_t j = 0; j + 1 < map->as.list.count; j += 2)
        if (compare(comparison, map->as.list.items[j], key) == EG_TRUE)
            return map->as.list.items[j + 1];
    return NULL;
}

/* Is every entry of A in B too, and with the same value? */
static enum eg_truth is_contained(struct comparison *comparison, const struct eg_node *a,
                                  const struct eg_node *b, bool compare_values) {
    enum eg_truth contained = EG_TRUE;
    for (uint32_t i = 0; i < map_count(a) && contained != EG_FALSE; i++) {
        const struct eg_node *x = eg_scenario_force(comparison->scenario, map_value(a, i));
        const struct eg_node *y =
            eg_scenario_force(comparison->scenario, map_look_up(comparison, b, a, i));
        enum eg_truth equal = EG_TRUE;
        if (x->kind == EG_ABSENT || y->kind == EG_ABSENT)
            equal = x->kind == EG_ABSENT ? EG_TRUE : may_be_absent(x) ? EG_UNDECIDED : EG_FALSE;
        else if (may_be_absent(y) && !same_symbol(x, y))
            equal = EG_UNDECIDED;
        else if (compare_values)
            equal = compare(comparison, x, y);
        contained = both(contained, equal);
    }
    return contained;
}

static enum eg_truth compare_maps(struct comparison *comparison, const struct eg_node *a,
                                  const struct eg_node *b) {
    enum eg_truth forth = is_contained(comparison, a, b, true);
    return forth == EG_FALSE ? EG_FALSE : both(forth, is_contained(comparison, b, a, false));
}

/* ---- objects ---- */

static enum eg_truth compare_objects(struct comparison *comparison, const struct eg_object *a,
                                     const struct eg_object *b) {
    if (a == b)
        return EG_TRUE;
    if (a->type != b->type)
        return EG_FALSE;
    if (a->id.length > 0 || b->id.length > 0)
        return truth_of(eg_str_equal(a->id, b->id));
    enum eg_truth equal = EG_TRUE;
    for (uint32_t i = 0; i < a->type->field_count && equal != EG_FALSE; i++) {
        if (a->fields[i] == b->fields[i])
            continue;
        const struct eg_node *x = eg_scenario_force(comparison->scenario, eg_object_field(a, i));
        const struct eg_node *y = eg_scenario_force(comparison->scenario, eg_object_field(b, i));
        equal = both(equal, compare(comparison, x, y));
    }
    return equal;
}

/* ---- the whole ---- */

static bool equal_addresses(const struct eg_address *a, const struct eg_address *b) {
    return a->length == b->length && a->prefix == b->prefix &&
           memcmp(a->bytes, b->bytes, a->length) == 0;
}

static enum eg_truth compare_optionals(struct comparison *comparison, const struct eg_node *a,
                                       const struct eg_node *b) {
    if (a->as.optional == NULL || b->as.optional == NULL)
        return truth_of(a->as.optional == b->as.optional);
    return compare(comparison, a->as.optional, b->as.optional);
}

/* Two values of one kind, which is known. */
static enum eg_truth compare_same_kind(struct comparison *comparison, const struct eg_node *a,
                                       const struct eg_node *b) {
    switch ((enum eg_kind)a->kind) {
    case EG_NULL:
    case EG_ABSENT:
        return EG_TRUE;
    case EG_BOOL:
        return truth_of(a->as.boolean == b->as.boolean);
    case EG_STRING:
    case EG_BYTES:
    case EG_TYPE:
        return truth_of(eg_str_equal(a->as.text, b->as.text));
    case EG_PARTIAL:
        return compare_texts(comparison, a, b);
    case EG_REFERENCE:
        return compare_references(a->as.reference, b->as.reference);
    case EG_LIST:
        return compare_lists(comparison, &a->as.list, &b->as.list);
    case EG_MAP:
    case EG_PAIRS:
        return compare_maps(comparison, a, b);
    case EG_OBJECT:
        return compare_objects(comparison, a->as.object, b->as.object);
    case EG_TIMESTAMP:
    case EG_DURATION:
        return truth_of(a->as.time.seconds == b->as.time.seconds &&
                        a->as.time.nanoseconds == b->as.time.nanoseconds);
    case EG_ADDRESS:
        return truth_of(equal_addresses(a->as.address, b->as.address));
    case EG_OPTIONAL:
        return compare_optionals(comparison, a, b);
    case EG_INT:
    case EG_UINT:
    case EG_DOUBLE:
    case EG_UNKNOWN:
    case EG_CHOICE:
    case EG_LAZY:
    case EG_ERROR:
        break;
    }
    return EG_UNDECIDED;
}

static bool is_map(const struct eg_node *node) {
    return node->kind == EG_MAP || node->kind == EG_PAIRS;
}

static enum eg_truth compare_kinds(struct comparison *comparison, const struct eg_node *a,
                                   const struct eg_node *b) {
    if (a->kind == EG_UNKNOWN || b->kind == EG_UNKNOWN)
        return compare_unknowns(comparison, a, b);
    if (is_number(a) && is_number(b))
        return truth_of(equal_numbers(a, b));
    if (a->kind == b->kind)
        return compare_same_kind(comparison, a, b);
    if (eg_text_is(a) && eg_text_is(b))
        return compare_texts(comparison, a, b);
    if (is_map(a) && is_map(b))
        return compare_maps(comparison, a, b);
    /* A reference's text may be that of a number, or stand for a list. */
    return a->kind == EG_REFERENCE || b->kind == EG_REFERENCE ? EG_UNDECIDED : EG_FALSE;
}

static enum eg_truth compare(struct comparison *comparison, const struct eg_node *a,
                             const struct eg_node *b) {
    if (comparison->depth == EG_LIMIT_DEPTH)
        return EG_UNDECIDED;
    comparison->depth++;
    enum eg_truth equal = compare_kinds(comparison, a, b);
    comparison->depth--;
    return equal;
}

enum eg_truth eg_text_equal(struct eg_scenario *scenario, const struct eg_node *a,
                            const struct eg_node *b) {
    struct comparison comparison = {.scenario = scenario};
    return compare(&comparison, eg_scenario_force(scenario, a), eg_scenario_force(scenario, b));
}
