// The rows that embed.h names, copied from tables in memory to (slots, D): 16 bytes at a time, loads and stores.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bfloat16.h"
#include "core/host_device.h"
#include "core/view.h"
#include "kernels/group.h"
#include "kernels/stages/embed.h"

namespace maskscope {

// 16 bytes, what a thread of a GPU moves at once. T is float or Bfloat16.
template <class T>
struct alignas(16) Lanes {
  static constexpr std::int32_t count = 16 / sizeof(T);
  T lane[count];
};

// Components that a row takes in memory: D rounded up to a multiple of 8, which is whole Lanes for both types. The rest is
// zero.
MASKSCOPE_HD constexpr std::int32_t padded_dim(std::int32_t dim) { return (dim + 7) / 8 * 8; }
template <class T>
MASKSCOPE_HD constexpr std::int32_t lanes_per_row(std::int32_t dim) {
  return padded_dim(dim) / Lanes<T>::count;
}

// Rows of padded_dim(dim) components each. x is copied, so it has the type of the output; what is added is float32, and
// the sum is rounded once.
template <class T>
struct EmbeddingRows {
  std::int32_t dim = 0;                        // D
  const Lanes<T>* x = nullptr;                 // (x rows, padded D)
  const Lanes<float>* positions = nullptr;     // (position rows, padded D)
  const Lanes<float>* modalities = nullptr;    // (K, padded D)
};

namespace gather_detail {
MASKSCOPE_HD inline void assign(float& out, float value) { out = value; }
MASKSCOPE_HD inline void assign(Bfloat16& out, float value) { out = to_bfloat16(value); }
}  // namespace gather_detail

// Lanes number c of one slot's x (below: emb), c in 0 .. lanes_per_row<T>(D) - 1. For a machine that spreads rows over its
// threads in its own way; gather_slots is this for all c of all slots.
template <class T>
MASKSCOPE_HD inline Lanes<T> gather_x(const EmbeddingRows<T>& rows, const SlotRow& slot, std::int32_t c) {
  Lanes<T> x{};
  if (slot.x >= 0) x = rows.x[static_cast<std::ptrdiff_t>(slot.x) * lanes_per_row<T>(rows.dim) + c];
  return x;
}

template <class T>
MASKSCOPE_HD inline Lanes<T> gather_emb(const EmbeddingRows<T>& rows, const SlotRow& slot, std::int32_t c) {
  constexpr std::int32_t parts = Lanes<T>::count / Lanes<float>::count;
  const std::ptrdiff_t per_row = lanes_per_row<float>(rows.dim);
  Lanes<T> emb{};
  for (std::int32_t part = 0; part < parts; ++part) {
    const std::ptrdiff_t at = std::ptrdiff_t{c} * parts + part;
    Lanes<float> position{}, modality{};
    if (slot.position >= 0) position = rows.positions[slot.position * per_row + at];
    if (slot.modality >= 0) modality = rows.modalities[slot.modality * per_row + at];
    for (std::int32_t i = 0; i < Lanes<float>::count; ++i) {
      gather_detail::assign(emb.lane[part * Lanes<float>::count + i], position.lane[i] + modality.lane[i]);
    }
  }
  return emb;
}

// x, emb: (slots, padded D) out.
template <Group G, class T>
MASKSCOPE_HD void gather_slots(G& group, const EmbeddingRows<T>& rows, View<const SlotRow> slots, View<Lanes<T>> x,
                               View<Lanes<T>> emb) {
  const std::int32_t per_row = lanes_per_row<T>(rows.dim);
  group.for_each_index(static_cast<std::int32_t>(slots.size) * per_row, [&](std::int32_t i) {
    const std::int32_t slot = i / per_row, c = i % per_row;
    x[i] = gather_x(rows, slots[slot], c);
    emb[i] = gather_emb(rows, slots[slot], c);
  });
}

}  // namespace maskscope
