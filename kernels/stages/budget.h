// Stage 1: how many tokens from where. As UnifiedMasking.__call__, input_token_budget and target_token_budget in
// fourm/data/masking.py.
#pragma once

#include <cstdint>

#include "core/masked_batch.h"
#include "core/view.h"
#include "kernels/group.h"
#include "kernels/philox_draws.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/sample_row.h"
#include "kernels/stages/scratch.h"

namespace maskscope {

// The mixture component: by weight, or uniformly.
template <class Draws>
MASKSCOPE_HD std::int32_t draw_component(Draws& draws, const PlanView& plan) {
  if (!plan.sampling_weights.empty()) return draws.weighted_component(plan.sampling_weights);
  return static_cast<std::int32_t>(
      draws.randint({DrawPurpose::component, 0, 0}, static_cast<std::uint32_t>(plan.num_components)));
}

template <class Draws>
MASKSCOPE_HD std::int32_t draw_num_tokens(Draws& draws, DrawPurpose purpose, TokenRange range) {
  const auto choices = static_cast<std::uint32_t>(range.high - range.low) + 1;
  return range.low + static_cast<std::int32_t>(draws.randint({purpose, 0, 0}, choices));
}

// Is told what every try drew, before the clamp: is_target, the number of the try, the modality's place, its tokens. By whichever
// thread holds the modality. This one forgets it; kernels/budget_trace.h has one that does not.
struct ForgetBudgets {
  MASKSCOPE_HD void drawn(bool, std::int32_t, std::int32_t, std::int32_t) const {}
};

struct BudgetRequest {
  DrawPurpose purpose{};  // input_budget or target_budget
  std::int32_t num_tokens = 0;
  std::int32_t max_tries = 0;
  View<const ModalityPlan> modalities;  // (K)
  View<const double> alphas;            // (K)
  const GammaShapes* shapes = nullptr;  // of these alphas; for SerialDraws only
};

namespace budget_detail {

// Gives a token to the largest component of each of the vectors in p: (num_vectors, K).
template <Group G>
MASKSCOPE_HD void give_to_winners(G& group, std::int32_t num_vectors, View<const float> p, View<std::int32_t> winners,
                                  View<std::int32_t> budget) {
  const auto num_modalities = static_cast<std::int32_t>(budget.size);
  group.for_each_index(num_vectors, [&](std::int32_t vector) {
    const View<const float> row = p.subview(vector * num_modalities, num_modalities);
    // Of equal ones the first wins. Selects, because no one can foretell such branches.
    std::int32_t winner = 0;
    float largest = row[0];
    MASKSCOPE_ROLLED
    for (std::int32_t m = 1; m < num_modalities; ++m) {
      const bool is_larger = row[m] > largest;
      winner = is_larger ? m : winner;
      largest = is_larger ? row[m] : largest;
    }
    winners[vector] = winner;
  });
  group.for_each_index(num_modalities, [&](std::int32_t m) {
    MASKSCOPE_ROLLED
    for (std::int32_t vector = 0; vector < num_vectors; ++vector) budget[m] += winners[vector] == m;
  });
}

}  // namespace budget_detail

// Draws a Dirichlet vector, floors its share of num_tokens, gives the remaining tokens one by one to the largest
// component of a fresh vector, and clamps to most(m). Redraws until no modality is below min_tokens, at most
// max_tries times. budget: (K) out. Returns false when all tries were used up: the last budget stands, and may
// break min_tokens.
template <Group G, class Draws, class Most, class Trace = ForgetBudgets>
MASKSCOPE_HD bool draw_budget(G& group, Draws& draws, const BudgetRequest& request, Most most, const Scratch& scratch,
                              std::int32_t* budget, const Trace& trace = {}) {
  const auto num_modalities = static_cast<std::int32_t>(request.modalities.size);
  const View<float> p = scratch.dirichlet;
  DirichletRequest vectors{request.purpose, 0, 0, 1, request.modalities, request.alphas, request.shapes};
  for (std::int32_t attempt = 0; attempt < request.max_tries; ++attempt) {
    vectors.try_number = static_cast<std::uint32_t>(attempt);
    // Vector 0 is shared out; each further one gives away one token of those that remain. (One call of dirichlet for
    // both: it is the larger part of the code that a GPU has to hold.)
    std::int32_t next_vector = 0, num_left = 1;
    while (num_left > 0) {
      const auto at_once = static_cast<std::int32_t>(scratch.winners.size);
      vectors.first_vector = static_cast<std::uint32_t>(next_vector);
      vectors.num_vectors = num_left < at_once ? num_left : at_once;
      draws.dirichlet(group, vectors, scratch.gammas, p);
      if (next_vector == 0) {
        group.for_each_index(num_modalities, [&](std::int32_t m) {
          budget[m] = static_cast<std::int32_t>(p[m] * static_cast<float>(request.num_tokens));
        });
        // Rounding can make the floors add up to a token too many; then nothing remains.
        num_left = request.num_tokens - static_cast<std::int32_t>(group.reduce_sum(
            num_modalities, [&](std::int32_t m) { return static_cast<std::uint64_t>(budget[m]); }));
      } else {
        budget_detail::give_to_winners(group, vectors.num_vectors, p, scratch.winners, {budget, num_modalities});
        num_left -= vectors.num_vectors;
      }
      next_vector += vectors.num_vectors;
    }

    group.for_each_index(num_modalities, [&](std::int32_t m) {
      trace.drawn(request.purpose == DrawPurpose::target_budget, attempt, m, budget[m]);
      const std::int32_t limit = most(m);
      if (budget[m] > limit) budget[m] = limit;
    });
    const std::int32_t first_below = group.find_first(
        num_modalities, [&](std::int32_t m) { return budget[m] < request.modalities[m].min_tokens; });
    if (first_below == num_modalities) return true;
  }
  return false;
}

// The most a modality can be given as target: an image has only what the input left, a text is not used up.
MASKSCOPE_HD inline std::int32_t most_target_tokens(const ModalityPlan& modality, std::int32_t input_budget) {
  const std::int32_t left =
      modality.kind == ModalityKind::img ? modality.max_tokens - input_budget : modality.max_tokens;
  return left > modality.min_tokens ? left : modality.min_tokens;
}

namespace budget_detail {

template <Group G>
MASKSCOPE_HD void copy_direct_budgets(G& group, const PlanView& plan, const SampleRow& out) {
  const std::int32_t num_modalities = plan.num_modalities();
  group.for_each_index(num_modalities, [&](std::int32_t m) {
    out.input_budget[m] = plan.modalities[m].direct_encoder_tokens;
    out.target_budget[m] = plan.modalities[m].direct_decoder_tokens;
  });
  const std::uint64_t input = group.reduce_sum(
      num_modalities, [&](std::int32_t m) { return static_cast<std::uint64_t>(out.input_budget[m]); });
  const std::uint64_t target = group.reduce_sum(
      num_modalities, [&](std::int32_t m) { return static_cast<std::uint64_t>(out.target_budget[m]); });
  group.once([&] {
    *out.component = 0;
    *out.num_input_tokens = static_cast<std::int32_t>(input);
    *out.num_target_tokens = static_cast<std::int32_t>(target);
    *out.budget_flags = 0;
  });
}

// Input: all tokens, and nothing of a grid is target; a text's target is the closing sentinel. Target: no limit.
template <Group G>
MASKSCOPE_HD void give_all_to_one_side(G& group, const PlanView& plan, const SampleRow& out) {
  const std::int32_t num_modalities = plan.num_modalities();
  const auto input_tokens = [&](std::int32_t m) {
    const ModalityPlan& modality = plan.modalities[m];
    return modality.transfer_role == TransferRole::input ? modality.max_tokens : 0;
  };
  group.for_each_index(num_modalities, [&](std::int32_t m) {
    const bool is_whole_input = plan.modalities[m].kind == ModalityKind::img && input_tokens(m) > 0;
    out.input_budget[m] = input_tokens(m);
    out.target_budget[m] = is_whole_input ? 0 : -1;
  });
  const std::uint64_t input =
      group.reduce_sum(num_modalities, [&](std::int32_t m) { return static_cast<std::uint64_t>(input_tokens(m)); });
  group.once([&] {
    *out.component = 0;
    *out.num_input_tokens = static_cast<std::int32_t>(input);
    *out.num_target_tokens = -1;
    *out.budget_flags = 0;
  });
}

}  // namespace budget_detail

// Fills component, num_input_tokens, num_target_tokens, budget_flags, input_budget and target_budget. Returns the
// component.
template <Group G, class Draws, class Trace = ForgetBudgets>
MASKSCOPE_HD std::int32_t budget_stage(G& group, Draws& draws, const PlanView& plan, const Scratch& scratch,
                                       const SampleRow& out, const Trace& trace = {}) {
  if (plan.mode == BudgetMode::direct) {
    budget_detail::copy_direct_budgets(group, plan, out);
    return 0;
  }
  if (plan.mode == BudgetMode::transfer) {
    budget_detail::give_all_to_one_side(group, plan, out);
    return 0;
  }
  const std::int32_t num_modalities = plan.num_modalities();
  const std::int32_t component = draw_component(draws, plan);
  const std::int32_t first_alpha = component * num_modalities;

  BudgetRequest request;
  request.max_tries = plan.max_tries;
  request.modalities = plan.modalities;
  std::int32_t num_input_tokens = 0, num_target_tokens = -1;
  bool has_input_budget = true, has_target_budget = true;
  // One body for both sides, which halves the code that a GPU has to hold.
  MASKSCOPE_ROLLED
  for (std::int32_t side = 0; side < (plan.has_target_tokens ? 2 : 1); ++side) {
    const bool is_target = side == 1;
    request.purpose = is_target ? DrawPurpose::target_budget : DrawPurpose::input_budget;
    request.num_tokens = draw_num_tokens(draws, is_target ? DrawPurpose::num_target_tokens : DrawPurpose::num_input_tokens,
                                         is_target ? plan.target_tokens : plan.input_tokens);
    request.alphas = (is_target ? plan.target_alphas : plan.input_alphas).subview(first_alpha, num_modalities);
    const View<const GammaShapes> shapes = is_target ? plan.target_shapes : plan.input_shapes;
    request.shapes = shapes.empty() ? nullptr : shapes.data + component;
    const bool has_budget = draw_budget(
        group, draws, request,
        [&](std::int32_t m) {
          const ModalityPlan& modality = plan.modalities[m];
          return is_target ? most_target_tokens(modality, out.input_budget[m]) : modality.max_tokens;
        },
        scratch, is_target ? out.target_budget : out.input_budget, trace);
    (is_target ? num_target_tokens : num_input_tokens) = request.num_tokens;
    (is_target ? has_target_budget : has_input_budget) = has_budget;
  }
  if (!plan.has_target_tokens) group.for_each_index(num_modalities, [&](std::int32_t m) { out.target_budget[m] = -1; });
  group.once([&] {
    *out.component = component;
    *out.num_input_tokens = num_input_tokens;
    *out.num_target_tokens = num_target_tokens;
    *out.budget_flags =
        static_cast<std::uint8_t>((has_input_budget ? 0 : static_cast<int>(BudgetFlag::input_gave_up)) |
                                  (has_target_budget ? 0 : static_cast<int>(BudgetFlag::target_gave_up)));
  });
  return component;
}

}  // namespace maskscope
