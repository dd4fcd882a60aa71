# The X server dies: the session is saved, the program says so and how to open it, and exits with 2; opening it goes on there.
start_display 1600x900
start_program --seed 7
{ kill -KILL $server && wait $server; } 2> /dev/null || true
server=0
exit_code
((code == 2)) || fail "exit code $code, expected 2"
grep -qiE 'display|X server' "$work/stderr" || fail "no sentence about the lost display"
saved=$(grep -oE "$HOME/[^ ]+\.json" "$work/stderr" | head -n 1)
[[ -n $saved && -s $saved ]] || fail "the message names no saved session"
! grep -qE 'XIO:|fatal IO error|X connection to .* broken' "$work/stderr" || fail "a bare message of the library"

rm "$work/state.json"
start_display 1600x900
start_program "$saved"
[[ $(get /seed) == 7 ]] || fail "the saved session does not open as it was: the seed is $(get /seed), not 7"
