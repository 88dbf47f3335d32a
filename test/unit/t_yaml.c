/* The YAML reader: types of plain scalars, intrinsic tags, aliases, places, what is refused. */
#include "base/file.h"
#include "base/limits.h"
#include "support/reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct eg_arena arena;
static struct eg_document document; /* the last one read */

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

static const char *read_text(const char *text) {
    return eg_test_read(&arena, EG_SYNTAX_YAML, eg_str_copy(&arena, eg_str_from(text)), &document);
}

struct reading {
    const char *text, *result;
};

static void check(const struct reading *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *result = read_text(cases[i].text);
        if (strcmp(result, cases[i].result) != 0)
            fail_msg("%s\nread as %s\nexpected %s", cases[i].text, result, cases[i].result);
    }
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases))

static void test_structure(void **state) {
    (void)state;
    static const struct reading cases[] = {
        {"a: 1\nb:\n  - x\n  - y: z\n", "{\"a\": 1, \"b\": [\"x\", {\"y\": \"z\"}]}"},
        {"[a, {b: c}, []]", "[\"a\", {\"b\": \"c\"}, []]"},
        {"\xEF\xBB\xBF"
         "a: b",
         "{\"a\": \"b\"}"},
        {"a: 'it''s'\nb: \"\\u00e9\\n\"\n", "{\"a\": \"it's\", \"b\": \"\xC3\xA9\\n\"}"},
        {"a: |\n  x\n  y\nb: >-\n  p\n  q\n", "{\"a\": \"x\\ny\\n\", \"b\": \"p q\"}"},
        {"a: \"x\\0y\"", "{\"a\": \"x\\u0000y\"}"},
        {"a:\r\n  b: c\r\n", "{\"a\": {\"b\": \"c\"}}"},
        {"%YAML 1.1\n---\na: b\n...\n", "{\"a\": \"b\"}"},
        {"text", "\"text\""},
        {"1: a\ntrue: b\n~: c\n010: d\n", "{\"1\": \"a\", \"true\": \"b\", \"~\": \"c\", "
                                          "\"010\": \"d\"}"},
        {"a:\n", "{\"a\": null}"},
        {"? a\n: b\n", "{\"a\": \"b\"}"},
    };
    CHECK(cases);
}

static void test_plain_scalars(void **state) {
    (void)state;
    static const struct reading cases[] = {
        {"[~, null, Null, NULL, nULL, '']", "[null, null, null, null, \"nULL\", \"\"]"},
        {"[true, True, TRUE, yes, Yes, YES, on, On, ON]",
         "[true, true, true, true, true, true, true, true, true]"},
        {"[false, False, FALSE, no, No, NO, off, Off, OFF]",
         "[false, false, false, false, false, false, false, false, false]"},
        {"[tRUE, yEs, y, n, Y, N, 'yes', \"no\"]",
         "[\"tRUE\", \"yEs\", \"y\", \"n\", \"Y\", \"N\", \"yes\", \"no\"]"},
        {"[0, 1, -1, +1, 1_000, 0x1F, 0b101, -0x10]", "[0, 1, -1, 1, 1000, 31, 5, -16]"},
        {"[010, 0644, 00, 08, 089, 0o17, 0x, 0xG]",
         "[8, 420, 0, \"08\", \"089\", \"0o17\", \"0x\", \"0xG\"]"},
        {"[123456789012, 012345670123, 012345678901, 00123456701]",
         "[123456789012, \"012345670123\", \"012345678901\", 21913025]"},
        {"[9223372036854775807, 9223372036854775808, -9223372036854775808]",
         "[9223372036854775807, \"9223372036854775808\", -9223372036854775808]"},
        {"[1.5, -0.5, .5, 1., +1.0, 1.5e+3, 685_230.15]",
         "[1.5, -0.5, 0.5, 1.0, 1.0, 1500.0, 685230.15]"},
        {"[1e3, 12e5, 1.5e3, '.', ., .e1, 1.2.3, 1_, _1, .inf, -.inf, .nan]",
         "[\"1e3\", \"12e5\", \"1.5e3\", \".\", \".\", \".e1\", \"1.2.3\", \"1_\", \"_1\", "
         "\".inf\", \"-.inf\", \".nan\"]"},
        {"[2010-09-09, 2012-10-17, 2001-12-14t21:59:43.10-05:00, 22:22, 12:30:45, 190:20:30.15]",
         "[\"2010-09-09\", \"2012-10-17\", \"2001-12-14t21:59:43.10-05:00\", \"22:22\", "
         "\"12:30:45\", \"190:20:30.15\"]"},
        {"[!!str 1, !!int 1, !!float 1.5, !!bool yes, !!null ~, ! 1, !!timestamp 2010-09-09]",
         "[\"1\", 1, 1.5, true, null, \"1\", \"2010-09-09\"]"},
        {"- +\n- 0x1_F\n- =\n- <<\n", "[\"+\", 31, \"=\", \"<<\"]"},
        {"'010'", "\"010\""},
    };
    CHECK(cases);
}

static void test_plain_flag(void **state) {
    (void)state;
    (void)read_text("[plain, 'quoted', \"quoted\", !!str 1, ::/0, !Ref x]");
    const struct eg_node *const *items = document.root->as.list.items;
    static const uint8_t expected[] = {EG_FLAG_PLAIN, 0, 0, 0, EG_FLAG_PLAIN};
    for (size_t i = 0; i < sizeof expected; i++)
        assert_int_equal(items[i]->flags, expected[i]);
}

static void test_tags(void **state) {
    (void)state;
    static const struct reading cases[] = {
        {"!Ref A", "{\"Ref\": \"A\"}"},
        {"!Ref 010", "{\"Ref\": \"010\"}"},
        {"!Condition C", "{\"Condition\": \"C\"}"},
        {"!Sub '${A}-x'", "{\"Fn::Sub\": \"${A}-x\"}"},
        {"!Sub\n  - '${x}'\n  - x: !Ref A\n",
         "{\"Fn::Sub\": [\"${x}\", {\"x\": {\"Ref\": \"A\"}}]}"},
        {"a: !Sub |\n  x\n", "{\"a\": {\"Fn::Sub\": \"x\\n\"}}"},
        {"!GetAtt A.Arn", "{\"Fn::GetAtt\": [\"A\", \"Arn\"]}"},
        {"!GetAtt 'A.Outputs.X.Y'", "{\"Fn::GetAtt\": [\"A\", \"Outputs.X.Y\"]}"},
        {"!GetAtt A", "{\"Fn::GetAtt\": [\"A\"]}"},
        {"!GetAtt [A, !Ref B]", "{\"Fn::GetAtt\": [\"A\", {\"Ref\": \"B\"}]}"},
        {"!If [C, !Ref A, !Ref AWS::NoValue]",
         "{\"Fn::If\": [\"C\", {\"Ref\": \"A\"}, {\"Ref\": \"AWS::NoValue\"}]}"},
        {"[!Ref AWS::NoValue, a]", "[{\"Ref\": \"AWS::NoValue\"}, \"a\"]"},
        {"{a: !Ref AWS::AccountId}", "{\"a\": {\"Ref\": \"AWS::AccountId\"}}"},
        {"!Transform {Name: AWS::Include}", "{\"Fn::Transform\": {\"Name\": \"AWS::Include\"}}"},
        {"!GetAZs ''", "{\"Fn::GetAZs\": \"\"}"},
        {"!GetAZs", "{\"Fn::GetAZs\": \"\"}"},
        {"!Fn::Join ['', [a]]", "{\"Fn::Join\": [\"\", [\"a\"]]}"},
        {"Fn::Base64: !Sub x", "{\"Fn::Base64\": {\"Fn::Sub\": \"x\"}}"},
        {"!Nope x", "1:1: found tag !Nope, which is no intrinsic function that CloudFormation "
                    "has"},
        {"a: !Nope [x]", "1:4: found tag !Nope, which is no intrinsic function that "
                         "CloudFormation has"},
        {"!Fn::Ref x", "1:1: found tag !Fn::Ref, which is no intrinsic function that "
                       "CloudFormation has"},
        {"!!binary aGk=", "1:1: found tag tag:yaml.org,2002:binary, which is no intrinsic "
                          "function that CloudFormation has"},
        {"!!map [a]", "1:1: found tag tag:yaml.org,2002:map, which is no intrinsic function that "
                      "CloudFormation has"},
        {"a: !x!y z", "1:4: found a tag with a handle that is not declared"},
        {"!Ref a: b", "1:1: expected text as key, found an intrinsic function"},
    };
    CHECK(cases);
}

/* Each short form by its name. */
static void test_every_tag(void **state) {
    (void)state;
    static const char *const tags[] = {
        "And",    "Base64",       "Cidr",      "Contains", "EachMemberEquals",
        "Equals", "EachMemberIn", "FindInMap", "ForEach",  "GetAZs",
        "If",     "ImportValue",  "Join",      "Length",   "GetStackOutput",
        "Not",    "Or",           "RefAll",    "Select",   "Split",
        "Sub",    "ToJsonString", "Transform", "ValueOf",  "ValueOfAll",
        "GetAtt", "Implies",
    };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        struct eg_str short_form = eg_str_format(&arena, "!%s [a]", tags[i]);
        struct eg_str prefixed = eg_str_format(&arena, "!Fn::%s [a]", tags[i]);
        struct eg_str expected = eg_str_format(&arena, "{\"Fn::%s\": [\"a\"]}", tags[i]);
        assert_string_equal(read_text(short_form.data), expected.data);
        assert_string_equal(read_text(prefixed.data), expected.data);
    }
}

/* What libyaml refuses and people write. */
static void test_colons(void **state) {
    (void)state;
    static const struct reading cases[] = {
        {"CidrIpv6: ::/0", "{\"CidrIpv6\": \"::/0\"}"},
        {"{CidrIpv6: ::/0}", "{\"CidrIpv6\": \"::/0\"}"},
        {"[::/0, a]", "[\"::/0\", \"a\"]"},
        {"[a, ::1 , [::/0],\n ::/0 # c\n, {k: :x}]",
         "[\"a\", \"::1\", [\"::/0\"], \"::/0\", {\"k\": \":x\"}]"},
        {"a: |\n  [::/0]\nb: [::/0] # [::/0]\nc: '[::/0]'\n",
         "{\"a\": \"[::/0]\\n\", \"b\": [\"::/0\"], \"c\": \"[::/0]\"}"},
        /* Where quotes don't help, what was first wrong is said. */
        {"[::a'x]", "1:2: expected a value, found ':'"},
        {"[::/0, {k: ::, l: 1}]", "1:2: expected a value, found ':'"},
        {"[::/0]]", "1:2: expected a value, found ':'"},
    };
    CHECK(cases);
    (void)read_text("{a: [::/0], \xC3\xA9: ::/0,\n  b: c}");
    assert_int_equal(EG_GET(document.root, "a")->as.list.items[0]->offset, 5);
    assert_int_equal(eg_node_entry(document.root, EG_STR("\xC3\xA9"))->key_offset, 12);
    assert_int_equal(EG_GET(document.root, "b")->offset, 27);
}

static void test_aliases(void **state) {
    (void)state;
    static const struct reading cases[] = {
        {"a: &x {k: v}\nb: *x\n", "{\"a\": {\"k\": \"v\"}, \"b\": {\"k\": \"v\"}}"},
        {"[&a 1, *a, &a 2, *a]", "[1, 1, 2, 2]"},
        {"&k key: 1\nb: *k\n", "{\"key\": 1, \"b\": \"key\"}"},
        {"a: &k 010\n*k : 1\n", "{\"a\": 8, \"010\": 1}"},
        {"a: &x !Ref A\nb: *x\n", "{\"a\": {\"Ref\": \"A\"}, \"b\": {\"Ref\": \"A\"}}"},
        {"a: &x !If [c, 1, 2]\nb: *x\n",
         "{\"a\": {\"Fn::If\": [\"c\", 1, 2]}, \"b\": {\"Fn::If\": [\"c\", 1, 2]}}"},
        {"- &b {x: 1, y: 2}\n- {<<: *b, x: 3}\n", "[{\"x\": 1, \"y\": 2}, {\"x\": 3, \"y\": 2}]"},
        {"- &b {x: 1}\n- &c {x: 2, z: 3}\n- {<<: [*b, *c]}\n- {w: 0, <<: *c, <<: *b}\n",
         "[{\"x\": 1}, {\"x\": 2, \"z\": 3}, {\"x\": 1, \"z\": 3}, {\"w\": 0, \"x\": 2, "
         "\"z\": 3}]"},
        {"{'<<': 1}", "{\"<<\": 1}"},
        {"a: *nope", "1:4: no anchor &nope stands before this alias"},
        {"a: &a [*a]", "1:8: alias *a stands in the value that it names"},
        {"a: &a {b: &b [*a]}", "1:15: alias *a stands in the value that it names"},
        {"- {<<: 1}", "1:4: expected a map, or a list of maps, behind '<<'"},
        {"- {<<: [{}, 1]}", "1:4: expected a map, or a list of maps, behind '<<'"},
        {"a: &x [1]\n*x : 1\n", "2:1: expected text as key, found an alias of a list or map"},
    };
    CHECK(cases);
    (void)read_text("- &b {x: 1}\n- {<<: *b, x: 3}\n");
    assert_null(document.duplicates);
}

static void test_refuse(void **state) {
    (void)state;
    static const struct reading cases[] = {
        {"", "0:0: is empty, expected a YAML document"},
        {"# only a comment\n", "0:0: is empty, expected a YAML document"},
        {"---\n", "0:0: is empty, expected a YAML document"},
        {"a: 1\n---\nb: 2\n", "2:1: a second document begins here, expected end of file"},
        {"a: 1\n...\nb: 2\n", "3:1: expected end of file, found 'b'"},
        {"{} x", "1:4: expected end of file, found 'x'"},
        {"a:\n\tb: 1\n", "2:1: found a tab; YAML is indented with spaces only"},
        {"a: @x", "1:4: found '@', with which no plain text can begin; put the text in quotes"},
        {"a: b: c", "1:5: found ':' where no key can stand; put text that holds ': ' in quotes, or "
                    "check the indentation"},
        {"Resource: *", "1:11: expected a name behind '*'; put text that begins with '*' in "
                        "quotes"},
        {"a: 1\nb: \"x\nc: 2\n", "2:4: the quoted text that begins here has no end"},
        {"a: [1,\n  2\nb: 3", "3:2: expected ',' or ']' in the list that begins in line 1, found "
                              "':'"},
        {"Resources:\n  A:\n    Type: x\n   B: 1\n",
         "4:4: expected a key of the map that begins in line 2, or its end, found 'B'; check the "
         "indentation and quotes"},
        {"a: !Base64 !Sub x", "1:12: expected a key of the map that begins in line 1, or its end, "
                              "found '!'; check the indentation and quotes"},
        {"[a, b]: c", "1:1: expected text as key, found a list"},
        {"{a: b}: c", "1:1: expected text as key, found a map"},
        {"a: {{ name }}", "1:5: expected text as key, found a map; put {{…}} in quotes, or fill it "
                          "in first if it belongs to another template language"},
        {"\xC3\xA9: \xFF\n",
         "1:4: expected text in UTF-8 without control characters, found byte 0xFF, which is not "
         "UTF-8"},
        {"a: \x01", "1:4: expected text in UTF-8 without control characters, found character "
                    "U+0001"},
        {"\xFF\xFE"
         "a",
         "0:0: is UTF-16, expected UTF-8; save the file as UTF-8"},
        {"a\nb: 1\n", "2:2: found ':' where no key can stand; put text that holds ': ' in quotes, "
                      "or check the indentation"},
    };
    CHECK(cases);
}

static void test_places(void **state) {
    (void)state;
    (void)read_text("\xEF\xBB\xBF\xC3\xA9\xC3\xA9: \xF0\x9F\x98\x80\r\n"
                    "b: !GetAtt Foo.Arn\r\n"
                    "c: !Join # x\r\n  - ','\r\n  - &z [p, q]\r\n");
    struct eg_place place = eg_node_place(document.root);
    assert_int_equal(place.line * 100 + place.column, 101);
    static const struct {
        const char *key;
        unsigned key_place, value_place;
    } entries[] = {{"\xC3\xA9\xC3\xA9", 101, 105}, {"b", 201, 204}, {"c", 301, 304}};
    for (size_t i = 0; i < 3; i++) {
        const struct eg_entry *entry = eg_node_entry(document.root, eg_str_from(entries[i].key));
        place = eg_entry_place(entry);
        assert_int_equal(place.line * 100 + place.column, entries[i].key_place);
        place = eg_node_place(entry->value);
        assert_int_equal(place.line * 100 + place.column, entries[i].value_place);
    }
    const struct eg_node *get_att = EG_GET(EG_GET(document.root, "b"), "Fn::GetAtt");
    place = eg_node_place(get_att->as.list.items[0]);
    assert_int_equal(place.line * 100 + place.column, 212);
    place = eg_node_place(get_att->as.list.items[1]);
    assert_int_equal(place.line * 100 + place.column, 216);
    const struct eg_node *join = EG_GET(EG_GET(document.root, "c"), "Fn::Join");
    place = eg_node_place(join);
    assert_int_equal(place.line * 100 + place.column, 403);
    place = eg_node_place(join->as.list.items[1]);
    assert_int_equal(place.line * 100 + place.column, 508);
}

static void test_duplicates(void **state) {
    (void)state;
    assert_string_equal(read_text("a: 1\nb: {c: 1, \"c\": 2}\n'a': 3\n"),
                        "{\"a\": 3, \"b\": {\"c\": 2}}");
    assert_non_null(document.duplicates);
    assert_int_equal(document.duplicates->first_offset, 9);
    assert_int_equal(document.duplicates->second_offset, 15);
    assert_int_equal(document.duplicates->next->first_offset, 0);
    assert_int_equal(document.duplicates->next->second_offset, 23);
    assert_null(document.duplicates->next->next);
}

/* ---- bounds ---- */

static struct eg_str repeat(const char *part, size_t times) {
    size_t length = strlen(part);
    char *text = eg_arena_alloc(&arena, times * length + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * length, part, length);
    return (struct eg_str){text, times * length};
}

static void test_depth(void **state) {
    (void)state;
    static const char error[] = "is nested deeper than 500 levels, the most that is read";
    clock_t begin = clock();
    assert_non_null(strstr(read_text(repeat("[", 100 * 1000).data), error));
    assert_non_null(strstr(read_text(repeat("{a: ", 100 * 1000).data), error));
    assert_non_null(strstr(read_text(repeat("- ", 100 * 1000).data), error));
    assert_non_null(strstr(read_text(repeat("!If [", 400).data), error));
    /* Each alias stands for 300 levels. */
    struct eg_str deep =
        eg_str_format(&arena, "- &a %s%s\n- %s*a%s\n", repeat("[", 300).data, repeat("]", 300).data,
                      repeat("[", 300).data, repeat("]", 300).data);
    assert_non_null(strstr(read_text(deep.data), error));
    assert_true(clock() - begin < 2 * CLOCKS_PER_SEC);
}

static void test_billion_laughs(void **state) {
    (void)state;
    struct eg_str text = EG_STR("a0: &a0 [x]\n");
    for (int i = 1; i < 10; i++)
        text =
            eg_str_format(&arena, "%.*sa%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n",
                          EG_STR_ARGS(text), i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    size_t before = arena.total;
    assert_non_null(strstr(read_text(text.data), "aliases add more than 1000000 values"));
    assert_true(arena.total - before < 1024 * 1024);
    /* The same by merging. */
    struct eg_str merged = EG_STR("- &a {");
    for (int i = 0; i < 2000; i++)
        merged = eg_str_format(&arena, "%.*sk%d: 1, ", EG_STR_ARGS(merged), i);
    merged = eg_str_concat(&arena, merged, EG_STR("}\n"));
    merged = eg_str_concat(&arena, merged, repeat("- {<<: *a}\n", 1000));
    assert_non_null(strstr(read_text(merged.data), "aliases add more than 1000000 values"));
}

/* Many places, each far from the one before: finding them is not quadratic. */
static void test_large(void **state) {
    (void)state;
    clock_t begin = clock();
    struct eg_str text = repeat("- \xC3\xA9: [\xC3\xA9, *a]\n", 20 * 1000);
    text = eg_str_concat(&arena, EG_STR("- &a x\n"), text);
    assert_int_equal(read_text(text.data)[0], '[');
    assert_int_equal(document.root->as.list.items[20000]->offset, 7 + 19999 * 15 + 2);
    /* A repair tries anew for each scalar; together they are bounded. */
    struct eg_str colons = eg_str_format(&arena, "[%s]", repeat("::/0, ", 100 * 1000).data);
    assert_non_null(strstr(read_text(colons.data), "expected a value, found ':'"));
    assert_true(clock() - begin < 10 * CLOCKS_PER_SEC);
}

/* ---- yaml-test-suite, if it is there: nothing crashes; what is invalid is refused ---- */

/* Invalid by YAML 1.2 and read by libyaml, which follows 1.1 more loosely. */
static const char *const lenient[] = {
    "9C9N.yaml", /* a list in brackets goes on at the column of its key */
    "QB6E.yaml", /* so does text in quotes */
    "9JBA.yaml", /* no blank before a comment, here and in the next three */
    "CVW2.yaml",    "SU5Z.yaml",
    "X4QW.yaml",    "DK95-01.yaml", /* a tab begins a line inside quotes … */
    "Y79Y-03.yaml",                 /* … or inside brackets */
    "G5U8.yaml",                    /* '-' alone in brackets is text */
    "YJV2.yaml",    "S98Z.yaml",    /* blank lines indented more than the text that follows them */
    NULL,
};

static bool is_lenient(struct eg_str name) {
    for (size_t i = 0; lenient[i] != NULL; i++)
        if (eg_str_is(name, lenient[i]))
            return true;
    return false;
}

static void test_suite(void **state) {
    (void)state;
    const char *folder = getenv("YAML_TEST_SUITE");
    struct eg_str path = eg_str_from(
        folder != NULL ? folder : "../shared/corpus/hard/yaml__yaml-test-suite/invalid");
    if (eg_file_type(path) != EG_FILE_FOLDER) {
        print_message("yaml-test-suite is not here (YAML_TEST_SUITE=folder)\n");
        skip();
    }
    struct eg_str *names;
    size_t count;
    struct eg_error error = {.code = EG_ERROR_NONE};
    assert_true(eg_file_list(&arena, path, &names, &count, &error));
    unsigned wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct eg_error fault = {.code = EG_ERROR_NONE};
        struct eg_str text, file = eg_file_join(&arena, path, names[i]);
        assert_true(eg_file_read(&arena, file, names[i], &text, &error));
        bool good = eg_read_yaml(&arena, names[i], text, &document, &fault);
        if (good && !is_lenient(names[i])) {
            print_error("%s was read\n", names[i].data);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_structure),  cmocka_unit_test(test_plain_scalars),
        cmocka_unit_test(test_plain_flag), cmocka_unit_test(test_tags),
        cmocka_unit_test(test_every_tag),  cmocka_unit_test(test_colons),
        cmocka_unit_test(test_aliases),    cmocka_unit_test(test_refuse),
        cmocka_unit_test(test_places),     cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_depth),      cmocka_unit_test(test_billion_laughs),
        cmocka_unit_test(test_large),      cmocka_unit_test(test_suite),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
