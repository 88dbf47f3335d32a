/* Exploring scenarios; see explore.h. Called by judge.c.
 *
 * How branches are merged depends on why the tree forked. A condition (Fn::If) makes the template
 * mean one thing or the other, and a deployment may choose either: the worst branch counts, and is
 * named. A parameter that is used as a value and has AllowedValues is a question to the user: if
 * the values don't agree, the verdict is unknown, and the answer that fails is named.
 */
#include "policy/explore.h"

#include <string.h>

struct exploration {
    struct eg_subject *subject;
    eg_explore_look *look;
    eg_explore_visit *visit;
    void *context;
    uint32_t leaves;
    uint32_t questions; /* parameters among what is assumed now */
    bool failed, held;  /* some branch without questions failed; some branch didn't */
};

/* ---- assumptions ---- */

void eg_subject_assume(struct eg_subject *subject, const struct eg_variable *variable,
                       int32_t value) {
    subject->epochs[subject->assumed_count] = subject->scenario->epoch;
    subject->assumed[subject->assumed_count++] = (struct eg_assumption){variable, value};
    eg_scenario_assign(subject->scenario, variable, value);
}

void eg_subject_retract(struct eg_subject *subject) {
    const struct eg_assumption *last = &subject->assumed[--subject->assumed_count];
    eg_scenario_assign(subject->scenario, last->variable, EG_UNASSIGNED);
    /* Nothing is assumed now that wasn't before: what was computed then is still right. */
    subject->scenario->epoch = subject->epochs[subject->assumed_count];
}

static void keep_path(struct eg_subject *subject, struct eg_outcome *outcome) {
    outcome->path_count = subject->assumed_count;
    outcome->path = EG_NEW_ARRAY(subject->scratch, struct eg_assumption, subject->assumed_count);
    if (subject->assumed_count > 0)
        memcpy(outcome->path, subject->assumed, subject->assumed_count * sizeof *outcome->path);
}

/* ---- merging ---- */

void eg_outcome_join(struct eg_outcome *outcome, const struct eg_outcome *other) {
    if (other->impossible)
        return;
    if (outcome->impossible) {
        *outcome = *other;
        return;
    }
    bool mixed = outcome->mixed || other->mixed || outcome->verdict != other->verdict;
    if (other->verdict > outcome->verdict)
        *outcome = *other;
    outcome->mixed = mixed;
}

/* "parameter ReadOnly has no value; it fails with 'false'". */
static struct eg_str question(const struct eg_subject *subject, const struct eg_unknown *open,
                              const struct eg_str *failing, uint32_t count) {
    struct eg_arena *arena = subject->scratch;
    struct eg_str text = eg_unknown_text(arena, open);
    for (uint32_t i = 0; i < count; i++)
        text = eg_str_format(arena, "%.*s%s'%.*s'", EG_STR_ARGS(text),
                             i == 0 ? "; it fails with " : ", ", EG_STR_ARGS(failing[i]));
    return text;
}

/* ---- the tree ---- */

static struct eg_outcome explore(struct exploration *exploration);

static struct eg_outcome leaf(struct exploration *exploration, const struct eg_look *look) {
    struct eg_subject *subject = exploration->subject;
    struct eg_outcome outcome = {.verdict = look->verdict, .impossible = look->impossible};
    exploration->leaves++;
    if (look->impossible)
        return outcome;
    if (look->verdict != EG_VERDICT_FAIL)
        exploration->held = true;
    else if (exploration->questions == 0)
        exploration->failed = true;
    keep_path(subject, &outcome);
    if (exploration->visit != NULL)
        exploration->visit(subject, exploration->context, look);
    return outcome;
}

/* Nothing that other branches say can change the verdict any more. */
static bool is_settled(const struct exploration *exploration) {
    return exploration->failed && exploration->held && exploration->visit == NULL;
}

static uint32_t value_count(const struct eg_variable *variable) {
    return variable->count + (variable->open && !variable->condition ? 1 : 0);
}

static struct eg_outcome fork_condition(struct exploration *exploration,
                                        const struct eg_variable *variable) {
    struct eg_outcome outcome = {.impossible = true};
    for (uint32_t i = 0; i < value_count(variable) && !is_settled(exploration); i++) {
        eg_subject_assume(exploration->subject, variable, (int32_t)i);
        struct eg_outcome branch = explore(exploration);
        eg_subject_retract(exploration->subject);
        eg_outcome_join(&outcome, &branch);
    }
    return outcome;
}

static struct eg_outcome fork_parameter(struct exploration *exploration,
                                        const struct eg_unknown *open) {
    struct eg_subject *subject = exploration->subject;
    const struct eg_variable *variable = open->variable;
    struct eg_outcome outcome = {.impossible = true};
    struct eg_str *failing = EG_NEW_ARRAY(subject->scratch, struct eg_str, variable->count);
    uint32_t failing_count = 0;
    bool differ = false;
    exploration->questions++;
    for (uint32_t i = 0; i < variable->count; i++) {
        eg_subject_assume(subject, variable, (int32_t)i);
        struct eg_outcome branch = explore(exploration);
        eg_subject_retract(subject);
        if (!branch.impossible && branch.verdict == EG_VERDICT_FAIL)
            failing[failing_count++] = eg_node_text(variable->values[i]);
        differ = differ ||
                 (!branch.impossible && !outcome.impossible && branch.verdict != outcome.verdict);
        eg_outcome_join(&outcome, &branch);
    }
    exploration->questions--;
    if (!differ || outcome.verdict != EG_VERDICT_FAIL) {
        if (outcome.verdict == EG_VERDICT_FAIL && exploration->questions == 0)
            exploration->failed = true;
        return outcome;
    }
    outcome = (struct eg_outcome){
        .verdict = EG_VERDICT_UNKNOWN,
        .reason = question(subject, open, failing, failing_count),
    };
    keep_path(subject, &outcome);
    return outcome;
}

static struct eg_outcome give_up(struct exploration *exploration, const struct eg_look *look) {
    struct eg_outcome outcome = leaf(exploration, look);
    if (look->verdict == EG_VERDICT_UNKNOWN)
        outcome.reason = eg_str_format(
            exploration->subject->scratch,
            "it hangs on more scenarios than the %u that are looked at; give parameters a value, "
            "or raise --scenarios",
            exploration->subject->scenario_limit);
    return outcome;
}

/* The recursion is bounded: each level assumes one more variable. */
static struct eg_outcome explore(struct exploration *exploration) {
    struct eg_subject *subject = exploration->subject;
    struct eg_look look = exploration->look(subject, exploration->context);
    if (look.impossible || look.open == NULL)
        return leaf(exploration, &look);
    if (exploration->leaves >= subject->scenario_limit ||
        subject->assumed_count == EG_EXPLORE_DEPTH)
        return give_up(exploration, &look);
    if (look.open->why == EG_WHY_PARAMETER)
        return fork_parameter(exploration, look.open);
    return fork_condition(exploration, look.open->variable);
}

struct eg_outcome eg_explore(struct eg_subject *subject, eg_explore_look *look,
                             eg_explore_visit *visit, void *context) {
    struct exploration exploration = {
        .subject = subject, .look = look, .visit = visit, .context = context};
    return explore(&exploration);
}

/* ---- the smallest failing scenario ---- */

/* Does it fail, whatever else is assumed, under all of PATH but the assumption number LEFT_OUT? */
static bool fails_without(struct eg_subject *subject, eg_explore_look *look, void *context,
                          const struct eg_assumption *path, uint32_t count, uint32_t left_out) {
    for (uint32_t i = 0; i < count; i++)
        if (i != left_out)
            eg_subject_assume(subject, path[i].variable, path[i].value);
    struct eg_outcome outcome = eg_explore(subject, look, NULL, context);
    for (uint32_t i = 0; i + 1 < count; i++)
        eg_subject_retract(subject);
    return !outcome.impossible && outcome.verdict == EG_VERDICT_FAIL && !outcome.mixed;
}

struct eg_assumption *eg_outcome_core(struct eg_subject *subject, eg_explore_look *look,
                                      void *context, const struct eg_outcome *outcome,
                                      uint32_t *ret_count) {
    uint32_t count = outcome->path_count;
    struct eg_assumption *core = EG_NEW_ARRAY(subject->scratch, struct eg_assumption, count);
    if (count > 0)
        memcpy(core, outcome->path, count * sizeof *core);
    for (uint32_t i = 0; i < count;) {
        if (!fails_without(subject, look, context, core, count, i)) {
            i++;
            continue;
        }
        count--;
        memmove(&core[i], &core[i + 1], (count - i) * sizeof *core);
    }
    *ret_count = count;
    return core;
}
