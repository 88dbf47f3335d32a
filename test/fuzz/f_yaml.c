/* The YAML reader on any text: it doesn't crash, and what it reads is sound. */
#include "check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct eg_str text = {size == 0 ? "" : (const char *)data, size};
    struct eg_arena arena;
    struct eg_document document;
    struct eg_error error = {.code = EG_ERROR_NONE};
    eg_arena_init(&arena);
    if (eg_read_yaml(&arena, EG_STR("fuzz"), text, &document, &error))
        eg_fuzz_check_document(&arena, &document);
    else
        eg_fuzz_check_error(&error);
    eg_arena_done(&arena);
    return 0;
}
