// The faces of the window, at the monitor's scale, with only the glyphs that are used: a font atlas of ImGui
// is static, and a whole CJK range would cost tens of megabytes. No GL here.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

namespace maskscope {

// Owned by the atlas; valid until the next build_fonts on it. Must live as long as the atlas is used: ImGui
// keeps pointers into glyph_ranges. Sizes are CSS px at scale 1.
struct Fonts {
  ImFont* body = nullptr;        // 13, regular
  ImFont* strong = nullptr;      // 13, semibold
  ImFont* small_caps = nullptr;  // 11, medium, wide spacing: captions, to be written in capitals
  ImFont* small = nullptr;       // 11, regular: notes
  ImFont* title = nullptr;       // 15, semibold: the one thing that matters in a panel
  ImFont* mono = nullptr;        // 13: numbers, tokens
  ImFont* mono_small = nullptr;  // 11
  std::vector<std::string> notes;  // sentences for the user: no font installed, characters without a face
  std::size_t num_glyphs = 0;      // of all faces together
  std::size_t atlas_bytes = 0;     // of the texture, 4 bytes a pixel
  std::vector<std::vector<ImWchar>> glyph_ranges;
};

struct FontOptions {
  float scale = 1;  // monitor's scale x text size; clamped to 0.5 .. 8
  // UTF-8, in any order: which characters beyond Latin-1 and common signs will be shown.
  std::string_view ui_text;     // the UI language's captions: in every face
  std::string_view extra_text;  // the loaded texts: in every face that shows the user's own text; so many characters as fit in 64 MB
};

// Clears the atlas, fills and builds it; body becomes ImGui's default. Never fails: without any font installed
// it takes ImGui's own and says so in the notes.
Fonts build_fonts(ImFontAtlas& atlas, const FontOptions& options);

// Which share of the different characters of a text these font files have together, 0 .. 1; 1 for an empty text. A file that
// can't be opened has none.
float drawable_share(std::string_view utf8, const std::vector<std::filesystem::path>& files);
// The files that the window's text is drawn with on this machine: body, then what fills its gaps.
std::vector<std::filesystem::path> text_font_files();
// The same of the glyphs that these faces hold.
float glyph_share(const Fonts& fonts, std::string_view utf8);

// True if text has drawable characters that known has not: time to rebuild with both.
bool needs_rebuild(std::string_view known, std::string_view text);

// For text to be shown: characters above U+FFFF (ImGui's fonts end there), control characters and invalid
// UTF-8 become U+FFFD, which every face has. Line feeds and tabs stay.
std::string drawable(std::string_view utf8);

}  // namespace maskscope
