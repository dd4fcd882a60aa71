// CUDA against the CPU. Without a GPU the comparisons are skipped, visibly; with MASKSCOPE_REQUIRE_CUDA=1 that is a failure.
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "kernels/backend.h"
#include "kernels/bench/layouts.h"
#include "kernels/cpu_backend.h"
#include "kernels/cuda_backend.h"
#include "tests/catch.h"
#include "tests/kernels/random_scheme.h"

namespace maskscope {
namespace {

bool can_compare() {
  const CudaStatus status = cuda_status();
  if (status.is_usable) return true;
  const char* const required = std::getenv("MASKSCOPE_REQUIRE_CUDA");
  if (required && std::string(required) == "1") FAIL("CUDA is required, but " << status.reason);
  std::cout << "SKIPPED: CUDA cannot be compared: " << status.reason << "\n";
  return false;
}

struct Outcome {
  MaskedBatch masks;
  std::string error;
  bool operator==(const Outcome&) const = default;
};

Outcome outcome(Backend& backend, const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws) {
  Outcome result;
  try {
    backend.run(plan, samples, draws, result.masks);
  } catch (const Error& error) {
    result.masks = {};
    result.error = error.what();
  }
  return result;
}

// num_schemes random schemes with rows_per_scheme rows each, and the layouts of the bench.
void compare(Backend& cuda, std::uint32_t num_schemes, int rows_per_scheme) {
  const auto cpu = make_cpu_backend(0);
  const SequenceVocabulary vocabulary = default_vocabulary();
  const auto compare_one = [&](const Scheme& scheme, const std::vector<Sample>& samples, DrawRange draws) {
    const MaskingPlan plan = make_plan(scheme, vocabulary);
    const PackedSamples packed = pack_samples(plan, view_of(samples));
    REQUIRE(outcome(cuda, plan, packed, draws) == outcome(*cpu, plan, packed, draws));
  };
  for (const BenchLayout& layout : bench_layouts()) {
    compare_one(layout.scheme, layout.samples, {.seed = 42, .first_sample = 0, .batch_size = 5000});
  }
  for (std::uint32_t seed = 0; seed < num_schemes; ++seed) {
    INFO("case " << seed);
    RandomScheme random(seed);
    const Scheme scheme = random.scheme();
    const std::vector<Sample> samples = {random.sample(scheme, vocabulary), random.sample(scheme, vocabulary)};
    compare_one(scheme, samples, {.seed = seed, .first_sample = seed, .batch_size = rows_per_scheme});
  }
}

}  // namespace

TEST_CASE("the reason for or against CUDA is a sentence") {
  const CudaStatus status = cuda_status();
  CHECK_FALSE(status.reason.empty());
  const auto backend = make_backend(BackendChoice::automatic, 0);
  CHECK(backend->info().lost_device.empty());  // no GPU is normal
  if (!status.is_usable) {
    REQUIRE_THROWS_AS(make_backend(BackendChoice::cuda, 0), Error);
    CHECK(backend->info().name == "cpu");
  } else {
    CHECK(backend->info().name == "cuda");
  }
}

TEST_CASE("CUDA gives the bits of the CPU on 100000 pairs of scheme and seed") {
  if (!can_compare()) return;
  compare(*make_cuda_backend(), 1000, 100);
}

TEST_CASE("a warp and a block give the same bits, and so do parts of any size") {
  if (!can_compare()) return;
  for (const CudaGroup group : {CudaGroup::warp, CudaGroup::block}) {
    for (const std::size_t part_bytes : {std::size_t{30'000}, default_part_bytes}) {
      INFO((group == CudaGroup::warp ? "warps" : "blocks") << ", parts of " << part_bytes << " bytes");
      compare(*make_cuda_backend(group, part_bytes), 200, 40);
    }
  }
}

TEST_CASE("CUDA masks texts whose scratch does not fit into shared memory") {
  if (!can_compare()) return;
  SchemeModality entry;
  entry.modality.name = "text";
  entry.modality.id = modality_id(entry.modality.name);
  entry.modality.kind = ModalityKind::seq;
  entry.modality.max_tokens = 65535;
  entry.input_alphas = entry.target_alphas = {1.0};
  entry.keep = {KeepScheme::all};
  entry.direct_encoder_tokens = 65535;
  entry.direct_decoder_tokens = 20000;
  Scheme scheme;
  scheme.modalities = {entry};
  scheme.mode = BudgetMode::direct;
  const MaskingPlan plan = make_plan(scheme, default_vocabulary());
  const Sample sample{"long", {{true, std::vector<std::int32_t>(65535, 5000)}}};
  const PackedSamples packed = pack_samples(plan, {&sample, 1});
  const DrawRange draws{.seed = 5, .first_sample = 0, .batch_size = 300};
  CHECK(outcome(*make_cuda_backend(), plan, packed, draws) == outcome(*make_cpu_backend(0), plan, packed, draws));
}

TEST_CASE("CUDA gives the same bits again, whatever was masked in between") {
  if (!can_compare()) return;
  const auto cuda = make_cuda_backend();
  const BenchLayout &layout = bench_layout("4m-7-256"), &other_layout = bench_layout("4m-21-256");
  const MaskingPlan plan = make_plan(layout.scheme, default_vocabulary());
  const MaskingPlan other_plan = make_plan(other_layout.scheme, default_vocabulary());
  const PackedSamples packed = pack_samples(plan, view_of(layout.samples));
  const PackedSamples other_packed = pack_samples(other_plan, view_of(other_layout.samples));
  const DrawRange draws{.seed = 9, .first_sample = 3, .batch_size = 3000};
  const Outcome first = outcome(*cuda, plan, packed, draws);
  for (int i = 0; i < 10; ++i) {
    outcome(*cuda, other_plan, other_packed, {.seed = 1, .first_sample = 0, .batch_size = 17});
    REQUIRE(outcome(*cuda, plan, packed, draws) == first);
  }
}

}  // namespace maskscope
