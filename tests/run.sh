#!/bin/sh
# Usage: tests/run.sh [CTEST-OPTION...]     (for example: tests/run.sh -R IdsTest)
#
# Installs what is missing, builds everything in Release and runs all tests. The last line says
# "N passed, N failed"; the exit code is 0 only if tests ran and none failed.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build="$root/build/release"

"$root/cmake/install_and_build.sh"

results="$build/test-results.xml"
rm -f "$results"
code=0
ctest --test-dir "$build" -j2 --output-on-failure --no-tests=error --output-junit "$results" "$@" ||
  code=$?

# The counts come from the report and not from what ctest prints, so no test's output can change them.
[ -f "$results" ] || {
  echo "0 passed, 0 failed"
  echo "relata: ctest gave no results" >&2
  exit 1
}
count() { sed -n "s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p" "$results" | head -n 1; }
total=$(count tests)
failed=$(count failures)
skipped=$(($(count skipped) + $(count disabled)))
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
echo "$((total - failed - skipped)) passed, $failed failed"
if [ "$code" -eq 0 ] && [ "$failed" -ne 0 ]; then code=1; fi
exit "$code"
