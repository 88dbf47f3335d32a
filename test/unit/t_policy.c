/* Loading policies: what the files may hold, and where each mistake is told. */
#include "policy/policy.h"

#include "base/buf.h"
#include "base/embedded.h"
#include "base/file.h"
#include "policy/keys.h"
#include "policy/rule.h"
#include "read/read.h"
#include "schema/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    struct eg_arena arena;
    struct eg_schema schema;
    char folder[32];
    struct eg_error error;
    struct eg_policy *policy;
};

static int setup(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    eg_arena_init(&fixture->arena);
    strcpy(fixture->folder, "/tmp/t_policy.XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    assert_true(eg_schema_load(&fixture->arena, &fixture->schema, &fixture->error));
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

/* Writes a file of the fixture's folder; its path. */
static struct eg_str write_file(struct fixture *fixture, const char *name, const char *text) {
    struct eg_str path = eg_str_format(&fixture->arena, "%s/%s", fixture->folder, name);
    struct eg_error error = {0};
    assert_true(eg_file_write(path, eg_str_from(text), &error));
    return path;
}

static bool load_with(struct fixture *fixture, struct eg_policy_options options) {
    fixture->error = (struct eg_error){0};
    return eg_policy_load(&fixture->arena, &fixture->schema, &options, &fixture->policy,
                          &fixture->error);
}

/* Loads TEXT alone as a policy file. */
static bool load(struct fixture *fixture, const char *text) {
    struct eg_str path = write_file(fixture, "policy.yaml", text);
    return load_with(fixture, (struct eg_policy_options){.folders = &path, .folder_count = 1});
}

#define HEAD                                                                                       \
    "id: ACME-TAG-001\nname: tagged\ntitle: It is tagged\nseverity: high\nmatch: container\n"

/* ---- mistakes ---- */

static const struct {
    const char *text;
    uint32_t line, column;
    const char *told; /* part of the error */
} mistakes[] = {
    {"5", 1, 1, "must be a rule, a list of rules"},
    {HEAD, 1, 1, "needs either 'assert' or 'checks', found neither"},
    {HEAD "assert: 'true'\nchecks: [{name: a, assert: 'true'}]\n", 7, 9, "found both"},
    {HEAD "asert: 'true'\n", 6, 1, "no key 'asert'; did you mean 'assert'?"},
    {HEAD "assert: ''\n", 6, 9, "must be text, found an empty text"},
    {HEAD "assert: [x]\n", 6, 9, "must be text, found list"},
    {HEAD "assert: container.readonlyRootFilesytem\n", 6, 19, "readonlyRootFilesystem"},
    {HEAD "assert: container.name\n", 6, 9, "'assert' must be bool, but the expression is string"},
    {HEAD "assert: 'true'\nmessage: '1'\n", 7, 11, "'message' must be string"},
    {HEAD "assert: 'true'\npath: container.name\n", 7, 7, "'path' must be a list"},
    {HEAD "assert: 'true'\npath: container.command\n", 7, 7,
     "'path' must be list(PathStep), but the expression is list(string)"},
    {HEAD "assert: 'true'\nwhen: container.cpu\n", 7, 7, "'when' must be bool"},
    {HEAD "assert: 'true'\neach: {a: container.name}\n", 7, 11, "'each' must be a list"},
    {HEAD "assert: 'true'\neach: {a: '[1]', b: '[2]'}\n", 7, 7, "needs one name"},
    {HEAD "assert: 'true'\nlet: {container: '1'}\n", 7, 7, "the name of another variable"},
    {HEAD "assert: 'true'\nlet: {1a: '1'}\n", 7, 7, "needs a name of letters"},
    {HEAD "assert: 'true'\nlet: {a: b, b: '1'}\n", 7, 10, "'b' comes later"},
    {HEAD "assert: 'true'\nlet: {a: a}\n", 7, 10, "'a' comes later or is this very let"},
    {HEAD "assert: 'true'\nwhen: a > 1\nlet: {a: p.containerPort}\neach: {p: "
          "container.portMappings}\n",
     7, 7, "'a' hangs on the element of 'each'"},
    {HEAD "assert: 'true'\nwhen: p.containerPort > 1\neach: {p: container.portMappings}\n", 7, 7,
     "'p' is the element of 'each'"},
    {HEAD "assert: 'true'\nparams: {days: 7}\n", 7, 9,
     "nothing in rule ACME-TAG-001 reads the param 'days'"},
    {HEAD "assert: b\nlet: {a: container, b: 'true'}\n", 7, 10,
     "nothing in rule ACME-TAG-001 reads the let 'a'"},
    {HEAD "assert: 'true'\nreferences: [{title: x}]\n", 7, 14, "a reference needs a key 'url'"},
    {HEAD "checks: []\n", 6, 9, "'checks' of a rule is empty"},
    {HEAD "checks:\n- {name: a, assert: 'true'}\n- {name: a, assert: 'true'}\n", 8, 10,
     "another check 'a' in line 7"},
    {HEAD "checks: [{name: A, assert: 'true'}]\n", 6, 17, "no name of a check"},
    {HEAD "assert: params.dys > 1\nparams: {days: 7}\n", 6, 16, "days"},
    {HEAD "assert: 'true'\nparams: {days: {type: int, default: x}}\n", 7, 37,
     "the default of param 'days' must be int"},
    {HEAD "assert: 'true'\nparams: {days: {type: integer, default: 1}}\n", 7, 23,
     "'integer' is no type of a param"},
    {HEAD "assert: 'true'\nprofiles: [fsb]\n", 7, 11, "there is no profile 'fsb'"},
    {"id: acme-1\nname: a\ntitle: a\nseverity: high\nmatch: container\nassert: 'true'\n", 1, 5,
     "'acme-1' is no rule id"},
    {"id: ACME\nname: a\ntitle: a\nseverity: high\nmatch: container\nassert: 'true'\n", 1, 5,
     "'ACME' is no rule id"},
    {"id: A-1\nname: A b\ntitle: a\nseverity: high\nmatch: container\nassert: 'true'\n", 2, 7,
     "'A b' is no rule name"},
    {"id: A-1\nname: a\ntitle: a\nseverity: hihg\nmatch: container\nassert: 'true'\n", 4, 11,
     "'hihg' is no severity"},
    {"id: A-1\nname: a\ntitle: a\nseverity: high\nmatch: contaner\nassert: 'true'\n", 5, 8,
     "no kind 'contaner'; did you mean 'container'?"},
    {"id: A-1\nname: a\ntitle: a\nseverity: high\nmatch: PortMapping\nassert: 'true'\n", 5, 8,
     "no kind 'PortMapping'"},
    {"profile: x\ntitle: X\nextends: y\n", 0, 0, NULL}, /* only wrong when it is used */
    {"rules: [5]\n", 1, 9, "a rule must be a map, found integer"},
    {"include: [../elsewhere.yaml]\nrules: []\n", 1, 10, "can't include '../elsewhere.yaml'"},
    {"- {id: A-1, name: a, title: a, severity: low, match: stack, assert: 'true'}\n"
     "- {id: A-1, name: b, title: a, severity: low, match: stack, assert: 'true'}\n",
     2, 8, "two rules A-1; the other is at"},
    {"- {id: A-1, name: a, title: a, severity: low, match: stack, assert: 'true'}\n"
     "- {id: A-2, name: a, title: a, severity: low, match: stack, assert: 'true'}\n",
     2, 19, "has the name 'a' of rule A-1"},
    {"id: A-1\nname: a\ntitle: a\nseverity: high\nmatch: AWS::S3::Bukcet\nassert: 'true'\n", 5, 8,
     "no type of resource 'AWS::S3::Bukcet'; did you mean 'AWS::S3::Bucket'?"},
    {"id: A-1\nname: a\ntitle: a\nseverity: high\nmatch: AWS::s3::bucket\nassert: 'true'\n", 5, 8,
     "did you mean 'AWS::S3::Bucket'?"},
    {"id: A-1\nname: a\ntitle: a\nseverity: high\nmatch: AWS::S3\nassert: 'true'\n", 5, 8,
     "'AWS::S3' is no type of resource"},
    {"id: A-1\nname: a\ntitle: a\nseverity: high\nmatch: pod\nassert: 'true'\n", 5, 8,
     "`ecsgate rules --reference` lists the kinds"},
    {"id: A-1\nname: a\ntitle: a\nseverity: high\nmatch: AWS::EKS::Cluster\n"
     "assert: resource.type != ''\n",
     0, 0, NULL}, /* no slip for AWS::ECS::Cluster */
    {"id: A-1\nname: a\ntitle: a\nseverity: high\nmatch: Custom::Thing\nassert: 'true'\n", 0, 0,
     NULL},
    {HEAD "assert: 'true'\nseverity: low\n", 7, 1, "'severity' is given twice, first in line 4"},
    {HEAD "assert: 'true'\nparams: {a: {default: 1, default: 2}}\n", 7, 26, "given twice"},
    {HEAD "assert: 'true'\nmessage: the container is bad\n", 7, 14, "text has quotes of its own"},
    {HEAD "assert: 'true'\nparams:\n\tdays: 7\n", 8, 1, "found a tab"},
    {HEAD "assert: !has(container.user)\n", 6, 9, "stands in quotes"},
    {HEAD "assert: object.spec\n", 6, 9, "undeclared name 'object'; there are container, params"},
    {HEAD "assert: resource.type == ''\n", 6, 9,
     "'resource' is the name of a type here, not a variable; there are container, params"},
    {HEAD "assert: container.essential and true\n", 6, 29, "it is written &&"},
    {HEAD "assert: container.links.any(l, l == '')\n", 6, 25, "did you mean 'exists'?"},
    {"profiles: [{profile: x, title: X}, {profile: x, title: Y}]\n", 1, 46,
     "there are two profiles 'x'"},
    {"sections: [{prefix: A, title: X}, {prefix: A, title: Y}]\n", 1, 44,
     "there are two sections A"},
    {"sections: [{prefix: acme, title: X}]\n", 1, 21, "'acme' begins no id of a rule"},
    {"include: [nowhere.yaml]\n", 1, 10, "can't include 'nowhere.yaml': there is no "},
    {"include: [policy.yaml]\n", 0, 0, NULL}, /* each file is read once: a circle ends */
};

static void every_mistake_has_its_place(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        bool good = load(fixture, mistakes[i].text);
        if (good != (mistakes[i].told == NULL))
            fail_msg("%s\ngave: %s", mistakes[i].text, fixture->error.text);
        if (good)
            continue;
        if (fixture->error.line != mistakes[i].line ||
            fixture->error.column != mistakes[i].column ||
            strstr(fixture->error.text, mistakes[i].told) == NULL)
            fail_msg("%s\nexpected %u:%u: %s\ngave     %u:%u: %s", mistakes[i].text,
                     mistakes[i].line, mistakes[i].column, mistakes[i].told, fixture->error.line,
                     fixture->error.column, fixture->error.text);
        assert_int_equal(fixture->error.code, EG_ERROR_USAGE);
        assert_non_null(strstr(fixture->error.file, "policy.yaml"));
    }
}

/* ---- rules ---- */

static void a_rule_is_read_whole(void **state) {
    struct fixture *fixture = *state;
    assert_true(load(fixture, HEAD
                     "why: Because.\n"
                     "params: {days: 7, names: {type: list(string), default: [], doc: Names.}}\n"
                     "let: {a: params.days + 1, b: a > 3 && port.containerPort > 0}\n"
                     "each: {port: 'a > 0 ? container.portMappings : []'}\n"
                     "checks:\n"
                     "- {name: one, assert: b, severity: low}\n"
                     "- {name: two, assert: \"b || params.names == []\", "
                     "severity: \"b ? 'low' : 'critical'\"}\n"
                     "remediation: Do.\n"
                     "same-as: {checkov: [CKV_1, CKV_2]}\n"));
    const struct eg_rule *rule = eg_policy_find(fixture->policy, EG_STR("tagged"));
    assert_ptr_equal(rule, eg_policy_find(fixture->policy, EG_STR("ACME-TAG-001")));
    assert_true(eg_str_is(rule->section, "ACME-TAG"));
    assert_int_equal(rule->severity, EG_SEVERITY_HIGH);
    assert_true(eg_str_is(rule->each_name, "port"));
    assert_int_equal(rule->check_count, 2);
    assert_int_equal(rule->checks[0].fixed, EG_SEVERITY_LOW);
    assert_null(rule->checks[0].severity);
    assert_int_equal(rule->checks[1].fixed, EG_SEVERITY_HIGH);
    assert_non_null(rule->checks[1].severity);
    assert_true(eg_str_is(rule->checks[0].title, "It is tagged"));
    assert_true(eg_str_is(rule->checks[0].remediation, "Do."));
    assert_false(rule->lets[0].of_element);
    assert_true(rule->lets[1].of_element);
    assert_int_equal(rule->same_as[0].count, 2);
    assert_int_equal(EG_GET(rule->params, "days")->as.integer, 7);
    assert_true(eg_rule_is_compiled(rule));
    const struct eg_section *last = &fixture->policy->sections[0];
    assert_true(eg_str_is(last->prefix, "ACME-TAG"));
}

static void ids_and_names_have_a_form(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool id, name;
    } forms[] = {
        {"ECS-HARD-001", true, false}, {"A-1", true, false},      {"A1-B-2", true, false},
        {"A--1", false, false},        {"-1", false, false},      {"1-1", false, false},
        {"A-1x", false, false},        {"A-", false, false},      {"", false, false},
        {"a-rule", false, true},       {"a", false, true},        {"1a", false, false},
        {"a_b", false, false},         {"readonly", false, true}, {"A::B-1", false, false},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        assert_int_equal(eg_rule_is_id(eg_str_from(forms[i].text)), forms[i].id);
        assert_int_equal(eg_rule_is_name(eg_str_from(forms[i].text)), forms[i].name);
    }
}

/* ---- sources ---- */

static void shipped_rules_load_and_compile(void **state) {
    struct fixture *fixture = *state;
    assert_true(load_with(
        fixture, (struct eg_policy_options){.builtin = true, .profile = EG_STR("hardened")}));
    assert_true(fixture->policy->rule_count > 0);
    assert_int_equal(fixture->policy->rule_count, fixture->policy->known_count);
    for (uint32_t i = 0; i < fixture->policy->rule_count; i++) {
        assert_true(fixture->policy->rules[i]->builtin);
        assert_int_equal(fixture->policy->rules[i]->number, i);
        assert_true(eg_rule_is_compiled(fixture->policy->rules[i]));
    }
    assert_int_equal(strlen(fixture->policy->digest), 64);
}

static void a_later_source_replaces_rules(void **state) {
    struct fixture *fixture = *state;
    struct eg_str path =
        write_file(fixture, "own.yaml",
                   "rules:\n- {id: ECS-HARD-001, name: readonly-root-filesystem, title: Own, "
                   "severity: low, match: stack, "
                   "assert: 'true'}\n- {id: ACME-A-1, name: a, title: A, severity: low, match: "
                   "'AWS::S3::Bucket', assert: \"resource.type == 'x'\"}\n"
                   "sections: [{prefix: ACME-A, title: Ours}]\n");
    assert_true(load_with(
        fixture, (struct eg_policy_options){.builtin = true, .folders = &path, .folder_count = 1}));
    const struct eg_rule *rule = eg_policy_find(fixture->policy, EG_STR("ECS-HARD-001"));
    assert_true(eg_str_is(rule->title, "Own"));
    assert_false(rule->builtin);
    rule = eg_policy_find(fixture->policy, EG_STR("a"));
    assert_true(eg_str_is(rule->resource_type, "AWS::S3::Bucket"));
    assert_true(eg_str_is(rule->type->name, "resource"));
    uint32_t last = fixture->policy->section_count - 1;
    assert_true(eg_str_is(fixture->policy->sections[last].title, "Ours"));
}

/* What is meant to be new must not take a rule's place by chance. */
static void a_clash_with_an_earlier_source_is_told(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *id, *name, *told;
    } clashes[] = {
        {"ECS-HARD-001", "mine", "is the rule 'readonly-root-filesystem' already"},
        {"ACME-A-1", "readonly-root-filesystem", "has the name 'readonly-root-filesystem' of rule"},
    };
    for (size_t i = 0; i < sizeof clashes / sizeof *clashes; i++) {
        char text[256];
        (void)snprintf(text, sizeof text,
                       "id: %s\nname: %s\ntitle: T\nseverity: low\nmatch: stack\nassert: 'true'\n",
                       clashes[i].id, clashes[i].name);
        struct eg_str path = write_file(fixture, "own.yaml", text);
        assert_false(load_with(fixture, (struct eg_policy_options){
                                            .builtin = true, .folders = &path, .folder_count = 1}));
        assert_non_null(strstr(fixture->error.text, clashes[i].told));
        assert_non_null(strstr(fixture->error.file, "own.yaml"));
        assert_int_equal(fixture->error.line, i + 1);
    }
}

static void folders_are_walked_without_cases(void **state) {
    struct fixture *fixture = *state;
    char inner[64];
    (void)snprintf(inner, sizeof inner, "%s/inner", fixture->folder);
    assert_int_equal(mkdir(inner, 0700), 0);
    (void)write_file(fixture, "inner/rule.yaml", HEAD "assert: 'true'\n");
    (void)write_file(fixture, "inner/cases.yaml", "not: a rule\n");
    (void)write_file(fixture, "inner/notes.txt", "nothing\n");
    (void)write_file(fixture, ".hidden.yaml", "nothing\n");
    (void)write_file(fixture, "bundle.yaml", "include: [inner]\n");
    struct eg_str path = eg_str_from(fixture->folder);
    assert_true(
        load_with(fixture, (struct eg_policy_options){.folders = &path, .folder_count = 1}));
    assert_int_equal(fixture->policy->rule_count, 1);
    path = EG_STR("/tmp/no/such/folder");
    assert_false(
        load_with(fixture, (struct eg_policy_options){.folders = &path, .folder_count = 1}));
    assert_non_null(strstr(fixture->error.text, "no such policy file or folder"));
}

/* ---- choosing ---- */

static const char *const choice =
    "rules:\n"
    "- {id: A-X-1, name: one, title: One, severity: high, match: stack, assert: params.n > 1, "
    "params: {n: 2}, profiles: [small]}\n"
    "- {id: A-X-2, name: two, title: Two, severity: low, match: stack, assert: 'true'}\n"
    "- {id: A-Y-1, name: three, title: Three, severity: low, match: stack, assert: 'true', "
    "opt-in: true}\n"
    "profiles:\n"
    "- {profile: small, title: S, order: [A-Y, A-X-2]}\n"
    "- {profile: more, title: M, extends: small, rules: {two: true, A-X-1: {severity: info, "
    "params: "
    "{n: 5}}}}\n"
    "- {profile: every, title: E, all: true, opt-in: true, order: [A-Y]}\n"
    "- {profile: round, title: R, extends: round}\n"
    "- {profile: typo, title: T, rules: {A-X-11: true}}\n"
    "- {profile: wrong, title: W, rules: {A-X-1: {params: {m: 1}}}}\n"
    "- {profile: lost, title: L, all: true, order: [A-X, A-Z]}\n"
    "- {profile: both, title: B, rules: {A-X-1: {on: true, off: true}}}\n"
    "- {profile: word, title: D, rules: {A-X-1: high}}\n"
    "- {profile: list, title: I, rules: {A-X-1: {params: {n: [1]}}}}\n";

/* The ids that are on, in order. */
static struct eg_str chosen(struct fixture *fixture) {
    struct eg_str text = EG_STR("");
    for (uint32_t i = 0; i < fixture->policy->rule_count; i++)
        text = eg_str_format(&fixture->arena, "%.*s%s%.*s", EG_STR_ARGS(text), i == 0 ? "" : " ",
                             EG_STR_ARGS(fixture->policy->rules[i]->id));
    return text;
}

static void profiles_and_selectors_choose(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *profile, *only, *skip, *chosen, *error;
    } choices[] = {
        {"", "", "", "A-X-1 A-X-2", NULL},
        {"small", "", "", "A-X-1", NULL},
        {"more", "", "", "A-X-1 A-X-2", NULL},
        {"every", "", "", "A-Y-1 A-X-1 A-X-2", NULL},
        {"", "three", "", "A-Y-1", NULL},
        {"", "A-X", "", "A-X-1 A-X-2", NULL},
        {"", "A-Y", "", "", NULL},
        {"every", "low", "", "A-Y-1 A-X-2", NULL},
        {"", "", "high", "A-X-2", NULL},
        {"", "", "A-X-2", "A-X-1", NULL},
        {"", "A-X-3", "", NULL, "no rule, section or severity 'A-X-3'; did you mean 'A-X-1'?"},
        {"", "", "hihg", NULL, "no rule, section or severity 'hihg'"},
        {"smal", "", "", NULL, "no profile 'smal'; did you mean 'small'?"},
        {"round", "", "", NULL, "in a circle"},
        {"typo", "", "", NULL, "no rule 'A-X-11'; did you mean 'A-X-1'?"},
        {"wrong", "", "", NULL, "rule A-X-1 has no param 'm'"},
        {"lost", "", "", NULL, "there is no rule or section 'A-Z'"},
        {"both", "", "", NULL, "by 'on' or by 'off', found both"},
        {"word", "", "", NULL, "a rule is tuned by true, false or a map"},
        {"list", "", "", NULL, "must be int, found list(int)"},
        {"nowhere", "", "", NULL, "no profile 'nowhere'; there are "},
    };
    struct eg_str path = write_file(fixture, "choice.yaml", choice);
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        struct eg_str only = eg_str_from(choices[i].only), skip = eg_str_from(choices[i].skip);
        bool good = load_with(fixture, (struct eg_policy_options){
                                           .folders = &path,
                                           .folder_count = 1,
                                           .profile = eg_str_from(choices[i].profile),
                                           .only = &only,
                                           .only_count = only.length > 0,
                                           .skip = &skip,
                                           .skip_count = skip.length > 0,
                                       });
        if (choices[i].error != NULL) {
            assert_false(good);
            if (strstr(fixture->error.text, choices[i].error) == NULL)
                fail_msg("%s: %s", choices[i].error, fixture->error.text);
            continue;
        }
        if (!good)
            fail_msg("%s", fixture->error.text);
        struct eg_str ids = chosen(fixture);
        if (!eg_str_is(ids, choices[i].chosen))
            fail_msg("%zu: expected '%s', got '%.*s'", i, choices[i].chosen, EG_STR_ARGS(ids));
    }
}

static void tuning_sets_severity_and_params(void **state) {
    struct fixture *fixture = *state;
    struct eg_str path = write_file(fixture, "choice.yaml", choice);
    struct eg_policy_options options = {
        .folders = &path, .folder_count = 1, .profile = EG_STR("more")};
    assert_true(load_with(fixture, options));
    const struct eg_rule *rule = eg_policy_find(fixture->policy, EG_STR("one"));
    assert_int_equal(rule->severity, EG_SEVERITY_INFO);
    assert_int_equal(rule->checks[0].fixed, EG_SEVERITY_INFO);
    assert_int_equal(EG_GET(rule->params, "n")->as.integer, 5);
    const struct eg_node *object = NULL;
    assert_true(eg_policy_params(&fixture->arena, rule, NULL, &object, &fixture->error));
    assert_int_equal(eg_object_get(object->as.object, EG_STR("n"))->as.integer, 5);
}

/* One declaration, read by the rules that name it, set once for them all. */
static void params_are_shared(void **state) {
    struct fixture *fixture = *state;
    static const char shared[] =
        "params: {n: 2}\n"
        "rules:\n"
        "- {id: A-X-1, name: one, title: One, severity: high, match: stack, shared-params: n, "
        "assert: params.n > 1}\n"
        "- {id: A-X-2, name: two, title: Two, severity: low, match: stack, shared-params: [n], "
        "assert: params.n > params.m, params: {m: 1}}\n"
        "- {id: A-X-3, name: three, title: T, severity: low, match: stack, assert: params.n == 0, "
        "params: {n: 0}}\n"
        "profiles:\n"
        "- {profile: many, title: M, all: true, params: {n: 5}}\n"
        "- {profile: some, title: S, extends: many, rules: {two: {params: {n: 7}}}}\n"
        "- {profile: typo, title: T, params: {nn: 5}}\n"
        "- {profile: text, title: T, params: {n: five}}\n";
    static const struct {
        const char *profile;
        int one, two, three;
        const char *error;
    } tries[] = {
        {"", 2, 2, 0, NULL},
        {"many", 5, 5, 0, NULL},
        {"some", 5, 7, 0, NULL},
        {"typo", 0, 0, 0, "there is no shared param 'nn'"},
        {"text", 0, 0, 0, "param 'n' of rule A-X-1 must be int"},
    };
    struct eg_str path = write_file(fixture, "shared.yaml", shared);
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        bool good = load_with(fixture,
                              (struct eg_policy_options){.folders = &path,
                                                         .folder_count = 1,
                                                         .profile = eg_str_from(tries[i].profile)});
        assert_int_equal(good, tries[i].error == NULL);
        if (!good) {
            assert_non_null(strstr(fixture->error.text, tries[i].error));
            continue;
        }
        const int wanted[] = {tries[i].one, tries[i].two, tries[i].three};
        for (uint32_t j = 0; j < 3; j++)
            assert_int_equal(EG_GET(fixture->policy->rules[j]->params, "n")->as.integer, wanted[j]);
    }
}

static void shared_params_must_exist_once(void **state) {
    struct fixture *fixture = *state;
    assert_false(load(fixture, HEAD "assert: 'true'\nshared-params: [nothing]\n"));
    assert_non_null(strstr(fixture->error.text, "there is no shared param 'nothing'"));
    assert_false(load(fixture, "params: {n: 1}\nrules:\n- {id: A-X-1, name: one, title: One, "
                               "severity: low, match: stack, assert: 'true', params: {n: 2}, "
                               "shared-params: n}\n"));
    assert_non_null(strstr(fixture->error.text, "rule A-X-1 has the param 'n' already"));
    struct eg_str folder = eg_str_from(fixture->folder);
    (void)write_file(fixture, "a.yaml", "params: {n: 1}\n");
    (void)write_file(fixture, "b.yaml", "params: {n: 2}\n");
    assert_false(
        load_with(fixture, (struct eg_policy_options){.folders = &folder, .folder_count = 1}));
    assert_non_null(strstr(fixture->error.text, "there are two shared params 'n'"));
}

static void the_digest_is_of_the_content(void **state) {
    struct fixture *fixture = *state;
    char first[65];
    assert_true(load(fixture, HEAD "assert: 'true'\n"));
    memcpy(first, fixture->policy->digest, sizeof first);
    assert_true(load(fixture, HEAD "assert: 'true'\n"));
    assert_string_equal(first, fixture->policy->digest);
    assert_true(load(fixture, HEAD "assert: 'false'\n"));
    assert_string_not_equal(first, fixture->policy->digest);
}

/* Every key that editors offer is one that the reader knows, and says what it is for. */
static void the_json_schema_knows_the_same_keys(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *definition, *before;
    } forms[] = {{"rule", "id: A-1\n"},
                 {"check", HEAD "checks:\n- "},
                 {"profile", "profile: x\n"},
                 {"section", "sections:\n- "},
                 {"bundle", "rules: []\n"}};
    const struct eg_node *root = eg_read_packed(&fixture->arena, EG_STR("policy.json"),
                                                eg_embedded_find("schemas/policy.json"));
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const struct eg_node *definition =
            eg_node_get(EG_GET(root, "definitions"), eg_str_from(forms[i].definition));
        const struct eg_node *properties = EG_GET(definition, "properties");
        assert_non_null(properties);
        for (uint32_t j = 0; j < properties->as.map.count; j++) {
            const struct eg_entry *entry = &properties->as.map.items[j];
            char text[256], told[64];
            (void)snprintf(text, sizeof text, "%s%.*s: 1\n", forms[i].before,
                           EG_STR_ARGS(entry->key));
            (void)snprintf(told, sizeof told, "has no key '%.*s'", EG_STR_ARGS(entry->key));
            if (!load(fixture, text) && strstr(fixture->error.text, told) != NULL)
                fail_msg("%s: %s", forms[i].definition, fixture->error.text);
            if (EG_GET(entry->value, "$ref") == NULL)
                assert_true(eg_node_text(EG_GET(entry->value, "description")).length > 0);
        }
    }
}

/* Nothing is private to the shipped rules: what was compiled of them when the program was built is
 * what compiling their files gives now, and what comes out of it when it is read. */
static void shipped_programs_are_those_of_the_files(void **state) {
    struct fixture *fixture = *state;
    struct eg_str folder = EG_STR("policies");
    assert_true(
        load_with(fixture, (struct eg_policy_options){.builtin = true, .uncompiled = true}));
    struct eg_policy *shipped = fixture->policy;
    assert_true(load_with(fixture, (struct eg_policy_options){
                                       .folders = &folder, .folder_count = 1, .uncompiled = true}));
    struct eg_policy *read = fixture->policy;
    assert_int_equal(shipped->known_count, read->known_count);
    for (uint32_t i = 0; i < shipped->known_count; i++) {
        struct eg_rule *rule = shipped->known[i], *same = read->known[i];
        struct eg_buf again, anew;
        eg_buf_init(&again);
        eg_buf_init(&anew);
        assert_true(eg_str_equal(rule->id, same->id));
        assert_true(rule->programs.length > 0 && same->programs.length == 0);
        assert_true(eg_rule_precompile(shipped, rule, &again, &fixture->error));
        assert_true(eg_rule_precompile(read, same, &anew, &fixture->error));
        if (!eg_str_equal(eg_buf_str(&again), rule->programs) ||
            !eg_str_equal(eg_buf_str(&anew), rule->programs))
            fail_msg("%.*s: its precompiled form is another", EG_STR_ARGS(rule->id));
        eg_buf_done(&again);
        eg_buf_done(&anew);
    }
}

/* Programs belong to the text that they were compiled from. */
static void programs_of_another_text_are_refused(void **state) {
    struct fixture *fixture = *state;
    assert_true(
        load_with(fixture, (struct eg_policy_options){.builtin = true, .uncompiled = true}));
    struct eg_rule *rule = fixture->policy->known[0], *other = fixture->policy->known[1];
    rule->programs = other->programs;
    assert_false(eg_policy_compile(fixture->policy, rule, &fixture->error));
    assert_non_null(strstr(fixture->error.text, "isn't what was compiled of it"));
}

static void names_of_severities_and_verdicts(void **state) {
    (void)state;
    for (int i = 0; i < EG_SEVERITY_COUNT; i++) {
        enum eg_severity severity = EG_SEVERITY_COUNT;
        assert_true(
            eg_severity_parse(eg_str_from(eg_severity_name((enum eg_severity)i)), &severity));
        assert_int_equal(severity, i);
    }
    enum eg_severity unused;
    assert_false(eg_severity_parse(EG_STR("High"), &unused));
    assert_string_equal(eg_verdict_name(EG_VERDICT_NOT_APPLICABLE), "not-applicable");
    assert_true(EG_VERDICT_FAIL > EG_VERDICT_UNKNOWN && EG_VERDICT_UNKNOWN > EG_VERDICT_PASS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_mistake_has_its_place, setup, teardown),
        cmocka_unit_test_setup_teardown(a_rule_is_read_whole, setup, teardown),
        cmocka_unit_test(ids_and_names_have_a_form),
        cmocka_unit_test_setup_teardown(shipped_rules_load_and_compile, setup, teardown),
        cmocka_unit_test_setup_teardown(a_later_source_replaces_rules, setup, teardown),
        cmocka_unit_test_setup_teardown(a_clash_with_an_earlier_source_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(folders_are_walked_without_cases, setup, teardown),
        cmocka_unit_test_setup_teardown(profiles_and_selectors_choose, setup, teardown),
        cmocka_unit_test_setup_teardown(tuning_sets_severity_and_params, setup, teardown),
        cmocka_unit_test_setup_teardown(params_are_shared, setup, teardown),
        cmocka_unit_test_setup_teardown(shared_params_must_exist_once, setup, teardown),
        cmocka_unit_test_setup_teardown(the_digest_is_of_the_content, setup, teardown),
        cmocka_unit_test_setup_teardown(the_json_schema_knows_the_same_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(shipped_programs_are_those_of_the_files, setup, teardown),
        cmocka_unit_test_setup_teardown(programs_of_another_text_are_refused, setup, teardown),
        cmocka_unit_test(names_of_severities_and_verdicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
