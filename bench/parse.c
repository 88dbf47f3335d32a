/* parse: reads the files named on standard input, one a line, and does nothing with them. What the
 * readers alone cost: the yardstick for the whole program in bench/run. Files that are refused are
 * read as far as they go, as ecsgate does. */
#include "read/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void eg_out_of_memory(void) {
    fputs("parse: out of memory\n", stderr);
    exit(1);
}

int main(void) {
    struct eg_arena arena;
    char path[4096];
    unsigned read = 0, refused = 0;
    eg_arena_init(&arena);
    while (fgets(path, sizeof path, stdin) != NULL) {
        struct eg_document document;
        struct eg_error error = {0};
        path[strcspn(path, "\n")] = '\0';
        if (eg_read_file(&arena, eg_str_from(path), &document, &error))
            read++;
        else
            refused++;
        eg_arena_reset(&arena);
    }
    eg_arena_done(&arena);
    printf("%u read, %u refused\n", read, refused);
    return 0;
}
