// What the model receives for one sample of a MaskedBatch: attention masks, position numbers, and the vectors x and emb of
// every selected slot. For people who look at single samples; a training loop's batches are gathered by
// kernels/stages/gather.h.
//
// Order of calls: mask a batch (kernels/backend.h), make_embedding_tables once, then as often as wanted. Example:
//   const EmbeddingTables tables = make_embedding_tables(plan, {.seed = 1, .dim = 768, .num_register_tokens = 4});
//   const SlotEmbeddings encoder = embed_encoder(tables, masks, 0, {});
#pragma once

#include <cstdint>
#include <vector>

#include "core/masked_batch.h"
#include "kernels/embedding_tables.h"
#include "kernels/stages/attention.h"

namespace maskscope {

// row: 0 .. batch_size - 1 of the masks, everywhere below.

struct DecoderAttention {
  int num_slots = 0;                             // M'
  std::vector<std::uint8_t> attention_mask;      // (M', M') row = query, 1 = may not attend
  std::vector<std::int32_t> reach;               // (M') columns 0 .. reach - 1 are in sight of a row, before modalities part
  std::vector<std::uint8_t> attends_to_nothing;  // (M') 1: all entries of the row are 1
  int num_rows_without_sight = 0;
};
// Throws Error when M'^2 is over 2^30.
DecoderAttention decoder_attention(const MaskedBatch& masks, int row, AttentionOptions options);

// (R + N') 1 = may not be attended to: of the encoder's own attention and the decoder's cross attention.
std::vector<std::uint8_t> encoder_attention(const MaskedBatch& masks, int row, int num_register_tokens);

// (T) position number of every slot: images the cell, sequences the rank among the used slots of that side, -1 where the
// position vector is zero or the modality does not reach that side.
// The encoder's throws Error when a sequence has over 512 used slots, as its module does.
std::vector<std::int32_t> encoder_positions(const EmbeddingTables& tables, const MaskedBatch& masks, int row);
std::vector<std::int32_t> decoder_positions(const EmbeddingTables& tables, const MaskedBatch& masks, int row);

struct SlotVectors {
  std::vector<float> x;    // (slots, D) token embedding
  std::vector<float> emb;  // (slots, D) position + modality vector
};
struct SlotEmbeddings {
  int num_slots = 0;  // encoder R + N', register tokens first; decoder M'
  int dim = 0;        // D
  SlotVectors before;                    // what the slots hold before ignored ones are zeroed
  SlotVectors after;                     // as the model sees them
  std::vector<std::int32_t> modality;    // (slots) scheme position; -1: a register token or an ignored slot
  std::vector<std::int32_t> position;    // (slots) as above, before zeroing; -1 for register tokens
  std::vector<std::uint8_t> is_unknown;  // (slots) 1: x would need an id, pixels or vectors that are not known; it is zero
};
// Throws Error as encoder_positions and check_sample_vectors do, and when slots times D is over 2^28.
SlotEmbeddings embed_encoder(const EmbeddingTables& tables, const MaskedBatch& masks, int row, const SampleVectors& vectors);
// Image slots hold the mask token; a sequence's slot its own token, and predicts the next.
SlotEmbeddings embed_decoder(const EmbeddingTables& tables, const MaskedBatch& masks, int row);

}  // namespace maskscope
