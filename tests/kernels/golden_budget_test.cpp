#include "kernels/serial_group.h"
#include "kernels/stages/budget.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"
#include "tests/kernels/recorded_draws.h"

namespace maskscope {
namespace {

using nlohmann::json;

std::vector<ModalityPlan> plan_modalities(const json& golden, const std::string& name) {
  std::vector<ModalityPlan> modalities;
  for (const json& config : golden["configs"]) {
    if (config["name"] != name) continue;
    for (const json& entry : config["modalities"]) {
      ModalityPlan modality{};
      modality.kind = entry["type"] == "img" ? ModalityKind::img : ModalityKind::seq;
      modality.min_tokens = entry["min_tokens"].get<std::int32_t>();
      modality.max_tokens = entry["max_tokens"].get<std::int32_t>();
      modalities.push_back(modality);
    }
  }
  return modalities;
}

RecordedDraws recorded_draws(const json& tries) {
  RecordedDraws draws;
  for (const json& attempt : tries) {
    draws.dirichlet_vectors.push_back(attempt["p"].get<std::vector<float>>());
    for (const json& extra : attempt["extra"]) draws.dirichlet_vectors.push_back(extra.get<std::vector<float>>());
  }
  return draws;
}

}  // namespace

TEST_CASE("golden: input_token_budget and target_token_budget") {
  const auto golden = load_golden("budgets");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("cases").empty());
  for (const json& entry : golden->at("cases")) {
    const auto modalities = plan_modalities(*golden, entry["config"]);
    INFO(entry["config"] << ", component " << entry["dir_idx"]);
    REQUIRE_FALSE(modalities.empty());
    // Memory for a few vectors at a time, so that the remaining tokens come in several rounds.
    constexpr std::size_t at_once = 3;
    std::vector<float> p(at_once * modalities.size());
    std::vector<std::int32_t> winners(at_once), input(modalities.size()), target(modalities.size());
    Scratch scratch{};
    scratch.dirichlet = view_of(p);
    scratch.winners = view_of(winners);
    SerialGroup group;

    BudgetRequest request;
    request.modalities = view_of(modalities);
    request.max_tries = entry["max_tries"].get<std::int32_t>();
    request.num_tokens = entry["num_input_tokens"].get<std::int32_t>();
    RecordedDraws draws = recorded_draws(entry["input_draws"]);
    const auto input_most = [&](std::int32_t m) { return modalities[static_cast<std::size_t>(m)].max_tokens; };
    REQUIRE(draw_budget(group, draws, request, input_most, scratch, input.data()) != entry["input_gave_up"].get<bool>());
    REQUIRE(input == entry["input_budget"].get<std::vector<std::int32_t>>());
    REQUIRE(draws.is_used_up());

    request.num_tokens = entry["num_target_tokens"].get<std::int32_t>();
    draws = recorded_draws(entry["target_draws"]);
    const auto target_most = [&](std::int32_t m) {
      const auto at = static_cast<std::size_t>(m);
      return most_target_tokens(modalities[at], input[at]);
    };
    REQUIRE(draw_budget(group, draws, request, target_most, scratch, target.data()) !=
            entry["target_gave_up"].get<bool>());
    REQUIRE(target == entry["target_budget"].get<std::vector<std::int32_t>>());
    REQUIRE(draws.is_used_up());
  }
}

}  // namespace maskscope
