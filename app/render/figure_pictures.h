// Pictures in figures: their pixels, as images of cairo's, plain and tinted as decoder tokens are.
// Only for the files of app/render that make figures.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "app/render/figure_canvas.h"
#include "app/render/figure_pen.h"

namespace maskscope {

using Rgb = std::array<float, 3>;  // 0 .. 255
Rgb channels(ImU32 colour);
ImU32 packed(const Rgb& rgb);  // opaque

// What a decoder token makes of a pixel: half dark, and tinted.
Rgb tint_pixel(const Rgb& pixel, const Rgb& tint);

// The colour of the quad's part of the picture, if a smooth filter finds one colour only: cells of ids.
std::optional<Rgb> single_colour(const Picture& picture, const TokenQuad& quad);

// Reads each picture once and makes each image once.
class FigurePictures {
 public:
  explicit FigurePictures(const FigureSource& source) : source_(source) {}
  const Picture& pixels(PictureHandle handle) { return picture(handle).pixels; }
  bool is_sharp(PictureHandle handle) { return picture(handle).sampling == Sampling::sharp; }
  cairo_surface_t* plain(PictureHandle handle);
  cairo_surface_t* tinted(PictureHandle handle, ImU32 tint);

 private:
  const FigurePicture& picture(PictureHandle handle);

  const FigureSource& source_;
  std::map<std::uint32_t, FigurePicture> pictures_;
  std::map<std::pair<std::uint32_t, ImU32>, Surface> surfaces_;  // tint 0: plain
};

}  // namespace maskscope
