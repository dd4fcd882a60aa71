// Opening a data set while the window goes on: looks into it, opens it and loads the first sample on a thread of its own.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/edits.h"
#include "app/open_dataset.h"

namespace maskscope {

class Opening {
 public:
  struct Result {
    Document before, document;               // without and with the edit
    std::shared_ptr<const Inputs> inputs;    // of document, loaded
    Edit edit;
    std::string failure;                     // the sentence, if it failed; else empty
  };

  ~Opening();

  // Applies edit to a copy of document and loads what it leads to. present: the inputs now, for what they share with that. what:
  // for people, the path. wake: called from the thread when there is a result. A new opening takes the place of the last.
  void start(const std::string& what, const Document& document, const Edit& edit, const std::shared_ptr<const Inputs>& present,
             std::function<void()> wake);
  void cancel();
  // What is being opened; empty: nothing.
  std::string what() const;
  // Once, when it is there.
  std::optional<Result> take();

 private:
  mutable std::mutex mutex_;
  std::uint64_t number_ = 0;   // of the opening: results of earlier ones are dropped
  std::string what_;
  std::optional<Result> result_;
  struct Abandoned {
    std::jthread thread;
    std::shared_ptr<const std::atomic<bool>> has_ended;
  };
  std::vector<Abandoned> abandoned_;  // cancelled, but still waiting for a disk
  std::shared_ptr<std::atomic<bool>> has_ended_;
  std::jthread thread_;
};

}  // namespace maskscope
