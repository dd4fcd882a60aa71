// The shapes of gamma variates, the alphas of one side of a mixture component, laid out for vector units. They are the same
// for every sample, so they are worked out with the plan.
#pragma once

#include <cstdint>
#include <vector>

#include "core/view.h"

namespace maskscope {

struct ModalityPlan;

// Four modalities whose variates are made in the same way; a short one repeats its last. d and c as in gamma_by_rejection.
struct alignas(32) ShapeVector {
  static constexpr int lanes = 4;
  std::uint64_t id[lanes];
  double alpha[lanes];
  double d[lanes];
  double c[lanes];
  std::int32_t modality[lanes];  // scheme position
  std::int32_t num_used;         // lanes
};

// Every modality is in one of these.
struct GammaShapes {
  std::vector<ShapeVector> of_one_block;  // alphas of 1, and of 1e-9 (which stands for 0)
  std::vector<ShapeVector> below_one;
  std::vector<ShapeVector> above_one;
};

// alphas: (K) >= 1e-9.
GammaShapes make_gamma_shapes(View<const ModalityPlan> modalities, View<const double> alphas);

}  // namespace maskscope
