/* Code points in texts: CEL counts a string in them. Private to src/cel. */
#ifndef EG_CEL_UTF8_H
#define EG_CEL_UTF8_H

#include "base/str.h"

/* The number of bytes of the code point at OFFSET, which must lie in the text; 1 for a byte that
 * begins none. */
size_t eg_cel_utf8_length(struct eg_str text, size_t offset);
/* The code point there; U+FFFD for a byte that begins none. */
uint32_t eg_cel_utf8_decode(struct eg_str text, size_t offset);
/* Writes a code point, at most 4 bytes; returns how many. */
size_t eg_cel_utf8_encode(uint32_t code_point, char *out);
bool eg_cel_utf8_valid(struct eg_str text);
/* How many code points. */
size_t eg_cel_utf8_count(struct eg_str text);
/* The byte offset of code point number INDEX; the text's length for its end; SIZE_MAX beyond. */
size_t eg_cel_utf8_offset(struct eg_str text, size_t index);

#endif
