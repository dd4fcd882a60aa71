// What the budgets of one sample were before they were clamped.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/draw.h"
#include "core/waterfall.h"
#include "kernels/plan.h"

namespace maskscope {

// For budget_stage on a group of one thread: every try overwrites the one before.
struct RecordBudgets {
  DrawnBudgets* out;

  void drawn(bool is_target, std::int32_t try_number, std::int32_t modality, std::int32_t tokens) const {
    DrawnSide& side = is_target ? out->target : out->input;
    const auto at = static_cast<std::size_t>(modality);
    if (side.tokens.size() <= at) side.tokens.resize(at + 1);
    side.tokens[at] = tokens;
    side.num_tries = try_number + 1;
  }
};

// Draws one sample's budgets once more, with the names that every backend uses: clamped they are the batch's, bit by bit. Both
// sides are empty where budgets are not drawn (direct, transfer mode), the target's also where it has no range. Throws Error
// when there is no memory.
DrawnBudgets trace_budgets(const MaskingPlan& plan, SampleDraws draws);

}  // namespace maskscope
