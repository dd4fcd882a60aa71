# The views under tabs: chosen by the mouse and by the keyboard, a row of the table linked to its token, more room by the handle.
start_display 1600x900
start_program
xdotool key --window "$window" Escape  # else the table begins at the pinned token
until_state /pinned null
click tab.table
until_true "the table is shown" state "/widgets/table.row.0"
click table.kind.Encoder
until_true "the encoder's first row is shown" state "/widgets/table.row.1"
sleep 0.1
point_at table.row.1 0.5 0.5
until_true "a row lights its token up" state /hovered/modality
click table.row.1
until_true "a row pins its token" state /pinned/modality
top() { place tab.table 0 0; echo "$y"; }
before=$(top)
place bottom.handle 0.5 0.5
xdotool mousemove --window "$window" "$x" "$y" mousedown 1
for step in 20 40 60 80 100; do xdotool mousemove --window "$window" "$x" $((y - step)); sleep 0.05; done
xdotool mouseup 1
is_higher() { (($(top) < before - 60)); }
until_true "the views have more room" is_higher
xdotool key --window "$window" ctrl+8
until_true "Ctrl+8 shows the problems" state /widgets/problems
! state "/widgets/table.row.1" || fail "the table is still there"
