ecsgate check --parameters examples/cloudformation/parameters.json examples/cloudformation/good.yaml
