// Text of a finished ImGui frame as text again: the quad of a glyph is traced back to font and character, and drawn with the
// same font by cairo. Only for the files of app/render that make figures.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <cairo.h>
#include <imgui.h>

#include "app/render/figure_pen.h"

namespace maskscope {

// A quad of ImGui's with a part of its texture on it.
struct TexturedQuad {
  ImVec2 low, high;        // px
  ImVec2 uv_low, uv_high;  // 0 .. 1
  ImU32 colour = 0;
};

// Text as it was found, for a layer of its own: UTF-8, in px of the window.
struct FoundText {
  std::string text;
  float x = 0, baseline = 0, width = 0, em = 0;
};

class FigureText {
 public:
  FigureText(FigurePen& pen, const ImFontAtlas& atlas);
  ~FigureText();
  FigureText(const FigureText&) = delete;
  FigureText& operator=(const FigureText&) = delete;

  // Takes up a glyph: true if the quad is one. Glyphs that follow each other on a line are drawn together.
  bool add(const TexturedQuad& quad);
  // Draws what was taken up; before anything else is drawn.
  void flush();
  const std::vector<FoundText>& found() const { return found_; }

 private:
  struct Face;   // one of the atlas's fonts, open
  struct Glyph {
    const ImFont* font;
    const ImFontGlyph* glyph;
    const ImFontConfig* config;
  };
  struct Letter {
    const ImFontConfig* config;
    ImWchar character;
    float x, end;  // of the pen before and after
  };
  std::optional<Glyph> glyph_at(ImVec2 uv) const;
  Face& face_of(const ImFontConfig& config);
  void draw_letters(std::size_t begin, std::size_t end);

  FigurePen& pen_;
  const ImFontAtlas& atlas_;
  std::unordered_map<int, std::vector<Glyph>> glyphs_;  // by tile of the texture
  std::map<const ImFontConfig*, std::unique_ptr<Face>> faces_;
  // The line that is being collected.
  const ImFont* font_ = nullptr;
  ImU32 colour_ = 0;
  float baseline_ = 0, scale_ = 1;
  Box box_, clip_;
  std::vector<Letter> letters_;
  std::vector<FoundText> found_;
};

}  // namespace maskscope
