#!/bin/sh
# run.sh [BUILD]: opens the HTML documents of the samples in headless Chromium (page.py). Skipped
# with a message where there is no browser. The last line is "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
browser=
for name in chromium chromium-browser google-chrome; do
    [ -n "$browser" ] || browser=$(command -v "$name" || true)
done
if [ -z "$browser" ] || ! command -v python3 >/dev/null; then
    echo "skipped: no chromium or no python3"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
UPDATE='' REPORT_OUT=$work "$build/test/t_report_golden" >"$work/log" 2>&1 ||
    echo "t_report_golden has failures of its own"
python3 test/browser/page.py "$browser" "$work"
