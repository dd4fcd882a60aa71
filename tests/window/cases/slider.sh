# Dragging a handle of the caption's bar changes the caption's budgets, and nobody else's.
start_display 1600x900
start_program --seed 7
click scheme.mode.direct
until_true "direct mode shows the caption's bar" state /widgets/scheme.direct.caption.bar
before=$(get /budgets/caption)
others=$(get "/budgets/rgb@224")
drag_across() {
  point_at scheme.direct.caption.bar "$1" 0.5
  xdotool mousedown 1
  for step in 1 2 3 4 5 6 7 8 9 10; do
    place scheme.direct.caption.bar "$(awk -v a="$1" -v b="$2" -v s=$step 'BEGIN {print a + (b - a) * s / 10}')" 0.5
    xdotool mousemove --window "$window" "$x" "$y"
    sleep 0.03
  done
  sleep 0.3  # a busy machine draws few frames: the last move must be seen before the button comes up
  xdotool mouseup 1
}
drag_across 0.02 0.99
until_not /budgets/caption "$before"
full=$(get /budgets/caption)
drag_across 0.99 0.02
until_not /budgets/caption "$full"
[[ $(get "/budgets/rgb@224") == "$others" ]] || fail "the picture's budgets moved with the caption's"
