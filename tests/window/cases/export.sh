# The view is saved from the window: as PNG, SVG and PDF, the steps as GIF; a folder that may not be written to is said.
start_display 1100x720
cd "$work"
start_program
folder="$work"
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
until_true "the GIF is there" begins_with "$folder/all-to-all-42-tokens-steps.gif" "GIF89a"
until_holds /status "steps.gif"

# A folder in its place: nothing can be written, and that is said.
mkdir "$folder/all-to-all-42-tokens.svg.part"
cp "$folder/all-to-all-42-tokens.svg" before.svg
save export.svg
until_holds /status "could not be written"
cmp -s before.svg "$folder/all-to-all-42-tokens.svg" || fail "the old figure was changed"
click tab.table
until_true "the window goes on" state /widgets/table.copy
