#include "tests/data/tar_fixture.h"

#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace maskscope::test {
namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "maskscope-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code code;
  fs::remove_all(path_, code);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& content) const {
  const fs::path path = fs::path(path_) / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

std::string tar_header(const std::string& name, std::uint64_t size, char type) {
  char header[512] = {};
  name.copy(header, 100);
  std::snprintf(header + 100, 8, "%07o", 0644);
  std::snprintf(header + 108, 8, "%07o", 0);
  std::snprintf(header + 116, 8, "%07o", 0);
  if (size < (std::uint64_t{1} << 33)) {
    std::snprintf(header + 124, 12, "%011llo", static_cast<unsigned long long>(size));
  } else {  // base 256
    header[124] = '\x80';
    for (int i = 0; i < 8; ++i) header[135 - i] = static_cast<char>(size >> (8 * i));
  }
  std::snprintf(header + 136, 12, "%011o", 0);
  header[156] = type;
  if (type == '1' || type == '2') std::strcpy(header + 157, "target");
  std::memcpy(header + 257, "ustar\00000", 8);
  std::memset(header + 148, ' ', 8);
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::snprintf(header + 148, 8, "%06o", sum);
  return {header, sizeof header};
}

std::string tar_member(const std::string& name, const std::string& content, char type) {
  return tar_header(name, content.size(), type) + content + std::string((512 - content.size() % 512) % 512, '\0');
}

std::string tar_end() { return std::string(1024, '\0'); }

std::string tar_of(const std::vector<std::string>& names) {
  std::string bytes;
  for (const std::string& name : names) bytes += tar_member(name, name);
  return bytes + tar_end();
}

std::string gzipped(const std::string& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("deflate failed");
  return out;
}

}  // namespace maskscope::test
