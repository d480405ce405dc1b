#!/bin/sh
# The whole test run: every `check:*` script of package.json, then all tests. Arguments go to vitest. Runs everything even when
# something fails; the last line printed is `N passed, N failed`, where a failed check counts as one.
set -u
cd "$(dirname "$0")/.." || exit 2

counts=$(mktemp "${TMPDIR:-/tmp}/tamga-counts.XXXXXX") || exit 2
trap 'rm -f "$counts"' EXIT

failed_checks=
checks_failed=0
for check in $(node -p 'Object.keys(require("./package.json").scripts).filter((name) => /^check:/.test(name)).join(" ")'); do
  echo "> $check"
  npm run --silent "$check" || {
    failed_checks="$failed_checks $check"
    checks_failed=$((checks_failed + 1))
  }
done

TEST_COUNTS_FILE=$counts vitest run "$@"
status=$?

# Empty when vitest ended before it could count.
read -r passed failed skipped <"$counts" || { passed=0 failed=0 skipped=0; }
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
failed=$((failed + checks_failed))

[ -z "$failed_checks" ] || echo "failed:$failed_checks"
if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
