#include "core/data/text_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/tiny_tokenizer.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

// A folder of its own for one test, removed at the end.
class TestFolder {
 public:
  TestFolder() : path_(fs::temp_directory_path() / cat("maskscope-text-", ::getpid(), "-", std::random_device{}())) {
    fs::create_directories(path_);
  }
  ~TestFolder() { fs::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  fs::path write(const std::string& name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("text file: the text without byte order mark and last line end") {
  const TestFolder folder;
  CHECK(read_text_file(folder.write("a.txt", "\xEF\xBB\xBF" "a red cube\r\n\n")) == "a red cube");
  CHECK(read_text_file(folder.write("b.txt", " two\nlines ")) == " two\nlines ");
  CHECK(read_text_file(folder.write("empty.txt", "")).empty());
  CHECK(read_text_file(folder.write("nul.txt", std::string_view("a\0b", 3))) == std::string("a\0b", 3));
  const std::string long_text(200'000, 'x');
  CHECK(read_text_file(folder.write("long.txt", long_text)) == long_text);
}

TEST_CASE("text file: what can't be read is said") {
  const TestFolder folder;
  const auto message = [](const fs::path& path, std::size_t max_bytes = max_text_bytes) {
    return test::message_of([&] { read_text_file(path, max_bytes); });
  };
  const fs::path missing = folder.path() / "missing.txt";
  CHECK(message(missing) == missing.string() + ": there is no such file. Check the name; a text file was expected.");
  CHECK(message(folder.path()) == folder.path().string() + ": this is a folder, a text file was expected. Name a file in it.");

  const fs::path pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(message(pipe) ==
        pipe.string() + ": this is a device, pipe or socket, a text file was expected. Save its content to a file first.");

  const fs::path latin = folder.write("latin1.txt", "caf\xE9 au lait");
  CHECK(message(latin) == latin.string() + ": not valid UTF-8 at byte offset 3 (byte 0xE9), UTF-8 text was expected. Save "
                                           "the text as UTF-8 and open it again.");

  const fs::path ten = folder.write("ten.txt", "0123456789");
  CHECK(message(ten, 10) == "no error");
  CHECK(message(ten, 9) == ten.string() + ": 10 bytes long, at most 9 bytes are read. Open a shorter one, or a part of it.");

  const fs::path big = folder.write("big.txt", "");
  fs::resize_file(big, 10u << 20);
  CHECK(message(big) ==
        big.string() + ": 10485760 bytes long, at most 1048576 bytes are read. Open a shorter one, or a part of it.");

  if (::geteuid() != 0) {  // root may read everything
    const fs::path locked = folder.write("locked.txt", "secret");
    fs::permissions(locked, fs::perms::none);
    CHECK(message(locked) == locked.string() + ": can't be opened (Permission denied). Check the permissions of the file.");
  }
}

}  // namespace maskscope
