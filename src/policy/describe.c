/* Describing a result; see describe.h. Called by judge.c. */
#include "policy/describe.h"

#include "base/buf.h"
#include "base/file.h"
#include "node/text.h"
#include "policy/path.h"

#include <string.h>

enum {
    MOST_CAUSES = 8,   /* values shown as evidence */
    MOST_REASONS = 3,  /* unknowns named */
    VALUE_WIDTH = 100, /* characters of a value shown */
};

struct describing {
    struct eg_subject *subject;
    struct eg_inquiry *inquiry;
    struct eg_arena *arena; /* the model's */
    struct eg_result *result;
    struct eg_look look;
    struct eg_cel_causes causes;
};

/* Does NODE stand in an input? Constants of expressions and params stand in policies, values that
 * are given in files of their own. */
static bool stands(const struct eg_node *node) {
    return node != NULL && node->source != NULL && !node->source->shared;
}

/* ---- what the results of one object have in common ---- */

static struct eg_str stack_name(struct eg_subject *subject) {
    if (subject->resource != NULL)
        return subject->resource->stack->name;
    const struct eg_node *node = subject->node;
    const struct eg_node *stack = eg_object_get(subject->object, EG_STR("stack"));
    if (stack != NULL) {
        stack = eg_scenario_force(subject->scenario, stack);
        if (stack->kind == EG_OBJECT)
            node = stack;
    }
    const struct eg_node *name = eg_object_get(node->as.object, EG_STR("name"));
    return eg_node_text(eg_scenario_force(subject->scenario, name));
}

/* The name of the resource's own condition, unless it is decided. */
static struct eg_str open_condition(struct eg_subject *subject) {
    const struct eg_condition *condition =
        subject->resource == NULL ? NULL : subject->resource->condition;
    if (condition == NULL || eg_scenario_decide(subject->scenario, condition, NULL) != EG_UNDECIDED)
        return EG_STR("");
    return condition->name;
}

/* What a person calls OBJECT, and where that is written. Results outlive the evaluation, so the
 * place is kept in a node of its own. */
static void name_object(struct eg_subject *subject, const struct eg_object *object,
                        struct eg_result *result) {
    struct eg_arena *arena = subject->model->arena;
    const struct eg_node *name = eg_model_name(object, subject->scenario);
    result->object_name = eg_str_copy(arena, eg_node_text(name));
    result->name_at = stands(name) ? eg_node_new(arena, EG_NULL, name) : NULL;
}

void eg_describe_subject(struct eg_subject *subject, struct eg_result *result) {
    struct eg_arena *arena = subject->model->arena;
    result->rule = subject->rule;
    result->stack = eg_str_copy(arena, stack_name(subject));
    result->object = eg_model_path(subject->object, arena);
    name_object(subject, subject->object, result);
    result->condition = open_condition(subject);
    if (subject->resource != NULL) {
        result->resource = subject->resource->logical_id;
        result->type = subject->resource->type;
    }
}

/* An element of `each` that is an object of its own is what the result is about. */
static void name_element(struct describing *describing) {
    struct eg_subject *subject = describing->subject;
    if (describing->inquiry->element == NULL)
        return;
    const struct eg_node *element =
        eg_scenario_force(subject->scenario, describing->inquiry->element);
    if (element->kind != EG_OBJECT)
        return;
    const struct eg_resource *resource = eg_model_resource(element->as.object);
    struct eg_str path = eg_model_path(element->as.object, describing->arena);
    if (resource != NULL && resource != subject->resource)
        path = resource->logical_id;
    if (path.length == 0)
        return; /* a structure without a place of its own */
    describing->result->object = path;
    name_object(subject, element->as.object, describing->result);
}

/* ---- causes ---- */

/* Where the value stands; for an absent field the object that should have it; for a list made by
 * an expression its first element that stands somewhere; for a fact the object that it is about.
 * NULL: nowhere. */
static const struct eg_node *standing(const struct eg_cel_cause *cause) {
    if (!cause->absent && stands(cause->value))
        return cause->value;
    for (uint32_t i = 0; cause->value->kind == EG_LIST && i < cause->value->as.list.count; i++)
        if (stands(cause->value->as.list.items[i]))
            return cause->value->as.list.items[i];
    return stands(cause->parent) ? cause->parent : NULL;
}

/* How well a cause can be pointed at: 2 where it stands itself or is missing, 1 where only what it
 * is a fact about stands. */
static int pointing(const struct eg_cel_cause *cause) {
    const struct eg_node *at = standing(cause);
    if (at == NULL)
        return 0;
    return at == cause->parent && !cause->absent ? 1 : 2;
}

/* A cause that is a let says where the let was used; unless its value stands somewhere itself, what
 * decided the let says more. A let only uses earlier ones, so this ends. */
static void refine_cause(struct describing *describing, struct eg_cel_cause *cause) {
    struct eg_subject *subject = describing->subject;
    for (uint32_t i = 0; i < subject->rule->let_count; i++) {
        const struct eg_let *let = eg_subject_let(subject, cause->expression);
        if (let == NULL)
            return;
        struct eg_cel_causes inner =
            eg_cel_blame(let->program, &subject->frame, subject->scratch, MOST_CAUSES);
        /* A let that is but another name: the longer one says more. */
        if (inner.count == 1 && inner.items[0].value == cause->value)
            cause->path = inner.items[0].path;
        if (inner.count == 0 || (pointing(cause) > 0 && cause->value->kind != EG_BOOL))
            return;
        uint32_t best = 0;
        for (uint32_t k = 1; k < inner.count; k++)
            if (pointing(&inner.items[k]) > pointing(&inner.items[best]))
                best = k;
        *cause = inner.items[best];
    }
}

/* What can be pointed at best comes first, each kind in the order of the expression: the first
 * cause is what a person is pointed at. */
static void sort_causes(struct describing *describing) {
    struct eg_cel_cause sorted[MOST_CAUSES] = {{0}};
    uint32_t count = 0;
    for (int rank = 2; rank >= 0; rank--)
        for (uint32_t i = 0; i < describing->causes.count; i++)
            if (pointing(&describing->causes.items[i]) == rank)
                sorted[count++] = describing->causes.items[i];
    memcpy(describing->causes.items, sorted, count * sizeof *sorted);
}

/* A param is the policy's, not the input's: worth showing as the other side of a comparison, if it
 * is short. Lists of forbidden words and regular expressions are looked up in the policy. */
static void leave_long_params(struct describing *describing) {
    enum { LONGEST = 40 };
    struct eg_subject *subject = describing->subject;
    struct eg_cel_cause *items = describing->causes.items;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < describing->causes.count; i++) {
        bool param = eg_str_starts_with(items[i].path, EG_STR("params."));
        struct eg_str value =
            param ? eg_cel_show(subject->scratch, subject->scenario, items[i].value, LONGEST + 1)
                  : EG_STR("");
        if (value.length <= LONGEST)
            items[kept++] = items[i];
    }
    if (kept > 0)
        describing->causes.count = kept;
}

static void find_causes(struct describing *describing) {
    if (describing->look.program == NULL)
        return;
    describing->causes = eg_cel_blame(describing->look.program, &describing->subject->frame,
                                      describing->subject->scratch, MOST_CAUSES);
    if (describing->causes.count == 0)
        return;
    for (uint32_t i = 0; i < describing->causes.count; i++)
        refine_cause(describing, &describing->causes.items[i]);
    leave_long_params(describing);
    sort_causes(describing);
}

/* What of a cause goes into the fingerprint. Neither the place of an element in its list nor what a
 * structure holds belongs to that: both change with what else is changed. */
static struct eg_str cause_key(const struct describing *describing,
                               const struct eg_cel_cause *cause, struct eg_str value) {
    const struct eg_node *first = cause->value;
    if (first->kind == EG_LIST && first->as.list.count > 0)
        first = eg_scenario_force(describing->subject->scenario, first->as.list.items[0]);
    if (first->kind == EG_OBJECT && first->as.object->id.length == 0)
        value = first->as.object->type->name;
    return eg_str_format(describing->arena, "%.*s is %.*s", EG_STR_ARGS(cause->expression),
                         EG_STR_ARGS(value));
}

/* An error on the way (a field of what is null) is how the expression came about its value, and
 * tells nobody anything. */
static void add_evidence(struct describing *describing) {
    struct eg_result *result = describing->result;
    struct eg_scenario *scenario = describing->subject->scenario;
    uint32_t count = 0;
    struct eg_evidence *evidence =
        EG_NEW_ARRAY(describing->arena, struct eg_evidence, describing->causes.count);
    for (uint32_t i = 0; i < describing->causes.count; i++) {
        const struct eg_cel_cause *cause = &describing->causes.items[i];
        if (eg_scenario_force(scenario, cause->value)->kind == EG_ERROR)
            continue;
        struct eg_node *at = eg_node_new(describing->arena, EG_NULL, standing(cause));
        at->flags = cause->value->flags;
        struct eg_str value = eg_cel_show(describing->arena, scenario, cause->value, VALUE_WIDTH);
        evidence[count++] = (struct eg_evidence){
            .at = at,
            .expression = eg_str_copy(describing->arena, cause->path),
            .value = value,
            .key = cause_key(describing, cause, value),
            .absent = cause->absent,
        };
        if (cause->value->flags & EG_FLAG_DEFAULTED)
            result->overridable = true;
    }
    result->evidence = evidence;
    result->evidence_count = count;
}

/* ---- place ---- */

static bool point_at(struct eg_result *result, const struct eg_node *node) {
    if (!stands(node))
        return false;
    result->source = node->source;
    result->place = eg_node_place(node);
    return true;
}

static void point_at_object(struct describing *describing) {
    const struct eg_subject *subject = describing->subject;
    if (point_at(describing->result, subject->object->raw) ||
        point_at(describing->result, subject->node) || subject->resource == NULL ||
        subject->resource->raw == NULL)
        return;
    struct eg_source *source = subject->resource->raw->source;
    describing->result->source = source;
    describing->result->place = eg_source_place(source, subject->resource->key_offset);
}

static void find_place(struct describing *describing) {
    for (uint32_t i = 0; i < describing->causes.count; i++)
        if (point_at(describing->result, standing(&describing->causes.items[i])))
            return;
    const struct eg_node *element = describing->inquiry->element;
    if (element != NULL &&
        point_at(describing->result, eg_scenario_force(describing->subject->scenario, element)))
        return;
    point_at_object(describing);
}

/* ---- words ---- */

static const struct eg_node *text_of(struct describing *describing,
                                     const struct eg_cel_program *program) {
    if (program == NULL)
        return eg_node_absent();
    return eg_cel_eval(program, &describing->subject->frame);
}

static struct eg_str message(struct describing *describing) {
    const struct eg_check *check = describing->inquiry->check;
    if (check == NULL)
        return describing->subject->rule->title;
    if (describing->result->verdict != EG_VERDICT_FAIL)
        return check->title;
    describing->subject->frame.prose = check->message;
    const struct eg_node *value = text_of(describing, check->message);
    describing->subject->frame.prose = NULL;
    if (value->flags & EG_FLAG_SECRET || !(value->kind == EG_STRING || value->kind == EG_PARTIAL))
        return check->title;
    if (value->kind == EG_STRING)
        return eg_str_copy(describing->arena, value->as.text);
    return eg_str_copy(describing->arena, eg_text_show(describing->subject->scratch, value));
}

static enum eg_severity severity(struct describing *describing) {
    const struct eg_check *check = describing->inquiry->check;
    if (check == NULL)
        return describing->subject->rule->severity;
    enum eg_severity level;
    if (check->severity != NULL &&
        eg_severity_parse(eg_node_text(text_of(describing, check->severity)), &level))
        return level;
    return check->fixed;
}

/* The reasons of different unknowns, each once. */
struct reasons {
    const struct eg_unknown *items[MOST_REASONS];
    uint32_t count;
};

static void add_reason(struct reasons *reasons, const struct eg_unknown *unknown) {
    for (uint32_t i = 0; i < reasons->count; i++)
        if (eg_unknown_same(reasons->items[i], unknown))
            return;
    if (reasons->count < MOST_REASONS)
        reasons->items[reasons->count++] = unknown;
}

static void add_reasons(struct describing *describing, struct reasons *reasons,
                        const struct eg_node *value) {
    struct eg_scenario *scenario = describing->subject->scenario;
    value = eg_scenario_force(scenario, value);
    if (value->kind == EG_UNKNOWN)
        add_reason(reasons, value->as.unknown);
    for (uint32_t i = 0; value->kind == EG_PARTIAL && i < value->as.list.count; i++) {
        const struct eg_node *piece = eg_scenario_force(scenario, value->as.list.items[i]);
        if (piece->kind == EG_UNKNOWN)
            add_reason(reasons, piece->as.unknown);
    }
}

/* References have a text that only AWS knows. */
static struct eg_str reference_reason(struct describing *describing) {
    for (uint32_t i = 0; i < describing->causes.count; i++) {
        const struct eg_node *value = describing->causes.items[i].value;
        if (value->kind == EG_REFERENCE)
            return eg_str_format(describing->arena, "%.*s.%.*s is known at deployment only",
                                 EG_STR_ARGS(value->as.reference->logical_id),
                                 EG_STR_ARGS(value->as.reference->attribute));
    }
    return EG_STR("a value is known at deployment only");
}

static struct eg_str reason(struct describing *describing) {
    const struct eg_node *value = describing->look.value;
    struct eg_arena *arena = describing->arena;
    if (value != NULL && value->kind == EG_ERROR)
        return eg_str_format(arena, "the rule can't be evaluated here: %.*s",
                             EG_STR_ARGS(value->as.text));
    struct reasons reasons = {.count = 0};
    for (uint32_t i = 0; i < describing->causes.count; i++)
        add_reasons(describing, &reasons, describing->causes.items[i].value);
    if (value != NULL && reasons.count == 0)
        add_reasons(describing, &reasons, value);
    if (value != NULL && reasons.count == 0 && value->kind != EG_UNKNOWN &&
        value->kind != EG_PARTIAL)
        return eg_str_format(arena, "the rule's expression gave a %s, not true or false",
                             eg_kind_name(value->kind));
    if (reasons.count == 0)
        return reference_reason(describing);
    struct eg_str text = eg_unknown_text(arena, reasons.items[0]);
    for (uint32_t i = 1; i < reasons.count; i++) {
        struct eg_str next = eg_unknown_text(arena, reasons.items[i]);
        text = eg_str_format(arena, "%.*s; %.*s", EG_STR_ARGS(text), EG_STR_ARGS(next));
    }
    return text;
}

/* ---- the scenario ---- */

static struct eg_str scenario_text(struct describing *describing,
                                   const struct eg_assumption *assumptions, uint32_t count) {
    struct eg_subject *subject = describing->subject;
    for (uint32_t i = 0; i < count; i++)
        eg_subject_assume(subject, assumptions[i].variable, assumptions[i].value);
    const struct eg_variable *const *variables =
        (const struct eg_variable *const *)subject->model->system->variables;
    struct eg_str text = eg_scenario_text(subject->scenario, describing->arena, variables);
    for (uint32_t i = 0; i < count; i++)
        eg_subject_retract(subject);
    return text;
}

static struct eg_str name_scenario(struct describing *describing,
                                   const struct eg_outcome *outcome) {
    if (!outcome->mixed)
        return EG_STR("");
    if (outcome->verdict != EG_VERDICT_FAIL || describing->inquiry->check == NULL ||
        describing->inquiry->list_varies)
        return scenario_text(describing, outcome->path, outcome->path_count);
    uint32_t count;
    struct eg_assumption *core = eg_outcome_core(describing->subject, eg_subject_look_at_check,
                                                 describing->inquiry, outcome, &count);
    return scenario_text(describing, core, count);
}

/* ---- the whole ---- */

/* Under the assumptions in which the verdict was found. */
static void describe_here(struct describing *describing, const struct eg_outcome *outcome,
                          bool evidence) {
    struct eg_subject *subject = describing->subject;
    struct eg_result *result = describing->result;
    if (evidence || result->verdict != EG_VERDICT_PASS) {
        describing->look = describing->inquiry->check == NULL
                               ? eg_subject_look_at_list(subject, NULL)
                               : eg_subject_look_at_check(subject, describing->inquiry);
        find_causes(describing);
        add_evidence(describing);
    }
    if (result->verdict == EG_VERDICT_PASS) {
        result->check = NULL;
        result->message = subject->rule->title;
        result->severity = subject->rule->severity;
        point_at_object(describing);
        return;
    }
    find_place(describing);
    name_element(describing);
    result->severity = severity(describing);
    result->message = message(describing);
    if (describing->inquiry->check != NULL)
        eg_path_read(subject, describing->inquiry->check->path, describing->arena, result);
    if (result->verdict == EG_VERDICT_UNKNOWN)
        result->reason = outcome->reason.length > 0
                             ? eg_str_copy(describing->arena, outcome->reason)
                             : reason(describing);
}

void eg_describe(struct eg_subject *subject, struct eg_inquiry *inquiry,
                 const struct eg_outcome *outcome, bool evidence, struct eg_result *result) {
    struct describing describing = {
        .subject = subject, .inquiry = inquiry, .arena = subject->model->arena, .result = result};
    result->check = inquiry->check;
    result->verdict = outcome->verdict;
    for (uint32_t i = 0; i < outcome->path_count; i++)
        eg_subject_assume(subject, outcome->path[i].variable, outcome->path[i].value);
    describe_here(&describing, outcome, evidence);
    for (uint32_t i = 0; i < outcome->path_count; i++)
        eg_subject_retract(subject);
    if (outcome->verdict != EG_VERDICT_PASS)
        result->scenario = name_scenario(&describing, outcome);
}

/* ---- fingerprint ---- */

/* BackendTaskDef1A2B3C4D: the CDK ends a logical id with a hash of its path. */
static struct eg_str without_hash(struct eg_str id) {
    enum { HASH = 8 };
    if (id.length <= HASH)
        return id;
    for (size_t i = id.length - HASH; i < id.length; i++)
        if (!(id.data[i] >= '0' && id.data[i] <= '9') && !(id.data[i] >= 'A' && id.data[i] <= 'F'))
            return id;
    return eg_str_slice(id, 0, id.length - HASH);
}

static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* A text, the logical ids in it without their hashes. */
static void add_text(struct eg_buf *buf, struct eg_str text) {
    for (size_t i = 0; i < text.length;) {
        size_t end = i;
        while (end < text.length && is_word(text.data[end]))
            end++;
        if (end == i)
            eg_buf_putc(buf, text.data[end++]);
        else
            eg_buf_add_str(buf, without_hash(eg_str_slice(text, i, end - i)));
        i = end;
    }
    eg_buf_putc(buf, '\0');
}

/* containerDefinitions[0] by its name: containerDefinitions. */
static struct eg_str without_index(struct eg_str path) {
    size_t bracket = eg_str_find_last(path, '[');
    return bracket == SIZE_MAX ? path : eg_str_slice(path, 0, bracket);
}

static void add_part(struct eg_buf *buf, struct eg_str part) {
    eg_buf_add_str(buf, part);
    eg_buf_putc(buf, '\0');
}

void eg_describe_fingerprint(struct eg_result *result, struct eg_str apart, uint32_t occurrence) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    add_part(&buf, result->rule->id);
    add_part(&buf, result->check == NULL ? EG_STR("") : result->check->name);
    add_part(&buf, result->stack);
    add_part(&buf, result->construct.path.length > 0 ? result->construct.path
                                                     : without_hash(result->resource));
    add_text(&buf, result->object_name.length > 0 ? without_index(result->object) : result->object);
    add_text(&buf, result->object_name);
    if (result->evidence_count > 0) {
        add_text(&buf, result->evidence[0].key);
    }
    if (apart.length > 0)
        add_part(&buf, apart);
    if (occurrence > 0)
        eg_buf_printf(&buf, "%u", occurrence);
    char digest[65];
    eg_file_digest(eg_buf_str(&buf), digest);
    memcpy(result->fingerprint, digest, sizeof result->fingerprint - 1);
    result->fingerprint[sizeof result->fingerprint - 1] = '\0';
    eg_buf_done(&buf);
}
