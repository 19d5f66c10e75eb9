# For tests of whole verbs, to be sourced by them: they run in a folder of their own, count failures, and ask what the
# program says. The first argument of the test is the program.
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

# Whether a file holds a text, wherever its lines break.
holds() { tr '\n' ' ' <"$1" | tr -s ' ' | grep -qF -- "$2" || fail "$1 does not hold \"$2\": $(tail -n 5 "$1")"; }
