#!/usr/bin/env bash
# Studies whose expressions are not always numbers, whose variables are whole numbers, whose samples are too few, and
# what `check` says of them beforehand: sentences and exit codes.
#   study_verbs_test.sh PORELITH
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../support/verbs.sh"
says_not() { ! grep -qF -- "$1" said || fail "it says \"$1\": $(cat said)"; }

cat "$data/millisecond_solve.toml" - >case.toml <<'END'
[output]
pictures = false
[design]
strategy = "surrogate"
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

# --- along the solver's slopes: no samples, and again from the journal
slopes=(case.toml "${alone[@]}" --set design.strategy=gradient --set design.finer=1)
says 0 "search along slopes" -- check "${slopes[@]}"
says 0 "SLSQP from 8 starts" "over the baseline" -- design "${slopes[@]}" --out slopes
says_not "samples"
holds slopes/design.json '"along slopes": {'
grep -F '"x":' slopes/design.json >first
says 0 "answers of an earlier session are taken over" -- design "${slopes[@]}" --out slopes
grep -F '"x":' slopes/design.json | cmp - first || fail "another optimum from the journal"
says 0 " where the objective energy - log(n - 0.22) is no finite number: left out" \
  -- design "${slopes[@]}" --set 'design.objective=energy - log(n - 0.22)' --set 'design.sense=minimise' --out slopes_undefined
says 2 "nothing that keeps the constraints" "designs that have been solved keeps the constraints: energy - 9 >= 0 holds at 0 of them" \
  -- design "${slopes[@]}" --set 'design.constraints=energy - 9' --out slopes_unmet
# --- by default: a model that few solves with slopes correct; the next question from what it has solved
economical=(case.toml --set design.strategy=economical --set design.finer=1)
says 0 "economical search" -- check "${economical[@]}"
says 0 "cheap ones" "over the baseline" -- design "${economical[@]}" --out economical
holds economical/design.json '"economy": {'
[ -f economical/cheap.h5 ] || fail "no cheap.h5"
grep -F '"x":' economical/design.json >answers
says 0 "answers of an earlier session are taken over" -- design "${economical[@]}" --out economical
grep -F '"x":' economical/design.json | cmp - answers || fail "another optimum from the journal"
says 0 "economical: " "solved points are taken over" \
  -- design "${economical[@]}" --set 'design.objective=capacity' --set 'design.from=["economical"]' --out next
says 65 "[design] from = nowhere: there is no dataset.h5 in it" \
  -- design "${economical[@]}" --set 'design.from=["nowhere"]' --out next
says 65 "--samples is for [design] strategy = \"surrogate\"" -- design "${economical[@]}" --samples 12 --out next
says 2 "designs that have been solved keeps the constraints: energy - 9 >= 0 holds at 0 of them" -- design "${economical[@]}" --set 'design.constraints=energy - 9' --out unmet_economical
says 65 "Did you mean gradient?" -- design case.toml --set design.strategy=gradent --out misspelt

# --- constraints that nothing keeps: which, and how near
says 2 "designs that have been solved keeps the constraints: energy - 9 >= 0 holds at 0 of them and is -8." "0.25 - n >= 0 holds at" \
  -- design case.toml "${alone[@]}" --set 'design.constraints=["energy - 9", "0.25 - n"]' --out unmet

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

# --- laws used beyond their tables: how many samples, how far; each design that is reported by itself
quick=(--set design.rounds=0 --set design.last_steps=false --set design.search_rivals=false --set design.fresh_designs=0)
short='electrolyte.diffusivity={ x = [1000, 1100], y = [3e-10, 2.9e-10] }'
says 0 "warning: 40 of 40 samples used Electrolyte / Diffusivity [m2.s-1], a table from 1000 to 1100 mol.m-3, beyond its points" \
  -- sample case.toml --set "$short" --out short
says 0 "41 of 41 solved designs used Electrolyte / Diffusivity [m2.s-1]" "the baseline itself leaves its tables, of Electrolyte" \
  "the optimum itself leaves its tables, of Electrolyte" -- design case.toml --set "$short" "${quick[@]}" --out short_design
holds short_design/design.json '"beyond tables": [ { "law": "Electrolyte / Diffusivity [m2.s-1], a table from 1000 to 1100 mol.m-3", "down to": '
grep -qF "the optimum itself leaves its tables" short_design/report.html || fail "the report does not tell of tables"

# --- a cell of one's own: the optimum as a case finds it from its own folder
cp "$data/../../cases/cells/kokam_marquis2019.json" own.json
says 0 "the optimum itself" -- design case.toml --set cell.file=own.json --set "$short" "${quick[@]}" --out own
says 0 "$PWD/own.json" -- check own/optimum/case.toml

# --- a study on a mesh file is confirmed with its elements halved
{
  echo '$MeshFormat'; echo '2.2 0 8'; echo '$EndMeshFormat'
  echo '$PhysicalNames'; echo 5; echo '1 4 "negative_collector"'; echo '1 5 "positive_collector"'
  echo '2 1 "negative"'; echo '2 2 "separator"'; echo '2 3 "positive"'; echo '$EndPhysicalNames'
  echo '$Nodes'; echo 14
  k=0; for x in 0 50 100 112.5 125 175 225; do echo "$((++k)) $x 0 0"; echo "$((++k)) $x 40 0"; done
  echo '$EndNodes'; echo '$Elements'; echo 8; echo '7 1 2 4 4 1 2'; echo '8 1 2 5 5 13 14'
  k=0; for group in 1 1 2 2 3 3; do echo "$((k + 1)) 3 2 $group $group $((2 * k + 1)) $((2 * k + 3)) $((2 * k + 4)) $((2 * k + 2))"; k=$((k + 1)); done
  echo '$EndElements'
} >strip.msh
drawn=(--set geometry.dimension=2 --set mesh.file=strip.msh --set mesh.unit=um --set mesh.negative= --set mesh.separator= --set mesh.positive=)
says 0 "finer mesh" "finer = 1" -- check case.toml "${drawn[@]}"
says 0 "the finer mesh: 1 for 0 halvings of the file's elements, 12 for 6 shells a particle" "on the case's own" \
  -- design case.toml "${drawn[@]}" --set design.samples=30 "${quick[@]}" --out drawn
holds drawn/design.json '"the finer mesh has": "1 for 0 halvings of the file'
grep -qx 'split = 1' drawn/optimum/case.toml || fail "the confirmed optimum's case has no finer mesh"
says 0 "24 cells" -- mesh drawn/optimum/case.toml --out drawn/mesh

# --- every cost can be turned off, and the finer mesh is told
says 0 "40 samples" -- design case.toml --set design.rounds=0 --set design.last_steps=false --set design.finer=1 \
  --set design.search_rivals=false --set design.fresh_designs=0 --out cheap
holds cheap/design.json '"solves of the loop": 41,'
says_not "times as fine"
says 0 "the finer mesh: 8 for 4 cells through the negative electrode, 6 for 3 through the separator, 8 for 4 through the positive electrode, 12 for 6 shells a particle" \
  "the best of as it is" -- design case.toml --out finer

[ "$failures" -eq 0 ]
