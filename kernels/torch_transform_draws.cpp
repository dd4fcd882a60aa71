#include "kernels/torch_transform_draws.h"

#include <cstddef>
#include <numeric>
#include <utility>

namespace maskscope {

// torch.randperm(4): from the front, each place with one behind it.
std::vector<int> TorchTransformDraws::pose_order() {
  std::vector<int> order = {0, 1, 2, 3};
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const auto behind = static_cast<std::size_t>(torch_below(static_cast<int>(order.size() - i)));
    std::swap(order[i], order[i + behind]);
  }
  return order;
}

// random.shuffle: from the back, each place with one before it.
std::vector<int> TorchTransformDraws::metadata_order(int num_entries) {
  std::vector<int> order(static_cast<std::size_t>(num_entries));
  std::iota(order.begin(), order.end(), 0);
  for (int i = num_entries - 1; i >= 1; --i) {
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(python_below(i + 1))]);
  }
  return order;
}

}  // namespace maskscope
