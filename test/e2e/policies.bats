# What writers of policies rely on: the tutorial, the schema for editors, and that the policies that ship
# are nothing but policies.
load helper

@test "the tutorial of docs/policies.md, word by word in an empty folder" {
    run python3 test/e2e/tutorial.py "$ECSGATE" docs/policies.md
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    grep -qE '^[1-9][0-9]* commands$' <<<"$output"
}

@test "the schema for editors takes every policy and case that ships, and refuses mistakes" {
    python3 -c 'import jsonschema' 2>/dev/null || skip "no python3-jsonschema"
    run python3 test/e2e/schemas.py "$ECSGATE"
    printf '%s\n' "$output"
    [ "$status" -eq 0 ]
    ecsgate rules --schema
    [ "$status" -eq 0 ]
    printf '%s' "$output" >"$tmp/schema.json"
    python3 -c 'import json, sys; assert json.load(open(sys.argv[1])) == json.load(open("schemas/policy.json"))' "$tmp/schema.json"
}

# The verdicts of a run, without what names its sources.
verdicts() {
    query "$1" '"\n".join(sorted(" ".join(str(x.get(k)) for k in
        ("rule", "severity", "verdict", "stack", "resource", "object", "message", "reason", "fingerprint"))
        for x in r["results"]))'
}

@test "a copy of the policies that ship, given by --policies, behaves the same" {
    cp -R policies "$tmp/copy"
    local input
    for input in "$bad" "$good" "$bad_task" examples/cdk/cdk.out.bad; do
        ecsgate check -f json="$tmp/own.json" "$input"
        local own=$status
        ecsgate check --policies "$tmp/copy" --no-builtin -f json="$tmp/copy.json" "$input"
        show
        [ "$status" -eq "$own" ]
        [ "$(verdicts "$tmp/own.json")" = "$(verdicts "$tmp/copy.json")" ]
        ecsgate check --policies "$tmp/copy" -f json="$tmp/both.json" "$input"
        [ "$status" -eq "$own" ]
        [ "$(verdicts "$tmp/own.json")" = "$(verdicts "$tmp/both.json")" ]
    done
}

@test "what model prints is what schemas/model.json says, links and what isn't known included" {
    local input
    for input in "$bad" "$good" "$bad_task" examples/cdk/cdk.out.bad examples/cdk/cdk.out.good; do
        ecsgate model "$input"
        [ "$status" -eq 0 ]
        printf '%s' "$output" >"$tmp/model.json"
        run python3 test/e2e/model.py "$tmp/model.json"
        printf '%s: %s\n' "$input" "$output"
        [ "$status" -eq 0 ]
        grep -qE '^[1-9][0-9]* objects$' <<<"$output"
    done
}

@test "every case of every branch: the example policies are wholly tested" {
    ecsgate test --threshold 100 examples/policies
    show
    [ "$status" -eq 0 ]
}
