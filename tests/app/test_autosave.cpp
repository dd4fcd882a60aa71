// What is kept of a run that ends badly, and that runs do not take it from each other.
#include <csignal>
#include <optional>
#include <sys/resource.h>

#include "app/autosave.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;
namespace fs = std::filesystem;

namespace {

std::function<std::string()> json(const std::string& value) {
  return [=] { return value; };
}

std::size_t num_files(const fs::path& folder) { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator())); }

// A run that dies: its lock goes with it, its file stays.
fs::path left_by_a_crash(const fs::path& first, const std::string& value) {
  Autosave run(first);
  run.save(0, 0, json("unchanged"));
  run.save(1, 0, json(value));
  return run.path();
}

}  // namespace

TEST_CASE("a change is written at once, the next ones at most every ten seconds") {
  const ScratchFolder folder;
  Autosave autosave(folder.path() / "sub" / "autosave.json");
  CHECK(autosave.path() == folder.path() / "sub" / "autosave.json");
  CHECK_FALSE(autosave.left());
  CHECK(autosave.save(7, 100, json("as it began")) == 0);
  CHECK_FALSE(fs::exists(autosave.path()));
  CHECK(autosave.save(8, 100, json("one")) == 0);
  CHECK(read_all(autosave.path()) == "one");
  CHECK(autosave.save(9, 104, json("two")) == 6);
  CHECK(read_all(autosave.path()) == "one");
  CHECK(autosave.save(9, 110, json("two")) == 0);
  CHECK(read_all(autosave.path()) == "two");
  CHECK(autosave.save(9, 150, [] { FAIL("nothing changed"); return std::string(); }) == 0);
  CHECK(autosave.take_problem().empty());
  autosave.close();
  CHECK(num_files(folder.path() / "sub") == 0);
}

TEST_CASE("what a crashed run left is offered, and is gone when it was restored or discarded") {
  const ScratchFolder folder;
  const fs::path first = folder.path() / "autosave.json";
  CHECK(left_by_a_crash(first, "precious") == first);
  {
    Autosave next(first);
    REQUIRE(next.left());
    CHECK(*next.left() == first);
    CHECK(next.path() == folder.path() / "autosave-2.json");
    Autosave third(first);
    CHECK_FALSE(third.left());  // somebody is asked already
    third.close();
    next.adopt_left();
    CHECK_FALSE(next.left());
    CHECK(read_all(next.path()) == "precious");
    CHECK_FALSE(fs::exists(first));
  }
  // That run crashed too: nothing is lost.
  Autosave after(first);
  REQUIRE(after.left());
  CHECK(read_all(*after.left()) == "precious");
  after.drop_left();
  after.close();
  CHECK(num_files(folder.path()) == 0);
}

TEST_CASE("not asked for, it is offered again at the next start") {
  const ScratchFolder folder;
  const fs::path first = folder.path() / "autosave.json";
  left_by_a_crash(first, "precious");
  for (int i = 0; i < 3; ++i) {
    Autosave run(first);
    REQUIRE(run.left());
    run.close();
  }
  CHECK(read_all(first) == "precious");
}

TEST_CASE("several runs have a file each, and the newest that was left is offered") {
  const ScratchFolder folder;
  const fs::path first = folder.path() / "autosave.json";
  std::optional<Autosave> one, two, three;
  one.emplace(first);
  two.emplace(first);
  three.emplace(first);
  CHECK(one->path() == first);
  CHECK(two->path() == folder.path() / "autosave-2.json");
  CHECK(three->path() == folder.path() / "autosave-3.json");
  for (auto* run : {&one, &two, &three}) {
    (*run)->save(0, 0, json(""));
    (*run)->save(1, 0, json((*run)->path().filename().string()));
  }
  one.reset();
  two.reset();
  fs::last_write_time(first, fs::last_write_time(first) + std::chrono::hours(1));
  Autosave next(first);
  REQUIRE(next.left());
  CHECK(*next.left() == first);
  CHECK(read_all(three->path()) == "autosave-3.json");
}

TEST_CASE("where nothing can be kept, that is said once") {
  const ScratchFolder folder;
  write_text(folder, "file", "no folder");
  Autosave nowhere(folder.path() / "file" / "autosave.json");
  CHECK(nowhere.path().empty());
  CHECK_THAT(nowhere.take_problem(), contains_text((folder.path() / "file").string()));
  CHECK(nowhere.take_problem().empty());
  CHECK(nowhere.save(0, 0, json("")) == 0);
  CHECK(nowhere.save(1, 0, json("")) == 0);
  nowhere.close();
}

TEST_CASE("a full disk leaves what was kept, is said once, and is tried again") {
  const ScratchFolder folder;
  Autosave autosave(folder.path() / "autosave.json");
  autosave.save(0, 0, json(""));
  autosave.save(1, 0, json("old"));
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small{20, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const double rest = autosave.save(2, 20, json(std::string(1000, 'x')));
  const std::string first = autosave.take_problem();
  autosave.save(2, 40, json(std::string(1000, 'x')));
  const std::string second = autosave.take_problem();
  setrlimit(RLIMIT_FSIZE, &old);
  CHECK(rest == Autosave::seconds_between);
  CHECK_THAT(first, contains_text("could not be written"));
  CHECK(second.empty());
  CHECK(read_all(autosave.path()) == "old");
  CHECK(autosave.save(2, 60, json("new")) == 0);
  CHECK(read_all(autosave.path()) == "new");
}
