# Outputs: formats, colour, and what happens when they can't be written.
load helper

@test "-f json is one valid document that keeps to its schema" {
    for input in "$good" "$bad" "$bad_task" examples/cdk/cdk.out.bad; do
        ecsgate check -f json "$input"
        [ "$status" -le 1 ] && [ -z "$stderr" ]
        python3 - schemas/result.json <<END
import json, jsonschema, sys
result = json.loads(r'''$output''')
jsonschema.validate(result, json.load(open(sys.argv[1])))
assert result["verdict"] == ("pass" if $status == 0 else "fail"), result["verdict"]
END
    done
}

@test "several formats in one run: one to standard output, others to files" {
    ecsgate check -f text -f json="$tmp/r.json" -f markdown="$tmp/r.md" "$bad_task"
    show
    [ "$status" -eq 1 ]
    query "$tmp/r.json" "r['verdict']"
    grep -q '^# ' "$tmp/r.md"
    [ -n "$output" ]
}

@test "report writes the document: title, status, numbered sections, checklist" {
    ecsgate report --title 'Court case' --deployment '#86' --date 2026-01-15 "$good"
    show
    [ "$status" -eq 0 ]
    grep -q '^# .*Court case' <<<"$output"
    grep -q '2026-01-15' <<<"$output"
    grep -qE '^## 1\.' <<<"$output"
    grep -q -- '- \[x\]' <<<"$output"
}

@test "a report does not depend on the time when its date is given" {
    for i in 1 2; do
        SOURCE_DATE_EPOCH=1768435200 "$ECSGATE" report "$bad" >"$tmp/$i.md" || [ $? -eq 1 ]
    done
    grep -q 2026-01-15 "$tmp/1.md"
    cmp "$tmp/1.md" "$tmp/2.md"
}

@test "no colour into a pipe or under NO_COLOR, colour when asked for" {
    ecsgate check "$bad_task"
    [[ $output != *$'\e'* ]]
    ecsgate check --color always "$bad_task"
    [[ $output == *$'\e['* ]]
    if script -qec true /dev/null &>/dev/null; then # needs a pseudo-terminal
        NO_COLOR=1 script -qec "'$ECSGATE' check '$bad_task'" /dev/null >"$tmp/tty" || true
        [ -s "$tmp/tty" ]
        [[ $(<"$tmp/tty") != *$'\e['* ]]
    fi
}

@test "a closed pipe ends in status 4 without a signal" {
    run bash -c '"$0" check -v "$1" "$1" "$1"; echo $? >&3' "$ECSGATE" "$bad" 3>"$tmp/status" | true
    for i in $(seq 50); do
        [ -s "$tmp/status" ] && break
        sleep 0.1
    done
    cat "$tmp/status"
    # 1 if everything fitted into the pipe before it was closed.
    grep -qE '^[14]$' "$tmp/status"
    bash -c '"$0" check "$1" >&-; test $? -eq 4' "$ECSGATE" "$bad"
}

@test "a full disk ends in status 4 with a message" {
    [ -c /dev/full ] || skip "no /dev/full"
    run bash -c '"$0" check "$1" >/dev/full' "$ECSGATE" "$bad"
    echo "$output"
    [ "$status" -eq 4 ] && [ -n "$output" ]
    run bash -c '"$0" --help >/dev/full' "$ECSGATE"
    [ "$status" -eq 4 ]
}

@test "a file is written whole or not at all" {
    echo before >"$tmp/kept.json"
    mkdir "$tmp/locked"
    ecsgate check -f json="$tmp/nowhere/r.json" "$bad"
    show
    [ "$status" -ge 2 ] && grep -qF "$tmp/nowhere" <<<"$stderr"
    # A limit on the size of files stands for a full disk.
    run bash -c 'ulimit -f 1; trap "" XFSZ; "$0" check -f json="$1/kept.json" "$2"' "$ECSGATE" "$tmp" "$bad"
    echo "$output"
    [ "$status" -eq 4 ]
    [ "$(cat "$tmp/kept.json")" = before ]
    [ "$(find "$tmp" -maxdepth 1 -name 'kept*' | wc -l)" -eq 1 ]
}

@test "what a repository shows points to the line of the app, where the assembly tells it" {
    cp -r examples/cdk/cdk.out.bad "$tmp/cdk.out"
    sed -i "s#/app/app.js#$tmp/app.js#g" "$tmp"/cdk.out/*.json
    cd "$tmp"
    ecsgate check --only ECS-SG-001 -f github -f sarif=r.sarif -f gitlab=r.gitlab -f json=r.json cdk.out
    show
    grep -q '^::error file=app.js,line=[0-9]*,col=[0-9]*,.*%0Atemplate: cdk.out/' <<<"$output"
    jq '.runs[0].results[0]' r.sarif >first.json
    [ "$(jq -r '.locations[0].physicalLocation.artifactLocation.uri' first.json)" = app.js ]
    [ "$(jq -r '.codeFlows[0].threadFlows[0].locations[0].location.message.text' first.json)" = internet ]
    [ "$(query r.gitlab "r[0]['location']['path']")" = app.js ]
    [[ $(query r.json "r['results'][0]['file']") == cdk.out/*.template.json ]]
    cd / # the app is not below this folder
    ecsgate check --only ECS-SG-001 -f github "$tmp/cdk.out"
    grep -q "^::error file=$tmp/cdk.out/" <<<"$output"
}

@test "the picture of the network tells every port once, and of many that there are more" {
    ports() {
        local rules=
        for port in "$@"; do
            rules+="\\n        - {IpProtocol: tcp, FromPort: $port, ToPort: $port, "
            rules+="SourceSecurityGroupId: !GetAtt LoadBalancerSecurityGroup.GroupId}"
        done
        sed "/^  BackendSecurityGroup:/,/Egress:/ s/^      SecurityGroupIngress:\$/&$rules/" "$good" >"$tmp/t.yaml"
        ecsgate report -f html "$tmp/t.yaml"
    }
    ports 8080 80 8080
    grep -q ': port 8080, port 80, port 8000 *<' <<<"$output"
    ports 1 2 3 4 5 6 7 8 9
    grep -q ': port 1, port 2, port 3, port 4, port 5, port 6, port 7, port 8 and more *<' <<<"$output"
}
