// Recorded samples with damaged files: whatever they hold, load_sample gives a view, and says what it could not use.
#include <algorithm>
#include <random>

#include "core/data/sample_view.h"
#include "core/named_transform_draws.h"
#include "tests/catch.h"
#include "tests/data/recorded_dataset.h"
#include "tests/data/tiny_tokenizer.h"

namespace maskscope::test {

namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t n) { return static_cast<std::size_t>(random()) % n; }

// Bytes replaced, removed, repeated or cut off; in texts also by characters that mean something there.
void mutate(std::vector<std::uint8_t>& bytes, Random& random) {
  constexpr std::string_view telling = "[]{}\",:-+.0123456789eE\\uNI\r\n\xEF\xFF";
  for (std::size_t changes = 1 + below(random, 4); changes > 0 && !bytes.empty(); --changes) {
    const std::size_t at = below(random, bytes.size());
    const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = place + static_cast<std::ptrdiff_t>(1 + below(random, std::min<std::size_t>(bytes.size() - at, 40)));
    switch (below(random, 6)) {
      case 0: *place = static_cast<std::uint8_t>(random()); break;
      case 1: *place ^= static_cast<std::uint8_t>(1u << below(random, 8)); break;
      case 2: *place = static_cast<std::uint8_t>(telling[below(random, telling.size())]); break;
      case 3: bytes.erase(place, end); break;
      case 4: {
        const std::vector<std::uint8_t> part(place, end);
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(random, bytes.size())), part.begin(), part.end());
        break;
      }
      default: bytes.resize(at); break;
    }
  }
}

void check_consistent(const SampleView& view, const std::vector<Modality>& modalities) {
  REQUIRE(view.modalities.size() == modalities.size());
  for (std::size_t m = 0; m < modalities.size(); ++m) {
    const ModalityView& entry = view.modalities[m];
    INFO(entry.modality);
    REQUIRE(entry.tokens.is_present == entry.is_present);
    const auto is_of_modality = [&](const DataProblem& problem) {
      return problem.level == ProblemLevel::error && problem.modality == entry.modality;
    };
    REQUIRE(entry.is_present == std::none_of(view.problems.begin(), view.problems.end(), is_of_modality));
    if (!entry.is_present) continue;
    if (modalities[m].kind == ModalityKind::img && modalities[m].vocab_size > 0) {
      REQUIRE(entry.tokens.ids.size() == static_cast<std::size_t>(modalities[m].max_tokens));
    }
    if (entry.picture)
      REQUIRE(entry.picture->rgb.size() == static_cast<std::size_t>(entry.picture->width * entry.picture->height * 3));
    if (entry.tokenized) REQUIRE(entry.tokenized->ids == entry.tokens.ids);
  }
  for (const DataProblem& problem : view.problems) {
    REQUIRE(problem.sentence.size() > 1);
    REQUIRE(problem.sentence.back() == '.');
    REQUIRE((problem.reference.empty() || problem.reference.back() == '.'));
    REQUIRE_FALSE(problem.modality.empty());
  }
}

}  // namespace

TEST_CASE("golden: recorded samples with damaged files") {
  const auto loaded = load_recorded("loaded");
  if (!loaded) return;
  const TextTokenizer tokenizer = tokenizer_of(tiny_tokenizer_json({"a", "bird", "##s"}));
  const std::vector<Modality> modalities = modalities_of(loaded->at("modalities").get<std::vector<std::string>>());
  std::vector<MemoryDataset> samples;
  for (const auto& sample : loaded->at("samples")) samples.push_back(recorded_sample(sample));

  constexpr int num_mutations = 4000;
  Random random(20240607);
  int num_damaged = 0;
  for (int i = 0; i < num_mutations; ++i) {
    const MemoryDataset& original = samples[below(random, samples.size())];
    const SampleRef files = original.only_sample();
    const FileRef& file = files.files[below(random, files.files.size())];
    std::vector<std::uint8_t> bytes = original.bytes(file.modality);
    mutate(bytes, random);
    // The mutated file and what it depends on, not all sixteen.
    MemoryDataset dataset;
    for (const std::string& name :
         {std::string("rgb@224"), std::string("crop_settings"), std::string("tok_dinov2_global"), std::string("human_poses")}) {
      if (const FileRef* kept = files.find(name)) dataset.set(name, kept->extension, original.bytes(name));
    }
    dataset.set(file.modality, file.extension, bytes);
    std::vector<Modality> wanted;
    for (const Modality& modality : modalities) {
      if (dataset.only_sample().find(modality.name)) wanted.push_back(modality);
    }
    INFO("mutation " << i << " of " << file.modality);
    const auto draws = named_transform_draws(7, static_cast<std::uint64_t>(i));
    const SampleView view = load_sample(dataset, dataset.only_sample(), wanted,
                                        {.is_training = i % 2 == 0, .has_aligned_captions = i % 3 != 0}, tokenizer, *draws);
    check_consistent(view, wanted);
    num_damaged += !view.problems.empty();
  }
  CHECK(num_damaged > num_mutations / 3);  // the mutations do reach the readers
}

}  // namespace maskscope::test
