// Recorded runs of UnifiedMasking from a seed (seeded.json, dataset/masked.json): their schemes, and whether masks are equal.
#pragma once

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/sample.h"
#include "core/scheme.h"
#include "kernels/torch_masking.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"

namespace maskscope {

using Ids = std::vector<std::int32_t>;

inline TokenRange token_range(const nlohmann::json& range) { return {range.at(0).get<int>(), range.at(1).get<int>()}; }

inline Scheme make_scheme(const nlohmann::json& config, const nlohmann::json& entry) {
  static const std::map<std::string, ModalityKind> kinds = {
      {"img", ModalityKind::img}, {"seq", ModalityKind::seq}, {"seq_emb", ModalityKind::seq_emb}};
  static const std::map<std::string, KeepScheme> keep_schemes = {
      {"random", KeepScheme::random}, {"all", KeepScheme::all}, {"binary", KeepScheme::binary}};
  Scheme scheme;
  scheme.name = config["name"].get<std::string>();
  for (const nlohmann::json& recorded : config["modalities"]) {
    SchemeModality modality;
    modality.modality.name = recorded["name"].get<std::string>();
    modality.modality.id = modality_id(modality.modality.name);
    modality.modality.kind = kinds.at(recorded["type"].get<std::string>());
    modality.modality.min_tokens = recorded["min_tokens"].get<int>();
    modality.modality.max_tokens = recorded["max_tokens"].get<int>();
    modality.modality.has_decoder_embedding = modality.modality.kind != ModalityKind::seq_emb;
    modality.input_alphas = recorded["input_alphas"].get<std::vector<double>>();
    modality.target_alphas = recorded["target_alphas"].get<std::vector<double>>();
    for (const nlohmann::json& keep : recorded.value("keep", nlohmann::json::array())) {
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

// null: no target range was given, no modality has a budget.
inline Ids budgets(const nlohmann::json& recorded, std::size_t num_modalities) {
  return recorded.is_null() ? Ids(num_modalities, -1) : recorded.get<Ids>();
}

inline void check_budgets(const MaskedBatch& masks, const nlohmann::json& entry) {
  REQUIRE(masks.component[0] == entry["dir_idx"].get<std::int32_t>());
  REQUIRE(masks.num_input_tokens[0] == entry["num_input_tokens"].get<std::int32_t>());
  const nlohmann::json& num_target_tokens = entry["num_target_tokens"];
  REQUIRE(masks.num_target_tokens[0] == (num_target_tokens.is_null() ? -1 : num_target_tokens.get<std::int32_t>()));
  REQUIRE(masks.input_budget == entry["input_budget"].get<Ids>());
  REQUIRE(masks.target_budget == budgets(entry["target_budget"], masks.input_budget.size()));
}

inline void check_modality(const MaskedBatch& masks, std::size_t m, const nlohmann::json& out) {
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

inline void check_generators(const TorchTrace& trace, const nlohmann::json& after) {
  REQUIRE(trace.next_torch_rand24 == after["torch_rand24"].get<std::array<std::uint32_t, 3>>());
  REQUIRE(trace.next_python_random == after["python_random"].get<std::array<double, 2>>());
  REQUIRE(trace.next_numpy_randint == after["numpy_randint_2_30"].get<std::array<std::uint32_t, 2>>());
}

// plan: the masks' plan. entry: what was recorded.
inline void check_masks(const MaskingPlan& plan, const MaskedBatch& masks, const TorchTrace& trace, const nlohmann::json& entry) {
  check_budgets(masks, entry);
  for (std::size_t m = 0; m < plan.modalities.size(); ++m) {
    const std::string& name = plan.scheme.modalities[m].modality.name;
    INFO(name);
    check_modality(masks, m, entry["out"].at(name));
  }
  check_generators(trace, entry["after"]);
}

inline SequenceVocabulary recorded_vocabulary(const nlohmann::json& golden) {
  SequenceVocabulary vocabulary = default_vocabulary();
  vocabulary.pad_id = golden.at("pad_id").get<std::int32_t>();
  vocabulary.eos_id = golden.at("eos_id").get<std::int32_t>();
  return vocabulary;
}

inline std::map<std::string, nlohmann::json> configs_by_name(const nlohmann::json& golden) {
  std::map<std::string, nlohmann::json> configs;
  for (const nlohmann::json& config : golden.at("configs")) configs[config["name"].get<std::string>()] = config;
  return configs;
}

}  // namespace maskscope
