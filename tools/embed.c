/* embed: writes the files named on the command line, which must be sorted, as a C source that
 * defines what src/base/embedded.h declares. YAML and JSON become packed trees (eg_write_packed),
 * so that the program starts without parsing them; what is neither (a style sheet, a script) stays
 * as it is. Run by the Makefile; a file that can't be read fails the build. */
#include "base/buf.h"
#include "base/file.h"
#include "literal.h"
#include "read/read.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void eg_out_of_memory(void) {
    fputs("embed: out of memory\n", stderr);
    exit(1);
}

static bool is_data(struct eg_str path) {
    return eg_str_ends_with(path, EG_STR(".json")) || eg_str_ends_with(path, EG_STR(".yaml"));
}

/* What the program shall carry of the file, appended to CONTENT. */
static bool read_content(struct eg_arena *arena, struct eg_str path, struct eg_buf *content,
                         struct eg_error *error) {
    if (is_data(path)) {
        struct eg_document document;
        if (!eg_read_file(arena, path, &document, error))
            return false;
        eg_write_packed(content, document.root);
        return true;
    }
    struct eg_str text;
    if (!eg_file_read(arena, path, path, &text, error))
        return false;
    eg_buf_add_str(content, text);
    return true;
}

/* Writes the file; its name and content go to the end of ALL. */
static bool embed(const char *path, struct eg_buf *all) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_error error = {0};
    struct eg_buf content;
    eg_buf_init(&content);
    bool good = read_content(&arena, eg_str_from(path), &content, &error);
    if (good) {
        printf("    {\"%s\",\n", path);
        write_literal(eg_buf_str(&content));
        printf(",\n     %zu},\n", content.length);
        eg_buf_printf(all, "%s %zu ", path, content.length);
        eg_buf_add_str(all, eg_buf_str(&content));
    } else {
        fprintf(stderr, "%s:%u:%u: %s\n", error.file, error.line, error.column, error.text);
    }
    eg_buf_done(&content);
    eg_arena_done(&arena);
    return good;
}

int main(int argc, char **argv) {
    write_head("embed", "eg_embedded_files");
    struct eg_buf all;
    eg_buf_init(&all);
    for (int i = 1; i < argc; i++)
        if (!embed(argv[i], &all))
            return 1;
    char digest[65];
    eg_file_digest(eg_buf_str(&all), digest);
    eg_buf_done(&all);
    printf("    {0, 0, 0},\n};\nconst size_t eg_embedded_file_count = %d;\n"
           "const char eg_embedded_digest[] = \"%s\";\n",
           argc - 1, digest);
    return 0;
}
