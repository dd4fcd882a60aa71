// One ImGui context, its fonts, its look and the GL canvas, drawn into whatever framebuffer is bound: the
// window's or an offscreen target's. One pixel of ImGui is one pixel of the framebuffer at any scale.
//
// Needs a current OpenGL 3.3 context, the same one from construction to destruction, and makes its ImGui context
// the current one. Order of calls, each frame: begin_frame, any ImGui and canvas().draw calls, end_frame, render.
#pragma once

#include <memory>
#include <string>

#include "app/render/figure_canvas.h"
#include "app/render/fonts.h"
#include "app/render/theme.h"
#include "app/render/token_canvas.h"

namespace maskscope {

struct Look {
  ThemeKind theme = ThemeKind::dark;
  float scale = 1;         // monitor's scale x text size
  std::string ui_text;     // see FontOptions
  std::string extra_text;  // see FontOptions
  bool operator==(const Look&) const = default;
};

class GuiRenderer {
 public:
  // Throws Error when OpenGL is older than 3.3, or a shader is missing or rejected.
  explicit GuiRenderer(Look look = {});
  ~GuiRenderer();
  GuiRenderer(const GuiRenderer&) = delete;
  GuiRenderer& operator=(const GuiRenderer&) = delete;

  // Takes effect with the next begin_frame: the style and, if scale or text changed, the fonts. Cheap when equal.
  void set_look(Look look);
  const Look& look() const;

  const Theme& theme() const;
  const Fonts& fonts() const;  // the pointers in it change with the fonts: fetch them anew each frame
  float scale() const;
  TokenCanvas& canvas();
  const FigureSource& figure_source() const;  // of the last frame

  // width, height: px of the framebuffer, >= 0. delta_seconds: since the last frame, > 0.
  void begin_frame(int width, int height, float delta_seconds);
  void end_frame();  // builds the draw data; no GL
  void render();     // clears with the theme's ground and draws; nothing for a frame of zero size

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace maskscope
