/* Fuzzes the readers: any bytes are read as JSON and as YAML, and what was read can be written as
 * JSON and read again. Seeds in test/fuzz/corpus/read. */
#include "base/buf.h"
#include "read/read.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef bool reader(struct eg_arena *arena, struct eg_str name, struct eg_str text,
                    struct eg_document *ret_document, struct eg_error *error);

static void read_and_write(reader *read, struct eg_str text) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_document document, again;
    struct eg_error error = {0};
    if (read(&arena, EG_STR("fuzz"), text, &document, &error)) {
        struct eg_buf json;
        eg_buf_init(&json);
        eg_write_json(&json, document.root, 0);
        if (!eg_read_json(&arena, EG_STR("again"), eg_buf_str(&json), &again, &error))
            abort();
        eg_buf_done(&json);
    } else if (error.text[0] == '\0') {
        abort(); /* refused without a reason */
    }
    eg_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    /* A copy that is exactly as long, so that a byte read behind it is seen. */
    char *copy = malloc(size + 1);
    if (copy == NULL)
        return 0;
    for (size_t i = 0; i < size; i++)
        copy[i] = (char)data[i];
    copy[size] = '\0'; /* what eg_file_read promises */
    read_and_write(eg_read_json, (struct eg_str){copy, size});
    read_and_write(eg_read_yaml, (struct eg_str){copy, size});
    free(copy);
    return 0;
}
