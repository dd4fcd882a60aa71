#include "app/engine.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "core/error.h"
#include "kernels/backend.h"

namespace maskscope {
namespace {

using Clock = std::chrono::steady_clock;

// Between chunks the thread looks for newer settings: often enough that a slider feels immediate, and so seldom that the
// starting of threads is not felt.
constexpr double chunk_seconds = 0.006;
constexpr std::uint64_t least_chunk = 64, largest_chunk = 1 << 16;
// More pictures a second than this say nothing more.
constexpr auto between_publications = std::chrono::milliseconds(80);

}  // namespace

// A request on the engine's thread.
struct Engine::Work {
  std::uint64_t number = 0;
  std::shared_ptr<const DrawingRequest> request;
  MaskingPlan plan;
  PackedSamples samples;
  Tally tally;
  std::string error;
  double draws_per_second = 0;
  Clock::time_point published_at;

  void prepare() {
    plan = make_plan(request->scheme, request->vocabulary);
    samples = pack_samples(plan, {&request->sample, 1});
    tally = Tally(tally_shape(plan, samples));
  }

  std::uint64_t next_chunk(std::uint64_t wanted) const {
    const std::uint64_t drawn = tally.draws();
    std::uint64_t chunk = first_draws - std::min(drawn, first_draws);
    if (chunk == 0 && drawn < second_draws) chunk = second_draws - drawn;
    if (chunk == 0) chunk = std::clamp(static_cast<std::uint64_t>(draws_per_second * chunk_seconds), least_chunk, largest_chunk);
    return std::min(chunk, wanted - drawn);
  }

  void draw(Backend& backend, std::uint64_t chunk) {
    const auto start = Clock::now();
    backend.tally(plan, samples, {request->seed, tally.draws(), static_cast<int>(chunk)}, tally);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    draws_per_second = static_cast<double>(chunk) / std::max(seconds, 1e-6);
  }
};

Engine::Engine(OpenBackend open, std::function<void()> wake) : open_(std::move(open)), wake_(std::move(wake)), thread_([this] { work(); }) {}

Engine::~Engine() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
}

std::uint64_t Engine::start(DrawingRequest request) {
  auto shared = std::make_shared<const DrawingRequest>(std::move(request));
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    wanted_draws_ = shared->num_draws;
    wanted_ = std::move(shared);
    number = ++wanted_number_;
    is_stopped_ = false;
  }
  changed_.notify_all();
  return number;
}

void Engine::draw_until(std::uint64_t num_draws) {
  {
    const std::lock_guard lock(mutex_);
    wanted_draws_ = num_draws;
    is_stopped_ = false;
  }
  changed_.notify_all();
}

void Engine::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  changed_.notify_all();
}

bool Engine::has_work() const {
  if (is_stopped_) return false;
  return wanted_number_ != drawn_number_ || (!has_failed_ && drawn_ < wanted_draws_);
}

bool Engine::is_drawing() const {
  const std::lock_guard lock(mutex_);
  return has_work();
}

std::shared_ptr<const DrawingResult> Engine::result() const {
  const std::lock_guard lock(mutex_);
  return result_;
}

void Engine::wait() const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !has_work() && is_published_; });
}

void Engine::wait_for(std::uint64_t number, std::uint64_t draws) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    return result_ && result_->number >= number && (result_->tally.draws() >= draws || !result_->error.empty());
  });
}

void Engine::publish(const Work& work, Backend* backend) {
  // After an error the backend may hold the counts of another request.
  std::shared_ptr<const std::uint64_t> counts = backend && work.error.empty() ? backend->counts_on_gpu() : nullptr;
  auto result = std::make_shared<const DrawingResult>(DrawingResult{work.number, work.request, work.tally, work.error, std::move(counts)});
  {
    const std::lock_guard lock(mutex_);
    result_ = std::move(result);
    is_published_ = true;
  }
  changed_.notify_all();
  if (wake_) wake_();
}

void Engine::work() {
  std::unique_ptr<Backend> backend;
  std::optional<Work> work;
  for (;;) {
    std::uint64_t chunk = 0;
    {
      std::unique_lock lock(mutex_);
      if (!has_work() && !is_published_) {
        lock.unlock();
        publish(*work, backend.get());
        lock.lock();
      }
      changed_.wait(lock, [&] { return is_ending_ || has_work(); });
      if (is_ending_) return;
      if (!work || work->number != wanted_number_) {
        work.emplace();
        work->number = wanted_number_;
        work->request = wanted_;
        drawn_number_ = wanted_number_;
        drawn_ = 0;
        has_failed_ = false;
      }
      is_published_ = false;
      chunk = work->next_chunk(wanted_draws_);
    }
    try {
      if (!backend) backend = open_();
      if (work->tally.counts().empty()) work->prepare();
      work->draw(*backend, chunk);
    } catch (const std::bad_alloc&) {
      work->error = "There is not enough memory to count the draws. Choose smaller modalities, or close other programs.";
    } catch (const std::exception& error) {
      work->error = error.what();
    }
    const std::uint64_t drawn = work->tally.draws();
    bool is_done = false;
    {
      const std::lock_guard lock(mutex_);
      drawn_ = drawn;
      has_failed_ = !work->error.empty();
      is_done = has_failed_ || drawn >= wanted_draws_;
    }
    const auto now = Clock::now();
    const bool is_early = drawn == first_draws || drawn == second_draws;
    if (is_done || is_early || now - work->published_at >= between_publications) {
      work->published_at = now;
      publish(*work, backend.get());
    }
  }
}

Engine::OpenBackend background_backend(const BackendInfo& session, int num_engines) {
  const auto there = static_cast<int>(std::thread::hardware_concurrency());
  int threads = session.num_threads > 0 ? session.num_threads : there;
  if (there > 2) threads = std::min(threads, there - 1);
  threads = std::max(threads / num_engines, 1);
  const BackendChoice choice = session.name == "cuda" ? BackendChoice::automatic : BackendChoice::cpu;
  return [choice, threads] { return make_backend(choice, threads); };
}

}  // namespace maskscope
