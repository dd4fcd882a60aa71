#include "app/commands/bench_data.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "app/dataset_inputs.h"
#include "core/data/dataset_image.h"
#include "core/data/sample_file.h"
#include "core/error.h"
#include "core/named_transform_draws.h"

namespace maskscope::commands {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int num_rounds = 5;                 // the best of them counts: what others do with the machine is not ours
constexpr std::int64_t most_samples = 64;
constexpr std::size_t entries_per_step = 128;

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

// Pictures decoded, arrays and JSON parsed; nothing made of them. What can't be decoded costs what it costs to find out.
std::size_t decode_only(const Dataset& dataset, const FileRef& file) {
  Findings findings;
  if (file.extension == "npy") return read_sample_npy(dataset, file).data.size();
  if (file.extension == "npz") return read_sample_npz(dataset, file).size();
  if (is_text_file(file)) return read_sample_text(dataset, file).size();
  if (file.extension.starts_with("json")) return read_sample_json(dataset, file, findings).object.size();
  return decode_dataset_image(read_sample_image(dataset, file), "picture", findings).picture.rgb.size();
}

std::size_t decode_only(const Dataset& dataset, const SampleRef& sample) {
  std::size_t sum = 0;
  for (const FileRef& file : sample.files) {
    try {
      sum += decode_only(dataset, file);
    } catch (const std::runtime_error&) {
    }
  }
  return sum;
}

template <class Call>
double best_ms(const Call& call) {
  double best = 1e300;
  for (int round = 0; round < num_rounds; ++round) {
    const auto start = Clock::now();
    call();
    best = std::min(best, ms_since(start));
  }
  return best;
}

}  // namespace

nlohmann::ordered_json measure_data(const Document& document) {
  const DatasetSpec& spec = document.inputs.dataset;
  const auto start = Clock::now();
  const auto dataset = open_dataset(spec.path, {spec.modalities, {}, spec.modality_name_map});
  while (dataset->num_samples() == 0 && dataset->index_more(entries_per_step)) {
  }
  const double first_ms = ms_since(start);
  while (dataset->index_more(entries_per_step)) {
  }
  const double index_ms = ms_since(start);
  const std::int64_t num_samples = dataset->num_samples();
  if (num_samples == 0) throw Error(cat(spec.path, ": there is no sample in this data set."));

  const SampleRequest request = sample_request(document, load_tokenizer(document.inputs));
  const std::int64_t num_measured = std::min(num_samples, most_samples);
  double decoding_ms = 0, loading_ms = 0;
  std::size_t num_files = 0, sum = 0;
  for (std::int64_t i = 0; i < num_measured; ++i) {
    const std::int64_t number = i * num_samples / num_measured;  // from all over the data set
    const SampleRef sample = dataset->sample(number);
    num_files += sample.files.size();
    decoding_ms += best_ms([&] { sum += decode_only(*dataset, sample); });
    loading_ms += best_ms([&] {
      const auto draws = named_transform_draws(request.seed, static_cast<std::uint64_t>(number));
      sum += load_sample(*dataset, sample, request.modalities, request.transforms, *request.tokenizer, *draws).problems.size();
    });
  }
  [[maybe_unused]] static volatile std::size_t sink = 0;  // so that nothing of the work above can be left out
  sink = sum;
  const auto count = static_cast<double>(num_measured);
  return {{"samples", num_samples},
          {"files_per_sample", static_cast<double>(num_files) / count},
          {"first_sample_ms", first_ms},
          {"whole_index_ms", index_ms},
          {"indexed_samples_per_s", static_cast<double>(num_samples) / std::max(index_ms, 1e-6) * 1e3},
          {"decoding_ms_per_sample", decoding_ms / count},
          {"loading_ms_per_sample", loading_ms / count},
          {"loading_x_decoding", loading_ms / std::max(decoding_ms, 1e-9)}};
}

}  // namespace maskscope::commands
