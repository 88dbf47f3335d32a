# The README is true: its commands run, and the output it shows is what they print.
load helper

@test "every sh block of README.md runs" {
    awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md >"$tmp/commands"
    [ -s "$tmp/commands" ]
    while IFS= read -r line; do
        case $line in '' | '#'*) continue ;; esac
        # The commands that build and test everything are what runs this scenario.
        case $line in ./bootstrap*) continue ;; esac
        echo "\$ $line"
        status=0
        sh -c "$(sed "s|^build/ecsgate |'$ECSGATE' |" <<<"$line")" || status=$?
        [ "$status" -le 1 ]
    done <"$tmp/commands"
}

@test "./bootstrap explains itself, and every command that README.md gives it is one of its own" {
    run sh ./bootstrap
    [ "$status" -eq 0 ]
    for command in $(grep -oE '^\./bootstrap [a-z]+' README.md | cut -d' ' -f2); do
        grep -qE "^  $command " <<<"$output"
    done
    run sh ./bootstrap no-such-command
    [ "$status" -eq 2 ]
}

@test "the output shown in README.md is what the command above it prints" {
    awk '/^```console$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md >"$tmp/console"
    [ -s "$tmp/console" ]
    command=$(sed -n '1s/^\$ //p' "$tmp/console")
    status=0
    sh -c "${command/#build\/ecsgate/$ECSGATE}" >"$tmp/actual" 2>&1 || status=$?
    [ "$status" -le 1 ]
    # What the README leaves out stands as a line of three dots.
    python3 - "$tmp/console" "$tmp/actual" <<'END'
import sys
shown = open(sys.argv[1]).read().split("\n", 1)[1]
actual = open(sys.argv[2]).read()
at = 0
for piece in shown.split("...\n"):
    found = actual.find(piece, at)
    assert found >= 0, "not printed:\n" + piece
    at = found + len(piece)
END
}
