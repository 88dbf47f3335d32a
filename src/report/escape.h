/* Text of inputs made safe for each kind of output; beside what report.h offers to everyone, the
 * parts that only renderers need. Every text that comes from an input, a policy or a path goes
 * through one of these functions on its way out. */
#ifndef EG_REPORT_ESCAPE_H
#define EG_REPORT_ESCAPE_H

#include "report/report.h"

/* Appends text in the form of one kind of output. */
typedef void eg_report_add(struct eg_buf *out, struct eg_str text);

/* Appends at most LIMIT characters of TEXT through ADD; the rest is counted: "abc… (+1234
 * characters)". */
void eg_report_add_cut(struct eg_buf *out, eg_report_add *add, struct eg_str text, size_t limit);

/* A code span of Markdown (GFM), safe inside a table too: its fence is longer than any run of
 * backticks in TEXT. Nothing for the empty text. */
void eg_report_add_code(struct eg_buf *out, struct eg_str text);

/* A quoted field of CSV (RFC 4180). A field that a spreadsheet would take for a formula begins with
 * an apostrophe, as OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection). */
void eg_report_add_csv(struct eg_buf *out, struct eg_str text);

/* A JSON text whose strings may hold characters that are not seen, or that end a line for some
 * readers (U+0085, U+2028): those become \u escapes, which say the same. */
void eg_report_add_json(struct eg_buf *out, struct eg_str json);

/* A relative reference (RFC 3986): all but unreserved characters and '/' as %XX. */
void eg_report_add_uri(struct eg_buf *out, struct eg_str path);

/* An address out of a policy: itself if it begins with https:// or http:// and holds only
 * characters that an address may have; else the empty text. */
struct eg_str eg_report_safe_url(struct eg_str url);

/* Columns that CODE takes on a terminal: 0, 1 or 2. */
unsigned eg_report_columns(uint32_t code);
/* Columns of TEXT as eg_report_add_plain shows it. */
size_t eg_report_width(struct eg_str text);

/* Runs of white space (line ends included) as one space: policy prose in one line. */
struct eg_str eg_report_one_line(struct eg_arena *arena, struct eg_str text);

/* Valid UTF-8 without NUL, terminated, in ARENA: bytes that are neither become U+FFFD. */
const char *eg_report_utf8(struct eg_arena *arena, struct eg_str text);

#endif
