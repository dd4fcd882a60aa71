// Whole samples: the CPU backend against the oracle, against a group of threads, and against itself.
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "core/error.h"
#include "kernels/backend.h"
#include "kernels/bench_layout.h"
#include "kernels/philox_draws.h"
#include "kernels/stages/mask_sample.h"
#include "tests/catch.h"
#include "tests/kernels/barrier_group.h"
#include "tests/kernels/random_scheme.h"
#include "tests/oracle/oracle.h"

namespace maskscope {
namespace {

// One scheme with a few samples, and the draws to mask them with.
struct Case {
  Scheme scheme;
  SequenceVocabulary vocabulary = default_vocabulary();
  std::vector<Sample> samples;
  DrawRange draws;
};

Case random_case(std::uint32_t seed) {
  RandomScheme random(seed);
  Case result;
  result.scheme = random.scheme();
  for (int i = random.between(1, 3); i > 0; --i) {
    result.samples.push_back(random.sample(result.scheme, result.vocabulary));
  }
  result.draws = {seed * 0x9E3779B97F4A7C15ULL, random.one_in(2) ? 0u : (std::uint64_t{1} << 33) + seed,
                  random.between(1, 5)};
  return result;
}

MaskedBatch run(const Case& input, Backend& backend) {
  const MaskingPlan plan = make_plan(input.scheme, input.vocabulary);
  MaskedBatch masks;
  backend.run(plan, pack_samples(plan, view_of(input.samples)), input.draws, masks);
  return masks;
}

MaskedBatch run_in_team(const Case& input, std::int32_t team_size) {
  const MaskingPlan plan = make_plan(input.scheme, input.vocabulary);
  const PackedSamples packed = pack_samples(plan, view_of(input.samples));
  MaskedBatch masks;
  masks.resize(plan.scheme, input.draws.batch_size);
  Scratch scratch;
  const ScratchSizes sizes = scratch_sizes(plan, packed);
  std::vector<double> memory(carve_scratch(sizes, nullptr, scratch) / sizeof(double));
  carve_scratch(sizes, reinterpret_cast<std::byte*>(memory.data()), scratch);
  const PlanView view = plan_view(plan);
  const RowShape shape{masks.num_modalities, masks.num_slots, masks.encoder_slots, masks.decoder_slots};
  run_team(team_size, [&](BarrierGroup& group) {
    for (std::size_t row = 0; row < static_cast<std::size_t>(input.draws.batch_size); ++row) {
      const auto sample = static_cast<std::ptrdiff_t>(row % input.samples.size());
      const SampleTokens tokens =
          tokens_of(all_tokens(packed), sample, packed.tokens_per_sample, packed.num_modalities);
      const PhiloxDraws draws(SampleDraws{input.draws.seed, input.draws.first_sample + row});
      mask_sample(group, draws, view, tokens, scratch, row_of(first_row(masks), shape, row));
    }
  });
  return masks;
}

MaskedBatch run_oracle(const Case& input) {
  return oracle::mask(input.scheme, input.vocabulary, input.samples, input.draws.seed, input.draws.first_sample,
                      input.draws.batch_size);
}

// Names the first array that differs.
void require_equal(const MaskedBatch& found, const MaskedBatch& expected) {
  CHECK(found.input_budget == expected.input_budget);
  CHECK(found.target_budget == expected.target_budget);
  CHECK(found.tensor == expected.tensor);
  CHECK(found.input_mask == expected.input_mask);
  CHECK(found.target_mask == expected.target_mask);
  CHECK(found.slot_origin == expected.slot_origin);
  CHECK(found.encoder_source == expected.encoder_source);
  CHECK(found.decoder_source == expected.decoder_source);
  REQUIRE(found == expected);
}

}  // namespace

TEST_CASE("the CPU backend agrees with the oracle on random schemes") {
  const auto backend = make_backend(BackendChoice::cpu, 1);
  int num_by_chunk = 0, num_rows_used = 0, num_transfer = 0;
  int num_cut = 0, num_redrawn = 0, num_gave_up = 0, num_overfull = 0;
  for (std::uint32_t seed = 0; seed < 1500; ++seed) {
    INFO("case " << seed);
    const Case input = random_case(seed);
    const MaskedBatch masks = run(input, *backend);
    require_equal(masks, run_oracle(input));
    num_transfer += input.scheme.mode == BudgetMode::transfer;
    for (const Sample& sample : input.samples) {
      for (const ModalityTokens& tokens : sample.modalities) {
        num_by_chunk += tokens.is_present && tokens.chunk_lengths.size() > 1;
        num_rows_used += tokens.is_present && tokens.num_rows > 0;
      }
    }
    for (const int begin : masks.target_window_begin) num_cut += begin > 0;
    for (const int attempts : masks.num_attempts) num_redrawn += attempts > 1;
    for (const int flags : masks.budget_flags) num_gave_up += flags > 0;
    for (const int valid : masks.encoder_valid) num_overfull += valid > masks.encoder_slots;
  }
  // The cases do reach the branches.
  CHECK(num_by_chunk > 100);
  CHECK(num_rows_used > 100);
  CHECK(num_transfer > 100);
  CHECK(num_cut > 100);
  CHECK(num_redrawn > 100);
  CHECK(num_gave_up > 100);
  CHECK(num_overfull > 100);
}

TEST_CASE("the CPU backend agrees with the oracle on the presets") {
  const auto backend = make_backend(BackendChoice::cpu, 0);
  for (const std::string& name : preset_names()) {
    INFO(name);
    Case input;
    input.scheme = preset_scheme(name);
    RandomScheme random(7);
    input.samples = {random.sample(input.scheme, input.vocabulary)};
    input.draws = {.seed = 42, .first_sample = 0, .batch_size = 40};
    require_equal(run(input, *backend), run_oracle(input));
  }
}

TEST_CASE("a group of threads gives the bits of the serial group") {
  const auto backend = make_backend(BackendChoice::cpu, 1);
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    INFO("case " << seed);
    const Case input = random_case(seed);
    require_equal(run_in_team(input, static_cast<std::int32_t>(1 + seed % 5)), run(input, *backend));
  }
}

TEST_CASE("the number of threads changes no bit") {
  const auto one = make_backend(BackendChoice::cpu, 1);
  const auto four = make_backend(BackendChoice::cpu, 4);
  Case input;
  input.scheme = bench_scheme();
  input.samples = {bench_sample()};
  input.draws = {.seed = 3, .first_sample = 100, .batch_size = 333};
  const MaskedBatch masks = run(input, *one);
  require_equal(run(input, *four), masks);

  // Any sample can be computed alone.
  input.draws = {.seed = 3, .first_sample = 432, .batch_size = 1};
  const MaskedBatch alone = run(input, *four);
  const auto last = masks.encoder_source.end() - masks.encoder_slots;
  CHECK(std::equal(last, masks.encoder_source.end(), alone.encoder_source.begin()));
}

TEST_CASE("a modality of 65535 tokens is masked") {
  Case input;
  for (const ModalityKind kind : {ModalityKind::img, ModalityKind::seq}) {
    SchemeModality entry;
    entry.modality.name = kind == ModalityKind::img ? "grid" : "text";
    entry.modality.id = modality_id(entry.modality.name);
    entry.modality.kind = kind;
    entry.modality.max_tokens = 65535;
    entry.input_alphas = entry.target_alphas = {1.0};
    entry.keep = {KeepScheme::all};
    entry.direct_encoder_tokens = kind == ModalityKind::img ? 40000 : 65535;
    entry.direct_decoder_tokens = 20000;
    input.scheme.modalities.push_back(entry);
  }
  input.scheme.mode = BudgetMode::direct;
  input.scheme.encoder_slots = input.scheme.decoder_slots = 1 << 20;
  Sample sample;
  sample.modalities = {{true, {}}, {true, std::vector<std::int32_t>(65535, 5000)}};
  input.samples = {sample};
  input.draws = {.seed = 1, .first_sample = 0, .batch_size = 1};
  const auto backend = make_backend(BackendChoice::cpu, 1);
  const MaskedBatch masks = run(input, *backend);
  CHECK(masks.encoder_valid[0] == 40000 + 65535);
  require_equal(masks, run_oracle(input));
}

TEST_CASE("an empty batch is empty") {
  const auto backend = make_backend(BackendChoice::cpu, 2);
  Case input;
  input.scheme = default_scheme();
  CHECK(run(input, *backend).tensor.empty());
}

TEST_CASE("more masked runs than sentinels is an error that names the sample and the modality") {
  Case input;
  input.scheme = preset_scheme("t5");
  input.vocabulary.sentinel_ids.resize(4);
  input.samples = {{"long", {{true, std::vector<std::int32_t>(200, 5000)}}}};
  input.draws = {.seed = 1, .first_sample = 10, .batch_size = 200};
  std::string message;
  for (const int threads : {1, 4}) {
    const auto backend = make_backend(BackendChoice::cpu, threads);
    try {
      run(input, *backend);
      FAIL("no error");
    } catch (const Error& error) {
      CHECK((message.empty() || message == error.what()));
      message = error.what();
    }
  }
  CHECK(message.find("modality caption") != std::string::npos);
  CHECK(message.find("sentinels") != std::string::npos);
  CHECK_THROWS_AS(run_oracle(input), std::out_of_range);
}

TEST_CASE("requests that cannot be computed are refused") {
  const auto backend = make_backend(BackendChoice::cpu, 1);
  const Scheme scheme = preset_scheme("t5");
  const MaskingPlan plan = make_plan(scheme, default_vocabulary());
  const std::vector<Sample> samples = {{"a", {{true, {5000, 5001}}}}};
  const PackedSamples packed = pack_samples(plan, view_of(samples));
  const auto run_range = [&](const MaskingPlan& wanted, const PackedSamples& given, DrawRange draws) {
    MaskedBatch masks;
    backend->run(wanted, given, draws, masks);
  };
  const DrawRange one{1, 0, 1}, negative{1, 0, -1}, last{1, max_sample_index, 1}, beyond{1, max_sample_index, 2};
  CHECK_THROWS_AS(run_range(plan, PackedSamples(), one), Error);
  CHECK_THROWS_AS(run_range(plan, packed, negative), Error);
  CHECK_THROWS_AS(run_range(plan, packed, beyond), Error);
  CHECK_NOTHROW(run_range(plan, packed, last));
  const MaskingPlan other = make_plan(default_scheme(), default_vocabulary());
  CHECK_THROWS_AS(run_range(other, packed, one), Error);
}

}  // namespace maskscope
