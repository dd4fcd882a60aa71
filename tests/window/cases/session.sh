# A session is saved with its view and opens again as it was looked at; without its photo the rest opens, and that is said.
start_display 1600x900
cd "$work"
{
  printf 'P6\n64 48\n255\n'
  head -c 9216 /dev/zero | tr '\0' 'p'
} > photo.ppm
is_third_step() { [[ $(state_of /steps/position) == 3* && $(state_of /steps/is_playing) == false ]]; }
start_program --seed 11 photo.ppm
until_holds /inputs/image photo.ppm
xdotool key l
until_state /lesson/is_open true
until_state /steps/position 1.0  # the page has set up the window
# Otherwise than the page does.
xdotool key ctrl+7
until_state /tab 6
click step.3
until_true "the step is the third" is_third_step
xdotool key ctrl+s
sleep 0.5  # the field takes the keyboard once the dialog is there
xdotool key ctrl+a
xdotool type --delay 30 "$work/mine.json"
xdotool key Return
until_holds /status mine.json
[[ -s $work/mine.json ]] || fail "there is no session file"
xdotool key ctrl+q
exit_code
((code == 0)) || fail "exit code $code"

rm state.json
start_program mine.json
until_state /seed 11
until_state /tab 6
until_state /lesson/is_open true
until_holds /inputs/image photo.ppm
sleep 0.5
is_third_step || fail "the step is that of the lesson's page"
[[ $(get /tab) == 6 ]] || fail "the tab is that of the lesson's page"
xdotool key ctrl+q
exit_code

rm state.json photo.ppm
start_program mine.json
until_state /seed 11
until_holds /status photo.ppm
until_state /tab 6
[[ $(get /inputs/image) == "" ]] || fail "a photo that is gone is still named"
grep -q 'photo.ppm' "$work/stderr" || fail "the loss is not on stderr"
is_alive $program || fail "the program is gone"
