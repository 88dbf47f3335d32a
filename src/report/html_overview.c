/* The head of the HTML document: executive summary, and three charts. The charts are SVG with their
 * numbers beside them as text, so that they read on a small screen and without eyes. See html.h. */
#include "report/html.h"

#include "report/summary.h"

/* The four verdicts that objects get, in the order of the charts. */
static const enum eg_verdict verdicts[] = {EG_VERDICT_FAIL, EG_VERDICT_UNKNOWN, EG_VERDICT_WAIVED,
                                           EG_VERDICT_PASS};
enum { VERDICTS = sizeof verdicts / sizeof verdicts[0] };

static const char *const words[EG_VERDICT_COUNT] = {
    [EG_VERDICT_NOT_APPLICABLE] = "not applicable",
    [EG_VERDICT_PASS] = "passed",
    [EG_VERDICT_WAIVED] = "waived",
    [EG_VERDICT_UNKNOWN] = "unknown",
    [EG_VERDICT_FAIL] = "failed",
};

static const char *class_of(enum eg_verdict verdict) {
    return eg_html_class(eg_html_standing(verdict, EG_SEVERITY_LOW));
}

/* ---- verdicts, as a ring ---- */

/* A ring of circumference 100: each part is a dash, shifted by what is before it. Thousandths,
 * because a locale may print a comma. */
static void write_ring(struct eg_buf *out, uint64_t before, uint64_t part, uint64_t all,
                       const char *class) {
    uint64_t length = part * 100000 / all, offset = 125000 - before * 100000 / all;
    eg_buf_printf(out,
                  "<circle class=\"ring %s-fill\" cx=\"21\" cy=\"21\" r=\"15.9155\" "
                  "stroke-dasharray=\"%u.%03u %u.%03u\" stroke-dashoffset=\"%u.%03u\"/>",
                  class, (unsigned)(length / 1000), (unsigned)(length % 1000),
                  (unsigned)((100000 - length) / 1000), (unsigned)((100000 - length) % 1000),
                  (unsigned)(offset % 100000 / 1000), (unsigned)(offset % 1000));
}

static void write_donut(struct eg_buf *out, const struct eg_summary *summary) {
    uint64_t all = eg_summary_judged(summary), before = 0;
    eg_buf_puts(out,
                "<div class=\"card\"><h3>Verdicts</h3><div class=\"donut\">"
                "<svg viewBox=\"0 0 42 42\" role=\"img\" aria-label=\"Shares of the verdicts; the "
                "numbers follow\"><circle class=\"ring none-fill\" cx=\"21\" cy=\"21\" "
                "r=\"15.9155\"/>");
    for (int i = 0; i < VERDICTS && all > 0; i++) {
        uint32_t part = summary->verdicts[verdicts[i]];
        if (part > 0)
            write_ring(out, before, part, all, class_of(verdicts[i]));
        before += part;
    }
    eg_buf_printf(out,
                  "<text x=\"21\" y=\"21.5\" text-anchor=\"middle\" font-size=\"8\">%u</text>"
                  "<text class=\"small\" x=\"21\" y=\"26.5\" text-anchor=\"middle\" "
                  "font-size=\"3.6\">verdicts</text></svg><ul class=\"legend\">",
                  (unsigned)all);
    for (int i = 0; i < VERDICTS; i++)
        eg_buf_printf(out,
                      "<li><span class=\"swatch %s-fill\" aria-hidden=\"true\"></span><b>%u</b> "
                      "%s</li>",
                      class_of(verdicts[i]), summary->verdicts[verdicts[i]], words[verdicts[i]]);
    eg_buf_printf(out,
                  "<li><span class=\"swatch none-fill\" aria-hidden=\"true\"></span><b>%u</b> "
                  "rules not applicable</li></ul></div></div>\n",
                  summary->not_applicable_count);
}

/* ---- severities and chapters, as bars ---- */

/* One bar of 1000 units: parts of ALL, one behind the other. */
static void write_bar(struct eg_buf *out, const uint32_t *parts, const char *const *classes,
                      int count, uint32_t all) {
    eg_buf_puts(out,
                "<svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                "<rect class=\"track\" width=\"1000\" height=\"10\"/>");
    uint64_t before = 0;
    for (int i = 0; i < count && all > 0; i++) {
        uint64_t start = before * 1000 / all;
        before += parts[i];
        uint64_t end = before * 1000 / all;
        if (end > start)
            eg_buf_printf(out, "<rect class=\"%s-fill\" x=\"%u\" width=\"%u\" height=\"10\"/>",
                          classes[i], (unsigned)start, (unsigned)(end - start));
    }
    eg_buf_puts(out, "</svg>");
}

static void write_severities(struct eg_buf *out, const struct eg_summary *summary) {
    static const char *const classes[] = {"fail", "unknown"};
    uint32_t most = 1;
    for (int i = 0; i < EG_SEVERITY_COUNT; i++)
        if (summary->failed[i] + summary->unknown[i] > most)
            most = summary->failed[i] + summary->unknown[i];
    eg_buf_puts(out, "<div class=\"card\"><h3>Failed and unknown, by severity</h3>"
                     "<ul class=\"bars\">\n");
    for (int i = EG_SEVERITY_COUNT - 1; i >= 0; i--) {
        const uint32_t parts[] = {summary->failed[i], summary->unknown[i]};
        eg_buf_printf(out, "<li><span>%s</span>", eg_severity_name((enum eg_severity)i));
        write_bar(out, parts, classes, 2, most);
        eg_buf_printf(out, "<span class=\"number\">%u failed, %u unknown</span></li>\n", parts[0],
                      parts[1]);
    }
    eg_buf_puts(out, "</ul></div>\n");
}

static void write_chapter_row(struct eg_buf *out, const struct eg_chapter *chapter) {
    static const char *const classes[] = {"fail", "unknown", "waived", "pass"};
    const uint32_t *counts = chapter->counts.verdicts;
    const uint32_t parts[VERDICTS] = {counts[EG_VERDICT_FAIL], counts[EG_VERDICT_UNKNOWN],
                                      counts[EG_VERDICT_WAIVED], counts[EG_VERDICT_PASS]};
    uint32_t all = parts[0] + parts[1] + parts[2] + parts[3];
    eg_buf_puts(out, "<li><span><a href=\"#");
    eg_html_text(out, chapter->id);
    eg_buf_puts(out, "\">");
    if (chapter->number > 0)
        eg_buf_printf(out, "%u. ", chapter->number);
    eg_html_text(out, chapter->title);
    eg_buf_puts(out, "</a></span>");
    write_bar(out, parts, classes, VERDICTS, all);
    eg_buf_puts(out, "<span class=\"number\">");
    if (all == 0)
        eg_buf_puts(out, eg_standing_word(chapter->standing));
    const char *separator = "";
    for (int i = 0; i < VERDICTS; i++)
        if (parts[i] > 0) {
            eg_buf_printf(out, "%s%u %s", separator, parts[i], words[verdicts[i]]);
            separator = ", ";
        }
    eg_buf_puts(out, "</span></li>\n");
}

static void write_chapters(struct eg_buf *out, const struct eg_compliance *document) {
    eg_buf_puts(out, "<div class=\"card wide-card\"><h3>Verdicts, by section</h3>"
                     "<ul class=\"bars\">\n");
    for (uint32_t i = 0; i < document->chapter_count; i++)
        write_chapter_row(out, &document->chapters[i]);
    eg_buf_puts(out, "</ul></div>\n");
}

/* ---- words ---- */

static void write_worst(struct eg_buf *out, const struct eg_compliance *document) {
    enum { WORST = 8 };
    if (document->priority_count == 0)
        return;
    eg_buf_puts(out, "<h3>The most severe findings</h3>\n<ul class=\"plain\">\n");
    for (uint32_t i = 0; i < document->priority_count && i < WORST; i++) {
        const struct eg_rule_entry *entry = document->by_priority[i];
        eg_buf_puts(out, "<li>");
        eg_html_severity(out, entry->severity);
        eg_buf_putc(out, ' ');
        eg_html_text(out, entry->rule->title);
        eg_buf_puts(out, ": ");
        eg_compliance_add_tally(out, entry);
        eg_buf_putc(out, ' ');
        eg_html_rule_id(out, entry->rule);
        eg_buf_puts(out, "</li>\n");
    }
    if (document->priority_count > WORST)
        eg_buf_printf(out, "<li>and %u more rules that fail</li>\n",
                      document->priority_count - WORST);
    eg_buf_puts(out, "</ul>\n");
}

void eg_html_overview(struct eg_buf *out, const struct eg_compliance *document) {
    eg_buf_puts(
        out, "<section class=\"chapter follows\" id=\"summary\"><h2>Executive Summary</h2>\n<p>");
    struct eg_buf text;
    eg_buf_init(&text);
    eg_compliance_add_overview(&text, document);
    eg_html_text(out, eg_buf_str(&text));
    eg_buf_done(&text);
    eg_buf_puts(out,
                "What no input could show stands as \xE2\x80\x9Cnot examined\xE2\x80\x9D.</p>\n"
                "<div class=\"cards\">\n");
    write_donut(out, document->summary);
    write_severities(out, document->summary);
    write_chapters(out, document);
    eg_buf_puts(out, "</div>\n");
    write_worst(out, document);
    eg_buf_puts(out, "</section>\n");
}
