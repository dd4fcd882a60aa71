# The dice roll another seed; a double click into the number lets one type it.
start_display 1600x900
start_program --seed 7
[[ $(get /seed) == 7 ]] || fail "the seed is not the given one"
click seed.roll
until_not /seed 7
point_at seed.value 0.5 0.5
xdotool click --repeat 2 --delay 100 1
xdotool key ctrl+a
xdotool type --delay 60 123
xdotool key Return
until_state /seed 123
