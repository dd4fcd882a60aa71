#include "tests/data/scheme_fixtures.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/data/golden_file.h"

namespace maskscope::test {
namespace fs = std::filesystem;

ConfigFolder::ConfigFolder() {
  std::string name = (fs::temp_directory_path() / "maskscope-schemes-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error(name + ": can't be made");
  path_ = name;
}

ConfigFolder::~ConfigFolder() {
  std::error_code code;
  fs::remove_all(path_, code);
}

fs::path ConfigFolder::write(const std::string& name, const std::string& content) const {
  const fs::path path = path_ / name;
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) throw std::runtime_error(path.string() + ": can't be written");
  return path;
}

std::string read_all(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string data_config(const std::string& in_domains, const std::string& out_domains, const std::string& lines) {
  return "train:\n  datasets:\n    one:\n      type: multimodal\n      in_domains: " + in_domains +
         "\n      out_domains: " + out_domains +
         "\n      data_path: data\n      use_wds: True\n      main_augment_domain: rgb@224\n      crop_scale: [0.2, 1.0]\n      "
         "crop_ratio: [0.75, 1.3333]\n"
         "      hflip: 0.5\n" +
         lines;
}

std::string problems_text(const LoadedConfig& config) {
  std::string text;
  for (const DataProblem& problem : config.problems) text += to_text(problem) + "\n";
  return text;
}

fs::path golden_dataset_folder() {
  return fs::path(golden_folder()) / "dataset";
}

}  // namespace maskscope::test
