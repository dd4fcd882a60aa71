# xdnd_source and close_window against the smallest window that takes drops.
MASKSCOPE_PROGRAM=$MASKSCOPE_TOOLS/drop_target
start_display 640x480
launch
until_true "the drop target shows a window" has_window
window=$(xdotool search --onlyvisible --pid $program | tail -n 1)
says() { grep -qxF "$1" "$work/stdout"; }
cd "$work"
mkdir "ä folder 100%"
touch "ä folder 100%/a #1 file?.txt" second.txt
drop "ä folder 100%/a #1 file?.txt" second.txt
until_true "the first file arrives" says "dropped $work/ä folder 100%/a #1 file?.txt"
until_true "the second file arrives" says "dropped $work/second.txt"
root_window=$(xdotool search --maxdepth 0 '.*' 2> /dev/null | head -n 1)
! "$MASKSCOPE_TOOLS/xdnd_source" "${root_window:-1}" 1 1 second.txt 2> "$work/refusal" || fail "a window that takes no drops took one"
"$MASKSCOPE_TOOLS/close_window" "$window"
exit_code
((code == 0)) || fail "exit code $code"
says closed || fail "the window was not asked to close"

printf '{"a": {"b@1": [1, 2.5, "x"], "c": null}, "s": "two words"}' > state.json
for query in "/a/b@1=1 2.5 x" "/a/c=null" "/s=two words" '/a/b@1/0=1'; do
  [[ $(state_of "${query%%=*}") == "${query#*=}" ]] || fail "state_query: ${query%%=*} gave $(state_of "${query%%=*}")"
done
! state /a/none || fail "state_query found what is not there"
! state /a/c/deeper || fail "state_query found something inside null"
printf '{"cut' > state.json
! state /a || fail "state_query read half a file"
