#include "app/opening.h"

#include <new>

#include "core/error.h"

namespace maskscope {
namespace {

Opening::Result open_now(const Document& document, const Edit& edit, const std::shared_ptr<const Inputs>& present, std::stop_token stop) {
  Opening::Result result{document, document, nullptr, edit, ""};
  try {
    edit.apply(result.document);
    if (stop.stop_requested()) throw Error("Opening was stopped.");
    result.inputs = load_inputs(result.document, edit.rereads ? nullptr : present, stop);
  } catch (const std::bad_alloc&) {
    result.failure = "There is not enough memory to open this. Close other programs.";
  } catch (const std::exception& failure) {
    result.failure = failure.what();
  }
  return result;
}

}  // namespace

Opening::~Opening() {
  cancel();
  abandoned_.clear();  // joins
}

void Opening::start(const std::string& what, const Document& document, const Edit& edit, const std::shared_ptr<const Inputs>& present,
                    std::function<void()> wake) {
  cancel();
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = ++number_;
    what_ = what;
  }
  has_ended_ = std::make_shared<std::atomic<bool>>(false);
  thread_ = std::jthread([this, number, document, edit, present, wake = std::move(wake), has_ended = has_ended_](std::stop_token stop) {
    Result result = open_now(document, edit, present, stop);
    bool is_wanted = false;
    {
      const std::lock_guard lock(mutex_);
      is_wanted = number == number_;
      if (is_wanted) result_ = std::move(result);
    }
    if (is_wanted && wake) wake();
    has_ended->store(true);
  });
}

void Opening::cancel() {
  {
    const std::lock_guard lock(mutex_);
    ++number_;
    what_.clear();
    result_.reset();
  }
  // Whoever cancels does not wait for a slow disk: the thread ends by itself, and its result is dropped.
  std::erase_if(abandoned_, [](const Abandoned& one) { return one.has_ended->load(); });
  if (!thread_.joinable()) return;
  thread_.request_stop();
  abandoned_.push_back({std::move(thread_), has_ended_});
}

std::string Opening::what() const {
  const std::lock_guard lock(mutex_);
  return what_;
}

std::optional<Opening::Result> Opening::take() {
  const std::lock_guard lock(mutex_);
  if (!result_) return std::nullopt;
  std::optional<Result> result = std::move(result_);
  result_.reset();
  what_.clear();
  return result;
}

}  // namespace maskscope
