// Keeps the session of a run that ends badly. Every run has a file of its own while it lasts, autosave.json or, where several
// run, autosave-2.json and so on; a lock beside it, <file>.lock with the run's process id in it, tells that the run is alive.
// A run that ends well removes both. So a file without a living run is one to offer.
//
//   Autosave autosave;                                  // takes a place
//   if (autosave.left()) …offer it, then adopt_left() or drop_left()
//   seconds = autosave.save(change, now, json)          // after every frame, and again after so many seconds
//   autosave.close();                                   // the run ends well
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace maskscope {

// $XDG_STATE_HOME/maskscope/autosave.json, or below ~/.local/state: the first place.
std::filesystem::path autosave_path();

class Autosave {
 public:
  static constexpr int max_places = 8;
  static constexpr double seconds_between = 10;

  explicit Autosave(const std::filesystem::path& first_place = autosave_path());
  ~Autosave();  // leaves the files: only close() says that the run ended well
  Autosave(const Autosave&) = delete;
  Autosave& operator=(const Autosave&) = delete;

  // Where this run's session is kept; empty: nowhere, and problem() says why.
  const std::filesystem::path& path() const { return path_; }
  // The newest session that a run left which did not end well. Other runs are not offered it meanwhile.
  const std::optional<std::filesystem::path>& left() const { return left_; }
  // It was restored: it becomes this run's own. It was not wanted: it is deleted.
  void adopt_left();
  void drop_left();

  // change: another number for another session; the first one is what needs no saving. now: seconds of any steady clock.
  // json: the session, asked for when it is written: at once, if the last time was seconds_between ago. Returns in how many
  // seconds to call again; 0: there is nothing left to write.
  double save(std::uint64_t change, double now, const std::function<std::string()>& json);
  // Why nothing is kept: a sentence, once, and again only after it had worked in between. Empty: nothing to say.
  std::string take_problem();

  void close();

 private:
  // An open lock file; unlocks when closed, also when the process dies.
  class Lock {
   public:
    Lock() = default;
    Lock(Lock&& other) noexcept;
    Lock& operator=(Lock&& other) noexcept;
    ~Lock();
    // False where another run holds it, or no file can be made there.
    bool take(const std::filesystem::path& file);
    void remove();  // the file, and unlocks

   private:
    int descriptor_ = -1;
    std::filesystem::path file_;
  };

  std::filesystem::path path_;
  Lock lock_;
  std::optional<std::filesystem::path> left_;
  Lock left_lock_;
  std::optional<std::uint64_t> saved_change_;  // absent: nothing was there to be saved yet
  std::optional<double> saved_at_;
  std::string problem_;
  bool is_failing_ = false;
};

}  // namespace maskscope
