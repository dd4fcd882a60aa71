#include "app/session.h"

#include "app/open_dataset.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::size_t max_undo_states = 200;
constexpr std::size_t max_messages = 100;

}  // namespace

Session::Session(std::unique_ptr<Backend> backend, const Document& document, const std::shared_ptr<OpenDataset>& opened)
    : backend_(std::move(backend)) {
  std::shared_ptr<Inputs> previous;
  if (opened) {
    previous = std::make_shared<Inputs>();
    previous->dataset = opened;
  }
  const auto inputs = load_inputs(document, previous);
  compute(document, inputs);
  document_ = document;
  inputs_ = inputs;
  for (const std::string& note : inputs_->notes) say(MessageLevel::info, note);
}

bool Session::apply(const Edit& edit, const std::shared_ptr<const Inputs>& ready) {
  Document changed = document_;
  std::shared_ptr<const Inputs> inputs = inputs_;
  try {
    edit.apply(changed);
    if (changed == document_ && !edit.rereads) return true;
    inputs = load_inputs(changed, ready ? ready : edit.rereads ? nullptr : inputs_);
    has_current_message_ = false;  // what computing says stays
    compute(changed, inputs);
  } catch (const Error& error) {
    say(MessageLevel::error, error.what());
    return false;
  }
  const bool is_merged = !edit.merge_key.empty() && edit.merge_key == merge_key_ && !undo_.empty();
  if (!is_merged) {
    undo_.push_back({document_, inputs_, edit.name});
    if (undo_.size() > max_undo_states) undo_.erase(undo_.begin());
  }
  redo_.clear();
  merge_key_ = edit.merge_key;
  if (inputs != inputs_) {
    for (const std::string& note : inputs->notes) {
      if (inputs->notes != inputs_->notes) say(MessageLevel::info, note);
    }
  }
  document_ = std::move(changed);
  inputs_ = std::move(inputs);
  let_go_of_other_samples();
  return true;
}

void Session::let_go_of_other_samples() {
  for (std::vector<State>* states : {&undo_, &redo_}) {
    for (State& state : *states) {
      const PictureSource source = state.document.inputs.picture;
      const bool is_large = source == PictureSource::dataset || source == PictureSource::dump;
      if (is_large && state.inputs != inputs_ && !state.inputs->contents.empty()) state.inputs = without_content(*state.inputs);
    }
  }
}

void Session::refresh() {
  try {
    const std::shared_ptr<const Inputs> inputs = load_inputs(document_, inputs_);
    if (inputs == inputs_) return;
    compute(document_, inputs);
    inputs_ = inputs;
  } catch (const Error& error) {
    say(MessageLevel::error, error.what());
  }
}

void Session::settle() {
  if (!inputs_->dataset || inputs_->are_problems_final) return;
  inputs_->dataset->settle(document_.inputs.dataset.sample);
  refresh();
}

void Session::reread_config() {
  auto without = std::make_shared<Inputs>(*inputs_);
  without->config.reset();
  inputs_ = without;
  refresh();
}

void Session::run_backend(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& batch) {
  backend_->run(plan, samples, draws, batch);
  const std::string lost_device = backend_->info().lost_device;
  if (lost_device == lost_device_) return;
  lost_device_ = lost_device;
  say(MessageLevel::warning, lost_device);
}

void Session::compute(const Document& document, const std::shared_ptr<const Inputs>& inputs) {
  frame_ = mask_inputs(document, inputs, [this](const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws,
                                                MaskedBatch& batch) { run_backend(plan, samples, draws, batch); });
  ++revision_;
}

std::string Session::backend_story() const {
  if (document_.random == RandomSource::torch) {
    return tr("The masking is computed by the CPU, one thread, with the generators of PyTorch, Python and NumPy: those are streams, "
              "which only one thread can follow.");
  }
  const CudaStatus cuda = cuda_status();
  const std::string computed = fill(tr("The masking is computed by: {0}."), backend_->info().description);
  if (!lost_device_.empty()) return cat(computed, "\n", lost_device_);
  return cuda.is_usable ? computed : cat(computed, "\n", fill(tr("CUDA is not used: {0}."), cuda.reason));
}

std::string Session::undo_name() const { return undo_.back().edit_name.text(); }
std::string Session::redo_name() const { return redo_.back().edit_name.text(); }

void Session::restore(std::vector<State>& from, std::vector<State>& to) {
  if (from.empty()) return;
  State state = from.back();
  try {
    state.inputs = load_inputs(state.document, state.inputs);
    compute(state.document, state.inputs);
  } catch (const Error& error) {
    say(MessageLevel::error, error.what());
    return;
  }
  from.pop_back();
  to.push_back({document_, inputs_, state.edit_name});
  document_ = state.document;
  inputs_ = state.inputs;
  let_go_of_other_samples();
  merge_key_.clear();
}

void Session::undo() { restore(undo_, redo_); }
void Session::redo() { restore(redo_, undo_); }

void Session::say(MessageLevel level, LaterText words) {
  say(level, words.english_text());
  messages_.back().words = std::move(words);
}

void Session::say(MessageLevel level, std::string sentence) {
  messages_.push_back({level, std::move(sentence), {}});
  ++num_said_;
  has_current_message_ = true;
  if (messages_.size() > max_messages) messages_.erase(messages_.begin());
  ++revision_;
}

}  // namespace maskscope
