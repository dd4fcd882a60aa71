# The view is saved from the window: as PNG, SVG and PDF, the steps as GIF; a folder that may not be written to is said.
start_display 1100x720
cd "$work"
start_program
folder="$work"
is_gone() { ! state "$1"; }
begins_with() { [[ -s $1 && $(head -c "${#2}" "$1" | tr -d '\0') == "$2" ]]; }
# save ID: by the menu at the end of the tabs, under the name that is proposed.
save() {
  click export
  until_true "the menu is open" state "/widgets/$1"
  sleep 0.1
  click "$1"
  until_true "the dialog is open" state /widgets/dialog.ok
  sleep 0.1
  click dialog.ok
}
save export.png
until_true "the PNG is there" begins_with "$folder/all-to-all-42-tokens.png" $'\x89PNG'
until_holds /status "all-to-all-42-tokens.png"
save export.svg
until_true "the SVG is there" begins_with "$folder/all-to-all-42-tokens.svg" "<?xml"
grep -q '>caption</text>' "$folder/all-to-all-42-tokens.svg" || fail "the SVG has no text"
save export.pdf
until_true "the PDF is there" begins_with "$folder/all-to-all-42-tokens.pdf" "%PDF-"
save export.gif
until_true "it is drawn" state /widgets/export.cancel
xdotool key ctrl+shift+c  # what is said meanwhile does not stop it
until_true "the GIF is there" begins_with "$folder/all-to-all-42-tokens-steps.gif" "GIF89a"
until_holds /status "steps.gif"

# What is there is replaced only if the user says so.
printf old > "$folder/all-to-all-42-tokens.png"
save export.png
until_true "it is asked" state /widgets/dialog.replace
sleep 0.1
xdotool key Escape
until_true "the name can be changed" state /widgets/dialog.ok
xdotool key Escape
until_true "the dialog is closed" is_gone /widgets/dialog.ok
[[ $(< "$folder/all-to-all-42-tokens.png") == old ]] || fail "the picture was replaced unasked"
save export.png
until_true "it is asked again" state /widgets/dialog.replace
sleep 0.1
xdotool key Return
until_true "the PNG is new" begins_with "$folder/all-to-all-42-tokens.png" $'\x89PNG'

# A folder stands where it is written before it gets its name: nothing can be written, and that is said.
mkdir "$folder/all-to-all-42-tokens.svg.$program.part"
cp "$folder/all-to-all-42-tokens.svg" before.svg
save export.svg
until_true "it is asked before the SVG is replaced" state /widgets/dialog.replace
sleep 0.1
click dialog.replace
until_holds /status "could not be written"
cmp -s before.svg "$folder/all-to-all-42-tokens.svg" || fail "the old figure was changed"
click tab.table
until_true "the window goes on" state /widgets/table.copy
