// Token quads as vector shapes, in the styles of shaders/token.frag: the same borders, dashes, hatching and tints.
// Only for the files of app/render that make figures.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "app/render/figure_canvas.h"
#include "app/render/figure_pen.h"

namespace maskscope {

// Pictures as images of cairo's, plain and tinted as decoder tokens are; each is made once.
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

// The batch within the pen's clip.
void draw_figure_batch(FigurePen& pen, FigurePictures& pictures, const CanvasFrame& frame, const FigureBatch& batch);

}  // namespace maskscope
