# Bad input: one clear message each, status 3, and what else was given is still judged.
load helper

# refused FILE WORD...: FILE is refused with one line on standard error that names it and has the
# words, and nothing of the file is passed.
refused() {
    local file=$1 word
    shift
    ecsgate check "$file"
    show
    [ "$status" -eq 3 ]
    [ "$(wc -l <<<"$stderr")" -eq 1 ]
    grep -qF "$file" <<<"$stderr"
    for word in "$@"; do
        grep -qiE "$word" <<<"$stderr"
    done
}

@test "an empty file" {
    : >"$tmp/empty.yaml"
    refused "$tmp/empty.yaml" empty
    : >"$tmp/empty.json"
    refused "$tmp/empty.json"
}

@test "a truncated file is refused where it ends" {
    head -c 900 "$bad_task" >"$tmp/half.json"
    refused "$tmp/half.json" 'half\.json:[0-9]+:[0-9]+:'
    printf 'Resources:\n  T: {Type: AWS::ECS::TaskDefinition, Properties: [\n' >"$tmp/half.yaml"
    refused "$tmp/half.yaml" 'half\.yaml:[0-9]+:[0-9]+:'
}

@test "a binary file" {
    head -c 5000 "$ECSGATE" >"$tmp/binary.json"
    refused "$tmp/binary.json"
    head -c 5000 "$ECSGATE" >"$tmp/binary.yaml"
    refused "$tmp/binary.yaml"
}

@test "text behind the value, and what is neither template nor task definition" {
    echo '{"Resources": {}} x' >"$tmp/more.json"
    refused "$tmp/more.json" ':1:19:'
    echo '{"hello": "world"}' >"$tmp/other.json"
    refused "$tmp/other.json"
}

@test "a file that is not there, and one that can't be read" {
    refused "$tmp/nowhere.json"
    if [ "$(id -u)" -ne 0 ]; then
        cp "$good" "$tmp/secret.yaml"
        chmod 000 "$tmp/secret.yaml"
        refused "$tmp/secret.yaml"
    fi
    mkdir "$tmp/folder.json"
    ecsgate check "$tmp/folder.json/."
    [ "$status" -eq 3 ]
}

@test "a folder without templates" {
    mkdir "$tmp/none"
    echo hello >"$tmp/none/notes.txt"
    echo '{"name": "x"}' >"$tmp/none/package.json"
    ecsgate check "$tmp/none"
    show
    [ "$status" -eq 3 ]
    [ "$(wc -l <<<"$stderr")" -eq 1 ] && grep -q nothing <<<"$stderr"
}

@test "JSON and YAML nested 100,000 deep end at a limit, quickly" {
    python3 -c "print('{\"Resources\":' * 100000)" >"$tmp/deep.json"
    refused "$tmp/deep.json" 'deep|nest'
    python3 -c "print('[' * 100000)" >"$tmp/deep.yaml"
    SECONDS=0
    refused "$tmp/deep.yaml" 'deep|nest'
    [ "$SECONDS" -lt 5 ]
}

@test "assemblies that each name the next one twice end at a limit" {
    folder=$tmp/out
    for _ in $(seq 14); do
        mkdir -p "$folder"
        stage='{"type": "cdk:cloud-assembly", "properties": {"directoryName": "in"}}'
        echo "{\"version\": \"48.0.0\", \"artifacts\": {\"A\": $stage, \"B\": $stage}}" >"$folder/manifest.json"
        folder=$folder/in
    done
    mkdir -p "$folder"
    echo '{"version": "48.0.0", "artifacts": {}}' >"$folder/manifest.json"
    refused "$tmp/out" 'more than 1000 assemblies'
}

@test "aliases that multiply end at a limit, quickly" {
    {
        echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
        for i in $(seq 12); do
            p=$((i - 1))
            echo "a$i: &a$i [*a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p, *a$p]"
        done
        echo 'Resources: {}'
    } >"$tmp/bomb.yaml"
    SECONDS=0
    refused "$tmp/bomb.yaml" alias
    [ "$SECONDS" -lt 5 ]
}

@test "one bad file among good ones: status 3, and the others' results are kept" {
    echo '{"Resources": ' >"$tmp/half.json"
    ecsgate check -f json="$tmp/result.json" "$tmp/half.json" "$bad" "$good_task"
    show
    [ "$status" -eq 3 ]
    grep -qF "$tmp/half.json" <<<"$stderr"
    [ "$(query "$tmp/result.json" "any(x['file'] == '$bad' and x['verdict'] == 'fail' for x in r['results'])")" = True ]
    [ "$(query "$tmp/result.json" "any(x['file'] == '$good_task' and x['verdict'] == 'pass' for x in r['results'])")" = True ]
}

@test "escapes in an input do not reach the terminal" {
    printf '{"family": "f", "containerDefinitions": [{"name": "\\u001b[31mred\\u202e", "image": "a:latest"}]}' >"$tmp/esc.json"
    ecsgate check --color never "$tmp/esc.json"
    show
    [ "$status" -eq 1 ]
    [ -z "$(LC_ALL=C grep -E $'\x1b|\xe2\x80\xae' <<<"$output$stderr")" ]
}

@test "what is read is what CloudFormation reads: BOM, CRLF, tabs, anchors, block scalars, ::/0" {
    printf '\xef\xbb\xbf{\r\n\t"Resources": {\r\n\t\t"C": {"Type": "AWS::ECS::Cluster"}\r\n\t}\r\n}\r\n' >"$tmp/bom.json"
    ecsgate check --only ECS-HARD-001 "$tmp/bom.json"
    show
    [ "$status" -eq 0 ]
    cat >"$tmp/odd.yaml" <<'END'
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: |
        several
        lines
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIpv6: ::/0}
        - !If [Never, !Ref AWS::NoValue, !Ref AWS::NoValue]
Conditions:
  Never: !Equals [a, b]
END
    ecsgate check --only ECS-HARD-001 "$tmp/odd.yaml"
    show
    [ "$status" -eq 0 ]
}
