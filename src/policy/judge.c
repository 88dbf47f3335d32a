/* Judging a model; see judge.h. Called by the engine for each system, and by the cases of rules.
 *
 * Objects are taken in the order of stacks and resources, and for each one the rules of its kind.
 * What is evaluated on the way lives in a scratch arena that is reset for each rule and object.
 */
#include "policy/judge.h"

#include "base/buf.h"
#include "policy/describe.h"
#include "policy/order.h"
#include "policy/rule.h"
#include "policy/subject.h"

struct judging {
    struct eg_model *model;
    const struct eg_judge_options *options;
    struct eg_arena scratch;
    struct eg_results results;
    uint32_t capacity;
    /* The construct of the last resource asked for: results of one resource follow each other. */
    const struct eg_resource *resource;
    struct eg_construct construct;
    struct eg_map fingerprints; /* to the count of results that have it, as a pointer's distance */
};

/* ---- results ---- */

static struct eg_result *add_result(struct judging *judging, struct eg_subject *subject) {
    if (judging->results.count == judging->capacity) {
        uint32_t wanted = judging->capacity == 0 ? 64 : judging->capacity * 2;
        judging->results.items = eg_arena_grow(judging->model->arena, judging->results.items,
                                               judging->capacity * sizeof(struct eg_result),
                                               wanted * sizeof(struct eg_result));
        judging->capacity = wanted;
    }
    struct eg_result *result = &judging->results.items[judging->results.count++];
    *result = (struct eg_result){0};
    eg_describe_subject(subject, result);
    return result;
}

static void add_construct(struct judging *judging, const struct eg_subject *subject,
                          struct eg_result *result) {
    if (subject->resource == NULL)
        return;
    if (judging->resource != subject->resource) {
        judging->resource = subject->resource;
        judging->construct = eg_resource_construct(subject->resource);
    }
    result->construct = judging->construct;
}

/* What tells the stack of SUBJECT from others of the same name; mostly nothing. */
static struct eg_str apart_of(const struct judging *judging, const struct eg_subject *subject) {
    const struct eg_map *apart = judging->options->apart;
    const struct eg_source *source = subject->node->source;
    const struct eg_str *found =
        apart == NULL || source == NULL ? NULL : eg_map_get(apart, source->name);
    return found == NULL ? EG_STR("") : *found;
}

static void add_fingerprint(struct judging *judging, const struct eg_subject *subject,
                            struct eg_result *result) {
    struct eg_str apart = apart_of(judging, subject);
    eg_describe_fingerprint(result, apart, 0);
    struct eg_str print = {result->fingerprint, sizeof result->fingerprint - 1};
    uint32_t *count = eg_map_get(&judging->fingerprints, print);
    if (count == NULL) {
        count = EG_NEW(judging->model->arena, uint32_t);
        /* The map keeps its keys' text, and the array of results moves when it grows. */
        print = eg_str_copy(judging->model->arena, print);
        (void)eg_map_put(&judging->fingerprints, print, count);
    } else {
        eg_describe_fingerprint(result, apart, *count);
    }
    ++*count;
}

static void report(struct judging *judging, struct eg_subject *subject, struct eg_inquiry *inquiry,
                   const struct eg_outcome *outcome) {
    struct eg_result *result = add_result(judging, subject);
    bool prove = judging->options->prove;
    eg_describe(subject, inquiry, outcome, prove, result);
    if (prove || result->verdict != EG_VERDICT_PASS)
        add_construct(judging, subject, result);
    add_fingerprint(judging, subject, result);
}

/* ---- rows: each check on each element ---- */

struct row {
    struct eg_inquiry inquiry;
    struct eg_outcome outcome;
    uint32_t lists; /* in how many scenarios of the list it is */
};

struct rows {
    struct row *items;
    uint32_t count, capacity;
    struct eg_map by_key; /* used once the list differs between scenarios */
    uint32_t lists;       /* scenarios of the list so far */
    bool is_empty;        /* a list was there, and in no scenario an element */
};

static struct row *new_row(struct eg_subject *subject, struct rows *rows) {
    if (rows->count == rows->capacity) {
        uint32_t wanted = rows->capacity == 0 ? 8 : rows->capacity * 2;
        rows->items =
            eg_arena_grow(subject->scratch, rows->items, rows->capacity * sizeof *rows->items,
                          wanted * sizeof *rows->items);
        rows->capacity = wanted;
    }
    struct row *row = &rows->items[rows->count++];
    *row = (struct row){.outcome = {.impossible = true}};
    return row;
}

/* The row for CHECK on ELEMENT, the ORDINAL'th of its list, over all scenarios of the list: the
 * same element stands at the same place. */
static struct row *find_row(struct eg_subject *subject, struct rows *rows, uint32_t check,
                            const struct eg_node *element, uint32_t ordinal) {
    if (subject->assumed_count == 0)
        return new_row(subject, rows);
    struct eg_str key =
        element->source == NULL
            ? eg_str_format(subject->scratch, "%u #%u", check, ordinal)
            : eg_str_format(subject->scratch, "%u %p %u %u", check, (const void *)element->source,
                            element->offset, element->kind);
    uint32_t *number = eg_map_get(&rows->by_key, key);
    if (number != NULL)
        return &rows->items[*number];
    number = EG_NEW(subject->scratch, uint32_t);
    *number = rows->count;
    (void)eg_map_put(&rows->by_key, key, number);
    return new_row(subject, rows);
}

/* At the end of a branch of the list's exploring, its assumptions in place. */
static void visit_list(struct eg_subject *subject, void *context, const struct eg_look *look) {
    struct rows *rows = context;
    if (look->verdict != EG_VERDICT_PASS)
        return;
    rows->lists++;
    const struct eg_list *list = &look->value->as.list;
    for (uint32_t i = 0; i < list->count; i++)
        for (uint32_t j = 0; j < subject->rule->check_count; j++) {
            if (!subject->rule->checks[j].of_element)
                continue;
            struct eg_inquiry inquiry = {.check = &subject->rule->checks[j],
                                         .element = list->items[i],
                                         .list_varies = subject->assumed_count > 0};
            struct eg_outcome outcome =
                eg_explore(subject, eg_subject_look_at_check, NULL, &inquiry);
            struct row *row = find_row(subject, rows, j, list->items[i], i);
            row->inquiry = inquiry;
            row->lists++;
            eg_outcome_join(&row->outcome, &outcome);
        }
}

/* The checks of the object itself: all, or with `each` those that don't mention its element. */
static void look_at_checks(struct eg_subject *subject, struct rows *rows) {
    for (uint32_t i = 0; i < subject->rule->check_count; i++) {
        if (subject->rule->checks[i].of_element)
            continue;
        struct row *row = new_row(subject, rows);
        row->inquiry = (struct eg_inquiry){.check = &subject->rule->checks[i]};
        row->outcome = eg_explore(subject, eg_subject_look_at_check, NULL, &row->inquiry);
    }
}

/* Fills ROWS; what the list itself came to is in *RET_LIST. */
static void look_at_elements(struct eg_subject *subject, struct rows *rows,
                             struct eg_outcome *ret_list) {
    eg_map_init(&rows->by_key, subject->scratch);
    *ret_list = eg_explore(subject, eg_subject_look_at_list, visit_list, rows);
    /* An element that isn't in every scenario's list fails in some scenario only. */
    for (uint32_t i = 0; i < rows->count; i++)
        if (rows->items[i].lists < rows->lists || ret_list->mixed)
            rows->items[i].outcome.mixed = true;
    rows->is_empty = rows->lists > 0 && rows->count == 0;
}

/* ---- one rule on one object ---- */

static void judge_rows(struct judging *judging, struct eg_subject *subject, struct rows *rows,
                       const struct eg_outcome *list) {
    bool reported = false;
    const struct row *passed = NULL;
    struct eg_inquiry none = {0};
    if (list->verdict == EG_VERDICT_UNKNOWN && !list->impossible) {
        report(judging, subject, &none, list);
        reported = true;
    }
    for (uint32_t i = 0; i < rows->count; i++) {
        struct row *row = &rows->items[i];
        if (row->outcome.impossible)
            continue;
        if (row->outcome.verdict == EG_VERDICT_PASS && passed == NULL)
            passed = row;
        if (row->outcome.verdict < EG_VERDICT_UNKNOWN)
            continue;
        report(judging, subject, &row->inquiry, &row->outcome);
        reported = true;
    }
    if (reported)
        return;
    if (passed != NULL) {
        struct eg_inquiry inquiry = passed->inquiry;
        report(judging, subject, &inquiry, &passed->outcome);
    } else if (rows->is_empty) {
        const struct eg_outcome holds = {.verdict = EG_VERDICT_PASS};
        report(judging, subject, &none, &holds);
    }
}

static void judge_object(struct judging *judging, const struct eg_rule *rule,
                         const struct eg_node *node) {
    struct eg_subject subject;
    eg_arena_reset(&judging->scratch);
    eg_subject_init(&subject, rule, judging->model, node, &judging->scratch, judging->options);
    struct rows rows = {0};
    struct eg_outcome list = {.verdict = EG_VERDICT_PASS};
    if (rule->each != NULL)
        look_at_elements(&subject, &rows, &list);
    look_at_checks(&subject, &rows);
    judge_rows(judging, &subject, &rows, &list);
}

/* ---- stacks without a fault ---- */

/* Rules that judge problems have no object where nothing is wrong; then they hold for the stack.
 * How many results they have had in the stack that is being judged tells. */
struct faults {
    const struct eg_order *order;
    struct eg_order_list rules; /* those that match problems */
    uint32_t *counts;           /* of results, by place in the list */
    const struct eg_model *model;
    uint32_t stack; /* number of the one that is being judged */
};

static struct faults faults_begin(const struct eg_order *order, const struct eg_model *model) {
    struct faults faults = {
        .order = order, .rules = eg_order_list_of(order, EG_STR("problem")), .model = model};
    faults.counts = EG_NEW_ARRAY(model->arena, uint32_t, faults.rules.count);
    return faults;
}

static void note_faults(struct faults *faults, const struct eg_rule *rule, uint32_t results) {
    for (uint32_t i = 0; i < faults->rules.count; i++)
        if (faults->rules.rules[i] == rule)
            faults->counts[i] += results;
}

static void report_faultless(struct judging *judging, const struct eg_rule *rule,
                             const struct eg_node *stack) {
    struct eg_subject subject;
    struct eg_inquiry none = {0};
    const struct eg_outcome holds = {.verdict = EG_VERDICT_PASS};
    eg_arena_reset(&judging->scratch);
    eg_subject_init(&subject, rule, judging->model, stack, &judging->scratch, judging->options);
    report(judging, &subject, &none, &holds);
}

/* Ends the judging of all stacks before number STACK. One that shares its name with an earlier
 * stack has its problems counted there. */
static void end_stacks(struct judging *judging, struct faults *faults, uint32_t stack) {
    const struct eg_system *system = faults->model->system;
    const struct eg_model_kind *stacks = eg_model_kind(faults->model, EG_STR("stack"));
    for (; faults->stack < stack && faults->stack < system->stack_count; faults->stack++) {
        const uint32_t *number =
            eg_map_get(&faults->order->stacks, system->stacks[faults->stack]->name);
        for (uint32_t i = 0; i < faults->rules.count; i++) {
            if (faults->counts[i] == 0 && number != NULL && *number == faults->stack)
                report_faultless(judging, faults->rules.rules[i], stacks->objects[faults->stack]);
            faults->counts[i] = 0;
        }
    }
}

/* ---- the model ---- */

struct eg_results eg_judge(const struct eg_policy *policy, struct eg_model *model,
                           const struct eg_judge_options *options) {
    static const struct eg_judge_options no_options;
    struct eg_scenario *scenario = &model->system->scenario;
    struct eg_arena *arena = scenario->arena;
    struct judging judging = {.model = model, .options = options == NULL ? &no_options : options};
    eg_arena_init(&judging.scratch);
    eg_map_init(&judging.fingerprints, model->arena);
    struct eg_order order;
    eg_order_make(&order, policy, model);
    struct faults faults = faults_begin(&order, model);
    scenario->arena = &judging.scratch;
    for (uint32_t i = 0; i < order.count; i++) {
        struct eg_order_rules rules = eg_order_rules(&order, &order.objects[i]);
        end_stacks(&judging, &faults, order.objects[i].stack);
        for (const struct eg_rule *rule = eg_order_next(&rules); rule != NULL;
             rule = eg_order_next(&rules)) {
            uint32_t before = judging.results.count;
            judge_object(&judging, rule, order.objects[i].node);
            note_faults(&faults, rule, judging.results.count - before);
        }
    }
    end_stacks(&judging, &faults, UINT32_MAX);
    scenario->arena = arena;
    eg_arena_done(&judging.scratch);
    return judging.results;
}
