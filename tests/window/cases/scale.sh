# Xft.dpi 192 is scale 2: twice the size of everything, and it still works.
command -v xrdb > /dev/null || skip "xrdb is not installed"
start_display 3200x1800
echo 'Xft.dpi: 192' | xrdb -nocpp -merge -
start_program --seed 7
[[ $(get /window/scale) == 2 || $(get /window/scale) == 2.0 ]] || fail "the scale is $(get /window/scale), not 2"
click seed.roll
until_not /seed 7
