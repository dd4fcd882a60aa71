// CUDA against the CPU. Without a GPU the comparison is skipped, visibly; with MASKSCOPE_REQUIRE_CUDA=1 that is a failure.
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "core/error.h"
#include "kernels/backend.h"
#include "kernels/bench/layouts.h"
#include "tests/catch.h"
#include "tests/kernels/random_scheme.h"

namespace maskscope {

TEST_CASE("the reason for or against CUDA is a sentence") {
  const CudaStatus status = cuda_status();
  CHECK_FALSE(status.reason.empty());
  if (!status.is_usable) {
    REQUIRE_THROWS_AS(make_backend(BackendChoice::cuda, 0), Error);
    CHECK(make_backend(BackendChoice::automatic, 0)->info().name == "cpu");
  } else {
    CHECK(make_backend(BackendChoice::automatic, 0)->info().name == "cuda");
  }
}

TEST_CASE("CUDA gives the bits of the CPU") {
  const CudaStatus status = cuda_status();
  if (!status.is_usable) {
    const char* const required = std::getenv("MASKSCOPE_REQUIRE_CUDA");
    if (required && std::string(required) == "1") FAIL("CUDA is required, but " << status.reason);
    std::cout << "SKIPPED: CUDA cannot be compared: " << status.reason << "\n";
    return;
  }
  const auto cpu = make_backend(BackendChoice::cpu, 0);
  const auto cuda = make_backend(BackendChoice::cuda, 0);
  const SequenceVocabulary vocabulary = default_vocabulary();
  const auto compare = [&](const Scheme& scheme, const std::vector<Sample>& samples, DrawRange draws) {
    const MaskingPlan plan = make_plan(scheme, vocabulary);
    const PackedSamples packed = pack_samples(plan, view_of(samples));
    MaskedBatch expected, found;
    cpu->run(plan, packed, draws, expected);
    cuda->run(plan, packed, draws, found);
    REQUIRE(found == expected);
  };
  compare(bench_layout("4m-7-128").scheme, bench_layout("4m-7-128").samples, {.seed = 42, .first_sample = 0, .batch_size = 5000});
  for (std::uint32_t seed = 0; seed < 1000; ++seed) {
    INFO("case " << seed);
    RandomScheme random(seed);
    const Scheme scheme = random.scheme();
    const std::vector<Sample> samples = {random.sample(scheme, vocabulary), random.sample(scheme, vocabulary)};
    compare(scheme, samples, {.seed = seed, .first_sample = seed, .batch_size = 100});
  }
}

}  // namespace maskscope
