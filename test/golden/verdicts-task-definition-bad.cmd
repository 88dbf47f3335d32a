ecsgate check -f json examples/task-definition/bad.json | scripts/verdicts
