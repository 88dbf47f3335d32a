/* The parts of the HTML document; html.c puts them together. All markup is written here in C, all
 * text of inputs and policies goes through these helpers. There are no style attributes and no
 * handlers: the page's policy forbids them. */
#ifndef EG_REPORT_HTML_H
#define EG_REPORT_HTML_H

#include "report/compliance.h"

/* ---- pieces (html_piece.c) ---- */

/* TEXT escaped, cut to a message's length. */
void eg_html_text(struct eg_buf *out, struct eg_str text);
void eg_html_puts(struct eg_buf *out, const char *text);
/* <code>, cut to a name's length; nothing for the empty text. */
void eg_html_code(struct eg_buf *out, struct eg_str text);
/* ` name="value"` */
void eg_html_attribute(struct eg_buf *out, const char *name, struct eg_str value);
/* file:line:column in <code> */
void eg_html_place(struct eg_buf *out, struct eg_place place);
/* A link; the title alone if the address is not one of the web. */
void eg_html_link(struct eg_buf *out, const struct eg_reference_link *link);
/* The class that colours a standing: pass, fail, unknown, waived, none. */
const char *eg_html_class(enum eg_standing standing);
void eg_html_badge(struct eg_buf *out, enum eg_standing standing);
void eg_html_severity(struct eg_buf *out, enum eg_severity severity);
enum eg_standing eg_html_standing(enum eg_verdict verdict, enum eg_severity severity);
/* " id=…" for a rule's own place; nothing if its id is no safe anchor. */
void eg_html_rule_anchor(struct eg_buf *out, const char *attribute, const struct eg_rule *rule);
/* The rule's id, linked to where it is at home. */
void eg_html_rule_id(struct eg_buf *out, const struct eg_rule *rule);

/* ---- parts ---- */

/* html_overview.c: the executive summary with its charts. */
void eg_html_overview(struct eg_buf *out, const struct eg_compliance *document);
/* html_chapter.c: a chapter with its rules and findings. */
void eg_html_chapter(struct eg_buf *out, const struct eg_compliance *document,
                     const struct eg_chapter *chapter);
/* html_network.c: who may connect to the tasks, drawn; nothing if the model told of none. */
void eg_html_network(struct eg_buf *out, const struct eg_compliance *document);
/* html_lists.c: what follows the chapters; NUMBER is that of the section. */
void eg_html_previous(struct eg_buf *out, const struct eg_compliance *document, uint32_t number);
void eg_html_checklists(struct eg_buf *out, const struct eg_compliance *document, uint32_t number);
void eg_html_recommendations(struct eg_buf *out, const struct eg_compliance *document,
                             uint32_t number);
void eg_html_conclusion(struct eg_buf *out, const struct eg_compliance *document, uint32_t number);
void eg_html_provenance(struct eg_buf *out, const struct eg_compliance *document);

#endif
