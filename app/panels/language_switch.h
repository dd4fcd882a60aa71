// Switches the words of the window to the language that the view asks for, live.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/i18n/translate.h"
#include "app/panels/panel_context.h"

namespace maskscope {

// Why a language can't be shown with these font files, as a sentence that says what to install; empty: it can. Throws Error when
// the language's own files are missing or broken.
std::string why_not_drawable(Language language, const std::vector<std::filesystem::path>& font_files);

class LanguageSwitch {
 public:
  // Before a frame is built: takes view.language up. It waits for the frame whose fonts have the language's characters, so that
  // no frame shows boxes. Where that can't be, the language stays, view.language goes back to it, and the session says why.
  void follow(PanelContext& context);

 private:
  // The fonts are made anew between two frames: whoever has waited for one of them need not hope for the next.
  bool has_waited_ = false;
};

// What the fonts have to have for the view's language: of the one it asks for, where that can be read.
std::string characters_for(const ViewState& view);

}  // namespace maskscope
