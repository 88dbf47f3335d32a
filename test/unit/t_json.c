/* The JSON reader: what it reads, what it refuses and where, and that it agrees with jansson. */
#include "base/file.h"
#include "base/limits.h"
#include "support/jansson.h"
#include "support/reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* A literal that may hold NULs. */
#define TEXT(literal)                                                                              \
    { "" literal, sizeof(literal) - 1 }

static const char *read_text(struct eg_str text) {
    struct eg_document document;
    return eg_test_read(&arena, EG_SYNTAX_JSON, text, &document);
}

static void test_read(void **state) {
    (void)state;
    static const struct {
        struct eg_str text;
        const char *written;
    } cases[] = {
        {TEXT("null"), "null"},
        {TEXT(" true "), "true"},
        {TEXT("\xEF\xBB\xBF[false]"), "[false]"},
        {TEXT("[]"), "[]"},
        {TEXT("{}"), "{}"},
        {TEXT("[[],{},[{}]]"), "[[], {}, [{}]]"},
        {TEXT("{\"a\":1,\"b\":[2,3]}"), "{\"a\": 1, \"b\": [2, 3]}"},
        {TEXT("\t{\r\n\"a\" :\n1 }\n"), "{\"a\": 1}"},
        {TEXT("\"a\\u0000b\""), "\"a\\u0000b\""},
        {TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
        {TEXT("\"\\u00e9\\u20AC\\ud83d\\ude00\""), "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""},
        {TEXT("\"\xC3\xA9 and more than eight \xF0\x9F\x98\x80\""),
         "\"\xC3\xA9 and more than eight \xF0\x9F\x98\x80\""},
        {TEXT("0"), "0"},
        {TEXT("-0"), "0"},
        {TEXT("-0.0"), "-0.0"},
        {TEXT("9223372036854775807"), "9223372036854775807"},
        {TEXT("-9223372036854775808"), "-9223372036854775808"},
        {TEXT("9223372036854775808"), "9.223372036854776e+18"},
        {TEXT("9007199254740993"), "9007199254740993"},
        {TEXT("1.0"), "1.0"},
        {TEXT("1e3"), "1000.0"},
        {TEXT("0.1"), "0.1"},
        {TEXT("1e-400"), "0.0"},
        {TEXT("{\"a\":1,\"a\":2}"), "{\"a\": 2}"},
        {TEXT("{\"\\u0061\\u0000\":1}"), "{\"a\\u0000\": 1}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(read_text(cases[i].text), cases[i].written);
}

static void test_refuse(void **state) {
    (void)state;
    static const struct {
        struct eg_str text;
        const char *error;
    } cases[] = {
        {TEXT(""), "1:1: expected a value, found end of file"},
        {TEXT("\n  "), "2:3: expected a value, found end of file"},
        {TEXT("tru"), "1:1: expected a value, found 'tru'"},
        {TEXT("True"), "1:1: expected a value, found 'True'"},
        {TEXT("nullx"), "1:5: expected end of file, found 'x'"},
        {TEXT("{} {}"), "1:4: expected end of file, found '{'"},
        {TEXT("[1] // c"), "1:5: expected end of file, found a comment, which JSON does not have"},
        {TEXT("[1\n2]"), "2:1: expected ',' or ']' after an element of the list, found '2'"},
        {TEXT("[1,]"), "1:4: expected a value after ',', found ']'"},
        {TEXT("[,1]"), "1:2: expected a value, found ','"},
        {TEXT("[1}"), "1:3: expected ',' or ']' after an element of the list, found '}'"},
        {TEXT("{\"Image\": \"x\""),
         "1:14: expected ',' or '}' after the value of \"Image\", found end of file"},
        {TEXT("{\"a\":{\"b\":1}\n\"c\":2}"),
         "2:1: expected ',' or '}' after the value of \"a\", found '\"'"},
        {TEXT("{\"a\\u0001\":1 2}"), "1:14: expected ',' or '}' after the value, found '2'"},
        {TEXT("{\"a\":1,}"), "1:8: expected a key in double quotes after ',', found '}'"},
        {TEXT("{a:1}"), "1:2: expected a key in double quotes, or '}', found 'a'"},
        {TEXT("{'a':1}"), "1:2: expected a key in double quotes, or '}', found '''"},
        {TEXT("{\"a\" 1}"), "1:6: expected ':' after the key, found '1'"},
        {TEXT("{\"a\"}"), "1:5: expected ':' after the key, found '}'"},
        {TEXT("\"abc"), "1:1: the string that begins here has no closing '\"'"},
        {TEXT("\"a\nb\""),
         "1:3: expected the closing '\"' of a string, or \\n in it, found a line break"},
        {TEXT("\"a\tb\""), "1:3: expected a character that may stand in a string (or \\uXXXX in "
                           "its place), found a tab"},
        {TEXT("\"a\0b\""), "1:3: expected a character that may stand in a string (or \\uXXXX in "
                           "its place), found character U+0000"},
        {TEXT("\"\\x41\""), "1:2: found an escape that JSON does not have; expected one of \\\" "
                            "\\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"},
        {TEXT("\"\\"), "1:2: found an escape that JSON does not have; expected one of \\\" "
                       "\\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"},
        {TEXT("\"\\u12g4\""), "1:2: expected four hexadecimal digits after \\u"},
        {TEXT("\"\\u12"), "1:2: expected four hexadecimal digits after \\u"},
        {TEXT("\"\\ud83d\""),
         "1:2: found \\ud83d, half of a surrogate pair, without the other half"},
        {TEXT("\"\\ude00\\ud83d\""),
         "1:2: found \\ude00, half of a surrogate pair, without the other half"},
        {TEXT("\"\xC3\xA9\xFF\""),
         "1:3: expected a character of UTF-8, found byte 0xFF, which is not UTF-8"},
        {TEXT("\"\xC0\xAF\""),
         "1:2: expected a character of UTF-8, found byte 0xC0, which is not UTF-8"},
        {TEXT("\"\xED\xA0\x80\""),
         "1:2: expected a character of UTF-8, found byte 0xED, which is not UTF-8"},
        {TEXT("\"\xF4\x90\x80\x80\""),
         "1:2: expected a character of UTF-8, found byte 0xF4, which is not UTF-8"},
        {TEXT("\"\xE2\x82"),
         "1:2: expected a character of UTF-8, found byte 0xE2, which is not UTF-8"},
        {TEXT("\xC2\xA0[]"), "1:1: expected a value, found character U+00A0"},
        {TEXT("\f[]"), "1:1: expected a value, found character U+000C"},
        {TEXT("[]\0"), "1:3: expected end of file, found character U+0000"},
        {TEXT("\xFF\xFE[\0]\0"), "0:0: is UTF-16, expected UTF-8; save the file as UTF-8"},
        {TEXT("012"), "1:1: expected a number without leading zeros, found '012'"},
        {TEXT("-"), "1:2: expected a digit after '-', found end of file"},
        {TEXT("+1"), "1:1: expected a value, found '+1'"},
        {TEXT("1."), "1:3: expected a digit after '.', found end of file"},
        {TEXT(".5"), "1:1: expected a value, found '.5'"},
        {TEXT("1e+"), "1:4: expected a digit in the exponent, found end of file"},
        {TEXT("0x10"), "1:2: expected end of file, found 'x10'"},
        {TEXT("NaN"), "1:1: expected a value, found 'NaN'"},
        {TEXT("[1e400]"), "1:2: found a number that is too large; expected less than 1.8e308"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(read_text(cases[i].text), cases[i].error);
}

/* ---- places, duplicates, slices ---- */

static void test_places(void **state) {
    (void)state;
    static const char text[] =
        "\xEF\xBB\xBF{\n  \"\xC3\xA9\": [1, {\"k\": \"v\"}],\r\n\"x\": true}";
    struct eg_document document;
    (void)eg_test_read(&arena, EG_SYNTAX_JSON, eg_str_from(text), &document);
    struct eg_place place = eg_node_place(document.root);
    assert_int_equal(place.line * 100 + place.column, 101);
    const struct eg_entry *entry = eg_node_entry(document.root, EG_STR("\xC3\xA9"));
    place = eg_entry_place(entry);
    assert_int_equal(place.line * 100 + place.column, 203);
    const struct eg_node *map = entry->value->as.list.items[1];
    place = eg_node_place(map);
    assert_int_equal(place.line * 100 + place.column, 212);
    place = eg_node_place(EG_GET(map, "k"));
    assert_int_equal(place.line * 100 + place.column, 218);
    place = eg_node_place(EG_GET(document.root, "x"));
    assert_int_equal(place.line * 100 + place.column, 306);
}

static void test_duplicates(void **state) {
    (void)state;
    static const char text[] = "{\"a\":1,\"a\":{\"b\":1,\"b\":2,\"\\u0062\":3},\"c\":0,\"a\":4}";
    struct eg_document document;
    assert_string_equal(eg_test_read(&arena, EG_SYNTAX_JSON, eg_str_from(text), &document),
                        "{\"a\": 4, \"c\": 0}");
    static const uint32_t offsets[][2] = {{1, 7}, {12, 18}, {18, 24}, {7, 42}};
    const struct eg_duplicate *duplicate = document.duplicates;
    for (size_t i = 0; i < 4; i++, duplicate = duplicate->next) {
        assert_non_null(duplicate);
        assert_int_equal(duplicate->first_offset, offsets[i][0]);
        assert_int_equal(duplicate->second_offset, offsets[i][1]);
    }
    assert_null(duplicate);
    assert_ptr_equal(document.duplicates->map, document.root);
}

static void test_slices(void **state) {
    (void)state;
    struct eg_str text = EG_STR("[\"plain \xC3\xA9\", \"esc\\n\"]");
    struct eg_document document;
    (void)eg_test_read(&arena, EG_SYNTAX_JSON, text, &document);
    const char *plain = document.root->as.list.items[0]->as.text.data;
    assert_true(plain == text.data + 2);
    const char *escaped = document.root->as.list.items[1]->as.text.data;
    assert_false(escaped >= text.data && escaped < text.data + text.length);
}

/* ---- bounds ---- */

static struct eg_str repeat(const char *part, size_t times, const char *end, const char *part2) {
    size_t length = strlen(part), length2 = strlen(part2);
    char *text = eg_arena_alloc(&arena, times * (length + length2) + strlen(end) + 1), *at = text;
    for (size_t i = 0; i < times; i++, at += length)
        memcpy(at, part, length);
    memcpy(at, end, strlen(end));
    at += strlen(end);
    for (size_t i = 0; i < times; i++, at += length2)
        memcpy(at, part2, length2);
    return (struct eg_str){text, (size_t)(at - text)};
}

static void test_depth(void **state) {
    (void)state;
    struct eg_document document;
    const char *deepest =
        eg_test_read(&arena, EG_SYNTAX_JSON, repeat("[", EG_LIMIT_DEPTH, "", "]"), &document);
    assert_int_equal(deepest[0], '[');
    static const char error[] = "is nested deeper than 500 levels, the most that is read";
    assert_non_null(strstr(read_text(repeat("[", EG_LIMIT_DEPTH + 1, "", "]")), error));
    clock_t begin = clock();
    assert_non_null(strstr(read_text(repeat("[", 1000 * 1000, "", "")), error));
    assert_non_null(strstr(read_text(repeat("{\"a\":", 1000 * 1000, "1", "}")), error));
    assert_true(clock() - begin < CLOCKS_PER_SEC);
}

/* No step is quadratic: a map of many keys, all the same, and a long number. */
static void test_large(void **state) {
    (void)state;
    clock_t begin = clock();
    struct eg_document document;
    struct eg_str same = repeat("\"k\":1,", 200 * 1000, "", "");
    struct eg_str map = eg_str_format(&arena, "{%.*s\"z\":2}", EG_STR_ARGS(same));
    assert_string_equal(eg_test_read(&arena, EG_SYNTAX_JSON, map, &document),
                        "{\"k\": 1, \"z\": 2}");
    struct eg_str digits = repeat("7", 1000 * 1000, "", "");
    assert_non_null(strstr(read_text(digits), "too large"));
    struct eg_str fraction = repeat("3", 1000 * 1000, "", "");
    assert_string_equal(read_text(eg_str_concat(&arena, EG_STR("0."), fraction)),
                        "0.3333333333333333");
    assert_true(clock() - begin < 5 * CLOCKS_PER_SEC);
}

/* ---- agreement with jansson ---- */

/* Texts that are nearly right: a seed with a few bytes changed, always in the same way. */
static void test_agrees_with_jansson(void **state) {
    (void)state;
    static const char task[] =
        "{\"family\":\"app\",\"containerDefinitions\":[{\"name\":\"web\",\"cpu\":256,"
        "\"essential\":true,\"environment\":[],\"x\":null,\"y\":-1.5e+3}]}";
    static const char *const seeds[] = {
        task,
        "[\"\\u00e9\\ud83d\\ude00\\n\\\"\",\"\xC3\xA9\xF0\x9F\x98\x80\",0,-0,0.5,1E9,[[[]]],{}]",
        "{\"a\":{\"a\":1,\"b\":[true,false]},\"a\":2}",
        " 12345678901234567 ",
    };
    static const char bytes[] = "{}[]:,\"\\u0129.eE+-dDtrfn \n\t\x01\x7F\x80\xC3\xED\xF4\xFF";
    uint64_t random = 88172645463325252u;
    for (int round = 0; round < 40000; round++) {
        struct eg_str seed = eg_str_from(seeds[round % 4]);
        char text[256];
        memcpy(text, seed.data, seed.length);
        size_t length = seed.length;
        for (int change = 0; change < 1 + round % 3; change++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            size_t at = (size_t)(random >> 8) % length;
            if (random % 8 == 0 && length > 1)
                memmove(text + at, text + at + 1, --length - at);
            else
                text[at] = bytes[(random >> 40) % (sizeof bytes - 1)];
        }
        if (!eg_test_agrees((struct eg_str){text, length}))
            fail_msg("jansson differs on %.*s", (int)length, text);
    }
}

/* JSONTestSuite's files, if there are any: y_ must be read, n_ refused. */
static void test_suite(void **state) {
    (void)state;
    const char *folder = getenv("JSON_TEST_SUITE");
    struct eg_str *names;
    size_t count;
    struct eg_error error = {.code = EG_ERROR_NONE};
    struct eg_str path = eg_str_from(
        folder != NULL ? folder : "../shared/corpus/hard/nst__JSONTestSuite/test_parsing");
    if (eg_file_type(path) != EG_FILE_FOLDER) {
        print_message("JSONTestSuite is not here (JSON_TEST_SUITE=folder)\n");
        skip();
    }
    assert_true(eg_file_list(&arena, path, &names, &count, &error));
    for (size_t i = 0; i < count; i++) {
        struct eg_str text, file = eg_file_join(&arena, path, names[i]);
        struct eg_document document;
        struct eg_error fault = {.code = EG_ERROR_NONE};
        assert_true(eg_file_read(&arena, file, names[i], &text, &error));
        bool good = eg_read_json(&arena, names[i], text, &document, &fault);
        if (names[i].data[0] != 'i' && good != (names[i].data[0] == 'y'))
            fail_msg("%s was %s %s", names[i].data, good ? "read" : "refused:", fault.text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),   cmocka_unit_test(test_refuse),
        cmocka_unit_test(test_places), cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_slices), cmocka_unit_test(test_depth),
        cmocka_unit_test(test_large),  cmocka_unit_test(test_agrees_with_jansson),
        cmocka_unit_test(test_suite),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
