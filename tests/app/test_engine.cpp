// The thread that counts draws: the newest request wins, errors become sentences, nothing hangs. No test here looks at a clock.
#include "app/engine.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <semaphore>
#include <utility>
#include <vector>

#include "core/draw.h"
#include "core/error.h"
#include "kernels/backend.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

namespace maskscope::test {
namespace {

DrawingRequest request(std::uint64_t num_draws, std::uint64_t seed = 42) {
  DrawingRequest result;
  result.scheme = symmetric_scheme("small", {"tok_depth@224", "tok_rgb@224"});
  result.vocabulary = default_vocabulary();
  result.sample.modalities = {{true, {}}, {true, {}}};
  result.seed = seed;
  result.num_draws = num_draws;
  return result;
}

Engine::OpenBackend one_thread() {
  return [] { return make_backend(BackendChoice::cpu, 1); };
}

Tally drawn_at_once(const DrawingRequest& request) {
  const MaskingPlan plan = make_plan(request.scheme, request.vocabulary);
  const PackedSamples samples = pack_samples(plan, {&request.sample, 1});
  Tally tally(tally_shape(plan, samples));
  make_backend(BackendChoice::cpu, 1)->tally(plan, samples, {request.seed, 0, static_cast<int>(request.num_draws)}, tally);
  return tally;
}

// What passes the gate is counted; each chunk waits until it may.
struct Gate {
  std::counting_semaphore<1000> is_open{0};
  std::counting_semaphore<1000> has_arrived{0};
  std::atomic<int> chunks = 0;
  std::atomic<int> failing_chunk = -1;
};

class GatedBackend final : public Backend {
 public:
  explicit GatedBackend(Gate& gate) : gate_(gate), cpu_(make_backend(BackendChoice::cpu, 1)) {}
  BackendInfo info() const override { return cpu_->info(); }
  void run(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& masks) override {
    cpu_->run(plan, samples, draws, masks);
  }
  void tally(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, Tally& counts) override {
    gate_.has_arrived.release();
    gate_.is_open.acquire();
    if (gate_.chunks++ == gate_.failing_chunk) throw Error("The GPU fell off the bus.");
    cpu_->tally(plan, samples, draws, counts);
  }

 private:
  Gate& gate_;
  std::unique_ptr<Backend> cpu_;
};

// Keeps the counts as a GPU would.
class KeepingBackend final : public Backend {
 public:
  explicit KeepingBackend(Gate& gate) : gated_(gate) {}
  BackendInfo info() const override { return gated_.info(); }
  void run(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& masks) override {
    gated_.run(plan, samples, draws, masks);
  }
  void tally(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, Tally& counts) override {
    gated_.tally(plan, samples, draws, counts);
    kept_ = counts.counts();
  }
  std::shared_ptr<const std::uint64_t> counts_on_gpu() override {
    const auto copy = std::make_shared<std::vector<std::uint64_t>>(kept_);
    return {copy, copy->data()};
  }

 private:
  GatedBackend gated_;
  std::vector<std::uint64_t> kept_;
};

Engine::OpenBackend gated(Gate& gate) {
  return [&gate] { return std::make_unique<GatedBackend>(gate); };
}

}  // namespace

TEST_CASE("an engine draws what was asked for, and it is what one call gives") {
  Engine engine(one_thread());
  CHECK(engine.result() == nullptr);
  CHECK_FALSE(engine.is_drawing());
  const std::uint64_t number = engine.start(request(5000));
  engine.wait();
  const auto result = engine.result();
  REQUIRE(result);
  CHECK(result->number == number);
  CHECK(result->error.empty());
  CHECK(result->tally == drawn_at_once(request(5000)));
  CHECK_FALSE(engine.is_drawing());
}

TEST_CASE("a result brings the counts of its own draws on the GPU along, and none after an error") {
  Gate gate;
  Engine engine([&gate] { return std::make_unique<KeepingBackend>(gate); });
  gate.is_open.release(100);
  engine.start(request(5000));
  engine.wait();
  const auto first = engine.result();
  REQUIRE(first->counts_on_gpu);
  gate.failing_chunk = gate.chunks.load();
  engine.start(request(300, 7));
  engine.wait();
  CHECK_FALSE(engine.result()->error.empty());
  CHECK(engine.result()->counts_on_gpu == nullptr);
  // Nobody has written to those of before.
  CHECK(std::equal(first->tally.counts().begin(), first->tally.counts().end(), first->counts_on_gpu.get()));
}

TEST_CASE("more draws go on where the last ones ended") {
  Engine engine(one_thread());
  engine.start(request(300));
  engine.wait();
  CHECK(engine.result()->tally.draws() == 300);
  engine.draw_until(1300);
  engine.wait();
  CHECK(engine.result()->tally == drawn_at_once(request(1300)));
  engine.draw_until(100);  // there are more already
  engine.wait();
  CHECK(engine.result()->tally.draws() == 1300);
}

TEST_CASE("the first 256 draws are published, then the first 1000") {
  Gate gate;
  std::mutex mutex;
  std::vector<std::uint64_t> published;
  Engine* waking = nullptr;
  Engine engine(gated(gate), [&] {
    const std::lock_guard lock(mutex);
    published.push_back(waking->result()->tally.draws());
  });
  waking = &engine;
  engine.start(request(5000));
  // When a chunk arrives, all that is published of the one before it is published.
  gate.has_arrived.acquire();
  gate.is_open.release();
  gate.has_arrived.acquire();
  CHECK(engine.result()->tally.draws() == 256);
  gate.is_open.release();
  gate.has_arrived.acquire();
  {
    const std::lock_guard lock(mutex);
    CHECK(published == std::vector<std::uint64_t>{256, 1000});
  }
  engine.stop();
  gate.is_open.release(10);
}

TEST_CASE("the newest request wins: what is between is never drawn") {
  Gate gate;
  Engine engine(gated(gate));
  engine.start(request(100000, 1));
  gate.has_arrived.acquire();  // the first chunk is under way
  for (std::uint64_t seed = 2; seed < 20; ++seed) engine.start(request(300, seed));
  const std::uint64_t last = engine.start(request(256, 20));
  gate.is_open.release(10);
  engine.wait_for(last, 256);
  CHECK(engine.result()->tally == drawn_at_once(request(256, 20)));
  CHECK(engine.result()->request->seed == 20);
  CHECK(gate.chunks == 2);
  CHECK_FALSE(engine.is_drawing());
}

TEST_CASE("while newer requests keep coming, the first draws of those whose turn it is are shown") {
  Gate gate;
  Engine engine(gated(gate));
  const std::uint64_t first = engine.start(request(100000, 1));
  gate.has_arrived.acquire();
  engine.start(request(100000, 2));
  gate.is_open.release();
  engine.wait_for(first, 256);
  CHECK(engine.result()->number == first);
  engine.stop();
  gate.is_open.release(10);
}

TEST_CASE("a stopped engine keeps what it has drawn, and can go on") {
  Gate gate;
  Engine engine(gated(gate));
  engine.start(request(5000));
  gate.has_arrived.acquire();
  engine.stop();
  CHECK_FALSE(engine.is_drawing());
  gate.is_open.release(1000);
  engine.wait_for(1, 256);
  engine.wait();
  CHECK(gate.chunks == 1);
  CHECK(engine.result()->tally.draws() == 256);
  engine.draw_until(5000);
  engine.wait();
  CHECK(engine.result()->tally == drawn_at_once(request(5000)));
}

TEST_CASE("an error is the result's, and the next request starts anew") {
  Gate gate;
  gate.failing_chunk = 1;
  Engine engine(gated(gate));
  engine.start(request(5000));
  gate.is_open.release(1000);
  engine.wait();
  CHECK(engine.result()->error == "The GPU fell off the bus.");
  CHECK(engine.result()->tally.draws() == 256);
  CHECK_FALSE(engine.is_drawing());
  engine.start(request(300));
  engine.wait();
  CHECK(engine.result()->error.empty());
  CHECK(engine.result()->tally == drawn_at_once(request(300)));
}

TEST_CASE("a scheme that cannot be computed, and a backend that does not open, are errors in sentences") {
  Engine engine(one_thread());
  DrawingRequest bad = request(1000);
  bad.scheme.max_tries = 0;
  engine.start(bad);
  engine.wait();
  CHECK_THAT(engine.result()->error, contains_text("max_tries"));
  CHECK(engine.result()->tally.draws() == 0);

  int opened = 0;
  Engine unlucky([&opened]() -> std::unique_ptr<Backend> {
    if (++opened == 1) throw Error("There is no GPU.");
    return make_backend(BackendChoice::cpu, 1);
  });
  unlucky.start(request(256));
  unlucky.wait();
  CHECK(unlucky.result()->error == "There is no GPU.");
  unlucky.start(request(256));
  unlucky.wait();
  CHECK(unlucky.result()->tally.draws() == 256);
}

TEST_CASE("an engine ends at any time") {
  { const Engine unused(one_thread()); }
  {
    Engine busy(one_thread());
    busy.start(request(1000000));
  }
  for (std::uint64_t draws : {1u, 256u, 700u}) {
    Engine engine(one_thread());
    engine.start(request(1000000));
    engine.wait_for(1, draws);
    engine.start(request(1000000, 7));
  }
  Gate gate;
  Engine waiting(gated(gate));
  waiting.start(request(1000));
  gate.has_arrived.acquire();
  gate.is_open.release();  // and destroyed while the chunk is drawn
}

TEST_CASE("many requests from the window's thread, and results read beside") {
  std::atomic<int> wakes = 0;
  Engine engine(one_thread(), [&] { ++wakes; });
  std::uint64_t last = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    last = engine.start(request(2000, i));
    if (const auto result = engine.result()) CHECK(result->number <= last);
    if (i % 7 == 0) engine.stop();
    if (i % 9 == 0) engine.draw_until(3000);
    if (i % 50 == 0) engine.wait_for(last > 1 ? last - 1 : 1, 1);
  }
  last = engine.start(request(2000, 5));
  engine.wait();
  CHECK(engine.result()->number == last);
  CHECK(engine.result()->tally == drawn_at_once(request(2000, 5)));
  CHECK(wakes > 0);
}

TEST_CASE("the background's backend is of the session's kind") {
  CHECK(background_backend({"cpu", "", {}, 1})()->info().num_threads == 1);
  CHECK(background_backend({"cpu", "", {}, 64})()->info().name == "cpu");
  // Engines that draw at the same time share the threads.
  const int alone = background_backend({"cpu", "", {}, 64})()->info().num_threads, shared = background_backend({"cpu", "", {}, 64}, 2)()->info().num_threads;
  CHECK(shared == std::max(alone / 2, 1));
  CHECK(background_backend({"cpu", "", {}, 1}, 2)()->info().num_threads == 1);
}

}  // namespace maskscope::test
