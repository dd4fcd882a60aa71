#include "app/panels/rich_text.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "app/panels/line_breaks.h"
#include "app/panels/widgets.h"

namespace maskscope {
namespace {

constexpr float code_padding = 4;  // px at scale 1, on both sides

ImFont* font_of(const Fonts& fonts, RichStyle style) {
  switch (style) {
    case RichStyle::plain: return fonts.body;
    case RichStyle::strong: return fonts.strong;
    case RichStyle::code: return fonts.mono_small;
    case RichStyle::value: return fonts.mono;
  }
  return fonts.body;
}

// What is never torn apart, with the spaces before it left out.
struct Atom {
  RichStyle style = RichStyle::plain;
  std::string text;
  bool has_space_before = false;
  bool is_glued = false;  // to the one before it: no line ends between them
};

std::vector<Atom> atoms_of(const std::vector<RichPiece>& pieces) {
  std::vector<Atom> atoms;
  bool has_space = false;
  char32_t last = 0;
  for (const RichPiece& piece : pieces) {
    bool is_first = true;
    for (std::size_t at = 0; at < piece.text.size();) {
      const std::size_t begin = at;
      const char32_t character = next_drawn_character(piece.text, at);
      if (character == ' ' && piece.style != RichStyle::code) {
        has_space = true;
        continue;
      }
      const bool is_free = has_space || atoms.empty() || may_break(last, character);
      const bool goes_on = !is_first && !has_space && !atoms.empty() && (!is_free || piece.style == RichStyle::code);
      const std::string_view text = std::string_view(piece.text).substr(begin, at - begin);
      if (goes_on) atoms.back().text += text;
      else atoms.push_back({piece.style, std::string(text), has_space, !is_free});
      has_space = is_first = false;
      last = character;
    }
  }
  return atoms;
}

class Lines {
 public:
  Lines(const Fonts& fonts, float scale, float width) : fonts_(fonts), padding_(std::round(code_padding * scale)), width_(std::max(width, 1.0f)) {
    layout_.line_height = std::round(fonts.body->FontSize * 1.36f);
  }

  // begin .. end: atoms without a line's end between them.
  void add(const std::vector<Atom>& atoms, std::size_t begin, std::size_t end) {
    float together = 0;
    for (std::size_t i = begin; i < end; ++i) together += width_of(atoms[i].style, atoms[i].text);
    const float space = atoms[begin].has_space_before && x_ > 0 ? widgets::text_width(fonts_.body, " ") : 0.0f;
    if (x_ > 0 && x_ + space + together > width_) next_line();
    else x_ += space;
    for (std::size_t i = begin; i < end; ++i) place(atoms[i].style, atoms[i].text);
  }

  RichLayout take() {
    layout_.num_lines = layout_.runs.empty() ? 0 : line_ + 1;
    return std::move(layout_);
  }

 private:
  float width_of(RichStyle style, std::string_view text) const {
    return widgets::text_width(font_of(fonts_, style), text) + (style == RichStyle::code ? 2 * padding_ : 0.0f);
  }
  void next_line() {
    ++line_;
    x_ = 0;
  }
  // Character by character where a whole line is too short.
  void place(RichStyle style, std::string_view text) {
    while (!text.empty()) {
      std::size_t fitting = text.size();
      while (x_ + width_of(style, text.substr(0, fitting)) > width_ && fitting > 0) {
        do --fitting;
        while (fitting > 0 && (static_cast<unsigned char>(text[fitting]) & 0xc0) == 0x80);
      }
      if (fitting == 0 && x_ > 0) {
        next_line();
        continue;
      }
      if (fitting == 0) next_drawn_character(text, fitting);  // at least one
      const float width = width_of(style, text.substr(0, fitting));
      layout_.runs.push_back({style, std::string(text.substr(0, fitting)), x_, width, line_});
      x_ += width;
      layout_.width = std::max(layout_.width, x_);
      text.remove_prefix(fitting);
      if (!text.empty()) next_line();
    }
  }

  const Fonts& fonts_;
  float padding_, width_, x_ = 0;
  int line_ = 0;
  RichLayout layout_;
};

}  // namespace

RichLayout lay_out(const Fonts& fonts, float scale, const std::vector<RichPiece>& pieces, float width) {
  const std::vector<Atom> atoms = atoms_of(pieces);
  Lines lines(fonts, scale, width);
  for (std::size_t begin = 0; begin < atoms.size();) {
    std::size_t end = begin + 1;
    while (end < atoms.size() && atoms[end].is_glued) ++end;
    lines.add(atoms, begin, end);
    begin = end;
  }
  return lines.take();
}

float draw_rich(PanelContext& context, const std::vector<RichPiece>& pieces, float width, ImU32 colour) {
  const Theme& theme = context.theme;
  const RichLayout layout = lay_out(context.fonts, context.scale, pieces, width);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (const RichRun& run : layout.runs) {
    const float x = at.x + run.x, middle = at.y + (static_cast<float>(run.line) + 0.5f) * layout.line_height;
    const bool is_code = run.style == RichStyle::code;
    if (is_code) {
      const float half = std::floor(layout.line_height * 0.5f) - context.px(1);
      list.AddRectFilled({x, middle - half}, {x + run.width, middle + half}, theme.control, context.px(3));
    }
    const ImU32 run_colour = run.style == RichStyle::value ? theme.accent : is_code ? theme.text : colour;
    const ImVec2 left{x + (is_code ? std::round(code_padding * context.scale) : 0.0f), middle};
    widgets::text(context, font_of(context.fonts, run.style), left, run_colour, run.text);
    // Ideographs come from one face of one weight: drawn twice, they are strong too.
    if (run.style == RichStyle::strong && has_cjk(run.text)) {
      widgets::text(context, font_of(context.fonts, run.style), {left.x + std::max(1.0f, std::round(context.px(0.6f))), middle}, run_colour, run.text);
    }
  }
  ImGui::Dummy({std::max(width, 1.0f), std::max(layout.height(), 1.0f)});
  return layout.height();
}

}  // namespace maskscope
