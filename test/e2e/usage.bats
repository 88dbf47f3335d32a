# The command line itself: help, versions, wrong usage.
load helper

commands() {
    "$ECSGATE" --help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'
}

@test "--help goes to standard output, in 80 columns, and names every command" {
    ecsgate --help
    show
    [ "$status" -eq 0 ] && [ -z "$stderr" ]
    [ -z "$(grep -E '.{81}' <<<"$output")" ]
    for command in check report rules test model eval; do
        grep -q "^  $command " <<<"$output"
    done
}

@test "each command's --help goes to standard output, in 80 columns" {
    [ -n "$(commands)" ]
    for command in $(commands); do
        ecsgate "$command" --help
        show
        [ "$status" -eq 0 ] && [ -z "$stderr" ]
        grep -q "^Usage: ecsgate $command" <<<"$output"
        [ -z "$(grep -E '.{81}' <<<"$output")" ]
    done
}

@test "--version prints the version of the file VERSION" {
    ecsgate --version
    [ "$status" -eq 0 ]
    [ "$output" = "ecsgate $(cat VERSION)" ]
}

@test "no command: the help on standard error, status 2" {
    ecsgate
    show
    [ "$status" -eq 2 ] && [ -z "$output" ]
    grep -q '^Usage' <<<"$stderr"
}

@test "an unknown command is named on standard error, status 2" {
    ecsgate chekc "$good"
    show
    [ "$status" -eq 2 ] && [ -z "$output" ]
    grep -q "chekc" <<<"$stderr"
}

@test "each command refuses an unknown option on standard error, status 2" {
    for command in $(commands); do
        ecsgate "$command" --no-such-option
        show
        [ "$status" -eq 2 ] && [ -z "$output" ]
        grep -q -e "--no-such-option" <<<"$stderr"
    done
}

@test "check without a path says so, status 2" {
    ecsgate check
    show
    [ "$status" -eq 2 ] && [ -z "$output" ] && [ -n "$stderr" ]
}

@test "an option's value may follow = or stand alone; a missing one is told" {
    ecsgate check --fail-on=critical "$good_task"
    local with_equals=$status
    ecsgate check --fail-on critical "$good_task"
    [ "$status" -eq "$with_equals" ] && [ "$status" -ne 2 ]
    ecsgate check --fail-on
    show
    [ "$status" -eq 2 ]
}

@test "an unknown format, severity or rule is a usage error that names what there is" {
    ecsgate check -f nonsense "$good"
    show
    [ "$status" -eq 2 ] && grep -q json <<<"$stderr"
    ecsgate check --fail-on serious "$good"
    show
    [ "$status" -eq 2 ] && grep -q critical <<<"$stderr"
    ecsgate check --only ECS-NO-999 "$good"
    show
    [ "$status" -eq 2 ] && grep -q ECS-NO-999 <<<"$stderr"
}

@test "-- ends the options" {
    cp "$good_task" "$tmp/-odd.json"
    cd "$tmp"
    ecsgate check -- -odd.json
    show
    [ "$status" -ne 2 ]
}

@test "a misspelt command, option, rule, section or severity: what was meant" {
    while IFS='|' read -r arguments meant; do
        ecsgate $arguments "$good"
        show
        [ "$status" -eq 2 ] && [ -z "$output" ] && grep -qF "did you mean '$meant'?" <<<"$stderr"
    done <<'END'
chekc|check
check --fial-on=high|--fail-on
diff --hlep|--help
check --only hgih|high
check --only ECS-HRD|ECS-HARD
check --skip ECS-HRAD-001|ECS-HARD-001
check --profile hardned|hardened
END
}

@test "errors carry nothing that a terminal or a runner of workflows acts upon" {
    printf 'waivers:\n  - {"x\\e[31m\\n::error::y": 1}\n' >"$tmp/w.yaml"
    ecsgate check --waivers "$tmp/w.yaml" "$good"
    show
    [ "$status" -eq 2 ] && [[ $stderr != *$'\e'* ]] && ! grep -q '^ *::' <<<"$stderr"
    for arguments in $'check nope\e[31m' $'chekc\e[31m' $'check --x\e[31m' $'check -f x\e[31m x'; do
        ecsgate $arguments
        show
        [ "$status" -ge 2 ] && [[ $stderr == *'\u{1b}'* ]] && [[ $stderr != *$'\e'* ]]
    done
}
