#include "tests/races/correct_cases.h"

#include <cstddef>
#include <map>
#include <tuple>
#include <utility>

#include "core/error.h"
#include "kernels/serial_group.h"
#include "tests/kernels/all_collectives.h"
#include "tests/kernels/barrier_group.h"
#include "tests/kernels/masking_case.h"
#include "tests/races/stages.h"

namespace maskscope {
namespace {

template <class... Parts>
void require(bool holds, const Parts&... parts) {
  if (!holds) throw Difference(cat(parts...));
}

void check_collectives(std::int32_t team_size) {
  for (const std::int32_t n : {0, 1, team_size - 1, team_size, team_size + 1, 2 * team_size + 1, 61, 196}) {
    const auto values = make_values(static_cast<std::size_t>(n), n % 2 == 0);
    for (const std::int32_t num_ranked : {0, n / 2, n}) {
      Findings of_team(values.size()), of_one(values.size());
      run_team(team_size, [&](BarrierGroup& group) { use_all_collectives(group, values, num_ranked, of_team); });
      SerialGroup serial;
      use_all_collectives(serial, values, num_ranked, of_one);
      require(of_team == of_one, "collectives: ", n, " elements, ", num_ranked, " ranked");
    }
  }
}

// The modalities of 4M-7 with two texts among six grids of 196 tokens.
Case default_case() {
  Case input;
  input.scheme = default_scheme();
  input.samples = {RandomScheme(7).sample(input.scheme, input.vocabulary)};
  input.draws = {.seed = 42, .first_sample = 0, .batch_size = 1};
  return input;
}

// Runs the stages before the given one.
template <std::size_t number>
void prepare(StageMemory& memory) {
  SerialGroup serial;
  [&]<std::size_t... earlier>(std::index_sequence<earlier...>) {
    (std::get<earlier>(stages).run(serial, memory), ...);
  }(std::make_index_sequence<number>());
}

// One stage by a team and by one thread, on what the stages before it have left. Returns whether it changed anything.
template <std::size_t number>
bool check_stage(const Case& input, std::int32_t team_size) {
  const auto& stage = std::get<number>(stages);
  StageMemory of_team(input), of_one(input), of_none(input);
  for (StageMemory* const memory : {&of_team, &of_one, &of_none}) prepare<number>(*memory);
  SerialGroup serial;
  stage.run(serial, of_one);
  run_team(team_size, [&](BarrierGroup& group) { stage.run(group, of_team); });
  require(of_team == of_one, "stage ", stage.name);
  return !(of_none == of_one);
}

template <std::size_t number>
void check_stage_on_cases(std::int32_t team_size) {
  constexpr std::uint32_t num_random_cases = 20;
  bool has_changed = check_stage<number>(default_case(), team_size);
  for (std::uint32_t seed = 0; seed < num_random_cases; ++seed) {
    has_changed |= check_stage<number>(random_case(seed), team_size);
  }
  require(has_changed, "stage ", std::get<number>(stages).name, " changed nothing in any case");
}

void check_stages(std::int32_t team_size) {
  [&]<std::size_t... number>(std::index_sequence<number...>) {
    (check_stage_on_cases<number>(team_size), ...);
  }(std::make_index_sequence<std::tuple_size_v<decltype(stages)>>());
}

// Returns what both found.
MaskedBatch check_whole_case(const Case& input, std::int32_t team_size, const std::string& name) {
  CaseMemory of_team(input), of_one(input);
  SerialGroup serial;
  mask_case(serial, of_one);
  run_team(team_size, [&](BarrierGroup& group) { mask_case(group, of_team); });
  require(of_team.masks() == of_one.masks(), "mask_sample: ", name);
  return of_one.masks();
}

void check_mask_sample(std::int32_t team_size) { check_whole_case(default_case(), team_size, "the default scheme"); }

void check_random_pairs(std::int32_t team_size) {
  constexpr std::uint32_t num_pairs = 50;
  std::map<ModalityKind, int> num_modalities;
  int num_transfer = 0, num_chunked = 0, num_cut = 0, num_redrawn = 0, num_gave_up = 0;
  for (std::uint32_t seed = 0; seed < num_pairs; ++seed) {
    Case input = random_case(seed);
    input.draws.batch_size = 1;
    const MaskedBatch masks = check_whole_case(input, team_size, cat("random scheme ", seed));
    for (const SchemeModality& entry : input.scheme.modalities) ++num_modalities[entry.modality.kind];
    for (const ModalityTokens& tokens : input.samples[0].modalities) num_chunked += !tokens.chunk_lengths.empty();
    num_transfer += input.scheme.mode == BudgetMode::transfer;
    for (const int begin : masks.target_window_begin) num_cut += begin > 0;
    for (const int attempts : masks.num_attempts) num_redrawn += attempts > 1;
    for (const int flags : masks.budget_flags) num_gave_up += flags > 0;
  }
  for (const ModalityKind kind : {ModalityKind::img, ModalityKind::seq, ModalityKind::seq_token, ModalityKind::seq_emb}) {
    require(num_modalities[kind] > 0, "the random schemes have no modality of kind ", static_cast<int>(kind));
  }
  require(num_transfer > 0 && num_chunked > 0 && num_cut > 0 && num_redrawn > 0 && num_gave_up > 0,
          "the random schemes do not reach every branch: ", num_transfer, " of transfer masking, ", num_chunked,
          " texts in chunks, ", num_cut, " targets cut, ", num_redrawn, " redrawn, ", num_gave_up, " budgets given up");
}

}  // namespace

const std::vector<CorrectCase>& correct_cases() {
  static const std::vector<CorrectCase> cases = {{"collectives", check_collectives},
                                                 {"stages", check_stages},
                                                 {"mask_sample", check_mask_sample},
                                                 {"random_pairs", check_random_pairs}};
  return cases;
}

}  // namespace maskscope
