/* Keeping problems and errors in the order they are found. */
#include "load/loader.h"

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 2, 0))) static struct eg_str
format_text(struct eg_arena *arena, const char *format, va_list arguments) {
    char text[1024];
    int length = vsnprintf(text, sizeof text, format, arguments);
    size_t kept = length < 0 ? 0 : (size_t)length;
    if (kept >= sizeof text)
        kept = sizeof text - 1;
    return eg_str_copy(arena, (struct eg_str){text, kept});
}

static struct eg_problem *append(struct eg_problems *problems, struct eg_arena *arena,
                                 const char *code, const struct eg_node *at, struct eg_str text) {
    struct eg_problem *problem = EG_NEW(arena, struct eg_problem);
    *problem = (struct eg_problem){.code = code, .message = text, .at = at};
    if (problems->last == NULL)
        problems->first = problem;
    else
        problems->last->next = problem;
    problems->last = problem;
    return problem;
}

struct eg_problem *eg_problem_add(struct eg_problems *problems, struct eg_arena *arena,
                                  const char *code, const struct eg_node *at, const char *format,
                                  ...) {
    va_list arguments;
    va_start(arguments, format);
    struct eg_str text = format_text(arena, format, arguments);
    va_end(arguments);
    return append(problems, arena, code, at, text);
}

struct eg_problem *eg_load_problem(struct eg_loader *loader, struct eg_template *template_,
                                   const char *code, const struct eg_node *at, const char *format,
                                   ...) {
    va_list arguments;
    va_start(arguments, format);
    struct eg_str text = format_text(loader->arena, format, arguments);
    va_end(arguments);
    struct eg_problem *problem = append(&loader->input->problems, loader->arena, code, at, text);
    problem->template_ = template_;
    return problem;
}

struct eg_error *eg_error_list_add(struct eg_error_list *list, struct eg_arena *arena) {
    if (list->count == list->capacity) {
        uint32_t larger = list->capacity == 0 ? 4 : list->capacity * 2;
        list->items = eg_arena_grow(arena, list->items, list->capacity * sizeof *list->items,
                                    larger * sizeof *list->items);
        list->capacity = larger;
    }
    struct eg_error *error = EG_NEW(arena, struct eg_error);
    list->items[list->count++] = error;
    return error;
}
