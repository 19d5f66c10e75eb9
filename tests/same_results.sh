#!/usr/bin/env bash
# Whether two builds of the program give the same results, to the last digit: every shipped case that `run` takes, by both.
#   tests/same_results.sh OLD NEW [--set KEY=VALUE ...]
# Prints a table: the largest difference of a voltage [V], of a time [s], and the counts of steps and Newton iterations. Exit
# code 1 if anything differs. Needs h5dump (Debian's hdf5-tools).
set -u
[ $# -ge 2 ] || { sed -n '2,5s/^# *//p' "$0"; exit 64; }
old=$(readlink -f "$1"); new=$(readlink -f "$2"); shift 2
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
command -v h5dump >/dev/null || { echo "h5dump is missing: apt-get install hdf5-tools" >&2; exit 69; }
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
differ=0

# One dataset, a number a line, 17 digits.
numbers() { h5dump -y -w 1 -m %.17g -d "$2" "$1" 2>/dev/null | sed -n '/DATA {/,/}/p' | grep -E '^ *[-0-9ni]' | tr -d ' ,'; }
largest() {
  paste "$folder/one" "$folder/two" | awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > m) m = d } END { printf "%.3g", m + 0 }'
}

printf '%-40s %12s %12s %14s %18s\n' case 'voltage [V]' 'time [s]' steps 'Newton iterations'
for file in cases/*/*.toml; do
  case $file in */expected.toml) continue ;; esac
  name=$(dirname "$file")/$(basename "$file" .toml)
  for which in old new; do
    "${!which}" run "$file" --out "$folder/$which" --set output.pictures=false --set output.vtk=false "$@" \
      >"$folder/$which.log" 2>&1
    echo $? >"$folder/$which.code"
  done
  row=""
  for data in /curve/voltage /curve/time; do
    numbers "$folder/old/results.h5" $data >"$folder/one"
    numbers "$folder/new/results.h5" $data >"$folder/two"
    if [ "$(wc -l <"$folder/one")" != "$(wc -l <"$folder/two")" ]; then row+=$(printf ' %12s' rows); differ=1
    elif cmp -s "$folder/one" "$folder/two" && [ -s "$folder/one" ]; then row+=$(printf ' %12s' same)
    else row+=$(printf ' %12s' "$(largest)"); differ=1; fi
  done
  for what in steps newton; do
    a=$(numbers "$folder/old/results.h5" /counts/$what) b=$(numbers "$folder/new/results.h5" /counts/$what)
    if [ "$a" = "$b" ]; then row+=$(printf ' %14s' "${a:-none}"); else row+=$(printf ' %14s' "$a / $b"); differ=1; fi
  done
  cmp -s "$folder/old.code" "$folder/new.code" || { row+=" exit codes differ"; differ=1; }
  printf '%-40s %s\n' "$name" "$row"
  rm -rf "$folder/old" "$folder/new"
done
exit $differ
