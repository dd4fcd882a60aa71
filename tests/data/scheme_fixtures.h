// Configurations for tests, written to a folder of their own.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/data/scheme_config.h"

namespace maskscope::test {

// A new empty folder, taken away with all it holds.
class ConfigFolder {
 public:
  ConfigFolder();
  ~ConfigFolder();
  ConfigFolder(const ConfigFolder&) = delete;
  ConfigFolder& operator=(const ConfigFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  // Writes a file, with the folders above it; its path.
  std::filesystem::path write(const std::string& name, const std::string& content) const;

 private:
  std::filesystem::path path_;
};

std::string read_all(const std::filesystem::path& path);

// A data config of one data set "one": in_domains, out_domains, and further lines of the data set, indented by six.
std::string data_config(const std::string& in_domains, const std::string& out_domains, const std::string& lines);

// All problems as one text, a line each.
std::string problems_text(const LoadedConfig& config);

// The folder of the recorded configurations.
std::filesystem::path golden_dataset_folder();

}  // namespace maskscope::test
