/* ecsgate test: runs the cases of policies, says which don't hold, and what they leave untested. */
#include "cli/verbs.h"

#include "base/buf.h"
#include "base/file.h"
#include "policy/cases.h"
#include "report/report.h"
#include "schema/schema.h"

#include <stdio.h>
#include <string.h>

struct test {
    struct eg_arena arena;
    struct eg_schema schema;
    struct eg_str junit; /* file, or empty */
    struct eg_str *folders;
    uint32_t folder_count;
    bool verbose, no_builtin;
    struct eg_case_run run;
    uint32_t gaps; /* rules without a passing or a failing case */
    struct eg_buf out;
};

/* ---- options ---- */

static void add_folder(struct test *test, struct eg_str folder) {
    for (uint32_t i = 0; i < test->folder_count; i++)
        if (eg_str_equal(test->folders[i], folder))
            return;
    test->folders =
        eg_arena_grow(&test->arena, test->folders, test->folder_count * sizeof *test->folders,
                      (test->folder_count + 1) * sizeof *test->folders);
    test->folders[test->folder_count++] = folder;
}

static bool take_junit(void *context, const char *value, struct eg_error *error) {
    (void)error;
    ((struct test *)context)->junit = eg_str_from(value);
    return true;
}

static bool take_policies(void *context, const char *value, struct eg_error *error) {
    (void)error;
    add_folder(context, eg_str_from(value));
    return true;
}

static bool take_no_builtin(void *context, const char *value, struct eg_error *error) {
    (void)value;
    (void)error;
    ((struct test *)context)->no_builtin = true;
    return true;
}

static bool take_verbose(void *context, const char *value, struct eg_error *error) {
    (void)value;
    (void)error;
    ((struct test *)context)->verbose = true;
    return true;
}

static const struct eg_option options[] = {
    {0, "junit", "FILE", "write the outcome as JUnit XML to FILE", take_junit},
    {0, "policies", "DIR", "rules that cases elsewhere name; repeatable", take_policies},
    {0, "no-builtin", NULL, "leave the built-in rules out", take_no_builtin},
    {'v', "verbose", NULL, "cases that hold, and checks that no case fails", take_verbose},
    {0, NULL, NULL, NULL, NULL},
};

/* ---- what is told ---- */

static void tell_case(struct test *test, const struct eg_case *ran) {
    if (ran->failure_count == 0 && !test->verbose)
        return;
    struct eg_buf *out = &test->out;
    eg_buf_puts(out, ran->failure_count == 0 ? "ok    " : "FAIL  ");
    if (ran->failure_count > 0) {
        eg_report_add_place(out, ran->place);
        eg_buf_puts(out, ": ");
    }
    eg_report_add_plain(out, ran->rule->id);
    eg_buf_puts(out, ": ");
    eg_report_add_plain(out, ran->name);
    eg_buf_putc(out, '\n');
    for (uint32_t i = 0; i < ran->failure_count; i++) {
        eg_buf_puts(out, "      ");
        eg_report_add_plain(out, ran->failures[i]);
        eg_buf_putc(out, '\n');
    }
}

/* Rules that came from the tested paths must have a case each way. */
static bool is_tested(const struct eg_rule *rule) {
    return !rule->builtin;
}

static const char *gap(const struct eg_case_coverage *coverage) {
    if (coverage->cases == 0)
        return "has no cases";
    if (coverage->passed == 0)
        return coverage->failed == 0 ? "has neither a case that passes nor one that fails"
                                     : "has no case that passes";
    return coverage->failed == 0 ? "has no case that fails" : NULL;
}

static void tell_checks(struct test *test, const struct eg_rule *rule, const uint8_t *seen) {
    for (uint32_t i = 0; test->verbose && rule->check_count > 1 && i < rule->check_count; i++)
        if ((seen[i] & EG_CHECK_FAILED) == 0)
            eg_buf_printf(&test->out, "note  %.*s: no case fails the check '%.*s'\n",
                          EG_STR_ARGS(rule->id), EG_STR_ARGS(rule->checks[i].name));
        else if ((seen[i] & EG_CHECK_PASSED) == 0)
            eg_buf_printf(&test->out, "note  %.*s: no case passes the check '%.*s'\n",
                          EG_STR_ARGS(rule->id), EG_STR_ARGS(rule->checks[i].name));
}

static void tell_coverage(struct test *test) {
    const struct eg_policy *policy = test->run.policy;
    for (uint32_t i = 0; i < policy->known_count; i++) {
        const struct eg_rule *rule = policy->known[i];
        const struct eg_case_coverage *coverage = &test->run.coverage[rule->number];
        if (!is_tested(rule))
            continue;
        const char *text = gap(coverage);
        if (text != NULL) {
            eg_buf_puts(&test->out, "FAIL  ");
            eg_report_add_place(&test->out, eg_node_place(rule->raw));
            eg_buf_printf(&test->out, ": %.*s %s\n", EG_STR_ARGS(rule->id), text);
            test->gaps++;
        }
        tell_checks(test, rule, coverage->checks);
    }
}

static uint32_t rules_with_cases(const struct test *test) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < test->run.policy->known_count; i++)
        count += test->run.coverage[i].cases > 0;
    return count;
}

/* ---- JUnit: https://github.com/testmoapp/junitxml ---- */

static void add_attribute(struct eg_buf *xml, const char *name, struct eg_str value) {
    eg_buf_printf(xml, " %s=\"", name);
    eg_report_add_xml(xml, value);
    eg_buf_putc(xml, '"');
}

static void add_junit_case(struct eg_buf *xml, const struct eg_case *ran) {
    eg_buf_puts(xml, "  <testcase");
    add_attribute(xml, "classname", ran->rule->id);
    add_attribute(xml, "name", ran->name);
    add_attribute(xml, "file", ran->place.file);
    eg_buf_printf(xml, " line=\"%u\"", ran->place.line);
    if (ran->failure_count == 0) {
        eg_buf_puts(xml, "/>\n");
        return;
    }
    eg_buf_puts(xml, ">\n    <failure");
    add_attribute(xml, "message", ran->failures[0]);
    eg_buf_putc(xml, '>');
    for (uint32_t i = 0; i < ran->failure_count; i++) {
        eg_report_add_xml(xml, ran->failures[i]);
        eg_buf_putc(xml, '\n');
    }
    eg_buf_puts(xml, "</failure>\n  </testcase>\n");
}

static bool write_junit(const struct test *test, struct eg_error *error) {
    struct eg_buf xml;
    eg_buf_init(&xml);
    eg_buf_printf(&xml,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<testsuite name=\"ecsgate test\" tests=\"%u\" failures=\"%u\">\n",
                  test->run.count, test->run.failed);
    for (uint32_t i = 0; i < test->run.count; i++)
        add_junit_case(&xml, &test->run.cases[i]);
    eg_buf_puts(&xml, "</testsuite>\n");
    bool good = eg_file_write(test->junit, eg_buf_str(&xml), error);
    eg_buf_done(&xml);
    return good;
}

/* ---- the run ---- */

static bool load(struct test *test, struct eg_error *error) {
    const struct eg_policy_options wanted = {
        .folders = test->folders,
        .folder_count = test->folder_count,
        .builtin = !test->no_builtin,
        .uncompiled = true,
    };
    struct eg_policy *policy;
    if (!eg_schema_load(&test->arena, &test->schema, error) ||
        !eg_policy_load(&test->arena, &test->schema, &wanted, &policy, error))
        return false;
    for (uint32_t i = 0; i < policy->known_count; i++)
        if (is_tested(policy->known[i]) && !eg_policy_compile(policy, policy->known[i], error))
            return false;
    eg_cases_init(&test->run, &test->arena, policy);
    return true;
}

static bool run_files(struct test *test, const struct eg_str *paths, uint32_t count,
                      struct eg_error *error) {
    struct eg_str *files;
    uint32_t file_count;
    if (!eg_cases_find(&test->arena, paths, count, &files, &file_count, error))
        return false;
    for (uint32_t i = 0; i < count; i++)
        add_folder(test,
                   eg_file_type(paths[i]) == EG_FILE_FOLDER ? paths[i] : eg_file_folder(paths[i]));
    if (!load(test, error))
        return false;
    for (uint32_t i = 0; i < file_count; i++)
        if (!eg_cases_run_file(&test->run, files[i], error))
            return false;
    return true;
}

static enum eg_status conclude(struct test *test) {
    struct eg_error error = {0};
    for (uint32_t i = 0; i < test->run.count; i++)
        tell_case(test, &test->run.cases[i]);
    tell_coverage(test);
    eg_buf_printf(&test->out, "%u passed, %u failed", test->run.count - test->run.failed,
                  test->run.failed);
    if (test->gaps > 0)
        eg_buf_printf(&test->out, ", %u %s not tested both ways", test->gaps,
                      test->gaps == 1 ? "rule" : "rules");
    eg_buf_printf(&test->out, "; %u %s\n", rules_with_cases(test),
                  rules_with_cases(test) == 1 ? "rule" : "rules");
    if (fwrite(test->out.data, 1, test->out.length, stdout) != test->out.length)
        return EG_STATUS_INTERNAL;
    if (test->junit.length > 0 && !write_junit(test, &error))
        return eg_cli_fail(&error);
    return test->run.failed + test->gaps > 0 ? EG_STATUS_FAILS : EG_STATUS_HOLDS;
}

static enum eg_status test_paths(struct test *test, char **argv, int count) {
    struct eg_error error = {0};
    struct eg_str *paths = EG_NEW_ARRAY(&test->arena, struct eg_str, (size_t)count);
    for (int i = 0; i < count; i++)
        paths[i] = eg_str_from(argv[i]);
    if (!run_files(test, paths, (uint32_t)count, &error))
        return eg_cli_fail(&error);
    if (test->run.count == 0) {
        fputs("ecsgate test: no cases found; they stand in cases.yaml beside rule.yaml\n", stderr);
        return EG_STATUS_INPUT;
    }
    return conclude(test);
}

static int run_test(int argc, char **argv) {
    struct test test = {.verbose = false};
    eg_arena_init(&test.arena);
    eg_buf_init(&test.out);
    enum eg_status status;
    int paths;
    if (eg_options_parse(&eg_verb_test, options, &test, argc, argv, &paths, &status)) {
        if (paths == 0) {
            fputs("ecsgate test: no PATH given: a folder of policies, or a file of cases\n",
                  stderr);
            status = EG_STATUS_USAGE;
        } else {
            status = test_paths(&test, argv, paths);
        }
    }
    eg_buf_done(&test.out);
    eg_arena_done(&test.arena);
    return (int)status;
}

const struct eg_command eg_verb_test = {
    .name = "test",
    .arguments = "PATH...",
    .doc = "run the cases of policies",
    .more = "PATH is a folder of policies with their cases.yaml, or a file of cases.\n"
            "Every rule in it needs a case that passes and one that fails.",
    .run = run_test,
};
