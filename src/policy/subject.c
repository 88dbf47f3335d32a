/* Looking at one object through one rule; see subject.h. Called by judge.c and describe.c. */
#include "policy/subject.h"

#include "base/limits.h"

/* ---- variables ---- */

struct let_context {
    struct eg_subject *subject;
    const struct eg_cel_program *program;
};

/* The value lasts as long as the rule is on this object: it's made in the frame's arena, not in the
 * one for lasting values. */
static const struct eg_node *compute_let(struct eg_scenario *scenario, const void *context) {
    const struct let_context *let = context;
    struct eg_arena *arena = scenario->arena;
    scenario->arena = let->subject->scratch;
    const struct eg_node *value = eg_cel_eval(let->program, &let->subject->frame);
    scenario->arena = arena;
    return value;
}

static const struct eg_node *lazy_let(struct eg_subject *subject, const struct eg_let *let) {
    struct let_context *context = EG_NEW(subject->scratch, struct let_context);
    *context = (struct let_context){subject, let->program};
    struct eg_lazy *lazy = EG_NEW(subject->scratch, struct eg_lazy);
    *lazy = (struct eg_lazy){.compute = compute_let, .context = context};
    struct eg_node *node = eg_node_new(subject->scratch, EG_LAZY, NULL);
    node->as.lazy = lazy;
    return node;
}

static void set_lets(struct eg_subject *subject, bool only_of_element) {
    const struct eg_rule *rule = subject->rule;
    for (uint32_t i = 0; i < rule->let_count; i++)
        if (!only_of_element || rule->lets[i].of_element)
            subject->values[EG_VARIABLE_FIRST_LET + i] = lazy_let(subject, &rule->lets[i]);
}

void eg_subject_init(struct eg_subject *subject, const struct eg_rule *rule, struct eg_model *model,
                     const struct eg_node *node, struct eg_arena *scratch,
                     const struct eg_judge_options *options) {
    uint32_t scenarios = options == NULL ? 0 : options->scenario_limit;
    uint64_t steps = options == NULL ? 0 : options->step_limit;
    subject->rule = rule;
    subject->model = model;
    subject->node = node;
    subject->object = node->as.object;
    subject->resource = eg_model_resource(node->as.object);
    subject->scratch = scratch;
    subject->scenario = &model->system->scenario;
    subject->scenario_limit = scenarios == 0 ? EG_LIMIT_SCENARIOS : scenarios;
    subject->assumed_count = 0;
    subject->values =
        EG_NEW_ARRAY(scratch, const struct eg_node *, EG_VARIABLE_FIRST_LET + rule->let_count);
    subject->values[EG_VARIABLE_OBJECT] = node;
    subject->values[EG_VARIABLE_PARAMS] = rule->params_object;
    subject->values[EG_VARIABLE_ELEMENT] = eg_node_null();
    subject->frame = (struct eg_cel_frame){
        .arena = scratch,
        .scenario = subject->scenario,
        .values = subject->values,
        .coverage = options == NULL ? NULL : options->coverage,
        .step_limit = steps == 0 ? EG_LIMIT_EVALUATION_STEPS : steps,
    };
    set_lets(subject, false);
}

void eg_subject_set_element(struct eg_subject *subject, const struct eg_node *element) {
    if (subject->values[EG_VARIABLE_ELEMENT] == element)
        return;
    subject->values[EG_VARIABLE_ELEMENT] = element;
    set_lets(subject, true);
}

const struct eg_let *eg_subject_let(const struct eg_subject *subject, struct eg_str expression) {
    for (uint32_t i = 0; i < subject->rule->let_count; i++)
        if (eg_str_equal(subject->rule->lets[i].name, expression))
            return &subject->rule->lets[i];
    return NULL;
}

/* ---- what could decide an unknown ---- */

static const struct eg_unknown *open_in(const struct eg_subject *subject,
                                        const struct eg_node *value) {
    if (value->kind == EG_UNKNOWN)
        return eg_scenario_is_open(subject->scenario, value->as.unknown) ? value->as.unknown : NULL;
    if (value->kind != EG_PARTIAL)
        return NULL;
    for (uint32_t i = 0; i < value->as.list.count; i++) {
        const struct eg_node *piece = eg_scenario_force(subject->scenario, value->as.list.items[i]);
        if (piece->kind == EG_UNKNOWN && eg_scenario_is_open(subject->scenario, piece->as.unknown))
            return piece->as.unknown;
    }
    return NULL;
}

/* The unknown to explore for an unknown VALUE of PROGRAM: behind the value itself, else among
 * everything that would decide it. */
static const struct eg_unknown *find_open(struct eg_subject *subject,
                                          const struct eg_cel_program *program,
                                          const struct eg_node *value) {
    enum { MOST_CAUSES = 16 };
    const struct eg_unknown *open = open_in(subject, value);
    if (open != NULL || subject->scenario->variable_count == 0)
        return open;
    struct eg_cel_causes causes =
        eg_cel_blame(program, &subject->frame, subject->scratch, MOST_CAUSES);
    for (uint32_t i = 0; i < causes.count && open == NULL; i++)
        open = open_in(subject, eg_scenario_force(subject->scenario, causes.items[i].value));
    return open;
}

/* ---- looks ---- */

static const struct eg_look impossible = {.impossible = true};

static bool is_impossible(const struct eg_subject *subject) {
    return eg_model_exists(subject->object, subject->scenario) == EG_FALSE;
}

/* What PROGRAM (NULL: true) says as a demand: pass, fail or unknown. */
static struct eg_look look_at(struct eg_subject *subject, const struct eg_cel_program *program) {
    struct eg_look look = {.verdict = EG_VERDICT_PASS, .program = program};
    if (program == NULL)
        return look;
    const struct eg_node *value = eg_cel_eval(program, &subject->frame);
    if (value->kind == EG_BOOL) {
        look.verdict = value->as.boolean ? EG_VERDICT_PASS : EG_VERDICT_FAIL;
        return look;
    }
    look.verdict = EG_VERDICT_UNKNOWN;
    look.value = value;
    if (value->kind == EG_UNKNOWN || value->kind == EG_PARTIAL)
        look.open = find_open(subject, program, value);
    return look;
}

static bool is_error(const struct eg_look *look) {
    return look->value != NULL && look->value->kind == EG_ERROR;
}

/* Joins an earlier look at a `when` with one at what it guards. */
static struct eg_look guarded(const struct eg_look *when, const struct eg_look *inner) {
    if (when->verdict == EG_VERDICT_PASS || inner->verdict == EG_VERDICT_PASS)
        return *inner;
    if (when->open == NULL && inner->open != NULL)
        return *inner;
    return *when;
}

static const struct eg_look not_applicable = {.verdict = EG_VERDICT_NOT_APPLICABLE};

/* An element that a condition hides: what it is, or whether it is one, shows once the condition is
 * assumed. (A choice that stands in the list itself is judged as its element.) */
static const struct eg_unknown *hidden_element(const struct eg_subject *subject,
                                               const struct eg_list *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        const struct eg_node *element = list->items[i];
        if (element->kind == EG_UNKNOWN && element->as.unknown->why == EG_WHY_CONDITION &&
            eg_scenario_is_open(subject->scenario, element->as.unknown))
            return element->as.unknown;
    }
    return NULL;
}

struct eg_look eg_subject_look_at_list(struct eg_subject *subject, void *context) {
    (void)context;
    if (is_impossible(subject))
        return impossible;
    struct eg_look when = look_at(subject, subject->rule->when);
    if (when.verdict == EG_VERDICT_FAIL)
        return not_applicable;
    if (is_error(&when) || when.open != NULL)
        return when;
    struct eg_look look = {.verdict = EG_VERDICT_PASS, .program = subject->rule->each};
    look.value = eg_cel_eval(subject->rule->each, &subject->frame);
    if (look.value->kind == EG_LIST) {
        look.open = hidden_element(subject, &look.value->as.list);
        return look;
    }
    look.verdict = EG_VERDICT_UNKNOWN;
    if (look.value->kind == EG_UNKNOWN)
        look.open = find_open(subject, subject->rule->each, look.value);
    return look;
}

struct eg_look eg_subject_look_at_check(struct eg_subject *subject, void *context) {
    const struct eg_inquiry *inquiry = context;
    if (is_impossible(subject))
        return impossible;
    struct eg_look when = look_at(subject, subject->rule->when);
    if (when.verdict == EG_VERDICT_FAIL)
        return not_applicable;
    if (is_error(&when))
        return when;
    if (inquiry->element != NULL) {
        if (eg_scenario_force(subject->scenario, inquiry->element)->kind == EG_ABSENT)
            return not_applicable;
        eg_subject_set_element(subject, inquiry->element);
    }
    struct eg_look check_when = look_at(subject, inquiry->check->when);
    if (check_when.verdict == EG_VERDICT_FAIL)
        return not_applicable;
    if (is_error(&check_when))
        return check_when;
    struct eg_look look = look_at(subject, inquiry->check->assertion);
    look = guarded(&check_when, &look);
    return guarded(&when, &look);
}
