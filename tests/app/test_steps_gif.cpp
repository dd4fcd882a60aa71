// The steps as an animation: which frames there are, and how long each is shown.
#include "app/commands/steps_gif.h"

#include <algorithm>

#include "app/panels/view_state.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::commands;

TEST_CASE("steps as frames: from the first to the last, each held, in the time that was asked for") {
  for (const StepsTiming timing : {StepsTiming{}, StepsTiming{50, 1}, StepsTiming{1, 60}, StepsTiming{30, 7.3}, StepsTiming{1, 1}}) {
    const std::vector<StepFrame> frames = step_frames(timing);
    INFO(timing.frames_per_second << " frames a second, " << timing.seconds << " s");
    CHECK(frames.size() == static_cast<std::size_t>(std::max(2L, std::lround(timing.frames_per_second * timing.seconds))));
    CHECK(frames.back().position == static_cast<float>(num_steps));
    CHECK(std::is_sorted(frames.begin(), frames.end(), [](const StepFrame& a, const StepFrame& b) { return a.position < b.position; }));
    int total = 0;
    for (const StepFrame& frame : frames) {
      CHECK(frame.delay >= 1);
      CHECK(frame.position >= 1);
      total += frame.delay;
    }
    CHECK(total == std::lround(timing.seconds * 100));
  }
  const std::vector<StepFrame> frames = step_frames({});
  CHECK(frames.front().position == 1);
  for (int step = 1; step <= num_steps; ++step) {
    const auto is_held = [step](const StepFrame& frame) { return frame.position == static_cast<float>(step); };
    CHECK(std::count_if(frames.begin(), frames.end(), is_held) >= (step == num_steps ? 12 : 6));
  }
}

TEST_CASE("steps as a GIF: asks for key frames, then for every frame, and makes them smaller") {
  StepsGif gif({4, 2}, 30);
  int asked = 0;
  while (!gif.is_done()) {
    const auto shade = static_cast<std::uint8_t>(40 * gif.next_position());
    PixelBuffer pixels{60, 40, {}};
    for (int i = 0; i < 60 * 40; ++i) pixels.rgba.insert(pixels.rgba.end(), {shade, 17, 22, 255});
    const double before = gif.fraction();
    gif.add(pixels);
    CHECK(gif.fraction() > before);
    ++asked;
  }
  CHECK(asked == 11 + 8);
  CHECK(gif.fraction() == 1);
  CHECK(gif.width() == 30);
  CHECK(gif.height() == 20);
  CHECK(gif.finish().substr(0, 6) == "GIF89a");
}
