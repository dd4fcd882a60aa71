// .npy files written by hand, header and data as given: right or wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace maskscope::test {

using Bytes = std::vector<std::uint8_t>;

// Version 1 or 2, the header as it stands.
inline Bytes npy_file(const std::string& header, const Bytes& data, int version = 1) {
  Bytes file{0x93, 'N', 'U', 'M', 'P', 'Y', static_cast<std::uint8_t>(version), 0};
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) file.push_back(static_cast<std::uint8_t>(header.size() >> (8 * i)));
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

inline std::string npy_dict(const std::string& descr, const std::string& shape, const std::string& fortran_order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran_order + ", 'shape': " + shape + ", }          \n";
}

inline Bytes npy_file(const std::string& descr, const std::string& shape, const Bytes& data, const std::string& fortran_order = "False") {
  return npy_file(npy_dict(descr, shape, fortran_order), data);
}

}  // namespace maskscope::test
