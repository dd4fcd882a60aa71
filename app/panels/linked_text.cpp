#include "app/panels/linked_text.h"

#include <algorithm>
#include <string_view>

#include "app/panels/line_breaks.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope::widgets {
namespace {

// What is never broken: a word with the spaces behind it, a Chinese character, a link.
struct Piece {
  std::string_view text;    // without the spaces
  std::size_t spaces = 0;   // behind it
  int link = -1;
};

void cut_words(std::string_view text, std::vector<Piece>& pieces) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && text[end] != ' ') {
      const char32_t before = next_drawn_character(text, end);
      if (end >= text.size() || text[end] == ' ') break;
      std::size_t behind = end;
      if (may_break(before, next_drawn_character(text, behind))) break;
    }
    std::size_t next = end;
    while (next < text.size() && text[next] == ' ') ++next;
    pieces.push_back({text.substr(at, end - at), next - end, -1});
    at = next;
  }
}

std::vector<Piece> pieces_of(const std::string& text, const std::vector<PlaceLink>& links) {
  const std::string_view whole = text;
  std::vector<Piece> pieces;
  std::size_t at = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    cut_words(whole.substr(at, links[i].begin - at), pieces);
    std::size_t next = links[i].end;
    while (next < whole.size() && whole[next] == ' ') ++next;
    pieces.push_back({whole.substr(links[i].begin, links[i].end - links[i].begin), next - links[i].end, static_cast<int>(i)});
    at = next;
  }
  cut_words(whole.substr(at), pieces);
  return pieces;
}

// True when it was clicked or activated.
bool draw_link(PanelContext& context, const std::string& id, const Piece& piece, ImVec2 at, float width, float line) {
  bool is_cut = false;
  const std::string label = ellipsized(context.fonts.body, piece.text, width, is_cut);
  const float label_width = std::max(text_width(context.fonts.body, label), 1.0f);
  ImGui::SetCursorScreenPos(at);
  const bool is_clicked = ImGui::InvisibleButton(id.c_str(), {label_width, line});
  context.log_last_item(id);
  const bool is_hot = ImGui::IsItemHovered() || (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible);
  if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (ImGui::IsItemHovered() && is_cut) tooltip(context, piece.text);
  text(context, context.fonts.body, {at.x, at.y + line * 0.5f}, context.theme.accent, label);
  if (is_hot) {
    const float under = at.y + line - context.px(1);
    ImGui::GetWindowDrawList()->AddLine({at.x, under}, {at.x + label_width, under}, context.theme.accent, context.px(1));
  }
  return is_clicked;
}

}  // namespace

int linked_paragraph(PanelContext& context, const std::string& id, const std::string& sentence, const std::vector<PlaceLink>& links, float width) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImFont* const font = context.fonts.body;
  const float line = font->FontSize + context.px(3), space = text_width(font, " ");
  float x = 0, y = 0;
  int clicked = -1;
  for (const Piece& piece : pieces_of(sentence, links)) {
    const float piece_width = text_width(font, piece.text);
    if (x > 0 && x + piece_width > width) x = 0, y += line;
    const ImVec2 at{corner.x + x, corner.y + y};
    if (piece.link < 0) text(context, font, {at.x, at.y + line * 0.5f}, context.theme.text, piece.text);
    else if (draw_link(context, cat(id, '.', piece.link), piece, at, width, line)) clicked = piece.link;
    x += std::min(piece_width, width) + space * static_cast<float>(piece.spaces);
  }
  ImGui::SetCursorScreenPos(corner);
  ImGui::Dummy({std::max(width, 1.0f), y + line});
  return clicked;
}

}  // namespace maskscope::widgets
