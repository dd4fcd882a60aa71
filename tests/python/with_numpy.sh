#!/usr/bin/env bash
# with_numpy.sh SCRIPT ARGUMENTS…: runs the script with the first Python that has NumPy; says so when there is none.
set -euo pipefail
for python in python3 /usr/bin/python3; do
  if "$python" -c 'import numpy' 2>/dev/null; then
    exec "$python" "$@"
  fi
done
echo "SKIPPED: no Python with NumPy here (Debian: python3-numpy)"
