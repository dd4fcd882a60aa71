#include "kernels/tally_view.h"

#include <algorithm>
#include <vector>

#include "kernels/backend.h"

namespace maskscope {

TallyShape tally_shape(const MaskingPlan& plan, const PackedSamples& samples) {
  std::vector<std::int32_t> positions(plan.modalities.size(), 0);
  for (std::size_t i = 0; i < samples.lengths.size(); ++i) {
    std::int32_t& longest = positions[i % positions.size()];
    longest = std::max(longest, samples.lengths[i]);  // -1: this sample lacks it
  }
  return make_tally_shape(plan.scheme, positions);
}

}  // namespace maskscope
