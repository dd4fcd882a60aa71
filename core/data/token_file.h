// The token ids of one sample in a JSON file, as a data loader holds them before masking.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "core/sample.h"

namespace maskscope {

// By name of the modality. One that the file does not name is absent from the sample.
using NamedTokens = std::map<std::string, ModalityTokens>;

// {"caption": [7592, 2088], "metadata": [[11, 12], [13]], "t5_caption": {"rows": 20}, "tok_rgb@224": []}
//   a list of ids            a text before [EOS], a pre-tokenized sequence, or all cells of a grid; [] for a grid: unknown ids
//   a list of lists of ids   a text in chunks, each masked whole
//   {"rows": n}              n embedding vectors
// At most 64 MiB and 4 million values. Throws Error naming file, modality, what was found and what was expected.
NamedTokens read_token_file(const std::filesystem::path& path);
NamedTokens parse_token_file(std::string_view json, std::string_view source_name);

}  // namespace maskscope
