# The other commands: rules, test, model, eval.
load helper

@test "rules lists every rule that ships, and explains one by id or name" {
    ecsgate rules
    show
    [ "$status" -eq 0 ]
    for file in policies/*/*/rule.yaml; do
        id=$(sed -n 's/^-\{0,1\} *id: *//p' "$file" | head -n 1)
        grep -q "$id" <<<"$output"
    done
    ecsgate rules ECS-HARD-001
    local by_id=$output
    show
    [ "$status" -eq 0 ] && grep -q readonly-root-filesystem <<<"$output"
    ecsgate rules readonly-root-filesystem
    [ "$output" = "$by_id" ]
}

@test "rules with an unknown id: status 2, and what was meant" {
    ecsgate rules ECS-HARD-01
    show
    [ "$status" -eq 2 ] && [ -z "$output" ]
    grep -q ECS-HARD-0 <<<"$stderr"
}

@test "test runs a policy's cases and counts them" {
    ecsgate test policies/hardening/readonly-root-filesystem
    show
    [ "$status" -eq 0 ]
    grep -qE '^[1-9][0-9]* passed, 0 failed' <<<"$output"
}

@test "a case that does not hold is told with what was expected, status 1" {
    mkdir "$tmp/rule"
    cat >"$tmp/rule/rule.yaml" <<'END'
id: OWN-001
name: rule
title: The container is called backend
severity: high
match: container
assert: container.name == 'backend'
END
    cat >"$tmp/rule/cases.yaml" <<'END'
cases:
  - name: another name passes
    taskDefinition:
      containerDefinitions: [{name: media, image: "media:1.0.0"}]
    expect: {media: pass}
END
    ecsgate test "$tmp/rule"
    show
    [ "$status" -eq 1 ]
    grep -q 'another name passes' <<<"$output"
    grep -qE '^0 passed, 1 failed' <<<"$output"
}

@test "a folder without cases is no success" {
    mkdir "$tmp/none"
    ecsgate test "$tmp/none"
    show
    [ "$status" -ge 2 ]
}

@test "a rule with a misspelt field is an error at load: status 2, its place, what was meant" {
    mkdir -p "$tmp/policies/own/rule"
    cat >"$tmp/policies/own/rule/rule.yaml" <<'END'
id: OWN-001
name: own-rule
title: A rule of our own
severity: high
match: container
assert: container.readonlyRootFilesytem
END
    ecsgate check --policies "$tmp/policies" "$good"
    show
    [ "$status" -eq 2 ] && [ -z "$output" ]
    grep -qE 'rule.yaml:6:' <<<"$stderr"
    grep -q readonlyRootFilesystem <<<"$stderr"
}

@test "a rule of one's own judges beside those that ship, or alone" {
    mkdir -p "$tmp/policies/own/rule"
    cat >"$tmp/policies/own/rule/rule.yaml" <<'END'
id: OWN-001
name: own-rule
title: The container is called backend
severity: high
match: container
assert: container.name == 'backend'
END
    ecsgate check --policies "$tmp/policies" --no-builtin -f json="$tmp/r.json" examples/cloudformation/good.yaml
    show
    [ "$status" -eq 1 ]
    [ "$(query "$tmp/r.json" "sorted((x['objectName'], x['verdict']) for x in r['results'])")" = "[('backend', 'pass'), ('media', 'fail')]" ]
}

@test "model prints the resource model as JSON, links and places included" {
    ecsgate model examples/cloudformation/good.yaml
    [ "$status" -eq 0 ]
    printf '%s' "$output" >"$tmp/model.json"
    query "$tmp/model.json" "type(r)"
    grep -q BackendTaskDefinition "$tmp/model.json"
    grep -q exposure "$tmp/model.json"
}

@test "eval: a value 0, a wrong expression 2, an unreadable input 3" {
    ecsgate eval '[1, 2, 3].map(x, x * 2)'
    show
    [ "$status" -eq 0 ] && [ "$(tr -d ' \n' <<<"$output")" = "[2,4,6]" ]
    ecsgate eval --var 'name="x"' 'name + "y"'
    [ "$status" -eq 0 ] && [ "$output" = '"xy"' ]
    ecsgate eval --input "$good" 'size(input.Resources) > 10'
    [ "$status" -eq 0 ] && [ "$output" = true ]
    ecsgate eval --typed --var 'x={"unknown": "why"}' 'x || true'
    [ "$status" -eq 0 ] && [ "$output" = '{"type":"bool","value":true}' ]
    ecsgate eval '1 +'
    show
    [ "$status" -eq 2 ] && [ -z "$output" ] && [ -n "$stderr" ]
    ecsgate eval '1 / 0'
    [ "$status" -eq 2 ] && [ -z "$output" ]
    ecsgate eval --input "$tmp/nowhere.json" input
    show
    [ "$status" -eq 3 ]
}

@test "eval --file: an expression that no argument can hold, and errors with its place" {
    printf "size(b'\\0') == 1 &&\n  size('a\\0b') == 3\n" >"$tmp/nul.cel"
    ecsgate eval --file "$tmp/nul.cel"
    show
    [ "$status" -eq 0 ] && [ "$output" = true ]
    printf 'size(\n  nme) ' >"$tmp/wrong.cel"
    ecsgate eval --file "$tmp/wrong.cel" --var 'name=""'
    show
    [ "$status" -eq 2 ] && [[ $stderr == *"wrong.cel:2:3: undeclared name 'nme'; did you mean 'name'?"* ]]
    ecsgate eval --file "$tmp/nul.cel" 1
    [ "$status" -eq 2 ]
    ecsgate eval --file "$tmp/nowhere.cel"
    [ "$status" -eq 3 ]
}
