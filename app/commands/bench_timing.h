// What the benches of drawing share: clocks, medians, memory, and the frame that all others are compared with.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace maskscope::commands {

using BenchJson = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start);
double cpu_seconds();  // that this thread has used so far
double median(std::vector<double> values);  // not empty
// Of this process, from /proc/self/status: "VmRSS:" now, "VmHWM:" at its highest; -1 where there is none.
double memory_mb(std::string_view field);

// What any ImGui program draws at least: one empty window that fills the frame.
void draw_empty_imgui_window();

// Of frames drawn and presented in the same way, in turn.
struct FrameSeconds {
  std::vector<double> build, whole, empty;
};
struct FrameLimits {
  double build_ms = 0;
  double ratio = 0;  // of a whole frame to an empty one
};
// Medians, beside what they may be.
BenchJson summary(const FrameSeconds& seconds, const char* presented_by, int width, int height, const FrameLimits& limits);

}  // namespace maskscope::commands
