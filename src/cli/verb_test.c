/* ecsgate test: runs the cases of policies, says which don't hold, and what they leave untested. */
#include "cli/verbs.h"

#include "base/file.h"
#include "cli/test_text.h"
#include "schema/schema.h"

#include <stdio.h>
#include <stdlib.h>

struct test {
    struct eg_arena arena;
    struct eg_schema schema;
    struct eg_str junit; /* file, or empty */
    struct eg_str *folders;
    uint32_t folder_count;
    struct eg_str *only;
    uint32_t only_count;
    uint32_t threshold; /* percent of the branches that must be taken */
    bool verbose, coverage, explain, no_builtin;
    struct eg_case_run run;
    struct eg_buf out;
};

/* ---- options ---- */

/* Adds TEXT to a list, once. */
static void add_once(struct test *test, struct eg_str **items, uint32_t *count,
                     struct eg_str text) {
    for (uint32_t i = 0; i < *count; i++)
        if (eg_str_equal((*items)[i], text))
            return;
    *items =
        eg_arena_grow(&test->arena, *items, *count * sizeof **items, (*count + 1) * sizeof **items);
    (*items)[(*count)++] = text;
}

static void add_folder(struct test *test, struct eg_str folder) {
    add_once(test, &test->folders, &test->folder_count, folder);
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

static bool take_only(void *context, const char *value, struct eg_error *error) {
    (void)error;
    struct test *test = context;
    struct eg_str list = eg_str_from(value);
    for (size_t at = 0; at <= list.length;) {
        size_t end = eg_str_find(list, EG_STR(","), at);
        if (end == SIZE_MAX)
            end = list.length;
        struct eg_str one = eg_str_trim(eg_str_slice(list, at, end - at));
        if (one.length > 0)
            add_once(test, &test->only, &test->only_count, one);
        at = end + 1;
    }
    return true;
}

static bool take_threshold(void *context, const char *value, struct eg_error *error) {
    char *end;
    unsigned long percent = strtoul(value, &end, 10);
    if (*value < '0' || *value > '9' || *end != '\0' || percent > 100)
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                            "expected a percentage from 0 to 100, found '%s'", value);
    ((struct test *)context)->threshold = (uint32_t)percent;
    return true;
}

static bool take_coverage(void *context, const char *value, struct eg_error *error) {
    (void)value;
    (void)error;
    ((struct test *)context)->coverage = true;
    return true;
}

static bool take_explain(void *context, const char *value, struct eg_error *error) {
    (void)value;
    (void)error;
    ((struct test *)context)->explain = true;
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
    {0, "only", "RULE,...", "only cases of these rules, sections, severities", take_only},
    {0, "coverage", NULL, "each rule's verdicts, and branches not taken", take_coverage},
    {0, "threshold", "PERCENT", "fail if the cases take fewer branches", take_threshold},
    {0, "explain", NULL, "how the rule was evaluated in a case that fails", take_explain},
    {0, "junit", "FILE", "write the outcome as JUnit XML to FILE", take_junit},
    {0, "policies", "DIR", "rules that cases elsewhere name; repeatable", take_policies},
    {0, "no-builtin", NULL, "leave the built-in rules out", take_no_builtin},
    {'v', "verbose", NULL, "the cases that hold too", take_verbose},
    {0, NULL, NULL, NULL, NULL},
};

/* ---- the run ---- */

static bool load(struct test *test, struct eg_error *error) {
    const struct eg_policy_options wanted = {
        .folders = test->folders,
        .folder_count = test->folder_count,
        .builtin = !test->no_builtin,
        .only = test->only,
        .only_count = test->only_count,
        .uncompiled = true,
    };
    struct eg_policy *policy;
    if (!eg_schema_load(&test->arena, &test->schema, error) ||
        !eg_policy_load(&test->arena, &test->schema, &wanted, &policy, error))
        return false;
    for (uint32_t i = 0; i < policy->known_count; i++)
        if (!policy->known[i]->builtin && !eg_policy_compile(policy, policy->known[i], error))
            return false;
    eg_cases_init(&test->run, &test->arena, policy);
    test->run.only = test->only;
    test->run.only_count = test->only_count;
    test->run.explain = test->explain;
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

static bool write_junit(const struct test *test, struct eg_error *error) {
    struct eg_buf xml;
    eg_buf_init(&xml);
    eg_test_junit(&test->run, &xml);
    bool good = eg_file_write(test->junit, eg_buf_str(&xml), error);
    eg_buf_done(&xml);
    return good;
}

static enum eg_status conclude(struct test *test) {
    struct eg_error error = {0};
    const struct eg_case_run *run = &test->run;
    struct eg_test_coverage coverage = eg_test_coverage(run);
    bool thin = (uint64_t)coverage.taken * 100 < (uint64_t)coverage.outcomes * test->threshold;
    eg_test_tell_cases(run, test->verbose, &test->out);
    eg_test_tell_gaps(run, &test->out);
    if (test->coverage || thin)
        eg_test_tell_coverage(run, &test->out);
    if (thin)
        eg_buf_printf(&test->out, "FAIL  the cases take fewer than %u%% of the branches\n",
                      test->threshold);
    eg_test_tell_summary(run, &coverage, &test->out);
    if (fwrite(test->out.data, 1, test->out.length, stdout) != test->out.length)
        return EG_STATUS_INTERNAL;
    if (test->junit.length > 0 && !write_junit(test, &error))
        return eg_cli_fail(&error);
    return run->failed + coverage.gaps > 0 || thin ? EG_STATUS_FAILS : EG_STATUS_HOLDS;
}

static enum eg_status test_paths(struct test *test, char **argv, int count) {
    struct eg_error error = {0};
    struct eg_str *paths = EG_NEW_ARRAY(&test->arena, struct eg_str, (size_t)count);
    for (int i = 0; i < count; i++)
        paths[i] = eg_str_from(argv[i]);
    if (!run_files(test, paths, (uint32_t)count, &error))
        return eg_cli_fail(&error);
    if (test->run.count == 0) {
        fputs(test->only_count > 0
                  ? "ecsgate test: none of the cases is of a rule that --only names\n"
                  : "ecsgate test: no cases found; they stand in cases.yaml beside rule.yaml\n",
              stderr);
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
            "Every rule in it needs a case that passes and one that fails. A branch is an\n"
            "operand of && or ||, a condition, or a whole expression: true or false.",
    .run = run_test,
};
