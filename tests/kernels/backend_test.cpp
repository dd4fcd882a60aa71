// Whole samples: the CPU backend against the oracle, against a group of threads, and against itself.
#include <cstdint>
#include <deque>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/error.h"
#include "kernels/backend.h"
#include "kernels/bench/layouts.h"
#include "tests/catch.h"
#include "tests/kernels/barrier_group.h"
#include "tests/kernels/masking_case.h"
#include "tests/kernels/random_scheme.h"
#include "tests/oracle/oracle.h"

namespace maskscope {
namespace {

MaskedBatch run(const Case& input, Backend& backend) {
  const MaskingPlan plan = make_plan(input.scheme, input.vocabulary);
  MaskedBatch masks;
  backend.run(plan, pack_samples(plan, view_of(input.samples)), input.draws, masks);
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

// Threads are started once per team, not per case; most teams are small, since a barrier of many threads is slow.
TEST_CASE("a group of threads gives the bits of the CPU backend") {
  const auto backend = make_backend(BackendChoice::cpu, 1);
  std::uint32_t seed = 0;
  for (const auto& [team_size, num_cases] : {std::pair{1, 20}, {2, 500}, {3, 350}, {7, 120}, {32, 10}}) {
    std::deque<CaseMemory> cases;
    const std::uint32_t first_seed = seed;
    for (; seed < first_seed + static_cast<std::uint32_t>(num_cases); ++seed) cases.emplace_back(random_case(seed));
    run_team(team_size, [&](BarrierGroup& group) {
      for (CaseMemory& memory : cases) mask_case(group, memory);
    });
    for (std::uint32_t i = 0; i < cases.size(); ++i) {
      INFO("case " << first_seed + i << " by " << team_size << " threads");
      require_equal(cases[i].masks(), run(random_case(first_seed + i), *backend));
    }
  }
  CHECK(seed == 1000);
}

TEST_CASE("the number of threads changes no bit") {
  const auto one = make_backend(BackendChoice::cpu, 1);
  const auto four = make_backend(BackendChoice::cpu, 4);
  Case input;
  input.scheme = bench_layout("4m-7-128").scheme;
  input.samples = bench_layout("4m-7-128").samples;
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
