#include "app/render/figure_pen.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace maskscope {
namespace {

void add_path(cairo_t* cairo, const RoundBox& shape) {
  const Box& box = shape.box;
  const double radius = std::max(0.0f, std::min({shape.radius, box.width() * 0.5f, box.height() * 0.5f}));
  if (radius < 0.01 || (shape.is_flat_left && shape.is_flat_right)) {
    cairo_rectangle(cairo, box.left, box.top, box.width(), box.height());
    return;
  }
  constexpr double quarter = std::numbers::pi / 2;
  const auto corner = [&](double x, double y, bool is_flat, int turn) {
    if (is_flat) cairo_line_to(cairo, x, y);
    else {
      const double centre_x = x + (turn == 0 || turn == 1 ? -radius : radius), centre_y = y + (turn == 1 || turn == 2 ? -radius : radius);
      cairo_arc(cairo, centre_x, centre_y, radius, (turn - 1) * quarter, turn * quarter);
    }
  };
  cairo_new_sub_path(cairo);
  corner(box.right, box.top, shape.is_flat_right, 0);
  corner(box.right, box.bottom, shape.is_flat_right, 1);
  corner(box.left, box.bottom, shape.is_flat_left, 2);
  corner(box.left, box.top, shape.is_flat_left, 3);
  cairo_close_path(cairo);
}

bool is_upright_box(std::span<const ImVec2> p) {
  if (p.size() != 4) return false;
  const bool starts_across = p[0].y == p[1].y && p[1].x == p[2].x && p[2].y == p[3].y && p[3].x == p[0].x;
  const bool starts_down = p[0].x == p[1].x && p[1].y == p[2].y && p[2].x == p[3].x && p[3].y == p[0].y;
  return starts_across || starts_down;
}

float signed_area(std::span<const ImVec2> p) {
  float area = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const ImVec2 a = p[i], b = p[(i + 1) % p.size()];
    area += a.x * b.y - b.x * a.y;
  }
  return area;
}

}  // namespace

Box intersection(const Box& a, const Box& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right), std::min(a.bottom, b.bottom)};
}

Box bounds_of(std::span<const ImVec2> points) {
  if (points.empty()) return {};
  Box box{points[0].x, points[0].y, points[0].x, points[0].y};
  for (const ImVec2 point : points) {
    box = {std::min(box.left, point.x), std::min(box.top, point.y), std::max(box.right, point.x), std::max(box.bottom, point.y)};
  }
  return box;
}

Surface surface_of(const Picture& picture) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture.width, picture.height));
  unsigned char* const pixels = cairo_image_surface_get_data(surface.get());
  if (!pixels) return surface;
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
  for (std::size_t y = 0, at = 0; y < static_cast<std::size_t>(picture.height); ++y) {
    auto* const row = reinterpret_cast<std::uint32_t*>(pixels + y * stride);
    for (std::size_t x = 0; x < static_cast<std::size_t>(picture.width); ++x, at += 3) {
      row[x] = std::uint32_t{picture.rgb[at]} << 16 | std::uint32_t{picture.rgb[at + 1]} << 8 | picture.rgb[at + 2];
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

RoundBox RoundBox::inset(float px) const {
  RoundBox inner = *this;
  inner.box = {box.left + px, box.top + px, box.right - px, box.bottom - px};
  inner.radius = std::max(0.0f, std::min({radius, box.width() * 0.5f, box.height() * 0.5f}) - px);
  return inner;
}

void set_colour(cairo_t* cairo, ImU32 colour) {
  const ImVec4 c = ImGui::ColorConvertU32ToFloat4(colour);
  cairo_set_source_rgba(cairo, c.x, c.y, c.z, c.w);
}

void FigurePen::flush() {
  if (!has_path_) return;
  has_path_ = false;
  set_colour(cairo_, colour_);
  if (!is_cut_) {
    cairo_fill(cairo_);
    return;
  }
  // The clip is set with the path kept aside, for both share the one path cairo has.
  cairo_path_t* const path = cairo_copy_path(cairo_);
  cairo_new_path(cairo_);
  cairo_save(cairo_);
  cairo_rectangle(cairo_, clip_of_path_.left, clip_of_path_.top, clip_of_path_.width(), clip_of_path_.height());
  cairo_clip(cairo_);
  cairo_append_path(cairo_, path);
  cairo_path_destroy(path);
  cairo_fill(cairo_);
  cairo_restore(cairo_);
}

// Ready for another polygon of this colour.
void FigurePen::take_up(ImU32 colour, bool is_cut) {
  const bool is_opaque = (colour >> IM_COL32_A_SHIFT & 255) == 255;
  if (has_path_ && (colour != colour_ || !is_opaque || is_cut || is_cut_)) flush();
  has_path_ = true;
  colour_ = colour;
  is_cut_ = is_cut;
  clip_of_path_ = clip_;
}

void FigurePen::fill(std::span<const ImVec2> polygon, ImU32 colour) {
  if (polygon.size() < 3 || (colour & IM_COL32_A_MASK) == 0) return;
  const Box bounds = bounds_of(polygon);
  if (!can_see(bounds)) return;
  if (is_upright_box(polygon)) {
    fill(bounds, colour);
    return;
  }
  take_up(colour, !clip_.contains(bounds));
  // All the same way round, so that nothing is cut out where two of them overlap.
  const bool is_backward = signed_area(polygon) < 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const ImVec2 p = polygon[is_backward ? polygon.size() - 1 - i : i];
    if (i == 0) cairo_move_to(cairo_, p.x, p.y);
    else cairo_line_to(cairo_, p.x, p.y);
  }
  cairo_close_path(cairo_);
}

void FigurePen::fill(const Box& box, ImU32 colour) {
  const Box seen = intersection(box, clip_);
  if (seen.is_empty() || (colour & IM_COL32_A_MASK) == 0) return;
  take_up(colour, false);
  cairo_rectangle(cairo_, seen.left, seen.top, seen.width(), seen.height());
}

void FigurePen::fill(const RoundBox& shape, ImU32 colour) {
  if (shape.radius < 0.01f) {
    fill(shape.box, colour);
    return;
  }
  if (!can_see(shape.box) || (colour & IM_COL32_A_MASK) == 0) return;
  take_up(colour, !clip_.contains(shape.box));
  add_path(cairo_, shape);
}

void FigurePen::ring(const RoundBox& shape, float width, ImU32 colour) {
  if (!can_see(shape.box) || (colour & IM_COL32_A_MASK) == 0) return;
  if (shape.box.width() <= 2 * width || shape.box.height() <= 2 * width) {
    fill(shape, colour);
    return;
  }
  cairo_t* const cairo = begin(shape.box, colour);
  cairo_set_line_width(cairo, width);
  add_path(cairo, shape.inset(width * 0.5f));
  cairo_stroke(cairo);
  end();
}

void FigurePen::line(std::span<const ImVec2> points, float width, ImU32 colour) {
  Box box = bounds_of(points);
  box = {box.left - width, box.top - width, box.right + width, box.bottom + width};
  if (points.size() < 2 || !can_see(box)) return;
  cairo_t* const cairo = begin(box, colour);
  cairo_set_line_width(cairo, width);
  cairo_move_to(cairo, points[0].x, points[0].y);
  for (const ImVec2 point : points.subspan(1)) cairo_line_to(cairo, point.x, point.y);
  cairo_stroke(cairo);
  end();
}

void FigurePen::fill_gradient(const Box& box, ImU32 from, ImU32 to, bool is_horizontal) {
  const Box seen = intersection(box, clip_);
  if (seen.is_empty()) return;
  flush();
  cairo_pattern_t* const pattern = is_horizontal ? cairo_pattern_create_linear(box.left, 0, box.right, 0) : cairo_pattern_create_linear(0, box.top, 0, box.bottom);
  const ImVec4 first = ImGui::ColorConvertU32ToFloat4(from), last = ImGui::ColorConvertU32ToFloat4(to);
  cairo_pattern_add_color_stop_rgba(pattern, 0, first.x, first.y, first.z, first.w);
  cairo_pattern_add_color_stop_rgba(pattern, 1, last.x, last.y, last.z, last.w);
  cairo_set_source(cairo_, pattern);
  cairo_pattern_destroy(pattern);
  cairo_rectangle(cairo_, seen.left, seen.top, seen.width(), seen.height());
  cairo_fill(cairo_);
}

void FigurePen::picture(cairo_surface_t* surface, const PicturePlace& place, std::span<const Box> boxes, double alpha, bool is_sharp) {
  flush();
  cairo_save(cairo_);
  bool is_seen = false;
  for (const Box& box : boxes) {
    const Box seen = intersection(box, clip_);
    if (seen.is_empty()) continue;
    cairo_rectangle(cairo_, seen.left, seen.top, seen.width(), seen.height());
    is_seen = true;
  }
  if (is_seen) {
    cairo_clip(cairo_);
    cairo_translate(cairo_, place.x, place.y);
    cairo_scale(cairo_, place.step_x, place.step_y);
    cairo_set_source_surface(cairo_, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo_), is_sharp ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
    if (alpha < 1) cairo_paint_with_alpha(cairo_, alpha);
    else cairo_paint(cairo_);
  }
  cairo_restore(cairo_);
}

void FigurePen::push_shape(const RoundBox& shape) {
  flush();
  cairo_save(cairo_);
  add_path(cairo_, shape);
  cairo_clip(cairo_);
}

void FigurePen::pop_shape() {
  flush();
  cairo_restore(cairo_);
}

cairo_t* FigurePen::begin(const Box& box, ImU32 colour) {
  flush();
  cairo_save(cairo_);
  if (!clip_.contains(box)) {
    cairo_rectangle(cairo_, clip_.left, clip_.top, clip_.width(), clip_.height());
    cairo_clip(cairo_);
  }
  set_colour(cairo_, colour);
  return cairo_;
}

void FigurePen::end() { cairo_restore(cairo_); }

}  // namespace maskscope
