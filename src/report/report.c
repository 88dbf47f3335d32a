/* The table of output formats; see report.h. Called by the command line. */
#include "report/formats.h"

/* clang-format off */
static const struct eg_renderer *const formats[] = {
    &eg_format_text,
    &eg_format_summary,
    &eg_format_markdown,
    &eg_format_html,
    &eg_format_json,
    &eg_format_ndjson,
    &eg_format_sarif,
    &eg_format_junit,
    &eg_format_github,
    &eg_format_github_summary,
    &eg_format_gitlab,
    &eg_format_csv,
};
/* clang-format on */

const struct eg_renderer *const *eg_renderer_list(uint32_t *ret_count) {
    *ret_count = sizeof formats / sizeof formats[0];
    return formats;
}

const struct eg_renderer *eg_renderer_find(struct eg_str name) {
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (eg_str_is(name, formats[i]->name))
            return formats[i];
    return NULL;
}
