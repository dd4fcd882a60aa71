// A MaskingPlan as the stages read it: plain numbers and views, on the host or on a GPU.
#pragma once

#include <cstdint>

#include "core/view.h"
#include "kernels/plan.h"

namespace maskscope {

struct PlanView {
  View<const ModalityPlan> modalities;          // (K)
  View<const double> input_alphas;              // (components, K)
  View<const double> target_alphas;             // (components, K)
  View<const GammaShapes> input_shapes;         // (components), on a GPU empty
  View<const GammaShapes> target_shapes;        // likewise
  View<const std::uint8_t> keep_schemes;        // (components, K)
  View<const double> sampling_weights;          // (components), or empty: uniform
  View<const std::int32_t> sentinel_ids;        // [S_k] at k
  View<const std::int32_t> sorted_sentinel_ids; // the same, ascending
  std::int32_t pad_id = 0;
  std::int32_t num_components = 0;
  BudgetMode mode = BudgetMode::sampled;
  TokenRange input_tokens;
  TokenRange target_tokens;
  bool has_target_tokens = false;  // false: every non-input token is a target
  std::int32_t max_tries = 0;
  double keep_probability_decay = 0.9;
  std::int32_t num_slots = 0;      // T
  std::int32_t encoder_slots = 0;  // N'
  std::int32_t decoder_slots = 0;  // M'

  MASKSCOPE_HD std::int32_t num_modalities() const { return static_cast<std::int32_t>(modalities.size); }
};

// The numbers of the plan, without the views.
PlanView plan_numbers(const MaskingPlan& plan);
// Views into the plan itself, which must outlive them.
PlanView plan_view(const MaskingPlan& plan);

}  // namespace maskscope
