#include "app/panels/browser.h"

#include <random>

#include "app/dataset_inputs.h"
#include "core/error.h"

namespace maskscope {
namespace {

std::shared_ptr<OpenDataset> dataset_of(const Session& session) { return session.frame().inputs->dataset; }

// How sample 0 of the present data set would be loaded.
SampleRequest request_for_any(const Session& session) {
  Document document = session.document();
  document.inputs.dataset.sample = 0;
  return sample_request(document, session.frame().inputs->tokenizer);
}

}  // namespace

Browser::~Browser() {
  // The data set may live longer than the window it wakes.
  if (const std::shared_ptr<OpenDataset> followed = followed_.lock()) followed->on_news({});
}

void Browser::open(Session& session, const std::string& path) {
  try {
    const Edit edit = edits::open_any(path, /*is_restoring=*/true);
    if (edits::may_open_dataset(path)) {
      apply_in_background(session, edit, path);
    } else {
      const bool had_dataset = dataset_of(session) != nullptr;
      if (session.apply(edit)) tell_opened(session, path, edit, had_dataset);
    }
  } catch (const Error& error) {
    session.say(MessageLevel::error, error.what());
  }
}

void Browser::tell_opened(Session& session, const std::string& path, const Edit& edit, bool had_dataset) {
  if (edit.extras) {
    opened_session_ = {path, edit.extras->view};
    if (!edit.extras->losses.empty()) {
      std::string sentences;
      for (const std::string& loss : edit.extras->losses) sentences += " " + loss;
      session.say(MessageLevel::warning, later("Opened {0}, but not all of it is as it was.{1}", path, sentences));
      recent_.add(path);
      return;
    }
  }
  recent_.add(path);
  const bool is_closed = had_dataset && !dataset_of(session);
  session.say(MessageLevel::info, is_closed ? later("Opened {0}. The data set was closed; Ctrl+Z brings it back.", path) : later("Opened {0}.", path));
}

void Browser::apply_in_background(Session& session, const Edit& edit, const std::string& what) {
  waiting_.push_back({edit, what});
  if (opening_.what().empty()) start_next(session);
}

void Browser::start_next(Session& session) {
  if (waiting_.empty()) return;
  const Waiting next = std::move(waiting_.front());
  waiting_.pop_front();
  opening_.start(next.what, session.document(), next.edit, session.frame().inputs, wake_);
}

namespace {

// What was changed while the edit was under way stays, unless the edit changes it too.
Document merged(const Opening::Result& result, const Document& present) {
  Document document = result.document;
  const Document& before = result.before;
  const auto keep = [&](auto field) {
    if (document.*field == before.*field) document.*field = present.*field;
  };
  keep(&Document::inputs);
  keep(&Document::scheme);
  keep(&Document::disabled);
  keep(&Document::random);
  keep(&Document::seed);
  keep(&Document::sample_index);
  return document;
}

}  // namespace

void Browser::take_opened(Session& session) {
  const std::string what = opening_.what();
  const auto result = opening_.take();
  if (!result) return;
  if (!result->failure.empty()) {
    session.say(MessageLevel::error, result->failure);
  } else {
    Edit edit = edits::replace_document(merged(*result, session.document()), result->edit.name);
    edit.rereads = result->edit.rereads;
    edit.extras = result->edit.extras;
    // An edit without files of its own has nothing to tell: it was not "opened".
    if (session.apply(edit, result->inputs) && edit.rereads) tell_opened(session, what, edit, /*had_dataset=*/false);
  }
  start_next(session);
}

void Browser::take_arrival(Session& session) {
  const std::shared_ptr<OpenDataset> dataset = dataset_of(session);
  if (!dataset) return;
  const auto arrival = dataset->take_arrival();
  if (!arrival) return;
  if (arrival->arrived) session.apply(edits::show_sample(*arrival->arrived));
  else session.say(MessageLevel::warning, arrival->sentence);
}

void Browser::prefetch_neighbours(const Session& session) {
  const std::shared_ptr<const Inputs>& inputs = session.frame().inputs;
  if (!inputs->dataset || !inputs->loaded || prefetched_around_.lock() == inputs->loaded) return;
  prefetched_around_ = inputs->loaded;
  const std::int64_t here = session.document().inputs.dataset.sample;
  const SampleRequest any = request_for_any(session);
  std::vector<SampleRequest> neighbours;
  for (const std::int64_t number : {here + 1, here - 1, here + 2}) {
    if (number >= 0 && number < inputs->dataset->status().num_samples) neighbours.push_back(for_sample(any, number));
  }
  inputs->dataset->prefetch(std::move(neighbours));
}

void Browser::update(PanelContext& context) {
  Session& session = context.session;
  take_opened(session);
  take_arrival(session);
  const std::shared_ptr<OpenDataset> dataset = dataset_of(session);
  const std::shared_ptr<OpenDataset> followed = followed_.lock();
  if (dataset != followed) {
    if (followed) followed->on_news({});
    if (dataset) dataset->on_news(wake_);
    followed_ = dataset;
  }
  prefetch_neighbours(session);
  if (dataset && !session.frame().inputs->are_problems_final && dataset->is_settled(session.document().inputs.dataset.sample)) session.refresh();
  if (!context.view.wanted_key.empty()) {
    if (dataset) go_to_key(context, context.view.wanted_key);
    context.view.wanted_key.clear();
  }
}

void Browser::travel(PanelContext& context, const Destination& destination) {
  const std::shared_ptr<OpenDataset> dataset = dataset_of(context.session);
  if (dataset) dataset->travel(destination, request_for_any(context.session));
}

void Browser::step(PanelContext& context, int direction) {
  Session& session = context.session;
  const Document& document = session.document();
  if (document.inputs.picture == PictureSource::dump) {
    session.apply(edits::show_dump_sample(document.inputs.dump.sample + direction));
    return;
  }
  if (!dataset_of(session)) return;
  const std::int64_t here = document.inputs.dataset.sample;
  if (filter_.is_empty()) go_to(context, here + direction);
  else travel(context, {.number = {}, .key = {}, .direction = direction, .from = here, .filter = filter_});
}

void Browser::go_to(PanelContext& context, std::int64_t number) {
  Session& session = context.session;
  if (session.document().inputs.picture == PictureSource::dump) {
    session.apply(edits::show_dump_sample(static_cast<int>(number)));
    return;
  }
  const std::shared_ptr<OpenDataset> dataset = dataset_of(session);
  if (!dataset || number < 0) return;
  // What is at hand is shown in this very frame.
  if (dataset->loaded(for_sample(request_for_any(session), number))) session.apply(edits::show_sample(number));
  else travel(context, {.number = number, .key = {}, .direction = 0, .from = 0, .filter = {}});
}

void Browser::go_to_key(PanelContext& context, const std::string& key) {
  travel(context, {.number = {}, .key = key, .direction = 0, .from = 0, .filter = {}});
}

void Browser::go_anywhere(PanelContext& context) {
  const std::shared_ptr<OpenDataset> dataset = dataset_of(context.session);
  if (!dataset) return;
  static std::mt19937_64 generator{std::random_device{}()};
  const std::int64_t last = std::max<std::int64_t>(dataset->status().num_samples - 1, 0);
  go_to(context, std::uniform_int_distribution<std::int64_t>(0, last)(generator));
}

std::optional<Browser::Progress> Browser::progress(const Session& session) const {
  if (const std::string what = opening_.what(); !what.empty()) return Progress{fill(tr("Opening {0}"), what), -1, true};
  const std::shared_ptr<OpenDataset> dataset = dataset_of(session);
  if (!dataset) return std::nullopt;
  if (const OpenDataset::Journey journey = dataset->journey(); journey.is_under_way) return Progress{journey.sentence.text(), journey.progress, true};
  const OpenDataset::Status status = dataset->status();
  if (!status.is_complete) return Progress{fill(tr("Indexing: {0} samples found so far"), status.num_samples), status.progress, false};
  return std::nullopt;
}

void Browser::cancel(Session& session) {
  if (!opening_.what().empty()) {
    waiting_.clear();
    opening_.cancel();
  } else if (const std::shared_ptr<OpenDataset> dataset = dataset_of(session)) {
    dataset->stop_travelling();
  }
}

}  // namespace maskscope
