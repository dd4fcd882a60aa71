// Paragraphs with strong words, code and values, wrapped to a width. Latin breaks at spaces, ideographs between any two but
// before closing and after opening punctuation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/panels/panel_context.h"

namespace maskscope {

enum class RichStyle : std::uint8_t { plain, strong, code, value };
struct RichPiece {
  RichStyle style = RichStyle::plain;
  std::string text;
};

struct RichRun {
  RichStyle style = RichStyle::plain;
  std::string text;
  float x = 0, width = 0;  // px from the paragraph's left edge
  int line = 0;
};
struct RichLayout {
  std::vector<RichRun> runs;
  int num_lines = 0;
  float line_height = 0;  // px
  float width = 0;        // of the widest line, never more than was asked for, but for a single character
  float height() const { return line_height * static_cast<float>(num_lines); }
};

RichLayout lay_out(const Fonts& fonts, float scale, const std::vector<RichPiece>& pieces, float width);

// At the cursor, as an ImGui item of the given width; colour: of plain and strong words. Returns its height in px.
float draw_rich(PanelContext& context, const std::vector<RichPiece>& pieces, float width, ImU32 colour);

}  // namespace maskscope
