// The window's content with everything it keeps between frames, for the real window and for offscreen pictures.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/i18n/translate.h"
#include "app/lessons.h"
#include "app/panels/language_switch.h"
#include "app/panels/main_view.h"
#include "app/panels/panel_context.h"
#include "app/render/gui_renderer.h"
#include "app/session.h"

namespace maskscope::commands {

// What a frame is drawn with: by the window's renderer, or without OpenGL for a figure.
struct DrawTools {
  TokenCanvas& canvas;
  const Theme& theme;
  const Fonts& fonts;
  float scale;
};

class Screen {
 public:
  // The canvas's GL context, if it has one, must be current here, in draw and in the destructor.
  Screen(Session& session, TokenCanvas& canvas) : session_(session), pictures_(std::make_unique<PictureCache>(canvas)) {
    view_.pinned = first_look(session.frame());
  }
  Screen(Session& session, GuiRenderer& gui) : Screen(session, gui.canvas()) {}

  // Between begin_frame and end_frame of the renderer. delta_seconds: since the last frame, for motion.
  void draw(const DrawTools& tools, bool shows_timing, float delta_seconds);
  void draw(GuiRenderer& gui, bool shows_timing, float delta_seconds) {
    draw({gui.canvas(), gui.theme(), gui.fonts(), gui.scale()}, shows_timing, delta_seconds);
  }
  // How another thread asks for a frame.
  void set_wake(std::function<void()> wake);

  // From the next frame on, instead of the session's own; it must outlive them. Null: the session's again.
  void show(const MaskedFrame* frame) { shown_frame_ = frame; }

  ViewState& view() { return view_; }
  MainView& main_view() { return main_view_; }
  const WidgetLog& widgets() const { return widgets_; }
  // Characters beyond Latin-1 in the panels' own words, and in the loaded texts.
  std::string ui_text() const { return "≤≥×·–—…“”→−中文" + characters_for(view_) + lesson_characters(view_.language); }
  std::string extra_text() const;

 private:
  Session& session_;
  ViewState view_;
  WidgetLog widgets_;
  MainView main_view_;
  LanguageSwitch language_switch_;
  std::unique_ptr<PictureCache> pictures_;
  std::function<void()> wake_;
  const MaskedFrame* shown_frame_ = nullptr;
};

}  // namespace maskscope::commands
