// The open document with its undo history, and the frame computed from it. All changes go through apply().
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/document.h"
#include "app/edits.h"
#include "app/masked_frame.h"
#include "kernels/backend.h"

namespace maskscope {

enum class MessageLevel : std::uint8_t { info, warning, error };
struct Message {
  MessageLevel level = MessageLevel::info;
  std::string sentence;  // English: for stderr and files
  LaterText words;       // the same where it can be translated; else empty
  std::string shown() const { return words.english.empty() ? sentence : words.text(); }
};

class Session {
 public:
  // Throws Error when the document cannot be loaded or computed.
  // opened: the document's data set, where it is open already.
  Session(std::unique_ptr<Backend> backend, const Document& document, const std::shared_ptr<OpenDataset>& opened = nullptr);

  const Document& document() const { return document_; }
  const MaskedFrame& frame() const { return frame_; }
  BackendInfo backend_info() const { return backend_->info(); }
  // For people: what computes the masks, and why CUDA does not if it doesn't.
  std::string backend_story() const;
  // Grows with every change of document or frame.
  std::uint64_t revision() const { return revision_; }

  // Applies an edit, reloads inputs and recomputes the frame where needed. On failure nothing changes, the
  // sentence becomes the last message, and false is returned. ready: inputs that were loaded in advance for what the edit leads
  // to, on another thread; may be null.
  bool apply(const Edit& edit, const std::shared_ptr<const Inputs>& ready = nullptr);
  // Takes up what has become known about the sample that is shown since it was loaded. No edit: nothing to undo.
  void refresh();
  // Waits until all that the data set's index can say of the sample is known, and takes it up.
  void settle();
  // The configuration was written: reads it again. The scheme stays.
  void reread_config();
  // An edit that ends a drag: the next one starts a new undo step.
  void end_merge() { merge_key_.clear(); }

  bool can_undo() const { return !undo_.empty(); }
  bool can_redo() const { return !redo_.empty(); }
  std::string undo_name() const;  // of the edit that undo() takes back, in the language of now; can_undo() first
  std::string redo_name() const;
  void undo();
  void redo();

  const std::vector<Message>& messages() const { return messages_; }  // oldest first, at most 100
  std::uint64_t num_said() const { return num_said_; }                // also those that are no longer kept
  void say(MessageLevel level, std::string sentence);
  void say(MessageLevel level, LaterText words);
  // The last message, until the next edit succeeds; nullptr when there is nothing to say.
  const Message* current_message() const { return has_current_message_ ? &messages_.back() : nullptr; }

 private:
  struct State {
    Document document;
    std::shared_ptr<const Inputs> inputs;  // of samples that are not shown: without_content
    EditName edit_name;  // of the edit between this state and the next
  };
  // The backend's run; when it has lost its GPU, the user is told.
  void run_backend(const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& batch);
  void compute(const Document& document, const std::shared_ptr<const Inputs>& inputs);
  void restore(std::vector<State>& from, std::vector<State>& to);
  void let_go_of_other_samples();

  std::unique_ptr<Backend> backend_;
  std::string lost_device_;  // as last told
  Document document_;
  std::shared_ptr<const Inputs> inputs_;
  MaskedFrame frame_;
  std::vector<State> undo_, redo_;
  std::string merge_key_;
  std::vector<Message> messages_;
  std::uint64_t num_said_ = 0;
  bool has_current_message_ = false;
  std::uint64_t revision_ = 0;
};

}  // namespace maskscope
