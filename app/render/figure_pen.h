// The part of cairo that figures need, in px of the window: fills that leave no seams, clips only where something sticks out.
// Only for the files of app/render that make figures.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <cairo.h>
#include <imgui.h>

#include "core/data/picture.h"

namespace maskscope {

// min x, min y, max x, max y.
struct Box {
  float left = 0, top = 0, right = 0, bottom = 0;
  float width() const { return right - left; }
  float height() const { return bottom - top; }
  bool is_empty() const { return !(right > left && bottom > top); }
  bool contains(const Box& other) const { return other.left >= left && other.top >= top && other.right <= right && other.bottom <= bottom; }
};
Box intersection(const Box& a, const Box& b);
Box bounds_of(std::span<const ImVec2> points);

struct SurfaceDeleter {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceDeleter>;

// An image of cairo's with the picture's pixels.
Surface surface_of(const Picture& picture);

// A rectangle with round corners of the same radius; flat sides have square ones.
struct RoundBox {
  Box box;
  float radius = 0;
  bool is_flat_left = false, is_flat_right = false;
  RoundBox inset(float px) const;
};

// Where a picture's pixels come to lie: px of the window a pixel, and where the first one's corner is.
struct PicturePlace {
  double x = 0, y = 0, step_x = 1, step_y = 1;
};

class FigurePen {
 public:
  explicit FigurePen(cairo_t* cairo) : cairo_(cairo) {}

  // What is drawn from now on is cut to this box; whatever does not meet it is left out.
  void set_clip(const Box& clip) { clip_ = clip; }
  const Box& clip() const { return clip_; }
  bool can_see(const Box& box) const { return !intersection(box, clip_).is_empty(); }

  // Opaque polygons of one colour that follow each other become one path: no seams where they meet.
  void fill(std::span<const ImVec2> polygon, ImU32 colour);
  void fill(const Box& box, ImU32 colour);
  void fill(const RoundBox& box, ImU32 colour);
  // A line of this width just inside the outline.
  void ring(const RoundBox& box, float width, ImU32 colour);
  void line(std::span<const ImVec2> points, float width, ImU32 colour);
  // Two colours, left to right or top to bottom.
  void fill_gradient(const Box& box, ImU32 from, ImU32 to, bool is_horizontal);
  // The picture within the boxes. is_sharp: where it is larger than it was, its pixels are seen.
  void picture(cairo_surface_t* surface, const PicturePlace& place, std::span<const Box> boxes, double alpha, bool is_sharp);
  // Everything until pop_shape is cut to the shape as well.
  void push_shape(const RoundBox& box);
  void pop_shape();

  // For drawing with cairo itself: all that was filled is on the surface, the clip is set if the box needs it; end with end().
  cairo_t* begin(const Box& box, ImU32 colour);
  cairo_t* cairo() const { return cairo_; }  // between begin and end
  void end();
  void flush();

 private:
  void take_up(ImU32 colour, bool is_cut);

  cairo_t* cairo_;
  Box clip_;
  ImU32 colour_ = 0;       // of the path that is being collected
  bool has_path_ = false;
  bool is_cut_ = false;    // by clip_of_path_
  Box clip_of_path_;
};

void set_colour(cairo_t* cairo, ImU32 colour);

}  // namespace maskscope
