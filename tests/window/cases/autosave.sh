# A run is killed: the next one offers its session. Restored, it is there again; discarded, it is gone; a second window that runs
# at the same time is not offered what the first one is working on.
start_display 1600x900
is_gone() { ! state "$1"; }
has_autosave() { grep -q '"seed": 123456' "$HOME"/.local/state/maskscope/autosave*.json 2> /dev/null; }
start_program --seed 7
point_at seed.value 0.5 0.5
xdotool click --repeat 2 --delay 100 1
xdotool key ctrl+a
xdotool type --delay 60 123456
xdotool key Return
until_state /seed 123456
until_true "the change is kept" has_autosave
{ kill -KILL $program && wait $program; } 2> /dev/null || true
program=0

rm "$work/state.json"
start_program
until_true "the bar offers it" state /widgets/restore.yes
[[ $(get /seed) == 42 ]] || fail "it was restored without being asked for"

# Another run at the same time is not asked.
first=$program
MASKSCOPE_STATE_FILE=$work/other.json "$MASKSCOPE_PROGRAM" > /dev/null 2>&1 &
other=$!
other_is_drawn() { [[ -s $work/other.json ]]; }
until_true "the second window is drawn" other_is_drawn
! grep -q restore.yes "$work/other.json" || fail "two runs are offered the same session"
{ kill -KILL $other && wait $other; } 2> /dev/null || true
program=$first
xdotool windowfocus "$window" 2> /dev/null || true

click restore.yes
until_state /seed 123456
until_true "the bar is gone" is_gone /widgets/restore.yes
"$MASKSCOPE_TOOLS/close_window" "$window"
exit_code
((code == 0)) || fail "exit code $code"
! has_autosave || fail "a run that ended well left its session"

rm "$work/state.json"
start_program
is_gone /widgets/restore.yes || fail "there is nothing to offer"
