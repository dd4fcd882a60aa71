// The recorded outputs of the reference.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace maskscope::test {

// Value of an environment variable, or the default when it is unset or empty.
std::string environment_or(const char* name, const std::string& otherwise);

// Content of a file, or of the same with .gz behind its name, unpacked; nullopt when there is neither.
std::optional<std::string> read_maybe_gzipped(const std::string& path);

// MASKSCOPE_GOLDEN_DIR (default: tests/golden of the source tree).
std::string golden_folder();

// A file of golden_folder(), as X or X.gz. Throws std::runtime_error
// when it is not there.
std::string read_golden(std::string_view name);

}  // namespace maskscope::test
