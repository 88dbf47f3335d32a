/* Waivers: reading the file, and what is said of each when a run is over. That they apply is shown
 * by test/e2e/gate.bats. */
#include "policy/waiver.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    struct eg_arena arena;
    struct eg_waivers waivers;
    struct eg_error error;
    char file[32];
};

static int setup(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    eg_arena_init(&fixture->arena);
    fixture->waivers.today = EG_STR("2026-06-01");
    strcpy(fixture->file, "/tmp/t_waiver.XXXXXX.yaml");
    int file = mkstemps(fixture->file, 5);
    assert_true(file >= 0);
    close(file);
    *state = fixture;
    return 0;
}

static int teardown(void **state) {
    struct fixture *fixture = *state;
    unlink(fixture->file);
    eg_arena_done(&fixture->arena);
    free(fixture);
    return 0;
}

/* Reads TEXT as a waiver file. */
static bool read_text(struct fixture *fixture, const char *text) {
    struct eg_str path = eg_str_from(fixture->file);
    fixture->error = (struct eg_error){0};
    assert_true(eg_file_write(path, eg_str_from(text), &fixture->error));
    return eg_waivers_read(&fixture->waivers, &fixture->arena, path, &fixture->error);
}

static void files_are_appended(void **state) {
    struct fixture *fixture = *state;
    assert_true(read_text(fixture, "waivers:\n"
                                   "  - {rule: ECS-SG, reason: r, owner: o, until: 2026-06-01}\n"));
    assert_true(read_text(fixture, "- {rule: a, object: b*, reason: r, owner: o, "
                                   "until: '2026-05-31'}\n"));
    assert_true(read_text(fixture, "waivers:\n")); /* the last one was taken out */
    assert_int_equal(fixture->waivers.count, 2);
    const struct eg_waiver *first = &fixture->waivers.items[0], *second = first + 1;
    assert_true(eg_str_is(first->rule, "ECS-SG") && eg_str_is(first->until, "2026-06-01"));
    assert_true(first->broad && !first->expired); /* its last day is today */
    assert_int_equal(first->place.line, 2);
    assert_true(eg_str_is(second->object, "b*"));
    assert_true(!second->broad && second->expired);
    assert_true(read_text(fixture, "- {rule: a, resource: '*', object: '**', reason: r, owner: o, "
                                   "until: 2026-06-01}\n"));
    assert_true(fixture->waivers.items[2].broad); /* any is as good as none */
}

static void wrong_files(void **state) {
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *says;
    } cases[] = {
        {"waivers: 3\n", 1, 10, "expected a list 'waivers', found integer"},
        {"waiver: []\n", 1, 1, "a waiver file has only 'waivers', found 'waiver'"},
        {"- x\n", 1, 3, "a waiver is a map, found string"},
        {"- {rule: [a]}\n", 1, 10, "expected a text for 'rule', found list"},
        {"- {rule: a, untill: b}\n", 1, 13, "a waiver has no 'untill'; did you mean 'until'?"},
        {"- {rule: a, zzz: b}\n", 1, 13, "a waiver has no 'zzz'"},
        {"- {reason: r, owner: o, until: 2026-06-01}\n", 1, 3, "this one has no rule"},
        {"- {rule: a, owner: o, until: 2026-06-01}\n", 1, 3, "this one has no reason"},
        {"- {rule: a, reason: '', owner: o, until: 2026-06-01}\n", 1, 3, "this one has no reason"},
        {"- {rule: a, reason: r, until: 2026-06-01}\n", 1, 3, "this one has no owner"},
        {"- {rule: a, reason: r, owner: o}\n", 1, 3, "this one has no until"},
        {"- {rule: a, reason: r, owner: o, until: 2026-02-30}\n", 1, 41, "'2026-02-30' is no day"},
        {"- {rule: a, reason: r, owner: o, until: 2026-13-01}\n", 1, 41, "'2026-13-01' is no day"},
        {"- {rule: a, reason: r, owner: o, until: tomorrow}\n", 1, 41, "'tomorrow' is no day"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(read_text(fixture, cases[i].text));
        assert_int_equal(fixture->error.code, EG_ERROR_USAGE);
        if (fixture->error.line != cases[i].line || fixture->error.column != cases[i].column ||
            strstr(fixture->error.text, cases[i].says) == NULL)
            fail_msg("%s%u:%u: %s", cases[i].text, fixture->error.line, fixture->error.column,
                     fixture->error.text);
        assert_int_equal(fixture->waivers.count, 0);
    }
    assert_false(eg_waivers_read(&fixture->waivers, &fixture->arena, EG_STR("/nonexistent/w.yaml"),
                                 &fixture->error));
}

static void troubles(void **state) {
    const struct {
        struct eg_waiver waiver;
        const char *says;
    } cases[] = {
        {{.used = 1}, ""},
        {{.idle = true}, ""},
        {{.used = 0}, "the waiver of X matched nothing"},
        {{.used = 2, .broad = true},
         "the waiver of X is too broad: it names no resource, construct, object or stack"},
        {{.expired = true, .until = EG_STR("2026-05-31")},
         "the waiver of X ended with 2026-05-31 and waives nothing"},
        {{.expired = true, .fault = EG_STR("why")}, "the waiver of X waives nothing: why"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct eg_waiver waiver = cases[i].waiver;
        waiver.rule = EG_STR("X");
        struct eg_str says = eg_waiver_trouble(&fixture->arena, &waiver);
        assert_string_equal(eg_str_copy(&fixture->arena, says).data, cases[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_are_appended, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_files, setup, teardown),
        cmocka_unit_test_setup_teardown(troubles, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
