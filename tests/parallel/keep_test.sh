#!/usr/bin/env bash
# A run under mpirun is stopped by SIGUSR1, loses a rank, or fills the disk: it ends with its own code and a sentence,
# its last checkpoint stays whole, and --resume gives the curve of the run that was not interrupted, byte for byte.
#   keep_test.sh PORELITH MPIEXEC
set -u
porelith=$1 mpiexec=$2
folder=$(mktemp -d) || exit 1
launcher=
cleanup() {
  kill -9 "$launcher" 2>/dev/null
  pkill -9 -f "$folder" 2>/dev/null
  mountpoint -q "$folder/small" && umount "$folder/small"
  rm -rf "$folder"
}
trap cleanup EXIT
failures=0
say() { echo "$SECONDS s: $*"; }
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

cat >"$folder/case.toml" <<'END'
cell.file = "nmc111_pouch"
[initial]
soc = 0.2
[geometry]
dimension = 2
width = "60 um"
[[channel]]
width = "15 um"
[mesh]
negative = 4
positive = 4
width = 4
shells = 5
[solver]
fixed_step = "0.1 s"
[output]
pictures = false
vtk = false
max_snapshots = 2
[[step]]
charge = "1C"
until = { time = "300 s" }
[[step]]
rest = "60 s"
END

run_in() {  # FOLDER OPTION...
  local out=$1; shift
  (exec "$mpiexec" --oversubscribe -n 2 "$porelith" run "$folder/case.toml" --out "$out" \
    --checkpoint-every 0.01s "$@") >"$folder/said" 2>&1 &
  launcher=$!
}
finish() { wait "$launcher"; code=$?; say "ended with $code"; }
expect() {  # WANTED WHAT
  [ "$code" -eq "$1" ] || fail "$2 ended with $code, not $1: $(tail -n 3 "$folder/said")"
}
rows() { wc -l 2>/dev/null <"$1/curve.csv" || echo 0; }
wait_for() {  # FOLDER: a checkpoint and 20 rows
  for _ in $(seq 1200); do
    [ "$(rows "$1")" -gt 20 ] && compgen -G "$1/checkpoint/*/index.json" >/dev/null && return
    kill -0 "$launcher" 2>/dev/null || break
    sleep 0.05
  done
  fail "no checkpoint in $1: $(tail -n 3 "$folder/said")"
}
resumed() {  # FOLDER WHAT
  run_in "$1" --resume; finish
  expect 0 "the run that goes on after $2"
  cmp -s "$1/curve.csv" "$folder/whole/curve.csv" || fail "after $2 the curve is another"
}

run_in "$folder/whole"; finish
expect 0 "the uninterrupted run"

run_in "$folder/signal"; wait_for "$folder/signal"
kill -USR1 "$launcher"; finish
expect 75 "the run after SIGUSR1"
resumed "$folder/signal" SIGUSR1

run_in "$folder/rank"; wait_for "$folder/rank"
kill -9 "$(pgrep -f "$porelith run $folder/case.toml --out $folder/rank" | tail -n 1)"; finish
[ "$code" -ne 0 ] || fail "a run that lost a rank ended with 0"
grep -q 'exited on signal 9' "$folder/said" || fail "a lost rank is not told: $(tail -n 3 "$folder/said")"
resumed "$folder/rank" "a lost rank"

mkdir "$folder/small"
if mount -t tmpfs -o size=4m tmpfs "$folder/small" 2>/dev/null; then
  run_in "$folder/small/run"; wait_for "$folder/small/run"
  cat /dev/zero >"$folder/small/filler" 2>/dev/null
  finish
  expect 74 "the run on a full disk"
  grep -q 'No space left on device' "$folder/said" || fail "a full disk is not told: $(tail -n 3 "$folder/said")"
  compgen -G "$folder/small/run/checkpoint/*/index.json" >/dev/null || fail "the full disk took the checkpoint"
  rm "$folder/small/filler"
  resumed "$folder/small/run" "a full disk"
else
  echo "no right to mount a small disk: the full disk is left out"
fi

[ "$failures" -eq 0 ] && echo "all of it holds"
[ "$failures" -eq 0 ] || exit 1  # not their number: 77 would mean "skipped"
