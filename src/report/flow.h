/* Text for a terminal: words in runs of one style, broken at a width. */
#ifndef EG_REPORT_FLOW_H
#define EG_REPORT_FLOW_H

#include "report/summary.h"

struct eg_flow {
    struct eg_buf *out;
    uint32_t width; /* columns; 0: lines are never broken */
    bool colour;
    uint32_t indent; /* of the lines behind the first, in columns */
    uint32_t column; /* of the current line, from 0 */
    bool blank;      /* nothing but white space is in it */
};

/* Begins a line, INDENT columns in; the lines that it is broken into begin at HANGING. */
void eg_flow_begin(struct eg_flow *flow, uint32_t indent, uint32_t hanging);
/* Adds TEXT (escaped by eg_report_add_plain) at the end of the line. */
void eg_flow_add(struct eg_flow *flow, enum eg_style style, struct eg_str text);
void eg_flow_puts(struct eg_flow *flow, enum eg_style style, const char *text);
void eg_flow_end(struct eg_flow *flow);

#endif
