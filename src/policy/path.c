/* Reading and showing the way of a result; see path.h. Called by describe.c; the texts are of
 * everyone who shows results. */
#include "policy/path.h"

#include "base/buf.h"
#include "node/text.h"
#include "policy/subject.h"

enum { MOST_STEPS = 32 };

/* ---- reading ---- */

static struct eg_str text_field(const struct eg_subject *subject, struct eg_arena *arena,
                                const struct eg_object *step, const char *name) {
    const struct eg_node *value =
        eg_scenario_force(subject->scenario, eg_object_get(step, eg_str_from(name)));
    if (value->flags & EG_FLAG_SECRET || !eg_text_is(value))
        return EG_STR("");
    if (value->kind == EG_STRING)
        return eg_str_copy(arena, value->as.text);
    return eg_str_copy(arena, eg_text_show(subject->scratch, value));
}

static struct eg_step read_step(const struct eg_subject *subject, struct eg_arena *arena,
                                const struct eg_object *step) {
    const struct eg_node *raw = step->raw;
    return (struct eg_step){
        .role = text_field(subject, arena, step, "role"),
        .name = text_field(subject, arena, step, "name"),
        .id = text_field(subject, arena, step, "id"),
        .protocol = text_field(subject, arena, step, "protocol"),
        .ports = text_field(subject, arena, step, "ports"),
        .source = text_field(subject, arena, step, "source"),
        .at = raw != NULL && raw->source != NULL ? eg_node_new(arena, EG_NULL, raw) : NULL,
    };
}

void eg_path_read(struct eg_subject *subject, const struct eg_cel_program *path,
                  struct eg_arena *arena, struct eg_result *result) {
    if (path == NULL)
        return;
    const struct eg_node *list = eg_cel_eval(path, &subject->frame);
    if (list->kind != EG_LIST || list->as.list.count > MOST_STEPS)
        return;
    struct eg_step *steps = EG_NEW_ARRAY(arena, struct eg_step, list->as.list.count);
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *step = eg_scenario_force(subject->scenario, list->as.list.items[i]);
        if (step->kind != EG_OBJECT || !eg_str_is(step->as.object->type->name, "PathStep"))
            return;
        steps[i] = read_step(subject, arena, step->as.object);
    }
    result->path = steps;
    result->path_count = list->as.list.count;
}

/* ---- showing ---- */

/* The role in words: "load balancer". */
static void add_role(struct eg_buf *buf, struct eg_str role) {
    for (size_t i = 0; i < role.length; i++)
        eg_buf_putc(buf, role.data[i] == '-' ? ' ' : role.data[i]);
}

/* A part of the parentheses behind a step: "tcp 8000". */
static void add_detail(struct eg_buf *buf, bool *any, struct eg_str first, struct eg_str second) {
    if (first.length + second.length == 0)
        return;
    eg_buf_puts(buf, *any ? ", " : " (");
    eg_buf_add_str(buf, first);
    if (first.length > 0 && second.length > 0)
        eg_buf_putc(buf, ' ');
    eg_buf_add_str(buf, second);
    *any = true;
}

static void add_step(struct eg_buf *buf, const struct eg_step *step) {
    bool any = false;
    add_role(buf, step->role);
    if (step->name.length > 0 && !eg_str_equal(step->name, step->role)) {
        eg_buf_putc(buf, ' ');
        eg_buf_add_str(buf, step->name);
    }
    add_detail(buf, &any, step->source, EG_STR(""));
    add_detail(buf, &any, step->protocol, step->ports);
    if (any)
        eg_buf_putc(buf, ')');
}

struct eg_str eg_path_step_text(struct eg_arena *arena, const struct eg_step *step) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    add_step(&buf, step);
    struct eg_str text = eg_str_copy(arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return text;
}

struct eg_str eg_path_text(struct eg_arena *arena, const struct eg_result *result) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    for (uint32_t i = 0; i < result->path_count; i++) {
        eg_buf_puts(&buf, i > 0 ? " → " : "");
        add_step(&buf, &result->path[i]);
    }
    struct eg_str text = eg_str_copy(arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return text;
}
