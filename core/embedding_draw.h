// The values of seeded embedding tables: each a pure function of its name (seed, table, modality, row, component), so a
// row of a table that would fill gigabytes can be computed alone, on any backend.
//
// FROZEN: embedding_naming_version 1; docs/draws.md has it in words. Whoever changes anything below raises the version.
//   key            = (seed low word, seed high word)
//   counter word 0 = component / 4
//   counter word 1 = row
//   counter word 2 = 0
//   counter word 3 = table << 24 | modality id << 8
// The numbers of tables are above those of DrawPurpose (core/draw.h): tables and masks of one seed never share a block.
#pragma once

#include <cmath>
#include <cstdint>

#include "core/host_device.h"
#include "core/philox.h"
#include "core/portable_math.h"

namespace maskscope {

constexpr int embedding_naming_version = 1;

enum class EmbeddingTable : std::uint32_t {
  encoder_tokens = 129,     // row = token id; normal
  decoder_tokens = 130,     // row = token id; normal
  modality_vector = 131,    // one row, shared by encoder and decoder; normal
  encoder_positions = 132,  // learned positions, row = position; normal
  decoder_positions = 133,  // likewise
  mask_token = 134,         // one row, modality 0; normal
  register_tokens = 135,    // row = number of the token, modality 0; normal
  pixel_projection = 136,   // row = component of x, column = value of the patch; uniform
  vector_projection = 137,  // row = component of x, column = component of the vector; uniform
};

// As FourM.init_weights and the embedding modules' init in fourm/models.
constexpr double initial_std = 0.02;
// Xavier: the bound of the uniform values of a linear map from fan_in to fan_out components.
MASKSCOPE_HD inline double xavier_bound(std::int32_t fan_in, std::int32_t fan_out) {
  return sqrt(6.0 / (static_cast<double>(fan_in) + static_cast<double>(fan_out)));
}

struct TableRowName {
  std::uint64_t seed = 0;
  EmbeddingTable table{};
  std::uint32_t modality_id = 0;  // 0 .. 2^15 - 1
  std::uint32_t row = 0;

  MASKSCOPE_HD constexpr PhiloxBlock block(std::uint32_t number) const {
    return philox4x32_10({{number, row, 0, static_cast<std::uint32_t>(table) << 24 | (modality_id & 0x7fffu) << 8}},
                         {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}});
  }
};

// Components 4 number .. 4 number + 3 of a row.
struct FourComponents {
  float value[4];
};

// N(0, 0.02).
MASKSCOPE_HD inline FourComponents normal_components(const TableRowName& name, std::uint32_t number) {
  const PhiloxBlock block = name.block(number);
  FourComponents components{};
  for (int pair = 0; pair < 2; ++pair) {
    const double radius_uniform = (static_cast<double>(block.word[2 * pair]) + 0.5) * 0x1p-32;
    const double turns = (static_cast<double>(block.word[2 * pair + 1]) + 0.5) * 0x1p-32;
    const portable::NormalPair normal = portable::normal_pair(radius_uniform, turns);
    components.value[2 * pair] = static_cast<float>(initial_std * normal.first);
    components.value[2 * pair + 1] = static_cast<float>(initial_std * normal.second);
  }
  return components;
}

// Uniform in (-bound, bound).
MASKSCOPE_HD inline FourComponents uniform_components(const TableRowName& name, std::uint32_t number, double bound) {
  const PhiloxBlock block = name.block(number);
  FourComponents components{};
  for (int i = 0; i < 4; ++i) {
    components.value[i] = static_cast<float>(bound * ((static_cast<double>(block.word[i]) + 0.5) * 0x1p-31 - 1.0));
  }
  return components;
}

}  // namespace maskscope
