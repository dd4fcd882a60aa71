// Steps 4 to 6 of a token: through the concatenations into the packed slots of both sides, and what its row sees there.
#include <algorithm>
#include <cstdint>

#include "app/explain_parts.h"
#include "app/token_label.h"

namespace maskscope::explain {
namespace {

PackedSide side_of(bool is_encoder) { return is_encoder ? PackedSide::encoder : PackedSide::decoder; }

std::string slot_label(bool is_encoder, int slot) { return fill(is_encoder ? tr("encoder slot {0}") : tr("decoder slot {0}"), slot); }

std::string selection_sentence(const MaskedFrame& frame, const SlotTrail& trail, bool is_encoder, bool reaches, LinkMaker& links) {
  const int kept = is_encoder ? frame.batch.encoder_slots : frame.batch.decoder_slots;
  if (!reaches) return is_encoder ? tr("this modality has no place in the encoder") : tr("this modality has no place in the decoder");
  if (trail.packed_slot >= 0) {
    const std::string slot = fill(is_encoder ? tr("encoder slot {0} of {1}") : tr("decoder slot {0} of {1}"), trail.packed_slot, kept);
    return links.to({PlaceKind::packed_slot, -1, side_of(is_encoder), trail.packed_slot}, slot);
  }
  const int used = is_encoder ? frame.batch.encoder_valid[0] : frame.batch.decoder_valid[0];
  return fill(tr("lost: {0} used slots for {1} places, and this one comes after the last"), used, kept);
}

// The number of a tensor slot's position on one side, as the embedding modules of the reference count.
int position_number(const MaskedFrame& frame, int modality, int tensor_slot, bool is_encoder) {
  const Modality& info = entry_of(frame, modality).modality;
  if (info.kind == ModalityKind::img) return tensor_slot;
  int rank = 0;
  for (int slot = 0; slot < tensor_slot; ++slot) rank += !frame.masks().slot_value(is_encoder ? frame.batch.input_mask : frame.batch.target_mask, modality, slot);
  const int positions = info.max_positions > 0 ? info.max_positions : info.max_tokens;
  return is_encoder || rank < positions ? rank : 0;
}

// tensor_slot: of the token that stands in the packed slot.
void tell_embedding(const MaskedFrame& frame, int modality, int tensor_slot, int packed_slot, bool is_encoder, TokenStory& story) {
  const Modality& info = entry_of(frame, modality).modality;
  const int number = position_number(frame, modality, tensor_slot, is_encoder);
  LinkMaker links;
  std::string position;
  if (has_places(info)) position = fill(tr("position {0} (row {1}, column {2} of the grid)"), number, number / info.grid_side(), number % info.grid_side());
  else if (info.kind == ModalityKind::img) position = fill(tr("position {0} of a learned table"), number);
  else position = fill(is_encoder ? tr("position {0} among the input tokens of {1}") : tr("position {0} among the target tokens of {1}"), number, info.name);
  const std::string emb = links.to({PlaceKind::embedding_row, -1, side_of(is_encoder), packed_slot}, tr("emb"));
  add_line(story, 6, tr("embedding"), fill(tr("{0} = {1} + vector of modality {2}"), emb, position, info.id), links);
}

void tell_zeroing(int packed_slot, bool is_encoder, TokenStory& story) {
  LinkMaker links;
  const std::string kept = links.to({PlaceKind::embedding_row, -1, side_of(is_encoder), packed_slot}, tr("a valid token"));
  add_line(story, 6, tr("zeroing"), fill(tr("kept: {0}, its position stays in its embedding"), kept), links);
}

void tell_encoder_row(const MaskedFrame& frame, int slot, TokenStory& story) {
  const auto valid = std::count(frame.batch.encoder_mask.begin(), frame.batch.encoder_mask.end(), 0);
  LinkMaker links;
  const std::string row = links.to({PlaceKind::attention_row, -1, PackedSide::encoder, slot}, fill(tr("row {0}"), slot));
  add_line(story, 6, tr("attention"), fill(tr("{0} sees the {1} encoder slots that are not ignored; by cross-attention every decoder slot may look at it"), row, valid), links);
}

void tell_encoder_side(const MaskedFrame& frame, const TokenPassport& p, const SchemeModality& entry, TokenStory& story) {
  const SlotTrail& trail = p.encoder;
  if (trail.concat_slot >= 0) {
    LinkMaker links;
    add_line(story, 4, tr("concatenation"), links.to({PlaceKind::concatenation, p.identity.modality, PackedSide::encoder, trail.concat_slot}, fill(tr("encoder row, slot {0}"), trail.concat_slot)), links);
  }
  LinkMaker links;
  const std::string selection = selection_sentence(frame, trail, true, entry.reaches_encoder(), links);
  add_line(story, 5, tr("selection"), selection, links);
  if (trail.packed_slot < 0) return;
  tell_embedding(frame, p.identity.modality, trail.tensor_slot, trail.packed_slot, true, story);
  tell_zeroing(trail.packed_slot, true, story);
  tell_encoder_row(frame, trail.packed_slot, story);
}

// The row of the concatenation in which the token is predicted.
void tell_decoder_concatenation(const TokenPassport& p, bool is_text, TokenStory& story) {
  LinkMaker links;
  const std::string row = links.to({PlaceKind::concatenation, p.identity.modality, PackedSide::decoder, p.decoder.concat_slot}, fill(tr("decoder row, slot {0}"), p.decoder.concat_slot));
  add_line(story, 4, tr("concatenation"),
           fill(is_text ? tr("{0}: there stands the token before it, shifted by one, and this one is its target")
                        : tr("{0}: the mask token replaces it; its id becomes the target, its position stays"),
                row),
           links);
}

void tell_decoder_side(const MaskedFrame& frame, const TokenPassport& p, const SchemeModality& entry, AttentionRule attention, TokenStory& story) {
  const SlotTrail& trail = p.decoder;
  const int m = p.identity.modality;
  const bool is_text = has_spans_in_decoder(entry.modality.kind);
  if (is_text && trail.concat_slot < 0 && entry.reaches_decoder()) {
    add_line(story, 4, tr("concatenation"), tr("first token of the target: the shift by one leaves no slot that predicts it; it is only given"), {});
  } else {
    if (trail.concat_slot >= 0) tell_decoder_concatenation(p, is_text, story);
    LinkMaker links;
    const std::string selection = selection_sentence(frame, trail, false, entry.reaches_decoder(), links);
    add_line(story, 5, is_text ? tr("as target") : tr("selection"), trail.packed_slot >= 0 ? fill(tr("{0} must predict it"), selection) : selection, links);
  }
  if (is_text && p.teacher_slot >= 0) {
    LinkMaker links;
    const std::string slot = links.to({PlaceKind::packed_slot, -1, PackedSide::decoder, p.teacher_slot}, slot_label(false, p.teacher_slot));
    add_line(story, 5, tr("as input"), fill(tr("stands in {0}, which predicts the next token (teacher forcing)"), slot), links);
    tell_embedding(frame, m, trail.tensor_slot, p.teacher_slot, false, story);
  }
  if (!is_text && trail.packed_slot >= 0) tell_embedding(frame, m, trail.tensor_slot, trail.packed_slot, false, story);
  const int row = is_text && p.teacher_slot >= 0 ? p.teacher_slot : trail.packed_slot;
  if (row < 0) return;
  tell_zeroing(row, false, story);
  tell_decoder_row(frame, row, attention, story);
}

}  // namespace

void tell_decoder_row(const MaskedFrame& frame, int slot, AttentionRule attention, TokenStory& story) {
  const MaskedBatch& batch = frame.batch;
  std::int64_t reach = 0;
  for (int row = 0; row <= slot; ++row) reach += attention.is_causal ? 1 : batch.decoder_attention[static_cast<std::size_t>(row)];
  reach = std::min<std::int64_t>(reach, batch.decoder_slots);
  std::int64_t seen = 0;
  const std::int16_t own = batch.decoder_attention_modality[static_cast<std::size_t>(slot)];
  for (std::int64_t column = 0; column < reach; ++column) seen += !attention.is_separate || batch.decoder_attention_modality[static_cast<std::size_t>(column)] == own;
  LinkMaker links;
  const std::string row = links.to({PlaceKind::attention_row, -1, PackedSide::decoder, slot}, fill(tr("row {0}"), slot));
  add_line(story, 6, tr("attention"),
           fill(attention.is_separate ? tr("{0} sees {1} of {2} decoder slots: those of its modality among the first {3}") : tr("{0} sees {1} of {2} decoder slots: the first {3}"), row, seen,
                batch.decoder_slots, reach),
           links);
}

void tell_way(const MaskedFrame& frame, const TokenPassport& p, AttentionRule attention, TokenStory& story) {
  const SchemeModality& entry = entry_of(frame, p.identity.modality);
  if (p.encoder.tensor_slot >= 0) tell_encoder_side(frame, p, entry, story);
  if (p.decoder.tensor_slot >= 0) tell_decoder_side(frame, p, entry, attention, story);
}

}  // namespace maskscope::explain
