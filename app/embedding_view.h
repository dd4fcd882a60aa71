// What the slots of one sample hold as vectors, for the Embeddings view: x, emb and their sum before and after ignored slots
// are zeroed, and the tables they come from. The tables are those before training, seeded: not a trained model's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/slot_axis.h"

namespace maskscope {

// D that the view offers: multiples of 4, as sin-cos grids need.
constexpr int embedding_dims[] = {16, 32, 64, 128, 256, 768};
constexpr std::uint64_t embedding_seed = 0;

// Rows of D numbers, drawn as one heat map.
struct ValueMap {
  int rows = 0;
  std::vector<float> values;  // (rows, D)
  const float* row(int index, int dim) const { return values.data() + static_cast<std::size_t>(index) * static_cast<std::size_t>(dim); }
};

struct SlotMaps {
  ValueMap x;    // token embeddings; of unknown ids and vectors zero
  ValueMap emb;  // position + modality vector
  ValueMap sum;  // what the first layer is given
};

struct EmbeddingMaps {
  SlotAxis axis;
  int dim = 0;  // D
  SlotMaps before, after;            // (slots, D) each; after: ignored slots are zero
  ValueMap positions;                // (slots, D) the part of emb before zeroing that is the position's
  std::vector<std::int32_t> position;    // (slots) number of the position, -1: the zero vector
  std::vector<std::uint8_t> is_unknown;  // (slots) 1: x would need an id, pixels or vectors that are not known
  float largest = 0;                 // of all absolute values
};

// Throws Error when the tables cannot be (see kernels/embedding_tables.h), when a side has over max_axis_slots, or when dim is
// none of embedding_dims. The pixels of rgb are those of the frame's picture, normalised by mean and deviation of ImageNet as
// RGBTransform does; without a picture they are unknown, and so are vectors of seq_emb.
EmbeddingMaps embedding_maps(const MaskedFrame& frame, bool is_encoder, int dim);

// What the slots' vectors are made of.
struct EmbeddingTablesView {
  int dim = 0;
  ValueMap mask_token;        // (1, D) stands in every decoder slot of an image
  ValueMap modality_vectors;  // (K, D) in scheme order
  int grid_side = 0;          // 0: no modality has a sin-cos grid
  ValueMap grid_positions;    // (grid_side^2, D) of the finest grid
  ValueMap text_positions;    // (most positions of a text, D); no rows: there are no texts
  float largest = 0;
};
EmbeddingTablesView embedding_tables_view(const MaskedFrame& frame, int dim);

// Why x of a slot is unknown, for people, in the language of the window; empty: it is known.
std::string unknown_reason(const MaskedFrame& frame, const EmbeddingMaps& maps, int slot);

// Separated by tabs: a header, then per slot its number, token, 1 if ignored, and the D numbers of x, emb and their sum, after
// zeroing or before it.
std::string embeddings_as_text(const MaskedFrame& frame, const EmbeddingMaps& maps, bool is_after_zeroing);

// Separated by tabs: a header, then per row of every table the table, the row's number and its D numbers.
std::string embedding_tables_as_text(const EmbeddingTablesView& tables);

}  // namespace maskscope
