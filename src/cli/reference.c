/* The reference; see reference.h. Called by verb_rules.c. */
#include "cli/reference.h"

#include "cel/cel.h"
#include "read/read.h"
#include "report/escape.h"
#include "schema/schema.h"

#include <string.h>

static void add_functions(struct eg_buf *out, struct eg_arena *arena) {
    uint32_t count;
    const struct eg_cel_function_doc *functions = eg_cel_functions(arena, &count);
    const char *group = "";
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(functions[i].group, group) != 0)
            eg_buf_printf(out, "\n### %s\n\n| | |\n| --- | --- |\n", functions[i].group);
        group = functions[i].group;
        eg_buf_puts(out, "| ");
        eg_report_add_code(out, eg_str_from(functions[i].signature));
        eg_buf_puts(out, " | ");
        eg_report_add_markdown(out, eg_str_from(functions[i].doc));
        eg_buf_puts(out, " |\n");
    }
}

static void add_default(struct eg_buf *out, const struct eg_field *field) {
    if (field->value == NULL || field->value->kind == EG_OBJECT)
        return;
    struct eg_buf json;
    eg_buf_init(&json);
    eg_write_json(&json, field->value, 0);
    eg_report_add_code(out, eg_buf_str(&json));
    eg_buf_done(&json);
}

static void add_type(struct eg_buf *out, struct eg_arena *arena, const struct eg_type *type) {
    eg_buf_printf(out, "\n### %.*s\n\n", EG_STR_ARGS(type->name));
    eg_report_add_markdown(out, type->doc);
    eg_buf_puts(out, "\n\n| field | type | if absent | |\n| --- | --- | --- | --- |\n");
    for (uint32_t i = 0; i < type->field_count; i++) {
        const struct eg_field *field = &type->fields[i];
        eg_buf_puts(out, "| ");
        eg_report_add_code(out, field->name);
        eg_buf_puts(out, " | ");
        eg_report_add_code(out, eg_shape_text(arena, &field->shape));
        eg_buf_puts(out, " | ");
        add_default(out, field);
        eg_buf_puts(out, " | ");
        eg_report_add_markdown(out, field->doc);
        eg_buf_puts(out, " |\n");
    }
}

static void add_types(struct eg_buf *out, struct eg_arena *arena, const struct eg_schema *schema,
                      bool kinds) {
    for (uint32_t i = 0; i < schema->types.count; i++) {
        const struct eg_type *type = schema->types.entries[i].value;
        if (type->kind == kinds)
            add_type(out, arena, type);
    }
}

void eg_reference_markdown(struct eg_buf *out, struct eg_arena *arena,
                           const struct eg_schema *schema) {
    eg_buf_puts(out, "# Reference for writers of rules\n\n"
                     "Made by `ecsgate rules --reference`. How rules are written: policies.md.\n\n"
                     "## Functions\n");
    add_functions(out, arena);
    eg_buf_puts(out, "\n## Kinds\n\nWhat a rule may `match`.\n");
    add_types(out, arena, schema, true);
    eg_buf_puts(out, "\n## Structures\n\nWhat fields of the kinds are made of.\n");
    add_types(out, arena, schema, false);
}
