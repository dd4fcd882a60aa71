// Counts many draws of the present scheme in the background, while the window goes on: the newest request wins, and results are
// published as they grow. A thread and a backend of its own; nobody waits for it.
//
// Order of calls: start with what is to be drawn; result() whenever one likes; start again when the settings change. Example:
//   Engine engine(background_backend(session.backend_info()), wake);
//   const std::uint64_t number = engine.start({scheme, vocabulary, sample, seed, 131072});
//   if (const auto result = engine.result()) show(result->tally, result->number == number ? "" : "previous settings");
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/sample.h"
#include "core/scheme.h"
#include "core/tally.h"

namespace maskscope {

class Backend;
struct BackendInfo;

// The sample, masked num_draws times with the draws that are named 0 .. num_draws - 1 of the seed: the same ones for other
// settings, so that curves move smoothly while a slider does.
struct DrawingRequest {
  Scheme scheme;
  SequenceVocabulary vocabulary;
  Sample sample;
  std::uint64_t seed = 0;
  std::uint64_t num_draws = 0;  // > 0, at most max_sample_index + 1
};

// Immutable once published.
struct DrawingResult {
  std::uint64_t number = 0;  // of the request
  std::shared_ptr<const DrawingRequest> request;
  Tally tally;        // of the draws so far
  std::string error;  // why no more are drawn, in sentences; else empty
  // tally.counts() in the GPU's memory, where a GPU counted them; else null. For app/shared_map.h; the host must not look.
  std::shared_ptr<const std::uint64_t> counts_on_gpu = {};
};

class Engine {
 public:
  using OpenBackend = std::function<std::unique_ptr<Backend>()>;

  // The first results of a request come after so many draws.
  static constexpr std::uint64_t first_draws = 256, second_draws = 1000;

  // open: called on the engine's thread at the first request, so that the window does not wait for a GPU to start; its Error
  // becomes the result's. wake: called on the engine's thread after every publication; may be empty.
  explicit Engine(OpenBackend open, std::function<void()> wake = {});
  // Waits for the chunk of draws under way, some milliseconds.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Draws this from now on and forgets the request before it, of which at least first_draws are published if its turn had come.
  // Returns the request's number: 1, 2, …
  std::uint64_t start(DrawingRequest request);
  // Of the present request: draws until there are so many. Also after stop.
  void draw_until(std::uint64_t num_draws);
  // Draws no more than the chunk under way. The result stays.
  void stop();

  bool is_drawing() const;
  // The newest published; null before the first.
  std::shared_ptr<const DrawingResult> result() const;
  // Waits until all that was asked for is published: for pictures and tests, never for the window.
  void wait() const;
  // Waits until a result of this request with so many draws, or an error, is published.
  void wait_for(std::uint64_t number, std::uint64_t draws) const;

 private:
  struct Work;
  void work();
  bool has_work() const;  // locked
  void publish(const Work& work, Backend* backend);  // backend: that drew; null: none could be opened

  const OpenBackend open_;
  const std::function<void()> wake_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  // What is asked for.
  std::shared_ptr<const DrawingRequest> wanted_;
  std::uint64_t wanted_number_ = 0;  // 0: nothing yet
  std::uint64_t wanted_draws_ = 0;
  bool is_stopped_ = false;
  bool is_ending_ = false;
  // How far the thread is.
  std::uint64_t drawn_number_ = 0, drawn_ = 0;
  bool has_failed_ = false;
  bool is_published_ = true;  // all that is drawn
  std::shared_ptr<const DrawingResult> result_;

  std::jthread thread_;  // the last member: it uses the others
};

// A backend like the session's for work in the background: on the GPU if that masks, else on the CPU with one thread less than
// there are, where there are more than two, which is the window's. num_engines (1 or more) that draw at the same time share these
// threads, at least one each.
Engine::OpenBackend background_backend(const BackendInfo& session, int num_engines = 1);

}  // namespace maskscope
