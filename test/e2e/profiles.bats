# What the profiles hold, and what the one of the validation report says of the example system.
load helper

# Rules and resources that fail under seed-report in assembly $1, one a line.
failures() {
    ecsgate check --profile seed-report --no-config -f json="$tmp/r.json" "$1"
    query "$tmp/r.json" "'\n'.join(sorted({x['rule'] + ' ' + (x['resource'] or '-').rstrip('0123456789ABCDEF')
        for x in r['results'] if x['verdict'] == 'fail'}))"
}

@test "seed-report: in the good system nothing fails, and every line of the checklist that a template shows is examined" {
    [ -z "$(failures examples/cdk/cdk.out.good)" ]
    # Only what the system has none of is not judged: a secret of its own for the registry, an ECR repository.
    [ "$(query "$tmp/r.json" "sorted(x['rule'] for x in r['results'] if x['verdict'] == 'not-applicable')")" = \
        "['ECS-ECR-004', 'ECS-REG-004']" ]
    [ "$(query "$tmp/r.json" "all(x['severity'] == 'info' for x in r['results'] if x['verdict'] == 'unknown')")" = True ]
    ecsgate report --profile seed-report --no-config examples/cdk/cdk.out.good
    show
    [ "$(grep -c '^- ❌' <<<"$output")" -eq 0 ]
}

@test "seed-report: in the bad system every planted fault is found" {
    run failures examples/cdk/cdk.out.bad
    show
    for fault in 'ECS-REG-001 BackendTask' 'ECS-ROLE-001 BackendTask' 'ECS-ROLE-002 MediaTask' \
        'ECS-REG-003 MediaTask' 'ECS-IMG-001 BackendTask' 'ECS-IMG-001 MediaTask' 'ECS-LOG-001 MediaTask' \
        'ECS-NET-001 BackendService' 'ECS-NET-002 BackendService' 'ECS-SG-001 BackendGroup' \
        'ECS-SG-006 DatabaseGroup' 'ECS-SEC-001 BackendTask' 'ECS-LB-001 BalancerHttp' \
        'ECS-DEP-001 BackendService' 'ECS-DEP-002 BackendService' 'ECS-DEP-003 BackendService' \
        'ECS-DEP-004 BackendService' 'ECS-DATA-001 Database' 'ECS-DATA-002 Database' 'ECS-DATA-003 Database' \
        'ECS-DATA-007 Database' 'ECS-LOG-004 BackendLogs' 'ECS-OBS-002 BackendService'; do
        grep -qx "$fault" <<<"$output"
    done
}

@test "seed-report: a task with credentials and no execution role, as deployment 85 had, and nothing else of it" {
    cat >"$tmp/t.yaml" <<'END'
Resources:
  Media:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: media
          Image: acme/media:1.4.2
          RepositoryCredentials: {CredentialsParameter: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hub-AbCdEf"}
END
    ecsgate check --profile seed-report --only ECS-ROLE,ECS-REG --no-config -f json="$tmp/r.json" "$tmp/t.yaml"
    [ "$status" -eq 1 ]
    [ "$(query "$tmp/r.json" "sorted(x['rule'] for x in r['results'] if x['verdict'] == 'fail')")" = \
        "['ECS-REG-003', 'ECS-ROLE-002']" ]
}

rules_of() {
    ecsgate rules -f json --profile "$1"
    printf '%s' "$output" >"$tmp/$1.json"
}

@test "profiles: fsbp holds rules of Security Hub's ECS controls, hardened all, default all but the opt-in ones" {
    for profile in default fsbp hardened seed-report; do
        rules_of "$profile"
    done
    [ "$(query "$tmp/fsbp.json" "all(any(i.startswith('ECS.') for i in x['sameAs']['security-hub']) for x in r['rules'])")" = True ]
    [ "$(query "$tmp/hardened.json" "len(r['rules'])")" -ge "$(query "$tmp/default.json" "len(r['rules'])")" ]
    [ "$(query "$tmp/seed-report.json" "r['rules'][0]['id']")" = ECS-REG-001 ]
}
