#include "app/commands/steps_gif.h"

#include <algorithm>
#include <cmath>

#include "app/panels/view_state.h"
#include "app/render/pixels.h"

namespace maskscope::commands {
namespace {

constexpr std::size_t max_key_pixels = 1'000'000;  // of a frame that colours are chosen by

}  // namespace

std::vector<StepFrame> step_frames(const StepsTiming& timing) {
  constexpr double hold = 1, move = 1.4, last_hold = 2;
  constexpr double total = hold * (num_steps - 1) + move * (num_steps - 1) + last_hold;
  const int count = std::max(2, static_cast<int>(std::lround(timing.frames_per_second * timing.seconds)));
  std::vector<StepFrame> frames;
  int shown = 0;  // hundredths of a second so far
  for (int i = 0; i < count; ++i) {
    const double at = total * i / (count - 1);
    const double step = std::min(std::floor(at / (hold + move)), num_steps - 1.0), into = at - step * (hold + move);
    const double moved = step + 1 < num_steps ? std::max(0.0, into - hold) / move : 0.0;
    const int end = static_cast<int>(std::lround(timing.seconds * 100 * (i + 1) / count));
    frames.push_back({static_cast<float>(1 + step + moved), std::max(end - shown, 1)});
    shown = end;
  }
  return frames;
}

StepsGif::StepsGif(const StepsTiming& timing, int max_width) : frames_(step_frames(timing)), max_width_(max_width) {
  for (int half = 2; half <= 2 * num_steps; ++half) key_positions_.push_back(static_cast<float>(half) * 0.5f);
}

float StepsGif::next_position() const { return at_ < key_positions_.size() ? key_positions_[at_] : frames_[at_ - key_positions_.size()].position; }

void StepsGif::add(const PixelBuffer& pixels) {
  const PixelBuffer small = shrink(pixels, max_width_);
  std::vector<std::uint8_t> rgb = rgb_of(small);
  const std::size_t at = at_++;
  if (at >= key_positions_.size()) {
    if (!gif_) {
      gif_ = std::make_unique<GifWriter>(small.width, small.height, make_palette(key_pixels_));
      key_pixels_.clear();
      width_ = small.width;
      height_ = small.height;
    }
    gif_->add(rgb, frames_[at - key_positions_.size()].delay);
    return;
  }
  const std::size_t step = rgb.size() / 3 / max_key_pixels + 1;
  if (step > 1) {
    std::vector<std::uint8_t> some;
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3 * step) some.insert(some.end(), {rgb[i], rgb[i + 1], rgb[i + 2]});
    rgb = std::move(some);
  }
  key_pixels_.push_back(std::move(rgb));
}

std::string StepsGif::finish() { return gif_->finish(); }

}  // namespace maskscope::commands
