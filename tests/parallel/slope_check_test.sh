#!/usr/bin/env bash
# `check --gradient-test` on several ranks: the same verdict, told once.
#   slope_check_test.sh PORELITH MPIEXEC
source "$(dirname "$(readlink -f "$0")")/../support/verbs.sh"
mpiexec=$2
[ -x "$mpiexec" ] || exit 77

cat >case.toml <<'END'
cell.file = "lgm50_chen2020"
initial.soc = 0.6
[[step]]
charge = "1C"
until = { time = 200 }
[mesh]
negative = 4
separator = 2
positive = 4
shells = 4
[solver]
rtol = 1e-3
END
"$mpiexec" --oversubscribe -n 2 "$porelith" check . --gradient-test --by step.1.value >said 2>&1 \
  || fail "two ranks end with $?: $(cat said)"
[ "$(grep -c "The slopes are right" said)" -eq 1 ] || fail "two ranks do not tell one verdict: $(cat said)"
"$mpiexec" --oversubscribe -n 2 "$porelith" check . >said 2>&1 || fail "a plain check on two ranks ends with $?"
[ "$(grep -c "areal capacity" said)" -le "$("$porelith" check . | grep -c "areal capacity")" ] || fail "a plain check is told twice"

[ $failures -eq 0 ] || exit 1
