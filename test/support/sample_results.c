/* Sample results; see sample_results.h. The stack is test/report/sample/shop.template.json: each
 * row below points into it by the text at its place. */
#include "support/sample_results.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEMPLATE "test/report/sample/shop.template.json"
#define STACK    "Shop"

struct rule_row {
    const char *id, *name, *title;
    enum eg_severity severity;
    const char *why, *remediation, *reference;
};

#define GUIDE "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"

static const struct rule_row rule_rows[] = {
    {"ECS-DOC-001", "known-properties", "Properties are spelled and placed as the type expects",
     EG_SEVERITY_HIGH, "A key that is spelled wrong is not the setting that was meant.",
     "Correct the name.", ""},
    {"ECS-REG-001", "registry-credentials",
     "Images from registries with accounts carry credentials", EG_SEVERITY_HIGH,
     "Pulls without an account share one rate limit with everybody behind the same address.",
     "Set repositoryCredentials.credentialsParameter to a secret of Secrets Manager.",
     GUIDE "private-auth.html"},
    {"ECS-REG-003", "registry-secret-readable", "The execution role may read the registry's secret",
     EG_SEVERITY_HIGH, "Without the permission no task starts.",
     "Allow secretsmanager:GetSecretValue on the secret.", GUIDE "private-auth.html"},
    {"ECS-REG-004", "registry-secret-format", "The registry's secret has username and password",
     EG_SEVERITY_MEDIUM, "ECS reads just these two keys.", "Store both keys.", ""},
    {"ECS-IMG-001", "pinned-images", "Images are pinned", EG_SEVERITY_MEDIUM,
     "A tag that moves makes two tasks of one service run different programs.",
     "Give a version or a digest in place of latest.", ""},
    {"ECS-HARD-001", "readonly-root-filesystem", "The root filesystem is read-only",
     EG_SEVERITY_HIGH,
     "Whoever gets into the container can't change its program or leave another one there.",
     "Set readonlyRootFilesystem to true and mount a volume where the program must write.",
     GUIDE "task_definition_parameters.html"},
    {"ECS-HARD-004", "not-privileged", "Containers are not privileged", EG_SEVERITY_CRITICAL,
     "A privileged container is root on its host.", "Remove privileged.",
     GUIDE "task_definition_parameters.html"},
    {"ECS-HARD-005", "non-root-user", "Containers run as a user other than root",
     EG_SEVERITY_MEDIUM, "Root in a container is one kernel flaw away from root on the host.",
     "Set user to a number above 0.", ""},
    {"ECS-ROLE-001", "separate-roles", "Execution role and task role are two roles",
     EG_SEVERITY_HIGH, "The application would get what the agent may do.",
     "Make a role for the task with what the application needs, and no more.",
     GUIDE "task-iam-roles.html"},
    {"ECS-ROLE-002", "execution-role-present", "An execution role is there where one is needed",
     EG_SEVERITY_HIGH, "Without it neither image nor secret can be had.", "Set executionRoleArn.",
     ""},
    {"ECS-RES-002", "fargate-size", "CPU and memory are a size that Fargate offers",
     EG_SEVERITY_HIGH, "Any other pair is refused.", "Choose a supported pair.", ""},
    {"ECS-RES-004", "container-health-check", "Essential containers have a health check",
     EG_SEVERITY_MEDIUM, "ECS does not run the image's own HEALTHCHECK.",
     "Add healthCheck with a command.", ""},
    {"ECS-LOG-001", "log-configuration", "Every container has a log configuration",
     EG_SEVERITY_HIGH, "What is not shipped is gone with the task.", "Add logConfiguration.",
     GUIDE "using_awslogs.html"},
    {"ECS-LOG-004", "log-retention", "Log retention is set", EG_SEVERITY_MEDIUM,
     "Too short, and an incident can't be looked into; without end, and the bill grows.",
     "Set RetentionInDays to at least 7.", ""},
    {"ECS-NET-001", "private-subnets", "Tasks run in private subnets", EG_SEVERITY_HIGH,
     "A route from an internet gateway makes a mistake in a security group public at once.",
     "Place the service in subnets that route out through NAT.", ""},
    {"ECS-NET-002", "no-public-address", "Tasks get no public address", EG_SEVERITY_HIGH,
     "A public address is reachable from everywhere.", "Set assignPublicIp to DISABLED.", ""},
    {"ECS-SG-001", "no-internet-ingress", "Task security groups admit nothing from the internet",
     EG_SEVERITY_CRITICAL, "Everybody can talk to the container's port.",
     "Admit the load balancer's security group only.", ""},
    {"ECS-DEP-001", "two-tasks", "A service runs at least two tasks", EG_SEVERITY_MEDIUM,
     "One task is no service while it is replaced.", "Set desiredCount to 2 or more.", ""},
    {"ECS-DEP-002", "deployment-percentages", "Deployment percentages keep the service up",
     EG_SEVERITY_HIGH, "A deployment may otherwise stop all tasks, or never finish.",
     "Use 50 or 100 for the minimum and 200 for the maximum.", ""},
    {"ECS-DEP-003", "circuit-breaker", "A failed deployment rolls back by itself",
     EG_SEVERITY_MEDIUM, "Without it ECS tries a broken task for ever.",
     "Enable the deployment circuit breaker with rollback.", ""},
    {"ECS-DEP-004", "grace-period", "Services behind a load balancer have a grace period",
     EG_SEVERITY_MEDIUM, "A slow start is else taken for a failure.",
     "Set healthCheckGracePeriodSeconds.", ""},
    {"ECS-SEC-001", "no-plain-secrets", "No secret stands in a container's environment",
     EG_SEVERITY_CRITICAL, "Whoever may read the task definition reads the secret.",
     "Use secrets with a reference to Secrets Manager.", ""},
    {"ECS-DATA-002", "encryption-at-rest", "Data stores are encrypted at rest", EG_SEVERITY_HIGH,
     "Encrypted storage makes a lost disk worthless.", "Turn encryption on.", ""},
    {"ECS-OBS-002", "alarms", "Critical service metrics have alarms", EG_SEVERITY_MEDIUM,
     "Nobody looks at a dashboard at night.", "Add alarms for CPU, memory and running tasks.", ""},
    {"ECS-DEP-010", "tags", "Services and clusters are tagged", EG_SEVERITY_INFO,
     "Tags tell whose it is.", "Add tags and propagate them.", ""},
    {"ECS-HARD-008", "no-host-paths", "No sensitive host path is mounted", EG_SEVERITY_CRITICAL, "",
     "", ""},
    {"ACME-001", "cost-center", "Everything has a cost centre", EG_SEVERITY_LOW,
     "Finance asks for it.", "Add the tag CostCenter.", ""},
};

struct result_row {
    const char *rule;
    enum eg_verdict verdict;
    const char *place; /* text at the place, in the template */
    const char *resource, *type, *object, *name, *message;
    const char *reason, *scenario;
    const char *expression, *value;
    bool absent;
};

#define TASK    "WebTask", "AWS::ECS::TaskDefinition"
#define SERVICE "WebService", "AWS::ECS::Service"
#define WEB     TASK, "containerDefinitions[0]", "web"
#define PROXY   TASK, "containerDefinitions[1]", "proxy"

static const struct result_row result_rows[] = {
    {"ECS-DOC-001", EG_VERDICT_PASS, "\"WebTask\": {", TASK, "", "",
     "Properties are spelled and placed as the type expects", "", "", "", "", false},
    {"ECS-REG-001", EG_VERDICT_PASS, "{\"Ref\": \"RegistrySecret\"}", WEB,
     "Images from registries with accounts carry credentials", "", "",
     "container.repositoryCredentials.credentialsParameter", "RegistrySecret", false},
    {"ECS-REG-001", EG_VERDICT_FAIL, "\"docker.io/acme/proxy:latest\"", PROXY,
     "container 'proxy' pulls docker.io/acme/proxy without credentials", "", "",
     "container.repositoryCredentials.credentialsParameter", "", true},
    {"ECS-REG-003", EG_VERDICT_FAIL, "[\"arn:aws:iam::aws:policy/service-role", TASK, "", "",
     "execution role ExecutionRole may not read RegistrySecret", "", "",
     "task.executionRole.statements", "[ecr:GetAuthorizationToken, logs:PutLogEvents]", false},
    {"ECS-REG-004", EG_VERDICT_PASS, "{\"SecretStringTemplate\"", "RegistrySecret",
     "AWS::SecretsManager::Secret", "", "", "The registry's secret has username and password", "",
     "", "", "", false},
    {"ECS-IMG-001", EG_VERDICT_UNKNOWN, "{\"Fn::Sub\": \"docker.io", WEB, "Images are pinned",
     "parameter ImageTag has no value; give --parameter ImageTag=...", "", "container.image",
     "docker.io/acme/web:${ImageTag}", false},
    {"ECS-IMG-001", EG_VERDICT_FAIL, "\"docker.io/acme/proxy:latest\"", PROXY,
     "container 'proxy' uses the tag latest", "", "", "container.image.tag", "latest", false},
    {"ECS-HARD-001", EG_VERDICT_FAIL, "false,\n            \"User\"", WEB,
     "container 'web' can write to its root filesystem", "", "", "container.readonlyRootFilesystem",
     "false", false},
    {"ECS-HARD-001", EG_VERDICT_FAIL, "{\n            \"Name\": \"proxy\"", PROXY,
     "container 'proxy' can write to its root filesystem", "", "",
     "container.readonlyRootFilesystem", "false", true},
    {"ECS-HARD-004", EG_VERDICT_PASS, "{\n            \"Name\": \"web\"", WEB,
     "Containers are not privileged", "", "", "container.privileged", "false", true},
    {"ECS-HARD-004", EG_VERDICT_FAIL, "true\n          }\n        ]", PROXY,
     "container 'proxy' is privileged", "", "", "container.privileged", "true", false},
    {"ECS-HARD-005", EG_VERDICT_PASS, "\"1000\"", WEB, "Containers run as a user other than root",
     "", "", "container.user", "1000", false},
    {"ECS-HARD-005", EG_VERDICT_WAIVED, "{\n            \"Name\": \"proxy\"", PROXY,
     "container 'proxy' runs as root", "", "", "container.user", "", true},
    {"ECS-ROLE-001", EG_VERDICT_FAIL,
     "{\"Fn::GetAtt\": [\"ExecutionRole\", \"Arn\"]},\n        \"Con", TASK, "", "",
     "task role and execution role are both ExecutionRole", "", "",
     "task.taskRole == task.executionRole", "true", false},
    {"ECS-ROLE-002", EG_VERDICT_PASS,
     "{\"Fn::GetAtt\": [\"ExecutionRole\", \"Arn\"]},\n        \"Task", TASK, "", "",
     "An execution role is there where one is needed", "", "", "task.executionRole",
     "ExecutionRole", false},
    {"ECS-RES-002", EG_VERDICT_PASS, "\"512\"", TASK, "", "",
     "CPU and memory are a size that Fargate offers", "", "", "task.cpu", "512", false},
    {"ECS-RES-004", EG_VERDICT_FAIL, "{\n            \"Name\": \"web\"", WEB,
     "essential container 'web' has no health check", "", "", "container.healthCheck", "", true},
    {"ECS-LOG-001", EG_VERDICT_PASS, "{\n              \"LogDriver\"", WEB,
     "Every container has a log configuration", "", "", "container.logConfiguration.logDriver",
     "awslogs", false},
    {"ECS-LOG-001", EG_VERDICT_FAIL, "{\n            \"Name\": \"proxy\"", PROXY,
     "container 'proxy' has no log configuration", "", "", "container.logConfiguration", "", true},
    {"ECS-LOG-004", EG_VERDICT_FAIL, "3}\n    },\n    \"Reg", "WebLogs", "AWS::Logs::LogGroup", "",
     "", "log group WebLogs keeps logs for 3 days, fewer than 7", "", "",
     "logGroup.retentionInDays", "3", false},
    {"ECS-SEC-001", EG_VERDICT_FAIL, "\"" SAMPLE_SECRET "\"", WEB,
     "container 'web' has a secret in its environment variable DB_PASSWORD", "", "",
     "container.environment[1].value", "(secret)", false},
    {"ECS-NET-001", EG_VERDICT_UNKNOWN, "{\"Fn::ImportValue\": \"network-private-a\"}", SERVICE, "",
     "", "Tasks run in private subnets",
     "export network-private-a is not among the inputs; add the stack that exports it", "",
     "site.subnets[0].exposure", "unknown", false},
    {"ECS-NET-002", EG_VERDICT_FAIL, "{\"Fn::If\": [\"IsDev\"", SERVICE, "", "",
     "service WebService gives its tasks a public address", "", "EnvType is 'dev'",
     "site.assignPublicIp", "ENABLED", false},
    {"ECS-SG-001", EG_VERDICT_FAIL, "{\"IpProtocol\": \"tcp\"", "WebSecurityGroup",
     "AWS::EC2::SecurityGroup", "SecurityGroupIngress[0]", "",
     "security group WebSecurityGroup admits 0.0.0.0/0 to port 8000 of WebService", "", "",
     "rule.source.cidr", "0.0.0.0/0", false},
    {"ECS-DEP-001", EG_VERDICT_PASS, "{\"Ref\": \"MinTasks\"}", SERVICE, "", "",
     "A service runs at least two tasks", "", "", "service.desiredCount", "2", false},
    {"ECS-DEP-002", EG_VERDICT_PASS, "{\"MinimumHealthyPercent\": 50", SERVICE, "", "",
     "Deployment percentages keep the service up", "", "",
     "service.deploymentConfiguration.minimumHealthyPercent", "50", false},
    {"ECS-DEP-003", EG_VERDICT_FAIL, "{\"MinimumHealthyPercent\": 50", SERVICE, "", "",
     "service WebService has no deployment circuit breaker", "", "",
     "service.deploymentConfiguration.deploymentCircuitBreaker", "", true},
    {"ECS-DEP-004", EG_VERDICT_PASS, "300", SERVICE, "", "",
     "Services behind a load balancer have a grace period", "", "",
     "service.healthCheckGracePeriodSeconds", "300", false},
    {"ECS-DATA-002", EG_VERDICT_PASS, "true,\n        \"Publicly", "Database",
     "AWS::RDS::DBInstance", "", "", "Data stores are encrypted at rest", "", "",
     "database.storageEncrypted", "true", false},
    {"ECS-OBS-002", EG_VERDICT_FAIL, "\"WebService\": {", SERVICE, "", "",
     "service WebService has no alarm for CPU", "", "", "service.alarms", "[]", false},
    {"ECS-DEP-010", EG_VERDICT_FAIL, "\"WebService\": {", SERVICE, "", "",
     "service WebService has no tags", "", "", "service.tags", "", true},
    {"ACME-001", EG_VERDICT_FAIL, "\"WebService\": {", SERVICE, "", "",
     "service WebService has no cost centre", "", "", "", "", false},
};

static const struct {
    const char *prefix, *title, *chapter;
} section_rows[] = {
    {"ECS-DOC", "Input", "input"},
    {"ECS-REG", "Registry authentication", "registry-authentication"},
    {"ECS-IMG", "Container image", "container-image"},
    {"ECS-HARD", "Hardening", "task-definition"},
    {"ACME", "Rules of Acme", ""},
};

/* ---- the policy ---- */

static struct eg_str text(const char *literal) {
    return eg_str_from(literal);
}

static struct eg_rule *make_rule(struct eg_arena *arena, const struct rule_row *row,
                                 uint32_t number) {
    struct eg_rule *rule = EG_NEW(arena, struct eg_rule);
    struct eg_str id = text(row->id);
    rule->id = id;
    rule->name = text(row->name);
    rule->title = text(row->title);
    rule->section = eg_str_slice(id, 0, eg_str_find_last(id, '-'));
    rule->why = text(row->why);
    rule->severity = row->severity;
    rule->remediation = text(row->remediation);
    rule->number = number;
    rule->builtin = true;
    if (row->reference[0] != '\0') {
        rule->references = EG_NEW(arena, struct eg_reference_link);
        rule->references[0] =
            (struct eg_reference_link){EG_STR("Amazon ECS developer guide"), text(row->reference)};
        rule->reference_count = 1;
    }
    if (eg_str_is(id, "ECS-HARD-001")) {
        struct eg_str *ids = EG_NEW(arena, struct eg_str);
        ids[0] = EG_STR("ECS.5");
        rule->same_as = EG_NEW(arena, struct eg_same_as);
        rule->same_as[0] = (struct eg_same_as){EG_STR("security-hub"), ids, 1};
        rule->same_as_count = 1;
    }
    return rule;
}

static struct eg_policy *make_policy(struct eg_arena *arena) {
    struct eg_policy *policy = EG_NEW(arena, struct eg_policy);
    enum { RULES = sizeof rule_rows / sizeof rule_rows[0] };
    enum { SECTIONS = sizeof section_rows / sizeof section_rows[0] };
    policy->arena = arena;
    policy->rules = EG_NEW_ARRAY(arena, struct eg_rule *, RULES);
    policy->rule_count = RULES;
    eg_map_init(&policy->by_id_or_name, arena);
    for (uint32_t i = 0; i < RULES; i++) {
        policy->rules[i] = make_rule(arena, &rule_rows[i], i);
        (void)eg_map_put(&policy->by_id_or_name, policy->rules[i]->id, policy->rules[i]);
    }
    struct eg_section *sections = EG_NEW_ARRAY(arena, struct eg_section, SECTIONS);
    policy->sections = sections;
    policy->section_count = SECTIONS;
    for (uint32_t i = 0; i < SECTIONS; i++)
        sections[i] = (struct eg_section){.prefix = text(section_rows[i].prefix),
                                          .title = text(section_rows[i].title),
                                          .chapter = text(section_rows[i].chapter)};
    policy->profile = EG_STR("default");
    memset(policy->digest, 'd', 64);
    return policy;
}

static const struct eg_rule *rule_of(const struct sample *sample, struct eg_str id) {
    return eg_map_get(&sample->policy->by_id_or_name, id);
}

/* ---- results ---- */

static struct eg_source *read_template(struct eg_arena *arena) {
    struct eg_str content;
    struct eg_error error = {0};
    if (!eg_file_read(arena, EG_STR(TEMPLATE), EG_STR(TEMPLATE), &content, &error)) {
        fprintf(stderr, "%s: %s (run tests from the project's root)\n", error.file, error.text);
        abort();
    }
    return eg_source_new(arena, EG_STR("cdk.out/Shop.template.json"), content);
}

static uint32_t offset_of(const struct eg_source *source, const char *place) {
    size_t offset = eg_str_find(source->text, text(place), 0);
    if (offset == SIZE_MAX) {
        fprintf(stderr, "the sample's template holds no '%s'\n", place);
        abort();
    }
    return (uint32_t)offset;
}

static void make_evidence(struct eg_arena *arena, struct eg_result *result,
                          const struct result_row *row, struct eg_source *source, uint32_t offset) {
    if (row->expression[0] == '\0')
        return;
    struct eg_node *at = eg_node_new(arena, EG_STRING, NULL);
    at->source = source;
    at->offset = offset;
    struct eg_evidence *evidence = EG_NEW(arena, struct eg_evidence);
    *evidence = (struct eg_evidence){.at = at,
                                     .expression = text(row->expression),
                                     .value = text(row->value),
                                     .key = text(row->expression),
                                     .absent = row->absent};
    result->evidence = evidence;
    result->evidence_count = 1;
}

/* The way in of the one finding that has a network path. */
static void make_path(struct eg_arena *arena, struct eg_result *result) {
    const struct eg_step ways[] = {
        {.role = EG_STR("internet")},
        {.role = EG_STR("security-group"),
         .name = EG_STR("WebSecurityGroup"),
         .id = EG_STR("securityGroup/Shop/WebSecurityGroup"),
         .protocol = EG_STR("tcp"),
         .ports = EG_STR("8000"),
         .source = EG_STR("0.0.0.0/0"),
         .at = result->evidence[0].at},
        {.role = EG_STR("task"), .name = EG_STR("WebService")},
    };
    enum { STEPS = sizeof ways / sizeof ways[0] };
    struct eg_step *steps = EG_NEW_ARRAY(arena, struct eg_step, STEPS);
    memcpy(steps, ways, sizeof ways);
    result->path = steps;
    result->path_count = STEPS;
}

static struct eg_waiver *make_waiver(struct eg_arena *arena) {
    struct eg_waiver *waiver = EG_NEW(arena, struct eg_waiver);
    waiver->rule = EG_STR("ECS-HARD-005");
    waiver->reason = EG_STR("the proxy binds port 80 until the new image is out");
    waiver->owner = EG_STR("platform@acme.example");
    waiver->until = EG_STR("2026-06-30");
    waiver->place = (struct eg_place){EG_STR(".ecsgate-waivers.yaml"), 3, 5};
    return waiver;
}

static void make_result(const struct sample *sample, struct eg_arena *arena,
                        const struct result_row *row, struct eg_source *source, uint32_t number,
                        struct eg_result *result) {
    uint32_t offset = offset_of(source, row->place);
    const struct eg_rule *rule = rule_of(sample, text(row->rule));
    if (rule == NULL)
        abort();
    *result = (struct eg_result){
        .rule = rule,
        .verdict = row->verdict,
        .severity = rule->severity,
        .stack = EG_STR(STACK),
        .resource = text(row->resource),
        .type = text(row->type),
        .object = text(row->object),
        .object_name = text(row->name),
        .place = eg_source_place(source, offset),
        .source = source,
        .construct = {.path = eg_str_format(arena, STACK "/%s/Resource", row->resource),
                      .source_file = EG_STR("app.py"),
                      .source_line = 40 + number,
                      .source_column = 9},
        .message = text(row->message),
        .reason = text(row->reason),
        .scenario = text(row->scenario),
        .overridable = eg_str_is(text(row->rule), "ECS-DEP-001"),
        .waiver = row->verdict == EG_VERDICT_WAIVED ? make_waiver(arena) : NULL,
    };
    (void)snprintf(result->fingerprint, sizeof result->fingerprint, "%032x", number + 1);
    make_evidence(arena, result, row, source, offset);
    if (eg_str_is(rule->id, "ECS-SG-001"))
        make_path(arena, result);
}

static bool is_wanted(enum sample_kind kind, enum eg_verdict verdict) {
    if (kind == SAMPLE_PASSING)
        return verdict == EG_VERDICT_PASS;
    if (kind == SAMPLE_OPEN)
        return verdict == EG_VERDICT_PASS || verdict == EG_VERDICT_UNKNOWN;
    return true;
}

static struct eg_results make_results(const struct sample *sample, enum sample_kind kind,
                                      struct eg_source *source) {
    struct eg_arena *arena = sample->policy->arena;
    enum { ROWS = sizeof result_rows / sizeof result_rows[0] };
    struct eg_results results = {EG_NEW_ARRAY(arena, struct eg_result, ROWS), 0};
    for (uint32_t i = 0; i < ROWS; i++)
        if (is_wanted(kind, result_rows[i].verdict))
            make_result(sample, arena, &result_rows[i], source, i, &results.items[results.count++]);
    return results;
}

/* Forty containers without a read-only root filesystem. */
static struct eg_results make_many(const struct sample *sample, struct eg_source *source,
                                   uint32_t batch) {
    enum { MANY = 40 };
    struct eg_arena *arena = sample->policy->arena;
    struct eg_results results = {EG_NEW_ARRAY(arena, struct eg_result, MANY), MANY};
    for (uint32_t i = 0; i < MANY; i++) {
        struct eg_result *result = &results.items[i];
        make_result(sample, arena, &result_rows[8], source, 1000 * batch + i, result);
        result->stack = eg_str_format(arena, "Team%u", batch);
        result->resource = eg_str_format(arena, "Task%u", i / 2);
        result->object = eg_str_format(arena, "containerDefinitions[%u]", i % 2);
        result->object_name = i % 2 == 0 ? EG_STR("app") : EG_STR("sidecar");
        result->construct = (struct eg_construct){.path = EG_STR("")};
        result->known = i % 10 == 0;
    }
    return results;
}

/* What each output would have to escape, in one text. */
static const char hostile[] =
    "<script>document.title=1</script><img src=x onerror=document.title=1>\" "
    "onmouseover='alert(1)' ]]> --> "
    "`code` ```fence``` | pipe | **bold** _it_ [link](javascript:alert(1)) https://evil.example "
    "\033[31mred\033[0m \a\b\r\n\n# heading\n- list\n::error file=x::injected\n##[add-mask]x "
    "\xE2\x80\xAE"
    "desrever\xE2\x80\xAC \xEF\xBB\xBF \xC3\x28 \xF0\x9F\x98\x80 %0A%0D %s%n \\ "
    "\\u0000 ${jndi} {{7*7}} =cmd()|' /C calc'!A0 ]]>\x01\x7F\xC2\x85 end";

static struct eg_str hostile_text(struct eg_arena *arena, const char *start) {
    struct eg_str body = {hostile, sizeof hostile - 1};
    struct eg_str both = eg_str_concat(arena, text(start), body);
    return eg_str_concat(arena, both, (struct eg_str){"\0nul", 4});
}

static void make_hostile(struct sample *sample, struct eg_source *source,
                         struct eg_results *results) {
    struct eg_arena *arena = sample->policy->arena;
    struct eg_str huge = {NULL, 0};
    char *many = eg_arena_alloc(arena, 200 * 1000);
    memset(many, 'A', 200 * 1000);
    huge = (struct eg_str){many, 200 * 1000};
    struct eg_source *bad = eg_source_new(
        arena, hostile_text(arena, "=HYPERLINK(\"evil\")/"),
        eg_str_concat(arena, hostile_text(arena, "{\"Password\": \"" SAMPLE_SECRET "\"} "), huge));
    (void)source;
    for (uint32_t i = 0; i < results->count; i++) {
        struct eg_result *result = &results->items[i];
        result->source = bad;
        result->place = (struct eg_place){bad->name, 1 + i % 3, 2 + i};
        result->stack = hostile_text(arena, "@stack ");
        result->resource = hostile_text(arena, "+resource ");
        result->type = hostile_text(arena, "-type ");
        result->object = hostile_text(arena, "=object ");
        result->object_name = i == 0 ? huge : hostile_text(arena, "\tname ");
        result->message = i == 1 ? huge : hostile_text(arena, "::error::message ");
        result->scenario = hostile_text(arena, "scenario ");
        result->condition = hostile_text(arena, "condition ");
        result->construct.path = hostile_text(arena, "construct ");
        result->construct.source_file = hostile_text(arena, "app ");
        if (result->verdict == EG_VERDICT_UNKNOWN)
            result->reason = hostile_text(arena, "reason ");
        if (result->evidence_count > 0) {
            struct eg_evidence *evidence = EG_NEW(arena, struct eg_evidence);
            *evidence = result->evidence[0];
            evidence->expression = hostile_text(arena, "expression ");
            if (!eg_str_is(evidence->value, "(secret)"))
                evidence->value = hostile_text(arena, "value ");
            result->evidence = evidence;
        }
        if (result->path_count > 0) {
            struct eg_step *steps = EG_NEW_ARRAY(arena, struct eg_step, result->path_count);
            memcpy(steps, result->path, result->path_count * sizeof *steps);
            steps[1].name = hostile_text(arena, "::group ");
            steps[1].source = hostile_text(arena, "source ");
            result->path = steps;
        }
        if (result->waiver != NULL) {
            struct eg_waiver *waiver = make_waiver(arena);
            waiver->owner = hostile_text(arena, "owner ");
            waiver->reason = hostile_text(arena, "reason ");
            waiver->until = hostile_text(arena, "until ");
            waiver->place.file = hostile_text(arena, "file ");
            result->waiver = waiver;
        }
    }
    for (uint32_t i = 0; i < sample->policy->rule_count; i++) {
        struct eg_rule *rule = sample->policy->rules[i];
        rule->name = hostile_text(arena, "name ");
        rule->title = hostile_text(arena, "title ");
        rule->why = hostile_text(arena, "why ");
        rule->remediation = hostile_text(arena, "remediation ");
        for (uint32_t k = 0; k < rule->reference_count; k++)
            rule->references[k] = (struct eg_reference_link){hostile_text(arena, "link "),
                                                             EG_STR("javascript:alert(1)")};
    }
    sample->options.title = hostile_text(arena, "title ");
    sample->options.deployment = hostile_text(arena, "deployment ");
    sample->options.command_line = hostile_text(arena, "ecsgate ");
}

/* ---- inputs, batches and the summary ---- */

static struct eg_input *make_input(struct eg_arena *arena, struct eg_str path, const char *stack) {
    struct eg_template *template_ = EG_NEW(arena, struct eg_template);
    template_->path = eg_str_format(arena, "%.*s/%s.template.json", EG_STR_ARGS(path), stack);
    template_->stack_name = text(stack);
    memset(template_->digest, 'b', 64);
    struct eg_input *input = EG_NEW(arena, struct eg_input);
    input->path = path;
    input->kind = EG_INPUT_ASSEMBLY;
    memset(input->digest, 'a', 64);
    input->templates = EG_NEW(arena, struct eg_template *);
    input->templates[0] = template_;
    input->template_count = 1;
    return input;
}

static void make_batch(struct sample *sample, struct eg_batch *batch, struct eg_str path,
                       const char *stack, struct eg_results results) {
    struct eg_arena *arena = &sample->arena;
    struct eg_input **inputs = EG_NEW(arena, struct eg_input *);
    inputs[0] = make_input(arena, path, stack);
    *batch = (struct eg_batch){.inputs = inputs,
                               .input_count = 1,
                               .results = results,
                               .errors = EG_NEW(arena, struct eg_error_list)};
}

static void add_error(struct eg_arena *arena, struct eg_batch *batch) {
    struct eg_error_list *errors = EG_NEW(arena, struct eg_error_list);
    errors->items = EG_NEW(arena, struct eg_error *);
    errors->items[0] = EG_NEW(arena, struct eg_error);
    (void)eg_error_set(errors->items[0], EG_ERROR_INPUT, EG_STR("team3/broken.yaml"), 4, 7,
                       "found a tab where indentation was expected");
    errors->count = 1;
    batch->errors = errors;
}

static void count(struct sample *sample) {
    struct eg_summary *summary = &sample->summary;
    const struct eg_policy *policy = sample->policy;
    bool *judged = EG_NEW_ARRAY(&sample->arena, bool, policy->rule_count);
    for (uint32_t b = 0; b < sample->batch_count; b++) {
        const struct eg_batch *batch = &sample->batches[b];
        summary->inputs += batch->input_count;
        summary->stacks += batch->input_count;
        summary->errors += batch->errors->count;
        for (uint32_t i = 0; i < batch->results.count; i++) {
            const struct eg_result *result = &batch->results.items[i];
            summary->verdicts[result->verdict]++;
            summary->failed[result->severity] += result->verdict == EG_VERDICT_FAIL;
            summary->unknown[result->severity] += result->verdict == EG_VERDICT_UNKNOWN;
            summary->known += result->known;
            summary->known_failed[result->severity] += result->known;
            judged[result->rule->number] = true;
        }
    }
    summary->not_applicable =
        EG_NEW_ARRAY(&sample->arena, const struct eg_rule *, policy->rule_count);
    for (uint32_t i = 0; i < policy->rule_count; i++)
        if (!judged[i])
            summary->not_applicable[summary->not_applicable_count++] = policy->rules[i];
    summary->verdicts[EG_VERDICT_NOT_APPLICABLE] = summary->not_applicable_count;
    uint32_t failed = summary->failed[EG_SEVERITY_HIGH] + summary->failed[EG_SEVERITY_CRITICAL];
    uint32_t unknown = summary->unknown[EG_SEVERITY_HIGH] + summary->unknown[EG_SEVERITY_CRITICAL];
    summary->verdict = failed > 0    ? EG_VERDICT_FAIL
                       : unknown > 0 ? EG_VERDICT_UNKNOWN
                                     : EG_VERDICT_PASS;
    summary->holds = failed == 0;
}

void sample_make(struct sample *sample, enum sample_kind kind) {
    *sample = (struct sample){0};
    struct eg_arena *arena = &sample->arena;
    eg_arena_init(arena);
    sample->policy = make_policy(arena);
    sample->options = (struct eg_report_options){
        .baseline = kind == SAMPLE_FLEET,
        .policy = sample->policy,
        .fail_on = EG_SEVERITY_HIGH,
        .title = EG_STR(""),
        .deployment = EG_STR("#86"),
        .date = EG_STR("2026-01-15"),
        .command_line = EG_STR("ecsgate report --deployment '#86' cdk.out"),
    };
    struct eg_source *source = read_template(arena);
    sample->batches = EG_NEW_ARRAY(arena, struct eg_batch, 3);
    sample->batch_count = kind == SAMPLE_FLEET ? 3 : 1;
    struct eg_results none = {0};
    for (uint32_t i = 0; i < sample->batch_count; i++) {
        struct eg_results results = kind == SAMPLE_EMPTY ? none
                                    : kind == SAMPLE_FLEET && i > 0
                                        ? make_many(sample, source, i)
                                        : make_results(sample, kind, source);
        if (kind == SAMPLE_HOSTILE)
            make_hostile(sample, source, &results);
        make_batch(sample, &sample->batches[i],
                   kind == SAMPLE_HOSTILE ? hostile_text(arena, "=path ")
                   : i == 0               ? EG_STR("cdk.out")
                                          : eg_str_format(arena, "team%u/cdk.out", i),
                   i == 0   ? STACK
                   : i == 1 ? "Team1"
                            : "Team2",
                   results);
    }
    if (kind == SAMPLE_FLEET)
        add_error(arena, &sample->batches[2]);
    count(sample);
}

void sample_done(struct sample *sample) {
    eg_arena_done(&sample->arena);
}

void sample_render(const struct sample *sample, const char *name, struct eg_buf *out) {
    const struct eg_renderer *renderer = eg_renderer_find(text(name));
    if (renderer == NULL) {
        fprintf(stderr, "there is no format %s\n", name);
        abort();
    }
    struct eg_arena arena;
    eg_arena_init(&arena);
    void *state = renderer->begin(&arena, &sample->options);
    for (uint32_t i = 0; i < sample->batch_count; i++)
        renderer->batch(state, &sample->batches[i], out);
    renderer->end(state, &sample->summary, out);
    eg_arena_done(&arena);
}
