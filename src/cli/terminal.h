/* Standard output as a terminal: how wide it is, and text of inputs on it. */
#ifndef EG_CLI_TERMINAL_H
#define EG_CLI_TERMINAL_H

#include "base/buf.h"

/* Its columns; 0: it is no terminal. */
uint32_t eg_terminal_width(void);

/* Adds the lines of TEXT, each behind INDENT, with nothing in them that a terminal obeys. */
void eg_terminal_add_lines(struct eg_buf *out, const char *indent, struct eg_str text);

#endif
