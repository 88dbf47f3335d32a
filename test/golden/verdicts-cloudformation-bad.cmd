ecsgate check -f json examples/cloudformation/bad.yaml | scripts/verdicts
