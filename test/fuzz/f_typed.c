/* Typed values, as `ecsgate eval --typed --var` takes them: any JSON. What is read is written and
 * read again as the same. Seeds in test/fuzz/corpus/typed. */
#include "base/buf.h"
#include "cel/cel.h"
#include "cel/typed.h"
#include "read/read.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The value that TEXT stands for, written: false if it is none. */
static bool rewrite(struct eg_arena *arena, struct eg_scenario *scenario, struct eg_str text,
                    struct eg_buf *out) {
    struct eg_document document;
    const struct eg_node *value = NULL;
    struct eg_error error = {0};
    if (!eg_read_json(arena, EG_STR("fuzz"), text, &document, &error) ||
        !eg_cel_typed_read(arena, document.root, &value, &error))
        return false;
    (void)eg_cel_show(arena, scenario, value, 200);
    eg_cel_typed_write(out, arena, scenario, value);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct eg_str text = {size == 0 ? "" : (const char *)data, size};
    struct eg_arena arena;
    struct eg_scenario scenario;
    struct eg_buf once, twice;
    eg_arena_init(&arena);
    eg_scenario_init(&scenario, &arena, 0);
    eg_buf_init(&once);
    eg_buf_init(&twice);
    if (rewrite(&arena, &scenario, text, &once) &&
        (!rewrite(&arena, &scenario, eg_buf_str(&once), &twice) ||
         !eg_str_equal(eg_buf_str(&once), eg_buf_str(&twice))))
        abort();
    eg_buf_done(&once);
    eg_buf_done(&twice);
    eg_arena_done(&arena);
    return 0;
}
