/* The configuration file: each key's value, what the command line keeps, what is wrong. */
#include "cli/config.h"

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
    struct eg_run run;
    struct eg_error error;
    char file[32];
};

static int setup(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    eg_run_init(&fixture->run);
    strcpy(fixture->file, "/tmp/t_config.XXXXXX.yaml");
    int file = mkstemps(fixture->file, 5);
    assert_true(file >= 0);
    close(file);
    *state = fixture;
    return 0;
}

static int teardown(void **state) {
    struct fixture *fixture = *state;
    unlink(fixture->file);
    eg_run_done(&fixture->run);
    free(fixture);
    return 0;
}

static bool read_text(struct fixture *fixture, const char *text) {
    struct eg_str path = eg_str_from(fixture->file);
    fixture->error = (struct eg_error){0};
    assert_true(eg_file_write(path, eg_str_from(text), &fixture->error));
    fixture->run.config = path;
    return eg_config_read(&fixture->run, EG_STR("/"), &fixture->error);
}

static void every_key(void **state) {
    struct fixture *fixture = *state;
    const struct eg_run *run = &fixture->run;
    assert_true(read_text(fixture, "profile: hardened\n"
                                   "policies: [rules, /abs]\n"
                                   "builtin: false\n"
                                   "only: ECS-SG\n"
                                   "skip: [ECS-SG-002, low]\n"
                                   "fail-on: medium\n"
                                   "strict: true\n"
                                   "rules: {ECS-SG-001: {off: true}}\n"
                                   "parameters: {Env: prod}\n"
                                   "region: eu-west-1\n"
                                   "account: '012345678901'\n"
                                   "title: T\n"
                                   "deployment: D\n"
                                   "waivers: w.yaml\n"
                                   "honour: [checkov, cfn-guard]\n"
                                   "baseline: b.json\n"));
    assert_true(eg_str_is(run->profile, "hardened"));
    assert_int_equal(run->policies.count, 2); /* paths start in the file's folder */
    assert_true(eg_str_is(run->policies.items[0], "/tmp/rules"));
    assert_true(eg_str_is(run->policies.items[1], "/abs"));
    assert_true(run->no_builtin && run->strict);
    assert_int_equal(run->only.count, 1);
    assert_int_equal(run->skip.count, 2);
    assert_int_equal(run->fail_on, EG_SEVERITY_MEDIUM);
    assert_non_null(run->overrides);
    assert_non_null(eg_map_get(&run->parameters.values, EG_STR("Env")));
    assert_true(eg_str_is(run->region, "eu-west-1") && eg_str_is(run->account, "012345678901"));
    assert_true(eg_str_is(run->title, "T") && eg_str_is(run->deployment, "D"));
    assert_true(eg_str_is(run->waiver_files.items[0], "/tmp/w.yaml"));
    assert_true(run->waivers.honour_checkov && run->waivers.honour_cfn_guard);
    assert_false(run->waivers.honour_cdk_nag || run->waivers.honour_cfn_nag);
    assert_true(eg_str_is(run->baseline, "/tmp/b.json"));
}

static void the_command_line_wins(void **state) {
    struct fixture *fixture = *state;
    struct eg_run *run = &fixture->run;
    struct eg_str rule = EG_STR("ECS-NET"), waivers = EG_STR("mine.yaml");
    run->only = (struct eg_texts){&rule, 1};
    run->waiver_files = (struct eg_texts){&waivers, 1};
    run->profile = EG_STR("fsbp");
    run->baseline = EG_STR("old.json");
    run->fail_on_given = true;
    assert_true(read_text(fixture, "profile: hardened\nonly: ECS-SG\nskip: ECS-NET\n"
                                   "fail-on: low\nwaivers: w.yaml\nbaseline: b.json\n"));
    assert_true(eg_str_is(run->profile, "fsbp") && eg_str_is(run->baseline, "old.json"));
    assert_true(run->only.count == 1 && eg_str_is(run->only.items[0], "ECS-NET"));
    assert_int_equal(run->skip.count, 0);
    assert_int_equal(run->fail_on, EG_SEVERITY_HIGH);
    assert_true(run->waiver_files.count == 1 && eg_str_is(run->waiver_files.items[0], "mine.yaml"));
}

static void an_empty_one_is_fine(void **state) {
    struct fixture *fixture = *state;
    assert_true(read_text(fixture, ""));
    assert_true(read_text(fixture, "# profile: hardened\n\n  # more\n"));
    assert_true(read_text(fixture, "---\nnull\n"));
    assert_int_equal(fixture->run.profile.length, 0);
}

static void wrong_ones(void **state) {
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *says;
    } cases[] = {
        {"[1]\n", 1, 1, "expected a map of settings, found list"},
        {"title: x\nonyl: y\n", 2, 1, "a configuration has no 'onyl'; did you mean 'only'?"},
        {"unlike-anything: y\n", 1, 1, "a configuration has no 'unlike-anything'"},
        {"title: [a]\n", 1, 8, "expected a text, found list"},
        {"only: [a, {b: c}]\n", 1, 11, "expected a text, found map"},
        {"strict: 1\n", 1, 9, "expected true or false, found integer"},
        {"builtin: x\n", 1, 10, "expected true or false, found 'x'"},
        {"fail-on: hihg\n", 1, 10, "expected critical, high, medium, low or info, found 'hihg'"},
        {"fail-on: 3\n", 1, 10, "expected critical, high, medium, low or info, found integer"},
        {"rules: [a]\n", 1, 8, "expected a map"},
        {"parameters: 3\n", 1, 13, "expected a map of parameter values, found integer"},
        {"honour: nag\n", 1, 9, "expected tools among cdk-nag, checkov"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(read_text(fixture, cases[i].text));
        assert_int_equal(fixture->error.code, EG_ERROR_USAGE);
        if (fixture->error.line != cases[i].line || fixture->error.column != cases[i].column ||
            strstr(fixture->error.text, cases[i].says) == NULL)
            fail_msg("%s%u:%u: %s", cases[i].text, fixture->error.line, fixture->error.column,
                     fixture->error.text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_key, setup, teardown),
        cmocka_unit_test_setup_teardown(the_command_line_wins, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_one_is_fine, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_ones, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
