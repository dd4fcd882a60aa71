// What ImGui's keyboard navigation would do with a key that a panel has used itself.
#pragma once

namespace maskscope {

// The focus stays where it is in this frame: no step to a neighbour, and Alt, once let go, does not go to the menu bar.
void keep_keyboard_focus();

}  // namespace maskscope
