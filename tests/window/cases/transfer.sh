# Transfer mode by hand: every modality is wholly on one side, and a click gives it the other one; Ctrl+Z takes it back.
start_display 1600x900
start_program --seed 7
click scheme.mode.transfer
until_true "transfer mode shows the caption's two sides" state /widgets/scheme.transfer.caption.input
[[ $(get /mode) == transfer ]] || fail "the mode is $(get /mode)"
target=$(get /budgets/caption)
click scheme.transfer.caption.input
until_not /budgets/caption "$target"
xdotool key ctrl+z
until_state /budgets/caption "$target"
