#!/usr/bin/env bash
# `train` and `predict` as a user types them: what they take from the case, and every sentence about what is wrong.
#   surrogate_verbs_test.sh PORELITH
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../support/verbs.sh"
noted() { tr -d ' \n' <training.json | grep -qF -- "$1" || fail "training.json has no $1"; }

cat "$data/millisecond_solve.toml" - >case.toml <<'END'
[design]
objective = "energy"
samples = 60
seed = 5
members = 3
hidden = [7]
activation = "relu"
epochs = 60
[design.set]
"negative.porosity" = "pores"
"positive.thickness" = "depth"
[[design.variable]]
name = "pores"
low = 0.2
high = 0.4
start = 0.3
[[design.variable]]
name = "depth"
low = 50e-6
high = 200e-6
start = 1e-4
scale = "log"
END
says 0 "60 samples, 60 complete" -- sample case.toml --out .

# --- train: the case's own wishes, or those of the command line
says 0 "60 samples" "model in ./model.h5" -- train .
noted '"members":3,"hidden":[7],"activation":"relu","epochs":60,"seed":5'
says 0 "model in" -- train dataset.h5 --activation leaky_relu --width 6 --depth 2 --members 2 --epochs 50 --seed 4
noted '"members":2,"hidden":[6,6],"activation":"leaky_relu","epochs":50,"seed":4'
says 0 "model in" -- train . --activation tanh --hidden 5,4
noted '"hidden":[5,4],"activation":"tanh"'
says 0 "model in" -- train . --depth 3 --out other
cp model.h5 good.h5

says 64 "--members 0 is outside [1, 1000]" -- train . --members 0
says 64 "--epochs 0 is outside [1, 10000000]" -- train . --epochs 0
says 64 "--hidden 0 is outside [1, 10000]" -- train . --hidden 8,0
says 64 "--width -3 is outside [1, 10000]" -- train . --width -3
says 64 "--depth 0 is outside [1, 20]" -- train . --depth 0
says 64 "give one or the other" -- train . --width 8 --hidden 8,8
says 64 "--activation tahn is none of tanh, relu, leaky_relu. Did you mean tanh?" -- train . --activation tahn
says 64 "members" -- train . --members many
says 64 "kriging is no learner; there are mlp" -- train . --learner kriging
says 64 "epoks" -- train . --epoks 3
says 65 "nowhere.h5: cannot be read: No such file" -- train nowhere.h5
says 65 "case.toml: is no HDF5 file, or damaged" -- train case.toml
says 65 "model.h5: is a porelith surrogate file where a porelith dataset file is expected" -- train model.h5
says 0 "12 samples" -- sample case.toml --samples 12 --out few
says 64 "training needs 20 complete samples; there are 12" -- train few

# --- ask: of a folder or a model; what the question may be, and what is wrong with it
says 0 "asked: greatest capacity" "best that is solved: capacity = " "1.  capacity = " "would solve: " -- ask . --maximise capacity
says 0 "asked: least energy, capacity - 1e-6 >= 0" "kept" -- \
  ask good.h5 --minimise energy --constraint "capacity - 1e-6" --bound pores=0.25:0.3 --designs 2
says 0 "asked: greatest" "would solve" -- ask . --case case.toml
says 0 "capacity" "+-" "A.h" "energy/capacity = " -- ask . pores=0.3 "depth=100 um" --maximise energy/capacity
says 0 "outside: pores = 0.9 is outside" "would solve: 1 design (this), it lies where no data are like it; about" -- ask . pores=0.9 depth=1e-4
says 64 "nothing is asked" -- ask .
says 64 "are two questions" -- ask . --maximise energy --minimise energy
says 64 "--bound pore is no input of this surrogate; did you mean pores?" -- ask . --maximise energy --bound pore=0.1:0.2
says 64 "--bound pores=0.1:0.3 is beyond [0.2, 0.4]" -- ask . --maximise energy --bound pores=0.1:0.3
says 64 "--bound pores=0.3 is not name=low:high" -- ask . --maximise energy --bound pores=0.3
says 64 "--interval is to be above 0" -- ask . --maximise energy --interval 0
says 65 "capacities is not known here; did you mean capacity?" -- ask . --maximise capacities

# --- predict
says 0 "capacity" "+-" "A.h" "inside: distance to the data" -- predict good.h5 pores=0.3 depth=1e-4
cp said plain
says 0 -- predict good.h5 "depth=100 um" "pores=30 %"
cmp -s said plain || fail "a value with a unit is not the value in the input's own unit: $(diff said plain)"
says 0 "outside: pores = 0.9 is outside [0.2, 0.4]; depth = 0.001 is outside [5e-05, 0.0002]" "ask the solver" -- \
  predict good.h5 pores=0.9 depth=1mm
says 64 "pore is no input of this surrogate; did you mean pores?" -- predict good.h5 pore=0.3 depth=1e-4
says 64 "zz is no input of this surrogate; there are pores, depth" "pores is missing" -- predict good.h5 zz=1 depth=1e-4
says 64 "pores, depth are missing" -- predict good.h5 x=1
says 64 "depth is missing" -- predict good.h5 pores=0.3
says 64 "pores is given twice" -- predict good.h5 pores=0.3 pores=0.2 depth=1e-4
says 64 "pores has no value; write pores=..." -- predict good.h5 pores depth=1e-4
says 64 'pores = "abc" is not a number' -- predict good.h5 pores=abc depth=1e-4
says 64 'depth = "85 mV" has the wrong unit: mV does not measure length' -- predict good.h5 pores=0.3 "depth=85 mV"
says 64 'depth = "85 umm" cannot be read' -- predict good.h5 pores=0.3 "depth=85 umm"
says 64 'pores = "nan"' -- predict good.h5 pores=nan depth=1e-4
says 64 "depth" -- predict good.h5 pores=0.3 depth=-1
says 65 "nowhere.h5: cannot be read: No such file" -- predict nowhere.h5 pores=0.3
says 65 "dataset.h5: is a porelith dataset file where a porelith surrogate file is expected" -- predict dataset.h5 pores=0.3

# --- a damaged model is told, or tells the same; nothing else
size=$(stat -c %s good.h5)
for part in 1 2 5 9; do
  head -c $((size * part / 10)) good.h5 >bad.h5
  says 65 "bad.h5: " "damaged" -- predict bad.h5 pores=0.3 depth=1e-4
done
RANDOM=42
for _ in $(seq 12); do
  at=$(((RANDOM * 32768 + RANDOM) % size))
  cp good.h5 bad.h5
  byte=$(od -An -tu1 -j "$at" -N 1 good.h5)
  printf "\\x$(printf %02x $((byte ^ (1 << (RANDOM % 8)))))" | dd of=bad.h5 bs=1 seek="$at" conv=notrunc status=none
  "$porelith" predict bad.h5 pores=0.3 depth=1e-4 >said 2>&1
  code=$?
  if [ "$code" -eq 0 ]; then cmp -s said plain || fail "byte $at damaged, another prediction: $(diff said plain)"; else
    [ "$code" -eq 65 ] && grep -q "bad.h5: " said || fail "byte $at damaged ends with $code: $(cat said)"; fi
done

[ "$failures" -eq 0 ] && echo "all of it holds"
[ "$failures" -eq 0 ] || exit 1  # not their number: 77 would mean "skipped"
