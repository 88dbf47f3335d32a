/* The shape check: resources, each with the problems it must give, and no more. */
#include "base/embedded.h"
#include "model/shape.h"
#include "model/shape_type.h"
#include "read/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- systems of one resource, made by hand ---- */

/* The little that these tests need of resolving: NoValue, parameters without a value, references to
 * other resources, and Fn::If on conditions that each are a variable of their own. */
struct resolver {
    struct eg_arena *arena;
    struct eg_map conditions;        /* name to struct eg_condition * */
    const struct eg_resource *other; /* what is referred to */
};

static const struct eg_condition *condition_of(struct resolver *resolver, struct eg_str name) {
    struct eg_condition *condition = eg_map_get(&resolver->conditions, name);
    if (condition == NULL) {
        struct eg_variable *variable = EG_NEW(resolver->arena, struct eg_variable);
        *variable = (struct eg_variable){
            .name = name, .count = 2, .condition = true, .number = resolver->conditions.count};
        condition = EG_NEW(resolver->arena, struct eg_condition);
        *condition = (struct eg_condition){
            .kind = EG_CONDITION_VARIABLE, .name = name, .variable = variable};
        eg_map_put(&resolver->conditions, name, condition);
    }
    return condition;
}

static const struct eg_node *resolve(struct resolver *resolver, const struct eg_node *node);

static const struct eg_node *resolve_function(struct resolver *resolver,
                                              const struct eg_node *node) {
    const struct eg_node *argument = node->as.map.items[0].value;
    struct eg_str name = node->as.map.items[0].key;
    struct eg_node *made = eg_node_new(resolver->arena, EG_ABSENT, node);
    if (eg_str_is(name, "Ref") && eg_node_is_string(argument, "AWS::NoValue"))
        return made;
    if (eg_str_is(name, "Ref"))
        return eg_node_unknown(
            resolver->arena,
            (struct eg_unknown){.why = EG_WHY_PARAMETER, .name = eg_node_text(argument)}, node);
    if (eg_str_is(name, "Fn::GetAtt")) { /* [type, attribute] */
        struct eg_reference *reference = EG_NEW(resolver->arena, struct eg_reference);
        reference->type = eg_node_text(argument->as.list.items[0]);
        reference->attribute = eg_node_text(argument->as.list.items[1]);
        reference->logical_id = EG_STR("Other");
        reference->resource = resolver->other;
        made->kind = EG_REFERENCE;
        made->as.reference = reference;
        return made;
    }
    if (eg_str_is(name, "Fn::If")) {
        struct eg_choice *choice = EG_NEW(resolver->arena, struct eg_choice);
        choice->condition = condition_of(resolver, eg_node_text(argument->as.list.items[0]));
        choice->if_true = resolve(resolver, argument->as.list.items[1]);
        choice->if_false = resolve(resolver, argument->as.list.items[2]);
        made->kind = EG_CHOICE;
        made->as.choice = choice;
        return made;
    }
    return NULL;
}

static const struct eg_node *resolve(struct resolver *resolver, const struct eg_node *node) {
    if (eg_node_kind(node) == EG_LIST) {
        struct eg_list_builder list;
        eg_list_begin(&list, resolver->arena);
        for (uint32_t i = 0; i < node->as.list.count; i++)
            eg_list_add(&list, resolve(resolver, node->as.list.items[i]));
        return eg_list_node(&list, node);
    }
    if (eg_node_kind(node) != EG_MAP)
        return node;
    const struct eg_node *value = node->as.map.count == 1 ? resolve_function(resolver, node) : NULL;
    if (value != NULL)
        return value;
    struct eg_map_builder map;
    eg_map_begin(&map, resolver->arena);
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const struct eg_entry *entry = &node->as.map.items[i];
        eg_map_add(&map, entry->key, entry->key_offset, resolve(resolver, entry->value), NULL);
    }
    return eg_map_node(&map, node);
}

/* A system whose one resource is the document TEXT. */
static struct eg_system *make_system(struct eg_arena *arena, const char *text, bool api) {
    struct eg_document document;
    struct eg_error error = {0};
    if (!eg_read_json(arena, EG_STR("test.json"), eg_str_from(text), &document, &error))
        fail_msg("%s", error.text);
    struct resolver resolver = {.arena = arena};
    eg_map_init(&resolver.conditions, arena);
    struct eg_resource *other = EG_NEW(arena, struct eg_resource);
    resolver.other = other;
    struct eg_template *template_ = EG_NEW(arena, struct eg_template);
    template_->document = document;
    template_->api_names = api;
    template_->transform = EG_GET(document.root, "Transform");
    struct eg_stack *stack = EG_NEW(arena, struct eg_stack);
    stack->template_ = template_;
    other->stack = stack;
    struct eg_resource *resource = EG_NEW(arena, struct eg_resource);
    resource->logical_id = EG_STR("Subject");
    resource->type = eg_node_text(EG_GET(document.root, "Type"));
    resource->stack = stack;
    resource->raw = document.root;
    const struct eg_node *properties = EG_GET(document.root, "Properties");
    resource->properties =
        properties == NULL ? eg_node_empty_map() : resolve(&resolver, properties);
    const struct eg_node *condition = EG_GET(document.root, "Condition");
    if (condition != NULL)
        resource->condition = condition_of(&resolver, eg_node_text(condition));
    stack->resources = EG_NEW(arena, struct eg_resource *);
    stack->resources[0] = resource;
    stack->resource_count = 1;
    struct eg_system *system = EG_NEW(arena, struct eg_system);
    system->arena = arena;
    system->stacks = EG_NEW(arena, struct eg_stack *);
    system->stacks[0] = stack;
    system->stack_count = 1;
    system->resource_count = 1;
    eg_scenario_init(&system->scenario, arena, resolver.conditions.count);
    return system;
}

static void check(struct eg_system *system) {
    struct eg_shapes shapes;
    eg_shapes_init(&shapes);
    eg_shape_check(system, &shapes);
    eg_shapes_done(&shapes);
}

/* ---- resources and their problems ---- */

#define TASK(fields) "{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":{" fields "}}"
/* A task of one container that has what is required. */
#define CONTAINER(fields)                                                                          \
    TASK("\"ContainerDefinitions\":[{\"Name\":\"a\",\"Image\":\"b\"," fields "}]")
#define API(fields)                                                                                \
    "{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":{\"family\":\"f\","                     \
    "\"containerDefinitions\":[{\"name\":\"a\",\"image\":\"b\"," fields "}]}}"
#define SERVICE(fields)  "{\"Type\":\"AWS::ECS::Service\",\"Properties\":{" fields "}}"
#define OF(type, fields) "{\"Type\":\"AWS::" type "\",\"Properties\":{" fields "}}"

struct expected {
    const char *code;
    const char *message; /* its beginning */
};

static const struct {
    const char *text;
    bool api;
    struct expected problems[4];
} cases[] = {
    /* ---- spelling and place ---- */
    {CONTAINER("\"ReadonlyRootFilesystem\":true"), false, {{0}}},
    {CONTAINER("\"readonlyRootFilesystem\":true"),
     false,
     {{"unknown-property", "ContainerDefinitions[0].readonlyRootFilesystem: "
                           "'readonlyRootFilesystem' is the ECS API's name; here it is "
                           "'ReadonlyRootFilesystem'"}}},
    {CONTAINER("\"ReadOnlyRootFilesystem\":true"),
     false,
     {{"unknown-property", "ContainerDefinitions[0].ReadOnlyRootFilesystem: unknown property; did "
                           "you mean 'ReadonlyRootFilesystem'?"}}},
    {CONTAINER("\"Priviledged\":true"),
     false,
     {{"unknown-property", "ContainerDefinitions[0].Priviledged: unknown property; did you mean "
                           "'Privileged'?"}}},
    {API("\"readonlyRootFilesystem\":true"), true, {{0}}},
    {API("\"ReadonlyRootFilesystem\":true"),
     true,
     {{"unknown-property", "containerDefinitions[0].ReadonlyRootFilesystem: "
                           "'ReadonlyRootFilesystem' is CloudFormation's name; here it is "
                           "'readonlyRootFilesystem'"}}},
    {CONTAINER("\"containerInsights\":true"),
     false,
     {{"unknown-property", "ContainerDefinitions[0].containerInsights: no property here; it is a "
                           "setting of the cluster"}}},
    {API("\"containerInsights\":true"),
     true,
     {{"unknown-property", "containerDefinitions[0].containerInsights: no property here"}}},
    {SERVICE("\"NetworkConfiguration\":{\"AwsvpcConfiguration\":{\"Subnets\":[\"s\"]}}"),
     false,
     {{0}}},
    {SERVICE("\"NetworkConfiguration\":{\"AwsVpcConfiguration\":{\"Subnets\":[\"s\"]}}"),
     false,
     {{"unknown-property", "NetworkConfiguration.AwsVpcConfiguration: unknown property; did you "
                           "mean 'AwsvpcConfiguration'?"}}},
    {OF("ECS::TaskSet", "\"Cluster\":\"c\",\"Service\":\"s\",\"TaskDefinition\":\"t\","
                        "\"NetworkConfiguration\":{\"AwsVpcConfiguration\":{\"Subnets\":[\"s\"]}}"),
     false,
     {{0}}},
    {TASK("\"Volumes\":[{\"Name\":\"v\",\"EFSVolumeConfiguration\":{\"FileSystemId\":\"f\"}}]"),
     false,
     {{"unknown-property", "Volumes[0].EFSVolumeConfiguration.FileSystemId: unknown property; did "
                           "you mean 'FilesystemId'?"},
      {"missing-property", "Volumes[0].EFSVolumeConfiguration: FilesystemId is missing"}}},
    {TASK("\"RepositoryCredentials\":{\"CredentialsParameter\":\"x\"}"),
     false,
     {{"unknown-property", "RepositoryCredentials: no property here; it belongs to "
                           "ContainerDefinitions[].RepositoryCredentials"}}},
    {TASK("\"DesiredCount\":2"),
     false,
     {{"unknown-property",
       "DesiredCount: no property here; it belongs to AWS::ECS::Service: DesiredCount"}}},
    {CONTAINER("\"PidMode\":\"task\""),
     false,
     {{"unknown-property",
       "ContainerDefinitions[0].PidMode: no property here; it belongs to the top: PidMode"}}},
    {TASK("\"TaskRole\":\"r\""),
     false,
     {{"unknown-property", "TaskRole: unknown property; did you mean 'TaskRoleArn'?"}}},
    {OF("EC2::SecurityGroup", "\"GroupDescription\":\"d\",\"SecurityGroupIngress\":"
                              "{\"IpProtocol\":\"-1\",\"CidrIp\":\"10.0.0.0/8\",\"Port\":1}"),
     false,
     {{"newer-property", "SecurityGroupIngress.Port: not known of AWS::EC2::SecurityGroup"}}},
    {TASK("\"QuantumEntanglementMode\":\"on\""),
     false,
     {{"newer-property", "QuantumEntanglementMode: not known of AWS::ECS::TaskDefinition"}}},
    {TASK("\"quantumEntanglementMode\":\"on\""),
     false,
     {{"unknown-property",
       "quantumEntanglementMode: unknown property; CloudFormation's names begin in upper case"}}},
    {TASK("\"TaskDefinitionArn\":\"a\""), false, {{"read-only-property", "TaskDefinitionArn: "}}},
    {"{\"Type\":\"AWS::ECS::Cluster\",\"Propertys\":{}}",
     false,
     {{"unknown-property", "'Propertys' is no attribute of a resource; did you mean "
                           "'Properties'?"}}},
    {"{\"Type\":\"AWS::ECS::Cluster\",\"ClusterName\":\"c\"}",
     false,
     {{"unknown-property",
       "'ClusterName' is no attribute of a resource; properties belong under"}}},

    /* ---- types ---- */
    {CONTAINER("\"Cpu\":\"256\",\"Memory\":512,\"Essential\":\"true\",\"User\":1000"),
     false,
     {{0}}},
    {CONTAINER("\"Cpu\":\"256 units\""),
     false,
     {{"wrong-type",
       "ContainerDefinitions[0].Cpu: an integer expected, not the text '256 units'"}}},
    {CONTAINER("\"Cpu\":1.5"), false, {{"wrong-type", "ContainerDefinitions[0].Cpu: an integer"}}},
    {CONTAINER("\"Essential\":\"yes\""),
     false,
     {{"wrong-type", "ContainerDefinitions[0].Essential: true or false expected, not the text"}}},
    {CONTAINER("\"Essential\":null"),
     false,
     {{"wrong-type", "ContainerDefinitions[0].Essential: true or false expected, not null"}}},
    {CONTAINER("\"HealthCheck\":{\"Command\":\"curl -f http://localhost\"}"),
     false,
     {{"wrong-type", "ContainerDefinitions[0].HealthCheck.Command: a list of strings expected, "
                     "not the text 'curl -f http://localhost'"}}},
    {CONTAINER("\"LogConfiguration\":[]"),
     false,
     {{"wrong-type", "ContainerDefinitions[0].LogConfiguration: a map expected, not a list"}}},
    {TASK("\"ContainerDefinitions\":{\"0\":{\"Image\":\"b\",\"Name\":\"a\",\"Cpu\":\"x\"}}"),
     false,
     {{"wrong-type",
       "ContainerDefinitions: a list of maps expected, not a map with numbers as keys"},
      {"wrong-type", "ContainerDefinitions.0.Cpu: an integer expected"}}},
    {TASK("\"Cpu\":256,\"Memory\":512"), false, {{0}}},
    {API("\"cpu\":256"), true, {{0}}},
    {API("\"cpu\":\"256\""),
     true,
     {{"wrong-type", "containerDefinitions[0].cpu: an integer expected, not the text '256'; the "
                     "ECS API converts nothing"}}},
    {API("\"environment\":[{\"name\":\"DEBUG\",\"value\":true}]"),
     true,
     {{"wrong-type",
       "containerDefinitions[0].environment[0].value: a string expected, not true; the ECS API"}}},
    {CONTAINER("\"Environment\":[{\"Name\":\"DEBUG\",\"Value\":true}]"), false, {{0}}},
    {API("\"memory\":null"), true, {{0}}},
    {CONTAINER("\"DockerLabels\":{\"any key\":\"x\",\"n\":1}"), false, {{0}}},
    {CONTAINER("\"DockerLabels\":{\"k\":[\"x\"]}"),
     false,
     {{"wrong-type", "ContainerDefinitions[0].DockerLabels.k: a string expected, not a list"}}},
    {OF("IAM::Policy", "\"PolicyName\":\"p\",\"Roles\":[\"r\"],\"PolicyDocument\":{\"a\":[{}]}"),
     false,
     {{0}}},
    {OF("IAM::Policy", "\"PolicyName\":\"p\",\"Roles\":[\"r\"],\"PolicyDocument\":[]"),
     false,
     {{"wrong-type", "PolicyDocument: a map or a string expected, not a list"}}},
    {OF("CloudWatch::Dashboard", "\"DashboardBody\":{\"widgets\":[]}"),
     false,
     {{"wrong-type", "DashboardBody: a string expected, not a map"}}},

    /* ---- what is not known ---- */
    {CONTAINER(
         "\"Cpu\":{\"Ref\":\"P\"},\"Command\":{\"Ref\":\"P\"},\"Privileged\":{\"Ref\":\"P\"}"),
     false,
     {{0}}},
    {TASK("\"ExecutionRoleArn\":{\"Fn::GetAtt\":[\"AWS::IAM::Role\",\"Arn\"]}"), false, {{0}}},
    {SERVICE("\"NetworkConfiguration\":{\"AwsvpcConfiguration\":{\"SecurityGroups\":"
             "{\"Fn::GetAtt\":[\"AWS::EC2::SecurityGroup\",\"GroupId\"]}}}"),
     false,
     {{"wrong-type", "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups: a list of strings "
                     "expected, not text"}}},
    {SERVICE("\"NetworkConfiguration\":{\"AwsvpcConfiguration\":{\"SecurityGroups\":"
             "{\"Fn::GetAtt\":[\"Custom::Groups\",\"List\"]}}}"),
     false,
     {{0}}},
    {TASK("\"TaskRoleArn\":{\"Fn::GetAtt\":[\"AWS::IAM::Role\",\"ARN\"]}"),
     false,
     {{"undefined-reference", "Other has no attribute ARN; those of a resource of type "
                              "AWS::IAM::Role are: Arn, RoleId"}}},
    {CONTAINER("\"Environment\":[{\"Name\":\"E\",\"Value\":"
               "{\"Fn::GetAtt\":[\"AWS::RDS::DBInstance\",\"Endpoint.Address\"]}}]"),
     false,
     {{0}}},
    {TASK("\"ContainerDefinitions\":{\"Fn::Transform\":{\"Name\":\"M\"}}"), false, {{0}}},
    {"{\"Type\":\"AWS::ECS::Service\",\"Properties\":{\"Fn::Transform\":{},\"Wrong\":1}}",
     false,
     {{"newer-property", "Wrong: "}}},

    /* ---- demands ---- */
    {TASK("\"ContainerDefinitions\":[{\"Name\":\"a\"}]"),
     false,
     {{"missing-property", "ContainerDefinitions[0]: Image is missing"}}},
    {OF("IAM::Role", "\"RoleName\":\"r\""),
     false,
     {{"missing-property", "AssumeRolePolicyDocument is missing"}}},
    {"{\"Type\":\"AWS::EC2::RouteTable\"}", false, {{"missing-property", "VpcId is missing"}}},
    {OF("EC2::SecurityGroupIngress",
        "\"IpProtocol\":\"tcp\",\"GroupId\":\"g\",\"CidrIp\":\"0.0.0.0/0\","
        "\"CidrIpv6\":\"::/0\""),
     false,
     {{"exclusive-properties", "CidrIpv6: not together with CidrIp"}}},
    {OF("EC2::SecurityGroupIngress", "\"IpProtocol\":\"tcp\",\"GroupId\":\"g\""),
     false,
     {{"missing-property", "CidrIp, CidrIpv6, SourcePrefixListId, SourceSecurityGroupId or "
                           "SourceSecurityGroupName must be there"}}},
    {OF("EC2::Subnet", "\"VpcId\":\"v\",\"CidrBlock\":\"10.0.0.0/24\",\"AvailabilityZone\":\"a\","
                       "\"AvailabilityZoneId\":\"b\""),
     false,
     {{"exclusive-properties", "AvailabilityZoneId: not together with AvailabilityZone"}}},
    {OF("RDS::DBInstance", "\"SourceDBInstanceIdentifier\":\"s\",\"MasterUsername\":\"m\""),
     false,
     {{"exclusive-properties", "MasterUsername: not together with SourceDBInstanceIdentifier"}}},

    /* ---- values ---- */
    {SERVICE("\"LaunchType\":\"FARGATE\""), false, {{0}}},
    {SERVICE("\"LaunchType\":\"Fargate\""),
     false,
     {{"value-not-allowed",
       "LaunchType: the text 'Fargate' is not allowed; did you mean 'FARGATE'? (one of "}}},
    {TASK("\"NetworkMode\":\"vpc\""),
     false,
     {{"value-not-allowed",
       "NetworkMode: the text 'vpc' is not allowed; expected one of awsvpc, "}}},
    {OF("Logs::LogGroup", "\"RetentionInDays\":\"14\""), false, {{0}}},
    {OF("Logs::LogGroup", "\"RetentionInDays\":10"),
     false,
     {{"value-not-allowed", "RetentionInDays: 10 is not allowed; expected one of 1, 3, 5"}}},
    {SERVICE("\"DeploymentConfiguration\":{\"BakeTimeInMinutes\":-1}"),
     false,
     {{"out-of-range", "DeploymentConfiguration.BakeTimeInMinutes: 0 to 1440 expected, not -1"}}},
    {SERVICE("\"CapacityProviderStrategy\":[{\"CapacityProvider\":\"F\",\"Weight\":\"1001\"}]"),
     false,
     {{"out-of-range", "CapacityProviderStrategy[0].Weight: 0 to 1000 expected, not 1001"}}},

    /* ---- both sides of conditions ---- */
    {TASK("\"ContainerDefinitions\":{\"Fn::If\":[\"C\",[{\"Name\":\"a\",\"Image\":\"b\"}],"
          "[{\"Name\":\"a\"}]]}"),
     false,
     {{"missing-property", "ContainerDefinitions[0]: Image is missing"}}},
    {SERVICE("\"LaunchType\":{\"Fn::If\":[\"C\",\"FARGATE\",\"EC3\"]}"),
     false,
     {{"value-not-allowed", "LaunchType: the text 'EC3' is not allowed; did you mean 'EC2'?"}}},
    {SERVICE("\"LaunchType\":{\"Fn::If\":[\"C\",\"FARGATE\",{\"Ref\":\"AWS::NoValue\"}]}"),
     false,
     {{0}}},
    {TASK("\"ContainerDefinitions\":[{\"Name\":\"a\",\"Image\":{\"Fn::If\":[\"C\",\"b\","
          "{\"Ref\":\"AWS::NoValue\"}]}}]"),
     false,
     {{"missing-property",
       "ContainerDefinitions[0]: Image is missing on one side of its condition"}}},
    {TASK("\"ContainerDefinitions\":[{\"Fn::If\":[\"C\",{\"Name\":\"a\",\"Image\":{\"Fn::If\":"
          "[\"C\",\"b\",{\"Ref\":\"AWS::NoValue\"}]}},{\"Ref\":\"AWS::NoValue\"}]}]"),
     false,
     {{0}}},
    {TASK("\"ContainerDefinitions\":[{\"Fn::If\":[\"C\",{\"Name\":\"a\",\"Image\":{\"Fn::If\":"
          "[\"C\",{\"Ref\":\"AWS::NoValue\"},\"b\"]}},{\"Ref\":\"AWS::NoValue\"}]}]"),
     false,
     {{"missing-property", "ContainerDefinitions[0]: Image is missing"}}},
    {TASK("\"Wrong\":{\"Ref\":\"AWS::NoValue\"}"), false, {{0}}},
    {"{\"Type\":\"AWS::ElasticLoadBalancingV2::LoadBalancer\",\"Condition\":\"C\",\"Properties\":"
     "{\"Subnets\":{\"Fn::If\":[\"C\",[\"a\"],{\"Ref\":\"AWS::NoValue\"}]},\"SubnetMappings\":"
     "{\"Fn::If\":[\"C\",{\"Ref\":\"AWS::NoValue\"},[]]}}}",
     false,
     {{0}}},
};

static uint32_t count_problems(const struct eg_system *system) {
    uint32_t count = 0;
    for (const struct eg_problem *p = system->problems.first; p != NULL; p = p->next)
        count++;
    return count;
}

static void test_resources(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct eg_arena arena;
        eg_arena_init(&arena);
        struct eg_system *system = make_system(&arena, cases[i].text, cases[i].api);
        check(system);
        const struct eg_problem *problem = system->problems.first;
        size_t count = 0;
        while (count < 4 && cases[i].problems[count].code != NULL) {
            const struct expected *expected = &cases[i].problems[count++];
            if (problem == NULL || strcmp(problem->code, expected->code) != 0 ||
                !eg_str_starts_with(problem->message, eg_str_from(expected->message)))
                fail_msg("%s\n  gives %s: %.*s\n  not %s: %s", cases[i].text,
                         problem == NULL ? "nothing" : problem->code,
                         problem == NULL ? 0 : (int)problem->message.length,
                         problem == NULL ? "" : problem->message.data, expected->code,
                         expected->message);
            assert_ptr_equal(problem->resource, system->stacks[0]->resources[0]);
            problem = problem->next;
        }
        if (problem != NULL)
            fail_msg("%s\n  gives also %s: %.*s", cases[i].text, problem->code,
                     EG_STR_ARGS(problem->message));
        eg_arena_done(&arena);
    }
}

/* An unknown key is pointed at itself, a wrong value at the value, what is missing at the map. */
static void test_places(void **state) {
    (void)state;
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_system *system = make_system(&arena,
                                           "{\"Type\": \"AWS::ECS::TaskDefinition\",\n"
                                           " \"Properties\": {\n"
                                           "  \"ContainerDefinitions\": [\n"
                                           "   {\"Name\": \"a\",\n"
                                           "    \"image\": \"b\",\n"
                                           "    \"Cpu\": \"many\"}]}}",
                                           false);
    check(system);
    static const struct {
        const char *code;
        uint32_t line, column;
    } expected[] = {{"unknown-property", 5, 5}, {"wrong-type", 6, 12}, {"missing-property", 4, 4}};
    const struct eg_problem *problem = system->problems.first;
    for (size_t i = 0; i < 3; i++, problem = problem->next) {
        assert_non_null(problem);
        struct eg_place place = problem->has_offset
                                    ? eg_source_place(problem->at->source, problem->offset)
                                    : eg_node_place(problem->at);
        assert_string_equal(problem->code, expected[i].code);
        assert_int_equal(place.line, expected[i].line);
        assert_int_equal(place.column, expected[i].column);
    }
    assert_null(problem);
    eg_arena_done(&arena);
}

/* A macro may mend what is wrong; one of AWS's own doesn't. */
static void test_macros(void **state) {
    (void)state;
    static const struct {
        const char *transform;
        bool unknown;
    } macros[] = {{"\"Mine\"", true},
                  {"\"AWS::LanguageExtensions\"", false},
                  {"[\"AWS::LanguageExtensions\", \"Mine\"]", true},
                  {"[{\"Name\": \"AWS::Include\"}]", false}};
    for (size_t i = 0; i < sizeof macros / sizeof *macros; i++) {
        struct eg_arena arena;
        eg_arena_init(&arena);
        char text[200];
        snprintf(text, sizeof text,
                 "{\"Type\":\"AWS::ECS::Cluster\",\"Properties\":{\"clusterName\":1},"
                 "\"Transform\":%s}",
                 macros[i].transform);
        struct eg_system *system = make_system(&arena, text, false);
        check(system);
        const struct eg_problem *problem = system->problems.first;
        while (problem != NULL && !eg_str_contains(problem->message, EG_STR("clusterName")))
            problem = problem->next;
        assert_non_null(problem);
        assert_int_equal(problem->unknown, macros[i].unknown);
        eg_arena_done(&arena);
    }
}

/* A resource with a great many faults tells only the first. */
static void test_many(void **state) {
    (void)state;
    struct eg_arena arena;
    eg_arena_init(&arena);
    char text[20000] = "{\"Type\":\"AWS::ECS::Cluster\",\"Properties\":{\"x0\":1";
    size_t length = strlen(text);
    for (int i = 1; i < 1000; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, ",\"x%d\":1", i);
    snprintf(text + length, sizeof text - length, "}}");
    struct eg_system *system = make_system(&arena, text, false);
    check(system);
    assert_in_range(count_problems(system), 20, 100);
    eg_arena_done(&arena);
}

/* ---- the files ---- */

static bool is_known_key(struct eg_str key) {
    static const char *const keys[] = {"properties", "required",  "one",
                                       "some",       "without",   "with",
                                       "open",       "read-only", "attributes"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (eg_str_is(key, keys[i]))
            return true;
    return false;
}

/* Every file that the program carries is read whole: each structure it names exists. */
static void test_files(void **state) {
    (void)state;
    size_t files = 0;
    struct eg_shapes shapes;
    eg_shapes_init(&shapes);
    for (size_t i = 0; i < eg_embedded_file_count; i++) {
        const char *prefix = "schemas/resources/";
        if (strncmp(eg_embedded_files[i].path, prefix, strlen(prefix)) != 0)
            continue;
        struct eg_arena arena;
        eg_arena_init(&arena);
        const struct eg_node *root = eg_read_packed(&arena, eg_str_from(eg_embedded_files[i].path),
                                                    eg_embedded_find(eg_embedded_files[i].path));
        struct eg_str type = eg_node_text(EG_GET(root, "type"));
        bool api = strncmp(eg_embedded_files[i].path + strlen(prefix), "AWS-", 4) != 0;
        const struct eg_resource_shape *shape = eg_shapes_find(&shapes, type, api);
        assert_non_null(shape);
        assert_true(eg_str_equal(shape->type, type));
        assert_true(shape->structures[0].property_count > 0);
        const struct eg_node *resource = EG_GET(root, "resource");
        for (uint32_t j = 0; j < resource->as.map.count; j++)
            assert_true(is_known_key(resource->as.map.items[j].key));
        for (uint32_t j = 0; j < shape->structure_count; j++)
            for (uint32_t k = 0; k < shape->structures[j].property_count; k++) {
                const struct eg_property_shape *property = &shape->structures[j].properties[k];
                assert_ptr_equal(eg_shape_property(&shape->structures[j], property->name),
                                 property);
                assert_non_null(property->value);
            }
        assert_ptr_equal(eg_shapes_find(&shapes, type, api), shape);
        eg_arena_done(&arena);
        files++;
    }
    eg_shapes_done(&shapes);
    assert_true(files > 100);
}

static void test_unknown_types(void **state) {
    (void)state;
    struct eg_shapes shapes;
    eg_shapes_init(&shapes);
    char endless[5000];
    memset(endless, 'A', sizeof endless);
    memcpy(endless, "AWS::", 5);
    endless[sizeof endless - 1] = '\0';
    const char *const types[] = {"",      "AWS::", "AWS::Nothing::Here", "Custom::Thing",
                                 endless, "A",     "AWS::../../model"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        assert_null(eg_shapes_find(&shapes, eg_str_from(types[i]), false));
        assert_null(eg_shapes_find(&shapes, eg_str_from(types[i]), true));
    }
    eg_shapes_done(&shapes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resources), cmocka_unit_test(test_places),
        cmocka_unit_test(test_macros),    cmocka_unit_test(test_many),
        cmocka_unit_test(test_files),     cmocka_unit_test(test_unknown_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
