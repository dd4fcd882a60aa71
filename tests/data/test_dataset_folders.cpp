// core/data/dataset with folders: samples by name, what is missing, links in circles.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/folder_dataset.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/golden_file.h"
#include "tests/data/tar_fixture.h"

using namespace maskscope;
using namespace maskscope::test;
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

namespace {

std::unique_ptr<Dataset> open_all(const std::string& path, const DatasetOptions& options = {}, std::size_t step = 2) {
  auto dataset = open_dataset(path, options);
  while (dataset->index_more(step)) {
  }
  return dataset;
}

std::string said(const Dataset& dataset, std::int64_t number) {
  std::string all;
  for (const DataProblem& problem : dataset.problems(number)) all += to_text(problem) + "\n";
  return all;
}

}  // namespace

TEST_CASE("folders: the recorded data set") {
  const auto dataset = open_all(golden_folder() + "/dataset/folder");
  CHECK(dataset->layout() == DatasetLayout::folders);
  CHECK(dataset->modalities().size() == 15);
  CHECK(dataset->num_samples() == 12);
  CHECK(said(*dataset, -1) == "");
  for (std::int64_t i = 0; i < dataset->num_samples(); ++i) {
    const SampleRef sample = dataset->sample(i);
    CHECK(sample.files.size() == 16);
    CHECK_FALSE(dataset->has_problem(i));
    CHECK(dataset->problems(i).empty());
    CHECK(dataset->find(sample.key) == i);
    for (const FileRef& file : sample.files) CHECK(dataset->read(file, 1 << 20).size() == file.size);
  }
  CHECK(dataset->sample(0).key == "birds/a000");
  CHECK(dataset->sample(8).find("caption")->extension == "json.gz");
}

TEST_CASE("folders: a missing file shifts the reference's pairs; the first is named, and each sample has its own") {
  const TemporaryFolder folder;
  for (const char* name : {"i0", "i1", "i2", "i3"}) folder.write(std::string("caption/a/") + name + ".txt", name);
  for (const char* name : {"i0", "i2", "i3"}) folder.write(std::string("det/a/") + name + ".json", name);
  const auto dataset = open_all(folder.path());
  REQUIRE(dataset->num_samples() == 4);
  CHECK_FALSE(dataset->has_problem(0));
  for (std::int64_t i = 1; i < 4; ++i) CHECK(dataset->has_problem(i));
  REQUIRE(dataset->problems(-1).size() == 1);
  CHECK_THAT(said(*dataset, -1), contains_text("key a/i1: From place 2 on the sorted lists of the modalities differ. Here files are paired by name. The reference: Pairs caption/a/i1.txt with det/a/i2.json. From here on 2 samples get files of different names, and 1 sample raises an IndexError."));
  CHECK_THAT(said(*dataset, 2), contains_text("Pairs caption/a/i2.txt with det/a/i3.json."));
  CHECK_THAT(said(*dataset, 3), contains_text("Pairs caption/a/i3.txt with nothing of det (IndexError)."));
  CHECK(dataset->sample(1).missing == Names{"det"});
  CHECK(dataset->read(*dataset->sample(2).find("det"), 10) == std::vector<std::uint8_t>{'i', '2'});
}

TEST_CASE("folders: the first list shorter than the others") {
  const TemporaryFolder folder;
  folder.write("caption/a/i0.txt", "");
  folder.write("det/a/i0.json", "");
  folder.write("det/a/i1.json", "");
  const auto dataset = open_all(folder.path());
  CHECK(dataset->num_samples() == 2);
  CHECK_FALSE(dataset->has_problem(0));
  CHECK(dataset->has_problem(1));
  CHECK_THAT(said(*dataset, -1), contains_text("The folder caption holds 1 files, others hold more."));
  CHECK_THAT(said(*dataset, 1), contains_text("Never uses the files of this name"));
}

TEST_CASE("folders: which samples the reference gets wrong, against its own pairs, at every step width") {
  const TemporaryFolder folder;
  // In each twenty one file of each modality is missing, within the first ten: behind them places and names agree again.
  unsigned state = 7;
  for (const char* modality : {"caption/%.txt", "det/%.json", "rgb/%.jpg"}) {
    int missing = 0;
    for (int i = 0; i < 120; ++i) {
      state = state * 1664525u + 1013904223u;
      if (i % 20 == 0) missing = i + static_cast<int>((state >> 16) % 10);
      if (i == missing) continue;
      std::string path = modality;
      const std::string name = std::string(i < 60 ? "a/" : "b/") + (i % 60 < 20 ? "" : "x/") + "n" + std::to_string(100 + i);
      folder.write(path.replace(path.find('%'), 1, name), "");
    }
  }
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{100'000}}) {
    auto opened = open_all(folder.path(), {}, step);
    const auto& dataset = dynamic_cast<const FolderDataset&>(*opened);
    const FolderReference reference = dataset.reference();
    std::vector<bool> is_right(static_cast<std::size_t>(dataset.num_samples()), false);
    for (std::size_t i = 0; i < reference.size(); ++i) {
      const auto first = reference.at(0, i);
      bool all_same = true;
      for (std::size_t s = 1; s < dataset.num_sources(); ++s) all_same = all_same && reference.at(s, i) && reference.at(s, i)->sample == first->sample;
      if (all_same) is_right[first->sample] = true;
    }
    CHECK(std::count(is_right.begin(), is_right.end(), false) > 10);
    CHECK(std::count(is_right.begin(), is_right.end(), true) > 10);
    for (std::int64_t i = 0; i < dataset.num_samples(); ++i) {
      INFO(dataset.sample(i).key);
      CHECK(dataset.has_problem(i) != is_right[static_cast<std::size_t>(i)]);
      CHECK(dataset.problems(i).empty() == is_right[static_cast<std::size_t>(i)]);
    }
  }
}

TEST_CASE("folders: links in circles, deep folders and unreadable ones end with a sentence") {
  const TemporaryFolder folder;
  folder.write("caption/a/i0.txt", "x");
  fs::create_directory_symlink("..", folder.path() + "/caption/a/up");
  fs::create_directory_symlink(".", folder.path() + "/caption/a/here");
  fs::create_symlink("nowhere.txt", folder.path() + "/caption/a/broken.txt");
  std::string deep = "caption/b";
  for (int i = 0; i < 60; ++i) deep += "/d";
  folder.write(deep + "/i1.txt", "x");
  const auto dataset = open_all(folder.path());
  CHECK_THAT(said(*dataset, -1), contains_text("/caption/a/here: This link leads back to a folder it is in"));
  CHECK_THAT(said(*dataset, -1), contains_text("more than 40 deep"));
  REQUIRE(dataset->num_samples() == 2);
  CHECK(dataset->sample(0).key == "a/broken");
  CHECK_THROWS_WITH(dataset->read(dataset->sample(0).files[0], 100), contains_text("no such file"));
}

TEST_CASE("folders: mixed with tars, one modality's folder, no file of a modality") {
  const TemporaryFolder folder;
  folder.write("caption/a/i0.txt", "x");
  folder.write("rgb/a/i0.jpg", "x");
  folder.write("det/s-0.tar", tar_of({"a.json"}));
  const auto dataset = open_all(folder.path());
  CHECK(dataset->layout() == DatasetLayout::folders);
  CHECK_THAT(said(*dataset, -1), contains_text("The folder det holds tars, most others hold folders of classes: it isn't read."));
  CHECK_THROWS_WITH(open_dataset(folder.path() + "/caption", {}), contains_text("looks like the folder of one modality"));
  DatasetOptions options;
  options.modalities = {"caption", "metadata"};
  const auto asked = open_all(folder.path(), options);
  CHECK_THAT(said(*asked, -1), contains_text("There are: caption, det, rgb."));
  CHECK_THAT(said(*asked, -1), contains_text("The folder metadata isn't there") || contains_text("The folder metadata, from which the reference takes the classes, isn't there"));
  CHECK(asked->has_problem(0));
  CHECK(asked->sample(0).missing == Names{"metadata"});
}

TEST_CASE("folders: which names are listed") {
  CHECK(listed_extension_size("a.jpg") == 4);
  CHECK(listed_extension_size("a.JSON.gz") == 8);
  CHECK(listed_extension_size("a.json") == 5);
  CHECK(listed_extension_size(".txt") == 4);
  CHECK(listed_extension_size("a.gz") == 0);
  CHECK(listed_extension_size("a.jsonl") == 0);
  CHECK(listed_extension_size("txt") == 0);
}

TEST_CASE("folders: a sample is settled once all is listed; until then its problems say so in a sentence") {
  const TemporaryFolder folder;
  folder.write("caption/a/i0.txt", "");
  folder.write("caption/b/i1.txt", "");
  folder.write("det/b/i1.json", "");
  const auto dataset = open_dataset(folder.path(), {});
  while (dataset->num_samples() == 0) REQUIRE(dataset->index_more(1));
  CHECK_FALSE(dataset->is_settled(0));
  const std::string early = "which of them meet is only known when all folders are listed.";
  CHECK_THAT(said(*dataset, 0), contains_text("Pairs files by their place in the sorted lists; " + early));
  while (dataset->index_more(1)) {
  }
  CHECK(dataset->is_settled(0));
  CHECK_THAT(said(*dataset, 0), !contains_text(early) && contains_text("Pairs caption/a/i0.txt with det/b/i1.json."));
}

TEST_CASE("folders: a key is looked for from a number on") {
  const TemporaryFolder folder;
  for (const char* name : {"a/i0", "a/i1", "b/i2"}) folder.write(std::string("caption/") + name + ".txt", "");
  const auto dataset = open_all(folder.path());
  CHECK(dataset->find("a/i1", 0) == 1);
  CHECK(dataset->find("a/i1", 1) == 1);
  CHECK(dataset->find("a/i1", 2) == std::nullopt);
  CHECK(dataset->find("b/i2", 1) == 2);
  CHECK(dataset->find("b/i2", 3) == std::nullopt);
}

// Paths of 3.2 KB, 550 of them in each of 40 classes: 71 MB.
TEST_CASE("folders: names that would fill the memory end the index with a sentence") {
  const TemporaryFolder folder;
  const std::string filler(230, 'n');
  const auto path_of = [&](int c) {
    std::string path = folder.path() + "/caption/c" + std::to_string(100 + c);
    for (int depth = 0; depth < 14; ++depth) path += "/" + filler;
    return path;
  };
  for (int c = 0; c < 40; ++c) {
    fs::create_directories(path_of(c));
    for (int i = 0; i < 550; ++i) REQUIRE(::symlink("nowhere", (path_of(c) + "/" + std::to_string(i) + ".txt").c_str()) == 0);
  }
  const auto dataset = open_all(folder.path(), {}, 1'000'000);
  CHECK_THAT(said(*dataset, -1), contains_text("The names of the files and folders take more than 64 MiB: what comes behind isn't looked at."));
  CHECK(dataset->is_complete());
  CHECK(dataset->num_samples() >= 30 * 550);
  CHECK(dataset->num_samples() < 40 * 550);
}

namespace {

// Works in a folder that is taken away, as a shell does after "rm -r" of where it stands.
class DeletedWorkingFolder {
 public:
  explicit DeletedWorkingFolder(const std::string& path) : before_(fs::current_path()) {
    fs::create_directory(path);
    fs::current_path(path);
    fs::remove(path);
  }
  ~DeletedWorkingFolder() { fs::current_path(before_); }
  DeletedWorkingFolder(const DeletedWorkingFolder&) = delete;
  DeletedWorkingFolder& operator=(const DeletedWorkingFolder&) = delete;

 private:
  fs::path before_;
};

}  // namespace

TEST_CASE("data sets open where the working folder is gone") {
  const TemporaryFolder folder;
  folder.write("tree/caption/a/i0.txt", "x");
  folder.write("tars/caption/s-0.tar", tar_of({"a.txt"}));
  const DeletedWorkingFolder gone(folder.path() + "/gone");
  std::error_code code;
  static_cast<void>(fs::absolute("x", code));
  REQUIRE(code);
  const auto folders = open_all("../tree");
  CHECK(folders->title() == "../tree");
  CHECK(folders->num_samples() == 1);
  CHECK(open_all("../tars")->num_samples() == 1);
  const auto tar = open_all("../tars/caption/s-0.tar");
  REQUIRE(tar->num_samples() == 1);
  CHECK(tar->modalities() == Names{"caption"});
  CHECK(tar->read(*tar->sample(0).find("caption"), 100).size() == 5);
  CHECK_THROWS_AS(open_dataset("tree", {}), Error);
  CHECK_THROWS_AS(open_dataset(".", {}), Error);
}

TEST_CASE("folders: a root given as . has the folder's name") {
  const TemporaryFolder folder;
  folder.write("caption/a/i0.txt", "x");
  const auto dataset = open_all(folder.path() + "/.");
  CHECK(dataset->title() == fs::path(folder.path()).filename().string());
}
