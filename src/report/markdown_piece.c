/* Pieces of Markdown; see markdown.h. Called by markdown*.c. */
#include "report/markdown.h"

#include "report/escape.h"

enum { NAME_LIMIT = 160, MESSAGE_LIMIT = 600 };

void eg_md_prose(struct eg_buf *out, struct eg_str text) {
    eg_report_add_cut(out, eg_report_add_markdown, text, MESSAGE_LIMIT);
}

void eg_md_code(struct eg_buf *out, struct eg_str text) {
    eg_report_add_cut(out, eg_report_add_code, text, NAME_LIMIT);
}

void eg_md_place(struct eg_buf *out, struct eg_place place) {
    struct eg_buf text;
    eg_buf_init(&text);
    eg_report_add_cut(&text, eg_buf_add_str, place.file, NAME_LIMIT);
    if (place.line > 0)
        eg_buf_printf(&text, ":%u:%u", place.line, place.column);
    eg_report_add_code(out, eg_buf_str(&text));
    eg_buf_done(&text);
}

void eg_md_mark(struct eg_buf *out, enum eg_standing standing) {
    eg_buf_printf(out, "%s ", eg_standing_mark(standing));
}

void eg_md_rule_id(struct eg_buf *out, const struct eg_rule *rule) {
    eg_buf_puts(out, " [");
    eg_report_add_cut(out, eg_report_add_markdown, rule->id, NAME_LIMIT);
    eg_buf_puts(out, "]");
}

void eg_md_link(struct eg_buf *out, const struct eg_reference_link *link) {
    struct eg_str url = eg_report_safe_url(link->url);
    struct eg_str title = link->title.length > 0 ? link->title : link->url;
    if (url.length == 0) {
        eg_md_prose(out, title);
        return;
    }
    eg_buf_puts(out, "[");
    eg_md_prose(out, title);
    eg_buf_puts(out, "](<");
    eg_buf_add_str(out, url);
    eg_buf_puts(out, ">)");
}
