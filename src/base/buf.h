/* A growing buffer of bytes, for output and for text put together piece by piece. It owns its
 * memory; running out of it ends in eg_out_of_memory() (arena.h). */
#ifndef EG_BASE_BUF_H
#define EG_BASE_BUF_H

#include "base/str.h"

#include <stdarg.h>

struct eg_buf {
    char *data; /* NULL while empty */
    size_t length;
    size_t capacity;
};

void eg_buf_init(struct eg_buf *buf);
void eg_buf_done(struct eg_buf *buf);
/* Makes it empty and keeps the memory. */
void eg_buf_clear(struct eg_buf *buf);
void eg_buf_add(struct eg_buf *buf, const void *data, size_t length);
void eg_buf_add_str(struct eg_buf *buf, struct eg_str text);
/* A terminated string. */
void eg_buf_puts(struct eg_buf *buf, const char *text);
void eg_buf_putc(struct eg_buf *buf, char c);
void eg_buf_printf(struct eg_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void eg_buf_vprintf(struct eg_buf *buf, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* The content, valid until the next change. */
struct eg_str eg_buf_str(const struct eg_buf *buf);

#endif
