// The random choices of a loader before masking: which crop, which caption, in which order. A policy: named draws
// (core/named_transform_draws.h), or the generators of PyTorch, Python and NumPy (kernels/torch_transform_draws.h).
#pragma once

#include <cstdint>
#include <vector>

namespace maskscope {

// Calls follow each other in the order of the reference, of one sample after another.
class TransformDraws {
 public:
  virtual ~TransformDraws() = default;
  virtual int palette_length() = 0;                            // 1 .. 7
  virtual int crop_row(int num_crops) = 0;                     // 0 .. num_crops - 1; num_crops >= 1
  virtual int caption_choice(int num_captions) = 0;            // likewise
  virtual std::vector<int> pose_order() = 0;                   // a permutation of 0 .. 3, for each person kept
  virtual std::vector<int> metadata_order(int num_entries) = 0;  // a permutation; num_entries >= 0
  // A random resized crop: k below 2^24 for the uniform k / 2^24 (area, then ratio), and 0 .. num_offsets - 1 (top, then left).
  virtual std::uint32_t crop24() = 0;
  virtual int crop_offset(int num_offsets) = 0;                // num_offsets >= 1
  virtual double uniform() = 0;                                // [0, 1): whether to flip
};

}  // namespace maskscope
