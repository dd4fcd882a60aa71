#include "app/open_dataset.h"

#include <algorithm>
#include <new>

#include "core/data/text_search.h"
#include "core/error.h"
#include "core/named_transform_draws.h"
#include "kernels/torch_transform_draws.h"

namespace maskscope {
namespace {

constexpr std::size_t max_at_hand = 6;      // samples: the one that is shown, its neighbours, and a few before
constexpr std::size_t entries_per_step = 128;  // of the index; nobody waits longer for the lock than for such a step
constexpr auto between_news = std::chrono::milliseconds(100);

// Notes whether anything was drawn at all: if not, the sample is the same for every seed.
class NotingDraws final : public TransformDraws {
 public:
  explicit NotingDraws(TransformDraws& draws) : draws_(draws) {}
  int palette_length() override { return noted().palette_length(); }
  int crop_row(int num_crops) override { return num_crops == 1 ? draws_.crop_row(1) : noted().crop_row(num_crops); }
  int caption_choice(int num_captions) override { return noted().caption_choice(num_captions); }
  std::vector<int> pose_order() override { return noted().pose_order(); }
  std::vector<int> metadata_order(int num_entries) override { return noted().metadata_order(num_entries); }
  std::uint32_t crop24() override { return noted().crop24(); }
  int crop_offset(int num_offsets) override { return noted().crop_offset(num_offsets); }
  double uniform() override { return noted().uniform(); }
  bool has_drawn() const { return has_drawn_; }

 private:
  TransformDraws& noted() {
    has_drawn_ = true;
    return draws_;
  }
  TransformDraws& draws_;
  bool has_drawn_ = false;
};

bool serves(const LoadedSample& sample, const SampleRequest& wanted) {
  const SampleRequest& had = sample.request;
  if (had.number != wanted.number || had.modalities != wanted.modalities || had.transforms != wanted.transforms ||
      had.tokenizer != wanted.tokenizer || had.random != wanted.random) {
    return false;
  }
  // PyTorch's generators go on from the transforms to the masking: their state depends on the seed in any case.
  if (wanted.random == RandomSource::torch) return had.seed == wanted.seed;
  return !sample.has_drawn || (had.seed == wanted.seed && had.draw == wanted.draw);
}

// Why a search has ended without a sample. has_looked: at one at least.
LaterText nothing_found(const Destination& destination, bool has_looked) {
  const bool is_behind = destination.direction > 0;
  const auto& [text, has_problem] = destination.filter;
  if (!has_looked || destination.filter.is_empty()) {
    return later(is_behind ? tr_later("There is no sample behind number {0}.") : tr_later("There is no sample before number {0}."), destination.from);
  }
  if (has_problem && text.empty()) {
    return later(is_behind ? tr_later("No sample behind number {0} has a problem.") : tr_later("No sample before number {0} has a problem."), destination.from);
  }
  if (has_problem) {
    return later(is_behind ? tr_later("No sample behind number {0} has a problem and the words \"{1}\".")
                           : tr_later("No sample before number {0} has a problem and the words \"{1}\"."), destination.from, text);
  }
  return later(is_behind ? tr_later("No sample behind number {0} fits \"{1}\".") : tr_later("No sample before number {0} fits \"{1}\"."), destination.from, text);
}

bool is_bad(const DataProblem& problem) { return problem.level != ProblemLevel::note; }

}  // namespace

SampleRequest for_sample(SampleRequest any, std::int64_t number) {
  any.number = number;
  if (any.random == RandomSource::named) any.draw += static_cast<std::uint64_t>(number);
  return any;
}

std::shared_ptr<OpenDataset> OpenDataset::open(const DatasetSpec& spec, std::stop_token stop) {
  std::shared_ptr<OpenDataset> open(new OpenDataset(spec));
  while (open->dataset_->num_samples() == 0 && !open->dataset_->is_complete()) {
    if (stop.stop_requested()) throw Error(cat(spec.path, ": opening was stopped."));
    open->dataset_->index_more(entries_per_step);
  }
  if (open->dataset_->num_samples() == 0) {
    std::string why;
    for (const DataProblem& problem : open->dataset_->problems(-1)) why += " " + to_text(problem);
    throw Error(cat(spec.path, ": there is no sample in this data set.", why));
  }
  open->modalities_ = open->dataset_->modalities();
  open->take_stock();
  open->thread_ = std::jthread([self = open.get()](std::stop_token token) { self->work(token); });
  return open;
}

OpenDataset::OpenDataset(const DatasetSpec& spec)
    : spec_(spec), dataset_(open_dataset(spec.path, {spec.modalities, {}, spec.modality_name_map})), title_(dataset_->title()) {}

OpenDataset::~OpenDataset() {
  thread_.request_stop();
  wakeup_.notify_all();
  if (thread_.joinable()) thread_.join();
}

OpenDataset::Status OpenDataset::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

std::shared_ptr<const std::vector<DataProblem>> OpenDataset::dataset_problems() const {
  const std::lock_guard lock(mutex_);
  return problems_;
}

// Copies what the index knows now to where it can be read without waiting. index_mutex_ must be held.
void OpenDataset::take_stock() {
  const bool is_complete = is_index_complete();
  const auto now = std::chrono::steady_clock::now();
  std::shared_ptr<const std::vector<DataProblem>> problems;
  // Problems are many and change seldom.
  if (is_complete || now - last_stock_ > between_news) {
    auto all = std::make_shared<std::vector<DataProblem>>(dataset_->problems(-1));
    if (!index_failure_.empty()) all->push_back({ProblemLevel::error, title_, "", "", index_failure_, ""});
    problems = std::move(all);
    last_stock_ = now;
  }
  const std::lock_guard lock(mutex_);
  status_ = {dataset_->num_samples(), is_complete, dataset_->progress()};
  if (problems) problems_ = std::move(problems);
}

// index_mutex_ must be held. What can't be indexed ends the index; what was found stays.
void OpenDataset::index_step() {
  try {
    dataset_->index_more(entries_per_step);
  } catch (const std::bad_alloc&) {
    index_failure_ = "There is not enough memory to index more of this data set. Close other programs, or open a part of it.";
  } catch (const std::exception& failure) {
    index_failure_ = failure.what();
  }
  take_stock();
}

std::shared_ptr<const LoadedSample> OpenDataset::make(const SampleRequest& request, Part part) {
  auto sample = std::make_shared<LoadedSample>();
  sample->request = request;
  SampleRef ref;
  {
    const std::lock_guard lock(index_mutex_);
    ref = dataset_->sample(request.number);
  }
  const auto load_part = part == Part::all ? load_sample : load_sample_texts;
  const auto load_with = [&](TransformDraws& policy) {
    NotingDraws draws(policy);
    sample->view = load_part(*dataset_, ref, request.modalities, request.transforms, *request.tokenizer, draws);
    sample->has_drawn = draws.has_drawn();
  };
  if (request.random == RandomSource::torch) {
    TorchGenerators generators(request.seed);
    TorchTransformDraws draws(generators);
    load_with(draws);
    sample->generators = generators;
  } else {
    load_with(*named_transform_draws(request.seed, request.draw));
  }
  return sample;
}

std::vector<DataProblem> OpenDataset::problems_of(std::int64_t number) const {
  const std::lock_guard lock(index_mutex_);
  return dataset_->problems(number);
}

bool OpenDataset::is_settled(std::int64_t number) const {
  const std::lock_guard lock(index_mutex_);
  return is_index_complete() || dataset_->is_settled(number);
}

void OpenDataset::settle(std::int64_t number) {
  while (!is_settled(number) && index_on()) {
  }
}

std::shared_ptr<const LoadedSample> OpenDataset::loaded(const SampleRequest& request) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(at_hand_.begin(), at_hand_.end(), [&](const auto& sample) { return serves(*sample, request); });
  return found == at_hand_.end() ? nullptr : *found;
}

std::shared_ptr<const LoadedSample> OpenDataset::load(const SampleRequest& request, std::stop_token stop) {
  if (auto sample = loaded(request)) return sample;
  while (true) {
    const std::lock_guard lock(index_mutex_);
    if (request.number >= 0 && request.number < dataset_->num_samples()) break;
    if (request.number < 0 || is_index_complete()) {
      throw Error(cat(spec_.path, ": sample ", request.number, " was asked for, but there are ", dataset_->num_samples(),
                      " samples, numbered from 0. Choose one of them."));
    }
    if (stop.stop_requested()) throw Error(cat(spec_.path, ": opening was stopped."));
    index_step();
  }
  std::shared_ptr<const LoadedSample> sample = make(request);
  const std::lock_guard lock(mutex_);
  at_hand_.push_front(sample);
  if (at_hand_.size() > max_at_hand) at_hand_.pop_back();
  return sample;
}

std::int64_t OpenDataset::number_of(const std::string& key) {
  std::int64_t num_seen = 0;
  while (true) {
    const std::lock_guard lock(index_mutex_);
    if (const auto number = dataset_->find(key, num_seen)) return *number;
    num_seen = dataset_->num_samples();
    if (is_index_complete()) {
      throw Error(cat(spec_.path, ": no sample has the key \"", key, "\"; the first one is \"",
                      dataset_->num_samples() > 0 ? dataset_->sample(0).key : "", "\". Check its spelling."));
    }
    index_step();
  }
}

void OpenDataset::prefetch(std::vector<SampleRequest> requests) {
  {
    const std::lock_guard lock(mutex_);
    to_prefetch_ = std::move(requests);
    std::reverse(to_prefetch_.begin(), to_prefetch_.end());  // taken from the back
  }
  wakeup_.notify_all();
}

void OpenDataset::travel(const Destination& destination, const SampleRequest& request) {
  {
    const std::lock_guard lock(mutex_);
    traveller_ = Traveller{destination, request, destination.from + destination.direction, 0, ++num_journeys_};
    journey_ = {.is_under_way = true, .sentence = later("Looking for the sample …"), .progress = 0, .arrived = {}, .has_failed = false};
    has_arrival_ = false;
  }
  wakeup_.notify_all();
}

void OpenDataset::stop_travelling() {
  const std::lock_guard lock(mutex_);
  traveller_.reset();
  journey_ = {};
}

OpenDataset::Journey OpenDataset::journey() const {
  const std::lock_guard lock(mutex_);
  return journey_;
}

std::optional<OpenDataset::Journey> OpenDataset::take_arrival() {
  const std::lock_guard lock(mutex_);
  if (!has_arrival_) return std::nullopt;
  has_arrival_ = false;
  const Journey arrival = journey_;
  journey_ = {};
  return arrival;
}

void OpenDataset::index_all() {
  while (index_on()) {
  }
}

void OpenDataset::on_news(std::function<void()> function) {
  const std::lock_guard lock(news_mutex_);
  news_ = std::move(function);
}

void OpenDataset::tell(bool is_urgent) {
  const std::lock_guard lock(news_mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (!is_urgent && now - last_news_ < between_news) return;
  last_news_ = now;
  if (news_) news_();
}

void OpenDataset::arrive(const Traveller& traveller, std::int64_t number) {
  load(for_sample(traveller.request, number));
  {
    const std::lock_guard lock(mutex_);
    if (!traveller_ || traveller_->number != traveller.number) return;  // another journey has begun
    traveller_.reset();
    journey_ = {.is_under_way = false, .sentence = {}, .progress = 1, .arrived = number, .has_failed = false};
    has_arrival_ = true;
  }
  tell(true);
}

void OpenDataset::fail(const Traveller& traveller, LaterText sentence) {
  {
    const std::lock_guard lock(mutex_);
    if (!traveller_ || traveller_->number != traveller.number) return;
    traveller_.reset();
    journey_ = {.is_under_way = false, .sentence = std::move(sentence), .progress = 1, .arrived = {}, .has_failed = true};
    has_arrival_ = true;
  }
  tell(true);
}

bool OpenDataset::passes(const SampleFilter& filter, const SampleRequest& request) {
  const std::vector<DataProblem> known = filter.has_problem ? problems_of(request.number) : std::vector<DataProblem>{};
  const bool is_known_bad = std::any_of(known.begin(), known.end(), is_bad);
  if (is_known_bad && filter.text.empty()) return true;
  if (!filter.text.empty()) {
    const std::shared_ptr<const LoadedSample> sample = make(request, Part::texts);
    const bool is_there = std::any_of(sample->view.modalities.begin(), sample->view.modalities.end(), [&](const ModalityView& view) {
      return view.text && contains_text(*view.text, filter.text);
    });
    if (!is_there) return false;
    if (!filter.has_problem || is_known_bad) return true;
  }
  const std::shared_ptr<const LoadedSample> sample = make(request);
  return std::any_of(sample->view.problems.begin(), sample->view.problems.end(), is_bad);
}

// One step of a search; true: there is more to do.
bool OpenDataset::seek_on(Traveller& traveller) {
  const Destination& destination = traveller.destination;
  const Status now = status();
  if (traveller.at < 0 || (traveller.at >= now.num_samples && now.is_complete)) {
    fail(traveller, nothing_found(destination, traveller.num_seen > 0));
    return false;
  }
  if (traveller.at >= now.num_samples) return index_on();
  // A shard's end may tell more of its first samples.
  if (destination.filter.has_problem && !is_settled(traveller.at)) return index_on();
  if (destination.filter.is_empty() || passes(destination.filter, for_sample(traveller.request, traveller.at))) {
    arrive(traveller, traveller.at);
    return false;
  }
  traveller.at += destination.direction;
  ++traveller.num_seen;
  const std::lock_guard lock(mutex_);
  if (traveller_ && traveller_->number == traveller.number) {
    traveller_->at = traveller.at;
    traveller_->num_seen = traveller.num_seen;
    const auto total = destination.direction > 0 ? std::max(now.num_samples - destination.from, std::int64_t{1}) : std::max(destination.from, std::int64_t{1});
    journey_.progress = static_cast<double>(traveller.num_seen) / static_cast<double>(total);
    journey_.sentence = later(now.is_complete ? tr_later("Searching: sample {0} of {1}") : tr_later("Searching: sample {0} of {1} found so far"), traveller.at,
                              now.num_samples);
  }
  return true;
}

bool OpenDataset::travel_on() {
  std::optional<Traveller> traveller;
  {
    const std::lock_guard lock(mutex_);
    traveller = traveller_;
  }
  if (!traveller) return false;
  const Destination& destination = traveller->destination;
  try {
    if (destination.direction != 0) {
      seek_on(*traveller);
      return true;
    }
    std::optional<std::int64_t> number;
    const Status now = status();
    if (destination.number && *destination.number >= 0 && *destination.number < now.num_samples) number = destination.number;
    if (destination.key) {
      const std::lock_guard lock(index_mutex_);
      number = dataset_->find(*destination.key, traveller->num_seen);
      traveller->num_seen = dataset_->num_samples();
    }
    if (number) {
      arrive(*traveller, *number);
    } else if (!index_on()) {
      fail(*traveller, destination.key ? later("No sample has the key \"{0}\". Check its spelling.", *destination.key)
                                       : later("Sample {0} was asked for, but there are {1} samples, numbered from 0. Choose one of them.",
                                               *destination.number, now.num_samples));
    } else {
      const std::lock_guard lock(mutex_);
      if (traveller_ && traveller_->number == traveller->number) {
        traveller_->num_seen = traveller->num_seen;
        journey_.progress = now.progress;
        journey_.sentence = later("Indexing: {0} samples found so far", now.num_samples);
      }
    }
  } catch (const std::bad_alloc&) {
    fail(*traveller, later("There is not enough memory for this sample. Close other programs."));
  } catch (const std::exception& failure) {
    fail(*traveller, later("{0}", failure.what()));  // about files: as it is
  }
  tell(false);
  return true;
}

bool OpenDataset::index_on() {
  {
    const std::lock_guard lock(index_mutex_);
    if (is_index_complete()) return false;
    index_step();
  }
  tell(status().is_complete);
  return true;
}

void OpenDataset::work(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (travel_on()) continue;
    std::optional<SampleRequest> next;
    {
      const std::lock_guard lock(mutex_);
      if (!to_prefetch_.empty()) {
        next = std::move(to_prefetch_.back());
        to_prefetch_.pop_back();
      }
    }
    if (next) {
      try {
        load(*next);
      } catch (const std::exception&) {
        // Nobody asked for it yet; whoever does will be told.
      }
      continue;
    }
    if (index_on()) continue;
    std::unique_lock lock(mutex_);
    wakeup_.wait(lock, stop, [this] { return traveller_.has_value() || !to_prefetch_.empty(); });
  }
}

}  // namespace maskscope
