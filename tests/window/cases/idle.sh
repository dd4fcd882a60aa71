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

# The same in other states. Frames that change nothing are counted with the next one that does: from the cursor's leaving a card
# to its return, 4 s later. What works in the background may take its time, then it rests.
rests_now() {
  xdotool mousemove --window "$window" 800 2
  until_state /hovered null
  before=$(get /frames_drawn)
  sleep 1  # the frames that follow every event
  ticks_before=$(ticks)
  sleep 3
  used=$(($(ticks) - ticks_before))
  point_at "card.rgb@224" 0.5 0.6
  until_state /hovered/modality "rgb@224"
  drawn=$(($(get /frames_drawn) - before))
  ((drawn <= 8 && used <= 10))
}
has_widget() { state "/widgets/$(pointer_part "$1")"; }
xdotool key ctrl+5
until_true "there are draws" has_widget distribution.header
until_true "the window rests with Distribution after its draws" rests_now
has_widget distribution.more || fail "the draws are not all there"
xdotool key a
xdotool key ctrl+6
until_true "A is pinned" has_widget compare.let_go
until_true "the window rests with Compare and a pin" rests_now
xdotool key comma
until_state /steps/position 5.0
until_true "the window rests at a middle step" rests_now
xdotool key l
until_state /lesson/is_open true
until_true "the window rests with a lesson" rests_now
click language
until_state /language zh
until_true "the window rests in Chinese" rests_now
