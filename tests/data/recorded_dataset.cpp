#include "tests/data/recorded_dataset.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

#include "tests/data/golden_file.h"

namespace maskscope::test {

namespace fs = std::filesystem;

std::string recorded_dataset_folder() {
  return golden_folder() + "/dataset";
}

std::optional<nlohmann::json> load_recorded(const std::string& name) {
  const auto text = read_maybe_gzipped(recorded_dataset_folder() + "/" + name + ".json");
  if (text) return nlohmann::json::parse(*text);
  std::cout << "SKIPPED: there is no recorded data set " << recorded_dataset_folder() << " with " << name << ".json\n";
  return std::nullopt;
}

const TextTokenizer* recorded_tokenizer() {
  static const std::optional<TextTokenizer> tokenizer = []() -> std::optional<TextTokenizer> {
    const std::string path =
        environment_or("MASKSCOPE_4M_TOKENIZER", MASKSCOPE_SOURCE_DIR "/../shared/golden/text_tokenizer_4m_wordpiece_30k.json");
    if (fs::exists(path)) return TextTokenizer::load(path);
    return std::nullopt;
  }();
  if (!tokenizer) std::cout << "SKIPPED: no tokenizer of 4M; name its file in MASKSCOPE_4M_TOKENIZER\n";
  return tokenizer ? &*tokenizer : nullptr;
}

std::vector<std::uint8_t> read_recorded(const std::string& path) {
  std::ifstream file(recorded_dataset_folder() + "/" + path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " is missing in the recorded data set");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

MemoryDataset recorded_sample(const nlohmann::json& sample) {
  MemoryDataset dataset;
  for (const auto& [name, file] : sample.at("files").items()) {
    const auto path = file.get<std::string>();
    const std::string base = path.substr(path.rfind('/') + 1);
    dataset.set(name == "rgb" ? "rgb@224" : name, base.substr(base.find('.') + 1), read_recorded(path));
  }
  return dataset;
}

std::vector<Modality> modalities_of(const std::vector<std::string>& names) {
  std::vector<Modality> modalities;
  for (const std::string& name : names) modalities.push_back(builtin_modality(name).value());
  return modalities;
}

}  // namespace maskscope::test
