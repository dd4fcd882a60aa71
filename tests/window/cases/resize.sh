# The window follows every size, down to sizes at which nothing fits, and comes back.
start_display 1600x900
start_program
for size in "1024 700" "1301 777" "64 48" "1600 900"; do
  read -r width height <<< "$size"
  xdotool windowsize "$window" "$width" "$height"
  is_drawn_at() { is_alive $program || fail "the program ended at $size"; is_value /window/width "$1" && is_value /window/height "$2"; }
  until_true "a frame of $width x $height" is_drawn_at "$width" "$height"
done
"$MASKSCOPE_TOOLS/close_window" "$window"
exit_code
((code == 0)) || fail "exit code $code"
