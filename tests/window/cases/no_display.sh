# Without a display, or with one that does not answer: a sentence that says what to do, exit code 2.
start_display 640x480
for display in "" ":$((60000 + RANDOM % 5000))"; do
  DISPLAY=$display launch
  exit_code
  ((code == 2)) || fail "exit code $code with DISPLAY='$display', expected 2"
  grep -qi display "$work/stderr" || fail "no sentence about the display with DISPLAY='$display'"
  grep -q 'maskscope render' "$work/stderr" || fail "the message does not name the way without a display"
done
