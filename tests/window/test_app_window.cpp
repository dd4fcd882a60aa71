// The window itself, where a display is; the sentences for where it is not.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <thread>

#include "app/window/app_window.h"
#include "core/error.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace std::chrono_literals;

namespace {

bool has_display() {
  if (std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr) return true;
  std::cout << "SKIPPED: no display\n";
  return false;
}

// Unsets an environment variable for as long as it lives.
class RestoredVariable {
 public:
  explicit RestoredVariable(const char* name) : name_(name) {
    if (const char* value = std::getenv(name)) value_ = value;
    unsetenv(name);
  }
  ~RestoredVariable() { value_ ? setenv(name_, value_->c_str(), 1) : unsetenv(name_); }
  RestoredVariable(const RestoredVariable&) = delete;
  RestoredVariable& operator=(const RestoredVariable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> value_;
};

WindowOptions small_window() {
  WindowOptions options;
  options.width = 320;
  options.height = 200;
  return options;
}

}  // namespace

TEST_CASE("without a display the sentence says what to do instead") {
  const RestoredVariable x11("DISPLAY"), wayland("WAYLAND_DISPLAY");
  CHECK_THROWS_WITH(AppWindow({}), contains_text("DISPLAY") && contains_text("maskscope render -o scene.png"));
  setenv("DISPLAY", ":4711", 1);
  CHECK_THROWS_WITH(AppWindow({}), contains_text(":4711"));
}

TEST_CASE("the window sleeps until it is woken, and runs until it is closed") {
  if (!has_display()) return;
  AppWindow window(small_window());
  std::atomic<std::uint64_t> drawn = 0;
  std::atomic<bool> is_to_close = false;
  std::uint64_t settled = 0, after_sleep = 0, after_wake = 0;
  std::jthread other([&] {
    std::this_thread::sleep_for(3s);  // the window system's own events are over
    settled = drawn;
    std::this_thread::sleep_for(2s);
    after_sleep = drawn;
    window.wake();
    std::this_thread::sleep_for(500ms);
    after_wake = drawn;
    is_to_close = true;
    window.wake();
  });
  window.run([&](GuiRenderer&, float) {
    ++drawn;
    if (is_to_close) window.close();
  });
  other.join();
  CHECK(settled >= 3);
  CHECK(after_sleep == settled);
  CHECK(after_wake == settled + 1);
  CHECK(window.counters().frames == drawn);
  CHECK(window.counters().first_frame_seconds > 0);
}

TEST_CASE("an animation draws frames without events, and ends") {
  if (!has_display()) return;
  AppWindow window(small_window());
  int frames = 0;
  const auto start = std::chrono::steady_clock::now();
  window.run([&](GuiRenderer&, float step) {
    CHECK(step > 0);
    CHECK(step <= 0.05f);
    if (++frames == 1) window.keep_animating(0.5);
    if (std::chrono::steady_clock::now() - start > 400ms) window.close();
  });
  CHECK(frames > 5);
}

TEST_CASE("frames that are slower than what they ask for go on all the same") {
  if (!has_display()) return;
  AppWindow window(small_window());
  constexpr int wanted = 20;  // many more than an event is worth
  int frames = 0;
  // Without another frame run would wait for an event for ever: the test's time limit would tell.
  window.run([&](GuiRenderer&, float) {
    window.keep_animating(0.001);
    std::this_thread::sleep_for(3ms);
    if (++frames == wanted) window.close();
  });
  CHECK(frames == wanted);
}

TEST_CASE("text size and theme take effect in the next frame, and what draw throws comes out of run") {
  if (!has_display()) return;
  AppWindow window(small_window());
  int frames = 0;
  const auto run = [&] {
    window.run([&](GuiRenderer& gui, float) {
      if (++frames == 1) {
        window.set_text_size(2);
        window.set_theme(ThemeKind::light);
        return;
      }
      CHECK(gui.scale() == 2 * window.monitor_scale());
      CHECK(gui.theme().kind == ThemeKind::light);
      throw Error("enough");
    });
  };
  CHECK_THROWS_WITH(run(), "enough");
  CHECK(frames == 2);
}
