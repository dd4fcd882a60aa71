// Zip archives written by hand, right or wrong.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/data/npy_fixtures.h"

namespace maskscope::test {

struct ZipMember {
  std::string name;
  Bytes content;
  int method = 0;  // 0 stored, 8 deflated
  // As numpy.savez: sizes of 0xffffffff in front of the data, and the true ones in a zip64 field.
  bool is_zip64 = false;
  int flags = 0;              // 1: encrypted
  std::uint32_t mode = 0100644;
  std::uint32_t crc_change = 0;   // xored onto the checksum
  std::uint64_t stated_size = ~std::uint64_t{0};  // unpacked; ~0: the true one
};

inline void put(Bytes& out, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

inline Bytes deflated(const Bytes& content) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
  Bytes out(deflateBound(&stream, content.size()));
  stream.next_in = const_cast<Bytef*>(content.data());
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// has_directory: false leaves out the directory and its end, as a copy that was interrupted.
inline Bytes zip_file(const std::vector<ZipMember>& members, bool has_directory = true) {
  Bytes file, directory;
  for (const ZipMember& member : members) {
    const Bytes packed = member.method == 8 ? deflated(member.content) : member.content;
    const auto crc = static_cast<std::uint32_t>(::crc32(0, member.content.data(), static_cast<uInt>(member.content.size()))) ^ member.crc_change;
    const std::uint64_t size = member.stated_size == ~std::uint64_t{0} ? member.content.size() : member.stated_size;
    const auto common = [&](Bytes& out, bool has_small_sizes) {
      put(out, static_cast<std::uint64_t>(member.flags), 2);
      put(out, static_cast<std::uint64_t>(member.method), 2);
      put(out, 0x00210000, 4);  // 1980-01-01
      put(out, crc, 4);
      put(out, has_small_sizes ? packed.size() : 0xffffffff, 4);
      put(out, has_small_sizes ? size : 0xffffffff, 4);
      put(out, member.name.size(), 2);
    };
    const std::uint64_t offset = file.size();
    put(file, 0x04034b50, 4);
    put(file, member.is_zip64 ? 45 : 20, 2);
    common(file, !member.is_zip64);
    put(file, member.is_zip64 ? 20 : 0, 2);
    file.insert(file.end(), member.name.begin(), member.name.end());
    if (member.is_zip64) {
      put(file, 1, 2);
      put(file, 16, 2);
      put(file, size, 8);
      put(file, packed.size(), 8);
    }
    file.insert(file.end(), packed.begin(), packed.end());

    put(directory, 0x02014b50, 4);
    put(directory, 3 << 8 | 20, 2);  // made on Unix
    put(directory, member.is_zip64 ? 45 : 20, 2);
    common(directory, true);
    put(directory, 0, 8);  // no extra field, comment, disk, internal attributes
    put(directory, std::uint64_t{member.mode} << 16, 4);
    put(directory, offset, 4);
    directory.insert(directory.end(), member.name.begin(), member.name.end());
  }
  if (!has_directory) return file;
  const std::uint64_t begin = file.size();
  file.insert(file.end(), directory.begin(), directory.end());
  put(file, 0x06054b50, 4);
  put(file, 0, 4);
  put(file, members.size(), 2);
  put(file, members.size(), 2);
  put(file, directory.size(), 4);
  put(file, begin, 4);
  put(file, 0, 2);
  return file;
}

}  // namespace maskscope::test
