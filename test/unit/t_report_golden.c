/* Every output format of every sample, compared byte for byte with test/report/golden. What changed
 * on purpose is written anew by `make golden-update`; read the difference before you
 * commit it. With REPORT_OUT=FOLDER the outputs are written there too (test/report/validate.sh). */
#include "base/file.h"
#include "support/sample_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GOLDEN "test/report/golden"

static const struct {
    const char *name;
    enum sample_kind kind;
} samples[] = {
    {"shop", SAMPLE_SHOP},   {"passing", SAMPLE_PASSING}, {"open", SAMPLE_OPEN},
    {"fleet", SAMPLE_FLEET}, {"hostile", SAMPLE_HOSTILE}, {"empty", SAMPLE_EMPTY},
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

static const struct {
    const char *format, *ending;
    unsigned golden; /* samples whose output is kept, by bit */
} formats[] = {
    {"text", "txt", 0x0F},          {"summary", "summary.txt", 0x2F},
    {"markdown", "md", 0x25},       {"html", "html", 0x01},
    {"json", "json", 0x05},         {"ndjson", "ndjson", 0x01},
    {"sarif", "sarif", 0x01},       {"junit", "xml", 0x09},
    {"github", "github.txt", 0x01}, {"gitlab", "gitlab.json", 0x21},
    {"csv", "csv", 0x01},           {"github-summary", "github.md", 0x01},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

/* Set but empty is not set: a caller that only wants the outputs clears it so. */
static bool is_updating(void) {
    const char *update = getenv("UPDATE");
    return update != NULL && update[0] != '\0';
}

static void write_file(const char *folder, const char *name, struct eg_str content) {
    struct eg_arena arena;
    struct eg_error error = {0};
    eg_arena_init(&arena);
    struct eg_str path = eg_str_format(&arena, "%s/%s", folder, name);
    if (!eg_file_write(path, content, &error))
        fail_msg("%s: %s", error.file, error.text);
    eg_arena_done(&arena);
}

/* Where two texts part, for the message. */
static void report_difference(const char *name, struct eg_str expected, struct eg_str actual) {
    size_t at = 0, line = 1;
    while (at < expected.length && at < actual.length && expected.data[at] == actual.data[at])
        line += expected.data[at++] == '\n';
    struct eg_str wanted = eg_str_slice(expected, at, 80), found = eg_str_slice(actual, at, 80);
    fail_msg("%s/%s differs in line %zu:\nexpected: %.*s\nfound:    %.*s\n(if the change is meant: "
             "make golden-update)",
             GOLDEN, name, line, EG_STR_ARGS(wanted), EG_STR_ARGS(found));
}

static void compare(const char *name, struct eg_str actual) {
    struct eg_arena arena;
    struct eg_error error = {0};
    struct eg_str expected, path;
    eg_arena_init(&arena);
    path = eg_str_format(&arena, GOLDEN "/%s", name);
    if (!eg_file_read(&arena, path, path, &expected, &error))
        fail_msg("%s: %s", error.file, error.text);
    if (!eg_str_equal(expected, actual))
        report_difference(name, expected, actual);
    eg_arena_done(&arena);
}

static void test_format(void **state) {
    size_t format = *(size_t *)*state;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct sample sample;
        struct eg_buf out;
        char name[100];
        eg_buf_init(&out);
        sample_make(&sample, samples[i].kind);
        sample_render(&sample, formats[format].format, &out);
        (void)snprintf(name, sizeof name, "%s.%s", samples[i].name, formats[format].ending);
        if (getenv("REPORT_OUT") != NULL)
            write_file(getenv("REPORT_OUT"), name, eg_buf_str(&out));
        if ((formats[format].golden & 1u << i) != 0) {
            if (is_updating())
                write_file(GOLDEN, name, eg_buf_str(&out));
            compare(name, eg_buf_str(&out));
        }
        sample_done(&sample);
        eg_buf_done(&out);
    }
}

/* The table above covers every format that there is. */
static void test_all_formats(void **state) {
    (void)state;
    uint32_t count;
    const struct eg_renderer *const *list = eg_renderer_list(&count);
    assert_int_equal(count, FORMATS);
    for (uint32_t i = 0; i < count; i++) {
        bool found = false;
        for (size_t k = 0; k < FORMATS; k++)
            found = found || strcmp(formats[k].format, list[i]->name) == 0;
        if (!found)
            fail_msg("no golden files for %s", list[i]->name);
        assert_ptr_equal(eg_renderer_find(eg_str_from(list[i]->name)), list[i]);
    }
    assert_null(eg_renderer_find(EG_STR("pdf")));
    assert_null(eg_renderer_find(EG_STR("")));
}

int main(void) {
    static size_t numbers[FORMATS];
    struct CMUnitTest tests[FORMATS + 1] = {cmocka_unit_test(test_all_formats)};
    for (size_t i = 0; i < FORMATS; i++) {
        numbers[i] = i;
        tests[i + 1] = (struct CMUnitTest)cmocka_unit_test_prestate(test_format, &numbers[i]);
        tests[i + 1].name = formats[i].format;
    }
    return cmocka_run_group_tests_name("report_golden", tests, NULL, NULL);
}
