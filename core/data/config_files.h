// The YAML files of one configuration: each is read once; texts can be given in place of files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/data/yaml_document.h"

namespace maskscope {

class ConfigFiles {
 public:
  ConfigFiles() = default;
  // texts: what these files are taken to hold.
  explicit ConfigFiles(std::map<std::filesystem::path, std::string> texts) : texts_(std::move(texts)) {}

  // Throws Error: not readable, too long, not YAML.
  const YamlDocument& read(const std::filesystem::path& path);
  const std::string& text(const std::filesystem::path& path) const { return texts_.at(path); }  // after read
  // In the order of reading, those that are no YAML included.
  const std::vector<std::filesystem::path>& paths() const { return paths_; }

 private:
  std::map<std::filesystem::path, std::string> texts_;
  std::map<std::filesystem::path, YamlDocument> documents_;
  std::vector<std::filesystem::path> paths_;
};

// A path that a configuration file names: absolute, or relative to the file's folder or one of the folders above it (the
// reference is run in its repository's root, where cfgs/ lies). nullopt: nothing is there.
std::optional<std::filesystem::path> find_named_file(const std::filesystem::path& config, const std::string& named);

// The same for a data path, of which the part before the first brace or bracket must be there; as it is when nothing is.
std::string resolve_data_path(const std::filesystem::path& config, const std::string& named);

}  // namespace maskscope
