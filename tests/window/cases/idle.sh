# Nothing happens, nothing is drawn: 0 frames in 5 s without events, and none in a while in any other state.
start_display 1600x900
start_program
# Settled: a second passes in which the file stays the same.
is_settled() {
  local before
  before=$(get /frames_drawn)
  sleep 1
  [[ $(get /frames_drawn) == "$before" ]]
}
until_true "the window settles" is_settled
before=$(get /frames_drawn)
ticks() { awk '{print $14 + $15}' "/proc/$program/stat"; }
ticks_before=$(ticks)
sleep 5
used=$(($(ticks) - ticks_before))
[[ $(get /frames_drawn) == "$before" ]] || fail "$(($(get /frames_drawn) - before)) frames were drawn in 5 s without events"
# A frame that changes nothing would not be written to the file: so count across the next one that does,
# which takes a few frames itself, where 5 s of drawing take dozens even on the slowest machine.
point_at "card.rgb@224" 0.5 0.6
until_state /hovered/modality "rgb@224"
drawn=$(($(get /frames_drawn) - before))
((drawn <= 6)) || fail "$drawn frames between two states, 5 s apart"
((used <= 10)) || fail "$used clock ticks of processor time in 5 s without events"

# The same in other states. rests WHAT: waits until nothing is under way, then counts across a pause and the next frame.
rests() {
  xdotool mousemove --window "$window" 800 2
  until_state /hovered null
  until_true "the window settles: $1" is_settled
  local before drawn
  before=$(get /frames_drawn)
  ticks_before=$(ticks)
  sleep 3
  used=$(($(ticks) - ticks_before))
  point_at "card.rgb@224" 0.5 0.6
  until_state /hovered/modality "rgb@224"
  drawn=$(($(get /frames_drawn) - before))
  ((drawn <= 8)) || fail "$1: $drawn frames between two states, 3 s apart"
  ((used <= 10)) || fail "$1: $used clock ticks of processor time in 3 s without events"
}
press() { xdotool key --window "$window" "$1"; }
stops_drawing() { ! state /widgets/distribution.stop; }
