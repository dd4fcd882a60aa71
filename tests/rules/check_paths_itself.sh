#!/usr/bin/env bash
# The path rule, tried on a small tree. The paths are put together here so that this file does not break the rule.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
export GIT_CEILING_DIRECTORIES=$tree
slash=/

echo "see core/work/notes.md, https://example.org/home/page and ${slash}tmp/.X11-unix/X0" > "$tree/right.md"
"$here/check_paths.sh" "$tree" || { echo "harmless text was reported"; exit 1; }
for path in "${slash}home/someone/x" "${slash}work/x" "${slash}tmp/notes" "\"${slash}root/.cache\"" "a ${slash}Users/me"; do
  echo "first line
text $path" > "$tree/wrong.txt"
  output=$("$here/check_paths.sh" "$tree") && { echo "not reported: $path"; exit 1; }
  grep -q 'wrong.txt:2:' <<< "$output" || { echo "reported without file and line: $output"; exit 1; }
done
echo "the path rule reports what it should"
