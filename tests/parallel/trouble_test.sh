#!/usr/bin/env bash
# Failures on 1 to 4 ranks: the same sentence, once; the same status in manifest and results; the same exit code. What
# is wrong with the input is told once, and so is what a verb of one rank prints.
#   trouble_test.sh PORELITH MPIEXEC
set -u
porelith=$1 mpiexec=$2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }
on() { local ranks=$1; shift; timeout 120 "$mpiexec" --oversubscribe -n "$ranks" "$porelith" "$@"; }
status_in() { grep -E '"(status|exit code)": [^[]' "$1/manifest.json"; }

# Charged at 6C, the salt piles up beyond what the law knows, in the cells of one rank.
cat >"$folder/case.toml" <<'END'
title = "a law that ends"
[cell]
file = "lgm50_chen2020"
temperature = "25 degC"
[electrolyte]
diffusivity = "3e-10*(2.05 - x/1000)"
[initial]
soc = 0
[mesh]
negative = 5
separator = 3
positive = 5
shells = 6
[output]
pictures = false
vtk = false
[[step]]
charge = "6C"
[step.until]
time = "10 min"
END

for ranks in 1 2 3 4; do
  on "$ranks" run "$folder/case.toml" --out "$folder/on_$ranks" >"$folder/said_$ranks" 2>&1
  code=$?
  [ "$code" -eq 2 ] || fail "on $ranks ranks the exit code is $code"
  grep '^porelith: ' "$folder/said_$ranks" >"$folder/told_$ranks"
  [ "$(wc -l <"$folder/told_$ranks")" -eq 1 ] || fail "on $ranks ranks it is told $(wc -l <"$folder/told_$ranks") times"
  grep -q 'diffusivity law gives .* at c_e = 2050 mol/m3 in cell [0-9]* (positive electrode, x = ' "$folder/told_$ranks" ||
    fail "on $ranks ranks it says $(cat "$folder/told_$ranks")"
  cmp -s "$folder/told_1" "$folder/told_$ranks" || fail "1 and $ranks ranks: $(cat "$folder/told_1" "$folder/told_$ranks")"
  [ "$(status_in "$folder/on_$ranks")" = "$(status_in "$folder/on_1")" ] || fail "the manifest of $ranks ranks is another"
  grep '^warning: ' "$folder/said_$ranks" | sort >"$folder/warnings_$ranks"
  [ -s "$folder/warnings_$ranks" ] || fail "on $ranks ranks no warning is told"
  cmp -s "$folder/warnings_1" "$folder/warnings_$ranks" || fail "on $ranks ranks the warnings are others than on one"
  [ -z "$(uniq -d "$folder/warnings_$ranks")" ] || fail "on $ranks ranks a warning is told twice"
done

once() {  # WANTED PATTERN VERB...: on three ranks the exit code, and one line with the pattern
  local wanted=$1 pattern=$2; shift 2
  on 3 "$@" >"$folder/said" 2>&1
  local code=$?
  [ "$code" -eq "$wanted" ] || fail "$* ended with $code: $(tail -n 3 "$folder/said")"
  [ "$(grep -c -- "$pattern" "$folder/said")" -eq 1 ] || fail "$* says $(grep -c -- "$pattern" "$folder/said") times $pattern"
}
case=$folder/case.toml
once 65 'porosity = 1.3 is' run "$case" --set negative.porosity=1.3 --out "$folder/wrong"
once 65 'is not a key' mesh "$case" --set negative.porositi=0.3
once 65 'is no file' run "$case" --set mesh.file=none.msh --set geometry.dimension=2 --out "$folder/wrong"
once 65 'has no \[design\]' sample "$case"
once 65 'has no \[design\]' design "$case"
once 65 'no such file' check "$folder/none.toml"
once 64 'is not a verb' rum "$case"
once 64 'is no duration' run "$case" --max-walltime soon --out "$folder/wrong"
once 64 'begin with a dash' run "$case" --petsc ksp_monitor --out "$folder/wrong"
once 0 '^Cell ' check "$case"
once 0 '^{' schema
once 74 'cannot make the folder' run "$case" --out "$folder/case.toml/run"
[ -e "$folder/wrong" ] && fail "a refused run made a folder"

[ "$failures" -eq 0 ] && echo "all of it holds"
[ "$failures" -eq 0 ] || exit 1  # not their number: 77 would mean "skipped"
