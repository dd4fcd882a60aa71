# The dice roll another seed; a typed one is taken over.
start_display 1600x900
start_program --seed 7
[[ $(get /seed) == 7 ]] || fail "the seed is not the given one"
click seed.roll
until_not /seed 7
click seed.value
xdotool key ctrl+a
xdotool type --delay 30 123
xdotool key Return
until_state /seed 123
