# Verdicts: the examples, and every way to hand inputs over.
load helper

# A template in $tmp/t.yaml whose one container is read-only if the parameter ReadOnly says so.
undecided() {
    cat >"$tmp/t.yaml" <<'END'
Parameters: {ReadOnly: {Type: String}}
Resources:
  T:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: app, Image: "public.ecr.aws/x/app:1.2.3", ReadonlyRootFilesystem: !Ref ReadOnly}]
END
}

@test "the good examples hold: status 0" {
    for input in "$good" "$good_task" examples/cdk/cdk.out.good; do
        ecsgate check "$input"
        show
        [ "$status" -eq 0 ]
    done
}

@test "the bad examples do not: status 1, findings at file:line:column" {
    for input in "$bad" "$bad_task" examples/cdk/cdk.out.bad; do
        ecsgate check "$input"
        show
        [ "$status" -eq 1 ]
        grep -qE "^$input[^:]*:[0-9]+:[0-9]+" <<<"$output"
    done
}

@test "each fault of the bad template's named checks is found at its own line" {
    ecsgate check -f json="$tmp/result.json" "$bad"
    [ "$status" -eq 1 ]
    for rule in ECS-ROLE-001 ECS-ROLE-002 ECS-HARD-001 ECS-HARD-002 ECS-HARD-003 ECS-LOG-001 \
        ECS-NET-001 ECS-NET-002 ECS-SG-001; do
        echo "$rule"
        [ "$(query "$tmp/result.json" "any(x['rule'] == '$rule' and x['verdict'] == 'fail' and x['line'] > 0 for x in r['results'])")" = True ]
    done
}

@test "a finding in CDK output names the construct and the line of the app that made it" {
    ecsgate check -f json="$tmp/result.json" examples/cdk/cdk.out.bad
    [ "$status" -eq 1 ]
    [ "$(query "$tmp/result.json" "any(x['verdict'] == 'fail' and x.get('constructPath') == 'CourtCaseService/MediaTask/Resource' for x in r['results'])")" = True ]
    grep -q '/app/app.js' "$tmp/result.json"
}

@test "standard input is read as -, JSON and YAML" {
    ecsgate check - <"$bad"
    show
    [ "$status" -eq 1 ] && grep -q '<stdin>' <<<"$output"
    ecsgate check - <"$bad_task"
    show
    [ "$status" -eq 1 ] && grep -q '<stdin>' <<<"$output"
}

@test "a folder is walked: every input in it, an assembly as one" {
    mkdir -p "$tmp/in/deep"
    cp "$bad" "$tmp/in/a.yaml"
    cp "$bad_task" "$tmp/in/deep/b.json"
    cp -r examples/cdk/cdk.out.bad "$tmp/in/cdk.out"
    echo '{"name": "not an input"}' >"$tmp/in/package.json"
    echo 'not an input' >"$tmp/in/notes.txt"
    ecsgate check -f json="$tmp/result.json" "$tmp/in"
    show
    [ "$status" -eq 1 ]
    [ "$(query "$tmp/result.json" "[x['kind'] for x in r['inputs']].count('cdk')")" = 1 ]
    [ "$(query "$tmp/result.json" "len(r['inputs'])")" = 3 ]
}

@test "several paths are judged in one run, in the order given" {
    ecsgate check -f json="$tmp/result.json" "$bad_task" "$good"
    show
    [ "$status" -eq 1 ]
    [ "$(query "$tmp/result.json" "[x['path'] for x in r['inputs']]")" = "['$bad_task', '$good']" ]
}

@test "cdk.out may be given as its folder or its manifest" {
    ecsgate check -f json="$tmp/folder.json" examples/cdk/cdk.out.bad
    ecsgate check -f json="$tmp/file.json" examples/cdk/cdk.out.bad/manifest.json
    show
    [ "$status" -eq 1 ]
    [ "$(query "$tmp/folder.json" "r['summary']")" = "$(query "$tmp/file.json" "r['summary']")" ]
}

@test "--fail-on sets the bar, --strict counts unknown" {
    # Dropped capabilities: medium on Fargate.
    ecsgate check --only ECS-HARD-002 "$bad_task"
    [ "$status" -eq 0 ]
    ecsgate check --only ECS-HARD-002 --fail-on medium "$bad_task"
    show
    [ "$status" -eq 1 ]
    undecided
    ecsgate check --only ECS-HARD-001 "$tmp/t.yaml"
    show
    [ "$status" -eq 0 ] && grep -q '1 unknown' <<<"$output"
    ecsgate check --only ECS-HARD-001 --strict "$tmp/t.yaml"
    [ "$status" -eq 1 ]
}

@test "--only and --skip choose rules by id, name and section" {
    ecsgate check -f json="$tmp/only.json" --only ECS-HARD-001 "$bad"
    [ "$(query "$tmp/only.json" "{x['rule'] for x in r['results']}")" = "{'ECS-HARD-001'}" ]
    ecsgate check -f json="$tmp/name.json" --only readonly-root-filesystem "$bad"
    cmp <(query "$tmp/only.json" "r['results']") <(query "$tmp/name.json" "r['results']")
    ecsgate check -f json="$tmp/skip.json" --skip ECS-HARD "$bad"
    [ "$(query "$tmp/skip.json" "any(x['rule'].startswith('ECS-HARD') for x in r['results'])")" = False ]
}

@test "a parameter of the command line that no template has is told, with what was meant" {
    undecided
    ecsgate check -p ReadOnyl=true -p ReadOnly.ResolvedValue=x "$tmp/t.yaml"
    show
    [ "$(grep -c 'no template has' <<<"$stderr")" -eq 1 ]
    grep -q "no template has the parameter 'ReadOnyl'; did you mean 'ReadOnly'?" <<<"$stderr"
    echo 'Other=1' >"$tmp/shared.env"
    ecsgate check -p t:ReadOnly=true --parameters "$tmp/shared.env" "$tmp/t.yaml"
    ! grep -q 'no template has' <<<"$stderr" || false
}

@test "parameters decide what was unknown, from the command line and from a file" {
    undecided
    verdict() {
        ecsgate check --only ECS-HARD-001 -f json="$tmp/r.json" "$@" "$tmp/t.yaml"
        query "$tmp/r.json" "r['results'][0]['verdict']"
    }
    [ "$(verdict)" = unknown ]
    [ "$(verdict -p ReadOnly=true)" = pass ]
    [ "$(verdict -p ReadOnly=false)" = fail ]
    echo '[{"ParameterKey": "ReadOnly", "ParameterValue": "true"}]' >"$tmp/cli.json"
    [ "$(verdict --parameters "$tmp/cli.json")" = pass ]
    echo '{"Parameters": {"ReadOnly": "false"}}' >"$tmp/pipeline.json"
    [ "$(verdict --parameters "$tmp/pipeline.json")" = fail ]
    echo 'ReadOnly=true' >"$tmp/lines.env"
    [ "$(verdict --parameters "$tmp/lines.env")" = pass ]
}

@test "the same input gives the same bytes, whatever the number of threads" {
    mkdir "$tmp/many"
    for i in $(seq 40); do
        cp "$bad" "$tmp/many/a$i.yaml"
        cp "$bad_task" "$tmp/many/b$i.json"
    done
    "$ECSGATE" check --threads 1 -f json "$tmp/many" >"$tmp/one.json" || [ $? -eq 1 ]
    "$ECSGATE" check --threads 8 -f json "$tmp/many" >"$tmp/eight.json" || [ $? -eq 1 ]
    cmp "$tmp/one.json" "$tmp/eight.json"
}

@test "a file that is given twice is judged once" {
    mkdir "$tmp/in"
    cp "$bad_task" "$tmp/in/task.json"
    ecsgate check -q "$tmp/in/task.json"
    local once=$output
    ecsgate check -q "$tmp/in/task.json" "$tmp//in/./task.json" "$tmp/in"
    show
    [ "$output" = "$once" ] && [ -z "$stderr" ]
}

@test "a task without roles: every rule can be evaluated" {
    printf '%s' '{"family": "t", "requiresCompatibilities": ["FARGATE"], "containerDefinitions":
        [{"name": "app", "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1.0.0"}]}' >"$tmp/task.json"
    ecsgate check -f json "$tmp/task.json"
    show
    [ "$status" -eq 1 ]
    [[ "$output" == *'"rule":"ECS-REG-005","name":"ecr-pull","check":"role"'* ]]
    [[ "$output" != *"can't be evaluated"* ]]
}
