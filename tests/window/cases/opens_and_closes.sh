# The bundled scene opens without any file, and the window's close button ends the program with 0.
start_display 1600x900
start_program
[[ $(get /window/width) == 1600 && $(get /window/height) == 900 ]] || fail "the window is not 1600 x 900"
state "/widgets/card.rgb@224" || fail "the scene's picture has no card"
state /widgets/card.caption || fail "the scene's caption has no card"
"$MASKSCOPE_TOOLS/close_window" "$window"
exit_code
((code == 0)) || fail "exit code $code after closing the window"
[[ ! -s $work/stdout ]] || fail "stdout belongs to programs, but the window wrote there"
