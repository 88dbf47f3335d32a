/* Judging: what a rule's checks come to on real inputs, over all scenarios; and the results' words,
 * places and fingerprints. */
#include "policy/judge.h"

#include "base/buf.h"
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
    struct eg_model *model;
    struct eg_results results;
    char rule_file[40];
};

static int setup(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct eg_error error = {0};
    eg_arena_init(&fixture->arena);
    strcpy(fixture->rule_file, "/tmp/t_judge.XXXXXX.yaml");
    int file = mkstemps(fixture->rule_file, 5);
    assert_true(file >= 0);
    close(file);
    assert_true(eg_schema_load(&fixture->arena, &fixture->schema, &error));
    *state = fixture;
    return 0;
}

static int teardown(void **state) {
    struct fixture *fixture = *state;
    unlink(fixture->rule_file);
    eg_arena_done(&fixture->arena);
    free(fixture);
    return 0;
}

static void load_policy(struct fixture *fixture, const char *text) {
    struct eg_error error = {0};
    struct eg_str path = eg_str_from(fixture->rule_file);
    assert_true(eg_file_write(path, eg_str_from(text), &error));
    const struct eg_policy_options options = {.folders = &path, .folder_count = 1};
    if (!eg_policy_load(&fixture->arena, &fixture->schema, &options, &fixture->policy, &error))
        fail_msg("%u:%u: %s\n%s", error.line, error.column, error.text, text);
}

static void load_input(struct fixture *fixture, const char *text) {
    struct eg_error error = {0};
    struct eg_error_list errors = {0};
    struct eg_document document;
    struct eg_input *input = EG_NEW(&fixture->arena, struct eg_input);
    if (!eg_read_yaml(&fixture->arena, EG_STR("input.yaml"), eg_str_from(text), &document, &error))
        fail_msg("%u:%u: %s\n%s", error.line, error.column, error.text, text);
    assert_true(eg_load_document(&fixture->arena, &document, EG_STR("stack"), input, &errors));
    const struct eg_resolve_options options = {.parameters = NULL};
    struct eg_system *system = eg_resolve(&fixture->arena, &input, 1, &options);
    fixture->model = eg_model_build(&fixture->schema, system);
}

static void judge(struct fixture *fixture, const char *policy, const char *input,
                  const struct eg_judge_options *options) {
    load_policy(fixture, policy);
    load_input(fixture, input);
    fixture->results = eg_judge(fixture->policy, fixture->model, options);
}

/* "fail app high 'scenario' line" for each result. */
static struct eg_str told(struct fixture *fixture) {
    struct eg_str text = EG_STR("");
    for (uint32_t i = 0; i < fixture->results.count; i++) {
        const struct eg_result *result = &fixture->results.items[i];
        struct eg_str check = result->check == NULL ? EG_STR("") : result->check->name;
        text = eg_str_format(
            &fixture->arena, "%.*s%s%s %.*s%s%.*s", EG_STR_ARGS(text), i == 0 ? "" : "; ",
            eg_verdict_name(result->verdict),
            EG_STR_ARGS(result->object_name.length > 0 ? result->object_name : result->resource),
            check.length > 0 ? "." : "", EG_STR_ARGS(check));
        if (result->scenario.length > 0)
            text = eg_str_format(&fixture->arena, "%.*s when %.*s", EG_STR_ARGS(text),
                                 EG_STR_ARGS(result->scenario));
    }
    return text;
}

#define RULE(rest) "id: A-1\nname: a\ntitle: The title\nseverity: high\nmatch: container\n" rest
#define READONLY   RULE("assert: container.readonlyRootFilesystem\n")

#define PARAMETERS                                                                                 \
    "Parameters:\n"                                                                                \
    "  Env: {Type: String, AllowedValues: [dev, prod]}\n"                                          \
    "  Size: {Type: String, AllowedValues: [s, m, l]}\n"                                           \
    "  Flag: {Type: String, AllowedValues: ['true', 'false']}\n"                                   \
    "  Open: {Type: String}\n"                                                                     \
    "  Given: {Type: String, Default: 'false'}\n"                                                  \
    "Conditions:\n"                                                                                \
    "  IsProd: !Equals [!Ref Env, prod]\n"                                                         \
    "  IsDev: !Equals [!Ref Env, dev]\n"                                                           \
    "  IsLarge: !Equals [!Ref Size, l]\n"                                                          \
    "  IsMine: !Equals [!Ref Open, mine]\n"                                                        \
    "  Both: !And [!Condition IsProd, !Condition IsLarge]\n"

#define TASK                                                                                       \
    "Resources:\n"                                                                                 \
    "  Task:\n"                                                                                    \
    "    Type: AWS::ECS::TaskDefinition\n"                                                         \
    "    Properties:\n"                                                                            \
    "      ContainerDefinitions:\n"

/* A container whose root filesystem is as VALUE says. */
#define READ_ONLY(value)                                                                           \
    PARAMETERS TASK "      - {Name: app, Image: a, ReadonlyRootFilesystem: " value "}\n"

static const struct {
    const char *policy, *input, *told;
} verdicts[] = {
    {READONLY, READ_ONLY("true"), "pass app"},
    {READONLY, READ_ONLY("false"), "fail app"},
    {READONLY, READ_ONLY("!Ref Open"), "unknown app"},
    /* Conditions: the worst way counts, and is named. */
    {READONLY, READ_ONLY("!If [IsProd, true, false]"), "fail app when Env is 'dev'"},
    {READONLY, READ_ONLY("!If [IsProd, true, true]"), "pass app"},
    {READONLY, READ_ONLY("!If [IsProd, false, false]"), "fail app"},
    {READONLY, READ_ONLY("!If [IsProd, true, !Ref Open]"), "unknown app when Env is 'dev'"},
    {READONLY, READ_ONLY("!If [IsMine, true, false]"), "fail app when Open is not 'mine'"},
    /* Two conditions on one parameter never contradict each other. */
    {READONLY, READ_ONLY("!If [IsProd, true, !If [IsDev, true, false]]"), "pass app"},
    {READONLY, READ_ONLY("!If [IsProd, !If [IsDev, false, true], true]"), "pass app"},
    /* The smallest scenario that fails. */
    {READONLY, READ_ONLY("!If [Both, false, true]"), "fail app when Env is 'prod' and Size is 'l'"},
    {READONLY, READ_ONLY("!If [IsLarge, !If [IsProd, false, false], true]"),
     "fail app when Size is 'l'"},
    /* AllowedValues used as values: a question, unless they agree. */
    {READONLY, READ_ONLY("!Ref Flag"), "unknown app"},
    {READONLY, READ_ONLY("!If [IsProd, true, !Ref Flag]"), "unknown app when Env is 'dev'"},
    {RULE("assert: container.user != 'x'\n"),
     PARAMETERS TASK "      - {Name: app, Image: a, User: !Ref Env}\n", "pass app"},
    {RULE("assert: container.user == 'x'\n"),
     PARAMETERS TASK "      - {Name: app, Image: a, User: !Ref Env}\n", "fail app"},
    /* `when`. */
    {RULE("when: container.essential\nassert: container.readonlyRootFilesystem\n"),
     PARAMETERS TASK "      - {Name: app, Image: a, Essential: false}\n", ""},
    {RULE("when: container.essential\nassert: container.readonlyRootFilesystem\n"),
     PARAMETERS TASK "      - {Name: app, Image: a, Essential: !If [IsProd, true, false]}\n",
     "fail app when Env is 'prod'"},
    {RULE("when: container.user == 'x'\nassert: container.readonlyRootFilesystem\n"),
     PARAMETERS TASK "      - {Name: app, Image: a, User: !Ref Open}\n", "unknown app"},
    {RULE("when: container.user == 'x'\nassert: container.essential\n"),
     PARAMETERS TASK "      - {Name: app, Image: a, User: !Ref Open}\n", "pass app"},
    /* Errors and nonsense are never a pass. */
    {RULE("assert: container.command[3] == 'x'\n"), TASK "      - {Name: app, Image: a}\n",
     "unknown app"},
    {RULE("assert: \"[1, 'x'][1]\"\n"), TASK "      - {Name: app, Image: a}\n", "unknown app"},
    {RULE("assert: unknown('no way to tell')\n"), TASK "      - {Name: app, Image: a}\n",
     "unknown app"},
    {RULE("when: container.command[3] == 'x'\nassert: 'true'\n"),
     TASK "      - {Name: app, Image: a}\n", "unknown app"},
    /* Several checks. */
    {RULE("checks:\n- {name: one, assert: container.essential}\n"
          "- {name: two, when: container.essential, assert: container.privileged}\n"
          "- {name: three, assert: container.readonlyRootFilesystem}\n"),
     TASK "      - {Name: app, Image: a}\n      - {Name: b, Image: a, Essential: false, "
          "ReadonlyRootFilesystem: true}\n",
     "fail app.two; fail app.three; fail b.one"},
    {RULE("checks:\n- {name: one, when: 'false', assert: 'false'}\n"),
     TASK "      - {Name: app, Image: a}\n", ""},
    /* each: every element that fails, at most one pass. */
    {RULE("each: {port: container.portMappings}\nassert: port.containerPort > 80\n"),
     TASK "      - {Name: app, Image: a, PortMappings: [{ContainerPort: 22}, {ContainerPort: 443}, "
          "{ContainerPort: 80}]}\n      - {Name: b, Image: a, PortMappings: [{ContainerPort: 81}, "
          "{ContainerPort: 82}]}\n      - {Name: c, Image: a}\n",
     "fail app; fail app; pass b; pass c"},
    {RULE("each: {port: container.portMappings}\nchecks:\n- {name: low, when: port.containerPort < "
          "100, assert: port.containerPort > 80}\n"),
     TASK "      - {Name: app, Image: a, PortMappings: [{ContainerPort: 443}]}\n", ""},
    {RULE("each: {port: container.portMappings}\nassert: port.containerPort > 80\n"),
     PARAMETERS TASK
     "      - Name: app\n        Image: a\n        PortMappings:\n        - {ContainerPort: 81}\n"
     "        - !If [IsProd, {ContainerPort: 22}, !Ref 'AWS::NoValue']\n"
     "        - !If [IsLarge, {ContainerPort: 23}, {ContainerPort: 99}]\n",
     "fail app when Env is 'prod'; fail app when Size is 'l'"},
    {RULE("each: {port: container.portMappings}\nassert: port.containerPort > 80\n"),
     PARAMETERS TASK "      - Name: app\n        Image: a\n        PortMappings: !If [IsProd, "
                     "[{ContainerPort: 22}], [{ContainerPort: 99}]]\n",
     "fail app when Env is 'prod'"},
    {RULE("each: {port: container.portMappings}\nassert: port.containerPort > 80\n"),
     PARAMETERS TASK "      - {Name: app, Image: a, PortMappings: !Ref Open}\n", "unknown app"},
    /* A check that doesn't mention the element judges the object, once; also beside an empty list.
     */
    {RULE(
         "each: {port: container.portMappings}\nchecks:\n- {name: own, assert: container.cpu > 0}\n"
         "- {name: port, assert: port.containerPort > 80}\n"),
     TASK
     "      - {Name: app, Image: a, PortMappings: [{ContainerPort: 81}, {ContainerPort: 22}]}\n"
     "      - {Name: b, Image: a}\n      - {Name: c, Image: a, Cpu: 1}\n",
     "fail app.port; fail app.own; fail b.own; pass c"},
    {RULE("each: {port: container.portMappings}\nchecks:\n- {name: own, when: 'false', assert: "
          "'false'}\n- {name: port, assert: port.containerPort > 80}\n"),
     TASK "      - {Name: app, Image: a}\n", "pass app"},
    /* lets, those of the element too. */
    {RULE("each: {port: container.portMappings}\nlet: {number: port.containerPort, limit: '80', "
          "good: number > limit}\nassert: good\n"),
     TASK "      - {Name: app, Image: a, PortMappings: [{ContainerPort: 81}, {ContainerPort: "
          "79}]}\n",
     "fail app"},
};

static void verdicts_over_all_scenarios(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        judge(fixture, verdicts[i].policy, verdicts[i].input, NULL);
        struct eg_str text = told(fixture);
        if (!eg_str_is(text, verdicts[i].told))
            fail_msg("%s\n%s\nexpected %s\ngave     %.*s", verdicts[i].policy, verdicts[i].input,
                     verdicts[i].told, EG_STR_ARGS(text));
    }
}

static const struct eg_result *only_result(struct fixture *fixture) {
    assert_int_equal(fixture->results.count, 1);
    return &fixture->results.items[0];
}

static void assert_holds(struct eg_str text, const char *part) {
    if (!eg_str_contains(text, eg_str_from(part)))
        fail_msg("'%s' is not in '%.*s'", part, EG_STR_ARGS(text));
}

static void reasons_say_what_to_supply(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *policy, *value, *reason;
    } reasons[] = {
        {READONLY, "!Ref Open", "parameter Open has no value"},
        {READONLY, "!Ref Flag", "it fails with 'false'"},
        {READONLY, "!ImportValue Elsewhere", "Elsewhere"},
        {RULE("assert: unknown('ask the owner')\n"), "true", "ask the owner"},
        {RULE("assert: container.command[3] == 'x'\n"), "true", "the rule can't be evaluated here"},
        {RULE("assert: \"[1, 'x'][1]\"\n"), "true", "the rule's expression gave a string"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        struct eg_str input = eg_str_format(&fixture->arena, READ_ONLY("%s"), reasons[i].value);
        judge(fixture, reasons[i].policy, input.data, NULL);
        const struct eg_result *result = only_result(fixture);
        assert_int_equal(result->verdict, EG_VERDICT_UNKNOWN);
        assert_holds(result->reason, reasons[i].reason);
        assert_holds(result->message, "The title");
    }
}

static void results_point_at_what_decided(void **state) {
    struct fixture *fixture = *state;
    static const char *const task = TASK "      - Name: app\n"
                                         "        Image: a\n"
                                         "        ReadonlyRootFilesystem: false\n"
                                         "        Command: [a, b]\n";
    static const struct {
        const char *rest;
        uint32_t line, column;
    } places[] = {
        {"assert: container.readonlyRootFilesystem\n", 8, 33},
        {"assert: container.privileged\n", 6, 9}, /* absent: the container */
        {"let: {ro: container.readonlyRootFilesystem}\nassert: ro\n", 8, 33},
        {"let: {found: \"container.command.filter(c, c == 'b')\"}\nassert: found.size() == 0\n", 9,
         22},
        {"each: {word: container.command}\nassert: word != 'b'\n", 9, 22},
        {"assert: 1 > 2\n", 6, 9}, /* nothing: the object */
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct eg_str policy = eg_str_format(&fixture->arena, RULE("%s"), places[i].rest);
        judge(fixture, policy.data, task, NULL);
        const struct eg_result *result = only_result(fixture);
        assert_int_equal(result->verdict, EG_VERDICT_FAIL);
        if (result->place.line != places[i].line || result->place.column != places[i].column)
            fail_msg("%s: expected %u:%u, got %u:%u", places[i].rest, places[i].line,
                     places[i].column, result->place.line, result->place.column);
        assert_true(eg_str_is(result->place.file, "input.yaml"));
    }
}

static void results_have_words_and_evidence(void **state) {
    struct fixture *fixture = *state;
    judge(fixture,
          RULE("checks:\n- name: one\n  assert: container.readonlyRootFilesystem\n"
               "  severity: \"container.essential ? 'critical' : 'low'\"\n"
               "  message: \"'container ' + container.name + ' writes'\"\n"),
          PARAMETERS TASK "      - {Name: app, Image: a, ReadonlyRootFilesystem: !Ref Given}\n",
          NULL);
    const struct eg_result *result = only_result(fixture);
    assert_int_equal(result->severity, EG_SEVERITY_CRITICAL);
    assert_true(eg_str_is(result->message, "container app writes"));
    assert_true(eg_str_is(result->stack, "stack"));
    assert_true(eg_str_is(result->resource, "Task"));
    assert_true(eg_str_is(result->type, "AWS::ECS::TaskDefinition"));
    assert_true(eg_str_is(result->object, "containerDefinitions[0]"));
    assert_true(eg_str_is(result->object_name, "app"));
    assert_true(result->overridable);
    assert_int_equal(result->evidence_count, 1);
    assert_true(eg_str_is(result->evidence[0].expression, "container.readonlyRootFilesystem"));
    assert_true(eg_str_is(result->evidence[0].value, "false"));
    assert_false(result->evidence[0].absent);
}

static void passes_have_evidence_only_if_asked(void **state) {
    struct fixture *fixture = *state;
    judge(fixture, READONLY, READ_ONLY("true"), NULL);
    assert_int_equal(only_result(fixture)->evidence_count, 0);
    assert_true(eg_str_is(only_result(fixture)->message, "The title"));
    const struct eg_judge_options options = {.prove = true};
    judge(fixture, READONLY, READ_ONLY("true"), &options);
    assert_int_equal(only_result(fixture)->evidence_count, 1);
    assert_true(eg_str_is(only_result(fixture)->evidence[0].value, "true"));
}

static void a_resources_own_condition_is_taken_as_met(void **state) {
    struct fixture *fixture = *state;
    judge(fixture, READONLY,
          PARAMETERS "Resources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n"
                     "    Condition: IsProd\n    Properties:\n      ContainerDefinitions:\n"
                     "      - {Name: app, Image: a, ReadonlyRootFilesystem: !If [IsProd, true, "
                     "false]}\n"
                     "      - {Name: b, Image: a, ReadonlyRootFilesystem: !If [IsProd, false, "
                     "true]}\n",
          NULL);
    assert_true(eg_str_is(told(fixture), "pass app; fail b"));
    assert_true(eg_str_is(fixture->results.items[1].condition, "IsProd"));
}

static void a_branch_that_an_object_stands_in_is_taken_as_met(void **state) {
    struct fixture *fixture = *state;
    judge(fixture, READONLY,
          PARAMETERS TASK
          "      - !If [IsProd, {Name: b, Image: a, ReadonlyRootFilesystem: !If [IsProd, true, "
          "false]}, !Ref 'AWS::NoValue']\n"
          "      - !If [IsProd, {Name: c, Image: a}, !Ref 'AWS::NoValue']\n",
          NULL);
    assert_true(eg_str_is(told(fixture), "pass b; fail c"));
}

/* A template with COUNT conditions, each on a parameter of its own, and a container whose command
 * has a word for each. */
static struct eg_str many_conditions(struct fixture *fixture, int count) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    eg_buf_puts(&buf, "Parameters:\n");
    for (int i = 0; i < count; i++)
        eg_buf_printf(&buf, "  P%d: {Type: String}\n", i);
    eg_buf_puts(&buf, "Conditions:\n");
    for (int i = 0; i < count; i++)
        eg_buf_printf(&buf, "  C%d: !Equals [!Ref P%d, x]\n", i, i);
    eg_buf_puts(&buf, TASK "      - Name: app\n        Image: a\n        Command:\n");
    for (int i = 0; i < count; i++)
        eg_buf_printf(&buf, "        - !If [C%d, a%d, b%d]\n", i, i, i);
    struct eg_str text = eg_str_copy(&fixture->arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return text;
}

static void many_conditions_end(void **state) {
    struct fixture *fixture = *state;
    struct eg_str input = many_conditions(fixture, 40);
    /* Each element by itself: two scenarios each. */
    judge(fixture, RULE("each: {word: container.command}\nassert: word != 'a7'\n"), input.data,
          NULL);
    assert_true(eg_str_is(told(fixture), "fail app when P7 is 'x'"));
    /* All at once: a failure is found, whatever the limit. */
    judge(fixture, RULE("assert: container.command.all(word, word != 'b39')\n"), input.data, NULL);
    assert_true(eg_str_is(told(fixture), "fail app when P39 is not 'x'"));
    /* Nothing short of 2^40 scenarios would decide this. */
    judge(fixture, RULE("assert: container.command.join('').size() != 7\n"), input.data, NULL);
    assert_int_equal(only_result(fixture)->verdict, EG_VERDICT_UNKNOWN);
    assert_holds(only_result(fixture)->reason, "more scenarios than the 256");
    const struct eg_judge_options options = {.step_limit = 100};
    judge(fixture, RULE("assert: container.command.all(word, word != 'c')\n"), input.data,
          &options);
    assert_int_equal(only_result(fixture)->verdict, EG_VERDICT_UNKNOWN);
}

/* ---- fingerprints ---- */

static struct eg_str fingerprint(struct fixture *fixture, const char *policy, const char *input) {
    judge(fixture, policy, input, NULL);
    assert_true(fixture->results.count > 0);
    const char *text = fixture->results.items[0].fingerprint;
    assert_int_equal(strlen(text), 32);
    return eg_str_copy(&fixture->arena, eg_str_from(text));
}

#define NAMED(id, before, container)                                                               \
    "Resources:\n" before "  " id ":\n    Type: AWS::ECS::TaskDefinition\n"                        \
    "    Properties:\n      ContainerDefinitions:\n" container

static void fingerprints_stay(void **state) {
    struct fixture *fixture = *state;
    struct eg_str plain = fingerprint(fixture, READONLY,
                                      NAMED("Task1A2B3C4D", "", "      - {Name: app, Image: a}\n"));
    static const char *const same[] = {
        /* lines moved, another hash, another image, another container before it */
        NAMED("Task1A2B3C4D", "\n\n", "      - {Name: app, Image: a}\n"),
        NAMED("Task99999999", "", "      - {Name: app, Image: a}\n"),
        NAMED("Task1A2B3C4D", "", "      - {Image: b, Name: app}\n"),
        NAMED("Task1A2B3C4D", "", "      - {Name: app, Image: a}\n      - {Name: b, Image: b}\n"),
    };
    static const char *const different[] = {
        NAMED("Other1A2B3C4D", "", "      - {Name: app, Image: a}\n"),
        NAMED("Task1A2B3C4D", "", "      - {Name: b, Image: a}\n"),
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_true(eg_str_equal(fingerprint(fixture, READONLY, same[i]), plain));
    for (size_t i = 0; i < sizeof different / sizeof *different; i++)
        assert_false(eg_str_equal(fingerprint(fixture, READONLY, different[i]), plain));
}

#define TASK_RULE(rest)                                                                            \
    "id: A-1\nname: a\ntitle: The title\nseverity: high\nmatch: taskDefinition\n" rest

/* Evidence names the place in the list and what a structure holds; the fingerprint doesn't. */
static void fingerprints_stay_beside_others(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *rule, *before, *after;
        const char *expression, *value; /* of the evidence before */
    } rows[] = {
        {TASK_RULE("assert: taskDefinition.containerDefinitions.all(c, c.cpu > 0)\n"),
         TASK "      - {Name: app, Image: a, Cpu: 0}\n",
         TASK "      - {Name: first, Image: a, Cpu: 5}\n      - {Name: app, Image: a, Cpu: 0}\n",
         "taskDefinition.containerDefinitions[0].cpu", "0"},
        {TASK_RULE("assert: taskDefinition.containerDefinitions[0].portMappings.size() == 0\n"),
         TASK "      - {Name: app, Image: a, PortMappings: [{ContainerPort: 80}]}\n",
         TASK "      - {Name: app, Image: a, PortMappings: [{ContainerPort: 81}]}\n",
         "taskDefinition.containerDefinitions[0].portMappings",
         "[PortMapping {containerPort: 80}]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct eg_str plain = fingerprint(fixture, rows[i].rule, rows[i].before);
        const struct eg_evidence *evidence = fixture->results.items[0].evidence;
        assert_true(eg_str_is(evidence->expression, rows[i].expression));
        assert_true(eg_str_is(evidence->value, rows[i].value));
        assert_true(eg_str_equal(fingerprint(fixture, rows[i].rule, rows[i].after), plain));
    }
}

/* What a param holds is evidence while it is short; a let that is another name has the longer one.
 */
static void evidence_of_params_and_lets(void **state) {
    struct fixture *fixture = *state;
    judge(fixture,
          RULE("params: {least: 5, words: [aaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbb]}\n"
               "let: {units: container.cpu}\n"
               "assert: units > params.least && !(container.name in params.words)\n"),
          TASK "      - {Name: app, Image: a, Cpu: 3}\n", NULL);
    const struct eg_result *result = only_result(fixture);
    assert_int_equal(result->evidence_count, 2);
    assert_true(eg_str_is(result->evidence[0].expression, "container.cpu"));
    assert_true(eg_str_is(result->evidence[1].expression, "params.least"));
    judge(fixture,
          RULE("params: {words: [aaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbb]}\n"
               "assert: container.name in params.words\n"),
          TASK "      - {Name: app, Image: a}\n", NULL);
    result = only_result(fixture);
    assert_int_equal(result->evidence_count, 1);
    assert_true(eg_str_is(result->evidence[0].expression, "container.name"));
}

static void equal_findings_have_different_fingerprints(void **state) {
    struct fixture *fixture = *state;
    judge(fixture, RULE("each: {word: container.command}\nassert: word != 'x'\n"),
          TASK "      - {Name: app, Image: a, Command: [x, x, x]}\n", NULL);
    assert_int_equal(fixture->results.count, 3);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(fixture->results.items[i].fingerprint,
                                    fixture->results.items[j].fingerprint);
}

/* ---- order, explaining ---- */

static void results_come_in_the_order_of_resources(void **state) {
    struct fixture *fixture = *state;
    judge(fixture,
          "- {id: A-1, name: a, title: A, severity: low, match: resource, assert: 'true'}\n"
          "- {id: A-2, name: b, title: B, severity: low, match: 'AWS::S3::Bucket', assert: "
          "'true'}\n"
          "- {id: A-3, name: c, title: C, severity: low, match: taskDefinition, assert: 'true'}\n"
          "- {id: A-0, name: d, title: D, severity: low, match: resource, assert: 'true'}\n",
          "Resources:\n  Z: {Type: 'AWS::S3::Bucket'}\n"
          "  T: {Type: 'AWS::ECS::TaskDefinition', Properties: {ContainerDefinitions: []}}\n"
          "  A: {Type: 'AWS::S3::Bucket'}\n",
          NULL);
    static const char *const expected[][2] = {{"A-0", "Z"}, {"A-1", "Z"}, {"A-2", "Z"},
                                              {"A-3", "T"}, {"A-0", "T"}, {"A-1", "T"},
                                              {"A-0", "A"}, {"A-1", "A"}, {"A-2", "A"}};
    assert_int_equal(fixture->results.count, 9);
    for (uint32_t i = 0; i < 9; i++) {
        assert_true(eg_str_is(fixture->results.items[i].rule->id, expected[i][0]));
        assert_true(eg_str_is(fixture->results.items[i].resource, expected[i][1]));
    }
}

static void explaining_shows_values_and_the_scenario(void **state) {
    struct fixture *fixture = *state;
    load_policy(fixture, READONLY);
    load_input(fixture, READ_ONLY("!If [IsProd, true, false]"));
    struct eg_buf buf;
    eg_buf_init(&buf);
    eg_judge_explain(fixture->policy->rules[0], fixture->model, 0, &buf);
    struct eg_str text = eg_buf_str(&buf);
    assert_holds(text, "A-1, container app of Task");
    assert_holds(text, "check: fail, where Env is 'dev'");
    assert_holds(text, "container.readonlyRootFilesystem");
    eg_buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(verdicts_over_all_scenarios, setup, teardown),
        cmocka_unit_test_setup_teardown(reasons_say_what_to_supply, setup, teardown),
        cmocka_unit_test_setup_teardown(results_point_at_what_decided, setup, teardown),
        cmocka_unit_test_setup_teardown(results_have_words_and_evidence, setup, teardown),
        cmocka_unit_test_setup_teardown(passes_have_evidence_only_if_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_resources_own_condition_is_taken_as_met, setup, teardown),
        cmocka_unit_test_setup_teardown(a_branch_that_an_object_stands_in_is_taken_as_met, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(many_conditions_end, setup, teardown),
        cmocka_unit_test_setup_teardown(fingerprints_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(fingerprints_stay_beside_others, setup, teardown),
        cmocka_unit_test_setup_teardown(evidence_of_params_and_lets, setup, teardown),
        cmocka_unit_test_setup_teardown(equal_findings_have_different_fingerprints, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(results_come_in_the_order_of_resources, setup, teardown),
        cmocka_unit_test_setup_teardown(explaining_shows_values_and_the_scenario, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
