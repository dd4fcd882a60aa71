// What loading a sample costs, beside the bare decoding of its files.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <vector>

#include "core/data/dataset_image.h"
#include "core/data/sample_file.h"
#include "core/data/sample_view.h"
#include "core/named_transform_draws.h"
#include "tests/catch.h"
#include "tests/data/recorded_dataset.h"

namespace maskscope::test {

namespace {

// Pictures decoded, arrays and JSON parsed; nothing made of them.
std::size_t decode_only(const Dataset& dataset, const SampleRef& sample) {
  Findings findings;
  std::size_t sum = 0;
  for (const FileRef& file : sample.files) {
    if (file.modality == "rgb@224") {
      sum += decode_dataset_image(read_sample_image(dataset, file), "picture", findings).picture.rgb.size();
    } else if (file.extension == "npy") {
      sum += read_sample_npy(dataset, file).data.size();
    } else if (file.extension == "npz") {
      sum += read_sample_npz(dataset, file).size();
    } else if (is_text_file(file)) {
      sum += read_sample_text(dataset, file).size();
    } else {
      sum += read_sample_json(dataset, file, findings).object.size();
    }
  }
  return sum;
}

template <class Call>
double best_us(const Call& call) {
  double best = 1e9;
  for (int i = 0; i < 30; ++i) {
    const auto start = std::chrono::steady_clock::now();
    call();
    best = std::min(best, std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

}  // namespace

TEST_CASE("golden: a sample is loaded in at most 4 times the bare decoding of its files") {
  const auto loaded = load_recorded("loaded");
  const TextTokenizer* tokenizer = recorded_tokenizer();
  if (!loaded || !tokenizer) return;
  DatasetOptions options;
  options.modalities = loaded->at("modalities").get<std::vector<std::string>>();
  const std::vector<Modality> modalities = modalities_of(options.modalities);
  for (const char* const layout : {"folder", "shards"}) {
    const auto dataset = open_dataset(recorded_dataset_folder() + "/" + layout, options);
    while (dataset->index_more(1000)) {}
    double decoding_us = 0, loading_us = 0;
    std::size_t sum = 0;
    for (std::int64_t i = 0; i < dataset->num_samples(); ++i) {
      const SampleRef sample = dataset->sample(i);
      decoding_us += best_us([&] { sum += decode_only(*dataset, sample); });
      loading_us += best_us([&] {
        const auto draws = named_transform_draws(1, static_cast<std::uint64_t>(i));
        sum += load_sample(*dataset, sample, modalities, {}, *tokenizer, *draws).problems.size();
      });
    }
    CHECK(sum > 0);
    const auto num_samples = static_cast<double>(dataset->num_samples());
    std::cout << layout << ": a sample is decoded in " << decoding_us / num_samples << " us and loaded in "
              << loading_us / num_samples << " us, " << loading_us / decoding_us << " times\n";
    CHECK(loading_us <= 4 * decoding_us);
  }
}

}  // namespace maskscope::test
