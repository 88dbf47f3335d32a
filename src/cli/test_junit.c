/* A run of cases as JUnit XML (the schema: test/report/schemas); see test_text.h. Called by
 * verb_test.c. */
#include "cli/test_text.h"

#include "report/escape.h"

static void add_attribute(struct eg_buf *xml, const char *name, struct eg_str value) {
    eg_buf_printf(xml, " %s=\"", name);
    eg_report_add_xml(xml, value);
    eg_buf_putc(xml, '"');
}

static void begin_case(struct eg_buf *xml, const struct eg_rule *rule, struct eg_str name) {
    eg_buf_puts(xml, "    <testcase");
    add_attribute(xml, "classname", rule->id);
    add_attribute(xml, "name", name);
}

/* The schema has no attribute for a place: it begins the text. */
static void add_failure(struct eg_buf *xml, struct eg_place place, const struct eg_str *texts,
                        uint32_t count) {
    eg_buf_puts(xml, ">\n      <failure");
    add_attribute(xml, "message", texts[0]);
    eg_buf_putc(xml, '>');
    eg_report_add_xml(xml, place.file);
    eg_buf_printf(xml, ":%u:%u", place.line, place.column);
    for (uint32_t i = 0; i < count; i++) {
        eg_buf_putc(xml, '\n');
        eg_report_add_xml(xml, texts[i]);
    }
    eg_buf_puts(xml, "</failure>\n    </testcase>\n");
}

static void add_case(struct eg_buf *xml, const struct eg_case *ran) {
    begin_case(xml, ran->rule, ran->name);
    if (ran->failure_count == 0)
        eg_buf_puts(xml, "/>\n");
    else
        add_failure(xml, ran->place, ran->failures, ran->failure_count);
}

static void add_gaps(struct eg_buf *xml, const struct eg_case_run *run) {
    for (uint32_t i = 0; i < run->policy->known_count; i++) {
        const struct eg_rule *rule = run->policy->known[i];
        const char *gap = eg_test_is_tested(run, rule) ? eg_test_gap(run, rule) : NULL;
        if (gap == NULL)
            continue;
        struct eg_str text = eg_str_from(gap);
        begin_case(xml, rule, EG_STR("is tested both ways"));
        add_failure(xml, eg_node_place(rule->raw), &text, 1);
    }
}

void eg_test_junit(const struct eg_case_run *run, struct eg_buf *xml) {
    struct eg_test_coverage coverage = eg_test_coverage(run);
    uint32_t tests = run->count + coverage.gaps, failures = run->failed + coverage.gaps;
    eg_buf_printf(xml,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<testsuites tests=\"%u\" failures=\"%u\" errors=\"0\">\n"
                  "  <testsuite name=\"ecsgate test\" tests=\"%u\" failures=\"%u\" "
                  "errors=\"0\">\n",
                  tests, failures, tests, failures);
    for (uint32_t i = 0; i < run->count; i++)
        add_case(xml, &run->cases[i]);
    add_gaps(xml, run);
    eg_buf_puts(xml, "  </testsuite>\n</testsuites>\n");
}
