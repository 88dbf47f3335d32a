/* Packed trees: what is written is read again, whatever a tree may hold. */
#include "base/buf.h"
#include "read/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_tree_survives_packing(void **state) {
    (void)state;
    static const char *const trees[] = {
        "null",
        "[true, false, null, [], {}]",
        "[0, 1, -1, 127, 128, -9223372036854775808, 9223372036854775807]",
        "[0.5, -1e300, 1e-300]",
        "[\"\", \"a\", \"\\u0000\\n\\\"\", \"\\u00e9\\ud83d\\ude00\"]",
        "{\"a\": {\"\": [{\"b\": 1}]}, \"c\": \"d\"}",
        "{\"1\": 1, \"2\": 2, \"3\": 3, \"4\": 4, \"5\": 5, \"6\": 6, \"7\": 7, \"8\": 8, \"9\": "
        "9, "
        "\"10\": 10}",
    };
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
        struct eg_arena arena;
        struct eg_buf packed, before, behind;
        struct eg_document document;
        struct eg_error error = {0};
        eg_arena_init(&arena);
        eg_buf_init(&packed);
        eg_buf_init(&before);
        eg_buf_init(&behind);
        assert_true(
            eg_read_json(&arena, EG_STR("in.json"), eg_str_from(trees[i]), &document, &error));
        eg_write_packed(&packed, document.root);
        const struct eg_node *root = eg_read_packed(&arena, EG_STR("name"), eg_buf_str(&packed));
        eg_write_json(&before, document.root, 0);
        eg_write_json(&behind, root, 0);
        assert_true(eg_str_equal(eg_buf_str(&before), eg_buf_str(&behind)));
        assert_true(eg_str_is(eg_node_place(root).file, "name"));
        if (i == 6)
            assert_int_equal(EG_GET(root, "10")->as.integer, 10);
        eg_buf_done(&packed);
        eg_buf_done(&before);
        eg_buf_done(&behind);
        eg_arena_done(&arena);
    }
}

static void nothing_is_no_tree(void **state) {
    (void)state;
    struct eg_arena arena;
    eg_arena_init(&arena);
    assert_null(eg_read_packed(&arena, EG_STR("name"), EG_STR("")));
    eg_arena_done(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_survives_packing),
        cmocka_unit_test(nothing_is_no_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
