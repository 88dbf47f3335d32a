/* Arena, texts, map, buffer, files, UTF-8, errors. */
#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct eg_arena arena;

static int set_up(void **state) {
    (void)state;
    eg_arena_init(&arena);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    eg_arena_done(&arena);
    return 0;
}

static bool is_zero(const char *memory, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (memory[i] != 0)
            return false;
    return true;
}

static void test_arena(void **state) {
    (void)state;
    struct eg_arena own;
    eg_arena_init(&own);
    char *former = NULL;
    for (size_t size = 0; size < 3000; size += 7) {
        char *memory = eg_arena_alloc(&own, size);
        assert_non_null(memory);
        assert_ptr_not_equal(memory, former);
        assert_int_equal((uintptr_t)memory % 16, 0);
        assert_true(is_zero(memory, size));
        memset(memory, 0xAA, size);
        former = memory;
    }
    size_t total = own.total;
    eg_arena_reset(&own);
    assert_true(own.total > 0 && own.total < total);
    assert_true(is_zero(eg_arena_alloc(&own, 5000), 5000));
    assert_true(is_zero(eg_arena_alloc(&own, 10 * 1024 * 1024), 10 * 1024 * 1024));
    eg_arena_done(&own);
    assert_int_equal(own.total, 0);
}

static void test_arena_rewind(void **state) {
    (void)state;
    struct eg_arena own;
    eg_arena_init(&own);
    eg_arena_rewind(&own, own.next); /* nothing to give back */
    (void)eg_arena_alloc(&own, 10);
    char *mark = own.next;
    memset(eg_arena_alloc(&own, 100), 'x', 100);
    eg_arena_rewind(&own, mark);
    assert_ptr_equal(own.next, mark);
    assert_true(is_zero(eg_arena_alloc(&own, 100), 100));
    (void)eg_arena_alloc(&own, 1000 * 1000); /* in another block than the mark */
    char *next = own.next;
    eg_arena_rewind(&own, mark);
    assert_ptr_equal(own.next, next);
    eg_arena_done(&own);
}

static void test_arena_grow(void **state) {
    (void)state;
    struct eg_arena own;
    eg_arena_init(&own);
    char *block = eg_arena_grow(&own, NULL, 0, 10);
    memset(block, 'a', 10);
    char *larger = eg_arena_grow(&own, block, 10, 100);
    assert_ptr_equal(larger, block); /* it was the last allocation */
    assert_true(larger[9] == 'a' && is_zero(larger + 10, 90));
    char *other = eg_arena_alloc(&own, 1);
    *other = 'x';
    larger = eg_arena_grow(&own, block, 100, 100 * 1000);
    assert_ptr_not_equal(larger, block);
    assert_true(larger[9] == 'a' && is_zero(larger + 10, 100 * 1000 - 10));
    assert_int_equal(*other, 'x');
    eg_arena_done(&own);
}

static void test_str(void **state) {
    (void)state;
    struct eg_str text = EG_STR("Hello, world");
    assert_true(eg_str_equal(eg_str_from(NULL), EG_STR("")));
    assert_true(eg_str_is(text, "Hello, world"));
    assert_false(eg_str_is(text, "Hello"));
    assert_true(eg_str_equal_nocase(text, EG_STR("hELLO, WORLD")));
    assert_false(eg_str_equal_nocase(text, EG_STR("hELLO")));
    assert_true(eg_str_compare(EG_STR("a"), EG_STR("b")) < 0);
    assert_true(eg_str_compare(EG_STR("ab"), EG_STR("a")) > 0);
    assert_true(eg_str_compare(EG_STR("\xC3"), EG_STR("z")) > 0);
    assert_int_equal(eg_str_compare(EG_STR(""), EG_STR("")), 0);
    assert_true(eg_str_starts_with(text, EG_STR("Hell")));
    assert_true(eg_str_ends_with(text, EG_STR("world")));
    assert_false(eg_str_ends_with(EG_STR("d"), EG_STR("world")));
    assert_int_equal(eg_str_find(text, EG_STR("o"), 5), 8);
    assert_int_equal(eg_str_find(text, EG_STR(""), 3), 3);
    assert_true(eg_str_find(text, EG_STR("x"), 0) == SIZE_MAX);
    assert_int_equal(eg_str_find_last(text, 'o'), 8);
    assert_true(eg_str_find_last(text, 'x') == SIZE_MAX);
    assert_true(eg_str_is(eg_str_slice(text, 7, 100), "world"));
    assert_true(eg_str_is(eg_str_slice(text, 100, 1), ""));
    assert_true(eg_str_is(eg_str_trim(EG_STR(" \t x y\n")), "x y"));
    assert_true(eg_str_is(eg_str_concat(&arena, EG_STR("a"), EG_STR("")), "a"));
    assert_string_equal(eg_str_format(&arena, "%d-%s", 7, "x").data, "7-x");
}

/* The hash is that of the content alone, and every byte of it counts. */
static void test_str_hash(void **state) {
    (void)state;
    char text[64], copy[65];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i % 26);
    for (size_t length = 0; length <= sizeof text; length++) {
        uint32_t hash = eg_str_hash((struct eg_str){text, length});
        memcpy(copy + 1, text, length);
        assert_int_equal(hash, eg_str_hash((struct eg_str){copy + 1, length}));
        for (size_t i = 0; i < length; i++) {
            copy[1 + i] ^= 1;
            assert_int_not_equal(hash, eg_str_hash((struct eg_str){copy + 1, length}));
            copy[1 + i] ^= 1;
        }
    }
}

static void test_str_numbers(void **state) {
    (void)state;
    int64_t value = 1;
    assert_true(eg_str_to_int(EG_STR("-9223372036854775808"), &value) && value == INT64_MIN);
    assert_true(eg_str_to_int(EG_STR("+12"), &value) && value == 12);
    assert_false(eg_str_to_int(EG_STR("9223372036854775808"), &value));
    assert_false(eg_str_to_int(EG_STR("1x"), &value));
    assert_false(eg_str_to_int(EG_STR("-"), &value));
    assert_false(eg_str_to_int(EG_STR(""), &value));
    assert_int_equal(eg_str_distance(EG_STR("image"), EG_STR("imgae"), 3), 2);
    assert_int_equal(eg_str_distance(EG_STR("Image"), EG_STR("image"), 3), 1);
    assert_int_equal(eg_str_distance(EG_STR("cpu"), EG_STR("memory"), 2), 3);
}

static void test_map(void **state) {
    (void)state;
    struct eg_map map;
    eg_map_init(&map, &arena);
    assert_null(eg_map_get(&map, EG_STR("x")));
    static int values[1000];
    for (int i = 0; i < 1000; i++)
        assert_null(eg_map_put(&map, eg_str_format(&arena, "key%d", i), &values[i]));
    assert_ptr_equal(eg_map_put(&map, EG_STR("key500"), &values[0]), &values[500]);
    assert_int_equal(map.count, 1000);
    for (int i = 0; i < 1000; i++) {
        struct eg_str key = eg_str_format(&arena, "key%d", i);
        assert_ptr_equal(eg_map_get(&map, key), &values[i == 500 ? 0 : i]);
        assert_true(eg_str_equal(map.entries[i].key, key)); /* in the order of insertion */
    }
    assert_null(eg_map_get(&map, EG_STR("key1000")));
    assert_null(eg_map_put(&map, EG_STR(""), &values[1]));
    assert_ptr_equal(eg_map_get(&map, EG_STR("")), &values[1]);
}

static void test_buf(void **state) {
    (void)state;
    struct eg_buf buf;
    eg_buf_init(&buf);
    assert_int_equal(eg_buf_str(&buf).length, 0);
    for (int i = 0; i < 1000; i++)
        eg_buf_printf(&buf, "%d,", i % 10);
    eg_buf_add(&buf, NULL, 0);
    eg_buf_puts(&buf, "end");
    eg_buf_putc(&buf, '.');
    assert_int_equal(buf.length, 2004);
    assert_true(eg_str_starts_with(eg_buf_str(&buf), EG_STR("0,1,2,")));
    assert_true(eg_str_ends_with(eg_buf_str(&buf), EG_STR("9,end.")));
    eg_buf_clear(&buf);
    assert_int_equal(eg_buf_str(&buf).length, 0);
    eg_buf_done(&buf);
}

static void test_utf8(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t code; /* 0: not valid */
    } cases[] = {
        {"A", 'A'},
        {"\x7F", 0x7F},
        {"\xC2\x80", 0x80},
        {"\xDF\xBF", 0x7FF},
        {"\xE0\xA0\x80", 0x800},
        {"\xED\x9F\xBF", 0xD7FF},
        {"\xEE\x80\x80", 0xE000},
        {"\xEF\xBF\xBF", 0xFFFF},
        {"\xF0\x90\x80\x80", 0x10000},
        {"\xF4\x8F\xBF\xBF", 0x10FFFF},
        {"\x80", 0},
        {"\xC0\x80", 0},
        {"\xC1\xBF", 0},
        {"\xE0\x9F\xBF", 0},
        {"\xED\xA0\x80", 0},
        {"\xF0\x8F\xBF\xBF", 0},
        {"\xF4\x90\x80\x80", 0},
        {"\xF5\x80\x80\x80", 0},
        {"\xC3", 0},
        {"\xE2\x82", 0},
        {"\xE2\x82"
         "A",
         0},
        {"\xFF", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size = strlen(cases[i].bytes);
        unsigned length = eg_utf8_length(cases[i].bytes, size);
        assert_int_equal(length, cases[i].code == 0 ? 0 : size);
        if (length == 0)
            continue;
        char encoded[4];
        assert_int_equal(eg_utf8_decode(cases[i].bytes, length), cases[i].code);
        assert_int_equal(eg_utf8_encode(cases[i].code, encoded), length);
        assert_memory_equal(encoded, cases[i].bytes, length);
    }
    assert_int_equal(eg_utf8_length("", 0), 0);
    assert_int_equal(eg_utf8_find_invalid(EG_STR("a\xC3\xA9\xFFx"), 0), 3);
    assert_true(eg_utf8_find_invalid(EG_STR("a\xC3\xA9"), 0) == SIZE_MAX);
}

static void test_error(void **state) {
    (void)state;
    struct eg_error error = {.code = EG_ERROR_NONE};
    char longer[600];
    memset(longer, 'd', sizeof longer);
    memcpy(longer + sizeof longer - 6, "x.yaml", 6);
    struct eg_str file = {longer, sizeof longer};
    assert_false(eg_error_set(&error, EG_ERROR_INPUT, file, 3, 4, "found %s", "this"));
    assert_false(eg_error_set(&error, EG_ERROR_USAGE, EG_STR("b"), 1, 1, "later"));
    assert_int_equal(error.code, EG_ERROR_INPUT);
    assert_int_equal(error.line * 10 + error.column, 34);
    assert_string_equal(error.text, "found this");
    assert_int_equal(strlen(error.file), sizeof error.file - 1);
    assert_true(eg_str_ends_with(eg_str_from(error.file), EG_STR("x.yaml")));
}

static void test_file_paths(void **state) {
    (void)state;
    assert_true(eg_str_is(eg_file_join(&arena, EG_STR("a"), EG_STR("b")), "a/b"));
    assert_true(eg_str_is(eg_file_join(&arena, EG_STR("a/"), EG_STR("b")), "a/b"));
    assert_true(eg_str_is(eg_file_join(&arena, EG_STR("."), EG_STR("b")), "b"));
    assert_true(eg_str_is(eg_file_join(&arena, EG_STR("a"), EG_STR("/b")), "/b"));
    assert_true(eg_str_is(eg_file_folder(EG_STR("a/b/c")), "a/b"));
    assert_true(eg_str_is(eg_file_folder(EG_STR("c")), "."));
    assert_true(eg_str_is(eg_file_folder(EG_STR("/c")), "/"));
    assert_true(eg_str_is(eg_file_name(EG_STR("a/b/c.json")), "c.json"));
    static const struct {
        const char *path;
        bool inside;
    } cases[] = {{"a", true},        {"a/../b", true}, {"./a", true},        {"..", false},
                 {"a/../..", false}, {"/a", false},    {"a/../../a", false}, {"a/..b", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(eg_file_path_is_inside(eg_str_from(cases[i].path)), cases[i].inside);
}

static void test_files(void **state) {
    (void)state;
    char folder[] = "/tmp/ecsgate-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct eg_str root = eg_str_from(folder), path = eg_file_join(&arena, root, EG_STR("b.txt"));
    struct eg_str content = EG_STR("one\0two\n"), text;
    struct eg_error error = {.code = EG_ERROR_NONE};
    assert_true(eg_file_write(path, content, &error));
    assert_true(eg_file_write(eg_file_join(&arena, root, EG_STR("a.txt")), EG_STR(""), &error));
    assert_true(eg_file_read(&arena, path, EG_STR("b"), &text, &error));
    assert_true(eg_str_equal(text, content));
    assert_int_equal(text.data[text.length], '\0');
    struct eg_str *names;
    size_t count;
    assert_true(eg_file_list(&arena, root, &names, &count, &error));
    assert_int_equal(count, 2); /* and nothing temporary */
    assert_true(eg_str_is(names[0], "a.txt") && eg_str_is(names[1], "b.txt"));
    assert_int_equal(eg_file_type(path), EG_FILE_REGULAR);
    assert_int_equal(eg_file_type(root), EG_FILE_FOLDER);
    assert_int_equal(eg_file_type(EG_STR("/nowhere/at/all")), EG_FILE_NONE);
    struct eg_str link = eg_file_join(&arena, root, EG_STR("link"));
    assert_int_equal(symlink("/etc", link.data), 0);
    assert_true(eg_file_within(root, path));
    assert_false(eg_file_within(root, link));
    assert_false(eg_file_within(root, EG_STR("/nowhere")));
    assert_false(eg_file_read(&arena, root, EG_STR("folder"), &text, &error));
    assert_int_equal(error.code, EG_ERROR_INPUT);
    struct eg_error again = {.code = EG_ERROR_NONE};
    assert_false(eg_file_write(EG_STR("/nowhere/at/all"), content, &again));
    assert_int_equal(again.code, EG_ERROR_SYSTEM);
    assert_int_equal(unlink(link.data), 0);
    assert_int_equal(unlink(path.data), 0);
    assert_int_equal(unlink(eg_file_join(&arena, root, EG_STR("a.txt")).data), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void test_digest(void **state) {
    (void)state;
    char digest[65];
    eg_file_digest(EG_STR("abc"), digest); /* FIPS 180-2's test vector */
    assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* Of 20,000 keys, names and numbers, hardly two have one hash: 0.05 by chance. */
static void test_hashes_of_keys(void **state) {
    (void)state;
    enum { KEYS = 20000 };
    struct eg_map seen;
    uint32_t same = 0;
    eg_map_init(&seen, &arena);
    for (int i = 0; i < KEYS; i++) {
        struct eg_str key = i % 2 == 0 ? eg_str_format(&arena, "%08d", i)
                                       : eg_str_format(&arena, "Service%dTaskDefinition", i);
        struct eg_str hash = eg_str_format(&arena, "%x", eg_str_hash(key));
        same += eg_map_put(&seen, hash, &seen) != NULL;
    }
    assert_true(same < 4);
    eg_arena_done(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_arena_rewind),
        cmocka_unit_test(test_arena_grow),
        cmocka_unit_test(test_str),
        cmocka_unit_test(test_str_numbers),
        cmocka_unit_test(test_str_hash),
        cmocka_unit_test(test_hashes_of_keys),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_buf),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_error),
        cmocka_unit_test(test_file_paths),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_digest),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
