# Theme, language and text size chosen in the window are there again after a restart; the command line wins, and is not
# remembered; a broken file is kept and said.
start_display 1600x900
export LANG=C LC_ALL=C
start_program
[[ $(get /language) == en && $(get /theme) == dark ]] || fail "a first start is not English and dark"
click language
until_state /language zh
xdotool key ctrl+equal
until_state /text_size 1.1
xdotool key ctrl+q
exit_code
((code == 0)) || fail "exit code $code"
settings=$HOME/.config/maskscope/settings.json
[[ -s $settings ]] || fail "no settings were written"
grep -q '"language": "zh"' "$settings" || fail "the language was not written: $(< "$settings")"

rm "$work/state.json"
start_program
until_state /language zh
until_state /text_size 1.1
xdotool key ctrl+q
exit_code

rm "$work/state.json"
start_program --language en --theme light --text-size 2
until_state /language en
until_state /theme light
xdotool key ctrl+q
exit_code
grep -q '"language": "zh"' "$settings" && grep -q '"theme": "dark"' "$settings" || fail "the command line was remembered"

printf '{"maskscope_settings": 1, "theme": "blue", "language": "zh"}' > "$settings"
cp "$settings" "$work/blue.json"
rm "$work/state.json"
start_program
until_state /language zh
until_state /theme dark
grep -q 'theme is the text "blue"' "$work/stderr" || fail "the broken setting is not said"
cmp -s "$settings.broken" "$work/blue.json" || fail "the broken file is not kept"
xdotool key ctrl+q
exit_code

# They can't be written: that is said once they are due, though nothing else happens then.
rm -r "$HOME/.config/maskscope"
: > "$HOME/.config/maskscope"
rm "$work/state.json"
start_program --language en
xdotool key ctrl+equal
until_state /text_size 1.1
until_holds /status settings
grep -q settings "$work/stderr" || fail "the settings that can't be written are not on stderr"
