/* Text that is not wholly known; see text.h. Called by resolve, cel and model. Every question about
 * a text with holes is a match against a pattern (text_match.c), after what can be seen at once. */
#include "node/text.h"

#include "node/text_form.h"
#include "node/text_match.h"

bool eg_text_is(const struct eg_node *node) {
    return node->kind == EG_STRING || node->kind == EG_PARTIAL || node->kind == EG_REFERENCE ||
           node->kind == EG_UNKNOWN;
}

static enum eg_truth truth_of(bool value) {
    return value ? EG_TRUE : EG_FALSE;
}

struct eg_str eg_text_known_start(const struct eg_node *text) {
    struct eg_list pieces = eg_text_form_pieces(&text);
    return pieces.count == 0 ? EG_STR("") : eg_node_text(pieces.items[0]);
}

struct eg_str eg_text_known_end(const struct eg_node *text) {
    struct eg_list pieces = eg_text_form_pieces(&text);
    return pieces.count == 0 ? EG_STR("") : eg_node_text(pieces.items[pieces.count - 1]);
}

enum eg_truth eg_text_starts_with(const struct eg_node *text, struct eg_str start) {
    struct eg_str known = eg_text_known_start(text);
    if (text->kind == EG_STRING || known.length >= start.length)
        return truth_of(eg_str_starts_with(known, start));
    return eg_text_match(text, &(struct eg_text_pattern){.literal = start, .any_behind = true});
}

enum eg_truth eg_text_ends_with(const struct eg_node *text, struct eg_str end) {
    struct eg_str known = eg_text_known_end(text);
    if (text->kind == EG_STRING || known.length >= end.length)
        return truth_of(eg_str_ends_with(known, end));
    return eg_text_match(text, &(struct eg_text_pattern){.any_before = true, .literal = end});
}

enum eg_truth eg_text_contains(const struct eg_node *text, struct eg_str part) {
    struct eg_list pieces = eg_text_form_pieces(&text);
    for (uint32_t i = 0; i < pieces.count; i++)
        if (eg_str_contains(eg_node_text(pieces.items[i]), part))
            return EG_TRUE;
    if (text->kind == EG_STRING)
        return EG_FALSE;
    return eg_text_match(
        text, &(struct eg_text_pattern){.any_before = true, .literal = part, .any_behind = true});
}

enum eg_truth eg_text_is_empty(const struct eg_node *text) {
    return eg_text_match(text, &(struct eg_text_pattern){.literal = EG_STR("")});
}

enum eg_truth eg_text_matches_glob(const struct eg_node *text, struct eg_str pattern, bool nocase) {
    return eg_text_match(
        text, &(struct eg_text_pattern){.literal = pattern, .glob = true, .nocase = nocase});
}
