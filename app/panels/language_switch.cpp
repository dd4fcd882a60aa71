#include "app/panels/language_switch.h"

#include <utility>

#include "core/error.h"

namespace maskscope {
namespace {

// A single odd sign is no reason to refuse a language.
constexpr float least_share = 0.95f;

std::string no_glyphs_sentence(Language language) {
  return cat("No installed font has the characters of ", language == Language::chinese ? "Chinese" : "this language",
             ", so the window's words stay as they are. Install the package fonts-wqy-microhei or fonts-noto-cjk (Debian, Ubuntu), and choose the language again.");
}

}  // namespace

std::string why_not_drawable(Language language, const std::vector<std::filesystem::path>& font_files) {
  if (drawable_share(language_characters(language), font_files) >= least_share) return "";
  return no_glyphs_sentence(language);
}

void LanguageSwitch::follow(PanelContext& context) {
  const bool has_waited = std::exchange(has_waited_, false);
  const Language wanted = context.view.language;
  if (wanted == language()) return;
  try {
    // Glyphs that are there already need no look at the files.
    if (glyph_share(context.fonts, language_characters(wanted)) < least_share) {
      const std::string why = why_not_drawable(wanted, text_font_files());
      if (why.empty() && !has_waited) {
        has_waited_ = true;
        context.view.animate_seconds = 0.1f;  // the fonts are being made: look again in the next frame
        return;
      }
      // The files have the characters, but what was made of them has not: a face that other faces fill up is missing, say.
      throw Error(why.empty() ? no_glyphs_sentence(wanted) : why);
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
    return language_characters();  // LanguageSwitch says what is wrong
  }
}

}  // namespace maskscope
