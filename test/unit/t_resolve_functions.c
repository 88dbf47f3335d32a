/* Every function, in its short YAML form and its long JSON form, in one template. */
#include "node/text.h"
#include "support/resolved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* %s is the value of R's property V. It is JSON and, being flow style, YAML too. */
static const char frame[] =
    "{\"Transform\": \"AWS::LanguageExtensions\",\n"
    "\"Parameters\": {\n"
    "  \"Known\": {\"Type\": \"String\", \"Default\": \"known\"},\n"
    "  \"Open\": {\"Type\": \"String\"},\n"
    "  \"Env\": {\"Type\": \"String\", \"AllowedValues\": [\"dev\", \"prod\"]},\n"
    "  \"List\": {\"Type\": \"CommaDelimitedList\", \"Default\": \"a, b,c\"},\n"
    "  \"Subnets\": {\"Type\": \"List<AWS::EC2::Subnet::Id>\"},\n"
    "  \"Port\": {\"Type\": \"Number\", \"Default\": 8080},\n"
    "  \"Password\": {\"Type\": \"String\", \"NoEcho\": true, \"Default\": \"hunter2\"},\n"
    "  \"OpenPassword\": {\"Type\": \"String\", \"NoEcho\": \"true\"},\n"
    "  \"Image\": {\"Type\": \"AWS::SSM::Parameter::Value<String>\", \"Default\": "
    "\"/app/image\"}},\n"
    "\"Mappings\": {\"M\": {\"dev\": {\"Size\": \"small\", \"Same\": \"x\", \"Zones\": [\"z1\", "
    "\"z2\"]},\n"
    "  \"prod\": {\"Size\": \"large\", \"Same\": \"x\", \"Zones\": [\"z3\"]}}},\n"
    "\"Conditions\": {\n"
    "  \"Always\": {\"Fn::Equals\": [{\"Ref\": \"Known\"}, \"known\"]},\n"
    "  \"Never\": {\"Fn::Not\": [{\"Condition\": \"Always\"}]},\n"
    "  \"IsPort\": {\"Fn::Equals\": [{\"Ref\": \"Port\"}, 8080]},\n"
    "  \"IsProd\": {\"Fn::Equals\": [{\"Ref\": \"Env\"}, \"prod\"]}},\n"
    "\"Resources\": {\n"
    "  \"Vpc\": {\"Type\": \"AWS::EC2::VPC\", \"Properties\": {\"CidrBlock\": \"10.0.0.0/16\"}},\n"
    "  \"Subnet\": {\"Type\": \"AWS::EC2::Subnet\"},\n"
    "  \"Sg\": {\"Type\": \"AWS::EC2::SecurityGroup\"},\n"
    "  \"Role\": {\"Type\": \"AWS::IAM::Role\"},\n"
    "  \"Repo\": {\"Type\": \"AWS::ECR::Repository\"},\n"
    "  \"Bucket\": {\"Type\": \"AWS::S3::Bucket\"},\n"
    "  \"Db\": {\"Type\": \"AWS::RDS::DBInstance\"},\n"
    "  \"Log\": {\"Type\": \"AWS::Logs::LogGroup\"},\n"
    "  \"Task\": {\"Type\": \"AWS::ECS::TaskDefinition\"},\n"
    "  \"Secret\": {\"Type\": \"AWS::SecretsManager::Secret\"},\n"
    "  \"Attachment\": {\"Type\": \"AWS::SecretsManager::SecretTargetAttachment\",\n"
    "    \"Properties\": {\"SecretId\": {\"Ref\": \"Secret\"}}},\n"
    "  \"Child\": {\"Type\": \"AWS::CloudFormation::Stack\",\n"
    "    \"Properties\": {\"TemplateURL\": \"https://example.com/t.yaml\"}},\n"
    "  \"R\": {\"Type\": \"Custom::R\", \"Properties\": {\"V\": %s}}}}\n";

#define REGION  "{\"$unknown\": \"AWS::Region is not given; give --region\"}"
#define ACCOUNT "{\"$unknown\": \"AWS::AccountId is not given; give --account\"}"
#define OPEN    "{\"$unknown\": \"parameter Open has no value; give --parameter Open=…\"}"
#define SUBNETS "{\"$unknown\": \"parameter Subnets has no value; give --parameter Subnets=…\"}"

struct row {
    const char *yaml; /* short form; NULL: there is none of its own */
    const char *json;
    const char *expected;
};

static const struct row rows[] = {
    /* Ref */
    {"!Ref Known", "{\"Ref\": \"Known\"}", "\"known\""},
    {"!Ref Open", "{\"Ref\": \"Open\"}", OPEN},
    {"!Ref Port", "{\"Ref\": \"Port\"}", "\"8080\""},
    {"!Ref List", "{\"Ref\": \"List\"}", "[\"a\", \"b\", \"c\"]"},
    {"!Ref Subnets", "{\"Ref\": \"Subnets\"}", SUBNETS},
    {"!Ref Password", "{\"Ref\": \"Password\"}", "\"(secret)\""},
    {"!Ref Image", "{\"Ref\": \"Image\"}",
     "{\"$unknown\": \"parameter Image takes its value from Parameter Store; its value here is "
     "only the name; give --parameter Image.ResolvedValue=…\"}"},
    {"!Ref AWS::Region", "{\"Ref\": \"AWS::Region\"}", REGION},
    {"!Ref AWS::NoValue", "{\"Ref\": \"AWS::NoValue\"}", "absent"},
    {"[1, !Ref AWS::NoValue, 2]", "[1, {\"Ref\": \"AWS::NoValue\"}, 2]", "[1, 2]"},
    {"!Ref Sg", "{\"Ref\": \"Sg\"}", "{\"$ref\": \"Sg.GroupId\"}"},
    {"!Ref Subnet", "{\"Ref\": \"Subnet\"}", "{\"$ref\": \"Subnet.SubnetId\"}"},
    {"!Ref Role", "{\"Ref\": \"Role\"}", "{\"$ref\": \"Role.Ref\"}"},
    {"!Ref Log", "{\"Ref\": \"Log\"}", "{\"$ref\": \"Log.Ref\"}"},
    {"!Ref Task", "{\"Ref\": \"Task\"}", "{\"$ref\": \"Task.TaskDefinitionArn\"}"},
    {"!Ref Secret", "{\"Ref\": \"Secret\"}", "{\"$ref\": \"Secret.Arn\"}"},
    {"!Ref Attachment", "{\"Ref\": \"Attachment\"}", "{\"$ref\": \"Secret.Arn\"}"},
    /* Fn::GetAtt */
    {"!GetAtt Role.Arn", "{\"Fn::GetAtt\": [\"Role\", \"Arn\"]}", "{\"$ref\": \"Role.Arn\"}"},
    {"!GetAtt [Role, Arn]", "{\"Fn::GetAtt\": \"Role.Arn\"}", "{\"$ref\": \"Role.Arn\"}"},
    {"!GetAtt Db.Endpoint.Address", "{\"Fn::GetAtt\": [\"Db\", \"Endpoint.Address\"]}",
     "{\"$ref\": \"Db.Endpoint.Address\"}"},
    {"!GetAtt Sg.GroupId", "{\"Fn::GetAtt\": [\"Sg\", \"Id\"]}", "{\"$ref\": \"Sg.GroupId\"}"},
    {"!GetAtt Secret.Id", "{\"Fn::GetAtt\": [\"Secret\", \"Id\"]}", "{\"$ref\": \"Secret.Arn\"}"},
    {"!GetAtt [Role, !Sub '${Known}']", "{\"Fn::GetAtt\": [\"Role\", {\"Ref\": \"Known\"}]}",
     "{\"$unknown\": \"Role has no attribute known; those of a resource of type AWS::IAM::Role "
     "are: Arn RoleId\"}"},
    {"!GetAtt Child.Outputs.Url", "{\"Fn::GetAtt\": [\"Child\", \"Outputs.Url\"]}",
     "{\"$unknown\": \"the stack that gives Child.Outputs.Url is not among the inputs\"}"},
    /* Fn::Sub */
    {"!Sub 'a-${Known}-${!Literal}'", "{\"Fn::Sub\": \"a-${Known}-${!Literal}\"}",
     "\"a-known-${Literal}\""},
    {"!Sub '${Repo.RepositoryUri}:1'", "{\"Fn::Sub\": \"${Repo.RepositoryUri}:1\"}",
     "{\"$partial\": [{\"$ref\": \"Repo.RepositoryUri\"}, \":1\"]}"},
    {"!Sub ['${x}/${Known}', {x: !Join ['', [p, q]]}]",
     "{\"Fn::Sub\": [\"${x}/${Known}\", {\"x\": {\"Fn::Join\": [\"\", [\"p\", \"q\"]]}}]}",
     "\"pq/known\""},
    {"!Sub ['${Known}', {Known: shadow}]", "{\"Fn::Sub\": [\"${Known}\", {\"Known\": \"shadow\"}]}",
     "\"shadow\""},
    {"!Sub '${Open}'", "{\"Fn::Sub\": \"${Open}\"}", OPEN},
    {"!Sub '${AWS::AccountId}.dkr.ecr.${AWS::Region}.x/app:latest'",
     "{\"Fn::Sub\": \"${AWS::AccountId}.dkr.ecr.${AWS::Region}.x/app:latest\"}",
     "{\"$partial\": [" ACCOUNT ", \".dkr.ecr.\", " REGION ", \".x/app:latest\"]}"},
    /* Fn::Join */
    {"!Join ['-', [a, 1, true, !Ref Known]]",
     "{\"Fn::Join\": [\"-\", [\"a\", 1, true, {\"Ref\": \"Known\"}]]}", "\"a-1-true-known\""},
    {"!Join ['', [a, !Ref Open, b]]", "{\"Fn::Join\": [\"\", [\"a\", {\"Ref\": \"Open\"}, \"b\"]]}",
     "{\"$partial\": [\"a\", " OPEN ", \"b\"]}"},
    {"!Join [',', !Ref List]", "{\"Fn::Join\": [\",\", {\"Ref\": \"List\"}]}", "\"a,b,c\""},
    {"!Join [',', !Ref Subnets]", "{\"Fn::Join\": [\",\", {\"Ref\": \"Subnets\"}]}",
     "{\"$unknown\": \"parameter Subnets (joined by ',') has no value; give --parameter "
     "Subnets=…\"}"},
    {"!Join ['-', [a, !If [IsProd, b, !Ref AWS::NoValue], c]]",
     "{\"Fn::Join\": [\"-\", [\"a\", {\"Fn::If\": [\"IsProd\", \"b\", {\"Ref\": "
     "\"AWS::NoValue\"}]}, \"c\"]]}",
     "{\"$partial\": [\"a-\", {\"$unknown\": \"condition IsProd is not decided\"}, \"-c\"]}"},
    /* Fn::Split and Fn::Select */
    {"!Split ['|', 'a|b|']", "{\"Fn::Split\": [\"|\", \"a|b|\"]}", "[\"a\", \"b\", \"\"]"},
    {"!Select [1, [a, b]]", "{\"Fn::Select\": [\"1\", [\"a\", \"b\"]]}", "\"b\""},
    {"!Select [1, !Split [',', 'x,y']]", "{\"Fn::Select\": [1, {\"Fn::Split\": [\",\", \"x,y\"]}]}",
     "\"y\""},
    {"!Select [2, !Ref List]", "{\"Fn::Select\": [2, {\"Ref\": \"List\"}]}", "\"c\""},
    {"!Select [0, !Ref Subnets]", "{\"Fn::Select\": [0, {\"Ref\": \"Subnets\"}]}",
     "{\"$unknown\": \"parameter Subnets[0] has no value; give --parameter Subnets=…\"}"},
    {"!Select [4, !Split [':', !GetAtt Repo.Arn]]",
     "{\"Fn::Select\": [4, {\"Fn::Split\": [\":\", {\"Fn::GetAtt\": [\"Repo\", \"Arn\"]}]}]}",
     ACCOUNT},
    {"!Select [2, !Split [':', !GetAtt Repo.Arn]]",
     "{\"Fn::Select\": [2, {\"Fn::Split\": [\":\", {\"Fn::GetAtt\": [\"Repo\", \"Arn\"]}]}]}",
     "\"ecr\""},
    {"!Select [3, !Split [':', !GetAtt Bucket.Arn]]",
     "{\"Fn::Select\": [3, {\"Fn::Split\": [\":\", {\"Fn::GetAtt\": [\"Bucket\", \"Arn\"]}]}]}",
     "\"\""},
    {"!Select [0, !Split ['-', !Sub 'a-${Open}-b']]",
     "{\"Fn::Select\": [0, {\"Fn::Split\": [\"-\", {\"Fn::Sub\": \"a-${Open}-b\"}]}]}", "\"a\""},
    {"!Select [5, [a, b]]", "{\"Fn::Select\": [5, [\"a\", \"b\"]]}",
     "{\"$unknown\": \"Fn::Select takes item 5 of a list of 2\"}"},
    /* Fn::FindInMap */
    {"!FindInMap [M, dev, Size]", "{\"Fn::FindInMap\": [\"M\", \"dev\", \"Size\"]}", "\"small\""},
    {"!FindInMap [M, dev, Zones]", "{\"Fn::FindInMap\": [\"M\", \"dev\", \"Zones\"]}",
     "[\"z1\", \"z2\"]"},
    {"!FindInMap [M, !Ref Env, Size]", "{\"Fn::FindInMap\": [\"M\", {\"Ref\": \"Env\"}, \"Size\"]}",
     "{\"$unknown\": \"parameter Env (in mapping M, for Size) has no value; give --parameter "
     "Env=…\"}"},
    {"!FindInMap [M, !Ref Env, Same]", "{\"Fn::FindInMap\": [\"M\", {\"Ref\": \"Env\"}, \"Same\"]}",
     "\"x\""},
    {"!FindInMap [M, !Ref Known, Size, {DefaultValue: none}]",
     "{\"Fn::FindInMap\": [\"M\", {\"Ref\": \"Known\"}, \"Size\", {\"DefaultValue\": \"none\"}]}",
     "\"none\""},
    {"!FindInMap [M, test, Size]", "{\"Fn::FindInMap\": [\"M\", \"test\", \"Size\"]}",
     "{\"$unknown\": \"mapping M has no key test\"}"},
    /* Fn::If */
    {"!If [Always, a, b]", "{\"Fn::If\": [\"Always\", \"a\", \"b\"]}", "\"a\""},
    {"!If [Never, a, b]", "{\"Fn::If\": [\"Never\", \"a\", \"b\"]}", "\"b\""},
    {"!If [IsPort, a, b]", "{\"Fn::If\": [\"IsPort\", \"a\", \"b\"]}", "\"a\""},
    {"!If [IsProd, a, b]", "{\"Fn::If\": [\"IsProd\", \"a\", \"b\"]}",
     "{\"$choice\": {\"condition\": \"IsProd\", \"true\": \"a\", \"false\": \"b\"}}"},
    {"[!If [IsProd, a, !Ref AWS::NoValue], b]",
     "[{\"Fn::If\": [\"IsProd\", \"a\", {\"Ref\": \"AWS::NoValue\"}]}, \"b\"]",
     "[{\"$choice\": {\"condition\": \"IsProd\", \"true\": \"a\"}}, \"b\"]"},
    {"!If [IsProd, [a], [b]]", "{\"Fn::If\": [\"IsProd\", [\"a\"], [\"b\"]]}",
     "{\"$choice\": {\"condition\": \"IsProd\", \"true\": [\"a\"], \"false\": [\"b\"]}}"},
    {"{K: !If [Never, x, !Ref AWS::NoValue], L: 1}",
     "{\"K\": {\"Fn::If\": [\"Never\", \"x\", {\"Ref\": \"AWS::NoValue\"}]}, \"L\": 1}",
     "{\"L\": 1}"},
    {"!If [Nowhere, a, b]", "{\"Fn::If\": [\"Nowhere\", \"a\", \"b\"]}",
     "{\"$choice\": {\"condition\": \"Nowhere\", \"true\": \"a\", \"false\": \"b\"}}"},
    /* the rest */
    {"!Base64 'AWS CloudFormation'", "{\"Fn::Base64\": \"AWS CloudFormation\"}",
     "\"QVdTIENsb3VkRm9ybWF0aW9u\""},
    {"!Base64 {Ref: Open}", "{\"Fn::Base64\": {\"Ref\": \"Open\"}}",
     "{\"$unknown\": \"parameter Open (in Base64) has no value; give --parameter Open=…\"}"},
    {"!Cidr [10.0.0.0/16, 3, 8]", "{\"Fn::Cidr\": [\"10.0.0.0/16\", 3, 8]}",
     "[\"10.0.0.0/24\", \"10.0.1.0/24\", \"10.0.2.0/24\"]"},
    {"!Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 2, 12]]",
     "{\"Fn::Select\": [1, {\"Fn::Cidr\": [{\"Fn::GetAtt\": [\"Vpc\", \"CidrBlock\"]}, 2, 12]}]}",
     "\"10.0.16.0/20\""},
    {"!Cidr ['2001:db8::/56', 2, 64]", "{\"Fn::Cidr\": [\"2001:db8::/56\", 2, 64]}",
     "[\"2001:db8::/64\", \"2001:db8:0:1::/64\"]"},
    {"!Select [0, !GetAZs '']", "{\"Fn::Select\": [0, {\"Fn::GetAZs\": \"\"}]}",
     "{\"$ref\": \"AvailabilityZone0.Ref\"}"},
    {"!ImportValue Net-Vpc", "{\"Fn::ImportValue\": \"Net-Vpc\"}",
     "{\"$unknown\": \"the stack that exports Net-Vpc is not among the inputs\"}"},
    {NULL, "{\"Fn::GetStackOutput\": {\"StackName\": \"Net\", \"OutputName\": \"Vpc\"}}",
     "{\"$unknown\": \"the stack that gives Net.Vpc is not among the inputs\"}"},
    {"!Length [a, b]", "{\"Fn::Length\": [\"a\", \"b\"]}", "2"},
    {"!Length {Ref: List}", "{\"Fn::Length\": {\"Ref\": \"List\"}}", "3"},
    {"!ToJsonString {a: 1, b: [true, 'x\"y']}",
     "{\"Fn::ToJsonString\": {\"a\": 1, \"b\": [true, \"x\\\"y\"]}}",
     "\"{\\\"a\\\":1,\\\"b\\\":[true,\\\"x\\\\\\\"y\\\"]}\""},
    {"!ToJsonString {a: !GetAtt Role.Arn}",
     "{\"Fn::ToJsonString\": {\"a\": {\"Fn::GetAtt\": [\"Role\", \"Arn\"]}}}",
     "{\"$partial\": [\"{\\\"a\\\":\\\"\", {\"$ref\": \"Role.Arn\"}, \"\\\"}\"]}"},
    {"!Transform {Name: Mine}", "{\"Fn::Transform\": {\"Name\": \"Mine\"}}",
     "{\"$unknown\": \"Mine is expanded by CloudFormation, not here\"}"},
    {"{a: 1, Fn::Transform: {Name: Mine}}", "{\"a\": 1, \"Fn::Transform\": {\"Name\": \"Mine\"}}",
     "{\"$unknown\": \"Mine is expanded by CloudFormation, not here\"}"},
    {NULL,
     "{\"Fn::ForEach::Loop\": [\"x\", [\"p\", \"q\"], {\"K${x}\": {\"Fn::Sub\": "
     "\"${x}-${Known}\"}, "
     "\"L&{x}\": {\"Ref\": \"x\"}}]}",
     "{\"Kp\": \"p-known\", \"Lp\": \"p\", \"Kq\": \"q-known\", \"Lq\": \"q\"}"},
    /* dynamic references */
    {"'{{resolve:ssm:/a/b:1}}'", "\"{{resolve:ssm:/a/b:1}}\"",
     "{\"$unknown\": \"{{resolve:ssm:/a/b:1}} is looked up at deployment\"}"},
    {"'x{{resolve:secretsmanager:s}}y'", "\"x{{resolve:secretsmanager:s}}y\"",
     "{\"$partial\": [\"x\", {\"$unknown\": \"{{resolve:secretsmanager:s}} is looked up at "
     "deployment\"}, \"y\"]}"},
    {"!Join ['', ['{{resolve:secretsmanager:', !Ref Secret, ':SecretString:p::}}']]",
     "{\"Fn::Join\": [\"\", [\"{{resolve:secretsmanager:\", {\"Ref\": \"Secret\"}, "
     "\":SecretString:p::}}\"]]}",
     "{\"$unknown\": \"{{resolve:secretsmanager:${Secret.Arn}:SecretString:p::}} is looked up at "
     "deployment\"}"},
    /* mistakes */
    {"!Ref Knwon", "{\"Ref\": \"Knwon\"}",
     "{\"$unknown\": \"there is no resource or parameter Knwon; did you mean Known?\"}"},
    {"!Ref IsProd", "{\"Ref\": \"IsProd\"}",
     "{\"$unknown\": \"IsProd is a condition; expected a resource or parameter\"}"},
    {"!GetAtt Secret.Arn", "{\"Fn::GetAtt\": [\"Secret\", \"Arn\"]}",
     "{\"$unknown\": \"Secret has no attribute Arn; those of a resource of type "
     "AWS::SecretsManager::Secret are: Id\"}"},
    {"!Join [a]", "{\"Fn::Join\": [\"a\"]}",
     "{\"$unknown\": \"Fn::Join takes [delimiter, list]\"}"},
    {"{Ref: Known, Fn::Sub: x}", "{\"Ref\": \"Known\", \"Fn::Sub\": \"x\"}",
     "{\"$unknown\": \"Fn::Sub stands beside other keys; a function must be the only key of its "
     "map\"}"},
    {NULL, "{\"Fn::Nope\": 1}", "{\"$unknown\": \"Fn::Nope is no function of CloudFormation\"}"},
    {NULL, "{\"Fn::Equals\": [1, 1]}",
     "{\"$unknown\": \"Fn::Equals may be used in conditions and rules only\"}"},
};

/* False, with a message, if EXPRESSION gives something else. */
static bool check(const char *name, const char *expression, const char *expected) {
    char text[sizeof frame + 1024];
    (void)snprintf(text, sizeof text, frame, expression);
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved_add(&resolved, name, text);
    resolved_run(&resolved);
    const char *found = resolved_property(&resolved, "R", "V");
    bool good = strcmp(found, expected) == 0;
    if (!good)
        print_error("%s\n  gives    %s\n  expected %s\n", expression, found, expected);
    resolved_done(&resolved);
    return good;
}

static void every_function_gives_its_value(void **state) {
    (void)state;
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wrong += !check("t.json", rows[i].json, rows[i].expected);
        wrong += !check("t.yaml", rows[i].json, rows[i].expected);
        if (rows[i].yaml != NULL)
            wrong += !check("t.yaml", rows[i].yaml, rows[i].expected);
    }
    assert_int_equal(wrong, 0);
}

/* The text must last as long as RESOLVED. */
static void resolve_expression(struct resolved *resolved, const char *expression) {
    static char text[sizeof frame + 1024];
    (void)snprintf(text, sizeof text, frame, expression);
    resolved_begin(resolved);
    resolved_add(resolved, "t.yaml", text);
    resolved_run(resolved);
}

static void values_know_where_they_come_from(void **state) {
    (void)state;
    struct resolved resolved;
    resolve_expression(&resolved, "[!Ref Known, !Sub 'a${Known}', !Ref Port]");
    const struct eg_node *list = eg_resource_property(resolved_resource(&resolved, NULL, "R"), "V");
    const struct eg_node *known = list->as.list.items[0];
    assert_true(known->flags & EG_FLAG_DEFAULTED);
    assert_int_equal(eg_node_place(known).line, 34); /* the Ref */
    assert_non_null(known->origin);
    assert_int_equal(eg_node_place(known->origin).line, 3); /* the Default */
    assert_true(list->as.list.items[1]->flags & EG_FLAG_DEFAULTED);
    assert_int_equal(list->as.list.items[2]->kind, EG_STRING);
    resolved_done(&resolved);
}

static void zones_are_told_apart(void **state) {
    (void)state;
    struct resolved resolved;
    resolve_expression(
        &resolved, "[!Select [0, !GetAZs ''], !Select [1, !GetAZs ''], !Select [0, !GetAZs {Ref: "
                   "AWS::Region}]]");
    const struct eg_node *const *zones =
        eg_resource_property(resolved_resource(&resolved, NULL, "R"), "V")->as.list.items;
    struct eg_scenario *scenario = &resolved.system->scenario;
    assert_int_equal(eg_text_equal(scenario, zones[0], zones[1]), EG_FALSE);
    assert_int_equal(eg_text_equal(scenario, zones[0], zones[2]), EG_TRUE);
    assert_null(eg_resolve_target(zones[0]));
    resolved_done(&resolved);
}

static void secrets_stay_secret(void **state) {
    (void)state;
    struct resolved resolved;
    resolve_expression(&resolved, "[!Ref OpenPassword, '{{resolve:ssm-secure:p}}', "
                                  "'{{resolve:ssm:p}}', !Sub 'x${Password}']");
    const struct eg_node *const *items =
        eg_resource_property(resolved_resource(&resolved, NULL, "R"), "V")->as.list.items;
    assert_true(items[0]->as.unknown->secret);
    assert_true(items[1]->as.unknown->secret);
    assert_false(items[2]->as.unknown->secret);
    assert_true(items[3]->flags & EG_FLAG_SECRET);
    resolved_done(&resolved);
}

static void a_region_decides_what_hangs_on_it(void **state) {
    (void)state;
    char text[sizeof frame + 1024];
    (void)snprintf(text, sizeof text, frame,
                   "!Sub '${AWS::Region} ${AWS::Partition} ${AWS::URLSuffix} ${AWS::AccountId}'");
    struct resolved resolved;
    resolved_begin(&resolved);
    resolved.options.region = EG_STR("cn-north-1");
    resolved.options.account = EG_STR("123456789012");
    resolved_add(&resolved, "t.yaml", text);
    resolved_run(&resolved);
    assert_string_equal(resolved_property(&resolved, "R", "V"),
                        "\"cn-north-1 aws-cn amazonaws.com.cn 123456789012\"");
    resolved_done(&resolved);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_gives_its_value),
        cmocka_unit_test(values_know_where_they_come_from),
        cmocka_unit_test(zones_are_told_apart),
        cmocka_unit_test(secrets_stay_secret),
        cmocka_unit_test(a_region_decides_what_hangs_on_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
