# A window of 200 x 100, one at scale 3, and one that is remembered larger than the monitor: still usable. Without any font of the
# system too.
export MASKSCOPE_TEST_PATIENCE_S=${MASKSCOPE_TEST_PATIENCE_S:-30}
start_display 3000x1800
command -v xrdb > /dev/null || skip "xrdb is not installed"
echo 'Xft.dpi: 288' | xrdb -nocpp -merge -
start_program --seed 7
[[ $(get /window/scale) == 3 || $(get /window/scale) == 3.0 ]] || fail "the scale is $(get /window/scale), not 3"
click seed.roll
until_not /seed 7
xdotool key F1 ctrl+k Escape Escape
xdotool windowsize "$window" 200 100
until_state /window/width 200
until_state /window/height 100
seed=$(get /seed)
xdotool key r
until_not /seed "$seed"
xdotool key ctrl+k
until_true "the palette opens at 200 x 100" state /widgets/palette.query
xdotool key Escape
xdotool key ctrl+q
exit_code
((code == 0)) || fail "exit code $code"

# That size is remembered, and kept within a monitor it is too large for.
settings=$HOME/.config/maskscope/settings.json
sed -i -E 's/"width": [0-9]+/"width": 9000/; s/"height": [0-9]+/"height": 7000/' "$settings"
rm "$work/state.json"
XDG_DATA_HOME=$work/none XDG_DATA_DIRS=$work/none start_program
until_state /window/width 3000
until_state /window/height 1800
is_alive $program || fail "the program is gone"

xdotool key ctrl+q
exit_code
((code == 0)) || fail "exit code $code"
