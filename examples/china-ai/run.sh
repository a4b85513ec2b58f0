#!/bin/sh
# Usage: examples/china-ai/run.sh [--keep]
#
# Builds relatad and relata where needed, starts a server on a free port with an empty data folder below
# build/release/china-ai, imports the example (one commit a file) and asks it questions. Stops the server at
# the end, or leaves it running with --keep. Works from any folder, beside other servers, and twice in a row.
set -eu

keep=
case "${1:-}" in
  "") ;;
  --keep) keep=1 ;;
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "run.sh: unknown option $1; the only one is --keep" >&2; exit 2 ;;
esac

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)
bin="$root/build/release/bin"
runs="$root/build/release/china-ai"
server=

say() { echo "run.sh: $*" >&2; }

# Whether the process named in the file of folder $1 is alive, so that its folder is in use.
in_use() { [ -f "$1/pid" ] && kill -0 "$(cat "$1/pid")" 2>/dev/null; }

# Takes the first folder that no server of an earlier run uses, and empties it.
choose_folder() {
  number=1
  while in_use "$runs/$number"; do number=$((number + 1)); done
  run="$runs/$number"
  rm -rf "$run"
  mkdir -p "$run"
  echo $$ >"$run/pid"
}

stop_server() {
  [ -n "$server" ] || return 0
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}

# Starts relatad on a free port and waits, up to half a minute, until it has told which.
start_server() {
  # Detached from the terminal, so that --keep outlives this shell.
  nohup "$bin/relatad" --listen 127.0.0.1:0 --data "$run/data" --port-file "$run/port" \
    >"$run/log" 2>&1 </dev/null &
  server=$!
  echo "$server" >"$run/pid"
  tries=0
  until [ -s "$run/port" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
      say "relatad did not start; the end of its log $run/log:"
      tail -n 5 "$run/log" >&2
      exit 1
    fi
    sleep 0.1
  done
  address="127.0.0.1:$(cat "$run/port")"
  export RELATA_SERVER="$address"
}

title() { printf '\n== %s\n' "$*"; }

# Prints the command as one would type it, then its answer.
ask() {
  printf '$ relata'
  for word; do
    case "$word" in
      *[!A-Za-z0-9_./:,=-]*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  "$bin/relata" "$@"
}

import_all() {
  title "Importing: one file, one document, one commit"
  cd "$here"
  commits=0
  for file in data/*.jsonl; do
    "$bin/relata" import "$file"
    commits=$((commits + 1))
  done
  printf '$ relata stats | grep -vE "^(label|type|bytes)"\n'
  "$bin/relata" stats | grep -vE '^(label|type|bytes)'
}

ask_chains() {
  title "The investors of Kling AI, and the round"
  ask neighbors company/kling-ai --type INVESTED_IN --direction in
  ask get event/kling-ai-round-2026-07

  title "From Alibaba to models, over at least three entities"
  ask chains company/alibaba --via INVESTED_IN:out --via DEVELOPED:out --min-hops 2 --max-hops 2 \
    --end-label Model --order hops --limit 12
}

ask_regulation() {
  title "How generative AI came to be regulated in China (?: the documents give no date)"
  ask timeline field/generative-ai --via APPLIES_TO:in --via PART_OF:in --via IN_FIELD:in \
    --max-hops 2 --event ISSUED:in --event APPROVED:in --event .status --limit 40

  title "What regulation touches Alibaba, since when, and by which path"
  ask timeline company/alibaba --via DEVELOPED:out --via IN_FIELD:out --max-hops 2 \
    --event APPLIES_TO:in --paths --limit 30
}

ask_time_and_belief() {
  title "DeepSeek, by its Chinese name"
  ask find 深度求索

  title "What was known before the last document (version $((commits - 1))): no investment in Kling AI yet"
  ask neighbors company/alibaba --type INVESTED_IN --direction out --known-at "$((commits - 1))"

  title "What had been reported by 1 March 2026: only the stake in Moonshot AI"
  ask neighbors company/alibaba --type INVESTED_IN --direction out --policy reported_until=2026-03-01

  title "One fact with its citations"
  ask get --relationship invested/alibaba/kling-ai/2026-07 --facts --citations
}

how_to_go_on() {
  title "How to go on"
  if [ -n "$keep" ]; then
    echo "The server runs on $address; stop it with: kill $server"
  else
    echo "The server is stopped. Start it again on the same data, in a second terminal:"
    echo "  $bin/relatad --listen $address --data $run/data"
  fi
  cat <<TEXT
Ask it, for instance:
  export RELATA_SERVER=$address PATH="$bin:\$PATH"
  relata source source/china-ai-brief-2026-07-03 | less -S
  relata find robot --prefix
  relata find DeepSeek --prefix --label Model --where 'parameters>=500000000000'
  relata timeline company/huawei --via DEVELOPED:out --max-hops 1 --event RELEASED:in --event .market_share_china
  relata path company/tencent rule/generative-ai-measures --via INVESTED_IN:out --via IN_FIELD:out --via APPLIES_TO:in
  relata chains company/alibaba --via OWNS:out --via INVESTED_IN:out --citations
  relata query "MATCH (m:Model) WHERE m.parameters > 0 RETURN m.name AS model, m.parameters AS parameters ORDER BY parameters DESC"
  relata query "MATCH (f:Figure) RETURN f.name, f.period, coalesce(f.value, valueAt(f, 'value', date(split(f.period, '/')[0]))) AS value, f.unit"
  relata shell
What each document says, with the keys that hold it: $here/COVERAGE.md
All commands: $root/docs/cli.md; the query language: $root/docs/query-language.md
TEXT
}

"$root/cmake/install_and_build.sh" relatad relata
choose_folder
trap stop_server EXIT
trap 'exit 130' INT TERM
start_server
import_all
ask_chains
ask_regulation
ask_time_and_belief
if [ -n "$keep" ]; then
  how_to_go_on
  server=
else
  stop_server
  how_to_go_on
fi
