#include "tests/catch.h"
#include "tests/kernels/seeded_case.h"

namespace maskscope {
namespace {

using nlohmann::json;

// A text is its ids or a list of chunks; embeddings are only counted. Grids have no recorded input.
ModalityTokens make_tokens(const json& input) {
  ModalityTokens tokens;
  tokens.is_present = true;
  tokens.ids = input.value("ids", Ids{});
  for (const json& recorded : input.value("chunks", json::array())) {
    const auto chunk = recorded.get<Ids>();
    tokens.ids.insert(tokens.ids.end(), chunk.begin(), chunk.end());
    tokens.chunk_lengths.push_back(static_cast<std::int32_t>(chunk.size()));
  }
  tokens.num_rows = input.value("num_rows", 0);
  return tokens;
}

Sample make_sample(const Scheme& scheme, const json& inputs) {
  Sample sample;
  for (const SchemeModality& entry : scheme.modalities) {
    sample.modalities.push_back(make_tokens(inputs.value(entry.modality.name, json::object())));
  }
  return sample;
}

}  // namespace

TEST_CASE("golden: UnifiedMasking from a seed") {
  const auto golden = load_golden("seeded");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("cases").empty());
  const std::map<std::string, json> configs = configs_by_name(*golden);
  const SequenceVocabulary vocabulary = recorded_vocabulary(*golden);

  for (const json& entry : golden->at("cases")) {
    INFO(entry["config"] << ", seed " << entry["seed"]);
    const MaskingPlan plan = make_plan(make_scheme(configs.at(entry["config"].get<std::string>()), entry), vocabulary);
    const std::vector<Sample> samples = {make_sample(plan.scheme, entry["inputs"])};
    MaskedBatch masks;
    TorchTrace trace;
    mask_with_torch_generators(plan, pack_samples(plan, view_of(samples)),
                               {.seed = entry["seed"].get<std::uint64_t>(), .first_call = 0, .batch_size = 1}, masks,
                               &trace);
    REQUIRE(entry["out"].size() == plan.modalities.size());
    check_masks(plan, masks, trace, entry);
  }
}

}  // namespace maskscope
