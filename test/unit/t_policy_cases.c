/* The runner of cases: what holds, what is told of what doesn't, and wrong files. */
#include "policy/cases.h"

#include "base/file.h"
#include "schema/schema.h"

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
    struct eg_schema schema;
    struct eg_policy *policy;
    struct eg_case_run run;
    struct eg_error error;
    char folder[32];
};

static const char *const rule =
    "id: A-1\nname: a\ntitle: The title\nseverity: high\nmatch: container\n"
    "when: container.essential\nparams: {banned: [x]}\n"
    "checks:\n"
    "- {name: writable, assert: container.readonlyRootFilesystem, message: \"container.name + ' "
    "writes'\"}\n"
    "- {name: user, severity: low, assert: '!(container.user in params.banned)'}\n";

static struct eg_str path_of(struct fixture *fixture, const char *name) {
    return eg_str_format(&fixture->arena, "%s/%s", fixture->folder, name);
}

static void write_file(struct fixture *fixture, const char *name, const char *text) {
    struct eg_error error = {0};
    assert_true(eg_file_write(path_of(fixture, name), eg_str_from(text), &error));
}

static int setup(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct eg_error error = {0};
    eg_arena_init(&fixture->arena);
    strcpy(fixture->folder, "/tmp/t_cases.XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    assert_true(eg_schema_load(&fixture->arena, &fixture->schema, &error));
    write_file(fixture, "rule.yaml", rule);
    write_file(fixture, "task.json",
               "{\"containerDefinitions\": [{\"name\": \"app\", \"image\": \"a\"}]}");
    struct eg_str folder = eg_str_from(fixture->folder);
    const struct eg_policy_options options = {
        .folders = &folder, .folder_count = 1, .uncompiled = true};
    if (!eg_policy_load(&fixture->arena, &fixture->schema, &options, &fixture->policy, &error))
        fail_msg("%s", error.text);
    *state = fixture;
    return 0;
}

static int teardown(void **state) {
    struct fixture *fixture = *state;
    char command[64];
    (void)snprintf(command, sizeof command, "rm -r %s", fixture->folder);
    int status = system(command);
    eg_arena_done(&fixture->arena);
    free(fixture);
    return status;
}

static bool run_text(struct fixture *fixture, const char *text) {
    write_file(fixture, "cases.yaml", text);
    fixture->error = (struct eg_error){0};
    eg_cases_init(&fixture->run, &fixture->arena, fixture->policy);
    return eg_cases_run_file(&fixture->run, path_of(fixture, "cases.yaml"), &fixture->error);
}

/* Containers: app writes, good is read-only with a banned user, side is not essential, open has a
 * parameter. */
#define CASE(rest)                                                                                 \
    "cases:\n- name: n\n  template:\n    Parameters: {P: {Type: String}}\n    Resources:\n"        \
    "      Task:\n        Type: AWS::ECS::TaskDefinition\n        Properties:\n"                   \
    "          ContainerDefinitions:\n"                                                            \
    "          - {Name: app, Image: a}\n"                                                          \
    "          - {Name: good, Image: a, ReadonlyRootFilesystem: true, User: x}\n"                  \
    "          - {Name: side, Image: a, Essential: false}\n"                                       \
    "          - {Name: open, Image: a, ReadonlyRootFilesystem: !Ref P}\n" rest

static const struct {
    const char *text;
    const char *failures[3];
} outcomes[] = {
    {CASE("  expect: {Task: fail}\n"), {NULL}},
    {CASE("  expect: {app: fail, good: fail, side: not-applicable, open: unknown}\n"), {NULL}},
    {CASE("  expect: {Task/app: fail, 'Task/containerDefinitions[1]': fail, open: unknown}\n"),
     {NULL}},
    {CASE("  expect: {Task: {app: fail, good: {verdict: fail, check: user, severity: low}, open: "
          "unknown}}\n  message: app writes\n"),
     {NULL}},
    {CASE("  expect: {Task: fail}\n  at: 'Name: app'\n  check: writable\n"), {NULL}},
    {CASE("  params: {banned: []}\n  parameters: {P: true}\n  expect: {app: fail, good: pass, "
          "open: pass}\n"),
     {NULL}},
    {CASE("  expect: pass\n"),
     {"every object: expected pass, got fail at Task/app, line 10 (app writes)"}},
    {CASE("  expect: {Task: pass}\n"),
     {"Task: expected pass, got fail at Task/app, line 10 (app writes)"}},
    {CASE("  expect: {app: fail}\n"),
     {"Task/good: fail, which nothing expects", "Task/open: unknown, which nothing expects"}},
    {CASE("  expect: {Task: fail, Task/nobody: not-applicable}\n"),
     {"Task/nobody: there is no such container in the input; there is Task/app, Task/good, "
      "Task/side, Task/open"}},
    {CASE("  expect: {Task: fail, Task/nobody: pass}\n"),
     {"Task/nobody: there is no such container"}},
    {CASE("  expect: {Task: fail, side: fail}\n"),
     {"side: expected fail, got not-applicable: 'when' is false for it"}},
    {CASE("  expect: {Task: {verdict: fail, count: 3}}\n"), {"Task: expected 3 results, got 2"}},
    {CASE("  expect: {Task: fail, good: {verdict: fail, severity: high}}\n"),
     {"good: severity is low, expected high"}},
    {CASE("  expect: {Task: fail}\n  scenario: never\n"), {"scenario is \"\", expected \"never\""}},
    {CASE("  expect: {Task: fail}\n  at: 'Name: nobody'\n"), {"line is "}},
    {"cases:\n- {name: n, file: task.json, expect: fail}\n", {NULL}},
    {"cases:\n- {name: n, files: [task.json], expect: {app: fail}}\n", {NULL}},
    {"cases:\n- {name: n, taskDefinition: {containerDefinitions: [{name: app, image: a}]}, expect: "
     "fail}\n",
     {NULL}},
    {"cases:\n- name: n\n  template: |\n    {\"Resources\": {\"T\": {\"Type\": "
     "\"AWS::ECS::TaskDefinition\", \"Properties\": {\"ContainerDefinitions\": [{\"Name\": "
     "\"app\", \"Image\": \"a\"}]}}}}\n  expect: {T/app: fail}\n",
     {NULL}},
    {"cases:\n- name: n\n  templates:\n    One: {Resources: {T: {Type: AWS::ECS::TaskDefinition, "
     "Properties: {ContainerDefinitions: [{Name: app, Image: a}]}}}}\n    Two: {Resources: {U: "
     "{Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: [{Name: app, Image: "
     "a}]}}}}\n  expect: {T: fail, U/app: fail}\n",
     {NULL}},
    {"rule: a\ncases:\n- {name: n, resources: {B: {Type: 'AWS::S3::Bucket'}}, expect: "
     "not-applicable}\n",
     {NULL}},
};

static void cases_hold_or_tell_why(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        if (!run_text(fixture, outcomes[i].text))
            fail_msg("%s\n%u:%u: %s", outcomes[i].text, fixture->error.line, fixture->error.column,
                     fixture->error.text);
        assert_int_equal(fixture->run.count, 1);
        const struct eg_case *ran = &fixture->run.cases[0];
        uint32_t count = 0;
        while (outcomes[i].failures[count] != NULL)
            count++;
        if (ran->failure_count != count)
            fail_msg("%s\n%u failures, the first: %.*s", outcomes[i].text, ran->failure_count,
                     EG_STR_ARGS(ran->failure_count > 0 ? ran->failures[0] : EG_STR("")));
        for (uint32_t j = 0; j < count; j++)
            if (!eg_str_contains(ran->failures[j], eg_str_from(outcomes[i].failures[j])))
                fail_msg("expected %s\ngot      %.*s", outcomes[i].failures[j],
                         EG_STR_ARGS(ran->failures[j]));
    }
}

static const struct {
    const char *text;
    uint32_t line;
    const char *told;
} mistakes[] = {
    {"case: []\n", 1, "a file of cases has no key 'case'; did you mean 'cases'?"},
    {"cases:\n- {nam: n, resources: {}, expect: fail}\n", 2, "did you mean 'name'?"},
    {"cases:\n- {name: n, resources: {}}\n", 2, "a case needs a key 'expect'"},
    {"cases:\n- {name: n, expect: fail}\n", 2, "a case needs an input"},
    {"cases:\n- {name: n, resources: {}, service: {}, expect: fail}\n", 2,
     "one input, found 'resources' and 'service'"},
    {"cases:\n- {name: n, resources: {}, expect: failed}\n", 2, "'failed' is no verdict"},
    {"cases:\n- {name: n, resources: {}, expect: waived}\n", 2, "'waived' is no verdict"},
    {"cases:\n- {name: n, resources: {}, expect: {T: {verdict: fail, count: 0}}}\n", 2, "'count'"},
    {"cases:\n- {name: n, resources: {}, expect: {T: {verdict: fail, chek: a}}}\n", 2,
     "did you mean 'check'?"},
    {"cases:\n- {name: n, resources: {}, expect: fail, severity: bad}\n", 2, "no severity"},
    {"cases:\n- {name: n, rule: B-1, resources: {}, expect: fail}\n", 2, "there is no rule 'B-1'"},
    {"cases:\n- {name: n, params: {bannd: []}, resources: {}, expect: fail}\n", 2,
     "no param 'bannd'; did you mean 'banned'?"},
    {"cases:\n- {name: n, file: nowhere.json, expect: fail}\n", 2, "nowhere.json"},
    {"cases:\n- {name: n, document: {a: b}, expect: fail}\n", 2,
     "neither a CloudFormation template nor"},
    {"cases:\n- {name: n, resources: {}, expect: {}}\n", 2, "'expect' names nothing"},
    {"cases:\n- {name: n, resources: {}, expect: }\n", 2, "expected pass, fail, unknown"},
    {"cases:\n- {name: n, resources: {}, expect: pass, expect: fail}\n", 2, "given twice"},
    {"cases:\n- {name: n, resources: {}, expect: {T: pass, T: fail}}\n", 2, "given twice"},
    {"cases: []\ncases: []\n", 2, "'cases' is given twice, first in line 1"},
    {"cases:\n- {name: n, resources: {}, expect: pass}\n- {name: n, resources: {}, expect: pass}\n",
     3, "another case 'n' in line 2"},
};

static void wrong_files_are_errors_at_their_place(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        assert_false(run_text(fixture, mistakes[i].text));
        if ((mistakes[i].line > 0 && fixture->error.line != mistakes[i].line) ||
            (strstr(fixture->error.text, mistakes[i].told) == NULL &&
             strstr(fixture->error.file, mistakes[i].told) == NULL))
            fail_msg("%s\nexpected %u: %s\ngave     %s:%u: %s", mistakes[i].text, mistakes[i].line,
                     mistakes[i].told, fixture->error.file, fixture->error.line,
                     fixture->error.text);
        assert_int_equal(fixture->error.code, EG_ERROR_USAGE);
    }
}

/* "expression true false" for each branch, in their order. */
static void expect_branches(struct fixture *fixture, const char *const *expected) {
    uint32_t count;
    const struct eg_cel_branch *branches =
        eg_cases_branches(&fixture->run, fixture->policy->known[0], &count);
    uint32_t wanted = 0;
    while (expected[wanted] != NULL)
        wanted++;
    for (uint32_t i = 0; i < count; i++) {
        struct eg_str text =
            eg_str_format(&fixture->arena, "%u %.*s%s%s", branches[i].place.line,
                          EG_STR_ARGS(branches[i].expression), branches[i].was_true ? " true" : "",
                          branches[i].was_false ? " false" : "");
        if (i >= wanted || !eg_str_is(text, expected[i]))
            fail_msg("expected %s\ngot      %.*s", i < wanted ? expected[i] : "no more",
                     EG_STR_ARGS(text));
    }
    assert_int_equal(count, wanted);
}

static void coverage_tells_verdicts_and_branches(void **state) {
    struct fixture *fixture = *state;
    static const char *const before[] = {"6 container.essential",
                                         "9 container.readonlyRootFilesystem",
                                         "10 !(container.user in params.banned)", NULL};
    static const char *const after[] = {"6 container.essential true false",
                                        "9 container.readonlyRootFilesystem true false",
                                        "10 !(container.user in params.banned) true false", NULL};
    assert_true(eg_policy_compile(fixture->policy, fixture->policy->known[0], &fixture->error));
    eg_cases_init(&fixture->run, &fixture->arena, fixture->policy);
    expect_branches(fixture, before);
    assert_true(run_text(fixture, CASE("  expect: {Task: fail}\n")));
    const struct eg_case_coverage *coverage = &fixture->run.coverage[0];
    assert_int_equal(coverage->cases, 1);
    assert_int_equal(coverage->failed, 1);
    assert_int_equal(coverage->unknown, 1);
    assert_int_equal(coverage->passed, 0);
    expect_branches(fixture, after);
}

/* Operands that are never looked at are not taken; looking for causes afterwards takes none. */
static void branches_are_operands_and_conditions(void **state) {
    struct fixture *fixture = *state;
    static const char *const expected[] = {
        "6 container.name == 'app' || a true",
        "6 container.name == 'app' true",
        "6 a",
        "7 has(container.user) && (container.cpu > 0 ? true : container.essential) false",
        "7 has(container.user) false",
        "7 (container.cpu > 0 ? true : container.essential)",
        "7 container.cpu > 0",
        "8 container.essential true",
        NULL};
    write_file(fixture, "rule.yaml",
               "id: A-1\nname: a\ntitle: The title\nseverity: high\nmatch: container\n"
               "when: container.name == 'app' || a\n"
               "assert: 'has(container.user) && (container.cpu > 0 ? true : container.essential)'\n"
               "message: \"container.essential ? 'yes' : 'no'\"\nlet: {a: 'true'}\n");
    struct eg_str folder = eg_str_from(fixture->folder);
    const struct eg_policy_options options = {.folders = &folder, .folder_count = 1};
    if (!eg_policy_load(&fixture->arena, &fixture->schema, &options, &fixture->policy,
                        &fixture->error))
        fail_msg("%s", fixture->error.text);
    assert_true(run_text(fixture, "cases:\n- {name: n, file: task.json, expect: fail}\n"));
    assert_int_equal(fixture->run.failed, 0);
    expect_branches(fixture, expected);
}

static void files_are_found_in_order(void **state) {
    struct fixture *fixture = *state;
    write_file(fixture, "cases.yaml", "");
    write_file(fixture, "b.cases.yaml", "");
    struct eg_str path = eg_str_from(fixture->folder), *files;
    uint32_t count;
    assert_true(eg_cases_find(&fixture->arena, &path, 1, &files, &count, &fixture->error));
    assert_int_equal(count, 2);
    assert_true(eg_str_ends_with(files[0], EG_STR("/b.cases.yaml")));
    assert_true(eg_str_ends_with(files[1], EG_STR("/cases.yaml")));
    path = EG_STR("/tmp/no/such/path");
    assert_false(eg_cases_find(&fixture->arena, &path, 1, &files, &count, &fixture->error));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cases_hold_or_tell_why, setup, teardown),
        cmocka_unit_test_setup_teardown(wrong_files_are_errors_at_their_place, setup, teardown),
        cmocka_unit_test_setup_teardown(coverage_tells_verdicts_and_branches, setup, teardown),
        cmocka_unit_test_setup_teardown(branches_are_operands_and_conditions, setup, teardown),
        cmocka_unit_test_setup_teardown(files_are_found_in_order, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
