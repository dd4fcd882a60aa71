// The picture of how often each cell of a modality goes where, made texel by texel from the counts of a Tally. One function for
// CPU and GPU, of whole numbers, so that a picture that was uploaded and one that CUDA painted have the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/host_device.h"
#include "core/tally.h"

namespace maskscope {

// What a map shows: one of the two sides, or neither.
enum class MapFate : std::uint8_t { encoder, decoder, discarded };

// Trivially copyable: handed to a kernel as it stands.
struct FrequencyMap {
  MapFate fate = MapFate::encoder;
  std::int32_t cells = 0;          // per side of the grid
  std::int32_t zoom = 1;           // texels per side of a cell
  std::int32_t num_positions = 0;  // of cells * cells; the rest has no counts and gets `low`
  std::ptrdiff_t encoder_at = 0, decoder_at = 0;  // the first cell's counts in the block
  std::uint64_t full = 0;          // the count that gets `high`, as more would; 0: everything gets `low`
  std::uint32_t low = 0, high = 0; // 8 bits each, red in the lowest, then green and blue

  MASKSCOPE_HD constexpr std::int32_t width() const { return cells * zoom; }  // and height
};

// share = part / whole of the way from low to high, rounded to the nearest; opaque.
MASKSCOPE_HD constexpr std::uint32_t ramp_colour(std::uint32_t low, std::uint32_t high, std::uint64_t part, std::uint64_t whole) {
  constexpr std::uint64_t steps = 1u << 16;
  // So that nothing below overflows; draws are fewer than 2^40.
  const std::uint64_t share = whole == 0 ? 0 : part >= whole ? steps : part * steps / whole;
  std::uint32_t colour = 0xff000000u;
  for (int shift = 0; shift < 24; shift += 8) {
    const std::uint64_t from = low >> shift & 0xffu, to = high >> shift & 0xffu;
    colour |= static_cast<std::uint32_t>((from * (steps - share) + to * share + steps / 2) / steps) << shift;
  }
  return colour;
}

// The texel in column x of row y, 0 <= x, y < width(). counts: a Tally's block.
MASKSCOPE_HD constexpr std::uint32_t frequency_texel(const FrequencyMap& map, const std::uint64_t* counts, std::int32_t x, std::int32_t y) {
  const std::int32_t cell = y / map.zoom * map.cells + x / map.zoom;
  if (cell >= map.num_positions) return ramp_colour(map.low, map.high, 0, 1);
  const std::uint64_t encoder = counts[map.encoder_at + cell], decoder = counts[map.decoder_at + cell];
  const std::uint64_t count = map.fate == MapFate::encoder   ? encoder
                              : map.fate == MapFate::decoder ? decoder
                                                             : counts[TallyLayout::draws()] - encoder - decoder;
  return ramp_colour(map.low, map.high, count, map.full);
}

}  // namespace maskscope
