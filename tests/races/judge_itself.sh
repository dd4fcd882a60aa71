#!/usr/bin/env bash
# judge_itself.sh JUDGE PROGRAM CORRECT BROKEN: the judge must find every wrong verdict, and no case of the program may
# be missing in the lists of tests (names with blanks between).
set -euo pipefail
judge=$1 program=$2 correct=$3 broken=$4
tried=0

# expect 0|1 ARGUMENTS…: the judge's exit code.
expect() {
  local expected=$1 found=0 output
  shift
  output=$("$judge" "$@" 2>&1) || found=$?
  if [[ $output == SKIPPED:* ]]; then
    echo "$output"
    exit 0
  fi
  ((found == expected)) || { echo "FAILED: judge.sh $*: exit code $found, expected $expected: $output"; exit 1; }
  tried=$((tried + 1))
}

expect 0 silent "$program" correct collectives 3
expect 0 reported "$program" broken once_in_every_thread 3
# The verdicts the other way round.
expect 1 reported "$program" correct collectives 3
expect 1 silent "$program" broken once_in_every_thread 3
# One thread races with no one, and a team size that fails is found after one that passes.
expect 1 reported "$program" broken once_in_every_thread 1
expect 1 reported "$program" broken once_in_every_thread 3 1
# Programs that do not run, or do not know the case, prove nothing.
for verdict in silent reported; do
  expect 1 "$verdict" "$program" correct no_such_case 3
  expect 1 "$verdict" "$program.missing" correct collectives 3
done
# A failure of another kind is not a race, and is no success.
expect 1 reported false broken once_in_every_thread 3
expect 1 silent false correct collectives 3

for kind in correct broken; do
  listed=$(tr ' ' '\n' <<< "${!kind}" | sort)
  known=$("$program" list "$kind" | sort)
  [[ $listed == "$known" ]] || { echo "FAILED: the $kind cases are"; diff <(echo "$listed") <(echo "$known"); exit 1; }
done
echo "$tried verdicts are right, and no case is left out"
