#include "core/passport.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "core/draw.h"

namespace maskscope {
namespace {

std::size_t index_of(int row, int width, int column) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column);
}

const Modality& modality_of(const SampleMasks& masks, int modality) {
  return masks.scheme.modalities[static_cast<std::size_t>(modality)].modality;
}

bool is_present(const SampleMasks& masks, int modality) {
  return masks.sample.modalities[static_cast<std::size_t>(modality)].is_present;
}

SequenceTokens sequence_of(const SampleMasks& masks, int modality) {
  return sequence_tokens(modality_of(masks, modality), masks.sample.modalities[static_cast<std::size_t>(modality)],
                         masks.vocabulary.eos_id);
}

// Draw number index of a modality's image noise, or of a span attempt.
std::uint32_t draw_of(const SampleMasks& masks, int modality, DrawPurpose purpose, int attempt, std::size_t index) {
  if (masks.noise) return (*masks.noise)[static_cast<std::size_t>(modality)][index];
  const DrawName name{purpose, static_cast<std::uint32_t>(modality_of(masks, modality).id), static_cast<std::uint32_t>(attempt)};
  return SampleDraws{masks.seed, masks.sample_index}.rand24(name, static_cast<std::uint32_t>(index));
}

int global_slot(const SampleMasks& masks, int modality, int slot) {
  return masks.batch.slot_offset[static_cast<std::size_t>(modality)] + slot;
}

int encoder_concat_offset(const SampleMasks& masks, int modality) {
  int offset = 0;
  for (int m = 0; m < modality; ++m) {
    if (masks.scheme.modalities[static_cast<std::size_t>(m)].reaches_encoder()) offset += modality_of(masks, m).num_slots();
  }
  return offset;
}

// Slots a modality has in the decoder concatenation: sequences have lost one to the shift.
int decoder_concat_slots(const Modality& modality) {
  return modality.num_slots() - (has_spans_in_decoder(modality.kind) ? 1 : 0);
}

int decoder_concat_offset(const SampleMasks& masks, int modality) {
  int offset = 0;
  for (int place = 0; place < masks.batch.num_modalities; ++place) {
    const std::int32_t m = masks.batch.decoder_order[index_of(masks.row, masks.batch.num_modalities, place)];
    if (m == modality || m < 0) break;
    offset += decoder_concat_slots(modality_of(masks, m));
  }
  return offset;
}

// Position of a tensor slot among the kept slots of one side that are not ignored, -1 if it is not there.
int packed_slot(const SampleMasks& masks, const std::vector<std::int32_t>& sources, const std::vector<std::uint8_t>& ignore_mask,
                int num_slots, int slot) {
  for (int i = 0; i < num_slots; ++i) {
    const std::size_t at = index_of(masks.row, num_slots, i);
    if (!ignore_mask[at] && sources[at] == slot) return i;
  }
  return -1;
}

void trace_encoder(const SampleMasks& masks, int modality, int slot, SlotTrail& trail) {
  trail.tensor_slot = slot;
  if (!masks.scheme.modalities[static_cast<std::size_t>(modality)].reaches_encoder()) return;
  trail.concat_slot = encoder_concat_offset(masks, modality) + slot;
  trail.packed_slot = packed_slot(masks, masks.batch.encoder_source, masks.batch.encoder_mask, masks.batch.encoder_slots,
                                  global_slot(masks, modality, slot));
  trail.is_cut_by_selection = trail.packed_slot < 0;
}

// slot: the tensor slot whose token stands in the decoder slot.
void trace_decoder(const SampleMasks& masks, int modality, int slot, SlotTrail& trail) {
  if (!masks.scheme.modalities[static_cast<std::size_t>(modality)].reaches_decoder()) return;
  trail.concat_slot = decoder_concat_offset(masks, modality) + slot;
  trail.packed_slot = packed_slot(masks, masks.batch.decoder_source, masks.batch.decoder_mask, masks.batch.decoder_slots,
                                  global_slot(masks, modality, slot));
  trail.is_cut_by_selection = trail.packed_slot < 0;
}

void fill_image(const SampleMasks& masks, TokenPassport& passport) {
  const int m = passport.identity.modality;
  const int slot = passport.identity.origin;
  const Modality& modality = modality_of(masks, m);
  if (const int side = modality.grid_side(); side > 0) {
    passport.row = slot / side;
    passport.column = slot % side;
  }
  const ModalityTokens& tokens = masks.sample.modalities[static_cast<std::size_t>(m)];
  if (!tokens.ids.empty()) passport.id = tokens.ids[static_cast<std::size_t>(slot)];

  // argsort(noise)[slot], as image_mask in the reference: recomputed from the named draws.
  if (masks.scheme.mode != BudgetMode::transfer && masks.are_draws_known) {
    std::vector<std::uint64_t> keys(static_cast<std::size_t>(modality.max_tokens));
    for (std::size_t j = 0; j < keys.size(); ++j) {
      keys[j] = std::uint64_t{draw_of(masks, m, DrawPurpose::image_noise, 0, j)} << 32 | j;
    }
    std::nth_element(keys.begin(), keys.begin() + slot, keys.end());
    passport.rank = slot;
    passport.draw_index = static_cast<int>(keys[static_cast<std::size_t>(slot)] & 0xffffffffu);
  }

  const bool is_input = !masks.slot_value(masks.batch.input_mask, m, slot);
  const bool is_target = !masks.slot_value(masks.batch.target_mask, m, slot);
  if (is_input) trace_encoder(masks, m, slot, passport.encoder);
  if (is_target) {
    passport.decoder.tensor_slot = slot;
    trace_decoder(masks, m, slot, passport.decoder);
  }
  passport.fate = passport.encoder.packed_slot >= 0 ? Fate::encoder : passport.decoder.packed_slot >= 0 ? Fate::decoder : Fate::discarded;
}

// Replays the accepted attempt: which tokens or chunks were kept, and each run's sentinel.
void replay_attempt(const SampleMasks& masks, const SequenceTokens& sequence, TokenPassport& passport) {
  const int m = passport.identity.modality;
  const std::int32_t origin = passport.identity.origin;
  const std::vector<std::int32_t>& ids = sequence.ids;
  const bool is_all_masked = masks.input_budget(m) == 0;
  const int last_attempt = std::max(passport.num_attempts - 1, 0);
  const bool is_chunked = !masks.sample.modalities[static_cast<std::size_t>(m)].chunk_lengths.empty();
  const std::size_t num_units = is_chunked ? sequence.chunk_ends.size() : ids.size();
  int sentinel = 0, target_position = 0, begin = 0;
  bool was_masked = false;
  for (std::size_t unit = 0; unit < num_units; ++unit) {
    const int end = is_chunked ? sequence.chunk_ends[unit] : static_cast<int>(unit) + 1;
    const float draw = static_cast<float>(draw_of(masks, m, DrawPurpose::span, last_attempt, unit)) / 16777216.0f;
    const bool is_kept = !is_all_masked ? draw <= static_cast<float>(passport.keep_probability) : draw <= 0.0f;
    if (!is_kept && !was_masked) {
      ++sentinel;
      if (origin == origin::sentinel(sentinel)) passport.target_position = target_position;
      ++target_position;
    }
    if (origin >= begin && origin < end) {
      passport.is_kept = is_kept;
      passport.draw = is_all_masked ? -1.0 : static_cast<double>(draw);
      if (!is_kept) {
        passport.sentinel = sentinel;
        passport.target_position = target_position + origin - begin;
      }
    }
    if (!is_kept) target_position += end - begin;
    was_masked = !is_kept;
    begin = end;
  }
  if (origin == origin::sentinel(sentinel + 1)) {
    passport.target_position = target_position;
    passport.is_closing_sentinel = true;
  }
}

// What the target itself says of the token: its run, and its place.
void read_target(const SampleMasks& masks, TokenPassport& passport) {
  const int m = passport.identity.modality;
  const std::int32_t wanted = passport.identity.origin;
  passport.is_kept = passport.encoder.tensor_slot >= 0;
  int run = 0, position = 0;
  for (int slot = 0; slot < modality_of(masks, m).num_slots(); ++slot) {
    if (masks.slot_value(masks.batch.target_mask, m, slot)) continue;
    const std::int32_t found = masks.slot_value(masks.batch.slot_origin, m, slot);
    if (origin::is_sentinel(found)) run = origin::sentinel_number(found);
    if (found == wanted) {
      passport.target_position = position;
      if (!origin::is_sentinel(wanted)) passport.sentinel = run;
      const bool has_place_in_input = passport.encoder.tensor_slot >= 0;
      passport.is_closing_sentinel = origin::is_sentinel(wanted) && !has_place_in_input && position + 1 == passport.target_window_tokens;
    }
    ++position;
  }
}

void fill_text(const SampleMasks& masks, TokenPassport& passport) {
  const int m = passport.identity.modality;
  const std::int32_t origin = passport.identity.origin;
  const Modality& modality = modality_of(masks, m);
  const SequenceTokens sequence = sequence_of(masks, m);
  const std::vector<std::int32_t>& ids = sequence.ids;
  const std::size_t at = index_of(masks.row, masks.batch.num_modalities, m);
  passport.num_tokens = static_cast<int>(ids.size());
  passport.keep_probability = masks.batch.keep_probability[at];
  passport.num_attempts = masks.batch.num_attempts[at];
  passport.uncut_target_tokens = masks.batch.uncut_target_tokens[at];
  passport.target_window_begin = masks.batch.target_window_begin[at];

  for (int slot = 0; slot < modality.num_slots(); ++slot) {
    const bool is_input = !masks.slot_value(masks.batch.input_mask, m, slot);
    const bool is_target = !masks.slot_value(masks.batch.target_mask, m, slot);
    if (is_target) ++passport.target_window_tokens;
    if (masks.slot_value(masks.batch.slot_origin, m, slot) != origin) continue;
    if (is_input) trace_encoder(masks, m, slot, passport.encoder);
    if (is_target) {
      passport.decoder.tensor_slot = slot;
      // The slot before predicts it; the first target token is predicted by none.
      if (slot > 0 && !masks.slot_value(masks.batch.target_mask, m, slot - 1)) trace_decoder(masks, m, slot - 1, passport.decoder);
      SlotTrail standing;
      if (slot + 1 < modality.num_slots() && !masks.slot_value(masks.batch.target_mask, m, slot + 1)) {
        trace_decoder(masks, m, slot, standing);
      }
      passport.teacher_slot = standing.packed_slot;
    }
  }

  if (masks.are_draws_known) replay_attempt(masks, sequence, passport);
  else read_target(masks, passport);
  if (modality.kind == ModalityKind::seq_emb) {  // has no target side
    passport.target_position = -1;
    passport.is_closing_sentinel = false;
  }

  if (origin::is_sentinel(origin)) {
    passport.fate = Fate::sentinel;
    passport.sentinel = origin::sentinel_number(origin);
    const auto k = static_cast<std::size_t>(passport.sentinel);
    const bool has_id = modality.kind != ModalityKind::seq_emb;  // rows of floats: a vector of zeros
    if (has_id && k < masks.vocabulary.sentinel_ids.size()) passport.id = masks.vocabulary.sentinel_ids[k];
  } else {
    if (modality.kind != ModalityKind::seq_emb) passport.id = ids[static_cast<std::size_t>(origin)];
    passport.fate = passport.encoder.packed_slot >= 0                                     ? Fate::encoder
                    : passport.decoder.packed_slot >= 0 || passport.teacher_slot >= 0 ? Fate::decoder
                                                                                      : Fate::discarded;
  }
}

}  // namespace

std::int32_t SampleMasks::input_budget(int modality) const {
  return batch.input_budget[index_of(row, batch.num_modalities, modality)];
}

std::int32_t SampleMasks::target_budget(int modality) const {
  return batch.target_budget[index_of(row, batch.num_modalities, modality)];
}

bool is_in_sample(const SampleMasks& masks, TokenIdentity identity) {
  const auto [m, origin] = identity;
  if (m < 0 || m >= masks.scheme.num_modalities() || !is_present(masks, m)) return false;
  const Modality& info = modality_of(masks, m);
  if (origin >= 0) {
    return origin < (info.kind == ModalityKind::img ? info.max_tokens : static_cast<int>(sequence_of(masks, m).ids.size()));
  }
  if (info.kind == ModalityKind::img || origin == origin::padding) return false;
  for (int slot = 0; slot < info.num_slots(); ++slot) {
    const bool is_used = !masks.slot_value(masks.batch.input_mask, m, slot) || !masks.slot_value(masks.batch.target_mask, m, slot);
    if (is_used && masks.slot_value(masks.batch.slot_origin, m, slot) == origin) return true;
  }
  return false;
}

TokenPassport make_passport(const SampleMasks& masks, TokenIdentity identity) {
  assert(identity.is_valid() && identity.modality < masks.scheme.num_modalities());
  TokenPassport passport;
  passport.identity = identity;
  if (!is_present(masks, identity.modality)) return passport;
  if (modality_of(masks, identity.modality).kind == ModalityKind::img) {
    fill_image(masks, passport);
  } else {
    fill_text(masks, passport);
  }
  return passport;
}

namespace {

TokenIdentity identity_of_slot(const SampleMasks& masks, int slot_of_all, int shift) {
  const auto& offsets = masks.batch.slot_offset;
  const auto next = std::upper_bound(offsets.begin(), offsets.end(), slot_of_all);
  const int modality = static_cast<int>(next - offsets.begin()) - 1;
  const bool is_image = modality_of(masks, modality).kind == ModalityKind::img;
  const int slot = slot_of_all - offsets[static_cast<std::size_t>(modality)] + (is_image ? 0 : shift);
  return {modality, masks.slot_value(masks.batch.slot_origin, modality, slot)};
}

}  // namespace

std::vector<Fate> source_fates(const SampleMasks& masks, int modality) {
  if (!is_present(masks, modality)) return {};
  const Modality& info = modality_of(masks, modality);
  const bool is_image = info.kind == ModalityKind::img;
  const std::size_t count = is_image ? static_cast<std::size_t>(info.max_tokens) : sequence_of(masks, modality).ids.size();
  std::vector<Fate> fates(count, Fate::discarded);
  const auto mark = [&](TokenIdentity token, Fate fate) {
    if (token.modality == modality && token.origin >= 0) fates[static_cast<std::size_t>(token.origin)] = fate;
  };
  for (int slot = 0; slot < masks.batch.decoder_slots; ++slot) {
    const std::size_t at = index_of(masks.row, masks.batch.decoder_slots, slot);
    if (masks.batch.decoder_mask[at]) continue;
    mark(identity_of_slot(masks, masks.batch.decoder_source[at], 0), Fate::decoder);  // given
    mark(identity_of_slot(masks, masks.batch.decoder_source[at], 1), Fate::decoder);  // predicted
  }
  for (int slot = 0; slot < masks.batch.encoder_slots; ++slot) mark(token_in_encoder_slot(masks, slot), Fate::encoder);
  return fates;
}

TokenIdentity token_in_encoder_slot(const SampleMasks& masks, int slot) {
  const std::size_t at = index_of(masks.row, masks.batch.encoder_slots, slot);
  if (masks.batch.encoder_mask[at]) return {};
  return identity_of_slot(masks, masks.batch.encoder_source[at], 0);
}

TokenIdentity token_in_decoder_slot(const SampleMasks& masks, int slot) {
  const std::size_t at = index_of(masks.row, masks.batch.decoder_slots, slot);
  if (masks.batch.decoder_mask[at]) return {};
  return identity_of_slot(masks, masks.batch.decoder_source[at], 1);
}

std::vector<UsedSlots> used_slots(const SampleMasks& masks) {
  std::vector<UsedSlots> used(static_cast<std::size_t>(masks.batch.num_modalities));
  for (int i = 0; i < masks.batch.encoder_slots; ++i) {
    const TokenIdentity token = token_in_encoder_slot(masks, i);
    if (token.is_valid()) ++used[static_cast<std::size_t>(token.modality)].encoder;
  }
  for (int i = 0; i < masks.batch.decoder_slots; ++i) {
    const TokenIdentity token = token_in_decoder_slot(masks, i);
    if (token.is_valid()) ++used[static_cast<std::size_t>(token.modality)].decoder;
  }
  return used;
}

}  // namespace maskscope
