#include "kernels/budget_trace.h"

#include <new>
#include <vector>

#include "core/error.h"
#include "kernels/host_scratch.h"
#include "kernels/serial_draws.h"
#include "kernels/serial_group.h"
#include "kernels/stages/budget.h"

namespace maskscope {

DrawnBudgets trace_budgets(const MaskingPlan& plan, SampleDraws draws) {
  DrawnBudgets drawn;
  if (plan.scheme.mode != BudgetMode::sampled) return drawn;
  try {
    const HostScratch scratch(scratch_sizes(plan, {}));
    std::vector<std::int32_t> input(plan.modalities.size()), target(plan.modalities.size());
    std::int32_t component = 0, num_input_tokens = 0, num_target_tokens = 0;
    std::uint8_t flags = 0;
    SampleRow out{};  // the stage writes nothing else
    out.component = &component;
    out.num_input_tokens = &num_input_tokens;
    out.num_target_tokens = &num_target_tokens;
    out.budget_flags = &flags;
    out.input_budget = input.data();
    out.target_budget = target.data();
    SerialGroup group;
    const SerialDraws named(draws);
    budget_stage(group, named, plan_view(plan), scratch.get(), out, RecordBudgets{&drawn});
  } catch (const std::bad_alloc&) {
    throw Error("There is not enough memory for the scratch of the budgets. Close other programs.");
  }
  return drawn;
}

}  // namespace maskscope
