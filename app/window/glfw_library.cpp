#include "app/window/glfw_library.h"

#include <algorithm>
#include <cstdlib>

#include <epoxy/gl.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/render/gl_objects.h"
#include "core/error.h"

namespace maskscope {
namespace {

std::string& last_error() {
  static std::string text;
  return text;
}

void on_error(int, const char* description) { last_error() = description; }

constexpr const char* without_window = " Without a window, maskscope render -o scene.png draws the same picture.";

std::string display_found() {
  const char* x11 = std::getenv("DISPLAY");
  const char* wayland = std::getenv("WAYLAND_DISPLAY");
  const bool has_x11 = x11 != nullptr && *x11 != '\0', has_wayland = wayland != nullptr && *wayland != '\0';
  if (!has_x11 && !has_wayland) return "No display is there: neither DISPLAY nor WAYLAND_DISPLAY is set.";
  if (!has_x11) return cat("The display WAYLAND_DISPLAY=", wayland, " can't be opened.");
  return cat("The display DISPLAY=", x11, " can't be opened.");
}

// The version of whatever context this display gives, "" if none.
std::string version_available() {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
  GLFWwindow* window = glfwCreateWindow(16, 16, "", nullptr, nullptr);
  if (window == nullptr) return "";
  glfwMakeContextCurrent(window);
  const int version = epoxy_gl_version();
  glfwMakeContextCurrent(nullptr);
  glfwDestroyWindow(window);
  return cat("OpenGL ", version / 10, ".", version % 10);
}

struct Area {
  int left = 0, top = 0, width = 0, height = 0;
};

Area workarea(GLFWmonitor* monitor) {
  Area area;
  glfwGetMonitorWorkarea(monitor, &area.left, &area.top, &area.width, &area.height);
  return area;
}

Area area_of(GLFWwindow* window) {
  Area area;
  glfwGetWindowPos(window, &area.left, &area.top);
  glfwGetWindowSize(window, &area.width, &area.height);
  return area;
}

// Pixels that both cover.
long shared(const Area& a, const Area& b) {
  const long width = std::min(a.left + a.width, b.left + b.width) - std::max(a.left, b.left);
  const long height = std::min(a.top + a.height, b.top + b.height) - std::max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

// The monitor that shows most of the window; the first one when none shows any of it.
GLFWmonitor* monitor_of(const Area& window) {
  int count = 0;
  GLFWmonitor** const monitors = glfwGetMonitors(&count);
  GLFWmonitor* best = nullptr;
  long most = -1;
  for (int i = 0; i < count; ++i) {
    const long covered = shared(window, workarea(monitors[i]));
    if (covered > most) {
      most = covered;
      best = monitors[i];
    }
  }
  return best;
}

}  // namespace

GlfwLibrary::GlfwLibrary() {
  glfwSetErrorCallback(on_error);
  if (glfwInit() != GLFW_TRUE) throw Error(display_found() + without_window);
}

GlfwLibrary::~GlfwLibrary() { glfwTerminate(); }

std::string GlfwLibrary::take_last_error() {
  std::string text;
  text.swap(last_error());
  return text;
}

GLFWwindow* create_window(const std::string& title, int width, int height) {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_SRGB_CAPABLE, GLFW_FALSE);  // colours are given as displayed
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  glfwWindowHintString(GLFW_X11_CLASS_NAME, "maskscope");
  glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "maskscope");
  GLFWwindow* window = glfwCreateWindow(width, height, title.c_str(), nullptr, nullptr);
  if (window == nullptr) {
    const std::string reported = GlfwLibrary::take_last_error();
    const std::string found = version_available();
    throw Error(cat(gl::too_old_message(found), found.empty() && !reported.empty() ? cat(" The window system reports: ", reported, ".") : ""));
  }
  keep_on_monitors(window);
  return window;
}

void keep_on_monitors(GLFWwindow* window) {
  // Without a window manager nobody else keeps the window on the screen.
  const Area area = area_of(window);
  GLFWmonitor* const monitor = monitor_of(area);
  if (monitor == nullptr) return;
  const Area most = workarea(monitor);
  if (most.width <= 0 || most.height <= 0) return;
  const bool fits = area.width <= most.width && area.height <= most.height;
  if (fits && shared(area, most) > 0) return;
  if (!fits) glfwSetWindowSize(window, std::min(area.width, most.width), std::min(area.height, most.height));
  glfwSetWindowPos(window, most.left, most.top);
}

Key key_of_glfw(int key) {
  if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z) return static_cast<Key>(static_cast<int>(Key::a) + key - GLFW_KEY_A);
  if (key >= GLFW_KEY_0 && key <= GLFW_KEY_9) return static_cast<Key>(static_cast<int>(Key::n0) + key - GLFW_KEY_0);
  if (key >= GLFW_KEY_F1 && key <= GLFW_KEY_F12) return static_cast<Key>(static_cast<int>(Key::f1) + key - GLFW_KEY_F1);
  switch (key) {
    case GLFW_KEY_TAB: return Key::tab;
    case GLFW_KEY_LEFT: return Key::left;
    case GLFW_KEY_RIGHT: return Key::right;
    case GLFW_KEY_UP: return Key::up;
    case GLFW_KEY_DOWN: return Key::down;
    case GLFW_KEY_PAGE_UP: return Key::page_up;
    case GLFW_KEY_PAGE_DOWN: return Key::page_down;
    case GLFW_KEY_HOME: return Key::home;
    case GLFW_KEY_END: return Key::end;
    case GLFW_KEY_INSERT: return Key::insert;
    case GLFW_KEY_DELETE: return Key::del;
    case GLFW_KEY_BACKSPACE: return Key::backspace;
    case GLFW_KEY_SPACE: return Key::space;
    case GLFW_KEY_ENTER: return Key::enter;
    case GLFW_KEY_ESCAPE: return Key::escape;
    case GLFW_KEY_KP_ENTER: return Key::keypad_enter;
    case GLFW_KEY_MINUS: case GLFW_KEY_KP_SUBTRACT: return Key::minus;
    case GLFW_KEY_EQUAL: case GLFW_KEY_KP_ADD: return Key::equal;
    case GLFW_KEY_COMMA: return Key::comma;
    case GLFW_KEY_PERIOD: return Key::period;
    case GLFW_KEY_SLASH: return Key::slash;
    case GLFW_KEY_LEFT_BRACKET: return Key::left_bracket;
    case GLFW_KEY_RIGHT_BRACKET: return Key::right_bracket;
    default: return Key::count;
  }
}

KeyModifiers modifiers_of_glfw(int bits) {
  return {(bits & GLFW_MOD_CONTROL) != 0, (bits & GLFW_MOD_SHIFT) != 0, (bits & GLFW_MOD_ALT) != 0, (bits & GLFW_MOD_SUPER) != 0};
}

}  // namespace maskscope
