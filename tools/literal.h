/* Bytes as C, for the tools that write sources. */
#ifndef TOOLS_LITERAL_H
#define TOOLS_LITERAL_H

#include "base/str.h"

#include <stdio.h>

/* What stands before the entries of the array NAME. */
static void write_head(const char *tool, const char *name) {
    /* C99 promises no more than 4095 characters a string; our compilers take them all. */
    printf("/* Written by tools/%s.c. */\n#include \"base/embedded.h\"\n\n"
           "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
           "const struct eg_embedded_file %s[] = {\n",
           tool, name);
}

static void write_literal(struct eg_str text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (i % 80 == 0)
            fputs(i == 0 ? "    \"" : "\"\n    \"", stdout);
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c >= 32 && c < 127 && c != '?')
            putchar(c);
        else
            printf("\\%03o", c);
    }
    fputs(text.length == 0 ? "    \"\"" : "\"", stdout);
}

#endif
