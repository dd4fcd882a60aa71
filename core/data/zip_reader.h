// The members of a zip archive, one after another (libarchive). Untrusted: names and sizes are checked before anything is unpacked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace maskscope {

// Stored or deflated members, zip64 too, as the directory at the archive's end lists them; folders are passed over. Every
// function throws Error naming the archive and the member.
class ZipReader {
 public:
  explicit ZipReader(const std::filesystem::path& path);
  ZipReader(std::span<const std::uint8_t> file, std::string_view source_name);  // file must outlive the reader
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  // Moves to the next member; false behind the last. Refused: more than max_members, two of the same name, absolute names and
  // those with "..", names that are no UTF-8, links, encrypted members.
  bool next(std::size_t max_members);

  const std::string& name() const;  // "caption/tensor.npy"
  std::uint64_t size() const;       // bytes when unpacked, as the archive states it

  // At most the next max_bytes of the member.
  std::vector<std::uint8_t> read_beginning(std::size_t max_bytes);
  // The rest of it, its checksum compared; refused when that is more than max_bytes, whatever size() says.
  std::vector<std::uint8_t> read(std::size_t max_bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace maskscope
