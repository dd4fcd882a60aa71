// What drawing costs, for `maskscope bench`. Times are medians.
#pragma once

#include <chrono>

#include "app/commands/bench_timing.h"
#include "app/commands/options.h"

namespace maskscope::commands {

// Frames drawn without a display and read back, as `maskscope render` makes them. Throws Error without OpenGL.
BenchJson measure_offscreen(const SharedOptions& shared, std::chrono::steady_clock::time_point program_start, int frames);

// Frames of the real window. {"not_measured": reason} without a display.
BenchJson measure_window(const SharedOptions& shared, int frames);

// Frames that the real window draws in five seconds without events. {"not_measured": reason} without a display.
BenchJson measure_idle(const SharedOptions& shared);

}  // namespace maskscope::commands
