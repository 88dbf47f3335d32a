# A rule for each thing a format must show: a path, a secret, one that can't be decided. Digests change
# with every rule and are left out.
ecsgate check --no-config --only ECS-SG-001,ECS-HARD-001,ECS-SEC-001,ECS-IMG-003 -f csv \
    examples/cdk/cdk.out.bad examples/cloudformation/bad.yaml examples/task-definition/bad.json |
    sed -E 's/[0-9a-f]{64}/(digest)/g'
