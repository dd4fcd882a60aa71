#include "core/data/config_files.h"

#include "core/data/text_file.h"
#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t max_path_bytes = 4096;
constexpr int max_folders_up = 16;

bool is_there(const fs::path& path) {
  std::error_code code;
  return fs::exists(path, code);
}

// First folder, from that of the config upwards, in which named is found.
std::optional<fs::path> find_base(const fs::path& config, const fs::path& named) {
  std::error_code code;
  const fs::path full = fs::absolute(config, code).lexically_normal();
  fs::path folder = (code ? config : full).parent_path();
  for (int i = 0; i < max_folders_up; ++i) {
    if (is_there(folder / named)) return folder;
    if (folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  return std::nullopt;
}

}  // namespace

const YamlDocument& ConfigFiles::read(const fs::path& path) {
  const auto known = documents_.find(path);
  if (known != documents_.end()) return known->second;
  auto text = texts_.find(path);
  if (text == texts_.end()) {
    text = texts_.emplace(path, read_file_bytes(path, max_yaml_bytes, "a configuration in YAML")).first;
  }
  paths_.push_back(path);
  return documents_.emplace(path, read_yaml(text->second, path.string())).first->second;
}

std::optional<fs::path> find_named_file(const fs::path& config, const std::string& named) {
  if (named.empty() || named.size() > max_path_bytes) return std::nullopt;
  const fs::path path(named);
  if (path.is_absolute()) return is_there(path) ? std::optional(path) : std::nullopt;
  const auto base = find_base(config, path);
  return base ? std::optional((*base / path).lexically_normal()) : std::nullopt;
}

std::string resolve_data_path(const fs::path& config, const std::string& named) {
  if (named.empty() || named.size() > max_path_bytes || fs::path(named).is_absolute()) return named;
  // Only whole folders before the first pattern can be looked for.
  const std::size_t pattern = named.find_first_of("[{");
  const std::size_t slash = pattern == named.npos ? named.npos : named.find_last_of('/', pattern);
  if (pattern != named.npos && slash == named.npos) return named;
  const auto base = find_base(config, named.substr(0, slash));
  return base ? (*base / named).lexically_normal().string() : named;
}

}  // namespace maskscope
