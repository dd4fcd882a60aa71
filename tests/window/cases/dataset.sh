# A data set dropped on the window is opened and browsed: arrows, a key, a search, training and validation, undo; then a
# configuration and a dumped batch.
is_gone() { ! state "$1"; }
start_display 1600x900
start_program
data=$MASKSCOPE_SOURCE/tests/golden/dataset
cp -r "$data/shards" "$work/shards"
drop "$work/shards"
until_state /sample/count 12
until_state /sample/number 0
first=$(get /sample/key)
first_caption=$(get /inputs/text)

click sample.next
until_state /sample/number 1
until_not /inputs/text "$first_caption"
xdotool key Prior
until_state /sample/key "$first"

xdotool key ctrl+g
until_true "the browse menu is open" state /widgets/browse.jump
sleep 0.3  # the field takes the keyboard in the frame after the one that shows it
xdotool type --delay 30 000000007
xdotool key Return
until_state /sample/key 000000007
until_state /sample/number 7
xdotool key Escape
until_true "the menu is closed" is_gone /widgets/browse.jump

xdotool key ctrl+g
until_true "the browse menu is open again" state /widgets/browse.split.validation
click browse.split.validation
until_state /sample/split validation
click browse.search
xdotool type --delay 30 "SMALL bird"
xdotool key Return
until_state /sample/number 9
until_holds /inputs/text "small bird"
xdotool key Escape
until_true "the menu is closed" is_gone /widgets/browse.jump

xdotool key ctrl+z
until_state /sample/split validation

drop "$data/schemes/data_plain.yaml"
until_holds /status data_plain.yaml
is_alive $program || fail "the program is gone"

"$MASKSCOPE_PROGRAM" mask --data "$work/shards" --sample 3 --format npz -o "$work/masks.npz"
drop "$work/masks.npz"
until_state /sample/count 1
until_state /sample/number 0
drop "$work/nothing.tar"
until_holds /status nothing.tar
until_state /sample/count 1
