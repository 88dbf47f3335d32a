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

@test "rules lists a section" {
    ecsgate rules ECS-HARD
    show
    [ "$status" -eq 0 ]
    grep -q readonly-root-filesystem <<<"$output"
    ! grep -q ECS-IMG <<<"$output"
    ecsgate rules -f json ECS-HARD
    printf '%s' "$output" >"$tmp/rules.json"
    [ "$(query "$tmp/rules.json" '{x["id"][:8] for x in r["rules"]}')" = "{'ECS-HARD'}" ]
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

# own_rule FOLDER: a rule with a passing and a failing case, and one condition that no case meets.
own_rule() {
    mkdir -p "$1"
    cat >"$1/rule.yaml" <<'END'
id: OWN-001
name: own-name
title: The container is called backend
severity: high
match: container
assert: container.name == 'backend' || container.image == 'x'
END
    cat >"$1/cases.yaml" <<'END'
cases:
  - name: the name
    taskDefinition: {containerDefinitions: [{name: backend, image: "a:1"}]}
    expect: {backend: pass}
  - name: another name
    taskDefinition: {containerDefinitions: [{name: media, image: "a:1"}]}
    expect: {media: fail}
END
}

@test "test counts the branches that cases take, tells the others, and fails below a threshold" {
    own_rule "$tmp/rule"
    ecsgate test "$tmp/rule"
    show
    [ "$status" -eq 0 ] && [ "$output" = '2 passed, 0 failed; 1 rule, 5 of 6 branches' ]
    ecsgate test --coverage "$tmp/rule"
    show
    [ "$status" -eq 0 ]
    grep -q '^OWN-001 own-name: 2 cases: pass 1, fail 1, unknown 0, not applicable 0; 5 of 6 branches$' <<<"$output"
    grep -q "rule.yaml:6:40: never true: container.image == 'x'$" <<<"$output"
    ecsgate test --threshold 84 "$tmp/rule"
    show
    [ "$status" -eq 1 ]
    ecsgate test --threshold 83 "$tmp/rule"
    [ "$status" -eq 0 ]
    ecsgate test --threshold most "$tmp/rule"
    [ "$status" -eq 2 ]
}

@test "test --only runs the cases of some rules; --explain shows how a failing one came about" {
    own_rule "$tmp/rules/one"
    own_rule "$tmp/rules/two"
    sed -i -e 's/OWN-001/OWN-002/' -e 's/own-name/own-other/' "$tmp/rules/two/rule.yaml"
    sed -i 's/backend: pass/backend: fail/' "$tmp/rules/two/cases.yaml"
    ecsgate test "$tmp/rules"
    show
    [ "$status" -eq 1 ]
    ecsgate test --only own-name "$tmp/rules"
    show
    [ "$status" -eq 0 ] && grep -q '^2 passed, 0 failed; 1 rule' <<<"$output"
    ecsgate test --only OWN-002 --explain "$tmp/rules"
    show
    [ "$status" -eq 1 ]
    grep -q "container.name == 'backend' = true" <<<"$output"
    ecsgate test --only own-nam "$tmp/rules"
    show
    [ "$status" -eq 2 ] && grep -q "did you mean 'own-name'" <<<"$stderr"
    ecsgate test --only readonly-root-filesystem "$tmp/rules"
    show
    [ "$status" -eq 3 ]
}

@test "test --junit is valid, and tells what is not tested too" {
    own_rule "$tmp/rule"
    sed -i '5,$d' "$tmp/rule/cases.yaml"
    ecsgate test --junit "$tmp/junit.xml" "$tmp/rule"
    show
    [ "$status" -eq 1 ]
    grep -q 'OWN-001 has no case that fails' <<<"$output"
    grep -q '<testsuites tests="2" failures="1" errors="0">' "$tmp/junit.xml"
    grep -q 'name="is tested both ways"' "$tmp/junit.xml"
    command -v xmllint >/dev/null || skip "no xmllint"
    xmllint --noout --nonet --schema test/report/schemas/junit-10.xsd "$tmp/junit.xml"
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
    ecsgate eval '[2, 0].map(x, 1 / x)'
    show
    [ "$status" -eq 2 ] && [ -z "$output" ]
    [ "$stderr" = 'ecsgate: division by zero
    [2, 0].map(x, 1 / x)
                  ^^^^^' ]
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
