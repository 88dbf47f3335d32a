/* A chapter in Markdown: the inputs or what was examined of them, the ways to the tasks, the
 * topics, what no input could show, and the status. See markdown.h. */
#include "report/escape.h"
#include "report/markdown.h"

enum {
    RESOURCE_LIMIT = 40, /* rows of the table */
    SITE_LIMIT = 40,     /* places that start tasks */
};

/* ---- inputs ---- */

static void write_input(struct eg_buf *out, const struct eg_compliance_input *input) {
    eg_buf_puts(out, "| ");
    eg_md_code(out, input->path);
    eg_buf_puts(out, " | ");
    eg_buf_add_str(out, input->kind);
    eg_buf_puts(out, " | ");
    for (uint32_t i = 0; i < input->part_count; i++) {
        eg_buf_puts(out, i > 0 ? ", " : "");
        eg_md_code(out, input->parts[i].kind);
    }
    eg_buf_puts(out, " |\n");
}

static void write_inputs(struct eg_buf *out, const struct eg_compliance *document) {
    eg_buf_puts(out, "| Input | Kind | Stacks |\n| --- | --- | --- |\n");
    for (const struct eg_compliance_input *input = document->inputs; input != NULL;
         input = input->next)
        write_input(out, input);
    eg_buf_putc(out, '\n');
    if (document->error_count == 0)
        return;
    eg_buf_printf(out, "%s **Could not be read, so nothing is said about it:**\n\n",
                  eg_standing_mark(EG_STANDING_FAIL));
    for (uint32_t i = 0; i < document->error_count; i++) {
        const struct eg_error *error = document->errors[i];
        eg_buf_puts(out, "- ");
        eg_md_place(out, (struct eg_place){eg_str_from(error->file), error->line, error->column});
        eg_buf_puts(out, ": ");
        eg_md_prose(out, eg_report_one_line(document->arena, eg_str_from(error->text)));
        eg_buf_putc(out, '\n');
    }
    eg_buf_putc(out, '\n');
}

/* ---- the network ---- */

static void write_fault(struct eg_buf *out, const struct eg_kept *fault) {
    if (fault == NULL)
        return;
    eg_buf_printf(out, " %s", eg_standing_mark(EG_STANDING_FAIL));
    eg_md_rule_id(out, fault->result.rule);
}

static void write_wire(struct eg_buf *out, const struct eg_network_site *site,
                       const struct eg_network_wire *wire) {
    eg_buf_puts(out, "  - ");
    eg_md_code(out, site->boxes[wire->from].name);
    eg_buf_puts(out, " \xE2\x86\x92 ");
    eg_md_code(out, site->boxes[wire->to].name);
    if (wire->label.length > 0) {
        eg_buf_puts(out, ": ");
        eg_md_prose(out, wire->label);
    }
    if (wire->open)
        eg_buf_puts(out, " (not known)");
    write_fault(out, wire->fault);
    eg_buf_putc(out, '\n');
}

/* The tasks, then the ways to them and from them. */
static void write_site(struct eg_buf *out, const struct eg_network_site *site) {
    eg_buf_puts(out, "- ");
    eg_md_code(out, site->name);
    eg_buf_puts(out, ": ");
    eg_md_prose(out, site->boxes[0].detail);
    write_fault(out, site->boxes[0].fault);
    eg_buf_puts(out, site->wire_count == 0 ? "; nothing may connect\n" : "\n");
    for (uint32_t i = 0; i < site->wire_count; i++)
        write_wire(out, site, &site->wires[i]);
}

static void write_network(struct eg_buf *out, const struct eg_compliance *document) {
    if (document->site_count == 0)
        return;
    eg_buf_puts(out, "### Ways to and from the Tasks\n\n");
    for (uint32_t i = 0; i < document->site_count && i < SITE_LIMIT; i++)
        write_site(out, document->sites[i]);
    if (document->site_count > SITE_LIMIT)
        eg_buf_printf(out, "- and %u more places that start tasks\n",
                      document->site_count - SITE_LIMIT);
    eg_buf_putc(out, '\n');
}

/* ---- the chapter ---- */

static void heading(struct eg_buf *out, const struct eg_chapter *chapter) {
    eg_buf_puts(out, "\n---\n\n## ");
    if (chapter->number > 0)
        eg_buf_printf(out, "%u. ", chapter->number);
    eg_buf_add_str(out, chapter->title);
    eg_buf_printf(out, " %s\n\n", eg_standing_mark(chapter->standing));
}

static void write_examined(struct eg_buf *out, const struct eg_chapter *chapter) {
    if (chapter->examined_count == 0)
        return;
    eg_buf_puts(out, "| Examined | Type | Construct | Place |\n| --- | --- | --- | --- |\n");
    for (uint32_t i = 0; i < chapter->examined_count && i < RESOURCE_LIMIT; i++) {
        const struct eg_examined *examined = &chapter->examined[i];
        eg_buf_puts(out, "| ");
        eg_md_code(out, examined->resource);
        eg_buf_puts(out, " | ");
        eg_md_code(out, examined->type);
        eg_buf_puts(out, " | ");
        eg_md_code(out, examined->construct);
        eg_buf_puts(out, " | ");
        eg_md_place(out, examined->place);
        eg_buf_puts(out, " |\n");
    }
    if (chapter->examined_count > RESOURCE_LIMIT)
        eg_buf_printf(out, "| and %u more | | | |\n", chapter->examined_count - RESOURCE_LIMIT);
    eg_buf_putc(out, '\n');
}

static void write_unseen(struct eg_buf *out, const struct eg_chapter *chapter) {
    if (chapter->unseen_count == 0)
        return;
    eg_buf_puts(out, "### Not Visible in the Inputs\n\n");
    for (uint32_t i = 0; i < chapter->unseen_count; i++) {
        eg_buf_puts(out, "- ");
        eg_md_mark(out, EG_STANDING_UNSEEN);
        eg_md_prose(out, chapter->unseen[i].text);
        eg_buf_puts(out, ": not examined; it takes ");
        eg_md_prose(out, chapter->unseen[i].needs);
        eg_buf_putc(out, '\n');
    }
    eg_buf_putc(out, '\n');
}

void eg_md_chapter(struct eg_buf *out, const struct eg_compliance *document,
                   const struct eg_chapter *chapter) {
    heading(out, chapter);
    if (chapter->number == 0)
        write_inputs(out, document);
    write_examined(out, chapter);
    if (chapter->network)
        write_network(out, document);
    for (uint32_t i = 0; i < chapter->topic_count; i++)
        eg_md_topic(out, document->arena, &chapter->topics[i]);
    write_unseen(out, chapter);
    eg_buf_printf(out, "**Status**: %s **", eg_standing_mark(chapter->standing));
    eg_compliance_add_status(out, chapter->standing, &chapter->counts);
    eg_buf_puts(out, "**");
    if (chapter->guide.url.length > 0) {
        eg_buf_puts(out, " - AWS on it: ");
        eg_md_link(out, &chapter->guide);
    }
    eg_buf_putc(out, '\n');
}
