// Pixels that were read back: read, cut out, made smaller.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "app/render/offscreen_target.h"

namespace maskscope {

// Of the framebuffer that is bound for reading in the current context; waits for the drawing to end.
PixelBuffer read_framebuffer(int width, int height);

// The part that lies within the picture; 0 x 0 where nothing does.
PixelBuffer crop(const PixelBuffer& pixels, int x, int y, int width, int height);

// No wider than max_width >= 1, every pixel the mean of what it stands for; as it is if it is no wider.
PixelBuffer shrink(PixelBuffer pixels, int max_width);

// (height, width, 3), without the opacity.
std::vector<std::uint8_t> rgb_of(const PixelBuffer& pixels);

// A framebuffer of its own in the current OpenGL context: what is drawn while it lives goes there.
class FrameCapture {
 public:
  FrameCapture(int width, int height);  // throws Error when the driver can't
  ~FrameCapture();                      // what was drawn on before is drawn on again
  FrameCapture(const FrameCapture&) = delete;
  FrameCapture& operator=(const FrameCapture&) = delete;
  PixelBuffer read() const { return read_framebuffer(width_, height_); }

 private:
  struct State;
  std::unique_ptr<State> state_;
  int width_, height_;
};

}  // namespace maskscope
