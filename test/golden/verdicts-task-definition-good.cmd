ecsgate check -f json examples/task-definition/good.json | scripts/verdicts
