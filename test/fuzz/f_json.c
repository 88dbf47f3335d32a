/* The JSON reader on any text: it doesn't crash, what it reads is sound, and jansson agrees. */
#include "check.h"
#include "support/jansson.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct eg_str text = {size == 0 ? "" : (const char *)data, size};
    struct eg_arena arena;
    struct eg_document document;
    struct eg_error error = {.code = EG_ERROR_NONE};
    eg_arena_init(&arena);
    if (eg_read_json(&arena, EG_STR("fuzz"), text, &document, &error))
        eg_fuzz_check_document(&arena, &document);
    else
        eg_fuzz_check_error(&error);
    eg_arena_done(&arena);
    if (!eg_test_agrees(text))
        abort();
    return 0;
}
