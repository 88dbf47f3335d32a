/* Explaining: how one rule was evaluated on each object, as a tree with values. Called by `ecsgate
 * check --explain`. */
#include "policy/judge.h"

#include "base/buf.h"
#include "policy/order.h"
#include "policy/subject.h"

enum { VALUE_WIDTH = 200 };

struct explaining {
    struct eg_subject *subject;
    struct eg_buf *out;
    size_t width;
    int indent;
};

static void line(const struct explaining *explaining, const char *what, struct eg_str name) {
    eg_buf_printf(explaining->out, "%*s%s%.*s\n", explaining->indent, "", what, EG_STR_ARGS(name));
}

/* The tree of PROGRAM under TITLE, indented below it. */
static void tree(const struct explaining *explaining, const char *title,
                 const struct eg_cel_program *program) {
    if (program == NULL)
        return;
    line(explaining, title, EG_STR(""));
    eg_cel_explain(program, &explaining->subject->frame, explaining->indent + 2, explaining->width,
                   explaining->out);
}

static void explain_lets(const struct explaining *explaining, bool of_element) {
    const struct eg_rule *rule = explaining->subject->rule;
    for (uint32_t i = 0; i < rule->let_count; i++) {
        if (rule->lets[i].of_element != of_element)
            continue;
        struct eg_str title = eg_str_format(explaining->subject->scratch, "let %.*s",
                                            EG_STR_ARGS(rule->lets[i].name));
        tree(explaining, title.data, rule->lets[i].program);
    }
}

static void explain_check(struct explaining *explaining, struct eg_inquiry *inquiry) {
    struct eg_subject *subject = explaining->subject;
    struct eg_outcome outcome = eg_explore(subject, eg_subject_look_at_check, NULL, inquiry);
    struct eg_str name = inquiry->check->name;
    eg_buf_printf(explaining->out, "%*scheck%s%.*s: %s", explaining->indent, "",
                  name.length > 0 ? " " : "", EG_STR_ARGS(name),
                  outcome.impossible ? "can't come about" : eg_verdict_name(outcome.verdict));
    for (uint32_t i = 0; i < outcome.path_count; i++)
        eg_subject_assume(subject, outcome.path[i].variable, outcome.path[i].value);
    if (outcome.path_count > 0) {
        struct eg_str scenario =
            eg_scenario_text(subject->scenario, subject->scratch,
                             (const struct eg_variable *const *)subject->model->system->variables);
        eg_buf_printf(explaining->out, ", where %.*s", EG_STR_ARGS(scenario));
    }
    eg_buf_putc(explaining->out, '\n');
    explaining->indent += 2;
    tree(explaining, "when", inquiry->check->when);
    tree(explaining, "assert", inquiry->check->assertion);
    explaining->indent -= 2;
    for (uint32_t i = 0; i < outcome.path_count; i++)
        eg_subject_retract(subject);
}

/* The checks of ELEMENT; NULL: those of the object itself. */
static void explain_checks(struct explaining *explaining, const struct eg_node *element) {
    const struct eg_rule *rule = explaining->subject->rule;
    for (uint32_t i = 0; i < rule->check_count; i++) {
        if (rule->checks[i].of_element != (element != NULL))
            continue;
        struct eg_inquiry inquiry = {.check = &rule->checks[i], .element = element};
        explain_check(explaining, &inquiry);
    }
}

static void explain_elements(struct explaining *explaining) {
    struct eg_subject *subject = explaining->subject;
    tree(explaining, "each", subject->rule->each);
    const struct eg_node *list = eg_cel_eval(subject->rule->each, &subject->frame);
    for (uint32_t i = 0; list->kind == EG_LIST && i < list->as.list.count; i++) {
        const struct eg_node *element = list->as.list.items[i];
        eg_subject_set_element(subject, element);
        struct eg_str value = eg_cel_show(subject->scratch, subject->scenario, element,
                                          explaining->width > 0 ? explaining->width : VALUE_WIDTH);
        eg_buf_printf(explaining->out, "%*s%.*s = %.*s\n", explaining->indent, "",
                      EG_STR_ARGS(subject->rule->each_name), EG_STR_ARGS(value));
        explaining->indent += 2;
        explain_lets(explaining, true);
        explain_checks(explaining, element);
        explaining->indent -= 2;
    }
}

static void explain_object(struct explaining *explaining) {
    struct eg_subject *subject = explaining->subject;
    struct eg_str name = eg_node_text(eg_model_name(subject->object, subject->scenario));
    eg_buf_printf(explaining->out, "%.*s, %.*s", EG_STR_ARGS(subject->rule->id),
                  EG_STR_ARGS(subject->object->type->name));
    if (name.length > 0)
        eg_buf_printf(explaining->out, " %.*s", EG_STR_ARGS(name));
    if (subject->resource != NULL)
        eg_buf_printf(explaining->out, " of %.*s", EG_STR_ARGS(subject->resource->logical_id));
    eg_buf_putc(explaining->out, '\n');
    explaining->indent = 2;
    tree(explaining, "when", subject->rule->when);
    explain_lets(explaining, false);
    if (subject->rule->each != NULL)
        explain_elements(explaining);
    explain_checks(explaining, NULL);
}

void eg_judge_explain(const struct eg_rule *rule, struct eg_model *model, size_t width,
                      struct eg_buf *buf) {
    struct eg_scenario *scenario = &model->system->scenario;
    struct eg_arena *arena = scenario->arena, scratch;
    eg_arena_init(&scratch);
    const struct eg_policy one = {.rules = (struct eg_rule *[]){(struct eg_rule *)(uintptr_t)rule},
                                  .rule_count = 1};
    struct eg_order order;
    eg_order_make(&order, &one, model);
    scenario->arena = &scratch;
    for (uint32_t i = 0; i < order.count; i++) {
        struct eg_subject subject;
        eg_arena_reset(&scratch);
        eg_subject_init(&subject, rule, model, order.objects[i].node, &scratch, NULL);
        struct explaining explaining = {.subject = &subject, .out = buf, .width = width};
        explain_object(&explaining);
    }
    scenario->arena = arena;
    eg_arena_done(&scratch);
}
