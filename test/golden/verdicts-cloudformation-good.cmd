ecsgate check -f json examples/cloudformation/good.yaml | scripts/verdicts
