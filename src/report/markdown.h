/* The parts of the Markdown document; markdown.c puts them together. Names of inputs stand in code
 * spans, prose is escaped, source in fenced blocks. */
#ifndef EG_REPORT_MARKDOWN_H
#define EG_REPORT_MARKDOWN_H

#include "report/compliance.h"

/* ---- pieces (markdown_piece.c) ---- */

/* Running text, cut to a message's length. */
void eg_md_prose(struct eg_buf *out, struct eg_str text);
/* A code span, cut to a name's length. */
void eg_md_code(struct eg_buf *out, struct eg_str text);
/* file:line:column in a code span. */
void eg_md_place(struct eg_buf *out, struct eg_place place);
/* The sign of a standing and a space. */
void eg_md_mark(struct eg_buf *out, enum eg_standing standing);
/* " [ECS-HARD-001]" */
void eg_md_rule_id(struct eg_buf *out, const struct eg_rule *rule);
/* A link; the title alone if the address is not one of the web. */
void eg_md_link(struct eg_buf *out, const struct eg_reference_link *link);

/* ---- parts ---- */

/* markdown_chapter.c: what was examined, the ways to the tasks, the topics, the status. */
void eg_md_chapter(struct eg_buf *out, const struct eg_compliance *document,
                   const struct eg_chapter *chapter);
/* markdown_topic.c: a topic's rules with their findings, and the lines of source behind them. */
void eg_md_topic(struct eg_buf *out, struct eg_arena *arena, const struct eg_topic *topic);
/* markdown_lists.c: what follows the chapters; NUMBER is that of the section. */
void eg_md_previous(struct eg_buf *out, const struct eg_compliance *document, uint32_t number);
void eg_md_checklists(struct eg_buf *out, const struct eg_compliance *document, uint32_t number);
void eg_md_recommendations(struct eg_buf *out, const struct eg_compliance *document,
                           uint32_t number);
/* markdown_conclusion.c: the conclusion with its signatures, and where all of it comes from. */
void eg_md_conclusion(struct eg_buf *out, const struct eg_compliance *document, uint32_t number);
void eg_md_provenance(struct eg_buf *out, const struct eg_compliance *document);

#endif
