# The named checks, so that a new rule changes nothing here.
ecsgate check --only ECS-ROLE-001,ECS-ROLE-002,ECS-HARD-001,ECS-HARD-002,ECS-HARD-003,ECS-LOG-001,ECS-LOG-002,ECS-NET-001,ECS-NET-002,ECS-SG-001 --parameters examples/cloudformation/parameters.json examples/cloudformation/good.yaml
