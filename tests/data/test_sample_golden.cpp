// Samples after the loader's transforms, against what the reference's own loader made of the same files.
#include <algorithm>
#include <set>

#include "core/data/dataset_image.h"
#include "core/data/sample_view.h"
#include "kernels/torch_transform_draws.h"
#include "tests/catch.h"
#include "tests/data/recorded_dataset.h"
#include "tests/data/view_check.h"

namespace maskscope::test {

namespace {

using nlohmann::json;

TransformOptions options_of(const json& view) {
  TransformOptions options;
  options.is_training = view["kind"] == "augmented";
  options.has_aligned_captions = view["kind"] != "unaligned";
  options.main_augment_domain = "rgb@224";
  return options;
}

// All modalities that the reference loaded, though some views list a part of them only.
std::vector<std::string> names_loaded(const json& loaded, const json& view) {
  return view["kind"] == "center_crop" ? std::vector<std::string>{"caption", "det", "rgb@224"}
                                       : loaded["modalities"].get<std::vector<std::string>>();
}

PixelTolerance tolerance_of(const json& sample) {
  return sample["image"]["format"] == "jpeg" ? jpeg_tolerance : lossless_tolerance;
}

void check_view(const SampleView& view, const json& recorded, PixelTolerance tolerance) {
  for (const auto& [name, expected] : recorded["modalities"].items()) {
    const auto found =
        std::find_if(view.modalities.begin(), view.modalities.end(), [&](const ModalityView& m) { return m.modality == name; });
    REQUIRE(found != view.modalities.end());
    check_modality(*found, expected, view.crop ? &*view.crop : nullptr, tolerance);
  }
}

}  // namespace

TEST_CASE("golden: every view of the recorded samples") {
  const auto loaded = load_recorded("loaded");
  const TextTokenizer* tokenizer = recorded_tokenizer();
  if (!loaded || !tokenizer) return;
  REQUIRE_FALSE(loaded->at("views").empty());
  for (const json& recorded : loaded->at("views")) {
    const json& sample = loaded->at("samples").at(recorded["sample"].get<std::size_t>());
    INFO("view " << recorded["id"] << ", " << recorded["kind"] << " of sample " << sample["name"]);
    const MemoryDataset dataset = recorded_sample(sample);
    TorchGenerators generators(recorded["seed"].get<std::uint64_t>());
    TorchTransformDraws draws(generators);
    const SampleView view = load_sample(dataset, dataset.only_sample(), modalities_of(names_loaded(*loaded, recorded)),
                                        options_of(recorded), *tokenizer, draws);
    if (!recorded["crop_row"].is_null()) CHECK(view.crop.value().row == recorded["crop_row"].get<int>());
    check_view(view, recorded, tolerance_of(sample));
    for (const DataProblem& problem : view.problems) CHECK(problem.level != ProblemLevel::error);
  }
}

TEST_CASE("golden: validation views from the folders on disk and from every tar layout") {
  const auto loaded = load_recorded("loaded");
  const TextTokenizer* tokenizer = recorded_tokenizer();
  if (!loaded || !tokenizer) return;
  DatasetOptions dataset_options;
  dataset_options.modalities = loaded->at("modalities").get<std::vector<std::string>>();
  // The folders as one more layout: every sample, by class and name.
  json layouts = loaded->at("layouts");
  for (const json& view : loaded->at("views")) {
    if (view["kind"] != "validation") continue;
    const json& sample = loaded->at("samples").at(view["sample"].get<std::size_t>());
    layouts["folder"]["samples"].push_back({{"key", sample["class"].get<std::string>() + "/" + sample["name"].get<std::string>()},
                                            {"sample", view["sample"]},
                                            {"view", view["id"]},
                                            {"differs_from_folder", json::object()}});
  }
  REQUIRE(layouts.size() > 1);
  for (const auto& [name, layout] : layouts.items()) {
    const auto dataset = open_dataset(recorded_dataset_folder() + "/" + name, dataset_options);
    while (dataset->index_more(1000)) {}
    CHECK(dataset->num_samples() == static_cast<std::int64_t>(layout["samples"].size()));
    for (const json& entry : layout["samples"]) {
      INFO(name << ", key " << entry["key"]);
      json recorded = loaded->at("views").at(entry["view"].get<std::size_t>());
      recorded["modalities"].update(entry["differs_from_folder"]);
      const auto number = dataset->find(entry["key"].get<std::string>());
      REQUIRE(number);
      TorchGenerators generators(recorded["seed"].get<std::uint64_t>());
      TorchTransformDraws draws(generators);
      const SampleView view = load_sample(*dataset, dataset->sample(*number), modalities_of(names_loaded(*loaded, recorded)),
                                          options_of(recorded), *tokenizer, draws);
      check_view(view, recorded, tolerance_of(loaded->at("samples").at(entry["sample"].get<std::size_t>())));
      for (const DataProblem& problem : view.problems) CHECK(problem.level != ProblemLevel::error);
    }
  }
}

TEST_CASE("golden: decoded pictures before the crop") {
  const auto loaded = load_recorded("loaded");
  if (!loaded) return;
  std::set<std::size_t> seen;
  for (const json& recorded : loaded->at("views")) {
    const auto s = recorded["sample"].get<std::size_t>();
    if (!recorded["modalities"].contains("rgb@224") || !seen.insert(s).second) continue;
    const json& rgb = recorded["modalities"]["rgb@224"];
    const json& sample = loaded->at("samples").at(s);
    INFO("sample " << sample["name"]);
    Findings findings;
    const Picture picture =
        decode_dataset_image(read_recorded(sample["files"]["rgb"].get<std::string>()), "picture", findings).picture;
    CHECK(std::vector<int>{picture.height, picture.width} == rgb["source_size_hw"].get<std::vector<int>>());
    for (const json& entry : rgb["source_pixels"]) {
      const auto pixel = entry.get<std::array<int, 5>>();
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t at =
            (static_cast<std::size_t>(pixel[0]) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(pixel[1])) *
                3 +
            c;
        CHECK(std::abs(picture.rgb.at(at) - pixel[2 + c]) <= tolerance_of(sample).pixel);
      }
    }
  }
  CHECK(seen.size() == loaded->at("samples").size());
}

TEST_CASE("golden: without the main picture detections fail, ids and captions do not") {
  const auto loaded = load_recorded("loaded");
  const TextTokenizer* tokenizer = recorded_tokenizer();
  if (!loaded || !tokenizer) return;
  const MemoryDataset dataset = recorded_sample(loaded->at("samples").at(0));
  TorchGenerators generators(0);
  TorchTransformDraws draws(generators);
  TransformOptions options;
  options.main_augment_domain = "rgb@224";
  const SampleView view =
      load_sample(dataset, dataset.only_sample(), modalities_of({"caption", "det", "tok_rgb@224"}), options, *tokenizer, draws);
  CHECK(view.modalities[0].is_present);
  CHECK_FALSE(view.modalities[1].is_present);
  CHECK(view.modalities[2].is_present);
  REQUIRE(view.problems.size() == 1);
  CHECK(view.problems[0].modality == "det");
  CHECK(view.problems[0].reference == "raises TypeError: the sample can't be loaded.");
}

TEST_CASE("golden: what must not be read is refused") {
  const auto loaded = load_recorded("loaded");
  const TextTokenizer* tokenizer = recorded_tokenizer();
  if (!loaded || !tokenizer) return;
  for (const json& refused : loaded->at("refused")) {
    const auto name = refused["modality"].get<std::string>();
    MemoryDataset dataset = recorded_sample(loaded->at("samples").at(0));
    dataset.set(name, "npy", read_recorded(refused["file"].get<std::string>()));
    TorchGenerators generators(0);
    TorchTransformDraws draws(generators);
    const SampleView view = load_sample(dataset, dataset.only_sample(), modalities_of({"caption", name}), {}, *tokenizer, draws);
    CHECK(view.modalities[0].is_present);
    CHECK_FALSE(view.modalities[1].is_present);
    REQUIRE(view.problems.size() == 1);
    CHECK(
        view.problems[0].sentence ==
        "Instances are stored as a Python pickle, and reading one runs what is written in it: it was not opened. The modality keeps its place "
        "in the scheme, without ids.");
  }
}

}  // namespace maskscope::test
