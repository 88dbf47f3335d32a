/* Fields, keys and indexes: a.b, a.?b, a[b], a[?b], has(a.b). Called by the evaluator.
 *
 * An absent field of an object reads as ECS's default (type.h); an absent key of a map is an error.
 * What stands in a value that isn't known isn't known either.
 */
#include "cel/eval.h"

#include <math.h>

/* ---- fields ---- */

static const struct eg_node *no_field(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                      const struct eg_node *of) {
    struct eg_str type = eg_cel_type_name(of);
    return eg_cel_error(eval, "no such field: %.*s has no '%.*s'", EG_STR_ARGS(type),
                        EG_STR_ARGS(expr->name));
}

static struct eg_cel_part object_part(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                      const struct eg_node *node) {
    const struct eg_object *object = node->as.object;
    uint32_t number = expr->field;
    if (object->type != expr->object) {
        const struct eg_field *field = eg_type_field(object->type, expr->name);
        if (field == NULL)
            return (struct eg_cel_part){.value = no_field(eval, expr, node)};
        number = field->number;
    }
    struct eg_cel_part part = {
        .raw = object->fields == NULL ? NULL : object->fields[number],
        .link = object->type->fields[number].link,
    };
    part.value = eg_cel_force(eval, eg_object_field(object, number));
    if (part.value->kind == EG_ABSENT) {
        struct eg_object empty = {.type = object->type};
        part.value = eg_cel_force(eval, eg_object_field(&empty, number));
    }
    return part;
}

struct eg_cel_part eg_cel_field(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                const struct eg_node *of) {
    struct eg_cel_part part = {0};
    switch ((enum eg_kind)of->kind) {
    case EG_OBJECT:
        return object_part(eval, expr, of);
    case EG_MAP:
        part.raw = eg_node_get(of, expr->name);
        part.value = eg_cel_force(eval, part.raw);
        return part;
    case EG_PAIRS: {
        struct eg_node key = {.kind = EG_STRING, .as.text = expr->name};
        part.raw = eg_cel_lookup_raw(eval, of, &key);
        part.value = eg_cel_force(eval, part.raw);
        return part;
    }
    case EG_ERROR:
        part.value = of;
        return part;
    case EG_UNKNOWN:
    case EG_PARTIAL:
    case EG_REFERENCE:
        part.value = eg_cel_known(eval, of);
        return part;
    default:
        part.value = no_field(eval, expr, of);
        return part;
    }
}

const struct eg_node *eg_cel_select_raw(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    const struct eg_node *of = eg_cel_evaluate(eval, expr->operands[0]);
    return of->kind == EG_OPTIONAL ? NULL : eg_cel_field(eval, expr, of).raw;
}

/* Does a stop in the part's place come from what it was looked for in? */
static bool is_foreign(const struct eg_cel_part *part) {
    return part->raw == NULL && eg_cel_is_stop(part->value);
}

/* The part as an optional: none if it isn't there. */
static const struct eg_node *as_optional(struct eg_cel_eval *eval, const struct eg_cel_part *part) {
    if (is_foreign(part))
        return part->value;
    switch (eg_cel_present(eval, part->raw)) {
    case EG_TRUE:
        return eg_cel_optional(eval, part->value);
    case EG_FALSE:
        return eg_cel_optional(eval, NULL);
    case EG_UNDECIDED:
        break;
    }
    return eg_cel_derived(eval, part->value);
}

const struct eg_node *eg_cel_eval_select(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    const struct eg_node *of = eg_cel_evaluate(eval, expr->operands[0]);
    bool optional = expr->optional;
    if (of->kind == EG_OPTIONAL) {
        if (of->as.optional == NULL)
            return of;
        of = of->as.optional;
        optional = true;
    }
    struct eg_cel_part part = eg_cel_field(eval, expr, of);
    if (optional)
        return as_optional(eval, &part);
    if (part.value->kind == EG_ABSENT)
        return eg_cel_error(eval, "no such key: '%.*s'", EG_STR_ARGS(expr->name));
    return part.value;
}

const struct eg_node *eg_cel_eval_has(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    const struct eg_node *of = eg_cel_evaluate(eval, expr->operands[0]);
    if (of->kind == EG_OPTIONAL) {
        if (of->as.optional == NULL)
            return eg_node_bool(false);
        of = of->as.optional;
    }
    struct eg_cel_part part = eg_cel_field(eval, expr, of);
    if (is_foreign(&part))
        return part.value;
    /* What is written is there, whatever its value; of a link or fact that is unknown even that
     * isn't known. */
    if (part.link && part.value->kind == EG_UNKNOWN)
        return eg_cel_derived(eval, part.value);
    enum eg_truth present = eg_cel_present(eval, part.raw);
    return eg_cel_truth(eval, present, part.value, NULL);
}

/* ---- indexes ---- */

/* Is it a whole number that can be an index? Others are out of range. */
static bool whole_number(const struct eg_node *index, int64_t *ret) {
    switch ((enum eg_kind)index->kind) {
    case EG_INT:
        *ret = index->as.integer;
        return true;
    case EG_UINT:
        *ret = index->as.unsigned_integer > INT64_MAX ? -1 : (int64_t)index->as.unsigned_integer;
        return true;
    case EG_DOUBLE:
        if (!(fabs(index->as.number) < 9e15) || floor(index->as.number) < index->as.number)
            return false;
        *ret = (int64_t)index->as.number;
        return true;
    default:
        return false;
    }
}

static struct eg_cel_part list_part(struct eg_cel_eval *eval, const struct eg_node *list,
                                    const struct eg_node *index) {
    struct eg_cel_part part = {0};
    int64_t wanted = 0;
    if (!whole_number(index, &wanted)) {
        struct eg_str type = eg_cel_type_name(index);
        part.value =
            eg_cel_error(eval, "no such overload: a list indexed by %.*s", EG_STR_ARGS(type));
        return part;
    }
    part.value = eg_node_absent();
    for (uint32_t i = 0; wanted >= 0 && i < list->as.list.count; i++) {
        const struct eg_node *raw = list->as.list.items[i];
        bool sure = raw->kind != EG_CHOICE && raw->kind != EG_LAZY && raw->kind != EG_ABSENT;
        enum eg_truth present = sure ? EG_TRUE : eg_cel_present(eval, raw);
        if (present == EG_UNDECIDED) {
            part.value = eg_cel_derived(eval, eg_cel_force(eval, raw));
            return part;
        }
        if (present == EG_TRUE && wanted-- == 0) {
            part.raw = raw;
            part.value = eg_cel_force(eval, raw);
        }
    }
    return part;
}

struct eg_cel_part eg_cel_element(struct eg_cel_eval *eval, const struct eg_node *of,
                                  const struct eg_node *index) {
    struct eg_cel_part part = {0};
    of = eg_cel_known(eval, of);
    index = eg_cel_known(eval, index);
    if (eg_cel_is_stop(of) || eg_cel_is_stop(index)) {
        part.value = eg_cel_stop(of, index);
        return part;
    }
    if (of->kind == EG_LIST) {
        eg_cel_spend(eval, of->as.list.count / 16);
        return list_part(eval, of, index);
    }
    if (!eg_cel_is_map(of)) {
        struct eg_str type = eg_cel_type_name(of);
        part.value =
            eg_cel_error(eval, "no such overload: %.*s can't be indexed", EG_STR_ARGS(type));
        return part;
    }
    part.raw = eg_cel_lookup_raw(eval, of, index);
    part.value = eg_cel_force(eval, part.raw);
    return part;
}

const struct eg_node *eg_cel_eval_index(struct eg_cel_eval *eval, const struct eg_cel_expr *expr) {
    const struct eg_node *of = eg_cel_evaluate(eval, expr->operands[0]);
    const struct eg_node *index = eg_cel_evaluate(eval, expr->operands[1]);
    bool optional = expr->optional;
    if (of->kind == EG_OPTIONAL) {
        if (of->as.optional == NULL)
            return eg_cel_is_stop(index) ? index : of;
        of = of->as.optional;
        optional = true;
    }
    struct eg_cel_part part = eg_cel_element(eval, of, index);
    if (optional)
        return as_optional(eval, &part);
    if (part.value->kind != EG_ABSENT)
        return part.value;
    struct eg_str text = eg_cel_show(eval->arena, eval->scenario, index, 60);
    return eg_cel_error(eval,
                        of->kind == EG_LIST ? "index out of range: %.*s" : "no such key: %.*s",
                        EG_STR_ARGS(text));
}
