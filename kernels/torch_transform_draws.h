// The choices before masking from the reference's own generators: what torch.manual_seed(seed); random.seed(seed);
// numpy.random.seed(seed % 2**32) give, in the order of the calls. The masking goes on with the same generators
// (mask_with_torch_generators). What comes from which, as in fourm/data/modality_transforms.py and image_augmenter.py:
//   palette length, caption, metadata order, flip    Python randint, choice, shuffle, random
//   row of crop_settings                             NumPy randint
//   order of a person's groups, random crops         PyTorch randperm, uniform_, randint
#pragma once

#include <cstdint>
#include <vector>

#include "core/transform_draws.h"
#include "kernels/torch_draws.h"

namespace maskscope {

class TorchTransformDraws final : public TransformDraws {
 public:
  // The generators go on from call to call, and must outlive the draws.
  explicit TorchTransformDraws(TorchGenerators& generators) : generators_(&generators) {}

  int palette_length() override { return 1 + python_below(7); }
  int crop_row(int num_crops) override { return static_cast<int>(generators_->numpy.below(static_cast<std::uint32_t>(num_crops))); }
  int caption_choice(int num_captions) override { return python_below(num_captions); }
  std::vector<int> pose_order() override;
  std::vector<int> metadata_order(int num_entries) override;
  std::uint32_t crop24() override { return generators_->torch.rand24(); }
  int crop_offset(int num_offsets) override { return torch_below(num_offsets); }
  double uniform() override { return generators_->python.uniform(); }

 private:
  int python_below(int n) { return static_cast<int>(generators_->python.below(static_cast<std::uint32_t>(n))); }
  int torch_below(int n) { return static_cast<int>(generators_->torch.below(static_cast<std::uint32_t>(n))); }

  TorchGenerators* generators_;
};

}  // namespace maskscope
