// The window: GLFW, an OpenGL 3.3 core context, and an event loop that sleeps when nothing changes.
//
// Everything but wake() belongs to the thread that made the window. Pixels are framebuffer pixels throughout.
//   AppWindow window({.title = "maskscope"});
//   window.on_drop([&](const std::vector<std::string>& paths) { session.open(paths); });
//   window.run([&](GuiRenderer& gui, float delta_seconds) { panels.draw(gui); });
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/render/gui_renderer.h"

namespace maskscope {

struct WindowOptions {
  std::string title = "maskscope";
  int width = 1600;  // at scale 1; multiplied by the monitor's scale and kept within the monitor
  int height = 900;
  ThemeKind theme = ThemeKind::dark;
  float text_size = 1;  // 0.5 .. 4, on top of the monitor's scale
};

class AppWindow {
 public:
  using DrawFunction = std::function<void(GuiRenderer& gui, float delta_seconds)>;
  using DropFunction = std::function<void(const std::vector<std::string>& paths)>;

  // Throws Error when there is no display (the sentence says how to render without one) or OpenGL is too old.
  explicit AppWindow(const WindowOptions& options);
  ~AppWindow();
  AppWindow(const AppWindow&) = delete;
  AppWindow& operator=(const AppWindow&) = delete;

  // Draws until the window is closed. draw runs between begin_frame and end_frame of the renderer; delta_seconds is the
  // time since the last frame, at most 0.05 (after a sleep), for animations. What draw and the functions below throw
  // leaves run. A frame is drawn only after an event, wake, request_frames or keep_animating.
  void run(const DrawFunction& draw);

  GuiRenderer& gui();
  float monitor_scale() const;              // 1, 1.5, 2 … ; changes when the window changes monitors
  void set_theme(ThemeKind theme);
  void set_text_size(float text_size);
  void set_ui_text(std::string text);       // see FontOptions; both rebuild the fonts when they differ
  void set_extra_text(std::string text);
  void set_title(const std::string& title);

  void request_frames(int count);           // at least this many more frames
  void keep_animating(double seconds);      // draw continuously for so long from now on
  void wake();                              // one frame, from any thread
  // Calls function once, from run's loop, so many seconds from now, without drawing a frame for it. A later call takes the place
  // of an earlier one.
  void call_after(double seconds, std::function<void()> function);
  void close();                             // run returns after the present frame

  // Called after each frame was shown, with the GL context current and no frame begun: for pictures of the window.
  void on_frame_shown(std::function<void()> function);
  void on_drop(DropFunction function);
  // Asked when the user closes the window; false keeps it open. Without one it closes.
  void on_close(std::function<bool()> function);
  // Called once if the X server goes away, before the program ends with exit code 2: save the session here and return a sentence saying where. No
  // GL, no ImGui, no Xlib in it.
  void on_lost_display(std::function<std::string()> function);

  struct Counters {
    std::uint64_t frames = 0;          // drawn since the start
    double last_build_ms = 0;          // draw function and ImGui's draw data, without GL
    double last_frame_ms = 0;          // all of it, swap included
    double first_frame_seconds = 0;    // from the constructor's begin to the first frame shown
  };
  const Counters& counters() const;

  int width() const;   // px of the framebuffer; 0 while minimised
  int height() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace maskscope
