#!/usr/bin/env bash
# check_paths.sh ROOT: no file of the repository may name a folder that exists on one developer's machine only.
# Prints each such line as FILE:LINE:TEXT and exits with 1.
set -euo pipefail
cd "${1:?usage: check_paths.sh ROOT}"

# Home folders, mounted work folders, and named entries of the temporary folder (X sockets excepted).
pattern='(^|[^A-Za-z0-9_.<>}*$-])/((home|Users|root|work|workspace)/[A-Za-z.]|tmp/[A-Za-z])'

list_files() {
  if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard
  else
    find . -path ./build -prune -o -path ./.git -prune -o -type f -print0
  fi
}
looked_at=$(list_files | tr -dc '\0' | wc -c)
((looked_at > 0)) || { echo "no files found"; exit 1; }
found=$(list_files | xargs -0 grep -nIE -e "$pattern" -- /dev/null 2> /dev/null || true)
if [[ -n $found ]]; then
  echo "$found"
  echo "the lines above name folders of one machine"
  exit 1
fi
echo "$looked_at files name no folder of one machine"
