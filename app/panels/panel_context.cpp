#include "app/panels/panel_context.h"

#include <algorithm>

namespace maskscope {

std::uint8_t PanelContext::token_flags(TokenIdentity token, Fate fate) const {
  std::uint8_t flags = 0;
  if (view.isolated && *view.isolated != fate) flags |= TokenFlag::is_dimmed;
  if (view.hovered.token.is_valid() && view.hovered.token == token) flags |= TokenFlag::is_hovered;
  if (view.pinned.token.is_valid() && view.pinned.token == token) flags |= TokenFlag::is_pinned;
  return flags;
}

void PanelContext::point_at(const Pointed& pointed) {
  view.hovered_next = pointed;
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) view.pinned = view.pinned == pointed ? Pointed{} : pointed;
}

ImU32 fate_colour(const Theme& theme, Fate fate) {
  switch (fate) {
    case Fate::encoder: return theme.encoder;
    case Fate::decoder: return theme.decoder;
    case Fate::discarded: return theme.discarded;
    case Fate::ignored: return theme.ignored;
    case Fate::sentinel: return theme.sentinel;
    case Fate::end_of_text: return theme.end_of_text;
  }
  return theme.text;
}

ImU32 fate_text_colour(const Theme& theme, Fate fate) {
  switch (fate) {
    case Fate::encoder: return theme.encoder_text;
    case Fate::decoder: return theme.decoder_text;
    case Fate::discarded: return theme.secondary_text;
    case Fate::ignored: return theme.secondary_text;
    case Fate::sentinel: return theme.sentinel_text;
    case Fate::end_of_text: return theme.end_of_text_text;
  }
  return theme.text;
}

TokenStyle fate_style(Fate fate) {
  switch (fate) {
    case Fate::encoder: return TokenStyle::encoder;
    case Fate::decoder: return TokenStyle::decoder;
    case Fate::discarded: return TokenStyle::discarded;
    case Fate::ignored: return TokenStyle::ignored;
    case Fate::sentinel: return TokenStyle::sentinel;
    case Fate::end_of_text: return TokenStyle::end_of_text;
  }
  return TokenStyle::source;
}

const char* fate_name(Fate fate) {
  switch (fate) {
    case Fate::encoder: return "encoder";
    case Fate::decoder: return "decoder";
    case Fate::discarded: return "discarded";
    case Fate::ignored: return "ignored slot";
    case Fate::sentinel: return "sentinel";
    case Fate::end_of_text: return "end of text";
  }
  return "";
}

ImU32 modality_hue(const PanelContext& context, const std::string& modality_name) {
  return modality_colour(context.theme, std::max(context.session.document().scheme.find(modality_name), 0));
}

}  // namespace maskscope
