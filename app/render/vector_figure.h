// A finished ImGui frame as SVG or PDF: shapes as paths, text with its fonts, pictures as images, tokens in their styles, so
// that the figure looks like the window. No OpenGL, no display.
//
//   {
//     const FigureStyle style;              // before the frame begins: shapes without blurred edges
//     gui.begin_frame(…); …; gui.end_frame();
//   }
//   const std::string svg = draw_figure(FigureFormat::svg, *ImGui::GetDrawData(), gui.canvas(), {.width = 1600, .height = 900});
#pragma once

#include <cstdint>
#include <string>

#include <imgui.h>

#include "app/render/figure_canvas.h"

namespace maskscope {

enum class FigureFormat : std::uint8_t { svg, pdf };

struct FigureOptions {
  float x = 0, y = 0, width = 0, height = 0;  // the part of the window that is shown, px; sides of 1 .. 16384
  float scale = 1;                            // px of the window a CSS px (1/96 inch), 0.5 .. 8: what the figure's size is measured in
  ImU32 ground = IM_COL32_BLACK;              // behind everything
  std::string title = {};                     // of the document
};

// While it lives, frames of the present ImGui context are built for figures: plain edges and round circles. Only to be made
// and ended between frames.
class FigureStyle {
 public:
  FigureStyle();
  ~FigureStyle();
  FigureStyle(const FigureStyle&) = delete;
  FigureStyle& operator=(const FigureStyle&) = delete;

 private:
  bool had_smooth_lines_, had_smooth_fills_;
  float circle_error_;
};

// The present ImGui context's last frame; its fonts are looked up in the context's atlas. In an SVG letters are outlines, the
// same everywhere, and a layer that is not seen holds them as text, to be found, selected and copied; in a PDF they are text.
// Throws Error when the sides are out of range or cairo fails.
std::string draw_figure(FigureFormat format, const ImDrawData& frame, const FigureSource& source, const FigureOptions& options);

}  // namespace maskscope
