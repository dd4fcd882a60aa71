// Draws quads offscreen and reads their pixels: the common part of the pixel tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include <imgui.h>

#include "app/render/gui_renderer.h"
#include "app/render/offscreen_target.h"
#include "core/data/picture.h"

namespace maskscope {

struct Pixel {
  int r = 0, g = 0, b = 0;
  bool operator==(const Pixel&) const = default;
  int grey() const { return (2126 * r + 7152 * g + 722 * b) / 10000; }
};

inline Pixel pixel_of(ImU32 colour) {
  return {static_cast<int>(colour >> IM_COL32_R_SHIFT & 255), static_cast<int>(colour >> IM_COL32_G_SHIFT & 255),
          static_cast<int>(colour >> IM_COL32_B_SHIFT & 255)};
}

inline bool is_near(Pixel a, Pixel b, int tolerance = 3) {
  return std::abs(a.r - b.r) <= tolerance && std::abs(a.g - b.g) <= tolerance && std::abs(a.b - b.b) <= tolerance;
}

inline Pixel at(const PixelBuffer& pixels, int x, int y) {
  const std::uint8_t* p = &pixels.rgba[4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels.width) + static_cast<std::size_t>(x))];
  return {p[0], p[1], p[2]};
}

inline Picture plain_picture(int width, int height, Pixel colour) {
  Picture picture{width, height, {}};
  for (int i = 0; i < width * height; ++i)
    for (const int value : {colour.r, colour.g, colour.b}) picture.rgb.push_back(static_cast<std::uint8_t>(value));
  return picture;
}

// An offscreen target and a renderer on it.
struct Stage {
  OffscreenTarget target;
  GuiRenderer gui;

  explicit Stage(int width = 120, int height = 80, float scale = 1)
      : target(width, height), gui(Look{.theme = ThemeKind::dark, .scale = scale, .ui_text = {}, .extra_text = {}}) {}

  Pixel ground() const { return pixel_of(gui.theme().ground); }

  template <class Draw>
  PixelBuffer frame(Draw draw) {
    gui.begin_frame(target.width(), target.height(), 1.0f / 60);
    draw(*ImGui::GetBackgroundDrawList());
    gui.end_frame();
    gui.render();
    return target.read_pixels();
  }

  PixelBuffer frame_of(std::span<const TokenQuad> quads, PictureHandle picture = {}) {
    return frame([&](ImDrawList& list) { gui.canvas().draw(list, picture, quads); });
  }
};

inline TokenQuad quad_at(float x, float y, float width, float height, TokenStyle style, ImU32 colour, int flags = 0) {
  TokenQuad quad;
  quad.x = x;
  quad.y = y;
  quad.width = width;
  quad.height = height;
  quad.style = style;
  quad.colour = colour;
  quad.flags = static_cast<std::uint8_t>(flags);
  return quad;
}

}  // namespace maskscope
