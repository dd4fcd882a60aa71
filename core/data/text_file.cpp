#include "core/data/text_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "core/data/utf8.h"
#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

std::string too_long(std::string_view where, std::uintmax_t found, std::size_t limit) {
  return cat(where, ": ", found, " bytes long, at most ", limit, " bytes are read. Open a shorter one, or a part of it.");
}

}  // namespace

void require_text_size(std::size_t num_bytes, std::string_view where) {
  if (num_bytes > max_text_bytes) throw Error(too_long(where, num_bytes, max_text_bytes));
}

void require_regular_file(const fs::path& path, std::string_view what) {
  const std::string name = path.string();
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (status.type() == fs::file_type::not_found) {
    throw Error(cat(name, ": there is no such file. Check the name; ", what, " was expected."));
  }
  if (code) {
    throw Error(cat(name, ": can't be looked at (", code.message(), "). Check the permissions of the file and its folders."));
  }
  if (status.type() == fs::file_type::directory) {
    throw Error(cat(name, ": this is a folder, ", what, " was expected. Name a file in it."));
  }
  if (status.type() != fs::file_type::regular) {
    throw Error(cat(name, ": this is a device, pipe or socket, ", what, " was expected. Save its content to a file first."));
  }
}

std::string read_file_bytes(const fs::path& path, std::size_t max_bytes, std::string_view what) {
  require_regular_file(path, what);
  const std::string name = path.string();
  std::error_code code;
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error(cat(name, ": can't be opened (", std::strerror(errno), "). Check the permissions of the file."));
  }
  const std::uintmax_t size = fs::file_size(path, code);
  if (!code && size > max_bytes) throw Error(too_long(name, size, max_bytes));

  // The stated size is only a hint: a file may grow while it is read, and files of /proc state 0.
  std::string bytes;
  constexpr std::size_t block_bytes = 1 << 16;
  while (file && bytes.size() <= max_bytes) {
    const std::size_t start = bytes.size();
    bytes.resize(start + block_bytes);
    file.read(bytes.data() + start, block_bytes);
    bytes.resize(start + static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) throw Error(cat(name, ": reading failed after ", bytes.size(), " bytes. Check the disk, or copy the file again."));
  if (bytes.size() > max_bytes) throw Error(too_long(name, bytes.size(), max_bytes));
  return bytes;
}

std::string read_text_file(const fs::path& path, std::size_t max_bytes) {
  std::string text = read_file_bytes(path, max_bytes, "a text file");
  validate_utf8(text, path.string());
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace maskscope
