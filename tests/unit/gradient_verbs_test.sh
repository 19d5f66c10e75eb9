#!/usr/bin/env bash
# Whole verbs: slopes are told, tested against differences, and names that there are not are refused in a sentence.
#   gradient_verbs_test.sh PORELITH MPIEXEC
source "$(dirname "$(readlink -f "$0")")/../support/verbs.sh"

cat >case.toml <<'END'
cell.file = "lgm50_chen2020"
initial.soc = 0.2
[[step]]
charge = "1C"
[mesh]
negative = 6
separator = 3
positive = 6
shells = 6
[design]
objective = "capacity"
samples = 8
[design.set]
"negative.porosity" = "n"
[[design.variable]]
name = "n"
low = 0.2
high = 0.3
start = 0.25
END

# Names that there are not, and halves of what belongs together.
says 64 "--gradient: capacty is no scalar result. Did you mean capacity?" -- run . --gradient capacty
says 64 "--by: negative.porosty is no number of this case that slopes are taken by. Did you mean negative.porosity?" \
  -- run . --gradient capacity --by negative.porosty
says 64 "--by says what --gradient is taken by; give both" -- run . --by negative.porosity
says 64 "--by: step.1.valu is no number of this case that slopes are taken by. Did you mean step.1.value?" \
  -- check . --gradient-test --by step.1.valu
says 64 "--by says what --gradient-test is taken by; give both" -- check . --by n
says 64 "--gradient-tst is not an option of check. Did you mean --gradient-test?" -- check . --gradient-tst

says 64 "--gradient-curve: voltge is no curve of a run. Did you mean voltage?" -- run . --gradient-curve voltge
says 64 "--at: tim is none of time, charge and share" -- run . --gradient-curve voltage --at tim
says 64 "--at is about --gradient-curve; give both" -- run . --gradient capacity --at share
says 64 "--at names its points; leave --points out" -- run . --gradient-curve voltage --at share=0.5 --points 3
says 64 "--at: half is no number from 0 on" -- run . --gradient-curve voltage --at share=half
says 64 "--at: inf is no number from 0 on" -- run . --gradient-curve voltage --at time=inf
says 64 "--at: share = 1.5 lies beyond the end: the share of the last step's charge ends at 1 at the latest" \
  -- run . --out none --gradient-curve voltage --at share=0.5,1.5
says 64 "--at: time = 61 lies beyond the end: the time ends at 60 s at the latest" \
  -- run . --out none --gradient-curve voltage --at time=61 --set step.1.until.time=60s
[ -e none ] && fail "a run began whose curve has no such point"

# Slopes against differences: keys, drives, stops and variables.
says 0 "The slopes are right: " "negative.thickness" "step.1.value" "step.1.until" " n  " -- check . --gradient-test
says 0 "The slopes are right: " -- check . --gradient-test --by n,negative.porosity
grep -q "step.1.value" said && fail "what was not asked for was tested"

# A run with slopes leaves the field; a complete one tells them again.
says 0 "slopes of capacity = " "slopes of plating_margin = " "negative.porosity" \
  -- run . --out out --gradient capacity,plating_margin --by negative.porosity,step.1.value
grep -q "nan" said && fail "a slope is no number: $(cat said)"
pictures=$(command -v gnuplot >/dev/null && echo gradient.png gradient.svg)
for file in gradient.csv gradient.h5 gradient.vtu $pictures; do
  [ -s "out/$file" ] || fail "the run left no $file"
done
head -1 out/gradient.csv | grep -q "time,step,stop,place,one-sided,fixed by" || fail "gradient.csv tells no place"
grep -q '^plating_margin,.*"negative electrode, x = .* um, at its face to the separator"' out/gradient.csv \
  || fail "gradient.csv does not tell where the plating margin is: $(cat out/gradient.csv)"
cp out/gradient.csv first.csv; rm out/gradient.*
says 0 "complete already" "slopes of capacity = " -- run . --out out --resume \
  --gradient capacity,plating_margin --by negative.porosity,step.1.value
cmp -s out/gradient.csv first.csv || fail "a complete run has other slopes than it had: $(diff out/gradient.csv first.csv)"
[ -s out/gradient.h5 ] || fail "the complete run left no gradient.h5"
says 0 "complete in" -- run . --out out
[ -e out/gradient.h5 ] && fail "an earlier run's slopes lie beside a new one's curve"


# Curves: evenly spread points, points by name, and a point that the run does not reach.
says 0 "slopes of voltage [V], the share of the last step's charge as it is" "by negative.porosity" \
  -- run . --out out --gradient-curve voltage,plating_margin --at share --points 5 --by negative.porosity,step.1.until
[ "$(wc -l <out/gradient_curve.csv)" -eq 21 ] || fail "gradient_curve.csv has $(wc -l <out/gradient_curve.csv) lines"
awk -F, '$1 == "voltage" && $5 == 1 && $7 == "step.1.until" { off = $10 - 1; found = off*off < 1e-16 } END { exit !found }' \
  out/gradient_curve.csv || fail "the last voltage does not follow the one that ends the step: $(grep until out/gradient_curve.csv)"
says 0 "slopes of voltage [V], the time as it is" -- run . --out out --resume --gradient-curve voltage --at time=0,60 \
  --by negative.porosity --set solver.tape_memory=0
grep -q "MB in a temporary file" said || fail "no state lies in a file: $(cat said)"
says 2 "the run ends before its time is 1e+09 s" -- run . --out out --resume --gradient-curve voltage --at time=1e9 \
  --by negative.porosity

[ $failures -eq 0 ] || exit 1
