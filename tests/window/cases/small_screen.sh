# 1024 x 700: the window fits and every control that it shows is inside.
start_display 1024x700
start_program
width=$(get /window/width) height=$(get /window/height)
((width <= 1024 && height <= 700)) || fail "a window of $width x $height on a screen of 1024 x 700"
for widget in seed.value seed.roll scheme.mode.direct strip.encoder; do
  place $widget 0 0
  left=$x top=$y
  place $widget 1 1
  ((left >= 0 && top >= 0 && x <= width && y <= height && x > left && y > top)) ||
    fail "$widget at $left,$top..$x,$y is outside of $width x $height"
done
click seed.roll
