#!/usr/bin/env python3
"""Writes schemas/resources/: what CloudFormation and the ECS API accept, one file per resource type.

    pip download --no-deps cfn-lint==1.58.0 botocore==1.44.5
    python3 tools/resources/make.py cfn_lint-*.whl botocore-*.whl

The facts are those of CloudFormation's registry schemas, in the form that the package cfn-lint
carries them (corrected by its maintainers where AWS's own schema is wrong), and of the ECS API's
service model, which the package botocore carries. Names, types, required properties, allowed
values, ranges and exclusions are kept; descriptions and patterns are not (the patterns are often
wrong). The form of the files is described in src/model/shape_type.h, which tells how to read them.
"""

import gzip
import json
import re
import sys
import zipfile
from pathlib import Path

OUTPUT = Path(__file__).resolve().parents[2] / "schemas" / "resources"

# The types of the model (docs/model.md) and those that stand beside them in ECS templates.
TYPES = """
ApplicationAutoScaling::* AutoScaling::AutoScalingGroup AutoScaling::LaunchConfiguration
CertificateManager::Certificate CloudTrail::Trail CloudWatch::Alarm CloudWatch::CompositeAlarm
CloudWatch::Dashboard CodeDeploy::* DocDB::DBCluster DocDB::DBInstance DynamoDB::Table
EC2::EIP EC2::EgressOnlyInternetGateway EC2::FlowLog EC2::Instance EC2::InternetGateway
EC2::LaunchTemplate EC2::NatGateway EC2::NetworkAcl EC2::NetworkAclEntry EC2::NetworkInterface
EC2::PrefixList EC2::Route EC2::RouteTable EC2::SecurityGroup EC2::SecurityGroupEgress
EC2::SecurityGroupIngress EC2::Subnet EC2::SubnetCidrBlock EC2::SubnetNetworkAclAssociation
EC2::SubnetRouteTableAssociation EC2::TransitGatewayAttachment EC2::TransitGatewayVpcAttachment
EC2::VPC EC2::VPCCidrBlock EC2::VPCEndpoint EC2::VPCGatewayAttachment EC2::VPCPeeringConnection
ECR::PublicRepository ECR::PullThroughCacheRule ECR::RegistryPolicy ECR::ReplicationConfiguration
ECR::Repository ECS::* EFS::* ElastiCache::CacheCluster ElastiCache::ParameterGroup
ElastiCache::ReplicationGroup ElastiCache::ServerlessCache ElastiCache::SubnetGroup
ElasticLoadBalancing::LoadBalancer ElasticLoadBalancingV2::* Events::EventBus Events::Rule
IAM::AccessKey IAM::Group IAM::GroupPolicy IAM::InstanceProfile IAM::ManagedPolicy IAM::Policy
IAM::Role IAM::RolePolicy IAM::ServiceLinkedRole IAM::User IAM::UserPolicy
KMS::Alias KMS::Key Neptune::DBCluster Neptune::DBInstance Lambda::Function Lambda::Permission
Logs::LogGroup Logs::LogStream Logs::MetricFilter Logs::ResourcePolicy Logs::SubscriptionFilter
Pipes::Pipe RDS::DBCluster RDS::DBClusterParameterGroup RDS::DBInstance RDS::DBParameterGroup
RDS::DBProxy RDS::DBProxyTargetGroup RDS::DBSubnetGroup RDS::GlobalCluster
Route53::HostedZone Route53::RecordSet S3::AccessPoint S3::Bucket S3::BucketPolicy
SNS::* SQS::Queue SQS::QueuePolicy SSM::Parameter Scheduler::* SecretsManager::*
ServiceDiscovery::* StepFunctions::StateMachine WAFv2::WebACLAssociation
""".split()

# Lists of allowed values that grow all the time: a value that is not in them may well be right.
OPEN_VALUES = {
    ("AWS::Lambda::Function", "Runtime"),
    ("AWS::EC2::LaunchTemplate", "ResourceType"),
    ("AWS::ApplicationAutoScaling::ScalingPolicy", "PredefinedMetricType"),
    # ECS takes what it doesn't know for tcp.
    ("AWS::ECS::TaskDefinition", "Protocol"),
    ("AWS::ECS::TaskDefinition", "protocol"),
}

# What is accepted beside what the source says.
ALSO_ACCEPTED = {
    # A single rule for a list of one, as public templates that are in use give it.
    ("AWS::EC2::SecurityGroup", "SecurityGroupIngress"): "Ingress",
    ("AWS::EC2::SecurityGroup", "SecurityGroupEgress"): "Egress",
    # A local path, which `aws cloudformation package` replaces.
    ("AWS::Lambda::Function", "Code"): "string",
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location"): "string",
}

# Demands of the source that a deployment doesn't make.
NOT_DEMANDED = {
    # A group without VpcId is made in the default VPC, with its egress rules.
    ("AWS::EC2::SecurityGroup", "with", "SecurityGroupEgress"),
}

# The ECS API's operations and structures whose members one kind of document may have: a request,
# or what describe prints of the object.
API_DOCUMENTS = {
    "ECS-TaskDefinition": ["RegisterTaskDefinitionRequest", "TaskDefinition"],
    "ECS-Service": ["CreateServiceRequest", "UpdateServiceRequest", "Service"],
    "ECS-TaskSet": ["CreateTaskSetRequest", "TaskSet"],
    "ECS-RunTask": ["RunTaskRequest", "StartTaskRequest"],
    "ECS-Cluster": ["CreateClusterRequest", "Cluster"],
}

SCALARS = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


class Source:
    """Conversion of one registry schema."""

    def __init__(self, schema):
        self.schema = schema
        self.type = schema["typeName"]
        self.structures = {}

    def resolve(self, node):
        """The node with its $ref followed; what stands beside the $ref wins."""
        while "$ref" in node:
            target = self.schema
            for part in node["$ref"].split("/")[1:]:
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = {**target, **{k: v for k, v in node.items() if k != "$ref"}}
        return node

    def structure_name(self, node, owner):
        """Definitions keep their name; structures written in place are named by their path."""
        match = re.fullmatch(r"#/definitions/(\w+)", node.get("$ref", ""))
        return match.group(1) if match else owner

    def value(self, node, owner, key):
        name = self.structure_name(node, owner)
        node = merge_alternatives(self.resolve(node), self)
        kinds = node.get("type")
        if isinstance(kinds, list):
            return self.alternatives([{**node, "type": kind} for kind in kinds], owner, key)
        if kinds is None:
            alternatives = [self.resolve(a) for a in node.get("oneOf", node.get("anyOf", []))]
            if alternatives and all("type" in a for a in alternatives):
                return self.alternatives(alternatives, owner, key)
            if "properties" in node:
                kinds = "object"
            else:
                return "json"
        if kinds == "object":
            return self.object(node, name)
        if kinds == "array":
            return self.list(node, owner, key)
        return self.scalar(node, kinds, key)

    def also(self, key, value):
        other = ALSO_ACCEPTED.get((self.type, key))
        return {"any": [value, other]} if other else value

    def alternatives(self, nodes, owner, key):
        values = []
        for node in nodes:
            value = self.value(node, owner, key)
            if value not in values:
                values.append(value)
        plain = [v for v in values if isinstance(v, str)]
        if "integer" in plain and "string" in plain or len(values) > 3:
            return "json"
        return values[0] if len(values) == 1 else {"any": values}

    def list(self, node, owner, key):
        element = self.value(node.get("items", {}), owner, key)
        bounds = {}
        if node.get("minItems"):
            bounds["min"] = node["minItems"]
        if "maxItems" in node:
            bounds["max"] = node["maxItems"]
        return {"list": element, **bounds} if bounds else [element]

    def scalar(self, node, kind, key):
        value = {"is": SCALARS[kind]}
        allowed = node.get("enum") or ([node["const"]] if "const" in node else None)
        if allowed and (self.type, key) not in OPEN_VALUES:
            value["values"] = allowed
        elif "enumCaseInsensitive" in node:
            value["values"] = node["enumCaseInsensitive"]
            value["nocase"] = True
        if kind in ("integer", "number"):
            low, high = node.get("minimum"), node.get("maximum")
        else:
            low, high = node.get("minLength"), node.get("maxLength")
        if low is not None and (low or kind != "string"):
            value["min"] = low
        if high is not None:
            value["max"] = high
        return value["is"] if len(value) == 1 else value

    def object(self, node, name):
        if not node.get("properties"):
            patterns = list(node.get("patternProperties", {}).values())
            if len(patterns) == 1 and isinstance(patterns[0].get("type"), str):
                return {"map": self.value(patterns[0], name, "")}
            return "map"
        if name not in self.structures:
            self.structures[name] = None  # ends recursion
            self.structures[name] = self.members(node, name)
        return name

    def members(self, node, name):
        prefix = name + "." if name else ""
        result = {"properties": {
            key: self.also(key, self.value(child, prefix + key, key))
            for key, child in sorted(node["properties"].items())}}
        if node.get("required"):
            result["required"] = sorted(node["required"])
        one, some = [], []
        if node.get("requiredXor"):
            one.append(node["requiredXor"])
        if node.get("requiredOr"):
            some.append(node["requiredOr"])
        for keyword, groups in (("oneOf", one), ("anyOf", some)):
            names = [a["required"][0] for a in node.get(keyword, [])
                     if list(a) == ["required"] and len(a["required"]) == 1]
            if names and len(names) == len(node[keyword]) and sorted(names) not in map(sorted, one):
                groups.append(names)
        if one:
            result["one"] = one
        if some:
            result["some"] = some
        excluded = {k: v for k, v in node.get("dependentExcluded", {}).items()
                    if [x for x in v if x != k and k != name]}
        excluded = {k: [x for x in v if x in node["properties"] and x != k]
                    for k, v in excluded.items() if k in node["properties"]}
        excluded = {k: v for k, v in excluded.items() if v}
        if excluded:
            result["without"] = excluded
        together = {k: v for word in ("dependentRequired", "dependencies")
                    for k, v in node.get(word, {}).items()
                    if isinstance(v, list) and (self.type, "with", k) not in NOT_DEMANDED}
        if together:
            result["with"] = together
        if node.get("additionalProperties") not in (False, None) or node.get("patternProperties"):
            result["open"] = True
        return result

    def resource(self):
        node = self.schema
        result = self.members(node, "")
        paths = [p.split("/")[2:] for p in node.get("readOnlyProperties", [])]
        read_only = sorted({p[0] for p in paths if len(p) == 1 and p[0] in result["properties"]}
                           - set(node.get("required", [])))
        if read_only:
            result["read-only"] = read_only
        attributes = sorted({".".join(p) for p in paths if "*" not in p})
        if self.type in ALL_ATTRIBUTES:
            attributes = sorted(set(attributes) | set(result["properties"]))
        if attributes:
            result["attributes"] = attributes
        return result


# Types that were made before the registry give all their properties as attributes, or some more.
ALL_ATTRIBUTES = {
    "AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance", "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet", "AWS::EC2::VPC", "AWS::EFS::MountTarget",
    "AWS::ElastiCache::ReplicationGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::Events::EventBus", "AWS::RDS::DBInstance", "AWS::RDS::DBParameterGroup",
    "AWS::S3::AccessPoint", "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::SSM::Parameter",
    "AWS::ServiceDiscovery::Service",
}


def merge_alternatives(node, source):
    """oneOf whole structures: one structure with the properties of all, of which one must be."""
    alternatives = [source.resolve(a) for a in node.get("oneOf", [])]
    if not alternatives or not all(a.get("properties") for a in alternatives):
        return node
    properties = {k: v for a in alternatives for k, v in a["properties"].items()}
    merged = {"type": "object", "properties": {**node.get("properties", {}), **properties}}
    if all(len(a["properties"]) == 1 for a in alternatives):
        merged["requiredXor"] = list(properties)
    return merged


class Api:
    """Conversion of the ECS API's service model."""

    def __init__(self, kind, model, ranges):
        self.type = kind
        self.shapes = model["shapes"]
        self.ranges = ranges  # (structure, member) in lower case to a CloudFormation value
        self.structures = {}

    def value(self, name, owner, member):
        shape = self.shapes[name]
        kind = shape["type"]
        if kind == "structure":
            return self.structure(name)
        if kind == "list":
            return [self.value(shape["member"]["shape"], "", "")]
        if kind == "map":
            return {"map": self.value(shape["value"]["shape"], "", "")}
        if kind == "timestamp":
            return "json"
        if kind in ("integer", "long"):
            known = self.ranges.get((owner.lower(), member.lower()))
            return known if known else "integer"
        if kind in ("double", "float"):
            return "number"
        if shape.get("enum") and (self.type, member) not in OPEN_VALUES:
            return {"is": "string", "values": shape["enum"]}
        return kind

    def structure(self, name):
        if name not in self.structures:
            self.structures[name] = None
            shape = self.shapes[name]
            result = self.members([name])
            if shape.get("required"):
                result["required"] = sorted(shape["required"])
            self.structures[name] = result
        return name

    def members(self, names):
        members = {}
        for name in names:
            for key, member in self.shapes[name]["members"].items():
                members.setdefault(key, self.value(member["shape"], name, key))
        return {"properties": dict(sorted(members.items()))}


def integer_ranges(structures):
    return {(name.lower(), key.lower()): value
            for name, structure in structures.items()
            for key, value in structure["properties"].items()
            if isinstance(value, dict) and value.get("is") == "integer"}


def write(name, kind, origin, resource, structures):
    """One structure a line: small differences between two versions of the source."""
    compact = lambda value: json.dumps(value, separators=(",", ":"))
    lines = [f'{json.dumps(key)}:{compact(value)}' for key, value in sorted(structures.items())]
    (OUTPUT / f"{name}.json").write_text(
        f'{{"type":{json.dumps(kind)},"source":{json.dumps(origin)},\n'
        f'"resource":{compact(resource)},\n'
        '"structures":{' + ",".join("\n" + line for line in lines) + "}}\n")


def version(wheel):
    return Path(wheel).name.split("-")[1]


def main(lint_wheel, boto_wheel):
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for old in OUTPUT.glob("*.json"):
        old.unlink()
    ranges = {}
    with zipfile.ZipFile(lint_wheel) as archive:
        folder = "cfnlint/data/schemas/"
        read = lambda path: json.loads(archive.read(folder + path))
        date = read("version.json")["schema_date"][:10]
        origin = f"CloudFormation registry schemas of {date}, by cfn-lint {version(lint_wheel)}"
        files = read("providers/us-east-1.json")
        wanted = re.compile("AWS::(" + "|".join(t.replace("*", r"\w+") for t in TYPES) + ")")
        for kind in sorted(filter(wanted.fullmatch, files)):
            source = Source(read(f"resources/{files[kind]}.json"))
            resource = source.resource()
            write(kind.replace("::", "-"), kind, origin, resource, source.structures)
            if kind in ("AWS::ECS::TaskDefinition", "AWS::ECS::Service"):
                ranges.update(integer_ranges(source.structures))
    with zipfile.ZipFile(boto_wheel) as archive:
        path = next(n for n in archive.namelist()
                    if re.search(r"/data/ecs/[^/]+/service-2\.json", n))
        data = archive.read(path)
        model = json.loads(gzip.decompress(data) if path.endswith(".gz") else data)
        origin = f"ECS API of {model['metadata']['apiVersion']}, by botocore {version(boto_wheel)}"
        for name, shapes in API_DOCUMENTS.items():
            kind = name.replace("ECS-", "AWS::ECS::")
            api = Api(kind, model, ranges)
            resource = api.members(shapes)
            write(name, kind, origin, resource, api.structures)


if __name__ == "__main__":
    main(*sys.argv[1:])
