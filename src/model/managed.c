/* AWS managed policies that are built in; see statement.h. Called by role.c.
 *
 * Each is written off the policy's document in the version named beside it (AWS Managed Policy
 * Reference, as collected in public copies of the documents). Only what roles of ECS tasks commonly
 * have is here; any other policy is not known, and what hangs on it neither. */
#include "model/statement.h"

/* One statement, which allows. Actions and resources are separated by blanks. */
static const struct managed_statement {
    const char *policy;
    const char *actions;
    const char *resources;
    const char *condition; /* "OPERATOR KEY VALUE…"; NULL: none */
    bool all_but;          /* NotAction */
} managed_statements[] = {
    /* AmazonECSTaskExecutionRolePolicy v1 */
    {"AmazonECSTaskExecutionRolePolicy",
     "ecr:GetAuthorizationToken ecr:BatchCheckLayerAvailability "
     "ecr:GetDownloadUrlForLayer ecr:BatchGetImage logs:CreateLogStream "
     "logs:PutLogEvents",
     "*", NULL, false},
    /* AdministratorAccess v1 */
    {"AdministratorAccess", "*", "*", NULL, false},
    /* PowerUserAccess v12 */
    {"PowerUserAccess", "iam:* organizations:* account:*", "*", NULL, true},
    {"PowerUserAccess",
     "account:GetAccountInformation account:GetGovCloudAccountInformation "
     "account:GetPrimaryEmail account:ListRegions iam:CreateServiceLinkedRole "
     "iam:DeleteServiceLinkedRole iam:ListRoles organizations:DescribeEffectivePolicy "
     "organizations:DescribeOrganization",
     "*", NULL, false},
    /* IAMFullAccess v2 */
    {"IAMFullAccess",
     "iam:* organizations:DescribeAccount organizations:DescribeOrganization "
     "organizations:DescribeOrganizationalUnit organizations:DescribePolicy "
     "organizations:ListChildren organizations:ListParents "
     "organizations:ListPoliciesForTarget organizations:ListRoots "
     "organizations:ListPolicies organizations:ListTargetsForPolicy",
     "*", NULL, false},
    /* SecretsManagerReadWrite v6 */
    {"SecretsManagerReadWrite",
     "secretsmanager:* cloudformation:CreateChangeSet cloudformation:DescribeChangeSet "
     "cloudformation:DescribeStackResource cloudformation:DescribeStacks "
     "cloudformation:ExecuteChangeSet docdb-elastic:GetCluster "
     "docdb-elastic:ListClusters ec2:DescribeSecurityGroups ec2:DescribeSubnets "
     "ec2:DescribeVpcs kms:DescribeKey kms:ListAliases kms:ListKeys "
     "lambda:ListFunctions rds:DescribeDBClusters rds:DescribeDBInstances "
     "redshift:DescribeClusters redshift-serverless:ListWorkgroups "
     "redshift-serverless:GetNamespace tag:GetResources",
     "*", NULL, false},
    {"SecretsManagerReadWrite",
     "lambda:AddPermission lambda:CreateFunction lambda:GetFunction "
     "lambda:InvokeFunction lambda:UpdateFunctionConfiguration",
     "arn:aws:lambda:*:*:function:SecretsManager*", NULL, false},
    {"SecretsManagerReadWrite",
     "serverlessrepo:CreateCloudFormationChangeSet serverlessrepo:GetApplication",
     "arn:aws:serverlessrepo:*:*:applications/SecretsManager*", NULL, false},
    {"SecretsManagerReadWrite", "s3:GetObject",
     "arn:aws:s3:::awsserverlessrepo-changesets* arn:aws:s3:::secrets-manager-rotation-apps-*/*",
     NULL, false},
    {"SecretsManagerReadWrite", "cloudformation:TagResource cloudformation:UntagResource", "*",
     "StringEquals cloudformation:CreateAction CreateChangeSet ExecuteChangeSet", false},
    /* AmazonSSMFullAccess v4 */
    {"AmazonSSMFullAccess",
     "cloudwatch:PutMetricData ds:CreateComputer ds:DescribeDirectories "
     "ec2:DescribeInstanceStatus logs:* ssm:* ec2messages:*",
     "*", NULL, false},
    {"AmazonSSMFullAccess", "iam:CreateServiceLinkedRole",
     "arn:aws:iam::*:role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM*",
     "StringLike iam:AWSServiceName ssm.amazonaws.com", false},
    {"AmazonSSMFullAccess", "iam:DeleteServiceLinkedRole iam:GetServiceLinkedRoleDeletionStatus",
     "arn:aws:iam::*:role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM*", NULL,
     false},
    {"AmazonSSMFullAccess",
     "ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel "
     "ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel",
     "*", NULL, false},
    /* AmazonSSMReadOnlyAccess v1 */
    {"AmazonSSMReadOnlyAccess", "ssm:Describe* ssm:Get* ssm:List*", "*", NULL, false},
    /* AmazonSSMManagedInstanceCore v2 */
    {"AmazonSSMManagedInstanceCore",
     "ssm:DescribeAssociation ssm:GetDeployablePatchSnapshotForInstance ssm:GetDocument "
     "ssm:DescribeDocument ssm:GetManifest ssm:GetParameter ssm:GetParameters "
     "ssm:ListAssociations ssm:ListInstanceAssociations ssm:PutInventory "
     "ssm:PutComplianceItems ssm:PutConfigurePackageResult ssm:UpdateAssociationStatus "
     "ssm:UpdateInstanceAssociationStatus ssm:UpdateInstanceInformation "
     "ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel "
     "ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel "
     "ec2messages:AcknowledgeMessage ec2messages:DeleteMessage ec2messages:FailMessage "
     "ec2messages:GetEndpoint ec2messages:GetMessages ec2messages:SendReply",
     "*", NULL, false},
    /* CloudWatchFullAccess v4 */
    {"CloudWatchFullAccess",
     "autoscaling:Describe* cloudwatch:* logs:* sns:* iam:GetPolicy "
     "iam:GetPolicyVersion iam:GetRole oam:ListSinks",
     "*", NULL, false},
    {"CloudWatchFullAccess", "iam:CreateServiceLinkedRole",
     "arn:aws:iam::*:role/aws-service-role/events.amazonaws.com/AWSServiceRoleForCloudWatchEvents*",
     "StringLike iam:AWSServiceName events.amazonaws.com", false},
    {"CloudWatchFullAccess", "oam:ListAttachedLinks", "arn:aws:oam:*:*:sink/*", NULL, false},
    /* CloudWatchLogsFullAccess v3 */
    {"CloudWatchLogsFullAccess",
     "logs:* cloudwatch:GenerateQuery cloudwatch:GenerateQueryResultsSummary", "*", NULL, false},
    /* CloudWatchAgentServerPolicy v3 */
    {"CloudWatchAgentServerPolicy",
     "cloudwatch:PutMetricData ec2:DescribeVolumes ec2:DescribeTags logs:PutLogEvents "
     "logs:PutRetentionPolicy logs:DescribeLogStreams logs:DescribeLogGroups "
     "logs:CreateLogStream logs:CreateLogGroup xray:PutTraceSegments "
     "xray:PutTelemetryRecords xray:GetSamplingRules xray:GetSamplingTargets "
     "xray:GetSamplingStatisticSummaries",
     "*", NULL, false},
    {"CloudWatchAgentServerPolicy", "ssm:GetParameter",
     "arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*", NULL, false},
    /* AWSXRayDaemonWriteAccess v2 */
    {"AWSXRayDaemonWriteAccess",
     "xray:PutTraceSegments xray:PutTelemetryRecords xray:GetSamplingRules "
     "xray:GetSamplingTargets xray:GetSamplingStatisticSummaries",
     "*", NULL, false},
    /* AmazonEC2ContainerRegistryReadOnly v3 */
    {"AmazonEC2ContainerRegistryReadOnly",
     "ecr:GetAuthorizationToken ecr:BatchCheckLayerAvailability "
     "ecr:GetDownloadUrlForLayer ecr:GetRepositoryPolicy ecr:DescribeRepositories "
     "ecr:ListImages ecr:DescribeImages ecr:BatchGetImage ecr:GetLifecyclePolicy "
     "ecr:GetLifecyclePolicyPreview ecr:ListTagsForResource "
     "ecr:DescribeImageScanFindings",
     "*", NULL, false},
    /* AmazonEC2ContainerRegistryPowerUser v3 */
    {"AmazonEC2ContainerRegistryPowerUser",
     "ecr:GetAuthorizationToken ecr:BatchCheckLayerAvailability "
     "ecr:GetDownloadUrlForLayer ecr:GetRepositoryPolicy ecr:DescribeRepositories "
     "ecr:ListImages ecr:DescribeImages ecr:BatchGetImage ecr:GetLifecyclePolicy "
     "ecr:GetLifecyclePolicyPreview ecr:ListTagsForResource "
     "ecr:DescribeImageScanFindings ecr:InitiateLayerUpload ecr:UploadLayerPart "
     "ecr:CompleteLayerUpload ecr:PutImage",
     "*", NULL, false},
    /* AmazonEC2ContainerRegistryFullAccess v3 */
    {"AmazonEC2ContainerRegistryFullAccess", "ecr:* cloudtrail:LookupEvents", "*", NULL, false},
    {"AmazonEC2ContainerRegistryFullAccess", "iam:CreateServiceLinkedRole", "*",
     "StringEquals iam:AWSServiceName replication.ecr.amazonaws.com", false},
    /* AmazonElasticContainerRegistryPublicReadOnly v1 */
    {"AmazonElasticContainerRegistryPublicReadOnly",
     "ecr-public:GetAuthorizationToken sts:GetServiceBearerToken "
     "ecr-public:BatchCheckLayerAvailability ecr-public:GetRepositoryPolicy "
     "ecr-public:DescribeRepositories ecr-public:DescribeRegistries "
     "ecr-public:DescribeImages ecr-public:DescribeImageTags "
     "ecr-public:GetRepositoryCatalogData ecr-public:GetRegistryCatalogData",
     "*", NULL, false},
    /* AmazonS3FullAccess v2 */
    {"AmazonS3FullAccess", "s3:* s3-object-lambda:*", "*", NULL, false},
    /* AmazonS3ReadOnlyAccess v3 */
    {"AmazonS3ReadOnlyAccess",
     "s3:Get* s3:List* s3:Describe* s3-object-lambda:Get* s3-object-lambda:List*", "*", NULL,
     false},
    /* AmazonDynamoDBFullAccess v15 */
    {"AmazonDynamoDBFullAccess",
     "dynamodb:* dax:* application-autoscaling:DeleteScalingPolicy "
     "application-autoscaling:DeregisterScalableTarget "
     "application-autoscaling:DescribeScalableTargets "
     "application-autoscaling:DescribeScalingActivities "
     "application-autoscaling:DescribeScalingPolicies "
     "application-autoscaling:PutScalingPolicy "
     "application-autoscaling:RegisterScalableTarget cloudwatch:DeleteAlarms "
     "cloudwatch:DescribeAlarmHistory cloudwatch:DescribeAlarms "
     "cloudwatch:DescribeAlarmsForMetric cloudwatch:GetMetricStatistics "
     "cloudwatch:ListMetrics cloudwatch:PutMetricAlarm cloudwatch:GetMetricData "
     "datapipeline:ActivatePipeline datapipeline:CreatePipeline "
     "datapipeline:DeletePipeline datapipeline:DescribeObjects "
     "datapipeline:DescribePipelines datapipeline:GetPipelineDefinition "
     "datapipeline:ListPipelines datapipeline:PutPipelineDefinition "
     "datapipeline:QueryObjects ec2:DescribeVpcs ec2:DescribeSubnets "
     "ec2:DescribeSecurityGroups iam:GetRole iam:ListRoles kms:DescribeKey "
     "kms:ListAliases sns:CreateTopic sns:DeleteTopic sns:ListSubscriptions "
     "sns:ListSubscriptionsByTopic sns:ListTopics sns:Subscribe sns:Unsubscribe "
     "sns:SetTopicAttributes lambda:CreateFunction lambda:ListFunctions "
     "lambda:ListEventSourceMappings lambda:CreateEventSourceMapping "
     "lambda:DeleteEventSourceMapping lambda:GetFunctionConfiguration "
     "lambda:DeleteFunction resource-groups:ListGroups "
     "resource-groups:ListGroupResources resource-groups:GetGroup "
     "resource-groups:GetGroupQuery resource-groups:DeleteGroup "
     "resource-groups:CreateGroup tag:GetResources kinesis:ListStreams "
     "kinesis:DescribeStream kinesis:DescribeStreamSummary",
     "*", NULL, false},
    {"AmazonDynamoDBFullAccess", "cloudwatch:GetInsightRuleReport",
     "arn:aws:cloudwatch:*:*:insight-rule/DynamoDBContributorInsights*", NULL, false},
    {"AmazonDynamoDBFullAccess", "iam:PassRole", "*",
     "StringLike iam:PassedToService application-autoscaling.amazonaws.com "
     "application-autoscaling.amazonaws.com.cn dax.amazonaws.com",
     false},
    {"AmazonDynamoDBFullAccess", "iam:CreateServiceLinkedRole", "*",
     "StringEquals iam:AWSServiceName replication.dynamodb.amazonaws.com dax.amazonaws.com "
     "dynamodb.application-autoscaling.amazonaws.com contributorinsights.dynamodb.amazonaws.com "
     "kinesisreplication.dynamodb.amazonaws.com",
     false},
    /* AmazonSQSFullAccess v1 */
    {"AmazonSQSFullAccess", "sqs:*", "*", NULL, false},
    /* AmazonSNSFullAccess v1 */
    {"AmazonSNSFullAccess", "sns:*", "*", NULL, false},
    /* AmazonRDSFullAccess v13 */
    {"AmazonRDSFullAccess",
     "rds:* application-autoscaling:DeleteScalingPolicy "
     "application-autoscaling:DeregisterScalableTarget "
     "application-autoscaling:DescribeScalableTargets "
     "application-autoscaling:DescribeScalingActivities "
     "application-autoscaling:DescribeScalingPolicies "
     "application-autoscaling:PutScalingPolicy "
     "application-autoscaling:RegisterScalableTarget cloudwatch:DescribeAlarms "
     "cloudwatch:GetMetricStatistics cloudwatch:PutMetricAlarm cloudwatch:DeleteAlarms "
     "cloudwatch:ListMetrics cloudwatch:GetMetricData ec2:DescribeAccountAttributes "
     "ec2:DescribeAvailabilityZones ec2:DescribeCoipPools ec2:DescribeInternetGateways "
     "ec2:DescribeLocalGatewayRouteTablePermissions ec2:DescribeLocalGatewayRouteTables "
     "ec2:DescribeLocalGatewayRouteTableVpcAssociations ec2:DescribeLocalGateways "
     "ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcAttribute "
     "ec2:DescribeVpcs ec2:GetCoipPoolUsage sns:ListSubscriptions sns:ListTopics "
     "sns:Publish logs:DescribeLogStreams logs:GetLogEvents "
     "outposts:GetOutpostInstanceTypes devops-guru:GetResourceCollection",
     "*", NULL, false},
    {"AmazonRDSFullAccess", "pi:*", "arn:aws:pi:*:*:metrics/rds/*", NULL, false},
    {"AmazonRDSFullAccess", "iam:CreateServiceLinkedRole", "*",
     "StringLike iam:AWSServiceName rds.amazonaws.com rds.application-autoscaling.amazonaws.com",
     false},
    {"AmazonRDSFullAccess", "devops-guru:SearchInsights devops-guru:ListAnomaliesForInsight", "*",
     "ForAllValues:StringEquals devops-guru:ServiceNames RDS", false},
    /* AmazonEC2ContainerServiceEventsRole v3 */
    {"AmazonEC2ContainerServiceEventsRole", "ecs:RunTask", "*", NULL, false},
    {"AmazonEC2ContainerServiceEventsRole", "iam:PassRole", "*",
     "StringLike iam:PassedToService ecs-tasks.amazonaws.com", false},
    {"AmazonEC2ContainerServiceEventsRole", "ecs:TagResource", "*",
     "StringEquals ecs:CreateAction RunTask", false},
    /* AmazonEC2ContainerServiceforEC2Role v7 */
    {"AmazonEC2ContainerServiceforEC2Role",
     "ec2:DescribeTags ecs:CreateCluster ecs:DeregisterContainerInstance "
     "ecs:DiscoverPollEndpoint ecs:Poll ecs:RegisterContainerInstance "
     "ecs:StartTelemetrySession ecs:UpdateContainerInstancesState ecs:Submit* "
     "ecr:GetAuthorizationToken ecr:BatchCheckLayerAvailability "
     "ecr:GetDownloadUrlForLayer ecr:BatchGetImage logs:CreateLogStream "
     "logs:PutLogEvents",
     "*", NULL, false},
    {"AmazonEC2ContainerServiceforEC2Role", "ecs:TagResource", "*",
     "StringEquals ecs:CreateAction CreateCluster RegisterContainerInstance", false},
    /* AWSLambdaBasicExecutionRole v1 */
    {"AWSLambdaBasicExecutionRole", "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents",
     "*", NULL, false},
    /* AWSLambdaVPCAccessExecutionRole v3 */
    {"AWSLambdaVPCAccessExecutionRole",
     "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents "
     "ec2:CreateNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets "
     "ec2:DeleteNetworkInterface ec2:AssignPrivateIpAddresses "
     "ec2:UnassignPrivateIpAddresses",
     "*", NULL, false},
};
enum { MANAGED_COUNT = sizeof managed_statements / sizeof managed_statements[0] };

bool eg_statements_know(struct eg_str name) {
    for (size_t i = 0; i < MANAGED_COUNT; i++)
        if (eg_str_is(name, managed_statements[i].policy))
            return true;
    return false;
}

/* The text up to the next blank, taken off *REST with the blank. */
static struct eg_str take_word(struct eg_str *rest) {
    size_t end = eg_str_find(*rest, EG_STR(" "), 0);
    struct eg_str word = eg_str_slice(*rest, 0, end);
    *rest = end == SIZE_MAX ? EG_STR("") : eg_str_from_offset(*rest, end + 1);
    return word;
}

static const struct eg_node *words(const struct eg_item *item, struct eg_str rest) {
    struct eg_list_builder list;
    eg_list_begin(&list, item->build->arena);
    while (rest.length > 0)
        eg_list_add(&list, eg_item_text(item, take_word(&rest), item->object.raw));
    return eg_list_node(&list, item->object.raw);
}

static void set_condition(struct eg_item *statement, const char *text) {
    struct eg_list_builder list;
    eg_list_begin(&list, statement->build->arena);
    if (text != NULL) {
        struct eg_str rest = eg_str_from(text);
        struct eg_item *condition =
            eg_item_part(statement, "StatementCondition", statement->object.raw);
        eg_item_set_text(condition, "operator", take_word(&rest));
        eg_item_set_text(condition, "key", take_word(&rest));
        eg_item_set(condition, "values", words(condition, rest));
        eg_list_add(&list, condition->node);
    }
    eg_item_set(statement, "conditions", eg_list_node(&list, statement->object.raw));
    eg_item_set_bool(statement, "hasCondition", text != NULL);
}

void eg_statements_add_managed(struct eg_links *links, const struct eg_policy_source *source,
                               struct eg_str name) {
    for (size_t i = 0; i < MANAGED_COUNT; i++) {
        const struct managed_statement *managed = &managed_statements[i];
        if (!eg_str_is(name, managed->policy))
            continue;
        struct eg_item *statement = eg_item_part(source->item, "Statement", source->name);
        eg_item_set_text(statement, "effect", EG_STR("Allow"));
        eg_item_set(statement, managed->all_but ? "notActions" : "actions",
                    words(statement, eg_str_from(managed->actions)));
        eg_item_set(statement, "resources", words(statement, eg_str_from(managed->resources)));
        set_condition(statement, managed->condition);
        eg_item_set_text(statement, "policyName", name);
        eg_item_set_bool(statement, "isAwsManaged", true);
        eg_links_add(links, statement);
    }
}
