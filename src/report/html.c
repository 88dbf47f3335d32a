/* The compliance document as one HTML file that needs nothing beside it. What it says is
 * src/report/compliance*.c's; this puts the parts of html_*.c together.
 *
 * The page carries a content security policy that allows no network, no script and no style but its
 * own two, by their SHA-256 (https://www.w3.org/TR/CSP3/): even text that slipped through an escape
 * could not run. It is whole without its script, which only adds filtering. */
#include "report/html.h"

#include "base/embedded.h"
#include "base/file.h"
#include "report/formats.h"

#define STYLE  "src/report/html.css"
#define SCRIPT "src/report/html.js"

/* ---- the policy ---- */

static unsigned hex_value(char digit) {
    return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)(digit - 'a' + 10);
}

/* The base64 of CONTENT's SHA-256, 44 characters, out of its 64 hexadecimal digits. */
static void add_hash(struct eg_buf *out, struct eg_str content) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char hex[65];
    unsigned char bytes[33] = {0};
    eg_file_digest(content, hex);
    for (int i = 0; i < 32; i++)
        bytes[i] = (unsigned char)(hex_value(hex[2 * i]) << 4 | hex_value(hex[2 * i + 1]));
    for (int i = 0; i < 33; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16 | (unsigned)bytes[i + 1] << 8 | bytes[i + 2];
        for (int k = 0; k < 4; k++)
            eg_buf_putc(out, digits[group >> (18 - 6 * k) & 63]);
    }
    out->data[out->length - 1] = '='; /* 32 bytes leave one of the last three over */
}

static void write_policy(struct eg_buf *out, struct eg_str style, struct eg_str script) {
    eg_buf_puts(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'sha256-");
    add_hash(out, style);
    eg_buf_puts(out, "'; script-src 'sha256-");
    add_hash(out, script);
    eg_buf_puts(out, "'; base-uri 'none'; form-action 'none'\">\n");
}

/* ---- the frame ---- */

static void write_head(struct eg_buf *out, const struct eg_compliance *document,
                       struct eg_str style, struct eg_str script) {
    eg_buf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    write_policy(out, style, script);
    eg_buf_puts(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n"
                     "<meta name=\"generator\" content=\"ecsgate " EG_VERSION "\">\n"
                     "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    eg_html_text(out, document->title);
    eg_buf_puts(out, "</title>\n<style>");
    eg_buf_add_str(out, style);
    eg_buf_puts(out, "</style>\n</head>\n");
}

static void write_fact(struct eg_buf *out, const char *name, struct eg_str value) {
    if (value.length == 0)
        return;
    eg_buf_printf(out, "<div><dt>%s</dt><dd>", name);
    eg_html_text(out, value);
    eg_buf_puts(out, "</dd></div>");
}

static void write_cover(struct eg_buf *out, const struct eg_compliance *document) {
    struct eg_buf text;
    eg_buf_init(&text);
    eg_compliance_add_next_step(&text, document);
    eg_buf_puts(out, "<header class=\"cover\"><h1>");
    eg_html_text(out, document->title);
    eg_buf_puts(out, "</h1>\n<dl class=\"facts\">");
    write_fact(out, "Date", document->options->date);
    write_fact(out, "Deployment", document->options->deployment);
    write_fact(out, "Policy", document->options->policy->profile);
    write_fact(out, "Written by", EG_STR("ecsgate " EG_VERSION));
    eg_buf_printf(out, "</dl>\n<div class=\"verdict %s\"><strong>%s</strong><p>",
                  eg_html_class(eg_readiness_standing(document->readiness)),
                  eg_readiness_words(document->readiness));
    eg_html_text(out, eg_buf_str(&text));
    eg_buf_puts(out, ".</p></div></header>\n");
    eg_buf_done(&text);
}

static void write_entry(struct eg_buf *out, const char *id, uint32_t number, const char *title) {
    eg_buf_printf(out, "<li><a href=\"#%s\"><span>", id);
    if (number > 0)
        eg_buf_printf(out, "%u. ", number);
    eg_buf_printf(out, "%s</span></a></li>\n", title);
}

static void write_contents(struct eg_buf *out, const struct eg_compliance *document) {
    uint32_t number = 0;
    eg_buf_puts(out, "<nav class=\"contents\" aria-label=\"Contents\"><h2>Contents</h2>\n<ol>\n");
    write_entry(out, "summary", 0, "Executive Summary");
    for (uint32_t i = 0; i < document->chapter_count; i++) {
        const struct eg_chapter *chapter = &document->chapters[i];
        eg_buf_puts(out, "<li><a href=\"#");
        eg_html_text(out, chapter->id);
        eg_buf_puts(out, "\"><span>");
        if (chapter->number > 0)
            eg_buf_printf(out, "%u. ", number = chapter->number);
        eg_html_text(out, chapter->title);
        eg_buf_puts(out, "</span>");
        eg_html_badge(out, chapter->standing);
        eg_buf_puts(out, "</a></li>\n");
    }
    write_entry(out, "previous", ++number, "Previous Issues");
    write_entry(out, "checklist", ++number, "Compliance Checklist");
    write_entry(out, "recommendations", ++number, "Recommendations");
    write_entry(out, "conclusion", ++number, "Conclusion");
    write_entry(out, "provenance", 0, "Provenance");
    eg_buf_puts(out, "</ol></nav>\n");
}

/* Hidden until the script makes it work. */
static void write_filter(struct eg_buf *out) {
    static const char *const fields[] = {"verdict", "severity", "rule", "resource"};
    static const char *const labels[] = {"Verdict", "Severity", "Rule", "Resource"};
    eg_buf_puts(
        out, "<form class=\"filter\" role=\"search\" aria-label=\"Filter the findings\" hidden>\n"
             "<label class=\"search\">Search<input type=\"search\" name=\"search\" "
             "autocomplete=\"off\"></label>\n");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        eg_buf_printf(out, "<label>%s<select name=\"%s\"><option value=\"\">all</option>",
                      labels[i], fields[i]);
        if (i == 1)
            for (int k = EG_SEVERITY_COUNT - 1; k >= 0; k--)
                eg_buf_printf(out, "<option value=\"%s\">%s</option>",
                              eg_severity_name((enum eg_severity)k),
                              eg_severity_name((enum eg_severity)k));
        eg_buf_puts(out, "</select></label>\n");
    }
    eg_buf_puts(out,
                "<button type=\"reset\">Reset</button>\n<output aria-live=\"polite\"></output>\n"
                "</form>\n");
}

/* ---- the renderer ---- */

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    return eg_compliance_begin(arena, options);
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    (void)out;
    eg_compliance_add(state, batch);
}

static void write_sections(struct eg_buf *out, const struct eg_compliance *document) {
    uint32_t number = 0;
    eg_html_overview(out, document);
    write_filter(out);
    for (uint32_t i = 0; i < document->chapter_count; i++) {
        eg_html_chapter(out, document, &document->chapters[i]);
        if (document->chapters[i].number > 0)
            number = document->chapters[i].number;
    }
    eg_html_previous(out, document, ++number);
    eg_html_checklists(out, document, ++number);
    eg_html_recommendations(out, document, ++number);
    eg_html_conclusion(out, document, ++number);
    eg_html_provenance(out, document);
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    struct eg_compliance *document = state;
    struct eg_str style = eg_embedded_find(STYLE), script = eg_embedded_find(SCRIPT);
    eg_compliance_end(document, summary);
    write_head(out, document, style, script);
    eg_buf_puts(out, "<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
                     "<div class=\"page\">\n");
    write_cover(out, document);
    eg_buf_puts(out, "<div class=\"columns\">\n");
    write_contents(out, document);
    eg_buf_puts(out, "<main id=\"main\">\n");
    write_sections(out, document);
    eg_buf_puts(out, "</main>\n</div>\n</div>\n<script>");
    eg_buf_add_str(out, script);
    eg_buf_puts(out, "</script>\n</body>\n</html>\n");
}

const struct eg_renderer eg_format_html = {
    .name = "html",
    .doc = "the compliance document, as one HTML file",
    .proves = true,
    .begin = begin,
    .batch = batch,
    .end = end,
};
