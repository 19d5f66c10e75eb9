#!/usr/bin/env bash
# Campaigns and design studies under mpirun: stopped by a signal or by --max-walltime they end with exit code 75, keep
# what is finished, and the same command goes on.
#   stop_test.sh PORELITH MPIEXEC
set -u
porelith=$1 mpiexec=$2
data=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../data
folder=$(mktemp -d) || exit 1
launcher=
clean_up() {
  # shellcheck disable=SC2046  # one word a process
  [ -n "$launcher" ] && kill -9 $(pgrep -P "$launcher") "$launcher" 2>/dev/null
  rm -rf "$folder"
}
trap clean_up EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }
on_two() { "$mpiexec" --oversubscribe -n 2 "$porelith" "$@"; }
expect() {  # CODE WANTED WHAT
  [ "$1" -eq "$2" ] || fail "$3 ended with $1, not $2: $(tail -n 3 "$folder/said")"
}
records() { cat "$folder/$1"/*.journal 2>/dev/null | grep -a -o PSJ1 | wc -l; }

cat "$data/millisecond_solve.toml" - >"$folder/case.toml" <<'END'
[output]
pictures = false
[design]
strategy = "surrogate"
objective = "energy"
samples = 60
members = 3
hidden = [8]
epochs = 100
rounds = 2
solves_a_round = 2
[design.set]
"negative.porosity" = "n"
"positive.thickness" = "p*1e-4"
[[design.variable]]
name = "n"
low = 0.2
high = 0.4
start = 0.3
[[design.variable]]
name = "p"
low = 0.5
high = 2.0
start = 1.0
END

# Starts a verb on two ranks, sends the launcher a signal once 100 samples are recorded; leaves its exit code in `code`.
stopped_by() {  # SIGNAL FOLDER VERB...
  local signal=$1 out=$2; shift 2
  local before; before=$(records "$out/${journals-}")
  (exec "$mpiexec" --oversubscribe -n 2 "$porelith" "$@") >"$folder/said" 2>&1 &  # the signal is for mpirun, not for a shell around it
  launcher=$!
  for _ in $(seq 600); do
    [ "$(records "$out/${journals-}")" -gt $((before + 100)) ] && break
    kill -0 "$launcher" 2>/dev/null || break
    sleep 0.05
  done
  kill -"$signal" "$launcher"
  wait "$launcher"
  code=$?
  launcher=
}

# Open MPI hands SIGUSR1 on and passes the ranks' exit code; after SIGTERM and Ctrl-C it leaves them a second and ends
# with a code of its own.
for signal in USR1 TERM INT; do
  stopped_by "$signal" campaign sample "$folder" --samples 1000000 --out "$folder/campaign"
  if [ "$signal" = USR1 ]; then expect "$code" 75 "sample after SIGUSR1"; else
    [ "$code" -ne 0 ] || fail "sample after SIG$signal ended with 0"; fi
  grep -q 'stopped on request; the same command goes on' "$folder/said" || fail "sample after SIG$signal does not say so"
  [ -s "$folder/campaign/dataset.h5" ] || fail "no dataset after SIG$signal"
done

finished=$(records campaign)
on_two sample "$folder" --samples 1000000 --out "$folder/campaign" --max-walltime 2s >"$folder/said" 2>&1
expect $? 75 "sample with --max-walltime"
[ "$(records campaign)" -gt "$finished" ] || fail "nothing was added before --max-walltime"

journals=campaign
stopped_by USR1 study design "$folder" --samples 1000000 --out "$folder/study"
expect "$code" 75 "design after SIGUSR1"
grep -q 'stopped on request; the same command goes on' "$folder/said" || fail "design does not say that it was stopped"
on_two design "$folder" --out "$folder/small" --max-walltime 0.01s >"$folder/said" 2>&1
expect $? 75 "design with --max-walltime"
on_two design "$folder" --out "$folder/small" >"$folder/said" 2>&1
expect $? 0 "design on two ranks"
for file in report.html design.json optimum/case.toml surrogate.h5; do
  [ -s "$folder/small/$file" ] || fail "design on two ranks leaves no $file"
done
on_two sample "$folder" --samples 0 >"$folder/said" 2>&1
[ $? -ne 0 ] || fail "no samples were accepted"

[ "$failures" -eq 0 ] && echo "all of it holds"
[ "$failures" -eq 0 ] || exit 1  # not their number: 77 would mean "skipped"
