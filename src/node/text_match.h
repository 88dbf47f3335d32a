/* Matching text with holes against a pattern, decided for all texts that the holes allow. */
#ifndef EG_NODE_TEXT_MATCH_H
#define EG_NODE_TEXT_MATCH_H

#include "node/scenario.h"

/* A pattern in parts, any of them empty: anything (if so), literal characters, anything (if so).
 * As a glob the literal's '*' stand for any text and its '?' for any one character. */
struct eg_text_pattern {
    bool any_before;
    struct eg_str literal;
    bool any_behind;
    bool glob;
    bool nocase; /* ASCII letters */
};

/* True: every text that TEXT may become matches; false: none does. */
enum eg_truth eg_text_match(const struct eg_node *text, const struct eg_text_pattern *pattern);

#endif
