// Places of the window that a sentence can name, so that one can go there.
#pragma once

#include <cstdint>

namespace maskscope {

enum class PackedSide : std::uint8_t { encoder, decoder };

enum class PlaceKind : std::uint8_t { card, budget, concatenation, packed_slot, attention_row, embedding_row, table };

struct ViewPlace {
  PlaceKind kind = PlaceKind::card;
  int modality = -1;                      // position in the scheme; -1: none
  PackedSide side = PackedSide::encoder;  // of slots
  int slot = -1;                          // card: slot of the modality's tensor; else of that row; -1: the whole
  bool operator==(const ViewPlace&) const = default;
};

}  // namespace maskscope
