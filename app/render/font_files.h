// Which font files this machine has, and which characters are in them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace maskscope {

enum class FontRole { regular, medium, semibold, mono, fallback };

// Existing files for the role, best first. fallback: wide coverage, CJK included; used for what the others lack.
// Looks in assets/fonts of the program, then below $XDG_DATA_HOME/fonts and $XDG_DATA_DIRS/fonts, at known names only.
std::vector<std::filesystem::path> font_files(FontRole role);

// One opened face. Throws Error when FreeType can't open the file.
class FontFace {
 public:
  // index: -1 picks the simplified Chinese face of a collection, the first of any other file.
  explicit FontFace(const std::filesystem::path& file, int index = -1);
  ~FontFace();
  FontFace(FontFace&&) noexcept;
  FontFace& operator=(FontFace&&) noexcept;

  const std::filesystem::path& file() const;
  int index() const;
  bool has_character(char32_t character) const;
  // Line height / em, as ImGui counts font sizes in line heights: 13 CSS px are 13 * line_height() of ImGui's.
  float line_height() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace maskscope
