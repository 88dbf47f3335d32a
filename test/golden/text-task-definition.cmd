ecsgate check examples/task-definition/bad.json
