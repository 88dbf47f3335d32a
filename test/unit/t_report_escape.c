/* Escapes: what each kind of output makes of texts that try to break out of it. */
#include "report/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct row {
    struct eg_str input;
    const char *expected;
};

static void check_rows(eg_report_add *add, const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct eg_buf out;
        eg_buf_init(&out);
        add(&out, rows[i].input);
        eg_buf_putc(&out, '\0');
        assert_string_equal(out.data, rows[i].expected);
        eg_buf_done(&out);
    }
}

#define CHECK(add, rows) check_rows((add), (rows), sizeof(rows) / sizeof(rows)[0])

static void test_plain(void **state) {
    (void)state;
    static const struct row rows[] = {
        {EG_STR_INIT(""), ""},
        {EG_STR_INIT("plain \xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x98\x80"),
         "plain \xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x98\x80"},
        {EG_STR_INIT("\033[31mred\033[0m"), "\\u{1b}[31mred\\u{1b}[0m"},
        {EG_STR_INIT("a\nb\tc\rd"), "a\\u{a}b\\u{9}c\\u{d}d"},
        {EG_STR_INIT("nul\0end"), "nul\\u{0}end"},
        {EG_STR_INIT("\x7F\xC2\x9B"), "\\u{7f}\\u{9b}"},
        {EG_STR_INIT("\xE2\x80\xAE"
                     "evil\xE2\x81\xA9\xE2\x80\x8B"),
         "\\u{202e}evil\\u{2069}\\u{200b}"},
        {EG_STR_INIT("\xC3( \xFF \xED\xA0\x80"), "\\x{c3}( \\x{ff} \\x{ed}\\x{a0}\\x{80}"},
        {EG_STR_INIT("\xF3\xA0\x81\x81"), "\\u{e0041}"},
        {EG_STR_INIT("##[group]"), "##\\u{5b}group]"},
        {EG_STR_INIT("family \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"),
         "family \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"},
    };
    CHECK(eg_report_add_plain, rows);
}

static void test_html(void **state) {
    (void)state;
    static const struct row rows[] = {
        {EG_STR_INIT("<script>alert('x')</script>"),
         "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"},
        {EG_STR_INIT("\" onload=`x` &amp;"), "&quot; onload=&#96;x&#96; &amp;amp;"},
        {EG_STR_INIT("\x01\xE2\x80\xAE"), "\\u{1}\\u{202e}"},
    };
    CHECK(eg_report_add_html, rows);
}

static void test_xml(void **state) {
    (void)state;
    static const struct row rows[] = {
        {EG_STR_INIT("]]> <!-- --> & \"'"), "]]&gt; &lt;!-- --&gt; &amp; &quot;&apos;"},
        {EG_STR_INIT("\x08\xEF\xBF\xBE"), "\\u{8}\\u{fffe}"},
    };
    CHECK(eg_report_add_xml, rows);
}

static void test_markdown(void **state) {
    (void)state;
    static const struct row rows[] = {
        {EG_STR_INIT("container 'web' can write"), "container 'web' can write"},
        {EG_STR_INIT("DB_PASSWORD _it_"), "DB_PASSWORD \\_it\\_"},
        {EG_STR_INIT("**b** `c` [x](y) |"), "\\*\\*b\\*\\* \\`c\\` \\[x\\](y) \\|"},
        {EG_STR_INIT("<img> &"), "&lt;img&gt; &amp;"},
        {EG_STR_INIT("# heading"), "\\# heading"},
        {EG_STR_INIT("#86 is a number"), "#86 is a number"},
        {EG_STR_INIT("- list"), "\\- list"},
        {EG_STR_INIT("see https://x.example www.y.example"),
         "see https\\://x.example www\\.y.example"},
        {EG_STR_INIT("@team and a@b.example"), "@<!-- -->team and a@b.example"},
        {EG_STR_INIT("~~gone~~ ~1 $x$ !\\"), "\\~\\~gone\\~\\~ ~1 \\$x\\$ !\\\\"},
        {EG_STR_INIT("![i](u)\n\n# h"), "\\!\\[i\\](u)\\u{a}\\u{a}# h"},
    };
    CHECK(eg_report_add_markdown, rows);
}

static void test_code(void **state) {
    (void)state;
    static const struct row rows[] = {
        {EG_STR_INIT(""), ""},
        {EG_STR_INIT("a.b"), "`a.b`"},
        {EG_STR_INIT("a|b"), "`a\\|b`"},
        {EG_STR_INIT("x`y"), "`` x`y ``"},
        {EG_STR_INIT("``"), "``` `` ```"},
        {EG_STR_INIT("a\nb"), "`a\\u{a}b`"},
    };
    CHECK(eg_report_add_code, rows);
}

static void test_csv(void **state) {
    (void)state;
    static const struct row rows[] = {
        {EG_STR_INIT(""), "\"\""},
        {EG_STR_INIT("say \"x\", y"), "\"say \"\"x\"\", y\""},
        {EG_STR_INIT("=cmd()"), "\"'=cmd()\""},
        {EG_STR_INIT("+1"), "\"'+1\""},
        {EG_STR_INIT("-1"), "\"'-1\""},
        {EG_STR_INIT("@x"), "\"'@x\""},
        {EG_STR_INIT("  =x"), "\"'  =x\""},
        {EG_STR_INIT("\t=x"), "\"\\u{9}=x\""},
        {EG_STR_INIT("\xEF\xBC\x9Dx"), "\"'\xEF\xBC\x9Dx\""},
        {EG_STR_INIT("a\r\nb"), "\"a\\u{d}\\u{a}b\""},
    };
    CHECK(eg_report_add_csv, rows);
}

static void test_json(void **state) {
    (void)state;
    static const struct row rows[] = {
        {EG_STR_INIT("{\"a\": \"\xE6\x97\xA5 \\n\"}"), "{\"a\": \"\xE6\x97\xA5 \\n\"}"},
        {EG_STR_INIT("\"\xC2\x85\xE2\x80\xA8\xE2\x80\xAE\x7F\""),
         "\"\\u0085\\u2028\\u202e\\u007f\""},
        {EG_STR_INIT("\"\xF3\xA0\x81\x81\""), "\"\\udb40\\udc41\""},
    };
    CHECK(eg_report_add_json, rows);
}

static void test_uri(void **state) {
    (void)state;
    static const struct row rows[] = {
        {EG_STR_INIT("cdk.out/a b#c.json"), "cdk.out/a%20b%23c.json"},
        {EG_STR_INIT("a:b?c%d\xC3\xA9"), "a%3Ab%3Fc%25d%C3%A9"},
    };
    CHECK(eg_report_add_uri, rows);
    assert_int_equal(eg_report_safe_url(EG_STR("javascript:alert(1)")).length, 0);
    assert_int_equal(eg_report_safe_url(EG_STR("https://x/<script>")).length, 0);
    assert_int_equal(eg_report_safe_url(EG_STR("https://x/\"y")).length, 0);
    assert_int_equal(eg_report_safe_url(EG_STR("https://docs.aws.amazon.com/a.html#b")).length, 36);
}

static void test_cut(void **state) {
    (void)state;
    struct eg_buf out;
    eg_buf_init(&out);
    eg_report_add_cut(&out, eg_report_add_html, EG_STR("<\xC3\xA9\xC3\xA9\xC3\xA9>"), 3);
    eg_buf_putc(&out, '\0');
    assert_string_equal(out.data, "&lt;\xC3\xA9\xC3\xA9\xE2\x80\xA6 (+2 characters)");
    eg_buf_clear(&out);
    eg_report_add_cut(&out, eg_report_add_html, EG_STR("abc"), 3);
    eg_buf_putc(&out, '\0');
    assert_string_equal(out.data, "abc");
    eg_buf_done(&out);
}

static void test_width(void **state) {
    (void)state;
    assert_int_equal(eg_report_width(EG_STR("abc")), 3);
    assert_int_equal(eg_report_width(EG_STR("\xE6\x97\xA5\xE6\x9C\xAC")), 4);
    assert_int_equal(eg_report_width(EG_STR("e\xCC\x81")), 1);
    assert_int_equal(eg_report_width(EG_STR("\033")), 6);
}

static void test_one_line(void **state) {
    (void)state;
    struct eg_arena arena;
    eg_arena_init(&arena);
    assert_string_equal(eg_report_one_line(&arena, EG_STR("  a\n\n b\t c ")).data, "a b c");
    assert_string_equal(eg_report_one_line(&arena, EG_STR("\n")).data, "");
    assert_string_equal(eg_report_utf8(&arena, EG_STR("a\xFF\0b")), "a\xEF\xBF\xBD\xEF\xBF\xBD"
                                                                    "b");
    eg_arena_done(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),    cmocka_unit_test(test_html),
        cmocka_unit_test(test_xml),      cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_code),     cmocka_unit_test(test_csv),
        cmocka_unit_test(test_json),     cmocka_unit_test(test_uri),
        cmocka_unit_test(test_cut),      cmocka_unit_test(test_width),
        cmocka_unit_test(test_one_line),
    };
    return cmocka_run_group_tests_name("report_escape", tests, NULL, NULL);
}
