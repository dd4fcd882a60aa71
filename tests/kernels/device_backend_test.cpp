// The pipeline of a GPU backend, on a device made of host memory: the CPU's bits whatever the parts, one upload for equal
// inputs, and failures of every kind at every place.
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "kernels/backend.h"
#include "kernels/bench/layouts.h"
#include "kernels/device_backend.h"
#include "kernels/fallback_backend.h"
#include "kernels/host_scratch.h"
#include "tests/catch.h"
#include "tests/kernels/fake_device.h"
#include "tests/kernels/random_scheme.h"
#include "tests/kernels/thread_warp.h"

namespace maskscope {
namespace {

struct Job {
  MaskingPlan plan;
  PackedSamples samples;
  DrawRange draws;
};

Job random_job(std::uint32_t seed) {
  RandomScheme random(seed);
  Job job;
  const Scheme scheme = random.scheme();
  std::vector<Sample> samples;
  for (int i = random.between(1, 3); i > 0; --i) samples.push_back(random.sample(scheme, default_vocabulary()));
  job.plan = make_plan(scheme, default_vocabulary());
  job.samples = pack_samples(job.plan, view_of(std::as_const(samples)));
  job.draws = {seed, std::uint64_t{1} << 35, random.between(1, 40)};
  return job;
}

Job bench_job(int batch_size) {
  Job job;
  const BenchLayout& layout = bench_layout("4m-7-128");
  job.plan = make_plan(layout.scheme, default_vocabulary());
  job.samples = pack_samples(job.plan, {layout.samples.data(), 1});
  job.draws = {42, 7, batch_size};
  return job;
}

// More masked runs than the vocabulary has sentinels.
Job impossible_job() {
  Job job;
  SequenceVocabulary vocabulary = default_vocabulary();
  vocabulary.sentinel_ids.resize(4);
  const Sample sample{"long", {{true, std::vector<std::int32_t>(200, 5000)}}};
  job.plan = make_plan(preset_scheme("t5"), vocabulary);
  job.samples = pack_samples(job.plan, {&sample, 1});
  job.draws = {1, 10, 200};
  return job;
}

MaskedBatch run(Backend& backend, const Job& job) {
  MaskedBatch masks;
  backend.run(job.plan, job.samples, job.draws, masks);
  return masks;
}

MaskedBatch run_on_cpu(const Job& job) { return run(*make_backend(BackendChoice::cpu, 1), job); }

std::unique_ptr<Backend> fake_backend(FakeDeviceState& state, std::size_t part_bytes = default_part_bytes) {
  return make_device_backend(std::make_unique<FakeDevice>(state), part_bytes);
}

std::string error_of(Backend& backend, const Job& job) {
  try {
    run(backend, job);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a device gives the bits of the CPU, in parts of any size and again and again") {
  for (const std::size_t part_bytes : {std::size_t{1}, std::size_t{5000}, default_part_bytes}) {
    FakeDeviceState state;
    const auto backend = fake_backend(state, part_bytes);
    for (std::uint32_t seed = 0; seed < 150; ++seed) {
      INFO("parts of " << part_bytes << " bytes, case " << seed);
      const Job job = random_job(seed);
      MaskedBatch expected;
      try {
        expected = run_on_cpu(job);
      } catch (const Error& error) {
        REQUIRE(error_of(*backend, job) == error.what());
        continue;
      }
      REQUIRE(run(*backend, job) == expected);
      REQUIRE(run(*backend, job) == expected);
    }
  }
}

TEST_CASE("the steps of a launch give the bits of the CPU in a warp") {
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    INFO("case " << seed);
    Job job = seed == 0 ? bench_job(2) : random_job(seed);
    job.draws.batch_size = 2;
    const MaskedBatch expected = run_on_cpu(job);
    MaskedBatch found;
    found.resize(job.plan.scheme, job.draws.batch_size);
    std::vector<SpanError> errors(static_cast<std::size_t>(found.batch_size * found.num_modalities), SpanError::none);
    MaskingLaunch launch;
    launch.plan = plan_view(job.plan);
    launch.samples = all_tokens(job.samples);
    launch.num_samples = job.samples.count;
    launch.tokens_per_sample = job.samples.tokens_per_sample;
    launch.first_draws = {job.draws.seed, job.draws.first_sample};
    launch.num_rows = found.batch_size;
    launch.rows = first_row(found);
    launch.shape = row_shape(found);
    launch.errors = errors.data();
    launch.scratch_sizes = scratch_sizes(job.plan, job.samples);
    const HostScratch memory(launch.scratch_sizes);
    const Scratch& scratch = memory.get();
    run_warp([&](ThreadWarp& warp) {
      for (std::int64_t i = 0; i < BudgetStep::num_items(launch); ++i) BudgetStep::run(warp, launch, i, scratch);
      for (std::int64_t i = 0; i < ContentMaskStep::num_items(launch); ++i) ContentMaskStep::run(warp, launch, i, scratch);
      for (std::int64_t i = 0; i < SelectionStep::num_items(launch); ++i) SelectionStep::run(warp, launch, i, scratch);
    });
    REQUIRE(found == expected);
  }
}

TEST_CASE("inputs are sent once, and again when they change") {
  FakeDeviceState state;
  const auto backend = fake_backend(state);
  Job job = bench_job(3);
  run(*backend, job);
  job.draws.first_sample = 1000;
  run(*backend, job);
  CHECK(state.num_calls[DeviceCall::copy_to_device] == 1);
  const int allocations = state.num_calls[DeviceCall::allocate_device];

  job.samples.ids[0] += 1;
  CHECK(run(*backend, job) == run_on_cpu(job));
  CHECK(state.num_calls[DeviceCall::copy_to_device] == 2);
  job.plan.input_alphas[0] = 3.0;
  CHECK(run(*backend, job) == run_on_cpu(job));
  CHECK(state.num_calls[DeviceCall::copy_to_device] == 3);
  CHECK(state.num_calls[DeviceCall::allocate_device] == allocations);
}

TEST_CASE("a batch is one launch and one copy when it fits in a part, else parts take turns on two streams") {
  FakeDeviceState state;
  const auto backend = fake_backend(state, 100'000);
  run(*backend, bench_job(2));
  CHECK(state.num_calls[DeviceCall::mask_rows] == 1);
  CHECK(state.num_calls[DeviceCall::copy_to_host] == 1);
  const Job job = bench_job(31);
  CHECK(run(*backend, job) == run_on_cpu(job));
  CHECK(state.largest_launch < 4);
  CHECK(state.launches_on[0] > 3);
  CHECK(state.launches_on[1] > 3);
}

TEST_CASE("a batch that does not fit in the GPU's memory is split") {
  const Job job = bench_job(50);
  const MaskedBatch expected = run_on_cpu(job);
  for (const std::size_t memory_bytes : {std::size_t{900'000}, std::size_t{300'000}, std::size_t{170'000}}) {
    INFO(memory_bytes << " bytes of GPU memory");
    FakeDeviceState state;
    state.memory_bytes = memory_bytes;
    {
      const auto backend = fake_backend(state);
      CHECK(run(*backend, job) == expected);
      CHECK(run(*backend, job) == expected);
      CHECK(state.largest_launch < 50);
      CHECK(state.used_bytes <= memory_bytes);
    }
    CHECK(state.used_bytes == 0);
  }
}

TEST_CASE("memory that is free but not in one piece is tried for in smaller pieces") {
  const Job job = bench_job(50);
  FakeDeviceState state;
  state.largest_block = 200'000;
  const auto backend = fake_backend(state);
  CHECK(run(*backend, job) == run_on_cpu(job));
  CHECK(state.largest_launch > 0);
  CHECK(state.largest_launch < 8);
}

TEST_CASE("a GPU too small for one sample is an error that names the sizes, and a smaller scheme still runs") {
  FakeDeviceState state;
  state.memory_bytes = 45'000;
  const auto backend = fake_backend(state);
  const std::string sentence = error_of(*backend, bench_job(4));
  CHECK_THAT(sentence, contains_text("not enough memory for one sample"));
  CHECK_THAT(sentence, contains_text("KB"));
  Job small = random_job(3);
  CHECK(run(*backend, small) == run_on_cpu(small));
}

TEST_CASE("a failing call is an error, and a later run is whole again") {
  struct Failure {
    DeviceCall call;
    int most_often;  // the call is made at least so often by the runs below
  };
  const std::vector<Job> jobs = {bench_job(40), random_job(4), bench_job(41), random_job(5)};
  for (const auto& [call, most_often] : {Failure{DeviceCall::free_bytes, 1}, Failure{DeviceCall::allocate_device, 5},
                                         Failure{DeviceCall::allocate_staging, 2}, Failure{DeviceCall::copy_to_device, 4},
                                         Failure{DeviceCall::copy_to_host, 16}, Failure{DeviceCall::mask_rows, 16},
                                         Failure{DeviceCall::wait, 20}}) {
    for (int fails_at = 1; fails_at <= most_often; ++fails_at) {
      INFO("call " << static_cast<int>(call) << " fails the " << fails_at << ". time");
      FakeDeviceState state;
      state.failing_call = call;
      state.fails_at = fails_at;
      const auto backend = fake_backend(state, 200'000);
      for (const Job& job : jobs) {
        const bool had_failed = state.has_failed;
        const std::string found = error_of(*backend, job);
        CHECK(found == (state.has_failed != had_failed ? "The fake GPU failed." : "no error"));
      }
      REQUIRE(state.has_failed);
      for (const Job& job : jobs) CHECK(run(*backend, job) == run_on_cpu(job));
    }
  }
}

TEST_CASE("after a sticky error every run fails") {
  FakeDeviceState state;
  state.failing_call = DeviceCall::wait;
  state.fails_at = 3;
  state.is_sticky = true;
  const auto backend = fake_backend(state, 200'000);
  const Job job = bench_job(40);
  CHECK(error_of(*backend, job) == "The fake GPU failed.");
  CHECK(error_of(*backend, job) == "The fake GPU failed.");
  CHECK(backend->info().lost_device.empty());  // asked for by name, a GPU is not left for the CPU
}

TEST_CASE("a sample that cannot be masked is the CPU's error, and the GPU goes on") {
  FakeDeviceState state;
  const auto backend = fake_backend(state, 20'000);
  const Job bad = impossible_job(), good = bench_job(5);
  CHECK(error_of(*backend, bad) == error_of(*make_backend(BackendChoice::cpu, 1), bad));
  CHECK(run(*backend, good) == run_on_cpu(good));
}

TEST_CASE("a GPU that fails is left for the CPU, for good, and the reason is kept") {
  const Job job = bench_job(40);
  const MaskedBatch expected = run_on_cpu(job);
  for (const bool is_sticky : {false, true}) {
    FakeDeviceState state;
    state.failing_call = DeviceCall::mask_rows;
    state.fails_at = 2;
    state.is_sticky = is_sticky;
    const auto backend = make_fallback_backend([&] { return fake_backend(state); }, 2);
    CHECK(run(*backend, job) == expected);
    CHECK(backend->info().name == "fake");
    CHECK(backend->info().lost_device.empty());
    CHECK(run(*backend, job) == expected);
    CHECK(state.has_failed);
    CHECK(backend->info().name == "cpu");
    CHECK_THAT(backend->info().lost_device, contains_text("the CPU computes the same masks. The fake GPU failed."));
    CHECK_FALSE(state.is_open);
    const int calls = state.calls();
    CHECK(run(*backend, job) == expected);
    CHECK(state.calls() == calls);
  }
}

TEST_CASE("a GPU that is gone before it is opened is no error") {
  const auto backend = make_fallback_backend([]() -> std::unique_ptr<Backend> { throw Error("The GPU fell off the bus."); }, 1);
  CHECK_THAT(backend->info().lost_device, contains_text("fell off the bus"));
  const Job job = bench_job(3);
  CHECK(run(*backend, job) == run_on_cpu(job));
}

TEST_CASE("a batch that only wants more memory than the GPU has is the CPU's, and the GPU is kept") {
  FakeDeviceState state;
  state.memory_bytes = 45'000;
  const auto backend = make_fallback_backend([&] { return fake_backend(state); }, 1);
  const Job job = bench_job(3);
  CHECK(run(*backend, job) == run_on_cpu(job));
  CHECK(backend->info().name == "fake");
  CHECK(backend->info().lost_device.empty());
}

TEST_CASE("what no backend can compute does not cost the GPU") {
  FakeDeviceState state;
  const auto backend = make_fallback_backend([&] { return fake_backend(state); }, 1);
  CHECK_THAT(error_of(*backend, impossible_job()), contains_text("sentinels"));
  CHECK(backend->info().name == "fake");
  CHECK(backend->info().lost_device.empty());
}

}  // namespace maskscope
