"""checks: what other tools' checks mean in rules of ours, where the rules' same-as numbers don't say it.

MEANING: their check → {our rule: names of its checks that mean it, or [] for all}. It overrides same-as,
which names the rules that come nearest and may demand more.
NOT_OURS: their check → why no rule of ours is compared.
PARAMETERS: file → values that its label supposes.
"""

# A wildcard action in a policy is refused by one rule if it makes an administrator, by another else.
WIDE = {"ECS-IAM-001": [], "ECS-IAM-002": [], "ECS-IAM-003": []}
PASS_ROLE = {"ECS-IAM-002": ["sensitive"], "ECS-IAM-003": []}
FULL = {"ECS-IAM-001": [], "ECS-IAM-002": ["service"]}
OPEN = {"ECS-SG-001": [], "ECS-SG-004": [], "ECS-SG-005": [], "ECS-SG-007": []}
PLAIN = {"ECS-LB-001": ["plain", "redirect", "pass-through"]}
LOGGED = {"ECS-OBS-005": ["enabled"]}

MEANING = {
    # trust policies
    "CKV_AWS_60": {"ECS-ROLE-004": ["everyone"]},
    "CKV_AWS_61": {"ECS-ROLE-004": ["account"]},
    "IAM_ROLE_NO_ALLOW_PLUS_NOT_PRINCIPAL": {"ECS-ROLE-004": ["not-principal"]},
    "F6": {"ECS-ROLE-004": ["not-principal"]},
    # permissions
    "CKV_AWS_62": {"ECS-IAM-001": []},
    "CKV_AWS_63": WIDE,
    "CKV_AWS_109": {"ECS-IAM-001": [], "ECS-IAM-002": ["sensitive"], "ECS-IAM-003": []},
    "CKV_AWS_111": {"ECS-IAM-001": [], "ECS-IAM-002": ["sensitive", "service"], "ECS-IAM-003": []},
    "AWS-0057": WIDE,
    "F3": WIDE,
    "F4": WIDE,
    "F5": WIDE,
    "W12": WIDE,
    "W13": WIDE,
    "W15": WIDE,
    "W16": WIDE,
    "W17": WIDE,
    "W21": WIDE,
    "W22": WIDE,
    "W23": WIDE,
    "W43": {"ECS-IAM-001": []},
    "W44": WIDE,
    "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS": {"ECS-IAM-001": []},
    "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS": FULL,
    "IAM_MANAGEDPOLICY_NO_STATEMENTS_WITH_FULL_ACCESS": FULL,
    "IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS": WIDE,
    "IAM_POLICYDOCUMENT_NO_WILDCARD_RESOURCE": WIDE,
    "IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE": {"ECS-IAM-001": []},
    "IAM_ROLE_ELEVATED_MANAGED_POLICY_RULE": WIDE,
    "IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_ACTION": WIDE,
    "IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_RESOURCE": WIDE,
    "IAM_POLICY_NO_WILDCARD_RESOURCE_ON_PASSROLE": PASS_ROLE,
    "IAM_ROLE_NO_WILDCARD_RESOURCE_ON_PASSROLE": PASS_ROLE,
    "IamManagedPolicyPassRoleResourceWildcard": PASS_ROLE,
    "IamPolicyPassRoleResourceWildcard": PASS_ROLE,
    "IamRolePassRoleResourceWildcard": PASS_ROLE,
    # security groups
    "W2": OPEN,
    "EC2_SECURITY_GROUP_INGRESS_OPEN_TO_WORLD_RULE": OPEN,
    "AWS-0107": OPEN,
    "CKV_AWS_24": OPEN,
    "CKV_AWS_25": OPEN,
    "CKV_AWS_260": OPEN,
    "INCOMING_SSH_DISABLED": OPEN,
    "RESTRICTED_INCOMING_TRAFFIC": OPEN,
    "W42": {"ECS-SG-003": []},
    "W27": {"ECS-SG-003": []},
    "SECURITY_GROUP_INGRESS_PORT_RANGE_RULE": {"ECS-SG-003": []},
    "W9": {**OPEN, "ECS-SG-002": ["networks"]},
    "SECURITY_GROUP_INGRESS_CIDR_NON_32_RULE": {**OPEN, "ECS-SG-002": ["networks"]},
    "SECURITY_GROUP_INGRESS_ALL_PROTOCOLS_RULE": {"ECS-SG-003": []},
    "W5": {"ECS-SG-008": ["open"]},
    "W40": {"ECS-SG-008": ["open"]},
    "SECURITY_GROUP_EGRESS_ALL_PROTOCOLS_RULE": {"ECS-SG-008": ["open"]},
    "AWS-0104": {"ECS-SG-008": ["open"]},
    "EC2_SECURITY_GROUP_EGRESS_OPEN_TO_WORLD_RULE": {"ECS-SG-008": ["open"]},
    "SECURITY_GROUP_MISSING_EGRESS_RULE": {"ECS-SG-008": ["stated"]},
    # load balancers
    "ALBRedirectHTTPtoHTTPS": PLAIN,
    "AWS-0047": {"ECS-LB-002": []},
    "AWS-0054": PLAIN,
    "CKV_AWS_2": PLAIN,
    "W55": {"ECS-LB-002": []},
    "W56": PLAIN,
    "ELBV2_LISTENER_PROTOCOL_RULE": PLAIN,
    "ELBV2_ACM_CERTIFICATE_REQUIRED": {"ECS-LB-001": ["certificate"]},
    "W52": LOGGED,
    "CKV_AWS_91": LOGGED,
    "ELBV2_ACCESS_LOGGING_RULE": LOGGED,
    "CKV_AWS_131": {"ECS-LB-003": ["headers"]},
    "AWS-0052": {"ECS-LB-003": ["headers"]},
    "ALB_HTTP_DROP_INVALID_HEADER_ENABLED": {"ECS-LB-003": ["headers"]},
    "ELB_DELETION_PROTECTION_ENABLED": {"ECS-LB-003": ["deletion"]},
    # the rest
    "CKV_AWS_45": {"ECS-SEC-006": []},
    "CKV_AWS_46": {"ECS-SEC-006": []},
    "CKV_AWS_384": {"ECS-SEC-007": []},
    "ecs_task_definitions_no_environment_secrets": {"ECS-SEC-001": []},
    "F32": {"ECS-DATA-002": []},
    "W79": {"ECS-ECR-001": []},
    "W86": {"ECS-LOG-004": []},
}

EC2 = "about EC2 instances, which are no ECS tasks"
CUSTOMER_KEY = "demands a customer's key; encrypted with AWS's key it is encrypted, and whose key is a matter of taste"
CLASSIC = "about Classic Load Balancers, which ECS tasks in awsvpc mode can't use"
ONE_ADDRESS = "refuses every address range that isn't a single address, a load balancer's network included"
PORT_RANGE = "refuses every range of ports; which ports a task needs its container ports tell"
DESCRIPTION = "a description changes nothing about who gets in"
TRUST_ACTION = "IAM itself refuses a trust policy with other actions than STS's"

NOT_OURS = {
    "AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED": EC2,
    "AWS-0009": EC2,
    "CKV_AWS_88": EC2,
    "EC2_INSTANCE_NO_PUBLIC_IP": EC2,
    "AWS-0017": CUSTOMER_KEY,
    "CLOUDWATCH_LOG_GROUP_ENCRYPTED": CUSTOMER_KEY,
    "CKV_AWS_149": CUSTOMER_KEY,
    "W77": CUSTOMER_KEY,
    "W84": CUSTOMER_KEY,
    "CKV_AWS_92": CLASSIC,
    "ELB_PREDEFINED_SECURITY_POLICY_SSL_CHECK": CLASSIC,
    "ELB_TLS_HTTPS_LISTENERS_ONLY": CLASSIC,
    "W29": PORT_RANGE,
    "SECURITY_GROUP_EGRESS_PORT_RANGE_RULE": PORT_RANGE,
    "W36": DESCRIPTION,
    "CKV_AWS_23": DESCRIPTION,
    "SECURITY_GROUP_DESCRIPTION_RULE": DESCRIPTION,
    "F2": TRUST_ACTION,
    "W14": TRUST_ACTION,
    "IAM_ROLE_NO_FULL_ACCESS_ON_TRUST_POLICY": TRUST_ACTION,
    "IAM_ROLE_NO_ALLOW_PLUS_NOT_ACTION_ON_TRUST_POLICY": TRUST_ACTION,
    "CKV_AWS_33": "about the policies of keys",
    "CKV_AWS_40": "about users",
    "CKV_AWS_58": "about EKS",
    "SageMakerIAMPolicyOverlyPermissiveToAllTraffic": "about SageMaker",
    "AWS-0053": "refuses every internet-facing load balancer; a public service has one",
    "AWS-0105": "about network ACLs, which only narrow what security groups admit",
    "AWS-0164": "addresses for what a subnet launches; a task's public address is its service's decision (ECS-NET-002)",
    "SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED": "as AWS-0164",
    "W33": "as AWS-0164",
}

PARAMETERS = {
    "bad_cidr_in_parameter.yml": ["BadCidr=::/0"],
}
