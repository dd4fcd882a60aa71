#include "app/window/app_window.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cfloat>
#include <chrono>
#include <utility>

#include <epoxy/gl.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/window/glfw_library.h"
#include "app/window/input_queue.h"
#include "app/window/lost_display.h"
#include "core/error.h"

namespace maskscope {
namespace {

// ImGui learns of a hover in one frame and reacts in the next; a popup takes two more to find its size and to show, and a
// software display is a frame late.
constexpr int frames_after_event = 5;
constexpr double longest_step_seconds = 0.05;  // of animations, after a sleep

struct WindowDeleter {
  void operator()(GLFWwindow* window) const { glfwDestroyWindow(window); }
};

// Cursor shapes ImGui asks for; made once.
class Cursors {
 public:
  Cursors() {
    shapes_[ImGuiMouseCursor_TextInput] = glfwCreateStandardCursor(GLFW_IBEAM_CURSOR);
    shapes_[ImGuiMouseCursor_ResizeEW] = glfwCreateStandardCursor(GLFW_HRESIZE_CURSOR);
    shapes_[ImGuiMouseCursor_ResizeNS] = glfwCreateStandardCursor(GLFW_VRESIZE_CURSOR);
    shapes_[ImGuiMouseCursor_Hand] = glfwCreateStandardCursor(GLFW_HAND_CURSOR);
  }
  ~Cursors() {
    for (GLFWcursor* shape : shapes_)
      if (shape != nullptr) glfwDestroyCursor(shape);
  }
  Cursors(const Cursors&) = delete;
  Cursors& operator=(const Cursors&) = delete;

  void show(GLFWwindow* window, ImGuiMouseCursor wanted) {
    if (wanted == shown_) return;
    shown_ = wanted;
    glfwSetCursor(window, wanted >= 0 && wanted < ImGuiMouseCursor_COUNT ? shapes_[static_cast<std::size_t>(wanted)] : nullptr);
  }

 private:
  std::array<GLFWcursor*, ImGuiMouseCursor_COUNT> shapes_{};  // null: the arrow
  ImGuiMouseCursor shown_ = ImGuiMouseCursor_Arrow;
};

}  // namespace

struct AppWindow::State {
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  GlfwLibrary library;
  std::unique_ptr<GLFWwindow, WindowDeleter> handle;
  Cursors cursors;
  std::unique_ptr<GuiRenderer> gui;
  InputQueue input;
  Counters counters;

  std::atomic<bool> is_woken = false;
  int frames_wanted = frames_after_event;
  double animate_until = 0;  // glfwGetTime
  double last_frame_time = 0;
  int buttons_down = 0;
  bool is_close_asked = false;
  bool is_closing = false;

  // Collected in GLFW's callbacks, handed on from the loop: exceptions must not pass through GLFW.
  std::vector<std::string> dropped_paths;
  DropFunction drop_function;
  std::function<void()> shown_function;
  std::function<bool()> close_function;
  double call_at = 0;  // glfwGetTime
  std::function<void()> call_function;
  bool are_monitors_changed = false;

  void init(const WindowOptions& options);
  void set_callbacks();
  void push(const InputEvent& event) {
    input.push(event);
    want_frames();
  }
  void want_frames(int count = frames_after_event) { frames_wanted = std::max(frames_wanted, count); }
  // Callers set what they want every frame: nothing is copied where it is the same.
  template <class Value>
  void change_look(Value Look::*part, Value value) {
    if (gui->look().*part == value) return;
    Look look = gui->look();
    look.*part = std::move(value);
    gui->set_look(std::move(look));
    want_frames();
  }
  float text_size = 1;
  std::string title;  // as last set
  float monitor_scale() const {
    float x = 1, y = 1;
    glfwGetWindowContentScale(handle.get(), &x, &y);
    return x > 0 ? x : 1.0f;
  }
  std::pair<int, int> framebuffer_size() const {
    int width = 0, height = 0;
    glfwGetFramebufferSize(handle.get(), &width, &height);
    if (glfwGetWindowAttrib(handle.get(), GLFW_ICONIFIED) == GLFW_TRUE) return {0, 0};
    return {width, height};
  }
  void wait();
  void hand_on_events();
  void draw_frame(const DrawFunction& draw);

  static State& of(GLFWwindow* window) { return *static_cast<State*>(glfwGetWindowUserPointer(window)); }
};

void AppWindow::State::init(const WindowOptions& options) {
  text_size = std::clamp(options.text_size, 0.5f, 4.0f);
  title = options.title;
  handle.reset(create_window(options.title, std::clamp(options.width, 1, 16384), std::clamp(options.height, 1, 16384)));
  glfwSetWindowUserPointer(handle.get(), this);
  handle_lost_display({});
  glfwMakeContextCurrent(handle.get());
  glfwSwapInterval(1);
  Look look;
  look.theme = options.theme;
  look.scale = monitor_scale() * text_size;
  gui = std::make_unique<GuiRenderer>(std::move(look));
  ImGuiIO& io = ImGui::GetIO();
  io.ConfigDragClickToInputText = true;     // a click on a number is enough to type one
  io.ConfigInputTextCursorBlink = false;  // a blinking cursor would keep the program awake
  io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
  imgui_compat::set_clipboard([] { return glfwGetClipboardString(nullptr); },
                              [](const char* text) { glfwSetClipboardString(nullptr, text); });
  set_callbacks();
}

void AppWindow::State::set_callbacks() {
  using Kind = InputEvent::Kind;
  GLFWwindow* w = handle.get();
  glfwSetCursorPosCallback(w, [](GLFWwindow* window, double x, double y) {
    // GLFW counts in screen coordinates, which some systems have fewer of than pixels.
    int width = 1, height = 1, pixels_wide = 1, pixels_high = 1;
    glfwGetWindowSize(window, &width, &height);
    glfwGetFramebufferSize(window, &pixels_wide, &pixels_high);
    const double density = width > 0 ? static_cast<double>(pixels_wide) / width : 1.0;
    of(window).push({.kind = Kind::mouse_position, .x = static_cast<float>(x * density), .y = static_cast<float>(y * density)});
  });
  glfwSetCursorEnterCallback(w, [](GLFWwindow* window, int is_inside) {
    if (is_inside == GLFW_FALSE) of(window).push({.kind = Kind::mouse_position, .x = -FLT_MAX, .y = -FLT_MAX});
  });
  glfwSetMouseButtonCallback(w, [](GLFWwindow* window, int button, int action, int modifiers) {
    State& state = of(window);
    const int bit = 1 << std::clamp(button, 0, 7);
    state.buttons_down = action == GLFW_PRESS ? state.buttons_down | bit : state.buttons_down & ~bit;
    state.push({.kind = Kind::mouse_button, .button = button, .is_down = action == GLFW_PRESS, .modifiers = modifiers_of_glfw(modifiers)});
  });
  glfwSetScrollCallback(w, [](GLFWwindow* window, double x, double y) {
    of(window).push({.kind = Kind::mouse_wheel, .x = static_cast<float>(x), .y = static_cast<float>(y)});
  });
  glfwSetKeyCallback(w, [](GLFWwindow* window, int key, int, int action, int bits) {
    KeyModifiers modifiers = modifiers_of_glfw(bits);
    // X11 reports the modifiers as they were before a modifier key itself went down or up.
    const bool is_down = action != GLFW_RELEASE;
    if (key == GLFW_KEY_LEFT_CONTROL || key == GLFW_KEY_RIGHT_CONTROL) modifiers.ctrl = is_down;
    if (key == GLFW_KEY_LEFT_SHIFT || key == GLFW_KEY_RIGHT_SHIFT) modifiers.shift = is_down;
    if (key == GLFW_KEY_LEFT_ALT || key == GLFW_KEY_RIGHT_ALT) modifiers.alt = is_down;
    if (key == GLFW_KEY_LEFT_SUPER || key == GLFW_KEY_RIGHT_SUPER) modifiers.super = is_down;
    of(window).push({.kind = Kind::key, .is_down = is_down, .key = key_of_glfw(key), .modifiers = modifiers});
  });
  glfwSetCharCallback(w, [](GLFWwindow* window, unsigned character) {
    of(window).push({.kind = Kind::character, .character = character});
  });
  glfwSetWindowFocusCallback(w, [](GLFWwindow* window, int has_focus) {
    if (has_focus == GLFW_FALSE) of(window).buttons_down = 0;
    of(window).push({.kind = Kind::focus, .is_down = has_focus == GLFW_TRUE});
  });
  glfwSetFramebufferSizeCallback(w, [](GLFWwindow* window, int, int) { of(window).want_frames(); });
  glfwSetWindowRefreshCallback(w, [](GLFWwindow* window) { of(window).want_frames(1); });
  glfwSetWindowIconifyCallback(w, [](GLFWwindow* window, int) { of(window).want_frames(); });
  glfwSetWindowContentScaleCallback(w, [](GLFWwindow* window, float scale, float) {
    State& state = of(window);
    state.change_look(&Look::scale, (scale > 0 ? scale : 1.0f) * state.text_size);
  });
  // The only one without a window to tell whose it is: there is one window.
  static State* shown = nullptr;
  shown = this;
  glfwSetMonitorCallback([](GLFWmonitor*, int) { shown->are_monitors_changed = true; });
  glfwSetDropCallback(w, [](GLFWwindow* window, int count, const char** paths) {
    State& state = of(window);
    state.dropped_paths.insert(state.dropped_paths.end(), paths, paths + count);
    state.want_frames();
  });
  glfwSetWindowCloseCallback(w, [](GLFWwindow* window) {
    glfwSetWindowShouldClose(window, GLFW_FALSE);  // the loop asks first
    of(window).is_close_asked = true;
  });
}

void AppWindow::State::wait() {
  const auto [width, height] = framebuffer_size();
  const bool is_visible = width > 0 && height > 0;
  const bool is_busy = frames_wanted > 0 || !input.is_empty() || glfwGetTime() < animate_until;
  if (is_visible && (is_busy || is_woken)) {
    glfwPollEvents();
  } else if (is_visible && buttons_down != 0) {
    glfwWaitEventsTimeout(0.03);  // a held button may repeat or scroll
    want_frames(1);
  } else if (call_function) {
    glfwWaitEventsTimeout(std::max(call_at - glfwGetTime(), 1e-3));
  } else {
    glfwWaitEvents();
  }
  if (is_woken.exchange(false)) want_frames(1);
}

void AppWindow::State::hand_on_events() {
  if (!dropped_paths.empty()) {
    const std::vector<std::string> paths = std::exchange(dropped_paths, {});
    if (drop_function) drop_function(paths);
  }
  if (std::exchange(are_monitors_changed, false)) {
    keep_on_monitors(handle.get());
    want_frames();
  }
  if (call_function && glfwGetTime() >= call_at) std::exchange(call_function, nullptr)();
  if (std::exchange(is_close_asked, false)) {
    is_closing = !close_function || close_function();
    want_frames();
  }
}

void AppWindow::State::draw_frame(const DrawFunction& draw) {
  const auto [width, height] = framebuffer_size();
  if (width <= 0 || height <= 0) {
    frames_wanted = 0;
    return;
  }
  const double begin = glfwGetTime();
  const double step = last_frame_time > 0 ? begin - last_frame_time : 1.0 / 60.0;
  last_frame_time = begin;
  frames_wanted = std::max(0, frames_wanted - 1);
  input.apply(ImGui::GetIO());
  gui->begin_frame(width, height, static_cast<float>(step));  // in full: ImGui times double clicks with it
  draw(*gui, static_cast<float>(std::min(step, longest_step_seconds)));
  cursors.show(handle.get(), ImGui::GetMouseCursor());
  gui->end_frame();
  counters.last_build_ms = (glfwGetTime() - begin) * 1e3;
  gui->render();
  glfwSwapBuffers(handle.get());
  const double end = glfwGetTime();
  counters.last_frame_ms = (end - begin) * 1e3;
  if (shown_function) shown_function();
  if (++counters.frames == 1) counters.first_frame_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

AppWindow::AppWindow(const WindowOptions& options) : state_(std::make_unique<State>()) { state_->init(options); }

AppWindow::~AppWindow() {
  handle_lost_display({});
  glfwSetMonitorCallback(nullptr);
}

void AppWindow::run(const DrawFunction& draw) {
  State& state = *state_;
  state.is_closing = false;
  state.want_frames();
  while (!state.is_closing) {
    state.wait();
    state.hand_on_events();
    if (state.is_closing) break;
    if (state.frames_wanted > 0 || !state.input.is_empty() || glfwGetTime() < state.animate_until) state.draw_frame(draw);
  }
}

GuiRenderer& AppWindow::gui() { return *state_->gui; }
float AppWindow::monitor_scale() const { return state_->monitor_scale(); }
int AppWindow::width() const { return state_->framebuffer_size().first; }
int AppWindow::height() const { return state_->framebuffer_size().second; }
const AppWindow::Counters& AppWindow::counters() const { return state_->counters; }

void AppWindow::set_theme(ThemeKind theme) {
  state_->change_look(&Look::theme, theme);
}

void AppWindow::set_text_size(float text_size) {
  state_->text_size = std::clamp(text_size, 0.5f, 4.0f);
  state_->change_look(&Look::scale, state_->monitor_scale() * state_->text_size);
}

void AppWindow::set_ui_text(std::string text) {
  state_->change_look(&Look::ui_text, std::move(text));
}

void AppWindow::set_extra_text(std::string text) {
  state_->change_look(&Look::extra_text, std::move(text));
}

void AppWindow::set_title(const std::string& title) {
  if (title == state_->title) return;  // callers set it every frame, and the display is asked only for another
  glfwSetWindowTitle(state_->handle.get(), title.c_str());
  state_->title = title;
}
void AppWindow::request_frames(int count) { state_->want_frames(count); }

void AppWindow::keep_animating(double seconds) {
  state_->animate_until = std::max(state_->animate_until, glfwGetTime() + seconds);
  state_->want_frames(1);  // the present frame may take longer than all those seconds
}

void AppWindow::call_after(double seconds, std::function<void()> function) {
  state_->call_at = glfwGetTime() + seconds;
  state_->call_function = std::move(function);
}

void AppWindow::wake() {
  state_->is_woken = true;
  glfwPostEmptyEvent();
}

void AppWindow::close() { state_->is_closing = true; }
void AppWindow::on_frame_shown(std::function<void()> function) { state_->shown_function = std::move(function); }
void AppWindow::on_drop(DropFunction function) { state_->drop_function = std::move(function); }
void AppWindow::on_close(std::function<bool()> function) { state_->close_function = std::move(function); }
void AppWindow::on_lost_display(std::function<std::string()> function) { handle_lost_display(std::move(function)); }

}  // namespace maskscope
