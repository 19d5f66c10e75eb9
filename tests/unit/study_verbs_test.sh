#!/usr/bin/env bash
# Studies whose expressions are not always numbers, whose variables are whole numbers, whose samples are too few, and
# what `check` says of them beforehand: sentences and exit codes.
#   study_verbs_test.sh PORELITH
set -u
porelith=$1
data=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../data
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

# Whether a command ends with a code and says all of some texts.
says() {  # CODE TEXT... -- COMMAND
  local wanted=$1 texts=() text code; shift
  while [ "$1" != -- ]; do texts+=("$1"); shift; done
  shift
  "$porelith" "$@" >said 2>&1
  code=$?
  [ "$code" -eq "$wanted" ] || fail "$* ended with $code, not $wanted: $(cat said)"
  for text in "${texts[@]}"; do grep -qF -- "$text" said || fail "$* does not say \"$text\" but: $(cat said)"; done
}
says_not() { ! grep -qF -- "$1" said || fail "it says \"$1\": $(cat said)"; }
holds() { tr -d '\n' <"$1" | tr -s ' ' | grep -qF -- "$2" || fail "$1 has no $2"; }

cat "$data/millisecond_solve.toml" - >case.toml <<'END'
[output]
pictures = false
[design]
objective = "energy"
samples = 40
members = 2
hidden = [6]
epochs = 40
rounds = 1
fresh_designs = 10
solver_alone = 0
[design.set]
"negative.porosity" = "n"
"positive.porosity" = "p"
[[design.variable]]
name = "n"
low = 0.2
high = 0.4
start = 0.25
[[design.variable]]
name = "p"
low = 0.2
high = 0.4
start = 0.335
[[design.rival]]
name = "as it is"
END

says 65 "[design.rival 1] has no variable n, which [design] objective = \"log(n - 0.3)\" needs" \
  -- design case.toml --set 'design.objective=log(n - 0.3)' --out nan
alone=(--set design.search_rivals=false)

# --- what is no finite number is left out and counted; the baseline itself has no value here
says 0 "solved designs where the objective log(n - 0.3) is no finite number: left out" \
  "the baseline has no value: log(n - 0.3) is no finite number there" "on the case's own" \
  -- design case.toml "${alone[@]}" --set 'design.objective=log(n - 0.3)' --out nan
holds nan/design.json '"left out": [ { "objective": "log(n - 0.3)", "designs": '
grep -qF "is no finite number: left out" nan/report.html || fail "the report does not tell what was left out"
says 0 "solved designs where the constraint 9 + log(n - 0.22) is no finite number: left out" \
  -- design case.toml "${alone[@]}" --set 'design.constraints=9 + log(n - 0.22)' --out constraint
says 65 "is a finite number at none of the" -- design case.toml "${alone[@]}" --set 'design.objective=log(n - 1)' --out none
says 0 "points where the condition 0.5 + sqrt(n - 0.22) is no finite number: left out" \
  -- design case.toml --set 'design.feasible=0.5 + sqrt(n - 0.22)' --out condition

# --- a pole is told, and is no optimum
says 2 "no optimum: energy/(p - 0.335) has a pole near" "growing each time the distance to it halves" "best sample: " \
  -- design case.toml "${alone[@]}" --set 'design.objective=energy/(p - 0.335)' --out pole
holds pole/design.json '"optimum": null'
holds pole/design.json '"pole": "energy/(p - 0.335) has a pole near'
grep -qF "No optimum." pole/report.html || fail "the report does not tell the pole"

# --- whole numbers: each design once, all of them solved, no surrogate needed
whole=(--set 'design.set.negative.porosity=0.2 + 0.05*n' --set 'design.set.positive.porosity=0.2 + 0.05*p')
for k in 1 2; do
  whole+=(--set "design.variable.$k.low=0" --set "design.variable.$k.high=3" --set "design.variable.$k.start=1" --set "design.variable.$k.integer=true")
done
says 0 "16 samples, 16 complete" -- sample case.toml "${whole[@]}" --set design.samples=100 --out sixteen
says 64 "training needs 20 complete samples; there are 16" -- train sixteen
says 0 "16 samples, all designs that there are" -- design case.toml "${whole[@]}" --set design.samples=100 --out whole
holds whole/design.json '"part": "sampling", "solves": 16'
holds whole/design.json 'all 16 designs of the space were solved'
[ ! -e whole/surrogate.h5 ] || fail "a surrogate of a space that is known whole"

# --- too few samples, too many variables: told before anything is solved
says 65 "[design] samples = 12 are fewer than the 30 that a training needs" -- design case.toml --samples 12 --out few
[ ! -e few/campaign/rank_0.journal ] || fail "samples were solved though they are too few"

# --- a campaign of another case says what differs
says 0 "40 samples" -- sample case.toml --out again
says 65 "belongs to another case or other variables (mesh.negative = 4, now 5); name another folder" \
  -- sample case.toml --set mesh.negative=5 --out again
says 65 "belongs to seed = 1, now 2; name another folder" -- sample case.toml --seed 2 --out again
says 65 "design.variable.n = 0.2 to 0.4, now 0.2 to 0.39" -- sample case.toml --set design.variable.1.high=0.39 --out again

# --- check judges the study
says 0 "2 variables, greatest energy" "sampling" "fresh_designs = 0" "a solve of the baseline takes" -- check case.toml
says 0 "feasible leaves 5" -- check case.toml --set 'design.feasible=n - p + 0.1' \
  --set design.variable.1.start=0.3 --set design.variable.2.start=0.3 --set design.feasible='0.3 - n'
says 65 "[design] its start values make no case" "channel" \
  -- check case.toml --set 'design.set.channel.3.width=1e-5*n/n'
says 65 "[design] its start values make no case" -- design case.toml --set 'design.set.channel.3.width=1e-5*n/n' --out no
says 65 "[design] its start values make no case" -- sample case.toml --set 'design.set.channel.3.width=1e-5*n/n' --out no
says 0 "points make no case and are not solved, such as:" \
  -- check case.toml --set design.variable.1.high=1.2

bad_rival='design.rival=[{name = "too dense", set = {"negative.porosity" = "1.5"}}]'
says 65 "[design.rival] too dense: its start values make no case" -- check case.toml --set "$bad_rival"
says 65 "[design.rival] too dense: its start values make no case" -- design case.toml --set "$bad_rival" --out no
[ ! -e no/campaign/rank_0.journal ] || fail "samples were solved though a rival makes no case"

# --- every cost can be turned off, and the finer mesh is told
says 0 "40 samples" -- design case.toml --set design.rounds=0 --set design.last_steps=false --set design.finer=1 \
  --set design.search_rivals=false --set design.fresh_designs=0 --out cheap
holds cheap/design.json '"solves of the loop": 41,'
says_not "times as fine"
says 0 "the finer mesh: 8 for 4 cells through the negative electrode, 6 for 3 through the separator, 8 for 4 through the positive electrode, 12 for 6 shells a particle" \
  "the best of as it is" -- design case.toml --out finer

[ "$failures" -eq 0 ]
