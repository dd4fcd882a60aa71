# The menu of the generators opens by a click alone, and PyTorch's give other masks; Ctrl+Z takes that back.
start_display 1600x900
start_program --seed 7
before=$(get /budgets/caption)
click rng
until_true "the menu is open" state /widgets/rng.torch
click rng.torch
until_state /rng torch
until_not /budgets/caption "$before"
xdotool key ctrl+z
until_state /rng philox
until_state /budgets/caption "$before"
