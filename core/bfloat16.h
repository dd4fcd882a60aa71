// The upper half of a float32: 8 bits of exponent, 7 of fraction. The layout that GPUs and PyTorch call bfloat16.
#pragma once

#include <cstdint>

#include "core/host_device.h"

namespace maskscope {

struct Bfloat16 {
  std::uint16_t bits = 0;
  bool operator==(const Bfloat16&) const = default;
};

// To the nearest, of two equally near ones to the one with an even fraction; NaN stays NaN. As torch.Tensor.bfloat16().
// Example: 1.00390625 (half way between two) becomes 1, 1.01171875 becomes 1.015625.
MASKSCOPE_HD inline Bfloat16 to_bfloat16(float value) {
  const auto bits = __builtin_bit_cast(std::uint32_t, value);
  const bool is_nan = (bits & 0x7fffffffu) > 0x7f800000u;
  const std::uint32_t rounded = bits + 0x7fffu + (bits >> 16 & 1u);
  return {static_cast<std::uint16_t>((is_nan ? bits | 0x400000u : rounded) >> 16)};
}

MASKSCOPE_HD inline float to_float(Bfloat16 value) {
  return __builtin_bit_cast(float, static_cast<std::uint32_t>(value.bits) << 16);
}

}  // namespace maskscope
