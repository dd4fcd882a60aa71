// What happens when the X server goes away under the window.
#pragma once

#include <functional>
#include <string>

namespace maskscope {

// From now on, a lost X connection runs save once, prints one sentence on stderr and ends the program with exit
// code 2, instead of Xlib's own line. save must not touch the window, OpenGL or ImGui. An empty function only prints.
// Has no effect where the window isn't an X11 one.
void handle_lost_display(std::function<std::string()> save);

}  // namespace maskscope
