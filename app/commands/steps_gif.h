// The six steps as an animation: which position each frame has, and the GIF that comes of the frames.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/render/offscreen_target.h"
#include "core/data/gif_write.h"

namespace maskscope::commands {

struct StepsTiming {
  double frames_per_second = 12;  // 1 .. 50: what viewers can show
  double seconds = 10;            // 1 .. 60
};

struct StepFrame {
  float position = 1;  // of view.steps
  int delay = 8;       // hundredths of a second
};

// From the first step to the last: each is held for a while, the last one twice as long.
std::vector<StepFrame> step_frames(const StepsTiming& timing);

// Asks for frames one by one:
//   while (!gif.is_done()) gif.add(picture_of(gif.next_position()));
//   write_whole_file(path, gif.finish(), "the animation");
class StepsGif {
 public:
  // max_width: px; larger frames are made smaller, 1 .. max_gif_side.
  StepsGif(const StepsTiming& timing, int max_width);

  bool is_done() const { return at_ == key_positions_.size() + frames_.size(); }
  float next_position() const;
  void add(const PixelBuffer& pixels);  // all of one size, not empty
  std::string finish();                 // once is_done
  double fraction() const { return static_cast<double>(at_) / static_cast<double>(key_positions_.size() + frames_.size()); }
  int width() const { return width_; }
  int height() const { return height_; }

 private:
  // Frames to choose the colours by come before those that are shown.
  std::vector<float> key_positions_;
  std::vector<StepFrame> frames_;
  std::size_t at_ = 0;
  int max_width_, width_ = 0, height_ = 0;
  std::vector<std::vector<std::uint8_t>> key_pixels_;
  std::unique_ptr<GifWriter> gif_;
};

}  // namespace maskscope::commands
