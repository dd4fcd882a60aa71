// Writing changed schemes back: only what changed changes.
#include <algorithm>
#include <fstream>
#include <functional>

#include "core/data/scheme_config.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/scheme_fixtures.h"

namespace maskscope {
namespace {

namespace fs = std::filesystem;
using test::ConfigFolder;

// What stands between the first and the last byte that differ.
struct Difference {
  std::string before, after;
};
Difference difference(const std::string& before, const std::string& after) {
  std::size_t front = 0, back = 0;
  const std::size_t most = std::min(before.size(), after.size());
  while (front < most && before[front] == after[front]) ++front;
  while (back < most - front && before[before.size() - 1 - back] == after[after.size() - 1 - back]) ++back;
  return {before.substr(front, before.size() - front - back), after.substr(front, after.size() - front - back)};
}

bool has_layout(const std::string& text) { return text.find_first_of("\n#[],") != std::string::npos; }

// Every change of a single number or word of a scheme.
std::vector<std::function<void(Scheme&)>> single_changes(const ConfigDataset& dataset) {
  const Scheme& scheme = dataset.scheme;
  std::vector<std::function<void(Scheme&)>> changes;
  for (std::size_t m = 0; m < scheme.modalities.size(); ++m) {
    for (std::size_t c = 0; c < scheme.modalities[m].input_alphas.size(); ++c) {
      changes.push_back([=](Scheme& s) { s.modalities[m].input_alphas[c] = 0.8125; });
      changes.push_back([=](Scheme& s) { s.modalities[m].target_alphas[c] = 3e-7; });
      if (scheme.modalities[m].modality.kind == ModalityKind::img) continue;
      changes.push_back([=](Scheme& s) {
        KeepScheme& keep = s.modalities[m].keep[c];
        keep = keep == KeepScheme::binary ? KeepScheme::all : KeepScheme::binary;
      });
    }
  }
  for (std::size_t c = 0; c < scheme.sampling_weights.size(); ++c)
    changes.push_back([=](Scheme& s) { s.sampling_weights[c] = 7.25; });
  changes.push_back([](Scheme& s) { s.input_tokens.low = 11; });
  changes.push_back([](Scheme& s) { s.input_tokens.high = 777; });
  changes.push_back([](Scheme& s) { s.target_tokens->low = 12; });
  changes.push_back([](Scheme& s) { s.target_tokens->high = 778; });
  // One number for both ends, unless it is shown for two that are the wrong way round.
  if (!dataset.is_usable) return changes;
  if (scheme.input_tokens.low == scheme.input_tokens.high) changes.push_back([](Scheme& s) { s.input_tokens = {555, 555}; });
  if (scheme.target_tokens->low == scheme.target_tokens->high)
    changes.push_back([](Scheme& s) { s.target_tokens = TokenRange{556, 556}; });
  return changes;
}

struct Outcome {
  int written = 0, refused = 0;
};

// Tries all changes on a configuration in a scratch folder.
Outcome try_changes(const fs::path& path) {
  Outcome outcome;
  const LoadedConfig config = read_config(path);
  for (std::size_t d = 0; d < config.training.size(); ++d) {
    CHECK(with_scheme(config, d, config.training[d].scheme).empty());
    for (const auto& change : single_changes(config.training[d])) {
      Scheme changed = config.training[d].scheme;
      change(changed);
      if (changed == config.training[d].scheme) continue;
      std::map<fs::path, std::string> texts;
      try {
        texts = with_scheme(config, d, changed);
      } catch (const Error& error) {
        CHECK_THAT(error.what(),
                   contains_text("Save the scheme as a scheme file instead.") || contains_text("in the file first."));
        ++outcome.refused;
        continue;
      }
      ++outcome.written;
      REQUIRE(texts.size() == 1);
      const auto& [file, text] = *texts.begin();
      const std::string before = test::read_all(file);
      const Difference found = difference(before, text);
      INFO(file.string() << ": " << found.before << " -> " << found.after);
      CHECK_FALSE(has_layout(found.before));
      CHECK_FALSE(has_layout(found.after));
      std::ofstream(file, std::ios::binary) << text;
      CHECK(read_config(path).training[d].scheme == changed);
      std::ofstream(file, std::ios::binary) << before;
    }
  }
  return outcome;
}

// The recorded configurations, in a folder that may be written to.
void copy_golden(const ConfigFolder& folder) {
  fs::create_directories(folder.path() / "schemes");
  for (const auto& entry : fs::directory_iterator(test::golden_dataset_folder() / "schemes")) {
    fs::copy_file(entry.path(), folder.path() / "schemes" / entry.path().filename());
  }
}

}  // namespace

TEST_CASE("golden: every number of every recorded configuration is written back alone, or said to be impossible") {
  const ConfigFolder folder;
  copy_golden(folder);
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder.path() / "schemes")) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  Outcome all;
  int num_read = 0;
  for (const fs::path& path : paths) {
    INFO(path.string());
    try {
      read_config(path);
    } catch (const Error&) {
      continue;  // broken on purpose; test_scheme_golden checks which
    }
    ++num_read;
    const Outcome outcome = try_changes(path);
    CHECK(outcome.written + outcome.refused > 0);
    all.written += outcome.written;
    all.refused += outcome.refused;
    // Where every number has a place of its own, only what belongs to the main configuration is refused.
    const std::string name = path.filename().string();
    if (name == "alphas_weighted.yaml" || name == "alphas_plain.yaml") CHECK(outcome.refused == 6);
    if (name == "data_min_given.yaml") CHECK(outcome.refused == 0);
  }
  CHECK(num_read > 0);
  WARN(num_read << " files, " << all.written << " single changes written and read back, " << all.refused << " refused");
}

TEST_CASE("write-back keeps comments, line ends, byte order marks, quotes and anchors") {
  const ConfigFolder folder;
  const std::string text =
      "\xEF\xBB\xBF# r\xC3\xA9gl\xC3\xA9 \xE2\x80\x94 \xF0\x9F\x98\x80\r\n"
      "rgb@224: {input_alphas: [ 0.5 ,&a  1.0], target_alphas: [0., 0.]} # never\r\n"
      "caption:\r\n  input_alphas: [1, !!float 2]\r\n  target_alphas: [0.25, 0.75]\r\n  keep: ['random', \"all\"]   \r\n";
  const fs::path path = folder.write("alphas.yaml", text);
  const LoadedConfig config = read_config(path);
  Scheme changed = config.training[0].scheme;
  const auto rgb = static_cast<std::size_t>(changed.find("rgb@224")), caption = static_cast<std::size_t>(changed.find("caption"));
  changed.modalities[rgb].input_alphas = {0.125, 1e-9};
  changed.modalities[caption].input_alphas = {4.0, 1e20 / 1e12};
  changed.modalities[caption].keep = {KeepScheme::binary, KeepScheme::random};
  std::string expected = text;
  const auto put = [&](const std::string& before, const std::string& after) {
    expected.replace(expected.find(before), before.size(), after);
  };
  put("[ 0.5 ,&a  1.0]", "[ 0.125 ,&a  1.0e-09]");
  put("[1, !!float 2]", "[4.0, !!float 1.0e+08]");
  put("['random', \"all\"]", "['binary', \"random\"]");
  const auto texts = with_scheme(config, 0, changed);
  REQUIRE(texts.size() == 1);
  CHECK(texts.at(path) == expected);
}

TEST_CASE("inline alphas are written back one by one") {
  const ConfigFolder folder;
  const fs::path path =
      folder.write("data.yaml", test::data_config("tok_rgb@224-rgb@224-caption", "tok_rgb@224-caption",
                                                  "      input_alphas: \"0.1-0.2-0.3\" # sorted\n      target_alphas: '0.4'\n"));
  const LoadedConfig config = read_config(path);
  Scheme changed = config.training[0].scheme;
  changed.modalities[1].input_alphas[0] = 1e-9;
  changed.modalities[2].input_alphas[0] = 5.0;
  for (const std::size_t m : {0u, 2u}) changed.modalities[m].target_alphas[0] = 2.5;
  const std::string text = with_scheme(config, 0, changed).at(path);
  CHECK_THAT(text, contains_text("input_alphas: \"0.1-0.000000001-5.0\" # sorted\n"));
  CHECK_THAT(text, contains_text("target_alphas: '2.5'\n"));
  // One alpha stands for both targets.
  changed.modalities[0].target_alphas[0] = 1.5;
  CHECK_THROWS_WITH(with_scheme(config, 0, changed), contains_text("one value stands here for several numbers"));
}

TEST_CASE("token numbers are written into the model config where the data set has none") {
  const ConfigFolder folder;
  folder.write("cfgs/data.yaml",
               test::data_config("rgb@224-caption", "caption", "      input_alphas: \"1.0\"\n      target_alphas: \"1.0\"\n"));
  const fs::path path =
      folder.write("cfgs/models/model.yaml",
                   "num_input_tokens: 128 # N\nmin_input_tokens: 64\nnum_target_tokens: 1_28\ndata_config: cfgs/data.yaml\n");
  const LoadedConfig config = read_config(path);
  Scheme changed = config.training[0].scheme;
  CHECK(changed.input_tokens == TokenRange{64, 128});
  CHECK(changed.encoder_slots == 128);
  changed.input_tokens = {32, 256};
  changed.encoder_slots = 256;
  changed.target_tokens = TokenRange{100, 100};
  changed.decoder_slots = 100;
  CHECK(with_scheme(config, 0, changed).at(path) ==
        "num_input_tokens: 256 # N\nmin_input_tokens: 32\nnum_target_tokens: 100\ndata_config: cfgs/data.yaml\n");
  // num_input_tokens is the range's end and the number of slots at once.
  changed.encoder_slots = 200;
  CHECK_THROWS_WITH(with_scheme(config, 0, changed), contains_text("one value stands here for several numbers"));
}

TEST_CASE("what a file can't hold is refused with the reason") {
  const ConfigFolder folder;
  const std::string alphas = "caption:\n  input_alphas: &a [0.5]\n  target_alphas: *a\n  keep: [random]\n";
  const fs::path path = folder.write("alphas.yaml", alphas);
  const LoadedConfig config = read_config(path);
  const Scheme& scheme = config.training[0].scheme;
  const auto refused = [&](const auto& change, const char* reason) {
    Scheme changed = scheme;
    change(changed);
    CHECK_THROWS_WITH(with_scheme(config, 0, changed), contains_text(reason));
  };
  refused([](Scheme& s) { s.mode = BudgetMode::direct; }, "change of mode from sampled to direct");
  refused([](Scheme& s) { s.modalities.clear(); }, "modalities were added or taken out");
  refused([](Scheme& s) { s.target_tokens.reset(); }, "all other tokens are targets");
  refused([](Scheme& s) { s.modalities[0].is_in_domain = false; }, "its domains or its role");
  refused([](Scheme& s) { s.modalities[0].input_alphas.push_back(1.0); }, "number of mixture components");
  refused([](Scheme& s) { s.encoder_slots = 5; }, "encoder slots can't be written: no value in the files stands for it");
  refused([](Scheme& s) { s.sampling_weights = {1.0}; }, "Weights act only where data is read from shards");
  refused([](Scheme& s) { s.modalities[0].input_alphas[0] = -1.0; }, "Give a finite number");
  refused([](Scheme& s) { s.modalities[0].input_alphas[0] = 0.75; }, "a value in the files stands for several numbers");
  CHECK_THROWS_WITH(with_scheme(config, 7, scheme), contains_text("no data set number 8"));
  folder.write("alphas.yaml", "caption:\n  input_alphas: [0.25]\n  target_alphas: [1]\n  keep: [random]\n");
  CHECK_THROWS_WITH(with_scheme(config, 0, scheme), contains_text("has changed since it was read"));
}

}  // namespace maskscope
