// core/data/tar_index and its reader: hostile tars, and what is said about them.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/shard_names.h"
#include "core/data/tar_index.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/tar_fixture.h"

using namespace maskscope;
using namespace maskscope::test;
namespace fs = std::filesystem;

namespace {

struct Opened {
  TemporaryFolder folder;
  std::unique_ptr<Dataset> dataset;
  std::string said;

  explicit Opened(const std::string& tar) {
    dataset = open_dataset(folder.write("all.tar", tar), {});
    while (dataset->index_more(1)) {
    }
    for (const DataProblem& problem : dataset->problems(-1)) said += to_text(problem) + "\n";
  }
  std::string keys() const {
    std::string all;
    for (std::int64_t i = 0; i < dataset->num_samples(); ++i) all += dataset->sample(i).key + " ";
    return all;
  }
  std::string read(std::int64_t number, std::size_t max_bytes = 1 << 20) const {
    const auto bytes = dataset->read(dataset->sample(number).files.at(0), max_bytes);
    return {bytes.begin(), bytes.end()};
  }
};

// Members a.x.txt, b.x.txt, c.x.txt, each with its name as content.
std::string three() { return tar_member("a.x.txt", "a.x.txt") + tar_member("b.x.txt", "b.x.txt") + tar_member("c.x.txt", "c.x.txt"); }

}  // namespace

TEST_CASE("tar names: key and suffix as webdataset splits them") {
  const auto split = [](const char* name) {
    const auto parts = split_member_name(name);
    return parts ? std::string(parts->key) + "|" + std::string(parts->suffix) : std::string("none");
  };
  CHECK(split("a.jpg") == "a|jpg");
  CHECK(split("a/img.v2.jpg") == "a/img|v2.jpg");
  CHECK(split("v1.0/k.jpg") == "v1.0/k|jpg");
  CHECK(split("d/.hidden.jpg") == "d/|hidden.jpg");
  CHECK(split(".hidden") == "none");
  CHECK(split("a.b/.hidden") == "none");
  CHECK(split("a.b/c/.hidden") == "a.b/c/|hidden");
  CHECK(split("/.x") == "/|x");
  CHECK(split("//.x") == "//|x");
  CHECK(split("noext") == "none");
  CHECK(split("trailing.") == "trailing|");
  CHECK(split("a.b/noext") == "none");
  CHECK(split("a\nb/c.jpg") == "a\nb/c|jpg");
  CHECK(split("a.x\nb/c.jpg") == "none");
  CHECK(is_metadata_name("__x__"));
  CHECK(is_metadata_name("__x__/a.jpg"));
  CHECK(is_metadata_name("____"));
  CHECK_FALSE(is_metadata_name("___"));
  CHECK_FALSE(is_metadata_name("__x__.jpg"));
  CHECK_FALSE(is_metadata_name("a/__x__"));
}

TEST_CASE("tar: names that lead out of a folder are only names") {
  const Opened opened(tar_of({"../../a.x.txt", "/etc/b.x.txt", "c/../d.x.txt", "..e.x.txt"}));
  CHECK(opened.keys() == "../../a /etc/b c/../d ");
  CHECK(opened.read(0) == "../../a.x.txt");
  CHECK_THAT(opened.said, contains_text("Names that begin with / or have .. in them (nothing is written to such places; here they are only names): 3, the first is ../../a.x.txt."));
}

TEST_CASE("tar: links, devices and folders are passed over") {
  const Opened opened(tar_member("d/", "", '5') + tar_member("l.x.txt", "", '2') + tar_member("h.x.txt", "", '1') + tar_member("v.x.txt", "", '3') + three() + tar_end());
  CHECK(opened.keys() == "a b c ");
  CHECK_THAT(opened.said, contains_text("Links, which are passed over: 2, the first is l.x.txt."));
  CHECK_THAT(opened.said, contains_text("Devices, pipes and the like, which are passed over: 1, the first is v.x.txt."));
}

TEST_CASE("tar: a member of 10 GB that isn't there leaves those before it usable") {
  const Opened opened(three() + tar_header("d.x.txt", 10'000'000'000) + "xyz");
  CHECK(opened.keys() == "a b c ");
  CHECK(opened.read(2) == "c.x.txt");
  CHECK_THAT(opened.said, contains_text("The tar ends within the file whose header is at byte 3072, 9999999997 bytes early."));
  CHECK(opened.dataset->has_problem(2));  // the reference loses it as well
  CHECK_FALSE(opened.dataset->has_problem(1));
}

TEST_CASE("tar: a member of 10 GB that is there is refused when it is read, the rest is usable") {
  const TemporaryFolder folder;
  const std::string path = folder.write("all.tar", tar_member("a.x.txt", "a.x.txt") + tar_header("b.x.txt", 10'000'000'000));
  const std::uint64_t padded = (10'000'000'000ull + 511) / 512 * 512;
  fs::resize_file(path, 1536 + padded);  // a hole: no disk is used
  std::ofstream(path, std::ios::binary | std::ios::app) << tar_member("c.x.txt", "c.x.txt") << tar_end();
  const auto dataset = open_dataset(path, {});
  while (dataset->index_more(10)) {
  }
  REQUIRE(dataset->num_samples() == 3);
  CHECK(dataset->sample(1).files[0].size == 10'000'000'000);
  CHECK_THROWS_WITH(dataset->read(dataset->sample(1).files[0], 100 << 20),
                    contains_text("all.tar: b.x.txt: 10000000000 bytes long, at most 104857600 bytes are read of one file."));
  CHECK(dataset->read(dataset->sample(2).files[0], 7).size() == 7);
  CHECK_THROWS_AS(dataset->read(dataset->sample(2).files[0], 6), Error);
}

TEST_CASE("tar: cut at every byte, nothing is lost that is whole") {
  const std::string whole = three() + tar_end();
  for (std::size_t size = 0; size <= 3072; size += size < 600 || size > 2500 ? 1 : 37) {
    INFO(size);
    const Opened opened(whole.substr(0, size));
    // A member is whole with its data; the padding isn't needed.
    const std::size_t num_whole = (size >= 519) + (size >= 1543) + (size >= 2567);
    REQUIRE(opened.dataset->num_samples() == static_cast<std::int64_t>(num_whole));
    for (std::size_t i = 0; i < num_whole; ++i) CHECK(opened.read(static_cast<std::int64_t>(i)) == three().substr(1024 * i + 512, 7));
    CHECK(opened.said.empty() == (size > 0 && size % 1024 == 0));
  }
}

TEST_CASE("tar: empty, none, not readable") {
  CHECK_THAT(Opened("").said, contains_text("The file is empty, a tar was expected."));
  CHECK_THAT(Opened(std::string(2000, 'x')).said, contains_text("This is no tar, nor one compressed with gzip"));
  CHECK(Opened(tar_end()).said == "");
  const TemporaryFolder folder;
  fs::create_directories(folder.path() + "/x/s.tar");
  folder.write("y/s.tar", tar_of({"a.txt"}));
  const auto dataset = open_dataset(folder.path() + "/[x,y]/s.tar", {});
  while (dataset->index_more(10)) {
  }
  CHECK_THAT(to_text(dataset->problems(-1).at(0)), contains_text("/x/s.tar: this is a folder, a file was expected."));
  CHECK(dataset->num_samples() == 1);
}

TEST_CASE("tar: a damaged header ends the reference's view, not this one") {
  std::string tar = three() + tar_end();
  tar[1024] ^= 1;
  const Opened opened(tar);
  CHECK(opened.keys() == "a c ");
  CHECK(opened.read(1) == "c.x.txt");
  CHECK_FALSE(opened.dataset->has_problem(0));
  CHECK(opened.dataset->has_problem(1));
  CHECK_THAT(opened.said, contains_text("Damaged header blocks (files found behind them are shown): 2, the first is byte 1024."));
}

TEST_CASE("tar: one name twice") {
  const Opened opened(tar_member("a.x.txt", "1") + tar_member("b.x.txt", "2") + tar_member("b.x.TXT", "3") + tar_member("c.x.txt", "4") + tar_end());
  CHECK(opened.keys() == "a b c ");
  CHECK(opened.read(1) == "3");
  CHECK_FALSE(opened.dataset->has_problem(0));
  CHECK(opened.dataset->has_problem(1));
  CHECK(opened.dataset->has_problem(2));
  CHECK_THAT(opened.said, contains_text("The key b has two files with the ending .x.txt. The reference: Raises a ValueError after 1 sample (a line is printed) and skips the remaining 2 samples"));
}

TEST_CASE("tar: compressed ones are read, cut or damaged as far as they go") {
  const std::string packed = gzipped(three() + tar_end());
  const Opened opened(packed);
  CHECK(opened.keys() == "a b c ");
  CHECK(opened.read(2) == "c.x.txt");
  CHECK(opened.said == "");
  const Opened cut(packed.substr(0, packed.size() - 12));
  CHECK(cut.keys() == "a b c ");
  CHECK_THAT(cut.said, contains_text("The compressed tar ends early, after "));
  CHECK_THAT(Opened("\x1f\x8b" + std::string(100, 'x')).said, contains_text("The compressed tar is damaged after 0 unpacked bytes"));
  const std::string large = tar_member("a.x.txt", std::string(1 << 17, 'a')) + tar_end();  // more than one block of output, at the end of the input
  CHECK(Opened(gzipped(large)).said == "");
  CHECK(Opened(gzipped(large) + std::string(512, '\0')).read(0) == std::string(1 << 17, 'a'));
  const Opened two_members(gzipped(three().substr(0, 1500)) + gzipped(three().substr(1500) + tar_end()));
  CHECK(two_members.keys() == "a b c ");
  const Opened bomb(gzipped(tar_header("a.x.txt", 10'000'000'000) + std::string(1 << 20, '\0')));
  CHECK(bomb.keys() == "");
  CHECK_THAT(bomb.said, contains_text("bytes early"));
}

TEST_CASE("tar: an index that is full says so") {
  const TemporaryFolder folder;
  SuffixTable suffixes;
  TarIndex::Limits limits;
  limits.max_files = 2;
  TarIndex index(folder.write("s.tar", three() + tar_end()), 0, suffixes, limits);
  while (index.index_more(10)) {
  }
  CHECK(index.num_samples() == 2);
  REQUIRE(index.problems().size() == 1);
  CHECK_THAT(index.problems()[0].sentence, contains_text("The index is full after 2 files of this tar"));
}

TEST_CASE("tar: too long names and endings, too many files of a key") {
  std::string tar;
  for (int i = 0; i < 300; ++i) tar += tar_member("a.f" + std::to_string(i), "");
  const Opened opened(tar + three() + tar_end());
  CHECK(opened.keys() == "a b c ");
  CHECK_THAT(opened.said, contains_text("Files left out, as names are read up to 1024 bytes, endings up to 200, at most 65536 different ones and 256 of a key: 45"));
}

TEST_CASE("tar: a file changed behind the index is noticed") {
  const Opened opened(three() + tar_end());
  const FileRef ref = opened.dataset->sample(1).files[0];
  opened.folder.write("all.tar", tar_member("zz.x.txt", "0") + tar_member("yy.x.txt", "1") + tar_end());
  CHECK_THROWS_WITH(opened.dataset->read(ref, 100), contains_text("b.x.txt: is no longer at byte 1024 of the tar"));
}

TEST_CASE("tar: a few thousand mutations neither crash nor hang, and all that is listed can be read or says why not") {
  const std::string seed_plain = tar_member("d/", "", '5') + tar_member("a.rgb.jpg", std::string(700, 'j')) + tar_member("a.caption.txt", "text") + tar_member("l", "", '2') +
                                 tar_member("b.rgb.jpg", "k") + tar_member("././@LongLink", std::string(150, 'n') + ".x.txt", 'L') + tar_member("c.x.txt", "c") +
                                 tar_member("p", "30 path=d/long/name.x.json.gz\n", 'x') + tar_member("e.x.txt", "e") + tar_end();
  const std::string seed_packed = gzipped(seed_plain);
  const TemporaryFolder folder;
  std::uint64_t state = 0x9E3779B97F4A7C15u;
  const auto random = [&](std::uint64_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
  };
  std::size_t num_files = 0, num_read = 0, num_refused = 0, num_said = 0;
  for (int round = 0; round < 3000; ++round) {
    INFO(round);
    std::string tar = round % 4 == 3 ? seed_packed : seed_plain;
    const std::uint64_t num_changes = 1 + random(6);
    for (std::uint64_t i = 0; i < num_changes && !tar.empty(); ++i) {
      const std::size_t at = random(2) == 0 ? random(tar.size()) : std::min(random(tar.size()) / 512 * 512 + 100 + random(60), tar.size() - 1);
      switch (random(6)) {
        case 0: tar[at] ^= static_cast<char>(1 << random(8)); break;
        case 1: tar[at] = static_cast<char>(random(256)); break;
        case 2: tar.resize(at); break;
        case 3: tar.erase(at, random(600)); break;
        case 4: tar.insert(at, std::string(random(600), static_cast<char>(random(256)))); break;
        case 5: {  // a header with another size or type and a right check sum
          const std::size_t header = at / 512 * 512;
          if (header + 512 > tar.size()) break;
          const std::string made = tar_header(tar.substr(header, 20).c_str(), random(1 << 20) * (random(4) == 0 ? 1u << 20 : 1u), "0125LxgKS7"[random(10)]);
          tar.replace(header, 512, made);
          break;
        }
      }
    }
    const auto dataset = open_dataset(folder.write("m.tar", tar), {});
    std::size_t num_steps = 0;
    while (dataset->index_more(5)) REQUIRE(++num_steps < 10'000);
    for (std::int64_t i = 0; i < dataset->num_samples(); ++i) {
      dataset->has_problem(i);
      dataset->problems(i);
      for (const FileRef& file : dataset->sample(i).files) {
        ++num_files;
        try {
          num_read += dataset->read(file, 1 << 16).size() == file.size;
        } catch (const Error&) {
          ++num_refused;
        }
      }
    }
    num_said += dataset->problems(-1).size();
  }
  CHECK(num_read > 2000);
  CHECK(num_read + num_refused == num_files);  // what is read has the size that was said
  CHECK(num_said > 1000);
}
