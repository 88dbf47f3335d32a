# The gate: waivers, configuration, baselines, attestations, and what they leave of the exit status.
load helper

# A task definition $tmp/in/t.yaml whose containers' file systems are writable, in a folder of its
# own, under Metadata $1 (one line of flow YAML).
task() {
    mkdir -p "$tmp/in"
    cat >"$tmp/in/t.yaml" <<END2
Resources:
  Web1A2B3C4D:
    Type: AWS::ECS::TaskDefinition
    Metadata: ${1:-{\}}
    Properties:
      Family: web
      ContainerDefinitions: [{Name: app, Image: "public.ecr.aws/x/app:1.2.3"}]
END2
}

waivers() {
    printf 'waivers:\n' >"$tmp/in/.ecsgate-waivers.yaml"
    printf '  - {%s}\n' "$@" >>"$tmp/in/.ecsgate-waivers.yaml"
}

readonly_check() {
    ecsgate check --only ECS-HARD-001 --date 2026-06-01 "$@" "$tmp/in/t.yaml"
}

@test "a waiver by rule, name or section, narrowed by resource, stack or object, is found upwards" {
    task
    terms='reason: r, owner: o, until: 2026-06-01'
    for what in 'rule: ECS-HARD-001, resource: Web*' 'rule: readonly-root-filesystem, stack: t' \
        'rule: ECS-HARD, object: app' 'rule: ECS-HARD, object: "containerDefinitions[?]"'; do
        waivers "$what, $terms"
        readonly_check
        show
        [ "$status" -eq 0 ] && grep -q '1 waived' <<<"$output" && [ -z "$stderr" ]
    done
    for what in 'rule: ECS-HARD-001, resource: web*' 'rule: ECS-HARD-001, construct: "*/Web"' \
        'rule: ECS-LOG, object: app'; do
        waivers "$what, $terms"
        readonly_check
        [ "$status" -eq 1 ]
    done
    readonly_check --no-config
    [ "$status" -eq 1 ] && [ -z "$stderr" ]
}

@test "a waiver by construct covers CDK output" {
    mkdir "$tmp/in"
    cp -r examples/cdk/cdk.out.bad "$tmp/in/cdk.out"
    waivers 'rule: ECS-HARD-001, construct: "CourtCaseService/*", reason: r, owner: o, until: 2026-06-01'
    ecsgate check --only ECS-HARD-001 --date 2026-06-01 "$tmp/in/cdk.out"
    show
    [ "$status" -eq 0 ] && ! grep -q '0 waived' <<<"$output"
}

@test "expired, unused, too broad and misspelt waivers are told, at their place" {
    task
    waivers 'rule: ECS-HARD-001, object: app, reason: r, owner: o, until: 2026-05-31' \
        'rule: ECS-HARD-001, resource: Other, reason: r, owner: o, until: 2026-06-01' \
        'rule: ECS-HARD-001, reason: r, owner: o, until: 2026-06-01' \
        'rule: ECS-HRAD-001, object: app, reason: r, owner: o, until: 2026-06-01' \
        'rule: ECS-LOG-001, object: no, reason: r, owner: o, until: 2026-06-01'
    readonly_check -f text -f markdown="$tmp/r.md" -f html="$tmp/r.html"
    show
    for text in 'ended with 2026-05-31' 'matched nothing' 'too broad' "did you mean 'ECS-HARD-001'"; do
        grep -q "$text" <<<"$stderr"
        grep -q "${text%%\'*}" "$tmp/r.md"
        grep -q "${text%%\'*}" "$tmp/r.html"
    done
    grep -q 'waivers.yaml:2:5: ' <<<"$stderr"
    [ "$(wc -l <<<"$stderr")" -eq 4 ] # ECS-LOG-001 is not judged here
    readonly_check -q
    [ -z "$stderr" ]
}

@test "a template's own Metadata waives, and what is wrong there is told" {
    task '{ecsgate: {waivers: [{rule: ECS-HARD-001, reason: r, owner: o, until: 2026-06-01}]}}'
    readonly_check
    show
    [ "$status" -eq 0 ] && [ -z "$stderr" ]
    task '{ecsgate: {waivers: [{rule: ECS-HARD-001, reason: r, until: 2026-06-01}]}}'
    readonly_check -f text -f markdown="$tmp/r.md"
    show
    [ "$status" -eq 1 ] && grep -q 't.yaml:4:.*has no owner' <<<"$stderr"
    grep -q 'has no owner' "$tmp/r.md"
}

@test "the short form in Metadata waives without an owner; what nobody knows there is told" {
    task '{ecsgate: {suppress: [{id: ECS-HARD-001, reason: r, until: 2026-06-01}]}}'
    readonly_check
    show
    [ "$status" -eq 0 ] && [ -z "$stderr" ]
    while IFS='|' read -r metadata says; do
        task "$metadata"
        readonly_check
        show
        [ "$status" -eq 1 ] && grep -qF "$says" <<<"$stderr"
    done <<'END2'
{ecsgate: {suppress: [{id: ECS-HARD-001, reason: r, until: 2026-05-31}]}}|t.yaml:4:37: the waiver of ECS-HARD-001 ended with 2026-05-31
{ecsgate: {suppress: [{id: ECS-HARD-001, reason: "", until: 2026-06-01}]}}|a waiver needs id, reason and until; this one has no reason
{ecsgate: {waivers: [{id: ECS-HARD-001, reason: r, owner: o, until: 2026-06-01}]}}|a waiver has no 'id'
{ecsgate: {waiver: []}}|Metadata of ecsgate has no 'waiver'; did you mean 'waivers'?
{ecsgate: {suppress: ECS-HARD-001}}|expected a list of waivers under 'suppress', found string
{ecsgate: [ECS-HARD-001]}|Metadata of ecsgate is a map with waivers, found list
END2
}

@test "JSON lists every waiver with its state; SARIF and annotations tell of those in trouble" {
    task '{ecsgate: {suppress: [{id: ECS-HARD-001, reason: r, until: 2026-05-31}]}}'
    waivers 'rule: ECS-HARD-001, resource: Other, reason: r, owner: o, until: 2026-06-01' \
        'rule: ECS-HARD-001, resource: "*", stack: "*", reason: r, owner: o, until: 2026-06-01' \
        'rule: ECS-LOG-001, object: no, reason: r, owner: o, until: 2026-06-01'
    cd "$tmp/in"
    ecsgate check --only ECS-HARD-001 --date 2026-06-01 -f json=r.json -f sarif=r.sarif -f github=r.txt \
        -f ndjson=r.ndjson t.yaml
    show
    [ "$status" -eq 0 ]
    [ "$(query r.json "[(w['state'], w['used'], w['file']) for w in r['waivers']]")" = "[('expired', 0, 't.yaml'), \
('unused', 0, '.ecsgate-waivers.yaml'), ('too-broad', 1, '.ecsgate-waivers.yaml'), \
('idle', 0, '.ecsgate-waivers.yaml')]" ]
    [ "$(query r.sarif "[n['message']['text'].split(' ', 4)[4] for n in
r['runs'][0]['invocations'][0]['toolExecutionNotifications']]" | tr -d '\n')" = "['ended with 2026-05-31 and waives nothing', \
'matched nothing', 'is too broad: it names no resource, construct, object or stack']" ]
    [ "$(grep -c '^::warning file=.*title=waiver::' r.txt)" -eq 3 ]
    [ "$(grep -c '"kind":"waiver"' r.ndjson)" -eq 4 ]
}

@test "other tools' suppressions count only where they are honoured" {
    for pair in 'cdk-nag|{cdk_nag: {rules_to_suppress: [{id: AwsSolutions-ECS7, reason: why}]}}|ECS-LOG-001' \
        'checkov|{checkov: {skip: [{id: CKV_AWS_336, comment: why}]}}|ECS-HARD-001'; do
        IFS='|' read -r tool metadata rule <<<"$pair"
        task "$metadata"
        rm -f "$tmp/in/.ecsgate.yaml"
        ecsgate check --only "$rule" "$tmp/in/t.yaml"
        [ "$status" -eq 1 ]
        echo "honour: $tool" >"$tmp/in/.ecsgate.yaml"
        ecsgate check --only "$rule" -f text -f json="$tmp/r.json" "$tmp/in/t.yaml"
        show
        [ "$status" -eq 0 ]
        [ "$(query "$tmp/r.json" "[x['waiver']['reason'] for x in r['results']]")" = "['why']" ]
        [ "$(query "$tmp/r.json" "[(w['tool'], w['state']) for w in r['waivers']]")" = "[('$tool', 'holds')]" ]
    done
    # One for single findings of cdk-nag must not waive them all.
    task '{cdk_nag: {rules_to_suppress: [{id: AwsSolutions-ECS7, reason: why, applies_to: [x]}]}}'
    echo 'honour: cdk-nag' >"$tmp/in/.ecsgate.yaml"
    ecsgate check --only ECS-LOG-001 "$tmp/in/t.yaml"
    show
    [ "$status" -eq 1 ] && grep -q 'AwsSolutions-ECS7 by cdk-nag waives nothing' <<<"$stderr"
}

@test "suppressions of cfn_nag and cfn-guard are honoured through the numbers that a rule lists" {
    mkdir -p "$tmp/rules/acme/writable"
    cat >"$tmp/rules/acme/writable/rule.yaml" <<'END2'
id: ACME-001
name: acme-writable
title: The root filesystem is read-only
severity: high
match: container
assert: container.readonlyRootFilesystem
message: "'writable'"
remediation: Say so.
same-as: {cfn_nag: [W9999], cfn-guard: [ACME_READ_ONLY]}
END2
    for pair in 'cfn_nag|{cfn_nag: {rules_to_suppress: [{id: W9999, reason: why}]}}' \
        'cfn-guard|{guard: {SuppressedRules: [ACME_READ_ONLY]}}'; do
        IFS='|' read -r tool metadata <<<"$pair"
        task "$metadata"
        rm -f "$tmp/in/.ecsgate.yaml"
        ecsgate check --policies "$tmp/rules" --only ACME-001 "$tmp/in/t.yaml"
        [ "$status" -eq 1 ]
        echo "honour: [$tool]" >"$tmp/in/.ecsgate.yaml"
        ecsgate check --policies "$tmp/rules" --only ACME-001 -v "$tmp/in/t.yaml"
        show
        [ "$status" -eq 0 ] && grep -q "1 waived" <<<"$output" && grep -q " of $tool" <<<"$output"
    done
}

@test "a wrong waiver file or configuration: status 2, its place, what was meant" {
    task
    while IFS='|' read -r file text expected; do
        rm -f "$tmp/in/".ecsgate*
        printf '%b' "$text" >"$tmp/in/$file"
        ecsgate check "$tmp/in/t.yaml"
        show
        [ "$status" -eq 2 ] && [ -z "$output" ]
        grep -qF "$file:$expected" <<<"$stderr"
    done <<'END2'
.ecsgate-waivers.yaml|waivers:\n  - {rule: ECS-HARD, owner: o, until: 2026-06-01}\n|2:5: a waiver needs rule, reason, owner and until; this one has no reason
.ecsgate-waivers.yaml|waivers:\n  - {rule: ECS-HARD, ownr: o}\n|2:22: a waiver has no 'ownr'; did you mean 'owner'?
.ecsgate.yaml|title: x\nonyl: [ECS-HARD]\n|2:1: a configuration has no 'onyl'; did you mean 'only'?
.ecsgate.yaml|fail-on: hihg\n|1:10: expected critical, high, medium, low or info, found 'hihg'
.ecsgate.yaml|strict: 1\n|1:9: expected true or false, found integer
.ecsgate.yaml|rules: {ECS-HRAD-001: {off: true}}\n|1:9: there is no rule 'ECS-HRAD-001'; did you mean 'ECS-HARD-001'?
END2
}

@test "the configuration is found upwards, says what the command line does not, and can be left" {
    task
    mkdir -p "$tmp/in/a/b"
    cp "$tmp/in/t.yaml" "$tmp/in/a/b"
    rules() { # of a run with these arguments
        ecsgate check -f json="$tmp/r.json" "$@" "$tmp/in/a/b/t.yaml"
        query "$tmp/r.json" "sorted({x['rule'] for x in r['results']})"
    }
    echo 'only: ECS-HARD-001' >"$tmp/in/.ecsgate.yaml"
    [ "$(rules)" = "['ECS-HARD-001']" ]
    [ "$(rules --only ECS-LOG-001)" = "['ECS-LOG-001']" ]
    [ "$(rules --only 'ECS-LOG-001, ECS-HARD-001')" = "['ECS-HARD-001', 'ECS-LOG-001']" ]
    [ "$(rules --no-config | tr , '\n' | wc -l)" -gt 10 ]
    echo 'only: ECS-HARD-002' >"$tmp/other.yaml"
    [ "$(rules --config "$tmp/other.yaml")" = "['ECS-HARD-002']" ]
    echo 'skip: ECS-HARD' >"$tmp/in/.ecsgate.yaml"
    [[ $(rules) != *ECS-HARD* ]]
    [ "$(rules --only ECS-HARD-001)" = "['ECS-HARD-001']" ]
    echo '# nothing yet' >"$tmp/in/.ecsgate.yaml"
    [ "$(rules)" = "$(rules --no-config)" ]
}

@test "the configuration tunes rules: severity, off, params; --fail-on wins" {
    task
    config() {
        printf '%s\n' "$1" >"$tmp/in/.ecsgate.yaml"
        shift
        ecsgate check "$@" "$tmp/in/t.yaml"
        show
    }
    config 'rules: {ECS-HARD-001: {severity: low}}' --only ECS-HARD-001
    [ "$status" -eq 0 ] && grep -q '1 failed (1 low)' <<<"$output"
    config 'rules: {ECS-HARD-001: {severity: low}}' --only ECS-HARD-001 --fail-on low
    [ "$status" -eq 1 ]
    config 'rules: {readonly-root-filesystem: {off: true}}' -f json="$tmp/r.json"
    [ "$(query "$tmp/r.json" "any(x['rule'] == 'ECS-HARD-001' for x in r['results'])")" = False ]
    config 'rules: {ECS-LOG-004: {params: {minimumDay: 3}}}'
    [ "$status" -eq 2 ] && grep -q "did you mean 'minimumDays'" <<<"$stderr"
    config 'params: {secretName: x}'
    [ "$status" -eq 2 ] && grep -q "no shared param 'secretName'; did you mean 'secretNames'" <<<"$stderr"
    config 'params: {secretNames: "^GEHEIM"}' # for all rules that read it
    [ "$status" -eq 1 ]
    config 'only: ECS-HARD' --only low
    [ "$status" -eq 0 ]
    config 'builtin: false' # a gate without rules would always be open
    [ "$status" -eq 2 ] && grep -q 'no rule is left' <<<"$stderr"
}

@test "a baseline: only what is new fails; lines, order and hashes may change" {
    cp "$bad" "$tmp/t.yaml"
    ecsgate check -f json="$tmp/old.json" "$tmp/t.yaml"
    [ "$status" -eq 1 ]
    { echo '# a new first line' && cat "$bad"; } >"$tmp/t.yaml"
    ecsgate check --baseline "$tmp/old.json" "$tmp/t.yaml"
    show
    [ "$status" -eq 0 ] && grep -q 'of them in the baseline' <<<"$output"
    grep -q '^verdict: pass (nothing new of severity high or above fails)$' <<<"$output"
    ! grep -qE ': (high|critical): ' <<<"$output" # --verbose shows them
    ecsgate check --baseline "$tmp/old.json" -v -f text -f github="$tmp/annotations" "$tmp/t.yaml"
    grep -qE ': critical: .*\(in the baseline\)' <<<"$output" && ! grep -q '^::error' "$tmp/annotations"
    ecsgate check --skip ECS-HARD -f json="$tmp/less.json" "$tmp/t.yaml"
    ecsgate check --baseline "$tmp/less.json" "$tmp/t.yaml"
    [ "$status" -eq 1 ]
    ecsgate diff "$tmp/less.json" "$tmp/old.json"
    show
    [ "$status" -eq 1 ] && grep -q '^resolved: 0$' <<<"$output" && ! grep -q '^new: 0$' <<<"$output"
    ecsgate diff "$tmp/old.json" "$tmp/less.json"
    [ "$status" -eq 0 ] && grep -q '^new: 0$' <<<"$output" && ! grep -q '^resolved: 0$' <<<"$output"
    grep -q 'judged by different rules' <<<"$stderr"
    ecsgate diff "$tmp/old.json" "$bad"
    [ "$status" -eq 3 ]
    ecsgate diff "$tmp/old.json"
    [ "$status" -eq 2 ]
}

@test "diff: what was waived since is not resolved, and a waiver that ended is told" {
    task
    readonly_check -f json="$tmp/old.json"
    waivers 'rule: ECS-HARD-001, object: app, reason: r, owner: o, until: 2026-06-01'
    readonly_check -f json="$tmp/waived.json"
    ecsgate diff "$tmp/old.json" "$tmp/waived.json"
    show
    [ "$status" -eq 0 ] && [ -z "$stderr" ]
    grep -q '^resolved: 0$' <<<"$output" && grep -q '^waived since: 1$' <<<"$output"
    ecsgate diff "$tmp/waived.json" "$tmp/old.json"
    show
    [ "$status" -eq 1 ] && grep -q '^new: 1$' <<<"$output" && grep -q '(was waived)$' <<<"$output"
}

@test "diff and report: what can not be decided now is not resolved; what was not judged neither" {
    task
    readonly_check -f json="$tmp/old.json"
    cat >"$tmp/in/t.yaml" <<END2
Parameters: {ReadOnly: {Type: String}}
Resources:
  Web1A2B3C4D:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: web
      ContainerDefinitions:
        - {Name: app, Image: "public.ecr.aws/x/app:1.2.3", ReadonlyRootFilesystem: !Ref ReadOnly}
END2
    readonly_check -f json="$tmp/open.json"
    ecsgate diff "$tmp/old.json" "$tmp/open.json"
    show
    [ "$status" -eq 0 ]
    grep -q '^resolved: 0$' <<<"$output" && grep -q '^can not be decided now: 1$' <<<"$output"
    ecsgate report --previous "$tmp/old.json" "$tmp/in/t.yaml"
    grep -q '0 of the 1 finding' <<<"$output"
    [ "$(grep -c 'CAN NOT BE DECIDED NOW' <<<"$output")" -eq 1 ]
    # Another rule alone was run; then what the finding is about is mended.
    ecsgate report --only ECS-LOG --previous "$tmp/old.json" "$tmp/in/t.yaml"
    grep -q 'CAN NOT BE DECIDED NOW' <<<"$output" && ! grep -q RESOLVED <<<"$output"
    sed -i 's/!Ref ReadOnly/true/' "$tmp/in/t.yaml"
    ecsgate report --previous "$tmp/old.json" "$tmp/in/t.yaml"
    grep -q RESOLVED <<<"$output"
    readonly_check -f json="$tmp/mended.json"
    ecsgate diff "$tmp/old.json" "$tmp/mended.json"
    grep -q '^resolved: 1$' <<<"$output" && grep -q '^can not be decided now: 0$' <<<"$output"
    # A file that can't be read may hold what is not found.
    mkdir "$tmp/other" && echo '{"Resources": {' >"$tmp/other/t.json"
    cp "$good_task" "$tmp/other/good.json"
    ecsgate report --previous "$tmp/old.json" "$tmp/other/t.json" "$tmp/other/good.json"
    show
    grep -q 'CAN NOT BE DECIDED NOW' <<<"$output" && ! grep -q RESOLVED <<<"$output"
}

@test "findings in CDK output keep their fingerprints under new hashes, in another order" {
    cp -r examples/cdk/cdk.out.bad "$tmp/a"
    cp -r examples/cdk/cdk.out.bad "$tmp/b"
    python3 - "$tmp/b" <<'END2'
import glob, json, re, sys
files = [f for f in glob.glob(sys.argv[1] + "/**", recursive=True) if f.endswith(".json")]
template = next(f for f in files if f.endswith(".template.json"))
ids = [i for i in json.load(open(template))["Resources"] if re.search("[0-9A-F]{8}$", i)]
assert ids
for name in files:
    text = open(name).read()
    for i in ids:
        text = text.replace(i, i[:-8] + "%08X" % (int(i[-8:], 16) ^ 0x5A5A5A5A))
    if name == template:
        root = json.loads(text)
        root["Resources"] = dict(reversed(root["Resources"].items()))
        text = json.dumps(root, indent=3)
    open(name, "w").write(text)
END2
    for i in a b; do ecsgate check -f json="$tmp/$i.json" "$tmp/$i"; done
    ecsgate diff "$tmp/a.json" "$tmp/b.json"
    show
    [ "$status" -eq 0 ]
    grep -q '^resolved: 0$' <<<"$output" && ! grep -q '^still open: 0$' <<<"$output"
}

@test "a signed result holds up to verify and to openssl; what was changed does not" {
    cp -r examples/cdk/cdk.out.bad "$tmp/cdk.out"
    cd "$tmp"
    openssl genpkey -algorithm ed25519 -out ed.pem
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem
    for key in ed ec; do
        openssl pkey -in $key.pem -pubout -out $key.pub.pem
        ecsgate check --attest $key.json --key $key.pem cdk.out
        [ "$status" -eq 1 ]
        ecsgate verify $key.json --key $key.pub.pem
        show
        [ "$status" -eq 0 ] && [[ $output == *'verdict: fail'*template.json:\ unchanged* ]]
        # What docs/attestation.md says.
        jq -j .payload $key.json | base64 -d >payload.json
        printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c <payload.json)" |
            cat - payload.json >signed
        jq -r '.signatures[0].sig' $key.json | base64 -d >signature
    done
    openssl dgst -sha256 -verify ec.pub.pem -signature signature signed
    ecsgate verify ed.json --key ec.pub.pem
    [ "$status" -eq 3 ]
    jq -c '.payload |= (@base64d | sub("\"fail\""; "\"pass\"") | @base64)' ed.json >changed.json
    ecsgate verify changed.json --key ed.pub.pem
    show
    [ "$status" -eq 3 ] && [ -z "$output" ]
    sed -i 's/0.0.0.0/10.0.0.0/' cdk.out/*.template.json # the manifest stays
    ecsgate verify ed.json --key ed.pub.pem
    show
    [ "$status" -eq 1 ] && grep -q 'CHANGED' <<<"$output"
}

@test "a key that can't sign is told before anything is judged" {
    ecsgate check --attest "$tmp/a.json" --key "$bad" "$bad"
    [ "$status" -eq 2 ] && [ -z "$output" ] && [ ! -e "$tmp/a.json" ]
    ecsgate check --attest "$tmp/a.json" "$bad"
    [ "$status" -eq 2 ]
    ecsgate check --key "$bad" "$bad"
    [ "$status" -eq 2 ]
}

@test "a device is written to, never replaced; a link is followed" {
    mkfifo "$tmp/pipe"
    cat "$tmp/pipe" >"$tmp/read" &
    ecsgate check -f summary="$tmp/pipe" "$bad"
    wait
    [ -p "$tmp/pipe" ] && grep -q '^verdict: fail' "$tmp/read"
    ln -s real.json "$tmp/link.json"
    echo >"$tmp/real.json"
    ecsgate check -f json="$tmp/link.json" "$bad"
    [ -L "$tmp/link.json" ] && [ "$(query "$tmp/real.json" "r['verdict']")" = fail ]
}

@test "--explain shows how a rule came to its verdict, also one that is off" {
    task
    echo 'rules: {ECS-HARD-001: {off: true}}' >"$tmp/in/.ecsgate.yaml"
    ecsgate check --explain readonly-root-filesystem "$tmp/in/t.yaml"
    show
    [ "$status" -eq 1 ] && grep -q 'container.readonlyRootFilesystem = false' <<<"$output"
}

@test "two files that export and import are resolved together" {
    mkdir "$tmp/in"
    echo '{"Resources": {"S": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"O": {"Value": "latest", "Export": {"Name": "tag"}}}}' >"$tmp/in/a.json"
    cat >"$tmp/in/b.yaml" <<'END2'
Resources:
  T:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: app, Image: !Sub ["public.ecr.aws/x/app:${t}", {t: !ImportValue tag}]}]
END2
    ecsgate check --only ECS-IMG-001 "$tmp/in/b.yaml"
    grep -q '0 failed, 1 unknown' <<<"$output"
    ecsgate check --only ECS-IMG-001 "$tmp/in"
    show
    grep -q '1 failed .*2 stacks in 2 inputs' <<<"$output"
}

@test "every format gives the same bytes again, whatever the number of threads" {
    mkdir "$tmp/many"
    for i in $(seq 12); do cp "$bad" "$tmp/many/$i.yaml"; done
    all() { # NUMBER OF THREADS, FOLDER
        mkdir "$tmp/$2"
        set -- "$1" "$2" $(sed 's/^.*there are //; s/,//g' <<<"$formats")
        local -a wanted=()
        for name in "${@:3}"; do wanted+=(-f "$name=$tmp/$2/$name"); done
        "$ECSGATE" check --threads "$1" --date 2026-01-01 "${wanted[@]}" "$tmp/many" || [ $? -eq 1 ]
    }
    formats=$("$ECSGATE" check -f none x 2>&1) || true
    all 1 one && all 8 eight
    [ "$(find "$tmp/one" -type f | wc -l)" -gt 8 ]
    # The document quotes the command line; nothing else may differ.
    for name in "$tmp"/one/*; do
        cmp <(grep -v "ecsgate check" "$name") <(grep -v "ecsgate check" "$tmp/eight/${name##*/}")
    done
}

@test "files and assemblies whose stacks have one name have fingerprints of their own, in any order" {
    for folder in a b b/a; do
        mkdir -p "$tmp/$folder"
        cp "$bad" "$tmp/$folder/template.yaml"
        cp -r examples/cdk/cdk.out.bad "$tmp/$folder/cdk.out"
    done
    cd "$tmp"
    ecsgate check -f json=all.json a b
    ecsgate check -f json=again.json b/cdk.out b/template.yaml "$tmp/b/a" ./a
    # One more of the name: nobody else is called anew.
    mkdir c && sed '1i # moved' a/template.yaml >c/template.yaml
    ecsgate check -f json=more.json a b c
    query all.json "[x['fingerprint'] for x in r['results'] if x['fingerprint']]" | tr -d '[],' |
        tr ' ' '\n' >prints
    [ "$(wc -l <prints)" -gt 100 ] && [ -z "$(sort prints | uniq -d)" ]
    ecsgate diff all.json again.json
    show
    [ "$status" -eq 0 ] && grep -q '^resolved: 0$' <<<"$output"
    ecsgate diff all.json more.json
    [ "$status" -eq 1 ] && grep -q '^resolved: 0$' <<<"$output" && grep -q 'c/template.yaml' <<<"$output"
}
