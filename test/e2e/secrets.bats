# A secret's value appears in no output, wherever in the input it stands.
load helper

@test "no format, report, model or explanation shows a secret" {
    cat >"$tmp/t.yaml" <<'END'
Description: "log in with postgres://app:hunter2zz@db/app"
Metadata: {notes: [{for: ops, text: "token ghp_hunter2zz0123456789abc"}]}
Parameters:
  Mode: {Type: String, Default: fast, Description: "or password=hunter2zz"}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Metadata: {note: "-----BEGIN RSA PRIVATE KEY-----hunter2zz"}
    Properties:
      ContainerDefinitions:
        - Name: app
          Image: "app:1.0.0"
          Environment: [{Name: X, Value: wJalrXhunter2zzUFEMI7MDENGbPxRfiCYzqVd2h9T5}, {Name: DB_PASSWORD, Value: hunter2zz}]
          Secrets: [{Name: Y, ValueFrom: "postgres://app:hunter2zz@db"}, {Name: Z, ValueFrom: ghp_hunter2zz0123456789abc}]
          Command: [run, --password, hunter2zz]
  Stored: {Type: AWS::SSM::Parameter, Properties: {Type: String, Name: /app/db-password, Value: hunter2zz}}
  Stored2: {Type: AWS::SSM::Parameter, Properties: {Type: String, Name: /app/url, Value: "postgres://app:hunter2zz@db/app"}}
  Sec: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: hunter2zz}}
Outputs:
  Url: {Value: "redis://:hunter2zz@cache", Description: "password=hunter2zz"}
END
    for format in text json ndjson sarif junit csv github gitlab; do
        ecsgate check --no-config -f "$format" "$tmp/t.yaml"
        [ "$status" -eq 1 ]
        ! grep -q hunter2zz <<<"$output$stderr" || return 1
    done
    for format in markdown html; do
        ecsgate report --no-config -f "$format" "$tmp/t.yaml"
        ! grep -q hunter2zz <<<"$output$stderr" || return 1
    done
    ecsgate model "$tmp/t.yaml"
    [ "$status" -eq 0 ]
    ! grep -q hunter2zz <<<"$output$stderr" || return 1
    for rule in ECS-SEC-001 ECS-SEC-002 ECS-SEC-003 ECS-SEC-004 ECS-SEC-005 ECS-SEC-006 ECS-SEC-007; do
        ecsgate check --no-config --explain "$rule" "$tmp/t.yaml"
        ! grep -q hunter2zz <<<"$output$stderr" || return 1
    done
}
