/* Facts of task definitions as a whole: sizes and structure. The checks are in structure*.c. */
#include "model/facts.h"
#include "model/structure.h"

/* ---- size ---- */

/* A number with a unit as an integer; what is not known stays so. */
static const struct eg_node *number_of(const struct eg_item *task, const struct eg_node *text,
                                       int64_t (*parse)(struct eg_str)) {
    if (text->kind == EG_UNKNOWN || text->kind == EG_PARTIAL || text->kind == EG_REFERENCE)
        return text->kind == EG_UNKNOWN ? text : eg_item_outside(task, text);
    int64_t number = parse(eg_node_text(text));
    return number < 0 ? eg_node_absent() : eg_node_int(task->build->arena, number, text);
}

static const struct eg_node *task_cpu_units(struct eg_scenario *scenario,
                                            const struct eg_item *task) {
    return number_of(task, eg_item_given(scenario, task, "cpu"), eg_structure_cpu_units);
}

static const struct eg_node *task_memory_mib(struct eg_scenario *scenario,
                                             const struct eg_item *task) {
    return number_of(task, eg_item_given(scenario, task, "memory"), eg_structure_memory_mib);
}

/* If the system is not known, what both say counts: Windows has fewer sizes. */
static const struct eg_node *task_fargate_size(struct eg_scenario *scenario,
                                               const struct eg_item *task) {
    const struct eg_node *cpu = eg_item_given(scenario, task, "cpu");
    const struct eg_node *memory = eg_item_given(scenario, task, "memory");
    const struct eg_node *os = eg_item_get(scenario, task, "os");
    struct eg_arena *arena = task->build->arena;
    if (os->kind != EG_UNKNOWN)
        return eg_structure_fargate_problem(arena, cpu, memory, eg_node_is_string(os, "WINDOWS"));
    const struct eg_node *linux_ = eg_structure_fargate_problem(arena, cpu, memory, false);
    const struct eg_node *windows = eg_structure_fargate_problem(arena, cpu, memory, true);
    bool wrong_on_windows = windows->kind == EG_STRING && windows->as.text.length > 0;
    bool right_on_linux = linux_->kind == EG_STRING && linux_->as.text.length == 0;
    return right_on_linux && wrong_on_windows ? os : linux_;
}

/* ---- structure ---- */

/* LIST with what was left OPEN as unknown elements. But if a scenario can decide it, that is what
 * the whole list hangs on. */
static const struct eg_node *with_open(struct eg_scenario *scenario, const struct eg_item *task,
                                       struct eg_list_builder *list, struct eg_list open) {
    for (uint32_t i = 0; i < open.count; i++) {
        const struct eg_node *value = open.items[i];
        if (value->kind == EG_UNKNOWN && eg_scenario_is_open(scenario, value->as.unknown))
            return value;
        eg_list_add(list, value->kind == EG_UNKNOWN ? value : eg_item_outside(task, value));
    }
    return eg_list_node(list, task->node);
}

static const struct eg_node *task_structure(struct eg_scenario *scenario,
                                            const struct eg_item *task) {
    struct eg_structure_problems problems = eg_structure_check(scenario, task->node);
    struct eg_list_builder list;
    eg_list_begin(&list, task->build->arena);
    for (uint32_t i = 0; i < problems.count; i++) {
        const struct eg_structure_problem *problem = &problems.items[i];
        struct eg_item *item = eg_item_part(task, "StructureProblem", problem->at);
        eg_item_set_text(item, "code", eg_str_from(problem->code));
        eg_item_set_text(item, "message", problem->message);
        eg_item_set_text(item, "path", problem->path);
        eg_list_add(&list, item->node);
    }
    return with_open(scenario, task, &list, problems.open);
}

static const struct eg_node *task_unsupported(struct eg_scenario *scenario,
                                              const struct eg_item *task) {
    struct eg_structure_uses uses = eg_structure_unsupported(scenario, task->node);
    struct eg_list_builder list;
    eg_list_begin(&list, task->build->arena);
    for (uint32_t i = 0; i < uses.count; i++) {
        const struct eg_structure_use *use = &uses.items[i];
        struct eg_item *item = eg_item_part(task, "UnsupportedSetting", use->at);
        eg_item_set_text(item, "setting", eg_str_from(use->setting));
        eg_item_set_text(item, "platform", eg_str_from(use->platform));
        eg_item_set_text(item, "message", use->message);
        eg_item_set_text(item, "path", use->path);
        eg_list_add(&list, item->node);
    }
    return with_open(scenario, task, &list, uses.open);
}

const struct eg_fact eg_facts_structure[] = {
    {"taskDefinition", "cpuUnits", task_cpu_units},
    {"taskDefinition", "memoryMib", task_memory_mib},
    {"taskDefinition", "fargateSizeProblem", task_fargate_size},
    {"taskDefinition", "structureProblems", task_structure},
    {"taskDefinition", "unsupportedSettings", task_unsupported},
    {NULL, NULL, NULL},
};
