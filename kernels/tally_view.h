// A Tally as the stage that counts sees it.
#pragma once

#include <cstdint>

#include "core/tally.h"
#include "kernels/stages/tally.h"

namespace maskscope {

// counts, modalities: of the shape, wherever they lie.
inline TallyView tally_view(const TallyShape& shape, View<const TallyModality> modalities, std::uint64_t* counts) {
  return {shape.layout(),
          modalities,
          {shape.tokens_per_fill_bin(TallySide::encoder), shape.tokens_per_fill_bin(TallySide::decoder)},
          counts};
}
inline TallyView tally_view(Tally& tally) {
  return tally_view(tally.shape(), view_of(tally.shape().modalities), tally.counts().data());
}

}  // namespace maskscope
