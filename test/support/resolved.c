/* See resolved.h. */
#include "support/resolved.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void resolved_begin(struct resolved *resolved) {
    *resolved = (struct resolved){0};
    eg_arena_init(&resolved->arena);
    eg_parameters_init(&resolved->parameters, &resolved->arena);
    resolved->options.parameters = &resolved->parameters;
}

void resolved_parameter(struct resolved *resolved, const char *assignment) {
    struct eg_error error = {0};
    assert_true(eg_parameters_add(&resolved->parameters, &resolved->arena, eg_str_from(assignment),
                                  &error));
}

void resolved_add(struct resolved *resolved, const char *name, const char *text) {
    struct eg_document document;
    struct eg_error error = {0};
    if (!eg_read(&resolved->arena, eg_str_from(name), eg_str_from(text), &document, &error))
        fail_msg("%s:%u:%u: %s", error.file, error.line, error.column, error.text);
    struct eg_input *input = EG_NEW(&resolved->arena, struct eg_input);
    assert_true(
        eg_load_document(&resolved->arena, &document, EG_STR(""), input, &resolved->errors));
    resolved->inputs[resolved->input_count++] = input;
}

void resolved_add_path(struct resolved *resolved, const char *path) {
    struct eg_str paths[] = {eg_str_from(path)};
    struct eg_input_list found = eg_load_find(&resolved->arena, paths, 1, &resolved->errors);
    for (uint32_t i = 0; i < found.count; i++) {
        struct eg_input *input = EG_NEW(&resolved->arena, struct eg_input);
        if (eg_load_input(&resolved->arena, &found.items[i], input, &resolved->errors) &&
            !input->skipped)
            resolved->inputs[resolved->input_count++] = input;
    }
}

void resolved_run(struct resolved *resolved) {
    resolved->system =
        eg_resolve(&resolved->arena, resolved->inputs, resolved->input_count, &resolved->options);
}

void resolved_done(struct resolved *resolved) {
    eg_arena_done(&resolved->arena);
}

const struct eg_resource *resolved_resource(const struct resolved *resolved, const char *stack,
                                            const char *logical_id) {
    const struct eg_system *system = resolved->system;
    for (uint32_t i = 0; i < system->stack_count; i++) {
        const struct eg_resource *found =
            eg_map_get(&system->stacks[i]->by_logical_id, eg_str_from(logical_id));
        if (found != NULL && (stack == NULL || eg_str_is(system->stacks[i]->name, stack)))
            return found;
    }
    fail_msg("no resource %s", logical_id);
    return NULL;
}

/* NODE with its lazy values computed, however deep. */
static const struct eg_node *computed(struct eg_scenario *scenario, const struct eg_node *node) {
    if (node->kind == EG_LAZY)
        node = eg_scenario_force(scenario, node);
    if (node->kind == EG_LIST || node->kind == EG_PARTIAL) {
        struct eg_list_builder builder;
        eg_list_begin(&builder, scenario->lasting);
        for (uint32_t i = 0; i < node->as.list.count; i++)
            eg_list_add(&builder, computed(scenario, node->as.list.items[i]));
        struct eg_node *made = eg_node_new(scenario->lasting, (enum eg_kind)node->kind, node);
        made->as.list = eg_list_end(&builder);
        return made;
    }
    if (node->kind == EG_MAP) {
        struct eg_map_builder builder;
        eg_map_begin(&builder, scenario->lasting);
        for (uint32_t i = 0; i < node->as.map.count; i++)
            (void)eg_map_add(&builder, node->as.map.items[i].key, 0,
                             computed(scenario, node->as.map.items[i].value), NULL);
        return eg_map_node(&builder, node);
    }
    return node;
}

const char *resolved_json(struct resolved *resolved, const struct eg_node *node) {
    if (node == NULL)
        return "absent";
    struct eg_buf buf;
    eg_buf_init(&buf);
    eg_write_json(&buf, computed(&resolved->system->scenario, node), 0);
    struct eg_str text = eg_str_copy(&resolved->arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return text.data;
}

const char *resolved_property(struct resolved *resolved, const char *logical_id, const char *name) {
    const struct eg_resource *resource = resolved_resource(resolved, NULL, logical_id);
    return resolved_json(resolved, eg_resource_property(resource, name));
}

const char *resolved_problems(struct resolved *resolved) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    for (const struct eg_problem *problem = resolved->system->problems.first; problem != NULL;
         problem = problem->next)
        eg_buf_printf(&buf, "%s%s %.*s\n", problem->code, problem->unknown ? "?" : "",
                      EG_STR_ARGS(problem->message));
    struct eg_str text = eg_str_copy(&resolved->arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return text.data;
}

struct eg_variable *resolved_variable(const struct resolved *resolved, const char *name) {
    for (uint32_t i = 0; i < resolved->system->variable_count; i++)
        if (eg_str_is(resolved->system->variables[i]->name, name))
            return resolved->system->variables[i];
    fail_msg("no variable %s", name);
    return NULL;
}
