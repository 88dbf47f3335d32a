/* Numbers of JSON and YAML. */
#ifndef EG_READ_NUMBER_H
#define EG_READ_NUMBER_H

#include "node/node.h"

/* Length of the JSON number (RFC 8259, section 6) at the front of TEXT; 0 if there is none. If what
 * stands there begins as a number and then goes wrong, 0 too, with *RET_WRONG the offset of the
 * first wrong character and *RET_EXPECTED what should be there; else *RET_EXPECTED is NULL. */
size_t eg_number_scan(struct eg_str text, size_t *ret_wrong, const char **ret_expected);

/* Fills NODE with the number written as TEXT (decimal, optional sign, fraction and exponent): an
 * int if it is written without fraction and exponent and fits, else a double. False if it is too
 * large for a double. ARENA may be used. */
bool eg_number_read(struct eg_arena *arena, struct eg_str text, struct eg_node *node);

#endif
