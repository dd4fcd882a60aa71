// The model's embedding tables before training: seeded, in the reference's initial scale, for a chosen dimension D.
//   x          token tables, N(0, 0.02), separate for encoder and decoder, row 0 ([PAD]) included; pixels: a linear map
//              without bias, seq_emb: one from 4096 components whose bias is 0 at first, both Xavier-uniform; the mask
//              token and register tokens, N(0, 0.02)
//   positions  sin-cos tables of the reference, or learned ones, N(0, 0.02), separate for encoder and decoder
//   modality   one vector each, N(0, 0.02), shared by encoder and decoder
// As FourM.__init__, init_weights and the modules' init in fourm/models, the decoder built as FM does (share_embedding
// false); where training scripts tie a decoder's token table to its output layer, Xavier overwrites it there.
//
// The rows of x of all tables are numbered one after another and hold gigabytes at D = 768 and more, so they are written
// on demand: a value is a pure function of its name (core/embedding_draw.h). Positions and modality vectors are kept.
#pragma once

#include <cstdint>
#include <vector>

#include "core/embedding_draw.h"
#include "core/view.h"
#include "kernels/plan.h"
#include "kernels/stages/embedding_view.h"
#include "kernels/stages/gather.h"

namespace maskscope {

constexpr int max_embedding_dim = 8192;
constexpr int max_register_tokens = 1024;
constexpr int vector_components = 4096;  // of a row of seq_emb (T5-XXL)

struct EmbeddingOptions {
  std::uint64_t seed = 0;
  int dim = 768;  // D, even; a multiple of 4 where a modality has a sin-cos grid of positions
  int num_register_tokens = 0;  // R
};

// Consecutive rows of x. Projected ones (pixels, vectors) depend on the sample: row r of them is the projection of the
// r-th row of SampleVectors.
struct XTable {
  EmbeddingTable table{};
  std::int32_t modality = -1;  // scheme position; -1: belongs to none
  std::int32_t first_row = 0;
  std::int32_t num_rows = 0;
  std::int32_t fan_in = 0;     // values that a projected row is made of; 0: a table of normals

  bool is_projected() const { return fan_in > 0; }
};

struct EmbeddingTables {
  EmbeddingOptions options;
  std::vector<Modality> scheme_modalities;      // (K)
  std::vector<EmbeddingModality> modalities;    // (K)
  std::vector<XTable> x_tables;                 // ascending rows, without gaps
  std::int32_t num_x_rows = 0;
  std::vector<Lanes<float>> positions;          // (position rows, padded D)
  std::vector<Lanes<float>> modality_vectors;   // (K, padded D)

  // Views into this object, which must outlive them.
  EmbeddingView view() const;
  // The row's name in its table.
  TableRowName name_of(const XTable& table, std::int32_t x_row) const;
  const XTable& table_of(std::int32_t x_row) const;
};

// Throws Error naming the option, or the modality and its field, when the tables cannot be: D odd or out of range, no
// grid to number positions by, more positions than a table has rows, ids without a vocabulary, more than 2^31 rows.
EmbeddingTables make_embedding_tables(const MaskingPlan& plan, const EmbeddingOptions& options);

// What the model reads instead of ids, by scheme position; no entries at all: nothing is known. An empty view: unknown.
//   pixels   (num_slots, patch_size^2 num_channels) normalised, a row laid out (patch row, patch column, channel)
//   seq_emb  (rows, 4096)
struct SampleVectors {
  std::vector<View<const float>> of_modality;  // (K) or empty
};
// Throws Error naming the modality when the sizes are not those above.
void check_sample_vectors(const EmbeddingTables& tables, const SampleVectors& vectors);

// x_rows: (count) rows of x, each >= 0. out: (count, padded D). is_known: (count) 0 where the row would be the projection
// of vectors that were not given; it is zero then. A projection is summed in float64, in order, and rounded to float32.
void write_x_rows(const EmbeddingTables& tables, const SampleVectors& vectors, View<const std::int32_t> x_rows,
                  View<Lanes<float>> out, View<std::uint8_t> is_known);

}  // namespace maskscope
