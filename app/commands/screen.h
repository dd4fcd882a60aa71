// The window's content with everything it keeps between frames, for the real window and for offscreen pictures.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/i18n/translate.h"
#include "app/panels/main_view.h"
#include "app/panels/panel_context.h"
#include "app/render/gui_renderer.h"
#include "app/session.h"

namespace maskscope::commands {

class Screen {
 public:
  // The renderer's GL context must be current here, in draw and in the destructor.
  Screen(Session& session, GuiRenderer& gui) : session_(session), pictures_(std::make_unique<PictureCache>(gui.canvas())) {
    view_.pinned = first_look(session.frame());
  }

  // Between begin_frame and end_frame of the renderer. delta_seconds: since the last frame, for motion.
  void draw(GuiRenderer& gui, bool shows_timing, float delta_seconds);
  // How another thread asks for a frame.
  void set_wake(std::function<void()> wake);

  // From the next frame on, instead of the session's own; it must outlive them. Null: the session's again.
  void show(const MaskedFrame* frame) { shown_frame_ = frame; }

  ViewState& view() { return view_; }
  MainView& main_view() { return main_view_; }
  const WidgetLog& widgets() const { return widgets_; }
  // Characters beyond Latin-1 in the panels' own words, and in the loaded texts.
  static std::string ui_text() { return "≤≥×·–—…“”中文" + language_characters(); }
  std::string extra_text() const;

 private:
  Session& session_;
  ViewState view_;
  WidgetLog widgets_;
  MainView main_view_;
  std::unique_ptr<PictureCache> pictures_;
  std::function<void()> wake_;
  const MaskedFrame* shown_frame_ = nullptr;
};

}  // namespace maskscope::commands
