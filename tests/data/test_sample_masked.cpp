// Masks of the recorded samples: of loaded views, and of whole dataset[i] calls, where transforms and masking draw from the same
// generators one after the other.
#include <algorithm>

#include "core/data/sample_view.h"
#include "kernels/torch_transform_draws.h"
#include "tests/catch.h"
#include "tests/data/recorded_dataset.h"
#include "tests/kernels/seeded_case.h"

namespace maskscope::test {

namespace {

using nlohmann::json;

std::vector<std::string> names_of(const Scheme& scheme) {
  std::vector<std::string> names;
  for (const SchemeModality& entry : scheme.modalities) names.push_back(entry.modality.name);
  return names;
}

Sample to_sample(const SampleView& view) {
  Sample sample{view.key, {}};
  for (const ModalityView& modality : view.modalities) sample.modalities.push_back(modality.tokens);
  return sample;
}

// What a view is loaded as: the modalities of a scheme.
struct Load {
  std::vector<std::string> names;
  TransformOptions options;
};

SampleView load(const json& sample, const Load& load, const TextTokenizer& tokenizer, TransformDraws& draws) {
  const MemoryDataset dataset = recorded_sample(sample);
  return load_sample(dataset, dataset.only_sample(), modalities_of(load.names), load.options, tokenizer, draws);
}

void check_texts(const SampleView& view, const json& texts) {
  for (const auto& [name, text] : texts.items()) {
    const auto found =
        std::find_if(view.modalities.begin(), view.modalities.end(), [&](const ModalityView& m) { return m.modality == name; });
    REQUIRE(found != view.modalities.end());
    if (text.is_array()) {
      CHECK(found->chunks == text.get<std::vector<std::string>>());
    } else {
      CHECK((found->text && *found->text == text.get<std::string>()));
    }
  }
}

}  // namespace

TEST_CASE("golden: masks of the recorded views") {
  const auto golden = load_recorded("masked"), loaded = load_recorded("loaded");
  const TextTokenizer* tokenizer = recorded_tokenizer();
  if (!golden || !loaded || !tokenizer) return;
  const auto configs = configs_by_name(*golden);
  REQUIRE_FALSE(golden->at("cases").empty());
  for (const json& entry : golden->at("cases")) {
    const json& view = loaded->at("views").at(entry["view"].get<std::size_t>());
    INFO("view " << entry["view"] << ", " << entry["config"] << ", seed " << entry["seed"]);
    const MaskingPlan plan =
        make_plan(make_scheme(configs.at(entry["config"].get<std::string>()), entry), recorded_vocabulary(*golden));
    Load what{names_of(plan.scheme),
              {.is_training = view["kind"] == "augmented",
               .has_aligned_captions = view["kind"] != "unaligned",
               .main_augment_domain = "rgb@224"}};
    if (view["kind"] != "center_crop") what.names = loaded->at("modalities").get<std::vector<std::string>>();
    TorchGenerators loading(view["seed"].get<std::uint64_t>());
    TorchTransformDraws draws(loading);
    SampleView sample_view = load(loaded->at("samples").at(view["sample"].get<std::size_t>()), what, *tokenizer, draws);
    // The scheme may have fewer modalities than were loaded.
    const auto names = names_of(plan.scheme);
    std::erase_if(sample_view.modalities,
                  [&](const ModalityView& m) { return std::find(names.begin(), names.end(), m.modality) == names.end(); });
    const std::vector<Sample> samples = {to_sample(sample_view)};
    MaskedBatch masks;
    TorchTrace trace;
    mask_with_torch_generators(plan, pack_samples(plan, view_of(samples)),
                               {.seed = entry["seed"].get<std::uint64_t>(), .first_call = 0, .batch_size = 1}, masks, &trace);
    check_masks(plan, masks, trace, entry);
  }
}

TEST_CASE("golden: whole samples from disk, transforms and masking from one stream") {
  const auto golden = load_recorded("masked"), loaded = load_recorded("loaded");
  const TextTokenizer* tokenizer = recorded_tokenizer();
  if (!golden || !loaded || !tokenizer) return;
  const auto configs = configs_by_name(*golden);
  REQUIRE_FALSE(golden->at("from_disk").empty());
  for (const json& entry : golden->at("from_disk")) {
    INFO("sample " << entry["sample"] << ", " << entry["config"] << ", seed " << entry["seed"]);
    const MaskingPlan plan =
        make_plan(make_scheme(configs.at(entry["config"].get<std::string>()), entry), recorded_vocabulary(*golden));
    const Load what{names_of(plan.scheme), {.is_training = !entry["no_aug"].get<bool>(), .main_augment_domain = "rgb@224"}};
    TorchGenerators generators(entry["seed"].get<std::uint64_t>());
    TorchTransformDraws draws(generators);
    const SampleView view = load(loaded->at("samples").at(entry["sample"].get<std::size_t>()), what, *tokenizer, draws);
    REQUIRE(view.crop);
    CHECK(view.crop->row == entry["crop_row"].get<int>());
    CHECK(std::vector<int>{view.crop->top, view.crop->left, view.crop->height, view.crop->width} ==
          entry["crop"].get<std::vector<int>>());
    CHECK(static_cast<int>(view.crop->is_flipped) == entry["flip"].get<int>());
    check_texts(view, entry["texts"]);

    const std::vector<Sample> samples = {to_sample(view)};
    MaskedBatch masks;
    TorchTrace trace;
    mask_with_torch_generators(plan, pack_samples(plan, view_of(samples)), generators, 0, masks, &trace);
    check_masks(plan, masks, trace, entry);
  }
}

}  // namespace maskscope::test
