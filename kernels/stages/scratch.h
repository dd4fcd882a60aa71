// Memory that the threads of one group share while they mask a sample.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/host_device.h"
#include "core/view.h"
#include "kernels/plan.h"

namespace maskscope {

struct ScratchSizes {
  std::int32_t noise = 0;              // most draws of a modality at once, rounded up to a multiple of draws_at_once
  std::int32_t span_units = 0;         // most tokens or chunks of a seq or seq_token modality
  std::int32_t dirichlet_vectors = 1;  // Dirichlet vectors that are drawn at once
  std::int32_t num_modalities = 0;     // K
};
ScratchSizes scratch_sizes(const MaskingPlan& plan, const PackedSamples& samples);

struct Scratch {
  View<double> gammas;           // (dirichlet_vectors, K)
  View<float> dirichlet;         // (dirichlet_vectors, K)
  View<std::int32_t> winners;    // (dirichlet_vectors)
  View<std::uint32_t> noise;     // (noise)
  View<std::int32_t> positions;  // (span_units)
  View<std::uint64_t> order_keys;        // (K)
  View<std::int32_t> cell;               // (1) a value that one thread finds for all
};

namespace scratch_detail {
// The next size elements of memory, which may be null when only the end is wanted.
template <class T>
MASKSCOPE_HD View<T> take(std::byte* memory, std::size_t& offset, std::int64_t size) {
  offset = (offset + alignof(T) - 1) / alignof(T) * alignof(T);
  T* const data = memory ? reinterpret_cast<T*>(memory + offset) : nullptr;
  offset += static_cast<std::size_t>(size) * sizeof(T);
  return {data, static_cast<std::ptrdiff_t>(size)};
}
}  // namespace scratch_detail

// Lays the arrays out in memory (aligned to 8 bytes); returns the bytes they take, a multiple of 8.
MASKSCOPE_HD inline std::size_t carve_scratch(const ScratchSizes& sizes, std::byte* memory, Scratch& scratch) {
  using scratch_detail::take;
  const std::int64_t entries = std::int64_t{sizes.dirichlet_vectors} * sizes.num_modalities;
  std::size_t offset = 0;
  scratch.noise = take<std::uint32_t>(memory, offset, sizes.noise);
  scratch.gammas = take<double>(memory, offset, entries);
  scratch.order_keys = take<std::uint64_t>(memory, offset, sizes.num_modalities);
  scratch.dirichlet = take<float>(memory, offset, entries);
  scratch.winners = take<std::int32_t>(memory, offset, sizes.dirichlet_vectors);
  scratch.positions = take<std::int32_t>(memory, offset, sizes.span_units);
  scratch.cell = take<std::int32_t>(memory, offset, 1);
  return (offset + 7) / 8 * 8;
}

}  // namespace maskscope
