// A data set that is open: a thread of its own indexes it, loads what is wanted next and looks for samples, so that nobody
// waits for a disk. All functions may be called by any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/dataset_spec.h"
#include "app/i18n/translate.h"
#include "core/data/sample_view.h"
#include "kernels/torch_draws.h"

namespace maskscope {

// Which sample, and everything that what becomes of it depends on.
struct SampleRequest {
  std::int64_t number = 0;
  std::vector<Modality> modalities;  // of the scheme, sorted by name
  TransformOptions transforms;
  RandomSource random = RandomSource::named;
  std::uint64_t seed = 0;
  std::uint64_t draw = 0;            // named draws: the sample's number in their names
  std::shared_ptr<const TextTokenizer> tokenizer;
};

// The same for another sample: with named draws every sample has draws of its own. any: of sample 0.
SampleRequest for_sample(SampleRequest any, std::int64_t number);

struct LoadedSample {
  SampleRequest request;
  SampleView view;                   // with the problems of its content, not those the index knows (problems_of)
  bool has_drawn = false;            // false: another seed gives the same
  // Where the transforms left PyTorch's, Python's and NumPy's generators; absent with named draws.
  std::optional<TorchGenerators> generators;
};

// Samples to look for. All conditions that are set must hold.
struct SampleFilter {
  std::string text;                  // somewhere in a text of the sample, whatever its case; empty: anything
  bool has_problem = false;          // an error or a warning
  bool is_empty() const { return text.empty() && !has_problem; }
  bool operator==(const SampleFilter&) const = default;
};

// Where to go. Exactly one of number, key and direction is set.
struct Destination {
  std::optional<std::int64_t> number;
  std::optional<std::string> key;
  int direction = 0;                 // +1, -1: the next sample before or behind from that passes the filter
  std::int64_t from = 0;
  SampleFilter filter;
};

class OpenDataset {
 public:
  // Opens, and reads of the index what the first sample needs. Throws Error: no data set, no sample in it, stopped.
  static std::shared_ptr<OpenDataset> open(const DatasetSpec& spec, std::stop_token stop = {});
  ~OpenDataset();
  OpenDataset(const OpenDataset&) = delete;
  OpenDataset& operator=(const OpenDataset&) = delete;

  const DatasetSpec& spec() const { return spec_; }
  const std::string& title() const { return title_; }
  const std::vector<std::string>& modalities() const { return modalities_; }
  DatasetLayout layout() const { return dataset_->layout(); }

  struct Status {
    std::int64_t num_samples = 0;    // found so far
    bool is_complete = false;
    double progress = 0;             // of the index, 0 .. 1
  };
  Status status() const;
  // Of the data set as a whole, as far as it is indexed; not null.
  std::shared_ptr<const std::vector<DataProblem>> dataset_problems() const;

  // Waits: indexes on until the sample is there, loads it unless it is at hand. Throws Error when there is no such sample.
  std::shared_ptr<const LoadedSample> load(const SampleRequest& request, std::stop_token stop = {});
  std::int64_t number_of(const std::string& key);
  // Does not wait: null when it is not at hand.
  std::shared_ptr<const LoadedSample> loaded(const SampleRequest& request) const;
  // Loads in the background, in this order; what was to be prefetched before is forgotten.
  void prefetch(std::vector<SampleRequest> requests);

  // A journey in the background; a new one takes the place of the last. request: how sample 0 would be loaded.
  void travel(const Destination& destination, const SampleRequest& request);
  void stop_travelling();
  struct Journey {
    bool is_under_way = false;
    LaterText sentence;              // for people: what is being looked for and how far it is; or why it failed
    double progress = 0;             // 0 .. 1
    std::optional<std::int64_t> arrived;  // the sample, loaded
    bool has_failed = false;
  };
  Journey journey() const;
  // Once: the number of the sample a journey has arrived at, or the sentence why it has not.
  std::optional<Journey> take_arrival();

  // What the index knows of a sample, and whether that is final. 0 <= number < status().num_samples.
  std::vector<DataProblem> problems_of(std::int64_t number) const;
  bool is_settled(std::int64_t number) const;

  // Wait: until what the index knows of a sample is final; until the index is complete.
  void settle(std::int64_t number);
  void index_all();

  // Called by the thread whenever there is something new to show; at most some ten times a second while it indexes. When this
  // returns, the function before is not called any more.
  void on_news(std::function<void()> function);

 private:
  struct Traveller {
    Destination destination;
    SampleRequest request;
    std::int64_t at = 0;             // the next sample to look at
    std::int64_t num_seen = 0;
    std::uint64_t number = 0;        // of the journey
  };
  explicit OpenDataset(const DatasetSpec& spec);
  void work(std::stop_token stop);
  bool travel_on();                  // true: did something
  bool seek_on(Traveller& traveller);
  void arrive(const Traveller& traveller, std::int64_t number);
  void fail(const Traveller& traveller, LaterText sentence);
  bool passes(const SampleFilter& filter, const SampleRequest& request);
  bool index_on();
  void index_step();
  void take_stock();
  bool is_index_complete() const { return dataset_->is_complete() || !index_failure_.empty(); }
  enum class Part : std::uint8_t { all, texts };
  std::shared_ptr<const LoadedSample> make(const SampleRequest& request, Part part = Part::all);
  void tell(bool is_urgent);

  DatasetSpec spec_;
  std::unique_ptr<Dataset> dataset_;
  std::string title_;
  std::vector<std::string> modalities_;

  mutable std::mutex index_mutex_;   // the data set, but for read(); taken before mutex_
  std::chrono::steady_clock::time_point last_stock_{};
  std::string index_failure_;        // why the index ended early; empty: it did not
  mutable std::mutex mutex_;         // everything below
  std::condition_variable_any wakeup_;
  Status status_;
  std::shared_ptr<const std::vector<DataProblem>> problems_ = std::make_shared<const std::vector<DataProblem>>();
  std::deque<std::shared_ptr<const LoadedSample>> at_hand_;  // newest first
  std::vector<SampleRequest> to_prefetch_;
  std::optional<Traveller> traveller_;
  std::uint64_t num_journeys_ = 0;
  Journey journey_;
  bool has_arrival_ = false;
  std::mutex news_mutex_;            // held while news_ is called
  std::function<void()> news_;
  std::chrono::steady_clock::time_point last_news_{};
  std::jthread thread_;              // last: stops before anything else is gone
};

}  // namespace maskscope
