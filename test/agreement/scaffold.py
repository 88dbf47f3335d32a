"""scaffold: puts what a template holds to use, by a task.

Roles become the role of a task, policies those of such a role, security groups those of a service, and task
definitions are run by a service. What is added passes the rules itself; its names tell for whom it was
added, so that a verdict on it counts for that.
"""

SUFFIX = "UsedByTask"

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
        }
    ],
}


def original(name):
    """The resource for which this one was added, or itself."""
    return name.split(SUFFIX)[0] if name else name


def task(role=None):
    properties = {
        "NetworkMode": "awsvpc",
        "RequiresCompatibilities": ["FARGATE"],
        "Cpu": "256",
        "Memory": "512",
        "ContainerDefinitions": [
            {"Name": "app", "Image": "public.ecr.aws/docker/library/busybox:1.36.1", "PortMappings": [{"ContainerPort": 8080}]}
        ],
    }
    if role is not None:
        properties["TaskRoleArn"] = role
    return {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}


def service(task_name, group_id):
    return {
        "Type": "AWS::ECS::Service",
        "Properties": {
            "LaunchType": "FARGATE",
            "TaskDefinition": {"Ref": task_name},
            "NetworkConfiguration": {
                "AwsvpcConfiguration": {
                    "AssignPublicIp": "DISABLED",
                    "Subnets": ["subnet-0123456789abcdef0"],
                    "SecurityGroups": [group_id],
                }
            },
        },
    }


def use_role(added, name, attribute):
    added[name + SUFFIX] = task({"Fn::GetAtt": [attribute, "Arn"]})


def use_policy(added, name, resource):
    """A role with the policy, and a task with the role."""
    role = name + SUFFIX + "Role"
    properties = {"AssumeRolePolicyDocument": TRUST}
    if resource["Type"] == "AWS::IAM::ManagedPolicy":
        properties["ManagedPolicyArns"] = [{"Ref": name}]
    else:
        given = resource.setdefault("Properties", {})
        roles = given.get("Roles")
        given["Roles"] = (roles if isinstance(roles, list) else []) + [{"Ref": role}]
    added[role] = {"Type": "AWS::IAM::Role", "Properties": properties}
    use_role(added, name, role)


def use_group(added, name, group_id):
    added[name + SUFFIX + "Task"] = task()
    added[name + SUFFIX] = service(name + SUFFIX + "Task", group_id)


def use_task(added, name, resource):
    """A service: some of what is asked of a task definition is asked of what runs for long only."""
    platforms = resource.get("Properties", {}).get("RequiresCompatibilities")
    properties = {"TaskDefinition": {"Ref": name}}
    if isinstance(platforms, list) and "FARGATE" in platforms:
        properties["LaunchType"] = "FARGATE"
    added[name + SUFFIX] = {"Type": "AWS::ECS::Service", "Properties": properties}


def group_outside(resources, resource):
    """The id that a rule gives of a security group that isn't in the template, or None."""
    group_id = resource.get("Properties", {}).get("GroupId")
    named = group_id
    if isinstance(group_id, dict):
        named = group_id.get("Ref") or group_id.get("Fn::GetAtt")
        named = named[0] if isinstance(named, list) else str(named).split(".", maxsplit=1)[0]
    return group_id if named not in resources else None


def add_task(template):
    """Adds what is needed to the template; false if there is nothing to use."""
    resources = template.get("Resources") if isinstance(template, dict) else None
    if not isinstance(resources, dict):
        return False
    added = {}
    for name, resource in resources.items():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        if kind == "AWS::IAM::Role":
            use_role(added, name, name)
        elif kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            use_policy(added, name, resource)
        elif kind == "AWS::EC2::SecurityGroup":
            use_group(added, name, {"Fn::GetAtt": [name, "GroupId"]})
        elif kind == "AWS::ECS::TaskDefinition":
            use_task(added, name, resource)
        elif kind in ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"):
            group_id = group_outside(resources, resource)
            if group_id is not None:
                use_group(added, name, group_id)
    resources.update(added)
    return bool(added)
