#!/usr/bin/env bash
# run_case.sh NAME: one case of the folder cases/.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib.sh"
source "$here/cases/$1.sh"
