// GLFW's start and end, its keys and its errors in the program's words. Only for files of app/window.
#pragma once

#include <string>

#include "app/imgui_compat.h"

struct GLFWwindow;

namespace maskscope {

// Starts GLFW; ends it when destroyed. Throws Error when there is no display.
class GlfwLibrary {
 public:
  GlfwLibrary();
  ~GlfwLibrary();
  GlfwLibrary(const GlfwLibrary&) = delete;
  GlfwLibrary& operator=(const GlfwLibrary&) = delete;

  // What GLFW reported last, and forgets it; empty if nothing.
  static std::string take_last_error();
};

// A window with an OpenGL 3.3 core context, not yet current; width and height times the monitor's scale, no larger than it.
// Throws Error with the version found if that can't be had.
GLFWwindow* create_window(const std::string& title, int width, int height);

// After a monitor came or went: a window that stands on none of those left, or is larger than its own, is moved and made smaller.
void keep_on_monitors(GLFWwindow* window);

// Key::count for keys the program has no use for.
Key key_of_glfw(int glfw_key);
KeyModifiers modifiers_of_glfw(int glfw_bits);

}  // namespace maskscope
