#include "app/commands/bench_frames.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "app/commands/bench_timing.h"
#include "app/commands/screen.h"
#include "app/render/offscreen_target.h"
#include "app/window/app_window.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

constexpr double settling_seconds = 2.0, idle_seconds = 5.0;
constexpr int window_width = 1600, window_height = 900;

// A changed seed for every frame, so that nothing can be kept from the last one. The masking itself is measured elsewhere.
void change_seed(Session& session) { session.apply(edits::set_seed(session.document().seed + 1)); }

}  // namespace

// Frames without a display, the way `render` makes them: drawn, then read back, which waits for the drawing.
BenchJson measure_offscreen(const SharedOptions& shared, Clock::time_point program_start, int frames) {
  Session session(make_backend(shared), make_document(shared));
  OffscreenTarget target(window_width, window_height);
  GuiRenderer gui;
  Screen screen(session, gui);
  Look look;
  look.ui_text = screen.ui_text();
  look.extra_text = screen.extra_text();
  gui.set_look(look);
  FrameSeconds seconds;
  std::vector<double> cleared;
  const auto present = [&] { static_cast<void>(target.read_pixels()); };
  const auto draw_whole = [&] {
    const auto start = Clock::now();
    gui.begin_frame(window_width, window_height, 1.0f / 60.0f);
    screen.draw(gui, true, 1.0f / 60.0f);
    gui.end_frame();
    seconds.build.push_back(seconds_since(start));
    gui.render();
    present();
    seconds.whole.push_back(seconds_since(start));
  };
  const auto time_other = [&](std::vector<double>& into, auto draw) {
    const auto start = Clock::now();
    gui.begin_frame(window_width, window_height, 1.0f / 60.0f);
    draw();
    gui.end_frame();
    gui.render();
    present();
    into.push_back(seconds_since(start));
  };
  draw_whole();
  const double first_frame = seconds_since(program_start);
  for (int i = 0; i < 5; ++i) {
    draw_whole();
    time_other(seconds.empty, draw_empty_imgui_window);
  }
  seconds = {};
  // Alternating, so that all see the same machine.
  for (int i = 0; i < frames; ++i) {
    change_seed(session);
    draw_whole();
    time_other(seconds.empty, draw_empty_imgui_window);
    time_other(cleared, [] {});
  }
  BenchJson json = {{"opengl", target.description()}, {"first_frame_s", first_frame}, {"first_frame_limit_s", 1.0}};
  json.update(summary(seconds, "reading the pixels back", window_width, window_height, {.build_ms = 2.0, .ratio = 4.0}));
  json["frame_without_any_window_ms"] = median(cleared) * 1e3;  // the ground and the presentation
  json["peak_rss_mb"] = memory_mb("VmHWM:");
  json["peak_rss_limit_mb"] = 300.0;
  return json;
}

// Frames of the real window, without waiting for the screen's refresh. A frame's time runs from its begin to the next
// one's, so that work left behind by the swap counts. Blocks alternate; the first of each pays for the block before.
BenchJson measure_window(const SharedOptions& shared, int frames) {
  try {
    Session session(make_backend(shared), make_document(shared));
    AppWindow window({.title = "maskscope bench", .width = window_width, .height = window_height});
    glfwSwapInterval(0);  // or every frame would take as long as the screen's refresh
    Screen screen(session, window.gui());
    window.set_ui_text(screen.ui_text());
    window.set_extra_text(screen.extra_text());
    constexpr int block = 6, warm_up_blocks = 2;
    FrameSeconds seconds;
    int drawn = 0, width = 0, height = 0;
    Clock::time_point last_begin;
    window.run([&](GuiRenderer& gui, float) {
      const auto begin = Clock::now();
      const int last = drawn - 1;
      const auto is_empty = [](int frame) { return frame / block % 2 == 1; };
      if (last >= warm_up_blocks * block && last % block != 0) {
        (is_empty(last) ? seconds.empty : seconds.whole).push_back(std::chrono::duration<double>(begin - last_begin).count());
        if (!is_empty(last)) seconds.build.push_back(window.counters().last_build_ms * 1e-3);
      }
      if (static_cast<int>(seconds.empty.size()) >= frames && is_empty(last)) return window.close();
      width = window.width();
      height = window.height();
      if (is_empty(drawn)) {
        last_begin = begin;
        draw_empty_imgui_window();
      } else {
        change_seed(session);
        last_begin = Clock::now();  // the masking doesn't count
        screen.draw(gui, true, 1.0f / 60.0f);
      }
      ++drawn;
      window.request_frames(2);
    });
    return summary(seconds, "swapping the window's buffers", width, height, {.build_ms = 2.0, .ratio = 4.0});
  } catch (const Error& error) {
    return {{"not_measured", error.what()}};
  }
}

// Frames the real window draws in five seconds without events.
BenchJson measure_idle(const SharedOptions& shared) {
  try {
    Session session(make_backend(shared), make_document(shared));
    AppWindow window({.title = "maskscope bench"});
    Screen screen(session, window.gui());
    const auto start = Clock::now();
    std::atomic<bool> is_over = false;
    const std::jthread watch([&] {
      std::this_thread::sleep_for(std::chrono::duration<double>(settling_seconds + idle_seconds));
      is_over = true;
      window.wake();
    });
    int frames = 0;
    window.run([&](GuiRenderer& gui, float) {
      screen.draw(gui, true, 1.0f / 60.0f);
      const double now = seconds_since(start);
      frames += !is_over && now > settling_seconds;
      if (is_over) window.close();
    });
    return {{"frames_in_5_s", frames}, {"frames_limit", 0}, {"first_frame_s", window.counters().first_frame_seconds}};
  } catch (const Error& error) {
    return {{"not_measured", error.what()}};
  }
}

}  // namespace maskscope::commands
