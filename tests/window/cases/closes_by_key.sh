# Ctrl+Q ends the program with 0.
start_display 1600x900
start_program
xdotool key ctrl+q
exit_code
((code == 0)) || fail "exit code $code after Ctrl+Q"
