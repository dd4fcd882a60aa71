// Every configuration of golden/dataset/schemes.json: what the reference's training script makes of it.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/data/config_reading.h"
#include "core/data/python_values.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/golden_file.h"
#include "tests/data/scheme_fixtures.h"

namespace maskscope {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const json& recorded() {
  static const json all = json::parse(test::read_golden("dataset/schemes.json"));
  return all;
}

MainSettings settings_from(const json& recorded_settings) {
  const auto limit = [&](const char* key) {
    return recorded_settings[key].is_null() ? std::nullopt : std::optional<int>(recorded_settings[key].get<int>());
  };
  MainSettings settings;
  settings.num_input_tokens = recorded_settings["num_input_tokens"];
  settings.num_target_tokens = recorded_settings["num_target_tokens"];
  settings.min_input_tokens = limit("min_input_tokens");
  settings.min_target_tokens = limit("min_target_tokens");
  settings.input_size = recorded()["input_size"];
  settings.patch_size = recorded()["patch_size"];
  return settings;
}

// A value as the recording writes it; a null pointer is null.
json to_json(const YamlPtr& value) {
  if (!value) return nullptr;
  switch (value->kind) {
    case YamlKind::null: return nullptr;
    case YamlKind::boolean: return value->is_true;
    case YamlKind::integer: return static_cast<std::int64_t>(value->number);
    case YamlKind::real:
      if (std::isfinite(value->number)) return value->number;
      return json{{"not_finite", std::isnan(value->number) ? "nan" : value->number > 0 ? "inf" : "-inf"}};
    case YamlKind::string:
    case YamlKind::date: return value->text;
    case YamlKind::list: {
      json list = json::array();
      for (const YamlPtr& item : value->items) list.push_back(to_json(item));
      return list;
    }
    case YamlKind::map: {
      json map = json::object();
      for (const auto& [key, entry] : value->entries) map[key->text] = to_json(entry);
      return map;
    }
  }
  return nullptr;
}

// Equal, an integer and a float being two things.
bool is_same(const json& a, const json& b) {
  if (a.is_number() && b.is_number()) return a.is_number_float() == b.is_number_float() && a == b;
  if (a.type() != b.type() || a.size() != b.size()) return false;
  if (a.is_array()) return std::equal(a.begin(), a.end(), b.begin(), is_same);
  if (a.is_object())
    return std::all_of(a.items().begin(), a.items().end(),
                       [&](const auto& item) { return b.contains(item.key()) && is_same(item.value(), b[item.key()]); });
  return a == b;
}

#define CHECK_SAME(computed, expected)              \
  do {                                              \
    const json computed_value = computed;           \
    const json expected_value = expected;           \
    INFO("computed " << computed_value.dump());     \
    INFO("recorded " << expected_value.dump());     \
    CHECK(is_same(computed_value, expected_value)); \
  } while (false)

json modalities_json(const HandedDataset& dataset) {
  const auto limit = [](std::optional<int> value) { return value ? json(*value) : json(nullptr); };
  json list = json::array();
  for (const HandedModality& modality : dataset.modalities) {
    json entry{{"name", modality.name},
               {"type", modality.type},
               {"min_tokens", limit(modality.min_tokens)},
               {"max_tokens", limit(modality.max_tokens)},
               {"input_alphas", to_json(modality.input_alphas.value)},
               {"target_alphas", to_json(modality.target_alphas.value)}};
    if (modality.keep.value) entry["keep"] = to_json(modality.keep.value);
    list.push_back(std::move(entry));
  }
  return list;
}

json range_json(const HandedRange& range) { return json::array({to_json(range.low), to_json(range.high)}); }

json loader_json(const HandedDataset& dataset, const HandedLoader& loader, bool is_training) {
  json out{{"loader", loader.loader},
           {"data_path", to_json(loader.data_path)},
           {"all_domains", dataset.all_domains},
           {"augmenter", loader.augmenter},
           {"aligned_captions", to_json(loader.aligned_captions)},
           {"sampling_weights", loader.has_sampling_weights ? to_json(dataset.sampling_weights) : json(nullptr)}};
  if (loader.no_aug) out["no_aug"] = *loader.no_aug;
  if (loader.main_domain) out["main_domain"] = to_json(loader.main_domain);
  if (loader.hflip) out["hflip"] = to_json(loader.hflip);
  if (loader.crop_scale) out["crop_scale"] = to_json(loader.crop_scale);
  if (loader.crop_ratio) out["crop_ratio"] = to_json(loader.crop_ratio);
  if (loader.loader == "shards") {
    out["modality_name_map"] = to_json(loader.modality_name_map);
    out["shuffle_buffer_repeat"] = to_json(loader.shuffle_buffer_repeat);
    out["n_repeats"] = to_json(loader.n_repeats);
  }
  if (loader.shuffle_buffer_load) out["shuffle_buffer_load"] = to_json(loader.shuffle_buffer_load);
  if (loader.loader == "huggingface") out["split"] = is_training ? "train" : "validation";
  return out;
}

struct Counts {
  int configs = 0, datasets = 0, ranges = 0, loaders = 0, validations = 0, failures = 0;
};

void check_loader(const HandedDataset& dataset, const HandedLoader& loader, bool is_training, const json& ranges,
                  const json& expected_loader, Counts& counts) {
  ++counts.ranges;
  if (ranges.contains("raises")) {
    CHECK(loader.raises);
    return;
  }
  CHECK_FALSE(loader.raises);
  CHECK_SAME(range_json(loader.input_tokens), ranges["input_tokens_range"]);
  CHECK_SAME(range_json(loader.target_tokens), ranges["target_tokens_range"]);
  CHECK_SAME(loader_json(dataset, loader, is_training), expected_loader);
  ++counts.loaders;
}

void check_dataset(const HandedDataset& dataset, const json& expected, std::size_t setting, Counts& counts) {
  INFO("data set " << dataset.name);
  ++counts.datasets;
  CHECK(dataset.name == expected["name"]);
  CHECK(dataset.raises_setup == !expected["raises"].is_null());
  if (!expected["raises"].is_null()) {
    CHECK(expected["raises"]["stage"] == "setup");
    ++counts.failures;
    return;
  }
  CHECK_SAME(to_json(dataset.sampling_weights), expected["sampling_weights"]);
  CHECK_SAME(modalities_json(dataset), expected["modalities"]);
  CHECK(dataset.raises_masking == !expected["masking_raises"].is_null());
  counts.failures += dataset.raises_masking;
  check_loader(dataset, dataset.training, true, expected["ranges"][setting], expected["loader"], counts);
  CHECK(dataset.validation.has_value() == expected.contains("validation"));
  if (!expected.contains("validation")) return;
  ++counts.validations;
  check_loader(dataset, *dataset.validation, false, expected["validation"]["ranges"][setting], expected["validation"]["loader"],
               counts);
}

// Whether a range of the recording can be drawn from.
bool is_range(const json& range) { return range[0].is_number_integer() && range[1].is_number_integer() && range[0] <= range[1]; }

bool has_error_of_reference(const LoadedConfig& config) {
  return std::any_of(config.problems.begin(), config.problems.end(), [](const DataProblem& problem) {
    return problem.level == ProblemLevel::error && !problem.reference.empty() && !problem.sentence.empty();
  });
}

std::vector<double> numbers(const json& list) {
  std::vector<double> out;
  for (const json& item : list) out.push_back(std::max(item.get<double>(), 0.0));
  return out;
}

// What this program makes of a data set that the reference can use must be the same; of another it must say that it fails.
void check_scheme(const LoadedConfig& config, const ConfigDataset& dataset, const json& expected, const json& ranges,
                  bool uses_weights, bool config_fails) {
  INFO("scheme of " << dataset.name);
  const bool fails = config_fails || !expected["raises"].is_null() || !expected["masking_raises"].is_null() ||
                     ranges.contains("raises") || !is_range(ranges["input_tokens_range"]) ||
                     !is_range(ranges["target_tokens_range"]) ||
                     expected["modalities"].dump().find("not_finite") != std::string::npos;
  CHECK(dataset.is_usable == !fails);
  if (fails) {
    CHECK(has_error_of_reference(config));
    return;
  }
  CHECK_NOTHROW(validate(dataset.scheme));
  for (const json& modality : expected["modalities"]) {
    const int place = dataset.scheme.find(modality["name"].get<std::string>());
    REQUIRE(place >= 0);
    const SchemeModality& entry = dataset.scheme.modalities[static_cast<std::size_t>(place)];
    CHECK(entry.input_alphas == numbers(modality["input_alphas"]));
    CHECK(entry.target_alphas == numbers(modality["target_alphas"]));
    CHECK(entry.modality.max_tokens == modality["max_tokens"]);
    CHECK(to_string(entry.modality.kind) == modality["type"].get<std::string>());
    for (std::size_t c = 0; modality.contains("keep") && c < entry.keep.size(); ++c)
      CHECK(to_string(entry.keep[c]) == modality["keep"][c].get<std::string>());
  }
  CHECK(dataset.scheme.input_tokens == TokenRange{ranges["input_tokens_range"][0], ranges["input_tokens_range"][1]});
  CHECK(dataset.scheme.target_tokens == TokenRange{ranges["target_tokens_range"][0], ranges["target_tokens_range"][1]});
  const json weights = uses_weights ? expected["loader"]["sampling_weights"] : json(nullptr);
  CHECK(dataset.scheme.sampling_weights == (weights.is_null() ? std::vector<double>{} : numbers(weights)));
}

}  // namespace

TEST_CASE("golden: every configuration is handed on as the reference hands it on, and fails where it fails") {
  Counts counts;
  REQUIRE(recorded()["configs"].size() > 0);
  for (const json& expected : recorded()["configs"]) {
    ++counts.configs;
    const fs::path path = test::golden_dataset_folder() / expected["file"].get<std::string>();
    INFO(path.string());
    if (!expected["raises"].is_null() && expected["raises"]["stage"] == "read") {
      ++counts.failures;
      CHECK_THROWS_AS(read_config(path), Error);
      continue;
    }
    for (std::size_t setting = 0; setting < recorded()["main_settings"].size(); ++setting) {
      const ConfigReading reading = read_config_places(path, settings_from(recorded()["main_settings"][setting]), {});
      const HandedConfig& handed = reading.handed;
      CHECK(handed.raises_modalities == !expected["raises"].is_null());
      if (!expected["raises"].is_null()) {
        ++counts.failures;
        CHECK(expected["raises"]["stage"] == "modalities");
        CHECK(has_error_of_reference(reading.config));
        CHECK(std::any_of(reading.config.training.begin(), reading.config.training.end(),
                          [](const ConfigDataset& dataset) { return !dataset.is_usable; }));
        continue;
      }
      json weights = json::array();
      for (std::size_t d = 0; d < handed.datasets.size() && !handed.weights; ++d) weights.push_back(1.0);
      CHECK_SAME(handed.weights ? to_json(handed.weights) : weights, expected["weights"]);
      CHECK_SAME(handed.all_domains, expected["all_domains"]);
      REQUIRE(handed.datasets.size() == expected["datasets"].size());
      REQUIRE(reading.config.training.size() == handed.datasets.size());
      std::size_t validation = 0;
      for (std::size_t d = 0; d < handed.datasets.size(); ++d) {
        const json& dataset = expected["datasets"][d];
        check_dataset(handed.datasets[d], dataset, setting, counts);
        check_scheme(reading.config, reading.config.training[d], dataset,
                     dataset["raises"].is_null() ? dataset["ranges"][setting] : json::object(), true, false);
        if (!dataset.contains("validation")) continue;
        REQUIRE(validation < reading.config.validation.size());
        check_scheme(reading.config, reading.config.validation[validation++], dataset, dataset["validation"]["ranges"][setting],
                     false, false);
      }
    }
  }
  CHECK(counts.configs == static_cast<int>(recorded()["configs"].size()));
  WARN(counts.configs << " configurations, " << counts.datasets << " data sets, " << counts.ranges << " pairs of ranges, "
                      << counts.loaders << " loaders, " << counts.validations << " of them for validation, " << counts.failures
                      << " failures of the reference: all compared");
  CHECK(counts.loaders > 0);
  CHECK(counts.failures > 0);
}

}  // namespace maskscope
