#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "app/commands/commands.h"
#include "app/commands/options.h"
#include "app/commands/screen.h"
#include "app/render/offscreen_target.h"
#include "app/window/app_window.h"
#include "core/error.h"
#include "kernels/bench_layout.h"
#include "kernels/stage_times.h"

namespace maskscope::commands {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr double settling_seconds = 2.0, idle_seconds = 5.0;
constexpr int window_width = 1600, window_height = 900;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

// Median seconds of one call.
template <class Function>
double time_calls(int repeats, Function function) {
  std::vector<double> seconds;
  for (int i = 0; i < repeats; ++i) {
    const auto start = Clock::now();
    function();
    seconds.push_back(seconds_since(start));
  }
  return median(std::move(seconds));
}

// The yardstick: std::sort of 196 random u64, fresh numbers every time, the copying left out.
double sort_seconds() {
  std::mt19937_64 generator(1);
  constexpr int repeats = 2000;
  std::vector<std::vector<std::uint64_t>> inputs(repeats, std::vector<std::uint64_t>(196));
  for (auto& input : inputs) std::generate(input.begin(), input.end(), std::ref(generator));
  int next = 0;
  return time_calls(repeats, [&] {
    auto& input = inputs[static_cast<std::size_t>(next++)];
    std::sort(input.begin(), input.end());
  });
}

Json measure_masking(int batches) {
  const MaskingPlan plan = make_plan(bench_scheme(), default_vocabulary());
  const Sample sample = bench_sample();
  const PackedSamples packed = pack_samples(plan, {&sample, 1});
  const auto backend = maskscope::make_backend(BackendChoice::cpu, 1);
  MaskedBatch masks;
  constexpr int batch = 256;
  std::uint64_t first = 0;
  const auto run = [&] {
    backend->run(plan, packed, {7, first, batch}, masks);
    first += batch;  // fresh draws every time
  };
  run();
  const double yardstick_before = sort_seconds();
  const double sample_us = time_calls(batches, run) / batch * 1e6;
  // The machine may have changed its mind meanwhile: the mean of before and after.
  const double sort_us = (yardstick_before + sort_seconds()) * 0.5 * 1e6;
  Json stages = Json::object();
  for (const StageTime& stage : measure_stage_times(batches * 16)) stages[stage.name] = stage.us_per_sample;
  Json json = {{"layout", "4M-7: 6 grids of 196, 2 texts of 40 tokens, 128 / 128 tokens sampled"},
               {"backend", "CPU, 1 thread"},
               {"us_per_sample", sample_us},
               {"sort_196_u64_us", sort_us},
               {"ratio_to_sort", sample_us / sort_us},
               {"ratio_limit", 6.0},
               {"stages_us", stages}};
  if (cuda_status().is_usable) {
    const auto cuda = maskscope::make_backend(BackendChoice::cuda, 0);
    const auto run_cuda = [&] {
      cuda->run(plan, packed, {7, first, 4096}, masks);
      first += 4096;
    };
    run_cuda();
    json["cuda_us_per_sample_batch_4096"] = time_calls(20, run_cuda) / 4096 * 1e6;
  }
  return json;
}

long peak_rss_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::strtol(line.c_str() + 6, nullptr, 10);
  }
  return -1;
}

// What any ImGui program draws at least: one empty window that fills the frame.
void draw_empty_imgui_window() {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  ImGui::Begin("empty", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
  ImGui::End();
}

struct FrameSeconds {
  std::vector<double> build, whole, empty;
};

// Medians. whole and empty are of frames drawn and presented in the same way.
Json summary(const FrameSeconds& seconds, const char* presented_by, int width, int height) {
  const double whole_ms = median(seconds.whole) * 1e3, empty_ms = median(seconds.empty) * 1e3;
  return {{"size", cat(width, " x ", height)},
          {"presented_by", presented_by},
          {"build_draw_data_ms", median(seconds.build) * 1e3},
          {"build_draw_data_limit_ms", 2.0},
          {"whole_frame_ms", whole_ms},
          {"empty_imgui_window_frame_ms", empty_ms},
          {"ratio_whole_to_empty", whole_ms / empty_ms},
          {"ratio_limit", 4.0}};
}

// A changed seed for every frame, so that nothing can be kept from the last one. The masking itself is measured elsewhere.
void change_seed(Session& session) { session.apply(edits::set_seed(session.document().seed + 1)); }

// Frames without a display, the way `render` makes them: drawn, then read back, which waits for the drawing.
Json measure_offscreen(const SharedOptions& shared, Clock::time_point program_start, int frames) {
  Session session(make_backend(shared), make_document(shared));
  OffscreenTarget target(window_width, window_height);
  GuiRenderer gui;
  Screen screen(session, gui);
  Look look;
  look.ui_text = Screen::ui_text();
  look.extra_text = screen.extra_text();
  gui.set_look(look);
  FrameSeconds seconds;
  std::vector<double> cleared;
  const auto present = [&] { static_cast<void>(target.read_pixels()); };
  const auto draw_whole = [&] {
    const auto start = Clock::now();
    gui.begin_frame(window_width, window_height, 1.0f / 60.0f);
    screen.draw(gui, true);
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
  Json json = {{"opengl", target.description()}, {"first_frame_s", first_frame}, {"first_frame_limit_s", 1.0}};
  json.update(summary(seconds, "reading the pixels back", window_width, window_height));
  json["frame_without_any_window_ms"] = median(cleared) * 1e3;  // the ground and the presentation
  json["peak_rss_mb"] = static_cast<double>(peak_rss_kb()) / 1024.0;
  json["peak_rss_limit_mb"] = 300.0;
  return json;
}

// Frames of the real window, without waiting for the screen's refresh. A frame's time runs from its begin to the next
// one's, so that work left behind by the swap counts. Blocks alternate; the first of each pays for the block before.
Json measure_window(const SharedOptions& shared, int frames) {
  try {
    Session session(make_backend(shared), make_document(shared));
    AppWindow window({.title = "maskscope bench", .width = window_width, .height = window_height});
    glfwSwapInterval(0);  // or every frame would take as long as the screen's refresh
    Screen screen(session, window.gui());
    window.set_ui_text(Screen::ui_text());
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
        screen.draw(gui, true);
      }
      ++drawn;
      window.request_frames(2);
    });
    return summary(seconds, "swapping the window's buffers", width, height);
  } catch (const Error& error) {
    return {{"not_measured", error.what()}};
  }
}

// Frames the real window draws in five seconds without events.
Json measure_idle(const SharedOptions& shared) {
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
      screen.draw(gui, true);
      const double now = seconds_since(start);
      frames += !is_over && now > settling_seconds;
      if (is_over) window.close();
    });
    return {{"frames_in_5_s", frames}, {"frames_limit", 0}, {"first_frame_s", window.counters().first_frame_seconds}};
  } catch (const Error& error) {
    return {{"not_measured", error.what()}};
  }
}

void print_table(const Json& json, const std::string& indent) {
  for (const auto& [key, value] : json.items()) {
    if (value.is_object()) {
      std::cout << indent << key << '\n';
      print_table(value, indent + "  ");
      continue;
    }
    char number[64];
    if (value.is_number_float()) std::snprintf(number, sizeof number, "%.3f", value.get<double>());
    std::cout << indent << key << std::string(key.size() < 32 ? 32 - key.size() : 1, ' ')
              << (value.is_number_float() ? number : value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
  }
}

}  // namespace

int bench(const Arguments& arguments) {
  const auto program_start = Clock::now();
  CLI::App app("Measures the stages of the masking core and the window. Numbers are for this machine; compare the ratios.", "bench");
  SharedOptions shared;
  add_shared_options(app, shared);
  bool is_json = false;
  int frames = 60, batches = 20;
  app.add_flag("--json", is_json, "print JSON for programs");
  app.add_option("--frames", frames, "frames to measure; 60 if not given")->type_name("N")->check(CLI::Range(1, 100000));
  app.add_option("--batches", batches, "batches of 256 samples to measure; 20 if not given")->type_name("N")->check(CLI::Range(1, 100000));
  if (const auto code = parse(app, arguments)) return *code;

  Json report = {{"maskscope", MASKSCOPE_VERSION}};
  report["frames_offscreen"] = measure_offscreen(shared, program_start, frames);
  report["frames_window"] = measure_window(shared, frames);
  report["masking"] = measure_masking(batches);
  report["idle"] = measure_idle(shared);
  if (is_json) std::cout << report.dump(2) << '\n';
  else print_table(report, "");
  return exit_fine;
}

}  // namespace maskscope::commands
