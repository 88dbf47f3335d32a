/* Filling an error; see error.h. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void copy_end(char *target, size_t size, struct eg_str text) {
    static const char dots[] = "...";
    if (text.length < size) {
        if (text.length > 0)
            memcpy(target, text.data, text.length);
        target[text.length] = '\0';
        return;
    }
    size_t kept = size - sizeof dots;
    memcpy(target, dots, sizeof dots - 1);
    memcpy(target + sizeof dots - 1, text.data + text.length - kept, kept);
    target[size - 1] = '\0';
}

bool eg_error_set(struct eg_error *error, enum eg_error_code code, struct eg_str file,
                  uint32_t line, uint32_t column, const char *format, ...) {
    if (error->code != EG_ERROR_NONE)
        return false;
    error->code = code;
    error->line = line;
    error->column = column;
    copy_end(error->file, sizeof error->file, file);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}
