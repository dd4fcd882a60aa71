// What the steps cost to draw, for `maskscope bench`: the 4M-21 layout at rest and with twenty thousand tokens on their way, and
// whether memory grows. Drawn without a display, as app/commands/bench_frames.
#pragma once

#include "app/commands/bench_timing.h"
#include "app/commands/options.h"

namespace maskscope::commands {

// memory_frames: frames, from step 1 to step 6 again and again, over which resident memory is watched. Throws Error without OpenGL.
BenchJson measure_steps(const SharedOptions& shared, int frames, int memory_frames);

}  // namespace maskscope::commands
