#include "core/position_table.h"

#include <cassert>
#include <cmath>
#include <cstddef>

namespace maskscope {
namespace {

std::vector<float> make_frequencies(int count) {
  std::vector<float> frequencies;
  for (int k = 0; k < count; ++k) {
    const float exponent = static_cast<float>(k) / static_cast<float>(count);
    frequencies.push_back(1.0f / static_cast<float>(std::pow(10000.0, static_cast<double>(exponent))));
  }
  return frequencies;
}

void append_sin_and_cos(std::vector<float>& row, int position, const std::vector<float>& frequencies) {
  const auto angle = [position](float frequency) {
    return static_cast<double>(static_cast<float>(position) * frequency);
  };
  for (const float frequency : frequencies) row.push_back(static_cast<float>(std::sin(angle(frequency))));
  for (const float frequency : frequencies) row.push_back(static_cast<float>(std::cos(angle(frequency))));
}

}  // namespace

std::vector<float> build_1d_sincos_positions(int num_positions, int dim) {
  assert(num_positions >= 0 && dim > 0 && dim % 2 == 0);
  const std::vector<float> frequencies = make_frequencies(dim / 2);
  std::vector<float> table;
  table.reserve(static_cast<std::size_t>(num_positions) * static_cast<std::size_t>(dim));
  for (int position = 0; position < num_positions; ++position) append_sin_and_cos(table, position, frequencies);
  return table;
}

std::vector<float> build_2d_sincos_positions(int height, int width, int dim) {
  assert(height >= 0 && width >= 0 && dim > 0 && dim % 4 == 0);
  const std::vector<float> frequencies = make_frequencies(dim / 4);
  std::vector<float> table;
  table.reserve(static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * static_cast<std::size_t>(dim));
  for (int w = 0; w < width; ++w) {
    for (int h = 0; h < height; ++h) {
      append_sin_and_cos(table, w, frequencies);
      append_sin_and_cos(table, h, frequencies);
    }
  }
  return table;
}

}  // namespace maskscope
