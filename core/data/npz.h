// NumPy's .npz: a zip of .npy members, stored or deflated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/npy.h"

namespace maskscope {

struct NpzMember {
  std::string name;  // without ".npy"; may hold slashes: "caption/tensor"
  NpyArray array;
};

struct NpzLimits {
  std::size_t max_members = 10'000;
  std::size_t max_bytes = std::size_t{1} << 30;  // unpacked, all members together
};

// Members in the order of the file. Throws Error naming source_name and the member: what ZipReader and parse_npy refuse, a
// member whose name does not end in ".npy".
std::vector<NpzMember> parse_npz(std::span<const std::uint8_t> file, std::string_view source_name, const NpzLimits& limits = {});
std::vector<NpzMember> read_npz(const std::filesystem::path& path, const NpzLimits& limits = {});

// Without unpacking anything, and with the ends that the file has: "caption/tensor.npy".
std::vector<std::string> npz_member_names(const std::filesystem::path& path, const NpzLimits& limits = {});

// Deflated, names unique. The bytes depend on the members alone (no time of day in them).
std::vector<std::uint8_t> to_npz(const std::vector<NpzMember>& members);
// Appears complete or not at all. Throws Error when it can't be written.
void write_npz(const std::filesystem::path& path, const std::vector<NpzMember>& members);

}  // namespace maskscope
