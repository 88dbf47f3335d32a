/* One run of the engine into renderers; see run.h. Called by verb_check.c and verb_report.c. */
#include "cli/run.h"

#include "base/file.h"
#include "cli/config.h"
#include "cli/terminal.h"
#include "report/attest.h"
#include "schema/schema.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- options ---- */

static void add_text(struct eg_run *run, struct eg_texts *texts, const char *value) {
    texts->items = eg_arena_grow(&run->arena, texts->items, texts->count * sizeof *texts->items,
                                 (texts->count + 1) * sizeof *texts->items);
    texts->items[texts->count++] = eg_str_from(value);
}

/* "ECS-SG, ECS-NET-001" as several. */
static void add_list(struct eg_run *run, struct eg_texts *texts, const char *value) {
    for (const char *comma = strchr(value, ','); comma != NULL; comma = strchr(value, ',')) {
        struct eg_str item = eg_str_trim((struct eg_str){value, (size_t)(comma - value)});
        add_text(run, texts, eg_str_copy(&run->arena, item).data);
        value = comma + 1;
    }
    add_text(run, texts, eg_str_copy(&run->arena, eg_str_trim(eg_str_from(value))).data);
}

/* One more output; false if FILE has one already. */
static bool add_output(struct eg_run *run, struct eg_run_output output) {
    for (uint32_t i = 0; i < run->output_count; i++)
        if (eg_str_equal(run->outputs[i].file, output.file))
            return false;
    run->outputs =
        eg_arena_grow(&run->arena, run->outputs, run->output_count * sizeof *run->outputs,
                      (run->output_count + 1) * sizeof *run->outputs);
    run->outputs[run->output_count++] = output;
    return true;
}

static bool take_format(void *context, const char *value, struct eg_error *error) {
    struct eg_run *run = context;
    const char *equals = strchr(value, '=');
    struct eg_str name = {value, equals == NULL ? strlen(value) : (size_t)(equals - value)};
    const struct eg_renderer *renderer = eg_renderer_find(name);
    if (renderer == NULL) {
        uint32_t count;
        const struct eg_renderer *const *list = eg_renderer_list(&count);
        struct eg_str names = EG_STR("");
        for (uint32_t i = 0; i < count; i++)
            names = eg_str_format(&run->arena, "%.*s%s%s", EG_STR_ARGS(names), i == 0 ? "" : ", ",
                                  list[i]->name);
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                            "there is no format '%.*s'; there are %.*s", EG_STR_ARGS(name),
                            EG_STR_ARGS(names));
    }
    struct eg_str file = eg_str_from(equals == NULL ? "" : equals + 1);
    if (!add_output(run, (struct eg_run_output){.renderer = renderer, .file = file}))
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                            file.length == 0
                                ? "two formats for standard output; give one a file: NAME=FILE"
                                : "two formats for one file");
    return true;
}

static bool take_parameter(void *context, const char *value, struct eg_error *error) {
    struct eg_run *run = context;
    return eg_parameters_add(&run->parameters, &run->arena, eg_str_from(value), error);
}

static bool take_parameters(void *context, const char *value, struct eg_error *error) {
    struct eg_run *run = context;
    return eg_parameters_read(&run->parameters, &run->arena, eg_str_from(value), error);
}

static bool take_fail_on(void *context, const char *value, struct eg_error *error) {
    struct eg_run *run = context;
    run->fail_on_given = true;
    if (eg_severity_parse(eg_str_from(value), &run->fail_on))
        return true;
    return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                        "'%s' is no severity; expected critical, high, medium, low or info", value);
}

static bool take_number(const char *value, uint32_t most, uint32_t *ret, struct eg_error *error) {
    int64_t number;
    if (!eg_str_to_int(eg_str_from(value), &number) || number < 1 || number > most)
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                            "'%s' is no number from 1 to %u", value, most);
    *ret = (uint32_t)number;
    return true;
}

static bool take_threads(void *context, const char *value, struct eg_error *error) {
    return take_number(value, 64, &((struct eg_run *)context)->threads, error);
}

static bool take_scenarios(void *context, const char *value, struct eg_error *error) {
    return take_number(value, 1000 * 1000, &((struct eg_run *)context)->scenarios, error);
}

static bool take_date(void *context, const char *value, struct eg_error *error) {
    struct tm day = {0};
    const char *end = strptime(value, "%Y-%m-%d", &day);
    if (end == NULL || *end != '\0' || strlen(value) != 10)
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                            "'%s' is no date; expected YYYY-MM-DD", value);
    ((struct eg_run *)context)->date = eg_str_from(value);
    return true;
}

static bool take_colour(void *context, const char *value, struct eg_error *error) {
    struct eg_run *run = context;
    run->colour_always = strcmp(value, "always") == 0;
    run->colour_never = strcmp(value, "never") == 0;
    if (run->colour_always || run->colour_never || strcmp(value, "auto") == 0)
        return true;
    return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                        "'%s': expected always, never or auto", value);
}

/* Options that only keep their value. */
#define TAKE(function, statement)                                                                  \
    static bool function(void *context, const char *value, struct eg_error *error) {               \
        struct eg_run *run = context;                                                              \
        (void)value;                                                                               \
        (void)error;                                                                               \
        statement;                                                                                 \
        return true;                                                                               \
    }
TAKE(take_policies, add_text(run, &run->policies, value))
TAKE(take_only, add_list(run, &run->only, value))
TAKE(take_skip, add_list(run, &run->skip, value))
TAKE(take_profile, run->profile = eg_str_from(value))
TAKE(take_region, run->region = eg_str_from(value))
TAKE(take_account, run->account = eg_str_from(value))
TAKE(take_title, run->title = eg_str_from(value))
TAKE(take_deployment, run->deployment = eg_str_from(value))
TAKE(take_baseline, run->baseline = eg_str_from(value))
TAKE(take_attest, run->attest = eg_str_from(value))
TAKE(take_key, run->key = eg_str_from(value))
TAKE(take_config, run->config = eg_str_from(value))
TAKE(take_no_config, run->no_config = true)
TAKE(take_waivers, add_text(run, &run->waiver_files, value))
TAKE(take_previous, run->previous = eg_str_from(value))
TAKE(take_explain, run->explain = eg_str_from(value); add_text(run, &run->only, value))
TAKE(take_strict, run->strict = true)
TAKE(take_quiet, run->quiet = true)
TAKE(take_verbose, run->verbose = true)
TAKE(take_no_builtin, run->no_builtin = true)

const struct eg_option eg_run_options[] = {
    {'f', "format", "NAME[=FILE]", "format, to FILE or standard output; repeatable", take_format},
    {'p', "parameter", "NAME=VALUE", "value of a template parameter; repeatable", take_parameter},
    {0, "parameters", "FILE", "parameter file: CLI, CodePipeline or NAME=VALUE", take_parameters},
    {0, "region", "REGION", "value of AWS::Region", take_region},
    {0, "account", "ID", "value of AWS::AccountId", take_account},
    {0, "profile", "NAME", "default, seed-report, fsbp or hardened", take_profile},
    {0, "policies", "DIR", "rules of your own, added or replacing; repeatable", take_policies},
    {0, "no-builtin", NULL, "leave the built-in rules out", take_no_builtin},
    {0, "only", "RULE,...", "only these rules, sections or severities", take_only},
    {0, "skip", "RULE,...", "without these", take_skip},
    {0, "fail-on", "SEVERITY", "the lowest severity that fails (default: high)", take_fail_on},
    {0, "strict", NULL, "count unknown as failing", take_strict},
    {0, "baseline", "FILE", "an earlier JSON result: only what is new fails", take_baseline},
    {0, "waivers", "FILE", "waivers (else .ecsgate-waivers.yaml, upwards)", take_waivers},
    {0, "config", "FILE", "configuration (else .ecsgate.yaml, upwards)", take_config},
    {0, "no-config", NULL, "read neither configuration nor waivers", take_no_config},
    {0, "attest", "FILE", "write the signed result (DSSE, in-toto) to FILE", take_attest},
    {0, "key", "FILE", "private key for --attest: PEM, Ed25519 or ECDSA", take_key},
    {0, "explain", "RULE", "judge only this rule and show how it was evaluated", take_explain},
    {0, "title", "TEXT", "title of the document", take_title},
    {0, "deployment", "TEXT", "name of the deployment in the document", take_deployment},
    {0, "date", "YYYY-MM-DD", "date (else SOURCE_DATE_EPOCH, or today)", take_date},
    {0, "previous", "FILE", "an earlier JSON result to compare with", take_previous},
    {0, "threads", "N", "how many inputs are judged side by side", take_threads},
    {0, "scenarios", "N", "most scenarios explored for one rule and object", take_scenarios},
    {0, "color", "WHEN", "always, never or auto", take_colour},
    {'q', "quiet", NULL, "only the summary", take_quiet},
    {'v', "verbose", NULL, "passes and reasons too", take_verbose},
    {0, NULL, NULL, NULL, NULL},
};

void eg_run_init(struct eg_run *run) {
    *run = (struct eg_run){.fail_on = EG_SEVERITY_HIGH};
    eg_arena_init(&run->arena);
    eg_parameters_init(&run->parameters, &run->arena);
    eg_given_init(&run->given, &run->arena, &run->parameters);
}

void eg_run_done(struct eg_run *run) {
    for (uint32_t i = 0; i < run->output_count; i++)
        eg_buf_done(&run->outputs[i].buf);
    eg_arena_done(&run->arena);
}

/* ---- what renderers are told ---- */

static bool wants_colour(const struct eg_run *run) {
    const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */
    const char *terminal = getenv("TERM");
    if (run->colour_always || run->colour_never)
        return run->colour_always;
    return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0') &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

/* The document's date: given, or that of SOURCE_DATE_EPOCH
 * (https://reproducible-builds.org/specs/source-date-epoch/), or today (UTC). */
static struct eg_str document_date(struct eg_run *run) {
    if (run->date.length > 0)
        return run->date;
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds = 0;
    time_t when =
        epoch != NULL && eg_str_to_int(eg_str_from(epoch), &seconds) ? (time_t)seconds : time(NULL);
    struct tm day;
    char text[32] = "";
    if (gmtime_r(&when, &day) != NULL)
        (void)strftime(text, sizeof text, "%Y-%m-%d", &day);
    return eg_str_copy(&run->arena, eg_str_from(text));
}

static struct eg_str working_folder(struct eg_run *run) {
    char path[PATH_MAX];
    return realpath(".", path) == NULL ? EG_STR("") : eg_str_copy(&run->arena, eg_str_from(path));
}

/* ---- outputs ---- */

static bool wants_proof(const struct eg_run *run) {
    for (uint32_t i = 0; i < run->output_count; i++)
        if (run->outputs[i].renderer->proves)
            return true;
    return false;
}

static bool write_standard_output(struct eg_buf *buf) {
    if (buf->length == 0)
        return true;
    bool good = fwrite(buf->data, 1, buf->length, stdout) == buf->length;
    eg_buf_clear(buf);
    return good;
}

static void begin_outputs(struct eg_run *run, const struct eg_report_options *options) {
    for (uint32_t i = 0; i < run->output_count; i++) {
        struct eg_run_output *output = &run->outputs[i];
        struct eg_report_options own = *options;
        if (output->file.length > 0) {
            own.colour = false;
            own.width = 0;
        }
        struct eg_report_options *kept = EG_NEW(&run->arena, struct eg_report_options);
        *kept = own;
        output->state = output->renderer->begin(&run->arena, kept);
    }
}

/* Says on standard error what is wrong with WAIVERS. */
static void tell_waivers(const struct eg_run *run, const struct eg_waiver *waivers,
                         uint32_t count) {
    struct eg_arena arena;
    struct eg_buf line;
    eg_arena_init(&arena);
    eg_buf_init(&line);
    for (uint32_t i = 0; !run->quiet && i < count; i++) {
        struct eg_str trouble = eg_waiver_trouble(&arena, &waivers[i]);
        if (trouble.length == 0)
            continue;
        eg_buf_clear(&line);
        eg_buf_puts(&line, "ecsgate: ");
        eg_report_add_place(&line, waivers[i].place);
        eg_buf_puts(&line, ": ");
        eg_report_add_plain(&line, trouble);
        eg_buf_putc(&line, '\n');
        (void)fwrite(line.data, 1, line.length, stderr);
    }
    eg_buf_done(&line);
    eg_arena_done(&arena);
}

/* The engine's sink. False once standard output can't be written. */
static bool render_batch(void *context, const struct eg_batch *batch) {
    struct eg_run *run = context;
    bool good = true;
    for (uint32_t i = 0; i < batch->errors->count; i++)
        (void)eg_cli_fail(batch->errors->items[i]);
    tell_waivers(run, batch->waivers.items, batch->waivers.count);
    eg_given_note(&run->given, batch->system);
    for (uint32_t i = 0; i < run->output_count; i++) {
        struct eg_run_output *output = &run->outputs[i];
        output->renderer->batch(output->state, batch, &output->buf);
        if (output->file.length == 0)
            good = write_standard_output(&output->buf) && good;
    }
    const struct eg_rule *explained = eg_policy_find(run->policy, run->explain);
    if (explained != NULL && batch->model != NULL) {
        struct eg_buf tree, shown;
        eg_buf_init(&tree);
        eg_buf_init(&shown);
        eg_judge_explain(explained, batch->model, eg_terminal_width(), &tree);
        eg_terminal_add_lines(&shown, "", eg_buf_str(&tree));
        good = write_standard_output(&shown) && good;
        eg_buf_done(&shown);
        eg_buf_done(&tree);
    }
    return good;
}

static bool write_file(const struct eg_run *run, const struct eg_run_output *output,
                       struct eg_error *error) {
    if (!output->attested)
        return eg_file_write(output->file, eg_buf_str(&output->buf), error);
    struct eg_buf envelope;
    eg_buf_init(&envelope);
    bool good = eg_attest_sign(eg_buf_str(&output->buf), run->key, &envelope, error) &&
                eg_file_write(output->file, eg_buf_str(&envelope), error);
    eg_buf_done(&envelope);
    return good;
}

static enum eg_status end_outputs(struct eg_run *run, const struct eg_summary *summary) {
    enum eg_status status = EG_STATUS_HOLDS;
    for (uint32_t i = 0; i < run->output_count; i++) {
        struct eg_run_output *output = &run->outputs[i];
        struct eg_error error = {0};
        output->renderer->end(output->state, summary, &output->buf);
        if (output->file.length == 0)
            (void)write_standard_output(&output->buf); /* main() sees whether it arrived */
        else if (!write_file(run, output, &error))
            status = eg_cli_fail(&error);
    }
    return status;
}

static enum eg_status summary_status(const struct eg_summary *summary) {
    if (summary->errors > 0)
        return EG_STATUS_INPUT;
    if (summary->inputs == 0) {
        fputs("ecsgate: nothing was found to judge\n", stderr);
        return EG_STATUS_INPUT;
    }
    return summary->holds ? EG_STATUS_HOLDS : EG_STATUS_FAILS;
}

/* ---- the run ---- */

static bool add_attestation(struct eg_run *run, struct eg_error *error) {
    const struct eg_run_output output = {
        .renderer = eg_renderer_find(EG_STR("json")), .file = run->attest, .attested = true};
    if (run->attest.length == 0)
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                            "--key needs --attest FILE, where the signed result goes");
    if (run->key.length == 0)
        return eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                            "--attest needs --key FILE, the private key to sign with");
    if (!eg_attest_check_key(run->key, error))
        return false;
    return add_output(run, output) ||
           eg_error_set(error, EG_ERROR_USAGE, run->attest, 0, 0, "is the file of two outputs");
}

static bool load_policy(struct eg_run *run, struct eg_policy **ret_policy, struct eg_error *error) {
    struct eg_schema *schema = EG_NEW(&run->arena, struct eg_schema);
    const struct eg_policy_options options = {
        .folders = run->policies.items,
        .folder_count = run->policies.count,
        .builtin = !run->no_builtin,
        .profile = run->profile,
        .only = run->only.items,
        .only_count = run->only.count,
        .skip = run->skip.items,
        .skip_count = run->skip.count,
        .overrides = run->overrides,
        .params = run->params,
    };
    if (!eg_schema_load(&run->arena, schema, error) ||
        !eg_policy_load(&run->arena, schema, &options, ret_policy, error))
        return false;
    return (*ret_policy)->rule_count > 0 ||
           eg_error_set(error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                        "no rule is left to judge by: look at --only, --skip, --policies and the "
                        "configuration");
}

/* An earlier result as a node; NULL if no FILE is given, or with an error. */
static const struct eg_node *read_result(struct eg_run *run, struct eg_str file,
                                         struct eg_error *error) {
    struct eg_document document;
    if (file.length == 0 || !eg_read_file(&run->arena, file, &document, error))
        return NULL;
    const struct eg_node *results = EG_GET(document.root, "results");
    if (EG_GET(document.root, "ecsgate") != NULL && eg_node_kind(results) == EG_LIST)
        return document.root;
    (void)eg_error_set(error, EG_ERROR_INPUT, file, 0, 0,
                       "is no result of ecsgate: expected what -f json writes");
    return NULL;
}

/* Notes the fingerprints of what failed in the baseline. */
static bool read_baseline(struct eg_run *run, struct eg_error *error) {
    eg_map_init(&run->known, &run->arena);
    const struct eg_node *baseline = read_result(run, run->baseline, error);
    if (baseline == NULL)
        return error->code == EG_ERROR_NONE;
    const struct eg_list results = EG_GET(baseline, "results")->as.list;
    for (uint32_t i = 0; i < results.count; i++) {
        const struct eg_node *result = results.items[i];
        if (eg_node_is_string(EG_GET(result, "verdict"), "fail"))
            (void)eg_map_put(&run->known, eg_node_text(EG_GET(result, "fingerprint")), run);
    }
    return true;
}

static bool read_waivers(struct eg_run *run, struct eg_error *error) {
    for (uint32_t i = 0; i < run->waiver_files.count; i++)
        if (!eg_waivers_read(&run->waivers, &run->arena, run->waiver_files.items[i], error))
            return false;
    return true;
}

enum eg_status eg_run_paths(struct eg_run *run, const char *default_format, char **paths,
                            int path_count, struct eg_str command_line) {
    struct eg_error error = {0};
    struct eg_policy *policy;
    if (run->output_count == 0 && !take_format(run, default_format, &error))
        return eg_cli_fail(&error);
    if ((run->attest.length > 0 || run->key.length > 0) && !add_attestation(run, &error))
        return eg_cli_fail(&error);
    run->date = document_date(run);
    run->waivers.today = run->date;
    if (!eg_config_read(run, eg_str_from(paths[0]), &error) || !read_waivers(run, &error) ||
        !load_policy(run, &policy, &error) || !read_baseline(run, &error))
        return eg_cli_fail(&error);
    run->policy = policy;
    eg_waivers_check(&run->waivers, &run->arena, policy);
    const struct eg_node *previous = read_result(run, run->previous, &error);
    if (error.code != EG_ERROR_NONE)
        return eg_cli_fail(&error);
    const struct eg_report_options report = {
        .policy = policy,
        .fail_on = run->fail_on,
        .strict = run->strict,
        .colour = wants_colour(run),
        .width = eg_terminal_width(),
        .quiet = run->quiet,
        .verbose = run->verbose,
        .baseline = run->baseline.length > 0,
        .title = run->title,
        .deployment = run->deployment,
        .date = run->date,
        .waivers = &run->waivers,
        .command_line = command_line,
        .folder = working_folder(run),
        .parameters = &run->parameters,
        .region = run->region,
        .account = run->account,
        .previous = previous,
    };
    const struct eg_resolve_options resolve = {
        .parameters = &run->parameters, .region = run->region, .account = run->account};
    const struct eg_engine_options engine = {
        .policy = policy,
        .resolve = &resolve,
        .judge = {.scenario_limit = run->scenarios, .prove = wants_proof(run)},
        .waivers = &run->waivers,
        .known = &run->known,
        .fail_on = run->fail_on,
        .strict = run->strict,
        .threads = run->threads,
    };
    struct eg_str *inputs = EG_NEW_ARRAY(&run->arena, struct eg_str, (size_t)path_count);
    for (int i = 0; i < path_count; i++)
        inputs[i] = eg_str_from(paths[i]);
    begin_outputs(run, &report);
    struct eg_summary summary;
    if (!eg_engine_run(&run->arena, &engine, inputs, (uint32_t)path_count, render_batch, run,
                       &summary))
        return EG_STATUS_INTERNAL;
    enum eg_status status = end_outputs(run, &summary);
    tell_waivers(run, run->waivers.items, run->waivers.count);
    if (!run->quiet)
        eg_given_tell(&run->given);
    return status != EG_STATUS_HOLDS ? status : summary_status(&summary);
}

struct eg_str eg_run_command_line(struct eg_arena *arena, int argc, char *const *argv) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    eg_buf_puts(&buf, "ecsgate");
    for (int i = 0; i < argc; i++) {
        /* How many threads there were makes no difference, so it isn't told either. */
        bool threads = strcmp(argv[i], "--threads") == 0;
        if (threads || strncmp(argv[i], "--threads=", 10) == 0) {
            i += threads;
            continue;
        }
        static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                   "-_./=:,@%+";
        bool quoted = argv[i][0] == '\0' || argv[i][strspn(argv[i], safe)] != '\0';
        eg_buf_puts(&buf, quoted ? " '" : " ");
        for (const char *at = argv[i]; *at != '\0'; at++)
            eg_buf_puts(&buf, *at == '\'' ? "'\\''" : (char[]){*at, '\0'});
        if (quoted)
            eg_buf_putc(&buf, '\'');
    }
    struct eg_str text = eg_str_copy(arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return text;
}
