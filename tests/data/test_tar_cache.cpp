// core/data/tar_source, TarCache: tars kept open, by several threads, within a bound of what is unpacked.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/data/tar_source.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/tar_fixture.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

constexpr auto patience = std::chrono::seconds(20);  // far more than anything here takes, if nothing is locked up

class Signal {
 public:
  void give() {
    const std::lock_guard lock(mutex_);
    is_given_ = true;
    condition_.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    return condition_.wait_for(lock, patience, [&] { return is_given_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool is_given_ = false;
};

TarCache::Opened opened_of(std::uint64_t num_unpacked_bytes) {
  return {std::make_shared<const FileHandle>(FileHandle::temporary()), num_unpacked_bytes};
}

// Counts how often each tar is opened.
struct Counting {
  std::map<std::string, int> counts;
  std::map<std::string, std::uint64_t> sizes;
  TarCache::Opener opener() {
    return [this](const std::string& path) {
      ++counts[path];
      return opened_of(sizes[path]);
    };
  }
};

}  // namespace

TEST_CASE("tar cache: while one tar is unpacked, others are opened, and who wants the same one waits for it") {
  Signal is_unpacking, may_end;
  std::atomic<bool> ended_in_time = false;
  std::atomic<int> num_unpacked = 0;
  TarCache cache([&](const std::string& path) {
    if (path == "large.tar.gz") {
      ++num_unpacked;
      is_unpacking.give();
      ended_in_time = may_end.wait();
    }
    return opened_of(1);
  });
  std::shared_ptr<const FileHandle> first, second;
  std::thread unpacking([&] { first = cache.open("large.tar.gz"); });
  CHECK(is_unpacking.wait());
  CHECK(cache.open("small.tar") != nullptr);  // would wait for may_end, in vain
  std::thread waiting([&] { second = cache.open("large.tar.gz"); });
  may_end.give();
  unpacking.join();
  waiting.join();
  CHECK(ended_in_time);
  CHECK(num_unpacked == 1);
  CHECK(first != nullptr);
  CHECK(first == second);
}

TEST_CASE("tar cache: unpacked bytes are bounded together, the least recently used go first") {
  Counting counting;
  counting.sizes = {{"a", 40}, {"b", 40}, {"c", 40}, {"plain", 0}, {"huge", 1000}};
  TarCache cache(counting.opener(), 100);
  cache.open("plain");
  const std::weak_ptr<const FileHandle> a = cache.open("a"), b = cache.open("b");
  cache.open("a");
  CHECK(counting.counts["a"] == 1);
  cache.open("c");  // 120 bytes: b was used before a
  CHECK(b.expired());
  CHECK_FALSE(a.expired());
  cache.open("a");
  cache.open("c");
  CHECK(counting.counts["a"] == 1);
  CHECK(counting.counts["c"] == 1);
  const auto huge = cache.open("huge");
  CHECK(cache.open("huge") == huge);
  CHECK(counting.counts["huge"] == 1);
  CHECK(a.expired());
  cache.open("plain");
  CHECK(counting.counts["plain"] == 1);
  cache.open("b");
  CHECK(counting.counts["b"] == 2);
  cache.add("d", opened_of(90));
  cache.open("b");
  CHECK(counting.counts["b"] == 3);
}

TEST_CASE("tar cache: a reader keeps its file when the cache lets it go") {
  const TemporaryFolder folder;
  const std::string bytes = tar_of({"a.txt"});
  const std::string path = folder.write("a.tar.gz", gzipped(bytes)), other = folder.write("b.tar.gz", gzipped(bytes));
  CHECK(TarCache::open_and_unpack(path).num_unpacked_bytes == bytes.size());
  TarCache cache(TarCache::open_and_unpack, bytes.size() + 1);
  const auto file = cache.open(path);
  cache.open(other);
  std::string read(bytes.size(), ' ');
  CHECK(file->read_at(0, read.data(), read.size()) == static_cast<std::ptrdiff_t>(bytes.size()));
  CHECK(read == bytes);
}

TEST_CASE("tar cache: what fails to open is tried again, and threads that waited for it are told") {
  int num_tries = 0;
  TarCache cache([&](const std::string& path) {
    if (++num_tries == 1) throw Error(path + ": is gone.");
    return opened_of(0);
  });
  CHECK_THROWS_WITH(cache.open("a.tar"), contains_text("a.tar: is gone."));
  CHECK(cache.open("a.tar") != nullptr);
  CHECK(num_tries == 2);
}

TEST_CASE("tar source: parallel tars share the room they unpack into") {
  const TemporaryFolder folder;
  const std::string bytes = tar_of({"a.txt", "b.txt"});
  const std::string path = folder.write("a.tar.gz", gzipped(bytes));
  const auto room = std::make_shared<std::uint64_t>(bytes.size() + 10);
  TarSource first(path, room), second(path, room);
  while (first.unpack_more(1 << 20)) {
  }
  CHECK(first.problem() == "");
  CHECK(first.num_unpacked_bytes() == bytes.size());
  CHECK(*room == 10);
  while (second.unpack_more(1 << 20)) {
  }
  CHECK_THAT(second.problem(), contains_text("doesn't fit into the 4 GiB that the tars of a shard are unpacked to at most."));
  CHECK(second.file()->size() <= 10);
}
