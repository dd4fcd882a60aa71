#include "core/data/gunzip.h"

#include <zlib.h>

#include <algorithm>
#include <new>

#include "core/error.h"

namespace maskscope {
namespace {

constexpr int gzip_only = 16 + MAX_WBITS;  // zlib: 16 asks for a gzip header and checks CRC and length behind the data

// zlib counts a member's input in 32 bits; larger data is handed over in pieces.
constexpr std::size_t max_piece_bytes = std::size_t{1} << 30;

struct Inflater {
  z_stream stream{};
  Inflater() {
    if (inflateInit2(&stream, gzip_only) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

// Of one member: takes its bytes off the front of rest, appends its content to out.
void inflate_member(Inflater& inflater, std::span<const std::uint8_t>& rest, std::string_view source_name,
                    std::size_t max_bytes, std::vector<std::uint8_t>& out) {
  inflateReset2(&inflater.stream, gzip_only);
  std::uint8_t block[1 << 15];
  for (;;) {
    const std::size_t num_offered = std::min(rest.size(), max_piece_bytes);
    inflater.stream.next_in = const_cast<Bytef*>(rest.data());  // zlib doesn't write to it
    inflater.stream.avail_in = static_cast<uInt>(num_offered);
    inflater.stream.next_out = block;
    inflater.stream.avail_out = sizeof block;
    const int result = inflate(&inflater.stream, Z_NO_FLUSH);
    rest = rest.subspan(num_offered - inflater.stream.avail_in);
    const std::size_t num_made = sizeof block - inflater.stream.avail_out;
    if (num_made > max_bytes - out.size()) {
      throw Error(cat(source_name, ": unpacks to more than ", max_bytes,
                      " bytes, the most that is read of one file. If it isn't meant to be that large, write it again."));
    }
    out.insert(out.end(), block, block + num_made);
    if (result == Z_STREAM_END) return;
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    // Neither input nor output moved although there was room for output: the input is at its end.
    if (result == Z_BUF_ERROR || (result == Z_OK && rest.empty() && num_made == 0)) {
      throw Error(cat(source_name, ": the gzip data ends early, after ", out.size(), " unpacked bytes. Copy or write the file again."));
    }
    if (result != Z_OK) {
      throw Error(cat(source_name, ": the gzip data is damaged behind ", out.size(), " unpacked bytes (",
                      inflater.stream.msg != nullptr ? inflater.stream.msg : "unknown error", "). Copy or write the file again."));
    }
  }
}

bool starts_like_gzip(std::span<const std::uint8_t> bytes) { return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b; }

}  // namespace

std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, std::string_view source_name, std::size_t max_bytes) {
  std::vector<std::uint8_t> out;
  if (bytes.empty()) return out;
  Inflater inflater;
  std::span<const std::uint8_t> rest = bytes;
  do {
    if (!starts_like_gzip(rest)) {
      const std::size_t position = bytes.size() - rest.size();
      throw Error(position == 0 ? cat(source_name, ": is no gzip data, which the ending .gz says it is. Compress it, or take .gz off its name.")
                                : cat(source_name, ": at byte ", position, " something else follows the gzip data. Copy or write the file again."));
    }
    inflate_member(inflater, rest, source_name, max_bytes, out);
    const auto next = std::find_if(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte != 0; });
    rest = rest.subspan(static_cast<std::size_t>(next - rest.begin()));
  } while (!rest.empty());
  return out;
}

}  // namespace maskscope
