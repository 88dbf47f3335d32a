/* Files that the program carries, put there by tools/embed.c: policies and schemas (as JSON), and
 * the style and script of the HTML document. */
#ifndef EG_BASE_EMBEDDED_H
#define EG_BASE_EMBEDDED_H

#include "base/str.h"

struct eg_embedded_file {
    const char *path; /* from the project's root: schemas/model.json */
    const char *data; /* JSON, also of YAML files; other files as they are */
    size_t length;
    const char *digest; /* SHA-256 of that data */
};

/* Sorted by path; written by tools/embed.c into build/gen/embedded.c. */
extern const struct eg_embedded_file eg_embedded_files[];
extern const size_t eg_embedded_file_count;

/* The content of PATH; the empty text if the program carries no such file. */
struct eg_str eg_embedded_find(const char *path);

#endif
