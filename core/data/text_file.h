// Reading the files that hold text: captions, tokenizers, sessions.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace maskscope {

// Longest text that is tokenized and shown. The longest text slot of 4M holds 512 tokens; this is far beyond it.
inline constexpr std::size_t max_text_bytes = std::size_t{1} << 20;

// Throws Error naming the path: missing, a folder, a device or pipe, not to be looked at. what: "a text file".
void require_regular_file(const std::filesystem::path& path, std::string_view what);

// All bytes of a regular file, unchanged. what names the kind of file in messages, e.g. "a text file".
// Throws Error naming the path: missing, a folder, a device or pipe, not readable, longer than max_bytes.
std::string read_file_bytes(const std::filesystem::path& path, std::size_t max_bytes, std::string_view what);

// The text of a file: at most max_bytes, valid UTF-8, without byte order mark and without line ends at its end.
// Other control characters stay (U+0000 too): the tokenizer says what becomes of them.
// Throws Error as read_file_bytes, and for invalid UTF-8 naming the byte offset in the file.
std::string read_text_file(const std::filesystem::path& path, std::size_t max_bytes = max_text_bytes);

// Throws Error naming where and both sizes when text is longer than max_text_bytes.
void require_text_size(std::size_t num_bytes, std::string_view where);

}  // namespace maskscope
