// The random choices of a loader before masking: which crop, which caption, in which order. A policy: named draws, or the
// generators of PyTorch, Python and NumPy.
#pragma once

#include <cstdint>
#include <vector>

namespace maskscope {

class TransformDraws {
 public:
  virtual ~TransformDraws() = default;
  virtual int palette_length() = 0;                            // 1 .. 7
  virtual int crop_row(int num_crops) = 0;                     // 0 .. num_crops - 1; num_crops >= 1
  virtual int caption_choice(int num_captions) = 0;            // likewise
  virtual std::vector<int> pose_order() = 0;                   // a permutation of 0 .. 3, for each person kept
  virtual std::vector<int> metadata_order(int num_entries) = 0;  // a permutation
  virtual double uniform() = 0;                                // [0, 1): random resized crops and flips
};

}  // namespace maskscope
