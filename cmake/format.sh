#!/bin/sh
# Usage: cmake/format.sh [--check] [PATH...]
#
# Formats the C++ files given, or all of them in the source tree, as .clang-format says. With --check
# it changes nothing, lists what would change and fails if anything would. Needs clang-format 14, the
# one of Debian 12: other versions format differently.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
mode=-i
if [ "${1-}" = --check ]; then
  mode='--dry-run -Werror'
  shift
fi

tool=$(command -v clang-format-14 || command -v clang-format) || {
  echo "relata: clang-format is missing; install it with: apt-get install clang-format-14" >&2
  exit 1
}
"$tool" --version | grep -q 'version 14\.' || {
  echo "relata: $tool is not version 14; install it with: apt-get install clang-format-14" >&2
  exit 1
}

if [ $# -gt 0 ]; then
  # shellcheck disable=SC2086  # one or two options
  exec "$tool" $mode "$@"
fi
cd "$root"
# shellcheck disable=SC2086
find . -path './.?*' -prune -o -path './build*' -prune -o \
  \( -name '*.h' -o -name '*.cc' \) -print0 | xargs -0 "$tool" $mode
