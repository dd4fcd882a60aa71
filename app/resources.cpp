#include "app/resources.h"

#include <cstdlib>
#include <fstream>
#include <system_error>

#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;

std::vector<fs::path> resource_roots() {
  std::vector<fs::path> roots;
  if (const char* given = std::getenv("MASKSCOPE_RESOURCES"); given != nullptr && *given != '\0') roots.emplace_back(given);
  std::error_code failed;
  const fs::path executable = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) roots.push_back((executable.parent_path() / ".." / "share" / "maskscope").lexically_normal());
#ifdef MASKSCOPE_SOURCE_ROOT
  roots.emplace_back(MASKSCOPE_SOURCE_ROOT);
#endif
  return roots;
}

fs::path resource_path(std::string_view relative) {
  std::string searched;
  for (const fs::path& root : resource_roots()) {
    const fs::path candidate = root / relative;
    std::error_code failed;
    if (fs::exists(candidate, failed)) return candidate;
    searched += (searched.empty() ? "" : ", ") + root.string();
  }
  throw Error(cat("The program's own file ", relative, " was not found; searched: ", searched,
                  ". Install maskscope again, or set MASKSCOPE_RESOURCES to the folder that holds shaders/ and assets/."));
}

std::string read_resource(std::string_view relative, std::size_t max_bytes) {
  const fs::path path = resource_path(relative);
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed) throw Error(cat(path.string(), ": ", failed.message(), ". Install maskscope again."));
  if (size > max_bytes)
    throw Error(cat(path.string(), ": ", size, " bytes found, at most ", max_bytes, " expected. Install maskscope again."));
  std::ifstream file(path, std::ios::binary);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  if (!file || !file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
    throw Error(cat(path.string(), ": the file can't be read. Check its permissions."));
  return bytes;
}

}  // namespace maskscope
