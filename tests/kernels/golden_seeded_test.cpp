#include <array>
#include <map>

#include "core/sample.h"
#include "core/scheme.h"
#include "kernels/torch_masking.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"

namespace maskscope {
namespace {

using nlohmann::json;
using Ids = std::vector<std::int32_t>;

const std::map<std::string, ModalityKind> kinds = {
    {"img", ModalityKind::img}, {"seq", ModalityKind::seq}, {"seq_emb", ModalityKind::seq_emb}};
const std::map<std::string, KeepScheme> keep_schemes = {
    {"random", KeepScheme::random}, {"all", KeepScheme::all}, {"binary", KeepScheme::binary}};

TokenRange token_range(const json& range) { return {range.at(0).get<int>(), range.at(1).get<int>()}; }

Scheme make_scheme(const json& config, const json& entry) {
  Scheme scheme;
  scheme.name = config["name"].get<std::string>();
  for (const json& recorded : config["modalities"]) {
    SchemeModality modality;
    modality.modality.name = recorded["name"].get<std::string>();
    modality.modality.id = modality_id(modality.modality.name);
    modality.modality.kind = kinds.at(recorded["type"].get<std::string>());
    modality.modality.min_tokens = recorded["min_tokens"].get<int>();
    modality.modality.max_tokens = recorded["max_tokens"].get<int>();
    modality.modality.has_decoder_embedding = modality.modality.kind != ModalityKind::seq_emb;
    modality.input_alphas = recorded["input_alphas"].get<std::vector<double>>();
    modality.target_alphas = recorded["target_alphas"].get<std::vector<double>>();
    for (const json& keep : recorded.value("keep", json::array())) {
      modality.keep.push_back(keep_schemes.at(keep.get<std::string>()));
    }
    scheme.modalities.push_back(modality);
  }
  if (entry["use_sampling_weights"].get<bool>()) {
    scheme.sampling_weights = config["sampling_weights"].get<std::vector<double>>();
  }
  scheme.input_tokens = token_range(entry["input_tokens_range"]);
  scheme.target_tokens.reset();
  if (!entry["target_tokens_range"].is_null()) scheme.target_tokens = token_range(entry["target_tokens_range"]);
  return scheme;
}

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

// null: no target range was given, no modality has a budget.
Ids budgets(const json& recorded, std::size_t num_modalities) {
  return recorded.is_null() ? Ids(num_modalities, -1) : recorded.get<Ids>();
}

void check_budgets(const MaskedBatch& masks, const json& entry) {
  REQUIRE(masks.component[0] == entry["dir_idx"].get<std::int32_t>());
  REQUIRE(masks.num_input_tokens[0] == entry["num_input_tokens"].get<std::int32_t>());
  const json& num_target_tokens = entry["num_target_tokens"];
  REQUIRE(masks.num_target_tokens[0] == (num_target_tokens.is_null() ? -1 : num_target_tokens.get<std::int32_t>()));
  REQUIRE(masks.input_budget == entry["input_budget"].get<Ids>());
  REQUIRE(masks.target_budget == budgets(entry["target_budget"], masks.input_budget.size()));
}

void check_modality(const MaskedBatch& masks, std::size_t m, const json& out) {
  const auto slots = [&](const auto& array) {
    return std::vector(array.begin() + masks.slot_offset[m], array.begin() + masks.slot_offset[m + 1]);
  };
  REQUIRE(slots(masks.input_mask) == digits<std::uint8_t>(out["input_mask"]));
  REQUIRE(slots(masks.target_mask) == digits<std::uint8_t>(out["target_mask"]));
  const Ids attention = slots(masks.decoder_attention_mask);
  REQUIRE(attention == (out["decoder_attention_mask"].is_string() ? digits<std::int32_t>(out["decoder_attention_mask"])
                                                    : from_sparse(out["decoder_attention_mask"], attention.size())));
  if (out.contains("tensor")) REQUIRE(slots(masks.tensor) == out["tensor"].get<Ids>());
  if (out.contains("rows")) REQUIRE(slots(masks.tensor) == out["rows"].get<Ids>());
}

void check_generators(const TorchTrace& trace, const json& after) {
  REQUIRE(trace.next_torch_rand24 == after["torch_rand24"].get<std::array<std::uint32_t, 3>>());
  REQUIRE(trace.next_python_random == after["python_random"].get<std::array<double, 2>>());
  REQUIRE(trace.next_numpy_randint == after["numpy_randint_2_30"].get<std::array<std::uint32_t, 2>>());
}

}  // namespace

TEST_CASE("golden: UnifiedMasking from a seed") {
  const auto golden = load_golden("seeded");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("cases").empty());
  std::map<std::string, json> configs;
  for (const json& config : golden->at("configs")) configs[config["name"].get<std::string>()] = config;
  SequenceVocabulary vocabulary = default_vocabulary();
  vocabulary.pad_id = golden->at("pad_id").get<std::int32_t>();
  vocabulary.eos_id = golden->at("eos_id").get<std::int32_t>();

  for (const json& entry : golden->at("cases")) {
    INFO(entry["config"] << ", seed " << entry["seed"]);
    const MaskingPlan plan = make_plan(make_scheme(configs.at(entry["config"].get<std::string>()), entry), vocabulary);
    const std::vector<Sample> samples = {make_sample(plan.scheme, entry["inputs"])};
    MaskedBatch masks;
    TorchTrace trace;
    mask_with_torch_generators(plan, pack_samples(plan, view_of(samples)),
                               {.seed = entry["seed"].get<std::uint64_t>(), .first_call = 0, .batch_size = 1}, masks,
                               &trace);
    check_budgets(masks, entry);
    REQUIRE(entry["out"].size() == plan.modalities.size());
    for (std::size_t m = 0; m < plan.modalities.size(); ++m) {
      INFO(plan.scheme.modalities[m].modality.name);
      check_modality(masks, m, entry["out"].at(plan.scheme.modalities[m].modality.name));
    }
    check_generators(trace, entry["after"]);
  }
}

}  // namespace maskscope
