# What every scenario starts from: the project's root as the working folder, ecsgate in PATH, and no
# configuration but the one a scenario writes itself.
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    ECSGATE=${ECSGATE:-$PWD/build/ecsgate}
    PATH=${ECSGATE%/*}:$PATH
    tmp=$BATS_TEST_TMPDIR
    unset NO_COLOR SOURCE_DATE_EPOCH
    declare -gr good=examples/cloudformation/good.yaml bad=examples/cloudformation/bad.yaml
    declare -gr bad_task=examples/task-definition/bad.json good_task=examples/task-definition/good.json
}

# ecsgate with standard output in $output, standard error in $stderr, exit status in $status.
ecsgate() {
    run --separate-stderr "$ECSGATE" "$@"
}

# Shown when a scenario fails.
show() {
    printf 'status %s\n-- output\n%s\n-- stderr\n%s\n' "$status" "$output" "$stderr"
}

# query FILE EXPRESSION: the Python expression over the JSON file, as `r`.
query() {
    python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}
