# Sourced by the cases beside it: the real program in a real window of an X server of its own (Xvfb), moved by
# xdotool. Nothing waits for a fixed time: everything is polled until it is so, or has not become so in time.
#
# A case gets MASKSCOPE_PROGRAM and MASKSCOPE_TOOLS (the folder with xdnd_source, close_window, state_query) from
# CMakeLists.txt, and reads what the program shows from MASKSCOPE_STATE_FILE, which the program replaces after every
# frame that changed something:
#   frames_drawn, window {width height scale}, widgets {id: [x y w h]} in window pixels, hovered and pinned
#   {modality slot fate} or null, seed, budgets {modality: [encoder decoder]}, inputs {image text tokenizer}, status,
#   sample {number key split count problems} of a data set or dump, else null
set -euo pipefail

patience_s=${MASKSCOPE_TEST_PATIENCE_S:-30}
work=$(mktemp -d)
server=0 program=0 window=0

finish() {
  local code=$?
  for process in $program $server; do
    ((process == 0)) || { kill -KILL "$process" && wait "$process"; } 2> /dev/null || true
  done
  if ((code != 0)) && [[ -s $work/stderr ]]; then
    echo "-- the program's stderr:"
    tail -n 20 "$work/stderr"
  fi
  if ((code != 0)) && [[ -s $work/state.json ]]; then
    echo "-- the program's last state:"
    head -c 4000 "$work/state.json"
    echo
  fi
  rm -rf "$work"
}
trap finish EXIT

fail() { echo "FAILED: $*"; exit 1; }
skip() { echo "SKIPPED: $*"; exit 0; }
is_alive() { kill -0 "$1" 2> /dev/null; }

for tool in Xvfb xdotool; do
  command -v $tool > /dev/null || skip "$tool is not installed"
done

# until_true WHAT COMMAND…: polls until the command succeeds; the test fails when it never does.
until_true() {
  local what=$1 deadline=$((SECONDS + patience_s))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || fail "not within $patience_s s: $what"
    sleep 0.02
  done
}

# start_display WIDTHxHEIGHT: a server that chooses a free display number itself.
start_display() {
  mkdir -p "$work/home" "$work/run"
  chmod 700 "$work/run"
  : > "$work/display"
  Xvfb -displayfd 3 -screen 0 "$1x24" -noreset -nolisten tcp 3> "$work/display" > "$work/xvfb.log" 2>&1 &
  server=$!
  until_true "Xvfb names its display" has_display
  DISPLAY=:$(< "$work/display")
  export DISPLAY HOME=$work/home XDG_RUNTIME_DIR=$work/run LIBGL_ALWAYS_SOFTWARE=1
  unset WAYLAND_DISPLAY MASKSCOPE_RESOURCES XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME
  xdotool mousemove 1 1
}
has_display() { [[ -s $work/display ]] || { is_alive $server || skip "Xvfb does not start: $(tail -n 1 "$work/xvfb.log")"; false; }; }

# start_program ARGUMENT…: starts it and waits for its window and its first state.
start_program() {
  launch "$@"
  until_true "the program shows a window" has_window
  window=$(xdotool search --onlyvisible --pid $program 2> /dev/null | tail -n 1)
  until_true "the program writes its state" state /frames_drawn
  xdotool windowfocus "$window" 2> /dev/null || true
}
launch() {
  export MASKSCOPE_STATE_FILE=$work/state.json
  "$MASKSCOPE_PROGRAM" "$@" > "$work/stdout" 2> "$work/stderr" &
  program=$!
}
has_window() {
  is_alive $program || fail "the program ended before it showed a window"
  [[ -n $(xdotool search --onlyvisible --pid $program 2> /dev/null) ]]
}

# exit_code: waits until the program ends by itself and sets $code.
exit_code() {
  until_true "the program ends" has_ended
  code=0
  wait $program || code=$?
  program=0
}
has_ended() { ! is_alive $program || [[ $(ps -o stat= -p $program) == Z* ]]; }

# state POINTER: prints a value of the program's state. get POINTER: the same, and the test fails without it.
state_of() { "$MASKSCOPE_TOOLS/state_query" "$work/state.json" "$1"; }
state() { state_of "$1" > /dev/null 2>&1; }
get() { state_of "$1" || fail "the state has no $1"; }
# until_state POINTER VALUE, until_not POINTER VALUE, until_holds POINTER PART: polls.
is_value() { [[ $(state_of "$1") == "$2" ]]; }
is_other() { [[ $(state_of "$1") != "$2" ]]; }
holds() { [[ $(state_of "$1") == *"$2"* ]]; }
until_state() { until_true "$1 is $2" is_value "$1" "$2"; }
until_not() { until_true "$1 is no longer $2" is_other "$1" "$2"; }
until_holds() { until_true "$1 holds '$2'" holds "$1" "$2"; }

# pointer_part ID: a widget id as part of a JSON pointer.
pointer_part() {
  local part=${1//\~/\~0}
  echo "${part//\//\~1}"
}
# place ID FRACTION_X FRACTION_Y (0 to 1): sets $x and $y to that point of a widget, in window pixels.
place() {
  local left top width height
  until_true "the window has $1" state "/widgets/$(pointer_part "$1")"
  read -r left top width height < <(get "/widgets/$(pointer_part "$1")")
  x=$(awk -v a="$left" -v b="$width" -v f="$2" 'BEGIN {printf "%d", a + b * f}')
  y=$(awk -v a="$top" -v b="$height" -v f="$3" 'BEGIN {printf "%d", a + b * f}')
}
point_at() {
  place "$@"
  xdotool mousemove --window "$window" "$x" "$y"
}
click() {
  point_at "$1" "${2:-0.5}" "${3:-0.5}"
  press_and_release
}
# A press and its release within one frame would be one event to the program; a hand is not as quick.
press_and_release() {
  xdotool mousedown 1
  sleep 0.1
  xdotool mouseup 1
}
# drop FILE…: in the middle of the window.
drop() {
  "$MASKSCOPE_TOOLS/xdnd_source" "$window" 300 300 "$@" || fail "the drop of $* failed"
}
