/* UTF-8, as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef EG_BASE_UTF8_H
#define EG_BASE_UTF8_H

#include "base/str.h"

/* The length in bytes (1 to 4) of the character at DATA, of which LEFT bytes are there; 0 if it is
 * not valid or LEFT is 0. */
unsigned eg_utf8_length(const char *data, size_t left);
/* The code point of the valid character of LENGTH bytes at DATA. */
uint32_t eg_utf8_decode(const char *data, unsigned length);
/* Writes CODE (no surrogate, at most U+10FFFF); the length in bytes. */
unsigned eg_utf8_encode(uint32_t code, char ret[4]);
/* Offset of the first byte at or behind FROM that begins no valid character, or SIZE_MAX. */
size_t eg_utf8_find_invalid(struct eg_str text, size_t from);

/* ---- any text as code points: a byte that begins no valid character is one by itself ---- */

/* The length in bytes of the code point at OFFSET, which must lie in the text. */
size_t eg_utf8_step(struct eg_str text, size_t offset);
/* The code point there; U+FFFD for a byte that begins none. */
uint32_t eg_utf8_at(struct eg_str text, size_t offset);
/* How many code points. */
size_t eg_utf8_count(struct eg_str text);
/* The byte offset of code point number INDEX; the text's length for its end; SIZE_MAX beyond. */
size_t eg_utf8_offset(struct eg_str text, size_t index);

#endif
