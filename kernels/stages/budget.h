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

struct BudgetRequest {
  DrawPurpose purpose{};  // input_budget or target_budget
  std::int32_t num_tokens = 0;
  std::int32_t max_tries = 0;
  View<const ModalityPlan> modalities;  // (K)
  View<const double> alphas;            // (K)
};

// Draws a Dirichlet vector, floors its share of num_tokens, gives the remaining tokens one by one to the largest
// component of a fresh vector, and clamps to most(m). Redraws until no modality is below min_tokens, at most
// max_tries times. budget: (K) out. Returns false when all tries were used up: the last budget stands, and may
// break min_tokens.
template <Group G, class Draws, class Most>
MASKSCOPE_HD bool draw_budget(G& group, Draws& draws, const BudgetRequest& request, Most most, const Scratch& scratch,
                              std::int32_t* budget) {
  const auto num_modalities = static_cast<std::int32_t>(request.modalities.size);
  const View<float> p = scratch.dirichlet;
  DirichletRequest vectors{request.purpose, 0, 0, 1, request.modalities, request.alphas};
  for (std::int32_t attempt = 0; attempt < request.max_tries; ++attempt) {
    vectors.try_number = static_cast<std::uint32_t>(attempt);
    vectors.first_vector = 0;
    vectors.num_vectors = 1;
    draws.dirichlet(group, vectors, scratch.gammas, p);
    group.for_each_index(num_modalities, [&](std::int32_t m) {
      budget[m] = static_cast<std::int32_t>(p[m] * static_cast<float>(request.num_tokens));
    });
    const auto given = static_cast<std::int32_t>(
        group.reduce_sum(num_modalities, [&](std::int32_t m) { return static_cast<std::uint64_t>(budget[m]); }));

    // Rounding can make the floors add up to a token too many; then nothing remains.
    const std::int32_t remaining = request.num_tokens - given;
    const auto at_once = static_cast<std::int32_t>(scratch.winners.size);
    for (std::int32_t begin = 0; begin < remaining; begin += at_once) {
      vectors.first_vector = static_cast<std::uint32_t>(begin) + 1;
      vectors.num_vectors = remaining - begin < at_once ? remaining - begin : at_once;
      draws.dirichlet(group, vectors, scratch.gammas, p);
      group.for_each_index(vectors.num_vectors, [&](std::int32_t vector) {
        const View<const float> row = p.subview(vector * num_modalities, num_modalities);
        // Of equal ones the first wins. Selects, because no one can foretell these branches.
        std::int32_t winner = 0;
        float largest = row[0];
        for (std::int32_t m = 1; m < num_modalities; ++m) {
          const bool is_larger = row[m] > largest;
          winner = is_larger ? m : winner;
          largest = is_larger ? row[m] : largest;
        }
        scratch.winners[vector] = winner;
      });
      group.for_each_index(num_modalities, [&](std::int32_t m) {
        for (std::int32_t vector = 0; vector < vectors.num_vectors; ++vector) {
          budget[m] += scratch.winners[vector] == m;
        }
      });
    }

    group.for_each_index(num_modalities, [&](std::int32_t m) {
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
template <Group G, class Draws>
MASKSCOPE_HD std::int32_t budget_stage(G& group, Draws& draws, const PlanView& plan, const Scratch& scratch,
                                       const SampleRow& out) {
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
  request.purpose = DrawPurpose::input_budget;
  request.num_tokens = draw_num_tokens(draws, DrawPurpose::num_input_tokens, plan.input_tokens);
  request.max_tries = plan.max_tries;
  request.modalities = plan.modalities;
  request.alphas = plan.input_alphas.subview(first_alpha, num_modalities);
  const std::int32_t num_input_tokens = request.num_tokens;
  const bool has_input_budget = draw_budget(
      group, draws, request, [&](std::int32_t m) { return plan.modalities[m].max_tokens; }, scratch,
      out.input_budget);

  std::int32_t num_target_tokens = -1;
  bool has_target_budget = true;
  if (plan.has_target_tokens) {
    num_target_tokens = draw_num_tokens(draws, DrawPurpose::num_target_tokens, plan.target_tokens);
    request.purpose = DrawPurpose::target_budget;
    request.num_tokens = num_target_tokens;
    request.alphas = plan.target_alphas.subview(first_alpha, num_modalities);
    has_target_budget = draw_budget(
        group, draws, request,
        [&](std::int32_t m) { return most_target_tokens(plan.modalities[m], out.input_budget[m]); }, scratch,
        out.target_budget);
  } else {
    group.for_each_index(num_modalities, [&](std::int32_t m) { out.target_budget[m] = -1; });
  }
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
