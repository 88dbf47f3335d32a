/* The growing buffer; see buf.h. Called by the renderers and wherever text is composed. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void eg_buf_init(struct eg_buf *buf) {
    *buf = (struct eg_buf){0};
}

void eg_buf_done(struct eg_buf *buf) {
    free(buf->data);
    *buf = (struct eg_buf){0};
}

void eg_buf_clear(struct eg_buf *buf) {
    buf->length = 0;
}

static void reserve(struct eg_buf *buf, size_t more) {
    if (more <= buf->capacity - buf->length)
        return;
    if (more > SIZE_MAX / 2 - buf->length)
        eg_out_of_memory();
    size_t capacity = buf->capacity < 256 ? 256 : buf->capacity * 2;
    if (capacity < buf->length + more)
        capacity = buf->length + more;
    char *data = realloc(buf->data, capacity);
    if (data == NULL)
        eg_out_of_memory();
    buf->data = data;
    buf->capacity = capacity;
}

void eg_buf_add(struct eg_buf *buf, const void *data, size_t length) {
    if (length == 0)
        return;
    reserve(buf, length);
    memcpy(buf->data + buf->length, data, length);
    buf->length += length;
}

void eg_buf_add_str(struct eg_buf *buf, struct eg_str text) {
    eg_buf_add(buf, text.data, text.length);
}

void eg_buf_puts(struct eg_buf *buf, const char *text) {
    eg_buf_add(buf, text, strlen(text));
}

void eg_buf_putc(struct eg_buf *buf, char c) {
    eg_buf_add(buf, &c, 1);
}

void eg_buf_vprintf(struct eg_buf *buf, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length > 0) {
        reserve(buf, (size_t)length + 1);
        (void)vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    }
    va_end(again);
}

void eg_buf_printf(struct eg_buf *buf, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    eg_buf_vprintf(buf, format, arguments);
    va_end(arguments);
}

struct eg_str eg_buf_str(const struct eg_buf *buf) {
    return (struct eg_str){buf->length == 0 ? "" : buf->data, buf->length};
}
