// The files of a sample by what they hold, each read up to a limit and unpacked where its name ends in .gz.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/npz.h"
#include "core/data/python_json.h"

namespace maskscope {

// Bytes, packed or not. Far above what one sample holds.
inline constexpr std::size_t max_sample_text_bytes = std::size_t{16} << 20;   // .txt, .json
inline constexpr std::size_t max_sample_array_bytes = std::size_t{64} << 20;  // .npy, .npz
inline constexpr std::size_t max_sample_image_bytes = std::size_t{128} << 20;

bool is_text_file(const FileRef& file);  // .txt, .txt.gz

// All throw Error beginning with the file's name, or ContentError: another extension than expected, too long, damaged.
// Text and JSON of folders are opened as text files: line ends become "\n" (folders only).
std::string read_sample_text(const Dataset& dataset, const FileRef& file);
PythonJson read_sample_json(const Dataset& dataset, const FileRef& file, Findings& findings);
NpyArray read_sample_npy(const Dataset& dataset, const FileRef& file);
std::vector<NpzMember> read_sample_npz(const Dataset& dataset, const FileRef& file);
std::vector<std::uint8_t> read_sample_image(const Dataset& dataset, const FileRef& file);

}  // namespace maskscope
