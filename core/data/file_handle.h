// An open file that several readers share: reads name their place, so that no position moves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace maskscope {

class FileHandle {
 public:
  // A file to read. Throws Error when it isn't there, can't be opened, or is a folder, device or pipe.
  explicit FileHandle(const std::string& path);
  // A nameless file in the folder for temporary files: gone with the last handle. Throws Error when there is none.
  static FileHandle temporary();
  ~FileHandle();
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;

  std::uint64_t size() const;  // bytes, now
  // Up to num_bytes from offset on; less only at the end of the file. -1: the disk failed, errno says how.
  std::ptrdiff_t read_at(std::uint64_t offset, void* to, std::size_t num_bytes) const;
  // Appends. False: errno says why.
  bool write(const void* from, std::size_t num_bytes);

 private:
  FileHandle() = default;
  int descriptor_ = -1;
};

}  // namespace maskscope
