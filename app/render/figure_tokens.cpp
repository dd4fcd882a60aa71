#include "app/render/figure_tokens.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <vector>

#include "app/render/theme.h"

namespace maskscope {
namespace {

constexpr float discarded_share = 0.20f, dimmed_share = 0.22f;  // as in shaders/token.frag

Box snapped(const TokenQuad& quad) {
  const auto snap = [](float edge) { return std::floor(edge + 0.5f + 1.0f / 512.0f); };
  return {snap(quad.x), snap(quad.y), snap(quad.x + quad.width), snap(quad.y + quad.height)};
}

// What there is of a slanted stripe within the box: a parallelogram cut off at left and right.
std::vector<ImVec2> stripe_within(const Box& box, float x_at_top, float half_width) {
  const float slant = box.height();  // one px to the left for each px down
  const std::array<ImVec2, 4> whole = {ImVec2{x_at_top - half_width, box.top}, ImVec2{x_at_top + half_width, box.top},
                                       ImVec2{x_at_top + half_width - slant, box.bottom}, ImVec2{x_at_top - half_width - slant, box.bottom}};
  std::vector<ImVec2> kept(whole.begin(), whole.end());
  const auto cut = [&kept](float edge, bool keeps_right) {
    std::vector<ImVec2> next;
    const auto is_in = [&](ImVec2 p) { return keeps_right ? p.x >= edge : p.x <= edge; };
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const ImVec2 a = kept[i], b = kept[(i + 1) % kept.size()];
      if (is_in(a)) next.push_back(a);
      if (is_in(a) != is_in(b)) next.push_back({edge, a.y + (b.y - a.y) * (edge - a.x) / (b.x - a.x)});
    }
    kept = std::move(next);
  };
  cut(box.left, true);
  cut(box.right, false);
  return kept;
}

class TokenPainter {
 public:
  TokenPainter(FigurePen& pen, const CanvasFrame& frame, const TokenQuad& quad)
      : pen_(pen), frame_(frame), quad_(quad), scale_(frame.scale), line_(std::max(1.0f, std::floor(frame.scale + 0.25f))) {
    outer_ = {snapped(quad), quad.corner_radius, has(is_flat_left), has(is_flat_right)};
    inner_ = outer_;
    if (has(has_grid)) inner_.box.right -= line_, inner_.box.bottom -= line_;  // the grid line lies to the right and below
    strength_ = static_cast<float>(quad.opacity) / 255.0f * (has(is_dimmed) ? dimmed_share : 1.0f);
  }

  const Box& body() const { return outer_.box; }
  float strength() const { return strength_; }
  bool has(int flag) const { return (quad_.flags & flag) != 0; }

  // The body of a cell whose part of the picture is one colour; other pictures are drawn for many cells at once.
  void fill_cell(const Rgb& colour) {
    const float share = quad_.style == TokenStyle::discarded ? discarded_share : 1.0f;
    const Rgb shown = quad_.style == TokenStyle::decoder ? tint_pixel(colour, channels(quad_.colour)) : colour;
    pen_.fill(outer_, faded(packed(shown), share));
  }

  // All but the picture and the grid.
  void draw_style(bool shows_picture) {
    const TokenStyle style = quad_.style;
    if (style >= TokenStyle::band) draw_bar();
    else if (style == TokenStyle::ignored) draw_ignored();
    else if (shows_picture) {
      const float border = std::max(1.0f, 1.5f * scale_);
      if (style == TokenStyle::decoder) dashed_ring(border, faded(quad_.colour));
      else if (style != TokenStyle::discarded && style != TokenStyle::source) pen_.ring(inner_, border, faded(quad_.colour));
    } else {
      draw_chip();
    }
  }

  void draw_grid() {
    const Box& box = outer_.box;
    const ImU32 colour = faded(frame_.separator);
    pen_.fill(Box{box.right - line_, box.top, box.right, box.bottom}, colour);
    pen_.fill(Box{box.left, box.bottom - line_, box.right - line_, box.bottom}, colour);
  }

  // The frame of a hovered or pinned token: at full strength even where the fate is dimmed.
  void draw_mark() {
    if (!has(is_hovered) && !has(is_pinned)) return;
    const auto opacity = [this](ImU32 colour, float share) { return with_alpha(colour, share * static_cast<float>(quad_.opacity) / 255.0f); };
    if (has(is_hovered)) pen_.fill(inner_, opacity(frame_.highlight, 0.18f));
    const Rgb light = channels(frame_.highlight);
    const ImU32 seam = (light[0] + light[1] + light[2]) / 3 > 127.5f ? IM_COL32(8, 8, 8, 255) : IM_COL32(247, 247, 247, 255);
    const float grown = has(is_pinned) ? line_ : 0.0f;
    RoundBox frame = inner_;
    frame.radius = std::max(quad_.corner_radius, scale_);
    pen_.ring(grow(frame, grown + line_), line_, opacity(seam, 0.7f));
    pen_.ring(grow(frame, grown), has(is_pinned) ? std::max(2.0f, std::floor(2.0f * scale_)) : line_, opacity(frame_.highlight, 1.0f));
  }

 private:
  static RoundBox grow(RoundBox shape, float px) {
    const Box box = shape.box;
    shape.box = {box.left - px, box.top - px, box.right + px, box.bottom + px};
    shape.radius += px;
    return shape;
  }

  ImU32 faded(ImU32 colour, float share = 1.0f) const {
    const float own = static_cast<float>(colour >> IM_COL32_A_SHIFT & 255) / 255.0f;
    return with_alpha(colour, own * share * strength_);
  }
  ImU32 tint(float share) const { return with_alpha(quad_.colour, share * strength_); }

  void draw_bar() {
    const Box& box = outer_.box;
    pen_.fill(outer_, tint(1.0f));
    if (quad_.style == TokenStyle::striped_bar) {
      const Rgb full = channels(quad_.colour);
      hatch(outer_, 6.0f * scale_, 2.6f * scale_, with_alpha(packed({full[0] * 0.5f, full[1] * 0.5f, full[2] * 0.5f}), strength_));
    }
    if (quad_.style == TokenStyle::band && box.width() >= 3 * line_) pen_.fill(Box{box.right - line_, box.top, box.right, box.bottom}, faded(frame_.separator));
  }

  void draw_ignored() {
    hatch(inner_, 7.0f * scale_, 2.0f * scale_, tint(0.55f));
    dashed_ring(line_, tint(1.0f));
  }

  void draw_chip() {
    const TokenStyle style = quad_.style;
    const bool is_faint = style == TokenStyle::source || style == TokenStyle::discarded;
    if (!is_faint) pen_.fill(outer_, tint(style == TokenStyle::sentinel ? 0.30f : 0.20f));
    if (style == TokenStyle::decoder) dashed_ring(line_, tint(1.0f));
    else pen_.ring(inner_, line_, tint(is_faint ? 0.55f : 1.0f));
    const Box& box = inner_.box;
    if (style == TokenStyle::end_of_text) {
      pen_.push_shape(inner_);
      pen_.fill(Box{box.left, box.bottom - 2 * line_ - std::max(1.0f, scale_ * 0.5f), box.right, box.bottom}, tint(1.0f));
      pen_.pop_shape();
    }
    if (style == TokenStyle::sentinel) {
      const float notch = 6.0f * scale_;
      const std::array<ImVec2, 3> corner = {ImVec2{box.right - notch, box.top}, ImVec2{box.right, box.top}, ImVec2{box.right, box.top + notch}};
      pen_.push_shape(inner_);
      pen_.fill(corner, tint(1.0f));
      pen_.pop_shape();
    }
  }

  // Diagonal stripes, continuous from one quad to its neighbour at the same height. Both lengths along x.
  void hatch(const RoundBox& shape, float period, float width, ImU32 colour) {
    const Box& box = shape.box;
    if (box.is_empty() || !pen_.can_see(box)) return;
    const bool is_round = shape.radius >= 0.01f;
    if (is_round) pen_.push_shape(shape);
    const float from = box.left, to = box.right + box.height();
    const float first = std::floor((from + quad_.hatch_offset) / period) - 1;
    cairo_t* const cairo = pen_.begin(box, colour);
    for (float k = first;; ++k) {
      const float x = (k + 0.5f) * period - quad_.hatch_offset;
      if (x - width > to) break;
      const std::vector<ImVec2> stripe = stripe_within(box, x, width * 0.5f);
      if (stripe.size() < 3) continue;
      for (std::size_t i = 0; i < stripe.size(); ++i) {
        if (i == 0) cairo_move_to(cairo, stripe[i].x, stripe[i].y);
        else cairo_line_to(cairo, stripe[i].x, stripe[i].y);
      }
      cairo_close_path(cairo);
    }
    cairo_fill(cairo);
    pen_.end();
    if (is_round) pen_.pop_shape();
  }

  // A whole number of dashes fits each side, and every corner lies within a dash.
  void dashed_ring(float width, ImU32 colour) {
    if (!pen_.can_see(inner_.box)) return;
    const RoundBox middle = inner_.inset(width * 0.5f);
    const Box& box = middle.box;
    if (box.width() <= 0 || box.height() <= 0) return;
    cairo_t* const cairo = pen_.begin(inner_.box, colour);
    cairo_set_line_width(cairo, width);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    // A side from corner to corner, (0, 0) to (length, 0); depth is the way inward of a round corner.
    const auto side = [&](float outer_length, float length, const auto& place) {
      const float radius = middle.radius, shared = radius * 0.29289f;  // where this side's half of the corner begins
      const float period = outer_length / std::max(1.0f, std::floor(outer_length / (5.0f * scale_) + 0.5f));
      const auto depth = [&](float along) {
        const float from_end = std::min(along, length - along);
        return from_end >= radius ? 0.0f : radius - std::sqrt(std::max(0.0f, radius * radius - (radius - from_end) * (radius - from_end)));
      };
      for (float centre = 0; centre <= outer_length + 0.01f; centre += period) {
        const float shift = width * 0.5f;  // the middle of the line begins so much later than the outline
        const float low = std::max(centre - 0.3f * period - shift, shared), high = std::min(centre + 0.3f * period - shift, length - shared);
        if (high <= low) continue;
        const bool is_straight = radius <= 0 || (low >= radius && high <= length - radius);
        const int steps = is_straight ? 1 : 6;
        for (int i = 0; i <= steps; ++i) {
          const float along = low + (high - low) * static_cast<float>(i) / static_cast<float>(steps);
          const ImVec2 p = place(along, depth(along));
          if (i == 0) cairo_move_to(cairo, p.x, p.y);
          else cairo_line_to(cairo, p.x, p.y);
        }
      }
    };
    const Box& outline = inner_.box;
    side(outline.width(), box.width(), [&](float along, float depth) { return ImVec2{box.left + along, box.top + depth}; });
    side(outline.width(), box.width(), [&](float along, float depth) { return ImVec2{box.left + along, box.bottom - depth}; });
    side(outline.height(), box.height(), [&](float along, float depth) { return ImVec2{box.left + depth, box.top + along}; });
    side(outline.height(), box.height(), [&](float along, float depth) { return ImVec2{box.right - depth, box.top + along}; });
    cairo_stroke(cairo);
    pen_.end();
  }

  FigurePen& pen_;
  const CanvasFrame& frame_;
  const TokenQuad& quad_;
  float scale_, line_, strength_ = 1;
  RoundBox outer_, inner_;
};

PicturePlace place_of(const TokenQuad& quad, const Picture& picture) {
  const double u = quad.u1 - quad.u0, v = quad.v1 - quad.v0;
  const double whole_width = u != 0 ? quad.width / u : quad.width, whole_height = v != 0 ? quad.height / v : quad.height;
  return {quad.x - quad.u0 * whole_width, quad.y - quad.v0 * whole_height, whole_width / picture.width, whole_height / picture.height};
}

// Cells that show parts of one picture in the same way are one image with many holes.
class PictureCells {
 public:
  PictureCells(FigurePen& pen, FigurePictures& pictures, PictureHandle handle) : pen_(pen), pictures_(pictures), handle_(handle) {}

  void add(const TokenQuad& quad, const TokenPainter& painter) {
    const PicturePlace place = place_of(quad, pictures_.pixels(handle_));
    const auto rounded = [](double value) { return std::llround(value * 64); };
    const float alpha = painter.strength() * (quad.style == TokenStyle::discarded ? discarded_share : 1.0f);
    Group& group = groups_[{quad.style == TokenStyle::decoder ? quad.colour : 0, rounded(alpha), rounded(place.x), rounded(place.y), rounded(place.step_x * 64)}];
    group.place = place;
    group.alpha = alpha;
    group.boxes.push_back(painter.body());
  }

  void draw() {
    for (const auto& [key, group] : groups_) {
      const ImU32 tint = std::get<0>(key);
      pen_.picture(tint ? pictures_.tinted(handle_, tint) : pictures_.plain(handle_), group.place, group.boxes, group.alpha, pictures_.is_sharp(handle_));
    }
    groups_.clear();
  }

 private:
  struct Group {
    PicturePlace place;
    float alpha = 1;
    std::vector<Box> boxes;
  };
  FigurePen& pen_;
  FigurePictures& pictures_;
  PictureHandle handle_;
  std::map<std::tuple<ImU32, long long, long long, long long, long long>, Group> groups_;
};

}  // namespace

void draw_figure_batch(FigurePen& pen, FigurePictures& pictures, const CanvasFrame& frame, const FigureBatch& batch) {
  const Picture& pixels = pictures.pixels(batch.picture);
  const bool has_pixels = pixels.width > 0;
  const auto shows_picture = [&](const TokenQuad& quad) { return has_pixels && (quad.flags & has_picture) && quad.style < TokenStyle::ignored; };
  const auto is_plain_cell = [](const TokenQuad& quad) { return (quad.flags & (has_grid | is_hovered | is_pinned)) == has_grid; };
  PictureCells cells(pen, pictures, batch.picture);
  const auto draw_body = [&](const TokenQuad& quad, TokenPainter& painter) {
    if (!shows_picture(quad) || !pen.can_see(painter.body())) return;
    if (const auto colour = single_colour(pixels, quad)) painter.fill_cell(*colour);
    else cells.add(quad, painter);
  };
  // The cells of a grid don't overlap: their pictures first, then all borders, then all lines.
  const auto cells_end = std::find_if_not(batch.quads.begin(), batch.quads.end(), is_plain_cell);
  const std::span<const TokenQuad> grid(batch.quads.begin(), cells_end), rest(cells_end, batch.quads.end());
  for (const TokenQuad& quad : grid) {
    TokenPainter painter(pen, frame, quad);
    draw_body(quad, painter);
  }
  cells.draw();
  for (const TokenQuad& quad : grid) TokenPainter(pen, frame, quad).draw_style(shows_picture(quad));
  for (const TokenQuad& quad : grid) TokenPainter(pen, frame, quad).draw_grid();
  for (const TokenQuad& quad : rest) {
    TokenPainter painter(pen, frame, quad);
    draw_body(quad, painter);
    cells.draw();
    painter.draw_style(shows_picture(quad));
    if (painter.has(has_grid)) painter.draw_grid();
    painter.draw_mark();
  }
}

}  // namespace maskscope
