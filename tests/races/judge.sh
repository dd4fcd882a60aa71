#!/usr/bin/env bash
# judge.sh silent|reported PROGRAM KIND NAME TEAM_SIZE…: runs PROGRAM KIND NAME with each team size.
#   silent      it must exit with 0, and ThreadSanitizer must have reported nothing
#   reported    ThreadSanitizer must have reported a data race; a broken program may do anything else besides
set -euo pipefail
verdict=$1 program=$2
shift 2
kind=$1 name=$2
shift 2

# ThreadSanitizer cannot place its shadow memory under some layouts that address randomisation makes.
fixed_layout=()
if setarch -R true 2> /dev/null; then fixed_layout=(setarch -R); fi

for team_size in "$@"; do
  exit_code=0
  output=$(TSAN_OPTIONS="halt_on_error=0 exitcode=66 atexit_sleep_ms=0" timeout --kill-after=5 100 \
    "${fixed_layout[@]}" "$program" "$kind" "$name" "$team_size" 2>&1) || exit_code=$?
  if [[ $output == *"FATAL: ThreadSanitizer: unexpected memory mapping"* ]]; then
    echo "SKIPPED: ThreadSanitizer does not start on this machine: ${output%%$'\n'*}"
    exit 0
  fi
  races=$(grep -c "^WARNING: ThreadSanitizer: data race" <<< "$output" || true)
  case $verdict in
    silent)
      if ((exit_code != 0)) || [[ $output == *"ThreadSanitizer"* ]]; then
        echo "FAILED: $kind $name with $team_size threads: exit code $exit_code, $races data races reported"
        echo "$output"
        exit 1
      fi
      ;;
    reported)
      if ((races == 0)); then
        echo "FAILED: $kind $name with $team_size threads: exit code $exit_code, and no data race was reported"
        echo "$output"
        exit 1
      fi
      ;;
    *)
      echo "usage: judge.sh silent|reported PROGRAM KIND NAME TEAM_SIZE…"
      exit 2
      ;;
  esac
  echo "$kind $name, $team_size threads: exit code $exit_code, $races data races reported"
  sed -nE 's/^SUMMARY: (ThreadSanitizer: data race [^ ]+).*/  \1/p' <<< "$output"
done
