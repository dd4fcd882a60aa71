// What the model receives, restated from the description of the scheme (stages 5 and 6, position embeddings) and from
// docs/draws.md: plain and slow, slot by slot. Shares no code with kernels/, core/embedding_draw.h, core/position_table.h.
#pragma once

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "core/masked_batch.h"
#include "core/scheme.h"
#include "tests/oracle/oracle_random.h"

namespace oracle {

using maskscope::MaskedBatch;
using maskscope::Modality;
using maskscope::ModalityKind;
using maskscope::Scheme;

// One value of a seeded table.
struct Table {
  std::uint64_t seed;
  std::uint32_t number;
  int modality_id;

  std::uint32_t word(int row, int block, int index) const {
    return philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(row), 0,
                   number * 16777216u + static_cast<std::uint32_t>(modality_id) * 256u},
                  {static_cast<std::uint32_t>(seed % 4294967296u), static_cast<std::uint32_t>(seed / 4294967296u)})
        .at(static_cast<std::size_t>(index));
  }
  long double between_0_and_1(int row, int block, int index) const {
    return (static_cast<long double>(word(row, block, index)) + 0.5L) / 4294967296.0L;
  }
  float normal(int row, int component) const {
    const int first = component % 4 / 2 * 2;
    const long double radius = std::sqrt(-2.0L * std::log(between_0_and_1(row, component / 4, first)));
    const long double angle = 2.0L * 3.14159265358979323846264338327950288L * between_0_and_1(row, component / 4, first + 1);
    const long double value = radius * (component % 2 == 0 ? std::cos(angle) : std::sin(angle));
    return static_cast<float>(static_cast<long double>(0.02) * value);
  }
  float uniform(int row, int column, int fan_in, int fan_out) const {
    const double bound = std::sqrt(6.0 / (fan_in + fan_out));
    return static_cast<float>(bound * static_cast<double>(2.0L * between_0_and_1(row, column / 4, column % 4) - 1.0L));
  }
};

inline float frequency(int k, int count) {
  const float exponent = static_cast<float>(k) / static_cast<float>(count);
  return 1.0f / static_cast<float>(std::pow(10000.0L, static_cast<long double>(exponent)));
}
inline float sine_or_cosine(bool is_cosine, int position, float omega) {
  const auto angle = static_cast<long double>(static_cast<float>(position) * omega);
  return static_cast<float>(is_cosine ? std::cos(angle) : std::sin(angle));
}
inline float position_1d(int position, int component, int dim) {
  const int half = dim / 2;
  return sine_or_cosine(component >= half, position, frequency(component % half, half));
}
inline float position_2d(int cell, int side, int component, int dim) {
  const int quarter = dim / 4;
  const int w = cell / side, h = cell % side;
  const int part = component / quarter;
  return sine_or_cosine(part % 2 == 1, part < 2 ? w : h, frequency(component % quarter, quarter));
}

enum class Side { encoder, decoder };

// Rank among the used slots; -1: unused. Throws std::out_of_range where the encoder's table ends.
inline int sequence_position(const Modality& modality, const std::vector<int>& is_unused, std::size_t slot, Side side) {
  int used = 0, before = 0;
  for (std::size_t i = 0; i < is_unused.size(); ++i) {
    used += !is_unused[i];
    before += !is_unused[i] && i < slot;
  }
  if (side == Side::encoder && used > 512) throw std::out_of_range("no such position");
  if (is_unused[slot]) return -1;
  const int limit = modality.max_positions > 0 ? modality.max_positions : modality.max_tokens;
  return side == Side::decoder && before >= limit ? 0 : before;
}

// One slot's vectors.
struct SlotVector {
  std::vector<float> x, emb;
  int position = -1;
  bool is_unknown = false;
};

struct Embedder {
  const Scheme& scheme;
  const MaskedBatch& masks;
  std::size_t row;
  std::uint64_t seed;
  int dim;
  const std::vector<std::vector<float>>& vectors;  // (K) pixels or vectors; empty: not known

  std::vector<float> normals(std::uint32_t number, int id, int table_row) const {
    std::vector<float> values;
    for (int d = 0; d < dim; ++d) values.push_back(Table{seed, number, id}.normal(table_row, d));
    return values;
  }

  SlotVector projected(std::size_t m, std::size_t source, int fan_in, std::uint32_t number) const {
    const std::vector<float>& values = vectors[m];
    SlotVector slot;
    slot.x.assign(static_cast<std::size_t>(dim), 0.0f);
    const auto width = static_cast<std::size_t>(fan_in);
    slot.is_unknown = (source + 1) * width > values.size();
    if (slot.is_unknown) return slot;
    const Table map{seed, number, scheme.modalities[m].modality.id};
    for (int d = 0; d < dim; ++d) {
      double sum = 0;
      for (int i = 0; i < fan_in; ++i) {
        sum += static_cast<double>(map.uniform(d, i, fan_in, dim)) *
               static_cast<double>(values[source * width + static_cast<std::size_t>(i)]);
      }
      slot.x[static_cast<std::size_t>(d)] = static_cast<float>(sum);
    }
    return slot;
  }

  // x of a slot of the tensor.
  SlotVector token(std::size_t m, std::size_t slot_in_batch, std::size_t slot_of_modality, Side side) const {
    const Modality& modality = scheme.modalities[m].modality;
    const int id = masks.tensor[slot_in_batch];
    SlotVector slot;
    slot.x.assign(static_cast<std::size_t>(dim), 0.0f);
    if (modality.kind == ModalityKind::img && side == Side::decoder) {
      slot.x = normals(134, 0, 0);
    } else if (modality.kind == ModalityKind::seq_emb) {
      if (id >= 0) return projected(m, static_cast<std::size_t>(id), 4096, 137);
    } else if (modality.kind == ModalityKind::img && modality.vocab_size == 0) {
      const int fan_in = modality.patch_size * modality.patch_size * modality.num_channels;
      if (masks.slot_origin[slot_in_batch] >= 0) return projected(m, slot_of_modality, fan_in, 136);
    } else if (id < 0) {
      slot.is_unknown = true;
    } else {
      slot.x = normals(side == Side::encoder ? 129 : 130, modality.id, id);
    }
    return slot;
  }

  // What the tensor's slot holds before anything is zeroed.
  SlotVector slot(int tensor_slot, Side side) const {
    std::size_t m = 0;
    while (masks.slot_offset[m + 1] <= tensor_slot) ++m;
    const Modality& modality = scheme.modalities[m].modality;
    const auto first = row * static_cast<std::size_t>(masks.num_slots) + static_cast<std::size_t>(masks.slot_offset[m]);
    const auto offset = static_cast<std::size_t>(tensor_slot - masks.slot_offset[m]);
    SlotVector result = token(m, first + offset, offset, side);
    if (modality.kind == ModalityKind::img) {
      result.position = static_cast<int>(offset);
    } else {
      const auto& mask = side == Side::encoder ? masks.input_mask : masks.target_mask;
      std::vector<int> is_unused;
      for (int i = 0; i < modality.num_slots(); ++i) is_unused.push_back(mask[first + static_cast<std::size_t>(i)]);
      result.position = sequence_position(modality, is_unused, offset, side);
    }
    for (int d = 0; d < dim; ++d) {
      float position = 0;
      if (modality.kind == ModalityKind::img && modality.has_learned_positions) {
        position = Table{seed, side == Side::encoder ? 132u : 133u, modality.id}.normal(result.position, d);
      } else if (modality.kind == ModalityKind::img) {
        position = position_2d(result.position, modality.input_size / modality.patch_size, d, dim);
      } else if (result.position >= 0) {
        position = position_1d(result.position, d, dim);
      }
      result.emb.push_back(position + Table{seed, 131, modality.id}.normal(0, d));
    }
    return result;
  }
};

// Whether row r may attend to column c.
inline bool may_attend(const MaskedBatch& masks, std::size_t row, int r, int c, bool is_causal, bool is_separate) {
  const auto first = static_cast<std::ptrdiff_t>(row) * masks.decoder_slots;
  const auto* const attention = masks.decoder_attention.data() + first;
  const auto* const modality = masks.decoder_attention_modality.data() + first;
  if (is_separate && modality[r] != modality[c]) return false;
  if (is_causal) return c <= r;
  long long reach = 0;
  for (int i = 0; i <= r; ++i) reach += attention[i];
  return c < reach;
}

}  // namespace oracle
