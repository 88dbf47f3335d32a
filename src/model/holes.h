/* Text with holes as one plain text, for taking apart what has a grammar (an image reference, JSON,
 * an ARN): every hole becomes one character of Unicode's private use area, and back. */
#ifndef EG_MODEL_HOLES_H
#define EG_MODEL_HOLES_H

#include "model/item.h"

struct eg_holes {
    struct eg_arena *arena;
    struct eg_str text; /* one character of 3 bytes, U+E000 + number, for each hole */
    const struct eg_node **nodes;
    uint32_t count;
    const struct eg_node *at;
};

enum { EG_HOLE_BYTES = 3 };

/* VALUE: forced; a string, partial, reference or unknown. False if its own text has characters of
 * the private use area, or too many holes. */
bool eg_holes_make(struct eg_holes *holes, struct eg_arena *arena, const struct eg_node *value);

/* The hole that begins at OFFSET of TEXT (a part of holes->text); NULL: none does. */
const struct eg_node *eg_holes_at(const struct eg_holes *holes, struct eg_str text, size_t offset);
/* Is there any hole in TEXT? */
bool eg_holes_in(const struct eg_holes *holes, struct eg_str text);
/* TEXT, a part of holes->text, as a value: string, partial, or the hole itself. */
const struct eg_node *eg_holes_node(const struct eg_holes *holes, struct eg_str text);

/* VALUE (forced) as JSON: a map or list as it is; text, holes included, is parsed. Strings of the
 * result are values with holes. NULL if it can't be read; *RET_UNKNOWN (if not NULL) is then set if
 * that is for want of knowledge, to the value that is not known. */
const struct eg_node *eg_holes_json(struct eg_arena *arena, const struct eg_node *value,
                                    const struct eg_node **ret_unknown);

#endif
