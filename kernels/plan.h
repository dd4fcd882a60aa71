// A scheme compiled for the stages: plain numbers in flat arrays that are copied to a GPU as they are.
#pragma once

#include <cstdint>
#include <vector>

#include "core/host_device.h"
#include "core/sample.h"
#include "core/scheme.h"
#include "core/view.h"
#include "kernels/gamma_shapes.h"

namespace maskscope {

// One modality as the stages see it. Trivially copyable.
struct ModalityPlan {
  ModalityKind kind;
  std::int32_t id;
  std::int32_t min_tokens;
  std::int32_t max_tokens;
  std::int32_t num_slots;
  std::int32_t slot_offset;      // first slot among the T of all modalities
  std::int32_t token_offset;     // where its ids begin in a packed sample
  std::int32_t encoder_offset;   // first slot in the encoder concatenation, -1: not part of it
  std::uint8_t reaches_decoder;  // 0 or 1
  std::int32_t direct_encoder_tokens;
  std::int32_t direct_decoder_tokens;
  TransferRole transfer_role;
};

struct MaskingPlan {
  Scheme scheme;  // validated
  SequenceVocabulary vocabulary;
  std::vector<ModalityPlan> modalities;    // (K)
  std::vector<double> input_alphas;        // (components, K) clamped to >= 1e-9
  std::vector<double> target_alphas;       // (components, K)
  std::vector<GammaShapes> input_shapes, target_shapes;  // (components) the same for vector units
  std::vector<std::uint8_t> keep_schemes;  // (components, K) KeepScheme
  std::vector<std::int32_t> sorted_sentinel_ids;  // the vocabulary's, ascending
  std::int32_t num_slots = 0;              // T
  std::int32_t packed_tokens = 0;          // ids of one packed sample
  double keep_probability_decay = 0.9;     // per redraw of a text whose input is too long; keep_prob_decay_factor
  std::int32_t encoder_concat_slots = 0;   // O
  std::int32_t decoder_concat_slots = 0;   // P (sequences have lost one slot)
};

// Throws Error when the scheme does not pass validate() or the vocabulary has fewer than two sentinels.
MaskingPlan make_plan(const Scheme& scheme, const SequenceVocabulary& vocabulary);

// The ids of count samples in fixed-size rows, sequences as sequence_tokens makes them (core/sample.h).
struct PackedSamples {
  int count = 0;
  int num_modalities = 0;
  int tokens_per_sample = 0;
  std::vector<std::int32_t> ids;      // (count, tokens_per_sample); modality m begins at ModalityPlan::token_offset
  std::vector<std::int32_t> lengths;  // (count, K) ids per modality, seq_emb: rows; -1: the sample lacks the modality
  std::vector<std::int32_t> num_chunks;   // (count, K) -1: token by token
  std::vector<std::int64_t> first_chunk;  // (count, K) where the modality's chunks begin in chunk_ends
  std::vector<std::int32_t> chunk_ends;   // where each chunk ends among the modality's ids; of all samples, one after another
  std::int32_t most_chunks = 0;           // of any modality of any sample
};

// Throws Error naming sample key and modality when ids do not fit the plan (count, range of ids).
PackedSamples pack_samples(const MaskingPlan& plan, View<const Sample> samples);

}  // namespace maskscope
