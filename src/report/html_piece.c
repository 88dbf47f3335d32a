/* Pieces of HTML; see html.h. Called by html*.c. */
#include "report/html.h"

#include "report/escape.h"

#include <string.h>

enum { MESSAGE_LIMIT = 600, NAME_LIMIT = 160 };

void eg_html_text(struct eg_buf *out, struct eg_str text) {
    eg_report_add_cut(out, eg_report_add_html, text, MESSAGE_LIMIT);
}

void eg_html_puts(struct eg_buf *out, const char *text) {
    eg_html_text(out, eg_str_from(text));
}

void eg_html_code(struct eg_buf *out, struct eg_str text) {
    if (text.length == 0)
        return;
    eg_buf_puts(out, "<code>");
    eg_report_add_cut(out, eg_report_add_html, text, NAME_LIMIT);
    eg_buf_puts(out, "</code>");
}

void eg_html_attribute(struct eg_buf *out, const char *name, struct eg_str value) {
    eg_buf_printf(out, " %s=\"", name);
    eg_report_add_cut(out, eg_report_add_html, value, NAME_LIMIT);
    eg_buf_putc(out, '"');
}

void eg_html_place(struct eg_buf *out, struct eg_place place) {
    if (place.file.length == 0)
        return;
    eg_buf_puts(out, "<code>");
    eg_report_add_cut(out, eg_report_add_html, place.file, NAME_LIMIT);
    if (place.line > 0)
        eg_buf_printf(out, ":%u:%u", place.line, place.column);
    eg_buf_puts(out, "</code>");
}

void eg_html_link(struct eg_buf *out, const struct eg_reference_link *link) {
    struct eg_str url = eg_report_safe_url(link->url);
    struct eg_str title = link->title.length > 0 ? link->title : link->url;
    if (url.length > 0) {
        eg_buf_puts(out, "<a href=\"");
        eg_report_add_html(out, url);
        eg_buf_puts(out, "\" rel=\"noreferrer\">");
    }
    eg_html_text(out, title);
    eg_buf_puts(out, url.length > 0 ? "</a>" : "");
}

const char *eg_html_class(enum eg_standing standing) {
    static const char *const classes[EG_STANDING_COUNT] = {
        [EG_STANDING_UNSEEN] = "none",   [EG_STANDING_NOT_APPLICABLE] = "none",
        [EG_STANDING_PASS] = "pass",     [EG_STANDING_ADVICE] = "advice",
        [EG_STANDING_WAIVED] = "waived", [EG_STANDING_UNKNOWN] = "unknown",
        [EG_STANDING_FAIL] = "fail",
    };
    return classes[standing];
}

/* A sign and a word: never colour alone. */
void eg_html_badge(struct eg_buf *out, enum eg_standing standing) {
    static const char *const signs[EG_STANDING_COUNT] = {
        [EG_STANDING_UNSEEN] = "\xE2\x80\x93", [EG_STANDING_NOT_APPLICABLE] = "\xE2\x80\x93",
        [EG_STANDING_PASS] = "\xE2\x9C\x93",   [EG_STANDING_ADVICE] = "i",
        [EG_STANDING_WAIVED] = "\xE2\x80\xA0", [EG_STANDING_UNKNOWN] = "?",
        [EG_STANDING_FAIL] = "\xE2\x9C\x95",
    };
    eg_buf_printf(out, "<span class=\"badge %s\"><span aria-hidden=\"true\">%s</span> %s</span>",
                  eg_html_class(standing), signs[standing], eg_standing_word(standing));
}

void eg_html_severity(struct eg_buf *out, enum eg_severity severity) {
    const char *name = eg_severity_name(severity);
    eg_buf_printf(out, "<span class=\"badge severity %s\">%s</span>", name, name);
}

enum eg_standing eg_html_standing(enum eg_verdict verdict, enum eg_severity severity) {
    static const enum eg_standing standings[EG_VERDICT_COUNT] = {
        [EG_VERDICT_NOT_APPLICABLE] = EG_STANDING_NOT_APPLICABLE,
        [EG_VERDICT_PASS] = EG_STANDING_PASS,
        [EG_VERDICT_WAIVED] = EG_STANDING_WAIVED,
        [EG_VERDICT_UNKNOWN] = EG_STANDING_UNKNOWN,
        [EG_VERDICT_FAIL] = EG_STANDING_FAIL,
    };
    if (severity == EG_SEVERITY_INFO &&
        (verdict == EG_VERDICT_FAIL || verdict == EG_VERDICT_UNKNOWN))
        return EG_STANDING_ADVICE;
    return standings[verdict];
}

static bool is_anchor(struct eg_str id) {
    for (size_t i = 0; i < id.length; i++) {
        char c = id.data[i];
        bool good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                    c == '-' || c == '_' || c == '.';
        if (!good)
            return false;
    }
    return id.length > 0 && id.length < 100;
}

void eg_html_rule_anchor(struct eg_buf *out, const char *attribute, const struct eg_rule *rule) {
    if (is_anchor(rule->id))
        eg_buf_printf(out, " %s=\"%srule-%.*s\"", attribute,
                      strcmp(attribute, "href") == 0 ? "#" : "", EG_STR_ARGS(rule->id));
}

void eg_html_rule_id(struct eg_buf *out, const struct eg_rule *rule) {
    eg_buf_puts(out, "<a");
    eg_html_rule_anchor(out, "href", rule);
    eg_buf_puts(out, ">");
    eg_html_code(out, rule->id);
    eg_buf_puts(out, "</a>");
}
