ecsgate check examples/cloudformation/bad.yaml
