/* Writing the model as JSON, for `ecsgate model`; see model.h.
 *
 *   {"taskDefinition": [{"id": …, "file": …, "line": …, "column": …, FIELD: VALUE, …}], …}
 *
 * Fields in the order of the schema; absent ones are left out. Links are written as {"$object": ID}
 * and structures by their fields, facts as they are under the scenario that assigns nothing. */
#include "base/buf.h"
#include "base/limits.h"
#include "base/secret.h"
#include "model/item.h"
#include "node/text.h"
#include "read/read.h"

struct writer {
    struct eg_buf *buf;
    struct eg_scenario scenario;
    struct eg_arena arena; /* of one object's texts */
};

static void write_value(struct writer *writer, const struct eg_node *value, int indent,
                        unsigned depth);

static void new_line(struct writer *writer, int indent) {
    eg_buf_printf(writer->buf, "\n%*s", indent, "");
}

/* A JSON string. */
static void write_text(struct writer *writer, struct eg_str text) {
    struct eg_node node = {.kind = EG_STRING, .as.text = text};
    eg_write_json(writer->buf, &node, 0);
}

static void write_list(struct writer *writer, const struct eg_node *list, int indent,
                       unsigned depth) {
    bool first = true;
    bool flagged = false; /* the word before is --password */
    eg_buf_putc(writer->buf, '[');
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *element =
            eg_scenario_force(&writer->scenario, list->as.list.items[i]);
        /* A conditional element says so by its choice: what it is, and when. */
        if (element->kind == EG_ABSENT)
            continue;
        if (!first)
            eg_buf_putc(writer->buf, ',');
        first = false;
        new_line(writer, indent + 2);
        if (flagged && element->kind == EG_STRING)
            write_text(writer, EG_STR("(secret)"));
        else
            write_value(writer, list->as.list.items[i], indent + 2, depth + 1);
        flagged = eg_secret_is_flag(eg_node_text(element));
    }
    if (!first)
        new_line(writer, indent);
    eg_buf_putc(writer->buf, ']');
}

static void write_map(struct writer *writer, const struct eg_node *map, int indent,
                      unsigned depth) {
    bool first = true;
    const struct eg_node *name = EG_GET(map, "Name");
    eg_buf_putc(writer->buf, '{');
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        if (eg_scenario_force(&writer->scenario, entry->value)->kind == EG_ABSENT)
            continue;
        if (!first)
            eg_buf_putc(writer->buf, ',');
        first = false;
        new_line(writer, indent + 2);
        write_text(writer, entry->key);
        eg_buf_puts(writer->buf, ": ");
        struct eg_str text = eg_node_text(eg_scenario_force(&writer->scenario, entry->value));
        if (eg_secret_is_entry(entry->key, eg_node_text(name != NULL ? name : EG_GET(map, "name")),
                               text))
            write_text(writer, EG_STR("(secret)"));
        else
            write_value(writer, entry->value, indent + 2, depth + 1);
    }
    if (!first)
        new_line(writer, indent);
    eg_buf_putc(writer->buf, '}');
}

static void write_fields(struct writer *writer, const struct eg_object *object, bool first,
                         int indent, unsigned depth) {
    for (uint32_t i = 0; object->fields != NULL && i < object->type->field_count; i++) {
        const struct eg_node *value = object->fields[i];
        if (value == NULL || (value->kind != EG_CHOICE &&
                              eg_scenario_force(&writer->scenario, value)->kind == EG_ABSENT))
            continue;
        if (!first)
            eg_buf_putc(writer->buf, ',');
        first = false;
        new_line(writer, indent + 2);
        write_text(writer, object->type->fields[i].name);
        eg_buf_puts(writer->buf, ": ");
        write_value(writer, value, indent + 2, depth + 1);
    }
}

static void write_object(struct writer *writer, const struct eg_object *object, int indent,
                         unsigned depth) {
    if (object->type->kind) {
        eg_buf_puts(writer->buf, "{\"$object\": ");
        write_text(writer, object->id);
        eg_buf_putc(writer->buf, '}');
        return;
    }
    eg_buf_putc(writer->buf, '{');
    write_fields(writer, object, true, indent, depth);
    new_line(writer, indent);
    eg_buf_putc(writer->buf, '}');
}

/* {"$choice": {"condition": …, "true": …, "false": …}} */
static void write_choice(struct writer *writer, const struct eg_node *node, int indent,
                         unsigned depth) {
    const struct eg_choice *choice = node->as.choice;
    eg_buf_puts(writer->buf, "{\"$choice\": {\"condition\": ");
    write_text(writer, choice->condition->name);
    if (choice->if_true->kind != EG_ABSENT) {
        eg_buf_puts(writer->buf, ", \"true\": ");
        write_value(writer, choice->if_true, indent, depth + 1);
    }
    if (choice->if_false->kind != EG_ABSENT) {
        eg_buf_puts(writer->buf, ", \"false\": ");
        write_value(writer, choice->if_false, indent, depth + 1);
    }
    eg_buf_puts(writer->buf, "}}");
}

static void write_value(struct writer *writer, const struct eg_node *value, int indent,
                        unsigned depth) {
    if (depth > EG_LIMIT_DEPTH) {
        eg_buf_puts(writer->buf, "null");
        return;
    }
    const struct eg_node *forced = eg_scenario_force(&writer->scenario, value);
    if (value->kind == EG_CHOICE && forced->kind == EG_UNKNOWN) {
        write_choice(writer, value, indent, depth);
        return;
    }
    switch (forced->kind) {
    case EG_LIST:
        write_list(writer, forced, indent, depth);
        break;
    case EG_MAP:
        write_map(writer, forced, indent, depth);
        break;
    case EG_OBJECT:
        write_object(writer, forced->as.object, indent, depth);
        break;
    case EG_ABSENT:
        eg_buf_puts(writer->buf, "null");
        break;
    case EG_STRING:
        if (eg_secret_has_form(forced->as.text)) {
            write_text(writer, EG_STR("(secret)"));
            break;
        }
        eg_write_json(writer->buf, forced, 0);
        break;
    default:
        eg_write_json(writer->buf, forced, 0);
        break;
    }
}

static void write_kind_object(struct writer *writer, const struct eg_node *node) {
    const struct eg_object *object = node->as.object;
    struct eg_place place = {0};
    if (object->raw != NULL)
        place = eg_node_place(object->raw);
    eg_buf_puts(writer->buf, "{\"id\": ");
    write_text(writer, object->id);
    if (place.line > 0) {
        eg_buf_puts(writer->buf, ", \"file\": ");
        write_text(writer, place.file);
        eg_buf_printf(writer->buf, ", \"line\": %u, \"column\": %u", place.line, place.column);
    }
    write_fields(writer, object, false, 4, 0);
    new_line(writer, 4);
    eg_buf_putc(writer->buf, '}');
    eg_arena_reset(&writer->arena);
}

void eg_model_write(struct eg_buf *buf, const struct eg_model *model) {
    struct writer writer = {.buf = buf};
    eg_arena_init(&writer.arena);
    eg_scenario_init(&writer.scenario, model->arena, model->system->variable_count);
    writer.scenario.arena = &writer.arena;
    bool first = true;
    eg_buf_putc(buf, '{');
    for (uint32_t i = 0; i < model->kind_count; i++) {
        const struct eg_model_kind *kind = &model->kinds[i];
        if (kind->count == 0)
            continue;
        eg_buf_puts(buf, first ? "\n  " : ",\n  ");
        first = false;
        write_text(&writer, kind->type->name);
        eg_buf_puts(buf, ": [");
        for (uint32_t k = 0; k < kind->count; k++) {
            eg_buf_puts(buf, k == 0 ? "\n    " : ",\n    ");
            write_kind_object(&writer, kind->objects[k]);
        }
        eg_buf_puts(buf, "\n  ]");
    }
    eg_buf_puts(buf, first ? "}\n" : "\n}\n");
    eg_arena_done(&writer.arena);
}
