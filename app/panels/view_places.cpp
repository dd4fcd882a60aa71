#include "app/panels/view_places.h"

#include "app/explain.h"

namespace maskscope {
namespace {

// What stands at the place itself; invalid: that is for its view to say, or it is no slot.
Pointed at_place(const MaskedFrame& frame, const ViewPlace& place) {
  if (place.kind == PlaceKind::card) return {token_in_tensor_slot(frame, place.modality, place.slot), {}, -1};
  if (place.kind != PlaceKind::packed_slot) return {};
  const bool is_encoder = place.side == PackedSide::encoder;
  if (place.slot < 0 || place.slot >= (is_encoder ? frame.batch.encoder_slots : frame.batch.decoder_slots)) return {};
  const TokenIdentity token = is_encoder ? token_in_encoder_slot(frame.masks(), place.slot) : token_in_decoder_slot(frame.masks(), place.slot);
  return token.is_valid() ? Pointed{token, {}, -1} : Pointed{{}, place.side, place.slot};
}

void pin(ViewState& view, const Pointed& pointed) {
  if (!pointed.is_valid() || view.pinned == pointed) return;
  view.pinned = pointed;
  view.pinned_modality.clear();  // another one: taken up at the end of the frame
}

}  // namespace

void go_to(ViewState& view, const MaskedFrame& frame, const ViewPlace& place, const Pointed& told) {
  const Pointed there = at_place(frame, place);
  pin(view, there.is_valid() ? there : told);
  switch (place.kind) {
    case PlaceKind::card:
      if (view.are_cards_a_tab) view.bottom_tab = BottomTab::tokens;
      break;
    case PlaceKind::concatenation: view.steps.go_to(4); break;
    case PlaceKind::packed_slot: view.steps.go_to(num_steps); break;  // before, the strips show other rows
    case PlaceKind::table:
      view.bottom_tab = BottomTab::table;
      view.table_kind = place.modality >= 0 ? TableKind::modality : place.side == PackedSide::encoder ? TableKind::encoder : TableKind::decoder;
      if (place.modality >= 0 && place.modality < frame.scheme.num_modalities()) view.table_modality = frame.scheme.modalities[static_cast<std::size_t>(place.modality)].modality.name;
      break;
    // Their views go there themselves.
    case PlaceKind::budget:
    case PlaceKind::attention_row:
    case PlaceKind::embedding_row: view.wanted_place = place; break;
  }
}

}  // namespace maskscope
