#!/bin/sh
# validate.sh [BUILD]: writes every sample in every format (BUILD/test/t_report_golden; default
# build) and holds the outputs against their schemas and readers: schemas/result.json, SARIF,
# GitLab's code quality and JUnit's schema, XML, CSV and Markdown parsers. What a tool is missing for
# is skipped with a message. The last line is "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v python3 >/dev/null; then
    echo "skipped: no python3"
    exit 0
fi
UPDATE='' REPORT_OUT=$work "$build/test/t_report_golden" >"$work/log" 2>&1 ||
    echo "t_report_golden has failures of its own"
python3 test/report/validate.py "$work"
