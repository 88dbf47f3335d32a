/* The model of small systems (test/model/fixtures), looked at as policies look at it: each line is
 * an object, an expression over it, and what must come out: "true", "false", or "unknown". A line
 * may name the value that a parameter has. */
#include "base/buf.h"
#include "cel/cel.h"
#include "model/model.h"
#include "schema/schema.h"
#include "support/resolved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FIXTURES "test/model/fixtures/"

struct line {
    const char *kind;
    const char *id;  /* what the object's id ends with, behind its stack */
    const char *cel; /* the object is `it` */
    const char *expected;
    const char *assume; /* "EnvType=prod", or NULL */
};

struct look {
    struct resolved resolved;
    struct eg_arena schema_arena;
    struct eg_schema schema;
    struct eg_model *model;
    struct eg_scenario scenario; /* the one that all looks share, as the judge's do */
};

static void look_begin(struct look *look, const char *const *paths) {
    struct eg_error error = {0};
    eg_arena_init(&look->schema_arena);
    if (!eg_schema_load(&look->schema_arena, &look->schema, &error))
        fail_msg("%s", error.text);
    resolved_begin(&look->resolved);
    for (; *paths != NULL; paths++)
        resolved_add_path(&look->resolved, *paths);
    resolved_run(&look->resolved);
    look->model = eg_model_build(&look->schema, look->resolved.system);
    eg_scenario_init(&look->scenario, look->model->arena, look->model->system->variable_count);
}

static void look_end(struct look *look) {
    resolved_done(&look->resolved);
    eg_arena_done(&look->schema_arena);
}

/* launchSite/launch/Nightly/Targets[1] for "Nightly/Targets[1]". */
static const struct eg_node *find_object(const struct look *look, const struct line *line) {
    const struct eg_model_kind *kind = eg_model_kind(look->model, eg_str_from(line->kind));
    if (kind == NULL)
        fail_msg("no kind %s", line->kind);
    for (uint32_t i = 0; i < kind->count; i++) {
        struct eg_str id = kind->objects[i]->as.object->id;
        size_t first = eg_str_find(id, EG_STR("/"), 0);
        size_t second = eg_str_find(id, EG_STR("/"), first + 1);
        struct eg_str rest = second == SIZE_MAX ? eg_str_from_offset(id, first + 1)
                                                : eg_str_from_offset(id, second + 1);
        if (eg_str_is(rest, line->id))
            return kind->objects[i];
    }
    fail_msg("no %s %s", line->kind, line->id);
    return NULL;
}

/* The variable and the number of its value that "EnvType=prod" names. */
static const struct eg_variable *assume(struct look *look, const char *text) {
    const char *equals = strchr(text, '=');
    struct eg_str name = {text, (size_t)(equals - text)};
    const struct eg_system *system = look->resolved.system;
    for (uint32_t i = 0; i < system->variable_count; i++) {
        const struct eg_variable *variable = system->variables[i];
        for (uint32_t k = 0; eg_str_equal(variable->name, name) && k < variable->count; k++) {
            if (eg_str_is(variable->values[k]->as.text, equals + 1)) {
                eg_scenario_assign(&look->scenario, variable, (int32_t)k);
                return variable;
            }
        }
    }
    fail_msg("no variable for %s", text);
    return NULL;
}

static const char *outcome(const struct eg_node *value) {
    switch (value->kind) {
    case EG_BOOL:
        return value->as.boolean ? "true" : "false";
    case EG_UNKNOWN:
        return "unknown";
    case EG_ERROR:
        return "error";
    default:
        return "other";
    }
}

static void check_line(struct look *look, const struct line *line) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_shape shape = {.kind = EG_FIELD_OBJECT,
                             .object = eg_schema_type(&look->schema, eg_str_from(line->kind))};
    struct eg_cel_variable variable = {.name = EG_STR("it"), .shape = shape};
    struct eg_cel_env env = {.schema = &look->schema, .variables = &variable, .variable_count = 1};
    struct eg_cel_program *program;
    struct eg_error error = {0};
    if (!eg_cel_compile(&arena, &env, eg_str_from(line->cel), NULL, &program, &error))
        fail_msg("%s: %s", line->cel, error.text);
    look->scenario.arena = &arena;
    const struct eg_variable *assumed = line->assume == NULL ? NULL : assume(look, line->assume);
    const struct eg_node *values[] = {find_object(look, line)};
    struct eg_cel_frame frame = {.arena = &arena, .scenario = &look->scenario, .values = values};
    const struct eg_node *value = eg_cel_eval(program, &frame);
    if (strcmp(outcome(value), line->expected) != 0)
        fail_msg("%s %s: %s is %.*s, expected %s", line->kind, line->id, line->cel,
                 EG_STR_ARGS(eg_cel_show(&arena, &look->scenario, value, 200)), line->expected);
    if (assumed != NULL)
        eg_scenario_assign(&look->scenario, assumed, EG_UNASSIGNED);
    look->scenario.arena = look->model->arena;
    eg_arena_done(&arena);
}

static void check_lines(const char *const *paths, const struct line *lines, size_t count) {
    struct look look;
    look_begin(&look, paths);
    for (size_t i = 0; i < count; i++)
        check_line(&look, &lines[i]);
    /* All of it can be written, and twice the same. */
    struct eg_buf first, second;
    eg_buf_init(&first);
    eg_buf_init(&second);
    eg_model_write(&first, look.model);
    eg_model_write(&second, look.model);
    assert_true(first.length > 0);
    assert_true(eg_str_equal(eg_buf_str(&first), eg_buf_str(&second)));
    eg_buf_done(&first);
    eg_buf_done(&second);
    look_end(&look);
}

#define CHECK(lines, ...)                                                                          \
    check_lines((const char *const[]){__VA_ARGS__, NULL}, lines, sizeof lines / sizeof lines[0])

#define APP  "Task/containerDefinitions[0]"
#define SIDE "Task/containerDefinitions[1]"

static void normalizes_task_definitions(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"taskDefinition", "Task", "it.cpu == '256' && it.memory == '0.5GB'", "true", NULL},
        {"container", APP, "it.essential && it.portMappings[0].containerPort == 8000", "true",
         NULL},
        {"container", APP, "it.linuxParameters.capabilities.drop.size() == 0", "true", NULL},
        {"container", APP, "has(it.linuxParameters)", "false", NULL},
        {"container", APP, "it.readonlyRootFilesystem", "unknown", NULL},
        {"container", APP, "it.readonlyRootFilesystem", "true", "ReadOnly=true"},
        {"container", APP, "it.readonlyRootFilesystem", "false", "ReadOnly=false"},
        {"container", SIDE, "it.image == 'nginx'", "unknown", NULL},
        {"container", SIDE, "it.image == 'nginx'", "true", "EnvType=dev"},
        {"container", SIDE, "it.image.startsWith('nginx')", "unknown", NULL},
        {"container", APP, "it.environment[0].value == 'production'", "true", "EnvType=prod"},
        {"container", APP, "has(it.environment[0].value)", "false", "EnvType=dev"},
        {"taskDefinition", "Task", "it.containerDefinitions.size() == 3", "true", "EnvType=prod"},
        {"taskDefinition", "Task", "it.containerDefinitions.size() == 2", "true", "EnvType=dev"},
        {"container", "Task/containerDefinitions[2]", "it.task.family == 'app'", "true", NULL},
        {"container", "Same/containerDefinitions[0]", "it.name == 'only' && it.cpu == 128", "true",
         NULL},
        {"container", APP, "has(it.mountPoints[0].volume) && !has(it.mountPoints[1].volume)",
         "true", NULL},
        {"container", APP, "it.dependsOn[0].container.name == 'side'", "true", NULL},
    };
    CHECK(lines, FIXTURES "task.yaml");
}

static void tells_images_apart(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"container", APP, "it.imageParts.isEcr", "true", NULL},
        {"container", APP, "it.imageParts.repository == 'team/app'", "true", NULL},
        {"container", APP, "it.imageParts.repositoryObject.repositoryName == 'team/app'", "true",
         NULL},
        {"container", APP, "it.imageParts.hasTag && !it.imageParts.hasDigest", "true", NULL},
        {"container", APP, "it.imageParts.tag == 'latest'", "unknown", NULL},
        {"container", APP, "it.imageParts.tagPattern.startsWith('^v')", "true", NULL},
        {"container", SIDE,
         "it.imageParts.isDockerHub && it.imageParts.repository == 'library/nginx'", "true",
         "EnvType=dev"},
        {"container", SIDE, "it.imageParts.hasTag", "false", "EnvType=dev"},
        {"container", SIDE, "it.imageParts.tag == '1.29.4'", "true", "EnvType=prod"},
        {"container", "Task/containerDefinitions[2]", "it.imageParts.isDockerHub", "unknown", NULL},
        {"container", "Task/containerDefinitions[2]", "it.imageParts.hasTag", "unknown", NULL},
        {"container", "Same/containerDefinitions[0]",
         "it.imageParts.registry == 'registry:5000' && !it.imageParts.hasTag", "true", NULL},
        {"container", "Outside/containerDefinitions[0]",
         "it.imageParts.isEcr && it.imageParts.hasDigest && it.imageParts.account == "
         "'123456789012' && it.imageParts.region == 'eu-west-1'",
         "true", NULL},
        {"repository", "Repo", "it.containers.exists(c, c.name == 'app')", "true", NULL},
    };
    CHECK(lines, FIXTURES "task.yaml");
}

static void follows_roles(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"taskDefinition", "Task", "it.executionRole.roleName == 'app-exec'", "true", NULL},
        {"taskDefinition", "Task", "it.rolesAreSame", "unknown", NULL},
        {"taskDefinition", "Task", "it.rolesAreSame", "false", "EnvType=prod"},
        {"taskDefinition", "Task", "it.rolesAreSame", "true", "EnvType=dev"},
        {"taskDefinition", "Same", "it.rolesAreSame", "true", NULL},
        {"taskDefinition", "Same", "it.executionRole.policiesComplete", "unknown", NULL},
        {"taskDefinition", "Outside", "has(it.taskRole)", "false", NULL},
        {"taskDefinition", "Outside", "it.rolesAreSame", "false", NULL},
        {"taskDefinition", "Outside", "it.executionRole.policiesComplete", "unknown", NULL},
        {"role", "Exec", "it.trust[0].principals[0].value == 'ecs-tasks.amazonaws.com'", "true",
         NULL},
        {"role", "Exec", "it.policiesComplete", "true", NULL},
        {"role", "Exec", "it.managedPolicies == ['AmazonECSTaskExecutionRolePolicy']", "true",
         NULL},
        {"role", "Exec", "it.statements.size() == 3", "true", NULL},
        {"role", "Exec", "it.usedAsExecutionRoleOf.size() == 1", "true", NULL},
        {"role", "Exec", "it.usedAsTaskRoleOf.exists(t, t.family == 'app')", "true", "EnvType=dev"},
        {"role", "App", "it.statements.exists(s, 'dynamodb:*' in s.actions)", "unknown", NULL},
        {"role", "App", "it.statements.exists(s, 'dynamodb:*' in s.actions)", "true",
         "EnvType=prod"},
        {"role", "App", "it.statements.size() == 0", "true", "EnvType=dev"},
    };
    CHECK(lines, FIXTURES "task.yaml");
}

static void reads_secret_references(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"container", APP,
         "it.secrets[0].reference.service == 'secretsmanager' && it.secrets[0].reference.valid && "
         "it.secrets[0].reference.jsonKey == 'password' && it.secrets[0].reference.isOwned",
         "true", NULL},
        {"container", APP, "'password' in it.secrets[0].reference.secret.keys", "true", NULL},
        {"container", APP,
         "it.secrets[1].reference.service == 'ssm' && it.secrets[1].reference.form == 'name' && "
         "it.secrets[1].reference.parameter.logicalId == 'Token'",
         "true", NULL},
        {"container", APP, "it.secrets[2].reference.valid", "false", NULL},
        {"container", APP, "it.secrets[3].reference.valid && !it.secrets[3].reference.isOwned",
         "true", NULL},
        {"container", APP, "it.secrets[3].reference.secret.isEmpty", "unknown", NULL},
        {"container", SIDE,
         "it.registryCredential.service == 'secretsmanager' && it.registryCredential.form == "
         "'name' && it.registryCredential.valid",
         "true", NULL},
        {"container", APP,
         "it.requiredPermissions.filter(p, p.subject == 'PASSWORD').all(p, p.granted)", "true",
         NULL},
        {"container", APP,
         "it.requiredPermissions.filter(p, p.subject == 'TOKEN').all(p, p.granted)", "true", NULL},
        {"container", APP,
         "it.requiredPermissions.filter(p, p.subject == 'OTHER').all(p, p.granted)", "false", NULL},
        {"container", APP,
         "it.requiredPermissions.filter(p, p.purpose == 'image').all(p, p.granted)", "true", NULL},
        {"container", APP,
         "it.requiredPermissions.filter(p, p.purpose == 'log-group').all(p, p.granted)", "true",
         NULL},
        {"container", SIDE,
         "it.requiredPermissions.filter(p, p.purpose == 'registry').all(p, p.granted)", "false",
         NULL},
        {"container", APP, "it.logGroup.retention == 30 && !it.logGroupIsArn", "true", NULL},
        {"secret", "DbSecret", "it.containers.exists(c, c.name == 'app')", "true", NULL},
    };
    CHECK(lines, FIXTURES "task.yaml");
}

static void shows_exposed_values(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"container", APP,
         "it.exposedValues.exists(v, v.name == 'DB_PASS' && v.sources.exists(s, s.isSecret))",
         "true", NULL},
        {"container", APP,
         "it.exposedValues.exists(v, v.name == 'URL' && v.text.startsWith('postgres://app:') && "
         "v.sources.exists(s, s.kind == 'parameter' && s.name == 'Password'))",
         "true", NULL},
        {"container", APP,
         "it.exposedValues.exists(v, v.name == 'GREETING' && v.sources.exists(s, s.kind == "
         "'parameter' && !s.isSecret))",
         "true", NULL},
        {"container", APP,
         "it.exposedValues.exists(v, v.name == 'KEY' && v.sources.exists(s, s.kind == "
         "'secretsmanager'))",
         "true", NULL},
        {"container", APP, "it.exposedValues.exists(v, v.property == 'logOptions')", "true", NULL},
        {"stack", "task", "it.parameters.exists(p, p.name == 'Password' && p.noEcho)", "true",
         NULL},
    };
    CHECK(lines, FIXTURES "task.yaml");
}

static void classifies_subnets(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"subnet", "Public", "it.exposure == 'public' && it.outbound == 'internet-gateway'", "true",
         NULL},
        {"subnet", "Private", "it.exposure == 'private' && it.outbound == 'nat'", "true", NULL},
        {"subnet", "Private", "it.declaredType == 'Public'", "true", NULL},
        {"subnet", "VpnSubnet", "it.exposure == 'private'", "true", NULL},
        {"subnet", "Halves", "it.exposure == 'public'", "true", NULL},
        {"subnet", "Dual",
         "it.exposure == 'public' && it.exposureIpv4 == 'private' && it.exposureIpv6 == 'public'",
         "true", NULL},
        {"subnet", "Alone", "it.exposure == 'isolated' && !has(it.routeTable)", "true", NULL},
        {"subnet", "Stranger", "it.exposure == 'public'", "unknown", NULL},
        {"subnet", "OpenSubnet", "it.exposure == 'public'", "unknown", NULL},
        {"subnet", "Maybe", "it.exposure == 'public'", "unknown", NULL},
        {"subnet", "Maybe", "it.exposure == 'public'", "true", "UseGateway=yes"},
        {"subnet", "Maybe", "it.exposure == 'isolated'", "true", "UseGateway=no"},
        {"subnet", "Public", "it.associationCount == 1", "true", NULL},
        {"vpc", "Vpc", "it.hasInternetGateway && it.subnets.size() == 9", "true", NULL},
    };
    CHECK(lines, FIXTURES "network.yaml");
}

#define RULE(n) "TaskGroup/SecurityGroupIngress[" #n "]"

static void normalizes_rules(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"ingressRule", RULE(0),
         "it.protocol == 'tcp' && it.fromPort == 8000 && it.toPort == 8000 && it.sourceClass == "
         "'group' && it.sourceGroup.logicalId == 'WebGroup'",
         "true", NULL},
        {"ingressRule", RULE(1),
         "it.protocol == 'all' && it.allPorts && it.cidr == '0.0.0.0/0' && it.sourceClass == "
         "'internet-all'",
         "true", NULL},
        {"ingressRule", RULE(2), "it.sourceClass == 'internet-all' && it.isPublicUnion", "true",
         NULL},
        {"ingressRule", RULE(4), "it.sourceClass == 'private'", "true", NULL},
        {"ingressRule", RULE(5), "it.sourceClass == 'vpc'", "true", NULL},
        {"ingressRule", RULE(6), "it.sourceClass == 'internet-some' && it.cidr == '203.0.113.7/32'",
         "true", NULL},
        {"ingressRule", RULE(7),
         "it.sourceClass == 'internet-all' && it.isIpv6 && it.cidr == '::/0'", "true", NULL},
        {"ingressRule", RULE(8), "it.sourceClass == 'prefix-list'", "true", NULL},
        {"ingressRule", RULE(8), "it.isInternet", "unknown", NULL},
        {"ingressRule", RULE(9), "it.protocol == '47' && it.allPorts", "true", NULL},
        {"ingressRule", RULE(9), "it.sourceClass == 'internet-wide'", "true", NULL},
        {"ingressRule", RULE(10), "it.sourceClass == 'internet-some'", "true", NULL},
        {"ingressRule", "SelfRule",
         "it.sourceClass == 'self' && !it.isInline && it.group.logicalId == 'TaskGroup'", "true",
         NULL},
        {"ingressRule", "StrangeRule", "it.group.logicalId == 'sg-0123456789abcdef0'", "true",
         NULL},
        {"securityGroup", "StrangeRule",
         "it.ingress.exists(r, r.toPort == 2) && !it.ingress.exists(r, r.isInternet)", "unknown",
         NULL},
        {"securityGroup", "StrangeRule", "it.egressOpenByDefault", "unknown", NULL},
        {"securityGroup", "StrangeRule", "it.vpc.cidrBlock == ''", "unknown", NULL},
        {"ingressRule", "WebGroup/SecurityGroupIngress[0]", "it.fromPort == 443", "true", NULL},
        {"securityGroup", "TaskGroup", "it.ingress.size() == 13", "true", "UseGateway=yes"},
        {"securityGroup", "TaskGroup", "it.ingress.size() == 12", "true", "UseGateway=no"},
        {"securityGroup", "TaskGroup", "it.egressOpenByDefault", "true", NULL},
        {"securityGroup", "SealedGroup", "it.egress[0].isPlaceholder && !it.egressOpenByDefault",
         "true", NULL},
        {"securityGroup", "WebGroup",
         "it.loadBalancers.size() == 1 && it.launchSites.exists(s, s.name == 'Quiet')", "true",
         NULL},
        {"securityGroup", "WebGroup",
         "it.attachedTo == ['launchSite', 'loadBalancer'] || "
         "it.attachedTo == ['loadBalancer', 'launchSite']",
         "true", NULL},
        {"ingressRule", RULE(1), "it.reachesDirectly", "true", NULL},
        {"ingressRule", RULE(0), "it.reachesDirectly", "false", NULL},
        {"ingressRule", "WebGroup/SecurityGroupIngress[0]", "it.reachesDirectly", "false", NULL},
        {"ingressRule", RULE(7), "it.reachesDirectly", "true", NULL},
    };
    CHECK(lines, FIXTURES "network.yaml");
}

static void finds_ways_in_and_out(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"launchSite", "Service", "it.isDirectlyReachable && it.hasPublicAddress", "true", NULL},
        {"launchSite", "Service", "it.exposures == ['private', 'public']", "true", NULL},
        {"launchSite", "Service", "it.availabilityZones.size() == 2", "true", NULL},
        {"launchSite", "Service",
         "it.paths.exists(p, p.origin == 'internet' && p.isCertain && p.fromPort == 8000 "
         "&& p.listener.port == 443)",
         "true", NULL},
        {"launchSite", "Service",
         "it.paths.filter(p, has(p.listener)).map(p, p.steps.map(s, s.role + ' ' + s.name "
         "+ (s.ports == '' ? '' : ':' + s.ports)).join(', ')) == "
         "['internet , internet-gateway Igw, subnet Public, security-group WebGroup:443, "
         "load-balancer Balancer, listener Listener:443, target-group Targets, "
         "security-group TaskGroup:8000, task Service, container web:8000']",
         "true", NULL},
        {"launchSite", "Service",
         "it.paths.exists(p, p.origin == 'group' "
         "&& p.steps.map(s, s.name) == ['Balancer', 'TaskGroup', 'Service'])",
         "true", NULL},
        {"launchSite", "Quiet", "it.isDirectlyReachable", "false", NULL},
        {"launchSite", "Quiet", "it.paths.filter(p, p.origin == 'internet').size() == 0", "true",
         NULL},
        {"launchSite", "Quiet",
         "it.outboundNeeds.exists(n, n.service == 'logs' && n.reachable && n.through == "
         "'endpoint')",
         "true", NULL},
        {"launchSite", "Quiet",
         "it.outboundNeeds.exists(n, n.service == 'registry' && !n.reachable)", "true", NULL},
        {"launchSite", "Service", "it.outboundNeeds.all(n, n.reachable)", "true", NULL},
        {"launchSite", "Sealed", "it.outboundNeeds.all(n, !n.reachable)", "true", NULL},
        {"launchSite", "Astray", "it.usesDefaultSecurityGroup", "true", NULL},
        {"launchSite", "Astray",
         "it.outboundNeeds.exists(n, n.why == 'the NAT gateway is not in a public subnet')", "true",
         NULL},
        {"launchSite", "Dualist", "it.hasPublicAddress && it.isDirectlyReachable", "true", NULL},
        {"service", "Service", "it.frontends[0].scheme == 'internet-facing'", "true", NULL},
        {"loadBalancer", "Balancer",
         "it.attributes['deletion_protection.enabled'] == 'true' && it.servesEcs", "true", NULL},
        {"listener", "Listener", "it.actions.size() == 2 && it.targetGroups.size() == 1", "true",
         NULL},
        {"targetGroup", "Targets", "it.loadBalancers.size() == 1 && it.services.size() == 1",
         "true", NULL},
        {"container", "Task/containerDefinitions[0]", "it.isLoadBalancerTarget", "true", NULL},
        {"cluster", "Cluster", "it.containerInsights == 'enhanced' && it.services.size() == 5",
         "true", NULL},
    };
    CHECK(lines, FIXTURES "network.yaml");
}

/* Past EG_LIMIT_PATHS the list of ways ends in an unknown: it is never silently short. */
static void bounds_the_ways(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"launchSite", "Service10", "it.paths[255].origin == 'group'", "true", NULL},
        {"launchSite", "Service10", "it.paths[256].origin", "unknown", NULL},
        {"launchSite", "Service10", "it.paths.exists(p, p.origin == 'internet')", "unknown", NULL},
    };
    CHECK(lines, FIXTURES "self_group.yaml");
}

static void finds_every_launch_site(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"launchSite", "ByFamily",
         "it.origin == 'service' && it.taskDefinition.family == 'job' && it.isFargate", "true",
         NULL},
        {"launchSite", "Managed", "it.taskDefinition.family == 'x'", "unknown", NULL},
        {"launchSite", "Set",
         "it.origin == 'taskSet' && it.assignPublicIp == 'ENABLED' && it.service.logicalId == "
         "'Managed'",
         "true", NULL},
        {"launchSite", "Set", "it.subnets.all(s, s.exposure == 'private')", "unknown", NULL},
        {"launchSite", "Nightly/Targets[1]",
         "it.origin == 'rule' && it.taskDefinition.family == 'job' && it.assignPublicIp == "
         "'ENABLED' && it.usesDefaultSecurityGroup && it.invocationRole.logicalId == 'Role'",
         "true", NULL},
        {"launchSite", "Nightly/Targets[1]",
         "it.exposedValues.exists(v, v.name == 'PASSWORD' && v.text == 'hunter2')", "true", NULL},
        {"launchSite", "Schedule",
         "it.origin == 'schedule' && it.taskDefinition.family == 'job' && it.enableExecuteCommand "
         "&& it.isFargate",
         "true", NULL},
        {"launchSite", "Pipe", "it.origin == 'pipe' && it.rolesAreSame", "true", NULL},
        {"launchSite", "Machine/States.Run",
         "it.origin == 'stateMachine' && it.taskDefinition.family == 'job' && it.name == 'Run' && "
         "it.launchType == 'FARGATE' && it.cluster.clusterName == 'main'",
         "true", NULL},
        {"launchSite", "Machine/States.Run", "it.subnets.size() == 0", "unknown", NULL},
        {"launchSite", "Machine/States.Run",
         "it.exposedValues.exists(v, v.name == 'A' && v.text == 'b')", "true", NULL},
        {"launchSite", "Substituted/States.Go",
         "it.taskDefinition.family == 'job' && it.invocationRole.logicalId == 'Role'", "true",
         NULL},
        {"launchSite", "Substituted/States.Go", "it.subnets.size() == 0", "unknown", NULL},
        {"taskDefinition", "Task", "it.launchSites.size() == 7", "true", NULL},
        {"taskDefinition", "Task", "it.launchTypes == ['FARGATE']", "true", NULL},
        {"taskDefinition", "Lone", "it.launchSites.size() == 0 && it.launchTypeAssumed && it.isEc2",
         "true", NULL},
        {"role", "Role", "it.usedAsInvocationRoleOf.size() == 5 && it.usedAsInfrastructureRole",
         "true", NULL},
        {"launchSite", "Express", "it.origin == 'express' && it.isFargate && it.usesAwsvpc", "true",
         NULL},
        {"container", "Express/PrimaryContainer", "it.readonlyRootFilesystem", "unknown", NULL},
        {"container", "Express/PrimaryContainer",
         "it.imageParts.isEcrPublic && it.environment.size() == 1 && "
         "it.logConfiguration.options['awslogs-group'] == '/express'",
         "true", NULL},
        {"service", "Express", "it.minimumTasks == 2 && it.isExpress", "true", NULL},
        {"cluster", "Cluster", "it.capacityProviders == ['FARGATE', 'FARGATE_SPOT']", "true", NULL},
    };
    CHECK(lines, FIXTURES "launch.yaml");
}

#define GRANTED                                                                                    \
    "it.containerDefinitions[0].requiredPermissions.filter(p, p.purpose == 'registry' "            \
    "&& p.action.startsWith('secretsmanager')).all(p, p.granted)"
#define DECRYPTS                                                                                   \
    "it.containerDefinitions[0].requiredPermissions.filter(p, p.action == "                        \
    "'kms:Decrypt').all(p, p.granted)"

static void decides_permissions(void **state) {
    (void)state;
    static const struct line lines[] = {
        /* A secret's ARN ends in six random characters that the policy leaves out. */
        {"taskDefinition", "T1", GRANTED, "false", NULL},
        {"taskDefinition", "T2", GRANTED, "true", NULL},
        {"taskDefinition", "T2", DECRYPTS, "true", NULL},
        {"taskDefinition", "T3", GRANTED, "false", NULL},
        {"taskDefinition", "T4", GRANTED, "false", NULL},
        {"taskDefinition", "T4",
         "it.containerDefinitions[0].requiredPermissions.exists(p, p.grantedToOther)", "true",
         NULL},
        {"taskDefinition", "T5", GRANTED, "true", NULL},
        {"taskDefinition", "T5",
         "it.containerDefinitions[0].requiredPermissions.all(p, "
         "p.conditional)",
         "true", NULL},
        {"taskDefinition", "T6", GRANTED, "unknown", NULL},
        {"taskDefinition", "T7", GRANTED, "true", NULL},
        {"taskDefinition", "T7", DECRYPTS, "true", NULL},
        {"taskDefinition", "T8", GRANTED, "true", NULL},
        {"taskDefinition", "T8", DECRYPTS, "true", NULL},
        {"taskDefinition", "T9", GRANTED, "false", NULL},
        {"taskDefinition", "T1", DECRYPTS, "false", NULL},
        {"role", "Partial",
         "it.trust[0].conditions.exists(c, c.key == 'aws:SourceAccount' && c.operator == "
         "'StringEquals')",
         "true", NULL},
        {"role", "Unseen", "it.policiesComplete", "unknown", NULL},
        {"role", "Managed", "it.policiesComplete && it.statements.size() == 2", "true", NULL},
        {"secret", "Secret", "it.isJson && it.keys == ['username', 'password']", "true", NULL},
        {"secret", "Second", "it.isEmpty", "true", NULL},
        {"secret", "Secret", "it.registryCredentialOf.size() == 9", "true", NULL},
    };
    CHECK(lines, FIXTURES "iam.yaml");
}

static void sees_data_and_observability(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"database", "Database",
         "it.form == 'instance' && it.port == 5432 && it.storageEncrypted && it.deletionPolicy == "
         "'Retain' && it.subnets.size() == 1 && it.securityGroups[0].logicalId == 'Group'",
         "true", NULL},
        {"database", "Database", "it.parameters['rds.force_ssl'] == '1'", "true", NULL},
        {"database", "Database",
         "!it.passwordIsLiteral && it.passwordSources.exists(s, s.kind == 'secretsmanager')",
         "true", NULL},
        {"database", "Typed", "it.passwordIsLiteral && it.port == 3307 && !it.subnetsGiven", "true",
         NULL},
        {"database", "Typed", "it.vpc.hasInternetGateway", "unknown", NULL},
        {"database", "Writer",
         "it.cluster.logicalId == 'Aurora' && it.securityGroups.size() == 1 && it.port == 5432 && "
         "it.subnets.size() == 1",
         "true", NULL},
        {"database", "Aurora", "it.instances.size() == 1 && it.form == 'cluster'", "true", NULL},
        {"database", "Aurora", "it.passwordSources.exists(s, s.isSecret)", "true", NULL},
        {"database", "Proxy", "it.form == 'proxy' && it.port == 5432", "true", NULL},
        {"cache", "Cache",
         "it.port == 6379 && it.transitEncryptionEnabled && it.securityGroups.size() == 1", "true",
         NULL},
        {"fileSystem", "Files",
         "it.securityGroups.size() == 1 && it.subnets.size() == 1 && it.taskDefinitions.size() == "
         "1",
         "true", NULL},
        {"securityGroup", "Group",
         "it.databases.size() == 4 && it.caches.size() == 1 && it.fileSystems.size() == 1", "true",
         NULL},
        {"bucket", "Bucket",
         "it.publicAccessBlockConfiguration.blockPublicAcls && "
         "!it.publicAccessBlockConfiguration.ignorePublicAcls && it.hasPolicy",
         "true", NULL},
        {"bucket", "Bucket",
         "it.policyStatements.exists(s, s.effect == 'Deny' && s.principals[0].type == '*' && "
         "s.conditions[0].key == 'aws:SecureTransport')",
         "true", NULL},
        {"repository", "Repo", "it.scannedByRegistry && it.lifecycleIsValid", "true", NULL},
        {"repository", "Repo",
         "it.lifecycleRules[0].isComplete && !it.lifecycleRules[1].isComplete", "true", NULL},
        {"repository", "Repo", "it.deployedTags == ['v1.0.0']", "true", NULL},
        {"logGroup", "Logs", "it.retention == 7", "true", NULL},
        {"secret", "DbSecret", "it.isRotated && 'host' in it.keys && it.containers.size() == 1",
         "true", NULL},
        {"service", "Service", "it.minimumTasks == 1 && it.scalableTarget.maxCapacity == 4", "true",
         NULL},
        {"service", "Service", "it.alarms.exists(a, a.metricName == 'CPUUtilization')", "true",
         NULL},
        {"alarm", "Alarm", "it.threshold == 80.0 && it.services.size() == 1", "true", NULL},
        {"alarm", "Alarm", "it.topics.all(t, t.subscriptionCount > 0)", "unknown", NULL},
        {"topic", "Topic", "it.subscriptionCount == 1 && it.alarms.size() == 1", "true", NULL},
        {"dashboard", "Board", "it.isValid && it.widgetCount == 1", "true", NULL},
        {"dashboard", "Empty", "it.widgetCount == 0", "true", NULL},
        {"stack", "data",
         "it.accessKeys.exists(k, k.form == 'access-key-id' && k.isExample && "
         "k.path.endsWith('AWS_ACCESS_KEY_ID'))",
         "true", NULL},
        {"stack", "data", "it.outputs[0].sources.exists(s, s.isSecret)", "true", NULL},
        {"resource", "Retention", "it.type == 'Custom::LogRetention'", "true", NULL},
        {"resource", "Keys",
         "it.properties.Environment.Variables.AWS_ACCESS_KEY_ID.startsWith('AKIA')", "true", NULL},
    };
    CHECK(lines, FIXTURES "data.yaml");
}

static void joins_stacks(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"launchSite", "Service", "it.subnets[0].exposure == 'isolated'", "true", NULL},
        {"launchSite", "Service", "it.subnets[1].exposure == 'isolated'", "unknown", NULL},
        {"launchSite", "Service", "it.subnets.exists(s, s.exposure == 'public')", "unknown", NULL},
        {"securityGroup", "Group", "it.ingress.size() == 1 && it.launchSites.size() == 1", "true",
         NULL},
        {"ingressRule", "Rule", "it.group.stack.name == 'network'", "true", NULL},
        {"role", "Role",
         "it.statements.exists(s, 'ecr:*' in s.actions) && it.usedAsExecutionRoleOf.size() == 1",
         "true", NULL},
    };
    CHECK(lines, FIXTURES "cross/network.yaml", FIXTURES "cross/service.yaml");
}

static void reads_ecs_json(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"taskDefinition", "api",
         "it.family == 'api' && it.isFargate && it.tags[0].key == 'a' && it.rolesAreSame", "true",
         NULL},
        {"container", "api/containerDefinitions[0]",
         "it.readonlyRootFilesystem && it.linuxParameters.capabilities.drop == ['ALL'] && "
         "it.dockerLabels['com.example.Owner'] == 'x'",
         "true", NULL},
        {"container", "api/containerDefinitions[0]",
         "it.imageParts.isDockerHub && it.imageParts.tag == 'latest'", "true", NULL},
        {"container", "api/containerDefinitions[0]",
         "it.secrets[0].reference.service == 'ssm' && it.secrets[0].reference.form == 'name'",
         "true", NULL},
        {"taskDefinition", "api",
         "it.volumes[0].efsVolumeConfiguration.authorizationConfig.iam == 'ENABLED'", "true", NULL},
        {"taskDefinition", "api", "it.volumes[0].efsVolumeConfiguration.fileSystem.encrypted",
         "unknown", NULL},
        {"stack", "task-definition", "it.isTaskDefinition", "true", NULL},
    };
    CHECK(lines, FIXTURES "task-definition.json");
}

/* Names and paths for people, and what exists when. */
static void tells_names_and_paths(void **state) {
    (void)state;
    struct look look;
    look_begin(&look, (const char *const[]){FIXTURES "task.yaml", NULL});
    const struct eg_model_kind *containers = eg_model_kind(look.model, EG_STR("container"));
    assert_int_equal(containers->count, 5);
    const struct eg_object *extra = containers->objects[2]->as.object;
    assert_true(eg_str_is(eg_node_text(eg_model_name(extra, &look.scenario)), "extra"));
    assert_true(eg_str_is(eg_model_path(extra, look.model->arena), "containerDefinitions[2]"));
    assert_true(eg_str_is(eg_model_resource(extra)->logical_id, "Task"));
    assert_int_equal(eg_model_exists(extra, &look.scenario), EG_UNDECIDED);
    assume(&look, "EnvType=dev");
    assert_int_equal(eg_model_exists(extra, &look.scenario), EG_FALSE);
    assert_int_equal(eg_model_exists(containers->objects[0]->as.object, &look.scenario), EG_TRUE);
    look_end(&look);
}

/* Every link and fact that the schema promises is computed, or set when the object is made. */
static void computes_every_field(void **state) {
    (void)state;
    static const char *const fixtures[] = {FIXTURES "task.yaml", FIXTURES "network.yaml",
                                           FIXTURES "launch.yaml", FIXTURES "iam.yaml",
                                           FIXTURES "data.yaml"};
    for (size_t f = 0; f < sizeof fixtures / sizeof fixtures[0]; f++) {
        struct look look;
        look_begin(&look, (const char *const[]){fixtures[f], NULL});
        for (uint32_t k = 0; k < look.model->kind_count; k++) {
            const struct eg_model_kind *kind = &look.model->kinds[k];
            for (uint32_t i = 0; i < kind->count; i++) {
                const struct eg_object *object = kind->objects[i]->as.object;
                for (uint32_t n = 0; n < kind->type->field_count; n++)
                    if (kind->type->fields[n].link && object->fields[n] == NULL)
                        fail_msg("%.*s.%.*s is never computed", EG_STR_ARGS(kind->type->name),
                                 EG_STR_ARGS(kind->type->fields[n].name));
            }
        }
        look_end(&look);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normalizes_task_definitions),
        cmocka_unit_test(tells_images_apart),
        cmocka_unit_test(follows_roles),
        cmocka_unit_test(reads_secret_references),
        cmocka_unit_test(shows_exposed_values),
        cmocka_unit_test(classifies_subnets),
        cmocka_unit_test(normalizes_rules),
        cmocka_unit_test(finds_ways_in_and_out),
        cmocka_unit_test(bounds_the_ways),
        cmocka_unit_test(finds_every_launch_site),
        cmocka_unit_test(decides_permissions),
        cmocka_unit_test(sees_data_and_observability),
        cmocka_unit_test(joins_stacks),
        cmocka_unit_test(reads_ecs_json),
        cmocka_unit_test(tells_names_and_paths),
        cmocka_unit_test(computes_every_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
