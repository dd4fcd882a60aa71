// core/data/dataset with tars: samples by key, what is missing, what the reference makes of the same tars.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/golden_file.h"
#include "tests/data/tar_fixture.h"

using namespace maskscope;
using namespace maskscope::test;
using Names = std::vector<std::string>;

namespace {

std::unique_ptr<Dataset> open_all(const std::string& path, const DatasetOptions& options = {}) {
  auto dataset = open_dataset(path, options);
  while (dataset->index_more(3)) {
  }
  CHECK(dataset->is_complete());
  CHECK(dataset->progress() == 1);
  return dataset;
}

Names keys_of(const Dataset& dataset) {
  Names keys;
  for (std::int64_t i = 0; i < dataset.num_samples(); ++i) keys.push_back(dataset.sample(i).key);
  return keys;
}

std::string text(const Dataset& dataset, const FileRef& file) {
  const auto bytes = dataset.read(file, 1 << 20);
  return {bytes.begin(), bytes.end()};
}

// All that is said about a sample, or (-1) about the data set.
std::string said(const Dataset& dataset, std::int64_t number) {
  std::string all;
  for (const DataProblem& problem : dataset.problems(number)) all += to_text(problem) + "\n";
  return all;
}

}  // namespace

TEST_CASE("shards: the recorded data set in each layout, by its root") {
  const std::string root = golden_folder() + "/dataset/";
  const auto loaded = nlohmann::json::parse(read_golden("dataset/loaded.json"));
  for (const auto& [name, layout] : loaded.at("layouts").items()) {
    INFO(name);
    const auto dataset = open_all(root + name);
    CHECK(dataset->layout() == DatasetLayout::shards);
    CHECK(dataset->title() == name);
    CHECK(dataset->modalities() == loaded.at("modalities").get<Names>());
    CHECK(said(*dataset, -1) == "");
    REQUIRE(dataset->num_samples() == static_cast<std::int64_t>(layout.at("samples").size()));
    for (std::int64_t i = 0; i < dataset->num_samples(); ++i) {
      const auto& recorded = layout.at("samples")[static_cast<std::size_t>(i)];
      const SampleRef sample = dataset->sample(i);
      CHECK(sample.key == recorded.at("key"));
      CHECK(sample.number == i);
      CHECK(dataset->find(sample.key) == i);
      CHECK(sample.missing.empty());
      CHECK_FALSE(dataset->has_problem(i));
      Names fields;
      const auto& files = loaded.at("samples")[recorded.at("sample").get<std::size_t>()].at("files");
      for (const FileRef& file : sample.files) {
        const std::string folder = file.modality == "rgb@224" ? "rgb" : file.modality;
        fields.push_back(folder + "." + file.extension);
        const auto same = read_maybe_gzipped(root + files.at(folder).get<std::string>());
        REQUIRE(same.has_value());
        if (file.extension != "json.gz") CHECK(text(*dataset, file) == *same);
        CHECK(file.size == dataset->read(file, 1 << 20).size());
      }
      Names recorded_fields = recorded.at("fields");
      std::sort(recorded_fields.begin(), recorded_fields.end());
      CHECK(fields == recorded_fields);
    }
  }
}

TEST_CASE("shards: has_problem for each sample that the reference gets wrong, one line for the data set") {
  const TemporaryFolder folder;
  folder.write("caption/s-0.tar", tar_of({"a.txt", "b.txt", "d.txt", "e.txt"}));
  folder.write("det/s-0.tar", tar_of({"a.json", "c.json", "d.json", "e.json"}));
  const auto dataset = open_all(folder.path());
  CHECK(keys_of(*dataset) == Names{"a", "c", "b", "d", "e"});
  CHECK_FALSE(dataset->has_problem(0));
  for (std::int64_t i = 1; i < 5; ++i) CHECK(dataset->has_problem(i));
  CHECK(dataset->sample(1).missing == Names{"caption"});
  CHECK(dataset->sample(3).missing.empty());
  CHECK(text(*dataset, *dataset->sample(3).find("det")) == "d.json");
  REQUIRE(dataset->problems(-1).size() == 1);
  CHECK_THAT(said(*dataset, -1), contains_text("[caption,det]/s-0.tar, key c: The keys of the parallel tars differ at place 2: caption/s-0.tar has b, det/s-0.tar has c."));
  CHECK_THAT(said(*dataset, -1), contains_text("skips the remaining 4 samples of this shard"));
  CHECK_THAT(said(*dataset, 4), contains_text("doesn't come to this sample, since it gives up at c."));
}

TEST_CASE("shards: tars of unequal length") {
  const TemporaryFolder folder;
  folder.write("caption/s-0.tar", tar_of({"a.txt", "b.txt", "c.txt"}));
  folder.write("det/s-0.tar", tar_of({"a.json"}));
  folder.write("caption/s-1.tar", tar_of({"x.txt"}));
  folder.write("det/s-1.tar", tar_of({"x.json"}));
  const auto dataset = open_all(folder.path());
  CHECK(keys_of(*dataset) == Names{"a", "b", "c", "x"});
  CHECK_FALSE(dataset->has_problem(0));
  CHECK(dataset->has_problem(2));
  CHECK_FALSE(dataset->has_problem(3));
  CHECK_THAT(said(*dataset, -1), contains_text("Stops here because det/s-0.tar yields only 1 sample; the remaining 2 samples of this shard are left out without a word."));
}

TEST_CASE("shards: one tar with a part of the samples' modalities, and files that don't follow each other") {
  const TemporaryFolder folder;
  const auto path = folder.write("all.tar", tar_of({"a.rgb.jpg", "a.caption.txt", "b.rgb.png", "c.rgb.jpg", "b.caption.txt", "c.caption.txt", "d.rgb.jpg", "d.caption.txt"}));
  const auto dataset = open_all(path);
  CHECK(dataset->modalities() == Names{"caption", "rgb@224"});
  CHECK(keys_of(*dataset) == Names{"a", "b", "c", "d"});
  CHECK_FALSE(dataset->has_problem(0));
  CHECK(dataset->has_problem(1));
  CHECK(dataset->sample(1).missing.empty());
  CHECK(dataset->sample(1).find("rgb@224")->extension == "png");
  CHECK_THAT(said(*dataset, 1), contains_text("don't follow each other"));
  CHECK_FALSE(dataset->has_problem(3));
}

TEST_CASE("shards: names that are asked for, mapped, or several sizes of one") {
  const TemporaryFolder folder;
  folder.write("rgb/s.tar", tar_of({"a.jpg"}));
  folder.write("caps_v2/s.tar", tar_of({"a.txt"}));
  folder.write("det/s.tar", tar_of({"a.json"}));
  DatasetOptions options;
  options.modalities = {"rgb@448", "rgb@224", "caption"};
  options.modality_name_map = {{"caps_v2", "caption"}};
  const auto dataset = open_all(folder.path() + "/[rgb,caps_v2]/s.tar", options);
  CHECK(dataset->modalities() == Names{"caption", "rgb@224", "rgb@448"});
  const SampleRef sample = dataset->sample(0);
  REQUIRE(sample.files.size() == 3);
  CHECK(sample.find("rgb@448")->path == sample.find("rgb@224")->path);
  CHECK(text(*dataset, *sample.find("caption")) == "a.txt");
  CHECK_FALSE(dataset->has_problem(0));

  DatasetOptions paths;
  paths.modalities = {"caption", "tok_rgb@224"};
  paths.modality_paths = {{"caption", "caps_v2"}};
  const auto other = open_all(folder.path(), paths);
  CHECK(other->sample(0).missing == Names{"tok_rgb@224"});
  CHECK(text(*other, *other->sample(0).find("caption")) == "a.txt");
  CHECK_THAT(said(*other, -1), contains_text("The folder tok_rgb@224 isn't there. There are: caps_v2, det, rgb."));
}

TEST_CASE("shards: the first sample is there before much has been read, and its number stays") {
  const TemporaryFolder folder;
  Names names;
  for (int i = 0; i < 500; ++i) names.push_back(std::to_string(1000 + i) + ".bin");
  const std::string tar = tar_of(names);
  constexpr int num_shards = 100, num_modalities = 8;
  for (int m = 0; m < num_modalities; ++m) {
    const std::string first = folder.write("m" + std::to_string(m) + "/s-000.tar", tar);
    for (int s = 1; s < num_shards; ++s) {
      std::filesystem::create_hard_link(first, folder.path() + "/m" + std::to_string(m) + "/s-" + std::to_string(100 + s) + ".tar");
    }
  }
  const auto dataset = open_dataset(folder.path(), {});
  CHECK(dataset->num_samples() == 0);
  std::size_t num_entries = 0;
  for (; dataset->num_samples() == 0; num_entries += 100) REQUIRE(dataset->index_more(100));
  CHECK(num_entries <= 700);
  CHECK(dataset->progress() < 0.01);
  const SampleRef first = dataset->sample(0);
  CHECK(first.key == "1000");
  CHECK(first.files.size() == num_modalities);
  CHECK(text(*dataset, first.files[7]) == "1000.bin");
  double progress = dataset->progress();
  std::int64_t num_samples = dataset->num_samples();
  while (dataset->index_more(5000)) {
    CHECK(dataset->progress() >= progress);
    CHECK(dataset->num_samples() >= num_samples);
    progress = dataset->progress();
    num_samples = dataset->num_samples();
    REQUIRE(dataset->sample(num_samples - 1).key == names[static_cast<std::size_t>((num_samples - 1) % 500)].substr(0, 4));
  }
  CHECK(dataset->num_samples() == num_shards * 500);
  CHECK(dataset->sample(499 * 100).key == "1400");
  CHECK_FALSE(dataset->has_problem(49'999));
}

TEST_CASE("shards: a folder name that is a modality names the files of a tar without brackets") {
  const TemporaryFolder folder;
  const auto path = folder.write("caption/s.tar", tar_of({"a.txt"}));
  const auto dataset = open_all(path);
  CHECK(dataset->modalities() == Names{"caption"});
  CHECK_THAT(said(*dataset, -1), contains_text("Without brackets it names files by their endings alone; write [caption]"));
}

TEST_CASE("shards: bad notations and folders are refused with a sentence") {
  const TemporaryFolder folder;
  folder.write("caption/s-0.tar", tar_of({"a.txt"}));
  folder.write("notes.md", "x");
  std::filesystem::create_directory(folder.path() + "/empty");
  const std::string root = folder.path();
  CHECK_THROWS_WITH(open_dataset(root + "/empty", {}), contains_text("the folder is empty"));
  CHECK_THROWS_WITH(open_dataset(root + "/none", {}), contains_text("no such folder or tar"));
  const std::string endless(5000, 'n');  // a name that no file system can look at, for root neither
  CHECK_THROWS_WITH(open_dataset(endless, {}), contains_text("it can't be looked at ("));
  CHECK_THROWS_WITH(open_dataset(root + "/notes.md", {}), contains_text("this is another file"));
  CHECK_THROWS_WITH(open_dataset(root + "/[caption,det]/t-{0..3}.tar", {}), contains_text("none of the tars is there") && contains_text("/caption exist"));
  CHECK_THROWS_WITH(open_dataset(root + "/[caption/s-0.tar", {}), contains_text("only one of the two brackets"));
  CHECK_THROWS_WITH(open_dataset(root + "/caption/s-{0..1.tar", {}), contains_text("a brace is opened"));
  DatasetOptions options;
  options.modalities = {"det"};
  CHECK_THROWS_WITH(open_dataset(root, options), contains_text("none of the folders of the modalities (det)") && contains_text("There are: caption, empty."));
  const auto dataset = open_all(root + "/[caption,det]/s-{0..1}.tar");
  CHECK_THAT(said(*dataset, -1), contains_text("/det: This folder isn't there. Check the name within the brackets."));
  CHECK(dataset->num_samples() == 1);
  CHECK(dataset->sample(0).missing == Names{"det"});
}

TEST_CASE("shards: what looks like a data set") {
  const TemporaryFolder folder;
  CHECK(looks_like_dataset(folder.path()));
  CHECK(looks_like_dataset(folder.write("a.tar", "")));
  CHECK(looks_like_dataset("x/[rgb,caption]/s-{0..1}.tar"));
  CHECK(looks_like_dataset("nowhere.tar"));
  CHECK_FALSE(looks_like_dataset(folder.write("photo[1].jpg", "")));
  CHECK_FALSE(looks_like_dataset("photo.jpg"));
}

TEST_CASE("shards: samples are settled shard by shard") {
  const TemporaryFolder folder;
  for (const char* shard : {"0", "1"}) {
    folder.write(std::string("caption/s-") + shard + ".tar", tar_of({"a.txt", "b.txt", "c.txt"}));
    folder.write(std::string("det/s-") + shard + ".tar", tar_of({"a.json", "b.json", "d.json"}));
  }
  const auto dataset = open_dataset(folder.path(), {});
  std::int64_t settled_before = 0;
  bool has_seen_unsettled = false;
  for (bool goes_on = true; goes_on;) {
    goes_on = dataset->index_more(1);
    std::int64_t num_settled = 0;
    while (num_settled < dataset->num_samples() && dataset->is_settled(num_settled)) ++num_settled;
    CHECK((num_settled == 0 || num_settled == 4 || num_settled == 8));
    CHECK(num_settled >= settled_before);
    for (std::int64_t i = num_settled; i < dataset->num_samples(); ++i) {
      CHECK_FALSE(dataset->is_settled(i));
      has_seen_unsettled = true;
    }
    settled_before = num_settled;
  }
  CHECK(has_seen_unsettled);
  CHECK(settled_before == 8);
}

TEST_CASE("shards: a key is looked for from a number on, and who goes on behind what was there misses none") {
  const TemporaryFolder folder;
  // What repeats is paired with what came before, and new keys behind it stand behind all that was there.
  folder.write("caption/s-0.tar", tar_of({"a.txt", "b.txt", "c.txt", "d.txt"}));
  folder.write("det/s-0.tar", tar_of({"a.json", "b.json", "c.json", "a.x.json", "late.json"}));
  folder.write("caption/s-1.tar", tar_of({"a.txt", "e.txt"}));
  folder.write("det/s-1.tar", tar_of({"a.json", "e.json"}));
  for (const std::string key : {"a", "b", "d", "late", "e"}) {
    INFO(key);
    const auto dataset = open_dataset(folder.path(), {});
    std::vector<std::string> keys;
    std::optional<std::int64_t> found;
    for (bool goes_on = true; goes_on && !found;) {
      const std::int64_t from = dataset->num_samples();
      goes_on = dataset->index_more(1);
      found = dataset->find(key, from);
      for (std::size_t i = 0; i < keys.size(); ++i) CHECK(dataset->sample(static_cast<std::int64_t>(i)).key == keys[i]);
      keys = keys_of(*dataset);
    }
    REQUIRE(found);
    CHECK(dataset->sample(*found).key == key);
  }
  const auto dataset = open_all(folder.path());
  CHECK(keys_of(*dataset) == Names{"a", "b", "c", "late", "d", "a", "e"});
  CHECK(dataset->find("a", 1) == 5);
  CHECK(dataset->find("a", 6) == std::nullopt);
  CHECK(dataset->find("a", 100) == std::nullopt);
}
