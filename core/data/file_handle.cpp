#include "core/data/file_handle.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/error.h"

namespace maskscope {

FileHandle::FileHandle(const std::string& path) {
  // Opening a pipe would wait for its other end: never block.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) {
    if (errno == ENOENT || errno == ENOTDIR) throw Error(cat(path, ": there is no such file. Check the name, and that all of the data was copied."));
    throw Error(cat(path, ": can't be opened (", std::strerror(errno), "). Check the permissions of the file and its folders."));
  }
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(std::exchange(descriptor_, -1));
    throw Error(cat(path, ": this is ", S_ISDIR(status.st_mode) ? "a folder" : "a device, pipe or socket", ", a file was expected."));
  }
}

FileHandle FileHandle::temporary() {
  const char* folder = std::getenv("TMPDIR");
  std::string name = cat(folder != nullptr && *folder != '\0' ? folder : "/tmp", "/maskscope-XXXXXX");
  FileHandle file;
  file.descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file.descriptor_ < 0) {
    throw Error(cat(name, ": no temporary file can be made there (", std::strerror(errno), "). Set TMPDIR to a folder with room."));
  }
  ::unlink(name.c_str());
  return file;
}

FileHandle::~FileHandle() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileHandle::FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::uint64_t FileHandle::size() const {
  struct stat status {};
  return ::fstat(descriptor_, &status) == 0 && status.st_size > 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::ptrdiff_t FileHandle::read_at(std::uint64_t offset, void* to, std::size_t num_bytes) const {
  std::size_t num_read = 0;
  while (num_read < num_bytes) {
    const ssize_t count = ::pread(descriptor_, static_cast<char*>(to) + num_read, num_bytes - num_read, static_cast<off_t>(offset + num_read));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    num_read += static_cast<std::size_t>(count);
  }
  return static_cast<std::ptrdiff_t>(num_read);
}

bool FileHandle::write(const void* from, std::size_t num_bytes) {
  std::size_t num_written = 0;
  while (num_written < num_bytes) {
    const ssize_t count = ::write(descriptor_, static_cast<const char*>(from) + num_written, num_bytes - num_written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    num_written += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace maskscope
