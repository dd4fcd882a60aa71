// core/data/sample_view, load_sample_texts: the texts of load_sample, without what it costs to make pictures.
#include <memory>
#include <string>
#include <vector>

#include "core/data/dataset_image.h"
#include "core/data/sample_view.h"
#include "core/named_transform_draws.h"
#include "kernels/torch_transform_draws.h"
#include "tests/catch.h"
#include "tests/data/image_fixtures.h"
#include "tests/data/recorded_dataset.h"

namespace maskscope::test {

namespace {

using Names = std::vector<std::string>;

// What comes next of every kind of draw: where the generators stand.
std::vector<double> next_draws(TransformDraws& draws) {
  std::vector<double> next = {draws.uniform(), static_cast<double>(draws.crop24())};
  next.push_back(draws.palette_length());
  next.push_back(draws.crop_row(1'000'000));
  next.push_back(draws.caption_choice(1'000'000));
  next.push_back(draws.crop_offset(1'000'000));
  for (const int index : draws.pose_order()) next.push_back(index);
  for (const int index : draws.metadata_order(50)) next.push_back(index);
  return next;
}

bool is_text(const Modality& modality) { return modality.kind == ModalityKind::seq && modality.name != "sam_instance"; }

// Returns how many texts there were.
std::size_t check_texts(const SampleView& texts, const SampleView& whole, const std::vector<Modality>& modalities) {
  REQUIRE(texts.modalities.size() == modalities.size());
  CHECK(texts.key == whole.key);
  CHECK(texts.number == whole.number);
  REQUIRE(texts.crop.has_value() == whole.crop.has_value());
  if (whole.crop) {
    CHECK(texts.crop->row == whole.crop->row);
    CHECK(texts.crop->top == whole.crop->top);
    CHECK(texts.crop->left == whole.crop->left);
    CHECK(texts.crop->height == whole.crop->height);
    CHECK(texts.crop->width == whole.crop->width);
    CHECK(texts.crop->is_flipped == whole.crop->is_flipped);
  }
  std::size_t num_texts = 0;
  for (std::size_t m = 0; m < modalities.size(); ++m) {
    const ModalityView &a = texts.modalities[m], &b = whole.modalities[m];
    INFO(b.modality);
    CHECK(a.modality == b.modality);
    CHECK(a.picture == nullptr);
    CHECK(a.rows == nullptr);
    if (!is_text(modalities[m])) {
      CHECK_FALSE(a.is_present);
      continue;
    }
    CHECK(a.is_present == b.is_present);
    REQUIRE((a.text != nullptr) == (b.text != nullptr));
    if (!b.text) continue;
    ++num_texts;
    CHECK(*a.text == *b.text);
    CHECK(a.chunks == b.chunks);
    CHECK(a.tokens.ids == b.tokens.ids);
    CHECK(a.tokens.chunk_lengths == b.tokens.chunk_lengths);
    CHECK(a.summary == b.summary);
  }
  return num_texts;
}

// Both ways, with generators of PyTorch, Python and NumPy, and with named draws.
std::size_t check_sample(const Dataset& dataset, const SampleRef& sample, const std::vector<Modality>& modalities,
                         const TransformOptions& options, std::uint64_t seed) {
  const TextTokenizer& tokenizer = *recorded_tokenizer();
  std::size_t num_texts = 0;
  {
    TorchGenerators generators(seed), same_generators(seed);
    TorchTransformDraws draws(generators), same_draws(same_generators);
    const SampleView whole = load_sample(dataset, sample, modalities, options, tokenizer, draws);
    const SampleView texts = load_sample_texts(dataset, sample, modalities, options, tokenizer, same_draws);
    num_texts += check_texts(texts, whole, modalities);
    CHECK(next_draws(draws) == next_draws(same_draws));
  }
  const auto number = static_cast<std::uint64_t>(sample.number);
  const std::unique_ptr<TransformDraws> draws = named_transform_draws(seed, number), same_draws = named_transform_draws(seed, number);
  const SampleView whole = load_sample(dataset, sample, modalities, options, tokenizer, *draws);
  const SampleView texts = load_sample_texts(dataset, sample, modalities, options, tokenizer, *same_draws);
  num_texts += check_texts(texts, whole, modalities);
  CHECK(next_draws(*draws) == next_draws(*same_draws));
  return num_texts;
}

}  // namespace

TEST_CASE("golden: the texts alone are those of whole samples, in every layout") {
  const auto loaded = load_recorded("loaded");
  if (!loaded || !recorded_tokenizer()) return;
  const auto all = loaded->at("modalities").get<Names>();
  Names without_ids;
  for (const std::string& name : all) {
    if (!is_pretokenized(builtin_modality(name).value())) without_ids.push_back(name);
  }
  REQUIRE(without_ids.size() < all.size());
  Names layouts = {"folder"};
  for (const auto& [name, layout] : loaded->at("layouts").items()) layouts.push_back(name);
  REQUIRE(layouts.size() > 2);
  for (const std::string& layout : layouts) {
    DatasetOptions dataset_options;
    dataset_options.modalities = all;
    const auto dataset = open_dataset(recorded_dataset_folder() + "/" + layout, dataset_options);
    while (dataset->index_more(1000)) {
    }
    REQUIRE(dataset->num_samples() > 0);
    std::size_t num_texts = 0;
    for (std::int64_t i = 0; i < dataset->num_samples(); ++i) {
      for (const bool is_training : {false, true}) {
        for (const Names& names : {all, without_ids}) {  // crops by their row, and random ones by the picture's size
          for (const std::uint64_t seed : {0, 1, 2}) {
            INFO(layout << " sample " << i << (is_training ? ", training, " : ", validation, ") << names.size() << " modalities, seed " << seed);
            TransformOptions options;
            options.is_training = is_training;
            options.has_aligned_captions = seed != 1;
            options.main_augment_domain = seed == 2 ? "" : "rgb@224";
            num_texts += check_sample(*dataset, dataset->sample(i), modalities_of(names), options, seed);
          }
        }
      }
    }
    // Caption, detections, metadata, palette and poses, each in two sorts of draws.
    CHECK(num_texts == static_cast<std::size_t>(dataset->num_samples()) * 2 * 2 * 3 * 5 * 2);
  }
}

TEST_CASE("texts alone: without the picture, with a broken one, and with one that is cut") {
  const auto loaded = load_recorded("loaded");
  if (!loaded || !recorded_tokenizer()) return;
  TransformOptions options;
  options.main_augment_domain = "rgb@224";
  const auto modalities = modalities_of({"caption", "det", "human_poses", "metadata", "rgb@224"});
  for (const bool is_training : {false, true}) {
    options.is_training = is_training;
    MemoryDataset dataset = recorded_sample(loaded->at("samples").at(0));
    const std::vector<std::uint8_t> picture = dataset.bytes("rgb@224");
    check_sample(dataset, dataset.only_sample(), modalities, options, 3);
    dataset.set("rgb@224", "jpg", std::string("no picture"));
    check_sample(dataset, dataset.only_sample(), modalities, options, 3);
    dataset.set("rgb@224", "jpg", std::vector<std::uint8_t>(picture.begin(), picture.begin() + static_cast<std::ptrdiff_t>(picture.size() / 2)));
    check_sample(dataset, dataset.only_sample(), modalities, options, 3);
    dataset.remove("rgb@224");
    check_sample(dataset, dataset.only_sample(), modalities, options, 3);
  }
}

TEST_CASE("texts alone: files of ids and embeddings are not looked at") {
  const auto loaded = load_recorded("loaded");
  if (!loaded || !recorded_tokenizer()) return;
  MemoryDataset dataset = recorded_sample(loaded->at("samples").at(0));
  dataset.set("tok_rgb@224", "npy", std::string("broken"));
  dataset.set("t5_caption", "npz", std::string("broken"));
  const std::unique_ptr<TransformDraws> draws = named_transform_draws(0, 0);
  const SampleView view = load_sample_texts(dataset, dataset.only_sample(), modalities_of({"caption", "rgb@224", "t5_caption", "tok_rgb@224"}),
                                            {}, *recorded_tokenizer(), *draws);
  CHECK(view.problems.empty());
  CHECK(view.modalities[0].is_present);
  for (std::size_t m = 1; m < view.modalities.size(); ++m) CHECK(view.modalities[m].summary == "not read");
}

TEST_CASE("size of a data set's picture: as decoded, in every format") {
  std::vector<Data> pictures = {png(3, 8, 2, {Data(9), Data(9)}), bmp(3, 2, Data(24)), tga(3, 2, 2, 24, Data(18)), text("P5 3 2 255\n") + Data(6)};
  for (const char* name : {"six.jpg", "six_progressive.jpg", "cmyk.jpg", "grey16.tif", "pattern.jp2", "pattern.webp", "pattern_lzw.tif"}) {
    pictures.push_back(fixture(name));
  }
  for (const Data& bytes : pictures) {
    Findings findings;
    const DatasetImage image = decode_dataset_image(bytes, "picture", findings);
    INFO(image.format);
    CHECK(dataset_image_size(bytes, "picture") == PixelSize{image.picture.height, image.picture.width});
  }
  CHECK_THROWS_WITH(dataset_image_size(text("no picture"), "a.jpg"), contains_text("a.jpg: the file holds text"));
}

}  // namespace maskscope::test
