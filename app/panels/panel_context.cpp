#include "app/panels/panel_context.h"

#include <algorithm>
#include <cstdlib>

namespace maskscope {

std::uint8_t PanelContext::token_flags(TokenIdentity token, Fate fate) const {
  std::uint8_t flags = 0;
  if (view.isolated && *view.isolated != fate) flags |= TokenFlag::is_dimmed;
  for (const Pointed& hovered : {view.hovered, view.hovered_with}) {
    if (hovered.token.is_valid() && hovered.token == token) flags |= TokenFlag::is_hovered;
  }
  if (view.pinned.token.is_valid() && view.pinned.token == token) flags |= TokenFlag::is_pinned;
  return flags;
}

void PanelContext::point_at(const Pointed& pointed) {
  view.hovered_next = pointed;
  if (!ImGui::IsMouseClicked(ImGuiMouseButton_Left)) return;
  view.pinned = view.pinned == pointed ? Pointed{} : pointed;
  view.pinned_modality.clear();  // another one: taken up at the end of the frame
}

void follow_pin(ViewState& view, const MaskedFrame& frame) {
  if (!view.pinned.token.is_valid()) {
    view.pinned_modality.clear();
    return;
  }
  if (!view.pinned_modality.empty()) view.pinned.token.modality = frame.scheme.find(view.pinned_modality);
  if (!is_in_sample(frame.masks(), view.pinned.token)) view.pinned = {};
  else view.pinned_modality = frame.scheme.modalities[static_cast<std::size_t>(view.pinned.token.modality)].modality.name;
}

bool is_in_frame(const MaskedFrame& frame, const Pointed& pointed) {
  if (pointed.token.is_valid()) return is_in_sample(frame.masks(), pointed.token);
  if (pointed.ignored_slot < 0) return false;
  const auto& mask = pointed.side == PackedSide::encoder ? frame.batch.encoder_mask : frame.batch.decoder_mask;
  return static_cast<std::size_t>(pointed.ignored_slot) < mask.size() && mask[static_cast<std::size_t>(pointed.ignored_slot)];
}

namespace {

// The encoder token of a picture nearest to its middle; pixels only where wanted.
Pointed middle_encoder_token(const MaskedFrame& frame, bool takes_pixels) {
  Pointed best;
  int best_distance = 0;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(m)].modality;
    if (info.kind != ModalityKind::img || (info.vocab_size == 0 && !takes_pixels)) continue;
    const std::vector<Fate> fates = source_fates(frame.masks(), m);
    const int side = std::max(info.grid_side(), 1);
    for (int slot = 0; slot < static_cast<int>(fates.size()); ++slot) {
      if (fates[static_cast<std::size_t>(slot)] != Fate::encoder) continue;
      const int distance = std::abs(2 * (slot / side) - side) + std::abs(2 * (slot % side) - side);
      if (best.is_valid() && distance >= best_distance) continue;
      best = {{m, slot}, {}, -1};
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace

Pointed first_look(const MaskedFrame& frame) {
  const Pointed token = middle_encoder_token(frame, false);
  return token.is_valid() ? token : middle_encoder_token(frame, true);
}

bool has_ids_over_picture(const MaskedFrame& frame) {
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const ModalityContent* content = frame.content(m);
    if (content && content->overlay && frame.is_present(m)) return true;
  }
  return false;
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
    case Fate::encoder: return tr_later("encoder");
    case Fate::decoder: return tr_later("decoder");
    case Fate::discarded: return tr_later("discarded");
    case Fate::ignored: return tr_later("ignored slot");
    case Fate::sentinel: return tr_later("sentinel");
    case Fate::end_of_text: return tr_later("end of text");
  }
  return "";
}

ImU32 modality_hue(const PanelContext& context, const std::string& modality_name) {
  return modality_colour(context.theme, std::max(context.whole_scheme().find(modality_name), 0));
}

}  // namespace maskscope
