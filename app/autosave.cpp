#include "app/autosave.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <system_error>
#include <utility>

#include "core/data/whole_file.h"
#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

fs::path place(const fs::path& first, int number) {
  if (number == 1) return first;
  return first.parent_path() / cat(first.stem().string(), '-', number, first.extension().string());
}

fs::path lock_of(const fs::path& path) { return path.string() + ".lock"; }

}  // namespace

fs::path autosave_path() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  const fs::path base = state && *state ? fs::path(state) : fs::path(home && *home ? home : "/tmp") / ".local" / "state";
  return base / "maskscope" / "autosave.json";
}

Autosave::Lock::Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), file_(std::move(other.file_)) {}

Autosave::Lock& Autosave::Lock::operator=(Lock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(file_, other.file_);
  return *this;
}

Autosave::Lock::~Lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Autosave::Lock::take(const fs::path& file) {
  // Whoever removes a lock file holds it: a file that is locked but no longer there under its name is none.
  for (int attempt = 0; attempt < 3; ++attempt) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return false;
    struct stat held {}, named {};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ::fstat(descriptor, &held) == 0 && ::stat(file.c_str(), &named) == 0 &&
        held.st_ino == named.st_ino && held.st_dev == named.st_dev) {
      const std::string id = cat(::getpid(), '\n');  // for people: the lock itself is what counts
      const bool is_noted = ::ftruncate(descriptor, 0) == 0 && ::write(descriptor, id.data(), id.size()) >= 0;
      static_cast<void>(is_noted);
      Lock taken;
      taken.descriptor_ = descriptor;
      taken.file_ = file;
      *this = std::move(taken);
      return true;
    }
    ::close(descriptor);
  }
  return false;
}

void Autosave::Lock::remove() {
  if (descriptor_ < 0) return;
  ::unlink(file_.c_str());
  ::close(std::exchange(descriptor_, -1));
}

Autosave::Autosave(const fs::path& first_place) {
  std::error_code failure;
  fs::create_directories(first_place.parent_path(), failure);
  fs::file_time_type newest;
  for (int number = 1; number <= max_places; ++number) {
    const fs::path path = place(first_place, number);
    if (!path_.empty() && !fs::exists(path, failure)) continue;
    Lock lock;
    if (!lock.take(lock_of(path))) continue;
    if (!fs::exists(path, failure)) {
      path_ = path;
      lock_ = std::move(lock);
      continue;
    }
    const fs::file_time_type written = fs::last_write_time(path, failure);
    if (left_ && written <= newest) continue;
    newest = written;
    left_ = path;
    left_lock_ = std::move(lock);
  }
  if (path_.empty()) {
    problem_ = cat(first_place.parent_path().string(), ": no session can be kept there for the case that the program ends badly. Check that the folder is writable, and delete old ", first_place.filename().string(),
                   " files from it.");
  }
}

Autosave::~Autosave() = default;

void Autosave::adopt_left() {
  if (!left_) return;
  std::error_code failure;
  if (!path_.empty()) fs::rename(*left_, path_, failure);
  if (path_.empty() || failure) return;  // it stays where it is, and is offered again at the next start
  left_lock_.remove();
  left_.reset();
}

void Autosave::drop_left() {
  if (!left_) return;
  std::error_code failure;
  fs::remove(*left_, failure);
  left_lock_.remove();
  left_.reset();
}

double Autosave::save(std::uint64_t change, double now, const std::function<std::string()>& json) {
  if (!saved_change_) saved_change_ = change;
  if (path_.empty() || *saved_change_ == change) return 0;
  if (saved_at_ && now - *saved_at_ < seconds_between) return seconds_between - (now - *saved_at_);
  saved_at_ = now;
  try {
    write_whole_file(path_, json(), "the session, for the case that the program ends badly,");
    saved_change_ = change;
    is_failing_ = false;
    return 0;
  } catch (const Error& error) {
    if (!is_failing_) problem_ = error.what();
    is_failing_ = true;
    return seconds_between;  // there may be room by then
  }
}

std::string Autosave::take_problem() { return std::exchange(problem_, {}); }

void Autosave::close() {
  std::error_code failure;
  if (!path_.empty()) fs::remove(path_, failure);
  lock_.remove();
  path_.clear();
}

}  // namespace maskscope
