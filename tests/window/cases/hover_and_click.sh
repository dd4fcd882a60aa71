# The token under the cursor is told, a click pins it, and leaving keeps the pin.
start_display 1600x900
start_program --seed 7
point_at "card.rgb@224" 0.5 0.6
until_state /hovered/modality "rgb@224"
slot=$(get /hovered/slot)
((slot >= 0 && slot < 196)) || fail "slot $slot of rgb@224"
[[ -n $(get /hovered/fate) ]] || fail "the token has no fate"
point_at "card.rgb@224" 0.35 0.8
until_not /hovered/slot "$slot"
slot=$(get /hovered/slot)
press_and_release
until_state /pinned/slot "$slot"
until_state /pinned/modality "rgb@224"
place seed.value 0.5 0.5
xdotool mousemove --window "$window" "$x" "$y"
until_state /hovered null
[[ $(get /pinned/slot) == "$slot" ]] || fail "the pin went when the cursor left"
hovers_caption() {
  for across in 0.1 0.15 0.2 0.3 0.4; do
    for down in 0.3 0.4 0.5 0.6 0.7; do
      point_at card.caption $across $down
      sleep 0.05
      is_value /hovered/modality caption && return 0
    done
  done
  return 1
}
until_true "a token of the caption is under the cursor" hovers_caption
