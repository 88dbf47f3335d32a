/* Reading texts in tests; see reading.h. */
#include "support/reading.h"

#include "base/buf.h"

const char *eg_test_json(struct eg_arena *arena, const struct eg_node *node) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    eg_write_json(&buf, node, 0);
    const char *written = eg_str_copy(arena, eg_buf_str(&buf)).data;
    eg_buf_done(&buf);
    return written;
}

const char *eg_test_read(struct eg_arena *arena, enum eg_syntax syntax, struct eg_str text,
                         struct eg_document *ret_document) {
    struct eg_error error = {.code = EG_ERROR_NONE};
    bool good = syntax == EG_SYNTAX_JSON
                    ? eg_read_json(arena, EG_STR("t"), text, ret_document, &error)
                    : eg_read_yaml(arena, EG_STR("t"), text, ret_document, &error);
    if (!good)
        return eg_str_format(arena, "%u:%u: %s", error.line, error.column, error.text).data;
    return eg_test_json(arena, ret_document->root);
}
