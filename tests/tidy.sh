#!/usr/bin/env bash
# clang-tidy on the program's sources, after a build:
#   tests/tidy.sh changed [REVISION]   those that differ from the last release (else from REVISION, else the newest 10 commits)
#   tests/tidy.sh all
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
sources=(program solver meshes surrogate postprocess '*.cpp' ':!tests')
case ${1:-changed} in
  all) files=$(git ls-files -- "${sources[@]}") ;;
  changed)
    since=${2:-$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || git rev-list --max-count=1 --skip=10 HEAD)}
    printf 'since %s\n' "$(git log -1 --format='%h %s' "$since")"
    files=$(git diff --name-only --diff-filter=d "$since" -- "${sources[@]}")
    ;;
  *) echo "usage: tests/tidy.sh [changed [REVISION] | all]" >&2; exit 64 ;;
esac
files=$(grep '\.cpp$' <<<"$files")
[ -z "$files" ] && echo "nothing to look at" && exit 0
# The analyzer follows paths and takes most of the time: of very many files it looks when asked for all of them.
checks=()
count=$(wc -l <<<"$files")
if [ "${1:-changed}" = changed ] && [ "$count" -gt 40 ]; then
  checks=('--checks=-clang-analyzer-*')
  echo "$count files have changed: without clang-analyzer; tests/tidy.sh all has it"
fi
# Without GCC's precompiled headers, which clang cannot read: every file has to include what it uses.
commands=$(mktemp -d) || exit 1
trap 'rm -rf "$commands"' EXIT
sed 's| -include [^ ]*cmake_pch.hxx||' build/release/compile_commands.json >"$commands/compile_commands.json"
complaints=$(xargs -P "$(nproc)" -n 1 clang-tidy-14 "${checks[@]}" -p "$commands" --quiet --extra-arg=-Wno-unknown-warning-option --warnings-as-errors='*' <<<"$files" 2>/dev/null)
code=$?
[ -n "$complaints" ] && printf '%s\n' "$complaints"
printf '%d files: %s\n' "$(wc -l <<<"$files")" "$([ "$code" -eq 0 ] && echo clean || echo 'see above')"
exit "$((code != 0))"
