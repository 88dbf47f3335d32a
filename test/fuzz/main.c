/* Runs a fuzz target over files: those given, and all in the folders given. So the corpus is a test
 * where there is no fuzzer. */
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_path(struct eg_str path) {
    struct eg_arena arena;
    struct eg_error error = {.code = EG_ERROR_NONE};
    struct eg_str *names, text;
    size_t count;
    eg_arena_init(&arena);
    if (eg_file_type(path) == EG_FILE_FOLDER && eg_file_list(&arena, path, &names, &count, &error))
        for (size_t i = 0; i < count; i++)
            run_path(eg_file_join(&arena, path, names[i]));
    else if (error.code == EG_ERROR_NONE && eg_file_read(&arena, path, path, &text, &error))
        (void)LLVMFuzzerTestOneInput((const uint8_t *)text.data, text.length);
    if (error.code != EG_ERROR_NONE) {
        (void)fprintf(stderr, "%s: %s\n", error.file, error.text);
        exit(1);
    }
    eg_arena_done(&arena);
}

int main(int count, char **arguments) {
    for (int i = 1; i < count; i++)
        run_path(eg_str_from(arguments[i]));
    return 0;
}
