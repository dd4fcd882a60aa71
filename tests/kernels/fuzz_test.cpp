// Valid schemes, samples and vocabularies with a few values changed at random, often to the worst there are: each ends in
// masks or in an Error with a sentence, never in a crash (build with MASKSCOPE_SANITIZE=address,undefined to see more).
#include <array>
#include <climits>
#include <cstdint>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/draw.h"
#include "core/error.h"
#include "kernels/backend.h"
#include "kernels/embedding.h"
#include "kernels/torch_masking.h"
#include "tests/catch.h"
#include "tests/kernels/random_scheme.h"

namespace maskscope {
namespace {

struct Input {
  Scheme scheme;
  SequenceVocabulary vocabulary = default_vocabulary();
  Sample sample;
  DrawRange draws{1, 0, 2};
};

class Mutator {
 public:
  explicit Mutator(std::uint32_t seed) : random_(seed) {
    input_.scheme = random_.scheme();
    // The grids of random schemes have no size in pixels to number positions by.
    for (SchemeModality& entry : input_.scheme.modalities) entry.modality.has_learned_positions = true;
    input_.sample = random_.sample(input_.scheme, input_.vocabulary);
  }

  Input mutated() {
    for (int left = random_.between(1, 3); left > 0; --left) {
      switch (random_.between(0, 5)) {
        case 0: change_scheme(input_.scheme); break;
        case 1: change_vocabulary(input_.vocabulary); break;
        case 2: change_draws(input_.draws); break;
        case 3: change_sample(input_.sample); break;
        default:
          if (!input_.scheme.modalities.empty()) change_entry(any_of(input_.scheme.modalities));
      }
    }
    return input_;
  }

 private:
  template <class T>
  T& any_of(std::vector<T>& values) {
    return values[static_cast<std::size_t>(random_.between(0, static_cast<int>(values.size()) - 1))];
  }
  int any_int() {
    constexpr std::array values{INT_MIN, -65536, -2, -1, 0, 1, 2, 3, 7, 255, 1000, 65535, 65536, 1 << 20, (1 << 20) + 1, INT_MAX};
    return random_.one_in(3) ? random_.between(-5, 400) : values[static_cast<std::size_t>(random_.between(0, values.size() - 1))];
  }
  double any_double() {
    constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    constexpr std::array values{nan, infinity, -infinity, -1.0, -0.0, 0.0, 1e-320, 1e-9, 0.5, 1e9, 1e10, 1e308};
    return values[static_cast<std::size_t>(random_.between(0, values.size() - 1))];
  }
  // One element changed, added or taken away.
  template <class T>
  void change(std::vector<T>& values, T value) {
    if (values.empty() || random_.one_in(4)) values.push_back(value);
    else if (random_.one_in(4)) values.pop_back();
    else any_of(values) = value;
  }

  void change_scheme(Scheme& scheme) {
    if (scheme.modalities.empty()) return;
    switch (random_.between(0, 11)) {
      case 0: scheme.mode = static_cast<BudgetMode>(random_.between(0, 4)); break;
      case 1: change(scheme.sampling_weights, any_double()); break;
      case 2: scheme.input_tokens.low = any_int(); break;
      case 3: scheme.input_tokens.high = any_int(); break;
      case 4: scheme.target_tokens = TokenRange{any_int(), any_int()}; break;
      case 5: scheme.max_tries = any_int(); break;
      case 6: scheme.encoder_slots = any_int(); break;
      case 7: scheme.decoder_slots = any_int(); break;
      case 8: scheme.modalities.pop_back(); break;
      case 9: scheme.modalities.push_back(any_of(scheme.modalities)); break;
      case 10: std::swap(scheme.modalities.front(), scheme.modalities.back()); break;
      default:
        for (SchemeModality& entry : scheme.modalities) entry.input_alphas.clear();
    }
    if (scheme.modalities.empty()) scheme.modalities.resize(random_.one_in(2) ? 1 : 0);
  }

  void change_entry(SchemeModality& entry) {
    Modality& modality = entry.modality;
    switch (random_.between(0, 17)) {
      case 0: modality.name = random_.one_in(2) ? "" : "zebra"; break;
      case 1: modality.kind = static_cast<ModalityKind>(random_.between(0, 5)); break;
      case 2: modality.id = any_int(); break;
      case 3: modality.min_tokens = any_int(); break;
      case 4: modality.max_tokens = any_int(); break;
      case 5: modality.vocab_size = any_int(); break;
      case 6: modality.vocab_offset = any_int(); break;
      case 7: modality.input_size = any_int(); break;
      case 8: modality.patch_size = any_int(); break;
      case 9: modality.num_channels = any_int(); break;
      case 10: modality.max_positions = any_int(); break;
      case 11: modality.has_decoder_embedding = !modality.has_decoder_embedding; break;
      case 12: change(entry.input_alphas, any_double()); break;
      case 13: change(entry.target_alphas, any_double()); break;
      case 14: change(entry.keep, static_cast<KeepScheme>(random_.between(0, 4))); break;
      case 15: entry.direct_encoder_tokens = any_int(); break;
      case 16: entry.direct_decoder_tokens = any_int(); break;
      default: entry.transfer_role = static_cast<TransferRole>(random_.between(0, 4));
    }
  }

  void change_vocabulary(SequenceVocabulary& vocabulary) {
    switch (random_.between(0, 3)) {
      case 0: vocabulary.pad_id = any_int(); break;
      case 1: vocabulary.eos_id = any_int(); break;
      case 2: vocabulary.sentinel_ids.resize(static_cast<std::size_t>(random_.between(0, 5))); break;
      default: change(vocabulary.sentinel_ids, any_int());
    }
  }

  void change_draws(DrawRange& draws) {
    switch (random_.between(0, 2)) {
      case 0: draws.seed = ~std::uint64_t{0}; break;
      case 1: draws.first_sample = random_.one_in(2) ? ~std::uint64_t{0} : max_sample_index; break;
      default: draws.batch_size = random_.between(-1, 3);
    }
  }

  void change_sample(Sample& sample) {
    if (sample.modalities.empty() || random_.one_in(6)) {
      sample.modalities.resize(static_cast<std::size_t>(random_.between(0, 7)));
      return;
    }
    ModalityTokens& tokens = any_of(sample.modalities);
    switch (random_.between(0, 4)) {
      case 0: tokens.is_present = !tokens.is_present; break;
      case 1: change(tokens.ids, any_int()); break;
      case 2: tokens.ids.resize(static_cast<std::size_t>(random_.between(0, 1000)), 5); break;
      case 3: change(tokens.chunk_lengths, any_int()); break;
      default: tokens.num_rows = any_int();
    }
  }

  RandomScheme random_;
  Input input_;
};

// Everything that a user's input goes through.
void mask(const Input& input, Backend& backend) {
  const MaskingPlan plan = make_plan(input.scheme, input.vocabulary);
  const std::vector<Sample> samples{input.sample};
  const PackedSamples packed = pack_samples(plan, view_of(samples));
  MaskedBatch masks;
  backend.run(plan, packed, input.draws, masks);
  mask_with_torch_generators(plan, packed, {input.draws.seed, 0, input.draws.batch_size}, masks, nullptr);
  const EmbeddingTables tables = make_embedding_tables(plan, {.seed = 1, .dim = 4, .num_register_tokens = 1});
  if (masks.batch_size == 0) return;
  embed_encoder(tables, masks, 0, {});
  embed_decoder(tables, masks, 0);
}

}  // namespace

TEST_CASE("changed schemes and samples are masked or refused with a sentence") {
  const std::unique_ptr<Backend> backend = make_backend(BackendChoice::cpu, 1);
  int num_masked = 0, num_refused = 0;
  for (std::uint32_t seed = 0; seed < 5000; ++seed) {
    INFO("seed " << seed);
    try {
      mask(Mutator(seed).mutated(), *backend);
      ++num_masked;
    } catch (const Error& error) {
      ++num_refused;
      const std::string sentence = error.what();
      INFO(sentence);
      REQUIRE(sentence.size() > 30);
      REQUIRE(sentence.back() == '.');
    }
  }
  std::cout << num_masked << " changed inputs were masked, " << num_refused << " refused\n";
  CHECK(num_masked > 1000);
  CHECK(num_refused > 1000);
}

}  // namespace maskscope
