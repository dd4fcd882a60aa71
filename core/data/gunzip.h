// Unpacks what lies in a .gz file, never to more than was asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace maskscope {

// Content of all gzip members in a row, as Python's gzip.decompress: zero bytes between and behind members are skipped,
// no bytes give no bytes. max_bytes: of the result; memory beyond it is never taken, whatever the data claims.
// Throws Error, beginning with source_name ("shard-00000.tar: 0001.json.gz"), when the data is no gzip, damaged, ends early,
// is followed by something else, or unpacks to more than max_bytes.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, std::string_view source_name, std::size_t max_bytes);

}  // namespace maskscope
