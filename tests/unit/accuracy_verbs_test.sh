#!/usr/bin/env bash
# Whole verbs: a run refines the mesh that its case leaves open, says so in its files, and its resolved case repeats it;
# a study that asks for an accuracy has one mesh, its baseline's, and so has every later call.
#   accuracy_verbs_test.sh PORELITH MPIEXEC
source "$(dirname "$(readlink -f "$0")")/../support/verbs.sh"

cat >"$folder/case.toml" <<'END'
cell.file = "lgm50_chen2020"
[[step]]
discharge = "3C"
[mesh]
accuracy = "0.5 %"
[output]
pictures = false
vtk = false
[design]
strategy = "surrogate"
objective = "energy"
samples = 8
[design.set]
"negative.porosity" = "n"
[[design.variable]]
name = "n"
low = 0.2
high = 0.3
start = 0.25
END

# A run.
"$porelith" run "$folder" --out "$folder/run" >"$folder/said" 2>&1 || fail "run: $(cat "$folder/said")"
holds "$folder/said" "estimated errors on "
holds "$folder/said" "the salt ran out locally"
holds "$folder/run/manifest.json" '"within": "yes"'
grep -q '^negative = 20$' "$folder/run/case.resolved.toml" && fail "the resolved case has the default mesh"
"$porelith" run "$folder/run/case.resolved.toml" --out "$folder/again" >"$folder/said" 2>&1 || fail "the resolved case: $(cat "$folder/said")"
cmp -s "$folder/run/curve.csv" "$folder/again/curve.csv" || fail "the resolved case gives another curve"
"$porelith" run "$folder" --resume --out "$folder/run" >"$folder/said" 2>&1
holds "$folder/said" "complete already"

# A mesh that is given stays, with a warning; what is not asked for is not judged.
"$porelith" run "$folder" --set mesh.fineness=medium --out "$folder/given" >"$folder/said" 2>&1 || fail "the given mesh: $(cat "$folder/said")"
holds "$folder/said" "warning: on 20/10/20 cells"
holds "$folder/said" "the case gives the mesh"
holds "$folder/given/manifest.json" '"within": "no"'
"$porelith" run "$folder" --set mesh.accuracy=off --out "$folder/off" >"$folder/said" 2>&1 || fail "off: $(cat "$folder/said")"
grep -q '"accuracy"' "$folder/off/manifest.json" && fail "a run was judged that asked not to be"

# A study.
sample() { "$porelith" sample "$folder" --out "$folder/$1" "${@:2}" >"$folder/said" 2>&1 || fail "sample: $(cat "$folder/said")"; }
sample plain --set mesh.accuracy=
grep -q "mesh of the study" "$folder/said" && fail "a study was judged that did not ask"
sample judged
holds "$folder/said" "the mesh of the study is its baseline's: "
sample judged --samples 9
holds "$folder/said" "9 samples, 9 complete"
design=(design "$folder" --set design.rounds=1 --set design.last_steps=false --set design.fresh_designs=0
  --set design.solver_alone=0 --set design.finer=1 --samples 32 --out "$folder/design")
says 0 "the mesh of the study is its baseline's: " -- "${design[@]}"
grep -q '"mesh": "20/10/20 cells' design/design.json && fail "the study was made on the default mesh"
cells=$(sed -n 's/.*"mesh": "\([0-9]*\)\/.*/\1/p' design/design.json)
holds design/optimum/case.toml "negative = $cells"
says 0 "32 samples" "answers of an earlier session are taken over" -- "${design[@]}"

[ $failures -eq 0 ] || exit 1
