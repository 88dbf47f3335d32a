/* Which attribute of a resource Ref gives, and which attributes resources have. Called for every
 * Ref and Fn::GetAtt.
 *
 * Ref gives a resource's primary identifier. Where that is also an attribute for Fn::GetAtt, both
 * are one value and must compare as one. The table holds the primary identifiers and read-only
 * properties of the registry's resource schemas ("primaryIdentifier", "readOnlyProperties"), and
 * the return values in the CloudFormation template reference where these differ:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */
#include "resolve/resolver.h"

static const struct {
    const char *type;
    const char *ref; /* the attribute that Ref gives; NULL: a name or the like, no attribute */
    /* All attributes, each between spaces, where they are checked; NULL: not checked. */
    const char *attributes;
} types[] = {
    {"AWS::ApplicationAutoScaling::ScalableTarget", "Id", NULL},
    {"AWS::ApplicationAutoScaling::ScalingPolicy", "Arn", NULL},
    {"AWS::CertificateManager::Certificate", "CertificateArn", NULL},
    {"AWS::EC2::EIP", "PublicIp", " PublicIp AllocationId "},
    {"AWS::EC2::EgressOnlyInternetGateway", "Id", NULL},
    {"AWS::EC2::Instance", "InstanceId", NULL},
    {"AWS::EC2::InternetGateway", "InternetGatewayId", " InternetGatewayId "},
    {"AWS::EC2::LaunchTemplate", "LaunchTemplateId", NULL},
    {"AWS::EC2::NatGateway", "NatGatewayId", NULL},
    {"AWS::EC2::NetworkAcl", "Id", NULL},
    {"AWS::EC2::NetworkInterface", "Id", NULL},
    {"AWS::EC2::PrefixList", "PrefixListId", NULL},
    {"AWS::EC2::RouteTable", "RouteTableId", " RouteTableId "},
    {"AWS::EC2::SecurityGroup", "GroupId", " GroupId GroupName Id VpcId "},
    {"AWS::EC2::SecurityGroupEgress", "Id", NULL},
    {"AWS::EC2::SecurityGroupIngress", "Id", NULL},
    {"AWS::EC2::Subnet", "SubnetId", NULL},
    {"AWS::EC2::SubnetRouteTableAssociation", "Id", NULL},
    {"AWS::EC2::TransitGateway", "Id", NULL},
    {"AWS::EC2::VPC", "VpcId", NULL},
    {"AWS::EC2::VPCEndpoint", "Id", NULL},
    {"AWS::EC2::VPCPeeringConnection", "Id", NULL},
    {"AWS::EC2::VPNGateway", "VPNGatewayId", NULL},
    {"AWS::ECR::Repository", NULL, " Arn RepositoryUri "},
    {"AWS::ECS::CapacityProvider", NULL, NULL},
    {"AWS::ECS::Cluster", NULL, " Arn "},
    {"AWS::ECS::ExpressGatewayService", "ServiceArn", NULL},
    {"AWS::ECS::Service", "ServiceArn", " ServiceArn Name "},
    {"AWS::ECS::TaskDefinition", "TaskDefinitionArn", " TaskDefinitionArn "},
    {"AWS::EFS::AccessPoint", "AccessPointId", NULL},
    {"AWS::EFS::FileSystem", "FileSystemId", NULL},
    {"AWS::EFS::MountTarget", "Id", NULL},
    {"AWS::ElasticLoadBalancingV2::Listener", "ListenerArn", " ListenerArn "},
    {"AWS::ElasticLoadBalancingV2::ListenerRule", "RuleArn", NULL},
    {"AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerArn", NULL},
    {"AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupArn",
     " TargetGroupArn TargetGroupName TargetGroupFullName LoadBalancerArns "},
    {"AWS::IAM::InstanceProfile", NULL, " Arn InstanceProfileId "},
    {"AWS::IAM::ManagedPolicy", "PolicyArn", NULL},
    {"AWS::IAM::OIDCProvider", "Arn", NULL},
    {"AWS::IAM::Policy", "Id", NULL},
    {"AWS::IAM::Role", NULL, " Arn RoleId "},
    {"AWS::KMS::Key", "KeyId", " Arn KeyId "},
    {"AWS::Lambda::Alias", "AliasArn", NULL},
    {"AWS::Lambda::Version", "FunctionArn", NULL},
    {"AWS::Logs::LogGroup", NULL, " Arn "},
    {"AWS::Route53::HostedZone", "Id", NULL},
    {"AWS::SNS::Topic", "TopicArn", " TopicArn TopicName "},
    {"AWS::SQS::Queue", "QueueUrl", " Arn QueueName QueueUrl "},
    {"AWS::SecretsManager::Secret", "Arn", " Id "}, /* see eg_attribute_canonical */
    {"AWS::SecretsManager::SecretTargetAttachment", "Arn", NULL},
    {"AWS::ServiceDiscovery::HttpNamespace", "Id", NULL},
    {"AWS::ServiceDiscovery::PrivateDnsNamespace", "Id", NULL},
    {"AWS::ServiceDiscovery::PublicDnsNamespace", "Id", NULL},
    {"AWS::ServiceDiscovery::Service", "Id", NULL},
    {"AWS::StepFunctions::StateMachine", "Arn", NULL},
};

enum { TYPE_COUNT = sizeof types / sizeof *types };

/* The table is sorted by bytes. */
static size_t find_type(struct eg_str type) {
    size_t low = 0, high = TYPE_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = eg_str_compare(eg_str_from(types[middle].type), type);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return TYPE_COUNT;
}

struct eg_str eg_attribute_of_ref(struct eg_str type) {
    size_t found = find_type(type);
    if (found == TYPE_COUNT || types[found].ref == NULL)
        return EG_STR("Ref");
    return eg_str_from(types[found].ref);
}

struct eg_str eg_attribute_canonical(struct eg_str type, struct eg_str attribute) {
    if (!eg_str_is(attribute, "Id"))
        return attribute;
    /* The registry's name of a security group's identifier. */
    if (eg_str_is(type, "AWS::EC2::SecurityGroup"))
        return EG_STR("GroupId");
    /* A secret's only attribute, Id, is its ARN, as is what Ref gives; by the name Arn it is known
     * to be one. */
    if (eg_str_is(type, "AWS::SecretsManager::Secret") ||
        eg_str_is(type, "AWS::SecretsManager::SecretTargetAttachment"))
        return EG_STR("Arn");
    return attribute;
}

bool eg_attribute_is_wrong(struct eg_str type, struct eg_str attribute, const char **ret_known) {
    size_t found = find_type(type);
    if (found == TYPE_COUNT || types[found].attributes == NULL)
        return false;
    *ret_known = types[found].attributes;
    struct eg_str known = eg_str_from(types[found].attributes);
    for (size_t at = eg_str_find(known, attribute, 0); at != SIZE_MAX && attribute.length > 0;
         at = eg_str_find(known, attribute, at + 1))
        if (known.data[at - 1] == ' ' && known.data[at + attribute.length] == ' ')
            return false;
    return true;
}
