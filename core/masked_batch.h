// What the masking core computes for a batch of B samples, as flat arrays that a GPU can write.
//
// K modalities in scheme order. T = sum of num_slots: the slots of all modalities one after another
// (MaskedBatch::slot_offset[m] is where modality m begins). O / P = slots of the encoder / decoder
// concatenation. N' = min(N, O) and M' = min(M, P) slots survive selection.
// Polarity of every *_mask as in the reference: 1 = do not use.
#pragma once

#include <cstdint>
#include <vector>

#include "core/host_device.h"
#include "core/scheme.h"

namespace maskscope {

// Where a slot of a sequence tensor came from.
namespace origin {
constexpr std::int32_t padding = -1;         // no token was written here
constexpr std::int32_t first_sentinel = -2;  // [S_k] is first_sentinel - k
MASKSCOPE_HD constexpr std::int32_t sentinel(int k) { return first_sentinel - k; }
MASKSCOPE_HD constexpr bool is_sentinel(std::int32_t value) { return value <= first_sentinel; }
MASKSCOPE_HD constexpr int sentinel_number(std::int32_t value) { return first_sentinel - value; }
}  // namespace origin

enum class BudgetFlag : std::uint8_t { none = 0, input_gave_up = 1, target_gave_up = 2 };

struct MaskedBatch {
  int batch_size = 0;                // B
  int num_modalities = 0;            // K
  std::vector<int> slot_offset;      // (K + 1) first slot of every modality; last entry = T
  int num_slots = 0;                 // T
  int encoder_slots = 0;             // N'
  int decoder_slots = 0;             // M'

  // Stage 1, per sample.
  std::vector<std::int32_t> component;          // (B) mixture component; 0 in direct mode
  std::vector<std::int32_t> num_input_tokens;   // (B) drawn total; direct, transfer mode: sum of the budgets
  std::vector<std::int32_t> num_target_tokens;  // (B) -1: no target range
  std::vector<std::uint8_t> budget_flags;       // (B) BudgetFlag bits
  std::vector<std::int32_t> input_budget;       // (B, K) tokens
  std::vector<std::int32_t> target_budget;      // (B, K) tokens; -1: none, everything that is not input

  // Stage 2, per slot.
  // (B, T) ids; unknown_token_id where an image's ids are unknown. seq_emb: the source row, -1: a vector of zeros.
  std::vector<std::int32_t> tensor;
  std::vector<std::uint8_t> input_mask;              // (B, T)
  std::vector<std::uint8_t> target_mask;             // (B, T)
  std::vector<std::int32_t> decoder_attention_mask;  // (B, T) compressed
  // img: the slot itself, padding if absent. Sequences: index into sequence_tokens(…).ids, a sentinel, or padding.
  std::vector<std::int32_t> slot_origin;  // (B, T)
  // Sequences: keep probability of the accepted attempt, and the number of attempts (an input budget of 0 makes one,
  // with probability 0). 0, 0: img, or the sample lacks the modality.
  std::vector<double> keep_probability;      // (B, K)
  std::vector<std::int32_t> num_attempts;    // (B, K)
  // seq, seq_token: ids of the uncut target, and where the kept window begins in it (0 when nothing was cut). Else 0, 0.
  std::vector<std::int32_t> uncut_target_tokens;  // (B, K)
  std::vector<std::int32_t> target_window_begin;  // (B, K)

  // Stages 3 to 5. A source is a slot in 0 .. T - 1 of the arrays above.
  std::vector<std::int32_t> encoder_source;    // (B, N') tensor slot that was selected (also of ignored slots)
  std::vector<std::uint8_t> encoder_mask;      // (B, N') 1 = ignored slot
  std::vector<std::int16_t> encoder_modality;  // (B, N') modality id, -1 = ignored slot
  std::vector<std::int32_t> encoder_valid;     // (B) used slots before the cut to N
  std::vector<std::int32_t> decoder_order;     // (B, K) scheme positions of the modalities in concatenation order; those that
                                               // do not reach the decoder are left out, the rest of the row is -1
  std::vector<std::int32_t> decoder_source;    // (B, M') tensor slot whose token stands in the slot; its target is the next
                                               // slot for sequences (shift by one)
  std::vector<std::uint8_t> decoder_mask;      // (B, M') 1 = ignored slot
  std::vector<std::int16_t> decoder_modality;  // (B, M') modality id, -1 = ignored slot
  std::vector<std::int32_t> target_ids;        // (B, M') id to predict; 0 = ignored slot; unknown_token_id = unknown
  std::vector<std::int32_t> decoder_attention;          // (B, M') compressed attention after selection
  std::vector<std::int16_t> decoder_attention_modality; // (B, M') modality id BEFORE ignored slots are set to -1
  std::vector<std::int32_t> decoder_valid;     // (B) used slots before the cut to M

  // Allocates every array for a validated scheme.
  void resize(const Scheme& scheme, int batch_size);
  // Bytes of all arrays together.
  std::size_t size_bytes() const;
  bool operator==(const MaskedBatch&) const = default;
};

// Calls visit(array, elements per sample) for every per-sample array, in the order of declaration. The one list
// that allocation, size and the copies to and from a GPU are made from.
template <class Batch, class Visit>
void visit_arrays(Batch& batch, Visit&& visit) {
  const int k = batch.num_modalities, t = batch.num_slots, n = batch.encoder_slots, m = batch.decoder_slots;
  visit(batch.component, 1);
  visit(batch.num_input_tokens, 1);
  visit(batch.num_target_tokens, 1);
  visit(batch.budget_flags, 1);
  visit(batch.input_budget, k);
  visit(batch.target_budget, k);
  visit(batch.tensor, t);
  visit(batch.input_mask, t);
  visit(batch.target_mask, t);
  visit(batch.decoder_attention_mask, t);
  visit(batch.slot_origin, t);
  visit(batch.keep_probability, k);
  visit(batch.num_attempts, k);
  visit(batch.uncut_target_tokens, k);
  visit(batch.target_window_begin, k);
  visit(batch.encoder_source, n);
  visit(batch.encoder_mask, n);
  visit(batch.encoder_modality, n);
  visit(batch.encoder_valid, 1);
  visit(batch.decoder_order, k);
  visit(batch.decoder_source, m);
  visit(batch.decoder_mask, m);
  visit(batch.decoder_modality, m);
  visit(batch.target_ids, m);
  visit(batch.decoder_attention, m);
  visit(batch.decoder_attention_modality, m);
  visit(batch.decoder_valid, 1);
}

}  // namespace maskscope
