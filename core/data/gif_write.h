// Animated GIFs: one palette for all frames, and of every frame only what differs from the one before.
//
//   GifWriter gif(1000, 563, make_palette(key_frames), "the steps");
//   for (…) gif.add(rgb, 8);
//   write_whole_file(path, gif.finish(), "the animation");
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace maskscope {

using GifColour = std::array<std::uint8_t, 3>;  // sRGB

constexpr int max_gif_colours = 255;  // one index is left for "as before"
constexpr int max_gif_side = 4096;    // pixels
constexpr std::size_t max_gif_bytes = std::size_t{256} << 20;

// The colours that stand for those of the pictures, at most max_gif_colours. What covers much is kept as it is: grounds, text,
// fates; photographs share the rest. Each picture: (pixels, 3); at least one pixel in all.
std::vector<GifColour> make_palette(std::span<const std::vector<std::uint8_t>> pictures);

class GifWriter {
 public:
  // Sides of 1 .. max_gif_side, 1 .. max_gif_colours colours; repeats for ever. Throws Error when the sides are out of range.
  GifWriter(int width, int height, std::vector<GifColour> palette);
  ~GifWriter();
  GifWriter(const GifWriter&) = delete;
  GifWriter& operator=(const GifWriter&) = delete;

  // rgb: (height, width, 3). delay: hundredths of a second that the frame is shown, 1 .. 65535; a frame like the one before
  // only makes that one last longer. Throws Error when the file would be larger than max_gif_bytes.
  void add(std::span<const std::uint8_t> rgb, int delay);
  // At least one frame. Once.
  std::string finish();
  int num_frames() const;  // that became images of their own

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace maskscope
