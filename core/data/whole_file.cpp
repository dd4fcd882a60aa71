#include "core/data/whole_file.h"

#include <unistd.h>

#include <fstream>
#include <system_error>

#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

bool write_all(const fs::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  return static_cast<bool>(out);
}

}  // namespace

void write_whole_file(const fs::path& path, std::string_view bytes, std::string_view what) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    if (!write_all(path, bytes)) {
      throw Error(cat(path.string(), ": ", what, " could not be written. Check that it has room and takes what is written."));
    }
    return;
  }
  // With the process in its name: two that write the same file, the settings say, don't write into each other.
  const fs::path temporary = cat(path.string(), '.', ::getpid(), ".part");
  bool is_written = write_all(temporary, bytes);
  if (is_written) {
    fs::rename(temporary, path, failure);
    is_written = !failure;
  }
  if (!is_written) {
    fs::remove(temporary, failure);
    throw Error(cat(path.string(), ": ", what, " could not be written. Check that the folder exists, is writable and has room."));
  }
}

}  // namespace maskscope
