# One whole lesson with mouse and keys, as a student would: every page, every question answered; then a pinned token, undo, the other
# language, and a session that opens again where it was left.
start_display 1600x900
cd "$work"
start_program --seed 42
has_widget() { state "/widgets/$(pointer_part "$1")"; }
lesson=2
click menu.lesson
click lesson.chapter.$lesson
until_state /lesson/is_open true
until_state /lesson/chapter $lesson

# choose N: commits that answer.
choose() {
  click "lesson.answer.$1"
  click lesson.reveal
}
for page in 1 2 3 4 5 6; do
  until_state /lesson/page $page
  sleep 0.3  # the widgets are the page's in the frame after it was opened
  case $page in
    2) choose 2 ;;
    3) click "card.tok_canny_edge@224" 0.5 0.55 ;;  # two of its 196 cells are used
    4)
      click lesson.number
      sleep 0.3  # the field takes the keyboard once it is clicked
      xdotool type --delay 40 6  # of 128 encoder slots with this seed
      click lesson.reveal
      ;;
    5 | 6) choose 1 ;;  # wrong: told so, and why
  esac
  ((page == 1)) || until_true "page $page tells whether that was right" has_widget lesson.verdict
  ((page == 6)) || xdotool key alt+Right
done
until_state /pinned/modality tok_canny_edge@224
until_state /pinned/fate discarded
xdotool key alt+Left
until_state /lesson/page 5

# A pin, a change and its undoing.
click "card.rgb@224" 0.5 0.5
until_holds /pinned/modality rgb@224
before=$(get /seed)
xdotool key r
until_not /seed "$before"
xdotool key ctrl+z
until_state /seed "$before"

click language
until_state /language zh

xdotool key ctrl+s
sleep 0.5
xdotool key ctrl+a
xdotool type --delay 30 "$work/class.json"
xdotool key Return
until_holds /status class.json
chapter=$(get /lesson/chapter) shown_page=$(get /lesson/page) is_open=$(get /lesson/is_open) pinned=$(get /pinned/slot)
xdotool key ctrl+q
exit_code
((code == 0)) || fail "exit code $code"

rm state.json
start_program class.json
until_state /seed "$before"
until_state /language zh  # remembered with the settings
until_state /lesson/chapter "$chapter"
until_state /lesson/page "$shown_page"
until_state /lesson/is_open "$is_open"
until_state /pinned/modality rgb@224
until_state /pinned/slot "$pinned"
