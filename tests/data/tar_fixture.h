// Tars and folders made for a test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace maskscope::test {

// A new folder for temporary files, gone with all in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  // Writes a file below, folders included. Its full path.
  std::string write(const std::string& name, const std::string& content) const;

 private:
  std::string path_;
};

// Header (ustar, 512 bytes) of a member; type as in tar: '0' file, '1' and '2' links, '5' folder, '3' device.
std::string tar_header(const std::string& name, std::uint64_t size, char type = '0');
// Header, content and padding.
std::string tar_member(const std::string& name, const std::string& content, char type = '0');
// Two blocks of zeros.
std::string tar_end();
// Files "name" with their own names as content, and the end.
std::string tar_of(const std::vector<std::string>& names);
std::string gzipped(const std::string& bytes);

}  // namespace maskscope::test
