# The command palette by the keyboard alone: letters, arrows, Enter; and the language switched live.
start_display 1600x900
start_program --seed 7
is_gone() { ! state "$1"; }
xdotool key ctrl+shift+p
until_true "the palette is open" state /widgets/palette.query
sleep 0.3  # the field takes the keyboard in the frame after the one that shows it
xdotool type --delay 40 "light theme"
xdotool key Return
until_state /theme light
until_true "the palette is closed" is_gone /widgets/palette.query

xdotool key ctrl+k
until_true "the palette is open again" state /widgets/palette.query
sleep 0.3
xdotool type --delay 40 "roll"
xdotool key Return
until_not /seed 7
xdotool key ctrl+z
until_state /seed 7

xdotool key ctrl+k
until_true "the palette is open a third time" state /widgets/palette.query
sleep 0.3
xdotool key Down Down Up Escape
until_true "Escape closes it" is_gone /widgets/palette.query
xdotool key ctrl+7
until_state /tab 6

click language
until_state /language zh
click language
until_state /language en
