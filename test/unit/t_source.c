/* Sources: lines and columns of offsets, whatever ends the lines. */
#include "node/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void lines_end_in_three_ways(void **state) {
    (void)state;
    static const struct {
        struct eg_str text;
        const char *lines[5]; /* of them; behind the last NULL */
    } cases[] = {
        {EG_STR_INIT(""), {"", NULL}},
        {EG_STR_INIT("a"), {"a", NULL}},
        {EG_STR_INIT("a\n"), {"a", NULL}},
        {EG_STR_INIT("a\nb"), {"a", "b", NULL}},
        {EG_STR_INIT("a\rb"), {"a", "b", NULL}},
        {EG_STR_INIT("a\r\nb\r\n"), {"a", "b", NULL}},
        {EG_STR_INIT("a\n\rb"), {"a", "", "b", NULL}},
        {EG_STR_INIT("\r\r\nab\rc"), {"", "", "ab", "c", NULL}},
        {EG_STR_INIT("a\r\rb\n\nc"), {"a", "", "b", "", "c"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct eg_arena arena;
        eg_arena_init(&arena);
        struct eg_source *source = eg_source_new(&arena, EG_STR("x"), cases[i].text);
        uint32_t line = 0;
        for (; line < 5 && cases[i].lines[line] != NULL; line++) {
            assert_true(eg_str_is(eg_source_line(source, line + 1), cases[i].lines[line]));
            /* The place of the line's first character. */
            if (line == 0)
                continue;
            uint32_t offset = source->line_starts[line];
            struct eg_place place = eg_source_place(source, offset);
            assert_int_equal(place.line, line + 1);
            assert_int_equal(place.column, 1);
            assert_int_equal(eg_source_place(source, offset - 1).line, line);
        }
        assert_int_equal(source->line_count, line);
        eg_arena_done(&arena);
    }
}

static void a_source_may_have_many_short_lines(void **state) {
    (void)state;
    char text[1000];
    struct eg_arena arena;
    eg_arena_init(&arena);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 == 0 ? 'x' : '\n';
    struct eg_source *source =
        eg_source_new(&arena, EG_STR("x"), (struct eg_str){text, sizeof text});
    assert_int_equal(eg_source_place(source, 998).line, 500);
    assert_int_equal(eg_source_place(source, 2).line, 2);
    eg_arena_done(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_three_ways),
        cmocka_unit_test(a_source_may_have_many_short_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
