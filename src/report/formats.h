/* Every output format, one file each: src/report/NAME.c defines eg_format_NAME, and report.c lists
 * it. */
#ifndef EG_REPORT_FORMATS_H
#define EG_REPORT_FORMATS_H

#include "report/report.h"

extern const struct eg_renderer eg_format_text;
extern const struct eg_renderer eg_format_summary;
extern const struct eg_renderer eg_format_markdown;
extern const struct eg_renderer eg_format_html;
extern const struct eg_renderer eg_format_json;
extern const struct eg_renderer eg_format_ndjson;
extern const struct eg_renderer eg_format_sarif;
extern const struct eg_renderer eg_format_junit;
extern const struct eg_renderer eg_format_github;
extern const struct eg_renderer eg_format_github_summary;
extern const struct eg_renderer eg_format_gitlab;
extern const struct eg_renderer eg_format_csv;

#endif
