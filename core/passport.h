// A token's whole way through the scheme, put together from the computed masks and the named draws:
// what a viewer needs to say where a token went and why.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/masked_batch.h"
#include "core/sample.h"
#include "core/scheme.h"

namespace maskscope {

// Where a source token ends, selection included: one that was meant for a side but got no slot there is discarded.
// Sentinels are no source tokens: they are reported as Fate::sentinel.
enum class Fate : std::uint8_t { encoder, decoder, discarded, ignored, sentinel, end_of_text };

// What a user can point at: a token of a modality. img: origin = slot. seq: origin = index into the truncated
// text, [EOS] included, or origin::sentinel(k), which stands in the input and in the target.
struct TokenIdentity {
  int modality = -1;  // position in the scheme; -1: nothing
  std::int32_t origin = 0;
  bool is_valid() const { return modality >= 0; }
  bool operator==(const TokenIdentity&) const = default;
};

// The masks of one sample of a batch, with everything they were computed from. Refers to its arguments.
struct SampleMasks {
  const Scheme& scheme;
  const Sample& sample;
  const SequenceVocabulary& vocabulary;
  const MaskedBatch& batch;
  int row = 0;                    // which sample of the batch
  std::uint64_t seed = 0;
  std::uint64_t sample_index = 0; // the name its draws were made with
  // (K) draws of the image noise, or of the accepted span attempt, where they have no names (--rng torch); null: named draws.
  const std::vector<std::vector<std::uint32_t>>* noise = nullptr;
  // false: the masks were made elsewhere (kernels/dumped_masks.h), and nothing says what was drawn.
  bool are_draws_known = true;

  std::int32_t input_budget(int modality) const;
  std::int32_t target_budget(int modality) const;  // -1: none
  // One entry of a (B, T) array: slot_value(batch.tensor, modality, slot).
  template <class T>
  T slot_value(const std::vector<T>& values, int modality, int slot) const {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(batch.num_slots) +
                  static_cast<std::size_t>(batch.slot_offset[static_cast<std::size_t>(modality)] + slot)];
  }
};

// One place on the way into the encoder or decoder. -1 where the token does not get that far.
struct SlotTrail {
  int tensor_slot = -1;   // slot in the modality's own tensor
  int concat_slot = -1;   // slot in the concatenation, 0 .. O - 1 or 0 .. P - 1
  int packed_slot = -1;   // encoder slot 0 .. N' - 1 or decoder slot 0 .. M' - 1
  bool is_cut_by_selection = false;  // used, but beyond the N / M slots
};

struct TokenPassport {
  TokenIdentity identity;
  Fate fate = Fate::discarded;
  std::int32_t id = unknown_token_id;

  // Images. The slot is the rank-th smallest draw (0-based) and that draw is number draw_index: it decides. -1: nothing was drawn,
  // or nobody knows what.
  int row = 0, column = 0;  // in the token grid
  int rank = -1;
  int draw_index = -1;

  // Text.
  int num_tokens = 0;             // of the truncated text, [EOS] included
  double keep_probability = 0.0;  // of the accepted attempt
  int num_attempts = 0;
  double draw = -1.0;             // the token's uniform draw in the accepted attempt; -1: none was made
  bool is_kept = false;           // kept in the input by that draw; draws unknown: it stands in the input
  int sentinel = 0;               // the masked run's number k, of [S_k]; 0: not masked
  bool is_closing_sentinel = false;  // [S_k] of no run: it ends the target
  int uncut_target_tokens = 0, target_window_begin = 0, target_window_tokens = 0;
  int target_position = -1;       // index in the uncut target

  SlotTrail encoder;  // as input
  SlotTrail decoder;  // as target: the decoder slot that must predict it
  // Text in the decoder only: the slot in which the token stands as (teacher-forced) decoder input; -1: in none.
  int teacher_slot = -1;
};

// Whether there is such a token: one of the source, or a sentinel that stands in the input or the target.
bool is_in_sample(const SampleMasks& masks, TokenIdentity identity);

// Throws nothing; identity must be of this sample (assert), see is_in_sample; a sentinel may be one that was cut away.
TokenPassport make_passport(const SampleMasks& masks, TokenIdentity identity);

// Fate of every source token of one modality. img: (max_tokens). seq: (truncated text with [EOS]).
// Empty when the sample lacks the modality.
std::vector<Fate> source_fates(const SampleMasks& masks, int modality);

// The token in an encoder slot, or the token a decoder slot must predict. Invalid for ignored slots.
TokenIdentity token_in_encoder_slot(const SampleMasks& masks, int slot);
TokenIdentity token_in_decoder_slot(const SampleMasks& masks, int slot);

// Used slots of one modality among the kept encoder / decoder slots.
struct UsedSlots {
  int encoder = 0;
  int decoder = 0;
};
std::vector<UsedSlots> used_slots(const SampleMasks& masks);  // (K)

}  // namespace maskscope
