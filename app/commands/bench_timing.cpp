#include "app/commands/bench_timing.h"

#include <imgui.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>

#include "core/error.h"

namespace maskscope::commands {

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

double memory_mb(std::string_view field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return static_cast<double>(std::strtol(line.c_str() + field.size(), nullptr, 10)) / 1024.0;
  }
  return -1;
}

void draw_empty_imgui_window() {
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  ImGui::Begin("empty", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
  ImGui::End();
}

BenchJson summary(const FrameSeconds& seconds, const char* presented_by, int width, int height, const FrameLimits& limits) {
  const double whole_ms = median(seconds.whole) * 1e3, empty_ms = median(seconds.empty) * 1e3;
  return {{"size", cat(width, " x ", height)},
          {"presented_by", presented_by},
          {"build_draw_data_ms", median(seconds.build) * 1e3},
          {"build_draw_data_limit_ms", limits.build_ms},
          {"whole_frame_ms", whole_ms},
          {"empty_imgui_window_frame_ms", empty_ms},
          {"ratio_whole_to_empty", whole_ms / empty_ms},
          {"ratio_limit", limits.ratio}};
}

}  // namespace maskscope::commands
