/* Files that the program carries, put there by tools/embed.c: policies and schemas (packed, see
 * read/read.h), and the style and script of the HTML document. */
#ifndef EG_BASE_EMBEDDED_H
#define EG_BASE_EMBEDDED_H

#include "base/str.h"

struct eg_embedded_file {
    const char *path; /* from the project's root: schemas/model.json */
    const char *data; /* of JSON and YAML files the packed tree; other files as they are */
    size_t length;
};

/* Sorted by path; written by tools/embed.c into build/gen/embedded.c. */
extern const struct eg_embedded_file eg_embedded_files[];
extern const size_t eg_embedded_file_count;
/* SHA-256 over the names and data of all of them, in hexadecimal. */
extern const char eg_embedded_digest[];

/* The expressions of the rules among them, compiled (cel/image.c); the path is a rule's id. Sorted
 * by it; written by tools/precompile.c into build/gen/programs.c. */
extern const struct eg_embedded_file eg_embedded_programs[];
extern const size_t eg_embedded_program_count;

/* The content of PATH; the empty text if the program carries no such file. */
struct eg_str eg_embedded_find(const char *path);
/* The compiled expressions of the rule with that id, or the empty text. */
struct eg_str eg_embedded_find_programs(struct eg_str id);

#endif
