#include "app/panels/language_switch.h"

#include "core/error.h"

namespace maskscope {
namespace {

// A single odd sign is no reason to refuse a language.
constexpr float least_share = 0.95f;

}  // namespace

std::string why_not_drawable(Language language, const std::vector<std::filesystem::path>& font_files) {
  if (drawable_share(language_characters(language), font_files) >= least_share) return "";
  return cat("No installed font has the characters of ", language_code(language) == std::string("zh") ? "Chinese" : "this language",
             ", so the window's words stay as they are. Install the package fonts-wqy-microhei or fonts-noto-cjk (Debian, Ubuntu), and choose the language again.");
}

void follow_language(PanelContext& context) {
  const Language wanted = context.view.language;
  if (wanted == language()) return;
  try {
    // Glyphs that are there already need no look at the files.
    if (glyph_share(context.fonts, language_characters(wanted)) < least_share) {
      const std::string why = why_not_drawable(wanted, text_font_files());
      if (why.empty()) {
        context.view.animate_seconds = 0.1f;  // the fonts are being made: look again in the next frame
        return;
      }
      throw Error(why);
    }
    set_language(wanted);
  } catch (const Error& error) {
    context.view.language = language();
    context.session.say(MessageLevel::error, error.what());
  }
}

std::string characters_for(const ViewState& view) {
  try {
    return language_characters(view.language);
  } catch (const Error&) {
    return language_characters();  // follow_language says what is wrong
  }
}

}  // namespace maskscope
