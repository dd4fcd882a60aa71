// The frame of GuiRenderer without OpenGL: panels are laid out and their draw lists built, and nothing is drawn. For figures.
#pragma once

#include <memory>

#include "app/render/figure_canvas.h"
#include "app/render/fonts.h"
#include "app/render/gui_renderer.h"
#include "app/render/theme.h"

namespace maskscope {

class PlainGui {
 public:
  explicit PlainGui(Look look);
  ~PlainGui();
  PlainGui(const PlainGui&) = delete;
  PlainGui& operator=(const PlainGui&) = delete;

  const Theme& theme() const;
  const Fonts& fonts() const { return fonts_; }
  float scale() const { return look_.scale; }
  FigureCanvas& canvas() { return canvas_; }

  void begin_frame(int width, int height, float delta_seconds);
  void end_frame();

 private:
  Look look_;
  ImGuiContext* context_;
  Fonts fonts_;
  FigureCanvas canvas_;
};

}  // namespace maskscope
